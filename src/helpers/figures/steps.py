"""Figures of a step: ratios over a band of small changes, months over what was expected."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from helpers.figures import plots
from helpers.figures.nulls import null_distribution
from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Ticks of a decade, the closest first; panels side by side have room for so many.
DECADES = ((1, 1.4, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))
ROOM = 6


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


def nulls(
    panels: "Sequence[Axes] | np.ndarray",
    simulated: Mapping[str, Sequence[float] | np.ndarray],
    observed: Mapping[str, float],
) -> pd.DataFrame:
    """Draw several null distributions of a ratio side by side, on one logarithmic scale.

    Parameters
    ----------
    panels : sequence of matplotlib.axes.Axes, shape (n_series,)
        Where to draw; they share their axes.
    simulated : mapping of str to array_like of float
        Ratios in worlds without an effect, by series.
    observed : mapping of str to float
        The ratio of the data, by series.

    Returns
    -------
    pandas.DataFrame
        Columns series, value and kind (``simulated`` or ``observed``).

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> panels = plt.figure().subplots(1, 2, sharex=True, sharey=True)
    >>> drawn = nulls(panels, {"a": [0.9, 1.2], "b": [0.8, 1.1]}, {"a": 1.6, "b": 0.9})
    >>> drawn.groupby("series").size().tolist()
    [3, 3]
    """
    parts = {}
    for axes, (name, values) in zip(panels, simulated.items(), strict=True):
        parts[name] = null_distribution(axes, values, observed[name], log=True)
        axes.set_title(name)
    for axes in panels[1:]:
        if legend := axes.get_legend():
            legend.remove()
        axes.set_ylabel("")
    table = pd.concat(parts, names=["series", "draw"]).reset_index("series")
    ticks = ratio_ticks(table["value"].min(), table["value"].max())
    panels[0].set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    panels[0].margins(y=0.35)  # room for the legend
    return table


def ratio_ticks(low: float, high: float) -> list[float]:
    """Return round ratios between two, as close as a narrow logarithmic axis has room for.

    Parameters
    ----------
    low, high : float
        Ends of the axis, above 0.

    Returns
    -------
    list of float
        At most six, about evenly spaced in logarithms; 1 is among them where it lies inside.

    Examples
    --------
    >>> ratio_ticks(0.6, 2.5)
    [0.7, 1.0, 1.4, 2.0]
    >>> ratio_ticks(0.02, 60)
    [0.1, 1.0, 10.0]
    """
    if high < 2 * low:  # so little is almost linear
        near = MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high)
        return [tick for tick in (float(f"{tick:.6g}") for tick in near) if low <= tick <= high]
    first, last = math.floor(math.log10(low)), math.floor(math.log10(high))
    for steps in DECADES:
        rounded = (float(f"{step}e{power}") for power in range(first, last + 1) for step in steps)
        ticks = [tick for tick in rounded if low <= tick <= high]
        if len(ticks) <= ROOM:
            return ticks
    apart = math.ceil(len(ticks) / (ROOM - 1))
    return [tick for tick in ticks if round(math.log10(tick)) % apart == 0]
