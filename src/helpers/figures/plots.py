"""Figures that more than one notebook draws."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.figures.style import INK, MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


LINE = 60  # letters of a legend that stands in one line


def forest(axes: "Axes", table: pd.DataFrame, labels: pd.Series, color: str = PALETTE[0]) -> None:
    """Draw ratios with their intervals from top to bottom on a logarithmic scale; one is no change.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, shape (n_rows, n_columns)
        ``ratio``, ``low`` and ``high``, all above 0.
    labels : pandas.Series of str, shape (n_rows,)
        What each row is, in the same order.
    color : str, optional
        Colour of dots and lines.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"ratio": [1.2, 0.9], "low": [1.0, 0.6], "high": [1.5, 1.4]})
    >>> forest(axes, table, pd.Series(["deaths", "attacks"]))
    >>> [text.get_text() for text in axes.get_xticklabels()], axes.get_xscale()
    (['0.5', '0.7', '1', '1.5'], 'log')
    """
    places = np.arange(len(table))[::-1]
    axes.hlines(places, table["low"], table["high"], color=color, linewidth=2)
    axes.plot(table["ratio"], places, "o", color=color, markersize=6)
    axes.axvline(1, color=MUTED, linewidth=1, linestyle="--")
    axes.set(xscale="log", yticks=places, yticklabels=list(labels), ylim=(-0.6, len(table) - 0.4))
    axes.grid(axis="y", visible=False)
    ticks = [
        tick
        for tick in (0.25, 0.5, 0.7, 1, 1.5, 2, 3, 4)
        if table["low"].min() / 1.3 < tick < table["high"].max() * 1.3
    ]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()


def fan(axes: "Axes", table: pd.DataFrame, color: str = PALETTE[0]) -> None:
    """Draw a prediction as three bands around its median, the darkest inside.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, shape (n_periods, n_columns), PeriodIndex
        ``median``, and ``low_L`` and ``high_L`` for the levels L of 50, 80 and 95 percent.
    color : str, optional
        Colour of the bands.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes, months = plt.figure().subplots(), pd.period_range("2025-01", periods=3, freq="M")
    >>> ends = {f"{end}_{level}": 1.0 for level in (50, 80, 95) for end in ("low", "high")}
    >>> fan(axes, pd.DataFrame({"median": 1.0} | ends, index=months))
    >>> len(axes.collections), len(axes.lines)
    (3, 1)
    """
    dates = table.index.to_timestamp()
    for level, shade in ((95, 0.15), (80, 0.25), (50, 0.4)):
        axes.fill_between(
            dates,
            table[f"low_{level}"],
            table[f"high_{level}"],
            color=color,
            alpha=shade,
            linewidth=0,
            label=f"{level} % of simulated months",
        )
    axes.plot(dates, table["median"], color=color, linewidth=1.4)
    few_dates(axes)


def few_dates(axes: "Axes") -> None:
    """Label an axis of dates at a handful of places, each year once, so that no labels touch.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes whose horizontal axis is one of dates.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> _ = axes.plot(pd.date_range("2020-01-01", periods=72, freq="MS"), range(72))
    >>> few_dates(axes)
    >>> 3 <= len(axes.get_xticks()) <= 7
    True
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=6)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def whole_years(axes: "Axes") -> None:
    """Label an axis of years at whole years only.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Axes whose horizontal axis is one of years.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> _ = axes.plot([2020, 2021], [1, 2])
    >>> whole_years(axes)
    >>> all(float(tick).is_integer() for tick in axes.get_xticks())
    True
    """
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))


def paired_bars(
    axes: "Axes", table: pd.DataFrame, names: pd.Series, columns: dict[str, str]
) -> None:
    """Draw two bars for each row, side by side.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, shape (n_rows, n_columns)
        What is drawn; both columns are in one unit.
    names : pandas.Series of str, shape (n_rows,)
        What each row is.
    columns : dict of str to str
        Two columns of ``table``, each with its words in the legend.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"before": [3, 1], "after": [4, 2]})
    >>> paired_bars(axes, table, pd.Series(["A", "B"]), {"before": "2023", "after": "2024"})
    >>> [float(bar.get_height()) for bar in axes.patches]
    [3.0, 1.0, 4.0, 2.0]
    """
    places, width = np.arange(len(table)), 0.38
    for number, (column, label) in enumerate(columns.items()):
        axes.bar(
            places + (number - 0.5) * width,
            table[column],
            width,
            color=PALETTE[number],
            label=label,
        )
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xticks(places, list(names))
    axes.grid(axis="x", visible=False)
    axes.legend()


def months_and_years(axes: "Axes", monthly: pd.Series, yearly: pd.Series) -> None:
    """Draw a monthly series as dots, and the level of each year as a bar across it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    monthly : pandas.Series of float, shape (n_months,), PeriodIndex "M"
        The series.
    yearly : pandas.Series of float, shape (n_years,), index of years
        A level for each year, in the unit of ``monthly``.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes, months = plt.figure().subplots(), pd.period_range("2024-01", periods=3, freq="M")
    >>> months_and_years(axes, pd.Series([1.0, 2.0, 3.0], index=months), pd.Series({2024: 2.0}))
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['month', 'year']
    """
    dates = monthly.index.to_timestamp()
    axes.plot(dates, monthly, "o", color=PALETTE[0], markersize=4, label="month")
    first = pd.to_datetime([f"{year}-01-01" for year in yearly.index])
    last = pd.to_datetime([f"{year}-12-31" for year in yearly.index])
    axes.hlines(yearly, first, last, color=PALETTE[1], linewidth=2.5, label="year")
    axes.set_ylim(0)
    axes.legend(loc="upper right")


