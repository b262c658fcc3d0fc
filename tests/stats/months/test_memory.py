"""Errors that remember: likelihoods written out, published variances, size in worlds not assumed.

The dense covariances below are those of the definitions: an ARMA(1,1) by its recursion, a local
level by its cumulative sum, so that no formula of the module is used twice.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.datasets import nile
from statsmodels.tsa.arima_process import ArmaProcess

from helpers.base.errors import InputError
from helpers.stats.months.count_regression import CountRegression
from helpers.stats.months.forms import INDEPENDENT, LEVEL, POINTS, PRIOR, unforeseen
from helpers.stats.months.interrupted import StepInMany, interrupted
from helpers.stats.months.local_level import fit_local_level
from helpers.stats.months.memory import fit_memory, fit_memory_counts, fit_memory_ratio
from helpers.stats.months.noise import Noise, Walk
from helpers.stats.trust.calibration import Scenario
from helpers.stats.trust.power import rejections


def dense(rho, theta, n):
    """Covariance of n errors with innovations of unit variance, from the definition."""
    if rho == 1:
        walk = np.tril(np.ones((n, n)), -1)  # the first level is the constant's
        return (1 - theta) ** 2 * walk @ walk.T + theta * np.eye(n)
    shared = ArmaProcess([1, -rho], [1, -theta]).acovf(n)
    return shared[np.abs(np.subtract.outer(np.arange(n), np.arange(n)))]


def columns(n, at):
    time = np.arange(n)
    waves = [np.sin(2 * np.pi * time / 12), np.cos(2 * np.pi * time / 12)]
    table = np.column_stack([time >= at, np.ones(n), time + 1, *waves])
    return pd.DataFrame(table, columns=["step", "const", "trend", "sin", "cos"], dtype=float)


def wandering(n=80, seed=3):
    generator = np.random.default_rng(seed)
    return pd.Series(0.1 * generator.standard_normal(n).cumsum() + generator.normal(0, 0.2, n))


def restricted(y, x, covariance):
    """The restricted likelihood (Harville 1974) up to a constant, and least squares with it."""
    fit = sm.GLS(y, x, sigma=covariance).fit()
    rss = fit.resid @ np.linalg.solve(covariance, fit.resid)
    sizes = np.linalg.slogdet(covariance)[1]
    sizes += np.linalg.slogdet(x.T @ np.linalg.solve(covariance, x))[1]
    return -0.5 * ((len(y) - x.shape[1]) * np.log(rss) + sizes), fit


def test_each_form_has_the_likelihood_and_the_estimates_written_out():
    y, design = wandering(), columns(80, 62)
    fit, x = fit_memory(y, design), design.to_numpy()
    found = [restricted(y.to_numpy(), x, dense(*point, 80)) for point in POINTS]
    logs = np.array([one[0] for one in found])
    assert fit.profile.llf - fit.profile.llf.max() == pytest.approx(logs - logs.max(), abs=1e-6)
    assert fit.profile.params == pytest.approx(np.array([one[1].params for one in found]), abs=1e-7)
    weights = np.exp(logs - logs.max()) * PRIOR
    value = weights @ [one[1].params[0] for one in found] / weights.sum()
    assert fit.effect("step").value == pytest.approx(value, rel=1e-6)
    best = found[int(logs.argmax())][1]
    assert fit.sigma**2 == pytest.approx(best.scale, rel=1e-6)
    assert np.diag(fit.cov) == pytest.approx(np.diag(best.cov_params()), rel=1e-6)


def test_the_prior_is_a_share_of_each_kind_of_memory():
    assert PRIOR.sum() == pytest.approx(1)
    assert PRIOR[POINTS[:, 0] == 1].sum() == pytest.approx(LEVEL)
    assert PRIOR[POINTS[:, 0] == 0].sum() == pytest.approx(INDEPENDENT)
    assert (POINTS[:, 1] <= POINTS[:, 0]).all() and (
        POINTS >= 0
    ).all()  # memory, never its opposite


@pytest.mark.parametrize("at", [4, 18, 30])
def test_a_stationary_form_has_statsmodels_exact_likelihood(at):
    """The innovations' squares and the log determinant are those of its Kalman filter."""
    rho, theta = POINTS[at]
    y = wandering().to_numpy()
    model = sm.tsa.SARIMAX(y, order=(1, 0, 1), trend="n")
    expected = model.loglike([rho, -theta, 0.04])
    covariance = dense(rho, theta, 80) * 0.04
    alone = unforeseen(y, rho, theta)
    logs = np.linalg.slogdet(covariance)[1] + 80 * np.log(2 * np.pi) + alone @ alone / 0.04
    assert -0.5 * logs == pytest.approx(expected, rel=1e-8)


