"""The inflation of a sum: worlds in which it is known, and ratios that rest on it."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.base.errors import InputError
from helpers.stats.counts.dispersion import dispersion, sum_inflation
from helpers.stats.counts.inflation import Inflation, as_inflation, months_inflation, year_inflation
from helpers.stats.counts.rates import rate_ratio, ratio_of_ratios, series_ratio


def months(generator, phi=1.0, mean=80.0, rho=None, shocks=0.3, n=24):
    """Return counts with a variance phi times the mean, about a level that may wander."""
    level = np.zeros(n)
    if rho is not None:
        level = generator.normal(0, shocks * math.sqrt(1 - rho**2 if rho < 1 else 1), n)
        level[0] = generator.normal(0, shocks if rho < 1 else 0)
        for month in range(1, n):
            level[month] += rho * level[month - 1]
    means = mean * np.exp(level - level.mean() * (rho == 1))
    drawn = generator.gamma(means / (phi - 1), phi - 1) if phi > 1 else means
    return pd.Series(generator.poisson(drawn))


def held(measure, runs=200, seed=1, **world):
    """Return the share of worlds of one level whose ratio of two years holds 1."""
    generator, hits = np.random.default_rng(seed), 0
    for _ in range(runs):
        y = months(generator, **world)
        before, after = y[-24:-12], y[-12:]
        found = rate_ratio(after.sum(), before.sum(), inflation=measure(after, before, y))
        hits += found.low <= 1 <= found.high
    return hits / runs


def of_months(after, before, _):
    return months_inflation(after, before)


def of_year(after, before, _):
    return year_inflation(after, before)


def of_history(after, before, y):
    return year_inflation(after, before, history=y)


@pytest.mark.parametrize("world", [{}, {"mean": 5}, {"phi": 4}, {"phi": 18, "mean": 160}])
def test_independent_months_tell_the_inflation_of_their_sum(world):
    generator, hits, values = np.random.default_rng(2), 0, []
    for _ in range(400):
        y = months(generator, **world)
        found = months_inflation(y[:12], y[12:])
        hits += found.low <= world.get("phi", 1) <= found.high
        values.append(found.value)
    assert hits / 400 >= 0.92 and np.median(values) == pytest.approx(world.get("phi", 1), rel=0.15)
    assert 0.92 <= held(of_months, runs=400, **world) <= 0.99


def test_a_wandering_level_needs_the_inflation_with_memory():
    """What the dispersion of months misses, and what a year with memory holds."""
    assert held(of_months, phi=2, rho=0.8) < 0.75
    assert held(of_year, runs=60, phi=2, rho=0.8) >= 0.88
    assert held(of_history, runs=60, phi=2, rho=1, shocks=0.1, n=96) >= 0.9
    assert held(of_months, phi=2, rho=1, shocks=0.1, n=96) < 0.6


def test_a_rise_that_is_there_is_found_where_months_are_independent():
    generator, found = np.random.default_rng(3), 0
    for _ in range(100):
        before, after = (months(generator, 4, mean, n=12) for mean in (60, 90))
        phi = months_inflation(after, before)
        found += rate_ratio(after.sum(), before.sum(), inflation=phi).low > 1
    assert found >= 90


def test_the_ratio_of_two_sums_is_that_of_their_months():
    """Quasi-Poisson regression with Student's t, in statsmodels and in ``series_ratio``."""
    after, before = pd.Series([15, 20, 25, 18, 30]), pd.Series([8, 10, 19, 7, 12])
    phi = months_inflation(after, before)
    found = rate_ratio(after.sum(), before.sum(), method="wald", inflation=phi)
    theirs = series_ratio(after, before, memory=False)
    assert (found.low, found.high, found.p) == pytest.approx((theirs.low, theirs.high, theirs.p))
    design = sm.add_constant(np.repeat([1.0, 0.0], 5))
    glm = sm.GLM(np.concatenate([after, before]), design, family=sm.families.Poisson())
    fit = glm.fit(scale="X2", use_t=True)
    assert phi.value == pytest.approx(fit.scale) and phi.degrees == fit.df_resid
    assert (found.low, found.high) == pytest.approx(tuple(np.exp(fit.conf_int()[1])))


