"""Which of two series comes first: correlations at leads and lags."""

from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures.style import INK, MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def lags(axes: "Axes", table: pd.DataFrame) -> None:
    """Draw a correlation for each lag as a bar, leads and lags in their own colours.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame
        Columns lag (periods by which the first series comes before the second) and correlation.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> lags(axes, pd.DataFrame({"lag": [-1, 0, 1], "correlation": [0.1, 0.0, -0.2]}))
    >>> len(axes.patches)
    3
    """
    colours = [PALETTE[0] if lag > 0 else PALETTE[1] if lag < 0 else MUTED for lag in table["lag"]]
    axes.bar(table["lag"], table["correlation"], color=colours)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set(ylabel="rank correlation", ylim=(-1, 1), xticks=table["lag"])
