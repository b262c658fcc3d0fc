"""An interval that does not fit the axis is marked, and one that fits is not."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers.figures import targets


@pytest.mark.parametrize(("low", "arrows"), [(0.0, 1), (0.01, 1), (0.5, 0), (1.5, 0)])
def test_an_interval_that_begins_below_the_axis_ends_in_an_arrow(low, arrows):
    table = pd.DataFrame({"unit": ["A", "B"], "quotient": 2.0, "low": [low, 1.0], "high": 3.0})
    axes = plt.figure().subplots()
    targets.quotients(axes, table, ["A"], "quotient")
    marked = [line for line in axes.lines if line.get_marker() == "<"]
    assert len(marked) == arrows
    assert all(line.get_ydata().tolist() == [1] for line in marked)
    plt.close("all")
