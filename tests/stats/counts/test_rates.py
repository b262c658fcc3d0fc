"""Ratios of rates against published values, and input that must be refused."""

import math

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.counts.dispersion import compound_inflation, dispersion
from helpers.stats.counts.rates import rate_ratio, ratio_of_ratios, series_ratio


def test_exact_equals_the_example_of_rs_poisson_test():
    """``poisson.test(c(11, 6+8+7), c(800, 1083+1050+878))`` in R's own documentation."""
    found = rate_ratio(11, 21, 800, 3011, method="exact")
    assert found.value == pytest.approx(1.971488, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)
    assert found.p == pytest.approx(0.07967, abs=1e-5)


def test_score_interval_of_the_articles_incidents():
    found = rate_ratio(1261, 921)
    assert (found.value, found.low, found.high) == pytest.approx((1.369, 1.258, 1.491), abs=5e-4)
    assert found.p == pytest.approx(3e-13, rel=0.2)


@pytest.mark.parametrize("seed", range(3))
def test_score_equals_statsmodels_on_random_counts(seed):
    from statsmodels.stats.rates import confint_poisson_2indep, test_poisson_2indep

    generator = np.random.default_rng(seed)
    (a, b), (ea, eb), phi = (
        generator.integers(1, 200, 2),
        generator.uniform(0.5, 5, 2),
        generator.uniform(1, 9),
    )
    found = rate_ratio(a, b, ea, eb, inflation=phi)
    ends = confint_poisson_2indep(a / phi, ea, b / phi, eb, method="score", compare="ratio")
    assert (found.low, found.high) == pytest.approx(ends, rel=1e-6)
    assert found.p == pytest.approx(
        test_poisson_2indep(a / phi, ea, b / phi, eb, method="score").pvalue
    )


def test_score_has_an_interval_where_a_count_is_zero():
    """With a = 0 the ends solve r b^2 = phi z^2 b; statsmodels gives the upper one twice."""
    z2 = 1.959963984540054**2
    for phi in (1, 4):
        found = rate_ratio(0, 5, inflation=phi)
        assert (found.low, found.high) == pytest.approx((0, phi * z2 / 5))
        assert rate_ratio(5, 0, inflation=phi).low == pytest.approx(5 / (phi * z2))
    assert rate_ratio(0, 5).high < rate_ratio(0, 5, method="exact").high


def test_midp_solves_its_equation_and_lies_within_the_exact_interval():
    from scipy.stats import binom

    found, exact = (rate_ratio(11, 21, 800, 3011, method=method) for method in ("midp", "exact"))
    assert exact.low < found.low < found.high < exact.high
    for end, tail in ((found.low, 0.975), (found.high, 0.025)):
        share = 800 * end / (800 * end + 3011)
        assert binom.pmf(range(11), 32, share).sum() + binom.pmf(
            11, 32, share
        ) / 2 == pytest.approx(tail)
    assert rate_ratio(0, 5, method="midp").high == pytest.approx(
        20**0.2 - 1
    )  # (1 - share)^5 / 2 = 0.025
    large = rate_ratio(10**9, 10**9, method="midp")
    assert large.low < 1 < large.high < 1.001


def test_inflation_widens_by_its_root():
    plain, wide = (rate_ratio(1261, 921, method="wald", inflation=phi) for phi in (1, 9))
    assert math.log(wide.high / wide.value) == pytest.approx(3 * math.log(plain.high / plain.value))
    score = rate_ratio(1261, 921, inflation=9)
    assert (score.low, score.high) == pytest.approx((wide.low, wide.high), rel=0.01)


@pytest.mark.parametrize(
    ("after", "before", "value", "low_is_zero"), [(0, 5, 0.0, True), (5, 0, math.inf, False)]
)
def test_one_zero_has_a_stated_answer(after, before, value, low_is_zero):
    found = rate_ratio(after, before)
    assert found.value == value and (found.low == 0) == low_is_zero
    assert math.isinf(found.high) == (before == 0) and bool(found.warnings) == (before == 0)


@pytest.mark.parametrize(
    "arguments",
    [
        (0, 0),
        (-1, 2),
        (1.5, 2),
        (float("nan"), 2),
        (1, 2, 0, 1),
        (1, 2, 1, float("inf")),
        ("5", 2),
        (pd.NA, 2),
        (None, 2),
        (True, 2),
        (np.array([1, 2]), 2),
    ],
)
def test_what_is_no_count_is_refused(arguments):
    with pytest.raises(InputError):
        rate_ratio(*arguments)


@pytest.mark.parametrize(
    "options",
    [
        {"method": "guess"},
        {"inflation": 0},
        {"level": 1},
        {"level": "x"},
        {"method": "exact", "inflation": 2},
        {"method": "midp", "inflation": 2},
    ],
)
def test_what_is_no_option_is_refused(options):
    with pytest.raises(InputError):
        rate_ratio(3, 4, **options)


