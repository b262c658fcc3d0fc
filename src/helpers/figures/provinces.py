"""Units side by side about an event: their counts, and their ratios by whole years from it."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TICKS = (0, 1, 3, 10, 30, 100)
RATIOS = (0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
SPAN = 12  # months
APART = 45  # days between the dots of two ratios in one span
STYLES = ("-", "--", ":", "-.")


def courses(axes: "Axes", monthly: pd.DataFrame, at: str) -> None:
    """Draw counts by month, thin, and their means by whole years from an event, thick.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    monthly : pandas.DataFrame of int, shape (n_months, n_units), PeriodIndex
        Counts; the scale is linear below one, so that zeros have a place.
    at : str
        First month after the event.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> months = pd.period_range("2020-01", periods=24, freq="M")
    >>> axes = plt.figure().subplots()
    >>> courses(axes, pd.DataFrame({"a": 3, "b": 9}, months), "2021-01")
    >>> axes.get_legend_handles_labels()[1]
    ['a', 'b']
    """
    event, dates = pd.Period(at, "M"), monthly.index.to_timestamp()
    since = pd.Index([(month - event).n // SPAN for month in monthly.index], name="since")
    for name, color, style in zip(monthly, PALETTE, STYLES):
        axes.plot(dates, monthly[name], color=color, linewidth=0.6, alpha=0.6)
        means = pd.Series(monthly[name].to_numpy("float64")).groupby(since).transform("mean")
        means[1:] = means[1:].where(since[1:] == since[:-1])  # no line leads from year to year
        axes.plot(dates, means, style, color=color, linewidth=2.2, label=name)
    axes.set_yscale("symlog", linthresh=1)
    axes.set_yticks(TICKS, [f"{tick:g}" for tick in TICKS])
    axes.minorticks_off()
    axes.set_ylim(bottom=-0.1, top=1.2 * float(monthly.to_numpy().max()))
    _event(axes, event)


def paths(
    axes: "Axes", found: Mapping[str, pd.DataFrame], at: str, last: str | None = None
) -> pd.DataFrame:
    """Draw ratios by whole years from an event, each over that of the last year before it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    found : mapping of str to pandas.DataFrame
        By the ratio's name, columns ``since`` (whole years), ``ratio``, ``low`` and ``high``.
    at : str
        First month after the event.
    last : str, optional
        Last month of the data, where the last year is not whole.

    Returns
    -------
    pandas.DataFrame
        What was drawn: the columns, after ``pair``.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> rows = {"since": [-1, 0], "ratio": [1, 2], "low": [1, 1], "high": [1, 4]}
    >>> drawn = paths(plt.figure().subplots(), {"a over b": pd.DataFrame(rows)}, "2021-01")
    >>> drawn["pair"].tolist(), drawn["ratio"].tolist()
    (['a over b', 'a over b'], [1, 2])
    """
    event = pd.Period(at, "M")
    for place, ((name, rows), color) in enumerate(zip(found.items(), PALETTE[3:])):
        shift = pd.Timedelta(days=round(APART * (place - (len(found) - 1) / 2)))
        middle = [_middle(event + SPAN * int(one), last) + shift for one in rows["since"]]
        axes.vlines(middle, rows["low"], rows["high"], color=color, linewidth=1.4)
        axes.plot(middle, rows["ratio"], "os^D"[place % 4], color=color, label=name)
    axes.axhline(1, color=INK, linewidth=0.8)
    axes.set_yscale("log")
    ends = pd.concat(found.values())
    low, high = np.clip([ends["low"].min() / 1.2, ends["high"].max() * 1.2], RATIOS[0], RATIOS[-1])
    axes.set_yticks(*ratio_ticks([low, high]))
    axes.minorticks_off()
    axes.set_ylim(low, high)
    _event(axes, event)
    return pd.concat(found, names=["pair", "row"]).reset_index("pair").reset_index(drop=True)


def ratio_ticks(values: Iterable[float]) -> tuple[list[float], list[str]]:
    """Return the ticks of a logarithmic axis of ratios that lie far from one.

    Parameters
    ----------
    values : iterable of float
        What the axis shows.

    Returns
    -------
    tuple of (list of float, list of str)
        Places and labels within the values.

    Examples
    --------
    >>> ratio_ticks([0.2, 4.0])
    ([0.3, 1, 3], ['0.3', '1', '3'])
    """
    shown = list(values)
    ticks = [tick for tick in RATIOS if min(shown) <= tick <= max(shown)]
    return ticks, [f"{tick:g}" for tick in ticks]


def _middle(start: pd.Period, last: str | None) -> pd.Timestamp:
    """Return the middle of the year from a month on, or of what the data hold of it."""
    end = start + SPAN if last is None else min(start + SPAN, pd.Period(last, "M") + 1)
    return start.to_timestamp() + (end.to_timestamp() - start.to_timestamp()) / 2


def _event(axes: "Axes", event: pd.Period) -> None:
    axes.axvline(event.to_timestamp(), color=INK, linewidth=0.8, linestyle="--")
