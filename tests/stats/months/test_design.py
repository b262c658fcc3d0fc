"""Designs by hand: what an event may do, seasons, trend, and controls that are refused."""

import datetime

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.design import base_design, its_design, trend_order

MONTHS = pd.period_range("2018-01", periods=36, freq="M")


def test_each_kind_of_change_is_the_column_that_is_drawn_by_hand():
    found = its_design(
        MONTHS[:8],
        "2018-05",
        slopes="2018-05",
        ramps=[("2018-03", "2018-06")],
        gradual=[("2018-04", 1)],
        harmonics=0,
        order=0,
    )
    assert found["step 2018-05"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert found["slope 2018-05"].tolist() == [0, 0, 0, 0, 0, 1, 2, 3]
    assert found["ramp 2018-03"].tolist() == [0, 0, 0.25, 0.5, 0.75, 1, 1, 1]
    expected = [0, 0, 0, 1 / 2, 3 / 4, 7 / 8, 15 / 16, 31 / 32]
    assert found["gradual 2018-04"].tolist() == pytest.approx(expected)
    assert found.columns[-1] == "const" and (found["const"] == 1).all()


def test_a_gradual_step_arrives_by_half_within_each_half_life():
    slow = its_design(MONTHS, gradual=[("2018-07", 4.0)], harmonics=0)["gradual 2018-07"]
    assert slow.iloc[5] == 0 and slow.iloc[[9, 13, 17]].tolist() == pytest.approx(
        [0.5, 0.75, 0.875]
    )
    whole = its_design(MONTHS, gradual=[("2018-07", np.int64(2))], harmonics=0)
    assert whole["gradual 2018-07"].iloc[7] == pytest.approx(0.5)


def test_a_ramp_of_one_period_is_a_step():
    found = its_design(MONTHS, ramps=[("2018-07", "2018-07")], harmonics=0)["ramp 2018-07"]
    assert found.tolist() == [0.0] * 6 + [1.0] * 30


@pytest.mark.parametrize(
    "date",
    [
        "2020-03",
        "2020-03-31",
        pd.Period("2020-03", "M"),
        pd.Timestamp("2020-03-15"),
        pd.Timestamp("2020-03-01", tz="Asia/Karachi"),
        datetime.date(2020, 3, 1),
        datetime.datetime(2020, 3, 31, 23),
        np.datetime64("2020-03-01"),
    ],
)
def test_a_date_of_any_sort_counts_for_the_month_it_falls_in(date):
    assert its_design(MONTHS, date, harmonics=0).columns[0] == "step 2020-03"
    assert its_design(MONTHS, [date, "2020-05"], harmonics=0).columns[1] == "step 2020-05"


@pytest.mark.parametrize(("frequency", "seasons"), [("M", 12), ("Q", 4)])
def test_dummies_span_what_all_waves_do(frequency, seasons):
    index = pd.period_range("2010", periods=10 * seasons, freq=frequency)
    dummies, waves = (base_design(index, kind, 1) for kind in ("dummies", 6))
    assert dummies.shape == (10 * seasons, 1 + seasons)
    both = np.column_stack([dummies, waves])
    assert np.linalg.matrix_rank(both) == np.linalg.matrix_rank(dummies) == 1 + seasons
    of = (index.month if seasons == 12 else index.quarter) - 1
    assert (dummies.iloc[:, 2:].to_numpy() == np.eye(seasons)[of][:, 1:]).all()


def test_years_have_no_seasons():
    index = pd.period_range("1990", periods=20, freq="Y")
    assert base_design(index, "dummies", 2).shape == base_design(index, 2, 2).shape == (20, 3)


def test_a_trend_is_left_out_where_seasons_could_mimic_it():
    assert [trend_order(MONTHS, before, 2) for before in (35, 36)] == [0, 1]
    assert trend_order(MONTHS, 12, 0) == 1 and trend_order(MONTHS, 12, 2, order=2) == 2
    quarters = pd.period_range("2010Q1", periods=40, freq="Q")
    assert [trend_order(quarters, before, "dummies") for before in (11, 12)] == [0, 1]
    years = pd.period_range("1990", periods=20, freq="Y")
    assert trend_order(years, 5, 2) == 1
    assert "trend" not in its_design(MONTHS, "2019-01") and "trend" in its_design(
        MONTHS, "2019-01", harmonics=0
    )


def test_controls_are_taken_by_their_dates():
    values = np.arange(36.0)
    table = pd.DataFrame({"rain": values}, index=MONTHS.to_timestamp())
    shuffled = table.sample(frac=1, random_state=1)
    wider = pd.concat([shuffled, pd.DataFrame({"rain": [9.0]}, [pd.Timestamp("2030-01-01")])])
    found = its_design(MONTHS, "2019-01", harmonics=0, controls=wider)["rain"]
    assert found.tolist() == values.tolist()
    unnamed = its_design(MONTHS, "2019-01", harmonics=0, controls=pd.Series(values, MONTHS))
    assert unnamed.columns[-1] == "control"


def controls(name="rain", values=range(36), index=MONTHS):
    """Return a control as a test wants it."""
    return pd.Series(list(values), index=index, name=name)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"controls": controls("step 2020-01")}, "named 'step 2020-01', as another column is"),
        ({"controls": controls("const")}, "named 'const'"),
        ({"controls": controls("trend")}, "named 'trend'"),
        ({"controls": controls("season 5"), "harmonics": "dummies"}, "named 'season 5'"),
        (
            {"controls": pd.concat([controls(), controls()], axis=1)},
            "named 'rain', as another column is",
        ),
        ({"controls": controls()[1:]}, "no row for 2018-01"),
        ({"controls": pd.concat([controls(), controls()[:1]])}, "two rows for 2018-01"),
        ({"controls": controls(values="x" * 36)}, "not a number"),
        ({"controls": np.ones(36)}, "expected a table with dates"),
        (
            {"controls": controls(index=pd.period_range("2018Q1", periods=36, freq="Q"))},
            "no row for 2018-01",
        ),
        ({"ramps": [("2020-01", "2019-12")]}, "whole in 2019-12"),
        ({"ramps": [("2020-01", "2021-01")]}, "expected a period from 2020-01 to 2020-12"),
        ({"ramps": ["2020-01", "2020-03"]}, "list of pairs"),
        ({"ramps": [("2020-01", "2020-03"), ("2020-01", "2020-05")]}, "given twice"),
        ({"gradual": [("2020-01", 0)]}, "half-life"),
        ({"gradual": [("2020-01", float("inf"))]}, "half-life"),
        ({"gradual": [("2020-01", "slow")]}, "half-life"),
        ({"gradual": [("2020-01", True)]}, "half-life"),
        ({"gradual": [("2017-01", 2)]}, "lies outside the series"),
        ({"slopes": "2020-12"}, "lies outside the series"),
        ({"harmonics": "months"}, "expected 0 to 3 and 0 to 6"),
        ({"order": 4}, "expected 0 to 3 and 0 to 6"),
    ],
)
def test_what_no_design_can_hold_is_refused(given, words):
    steps = "2020-01" if given.keys() & {"controls", "harmonics", "order"} else ()
    with pytest.raises(InputError, match=words):
        its_design(MONTHS, steps, **given)
