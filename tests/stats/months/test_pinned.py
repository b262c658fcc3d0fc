"""Series by month: estimates, intervals and p-values by another route, or as published.

The primary tests average a regression over the memory of its errors. Here that average is taken
again from dense covariance matrices, on a finer grid, with the restricted likelihood as
Harville (1974) writes it. The edges of each function stand beside its numbers.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.linalg import toeplitz
from scipy.optimize import brentq
from scipy.stats import t
from statsmodels.tsa.arima_process import ArmaProcess

from helpers.base.errors import InputError
from helpers.stats.months.ar_bootstrap import ArBootstrap, ar_bootstrap
from helpers.stats.months.break_dates import date_interval
from helpers.stats.months.breaks import Break, break_test
from helpers.stats.months.counterfactual import Counterfactual, counterfactual
from helpers.stats.months.forms import POINTS, PRIOR
from helpers.stats.months.gls import fit_gls
from helpers.stats.months.interrupted import interrupted
from helpers.stats.months.local_level import fit_local_level
from helpers.stats.months.multiple_breaks import multiple_breaks
from helpers.stats.months.noise import Noise, fit_noise
from helpers.stats.months.prediction import Prediction, predict
from helpers.stats.months.pulse import pulse, pulse_rank
from helpers.stats.months.seasons import seasonal_factors
from helpers.stats.months.trend import deterministic, fit_trend


def months(values, first="2015-01"):
    return pd.Series(values, index=pd.period_range(first, periods=len(values), freq="M"))


def told(found):
    return found.value, found.low, found.high, found.p


def ar1(rho, n):
    return rho ** toeplitz(np.arange(n)) / (1 - rho**2)


def wandering_level(theta, n):
    """A random walk that starts with the constant, and noise, of unit innovation variance."""
    signal = (1 - theta) ** 2 / theta
    return (np.eye(n) + signal * np.minimum.outer(np.arange(n), np.arange(n))) / (1 + signal)


def remembered(point, n):
    """Errors of the primary method: an ARMA(1,1), or at 1 a level that starts with the constant."""
    rho, theta = point
    if rho == 1:
        return (1 - theta) ** 2 * np.minimum.outer(np.arange(n), np.arange(n)) + theta * np.eye(n)
    return toeplitz(ArmaProcess([1, -rho], [1, -theta]).acovf(n))


RHOS = np.sin(np.linspace(-1, 1, 603)[1:-1] * np.arcsin(0.99))  # uniform in the arcsine
THETAS = 0.995 * (np.arange(400) + 0.5) / 400


def parts(y, x, covariance, grid, prior=1.0):
    """Weights, coefficients (grid by k) and covariances on n - k degrees of freedom."""
    n, k = x.shape
    logs, params, covs = [], [], []
    for at in grid:
        sigma = covariance(at, n)
        fit = sm.GLS(y, x, sigma=sigma).fit()
        white = np.linalg.solve(sigma, x)
        rss = fit.resid @ np.linalg.solve(sigma, fit.resid)
        sizes = np.linalg.slogdet(sigma)[1] + np.linalg.slogdet(x.T @ white)[1]
        logs.append(-0.5 * ((n - k) * np.log(rss) + sizes))
        params.append(fit.params)
        covs.append(np.linalg.inv(x.T @ white) * rss / (n - k))
    weights = np.exp(np.array(logs) - max(logs)) * prior
    return weights / weights.sum(), np.array(params), np.array(covs)


def mixed(weights, centres, scales, degrees, level):
    """Mean, central interval and two-sided p-value of a mixture of Student's t distributions."""

    def below(x):
        return weights @ t.cdf((x - centres) / scales, degrees)

    ends = [
        brentq(lambda x, c=c: below(x) - c, -50, 50) for c in ((1 - level) / 2, (1 + level) / 2)
    ]
    return weights @ centres, *ends, 2 * min(below(0), 1 - below(0))


def averaged(y, x, contrast, covariance, grid, level=0.95, prior=1.0):
    x = np.asarray(x, dtype=float)
    weights, params, covs = parts(np.asarray(y), x, covariance, grid, prior)
    scales = np.sqrt(np.einsum("i,gij,j->g", contrast, covs, contrast))
    return mixed(weights, params @ contrast, scales, len(y) - len(contrast), level)


