"""Interrupted series: likelihoods checked by another way, planted effects recovered, placebo ranks,
and what is refused.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import toeplitz
from statsmodels.datasets import nile

from helpers.base.errors import InputError
from helpers.stats.months.counterfactual import counterfactual
from helpers.stats.months.gls import fit_gls
from helpers.stats.months.interrupted import interrupted
from helpers.stats.months.local_level import fit_local_level
from helpers.stats.months.noise import Noise, fit_noise
from helpers.stats.trust.placebo import placebo_in_time

METHODS = ["memory", "reml", "bootstrap", "local level", "hac", "hc", "quasi"]


def months(values, first="2015-01"):
    return pd.Series(values, index=pd.period_range(first, periods=len(values), freq="M"))


def wandering(generator, before=90, after=12, ratio=1.0, mean=80.0):
    means = np.r_[np.full(before, mean), np.full(after, mean * ratio)]
    return months(Noise(0.5, 0.23).draw(means, 1, generator)[0])


def test_the_local_level_of_the_nile_is_that_of_the_textbook():
    fit = fit_local_level(nile.load_pandas().data["volume"])
    assert fit.irregular == pytest.approx(15099, abs=1)
    assert fit.level == pytest.approx(1469, abs=1)


def test_reml_equals_the_likelihood_written_out():
    """At the estimate the dense restricted likelihood (Harville 1974) has its maximum, and its
    coefficients agree.
    """
    generator = np.random.default_rng(2)
    x = np.column_stack([np.ones(50), np.arange(50.0), np.arange(50) >= 30])
    errors = np.linalg.cholesky(0.6 ** toeplitz(np.arange(50))) @ generator.standard_normal(50)
    y = x @ [1, 0.02, 0.5] + errors
    fit = fit_gls(pd.Series(y), pd.DataFrame(x, columns=["const", "trend", "step"]))

    def dense(rho):
        covariance = rho ** toeplitz(np.arange(50)) / (1 - rho**2)
        gls = sm.GLS(y, x, sigma=covariance).fit()
        rss = gls.resid @ np.linalg.solve(covariance, gls.resid)
        half = (
            np.linalg.slogdet(covariance)[1]
            + np.linalg.slogdet(x.T @ np.linalg.solve(covariance, x))[1]
        )
        return -0.5 * (47 * np.log(rss) + half), gls.params

    best, params = dense(fit.rho)
    assert fit.params.to_numpy() == pytest.approx(params, rel=1e-8)
    assert all(best > dense(fit.rho + shift)[0] for shift in (-0.01, 0.01))


@pytest.mark.parametrize("method", METHODS)
def test_planted_steps_and_slopes_are_recovered(method):
    generator = np.random.default_rng(8)
    time = np.arange(120)
    means = 400 * np.exp(
        0.004 * time
        + 0.3 * np.sin(2 * np.pi * time / 12)
        + np.where(time >= 60, np.log(0.6), 0)
        + 0.03 * np.maximum(time - 90, 0)
    )
    y = months(generator.poisson(means))
    found = interrupted(y, y.index[60], slopes=y.index[90], method=method, generator=generator)
    assert found.terms == ("step 2020-01", "slope 2022-07")
    assert found.effect().low < 0.6 < found.effect().high and found.effect().p < 0.05
    later = found.effect({"slope 2022-07": 12})
    assert later.low < np.exp(0.36) < later.high
    assert found.effects()["ratio"].tolist() == pytest.approx([0.6, np.exp(0.03)], rel=0.15)


def test_a_control_that_moves_with_the_series_takes_its_movement_out():
    generator = np.random.default_rng(3)
    control = pd.Series(
        np.cumsum(generator.normal(0, 0.2, 100)),
        index=months(np.zeros(100)).index,
        name="neighbour",
    )
    y = months(generator.poisson(200 * np.exp(control + np.where(np.arange(100) >= 90, -0.3, 0))))
    plain, controlled = (
        interrupted(y, y.index[90], controls=given).effect() for given in (None, control)
    )
    assert controlled.low < np.exp(-0.3) < controlled.high
    assert np.log(controlled.high / controlled.low) < np.log(plain.high / plain.low) / 2


def test_quarters_and_years_work_too():
    generator = np.random.default_rng(5)
    for letter, count in (("Q", 60), ("Y", 30)):
        index = pd.period_range("1990", periods=count, freq=letter)
        y = pd.Series(
            generator.poisson(np.where(np.arange(count) < count // 2, 900, 400)), index=index
        )
        effect = interrupted(y, str(index[count // 2])).effect()
        assert effect.value == pytest.approx(400 / 900, rel=0.25) and effect.high < 0.9


def test_noise_is_recovered_where_residuals_alone_would_understate_it():
    generator, found = np.random.default_rng(1), []
    design = pd.DataFrame({"const": 1.0, "trend": np.arange(60.0)})
    for _ in range(30):
        y = pd.Series(Noise(0.6, 0.3).draw(np.full(60, 90.0), 1, generator)[0])
        noise = fit_noise(y, design, generator, draws=99)
        found.append((noise.rho, noise.sd))
    rho, sd = np.median(found, axis=0)
    assert rho == pytest.approx(0.6, abs=0.1) and sd == pytest.approx(0.3, abs=0.05)


def test_a_counterfactual_holds_the_sum_that_is_missing_and_finds_a_large_one():
    """A year's sum may be halved by a level that wanders, which the errors now allow for."""
    y = wandering(np.random.default_rng(12), ratio=0.5)
    found = counterfactual(y, y.index[90], np.random.default_rng(0))
    ratio, less = found.ratio(), found.cumulative()
    assert ratio.low < 0.5 < ratio.high and less.low < -480 < less.high
    assert found.table().columns.tolist()[-1] == "observed" and len(found.table()) == 12
    y = wandering(np.random.default_rng(12), ratio=0.15)
    found = counterfactual(y, y.index[90], np.random.default_rng(0))
    assert found.ratio().low < 0.15 < found.ratio().high < 1 and found.ratio().p < 0.05
    assert found.cumulative().high < 0
    with pytest.raises(InputError, match="level is 95"):
        found.ratio(95)


