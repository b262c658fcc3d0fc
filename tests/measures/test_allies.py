"""Groups by year with their allies, their fighting and their ends."""

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures import allies

CODED = pd.DataFrame(
    {
        "dyad_id": [1, 1, 1, 2, 3],
        "country": ["X", "X", "X", "Y", "X"],
        "year": [2000, 2001, 2005, 2001, 2003],
        "group_id": [7, 7, 7, 7, 8],
        "group": ["A", "A", "A", "A", "B"],
        "by_state": 0,
        "by_group": [0, 1, 0, 1, 0],
        "supporters": ["", "B; C", None, "C", ""],
    }
).convert_dtypes()  # whole numbers that may be missing, as raw tables have them
YEARS = pd.DataFrame(
    {
        "dyad_id": [1, 1, 2, 1, 1, 3, 9],
        "year": [2000, 2001, 2001, 2002, 2008, 2003, 2015],
        "events": [1, 2, 3, 4, 5, 6, 7],
        "deaths": 30,
    }
)


def test_only_fighting_with_a_government_in_one_release_is_counted():
    row = {"dyad_id": 1, "type_of_violence": "state-based", "year": 2000, "version": "1"}
    rows = [row, row | {"version": "2"}, row | {"type_of_violence": "non-state"}]
    months = pd.DataFrame(rows).assign(events=[2, 5, 9], deaths_best=[3, 1, 1])
    assert allies.fought(months, "1").to_numpy().tolist() == [[1, 2000, 2, 3]]
    with pytest.raises(InputError, match="no state-based row of version 3"):
        allies.fought(months, "3")


def test_a_lead_is_the_unallied_year_just_before_an_allied_one():
    found = allies.paired(CODED, YEARS, 1990, 2017)
    assert found[["dyad_id", "year", "by_group", "lead"]].to_numpy().tolist() == [
        [1, 2000, 0, 1],
        [1, 2001, 1, 0],
        [2, 2001, 1, 0],
        [3, 2003, 0, 0],
    ]


def test_a_year_is_the_last_when_five_silent_ones_follow():
    """Years of both governments are one life; what is not coded has the coding before it."""
    found = allies.at_risk(CODED, YEARS, 1990, 2010)
    assert found[["group", "year", "events", "by_group", "ended"]].to_numpy().tolist() == [
        ["A", 2000, 1, 0, 0],
        ["A", 2001, 5, 1, 0],
        ["A", 2002, 4, 1, 1],
        ["A", 2008, 5, 0, 1],
        ["B", 2003, 6, 0, 1],
    ]
    assert found["coded"].tolist() == [True, True, False, False, True]
    assert found["age"].tolist() == [1, 2, 3, 9, 1]


def test_a_watch_that_ends_too_early_is_refused():
    with pytest.raises(InputError, match="expected 5 years after 2011"):
        allies.at_risk(CODED, YEARS, 1990, 2011)
    with pytest.raises(InputError, match="no year from 1960 to 1970"):
        allies.paired(CODED, YEARS, 1960, 1970)


def test_who_was_ever_supported_by_a_group_is_left_out_with_it():
    assert allies.without(CODED, ["B"])["group"].unique().tolist() == []
    assert allies.without(CODED, ["C"])["group"].unique().tolist() == ["B"]
