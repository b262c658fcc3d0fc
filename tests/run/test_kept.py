"""Kept tables: the same code keeps its file, and what does not agree is made anew or refused."""

import shutil
from functools import partial

import numpy as np
import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.run import fingerprint
from helpers.run.kept import code_key, keep, kept, read

CALLS: list[tuple] = []


def squares(number, kinds=("a", "b", "c"), *, off=0.0):
    """A table that takes long; each kind has its own share, whichever others are asked for."""
    CALLS.append(kinds)
    rows = [("abc".index(kind) + number + off, kind, "said", 10, kind == "a") for kind in kinds]
    return pd.DataFrame(rows, columns=["share", "kind", "words", "series", "primary"])


def told(sample=("b",), **options):
    return kept("squares", squares, 1, sample={"kinds": sample}, by=["kind"], **options)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder of processed tables, and a key that stands for the code."""
    CALLS.clear()
    monkeypatch.setattr(paths, "PROCESSED", tmp_path)
    monkeypatch.setattr("helpers.run.kept.code_key", lambda module: "a" * 12)
    return tmp_path / "kept"


def files(folder):
    return sorted(file.name for file in folder.glob("*"))


def test_the_same_code_makes_a_table_once_and_later_a_sample_alone(folder):
    first = told()
    assert CALLS == [("a", "b", "c")] and len(files(folder)) == 1
    again = told()
    assert CALLS[1:] == [("b",)]
    pd.testing.assert_frame_equal(first, again)
    name = files(folder)[0]
    assert name.startswith("squares-aaaaaaaaaaaa-")
    # A clone of the same code reads the same file; a table made anew has the same name.
    shutil.rmtree(folder)
    told()
    assert files(folder) == [name]


def test_a_changed_byte_is_refused(folder):
    told()
    file = next(folder.glob("*"))
    file.write_text(file.read_text().replace("said", "sand"))
    with pytest.raises(InputError, match="has changed since it was made; remove it"):
        told()


def test_changed_code_makes_it_anew_and_drops_the_old_file(folder, monkeypatch):
    told()
    old = files(folder)
    monkeypatch.setattr("helpers.run.kept.code_key", lambda module: "b" * 12)
    told(off=1.0)
    assert CALLS == [("a", "b", "c")] * 2
    assert len(files(folder)) == 1 and files(folder) != old


def test_tables_whose_names_begin_alike_leave_each_other_alone(folder):
    told()
    keep("squares-of-tests", "c" * 12, squares(2))
    keep("squares", "d" * 12, squares(3))
    assert [name.rsplit("-", 2)[0] for name in files(folder)] == ["squares", "squares-of-tests"]
    assert any("dddddddddddd" in name for name in files(folder))


def test_a_table_that_a_run_cannot_make_is_read_with_whether_it_is_of_today(folder):
    keep("squares", "a" * 12, squares(1))
    for key, current in (("a", True), ("b", False)):
        found = read("squares", key * 12)
        assert found.current is current and found.table["share"].tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(InputError, match="no table 'cubes' is kept in .*kept; run make calibrate"):
        read("cubes", "a" * 12)
    file = next(folder.glob("*"))
    file.write_text(file.read_text().replace("said", "sand"))
    with pytest.raises(InputError, match="has changed since it was made"):
        read("squares", "b" * 12)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (lambda table: table.assign(share=table["share"] + 0.5), "share"),
        (lambda table: table.assign(words="other"), "words"),
        (lambda table: table.assign(share=np.where(table["kind"] == "b", np.nan, 1)), "share"),
        (lambda table: table.assign(words=table["words"].where(table["kind"] != "b")), "words"),
        (lambda table: table[table["kind"] != "b"], "primary"),
        (lambda table: table.assign(series=11), "series"),
    ],
)
def test_a_kept_table_that_the_sample_contradicts_is_refused(folder, change, column):
    keep("squares", "a" * 12, change(squares(1)))
    with pytest.raises(InputError, match=f"row b: {column} is kept as .* remove the file"):
        told()


def test_what_is_missing_in_the_sample_must_be_missing_in_the_table(folder):
    keep("squares", "a" * 12, squares(1))
    with pytest.raises(InputError, match="row a: share is kept as 1.0 and is nan"):
        kept("squares", squares, 1, sample={"off": np.nan}, by=["kind"])


def test_small_differences_between_machines_are_allowed(folder):
    keep("squares", "a" * 12, squares(1).assign(share=[1.0, 2.009, 3.0]))
    assert told()["share"].tolist() == [1.0, 2.009, 3.0]


@pytest.mark.parametrize(("number", "off", "allowed"), [(0, 0.0, 0.01), (99, 1.0, 1.0)])
def test_the_difference_allowed_is_a_share_of_large_numbers_and_fixed_for_small(
    folder, number, off, allowed
):
    """At 0 no share of a number allows anything; at 100 a hundredth of it does."""
    for moved, fits in ((0.99 * allowed, True), (1.01 * allowed, False)):
        table = squares(number, off=off)
        file = keep("squares", "a" * 12, table.assign(share=table["share"] + moved))
        call = partial(kept, "squares", squares, number, off=off, sample={}, by=["kind"])
        if fits:
            assert call()["share"].iloc[0] == pytest.approx(number + off + moved)
        else:
            with pytest.raises(InputError, match="row a: share is kept as"):
                call()
        file.unlink()


def test_a_sample_without_rows_checks_nothing_and_is_refused(folder):
    told()
    with pytest.raises(InputError, match="the sample makes no row"):
        told(sample=())


SOURCE = '''"""What a module says of itself."""

import math


class Shape:
    """A shape."""

    sides = 4  # a square


def area(side):
    """Return an area."""
    # It is a square.

    return math.pow(side, 2)
'''


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of two modules, one of which imports the other."""
    root = tmp_path / "helpers"
    root.mkdir()
    (root / "one.py").write_text("from helpers.two import area\n\nx = area(2)\n")
    (root / "two.py").write_text(SOURCE)
    monkeypatch.setattr(fingerprint, "PACKAGE", root)
    return root


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("What a module says", "What it tells"),
        lambda text: text.replace("Return an area.", "Return\n\n    the area."),
        lambda text: text.replace('    """A shape."""\n', ""),
        lambda text: text.replace("# It is a square.", "# Squared."),
        lambda text: text.replace("  # a square", ""),
        lambda text: text.replace("\n\n\n", "\n\n"),
        lambda text: text.replace("math.pow(side, 2)", "(math.pow(side,\n        2))"),
    ],
)
def test_words_and_spaces_keep_the_key(package, change):
    before = code_key("helpers.one")
    changed = change(SOURCE)
    assert changed != SOURCE
    (package / "two.py").write_text(changed)
    assert code_key("helpers.one") == before


@pytest.mark.parametrize(
    "change",
    [
        lambda table: table.assign(value=table["value"] + 1),
        lambda table: table.rename(columns={"value": "count"}),
        lambda table: table[::-1],
    ],
)
def test_data_that_a_table_depends_on_changes_the_key(package, change):
    table = pd.DataFrame({"source": ["P", "Q"], "value": [1, 2]})
    before = code_key("helpers.one", table)
    assert before == code_key("helpers.one", table.copy()) != code_key("helpers.one")
    assert code_key("helpers.one", change(table)) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("side, 2", "side, 3"),
        lambda text: text.replace("sides = 4", "sides = 5"),
        lambda text: text.replace("return", "yield"),
        lambda text: text + "y = 1\n",
    ],
)
def test_code_that_is_reached_changes_the_key(package, change):
    before = code_key("helpers.one")
    (package / "two.py").write_text(change(SOURCE))
    assert code_key("helpers.one") != before
    (package / "two.py").write_text(SOURCE)
    (package / "three.py").write_text("not_reached = 1\n")
    assert code_key("helpers.one") == before != code_key("helpers.two")
