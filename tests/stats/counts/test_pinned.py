"""Rates and count regressions: numbers by another route or as published, and their edges."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from numpy.linalg import inv, slogdet
from scipy.linalg import block_diag, toeplitz
from scipy.optimize import bisect, minimize_scalar
from scipy.special import zeta
from scipy.stats import binom, nbinom, t

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.stats.counts.dispersion import compound_inflation, dispersion, sum_inflation
from helpers.stats.counts.hurdle import fit_hurdle
from helpers.stats.counts.negbin import fit_negbin, fit_quasi_poisson, log_likelihood
from helpers.stats.counts.rates import rate_ratio, ratio_of_ratios, series_ratio
from helpers.stats.counts.tails import tail, worst_share

SATURATED = pytest.mark.filterwarnings("ignore")  # as many coefficients as counts: no error is left
AFTER, BEFORE = pd.Series([12, 30, 22, 41, 25, 33, 18]), pd.Series([10, 19, 8, 15, 21])


def told(found):
    return found.value, found.low, found.high, found.p


def glm(y, design, scale):
    return sm.GLM(y, design, family=sm.families.Poisson()).fit(scale=scale)


@SATURATED
@pytest.mark.parametrize(("level", "inflation"), [(0.95, 1), (0.90, 3)])
def test_a_wald_ratio_is_the_coefficient_of_a_poisson_regression(level, inflation):
    found = rate_ratio(30, 20, 2, 5, method="wald", inflation=inflation, level=level)
    fit = sm.GLM([30, 20], [[1, 1], [1, 0]], family=sm.families.Poisson(), exposure=[2, 5]).fit(
        scale=inflation
    )
    assert told(found)[:3] == pytest.approx(
        np.exp([fit.params[1], *fit.conf_int(1 - level)[1]]), rel=1e-5
    )
    assert found.p == pytest.approx(fit.pvalues[1], rel=1e-4)
    assert (found.n, found.level) == (50, level)


@pytest.mark.parametrize("inflation", [1, 3])
def test_a_score_interval_has_the_level_and_the_exposures_of_statsmodels(inflation):
    """A variance ``inflation`` times the mean is that of counts divided by it."""
    from statsmodels.stats.rates import confint_poisson_2indep, test_poisson_2indep

    found, given = rate_ratio(30, 20, 2, 5, inflation=inflation, level=0.8), [30 / inflation, 2]
    given += [20 / inflation, 5]
    ends = confint_poisson_2indep(*given, method="score", compare="ratio", alpha=0.2)
    assert (found.low, found.high) == pytest.approx(ends, rel=1e-6)
    assert found.p == pytest.approx(test_poisson_2indep(*given, method="score").pvalue)


def test_mid_p_takes_half_the_chance_of_what_was_seen():
    for after, share in ((11, 800 / 3811), (2, 800 / 3811)):
        found = rate_ratio(after, 32 - after, 800, 3011, method="midp")
        tails = [binom.sf(after, 32, share), binom.cdf(after - 1, 32, share)]
        assert found.p == pytest.approx(2 * (min(tails) + binom.pmf(after, 32, share) / 2))
    assert rate_ratio(4, 4, method="midp").p == 1


def test_exact_and_mid_p_have_an_end_in_closed_form_where_a_count_is_zero():
    """Of five events none falls in the later period: the tail is a power of the share."""
    found = rate_ratio(0, 5, method="exact")
    share = 1 - 0.025 ** (1 / 5)
    assert told(found) == pytest.approx((0, 0, share / (1 - share), 2 / 32))
    other = rate_ratio(5, 0, method="exact")
    assert (other.low, other.high) == pytest.approx(((1 - share) / share, math.inf))
    assert rate_ratio(0, 5, method="midp").low == 0
    assert rate_ratio(5, 0, method="midp").high == math.inf


@SATURATED
@pytest.mark.parametrize("inflation", [1, 4])
def test_a_ratio_of_ratios_is_the_interaction_of_a_saturated_regression(inflation):
    found = ratio_of_ratios(300, 100, 120, 80, inflation=inflation, level=0.9)
    design = [[1, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]]
    fit = glm([300, 100, 120, 80], design, inflation)
    assert told(found)[:3] == pytest.approx(
        np.exp([fit.params[3], *fit.conf_int(0.1)[3]]), rel=1e-5
    )
    assert found.p == pytest.approx(fit.pvalues[3], rel=1e-4)
    assert (found.n, found.level) == (600, 0.9)
    for place, name in enumerate(("later", "earlier", "other later", "other earlier")):
        given = [3, 3, 3, 3]
        given[place] = 0
        with pytest.raises(InputError, match=f"the {name} count is 0"):
            ratio_of_ratios(*given)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_a_ratio_of_series_is_quasi_poisson_with_students_t_on_n_less_two(level):
    y = np.r_[AFTER, BEFORE]
    fit = glm(y, np.column_stack([np.ones(12), np.arange(12) < 7]), "X2")
    reach = t.ppf(0.5 + level / 2, 10) * fit.bse[1]
    found = series_ratio(AFTER, BEFORE, level, memory=False)
    expected = np.exp([fit.params[1], fit.params[1] - reach, fit.params[1] + reach])
    assert told(found)[:3] == pytest.approx(expected, rel=1e-6)
    assert found.p == pytest.approx(2 * t.sf(fit.params[1] / fit.bse[1], 10), rel=1e-6)
    assert (found.n, found.level) == (12, level) and dispersion(AFTER, BEFORE) == pytest.approx(
        fit.scale
    )


def mixture(after, before):
    """Weights and standard errors of the log ratio over the grid, the covariance written out."""
    parts = [np.asarray(before, dtype=float), np.asarray(after, dtype=float)]
    scaled = np.concatenate([(one - one.mean()) / one.mean() ** 0.5 for one in parts])
    n, design = len(scaled), block_diag(*(np.ones((len(one), 1)) for one in parts))
    weights, errors = [], []
    for k in range(16):
        rho = 0.97 * (1 - (1 - (k + 0.5) / 16) ** (4 / 3))
        for noise in (0, 0.15, 0.3, 0.5, 0.7):
            blocks = [
                (1 - noise) * toeplitz(rho ** np.arange(len(one))) + noise * np.eye(len(one))
                for one in parts
            ]
            inverse = inv(block_diag(*blocks))
            middle = design.T @ inverse @ design
            rest = inverse - inverse @ design @ inv(middle) @ design.T @ inverse
            phi = scaled @ rest @ scaled / (n - 2)
            sizes = slogdet(block_diag(*blocks))[1] + slogdet(middle)[1]
            weights.append(np.exp(-0.5 * (n - 2) * np.log(phi) - 0.5 * sizes))
            spread = sum(
                block.sum() / len(one) ** 2 / one.mean() for block, one in zip(blocks, parts)
            )
            errors.append(np.sqrt(max(phi, 1) * spread))
    return np.array(weights) / sum(weights), np.array(errors), n - 2


@pytest.mark.parametrize(
    ("after", "before"),
    [
        ([40, 52, 61, 44, 30, 22, 35, 50], [20, 25, 31, 28, 17, 12]),
        ([9, 14, 22, 30, 35, 38, 44, 60, 71, 80], [5, 6, 9, 14, 16, 21, 25]),
    ],
)
def test_interval_and_p_are_those_of_the_written_out_mixture(after, before):
    weights, errors, degrees = mixture(after, before)

    def chance(distance):
        return weights @ (2 * t.sf(distance / errors, degrees))

    log = math.log(np.mean(after) / np.mean(before))
    reach = bisect(lambda distance: chance(distance) - 0.05, 1e-9, 50)
    found = series_ratio(pd.Series(after), pd.Series(before))
    expected = (*np.exp([log, log - reach, log + reach]), chance(abs(log)))
    assert told(found) == pytest.approx(expected, rel=1e-6)


def test_the_inflation_of_a_sum_is_the_variance_of_the_written_out_mixture():
    after, before = [40, 52, 61, 44, 30, 22, 35, 50], [20, 25, 31, 28, 17, 12, 19, 30]
    weights, errors, degrees = mixture(after, before)
    expected = weights @ errors**2 * degrees / (degrees - 2) / (1 / sum(after) + 1 / sum(before))
    found = sum_inflation(pd.Series(after), pd.Series(before))
    assert found == pytest.approx(expected, rel=1e-6)
    assert found > 2 * dispersion(pd.Series(after), pd.Series(before))


def test_series_without_variation_have_a_ratio_and_no_test():
    found = series_ratio(pd.Series([5, 5]), pd.Series([6, 6]), memory=False)
    assert told(found) == pytest.approx((5 / 6, 5 / 6, 5 / 6, None))
    assert "no variation" in found.warnings[0]


def test_dispersion_is_pooled_over_the_degrees_of_freedom_of_all_series():
    # Squared distances over the mean: 2/3 about 3, and 18/6 about 6, on one degree of freedom each.
    assert dispersion(pd.Series([2, 4]), pd.Series([3, 9])) == pytest.approx((2 / 3 + 3) / 2)
    assert compound_inflation(total=5, squares=5) == 1


def quine():
    table = pd.read_csv(paths.ROOT / "tests" / "data" / "quine.csv")
    design = pd.get_dummies(
        table[["Eth", "Sex", "Age", "Lrn"]].astype(str), drop_first=True, dtype=float
    )
    return table["Days"], design.assign(const=1.0)


@pytest.mark.parametrize(
    ("name", "log", "error", "p"),
    [("Eth_N", -0.56937, 0.15333, 0.000205), ("Age_F1", -0.44843, 0.23975, 0.061425)],
)
def test_the_ratios_of_quine_are_those_that_r_prints(name, log, error, p):
    """``glm.nb(Days ~ Eth + Sex + Age + Lrn)`` (Venables and Ripley 2002, 7.4)."""
    fit = fit_negbin(*quine())
    for level, z in ((0.95, 1.959964), (0.90, 1.644854)):
        found = fit.ratio(name, level)
        assert told(found) == pytest.approx(
            (*np.exp([log, log - z * error, log + z * error]), p), rel=2e-4, abs=1e-6
        )
    assert fit.deviance == pytest.approx(167.95, abs=0.005) and found.n == 146


def test_an_offset_is_the_exposure_of_the_maximum_that_statsmodels_finds():
    generator, months = np.random.default_rng(5), np.tile([1.0, 3.0, 6.0], 20)
    design = pd.DataFrame({"const": 1.0, "later": np.arange(60) >= 30}).astype(float)
    mean = np.exp(1 + 0.4 * design["later"]) * months
    y = pd.Series(generator.negative_binomial(2, 2 / (2 + mean)))
    fit = fit_negbin(y, design, np.log(months))
    other = sm.NegativeBinomial(y, design, exposure=months).fit(disp=0)
    assert [*fit.params, fit.alpha] == pytest.approx(other.params.tolist(), rel=1e-4)
    assert fit.llf == pytest.approx(other.llf, abs=1e-6)


def test_quasi_poisson_errors_are_widened_by_the_root_of_the_dispersion():
    y, design = quine()
    fit, plain = fit_quasi_poisson(y, design), glm(y, design, None)
    pearson = float((plain.resid_pearson**2).sum() / (146 - 7))
    assert fit.dispersion == pytest.approx(pearson)
    assert fit.bse["Sex_M"] == pytest.approx(plain.bse["Sex_M"] * math.sqrt(pearson), rel=1e-6)
    assert fit.alpha == 0 and fit.theta == math.inf


@pytest.mark.parametrize("alpha", [0.5, 1e-3, 2e-5])
def test_the_likelihood_is_that_of_scipy_on_both_sides_of_its_series(alpha):
    y, mean = np.array([0.0, 3, 40, 7]), np.array([0.5, 4.0, 30.0, 9.0])
    size = 1 / alpha
    expected = nbinom.logpmf(y, size, size / (size + mean)).sum()
    assert log_likelihood(y, mean, alpha) == pytest.approx(expected, abs=1e-7)


def test_the_first_part_of_a_hurdle_is_a_logistic_regression_with_its_wald_interval():
    generator = np.random.default_rng(3)
    design = pd.DataFrame({"const": 1.0, "later": np.arange(200) >= 120}).astype(float)
    y = pd.Series(generator.poisson(0.8, 200) * generator.integers(1, 4, 200))
    found = fit_hurdle(y, design).any.ratio("later", 0.9)
    fit = sm.Logit((y > 0).astype(float), design).fit(disp=0)
    ends = np.exp(fit.conf_int(0.1).loc["later"])
    assert told(found) == pytest.approx(
        (np.exp(fit.params["later"]), *ends, fit.pvalues["later"]), rel=1e-5
    )


def test_an_exponent_and_its_interval_are_those_of_the_likelihood_and_its_curvature():
    sizes = np.random.default_rng(4).zipf(2.5, 3000)
    part = sizes[sizes >= 3]
    found = tail(sizes, np.random.default_rng(5), start=3)

    def loss(exponent):
        return exponent * np.log(part).mean() + np.log(zeta(exponent, 3))

    best = minimize_scalar(loss, bounds=(1.1, 6), method="bounded").x
    curvature = (loss(best + 1e-3) - 2 * loss(best) + loss(best - 1e-3)) / 1e-6
    error = 1 / math.sqrt(len(part) * curvature)
    assert found.n_tail == found.exponent.n == len(part) and found.start == 3
    assert found.exponent.value == pytest.approx(best, abs=1e-3)
    assert found.exponent.low == pytest.approx(best - 1.96 * error, abs=0.35 * error)
    assert found.exponent.high == pytest.approx(best + 1.96 * error, abs=0.35 * error)


def test_fifty_events_are_enough_for_a_tail_and_forty_nine_are_not():
    sizes = [1, 2, 3, 4, 6] * 10
    assert tail([*sizes, 0, 0], np.random.default_rng(1), start=1).n_tail == 50
    with pytest.raises(InputError, match="49 events above 0"):
        tail(sizes[1:], np.random.default_rng(1), start=1)


def test_the_worst_twentieth_of_twenty_events_is_one_event():
    sizes = [1] * 19 + [81]
    found = worst_share(sizes, np.random.default_rng(1))
    # A draw misses the one large event in 36 of 100 cases, and then each holds a twentieth.
    # It holds most of the dead where it comes up once.
    assert (found.value, found.low, found.high, found.n) == (0.81, 0.05, 0.81, 20)
    assert worst_share(sizes, np.random.default_rng(1), worst=0.10).value == pytest.approx(0.82)
    for worst in (0, 1):
        with pytest.raises(InputError, match="between 0 and 1"):
            worst_share(sizes, np.random.default_rng(1), worst=worst)
