"""The figures of forecasts and what came."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.figures.forecast import fan_with_outcome, mean_scores, places_in_cloud
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


def test_months_without_a_count_leave_an_axis(axes):
    months = pd.period_range("2025-01", periods=3, freq="M")
    fan_with_outcome(axes, bands(np.zeros((9, 3)), months), pd.Series(0.0, index=months))
    assert axes.get_ylim() == (0, 2.5)
