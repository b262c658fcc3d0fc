"""A unit against its synthetic control, among the same for units of which nothing is claimed."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TICKS = (0.02, 0.1, 0.5, 1, 2, 10, 50)
DONORS = "#BBBBBB"


def gaps(axes: "Axes", logs: pd.DataFrame, at: pd.Timestamp) -> None:
    """Draw each unit over its synthetic control, the first in colour, with a line at the event.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    logs : pandas.DataFrame, shape (n_periods, n_units), PeriodIndex
        Logarithms of actual over synthetic values; the treated unit is the first column.
    at : pandas.Timestamp
        The day of the event.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> index = pd.period_range("2020Q1", periods=4, freq="Q")
    >>> axes = plt.figure().subplots()
    >>> gaps(axes, pd.DataFrame({"A": 0.1, "B": -0.2}, index=index), pd.Timestamp("2020-08-15"))
    >>> axes.get_legend_handles_labels()[1]
    ['A']
    """
    dates = logs.index.to_timestamp()
    for name in logs.columns[1:]:
        axes.plot(dates, np.exp(logs[name]), color=DONORS, linewidth=0.6)
    treated = logs.columns[0]
    axes.plot(dates, np.exp(logs[treated]), color=PALETTE[1], linewidth=2, label=treated)
    axes.axvline(at, color=INK, linewidth=0.8, linestyle="--")
    axes.set(
        yscale="log",
        ylim=(TICKS[0], TICKS[-1]),
        ylabel="deaths over synthetic deaths (log scale)",
    )
    axes.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
    axes.minorticks_off()
    axes.legend(loc="upper left")
