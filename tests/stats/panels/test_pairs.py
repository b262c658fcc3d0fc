"""The ratio of two wandering series, against worlds whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.noise import Noise, Walk
from helpers.stats.panels.pairs import PairWorld, StepInRatio, pair_worlds, shuffled
from helpers.stats.trust.power import flat_world, rejections
from helpers.stats.trust.worlds import worst_size

MEMORY = Noise(0.8, 0.3, 0.3)


def world(noise=MEMORY, mean=20.0, other=6.0, before=60, after=16):
    return PairWorld(*(flat_world(before, after, mean=one, noise=noise) for one in (mean, other)))


def test_many_pairs_give_what_each_gives_alone():
    generator, drawn = np.random.default_rng(1), world(mean=3.0, other=0.4)
    pairs = [drawn.draw(1.0, generator) for _ in range(6)]
    empty = pairs[0][0].where(pairs[0][0].index < drawn.series.at, 0.0)
    pairs.append((empty, pairs[0][1]))  # a ratio without a limit
    test = StepInRatio(drawn.series.at, harmonics=0)
    for together, pair in zip(test.many(pairs), pairs):
        try:
            alone = test(pair, generator)
        except InputError:
            assert np.isnan(together.p)
        else:
            assert together.value == pytest.approx(alone.value, rel=1e-9)
            assert together.p == pytest.approx(alone.p, rel=1e-6)


def test_a_pair_that_is_refused_does_not_stop_the_others():
    pair = world().draw(1.0, np.random.default_rng(2))
    nothing = pair[1] * 0
    test = StepInRatio(world().series.at, harmonics=0)
    refused, fine = test.many([(pair[0], nothing), pair])
    assert np.isnan(refused.p) and 0 < fine.p <= 1


@pytest.mark.parametrize("noise", [MEMORY, Walk(0.15, 0.3), Noise(0.0, 0.3)], ids=str)
def test_without_a_parting_the_test_keeps_its_level(noise):
    quiet = world(noise)
    test = StepInRatio(quiet.series.at, harmonics=0)
    size = worst_size(test, {"quiet": quiet}, np.random.default_rng(3), series=300)
    assert size.table["low"].max() <= 0.07


def test_a_planted_parting_is_found_and_its_ratio_held():
    loud = world(Noise(0.3, 0.15), mean=60.0, other=40.0)
    test = StepInRatio(loud.series.at, harmonics=0)
    found = rejections(test, loud.draw, 3.0, np.random.default_rng(4), series=100)
    assert found.rate().low > 0.8 and found.covered >= 88


def test_a_change_that_both_share_is_no_parting():
    """Months that make both rise together fall out of the ratio, whatever they do."""
    generator, index = np.random.default_rng(5), world().series.means.index
    shared = np.exp(np.cumsum(generator.normal(0, 0.3, len(index)))) * 50
    shared[60:] *= 4
    pair = tuple(pd.Series(generator.poisson(shared).astype(float), index) for _ in range(2))
    assert StepInRatio(index[60], harmonics=0)(pair, generator).p > 0.05


def test_worlds_of_a_pair_hold_no_step():
    one, other = world().draw(6.0, np.random.default_rng(6))
    event = one.index[60]
    worlds = pair_worlds(one, other, event, np.random.default_rng(7), harmonics=0, order=0)
    means = worlds["AR(1)"].series.means
    assert means[event:].mean() == pytest.approx(means[: event - 1].mean())
    assert means.mean() < one[event:].mean() / 2


def test_labels_drawn_by_lot_find_no_more_than_the_level():
    generator = np.random.default_rng(8)
    one, other = world(mean=60.0, other=15.0).draw(1.0, generator)
    panel, test = pd.DataFrame({"a": one, "b": other}), StepInRatio(one.index[60], harmonics=0)
    assert shuffled(panel, test, generator, draws=200).low <= 0.05
    with pytest.raises(InputError, match="at least two to shuffle"):
        shuffled(panel[["a"]], test, generator)
    with pytest.raises(InputError, match="count too little"):
        shuffled(panel * 0, test, generator, draws=3)