def as_ratio(four):
    return *np.exp(four[:3]), four[3]


@pytest.fixture(scope="module")
def counts():
    """Thirty months of counts that remember, of which the last six are lower."""
    level = np.where(np.arange(30) < 24, 70.0, 45.0)
    return months(Noise(0.5, 0.25).draw(level, 1, np.random.default_rng(21))[0])


def design(n, at, harmonics=2):
    """The columns of an interrupted series written out: step, constant, trend, waves."""
    time = np.arange(n)
    waves = [
        wave(2 * np.pi * pair * time / 12)
        for pair in range(1, harmonics + 1)
        for wave in (np.sin, np.cos)
    ]
    return np.column_stack([time >= at, np.ones(n), time + 1, *waves]).astype(float)


@pytest.mark.parametrize(
    ("method", "covariance", "grid"),
    [("reml", ar1, RHOS), ("local level", wandering_level, THETAS)],
)
def test_a_step_is_the_dense_average_on_n_less_k_degrees_of_freedom(
    counts, method, covariance, grid
):
    y, x = np.log(counts + 0.5), design(30, 24)
    found = interrupted(counts, "2017-01", method=method, order=1).effect()
    expected = as_ratio(averaged(y, x, np.eye(7)[0], covariance, grid))
    assert told(found) == pytest.approx(expected, rel=4e-3)
    assert "t with 23 degrees of freedom" in found.method and found.n == 30


@pytest.mark.parametrize(
    ("method", "covariance", "grid"),
    [("reml", ar1, RHOS), ("local level", wandering_level, THETAS)],
)
def test_a_sum_of_step_and_slope_is_too_at_another_level(counts, method, covariance, grid):
    x = np.column_stack([design(30, 15, 1), np.maximum(np.arange(30) - 18, 0)])
    terms = {"slopes": "2016-07", "harmonics": 1, "order": 1}
    found = interrupted(counts, "2016-04", method=method, **terms)
    assert found.terms == ("step 2016-04", "slope 2016-07")
    got = found.effect({"step 2016-04": 1, "slope 2016-07": 11}, 0.8)
    contrast = np.r_[1, np.zeros(4), 11]
    expected = averaged(np.log(counts + 0.5), x, contrast, covariance, grid, 0.8)
    assert told(got) == pytest.approx(as_ratio(expected), rel=4e-3) and got.level == 0.8
    row = found.effects(0.8).iloc[1]
    slope = found.effect("slope 2016-07", 0.8)
    assert tuple(row) == ("slope 2016-07", *told(slope))


def test_at_the_likeliest_memory_the_errors_are_those_of_generalised_least_squares(counts):
    y, x = np.log(counts + 0.5), design(30, 24)
    fit = fit_gls(y, pd.DataFrame(x))
    gls = sm.GLS(y.to_numpy(), x, sigma=ar1(fit.rho, 30)).fit()
    assert fit.cov.to_numpy() == pytest.approx(gls.cov_params(), rel=1e-6)
    assert fit.sigma == pytest.approx(np.sqrt(gls.scale)) and fit.n == 30
    walk = fit_local_level(y, pd.DataFrame(x))
    gls = sm.GLS(y.to_numpy(), x, sigma=wandering_level(walk.parameter, 30)).fit()
    assert walk.sigma == pytest.approx(np.sqrt(gls.scale), rel=1e-6)
    signal = walk.level / walk.irregular
    assert walk.irregular + walk.level == pytest.approx(gls.scale, rel=1e-6)
    assert signal == pytest.approx((1 - walk.parameter) ** 2 / walk.parameter)


def test_a_growth_a_year_is_that_of_as_many_periods_as_the_year_has(counts):
    x = design(30, 24)[:, 1:]
    for level in (0.95, 0.8):
        y, memory = np.log(counts + 0.5), (remembered, POINTS, level, PRIOR)
        expected = averaged(y, x, 12 * np.eye(6)[1], *memory)
        assert told(fit_trend(counts).growth(level)) == pytest.approx(as_ratio(expected), rel=1e-4)
    quarterly = pd.Series(counts.to_numpy(), index=pd.period_range("2000Q1", periods=30, freq="Q"))
    trend = fit_trend(quarterly, harmonics=0)
    assert trend.growth().value == pytest.approx(
        np.exp(trend.fit.effect({"trend": 4}).value), rel=1e-9
    )
    fitted = np.exp(fit_trend(counts).fit.params.to_numpy() @ x.T) - 0.5
    assert fit_trend(counts).fitted.to_numpy() == pytest.approx(fitted)


