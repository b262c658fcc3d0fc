"""Shares: a textbook interval, clustering, and what is refused."""

import math

import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binom
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from helpers.base.errors import InputError
from helpers.stats.counts.inflation import Inflation
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.shares.proportion import proportion, share_change, share_ratio


def test_wilson_solves_its_equation():
    """The ends are the shares whose score test just rejects (Wilson 1927)."""
    found = proportion(12, 40)
    for end in (found.low, found.high):
        assert (found.value - end) ** 2 == pytest.approx(
            1.959964**2 * end * (1 - end) / 40, rel=1e-5
        )


def test_clusters_are_worth_fewer_counts():
    assert proportion(120, 400, inflation=10).low == pytest.approx(proportion(12, 40).low)
    assert proportion(0, 7).low == pytest.approx(0, abs=1e-12) and proportion(
        7, 7
    ).high == pytest.approx(1)


@pytest.mark.parametrize("arguments", [(3, 0), (5, 4), (-1, 4), (1.5, 4), (float("nan"), 4)])
def test_what_is_no_share_is_refused(arguments):
    with pytest.raises(InputError):
        proportion(*arguments)


COUNTS = [(40, 100, 20, 100), (3, 30, 12, 40), (19, 20, 10, 30), (1900, 4000, 1000, 3000)]


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("phi", [1, 4])
def test_ratios_and_changes_of_shares_are_those_of_statsmodels(counts, phi):
    fewer = [value / phi for value in counts]
    ratio, change = (make(*counts, inflation=phi) for make in (share_ratio, share_change))
    ends = confint_proportions_2indep(*fewer, compare="ratio", method="score", correction=False)
    assert (ratio.low, ratio.high) == pytest.approx(ends, rel=1e-6)
    ends = confint_proportions_2indep(*fewer, compare="diff", method="newcomb")
    assert (change.low, change.high) == pytest.approx(ends)
    p = proportions_ztest(fewer[::2], fewer[1::2])[1]
    assert ratio.p == change.p == pytest.approx(p)
    assert ratio.value == pytest.approx(counts[0] / counts[1] / (counts[2] / counts[3]))


@pytest.mark.parametrize("counts", [(20, 20, 10, 30), (7, 20, 30, 30), (1, 40, 90, 400)])
def test_the_ends_of_a_ratio_solve_the_score_equation(counts):
    """The likeliest shares of a given ratio are found by search, not by the quadratic."""
    a, n, b, m = counts
    found = share_ratio(*counts)
    for end in (found.low, found.high):

        def loss(q, end=end):
            return -binom.logpmf(a, n, min(end * q, 1.0)) - binom.logpmf(b, m, q)

        top = min(1.0, 1 / end)
        q = minimize_scalar(loss, (1e-9, top / 2, top), bounds=(0, top), method="bounded").x
        error = math.sqrt(end * q * (1 - end * q) / n + end**2 * q * (1 - q) / m)
        assert abs(a / n - end * b / m) / error == pytest.approx(1.959964, rel=1e-3)


def test_newcombes_own_example():
    """Newcombe (1998), table II, method 10: 9 of 10 against 3 of 10."""
    found = share_change(9, 10, 3, 10)
    assert (found.low, found.high) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_a_binomial_ratio_is_narrower_than_one_of_poisson_counts():
    binomial, poisson = share_ratio(60, 100, 50, 100), rate_ratio(60, 50, 100, 100)
    assert poisson.low < binomial.low < binomial.value == poisson.value < binomial.high
    assert binomial.high < poisson.high


def test_shares_of_none_and_of_all_have_the_end_that_they_can_have():
    none, all_of = share_ratio(0, 20, 5, 30), share_ratio(5, 20, 0, 30)
    assert (none.value, none.low) == (0, 0) and 0.9 < none.high < 1.2
    assert all_of.value == all_of.high == math.inf and all_of.low > 1
    both = share_ratio(20, 20, 10, 10)
    assert both.low < 1 < both.high and both.p is None
    swapped = share_ratio(5, 30, 0, 20), share_ratio(0, 20, 5, 30)
    assert swapped[0].low == pytest.approx(1 / swapped[1].high)


def test_measured_inflations_make_the_interval_students():
    known, measured = Inflation(4.0), Inflation(4.0, degrees=10)
    for make in (share_ratio, share_change):
        sure, less = (make(40, 100, 20, 100, inflation=phi) for phi in (known, measured))
        assert less.low < sure.low < sure.high < less.high and less.p > sure.p
    assert proportion(40, 100, inflation=measured).high > proportion(40, 100, inflation=4).high


@pytest.mark.parametrize("make", [share_ratio, share_change])
@pytest.mark.parametrize("counts", [(5, 4, 1, 2), (1, 2, 5, 4), (1, 0, 1, 2), (1.5, 2, 1, 2)])
def test_two_shares_that_are_none_are_refused(make, counts):
    with pytest.raises(InputError):
        make(*counts)


def test_a_ratio_of_two_shares_of_none_is_refused():
    with pytest.raises(InputError, match="both parts are 0"):
        share_ratio(0, 5, 0, 6)
