"""A step told whole: what was planted is found, what was not is not, and every number of the table is there."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.noise import Noise
from helpers.stats.trust.steps import false_alarms, step_test, table


def series(generator, ratio=1.0, before=72, after=12, mean=200.0):
    means = np.r_[np.full(before, mean), np.full(after, mean * ratio)]
    return pd.Series(
        Noise(0.4, 0.15).draw(means, 1, generator)[0],
        index=pd.period_range("2016-01", periods=before + after, freq="M"),
    )


class Recorder:
    def __init__(self):
        self.seen = {}

    def record(self, key, value, **about):
        self.seen[key] = value


def test_a_planted_fall_is_found_and_told_with_all_that_weighs_it():
    generator = np.random.default_rng(1)
    test = step_test("made up", series(generator, 0.4), "2022-01", generator, simulated=60)
    assert (
        test.reml.high < 0.75
        and test.bootstrap.p < 0.05
        and test.local.value < 0.75
        and test.placebo.p < 0.1
    )
    assert test.size <= 0.15 and 0.4 < test.mde.below < 1 < test.mde.above and test.equal_p > 0.5
    row = table([test]).iloc[0]
    assert (
        row["months"] == 84
        and row["ratio"] == test.reml.value
        and row["power_at_0.75"] == test.power
    )
    recorder = Recorder()
    test.record(recorder, "hypotheses.x.step", "made up")
    assert recorder.seen["hypotheses.x.step"] is test.reml
    assert {
        "hypotheses.x.step_size",
        "hypotheses.x.step_detectable_fall",
        "hypotheses.x.step_placebo_p",
    } <= set(recorder.seen)


def test_nothing_is_found_where_nothing_happened_and_a_long_quiet_series_can_be_called_equal():
    generator = np.random.default_rng(2)
    quiet = pd.Series(
        generator.poisson(4000, 120), index=pd.period_range("2012-01", periods=120, freq="M")
    )
    test = step_test("quiet", quiet, "2019-01", generator, simulated=40)
    assert test.reml.p > 0.05 and test.equal_p < 0.05 and test.power > 0.9


def test_without_room_for_placebo_dates_there_is_a_dash():
    generator = np.random.default_rng(3)
    short = series(generator, before=30, after=12)
    test = step_test("short", short, "2018-07", generator, simulated=20)
    assert test.placebo is None and pd.isna(table([test])["p_placebo"][0])
    with pytest.raises(InputError, match="lies outside"):
        step_test("late", short, "2030-01", generator, simulated=20)


def test_false_alarms_come_at_about_their_level():
    generator = np.random.default_rng(4)
    found = false_alarms(series(generator), "2022-01", generator)
    assert (
        found["permuted"].low < 0.05 < found["permuted"].high
        or abs(found["permuted"].value - 0.05) < 0.04
    )
    assert found["placebo"].value < 0.35
