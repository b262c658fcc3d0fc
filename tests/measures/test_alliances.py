"""Harm per event, joins by quarter, and one kind of violence by month."""

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.alliances import by_quarter, events_of_kind, harm_per_event
from helpers.stats.counts.rates import rate_ratio


def test_harm_is_divided_by_the_events_of_the_same_periods():
    years = pd.period_range("2018", "2022", freq="Y")
    harm = pd.Series([10.0, 20, 30, 40, 50], index=years)
    events = pd.Series([5.0, 5, 10, 10], index=years[:4])  # 2022 has no events printed: no harm
    found = harm_per_event(harm, events, slice("2020", "2022"), slice("2018", "2019"), inflation=3)
    assert found == rate_ratio(70, 30, 20, 10, inflation=3)
    with pytest.raises(InputError, match="from 2022 to 2022 there is no event"):
        harm_per_event(harm, events, slice("2022", "2022"), slice("2018", "2018"))


def test_dates_outside_the_quarters_are_left_out():
    found = by_quarter(pd.Series(["2019-12-31", "2020-01-01", "2020-03"]), "2020Q1", "2020Q2")
    assert found.tolist() == [2.0, 0.0] and found.index.freqstr.startswith("Q")


def test_only_the_kind_asked_for_counts():
    events = pd.DataFrame(
        {
            "type_of_violence": ["non-state", "one-sided", "non-state", "non-state"],
            "month_start": pd.to_datetime(["2020-01-01", "2020-01-01", "2020-03-01", None]),
            "events": [2, 7, 4, 9],
        }
    )
    months = pd.period_range("2020-01", "2020-03", freq="M")
    assert events_of_kind(events, "non-state", months).tolist() == [2.0, 0.0, 4.0]
    with pytest.raises(InputError, match="of the kind 'state-based'"):
        events_of_kind(events, "state-based", months)
