"""Figures of the pooled series of trackers: its months, its trackers' nets, each tracker alone."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.figures import plots
from helpers.figures.style import INK, MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POOLED = INK  # the colour of what all trackers say together
SHAPES = "osD^vP"
APART = 0.06  # years between trackers, so that their dots do not hide each other


def looks(sources: list[str]) -> dict[str, tuple[str, str]]:
    """Return a colour and a shape for each tracker, the same in every figure.

    Parameters
    ----------
    sources : list of str
        The trackers.

    Returns
    -------
    dict of str to (str, str)

    Examples
    --------
    >>> looks(["P", "Q"])["Q"]
    ('#D55E00', 's')
    """
    return {
        source: (PALETTE[place % len(PALETTE)], SHAPES[place % len(SHAPES)])
        for place, source in enumerate(sources)
    }


def months(
    axes: "Axes",
    pooled: pd.DataFrame,
    printed: pd.DataFrame,
    look: Mapping[str, tuple[str, str]],
    label: str,
) -> None:
    """Draw a pooled series with its bands, and every figure on it as it was printed.

    A figure of one month is a dot, one of a longer span a line at its monthly mean.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    pooled : pandas.DataFrame, one row a month
        ``month`` (timestamp), ``median`` and the ends of the bands, as
        :func:`helpers.figures.plots.fan` wants them.
    printed : pandas.DataFrame, one row a figure
        ``source``, ``first`` and ``last`` month (pandas.Period), ``months`` and ``per_month``.
    look : mapping of str to (str, str)
        As of :func:`looks`.
    label : str
        What the vertical axis shows.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes, index = plt.figure().subplots(), pd.period_range("2024-01", periods=3, freq="M")
    >>> ends = {f"{end}_{level}": 1.0 for level in (50, 80, 95) for end in ("low", "high")}
    >>> series = pd.DataFrame({"month": index.to_timestamp(), "median": 1.0} | ends)
    >>> row = {"source": "P", "first": index[0], "last": index[2], "months": 3, "per_month": 2.0}
    >>> months(axes, series, pd.DataFrame([row]), looks(["P"]), "attacks")
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['pooled; 50, 80 and 95 %', 'P']
    """
    table = pooled.set_index(pd.PeriodIndex(pooled["month"], freq="M"))
    plots.fan(axes, table, color=MUTED)
    axes.lines[0].set(color=POOLED, label="pooled; 50, 80 and 95 %")
    handles = [axes.lines[0]]
    for source, (color, shape) in look.items():
        own = printed[printed["source"] == source]
        single, wide = own[own["months"] == 1], own[own["months"] > 1]
        start = [span.start_time for span in wide["first"]]
        end = [span.end_time for span in wide["last"]]
        axes.hlines(wide["per_month"], start, end, color=color, linewidth=1.6, alpha=0.85)
        at = [month.to_timestamp() for month in single["first"]]
        style: dict[str, Any] = {
            "color": color,
            "marker": shape,
            "markersize": 3.5,
            "label": source,
        }
        axes.plot(at, single["per_month"], linestyle="", alpha=0.85, **style)
        if not own.empty:
            handles += axes.plot([], [], linewidth=1.6, **style)
    axes.set(ylim=(0, None), ylabel=label)
    axes.legend(handles=handles, loc="upper left", ncols=4 if len(handles) > 4 else 3)


def nets(table: pd.DataFrame, look: Mapping[str, tuple[str, str]], label: str) -> "Figure":
    """Return a figure with a panel for each tracker: how much it covers in each year.

    Parameters
    ----------
    table : pandas.DataFrame, one row a tracker and year
        ``source``, ``year``, ``coverage``, ``low`` and ``high``.
    look : mapping of str to (str, str)
        As of :func:`looks`.
    label : str
        What the common axis shows.

    Returns
    -------
    matplotlib.figure.Figure
        Three panels a row, on one logarithmic scale; one is dashed.

    Examples
    --------
    >>> row = {"source": "P", "year": 2024, "coverage": 1.1, "low": 0.9, "high": 1.3}
    >>> nets(pd.DataFrame([row]), looks(["P"]), "coverage").axes[0].get_title(loc="left")
    'P'
    """
    import matplotlib.pyplot as plt

    sources = [source for source in look if source in set(table["source"])]
    rows = -(-len(sources) // 3)
    size = (7.2, 0.6 + 2.1 * rows)
    figure, panels = plt.subplots(rows, 3, figsize=size, sharex=True, sharey=True, squeeze=False)
    for axes, source in zip(panels.flat, sources):
        own, (color, shape) = table[table["source"] == source], look[source]
        axes.axhline(1, color=MUTED, linewidth=1, linestyle="--")
        axes.vlines(own["year"], own["low"], own["high"], color=color, linewidth=2)
        axes.plot(own["year"], own["coverage"], shape, color=color, markersize=5)
        axes.set_title(source, loc="left")
        axes.set_yscale("log")
        _plain_ticks(axes, table["low"].min(), table["high"].max())
        axes.set_xticks(sorted(set(table["year"]))[::2])
        axes.xaxis.set_tick_params(labelbottom=True)
    for axes in panels.flat[len(sources) :]:
        axes.set_visible(False)
    figure.supylabel(label, fontsize=10)
    return figure


def per_attack(
    axes: "Axes",
    pooled: pd.DataFrame,
    own: pd.DataFrame,
    look: Mapping[str, tuple[str, str]],
) -> None:
    """Draw deaths per attack by year: all trackers together with an interval, and each alone.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    pooled : pandas.DataFrame, one row a year
        ``year``, ``ratio``, ``low`` and ``high``.
    own : pandas.DataFrame, one row a tracker and year
        ``source``, ``year``, ``counts`` and ``ratio``; what is not per attack is hollow.
    look : mapping of str to (str, str)
        As of :func:`looks`.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> pooled = pd.DataFrame({"year": [2024], "ratio": [2.0], "low": [1.5], "high": [2.5]})
    >>> own = pd.DataFrame({"source": ["P"], "year": [2024], "counts": ["attacks"], "ratio": [2.2]})
    >>> per_attack(axes, pooled, own, looks(["P"]))
    >>> axes.get_legend_handles_labels()[1]
    ['pooled, 95 %', 'P']
    """
    axes.fill_between(pooled["year"], pooled["low"], pooled["high"], color=MUTED, alpha=0.25)
    axes.plot(pooled["year"], pooled["ratio"], color=POOLED, label="pooled, 95 %")
    for place, (source, (color, shape)) in enumerate(look.items()):
        mine = own[own["source"] == source]
        shift = APART * (place - (len(look) - 1) / 2)
        for counts, part in mine.groupby("counts"):
            whole = counts == "attacks"
            axes.plot(
                part["year"] + shift,
                part["ratio"],
                shape,
                color=color,
                markerfacecolor=color if whole else "white",
                label=source if whole else f"{source} (all violence)",
            )
    plots.whole_years(axes)
    axes.set(ylim=(0, None), ylabel="killed per attack")
    axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=3)


def alone(pooled: pd.DataFrame, own: pd.DataFrame, look: Mapping[str, tuple[str, str]]) -> "Figure":
    """Return a figure of changes, a panel for each measure and pair of years.

    Parameters
    ----------
    pooled : pandas.DataFrame, one row a measure and pair of years
        ``measure``, ``years``, ``ratio``, ``low`` and ``high``.
    own : pandas.DataFrame, one row a measure, tracker and pair of years
        ``measure``, ``source``, ``years`` and ``ratio``.
    look : mapping of str to (str, str)
        As of :func:`looks`.

    Returns
    -------
    matplotlib.figure.Figure
        A row of panels for each measure, a column for each pair of years.

    Examples
    --------
    >>> table = pd.DataFrame({"measure": ["attacks"], "years": ["2024 against 2023"]})
    >>> pooled = table.assign(ratio=1.4, low=1.2, high=1.7)
    >>> own = table.assign(source="P", ratio=1.6)
    >>> axes = alone(pooled, own, looks(["P"])).axes[0]
    >>> [text.get_text() for text in axes.get_yticklabels()]
    ['pooled', 'P']
    """
    import matplotlib.pyplot as plt

    measures, years = list(pooled["measure"].unique()), list(pooled["years"].unique())
    names = {one: ["pooled", *_here(own[own["measure"] == one], look)] for one in measures}
    heights = [len(names[one]) + 1.5 for one in measures]
    size, ratios = (7.2, 0.5 + 0.24 * sum(heights)), {"height_ratios": heights}
    figure, panels = plt.subplots(
        len(measures), len(years), figsize=size, sharex=True, squeeze=False, gridspec_kw=ratios
    )
    ends = pd.concat([pooled["low"], pooled["high"], own["ratio"]])
    for (row, measure), (column, pair) in (
        (one, two) for one in enumerate(measures) for two in enumerate(years)
    ):
        axes, rows = panels[row, column], names[measure]
        together, apart = (
            table[(table["measure"] == measure) & (table["years"] == pair)]
            for table in (pooled, own)
        )
        _ratios(axes, together, apart, rows, look)
        axes.set_xscale("log")
        _plain_ticks(axes, ends.min(), ends.max(), along="x")
        axes.set_yticks(-np.arange(len(rows)), rows if column == 0 else [""] * len(rows))
        axes.set_title(f"{measure}, {pair}", loc="left", fontsize=9)
    figure.supxlabel("as a multiple of the year before (log scale)", fontsize=10)
    return figure


def _here(own: pd.DataFrame, look: Mapping[str, tuple[str, str]]) -> list[str]:
    return [source for source in look if source in set(own["source"])]


def _ratios(
    axes: "Axes",
    pooled: pd.DataFrame,
    own: pd.DataFrame,
    rows: list[str],
    look: Mapping[str, tuple[str, str]],
) -> None:
    axes.axvline(1, color=MUTED, linewidth=1, linestyle="--")
    axes.axvspan(*pooled[["low", "high"]].iloc[0], color=MUTED, alpha=0.18, linewidth=0)
    axes.hlines(0, pooled["low"], pooled["high"], color=POOLED, linewidth=2)
    axes.plot(pooled["ratio"], [0], "o", color=POOLED, markersize=6)
    for one in own.itertuples():
        color, shape = look[one.source]
        axes.plot([one.ratio], [-rows.index(one.source)], shape, color=color, markersize=6)
    axes.set_ylim(0.6 - len(rows), 0.6)
    axes.grid(axis="y", visible=False)


def units(
    levels: Mapping[str, pd.DataFrame], shares: Mapping[str, pd.DataFrame], label: str
) -> "Figure":
    """Return a figure of parts of the country: their months, and their shares in the whole.

    Parameters
    ----------
    levels, shares : mapping of str to pandas.DataFrame
        Name of a part to its months: ``month``, ``median``, ``low_95`` and ``high_95``.
    label : str
        What is counted.

    Returns
    -------
    matplotlib.figure.Figure
        Two panels, one above the other.

    Examples
    --------
    >>> row = {"month": pd.Timestamp("2024-05-01"), "median": 0.5, "low_95": 0.4, "high_95": 0.6}
    >>> figure = units({"N": pd.DataFrame([row])}, {"N": pd.DataFrame([row])}, "attacks")
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['attacks in the month', 'share of all']
    """
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(2, 1, figsize=(7.2, 5.4), sharex=True)
    named = ((levels, f"{label} in the month"), (shares, "share of all"))
    for axes, (parts, words) in zip(panels, named):
        for (name, table), color, line in zip(parts.items(), PALETTE, ("-", "--", ":", "-.")):
            axes.fill_between(
                table["month"], table["low_95"], table["high_95"], color=color, alpha=0.2
            )
            axes.plot(table["month"], table["median"], line, color=color, label=name)
        axes.set(ylim=(0, None), ylabel=words)
    panels[1].yaxis.set_major_formatter("{x:.0%}")
    panels[0].legend(loc="upper left")
    plots.few_dates(panels[1])
    return figure


def series(pooled: pd.DataFrame) -> "Figure":
    """Return a figure with a panel for each pooled series.

    Parameters
    ----------
    pooled : pandas.DataFrame, one row a quantity and month
        ``month`` (timestamp), ``quantity``, ``median`` and the ends of the bands.

    Returns
    -------
    matplotlib.figure.Figure
        Two panels a row.

    Examples
    --------
    >>> ends = {f"{end}_{level}": 1.0 for level in (50, 80, 95) for end in ("low", "high")}
    >>> table = pd.DataFrame({"month": pd.date_range("2024-01", periods=3, freq="MS")})
    >>> table = table.assign(quantity="victims", median=1.0, **ends)
    >>> series(table).axes[0].get_title(loc="left")
    'victims, by month'
    """
    import matplotlib.pyplot as plt

    parts = list(pooled.groupby("quantity", sort=False))
    rows = -(-len(parts) // 2)
    size = (7.2, 0.4 + 2.1 * rows)
    figure, panels = plt.subplots(rows, 2, figsize=size, squeeze=False)
    for axes, (name, own) in zip(panels.flat, parts):
        plots.fan(axes, own.set_index(pd.PeriodIndex(own["month"], freq="M")))
        axes.set_title(f"{name}, by month", loc="left")
        axes.set_ylim(0, None)
    for axes in panels.flat[len(parts) :]:
        axes.set_visible(False)
    return figure


def _plain_ticks(axes: "Axes", low: float, high: float, along: str = "y") -> None:
    """Label a logarithmic axis with plain numbers that lie in its range."""
    ticks = [
        tick
        for tick in (0.05, 0.1, 0.2, 0.5, 0.7, 1, 1.5, 2, 3, 4, 6)
        if low / 1.2 < tick < high * 1.2
    ]
    getattr(axes, f"set_{along}ticks")(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
