"""Figures of a change from one year to the next: by source, by part, and against a trend."""

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from helpers.figures import plots
from helpers.figures.style import MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LABEL = 10  # letters of a line under a pair of bars, so that neighbours stay apart


def by_measure(table: pd.DataFrame, label: str) -> "Figure":
    """Return a figure with a panel of ratios for each measure, incidents above deaths.

    Parameters
    ----------
    table : pandas.DataFrame
        ``measure``, ``name``, ``ratio``, ``low``, ``high``.
    label : str
        What the common axis shows.

    Returns
    -------
    matplotlib.figure.Figure
        One panel a measure, on a logarithmic scale.

    Examples
    --------
    >>> row = {"name": "A", "ratio": 1.4, "low": 1.1, "high": 1.8}
    >>> table = pd.DataFrame([{**row, "measure": "deaths"}, {**row, "measure": "incidents"}])
    >>> [axes.get_title(loc="left") for axes in by_measure(table, "ratio").axes]
    ['Incidents', 'Deaths']
    """
    import matplotlib.pyplot as plt

    groups = list(table.groupby("measure"))[::-1]
    size = (7.2, 0.6 + 2.4 * len(groups))
    figure, panels = plt.subplots(len(groups), 1, figsize=size, sharex=True, squeeze=False)
    for axes, (measure, part), color in zip(panels[:, 0], groups, PALETTE):
        plots.forest(axes, part, part["name"], color)
        axes.set_title(str(measure).capitalize(), loc="left")
    panels[-1, 0].set_xlabel(label)
    return figure


def rises(axes: "Axes", table: pd.DataFrame, label: str) -> None:
    """Draw ratios by class of harm and source, one colour a pair of years; one is no change.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame
        ``harm``, ``source``, ``years``, ``ratio``, ``low`` and ``high``; rows of one class follow
        one another.
    label : str
        What the axis shows.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> row = {"harm": "victims", "source": "A", "ratio": 1.4, "low": 1.1, "high": 1.8}
    >>> years = ["2024 against 2023", "2025 against 2024"]
    >>> axes = plt.figure().subplots()
    >>> rises(axes, pd.DataFrame([row | {"years": one} for one in years]), "ratio")
    >>> [text.get_text() for text in axes.get_yticklabels()]
    ['victims: A']
    """
    names = table["harm"] + ": " + table["source"]
    place = {name: -row for row, name in enumerate(dict.fromkeys(names))}
    for (years, part), color, shift in zip(table.groupby("years"), PALETTE, (0.17, -0.17)):
        at = names[part.index].map(place) + shift
        axes.hlines(at, part["low"], part["high"], color=color, linewidth=2)
        axes.plot(part["ratio"], at, "o", color=color, markersize=5, label=years)
    starts = names[table["harm"].ne(table["harm"].shift())].map(place)
    for start in starts[1:]:
        axes.axhline(start + 0.5, color=MUTED, linewidth=0.4, alpha=0.5)
    axes.axvline(1, color=MUTED, linewidth=1, linestyle="--")
    axes.set(xscale="log", yticks=list(place.values()), yticklabels=list(place))
    axes.set_ylim(min(place.values()) - 0.6, 0.6)
    axes.grid(axis="y", visible=False)
    ticks = [tick for tick in (0.25, 0.5, 1, 2, 4) if table["low"].min() < tick * 1.2]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlabel(label)
    axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1.0), ncols=2)


def decomposition(axes: "Axes", table: pd.DataFrame, names: pd.Series) -> None:
    """Draw the two parts of the growth of deaths, a pair of bars for each source.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame
        ``log_incidents`` and ``log_lethality``.
    names : pandas.Series of str
        One name a row.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"log_incidents": [0.3], "log_lethality": [-0.1]})
    >>> decomposition(axes, table, pd.Series(["A, all violence"]))
    >>> len(axes.patches), axes.get_xticklabels()[0].get_text().splitlines()
    (2, ['A, all', 'violence'])
    """
    parts = {"log_incidents": "more incidents", "log_lethality": "more deaths per incident"}
    narrow = names.map(lambda name: textwrap.fill(name, LABEL))
    plots.paired_bars(axes, table, narrow, parts)
    axes.set_ylabel("part of the log growth of deaths")


def expected(
    axes: "Axes", prediction: pd.DataFrame, seen: pd.Series, fitted: pd.Series, label: str
) -> None:
    """Draw a series, the trend fitted to a part of it, and what the trend predicts for the rest.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    prediction : pandas.DataFrame, PeriodIndex
        ``median`` and the ends of its bands, as :func:`helpers.figures.plots.fan` wants them.
    seen, fitted : pandas.Series of float, PeriodIndex
        Counts a period, and the trend's own.
    label : str
        The trend's name in the legend.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes, index = plt.figure().subplots(), pd.period_range("2024-01", periods=2, freq="M")
    >>> ends = {f"{end}_{level}": 1.0 for end in ("low", "high") for level in (50, 80, 95)}
    >>> line = pd.Series([1.0, 2.0], index=index)
    >>> expected(axes, pd.DataFrame({"median": 1.0, **ends}, index=index), line, line, "trend")
    >>> len(axes.lines)
    3
    """
    plots.fan(axes, prediction)
    axes.plot(seen.index.to_timestamp(), seen, color="black", linewidth=1.1, label="observed")
    axes.plot(fitted.index.to_timestamp(), fitted, color=PALETTE[1], label=label)
    axes.set(ylim=(0, None), ylabel="deaths in the month")
    axes.legend(loc="upper left", ncols=2)