@pytest.mark.parametrize(
    ("frequency", "harmonics", "columns"),
    [("M", 2, 4), ("M", 6, 11), ("Q", 2, 3), ("Y", 2, 0), ("M", 0, 0)],
)
def test_a_year_holds_no_more_waves_than_half_its_periods(frequency, harmonics, columns):
    index = pd.period_range("2000", periods=30, freq=frequency)
    assert deterministic(index, harmonics, 3).in_sample().shape == (30, 4 + columns)
    for order, waves in ((4, 2), (1, 7), (-1, 2), (1, -1)):
        with pytest.raises(InputError, match="expected 0 to 3 and 0 to 6"):
            deterministic(index, waves, order)


def test_the_next_periods_are_predicted_as_the_dense_average_says(counts):
    """The regression, the errors carried on, new errors, and the spread of coefficients."""
    trend = fit_trend(counts, harmonics=1)
    y, x = np.log(counts.to_numpy() + 0.5), design(30, 0, 1)[:, 1:]
    later = np.column_stack(
        [
            np.ones(3),
            np.arange(31, 34),
            *(w(2 * np.pi * np.arange(30, 33) / 12) for w in (np.sin, np.cos)),
        ]
    )
    weights, params, covs = parts(y, x, remembered, POINTS, PRIOR)
    centres, scales = np.empty((2, 3, len(POINTS)))
    for place, point in enumerate(POINTS):
        whole = remembered(point, 33)
        carried = np.linalg.solve(whole[:30, :30], whole[:30, 30:]).T
        errors = y - x @ params[place]
        scale = errors @ np.linalg.solve(whole[:30, :30], errors) / 26
        left = np.diag(whole[30:, 30:] - carried @ whole[:30, 30:]) * scale
        rows = later - carried @ x
        centres[:, place] = rows @ params[place] + carried @ y
        scales[:, place] = np.sqrt(left + np.einsum("hi,ij,hj->h", rows, covs[place], rows))
    found = predict(trend, 3, np.random.default_rng(4), draws=40_000)
    for step in range(3):
        for level in (0.5, 0.8, 0.95):
            _, low, high, _ = mixed(weights, centres[step], scales[step], 26, level)
            said = found.table.iloc[step][[f"low_{100 * level:.0f}", f"high_{100 * level:.0f}"]]
            width = high - low
            assert np.log(said.to_numpy() + 0.5) == pytest.approx([low, high], abs=0.017 * width)
    assert found.table.index.astype(str).tolist() == ["2017-07", "2017-08", "2017-09"]


def made_up(sums):
    return Prediction(pd.DataFrame(index=range(3)), np.asarray(sums, dtype=float), "made up")


def test_a_predicted_sum_has_the_ends_and_tails_that_are_counted_by_hand():
    found = made_up(range(101))
    assert told(found.total(0.9)) == pytest.approx((50, 5, 95, None)) and found.total().n == 3
    # 12 of 101 draws are at least 89, 90 at most: what was seen counts as one more on either side.
    assert found.p_value(89) == pytest.approx(13 / 102)
    assert found.p_value(89, "lower") == pytest.approx(91 / 102)
    assert found.p_value(89, "two-sided") == pytest.approx(26 / 102)
    assert found.p_value(50, "two-sided") == 1 and found.p_value(101) == pytest.approx(1 / 102)


def test_what_was_seen_is_held_against_the_draws_by_hand():
    seen = pd.Series([50.0, 60.0, 40.0], index=pd.period_range("2020-01", periods=3, freq="M"))
    found = Counterfactual(seen, made_up(range(101)))
    less, ratio = found.cumulative(0.9), found.ratio(0.9)
    assert told(less) == pytest.approx((100, 55, 145, 2 / 102))
    assert told(ratio) == pytest.approx((3, 150 / 95, 30, 2 / 102)) and ratio.n == 3
    # No expectation is taken to be below half a count.
    assert Counterfactual(seen, made_up([0.0] * 9)).ratio().value == 300


