"""The figures of forecasts and what came."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.figures.forecast import fan_with_outcome, mean_scores, places_in_cloud
from helpers.figures.marks import marks, name_series
from helpers.measures.forecast import bands


@pytest.fixture
def axes():
    yield plt.figure().subplots()
    plt.close("all")


def test_the_best_score_stands_on_top_and_one_bar_has_its_own_colour(axes):
    ranking = pd.DataFrame({"model": ["best", "pool", "worst"], "crps": [1.0, 2.0, 3.0]})
    mean_scores(axes, ranking, "crps", "pool")
    bars = sorted(axes.patches, key=lambda bar: -bar.get_y())
    assert [bar.get_width() for bar in bars] == [1.0, 2.0, 3.0]
    colors = [bar.get_facecolor() for bar in bars]
    assert colors[0] == colors[2] != colors[1]


def test_bars_are_shares_of_outcomes_and_the_line_is_an_even_spread(axes):
    places_in_cloud(axes, pd.Series([0.05, 0.15, 0.15, 0.95]))
    heights = [bar.get_height() for bar in axes.patches]
    assert heights[0] == 0.25 and heights[1] == 0.5 and sum(heights) == pytest.approx(1)
    assert axes.lines[0].get_ydata()[0] == 0.1


def test_the_outcome_is_drawn_whole_and_wide_bands_do_not_set_the_scale(axes):
    months = pd.period_range("2025-01", periods=3, freq="M")
    seen = pd.Series([10.0, 10.0, 10.0], index=months)
    fan_with_outcome(axes, bands(np.full((9, 3), 1e6), months), seen)
    assert axes.get_ylim() == (0, 25)
    assert axes.lines[-1].get_ydata().tolist() == [10.0, 10.0, 10.0]


def test_a_month_that_may_be_revised_is_a_ring_and_one_mark(axes):
    months = pd.period_range("2025-01", periods=4, freq="M")
    seen = pd.Series([10.0, 20.0, 30.0, 40.0], index=months)
    final = pd.Series([True, True, False, False], index=months)
    fan_with_outcome(axes, bands(np.ones((9, 4)), months), seen, final)
    line, rings = axes.lines[-2:]
    assert line.get_ydata().tolist() == seen.tolist() and line.get_markevery() == [0, 1]
    assert rings.get_ydata().tolist() == [30.0, 40.0] and rings.get_markerfacecolor() == "white"
    names = name_series(axes.figure)
    axes.figure.draw_without_rendering()
    told = [one for one in marks(axes.figure) if one.series >= 0]
    assert [(names[one.series], one.said[1]) for one in told] == [
        ("observed", "10"),
        ("observed", "20"),
        ("observed, may be revised", "30"),
        ("observed, may be revised", "40"),
    ]


def test_months_without_a_count_leave_an_axis(axes):
    months = pd.period_range("2025-01", periods=3, freq="M")
    fan_with_outcome(axes, bands(np.zeros((9, 3)), months), pd.Series(0.0, index=months))
    assert axes.get_ylim() == (0, 2.5)
