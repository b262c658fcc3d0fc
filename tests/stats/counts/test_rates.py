"""Ratios of rates against published values, and input that must be refused."""

import math

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.counts.dispersion import compound_inflation, dispersion, sum_inflation
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
    assert math.isinf(found.high) == (before == 0) and "count is 0" in found.warnings[0]


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
            series_ratio(after, before, memory=False)
            if method == "quasi"
            else rate_ratio(after.sum(), before.sum())
        )
        held += found.low <= 1.5 <= found.high
    return held / 400


def test_series_ratio_covers_under_overdispersion_and_poisson_does_not():
    assert 0.92 <= coverage("quasi") <= 0.98
    assert coverage("poisson") < 0.85


def dependent_months(generator, rho, months, *, mean=80, shocks=0.2, noise=0.0, ratio=1.0, of=12):
    """Return Poisson counts whose log mean is an AR(1), or a random walk, observed with noise."""
    latent = generator.normal(0, shocks, months)
    latent[0] /= math.sqrt(1 - rho**2) if rho < 1 else 1
    for month in range(1, months):
        latent[month] += rho * latent[month - 1]
    latent += generator.normal(0, noise, months)
    latent[-of:] += math.log(ratio)
    return pd.Series(generator.poisson(mean * np.exp(latent)))


def held(make, judge, ratio=1.0, runs=120, seed=20, of=12):
    """Return the share of intervals about the last ``of`` months that hold the ratio."""
    generator, hits = np.random.default_rng(seed), 0
    for _ in range(runs):
        y = make(generator)
        found = judge(y[-of:], y[-2 * of : -of])
        hits += found.low <= ratio <= found.high
    return hits / runs


@pytest.mark.parametrize(
    ("world", "of"),
    [
        ({"rho": 0.5, "mean": 10, "shocks": 0.3}, 12),
        ({"rho": 0.8, "mean": 80, "shocks": 0.15}, 12),
        ({"rho": 0.8, "mean": 80, "shocks": 0.3, "ratio": 0.5}, 12),
        ({"rho": 0.95, "mean": 80, "shocks": 0.12, "noise": 0.3}, 12),
        ({"rho": 0.8, "mean": 10, "shocks": 0.3}, 24),
    ],
)
def test_intervals_hold_where_months_remember_and_independent_ones_do_not(world, of):
    def make(generator):
        return dependent_months(generator, months=2 * of, of=of, **world)

    ratio = world.get("ratio", 1.0)
    assert held(make, series_ratio, ratio, of=of) >= 0.9
    plain = held(make, lambda *pair: series_ratio(*pair, memory=False), ratio, of=of)
    assert plain < 0.9


def test_two_totals_hold_with_the_inflation_of_a_sum_and_not_with_that_of_a_month():
    def total(after, before, inflation=sum_inflation):
        return rate_ratio(after.sum(), before.sum(), inflation=inflation(after, before))

    def make(generator):
        return dependent_months(generator, 0.8, 24)

    assert held(make, total) >= 0.9
    assert held(make, lambda *pair: total(*pair, inflation=dispersion)) < 0.7


def test_what_24_months_cannot_hold_carries_a_warning():
    """A slow walk with noise looks like noise, and holds less than 90 % of the time."""
    generator, said = np.random.default_rng(5), 0
    for _ in range(40):
        y = dependent_months(generator, 1, 48, shocks=0.1, noise=0.3)
        found = series_ratio(y[24:], y[:24])
        said += any("a longer history" in one for one in found.warnings)
    assert said >= 36


def test_a_history_tells_the_memory_that_two_years_leave_open():
    generator, narrower, quiet, hits = np.random.default_rng(6), 0, 0, 0
    for _ in range(30):
        y = dependent_months(generator, 0, 120)
        pair, longer = (
            series_ratio(y[-12:], y[-24:-12]),
            series_ratio(y[-12:], y[-24:-12], history=y),
        )
        assert longer.value == pair.value and longer.n == 24
        narrower += longer.high < pair.high
        quiet += not longer.warnings
        hits += longer.low <= 1 <= longer.high
    assert narrower == 30 and quiet >= 20 and hits >= 27