def test_a_counterfactual_needs_a_period_before_it_and_one_from_it_on(counts):
    generator = np.random.default_rng(1)
    for at in ("2015-01", "2017-07", "2014-12"):
        with pytest.raises(InputError, match="expected one from 2015-02 to 2017-06"):
            counterfactual(counts, at, generator)
    found = counterfactual(counts, "2017-06", generator, harmonics=0, draws=99)
    assert found.observed.tolist() == counts[-1:].tolist()
    assert len(found.prediction.sums) == 99 and len(found.prediction.table) == 1


def bootstrap(ratios, value=0.5):
    """A bootstrap of one coefficient with error 0.2 whose studentised draws are ``ratios``."""
    drawn = np.asarray(ratios, dtype=float)[:, None]
    return ArBootstrap(
        pd.Series({"step": value}),
        pd.DataFrame([[0.04]], index=["step"], columns=["step"]),
        Noise(0.0, 0.1),
        drawn * 0.3,
        np.full((len(drawn), 1, 1), 0.09),
        40,
    )


def test_the_interval_of_a_bootstrap_ends_where_its_p_value_passes_the_level():
    ratios = np.arange(1, 20) * np.where(np.arange(19) % 2, 0.2, -0.2)  # sizes 0.2 to 3.8
    found = bootstrap(ratios).effect("step")
    assert told(found) == pytest.approx((0.5, 0.5 - 3.8 * 0.2, 0.5 + 3.8 * 0.2, 8 / 20))
    assert bootstrap(ratios).effect("step", 0.8).high == pytest.approx(0.5 + 16 * 0.2 * 0.2)
    # A draw as large as what was seen counts: 2.4 and the seven sizes beyond it.
    assert bootstrap(ratios, 0.48).effect("step").p == pytest.approx(9 / 20)
    assert bootstrap(ratios, -0.9).effect("step").p == pytest.approx(1 / 20)
    double = bootstrap(ratios).effect({"step": 2.0})
    assert (double.value, double.p) == pytest.approx((1.0, 8 / 20))


def test_without_noise_a_bootstrap_is_the_quasi_poisson_fit_on_n_less_k_degrees_of_freedom():
    x = design(14, 8, 1)
    y = np.random.default_rng(2).poisson(np.exp(7 + 0.1 * x[:, 0]))
    glm = sm.GLM(y, x, family=sm.families.Poisson()).fit(scale="X2")
    table = pd.DataFrame(x, columns=list("sctxy"))
    found = ar_bootstrap(pd.Series(y), table, np.random.default_rng(3), 3999).effect("s")
    reach = t.ppf(0.975, 14 - 5) * glm.bse[0]
    assert found.value == pytest.approx(glm.params[0], rel=1e-6)
    assert found.high - found.value == pytest.approx(reach, rel=0.06)
    assert found.p == pytest.approx(2 * t.sf(abs(glm.tvalues[0]), 9), abs=0.02) and found.n == 14


def test_nineteen_draws_are_the_fewest_that_allow_a_test(counts):
    generator = np.random.default_rng(1)
    assert interrupted(counts, "2017-01", method="bootstrap", generator=generator, draws=19)
    with pytest.raises(InputError, match="at least 19"):
        interrupted(counts, "2017-01", method="bootstrap", generator=generator, draws=18)


def test_noise_has_the_moments_of_its_definition():
    """Variance m + m^2 (exp(sd^2) - 1), covariance m^2 (exp(rho sd^2) - 1) (Zeger 1988)."""
    y = Noise(0.6, 0.4).draw(np.full(6, 20.0), 40_000, np.random.default_rng(6))
    assert y.mean() == pytest.approx(20, rel=0.01)
    assert y.var(axis=0) == pytest.approx(20 + 400 * np.expm1(0.16), rel=0.08)
    neighbours = [np.cov(y[:, one], y[:, one + 1])[0, 1] for one in range(5)]
    assert neighbours == pytest.approx([400 * np.expm1(0.6 * 0.16)] * 5, rel=0.12)


