"""Severity: single events from counted ones, and the shares that follow."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.comparison import parts_of_whole
from helpers.measures.severity import each, shape, single, two_periods


def counted():
    generator = np.random.default_rng(1)
    sizes = generator.zipf(2.3, 800)
    table = (
        pd.Series(sizes).value_counts().rename_axis("deaths_best").rename("events").reset_index()
    )
    return table.assign(year=2010, month=1.0), sizes


def test_single_events_come_back_and_tallies_stay_out():
    table, sizes = counted()
    tally = pd.DataFrame({"deaths_best": [9999], "events": [1], "year": [2010], "month": [np.nan]})
    found = each(pd.concat([table, tally]), 2010, 2010)
    assert sorted(found) == sorted(sizes)


def test_the_shape_is_that_of_the_events():
    table, sizes = counted()
    row = shape(table, [(2010, 2010)], np.random.default_rng(2), start=1).iloc[0]
    assert row["events"] == 800 and row["mean"] == pytest.approx(sizes.mean())
    assert row["at_least_10"] == pytest.approx((sizes >= 10).mean())
    assert row["exponent_low"] < 2.3 < row["exponent_high"]


def test_a_share_needs_part_and_whole_of_one_year():
    rows = [("A", 2020, "P", 30.0), ("A", 2020, "W", 100.0), ("A", 2021, "W", 90.0)]
    yearly = pd.DataFrame(
        [
            {
                "source": source,
                "metric": "attacks",
                "scope": "militant_attacks",
                "flag": "",
                "region": region,
                "value": value,
                "period_start": pd.Timestamp(year, 1, 1),
            }
            for source, year, region, value in rows
        ]
    )
    assert parts_of_whole(yearly, "A", "attacks", "militant_attacks", "P", "W").to_dict(
        "index"
    ) == {2020: {"part": 30.0, "whole": 100.0}}
    with pytest.raises(InputError, match="prints no attacks for Q"):
        parts_of_whole(yearly, "A", "attacks", "militant_attacks", "Q", "W")


def test_two_periods_stand_below_each_other_with_the_later_one_marked():
    table = pd.DataFrame(
        {"year": [2020, 2021], "month": [1, 2], "deaths_best": [3, 1], "events": [2, 1]}
    )
    earlier, later = (single(table, year, year) for year in (2020, 2021))
    deaths, design = two_periods(earlier, later)
    assert deaths.tolist() == [3, 3, 1] and design["later"].tolist() == [0, 0, 1]
    assert later["month"].tolist() == [pd.Period("2021-02")]
    with pytest.raises(InputError, match="no event with a month from 2022 to 2023"):
        single(table, 2022, 2023)
