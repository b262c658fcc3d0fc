"""One picture of all verdicts: effects in units of the smallest one that would matter."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.claims.rule import VERDICTS
from helpers.figures.style import MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = dict(zip(VERDICTS, [PALETTE[0], PALETTE[4], PALETTE[5], PALETTE[1], PALETTE[6]]))
WIDEST = 6  # units; what lies beyond is drawn at the edge


def draw(axes: "Axes", voices: pd.DataFrame) -> None:
    """Draw a row for each claim of ``voices`` (as of verdict_tables): the primary interval, other sources as dots."""
    rows = voices.dropna(subset="units")
    places = {name: -number for number, name in enumerate(dict.fromkeys(rows["id"]))}
    y = rows["id"].map(places)
    shown = rows[["units", "units_low", "units_high"]].clip(-WIDEST, WIDEST)
    axes.axvline(0, color=MUTED, linewidth=0.8)
    axes.axvline(1, color=MUTED, linewidth=0.8, linestyle="--")
    others = ~rows["primary"]
    axes.scatter(
        shown["units"][others],
        y[others] - 0.22,
        s=12,
        facecolors="none",
        edgecolors=MUTED,
        label="another source",
    )
    for name in VERDICTS:
        mine = (rows["primary"] & (rows["verdict"] == name)).to_numpy()
        if mine.any():
            axes.hlines(
                y[mine],
                shown["units_low"][mine],
                shown["units_high"][mine],
                color=COLORS[name],
                linewidth=2.2,
            )
            axes.scatter(
                shown["units"][mine], y[mine], color=COLORS[name], s=30, zorder=3, label=name
            )
    axes.set_yticks(list(places.values()), [name.replace("_", " ") for name in places])
    axes.set(xlim=(-WIDEST - 0.2, WIDEST + 0.2), xticks=np.arange(-WIDEST, WIDEST + 1, 2))
    axes.set_xlabel("effect in units of the smallest that would matter (0: none)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.1), ncols=3)