def test_in_a_long_series_noise_is_what_its_moments_say():
    y = Noise(0.6, 0.4).draw(np.full(4000, 20.0), 1, np.random.default_rng(7))[0]
    found = fit_noise(
        pd.Series(y), pd.DataFrame({"const": np.ones(4000)}), np.random.default_rng(8), 39
    )
    excess, shared = y.var(ddof=1) - y.mean(), np.cov(y[1:], y[:-1])[0, 1]
    variance = np.log1p(excess / y.mean() ** 2)
    assert found.sd == pytest.approx(np.sqrt(variance), rel=0.03)
    assert found.rho == pytest.approx(np.log1p(shared / y.mean() ** 2) / variance, abs=0.02)
    # Squared errors of 34 about a mean of 10 are 45 on three degrees of freedom: more than Poisson.
    few = fit_noise(
        pd.Series([14, 6, 11, 9]), pd.DataFrame({"const": np.ones(4)}), np.random.default_rng(8)
    )
    assert few.sd > 0.01
    steady = pd.Series([10, 11, 9, 10] * 10)
    least = fit_noise(steady, pd.DataFrame({"const": np.ones(40)}), np.random.default_rng(8))
    assert (least.rho, least.sd) == (0.0, pytest.approx(1e-3))


@pytest.mark.parametrize("zeros", [6, 7])
def test_a_fifth_of_zeros_is_borne_and_more_is_said(zeros):
    y = months(np.r_[np.zeros(zeros, dtype=int), 3 + np.arange(30 - zeros) % 5])
    for method in ("reml", "local level"):
        found = interrupted(y, "2016-06", harmonics=0, method=method).effect()
        assert bool(found.warnings) == (zeros == 7)
    # Counts made linear about their mean need no logarithm of y + 0.5.
    assert interrupted(y, "2016-06", harmonics=0).effect().warnings == ()


@pytest.mark.parametrize(
    ("steps", "slopes", "fits"),
    [
        ("2015-02", (), True),
        ("2015-01", (), False),
        ("2017-06", (), True),
        ("2017-07", (), False),
        ((), "2017-05", True),
        ((), "2017-06", False),
    ],
)
def test_a_step_needs_a_period_on_either_side_and_a_slope_two_after_it(counts, steps, slopes, fits):
    if fits:
        found = interrupted(counts, steps, slopes=slopes, harmonics=0)
        column = found.design[found.terms[0]]
        assert column.iloc[0] == 0 and column.iloc[-1] == 1
        assert column.sum() == {"2015-02": 29}.get(steps, 1)
    else:
        with pytest.raises(InputError, match="lies outside the series"):
            interrupted(counts, steps, slopes=slopes, harmonics=0)


@pytest.mark.parametrize("frequency", ["M", "Q"])
def test_seasonal_factors_are_those_of_a_sum_coded_quasi_poisson_with_students_t(frequency):
    index = pd.period_range("2016-01", periods=48, freq=frequency)
    y = pd.Series(np.random.default_rng(9).negative_binomial(9, 0.2, 48), index=index)
    season = index.month if frequency == "M" else index.quarter
    per = 12 if frequency == "M" else 4
    parts_of = np.vstack([np.eye(per - 1), -np.ones(per - 1)])
    years = pd.get_dummies(index.year, dtype=float).to_numpy()
    x = np.column_stack([years, parts_of[season - 1]])
    fit = sm.GLM(y.to_numpy(), x, family=sm.families.Poisson()).fit(scale="X2", tol=1e-12)
    contrast = np.column_stack([np.zeros((per, years.shape[1])), parts_of])
    log, spread = contrast @ fit.params, np.diag(contrast @ fit.cov_params() @ contrast.T)
    for level in (0.95, 0.8):
        reach = t.ppf(0.5 + level / 2, 48 - x.shape[1]) * np.sqrt(spread)
        found = seasonal_factors(y, level=level)
        assert found["ratio"].to_numpy() == pytest.approx(np.exp(log), rel=1e-5)
        assert found["low"].to_numpy() == pytest.approx(np.exp(log - reach), rel=1e-5)
        assert found["high"].to_numpy() == pytest.approx(np.exp(log + reach), rel=1e-5)


WINDOWS = [("2015-04", "2015-06"), ("2016-10", "2016-10")]
INSIDE = np.isin(np.arange(30), [3, 4, 5, 21]).astype(float)


