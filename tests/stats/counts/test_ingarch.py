"""Counts whose mean remembers: published fits, planted truth and what must be refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime, minimize
from scipy.stats import kstest, nbinom, poisson

from helpers.base.errors import InputError
from helpers.stats.counts.ingarch import _covariance, fit_ingarch
from helpers.stats.counts.ingarch_mean import Orders, mean_of
from helpers.stats.counts.interventions import intervention

# Campylobacter infections in the north of Quebec every 28 days, January 1990 to October 2000
# (Ferland, Latour and Oraichi 2006; ``campy`` in R's package tscount).
CAMPY = """
2 3 4 1 6 9 12 8 5 7 11 9 6 6 9 6 12 8 7 5 10 12 12 9 12 8 9 14 5 5 9 14 8 10 16 13 12 10 7 9 6
8 6 4 6 6 11 8 10 11 13 5 6 3 4 8 2 7 12 12 14 12 7 7 8 7 7 3 5 5 10 7 8 13 13 11 12 6 8 4 7 6 9
14 11 11 15 22 17 5 10 12 16 6 16 11 13 15 20 55 47 28 16 21 15 9 19 20 16 14 24 16 33 19 21 18
10 17 12 15 19 18 9 8 25 17 13 21 11 12 10 13 5 7 13 17 16 21 16 9
"""
NONE = np.empty((140, 0))


@pytest.fixture(scope="module")
def campy():
    y = pd.Series([int(one) for one in CAMPY.split()], index=range(1, 141))
    assert len(y) == 140 and y.mean() == pytest.approx(11.54286, abs=1e-5)
    assert y.var() == pytest.approx(53.24275, abs=1e-5)
    return y


# ``summary(tsglm(campy, list(past_obs = 1, past_mean = 1)))`` of tscount as a tutorial of 2026
# ("Count Time Series in R: INGARCH with tscount") prints it, identity link.
PRINTED = np.array([2.389, 0.518, 0.269])


def test_likelihood_and_errors_at_the_printed_estimates_are_those_of_tscount(campy):
    y = campy.to_numpy(float)
    mean, slopes = mean_of(PRINTED, y, NONE, Orders((1,), (1,), "identity"))
    assert poisson.logpmf(y, mean).sum() == pytest.approx(-436.7283, abs=0.02)
    errors = np.sqrt(np.diag(_covariance(mean, slopes, 0.0)))
    assert errors == pytest.approx([0.6162, 0.0595, 0.0853], rel=2e-3)
    size = 1 / 0.109
    assert nbinom.logpmf(y, size, size / (size + mean)).sum() == pytest.approx(-406.4186, abs=0.02)
    errors = np.sqrt(np.diag(_covariance(mean, slopes, 0.109)))
    assert errors == pytest.approx([0.969, 0.101, 0.139], rel=5e-3)


def test_the_fit_is_at_least_as_likely_as_that_of_tscount_and_close_to_it(campy):
    fit = fit_ingarch(campy, link="identity", family="poisson")
    assert -436.7283 < fit.llf < -436.4  # its barrier stops the search a little short
    assert (abs(fit.params.to_numpy() - PRINTED) < [0.31, 0.03, 0.043]).all()  # half an error
    spread = fit_ingarch(campy, link="identity")
    assert spread.params.to_numpy() == pytest.approx(fit.params.to_numpy())
    assert spread.alpha == pytest.approx(0.109, abs=0.004)


@pytest.mark.parametrize(
    ("options", "aic"),
    [
        ({}, 820.84),
        ({"past_means": (13,)}, 820.07),
        ({"past_means": (7,)}, 822.99),
        ({"past_counts": (1, 2)}, 823.05),
        ({"link": "log"}, 820.5),
    ],
)
def test_information_criteria_are_those_that_tscount_prints(campy, options, aic):
    assert fit_ingarch(campy, **{"link": "identity"} | options).aic == pytest.approx(aic, abs=0.2)


def test_the_next_mean_is_the_forecast_that_tscount_prints(campy):
    """``predict(n.ahead = 1)`` of the model with a season gives 10.51, short of the maximum."""
    fit = fit_ingarch(campy, past_means=(13,), link="identity")
    ahead = fit.params @ [1, campy.iloc[-1], fit.fitted.iloc[-13]]
    assert ahead == pytest.approx(10.51, abs=0.25)


def test_interventions_equal_a_likelihood_written_out(campy):
    """The shift of period 84 and the outbreak of period 100 (Fokianos and Fried 2010)."""
    design = pd.DataFrame(
        {
            "step": intervention(campy.index, 84),
            "outbreak": intervention(campy.index, 100, "pulse"),
        }
    )
    fit = fit_ingarch(campy, design, past_means=(13,), link="identity", family="poisson")
    y = campy.to_numpy(float)

    def loss(point):
        const, b, a, step, outbreak = np.exp(point)
        level, means = const / (1 - b - a) if b + a < 1 else np.inf, []
        for at in range(140):
            mean = const + b * (y[at - 1] if at else level)
            mean += a * (means[at - 13] if at >= 13 else level)
            means.append(mean + step * (at >= 83) + outbreak * (at == 99))
        return -poisson.logpmf(y, means).sum() if np.isfinite(level) else 1e9

    found = minimize(
        loss, np.log([3, 0.3, 0.3, 2, 30]), method="Nelder-Mead", options={"maxiter": 2000}
    )
    assert fit.llf == pytest.approx(-found.fun, abs=1e-2)
    assert fit.params.to_numpy() == pytest.approx(np.exp(found.x), rel=0.02)
    lasting = fit.long_run("step")
    assert lasting.value == pytest.approx(1 + fit.params["step"] / fit.params["const"])
    assert lasting.low > 1 and fit.coefficient("outbreak").value == pytest.approx(42, abs=1)


@pytest.mark.parametrize("link", ["identity", "log"])
def test_derivatives_are_those_of_differences(campy, link):
    orders = Orders((1, 3), (2,), link)
    y, matrix = campy.to_numpy(float)[:30], np.linspace(0, 1, 30)[:, None]
    point = np.array([0.9, 0.2, 0.1, 0.3, 0.4])
    _, slopes = mean_of(point, y, matrix, orders)
    numeric = approx_fprime(point, lambda x: mean_of(x, y, matrix, orders)[0], 1e-7)
    assert slopes == pytest.approx(numeric, rel=1e-4, abs=1e-4)


@pytest.fixture(scope="module")
def planted(campy):
    """A log-linear fit whose step doubles the level in the long run."""
    step = pd.DataFrame({"step": intervention(pd.RangeIndex(140), 90)})
    fit = fit_ingarch(campy.set_axis(range(140)), step)
    fit.params[:] = [0.6, 0.3, 0.3, 0.4 * np.log(2)]
    return fit, step


def test_a_planted_doubling_is_held_and_no_step_is_seldom_found(planted):
    model, step = planted
    generator, hits, found = np.random.default_rng(1), [], []
    paths = model.simulate(generator, step, 24)
    still = model.simulate(generator, step * 0, 24)
    for path, quiet in zip(paths, still):
        lasting = fit_ingarch(pd.Series(path), step).long_run("step")
        hits.append(lasting.low <= 2.05 <= lasting.high)  # ln(y + 1) makes it a little more than 2
        found.append(fit_ingarch(pd.Series(quiet), step).ratio("step").p < 0.05)
    assert np.mean(hits) >= 0.8 and np.mean(found) <= 0.2


def test_simulated_paths_have_the_stated_level_variance_and_memory(campy):
    fit = fit_ingarch(campy, link="identity")
    fit.params[:] = [3.0, 0.4, 0.3]
    path = fit.simulate(np.random.default_rng(2), draws=400)
    assert path.mean() == pytest.approx(10, rel=0.05)
    after = path[:, 40:]
    assert (after[:, 1:] * after[:, :-1]).mean() - after.mean() ** 2 > 3
    assert after.var() > 1.5 * after.mean()


def test_residuals_are_standard_normal_where_the_family_is_right_and_not_where_it_is_not(planted):
    model, step = planted
    spread = replace(model, alpha=0.3)
    y = pd.Series(spread.simulate(np.random.default_rng(3), step)[0])
    right = fit_ingarch(y, step).residuals(np.random.default_rng(4))
    wrong = fit_ingarch(y, step, family="poisson").residuals(np.random.default_rng(4))
    assert kstest(right, "norm").pvalue > 0.05 and right.std() == pytest.approx(1, abs=0.2)
    assert wrong.std() > 1.3 * right.std()


def test_counts_without_memory_are_a_sample_with_its_mean():
    y = pd.Series([2, 4, 6, 4, 3, 5])
    fit = fit_ingarch(y, past_counts=(), past_means=(), link="identity", family="poisson")
    assert fit.params["const"] == pytest.approx(4) and fit.persistence().value == 0
    assert fit.cov.loc["const", "const"] == pytest.approx(4 / 6)


def test_a_ratio_at_once_and_in_the_long_run(planted):
    model, _ = planted
    assert model.ratio("step").value == pytest.approx(2**0.4)
    assert model.long_run("step").value == pytest.approx(2)
    assert model.persistence().value == pytest.approx(0.6)
    # The delta method by differences of the parameters.
    slope = approx_fprime(
        model.params.to_numpy(), lambda x: np.log(np.exp(x[3] / (1 - x[1] - x[2]))), 1e-7
    )
    error = np.sqrt(slope @ model.cov.to_numpy() @ slope)
    found = model.long_run("step", 0.9)
    assert np.log(found.high / found.value) == pytest.approx(1.644854 * error, rel=1e-4)


def test_what_the_model_cannot_say_is_said(campy):
    trending = pd.Series(np.arange(1, 61))
    assert "hardly returns" in " ".join(fit_ingarch(trending).warnings)
    even = pd.Series([5, 6, 5, 4, 5, 6, 5, 4] * 4)
    assert "Poisson errors" in " ".join(fit_ingarch(even).warnings)
    falling = pd.DataFrame({"step": (np.arange(140) < 100).astype(float)})
    said = fit_ingarch(campy[::-1].reset_index(drop=True), 1 - falling, link="identity").warnings
    assert any("border of the identity link" in one for one in said)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"link": "sqrt"}, "link is 'sqrt'"),
        ({"family": "zip"}, "family is 'zip'"),
        ({"past_counts": (0,)}, "past_counts"),
        ({"past_counts": 1}, "past_counts"),
        ({"past_counts": ("x",)}, "past_counts"),
        ({"past_counts": (1, 1)}, "twice"),
        ({"past_means": (90,)}, "past_means"),
        ({"past_counts": ()}, "remember nothing"),
        ({"design": pd.DataFrame({"const": np.ones(140)})}, "names itself"),
        ({"design": pd.DataFrame({"x": np.ones(140)})}, "not independent"),
        ({"design": pd.DataFrame({"x": np.ones(20)})}, "20"),
        ({"design": np.ones((140, 1))}, "expected a pandas.DataFrame"),
        ({"design": pd.DataFrame({"x": np.arange(140.0)}, range(140)[::-1])}, "different labels"),
        ({"design": pd.DataFrame({"x": -np.arange(140.0)}), "link": "identity"}, "below 0"),
    ],
)
def test_wrong_models_are_refused(campy, options, said):
    with pytest.raises(InputError, match=said):
        fit_ingarch(campy.reset_index(drop=True), **options)


def test_wrong_counts_and_names_are_refused(campy):
    for wrong in ([0] * 20, [1.5] * 20, [-1] * 20, [1, 2], ["a"] * 20):
        with pytest.raises(InputError):
            fit_ingarch(pd.Series(wrong))
    fit = fit_ingarch(campy)
    for ask in (fit.ratio, fit.long_run):
        with pytest.raises(InputError, match="no column"):
            ask("const")
    with pytest.raises(InputError, match="no coefficient"):
        fit.coefficient("step")
    with pytest.raises(InputError, match="level is 95"):
        fit.persistence(95)
    with pytest.raises(InputError, match="default_rng"):
        fit.residuals(7)
    step = pd.DataFrame({"step": intervention(campy.index, 84)})
    with pytest.raises(InputError, match="identity"):
        fit_ingarch(campy, step, link="identity").ratio("step")
    with pytest.raises(InputError, match="lacks the column"):
        fit_ingarch(campy, step).simulate(np.random.default_rng(1), pd.DataFrame({"x": [1.0]}))