def test_a_history_holds_a_slow_walk_that_two_years_do_not():
    def make(generator):
        return dependent_months(generator, 1, 180, shocks=0.1, noise=0.3)

    def judge(after, before):
        return series_ratio(after, before, history=full)

    generator, short, long = np.random.default_rng(3), 0, 0
    for _ in range(60):
        full = make(generator)
        full = full.clip(lower=0)
        pair = full[-24:], full[-48:-24]
        found, alone = judge(*pair), series_ratio(*pair)
        long += found.low <= 1 <= found.high
        short += alone.low <= 1 <= alone.high
    assert long >= 54 and short < 54


@pytest.mark.parametrize(
    ("after", "before"),
    [([3, 4], [5, 5]), ([10, 12, 14, 16], [1, 3, 5, 7]), ([5, 5], [6, 6]), ([7, 7, 7], [7, 7, 7])],
)
def test_short_series_have_wide_and_finite_intervals(after, before):
    found = series_ratio(pd.Series(after), pd.Series(before))
    assert 0 < found.low < found.value < found.high < math.inf and 0 < found.p <= 1
    assert found.high / found.low > 3


def test_a_year_of_zeros_has_a_ratio_of_zero_and_an_upper_end():
    zeros, twenty = pd.Series([0] * 12), pd.Series([22, 18, 25, 15, 20, 24, 16, 21, 19, 20, 17, 23])
    found = series_ratio(zeros, twenty)
    assert (found.value, found.low, found.n) == (0, 0, 24) and 0.01 < found.high < 0.5
    assert "later series holds 0 in all" in found.warnings[0] and found.p < 1e-4
    assert found.high > series_ratio(zeros, twenty, memory=False).high > 0.01
    other = series_ratio(twenty, zeros)
    assert other.value == other.high == math.inf and other.low == pytest.approx(1 / found.high)
    one = series_ratio(pd.Series([1] + [0] * 11), twenty)
    assert 0 < one.low < one.value < one.high < 0.5 and "holds 1 in all" in one.warnings[0]
    with pytest.raises(InputError, match="both series hold only zeros"):
        series_ratio(zeros, zeros)


@pytest.mark.parametrize(("mean", "ratio"), [(0.5, 1), (20, 0.02)])
def test_intervals_hold_where_counts_are_few(mean, ratio):
    generator, hits, runs = np.random.default_rng(8), 0, 0
    for _ in range(100):
        after, before = (pd.Series(generator.poisson(one, 12)) for one in (mean * ratio, mean))
        if after.sum() + before.sum() == 0:
            continue
        found = series_ratio(after, before, memory=False)
        hits, runs = hits + (found.low <= ratio <= found.high), runs + 1
    assert hits / runs >= 0.9


def test_series_ratio_refuses_short_series_and_what_is_no_count():
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
    for one in (dispersion, sum_inflation):
        with pytest.raises(InputError, match="no series"):
            one()
        with pytest.raises(InputError, match="only zeros"):
            one(pd.Series([0, 0]))


def test_the_inflation_of_a_sum_grows_with_memory_and_is_that_of_a_month_without():
    generator = np.random.default_rng(9)
    independent = pd.Series(generator.poisson(50, 240))
    assert 1 <= sum_inflation(independent, periods=12) < 2
    slow = dependent_months(generator, 0.8, 240, mean=50)
    # 1 + 2 sum (1 - j/12) rho^j over 12 months, on the part that the level moves: .04 / .36 * 50.
    lags = np.arange(1, 12)
    theory = 1 + 50 * 0.04 / 0.36 * (1 + 2 * ((1 - lags / 12) * 0.8**lags).sum())
    assert sum_inflation(slow, periods=12) == pytest.approx(theory, rel=0.5)
    assert sum_inflation(slow, periods=12) > 3 * dispersion(slow)
    for wrong in (0, 241, 1.5, "x"):
        with pytest.raises(InputError, match="periods"):
            sum_inflation(slow, periods=wrong)


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
