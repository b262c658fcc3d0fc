"""What a series must be: the last value that is taken, the first that is not."""

import datetime
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats import checks
from helpers.stats.estimate import Estimate, exponentiated


@pytest.mark.parametrize(
    ("check", "taken", "refused"),
    [
        (checks.count, (0, 1, 7.0), (-1, 0.5, math.inf, math.nan, True, "1", None)),
        (checks.positive, (1e-9, 1), (0, -1e-9, math.inf, math.nan, False)),
    ],
)
def test_a_number_is_taken_or_named(check, taken, refused):
    assert [check(one, "it") for one in taken] == [float(one) for one in taken]
    for one in refused:
        with pytest.raises(InputError, match=f"^it is {one}"):
            check(one, "it")


def test_a_level_lies_between_none_and_all():
    assert checks.level_of(0.001) == 0.001
    for one in (0, 1, 95, math.nan, True, "0.95", None):
        with pytest.raises(InputError, match="between 0 and 1"):
            checks.level_of(one)


@pytest.mark.parametrize("check", [checks.counts, checks.numbers])
def test_a_series_of_just_the_length_is_taken_and_a_wrong_value_has_its_place(check):
    assert check(pd.Series([0, 3, 2]), "it", 3).tolist() == [0, 3, 2]
    with pytest.raises(InputError, match="it has 2 observations: expected at least 3"):
        check(pd.Series([0, 3]), "it", 3)
    for wrong in (math.nan, math.inf):
        with pytest.raises(InputError, match="it, observation 3"):
            check(pd.Series([0, 3, wrong]), "it")
    with pytest.raises(InputError, match="one column"):
        check(pd.DataFrame({"a": [1, 2]}), "it")


def test_counts_are_whole_and_numbers_need_not_be():
    assert checks.numbers(pd.Series([-1.5, 0]), "it").tolist() == [-1.5, 0]
    for wrong in (-1, 0.5):
        with pytest.raises(InputError, match="observation 2"):
            checks.counts(pd.Series([1, wrong, 0]), "it")


@pytest.mark.parametrize("check", [checks.counts, checks.numbers])
@pytest.mark.parametrize(
    "values",
    [
        pd.Series([True, False]),
        pd.Series(["1", "2"]),
        pd.Series(["1", "2"], dtype=object),
        pd.Series([1, True], dtype=object),
        pd.Series([1 + 2j, 3]),
        pd.Series(pd.to_datetime(["2024-01-01", "2024-02-01"])),
        pd.Series(pd.to_timedelta([1, 2])),
        pd.Series([1, [2]], dtype=object),
        np.array([b"1", b"2"]),
    ],
)
def test_what_numpy_would_take_for_a_number_is_none(check, values):
    with pytest.raises(InputError, match="^it holds something that is not a number"):
        check(values, "it")


@pytest.mark.parametrize("check", [checks.counts, checks.numbers])
def test_numbers_of_any_kind_are_taken_and_missing_ones_have_their_place(check):
    for values in (
        pd.Series([Decimal(3), Decimal(5)]),
        pd.Series([Fraction(3), 5], dtype=object),
        pd.Series([3, 5], dtype="Int64"),
        pd.Series([3, 5], dtype="uint8"),
        [3, 5],
    ):
        assert check(values, "it").tolist() == [3, 5]
    for values in (
        pd.Series([3, None], dtype="Int64"),
        pd.Series([3, None], dtype=object),
        pd.Series([3, pd.NA], dtype=object),
        pd.Series([3, Decimal("NaN")], dtype=object),
        pd.Series([3, 10**400], dtype=object),
    ):
        with pytest.raises(InputError, match="it, observation"):
            check(values, "it")


def test_a_whole_number_is_within_its_bounds():
    assert [checks.whole(one, "it", 0, 3) for one in (0, 3, np.int64(2))] == [0, 3, 2]
    for wrong in (-1, 4, 2.0, "2", True, np.True_, None, math.nan):
        with pytest.raises(InputError, match="^it is .*: expected a whole number from 0 to 3$"):
            checks.whole(wrong, "it", 0, 3)
    with pytest.raises(InputError, match="of at least 1$"):
        checks.whole(0, "it", 1)


def test_a_design_takes_truth_values_and_no_words():
    design = pd.DataFrame({"const": 1.0, "step": [False, True, True]})
    assert checks.design_of(design, 3).tolist() == [[1, 0], [1, 1], [1, 1]]
    for wrong in (["0", "1", "1"], pd.to_datetime(["2024-01-01"] * 3), [0, 1j, 1]):
        with pytest.raises(InputError, match="the design holds something that is not a number"):
            checks.design_of(design.assign(step=wrong), 3)
    with pytest.raises(InputError, match="missing or infinite"):
        checks.design_of(design.assign(step=pd.array([0, 1, None], "Int64")), 3)


def test_a_design_needs_as_many_rows_to_spare_as_are_asked_for():
    design = pd.DataFrame({"const": 1.0, "x": [1e-9, 3e9, 2e9, 5e9]})
    assert checks.design_of(design, 4, spare=2).shape == (4, 2)
    with pytest.raises(InputError, match="4 observations cannot carry 2 coefficients"):
        checks.design_of(design, 4, spare=3)
    with pytest.raises(InputError, match="has 5 rows and the design 4"):
        checks.design_of(design, 5)
    with pytest.raises(InputError, match="not independent"):
        checks.design_of(design.assign(x=7.0), 4)


