"""Provisional counts beside the final ones."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def months(axes: "Axes", table: pd.DataFrame) -> None:
    """Draw two counts of each month as dots, joined by the line that is the error.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, shape (n_months, n_columns)
        ``month`` (1 to 12), ``provisional`` and ``final``, counts of one unit.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> months(axes, pd.DataFrame({"month": [1, 2], "provisional": [4, 9], "final": [5, 7]}))
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['provisional', 'final']
    """
    axes.vlines(table["month"], table["provisional"], table["final"], color=MUTED, linewidth=1.5)
    for name, color, fill in (
        ("provisional", PALETTE[1], "white"),
        ("final", PALETTE[0], PALETTE[0]),
    ):
        axes.plot(
            table["month"],
            table[name],
            "o",
            markersize=6,
            label=name,
            color=color,
            markerfacecolor=fill,
        )
    axes.set_xticks(table["month"], [str(month) for month in table["month"]])
    axes.set_ylim(0)
    axes.set_xlabel("month of the year")
    axes.legend(loc="lower right", ncols=2)


def ratios(axes: "Axes", table: pd.DataFrame, unit: str) -> None:
    """Draw the final count of every unit over its provisional one, on a logarithmic scale.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, shape (n_units, n_columns)
        ``country`` and ``ratio`` (above 0).
    unit : str
        The unit that is marked and named.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> ratios(axes, pd.DataFrame({"country": ["A", "B"], "ratio": [0.9, 1.6]}), "A")
    >>> axes.get_xscale()
    'log'
    """
    ranked = table.sort_values("ratio", ignore_index=True)
    marked = (ranked["country"] == unit).to_numpy()
    place = np.arange(len(ranked))
    axes.plot(ranked["ratio"], place, "o", color=MUTED, markersize=4)
    axes.plot(ranked["ratio"][marked], place[marked], "o", color=PALETTE[1], markersize=8)
    for row in ranked[marked].itertuples():
        axes.annotate(unit, (row.ratio, row.Index), (8, -4), textcoords="offset points")
    axes.axvline(1, color=MUTED, linewidth=1, linestyle="--")
    axes.set(xscale="log", yticks=[])
    ticks = [tick for tick in (0.5, 1, 2, 5, 10, 100) if tick <= 1.5 * ranked["ratio"].max()]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
