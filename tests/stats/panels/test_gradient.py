"""A gradient of growth: planted ones are recovered, and where neighbours move together none is."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.panels.gradient import Gradient, Places, calibrated, kilometres, worlds
from helpers.stats.trust.power import rejections

SIDE = 12


@pytest.fixture(scope="module")
def points():
    """Cells of half a degree in a square, counts of unequal size."""
    rows, columns = np.divmod(np.arange(SIDE**2), SIDE)
    return pd.DataFrame({"latitude": 28 + rows / 2, "longitude": 66 + columns / 2})


@pytest.fixture(scope="module")
def test_of(points):
    near = -(points["longitude"] - 66)
    blocks = (points // 2).astype(int).astype(str).agg(" ".join, axis=1)
    return Gradient(near, blocks, draws=199, interval=False)


@pytest.fixture(scope="module")
def places(points):
    generator = np.random.default_rng(5)
    total = np.ceil(generator.pareto(1.1, len(points)) * 3).clip(max=400).astype(int)
    even = Places(pd.Series(total), pd.Series(0.0, points.index) + points["latitude"], 0.5, 0.4,
                  np.eye(len(points)))  # fmt: skip
    return even.draw(1.0, generator)


def test_a_planted_gradient_is_recovered_and_its_interval_holds_it(test_of, places, points):
    world = worlds(test_of, places, points)["no neighbour alike"]
    full = Gradient(test_of.along, test_of.blocks, draws=199)
    own = np.random.default_rng(1)
    found = [full(world.draw(1.5, own), own) for _ in range(40)]
    assert np.median([one.value for one in found]) == pytest.approx(1.5, rel=0.1)
    held = sum(one.low <= 1.5 <= one.high for one in found)
    assert held >= 34  # 38 expected; 33 or fewer in 1 of 100 draws


def test_calibrated_it_is_quiet_where_neighbours_move_together(test_of, places, points):
    known, own = worlds(test_of, places, points), np.random.default_rng(2)
    strict = calibrated(test_of, known, own, 100)
    plain = {
        name: rejections(test_of, one.draw, 1.0, own, series=60) for name, one in known.items()
    }
    calm = {name: rejections(strict, one.draw, 1.0, own, series=60) for name, one in known.items()}
    assert max(one.rejects for one in calm.values()) <= 8  # of 60; 3 expected
    assert sum(one.rejects for one in calm.values()) < sum(one.rejects for one in plain.values())
    assert rejections(strict, known["no neighbour alike"].draw, 3.0, own, series=20).rejects >= 15


def test_neighbours_that_move_together_are_seen(test_of, places, points):
    known, own = worlds(test_of, places, points), np.random.default_rng(3)
    alike = {
        name: np.mean([test_of.alike(one.draw(1.0, own), points) for _ in range(10)])
        for name, one in known.items()
    }
    assert list(alike) == sorted(alike, key=alike.get)
    assert abs(alike["no neighbour alike"]) < 0.1 < alike["alike within 50 km"]


def test_the_estimate_is_that_of_a_logit_where_counts_are_independent(test_of, points):
    own = np.random.default_rng(4)
    share = 1 / (1 + np.exp(-0.3 * test_of.along))
    after = own.binomial(30, share)
    table = pd.DataFrame({"before": 30 - after, "after": after})
    import statsmodels.api as sm

    fit = sm.GLM(table[["after", "before"]], sm.add_constant(test_of.along.to_numpy()),
                 family=sm.families.Binomial()).fit()  # fmt: skip
    assert test_of.scatter(table) < 0.02
    assert np.log(test_of(table, own).value) == pytest.approx(fit.params.iloc[1], abs=0.01)


def test_where_the_line_begins_and_its_unit_do_not_matter(test_of, places):
    moved = Gradient(3 * test_of.along + 900, test_of.blocks, draws=199, interval=False)
    one, other = (test(places, np.random.default_rng(1)) for test in (test_of, moved))
    assert other.value**3 == pytest.approx(one.value, rel=1e-4) and one.p == other.p


def test_the_smallest_effect_of_all_has_no_end_on_one_side(points):
    """All counts of one place, whole blocks of nothing: the interval is open, not wrong."""
    six = pd.Series(np.arange(6.0))
    table = pd.DataFrame({"before": [1, 0, 0, 0, 0, 0], "after": [0, 0, 0, 0, 0, 1]})
    found = Gradient(six, six, draws=99)(table, np.random.default_rng(1))
    assert found.n == 2 and found.low == 0 and found.high == np.inf and found.p > 0.2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"before": 0}, "nothing is counted before"),
        ({"after": -1}, "whole numbers of at least 0"),
        ({"after": 0.5}, "whole numbers of at least 0"),
        ({"before": np.nan}, "whole numbers of at least 0"),
    ],
)
def test_counts_that_are_none_are_refused(test_of, places, change, said):
    with pytest.raises(InputError, match=said):
        test_of(places.assign(**change), np.random.default_rng(1))


def test_places_that_do_not_fit_are_refused(test_of, places):
    with pytest.raises(InputError, match="not of the places"):
        test_of(places.iloc[1:], np.random.default_rng(1))
    with pytest.raises(InputError, match="not of the places"):
        Gradient(test_of.along, test_of.blocks.iloc[1:])
    with pytest.raises(InputError, match="two or more known distances"):
        Gradient(test_of.along * np.nan, test_of.blocks)
    with pytest.raises(InputError, match="fewer than 6"):
        Gradient(test_of.along, test_of.blocks.str[:1])
    with pytest.raises(InputError, match="no world"):
        calibrated(test_of, {}, np.random.default_rng(1))


def test_a_quarter_of_the_earth_is_ten_thousand_kilometres():
    pole = pd.DataFrame({"latitude": [90.0], "longitude": [12.0]})
    equator = pd.DataFrame({"latitude": [0.0], "longitude": [70.0]})
    assert kilometres(pole, equator).item() == pytest.approx(6371 * np.pi / 2)
