"""Figures of harm: a class of it by source and year, with what is printed, derived and missing."""

from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.figures.style import MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIRM = ("printed", "counted")
SMALL, APART = 9.5, 0.115  # points of a label; least distance of two, as a part of the axis
ROOM = 5.6  # years to the right of the last one, for the labels


def lines(
    axes: "Axes",
    table: pd.DataFrame,
    colours: Mapping[str, str],
    *,
    main: str,
    notes: Mapping[str, str] | None = None,
    part: str = "",
    against: str = "",
) -> None:
    """Draw one class of harm: a line a source over years, with its name at the end.

    A solid line joins two years that follow each other and count the same violence; a dotted one
    spans what is missing or changes what it counts. A filled dot is printed or counted; an open one
    follows from other figures, is rounded, or is provisional. A diamond counts a part of the
    violence only. A name says the last year where the line ends before the others.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame, one row a source and year
        One class of harm, as of :func:`helpers.measures.harm.by_year`: ``source``, ``year``,
        ``value`` (missing where there is none), ``status``, ``counts`` and ``precision``.
    colours : mapping of str to colour
        The colour of each source.
    main : str
        What the dots count that are no diamonds, as in ``counts``.
    notes : mapping of str to str, optional
        Words after the name of a source, such as its last change.
    part : str, default ""
        Words at a provisional dot, such as the months that it holds.
    against : str, default ""
        Words over the names, such as the years between which the last change lies.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> rows = {"year": [2020, 2021, 2022], "value": [5.0, np.nan, 9.0], "precision": "exact"}
    >>> rows = pd.DataFrame(rows).assign(source="P", status="printed", counts="all")
    >>> axes = plt.figure().subplots()
    >>> lines(axes, rows, {"P": "black"}, main="all", notes={"P": "+80 %"})
    >>> axes.lines[0].get_linestyle(), axes.texts[0].get_text()
    (':', 'P +80 %')
    """
    known = table.dropna(subset="value").sort_values("year", kind="stable")
    whole = known[known["status"] != "provisional"]
    first, last = table["year"].min(), table["year"].max()
    axes.set_xlim(first - 0.6, last + ROOM)
    axes.set_ylim(0, 1.12 * known["value"].max())
    for source, rows in whole.groupby("source", sort=False):
        _join(axes, rows, colours[source])
    for row in known.itertuples():
        _dot(axes, row, colours[row.source], main)
    for row in known[known["status"] == "provisional"].itertuples():
        below: dict[str, Any] = {
            "textcoords": "offset points",
            "ha": "center",
            "va": "top",
            "fontsize": SMALL,
        }
        axes.annotate(part, (row.year, row.value), (0, -6), color=colours[row.source], **below)
    _name(axes, whole.groupby("source").tail(1), colours, notes or {}, last + 0.5)
    axes.set_title(against, loc="right", fontsize=SMALL, fontweight="normal", color=MUTED)
    axes.set_xticks(range(int(first), int(last) + 1), minor=True)
    axes.set_xticks(range(int(first), int(last) + 1, 4))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="x", visible=False)


def _join(axes: "Axes", rows: pd.DataFrame, colour: str) -> None:
    for one, other in pairwise(rows.itertuples()):
        style, width = ("-", 1.8) if _alike(one, other) else (":", 1.0)
        span, height = [one.year, other.year], [one.value, other.value]
        about = {"linewidth": width, "label": one.source, "zorder": 2}
        axes.plot(span, height, style, color=colour, **about)


def _alike(one: Any, other: Any) -> bool:
    """Say whether two readings of a source follow each other and count the same violence."""
    return bool(other.year - one.year == 1 and other.counts == one.counts)


def _dot(axes: "Axes", row: Any, colour: str, main: str) -> None:
    axes.plot(
        [row.year],
        [row.value],
        label=row.source,
        marker="o" if row.counts == main else "D",
        linestyle="None",
        markersize=5.5 if row.counts == main else 4.8,
        markerfacecolor=colour if row.status in FIRM and row.precision == "exact" else "white",
        markeredgecolor=colour,
        markeredgewidth=1.3,
        zorder=3,
    )