@pytest.mark.parametrize("steps", [(), ["2017-01"]])
def test_a_pulse_is_the_dense_average_of_its_own_column(steps):
    """Where noise is small, counts made linear are their logarithms."""
    counts = months(Noise(0.5, 0.01).draw(np.full(30, 1e6), 1, np.random.default_rng(21))[0])
    base = design(30, 24, 1) if steps else design(30, 24, 1)[:, 1:]
    x = np.column_stack([INSIDE, base])
    contrast = np.eye(x.shape[1])[0]
    found = pulse(counts, WINDOWS, steps=steps, harmonics=1, level=0.9)
    expected = averaged(np.log(counts), x, contrast, remembered, POINTS, 0.9, PRIOR)
    assert told(found)[:3] == pytest.approx(as_ratio(expected)[:3], abs=3e-5)
    assert found.p == pytest.approx(expected[3], abs=0.01)
    assert (found.n, found.level) == (30, 0.9)


def test_a_pulse_is_ranked_among_all_the_places_that_its_windows_can_move_to(counts):
    base, logs = design(30, 0, 1)[:, 1:], np.log(counts.to_numpy() + 0.5)
    fits = [
        sm.OLS(logs, np.column_stack([np.roll(INSIDE, move), base])).fit() for move in range(30)
    ]
    # Less what the base explains the column has the squared length 1 / (X'X)^-1.
    scores = [abs(one.params[0]) / np.sqrt(one.normalized_cov_params[0, 0]) for one in fits]
    share = np.mean(np.array(scores[1:]) >= scores[0])
    found = pulse_rank(counts, WINDOWS, np.random.default_rng(1), harmonics=1, draws=4999)
    assert found.value == pytest.approx(np.exp(fits[0].params[0]))
    assert found.p == pytest.approx((1 + share * 4999) / 5000, abs=0.02) and found.low is None


def test_a_rank_counts_the_place_itself_so_that_no_p_is_below_one_in_the_draws_and_one():
    y = months(np.where(np.arange(30) == 12, 900, 50 + np.arange(30) % 3))
    found = pulse_rank(y, ("2016-01", "2016-01"), np.random.default_rng(1), harmonics=0, draws=99)
    assert found.p == pytest.approx(1 / 100)


def test_windows_may_fill_half_of_a_series_and_no_more(counts):
    assert pulse(counts, ("2015-01", "2016-03"), harmonics=0).n == 30
    with pytest.raises(InputError, match="16 of 30 periods"):
        pulse(counts, ("2015-01", "2016-04"), harmonics=0)


@pytest.mark.parametrize(
    ("level", "variances", "reach"),
    [
        (0.95, (1.0, 1.0), (12, 12)),
        (0.90, (1.0, 1.0), (8, 8)),
        (0.95, (2.0, 2.0), (23, 23)),
    ],
)
def test_a_date_is_as_sure_as_the_published_quantiles_say(level, variances, reach):
    """Quantiles 11.03 at 97.5 % and 7.69 at 95 % (Stryhn 1996); Bai (1997) has 11 and 7."""
    assert date_interval(50, 1.0, variances, level) == (50 - reach[0], 50 + reach[1])
    assert date_interval(50, 4.0, tuple(4 * one for one in variances), level) == (
        50 - reach[0],
        50 + reach[1],
    )


def test_the_side_that_varies_more_has_the_longer_end():
    # An unsteady regime before the break pulls the estimate into itself: the break may come later.
    low, high = date_interval(50, 1.0, (4.0, 1.0))
    assert high - 50 > 50 - low >= 1
    assert date_interval(50, 1.0, (1.0, 4.0)) == (100 - high, 100 - low)


def test_a_break_in_independent_months_is_judged_about_as_the_tabled_values_do():
    """8.68 is the 5 % value of the largest F for one mean and 15 % trimmed (Andrews 2003)."""
    generator = np.random.default_rng(2)
    noise = generator.normal(0, 1, 200)
    ps = {}
    for size in np.linspace(0.05, 0.6, 12):
        y = months(noise + size * (np.arange(200) >= 100))
        found = break_test(y, np.random.default_rng(3), draws=199, memory=False)
        ps[found.statistics["sup"]] = found.p["sup"]
    sizes = np.array(sorted(ps))
    at = np.interp(8.68, sizes, [ps[one] for one in sizes])
    assert 0.03 < at < 0.12


