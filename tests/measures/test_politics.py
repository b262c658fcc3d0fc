"""Windows about dates, and the series that are set beside a rating."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.politics import inside, log_by_year, rating, window_table, windows
from helpers.stats.estimate import Estimate

EVENTS = pd.PeriodIndex(["2022-04", "2024-11"], freq="M")


def said(spans):
    return [f"{first} {last}" for first, last in spans]


def test_windows_after_and_before_hold_as_many_months_and_never_the_events_own():
    assert said(windows(EVENTS, 1, 3)) == ["2022-05 2022-07", "2024-12 2025-02"]
    assert said(windows(EVENTS, -3, 3)) == ["2022-01 2022-03", "2024-08 2024-10"]
    assert said(windows(EVENTS, 0, 1)) == ["2022-04 2022-04", "2024-11 2024-11"]


def test_windows_are_cut_at_the_end_and_refused_past_it():
    end = pd.Period("2024-12", "M")
    assert said(windows(EVENTS, 1, 6, end=end)) == ["2022-05 2022-10", "2024-12 2024-12"]
    with pytest.raises(InputError, match="begins in 2025-01 lies past"):
        windows(EVENTS, 2, 1, end=end)
    with pytest.raises(InputError, match="0 periods long"):
        windows(EVENTS, 1, 0)


def test_inside_holds_both_ends_of_every_window():
    months = pd.period_range("2022-01", "2022-08", freq="M")
    spans = [(months[1], months[2]), (months[6], months[6])]
    assert np.flatnonzero(inside(months, spans)).tolist() == [1, 2, 6]


def test_the_table_takes_p_from_the_model_and_the_rank_from_the_ranks():
    keys = [("abc", "after"), ("abc", "before")]
    found = {key: Estimate(1.2 + place, 0.8, 3.0, 0.1) for place, key in enumerate(keys)}
    ranks = {key: Estimate(9.0, p=0.3 + place / 10) for place, key in enumerate(keys)}
    table = window_table(found, ranks, "a month")
    assert table["windows"].tolist() == ["ABC, a month after", "ABC, a month before"]
    assert table["ratio"].tolist() == [1.2, 2.2] and table["p"].tolist() == [0.1, 0.1]
    assert table["p_rank"].tolist() == [0.3, 0.4]


def test_a_rating_is_of_one_edition_in_order_of_time_without_gaps_filled():
    table = pd.DataFrame(
        [
            ("a", "v1", 2002, 0.2),
            ("a", "v1", 2000, 0.1),
            ("a", "v2", 2001, 9),
            ("a", "v1", 2001, None),
        ],
        columns=["indicator", "vintage", "year", "value"],
    )
    found = rating(table, "a", "v1")
    assert found.tolist() == [0.1, 0.2] and [str(year) for year in found.index] == ["2000", "2002"]
    with pytest.raises(InputError, match="no rating 'b' of the edition 'v1'"):
        rating(table, "b", "v1")


def test_log_by_year_adds_up_first_and_gives_a_year_without_any_a_value():
    table = pd.DataFrame({"year": [2001, 2000, 2000], "deaths": [0, 3, 4]})
    assert log_by_year(table, "deaths").tolist() == pytest.approx([np.log(8), 0.0])
