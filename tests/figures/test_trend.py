"""The names under pairs of bars stay apart."""

from itertools import pairwise

import matplotlib.pyplot as plt
import pandas as pd

from helpers.figures import trend


def test_names_of_neighbours_do_not_overlap():
    names = pd.Series(
        [f"{name}, militant attacks" for name in ("PICSS", "GTI", "PIPS", "CRSS")] * 2
    )
    table = pd.DataFrame({"log_incidents": 0.3, "log_lethality": -0.1}, index=names.index)
    axes = plt.figure(figsize=(8.2, 3.8)).subplots()
    trend.decomposition(axes, table, names)
    axes.figure.canvas.draw()
    boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
    assert len(boxes) == len(names)
    assert not any(one.overlaps(other) for one, other in pairwise(boxes))
    plt.close("all")
