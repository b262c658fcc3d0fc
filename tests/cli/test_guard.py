"""No file with rows that may not be passed on gets into git, wherever and however it is named."""

import subprocess
import zipfile

import pandas as pd
import pytest
from conftest import sidecar

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli import guard
from helpers.raw.contract import verify_all
from helpers.raw.publishers import exports
from helpers.raw.put import put, stamp
from helpers.raw.sidecar import Column

WORD = Column(type="string", meaning="made up")
ROWS = [
    (f"QX{n}731", f"2021-05-{n:02d}", f"Village {n} of Harrow", str(n + 40)) for n in range(1, 9)
]
NAMES = ["id", "day", "place", "deaths"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository with one restricted table in data/own, which git ignores."""
    exports()  # from the project itself
    root = tmp_path / "project"
    for name, folder in (("ROOT", ""), ("OWN", "data/own"), ("RAW", "data/raw")):
        monkeypatch.setattr(paths, name, root / folder)
        (root / folder).mkdir(parents=True, exist_ok=True)
    columns = dict.fromkeys(NAMES, WORD) | {"day": Column(type="date", meaning="made up")}
    told = sidecar(columns).model_copy(update={"redistribution": "forbidden"})
    put(pd.DataFrame(ROWS, columns=NAMES), root / "data/own/own_events.csv", told)
    (root / ".gitignore").write_text("data/own/\n")
    (root / "README.md").write_text("Harrow has villages.\n")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "add", "-A"], check=True)
    return root


def add(root, name, text, *words):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)
    subprocess.run(["git", "-C", str(root), "add", *words, name], check=True)


def test_a_tree_without_rows_is_clean(project):
    assert guard.findings() == []
    tracked = subprocess.run(
        ["git", "-C", str(project), "ls-files"], capture_output=True, text=True, check=True
    )
    assert "own" not in tracked.stdout


TABLE = "data/own/own_events.csv"
ACLED = "event_id_cnty;event_date;disorder_type;sub_event_type;actor1;fatalities\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("data/own/own_events.csv", None, "stands in data/own"),
        ("notes/copy.bin", None, "is own_events.csv"),
        ("data/raw/ours.csv", ACLED, "has the columns of an event export of ACLED"),
        ("book/quote.md", f"On 3 May 2021 {ROWS[2][3]} died in {ROWS[2][2]}.", "line 4 of own_"),
        ("notebooks/a.ipynb", f'{{"cells": ["seen: {ROWS[5][0]}"]}}', "holds line 7 of own_"),
        ("part.csv", "day,place\n" + "\n".join(",".join(row[1:]) for row in ROWS[4:]), "line 6 of"),
    ],
)
def test_each_is_told_by_name(project, name, text, said):
    text = (project / TABLE).read_text() if text is None else text
    add(project, name, text, "-f")
    (found,) = guard.findings()
    assert found.startswith(name) and said in found
    assert guard.findings([project / name]) == [found]
    assert guard.findings([project / "README.md"]) == []


@pytest.mark.parametrize("at", range(len(exports())))
def test_an_export_is_told_by_its_names_whatever_it_is_packed_in(project, at):
    export = exports()[at]
    names = [name.upper() for name in export.columns]
    frame = pd.DataFrame([["x"] * len(names)], columns=names)
    with pd.ExcelWriter(project / "second.xlsx") as book:
        pd.DataFrame({"About": ["a note"]}).to_excel(book, sheet_name="Read me", index=False)
        frame.to_excel(book, sheet_name="Data", index=False)
    frame.to_csv(project / "wide.csv", index=False, encoding="utf-16")
    frame.to_csv(project / "barred.txt", index=False, sep="|", quoting=1)
    frame.to_json(project / "answer.json", orient="records")
    with zipfile.ZipFile(project / "packed.zip", "w") as packed:
        packed.write(project / "second.xlsx", "deep/a.xlsx")
    with zipfile.ZipFile(project / "text.zip", "w") as packed:
        packed.writestr("read me.pdf", b"%PDF")
        packed.write(project / "wide.csv", "a.CSV")
    for name in ("second.xlsx", "wide.csv", "barred.txt", "answer.json", "packed.zip", "text.zip"):
        (found,) = guard.findings([project / name])
        assert found.startswith(name) and export.name in found
    (project / "torn.zip").write_bytes((project / "text.zip").read_bytes()[:60])
    with pytest.raises(InputError, match=r"torn\.zip cannot be looked through: File is not a zip"):
        guard.findings([project / "torn.zip"])


def test_an_export_is_refused_under_a_licence_that_it_has_not(project):
    columns = dict.fromkeys(exports()[0].columns, WORD)
    table = project / "data/raw/mine.csv"
    frame = pd.DataFrame([["x"] * len(columns)], columns=list(columns))
    put(frame, table, sidecar(columns))
    with pytest.raises(InputError, match="mine.csv has the columns of an event export.*data/own"):
        verify_all(table.parent)
    with pytest.raises(InputError, match="mine.csv has the columns of an event export"):
        stamp(table)
    put(frame, table, sidecar(columns).model_copy(update={"redistribution": "forbidden"}))
    verify_all(table.parent)


def test_the_project_itself_holds_nothing_of_the_kind():
    assert guard.findings() == []