def test_a_contrast_weighs_the_names_in_their_order():
    assert checks.contrast_of("b", "abc").tolist() == [0, 1, 0]
    assert checks.contrast_of({"c": 5, "a": 1}, "abc").tolist() == [1, 0, 5]
    with pytest.raises(InputError, match="no coefficient 'd'"):
        checks.contrast_of({"a": 1, "d": 2}, "abc")


def test_a_date_has_its_place_before_and_after_the_first_period():
    index = pd.period_range("2020-03", periods=5, freq="M")
    assert [checks.place_of(one, index, "it") for one in ("2020-03", "2020-01", "2021-03")] == [
        0,
        -2,
        12,
    ]


AUGUST = [
    "2021-08",
    "2021-08-31",
    "15/08/2021",
    datetime.date(2021, 8, 1),
    datetime.datetime(2021, 8, 31, 23, 59),
    np.datetime64("2021-08-15"),
    np.datetime64("2021-08"),
    pd.Timestamp("2021-08-01"),
    pd.Timestamp("2021-08-01", tz="Asia/Karachi"),
    pd.Timestamp("2021-08-31 23:00", tz="Asia/Karachi"),
    pd.Period("2021-08", "M"),
    pd.Period("2021-08-15", "D"),
]


@pytest.mark.parametrize("date", AUGUST, ids=repr)
def test_a_date_of_any_kind_falls_into_its_period(date):
    for freq, first, place in (("M", "2021-03", 5), ("Q", "2021Q1", 2), ("Y", "2015", 6)):
        assert checks.place_of(date, pd.period_range(first, periods=9, freq=freq), "it") == place
    assert checks.dates_of(date, "it") == [date]


def test_a_longer_period_stands_for_its_start_and_a_number_for_a_year():
    months, years = (pd.period_range("2020", periods=24, freq=one) for one in "MY")
    assert [checks.place_of(one, months, "it") for one in ("2021Q3", pd.Period("2021Q3"))] == [
        18,
        18,
    ]
    assert checks.place_of(pd.Period("2021", "Y"), months, "it") == 12
    assert [checks.place_of(one, years, "it") for one in (2024, np.int64(2024), "2024")] == [4] * 3
    with pytest.raises(InputError, match="it '2021' is not a date; expected one such as 2020-01"):
        checks.place_of(2021, months, "it")


@pytest.mark.parametrize(
    "date",
    [
        *("3/8/2021", "3.8.2021", "", "soon", "2021-13", b"2021-08", ("2021-08",)),
        *(None, math.nan, pd.NaT, np.datetime64("NaT"), pd.Timedelta("1D"), datetime.time(3)),
        *(True, 7, 202108, 2021.5),
    ],
    ids=repr,
)
def test_what_is_no_date_or_two_dates_at_once_is_refused(date):
    for freq in "MQY":
        with pytest.raises(InputError, match="^it .* is not a date; expected one such as 2020"):
            checks.place_of(date, pd.period_range("2020", periods=9, freq=freq), "it")


def test_several_dates_are_a_list_and_a_number_of_days_is_none():
    assert checks.dates_of(pd.to_datetime(["2021-08-01"]), "it") == [pd.Timestamp("2021-08-01")]
    assert checks.dates_of((), "it") == []
    with pytest.raises(InputError, match="^it is None: expected a date"):
        checks.dates_of(None, "it")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Karachi", "America/New_York"])
@pytest.mark.parametrize("freq", ["MS", "ME"])
def test_midnights_of_a_zone_keep_their_month(zone, freq):
    local = pd.date_range("2021-01-01", periods=12, freq=freq, tz=zone)
    months = pd.period_range("2021-01", periods=12, freq="M")
    assert checks.regular(pd.Series(range(12), local), "it").equals(months)
    other = local.tz_convert("Asia/Tokyo")
    with pytest.raises(InputError, match="it: the dates are not at midnight of their zone"):
        checks.regular(pd.Series(range(12), other), "it")


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (pd.date_range("2021-01-03", periods=12, freq="W"), "expected months, quarters or years"),
        (pd.period_range("2021-01", periods=12, freq="2M"), "expected months, quarters or years"),
        (pd.period_range("2021-01-01", periods=12, freq="min"), "expected months"),
        (pd.RangeIndex(12), "expected an index of dates or periods"),
        (pd.Index([datetime.date(2021, 1, 1)] * 12), "expected an index of dates or periods"),
        (pd.PeriodIndex([], freq="M"), "it has no observation"),
        (pd.DatetimeIndex([]), "it has no observation"),
    ],
)
def test_an_index_of_another_kind_is_refused(index, words):
    with pytest.raises(InputError, match=words):
        checks.regular(pd.Series(0, index), "it")


def test_the_share_of_zeros_is_said_in_percent():
    assert checks.zeros_said(np.array([0, 0, 1, 2, 3, 4, 5, 6, 7, 8])) == ()
    said = checks.zeros_said(np.array([0, 0, 1, 2]))
    assert said[0].startswith("50 % of the observations are 0")


def test_a_logarithm_becomes_a_ratio_with_all_that_was_said_of_it():
    found = exponentiated(Estimate(0.0, -math.log(2), 800.0, 0.3, 9, "m", 0.9, ("said",)))
    assert (found.value, found.low, found.high) == pytest.approx((1, 0.5, math.exp(700)))
    assert (found.p, found.n, found.method, found.level, found.warnings) == (
        0.3,
        9,
        "m",
        0.9,
        ("said",),
    )
