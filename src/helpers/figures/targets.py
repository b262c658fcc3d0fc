"""Figures of parts of a whole: whom violence kills, and where it happens."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures import plots
from helpers.figures.ends import label_ends
from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def ratios(axes: "Axes", table: pd.DataFrame, smallest: float, label: str) -> None:
    """Draw ratios with intervals by source over a band in which a change is too small to count.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame
        ``source``, ``ratio``, ``low``, ``high``.
    smallest : float
        The upper end of the band, above 1; the lower end is its reciprocal.
    label : str
        What the axis shows.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"source": ["A"], "ratio": 0.9, "low": 0.7, "high": 1.2})
    >>> ratios(axes, table, 1.25, "ratio")
    >>> axes.patches[0].get_x()
    0.8
    """
    plots.forest(axes, table, table["source"])
    axes.axvspan(1 / smallest, smallest, color=PALETTE[4], alpha=0.2, linewidth=0)
    axes.set_xlabel(label)


def shares(axes: "Axes", table: pd.DataFrame, line: float, label: str) -> None:
    """Draw a share by month as dots whose area is the number behind it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, PeriodIndex
        ``share`` and ``dead``.
    line : float
        A share to compare with, drawn across.
    label : str
        What the share is.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes, index = plt.figure().subplots(), pd.period_range("2024-01", periods=2, freq="M")
    >>> shares(axes, pd.DataFrame({"share": [0.5, 0.4], "dead": [30, 60]}, index=index), 0.4, "x")
    >>> axes.collections[0].get_sizes().tolist()
    [30, 60]
    """
    axes.scatter(
        table.index.to_timestamp(),
        table["share"],
        s=table["dead"],
        color=PALETTE[0],
        alpha=0.7,
        linewidth=0,
    )
    axes.axhline(line, color=INK, linewidth=0.8, linestyle="--")
    axes.set(ylim=(0, 1), ylabel=label)
    plots.few_dates(axes)


def quotients(axes: "Axes", table: pd.DataFrame, named: Collection[str], label: str) -> None:
    """Draw location quotients with intervals on a logarithmic scale, the named places in colour.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame
        ``unit``, ``quotient`` (above 0), ``low``, ``high``, from the top down. An interval that
        begins below the axis ends in an arrow.
    named : collection of str
        The units that stand out.
    label : str
        What the axis shows.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"unit": ["A", "B"], "quotient": [4, 1], "low": [2, 0.5],
    ...                       "high": [8, 2]})
    >>> quotients(axes, table, ["B"], "quotient")
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['A', 'B']
    """
    places = range(len(table))[::-1]
    colors = [PALETTE[1] if unit in named else PALETTE[0] for unit in table["unit"]]
    axes.hlines(places, table["low"], table["high"], color=colors, linewidth=2)
    axes.scatter(table["quotient"], places, color=colors, zorder=3)
    axes.axvline(1, color=INK, linewidth=0.8, linestyle="--")
    axes.set(xscale="log", yticks=places, yticklabels=list(table["unit"]), xlabel=label)
    axes.grid(axis="y", visible=False)
    ticks = (0.2, 0.5, 1, 2, 5, 10, 20)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    least = 0.75 * ticks[0]
    axes.set_xlim(left=least)
    for place, low, color in zip(places, table["low"], colors):
        if low < least:
            axes.plot(least, place, "<", color=color, markersize=8, clip_on=False)


def parts(axes: "Axes", table: pd.DataFrame, title: str) -> None:
    """Draw shares by year as lines, one for each column.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame of float, index of years
        Shares below 0.55, a column for each source.
    title : str
        Of the panel.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> parts(axes, pd.DataFrame({"A": [0.3, 0.4]}, index=[2023, 2024]), "share")
    >>> axes.lines[0].get_ydata().tolist()
    [0.3, 0.4]
    """
    for name, color in zip(table, PALETTE):
        values = table[name].dropna()
        axes.plot(values.index, values, "-o", markersize=3, label=name, color=color)
    axes.set(ylim=(0, 0.55), title=title)
    plots.whole_years(axes)
    label_ends(axes)