def _name(
    axes: "Axes",
    ends: pd.DataFrame,
    colours: Mapping[str, str],
    notes: Mapping[str, str],
    place: float,
) -> None:
    """Write each name at ``place``, level with the end of its line where there is room."""
    ends = ends.sort_values("value")
    heights = _spread(ends["value"].to_numpy("float64"), APART * axes.get_ylim()[1])
    latest = ends["year"].max()
    for row, height in zip(ends.itertuples(), heights):
        words = notes.get(row.source, "") if row.year == latest else f"to {row.year}"
        line: dict[str, Any] = {
            "arrowstyle": "-",
            "color": colours[row.source],
            "linewidth": 0.5,
            "shrinkB": 4,
        }
        axes.annotate(
            f"{row.source} {words}".strip(),
            (row.year, row.value),
            (place, height),
            color=colours[row.source],
            fontsize=SMALL,
            va="center",
            annotation_clip=False,
            arrowprops=line,
        )


def _spread(wanted: np.ndarray, gap: float) -> np.ndarray:
    """Return sorted heights at least ``gap`` apart, none below zero, near to the wanted ones."""
    heights = wanted.copy()
    for place in range(1, len(heights)):
        heights[place] = max(heights[place], heights[place - 1] + gap)
    return heights - min(float(np.mean(heights - wanted)), heights[0])


def key(figure: "Figure", table: pd.DataFrame, main: str, part: str) -> None:
    """Say under a figure of :func:`lines` what those of its signs mean that it shows.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    table : pandas.DataFrame
        What :func:`lines` drew.
    main : str
        What the dots count that are no diamonds, as there.
    part : str
        What diamonds count, in words.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> rows = {"year": [2020, 2021], "value": [5.0, 9.0], "precision": "exact"}
    >>> rows = pd.DataFrame(rows).assign(source="P", status="printed", counts="all")
    >>> figure = plt.figure()
    >>> key(figure, rows, "all", "attacks only")
    >>> [text.get_text() for text in figure.legends[0].get_texts()]
    ['printed, counted']
    """
    from matplotlib.lines import Line2D

    look: dict[str, Any] = {
        "color": MUTED,
        "linestyle": "None",
        "markeredgewidth": 1.3,
        "markersize": 5,
    }
    known = table.dropna(subset="value").sort_values("year", kind="stable")
    firm = known["status"].isin(FIRM) & (known["precision"] == "exact")
    whole_years = known[known["status"] != "provisional"].groupby("source")
    apart = any(
        not _alike(one, other)
        for _, rows in whole_years
        for one, other in pairwise(rows.itertuples())
    )
    signs = {
        "printed, counted": (True, Line2D([], [], marker="o", **look)),
        "derived, rounded, provisional": (
            not firm.all(),
            Line2D([], [], marker="o", mfc="white", **look),
        ),
        part: ((known["counts"] != main).any(), Line2D([], [], marker="D", **look)),
        "a gap, or counted otherwise": (
            apart,
            Line2D([], [], color=MUTED, linestyle=":", linewidth=1),
        ),
    }
    shown = {words: sign for words, (occurs, sign) in signs.items() if occurs}
    figure.legend(shown.values(), shown.keys(), loc="outside lower center", ncols=2, fontsize=SMALL)


def bars(
    axes: "Axes", parts: pd.DataFrame, provisional: Collection[int] = (), part: str = ""
) -> None:
    """Draw parts on top of each other by year, hollow where the year is not whole and not final.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    parts : pandas.DataFrame of int, shape (n_years, n_parts), index of years
        The parts, from the bottom up; at most as many as the palette has colours.
    provisional : collection of int, optional
        Years that are drawn hollow.
    part : str, default ""
        Words over a hollow bar, such as the months that it holds.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> bars(axes, pd.DataFrame({"a": [3, 1], "b": [1, 1]}, index=[2025, 2026]), [2026], "to May")
    >>> [float(bar.get_y()) for bar in axes.patches], axes.texts[0].get_text()
    ([0.0, 0.0, 3.0, 1.0], 'to May')
    """
    floor = np.zeros(len(parts))
    hollow = parts.index.isin(list(provisional))
    for name, colour in zip(parts, PALETTE, strict=False):
        faces = ["white" if one else colour for one in hollow]
        look: dict[str, Any] = {"edgecolor": colour, "linewidth": 1.0, "width": 0.8}
        drawn = axes.bar(parts.index, parts[name], bottom=floor, color=faces, **look)
        drawn.set_label("_")
        axes.plot([], [], "s", color=colour, markersize=7, label=name)
        floor = floor + parts[name].to_numpy()
    for year in parts.index[hollow]:
        # From the left edge of the bar outwards: the words must not lie on the bar before it.
        corner = (year - 0.4, floor[parts.index.get_loc(year)])
        axes.annotate(part, corner, (0, 3), textcoords="offset points", fontsize=SMALL)
        axes.set_xlim(right=year + 1.4)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="x", visible=False)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=SMALL)
