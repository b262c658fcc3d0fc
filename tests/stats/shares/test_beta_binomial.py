"""Shares that scatter: planted correlations, an independent fit, and ratios that rest on them."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import betabinom

from helpers.base.errors import InputError
from helpers.stats.shares.beta_binomial import correlation, share_inflation
from helpers.stats.shares.proportion import share_change, share_ratio


def year(generator, rho, share=0.4, size=60, n=12):
    """Return a year of months whose parts are beta-binomial with a correlation of rho."""
    whole = generator.poisson(size, n) + 2
    chance = share
    if rho:
        chance = generator.beta(share * (1 / rho - 1), (1 - share) * (1 / rho - 1), n)
    return pd.DataFrame({"part": generator.binomial(whole, chance), "whole": whole})


def likeliest(table):
    """Return the correlation of the likeliest beta-binomial, by scipy's probabilities."""

    def loss(at):
        share, rho = 1 / (1 + np.exp(-at))
        a, b = share * (1 / rho - 1), (1 - share) * (1 / rho - 1)
        return -betabinom.logpmf(table["part"], table["whole"], a, b).sum()

    found = minimize(loss, [0, -2], method="Nelder-Mead", options={"xatol": 1e-8, "maxiter": 4000})
    return 1 / (1 + np.exp(-found.x[1]))


@pytest.mark.parametrize("rho", [0.02, 0.1, 0.3])
def test_a_planted_correlation_is_found_and_is_that_of_the_likeliest_model(rho):
    table = year(np.random.default_rng(1), rho, n=600)
    found = correlation(table)
    assert found.low < rho < found.high
    assert found.value == pytest.approx(likeliest(table), rel=0.15)


@pytest.mark.parametrize("rho", [0.0, 0.05, 0.2])
def test_the_interval_of_two_years_holds_the_correlation(rho):
    generator, hits = np.random.default_rng(2), 0
    for _ in range(200):
        found = correlation(year(generator, rho), year(generator, rho, share=0.3))
        hits += found.low <= rho <= found.high
    assert hits / 200 >= 0.9


def test_the_inflation_is_the_variance_of_simulated_sums_over_the_binomial_one():
    generator, rho, whole = np.random.default_rng(3), 0.1, np.array([10, 50, 200])
    size = (whole**2).sum() / whole.sum()
    chance = generator.beta(0.4 * 9, 0.6 * 9, (20_000, 3))
    sums = generator.binomial(whole, chance).sum(axis=1)
    assert sums.var() / (whole.sum() * 0.24) == pytest.approx(1 + (size - 1) * rho, rel=0.05)
    months = pd.DataFrame({"part": [2, 30, 70], "whole": whole})
    expected = 1 + (size - 1) * correlation(months).value
    assert share_inflation(months).value == pytest.approx(expected)


def held(make, rho, ratio=1.0, runs=300):
    """Return the share of worlds whose ratio of two yearly shares holds the true one."""
    generator, hits = np.random.default_rng(4), 0
    for _ in range(runs):
        before, after = year(generator, rho, 0.3), year(generator, rho, 0.3 * ratio)
        sums = (*after.sum(), *before.sum())
        found = share_ratio(*sums, inflation=make(after, before))
        hits += found.low <= ratio <= found.high
    return hits / runs


@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_a_ratio_of_shares_holds_with_the_measured_inflation_and_not_as_binomial(ratio):
    assert held(share_inflation, 0.08, ratio) >= 0.92
    assert held(lambda *_: 1, 0.08, ratio) < 0.75


def test_binomial_shares_need_no_inflation():
    assert 0.92 <= held(lambda *_: 1, 0.0) <= 0.98
    assert held(share_inflation, 0.0) >= 0.92


def test_a_share_that_doubles_is_found_where_it_scatters():
    generator, found, changed = np.random.default_rng(5), 0, 0
    for _ in range(100):
        before, after = year(generator, 0.08, 0.25), year(generator, 0.08, 0.5)
        sums, phi = (*after.sum(), *before.sum()), share_inflation(after, before)
        found += share_ratio(*sums, inflation=phi).low > 1
        changed += share_change(*sums, inflation=phi).low > 0
    assert found >= 90 and changed >= 90


def test_months_that_remember_make_a_share_less_sure():
    generator = np.random.default_rng(6)
    swings = np.repeat([0.2, 0.4, 0.2, 0.4], 6)
    runs = pd.DataFrame({"part": generator.binomial(80, swings), "whole": 80})
    mixed = runs.sample(frac=1, random_state=1)
    plain, slow = share_inflation(runs), share_inflation(runs, memory=True)
    assert share_inflation(mixed).value == pytest.approx(plain.value)
    assert slow.value > 1.5 * plain.value and slow.value > share_inflation(mixed, memory=True).value
    assert slow.degrees is None and plain.degrees == 23 and slow.low < slow.value < slow.high


def test_a_month_in_which_nothing_happened_keeps_its_place_in_time():
    swings = np.repeat([20, 40, 20, 40, 20, 40], 2)
    full = pd.DataFrame({"part": swings, "whole": 80})
    empty = pd.concat([full[:5], pd.DataFrame({"part": [0], "whole": [0]}), full[5:]])
    plain, gap = (share_inflation(one, memory=True) for one in (full, empty))
    assert share_inflation(full).value == share_inflation(empty).value
    assert gap.value != plain.value == pytest.approx(gap.value, rel=0.3)


def test_the_ends_of_the_scale():
    apart = pd.DataFrame({"part": [9, 0, 9, 0], "whole": [9, 9, 9, 9]})
    even = pd.DataFrame({"part": [5, 5, 5], "whole": [10, 10, 10]})
    assert correlation(apart).value == 1 and share_inflation(apart).value == pytest.approx(9)
    assert correlation(even).value == 0 and share_inflation(even).value == 1


MONTHS = pd.DataFrame({"part": [1, 2, 0], "whole": [4, 4, 0]})


@pytest.mark.parametrize(
    ("spans", "options", "match"),
    [
        ([], {}, "no span"),
        ([MONTHS.rename(columns={"part": "x"})], {}, "no column part"),
        ([MONTHS.assign(part=[5, 0, 0])], {}, "month 0: the part is more"),
        ([MONTHS[1:]], {}, "1 months with a whole"),
        ([MONTHS.assign(part=0)], {}, "a share between 0 and 1"),
        ([MONTHS.assign(part=[0.5, 0, 0])], {}, "whole number"),
        ([MONTHS], {"level": 0}, "level"),
    ],
)
def test_what_tells_no_share_is_refused(spans, options, match):
    with pytest.raises(InputError, match=match):
        share_inflation(*spans, **options)
