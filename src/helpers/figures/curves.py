"""The specification curve: the estimates of a multiverse above, the choices behind each below."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import INK, MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RESULTS = ("value", "low", "high", "p")


def specification_curve(
    table: pd.DataFrame, *, none: float = 1.0, ylabel: str = "rate ratio (log scale)"
) -> "Figure":
    """Return a figure of a multiverse's ``table`` (sorted by value; see :mod:`helpers.stats.trust.multiverse`).

    Above, each specification's estimate with its interval, coloured where p is at most 0.05; below, a mark for each choice
    that varies.
    """
    import matplotlib.pyplot as plt

    varying = [
        name for name in table if name not in RESULTS and table[name].astype(str).nunique() > 1
    ]
    levels = [
        (name, choice) for name in varying for choice in dict.fromkeys(table[name].astype(str))
    ]
    figure, (top, bottom) = plt.subplots(
        2,
        1,
        figsize=(8.2, 2.9 + 0.2 * len(levels)),
        sharex=True,
        height_ratios=[2.6, max(0.2 * len(levels), 0.5)],
    )
    _estimates(top, table, none)
    top.set_ylabel(ylabel)
    places = np.arange(len(table))
    for row, (name, choice) in enumerate(levels):
        there = places[(table[name].astype(str) == choice).to_numpy()]
        bottom.plot(
            there, np.full(len(there), row), "|", color=INK, markersize=5, markeredgewidth=0.7
        )
    bottom.set_yticks(
        range(len(levels)), [f"{name}: {choice}" for name, choice in levels], fontsize=8
    )
    bottom.set(
        ylim=(max(len(levels), 1) - 0.5, -0.5), xlabel="specifications, sorted by their estimate"
    )
    bottom.grid(visible=False)
    return figure


def _estimates(axes, table: pd.DataFrame, none: float) -> None:
    places, clear = np.arange(len(table)), (table["p"] <= 0.05).to_numpy()
    if none > 0:
        axes.set_yscale("log")
        spread = table[["low", "high"]].stack()
        low, high = spread.quantile(0.02) / 1.1, spread.quantile(0.98) * 1.1
        ticks = [
            tick for tick in (0.1, 0.2, 0.35, 0.5, 0.7, 1, 1.4, 2, 3, 5, 10) if low < tick < high
        ]
        axes.set_ylim(low, high)
        axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    axes.vlines(places, table["low"], table["high"], color=MUTED, alpha=0.35, linewidth=0.8)
    for mask, color, label in (
        (~clear, MUTED, "p above 0.05"),
        (clear, PALETTE[1], "p at most 0.05"),
    ):
        axes.plot(
            places[mask],
            table["value"].to_numpy()[mask],
            "o",
            color=color,
            markersize=3,
            label=label,
        )
    axes.axhline(none, color=INK, linewidth=0.8, linestyle="--")
    axes.legend(loc="upper left")
