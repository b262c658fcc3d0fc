"""False alarms come at about their level, and a past that holds a real step says so."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.noise import Noise
from helpers.stats.trust.false_alarms import at_placebo_dates, permuted


def series(generator, means):
    return pd.Series(
        Noise(0.4, 0.15).draw(means, 1, generator)[0],
        index=pd.period_range("2016-01", periods=len(means), freq="M"),
    )


def test_months_in_random_order_and_a_quiet_past_set_off_few_alarms():
    generator = np.random.default_rng(4)
    quiet = series(generator, np.full(84, 200.0))
    shuffled = permuted(quiet, "2022-01", generator)
    assert shuffled.n == 200 and abs(shuffled.value - 0.05) < 0.04
    earlier = at_placebo_dates(quiet, "2022-01")
    assert earlier.n == 72 - 12 - 36 + 1 and earlier.value < 0.35


def test_a_real_step_in_the_past_is_an_alarm_there_and_none_in_random_order():
    generator = np.random.default_rng(5)
    stepped = series(generator, np.r_[np.full(48, 100.0), np.full(24, 400.0)])
    there = at_placebo_dates(stepped, "2021-01", before=48)  # the only date with room is the step's
    assert (there.n, there.value) == (1, 1.0)
    assert permuted(stepped, "2021-01", generator, draws=100).value < 0.15


def test_without_room_for_earlier_dates_it_says_so():
    short = series(np.random.default_rng(6), np.full(42, 100.0))
    with pytest.raises(InputError, match="no date before 2018-07 has 36 periods before it and 12"):
        at_placebo_dates(short, "2018-07")