def test_a_local_level_has_the_profile_likelihood_of_the_textbook_and_the_niles_variances():
    """Variances of 15099 and 1469 (Durbin and Koopman 2012, 2.1): a theta of .733."""
    flow = nile.load_pandas().data["volume"]
    signal = 1469 / 15099
    theta = 1 + signal / 2 - np.sqrt(signal + signal**2 / 4)
    const = pd.DataFrame({"const": np.ones(100)})
    fit, level = fit_memory(flow, const), POINTS[:, 0] == 1
    likely = POINTS[level][fit.profile.llf[level].argmax(), 1]
    assert abs(likely - theta) <= 1 / 24 + 1e-9  # the nearest of twelve
    assert fit_local_level(flow).llf >= fit.profile.llf[level].max()
    at = np.flatnonzero(level & (POINTS[:, 1] == likely))[0]
    model = sm.tsa.UnobservedComponents(flow.to_numpy(), "llevel")

    def profiled(point):
        ratio = (1 - point) ** 2 / point
        scale = fit.profile.rss[np.flatnonzero(level & (POINTS[:, 1] == point))[0]] / 99
        return model.loglike([scale * point, scale * point * ratio])

    other = POINTS[level][3, 1]
    far = np.flatnonzero(level & (POINTS[:, 1] == other))[0]
    difference = fit.profile.llf[at] - fit.profile.llf[far]
    assert difference == pytest.approx(profiled(likely) - profiled(other), abs=0.02)


@pytest.mark.parametrize(("length", "longer"), [(24, 64), (63, 65), (128, 130)])
def test_a_series_is_fitted_alike_whatever_lengths_were_fitted_before(length, longer):
    y, design = wandering(length), columns(length, length - 5)
    alone = fit_memory(y, design).effect("step")
    fit_memory(wandering(longer), columns(longer, longer - 5))
    x = design.to_numpy()
    again = fit_memory(y, design)
    assert again.effect("step") == alone
    _, fit = restricted(y.to_numpy(), x, dense(again.rho, again.theta, length))
    assert again.params.to_numpy() == pytest.approx(fit.params, abs=1e-7)


def counted(number, mean=20.0, seed=5, before=60, after=12):
    means = np.full(before + after, mean)
    return Noise(0.6, 0.3).draw(means, number, np.random.default_rng(seed)).T


@pytest.mark.parametrize("mean", [2.0, 20.0, 400.0])
def test_many_series_are_tested_as_each_alone(mean):
    values, design = counted(6, mean), columns(72, 60)
    many = CountRegression(design.to_numpy()).tests(values, np.eye(5)[0])
    for place in range(6):
        one = fit_memory_counts(pd.Series(values[:, place]), design).effect("step")
        assert (many[0][place], many[1][place]) == pytest.approx((one.value, one.p), rel=1e-7)
    shifted = CountRegression(design.to_numpy()).tests(values, np.eye(5)[0], at=many[0][0])[1]
    assert shifted[0] > 0.8 and not np.allclose(shifted, many[1])


def test_a_fit_does_not_depend_on_the_order_of_columns_or_the_direction_of_a_control():
    y, design = pd.Series(counted(1)[:, 0]), columns(72, 60)
    control = np.random.default_rng(9).standard_normal(72).cumsum()
    one = fit_memory_counts(y, design.assign(control=control))
    other = fit_memory_counts(y, design.assign(control=3 - 2 * control).iloc[:, ::-1])
    for mine, its, factor in (("step", "step", 1), ("control", "control", -2)):
        got, same = one.effect(mine), other.effect(its)
        ends = sorted([factor * same.low, factor * same.high])
        assert (got.value, got.low, got.high) == pytest.approx(
            (factor * same.value, *ends), abs=1e-6
        )
        assert got.p == pytest.approx(same.p, abs=1e-6)


def test_ten_times_as_many_counts_say_the_same_where_they_are_many():
    y, design = pd.Series(counted(1, 900.0)[:, 0]), columns(72, 60)
    one, ten = (fit_memory_counts(y * factor, design).effect("step") for factor in (1, 10))
    assert one.value == pytest.approx(ten.value, abs=0.005)
    assert one.high - one.low == pytest.approx(ten.high - ten.low, rel=0.03)


def test_counts_made_linear_are_less_biased_than_logarithms():
    """At a mean of 2 a halved rate looks like .6 by ln(y + .5)."""
    design = columns(120, 90)[["step", "const"]]
    means = np.where(np.arange(120) >= 90, 1.0, 2.0)
    values = Noise(0.5, 0.1).draw(means, 200, np.random.default_rng(2)).T
    found = CountRegression(design.to_numpy()).tests(values, np.array([1.0, 0]))[0]
    logs = np.linalg.lstsq(design.to_numpy(), np.log(values + 0.5), rcond=None)[0][0]
    assert np.exp(np.median(found)) == pytest.approx(0.5, abs=0.06)
    assert np.exp(np.median(logs)) > 0.56


