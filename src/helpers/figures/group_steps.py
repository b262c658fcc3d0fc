"""Series of counts with their fitted level, and the level that goes on without the step."""

from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures.plots import few_dates
from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def levels(axes: "Axes", table: pd.DataFrame, at: str) -> None:
    """Draw counts as dots, the fitted level as a line, and what it would have been from ``at`` on.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, PeriodIndex
        Columns observed, fitted and without, as of
        :func:`helpers.measures.group_steps.carried_on`.
    at : str
        First period of the new level.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> months = pd.period_range("2021-06", periods=4, freq="M")
    >>> table = pd.DataFrame({"observed": [3, 4, 8, 9], "fitted": 4.0, "without": 2.0}, months)
    >>> axes = plt.figure().subplots()
    >>> levels(axes, table, "2021-08")
    >>> [line.get_label() for line in axes.lines[:3]]
    ['a month', 'fitted', 'without a step']
    """
    dates, after = table.index.to_timestamp(), table[at:]
    axes.plot(dates, table["observed"], "o", color=INK, markersize=3, alpha=0.6, label="a month")
    axes.plot(dates, table["fitted"], color=PALETTE[0], linewidth=1.8, label="fitted")
    axes.plot(
        after.index.to_timestamp(),
        after["without"],
        "--",
        color=PALETTE[1],
        linewidth=1.8,
        label="without a step",
    )
    axes.axvline(pd.Period(at, table.index.freq).to_timestamp(), color=INK, linewidth=0.8)
    axes.set_ylim(bottom=0)
    few_dates(axes)
