"""Inside and outside: nothing counts twice, nothing unplaced counts at all."""

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.sanctuaries import months_inside, published_inside

NORTH = ["North", "Hills", "North and hills"]
WIDER = {"North and hills": "Hills"}


def yearly(**values):
    rows = pd.DataFrame({"region": [name.replace("_", " ") for name in values]})
    return rows.assign(
        source="S",
        metric="attacks",
        scope="all",
        value=list(values.values()),
        period_start=pd.Timestamp("2020-01-01"),
    )


def inside(table, year=2020):
    return published_inside(
        table, "S", "attacks", "all", year, inside=NORTH, whole="Land", holds=WIDER
    )


def test_a_region_that_holds_a_printed_part_is_left_out_and_stands_in_where_it_is_not():
    both = yearly(Land=20, North=4, Hills=3, North_and_hills=7, South=9)
    assert inside(both).to_dict() == {"inside": 7, "rest": 13}
    only = yearly(Land=20, North_and_hills=8)
    assert inside(only).to_dict() == {"inside": 8, "rest": 12}


def test_figures_of_another_year_or_without_the_whole_are_refused():
    with pytest.raises(InputError, match="S prints no attacks of 2021 for Land"):
        inside(yearly(Land=20, North=4), 2021)
    with pytest.raises(InputError, match="for Land and for a part of it"):
        inside(yearly(North=4))


def test_events_without_a_place_or_a_month_count_nowhere():
    months = pd.to_datetime(["2021-09-01", "2021-10-01", None, "2021-09-01", "2022-01-01"])
    table = pd.DataFrame({"district": ["A", "B", "A", None, "A"], "month_start": months})
    table["events"] = [1, 2, 4, 8, 16]
    found = months_inside(table, ["A"], "2021-09", "2021-12")
    assert found.values.tolist() == [[1, 1], [0, 2], [0, 0], [0, 0]]
    assert months_inside(table, ["B"], "2021-10", "2021-10", what="events").values.tolist() == [
        [2, 2]
    ]
    with pytest.raises(InputError, match="no event from 2019"):
        months_inside(table, ["A"], "2019-01", "2019-12")
