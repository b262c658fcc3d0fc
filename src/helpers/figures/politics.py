"""Politics and violence: what moves first, and months about dated clashes."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures.ends import label_ends
from helpers.figures.style import INK, PALETTE

TICKS = (0, 1, 3, 10, 30, 100)
STYLES = ("-", "--", ":", "-.")

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def leads_and_lags(axes: "Axes", tables: Mapping[str, pd.DataFrame]) -> None:
    """Draw correlations at leads and lags, one line and marker for each name.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    tables : mapping of str to pandas.DataFrame
        By name: ``lag``, the periods by which the first series moves before the second, and
        ``correlation``.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"lag": [-1, 0, 1], "correlation": [0.0, 0.2, 0.5]})
    >>> leads_and_lags(axes, {"one": table})
    >>> [float(end) for end in axes.get_ylim()]
    [-1.0, 1.0]
    """
    for number, (name, table) in enumerate(tables.items()):
        axes.plot(
            table["lag"],
            table["correlation"],
            marker="osD^v"[number % 5],
            color=PALETTE[number % len(PALETTE)],
            label=name,
        )
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.axvline(0, color=INK, linewidth=0.8, linestyle="--")
    axes.set(ylim=(-1, 1), ylabel="rank correlation of changes")
    label_ends(axes)


def about_clashes(
    axes: "Axes", monthly: pd.DataFrame, spans: Iterable[tuple[pd.Period, pd.Period]]
) -> None:
    """Draw counts by month, one line a place, with the windows of dated clashes shaded.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    monthly : pandas.DataFrame of int, shape (n_months, n_places), PeriodIndex
        Counts; the scale is linear below one, so that zeros have a place.
    spans : iterable of tuple of pandas.Period
        First and last month of each window, both included.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> months = pd.period_range("2022-01", periods=12, freq="M")
    >>> axes = plt.figure().subplots()
    >>> about_clashes(axes, pd.DataFrame({"a": 3, "b": 9}, months), [(months[4], months[6])])
    >>> axes.get_legend_handles_labels()[1], len(axes.patches)
    (['a', 'b'], 1)
    """
    for name, color, style in zip(monthly, PALETTE, STYLES):
        dates = monthly.index.to_timestamp()
        axes.plot(dates, monthly[name], style, color=color, linewidth=1.6, label=name)
    for first, last in spans:
        axes.axvspan(first.start_time, last.end_time, color=INK, alpha=0.12, linewidth=0)
    axes.set_yscale("symlog", linthresh=1)
    axes.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
    axes.minorticks_off()
    axes.set_ylim(bottom=-0.1, top=1.2 * float(monthly.to_numpy().max()))
