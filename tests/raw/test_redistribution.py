"""What a sidecar says of redistribution is obeyed: no row leaves that may not."""

from typing import get_args

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import sidecar

from helpers.base.errors import InputError
from helpers.raw.datapackage import datapackage
from helpers.raw.put import put, stamp
from helpers.raw.sidecar import Column, Redistribution, publishable, sidecar_path

SECRET = "a-row-that-stays-here"
WORD = Column(type="string", meaning="made up")
TERMS = get_args(Redistribution)


def placed(folder, terms, name="names.csv"):
    told = sidecar({"name": WORD}).model_copy(update={"redistribution": terms})
    put(pd.DataFrame({"name": [SECRET]}), folder / name, told)
    return folder / name


@pytest.mark.parametrize("terms", TERMS)
def test_a_data_package_names_what_may_be_passed_on(tmp_path, terms):
    table = placed(tmp_path, terms)
    named = [one["path"] for one in datapackage([table])["resources"]]
    told = sidecar({}).model_copy(update={"redistribution": terms})
    assert named == (["names.csv"] if publishable(told) else [])


@pytest.mark.parametrize(
    "said", ["", "no", "not allowed", "unknown", "Allowed", "forbidden?", "public", "allowed by X"]
)
def test_other_words_than_those_of_the_list_are_refused(tmp_path, said):
    table = placed(tmp_path, "allowed")
    path = sidecar_path(table)
    text = path.read_text()
    path.write_text(text.replace("redistribution: allowed", f"redistribution: '{said}'"))
    with pytest.raises(InputError, match="redistribution.*'facts only'"):
        stamp(table)


def test_the_book_holds_no_row_that_may_not_be_passed_on(built):
    raw = built.root / "data" / "raw"
    for number, terms in enumerate(TERMS):
        placed(raw, terms, f"names_{number}.csv")
    run = built.report()
    assert run.returncode == 0, run.stderr
    html = built.root / "book" / "_build" / "html"
    files = [path for path in html.rglob("*") if path.is_file()]
    holding = {path.name for path in files if SECRET.encode() in path.read_bytes()}
    assert holding == {name for at in range(3) for name in (f"names_{at}.csv", f"names-{at}.html")}
    page = BeautifulSoup((html / "data.html").read_text(), "lxml").get_text(" ")
    for terms in TERMS[3:]:
        assert f"no rows: redistribution is {terms}" in page
