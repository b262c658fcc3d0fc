"""Places by their distance from a line: how much of what was counted came after."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST = 260.0  # area of the largest dot, points squared


def shares(
    axes: "Axes", table: pd.DataFrame, distance: str, curve: pd.DataFrame, label: str
) -> pd.DataFrame:
    """Draw places as dots whose area is their count, and a fitted curve.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame
        Columns ``before``, ``after`` and ``distance`` (km).
    distance : str
        Name of that column.
    curve : pandas.DataFrame
        Columns ``distance`` (km) and ``share``.
    label : str
        What lies along the horizontal axis.

    Returns
    -------
    pandas.DataFrame
        What was drawn: ``distance``, ``share`` and ``count``.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> table = pd.DataFrame({"before": [1, 3], "after": [3, 1], "line": [10.0, 200.0]})
    >>> curve = pd.DataFrame({"distance": [0.0, 300.0], "share": [0.8, 0.2]})
    >>> drawn = shares(plt.figure().subplots(), table, "line", curve, "km")
    >>> drawn["share"].tolist(), drawn["count"].tolist()
    ([0.75, 0.25], [4, 4])
    """
    count = table["before"] + table["after"]
    drawn = pd.DataFrame(
        {"distance": table[distance], "share": table["after"] / count, "count": count}
    )
    axes.scatter(
        drawn["distance"],
        drawn["share"],
        s=np.maximum(LARGEST * drawn["count"] / drawn["count"].max(), 4),
        color=PALETTE[0],
        alpha=0.55,
        edgecolor=INK,
        linewidth=0.4,
    )
    axes.plot(curve["distance"], curve["share"], color=PALETTE[1], linewidth=2)
    axes.set_ylim(-0.05, 1.05)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    axes.set_xlabel(label)
    return drawn