def test_exposures_are_an_offset_and_months_without_one_stay_out():
    deaths, attacks = pd.Series([9, 30, 4, 0, 25]), pd.Series([5.0, 9, 3, 0, 12])
    found = months_inflation(deaths, exposures=[attacks])
    kept = attacks > 0
    glm = sm.GLM(
        deaths[kept], np.ones(4), family=sm.families.Poisson(), offset=np.log(attacks[kept])
    )
    assert found.value == pytest.approx(glm.fit(scale="X2").scale) and found.n == 4
    assert months_inflation(deaths).value > found.value  # attacks explain some of the deaths


def test_months_without_exposure_keep_their_place_in_time():
    """A sum of six months of which the third had no attack: the memory reaches across it."""
    deaths, attacks = pd.Series([4, 9, 0, 8, 3, 9]), pd.Series([2.0, 3, 0, 4, 2, 3])
    with_gap = year_inflation(deaths, exposures=[attacks])
    closed = year_inflation(deaths[attacks > 0], exposures=[attacks[attacks > 0]])
    flat = year_inflation(deaths, exposures=[pd.Series([2.0] * 6)])
    assert with_gap.value != closed.value == pytest.approx(with_gap.value, rel=0.2)
    assert flat.value == pytest.approx(year_inflation(deaths).value) and flat.value > with_gap.value


def test_an_inflation_is_at_least_that_of_independent_events():
    even = pd.Series([20, 20, 21, 20])
    found = months_inflation(even)
    assert found.value == 1 <= found.high and found.low < 1 and dispersion(even) < 1
    assert year_inflation(even, even).value >= 1


def test_the_inflation_of_a_year_is_that_of_its_sum_and_has_an_interval():
    generator = np.random.default_rng(4)
    y = pd.Series(
        np.asarray(months(generator, 2, rho=0.7, n=96)),
        pd.period_range("2017-01", periods=96, freq="M"),
    )
    pair = y["2023"], y["2024"]
    found, longer = year_inflation(*pair), year_inflation(*pair, history=y)
    assert found.value == sum_inflation(*pair)
    assert found.low < found.value < found.high and found.degrees is None and found.warnings
    assert "96 periods of history" in longer.method and longer.high < found.high
    narrow = year_inflation(*pair, level=0.5)
    assert found.low < narrow.low < narrow.high < found.high
    with pytest.raises(InputError, match="does not hold the 2. series"):
        year_inflation(y["2023"], y["2024"] + 1, history=y)


def test_degrees_of_freedom_widen_every_form_of_ratio():
    known, measured = Inflation(4.0), Inflation(4.0, degrees=10)
    assert as_inflation(4) == Inflation(4.0, method="given")
    for make in (
        lambda phi: rate_ratio(60, 40, inflation=phi),
        lambda phi: rate_ratio(60, 40, method="wald", inflation=phi),
        lambda phi: ratio_of_ratios(80, 40, 50, 50, inflation=phi),
    ):
        sure, less = make(known), make(measured)
        assert make(4).high == sure.high < less.high and less.low < sure.low and less.p > sure.p
        assert "t with 10 degrees of freedom" in less.method
    with pytest.raises(InputError, match="exact and mid-p"):
        rate_ratio(3, 4, method="exact", inflation=Inflation(1.0, degrees=10))


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda y: months_inflation(), "no series"),
        (lambda y: months_inflation(y * 0), "only zeros"),
        (lambda y: months_inflation(y[:1]), "at least 2"),
        (lambda y: months_inflation(y, level=2), "level"),
        (lambda y: months_inflation(y, exposures=[]), "1 series have 0 exposures"),
        (lambda y: months_inflation(y, exposures=[y[:2]]), "expected 3 numbers"),
        (lambda y: months_inflation(y, exposures=[-y]), "expected 3 numbers"),
        (lambda y: year_inflation(y, periods=9), "periods is 9"),
        (lambda y: as_inflation(0), "the variance inflation"),
    ],
)
def test_what_cannot_be_measured_is_refused(make, match):
    with pytest.raises(InputError, match=match):
        make(pd.Series([3, 5, 9]))
