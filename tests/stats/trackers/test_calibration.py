"""The trials of the measurement model: they pass what is right, and tell what is wrong."""

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from helpers.stats.trackers import calibration, outliers
from helpers.stats.trackers.calibration import ranks, recovery, uniform
from helpers.stats.trackers.design import design
from helpers.stats.trackers.fit import Convergence, Fit
from helpers.stats.trackers.model import expected
from helpers.stats.trackers.simulate import ANCHOR, LAST, MONTHS, WORLDS, World, printed
from helpers.stats.trackers.variables import Priors, named, size, spreads

DRAWS, POOL = 64, 1500


class Prior:
    """A sampler that looks at no figure: its draws are those of the prior, times a factor.

    Of such a sampler the truth is one more draw, so that ranks are uniform. With a factor below one
    it is too sure of itself, with one above not sure enough.
    """

    def __init__(self, factor: float = 1.0) -> None:
        self.design, self.of, wide = arranged()
        rng = np.random.default_rng(8)
        n = size(self.design)
        unit = rng.normal(size=(POOL, n))
        steps = named(self.design, np.arange(n))["drift_step"].ravel()
        unit[:, steps] = rng.standard_t(Priors().tail, (POOL, steps.size))
        self.pool = factor * unit * np.asarray(wide(unit))

    def draw(self, value, seed):
        z = np.random.default_rng(seed).choice(self.pool, DRAWS, replace=False)
        draws = {name: np.asarray(one) for name, one in self.of(z).items()}
        return Fit(self.design, draws, Convergence(1.0, 1.0, 0, 1, DRAWS))


@lru_cache
def arranged():
    """Return the design of the trials, and functions of many draws of its variables, compiled."""
    import jax

    found = design(WORLDS[0].draw(np.random.default_rng(1))[0], ANCHOR)
    told = jax.jit(jax.vmap(lambda z: expected(found, Priors(), named(found, z))))
    return found, told, jax.jit(jax.vmap(lambda z: spreads(found, Priors(), z)))


@pytest.mark.parametrize(("factor", "calibrated"), [(1.0, True), (0.3, False), (3.0, False)])
def test_ranks_are_uniform_for_a_sampler_that_is_right_alone(monkeypatch, factor, calibrated):
    trial = Prior(factor)
    monkeypatch.setattr(calibration, "sampler", lambda: trial)
    ranked = ranks(seed=5, sets=24)
    assert len(ranked) == 24 * 5 and ranked["rank"].between(0, calibration.RANKS).all()
    found = uniform(ranked).set_index("quantity")
    assert (found["sets"] == 24).all() and (found.filter(like="bar_").sum(axis=1) == 24).all()
    if calibrated:
        assert (found["p"] > 0.001).all() and found["middle"].mean() == pytest.approx(0.5, abs=0.15)
    else:
        # Too sure: the truth lies at the ends. Not sure enough: in the middle.
        gone = found["middle"].drop("attacks_of_a_month").mean()
        assert gone < 0.4 if factor < 1 else gone > 0.6


def test_a_chain_that_did_not_mix_is_told_and_counted():
    ranked = pd.DataFrame({"quantity": "q", "rank": range(32), "rhat": [1.2] * 8 + [1.0] * 24})
    found = uniform(ranked).iloc[0]
    assert (found["not_mixed"], found["sets"]) == (0.25, 32)


def test_recovery_counts_intervals_that_hold():
    rows = [(2.0, 1.0, 4.0), (2.0, 2.5, 4.0), (2.0, 1.0, 1.5), (2.0, 2.0, 2.0)]
    told = pd.DataFrame(rows, columns=["planted", "low", "high"])
    told = told.assign(world="w", ratio="attacks", value=4.0, rhat=1.0)
    found = recovery(told).set_index("world")
    assert found.loc["w", "held"] == found.loc["all", "held"] == 0.5
    assert found.loc["w", "error"] == pytest.approx(2) and found.loc["w", "sets"] == 4


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_the_truth_of_a_world_is_what_its_figures_say_where_nets_hold(world):
    """The mean of the log ratio of all sources over many worlds, less what the nets widened."""
    found, truths = [], []
    for seed in range(20):
        figures, truth = world.draw(np.random.default_rng(seed))
        ours = figures[(figures["source"] == ANCHOR) & (figures["quantity"] == "attacks")]
        by = ours["value"].groupby(ours["months"].map(lambda run: run[0].year)).sum()
        found.append(np.log(by[LAST] / by[LAST - 1]))
        truths.append(np.log(truth["attacks"]))
    # The net of the anchor drifts by 0.14 from year to year, and its figures have noise.
    assert np.mean(found) == pytest.approx(np.mean(truths), abs=4 * 0.16 / np.sqrt(20))
    if world.burst == 1:
        np.testing.assert_allclose(truths, np.log(world.ratio), atol=1e-9)


def test_what_is_planted_is_there():
    """Each fault moves what it should, against the same draws without it."""

    def drawn(**fault):
        parts = [World("w", **fault).draw(np.random.default_rng(seed))[0] for seed in range(15)]
        table = pd.concat(parts)
        table["year"] = table["months"].map(lambda run: run[0].year)
        return table[table["quantity"] == "attacks"].groupby(["source", "year"])["value"].sum()

    plain = drawn()
    gained = drawn(widened=1.6) / plain
    assert gained["B", LAST] == pytest.approx(1.6, rel=0.08)
    assert gained.drop(("B", LAST)).to_numpy() == pytest.approx(1, abs=0.08)
    gained = drawn(shared=1.25) / plain
    assert [gained["B", LAST], gained["D", LAST]] == pytest.approx([1.25] * 2, rel=0.08)
    assert gained["A", LAST] == pytest.approx(1, abs=0.08)
    assert (drawn(burst=10.0) / plain).xs(LAST, level="year").min() > 1.5


def test_the_trial_of_outliers_counts_errors_apart_from_sound_figures(monkeypatch):
    trial = Prior()
    monkeypatch.setattr(outliers, "sampler", lambda: trial)
    tried = outliers.trial(sets=2)
    assert len(tried) == 2 * len(printed())
    assert (tried["error"] != "none").sum() == 2 * outliers.SPOILT
    assert set(tried["months"]) == {1, 3, 12} and MONTHS[0].year < LAST
    assert outliers.shares(tried)["figures"].sum() == len(tried)
