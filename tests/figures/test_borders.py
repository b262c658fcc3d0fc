"""Dots of places: where they stand is the share that came after."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from helpers.figures.borders import shares


def test_dots_stand_at_their_shares_and_larger_counts_are_larger():
    table = pd.DataFrame({"before": [1, 30], "after": [3, 10], "line": [10.0, 200.0]})
    curve = pd.DataFrame({"distance": [0.0, 300.0], "share": [0.8, 0.2]})
    axes = plt.figure().subplots()
    drawn = shares(axes, table, "line", curve, "km")
    (dots,) = axes.collections
    assert np.allclose(dots.get_offsets(), [[10, 0.75], [200, 0.25]])
    assert dots.get_sizes()[0] < dots.get_sizes()[1]
    assert drawn["count"].tolist() == [4, 40] and axes.get_xlabel() == "km"
    assert axes.lines[0].get_ydata().tolist() == [0.8, 0.2]
