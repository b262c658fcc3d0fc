"""A unit against its synthetic control, among the same for units of which nothing is claimed."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TICKS = (0.02, 0.1, 0.5, 1, 2, 10, 50)
DONORS = "#BBBBBB"
SHADE = "#EEEEEE"
COUNTS = (0, 1, 3, 10, 30, 100, 300)


def gaps(axes: "Axes", logs: pd.DataFrame, at: pd.Timestamp, what: str = "deaths") -> None:
    """Draw each unit over its synthetic control, the first in colour, with a line at the event.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    logs : pandas.DataFrame, shape (n_periods, n_units), PeriodIndex
        Logarithms of actual over synthetic values; the treated unit is the first column.
    at : pandas.Timestamp
        The day of the event.
    what : str
        What is counted.

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
        ylabel=f"{what} over synthetic {what} (log scale)",
    )
    axes.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
    axes.minorticks_off()
    axes.legend(loc="upper left")


def beside(axes: "Axes", counts: pd.DataFrame, at: pd.Timestamp, kept_back: str) -> None:
    """Draw a unit and its synthetic control, with the periods that gave no weights shaded.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    counts : pandas.DataFrame of float, shape (n_periods, 2), PeriodIndex
        ``actual`` and ``synthetic`` counts a period.
    at : pandas.Timestamp
        The day of the event.
    kept_back : str
        The first period that gave weights.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> index = pd.period_range("2020Q1", periods=4, freq="Q")
    >>> counts = pd.DataFrame({"actual": 9.0, "synthetic": 8.0}, index=index)
    >>> axes = plt.figure().subplots()
    >>> beside(axes, counts, pd.Timestamp("2020-08-15"), "2020Q2")
    >>> axes.get_legend_handles_labels()[1]
    ['the province', 'its synthetic control']
    """
    dates = counts.index.to_timestamp()
    axes.plot(dates, counts["actual"], color=PALETTE[1], linewidth=2, label="the province")
    axes.plot(dates, counts["synthetic"], color=INK, linewidth=1.2, label="its synthetic control")
    axes.axvspan(dates[0], pd.Period(kept_back, counts.index.freq).to_timestamp(), color=SHADE)
    axes.axvline(at, color=INK, linewidth=0.8, linestyle="--")
    axes.set_yscale("symlog", linthresh=1)
    axes.set_yticks(COUNTS, [f"{tick:g}" for tick in COUNTS])
    axes.minorticks_off()
    axes.set_ylim(0, 1.3 * float(counts.to_numpy().max()))
    axes.legend(loc="lower left", fontsize=8)
