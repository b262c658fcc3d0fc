"""Ratios of two places in windows: found where planted, weighed by what could be found."""

import numpy as np
import pandas as pd
import pytest

from helpers.measures import pulses
from helpers.stats.estimate import Estimate
from helpers.stats.months.noise import Noise
from helpers.stats.panels.pulse_pairs import PulseInRatio

MONTHS = pd.period_range("2018-01", periods=72, freq="M")
TEST = PulseInRatio([("2020-05", "2020-07"), ("2021-06", "2021-08")], harmonics=0)


def pair(factor, generator):
    inside = TEST.design(MONTHS)["window"].to_numpy() != 0
    means = np.where(inside, factor, 1.0) * 60, np.full(72, 30.0)
    return [pd.Series(Noise(0.3, 0.1).draw(one, 1, generator)[0], MONTHS) for one in means]


def test_a_planted_ratio_is_found_and_weighed():
    generator = np.random.default_rng(1)
    found = pulses.pair_pulse(*pair(2.5, generator), TEST, generator, name="a over b", simulated=60)
    assert found.pulse.low > 1 and found.pulse.low < 2.5 < found.pulse.high
    beside = found.beside()
    assert beside["placebo_p"] < 0.1 and beside["size"] == found.size.table["size"].max()
    assert beside["power"] < beside["power_at_2"] and beside["power_at_2"] > 0.8
    assert 1 < beside["detectable_rise"] <= 2
    row = pulses.table([found]).iloc[0]
    assert row["ratio"] == found.pulse.value and row["worst_world"] == found.size.worst
    assert set(pulses.FORMATS) <= set(row.index)


def test_no_ratio_is_found_where_none_is():
    generator = np.random.default_rng(2)
    found = pulses.pair_pulse(*pair(1.0, generator), TEST, generator, name="quiet", simulated=20)
    assert found.pulse.low < 1 < found.pulse.high and found.beside()["placebo_p"] > 0.05


def test_a_unit_stands_as_its_p_value_ranks():
    found = {name: Estimate(1.5, p=p) for name, p in {"a": 0.2, "b": 0.1, "c": 0.9}.items()}
    stood = [pulses.standing(found, name).p for name in "bac"]
    assert stood == pytest.approx([1 / 3, 2 / 3, 1])
