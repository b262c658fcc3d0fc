"""Plausible worlds: fitted to the series, and the worst of them decides."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import StepInMany, interrupted
from helpers.stats.months.noise import Noise, Walk
from helpers.stats.trust.power import flat_world
from helpers.stats.trust.worlds import LARGEST_SIZE, Size, plausible_worlds, worst_size

NAMES = ["AR(1)", "AR(1) plus noise", "random walk"]


def series(noise, seed, before=102, after=18, ratio=1.0, mean=80.0):
    world = flat_world(before, after, mean=mean, noise=noise)
    return world.draw(ratio, np.random.default_rng(seed)), world.at


def worlds_of(noise, seed, **options):
    y, at = series(noise, seed, **options)
    return plausible_worlds(y, at, np.random.default_rng(1), harmonics=0, order=0)


def test_a_quiet_series_has_a_walk_that_stands_still():
    found = [worlds_of(Noise(0.0, 0.2), seed) for seed in range(5)]
    assert all(list(one) == NAMES for one in found)
    assert max(one["random walk"].noise.shock for one in found) < 0.03
    own = [one["random walk"].noise.own for one in found]
    assert np.median(own) == pytest.approx(0.2, abs=0.04)


def test_the_noise_that_was_planted_is_found_again_about():
    """Counts of 5000 say nothing of themselves: all noise is what was planted."""
    found = [worlds_of(Noise(0.8, 0.3), seed, mean=5000) for seed in range(8)]
    for name in NAMES[:2]:
        rhos = [one[name].noise.rho for one in found]
        assert np.median(rhos) == pytest.approx(0.8, abs=0.12)
        assert np.median([one[name].noise.sd for one in found]) == pytest.approx(0.3, abs=0.1)
    found = [worlds_of(Noise(0.95, 0.384, 0.3), seed, mean=5000) for seed in range(8)]
    own = [one["AR(1) plus noise"].noise.own for one in found]
    assert np.median(own) == pytest.approx(0.3, abs=0.07)
    found = [worlds_of(Walk(0.1, 0.2), seed, mean=5000)["random walk"].noise for seed in range(8)]
    assert np.median([one.shock for one in found]) == pytest.approx(0.1, abs=0.05)
    assert np.median([one.own for one in found]) == pytest.approx(0.2, abs=0.05)


def test_the_sampling_of_counts_is_no_noise_of_their_own():
    """At a mean of 10 a Poisson count's logarithm has a standard deviation of a third by itself."""
    found = [worlds_of(Noise(0.0, 1e-3), seed, mean=10.0) for seed in range(8)]
    for name in NAMES[1:]:
        assert np.median([one[name].noise.own for one in found]) < 0.15


def test_worlds_have_the_trend_and_the_seasons_but_not_the_step():
    index = pd.period_range("2014-01", periods=96, freq="M")
    means = 300 * np.exp(0.01 * np.arange(96)) * np.where(np.arange(96) >= 84, 0.4, 1.0)
    y = pd.Series(Noise(0.3, 0.05).draw(means, 1, np.random.default_rng(2))[0], index)
    for world in plausible_worlds(y, "2021-01", np.random.default_rng(1)).values():
        assert world.at == pd.Period("2021-01", "M")
        assert world.means.iloc[-1] == pytest.approx(300 * np.exp(0.95), rel=0.15)


def test_a_drawn_series_is_as_rough_as_the_one_it_is_fitted_to():
    y, at = series(Walk(0.08, 0.2), 3)
    rough = np.diff(np.log(y + 0.5)).std()
    generator = np.random.default_rng(2)
    for world in plausible_worlds(y, at, generator, harmonics=0, order=0).values():
        drawn = [np.diff(np.log(world.draw(1.0, generator) + 0.5)).std() for _ in range(20)]
        assert np.mean(drawn) == pytest.approx(rough, rel=0.25)


def test_the_worst_world_is_named_and_decides():
    rows = pd.DataFrame({"world": ["calm", "walk", "AR"], "size": [0.05, 0.101, 0.02]})
    assert (Size(rows).worst, Size(rows).share, Size(rows).decides) == ("walk", 0.101, False)
    assert Size(rows.assign(size=[0.05, LARGEST_SIZE, 0.02])).decides


def test_a_test_that_takes_months_as_independent_may_not_decide_where_the_level_wanders():
    y, at = series(Walk(0.1, 0.1), 4)
    generator = np.random.default_rng(5)
    worlds = plausible_worlds(y, at, generator, harmonics=0)

    def hac(one, own):
        return interrupted(one, at, harmonics=0, method="hac").effect()

    bad = worst_size(hac, worlds, generator, series=40)
    assert not bad.decides and bad.share > 0.3 and bad.worst in NAMES
    good = worst_size(StepInMany(at, 0), worlds, generator, series=200)
    assert good.decides and good.table["world"].tolist() == NAMES
    assert good.share == good.table["size"].max() == good.table["rejects"].max() / 200
    assert (
        (good.table["low"] <= good.table["size"]) & (good.table["size"] <= good.table["high"])
    ).all()


def test_a_size_that_is_simulated_from_the_model_under_test_does_not_see_what_the_worst_does():
    """The fault: an AR(1) is content with series drawn from the AR(1) that was fitted."""
    noise = Noise(0.95, 0.384, 0.3)

    def reml(at):
        return lambda one, own: interrupted(one, at, harmonics=0, method="reml").effect()

    own, worst = [], []
    for seed in (1, 2, 3):
        y, at = series(noise, seed)
        worlds = plausible_worlds(y, at, np.random.default_rng(seed), harmonics=0)
        found = worst_size(reml(at), worlds, np.random.default_rng(seed), series=60)
        own.append(found.table["size"].iloc[0])
        worst.append(found.share)
    assert np.mean(worst) > np.mean(own) + 0.05 and np.mean(worst) > 0.12


def test_workers_change_no_number_and_nothing_to_try_is_refused():
    worlds = {"calm": flat_world(24, 6, noise=Noise(0.0, 0.2))}

    def shaky(one, own):
        return Estimate(1.0, p=float(own.random()))

    one, two = (
        worst_size(shaky, worlds, np.random.default_rng(1), series=40, workers=workers)
        for workers in (1, 2)
    )
    pd.testing.assert_frame_equal(one.table, two.table)
    with pytest.raises(InputError, match="no world was given"):
        worst_size(shaky, {}, np.random.default_rng(1))
    with pytest.raises(InputError, match="the generator is 1"):
        worst_size(shaky, worlds, 1)
    y, _ = series(Noise(0.0, 0.2), 1)
    with pytest.raises(InputError, match="lies outside"):
        plausible_worlds(y, "2050-01", np.random.default_rng(1))
