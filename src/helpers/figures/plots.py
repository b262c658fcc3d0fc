"""Figures that more than one notebook draws."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.figures.style import INK, MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def forest(axes: "Axes", table: pd.DataFrame, labels: pd.Series, color: str = PALETTE[0]) -> None:
    """Draw ratios with intervals (columns ratio, low, high) from top to bottom on a log scale; one is no change."""
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
    """Draw a prediction (columns median and low_/high_ 50, 80, 95; PeriodIndex) as bands, darkest inside."""
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
    """Label an axis of dates at a handful of places, years written once, so that no label touches the next."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=6)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def whole_years(axes: "Axes") -> None:
    """Label an axis of years at whole years only."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))


def paired_bars(
    axes: "Axes", table: pd.DataFrame, names: pd.Series, columns: dict[str, str]
) -> None:
    """Draw two bars for each row side by side; ``columns`` maps a column of ``table`` to its legend."""
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
    """Draw a monthly series as dots (PeriodIndex) and each year's level (index of years) as a bar across it."""
    axes.plot(
        monthly.index.to_timestamp(), monthly, "o", color=PALETTE[0], markersize=4, label="month"
    )
    for number, (year, level) in enumerate(yearly.items()):
        axes.hlines(
            level,
            pd.Timestamp(f"{year}-01-01"),
            pd.Timestamp(f"{year}-12-31"),
            color=PALETTE[1],
            linewidth=2.5,
            label="year" if number == 0 else None,
        )
    axes.set_ylim(0)
    axes.legend(loc="upper right")


def factors(axes: "Axes", table: pd.DataFrame, labels: list[str]) -> None:
    """Draw factors with intervals (columns season, ratio, low, high) side by side; one is the mean."""
    axes.vlines(table["season"], table["low"], table["high"], color=PALETTE[0], linewidth=2)
    axes.plot(table["season"], table["ratio"], "o", color=PALETTE[0])
    axes.axhline(1, color=INK, linewidth=0.8, linestyle="--")
    axes.set_xticks(table["season"], labels)


def log_lines(axes: "Axes", table: pd.DataFrame, ticks: list[int], dashed: str = "") -> None:
    """Draw the columns of ``table`` over its index on a logarithmic scale; names that hold ``dashed`` are dashed."""
    for number, name in enumerate(table):
        values = table[name].dropna()
        style = "--" if dashed and dashed in name else "-"
        axes.plot(
            values.index,
            values,
            style,
            marker="o",
            markersize=3,
            label=name,
            color=PALETTE[number % len(PALETTE)],
        )
    axes.set_yscale("symlog" if 0 in ticks else "log")
    axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.xaxis.get_major_locator().set_params(integer=True)


def stacked_bars(axes: "Axes", table: pd.DataFrame) -> None:
    """Draw the columns of ``table`` on top of each other over its index."""
    floor = np.zeros(len(table))
    for name, color in zip(table, PALETTE):
        axes.bar(table.index, table[name], bottom=floor, color=color, width=0.85, label=name)
        floor = floor + table[name].to_numpy()
    whole_years(axes)
    axes.grid(axis="x", visible=False)
    axes.set_ylim(0, 1.25 * floor.max())  # room for the legend
    axes.legend(loc="upper left", ncols=len(table.columns))


def bubbles(
    axes: "Axes", table: pd.DataFrame, name: str, value: str, labelled: int = 5, scale: float = 0.25
) -> None:
    """Draw circles at longitude and latitude with areas in proportion to ``value``; name the largest beside the map."""
    axes.scatter(
        table["longitude"],
        table["latitude"],
        s=scale * table[value],
        color=PALETTE[1],
        alpha=0.55,
        linewidth=0,
    )
    height, edge = np.inf, axes.get_xlim()[1]
    for row in (
        table.nlargest(labelled, value).sort_values("latitude", ascending=False).itertuples()
    ):
        height = min(row.latitude, height - 1.0)
        axes.annotate(
            getattr(row, name),
            (row.longitude, row.latitude),
            (edge + 0.4, height),
            fontsize=9,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.6},
        )


def outlines(axes: "Axes", collection: dict[str, Any], shade: dict[str, Any] | None = None) -> None:
    """Draw the polygons of a GeoJSON collection, filled by ``shade`` (name to colour) or light grey."""
    from matplotlib.patches import Polygon

    for feature in collection["features"]:
        fill = (shade or {}).get(feature["properties"]["name"], "#F0F0F0")
        for polygon in feature["geometry"]["coordinates"]:
            axes.add_patch(
                Polygon(polygon[0], closed=True, facecolor=fill, edgecolor=INK, linewidth=0.5)
            )
    axes.autoscale_view()
    axes.set_aspect(1 / np.cos(np.radians(30)))
    axes.set_axis_off()


def dots_by_group(axes: "Axes", table: pd.DataFrame, value: str, row: str, group: str) -> None:
    """Draw ``value`` as dots, one line for each ``row`` from top to bottom, one colour and shape for each ``group``."""
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
