"""The figure of what a test could have found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

USUAL = 0.8  # the power that studies are planned for


def power_curves(axes: "Axes", curves: Mapping[str, pd.DataFrame]) -> None:
    """Draw the power of tests by the size of the effect, on a logarithmic scale of ratios.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    curves : mapping of str to pandas.DataFrame
        By label: ``effect`` (a ratio, the same ones in each) and ``power`` (a share from 0 to 1).

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> curve = pd.DataFrame({"effect": [0.5, 1.0], "power": [0.9, 0.05]})
    >>> power_curves(axes, {"ten months": curve})
    >>> [text.get_text() for text in axes.get_xticklabels()]
    ['0.5', '1']
    """
    for number, (name, curve) in enumerate(curves.items()):
        axes.plot(
            curve["effect"],
            curve["power"],
            marker="osD^v"[number % 5],
            markersize=5,
            clip_on=False,
            color=PALETTE[number % len(PALETTE)],
            label=name,
        )
    axes.axhline(USUAL, color=INK, linewidth=0.8, linestyle="--")
    effects = sorted({effect for curve in curves.values() for effect in curve["effect"]})
    axes.set(xscale="log", ylim=(0, 1), ylabel="share found")
    axes.set_xticks(effects, [f"{one:g}" for one in effects])
    axes.minorticks_off()
    axes.legend()
