"""Forecasts and what came: how far off each model was, and where the outcomes fell."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.figures.plots import fan
from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def mean_scores(axes: "Axes", ranking: pd.DataFrame, score: str, highlighted: str) -> None:
    """Draw the mean score of each model as a bar, the first row of the table on top.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    ranking : pandas.DataFrame
        ``model`` and the score's column.
    score : str
        The column to draw.
    highlighted : str
        The model whose bar has a colour of its own.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> mean_scores(axes, pd.DataFrame({"model": ["a", "b"], "crps": [1.0, 2.0]}), "crps", "a")
    >>> [float(bar.get_width()) for bar in axes.patches]
    [2.0, 1.0]
    """
    order = ranking.iloc[::-1]
    colors = [PALETTE[1] if name == highlighted else PALETTE[0] for name in order["model"]]
    axes.barh(order["model"], order[score], color=colors)
    axes.grid(axis="y", visible=False)


def places_in_cloud(axes: "Axes", places: pd.Series, bins: int = 10) -> None:
    """Draw where outcomes fell among the draws of their forecasts, and the line of an even spread.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    places : pandas.Series of float
        Shares of draws below the outcome, from 0 to 1 (the probability integral transform).
    bins : int, default 10
        Bars between 0 and 1.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> places_in_cloud(axes, pd.Series([0.1, 0.2, 0.3, 0.9]), bins=2)
    >>> [float(bar.get_height()) for bar in axes.patches]
    [0.75, 0.25]
    """
    weights = [1 / len(places)] * len(places)
    axes.hist(places, bins=bins, range=(0, 1), weights=weights, color=PALETTE[1])
    axes.axhline(1 / bins, color=INK, linewidth=0.8, linestyle="--")
    axes.grid(axis="x", visible=False)
    axes.set_ylabel("share of outcomes")


def fan_with_outcome(
    axes: "Axes", bands: pd.DataFrame, seen: pd.Series, final: pd.Series | None = None
) -> None:
    """Draw a forecast as bands and what was seen before and after it as a line.

    The axis ends at two and a half times the level that nine in ten of the seen values stay below,
    or else the upper end of a wide band would press everything to the floor. A level below one
    counts as one.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    bands : pandas.DataFrame, PeriodIndex
        ``median`` and ``low_``/``high_`` of 50, 80 and 95, such as deaths a month.
    seen : pandas.Series, PeriodIndex
        The observed values, in the same unit.
    final : pandas.Series of bool, PeriodIndex, optional
        Whether a value will not be revised; the others are rings. All are, where it is not given.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> months = pd.period_range("2025-01", periods=3, freq="M")
    >>> names = ["median", *(f"{end}_{one}" for one in (50, 80, 95) for end in ("low", "high"))]
    >>> bands = pd.DataFrame(1.0, index=months, columns=names)
    >>> fan_with_outcome(axes, bands, pd.Series(2.0, index=months))
    >>> float(axes.get_ylim()[1])
    5.0
    """
    fan(axes, bands)
    whole = pd.Series(True, index=seen.index) if final is None else final.astype(bool)
    look: dict[str, Any] = {"color": INK, "marker": "o", "markersize": 3.5}
    axes.plot(
        seen.index.to_timestamp(),
        seen,
        linewidth=0.8,
        label="observed",
        markevery=np.flatnonzero(whole).tolist(),
        **look,
    )
    if not whole.all():
        rings = seen[~whole]
        label = "observed, may be revised"
        when = rings.index.to_timestamp()
        axes.plot(when, rings, linestyle="", markerfacecolor="white", label=label, **look)
    axes.set_ylim(0, 2.5 * max(1.0, seen.quantile(0.9)))
    axes.legend(loc="upper left", fontsize=8)
