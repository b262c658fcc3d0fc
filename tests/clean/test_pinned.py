"""Corrections, totals, the value in force: missing cells, rests of 0, ties, first and last days."""

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.clean import corrections, in_force
from helpers.clean.codebook import codebook
from helpers.clean.gazetteer import Gazetteer
from helpers.clean.totals import Total, fill


def entry(**change):
    return {
        "id": "one",
        "table": "t",
        "match": {"name": "A"},
        "action": "flag",
        "reason": "why",
        "source": "https://example.org",
        "expect": {"rows": 1},
    } | change


def frame():
    return pd.DataFrame(
        {
            "name": pd.array(["A", None, "B", "nan"], dtype="str"),
            "count": pd.array([5, None, 0, 7], dtype="Int64"),
            "share": [0.5, None, 0.0, 0.7],
        }
    )


@pytest.mark.parametrize(
    ("match", "row"),
    [
        ({"count": 0}, 2),
        ({"share": 0}, 2),
        ({"name": "nan"}, 3),
        ({"name": ""}, 1),  # an empty cell of a table is missing
        ({"count": 7, "name": "nan"}, 3),
        ({"count": 5.0}, 0),
        ({"share": 0.7}, 3),
    ],
)
def test_a_missing_cell_matches_nothing_but_the_empty_text(match, row):
    got, report = corrections.apply(frame(), "t", [entry(match=match)])
    assert got["flag"].tolist() == ["one" if place == row else "" for place in range(4)]
    assert report["rows"].tolist() == [1]


@pytest.mark.parametrize("match", [{"name": "None"}, {"name": "<NA>"}, {"count": 1}, {"share": 1}])
def test_what_is_missing_is_not_found_by_the_name_of_nothing(match):
    with pytest.raises(InputError, match="found 0"):
        corrections.apply(frame(), "t", [entry(match=match)])


@pytest.mark.parametrize(("column", "wanted"), [("count", 5), ("share", 0.5), ("name", "A")])
def test_a_figure_that_has_gone_is_not_what_an_entry_expects(column, wanted):
    table = frame().assign(group=["x", "y", "y", "y"])
    one = entry(match={"group": "x"}, expect={"rows": 1, "values": {column: wanted}})
    assert corrections.apply(table, "t", [one])[1]["rows"].tolist() == [1]
    for row in (1, 2):  # missing, and another figure
        table.loc[0, column] = table.loc[row, column]
        with pytest.raises(InputError, match=f"entry 'one': expected {column} {wanted}"):
            corrections.apply(table, "t", [one])


def test_entries_act_on_as_many_rows_as_they_say_one_after_the_other():
    table = pd.DataFrame({"name": ["A", "A", "B", "C"], "value": [1.0, 1.0, 2.0, 3.0]})
    ledger = [
        entry(action="override", set={"value": 9}, expect={"rows": 2, "values": {"value": 1}}),
        entry(id="two", action="drop", match={"name": "B"}),
        entry(id="three", match={"value": 9}, expect={"rows": 2}, status="reported"),
        entry(id="four", match={"name": "C"}),
    ]
    got, report = corrections.apply(table, "t", ledger)
    assert got["value"].tolist() == [9, 9, 3] and got["flag"].tolist() == ["three"] * 2 + ["four"]
    assert report["rows"].tolist() == [2, 1, 2, 1]
    assert report["change"].tolist() == ["value = 9", "", "", ""]
    assert report["status"].tolist() == ["open", "open", "reported", "open"]
    with pytest.raises(InputError, match="expected 1 rows in t with name=A, found 2"):
        corrections.apply(table, "t", [entry()])


def total(start, length, value):
    return Total(start, length, value, "2024-01", "")


@pytest.mark.parametrize(("stated", "rest"), [(110, [0]), (111, [1]), (109, [])])
def test_a_rest_of_none_is_a_figure_and_a_rest_below_is_none(stated, rest):
    known = {unit: 10 for unit in range(12) if unit != 7}
    assert [value for _, value, _ in fill(known, [total(0, 12, stated)])] == rest


def test_what_is_filled_names_its_unit_and_total_and_leaves_what_was_known():
    known = {0: 4.0, 3: 5.0, 6: 6.0}
    year = total(0, 12, 21)
    assert fill(known, [year], step=3) == [(9, 6.0, year)] and known == {0: 4.0, 3: 5.0, 6: 6.0}
    assert fill(known, [total(9, 3, 6)], step=3) == []  # a unit's own total is no rest
    assert fill(known, [year, total(0, 12, 22)], step=3) == []
    assert fill(known, [year, total(0, 12, 21)], step=3) == [(9, 6.0, year)]
    assert fill(known, [year], step=3, hedged={6}) == []
    assert fill(known, [year], step=3, hedged={12}) == [(9, 6.0, year)]


def test_a_total_that_cannot_be_takes_nothing_from_the_units_of_others():
    known = dict.fromkeys((0, 1, 3, 4, 6), 10)
    below, sound = total(0, 3, 15), total(3, 3, 30)
    assert fill(known, [below, sound]) == [(5, 10, sound)]
    # What the narrow total gives is used by the wide one.
    assert [unit for unit, _, _ in fill(known, [sound, total(3, 5, 50)])] == [5, 7]


def test_totals_of_one_width_fill_from_the_earliest_on_whatever_their_order():
    known = dict.fromkeys((0, 1, 3, 4), 10)
    found = fill(known, [total(3, 3, 32), total(0, 3, 31)])
    assert [(unit, rest) for unit, rest, _ in found] == [(2, 11), (5, 12)]


