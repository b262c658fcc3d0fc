"""The state space model of counts: its likelihood by brute force, its memory and its noise."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom

from helpers.base.errors import InputError
from helpers.stats.forecast import state_space
from helpers.stats.forecast.models import MODELS
from helpers.stats.forecast.state_space import ALPHA, RHO, SIGMA, fit_state_space


def latent(generator, n, memory, steps, mean, noise=0.0):
    state = np.empty(n)
    state[0] = generator.normal(0, steps / np.sqrt(1 - memory**2))
    for month in range(1, n):
        state[month] = memory * state[month - 1] + generator.normal(0, steps)
    return generator.poisson(mean * np.exp(state + noise * generator.standard_normal(n)))


def test_the_weights_are_those_of_many_simulated_pasts():
    """Importance sampling: random pasts of the state, weighed by the likelihood of the counts."""
    values, generator = np.array([12, 30, 25, 41]), np.random.default_rng(1)
    found = fit_state_space(values)
    combinations = [(0, 2, 1), (3, 3, 2), (4, 4, 0)]
    weights = []
    for memory, step, noise in combinations:
        centre, size = found.centre[memory, step], 1 / ALPHA[noise]
        state = generator.uniform(found.levels[0], found.levels[-1], 200_000)
        log = np.zeros(len(state))
        for month, seen in enumerate(values):
            if month:
                shocks = SIGMA[step] * generator.standard_normal(len(state))
                state = centre + RHO[memory] * (state - centre) + shocks
            log += nbinom.logpmf(seen, size, size / (size + np.exp(state)))
        weights.append(np.exp(log).mean())
    chance = [found.chance[place].sum() for place in combinations]
    assert np.divide(chance, chance[0]) == pytest.approx(np.divide(weights, weights[0]), rel=0.05)


def test_it_tells_memory_from_noise():
    generator = np.random.default_rng(2)
    slow = sum(fit_state_space(latent(generator, 240, 0.97, 0.12, 80)).chance for _ in range(5)) / 5
    noisy = fit_state_space(generator.negative_binomial(1 / 0.3, 1 / (1 + 80 * 0.3), 240)).chance
    assert slow.sum(axis=(1, 2, 3)) @ RHO > 0.9 and slow.sum(axis=(0, 1, 3)) @ ALPHA < 0.05
    assert slow.sum(axis=(0, 2, 3)) @ SIGMA == pytest.approx(0.12, abs=0.03)
    assert noisy.sum(axis=(0, 1, 3)) @ ALPHA == pytest.approx(0.3, abs=0.08)


def test_seasons_that_are_given_leave_the_level_alone():
    generator = np.random.default_rng(3)
    season = 0.6 * np.sin(np.arange(96) * np.pi / 6)
    values = generator.poisson(50 * np.exp(season))
    found = fit_state_space(values, season)
    assert np.exp(found.chance.sum(axis=(0, 1, 2)) @ found.levels) == pytest.approx(50, rel=0.12)
    ahead = found.paths(np.array([0.6, -0.6]), 4000, generator)
    assert ahead.mean(axis=0) == pytest.approx([50 * np.exp(0.6), 50 * np.exp(-0.6)], rel=0.15)


def test_its_forecasts_hold_about_as_often_as_they_say_and_follow_no_old_trend():
    generator, held = np.random.default_rng(4), []
    for _ in range(25):
        y = latent(generator, 108, 0.85, 0.2, 40)
        past = pd.Series(y[:96], pd.period_range("2010-01", periods=96, freq="M"))
        low, high = np.quantile(MODELS["NB state space"](past, 12, 300, generator), [0.1, 0.9], 0)
        held.append(((low <= y[96:]) & (y[96:] <= high)).mean())
    assert 0.7 <= np.mean(held) <= 0.9
    rise = np.r_[np.linspace(10, 100, 60), np.full(30, 100.0)].round()
    past = pd.Series(rise, pd.period_range("2010-01", periods=90, freq="M"))
    for name in ("NB state space", "NB regression"):
        ahead = np.median(MODELS[name](past, 24, 400, generator), axis=0)
        assert 70 < ahead[-1] < 115


def test_counts_that_do_not_vary_and_years_have_no_season():
    years = pd.period_range("2000", periods=14, freq="Y")
    draws = MODELS["NB state space"](pd.Series(9, years), 3, 2000, np.random.default_rng(1))
    assert draws.mean() == pytest.approx(9, abs=0.5)
    assert len(fit_state_space([4, 4, 4]).levels) == state_space.POINTS


@pytest.mark.parametrize(
    "call",
    [
        lambda: fit_state_space([0, 0, 0, 0]),
        lambda: fit_state_space([1, 2]),
        lambda: fit_state_space([1, 2, np.nan]),
        lambda: fit_state_space([1, 2, 3], [0.0, 0.0]),
        lambda: fit_state_space([1, 2, 3], [0.0, 0.0, np.inf]),
        lambda: fit_state_space([1, 2, 3]).paths([0.0], 0, np.random.default_rng(1)),
        lambda: fit_state_space([1, 2, 3]).paths([np.nan], 5, np.random.default_rng(1)),
        lambda: fit_state_space([1, 2, 3]).paths([0.0], 5, 7),
    ],
)
def test_what_cannot_be_fitted_is_refused(call):
    with pytest.raises(InputError):
        call()
