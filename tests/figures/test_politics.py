"""The figure of what moves first."""

import matplotlib.pyplot as plt
import pandas as pd

from helpers.figures.politics import leads_and_lags


def test_each_name_is_a_line_of_its_own_colour_and_marker_through_its_correlations():
    axes = plt.figure().subplots()
    table = pd.DataFrame({"lag": [-1, 0, 1], "correlation": [-0.2, 0.1, 0.6]})
    leads_and_lags(axes, {"one": table, "two": table.assign(correlation=0.3)})
    one, two = (line for line in axes.lines if len(line.get_xdata()) == 3)
    assert one.get_ydata().tolist() == [-0.2, 0.1, 0.6] and two.get_ydata().tolist() == [0.3] * 3
    assert one.get_color() != two.get_color() and one.get_marker() != two.get_marker()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "two"]
    plt.close("all")
