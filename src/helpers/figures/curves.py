"""The specification curve: the estimates of a multiverse above, the choices behind each below."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import INK, MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RESULTS = ("value", "low", "high", "p")
CLEAR = 0.05  # an estimate with a p of at most this much is coloured
TICKS = (0.1, 0.2, 0.35, 0.5, 0.7, 1, 1.4, 2, 3, 5, 10)  # of a ratio
STROKE = 0.2  # half of the length of a mark under a specification, in rows
FEW = (0.1, 0.3, 1, 3, 10)  # where they span more than one power of ten
# What the choices of a model of months are in words; a chapter names its own beside them.
WORDS = {
    "trend: 0": "no trend",
    "trend: 1": "a straight trend",
    "season: 0": "no season",
    "season: 1": "season: a wave a year",
    "season: 2": "season: half-yearly too",
    "error: memory": "errors with memory",
    "error: local level": "errors: a level that drifts",
}


def specification_curve(
    table: pd.DataFrame,
    *,
    none: float = 1.0,
    ylabel: str = "rate ratio (log scale)",
    words: Mapping[str, str] | None = None,
) -> "Figure":
    """Draw the estimates of a multiverse above, and the choices behind each below.

    Each specification's estimate has its interval and a colour where p is at most 0.05. Below it
    stands a mark for each choice that varies.

    Parameters
    ----------
    table : pandas.DataFrame, shape (n_specifications, n_columns)
        Sorted by ``value``: ``value``, ``low``, ``high`` and ``p``, and a column for each choice,
        as of :mod:`helpers.stats.trust.multiverse`.
    none : float, default 1.0
        The value of no effect. The axis is logarithmic where it is above 0.
    ylabel : str
        What the estimates are, with their unit.
    words : mapping of str to str, optional
        How a choice is called where ``column: value`` says too little; :data:`WORDS` are known.

    Returns
    -------
    matplotlib.figure.Figure
        A figure of two axes that share the specifications.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), Specification curve analysis.

    Examples
    --------
    >>> estimates = {"value": [0.9, 1.3], "low": [0.7, 1.1], "high": [1.2, 1.6], "p": [0.4, 0.01]}
    >>> table = pd.DataFrame(estimates | {"window": [6, 12], "trend": [0, 1], "model": "NB2"})
    >>> figure = specification_curve(table, words={"window: 6": "half a year"})
    >>> [label.get_text() for label in figure.axes[1].get_yticklabels()]
    ['half a year', 'window: 12', 'no trend', 'a straight trend']
    """
    import matplotlib.pyplot as plt

    varying = [
        name for name in table if name not in RESULTS and table[name].astype(str).nunique() > 1
    ]
    levels = [
        (name, choice) for name in varying for choice in dict.fromkeys(table[name].astype(str))
    ]
    height = 0.2 * len(levels)
    figure, (top, bottom) = plt.subplots(
        2, 1, figsize=(8.2, 2.9 + height), sharex=True, height_ratios=[2.6, max(height, 0.5)]
    )
    _estimates(top, table, none)
    top.set_ylabel(ylabel)
    _choices(bottom, table, levels, WORDS | dict(words or {}))
    return figure


def _choices(
    axes: "Axes", table: pd.DataFrame, levels: list[tuple[str, str]], words: Mapping[str, str]
) -> None:
    """Draw a row for each choice, with a mark under each specification that makes it.

    The marks of a row are one path: as many thousand of their own would outweigh the page.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    places = np.arange(len(table))
    for row, (name, choice) in enumerate(levels):
        there = places[(table[name].astype(str) == choice).to_numpy()]
        if len(there):
            ends = [(place, row + side) for place in there for side in (-STROKE, STROKE)]
            path = Path(ends, [Path.MOVETO, Path.LINETO] * len(there))
            axes.add_patch(PathPatch(path, edgecolor=INK, facecolor="none", linewidth=0.7))
    names = [f"{name}: {choice}" for name, choice in levels]
    names = [words.get(name, name) for name in names]
    axes.set_yticks(range(len(levels)), names, fontsize=8)
    axes.set_ylim(max(len(levels), 1) - 0.5, -0.5)
    axes.set_xlabel("specifications, sorted by their estimate")
    axes.grid(visible=False)


def _estimates(axes: "Axes", table: pd.DataFrame, none: float) -> None:
    places, clear = np.arange(len(table)), (table["p"] <= CLEAR).to_numpy()
    if none > 0:
        axes.set_yscale("log")
        spread = table[["low", "high"]].stack()
        low, high = spread.quantile(0.02) / 1.1, spread.quantile(0.98) * 1.1
        ticks = [tick for tick in (TICKS if high < 10 * low else FEW) if low < tick < high]
        axes.set_ylim(low, high)
        axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    axes.vlines(places, table["low"], table["high"], color=MUTED, alpha=0.35, linewidth=0.8)
    values, kinds = (
        table["value"].to_numpy(),
        [(~clear, MUTED, "above"), (clear, PALETTE[1], "at most")],
    )
    for kept, color, word in kinds:
        label = f"p {word} {CLEAR}"
        axes.plot(places[kept], values[kept], "o", color=color, markersize=3, label=label)
    axes.axhline(none, color=INK, linewidth=0.8, linestyle="--")
    axes.legend(loc="upper left")
