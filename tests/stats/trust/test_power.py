"""Size, power and what could have been found, each on cases whose answer is known.

The tests of the field are put to the test at the end.
"""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import StepInMany, interrupted
from helpers.stats.months.noise import Noise
from helpers.stats.parallel import over
from helpers.stats.trust.calibration import METHODS, SCENARIOS, calibration
from helpers.stats.trust.power import (
    World,
    detectable,
    flat_world,
    power_curve,
    rejections,
    world_of,
)

PRIMARY = tuple(method for method in METHODS if method.primary)
HAC = next(method for method in METHODS if method.name == "Newey-West")


def z_test(sample, _):
    """The mean of sixteen normal numbers of unit variance, tested against 0."""
    from scipy.stats import norm

    z = sample.mean() * 4
    return Estimate(
        sample.mean(), sample.mean() - 0.49, sample.mean() + 0.49, float(2 * norm.sf(abs(z))), 16
    )


def draw(effect, generator):
    return generator.normal(effect, 1, 16)


def test_size_and_power_of_a_z_test_are_those_of_theory():
    from scipy.stats import norm

    null = rejections(z_test, draw, 0.0, np.random.default_rng(1), series=2000)
    assert null.rate().low < 0.05 < null.rate().high and null.covered / 2000 == pytest.approx(
        0.95, abs=0.02
    )
    curve = power_curve(z_test, draw, [0.3, 0.5, 0.7, 0.9], np.random.default_rng(1), series=1000)
    theory = norm.sf(1.96 - 4 * curve["effect"]) + norm.cdf(-1.96 - 4 * curve["effect"])
    assert curve["power"].tolist() == pytest.approx(theory.tolist(), abs=0.04)
    assert curve["covered"].min() > 0.92


def test_the_detectable_effect_lies_where_the_curve_reaches_the_power():
    curve = pd.DataFrame(
        {"effect": [0.25, 0.5, 0.8, 1.0, 1.25, 2.0], "power": [1.0, 0.9, 0.3, 0.05, 0.2, 0.7]}
    )
    found = detectable(curve)
    assert 0.5 < found.below < 0.8 and found.above is None
    assert np.log(found.below) == pytest.approx(np.interp(0.8, [0.3, 0.9], np.log([0.8, 0.5])))
    assert detectable(curve, power=0.95).below == pytest.approx(
        np.exp(np.interp(0.95, [0.9, 1.0], np.log([0.5, 0.25])))
    )


def test_a_world_keeps_the_mean_and_plants_the_effect():
    world = flat_world(60, 12, mean=50, noise=Noise(0.4, 0.2))
    drawn = np.mean([world.draw(2.0, np.random.default_rng(seed)) for seed in range(400)], axis=0)
    assert drawn[:60].mean() == pytest.approx(50, rel=0.03) and drawn[60:].mean() == pytest.approx(
        100, rel=0.03
    )


def test_the_world_of_a_series_leaves_the_step_out():
    generator = np.random.default_rng(3)
    index = pd.period_range("2015-01", periods=96, freq="M")
    y = pd.Series(
        Noise(0.5, 0.2).draw(np.where(np.arange(96) < 80, 300.0, 600.0), 1, generator)[0],
        index=index,
    )
    world = world_of(y, "2021-09", generator, order=0)
    assert isinstance(world, World) and world.at == index[80]
    assert world.means.mean() == pytest.approx(300, rel=0.15) and 0 <= world.noise.rho < 0.9


def test_workers_change_nothing():
    one, two = (
        rejections(z_test, draw, 0.5, np.random.default_rng(9), series=40, workers=workers)
        for workers in (1, 2)
    )
    assert one == two
    one, two = (
        over(
            lambda task, own: task + own.random(),
            range(5),
            np.random.default_rng(3),
            workers=workers,
        )
        for workers in (1, 2)
    )
    assert one == two and len({round(x % 1, 12) for x in one}) == 5
    with pytest.raises(InputError, match="workers is 0"):
        over(draw, [1], np.random.default_rng(0), workers=0)


def test_a_refused_data_set_counts_as_not_rejected():
    def refuses(sample, _):
        raise InputError("no")

    found = rejections(refuses, draw, 0.0, np.random.default_rng(0), series=7)
    assert (found.rejects, found.failed, found.series) == (0, 7, 7)
    # A mean of a hundredth a month: most series are empty, alone and in bulk.
    rare = flat_world(24, 6, mean=0.01, noise=Noise(0.0, 0.1))
    bulk, alone = StepInMany(rare.at, 0), interrupted_step(rare.at)
    one, two = (
        rejections(test, rare.draw, 1.0, np.random.default_rng(1), series=40)
        for test in (bulk, alone)
    )
    assert one.failed == two.failed > 20 and one.rejects == two.rejects <= 2


def interrupted_step(at):
    return lambda series, _: interrupted(series, at, harmonics=0).effect()


def test_a_bulk_test_meets_the_same_series_and_says_the_same():
    world = flat_world(48, 12, mean=30, noise=Noise(0.6, 0.3))
    one, two = (
        rejections(test, world.draw, 0.6, np.random.default_rng(4), series=60)
        for test in (StepInMany(world.at, 0), interrupted_step(world.at))
    )
    assert one == two and 0 < one.rejects < 60 and one.covered > 50


class InMany:
    """A test that takes a whole batch and answers with the interval of each sample's mean."""

    def many(self, batch, effect):
        return [Estimate(one, one - 0.2, one + 0.2, p=float(one > 1.4)) for one in batch]


def test_the_intervals_of_a_batch_are_asked_for_the_effect_that_was_planted():
    answers = iter([0.25, 0.31, 0.45, 0.69, 0.71, 1.5])
    found = rejections(InMany(), lambda *_: next(answers), 0.5, np.random.default_rng(0), series=6)
    assert (found.covered, found.rejects, found.failed) == (3, 5, 0)


@pytest.fixture(scope="module")
def table():
    """Four hundred series without an effect and as many with one for the test that findings rest
    on, and 150 for one that none does.
    """
    trials = [
        calibration(
            20241231, scenarios=SCENARIOS[:2], methods=methods, effects=(1.0, 0.6), series=series
        )
        for methods, series in ((PRIMARY, 400), ((HAC,), 150))
    ]
    return pd.concat(trials, ignore_index=True)


def test_the_primary_test_holds_its_level_and_newey_west_does_not(table):
    null = table[table["effect"] == 1]
    assert null.loc[null["primary"], "share"].between(0.02, 0.09).all(), null
    assert (null.loc[null["method"] == HAC.name, "share"] > 0.20).all(), null


def test_nine_in_ten_intervals_hold_a_planted_ratio(table):
    planted = table[table["effect"] == 0.6]
    assert (planted.loc[planted["primary"], "covered"] >= 0.90).all(), planted
    assert (planted.loc[planted["method"] == HAC.name, "covered"] < 0.85).all(), planted