def test_placebo_dates_rank_a_real_step_first_and_an_absent_one_anywhere():
    ranks = []
    for seed in range(60):
        ranks.append(placebo_in_time(wandering(np.random.default_rng(seed)), "2022-07").effect().p)
    assert 0 <= np.mean(np.array(ranks) <= 0.1) <= 0.2 and np.mean(ranks) == pytest.approx(
        0.5, abs=0.12
    )
    found = placebo_in_time(wandering(np.random.default_rng(4), ratio=0.4), "2022-07")
    assert found.effect().p == pytest.approx(found.smallest_p) and found.effect().value < 0.6
    assert found.effect().low is None


def test_the_same_seed_gives_the_same_bootstrap_and_another_does_not():
    y = wandering(np.random.default_rng(6))
    one, two, three = (
        interrupted(
            y, "2022-07", method="bootstrap", generator=np.random.default_rng(seed)
        ).effect()
        for seed in (1, 1, 2)
    )
    assert one == two and one != three


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("change", "steps", "words"),
    [
        (lambda y: y * 0, "2022-07", "only zeros"),
        (lambda y: y[:1], "2015-01", "observations: expected at least"),
        (lambda y: y[:90], "2022-07", "lies outside the series"),
        (lambda y: y, "2031-01", "lies outside the series"),
        (lambda y: y, "soon", "is not a date"),
        (lambda y: y, ["2022-07", "2022-07"], "is given twice"),
        (lambda y: y, [], "no step and no slope"),
        (lambda y: y.where(y.index != y.index[4]), "2022-07", "is not a whole number"),
        (lambda y: y[::-1], "2022-07", "is not later"),
        (lambda y: y.drop(y.index[7]), "2022-07", "no observation follows"),
        (lambda y: months(np.where(np.arange(102) < 90, 5, 9)), "2022-07", "no error is left"),
    ],
)
def test_what_has_no_answer_is_refused_in_a_sentence(method, change, steps, words):
    generator = np.random.default_rng(4)
    harmonics = 0 if words == "no error is left" else 2
    with pytest.raises(InputError, match=words):
        interrupted(
            change(wandering(generator)),
            steps,
            method=method,
            generator=generator,
            harmonics=harmonics,
        ).effect()


def test_options_that_do_not_exist_are_refused():
    y = wandering(np.random.default_rng(4))
    with pytest.raises(
        InputError, match="expected one of memory, reml, bootstrap, local level, hac"
    ):
        interrupted(y, "2022-07", method="newey-west")
    with pytest.raises(InputError, match="did you mean 'step 2022-07'"):
        interrupted(y, "2022-07").effect("step 2022-08")
    with pytest.raises(InputError, match="the controls have no row for 2015-01"):
        interrupted(
            y,
            "2022-07",
            controls=pd.Series([1.0], index=pd.period_range("2001-01", periods=1, freq="M")),
        )
    with pytest.raises(InputError, match=r"expected numpy.random.default_rng"):
        interrupted(y, "2022-07", method="bootstrap", generator=7)
    with pytest.raises(InputError, match="no date before"):
        placebo_in_time(y[80:], "2022-07")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(0, 10**9) | st.sampled_from([0, 1, 10**9]), min_size=1, max_size=60),
    st.integers(-3, 70),
    st.sampled_from(METHODS),
)
def test_any_counts_give_a_finite_answer_or_a_sentence(values, at, method):
    y = months(values)
    try:
        found = interrupted(
            y,
            y.index[0] + at,
            harmonics=1,
            method=method,
            generator=np.random.default_rng(0),
            draws=39,
        ).effect()
    except InputError as error:
        assert str(error)
        return
    assert np.isfinite([found.value, found.low, found.high, found.p]).all()
    assert found.low <= found.high and 0 <= found.p <= 1
