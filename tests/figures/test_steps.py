"""What a figure shows is what its table holds."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.figures import alliances, sanctuaries, steps


@pytest.fixture
def axes():
    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_the_band_of_small_changes_is_even_on_the_log_scale(axes):
    table = pd.DataFrame({"ratio": [0.8, 1.9], "low": [0.5, 1.1], "high": [1.3, 3.4]})
    steps.ratios(axes, table, pd.Series(["a", "b"]), 1.25)
    band = axes.patches[0]
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx((0.8, 1.25))
    assert axes.get_xscale() == "log"
    assert axes.lines[0].get_xdata().tolist() == [0.8, 1.9]


def test_observed_months_lie_over_the_bands_and_set_the_height(axes):
    index = pd.period_range("2024-07", periods=3, freq="M")
    ends = {f"{end}_{level}": 9.0 for end in ("low", "high") for level in (50, 80, 95)}
    observed = pd.Series([4, 10, 6], index=index)
    steps.expected(axes, pd.DataFrame({"median": 5.0, **ends}, index=index), observed)
    assert axes.lines[-1].get_ydata().tolist() == [4, 10, 6]
    assert axes.get_ylim()[1] == pytest.approx(22)


def test_the_treated_unit_is_drawn_last_and_as_a_ratio(axes):
    index = pd.period_range("2020Q1", periods=4, freq="Q")
    logs = pd.DataFrame({"A": np.log(2.0), "B": 0.0, "C": -1.0}, index=index)
    sanctuaries.gaps(axes, logs, pd.Timestamp("2020-08-15"))
    assert axes.lines[2].get_label() == "A"
    assert axes.lines[2].get_ydata().tolist() == pytest.approx([2.0] * 4)
    assert len(axes.lines) == 4  # two donors, the unit, the event


def test_leads_and_lags_have_colours_of_their_own(axes):
    alliances.lags(axes, pd.DataFrame({"lag": [-1, 0, 1], "correlation": [0.1, 0.0, -0.2]}))
    assert [bar.get_height() for bar in axes.patches] == [0.1, 0.0, -0.2]
    assert len({bar.get_facecolor() for bar in axes.patches}) == 3


def test_null_distributions_share_a_scale_and_return_what_they_show():
    figure, panels = plt.subplots(1, 2, sharex=True, sharey=True)
    observed = {"a": 2.5, "b": 0.8}
    drawn = steps.nulls(panels, {"a": [0.6, 1.0, 1.7], "b": [0.9, 1.1, 1.2]}, observed)
    plt.close(figure)
    found = drawn[drawn["kind"] == "observed"].set_index("series")["value"]
    assert found.to_dict() == observed
    assert panels[0].get_xlim() == panels[1].get_xlim()
    assert [label.get_text() for label in panels[1].get_xticklabels()] == ["0.7", "1", "1.4", "2"]
    assert panels[0].get_legend() is not None and panels[1].get_legend() is None


@pytest.mark.parametrize("wide", [1.5, 3, 10, 40, 300, 5e3, 1e6, 1e12])
@pytest.mark.parametrize("middle", [0.02, 0.8, 1, 1.3, 40])
def test_ticks_of_a_narrow_panel_have_room_however_wide_the_range(wide, middle):
    low, high = middle / wide**0.5, middle * wide**0.5
    ticks = steps.ratio_ticks(low, high)
    apart = np.diff(np.log([low, *ticks, high])) / np.log(wide)
    assert 1 <= len(ticks) <= 6 and min(ticks) >= low and max(ticks) <= high
    assert (apart[1:-1] > 0.1).all()  # none runs into the next
    assert apart.max() < 0.7  # no wide part of the axis is left bare
    assert 1 in ticks or not low <= 1 <= high


def test_a_wide_range_of_nulls_has_ticks_that_can_be_read():
    figure, panels = plt.subplots(1, 3, sharex=True, sharey=True, figsize=(7, 2.5))
    draws = np.geomspace(0.004, 300, 50)
    steps.nulls(panels, dict.fromkeys("abc", draws), dict.fromkeys("abc", 2.0))
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in panels[1].get_xticklabels()]
    plt.close(figure)
    assert len(boxes) > 2
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
