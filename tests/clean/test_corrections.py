"""The ledger of corrections: what it does, and how it stops when a figure has changed."""

import pandas as pd
import pytest
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.clean import corrections
from helpers.raw import contract


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": ["A", "A", "B", None],
            "value": [585.0, 558.0, 7.0, None],
            "precision": ["exact"] * 4,
        }
    )


def entry(**change) -> dict:
    return {
        "id": "one",
        "table": "t",
        "match": {"source": "A", "value": 585},
        "action": "flag",
        "reason": "why",
        "source": "https://example.org",
        "expect": {"rows": 1},
    } | change


def test_a_flagged_row_stays_and_carries_the_id():
    got, report = corrections.apply(frame(), "t", [entry()])
    assert got["flag"].tolist() == ["one", "", "", ""] and len(got) == 4
    assert report[["id", "action", "rows", "status"]].values.tolist() == [
        ["one", "flag", 1, "open"]
    ]


def test_a_dropped_row_goes_and_the_input_is_untouched():
    before = frame()
    got, _ = corrections.apply(before, "t", [entry(action="drop")])
    assert got["value"].tolist()[:2] == [558, 7] and got.index.tolist() == [0, 1, 2]
    pd.testing.assert_frame_equal(before, frame())


def test_an_override_sets_one_column_of_the_matched_rows():
    got, report = corrections.apply(frame(), "t", [entry(action="override", set={"value": 558})])
    assert got["value"].tolist()[:3] == [558, 558, 7]
    assert report["change"].item() == "value = 558"


def test_entries_follow_one_another_and_other_tables_are_left_alone():
    ledger = [
        entry(action="override", set={"value": 600}),
        entry(id="two", match={"value": 600}),
        entry(id="three", table="published_figures", match={"nothing": 1}),
    ]
    got, report = corrections.apply(frame(), "t", ledger)
    assert got["flag"].iloc[0] == "two" and report["id"].tolist() == ["one", "two"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"match": {"source": "C"}},
            r"entry 'one': expected 1 rows in t with source=C, found 0; .*remove or rewrite",
        ),
        ({"match": {"source": "A"}}, r"expected 1 rows in t with source=A, found 2"),
        (
            {"match": {"source": "B"}, "expect": {"rows": 1, "values": {"value": 8}}},
            r"expected value 8 .*, found 7.0",
        ),
        ({"match": {"sorce": "A"}}, r"t has no column 'sorce'; did you mean 'source'\?"),
        (
            {"action": "override", "set": {"valu": 1}},
            r"t has no column 'valu'; did you mean 'value'\?",
        ),
    ],
)
def test_an_expectation_that_no_longer_holds_stops_the_run(change, said):
    with pytest.raises(InputError, match=said):
        corrections.apply(frame(), "t", [entry(**change)])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"action": "scale"}, "entry 'one', action"),
        ({"reazon": "x"}, "entry 'one', reazon"),
        ({"action": "override"}, "entry 'one': an override needs"),
        ({"set": {"value": 1}}, "entry 'one': an override needs"),
        ({"expect": {"row": 1}}, "entry 'one', expect.row"),
    ],
)
def test_a_wrong_entry_is_named(change, said):
    with pytest.raises(InputError, match=said):
        corrections.parse([entry(**change)])


def test_an_id_stands_once():
    with pytest.raises(InputError, match="the id 'one' stands there a second time"):
        corrections.parse([entry(), entry()])


def test_every_entry_of_the_project_finds_what_it_expects():
    ledger = yaml.safe_load((paths.RAW / "corrections.yml").read_text())
    contract.verify(paths.RAW / "corrections.yml")
    for name in {entry["table"] for entry in ledger}:
        _, report = corrections.apply(contract.load(paths.RAW / f"{name}.csv"), name, ledger)
        assert len(report) == sum(entry["table"] == name for entry in ledger)
    assert all(entry["source"].startswith("http") for entry in ledger)


def test_a_rebuilt_table_without_the_misprint_stops_the_run():
    table = contract.load(paths.RAW / "published_figures.csv")
    mended = table[~((table["source"] == "GTI") & (table["value"] == 585))]
    ledger = yaml.safe_load((paths.RAW / "corrections.yml").read_text())
    with pytest.raises(InputError, match=r"gti-ttp-2024-misprint.*found 0"):
        corrections.apply(mended, "published_figures", ledger)


@pytest.mark.parametrize("values", [[1, 2], [True, False]])
def test_a_word_that_is_matched_against_numbers_is_refused(values):
    table = pd.DataFrame({"count": values})
    with pytest.raises(InputError, match="entry 'one': column 'count' of .* holds numbers"):
        corrections.apply(table, "t", [entry(match={"count": "many"})])
