"""A passing change of the ratio of two wandering series, against worlds whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.noise import Noise, Walk
from helpers.stats.months.pulse import pulse_rank
from helpers.stats.panels.pairs import PairWorld, shuffled
from helpers.stats.panels.pulse_pairs import (
    PulseInRatio,
    PulseWorld,
    pulse_pair_worlds,
    pulse_ratio,
)
from helpers.stats.trust.power import rejections
from helpers.stats.trust.worlds import worst_size

MONTHS = pd.period_range("2018-01", periods=84, freq="M")
WINDOWS = [("2020-05", "2020-07"), ("2021-06", "2021-08"), ("2023-03", "2023-05")]
TEST = PulseInRatio(WINDOWS, harmonics=0)
INSIDE = TEST.design(MONTHS)["window"].to_numpy() != 0


def world(noise, mean=20.0, other=8.0):
    """A pair of level series, an effect in the first in the windows."""
    one, two = (PulseWorld(pd.Series(m, MONTHS), noise, MONTHS[28], INSIDE) for m in (mean, other))
    return PairWorld(one, two)


@pytest.mark.parametrize("noise", [Noise(0.6, 0.2, 0.3), Walk(0.15, 0.3)], ids=str)
def test_without_an_effect_the_test_keeps_its_level(noise):
    size = worst_size(TEST, {"quiet": world(noise)}, np.random.default_rng(1), series=300)
    assert size.table["low"].max() <= 0.07


def test_a_planted_effect_is_found_and_its_ratio_held():
    loud = world(Noise(0.3, 0.15), mean=60.0, other=40.0)
    found = rejections(TEST, loud.draw, 2.0, np.random.default_rng(2), series=100)
    assert found.rate().low > 0.8 and found.covered >= 88


def test_many_pairs_give_what_each_gives_alone():
    generator = np.random.default_rng(3)
    pairs = [world(Noise(0.5, 0.3)).draw(1.5, generator) for _ in range(4)]
    for together, pair in zip(TEST.many(pairs), pairs):
        alone = pulse_ratio(*pair, WINDOWS, harmonics=0)
        assert together.value == pytest.approx(alone.value, rel=1e-9)
        assert together.p == pytest.approx(alone.p, rel=1e-6)


def test_worlds_of_a_pair_hold_no_effect_of_the_windows():
    loud = world(Noise(0.3, 0.1), mean=80.0, other=60.0).draw(6.0, np.random.default_rng(4))
    fitted = pulse_pair_worlds(*loud, TEST, np.random.default_rng(5))["AR(1)"].series
    assert fitted.means[INSIDE].mean() < loud[0][INSIDE].mean() / 2
    drawn = [fitted.draw(0.0, np.random.default_rng(seed)) for seed in (6, 7)]
    assert all(one[INSIDE].sum() == 0 and one[~INSIDE].sum() > 0 for one in drawn)


def test_windows_of_a_ratio_rank_high_only_where_the_ratio_moved():
    """What both share in the windows is no reason to rank high."""
    generator = np.random.default_rng(8)
    both = np.where(INSIDE, 4.0, 1.0) * 40
    pair = [pd.Series(generator.poisson(both).astype(float), MONTHS) for _ in range(2)]
    about = {"harmonics": 0, "comparison": pair[1]}
    assert pulse_rank(pair[0], WINDOWS, generator, **about).p > 0.05
    pair[0][INSIDE] *= 2
    for apart in (False, True):
        found = pulse_rank(pair[0], WINDOWS, generator, apart=apart, **about)
        assert found.p < 0.05 and found.value == pytest.approx(2, rel=0.3)


def test_windows_that_are_dealt_out_keep_the_level_of_the_rank():
    """Two long windows: rotation has few places that differ, dealing has many."""
    generator, long = np.random.default_rng(9), [("2019-05", "2019-12"), ("2021-03", "2021-12")]
    drawn = [Noise(0.4, 0.3).draw(np.full(84, 30.0), 1, generator)[0] for _ in range(200)]
    found = [
        pulse_rank(pd.Series(y, MONTHS), long, generator, harmonics=0, apart=True, draws=99).p
        for y in drawn
    ]
    assert 0.01 <= np.mean(np.array(found) <= 0.05) <= 0.10


def test_labels_drawn_by_lot_find_no_more_than_the_level():
    generator = np.random.default_rng(10)
    panel = pd.DataFrame(generator.poisson([40, 10, 3], (84, 3)), MONTHS)
    assert shuffled(panel, TEST, generator, draws=200).low <= 0.05


def test_what_cannot_be_compared_is_refused():
    y, other = world(Noise(0.3, 0.1)).draw(1.0, np.random.default_rng(11))
    with pytest.raises(InputError, match="same periods"):
        pulse_ratio(y, other[1:], WINDOWS)
    with pytest.raises(InputError, match="same periods"):
        pulse_rank(y, WINDOWS, np.random.default_rng(1), comparison=other[1:])
    with pytest.raises(InputError, match="counts no event in the windows"):
        pulse_ratio(y, other.where(~INSIDE, 0), WINDOWS)