def test_a_total_of_two_units_gives_one_and_never_both():
    two = total(0, 2, 15)
    assert fill({0: 10}, [two]) == [(1, 5, two)] and fill({4: 10}, [two]) == []
    assert fill({0: 10, 1: 5}, [two]) == []


def test_the_narrower_total_goes_first_and_the_first_of_equal_ones_is_named():
    known = dict.fromkeys((0, 1, 3, 4, 5), 10)
    wide, narrow = total(0, 6, 99), total(0, 3, 31)
    again = narrow._replace(url="https://example.org/again")
    assert fill(known, [wide, narrow, again]) == [(2, 11, narrow)]


def figures(*rows, **change):
    table = pd.DataFrame(
        [
            (*row, *("exact", f"https://example.org/{n}")[len(row) - 3 :])
            for n, row in enumerate(rows)
        ],
        columns=["period", "value", "vintage", "precision", "url"],
    )
    return table.assign(
        source="A", scope="combined", series="s", region="X", metric="killed", **change
    )


def test_a_month_without_deaths_is_filled_from_its_total():
    rows = [(f"2023-0{month}", 20.0, f"2023-0{month + 1}") for month in (1, 2)]
    for stated, filled in ((40.0, [0.0]), (39.0, [])):
        got = in_force.monthly(figures(*rows, ("2023-Q1", stated, "2023-04")))
        assert got.loc[got["derived"], "value"].tolist() == filled


@pytest.mark.parametrize(
    ("vintage", "day"),
    [
        ("2024", "2024-07-01"),
        ("2024-05", "2024-05-15"),
        ("2024-05-03", "2024-05-03"),
        ("undated", ""),
    ],
)
def test_a_vintage_counts_for_a_day(vintage, day):
    assert in_force.day_of(vintage) == day


def test_which_of_two_texts_is_in_force():
    def kept(*rows):
        return in_force.select(figures(*rows))["value"].item()

    # A year counts as its July, and an undated text as before all others.
    assert kept(("2019", 5.0, "2021"), ("2019", 6.0, "2021-06")) == 5
    assert kept(("2019", 5.0, "2021"), ("2019", 6.0, "2021-08")) == 6
    assert kept(("2019", 5.0, "undated"), ("2019", 6.0, "1999")) == 6
    # Within a month the day decides, and a month without a day counts as its fifteenth.
    assert kept(("2019", 5.0, "2021-03"), ("2019", 6.0, "2021-03-14")) == 5
    assert kept(("2019", 5.0, "2021-03"), ("2019", 6.0, "2021-03-16")) == 6


@pytest.mark.parametrize(
    ("printed", "filled"), [("2023-03-31", True), ("2023-02", False), ("undated", True)]
)
def test_a_total_of_its_own_last_month_will_do_where_no_later_one_is(printed, filled):
    rows = [("2023-01", 20.0, "2023-02"), ("2023-02", 21.0, "2023-03")]
    got = in_force.monthly(figures(*rows, ("2023-Q1", 50.0, printed)))
    assert got["derived"].any() == filled
    later = in_force.monthly(
        figures(*rows, ("2023-Q1", 50.0, printed), ("2023-Q1", 52.0, "2023-04"))
    )
    assert later.loc[later["derived"], "value"].tolist() == [11]


def test_a_sum_needs_all_its_parts_exact_and_unflagged():
    rows = [(f"2023-0{month}", float(month), f"2023-0{month + 1}") for month in (1, 2, 3)]
    got = in_force.quarterly(figures(*rows))
    assert got[["value", "derived", "n_values", "vintage"]].to_numpy().tolist() == [
        [6.0, True, 0, "2023-04"]
    ]
    assert in_force.quarterly(figures(*rows[:2])).empty
    assert in_force.quarterly(figures(*rows, flag=["", "doubt", ""])).empty
    about = figures(*rows[:2], (*rows[2], "about"))
    assert in_force.quarterly(about).empty and len(in_force.monthly(about)) == 3
    stated = in_force.quarterly(figures(*rows, ("2023-Q1", 8.0, "2023-04")))
    assert stated[["value", "derived"]].to_numpy().tolist() == [[8.0, False]]


def test_a_place_holds_from_its_first_day_up_to_the_day_before_its_last():
    rows = [
        ("province", "Old", None, "old", None, "2018-05-31", "New"),
        ("province", "New", None, "old", "2018-05-31", None, None),
        ("province", "Newest", None, "new", None, None, None),
    ]
    columns = ["level", "name", "province", "spelling", "valid_from", "valid_to", "successor"]
    places = Gazetteer(pd.DataFrame(rows, columns=columns))
    dates = pd.Series(["1801-01-01", "2018-05-30", "2018-05-31", "2100-01-01"])
    found = places.canonical(pd.Series(["old"] * 4), "province", dates)
    assert found.tolist() == ["Old", "Old", "New", "New"]
    assert places.canonical(pd.Series(["old"], index=[7]), "province").to_dict() == {7: "New"}
    assert places.today(pd.Series(["Old", "New"]), "province").tolist() == ["New", "New"]


def test_a_codebook_says_how_much_of_a_column_is_filled_and_prefers_the_tables_own_meaning():
    table = pd.DataFrame({"n": [1.5, None], "who": ["a", "b"], "yes": [True, False]})
    meanings = {"n": "any", "t.n": "its own", "who": "name", "yes": "flag"}
    found = codebook({"t": table}, meanings)
    assert found["filled_pct"].tolist() == [50, 100, 100]
    assert found["type"].tolist() == ["number", "text", "yes or no"]
    assert found["meaning"].tolist() == ["its own", "name", "flag"]