def test_the_sampling_of_counts_is_counted_once():
    """About one level the scale of the regression holds it; more is added where levels differ."""
    y, const = pd.Series(np.random.default_rng(5).poisson(50, 96)), pd.DataFrame({"c": [1.0] * 96})
    fit = fit_memory_counts(y, const)
    plain = fit_memory(pd.Series(fit.outcome), const).effect("c")
    found = fit.effect("c")
    assert found.high - found.low == pytest.approx(plain.high - plain.low, rel=0.02)
    few = y.where(y.index < 86, y // 10)
    design = const.assign(step=(y.index >= 86).astype(float))
    fit = fit_memory_counts(few, design)
    plain = fit_memory(pd.Series(fit.outcome), design).effect("step")
    found = fit.effect("step")
    assert found.high - found.low > 1.2 * (plain.high - plain.low)


def test_an_exposure_moves_the_level_and_not_the_errors():
    y, design = pd.Series(counted(1, 300.0)[:, 0]), columns(72, 60)
    plain = fit_memory_counts(y, design)
    doubled = fit_memory_counts(y, design, np.full(72, np.log(2)))
    assert plain.params["const"] - doubled.params["const"] == pytest.approx(np.log(2))
    assert plain.effect("step").p == pytest.approx(doubled.effect("step").p)
    with pytest.raises(InputError, match="72 periods and the offset 3"):
        fit_memory_counts(y, design, np.zeros(3))


def test_what_both_series_share_falls_out_of_their_ratio():
    generator, design = np.random.default_rng(4), columns(72, 60)
    shared = np.exp(np.cumsum(generator.normal(0, 0.2, 72)))
    one, other = (pd.Series(generator.poisson(2000 * shared)) for _ in range(2))
    ratio = fit_memory_ratio(one, other, design).effect("step")
    alone = fit_memory_counts(one, design).effect("step")
    back = fit_memory_ratio(other, one, design).effect("step")
    assert ratio.high - ratio.low < (alone.high - alone.low) / 3 and ratio.p > 0.05
    assert (back.value, back.p) == pytest.approx((-ratio.value, ratio.p))
    with pytest.raises(InputError, match="72 periods and the comparison 70"):
        fit_memory_ratio(one, other[:70], design)


def test_innovations_are_the_errors_in_directions_in_which_they_are_independent():
    fit = fit_memory(wandering(), columns(80, 62))
    root = np.linalg.cholesky(dense(fit.rho, fit.theta, 80))
    assert fit.theta > 0.1
    assert fit.innovations == pytest.approx(np.linalg.solve(root, fit.errors) / fit.sigma)


def test_simulated_paths_go_on_from_the_errors_observed():
    """A level that wandered off stays away; months of mere noise return at once."""
    generator, const = np.random.default_rng(7), pd.DataFrame({"const": np.ones(96)})
    later = const[:6]
    walk = pd.Series(generator.standard_normal(96).cumsum())
    noise = pd.Series(np.r_[generator.standard_normal(94), 6.0, 6.0])
    ends = []
    for y in (walk, noise):
        paths = fit_memory(y, const).simulate(later, 2000, np.random.default_rng(1))
        ends.append(np.median(paths[:, 0]))
    assert abs(ends[0] - walk.iloc[-1]) < 1 < abs(ends[0] - walk.mean()) and ends[1] < 3


STILL = [
    Scenario("AR .5", Noise(0.5, 0.23), 114, 6),
    Scenario("AR .95 and noise", Noise(0.95, 0.384, 0.3), 102, 18),
    Scenario("random walk, mean 10", Walk(0.1), 102, 18, mean=10),
    Scenario("doubled before", Noise(0.5, 0.23), 102, 18, shift=2.0),
]


@pytest.mark.parametrize("kind", STILL, ids=lambda kind: kind.name)
def test_a_true_null_is_rejected_about_as_often_as_it_is_said(kind):
    world = kind.world()
    found = rejections(StepInMany(world.at), world.draw, 1.0, np.random.default_rng(11))
    assert 0.02 <= found.rejects / found.series <= 0.09 and found.failed == 0


def test_an_autoregression_alone_is_not_held_by_a_level_that_wanders_under_noise():
    """The test that the average replaced: in the same world, more than one in eight."""
    world = STILL[1].world()

    def reml(series, own):
        return interrupted(series, world.at, method="reml").effect()

    found = rejections(reml, world.draw, 1.0, np.random.default_rng(11), series=200)
    assert found.rejects / found.series > 0.12


@pytest.mark.parametrize("kind", STILL[1:3], ids=lambda kind: kind.name)
@pytest.mark.parametrize("ratio", [0.6, 2.0])
def test_nine_in_ten_intervals_hold_a_planted_ratio(kind, ratio):
    world = kind.world()
    found = rejections(StepInMany(world.at), world.draw, ratio, np.random.default_rng(12))
    assert found.covered / found.series >= 0.90


def test_a_step_is_found_where_months_do_not_remember():
    world = Scenario("independent", Noise(0.0, 0.2), 102, 18).world()
    found = rejections(StepInMany(world.at), world.draw, 0.6, np.random.default_rng(13), series=100)
    assert found.rejects > 80


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda y, x: (y, x.assign(again=x["step"])), "not independent"),
        (lambda y, x: (y.where(y.index != 4), x), "observation 5"),
        (lambda y, x: (y[:6], x[:6]), "cannot carry"),
        (lambda y, x: (x["trend"], x), "no error is left"),
        (lambda y, x: (y[:-1], x), "79 rows and the design 80"),
    ],
)
def test_what_has_no_answer_is_refused(change, words):
    y, x = change(wandering(), columns(80, 62))
    with pytest.raises(InputError, match=words):
        fit_memory(y, x)
