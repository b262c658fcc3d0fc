"""Ranks hold their level where the treated unit is larger, noisier or slower than the others."""

import numpy as np
import pandas as pd
import pytest

from helpers.stats.panels.panel import panel_effect
from helpers.stats.panels.synthetic import synthetic_control
from helpers.stats.panels.synthetic_did import synthetic_did


def world(generator, *, mean=8.0, size=1.0, noise=1.0, shape=None, units=8, effect=1.0, at=28):
    """Counts over 40 months whose level remembers .5 of the month before, a shared movement beside
    it. The first unit is ``size`` times larger and ``noise`` times noisier; with ``shape`` months
    vary by a gamma distribution of that shape and do not remember.
    """
    latent = np.zeros((40, units))
    for month in range(1, 40):
        latent[month] = 0.5 * latent[month - 1] + generator.normal(0, 0.3, units)
    latent[:, 0] *= noise
    shared = generator.normal(0, 0.2, 40).cumsum()[:, None] / 3
    means = (
        mean * np.exp((latent if shape is None else 0) + shared) * np.r_[size, np.ones(units - 1)]
    )
    means[at:, 0] *= effect
    if shape is not None:
        means = means * generator.gamma(shape, 1 / shape, means.shape)
    index = pd.period_range("2015-01", periods=40, freq="M")
    return pd.DataFrame(generator.poisson(means), index, [f"u{unit}" for unit in range(units)])


def unweighted(table, at=28):
    """The rank p of scores of totals with White's error, which takes months for independent."""
    values, sizes = table.to_numpy().astype(float), []
    total, after = values.sum(axis=1), (np.arange(len(table)) >= at).astype(float)
    for unit in values.T:
        cells = np.column_stack([unit, total - unit])
        share = cells.sum(axis=0) / total.sum()
        means, later = total[:, None] * share, after @ total / total.sum()
        centred = np.outer(after - later, [1 - share[0], -share[0]])
        residuals = cells - means
        score = (centred * residuals).sum()
        step = score / (means * centred**2).sum()
        sizes.append(
            score / np.sqrt(np.square(centred * (residuals - step * means * centred)).sum())
        )
    return np.mean(np.abs(sizes) >= abs(sizes[0]) - 1e-9)


WORLDS = {
    "alike": {},
    "ten times larger": {"size": 10.0},
    "small others": {"size": 10.0, "mean": 3.0},
    "larger and overdispersed": {"size": 10.0, "shape": 2.0},
    "twice as noisy": {"noise": 2.0, "mean": 60.0},
    "half as noisy": {"noise": 0.5, "mean": 60.0},
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_rank_of_a_panel_holds_its_level(name):
    """One of eight: 12.5 % is the smallest p-value, and what each unit deserves."""
    generator, hits = np.random.default_rng(1), 0
    for _ in range(250):
        fit = panel_effect(world(generator, **WORLDS[name]), "u0", "2017-05")
        hits += fit.by_units(generator, interval=False).estimate.p <= 0.125
    assert 0.06 <= hits / 250 <= 0.185


def test_scores_of_months_taken_as_independent_do_not():
    generator = np.random.default_rng(1)
    hits = [unweighted(world(generator, size=10.0, mean=3.0)) <= 0.125 for _ in range(250)]
    assert np.mean(hits) > 0.2


def test_the_rank_of_a_panel_keeps_its_power():
    generator, hits = np.random.default_rng(2), 0
    for _ in range(60):
        fit = panel_effect(world(generator, size=10.0, effect=2.0), "u0", "2017-05")
        hits += fit.by_units(generator, interval=False).estimate.p <= 0.125
    assert hits >= 42


@pytest.mark.parametrize("name", ["alike", "ten times larger", "twice as noisy"])
def test_the_rank_of_a_synthetic_difference_holds_its_level(name):
    generator, hits, raw, held = np.random.default_rng(3), 0, 0, 0
    for _ in range(120):
        found = synthetic_did(world(generator, **WORLDS[name]), "u0", "2017-05")
        effect = found.difference()
        hits += effect.p <= 0.125
        raw += (found.placebos.abs() < abs(found.effect)).all()
        held += effect.low < 0 < effect.high
    assert 0.03 <= hits / 120 <= 0.2 and held >= 0.84 * 120
    # Effects that are not divided by their noise rank the noisy unit first.
    assert name != "twice as noisy" or raw / 120 > 0.25


def test_a_gap_that_moves_slowly_is_said():
    generator = np.random.default_rng(4)
    table = world(generator, mean=200.0, shape=60.0, units=12).astype(float)
    quick = synthetic_control(table, "u0", "2017-05").difference().warnings
    table["u0"] *= np.exp(np.sin(np.arange(40) / 5) / 2)
    slow = synthetic_control(table, "u0", "2017-05").difference().warnings
    assert any("more slowly" in one for one in slow)
    assert not any("more slowly" in one for one in quick)


def test_few_periods_before_are_said():
    table = world(np.random.default_rng(5), at=5)
    for warnings in (
        panel_effect(table, "u0", "2015-06").by_units(np.random.default_rng(1)).estimate.warnings,
        synthetic_did(table, "u0", "2015-06").difference().warnings,
    ):
        assert any("show little of each unit's noise" in one for one in warnings)
