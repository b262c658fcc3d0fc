"""A simulated null distribution with the observed value on it: chance alone, and what was seen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OBSERVED = "observed"


def null_distribution(
    axes: "Axes", simulated: Sequence[float] | np.ndarray, observed: float, *, log: bool = False
) -> pd.DataFrame:
    """Draw simulated values of a statistic under the null, and the observed value as a dot.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    simulated : array_like of float, shape (n_draws,)
        The statistic in worlds without an effect.
    observed : float
        The statistic of the data, in the same unit.
    log : bool, default False
        Draw a ratio on a logarithmic axis; all values must then be positive.

    Returns
    -------
    pandas.DataFrame
        What was drawn, to be saved beside the figure: ``value`` and ``kind``, which is
        ``simulated`` or ``observed``.

    References
    ----------
    Adhikari, DeNero and Wagner, Computational and Inferential Thinking: the picture of a simulated
    statistic with the observed one as a red dot.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> table = null_distribution(plt.figure().subplots(), [0.9, 1.0, 1.2], 1.6)
    >>> table["kind"].tolist(), float(table["value"].iloc[-1])
    (['simulated', 'simulated', 'simulated', 'observed'], 1.6)
    """
    values = np.asarray(simulated, dtype=float)
    ends = min(values.min(), observed), max(values.max(), observed)
    bins = np.geomspace(*ends, 41) if log else np.linspace(*ends, 41)
    axes.hist(
        values, bins=list(bins), color=PALETTE[0], alpha=0.8, label="simulated without an effect"
    )
    axes.plot(
        [observed],
        [0],
        "o",
        color=PALETTE[1],
        markersize=11,
        clip_on=False,
        zorder=5,
        label=OBSERVED,
    )
    if log:
        axes.set_xscale("log")
        ticks = [
            tick for tick in (0.1, 0.2, 0.5, 0.7, 1, 1.4, 2, 5, 10) if ends[0] <= tick <= ends[1]
        ]
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_ylabel("simulated worlds")
    axes.legend(loc="best")
    kinds = ["simulated"] * len(values) + [OBSERVED]
    return pd.DataFrame({"value": [*values, observed], "kind": kinds})
