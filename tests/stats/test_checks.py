"""What a series must be: the last value that is taken, the first that is not."""

import math

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
    for one in (0, 1, 95, math.nan, True):
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