def test_the_f_of_a_break_is_that_of_a_regression_with_a_step(counts):
    logs = np.log(counts + 0.5)
    fixed = pd.DataFrame(design(30, 0, 1)[:, 2:], index=logs.index)
    found = break_test(logs, fixed=fixed, trim=0.2, memory=False)
    for place in (6, 15, 24):
        x = np.column_stack([np.arange(30) >= place, np.ones(30), fixed])
        fit = sm.OLS(logs.to_numpy(), x.astype(float)).fit()
        assert found.f[logs.index[place - 1]] == pytest.approx(fit.tvalues[0] ** 2)
    assert len(found.f) == 19 and found.p is None and found.n == 30
    best = int(found.f.to_numpy().argmax()) + 6
    x = np.column_stack([np.arange(30) >= best, np.ones(30), fixed]).astype(float)
    fit = sm.OLS(logs.to_numpy(), x).fit()
    variances = [np.square(one).mean() for one in (fit.resid[:best], fit.resid[best:])]
    low, high = date_interval(best, fit.params[0] ** 2, tuple(variances))
    index = logs.index
    assert (found.low, found.high) == (index[max(low, 1) - 1], index[min(high, 30) - 1])


def test_months_that_resemble_each_other_make_a_date_less_sure():
    generator, errors = np.random.default_rng(3), [0.0]
    for _ in range(119):
        errors.append(0.6 * errors[-1] + generator.normal(0, 0.2))
    y = months(np.array(errors) + 0.5 * (np.arange(120) >= 60))
    plain, carried = break_test(y, memory=False), break_test(y)
    best = int(plain.f.to_numpy().argmax()) + 18
    halves = [y[:best].to_numpy(), y[best:].to_numpy()]
    rest = np.concatenate([one - one.mean() for one in halves])
    rho, jump = rest[1:] @ rest[:-1] / (rest @ rest), halves[1].mean() - halves[0].mean()
    assert plain.rho == pytest.approx(rho) and rho > 0.3
    low, high = date_interval(best, jump**2, tuple(one.var() for one in halves))
    assert (plain.low, plain.high) == (y.index[low - 1], y.index[high - 1])
    assert carried.low <= y.index[59] <= carried.high
    assert carried.high.ordinal - carried.low.ordinal > 2 * (high - low)


def test_the_likeliest_neighbourhood_is_the_one_with_most_likelihood():
    index = pd.period_range("2000-01", periods=9, freq="M")
    f = pd.Series([1.0, 9.0, 1.0, 1.0, 1.0, 8.0, 8.5, 8.0, 1.0], index=index)
    found = Break(f, index[1], index[0], index[2], None, 0.0, 40)
    assert found.likely(1) == pd.Period("2000-08", "M") and found.likely(0) == pd.Period(
        "2000-03", "M"
    )
    assert found.date == pd.Period("2000-03", "M") and found.estimate("ave").value == f.mean()
    top = np.log(np.mean(np.exp(f / 2)))
    assert found.statistics == pytest.approx({"sup": 9.0, "ave": f.mean(), "exp": top})


def test_breaks_have_the_criterion_and_the_squared_error_of_separate_regressions():
    generator = np.random.default_rng(5)
    y = months(np.r_[generator.normal(0, 1, 25), generator.normal(3, 1, 25)])
    found = multiple_breaks(y, most=1, trim=0.2, memory=False)
    ends = found.dates["last"][0].ordinal - y.index[0].ordinal + 1
    halves = [y[:ends].to_numpy(), y[ends:].to_numpy()]
    rss = [y.var(ddof=0) * 50, sum(np.square(one - one.mean()).sum() for one in halves)]
    assert found.rss.tolist() == pytest.approx(rss)
    # Mean and variance are one regime's; each break adds a mean and a date.
    bic = [
        50 * (np.log(2 * np.pi * one / 50) + 1) + np.log(50) * (2 + 2 * number)
        for number, one in enumerate(rss)
    ]
    assert found.bic.tolist() == pytest.approx(bic) and found.number == 1
    variances = tuple(one.var() for one in halves)
    low, high = date_interval(ends, (halves[1].mean() - halves[0].mean()) ** 2, variances)
    shown = [one.ordinal - y.index[0].ordinal + 1 for one in found.dates.iloc[0]]
    assert shown == [ends, low, high]
    assert multiple_breaks(y, number=4, trim=0.2).number == 4
    with pytest.raises(InputError, match="5 breaks"):
        multiple_breaks(y, number=5, trim=0.2)
