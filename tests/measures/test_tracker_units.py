"""The figures of provinces: parts joined, the rest told, and no total beside all its parts."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.base.errors import InputError
from helpers.measures.tracker_units import published_units, released_units
from helpers.measures.trackers import by_year

WAYS = {"N": [["North"], ["Old", "New"]], "S": [["South"]], "elsewhere": []}
WINDOW = ("2024-01", "2024-12")
HOME = "Khyber Pakhtunkhwa"
OURS = {
    HOME: [
        [f"{HOME} (incl. ex-FATA)"],
        ["FATA (merged districts)", f"{HOME} (mainland)"],
        ["FATA (merged districts)", HOME],
    ],
    "Balochistan": [["Balochistan"]],
    "Sindh": [["Sindh"]],
    "Punjab": [["Punjab"]],
    "elsewhere": [],
}


def figures(*rows):
    """Figures from (region, first month, months, value) of one source."""
    table = pd.DataFrame(rows, columns=["region", "start", "n_months", "value"])
    about = {"source": "P", "scope": "militant_attacks", "series": "s", "metric": "attacks"}
    about |= {"precision": "exact", "flag": "", "vintage": "2025", "vintage_then": "2025"}
    table = table.assign(period=table["start"], url="", url_then="", **about)
    table = table.assign(period_start=pd.to_datetime(table.pop("start")))
    return table.assign(value_then=table["value"].astype(float))


def values(*rows):
    both = published_units(figures(*rows), "X", WAYS, ["attacks"], ["P"], WINDOW)
    return {(row.unit, len(row.months)): row.value for row in both.entered.itertuples()}


def test_a_unit_is_printed_whole_or_joined_from_its_parts():
    start = "2024-05-01"
    assert values(("Old", start, 1, 3), ("New", start, 1, 4)) == {("N", 1): 7}
    whole = values(("Old", start, 1, 3), ("New", start, 1, 4), ("North", start, 1, 8))
    assert whole == {("N", 1): 8}
    assert values(("Old", start, 1, 3), ("South", start, 1, 4)) == {("S", 1): 4}


def test_the_whole_country_enters_only_where_its_units_do_not_make_it_up():
    start = "2024-05-01"
    some = [("North", start, 1, 8), ("X", start, 1, 15)]
    assert values(*some) == {("N", 1): 8, ("", 1): 15}
    every = values(*some, ("South", start, 1, 5))
    assert every == {("N", 1): 8, ("S", 1): 5, ("elsewhere", 1): 2}
    too_many = values(*some, ("South", start, 1, 9))
    assert too_many == {("N", 1): 8, ("S", 1): 9, ("", 1): 15}


def test_a_source_without_units_does_not_enter():
    whole = figures(("X", "2024-05-01", 1, 15)).assign(source="Q")
    table = pd.concat([figures(("North", "2024-05-01", 1, 8)), whole], ignore_index=True)
    both = published_units(table, "X", WAYS, ["attacks"], ["P", "Q"], WINDOW)
    assert both.entered["source"].tolist() == ["P"]
    assert both.left_out["source"].tolist() == ["Q"]
    with pytest.raises(InputError, match="no published figure of a unit"):
        published_units(whole, "X", WAYS, ["attacks"], ["Q"], WINDOW)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(*[st.integers(0, 40)] * 3), min_size=12, max_size=12),
    st.sets(st.tuples(st.sampled_from(["North", "South", "X"]), st.integers(0, 11)), min_size=1),
)
def test_units_cover_no_month_twice_and_hold_what_is_true(truth, printed):
    rows = [
        (region, f"2024-{month + 1:02d}-01", 1, _true(truth[month], region))
        for region, month in sorted(printed)
    ]
    rows += [
        (region, "2024-01-01", 12, sum(_true(month, region) for month in truth))
        for region in ("North", "X")
    ]
    both = published_units(figures(*rows), "X", WAYS, ["attacks"], ["P"], WINDOW)
    for unit, own in both.entered.groupby("unit"):
        covered = [month for months in own["months"] for month in months]
        assert len(covered) == len(set(covered))
        region = {"N": "North", "S": "South", "": "X", "elsewhere": "elsewhere"}[unit]
        for row in own.itertuples():
            held = sum(_true(truth[month.month - 1], region) for month in row.months)
            assert row.value == held


def _true(month, region):
    north, south, rest = month
    return {"North": north, "South": south, "elsewhere": rest, "X": north + south + rest}[region]


def test_a_province_that_is_no_unit_counts_in_the_rest():
    table = pd.DataFrame({"province": ["N", "Isle", "Cape"], "version": "v"})
    table = table.assign(month=pd.Timestamp("2024-05-01"), events_state_based=[4, 1, 2])
    rows = released_units(table.assign(events_one_sided=0), WAYS, "U", WINDOW)
    fights = rows[rows["quantity"] == "events_state_based"]
    assert fights.set_index("unit")["value"].to_dict() == {"N": 4.0, "elsewhere": 3.0}
    with pytest.raises(InputError, match="has to be the rest"):
        released_units(table, {"N": [["North"]]}, "U", WINDOW)
    with pytest.raises(InputError, match="no month between"):
        released_units(table, WAYS, "U", ("2025-01", "2025-12"))


# The tables that the project carries.


@pytest.fixture(scope="module")
def real(published_periods):
    window = ("2018-01", "2025-12")
    both = published_units(
        published_periods, "Pakistan", OURS, ["attacks"], ["PICSS", "PIPS"], window
    )
    return by_year(both.entered).set_index(["source", "unit", "year"])


@pytest.mark.parametrize(
    ("source", "unit", "year", "total"),
    [
        ("PICSS", HOME, 2023, 419),
        ("PICSS", HOME, 2024, 567),
        ("PICSS", "Balochistan", 2023, 170),
        ("PICSS", "Balochistan", 2024, 293),
        ("PICSS", "elsewhere", 2021, 4),
        ("PIPS", HOME, 2024, 295),
        ("PIPS", "Balochistan", 2024, 202),
        ("PIPS", "elsewhere", 2025, 4),
    ],
)
def test_the_figures_of_a_province_add_to_its_year(real, source, unit, year, total):
    assert real.loc[(source, unit, year), ["months", "total"]].tolist() == [12, total]
