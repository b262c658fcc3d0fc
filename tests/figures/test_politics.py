"""Politics and violence: what moves first, and months about dated clashes."""

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd

from helpers.figures.politics import about_clashes, leads_and_lags


def test_each_name_is_a_line_of_its_own_colour_and_marker_through_its_correlations():
    axes = plt.figure().subplots()
    table = pd.DataFrame({"lag": [-1, 0, 1], "correlation": [-0.2, 0.1, 0.6]})
    leads_and_lags(axes, {"one": table, "two": table.assign(correlation=0.3)})
    one, two = (line for line in axes.lines if len(line.get_xdata()) == 3)
    assert one.get_ydata().tolist() == [-0.2, 0.1, 0.6] and two.get_ydata().tolist() == [0.3] * 3
    assert one.get_color() != two.get_color() and one.get_marker() != two.get_marker()
    assert [text.get_text() for text in axes.texts] == ["one", "two"]
    plt.close("all")


def test_each_place_is_a_line_and_each_window_is_shaded_over_its_months():
    axes, months = plt.figure().subplots(), pd.period_range("2022-01", periods=12, freq="M")
    monthly = pd.DataFrame({"here": range(12), "there": 40}, months)
    about_clashes(axes, monthly, [(months[4], months[6]), (months[11], months[11])])
    here, there = axes.lines
    assert here.get_ydata().tolist() == list(range(12)) and set(there.get_ydata()) == {40}
    assert here.get_linestyle() != there.get_linestyle()
    starts = [mdates.num2date(patch.get_x()).date().isoformat() for patch in axes.patches]
    assert starts == ["2022-05-01", "2022-12-01"]
    assert 90 < axes.patches[0].get_width() < 93 and axes.get_ylim()[1] > 40
    plt.close("all")
