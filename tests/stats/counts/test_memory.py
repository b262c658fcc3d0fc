"""What months leave open of their memory: its average, its tails and its warning."""

import numpy as np
import pytest
from scipy.stats import t

from helpers.stats.counts.memory import GRID, RHOS, Memory, apart, averaged_memory, memory_weights


def of_mean(values):
    """Return the memory of the mean of values that share one."""
    n = len(values)
    return averaged_memory(np.asarray(values), np.zeros(n), np.full(n, 1 / n), np.arange(n))


def latent(rho, n, seed):
    """Return a stationary AR(1) of variance 4."""
    shocks = np.random.default_rng(seed).normal(0, 2 * np.sqrt(1 - rho**2), n)
    values = np.empty(n)
    values[0] = shocks[0] / np.sqrt(1 - rho**2)
    for at in range(1, n):
        values[at] = rho * values[at - 1] + shocks[at]
    return values


def test_long_series_tell_their_autocorrelation_and_the_variance_of_their_mean():
    for rho in (0.0, 0.6):
        found = of_mean(latent(rho, 300, 2))
        assert found.rho == pytest.approx(rho, abs=0.12)
        assert found.variance == pytest.approx(4 / 300 * (1 + rho) / (1 - rho), rel=0.35)
        assert found.said() == ()


def test_a_slow_level_under_noise_is_told_apart_from_noise():
    slow = latent(0.95, 300, 2) + np.random.default_rng(3).normal(0, 2, 300)
    found, none = of_mean(slow), of_mean(np.random.default_rng(4).normal(0, slow.std(), 300))
    assert found.slow > 0.8 and none.slow < 0.1
    assert found.variance > 5 * none.variance
    assert "longer history" in found.said()[0]


def test_spells_are_independent_of_each_other():
    groups, contrast = np.repeat([0, 1], 12), np.repeat([-1 / 12, 1 / 12], 12)
    far, near = (
        averaged_memory(np.zeros(24), groups, contrast, apart(one)) for one in ([12, 12], [24])
    )
    # Neighbours on both sides of the border share part of the error, which the difference loses.
    assert (far.scales > near.scales).all()


def test_chance_and_reach_are_inverse_and_those_of_a_mixture_of_t():
    weights = np.full(3, 1 / 3)
    found = Memory(weights, np.array([1.0, 2.0, 5.0]), degrees=7)
    expected = np.mean([2 * t.sf(4 / scale, 7) for scale in (1, 2, 5)])
    assert found.chance(-4.0) == pytest.approx(expected)
    for level in (0.5, 0.95, 0.999):
        assert found.chance(found.reach(level)) == pytest.approx(1 - level)


def test_values_without_variation_vary_like_poisson_counts():
    found = of_mean(np.zeros(12))
    assert np.isfinite(found.weights).all() and found.weights.sum() == pytest.approx(1)
    assert found.scales.min() == pytest.approx(np.sqrt(1 / 12), rel=0.1)


def test_weights_of_a_longer_series_stand_in_for_those_of_the_values():
    weights = memory_weights(latent(0.8, 200, 7), np.zeros(200))
    values, ones = latent(0.8, 12, 8), np.full(12, 1 / 12)
    own = averaged_memory(values, np.zeros(12), ones, np.arange(12))
    given = averaged_memory(values, np.zeros(12), ones, np.arange(12), weights)
    assert given.weights is weights and given.scales == pytest.approx(own.scales)
    assert given.rho == pytest.approx(0.8, abs=0.15)


def test_the_grid_is_the_stated_prior():
    assert len(GRID) == 80 and (np.diff(RHOS) > 0).all() and RHOS[-1] < 0.97
    even = Memory(np.full(80, 1 / 80), np.ones(80), 22)
    # Of a beta(1, 3/4) scaled to .97 the share (1 - .8 / .97)^(3/4) lies above .8.
    assert even.slow == pytest.approx((1 - 0.8 / 0.97) ** 0.75, abs=1 / 16)
