"""Figures of a step: ratios over a band of small changes, months over what was expected."""

from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures import plots
from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def ratios(axes: "Axes", table: pd.DataFrame, labels: pd.Series, within: float) -> None:
    """Draw ratios with intervals on a log scale, over a band of changes too small to matter.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame
        Columns ratio, low and high; the first row stands on top.
    labels : pandas.Series of str
        One for each row.
    within : float
        The band reaches from 1 / ``within`` to ``within``.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"ratio": [0.8], "low": [0.5], "high": [1.3]})
    >>> ratios(axes, table, pd.Series(["x"]), 1.25)
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['x']
    """
    axes.axvspan(1 / within, within, color=PALETTE[4], alpha=0.15, linewidth=0)
    plots.forest(axes, table, labels)


def expected(axes: "Axes", prediction: pd.DataFrame, observed: pd.Series) -> None:
    """Draw what was observed as dots over bands of what was expected.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    prediction : pandas.DataFrame, PeriodIndex
        Columns median and low_/high_ 50, 80 and 95, in counts a period.
    observed : pandas.Series of int, PeriodIndex
        Counts, of the same periods and some before them.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> index = pd.period_range("2024-07", periods=3, freq="M")
    >>> ends = {f"{end}_{level}": 5.0 for end in ("low", "high") for level in (50, 80, 95)}
    >>> axes = plt.figure().subplots()
    >>> bands = pd.DataFrame({"median": 5.0, **ends}, index=index)
    >>> expected(axes, bands, pd.Series(5, index=index))
    >>> float(axes.get_ylim()[1])
    11.0
    """
    plots.fan(axes, prediction)
    axes.plot(
        observed.index.to_timestamp(),
        observed,
        "o-",
        color=INK,
        markersize=3,
        linewidth=0.8,
        label="observed",
    )
    axes.set_ylim(0, 2.2 * observed.max())  # the widest bands may leave the picture