def factors(axes: "Axes", table: pd.DataFrame, labels: list[str]) -> None:
    """Draw factors with their intervals side by side; one is the mean.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, shape (n_seasons, 4)
        ``season`` (place on the axis), ``ratio``, ``low`` and ``high``.
    labels : list of str, length n_seasons
        What each season is called.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"season": [1, 2], "ratio": [1.1, 0.9]})
    >>> factors(axes, table.assign(low=0.8, high=1.2), ["winter", "summer"])
    >>> [text.get_text() for text in axes.get_xticklabels()]
    ['winter', 'summer']
    """
    axes.vlines(table["season"], table["low"], table["high"], color=PALETTE[0], linewidth=2)
    axes.plot(table["season"], table["ratio"], "o", color=PALETTE[0])
    axes.axhline(1, color=INK, linewidth=0.8, linestyle="--")
    axes.set_xticks(table["season"], labels)


def log_lines(axes: "Axes", table: pd.DataFrame, ticks: list[int], dashed: str = "") -> None:
    """Draw columns over their index on a logarithmic scale.

    A line runs straight over what is missing. With a tick at 0 the scale is linear near it, so that
    zeros have a place.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame of float, shape (n_years, n_lines)
        A line for each column, over an index of whole numbers.
    ticks : list of int
        Labels of the vertical axis.
    dashed : str, default ""
        Columns whose name holds this text are dashed.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> log_lines(axes, pd.DataFrame({"all": [9, 90], "part": [1, 10]}), [1, 10], dashed="part")
    >>> [line.get_linestyle() for line in axes.lines], axes.get_yscale()
    (['-', '--'], 'log')
    """
    for number, name in enumerate(table):
        values = table[name].dropna()
        style = "--" if dashed and dashed in name else "-"
        color = PALETTE[number % len(PALETTE)]
        axes.plot(values.index, values, style, marker="o", markersize=3, label=name, color=color)
    axes.set_yscale("symlog" if 0 in ticks else "log")
    axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.locator_params(axis="x", integer=True)


def stacked_bars(axes: "Axes", table: pd.DataFrame) -> None:
    """Draw columns on top of each other over their index.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame of int or float, shape (n_years, n_parts)
        The parts, from the bottom up, in one unit; at most as many as the palette has colours.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> stacked_bars(axes, pd.DataFrame({"known": [3], "unknown": [1]}, index=[2020]))
    >>> [float(bar.get_y()) for bar in axes.patches]
    [0.0, 3.0]
    """
    floor = np.zeros(len(table))
    for name, color in zip(table, PALETTE):
        axes.bar(table.index, table[name], bottom=floor, color=color, width=0.85, label=name)
        floor = floor + table[name].to_numpy()
    whole_years(axes)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="x", visible=False)
    letters = sum(len(str(name)) for name in table)
    columns = len(table.columns) if letters <= LINE else 2
    rows = -(-len(table.columns) // columns)
    axes.set_ylim(0, (1.15 + 0.1 * rows) * floor.max())  # room for the legend
    axes.legend(loc="upper left", ncols=columns)


def dots_by_group(axes: "Axes", table: pd.DataFrame, value: str, row: str, group: str) -> None:
    """Draw values as dots, one line for each row from top to bottom, one shape for each group.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, shape (n_dots, n_columns)
        One row a dot.
    value, row, group : str
        Columns of ``table``: the place on the horizontal axis, the line, and what the legend names.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"size": [0.05, 0.2], "test": ["t", "t"], "world": ["calm", "wild"]})
    >>> dots_by_group(axes, table, "size", "test", "world")
    >>> [line.get_label() for line in axes.lines]
    ['calm', 'wild']
    """
    rows = list(dict.fromkeys(table[row]))
    for number, (name, part) in enumerate(table.groupby(group, sort=False)):
        places = [len(rows) - 1 - rows.index(one) + 0.12 * (1.5 - number) for one in part[row]]
        axes.plot(
            part[value],
            places,
            "osD^v"[number % 5],
            color=PALETTE[number % len(PALETTE)],
            markersize=6,
            label=name,
        )
    axes.set_yticks(range(len(rows)), rows[::-1])
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.grid(axis="y", visible=False)
    axes.legend(loc="upper right")


def coverage_grid(axes: "Axes", table: pd.DataFrame, full: int = 12) -> None:
    """Draw how much of each year a series covers, one row a series, darker where more is there.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; its figure gets the scale of colours.
    table : pandas.DataFrame of int, shape (n_series, n_years)
        Periods with a figure; the index names the series, the columns are consecutive years.
    full : int, default 12
        Periods of a whole year: months by default.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> coverage_grid(axes, pd.DataFrame([[12, 6], [0, 1]], ["deaths", "attacks"], [2020, 2021]))
    >>> [text.get_text() for text in axes.get_yticklabels()]
    ['deaths', 'attacks']
    """
    rows = range(len(table))
    image = axes.pcolormesh(
        table.columns, rows, table, cmap="Blues", vmin=0, vmax=full, edgecolor="white"
    )
    axes.set_yticks(rows, list(table.index))
    axes.set_xticks(table.columns[::4])
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.figure.colorbar(image, ax=axes, label="months", ticks=[0, full // 2, full])
