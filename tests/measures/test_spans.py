"""Truces by month: whole and part months, shared days once, and spans that are none."""

import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.measures.spans import runs, share_within
from helpers.raw.contract import load

MONTHS = pd.period_range("2021-10", "2022-02", freq="M")


def test_both_days_of_a_span_count_and_what_lies_past_the_series_does_not():
    share = share_within(MONTHS, ["2021-11-09", "2022-02-01"], ["2021-12-09", "2022-03-31"], "held")
    assert share.tolist() == pytest.approx([0, 22 / 30, 9 / 31, 0, 1])
    assert share.name == "held" and share.index.equals(MONTHS)


def test_days_that_two_spans_share_count_once():
    twice = share_within(MONTHS, ["2021-11-01"] * 2, ["2021-11-15", "2021-11-30"], "held")
    assert twice["2021-11"] == 1 and twice.sum() == 1


def test_a_leap_day_and_a_single_day():
    share = share_within(
        pd.period_range("2024-02", "2024-02", freq="M"), ["2024-02-29"] * 1, ["2024-02-29"], "x"
    )
    assert share.iloc[0] == pytest.approx(1 / 29)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2021-11", "2021-12"), ("2021-12-01", "2021-11-01"), ("2021-11-01", "2022")],
)
def test_a_span_without_days_or_turned_round_is_refused(first, last):
    with pytest.raises(InputError, match="expected two days as YYYY-MM-DD, first before last"):
        share_within(MONTHS, [first], [last], "held")


def test_every_truce_of_the_chronology_has_days_and_the_long_one_fills_its_months():
    table = (
        load(paths.RAW / "chronology.csv").query("kind == 'ceasefire'").dropna(subset="end_date")
    )
    months = pd.period_range("2014-01", "2025-12", freq="M")
    share = share_within(months, table["date"], table["end_date"], "truces")
    assert share.between(0, 1).all() and (share["2022-06":"2022-10"] == 1).all()
    days = (pd.to_datetime(table["end_date"]) - pd.to_datetime(table["date"])).dt.days + 1
    assert (share * months.days_in_month).sum() == pytest.approx(days.sum())


def test_runs_begin_and_end_where_the_share_does_and_touch_the_ends_of_the_series():
    share = pd.Series([0.5, 0.49, 1.0, 0.7, 0.0], MONTHS)
    assert runs(share) == [(MONTHS[0], MONTHS[0]), (MONTHS[2], MONTHS[3])]
    assert runs(share, least=0.8) == [(MONTHS[2], MONTHS[2])]
    assert runs(share, least=0) == [(MONTHS[0], MONTHS[-1])]
    assert runs(share * 0) == []
