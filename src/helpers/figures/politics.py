"""The figure of what moves first."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def leads_and_lags(axes: "Axes", tables: Mapping[str, pd.DataFrame]) -> None:
    """Draw correlations at leads and lags, one line and marker for each name.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    tables : mapping of str to pandas.DataFrame
        By name: ``lag``, the periods by which the first series moves before the second, and
        ``correlation``.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"lag": [-1, 0, 1], "correlation": [0.0, 0.2, 0.5]})
    >>> leads_and_lags(axes, {"one": table})
    >>> [float(end) for end in axes.get_ylim()]
    [-1.0, 1.0]
    """
    for number, (name, table) in enumerate(tables.items()):
        axes.plot(
            table["lag"],
            table["correlation"],
            marker="osD^v"[number % 5],
            color=PALETTE[number % len(PALETTE)],
            label=name,
        )
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.axvline(0, color=INK, linewidth=0.8, linestyle="--")
    axes.set(ylim=(-1, 1), ylabel="rank correlation of changes")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
