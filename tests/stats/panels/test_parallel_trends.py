"""Bounds on violations of parallel trends: R's printed intervals, and coverage at the bound."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.panels.parallel_trends import trend_bounds

SINCE = [-5, -4, -3, -2, 0, 1, 2, 3]
FIRST = pd.Series([1.0, 0.0, 0.0, 0.0], [0, 1, 2, 3])


@pytest.fixture(scope="module")
def profits():
    """Benzarti and Carloni (2019), as in R's HonestDiD (``BCdata_EventStudy``)."""
    effects = [
        *(0.00669635180383921, 0.0293450336903334, -0.00647297222167253, 0.0730149894952774),
        *(0.195961117744446, 0.312063902616501, 0.239541545510292, 0.126042500138283),
    ]
    upper = [
        *(8.428358e-4, 4.768687e-4, 2.618051e-4, 2.354220e-4),
        *(1.676371e-4, 1.128708e-4, 1.992816e-5, -1.368265e-4),
        *(6.425420e-4, 3.987425e-4, 2.435515e-4, 2.201960e-4),
        *(1.804591e-4, 3.843765e-5, -2.960422e-5),
        *(5.229950e-4, 2.117686e-4, 1.840722e-4, 1.458528e-4, 7.005197e-5, 5.952995e-5),
        *(3.089595e-4, 1.197866e-4, 1.334081e-4, 1.016335e-4, 1.079052e-4),
        *(3.599704e-4, 2.478819e-4, 1.749579e-4, 1.654257e-4),
        *(4.263950e-4, 2.171438e-4, 2.892748e-4, 4.886698e-4, 3.805322e-4, 7.617394e-4),
    ]
    matrix = np.zeros((8, 8))
    matrix[np.triu_indices(8)] = upper
    matrix = matrix + np.triu(matrix, 1).T
    return pd.Series(effects, SINCE), pd.DataFrame(matrix, SINCE, SINCE)


@pytest.mark.parametrize(
    "size, weights, low, high",
    [
        (0.0, FIRST, 0.131411, 0.216170),
        (0.01, FIRST, 0.154965, 0.270385),
        (0.02, FIRST, 0.177301, 0.315956),
        (0.0, None, 0.133193, 0.230363),
        (0.01, None, 0.124138, 0.368035),
        (0.02, None, 0.113902, 0.476744),
    ],
)
def test_under_smoothness_the_interval_is_the_one_that_r_prints(profits, size, weights, low, high):
    """HonestDiD 0.2.8 (FLCI) under R 4.5.2, whose search is coarse: held to .001."""
    found = trend_bounds(*profits, size, weights=weights).effect
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-3)


@pytest.mark.parametrize(
    "size, weights, low, high",
    [
        (0.5, FIRST, 0.118889, 0.270824),
        (1.0, FIRST, 0.067231, 0.317924),
        (0.5, None, 0.068924, 0.353101),
    ],
)
def test_under_relative_moves_it_holds_the_one_that_r_prints(profits, size, weights, low, high):
    """HonestDiD 0.2.8 (conditional test): ours is longer, by less than a fifth."""
    found = trend_bounds(*profits, size, bound="relative", weights=weights).effect
    assert found.low < low and high < found.high
    assert found.high - found.low < 1.2 * (high - low)
    # Without violations both are the usual interval.
    usual = trend_bounds(*profits, 0.0, bound="relative", weights=weights).effect
    share = np.r_[np.zeros(4), FIRST if weights is not None else np.full(4, 0.25)]
    error = np.sqrt(share @ profits[1].to_numpy() @ share)
    assert usual.high - usual.value == pytest.approx(1.959964 * error)


def test_the_set_under_relative_moves_is_the_largest_move_before_added_up(profits):
    effects, covariance = profits
    largest = max(
        abs(effects[-4] - effects[-5]),
        abs(effects[-3] - effects[-4]),
        abs(effects[-2] - effects[-3]),
        abs(effects[-2]),
    )
    found = trend_bounds(effects, covariance, 1.0, bound="relative")
    centre = effects[[0, 1, 2, 3]].mean()
    ends = (centre - 2.5 * largest, centre + 2.5 * largest)
    assert (found.set_low, found.set_high) == pytest.approx(ends)


def test_the_interval_holds_the_effect_where_trends_part_as_far_as_they_may():
    """The usual interval does not."""
    generator, since = np.random.default_rng(1), [-4, -3, -2, 0, 1]
    matrix = 0.01 * (0.5 + 0.5 * np.eye(5))
    truth = np.array([0.2, 0.3, 0.3, 1.3, 1.6])  # The largest move before is .3, and so after.
    covariance, held, usual = pd.DataFrame(matrix, since, since), 0, 0
    for _ in range(300):
        effects = pd.Series(generator.multivariate_normal(truth, matrix), since)
        found = trend_bounds(effects, covariance, 1.0, bound="relative").effect
        held += found.low < 1 < found.high
        usual += abs(found.value - 1) < 1.96 * np.sqrt(matrix[3:, 3:].mean())
    assert held >= 285 and usual < 100


def test_curved_trends_before_are_said(profits):
    found = trend_bounds(*profits, 0.0)
    assert np.isnan(found.set_low) and "raise it" in found.effect.warnings[0]
    assert trend_bounds(*profits, 0.2).effect.warnings == ()


@pytest.mark.parametrize(
    "change, options, words",
    [
        (lambda e, c: (e, c), {"bound": "shape"}, "smoothness or relative"),
        (lambda e, c: (e, c), {"size": -1}, "at least 0"),
        (lambda e, c: (e, c), {"level": 95}, "share between 0 and 1"),
        (lambda e, c: (e.drop(-3), c), {}, "consecutive"),
        (lambda e, c: (e.loc[-2:], c), {}, "1 periods before"),
        (lambda e, c: (e.loc[:-2], c), {}, "0 from 0 on"),
        (lambda e, c: (e, c.drop(index=1)), {}, "does not hold the periods"),
        (lambda e, c: (e, -c), {}, "positive definite"),
        (lambda e, c: (e * np.nan, c), {}, "not a finite number"),
        (lambda e, c: (e.to_numpy(), c), {}, "as a Series"),
        (lambda e, c: (e, c), {"weights": pd.Series([1.0], [0])}, "weights"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(profits, change, options, words):
    options = {"size": 0.1} | options
    with pytest.raises(InputError, match=words):
        trend_bounds(*change(*profits), **options)
