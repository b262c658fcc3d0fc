"""The ledger gives back the results of each release, and refuses what was damaged."""

import csv
import json

import pytest

from helpers.base.errors import InputError
from helpers.base.files import write_text
from helpers.base.reading import read_json
from helpers.raw.revisions import Revisions
from helpers.run import ledger
from helpers.run.baseline import BASELINE

FIELDS = {"releases": ledger.RELEASES, "results": ledger.RESULTS, "tables": ledger.TABLES}


def one(value, **more):
    return {"value": value, "low": None, "high": None, "n": None, "unit": "", "source": "s"} | more


FIRST = {"a.b": one(1.5, low=1.2, high=1.9, n=7), "a.c": one("2021-08"), "a.d": one(10**7)}
SECOND = {"a.b": one(1.5000001, low=1.2, high=1.9, n=7), "a.c": one("2021, 09"), "a.e": one(-3.0)}


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(ledger, "FOLDER", tmp_path)
    return tmp_path


def enter(version, results, became=None):
    new = ledger.Release(version, "2026-01-02", "")
    texts = ledger.entered(new, results, {"t.csv": (3, "1f")}, became or {})
    before = {path: path.read_text() if path.exists() else "" for path in texts}
    for path, text in texts.items():
        assert text.startswith(before[path])
        write_text(path, text)


def test_each_release_gives_back_its_results(folder):
    enter("0.1.0", FIRST)
    enter("0.2.0", SECOND, {"t.csv": Revisions(added=("x",))})
    assert ledger.results("0.1.0") == FIRST
    # A float that moved by less than one part in a million is the one before.
    assert ledger.results("0.2.0") == SECOND | {"a.b": FIRST["a.b"]}
    assert ledger.tables("0.1.0")["t.csv"].told is None
    assert ledger.tables("0.2.0")["t.csv"].told == (1, 0, 0)
    with pytest.raises(InputError, match=r"no release '0\.3\.0'; did you mean"):
        ledger.results("0.3.0")
    with pytest.raises(InputError, match=r"has release 0\.2\.0 already"):
        enter("0.2.0", SECOND)


@pytest.mark.parametrize("text", ["a,b\n", "version,date,note\n0.1.0,2026-01-02\n"])
def test_a_damaged_ledger_is_one_sentence(folder, text):
    (folder / "releases.csv").write_text(text)
    with pytest.raises(InputError, match=r"releases\.csv.*restore"):
        ledger.releases()


def test_the_schema_describes_the_tables():
    schema = json.loads((ledger.FOLDER / "datapackage.json").read_text())
    for resource in schema["resources"]:
        named = [field["name"] for field in resource["schema"]["fields"]]
        assert tuple(named) == FIELDS[resource["name"]]
        with (ledger.FOLDER / resource["path"]).open(newline="") as file:
            rows = list(csv.DictReader(file))
        keys = resource["schema"]["primaryKey"]
        keys = [keys] if isinstance(keys, str) else keys
        assert len({tuple(row[name] for name in keys) for row in rows}) == len(rows) > 0


def test_the_last_release_can_be_compared_with_the_baseline():
    results = ledger.results(ledger.releases()[-1].version)
    known = read_json(BASELINE)
    assert len(results.keys() & known.keys()) > 0.5 * len(known)
