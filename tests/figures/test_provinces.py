"""Pictures of units about an event: where things stand, and what was drawn."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.figures.provinces import courses, paths, ratio_ticks

MONTHS = pd.period_range("2016-08", periods=76, freq="M")


@pytest.fixture
def axes():
    yield plt.figure().subplots()
    plt.close("all")


def test_the_thick_line_is_the_mean_of_each_whole_year_from_the_event(axes):
    counts = pd.Series(np.arange(76.0), MONTHS)
    courses(axes, counts.to_frame("a"), "2021-08")
    thick = next(line for line in axes.lines if line.get_label() == "a")
    drawn = pd.Series(thick.get_ydata(), MONTHS)
    assert drawn["2021-09":"2022-07"].unique().tolist() == [counts["2021-08":"2022-07"].mean()]
    assert np.isnan(drawn["2021-08"])  # a gap where the years meet
    assert axes.get_ylim()[0] < 0 < 76 < axes.get_ylim()[1]


def test_a_ratio_stands_in_the_middle_of_its_year_or_of_what_there_is(axes):
    rows = pd.DataFrame({"since": [-1, 0, 1], "ratio": [1.0, 2, 3], "low": [1.0, 1, 1]})
    drawn = paths(axes, {"a": rows.assign(high=1e6)}, "2021-08", "2022-11")
    at = [pd.Timestamp(one) for one in axes.lines[0].get_xdata()]
    assert at[0].strftime("%Y-%m") in ("2021-01", "2021-02")
    assert at[2] == pd.Timestamp("2022-10-01")  # August to November 2022
    assert drawn["pair"].tolist() == ["a"] * 3
    assert axes.get_ylim()[1] == 100  # the longest interval leaves the picture


def test_ticks_of_ratios_lie_within_what_is_shown():
    places, labels = ratio_ticks(np.array([0.05, 1.0, 12.0]))
    assert places == [0.1, 0.3, 1, 3, 10] and labels[0] == "0.1"