def test_large_counts_stay_finite():
    found = rate_ratio(10**9, 10**9)
    assert found.low < 1 < found.high and found.high - found.low < 1e-3


def coverage(method, seed=20):
    """Share of 95 % intervals that hold a true ratio of 1.5 when monthly counts have three times
    Poisson's variance.
    """
    generator, held = np.random.default_rng(seed), 0
    for _ in range(400):
        before, after = (
            pd.Series(generator.negative_binomial(mean / 2, 1 / 3, 12)) for mean in (60, 90)
        )
        found = (
            series_ratio(after, before)
            if method == "quasi"
            else rate_ratio(after.sum(), before.sum())
        )
        held += found.low <= 1.5 <= found.high
    return held / 400


def test_series_ratio_covers_under_overdispersion_and_poisson_does_not():
    assert 0.92 <= coverage("quasi") <= 0.98
    assert coverage("poisson") < 0.85


def coverage_of_dependent_months(rho, ratio, seed=20, runs=500):
    """Share of intervals that hold 1 when the log mean of 24 months is an AR(1)."""
    generator, held = np.random.default_rng(seed), 0
    for _ in range(runs):
        latent = generator.normal(0, 0.2, 24)
        latent[0] /= math.sqrt(1 - rho**2)
        for month in range(1, 24):
            latent[month] += rho * latent[month - 1]
        y = pd.Series(generator.poisson(np.exp(4.3 + latent)))
        found = ratio(y[12:], y[:12])
        held += found.low <= 1 <= found.high
    return held / runs


def test_carrying_the_autocorrelation_repairs_most_of_the_interval():
    def total(after, before, carry=True):
        return rate_ratio(
            after.sum(),
            before.sum(),
            method="wald",
            inflation=dispersion(after, before, carry=carry),
        )

    carried = coverage_of_dependent_months(0.5, lambda *pair: series_ratio(*pair, carry=True))
    assert carried >= 0.87
    assert coverage_of_dependent_months(0.5, series_ratio) < 0.83
    assert coverage_of_dependent_months(0.5, total) >= 0.83
    assert coverage_of_dependent_months(0.5, lambda *pair: total(*pair, carry=False)) < 0.80
    assert (
        0.94
        <= coverage_of_dependent_months(0, lambda *pair: series_ratio(*pair, carry=True))
        <= 0.985
    )


@pytest.mark.parametrize(
    ("after", "before"), [([3, 4], [5, 5]), ([10, 12, 14, 16], [1, 3, 5, 7]), ([5, 5], [5, 5])]
)
def test_carrying_stays_finite_in_short_series(after, before):
    found = series_ratio(pd.Series(after), pd.Series(before), carry=True)
    assert 0 < found.low <= found.value <= found.high < math.inf


def test_series_ratio_refuses_zeros_and_short_series():
    with pytest.raises(InputError, match="only zeros"):
        series_ratio(pd.Series([0, 0]), pd.Series([1, 2]))
    with pytest.raises(InputError, match="at least 2"):
        series_ratio(pd.Series([3]), pd.Series([1, 2]))
    with pytest.raises(InputError, match="observation 2"):
        series_ratio(pd.Series([3, np.nan]), pd.Series([1, 2]))
    with pytest.raises(InputError, match="not a number"):
        series_ratio(pd.Series(["a", "b"]), pd.Series([1, 2]))


def test_dispersion_and_compound_inflation():
    generator = np.random.default_rng(1)
    assert dispersion(pd.Series(generator.poisson(50, 4000))) == pytest.approx(1, abs=0.06)
    assert compound_inflation([1, 1, 4]) == pytest.approx(18 / 6)
    assert compound_inflation(total=6, squares=18) == pytest.approx(3)
    for wrong in (
        {"total": 6},
        {"total": 6, "squares": 5},
        {"deaths": [1], "total": 1, "squares": 1},
        {"deaths": [0, 0]},
    ):
        with pytest.raises(InputError):
            compound_inflation(**wrong)
    with pytest.raises(InputError, match="no series"):
        dispersion()


def test_a_ratio_of_ratios_covers_and_refuses_zeros():
    generator, held = np.random.default_rng(3), []
    for _ in range(400):
        one = ratio_of_ratios(*generator.poisson([300, 100, 120, 80]))
        held.append(one.low <= 2 <= one.high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)
    wide = ratio_of_ratios(300, 100, 120, 80, inflation=4)
    assert wide.value == pytest.approx(2) and math.log(wide.high / wide.low) == pytest.approx(
        2
        * math.log(ratio_of_ratios(300, 100, 120, 80).high / ratio_of_ratios(300, 100, 120, 80).low)
    )
    with pytest.raises(InputError, match="the other later count is 0"):
        ratio_of_ratios(3, 2, 0, 1)
