"""Dated events on a chart of months: a thin line each, and a word above the panel."""

from collections.abc import Collection, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from helpers.base.errors import InputError
from helpers.figures.style import INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 6  # events of a panel; more words than these are a list
SIZE = 8.5  # points of a word
ROW = 1.3  # of the height of the letters, from one row of words to the next
GAP = 4  # points between words of a row, and between a word and the line of another
PAD = 3  # points between the panel and the first row
MARK = "event"  # the id by which such words are found again

Span = tuple[float, float]


def mark_events(axes: "Axes", table: pd.DataFrame, events: Collection[str]) -> None:
    """Draw dated events as thin lines over a panel of months, each with its short word above it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        What is drawn over dates, with all that it shows; its limits stay.
    table : pandas.DataFrame of str
        A chronology: ``date``, a day or a month, ``event``, and ``short``, what stands at its
        line.
    events : collection of str
        The words with which one row of the table begins each; at most six.

    Raises
    ------
    InputError
        When there are more than six, when none or several rows begin so, when the row has no
        short word, or when the event lies beside what the panel shows.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> _ = axes.plot(pd.date_range("2025-01-01", periods=9, freq="MS"), range(9))
    >>> row = {"date": "2025-05", "event": "Two neighbours fight for days", "short": "fighting"}
    >>> mark_events(axes, pd.DataFrame([row]), ["Two neighbours fight"])
    >>> [text.get_text() for text in axes.texts]
    ['fighting']
    """
    from matplotlib.dates import date2num, num2date

    if len(events) > MOST:
        raise InputError(
            f"{len(events)} events on one panel: expected at most {MOST}; leave some out"
        )
    left, right = sorted(axes.get_xlim())
    axes.set_xlim(axes.get_xlim())  # a line at an edge is not to widen the panel
    for beginning in events:
        when, word = _dated(table, beginning)
        place = float(date2num(when))
        if not left <= place <= right:
            raise InputError(
                f"the event '{beginning}' of {when:%Y-%m-%d} lies beside the months "
                f"{num2date(left):%Y-%m} to {num2date(right):%Y-%m} of its figure; leave it out"
            )
        axes.axvline(place, color=MUTED, linewidth=0.7, zorder=0.9)
        axes.annotate(
            word,
            (place, 1),
            (0, PAD),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            color=INK,
            fontsize=SIZE,
            va="bottom",
            annotation_clip=False,
            gid=MARK,
            arrowprops={
                "arrowstyle": "-",
                "color": MUTED,
                "linewidth": 0.7,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
    spread_events(axes.figure.get_figure(root=True))


def _dated(table: pd.DataFrame, beginning: str) -> tuple[pd.Timestamp, str]:
    found = table[table["event"].str.startswith(beginning)]
    if len(found) != 1:
        raise InputError(
            f"{len(found)} rows of the chronology begin with '{beginning}' in column 'event': "
            "expected one; write the beginning of the event that is meant"
        )
    row = found.iloc[0]
    if pd.isna(row["short"]) or not row["short"]:
        raise InputError(
            f"the row of the chronology whose event begins with '{beginning}' has nothing in "
            "column 'short': write there what stands at the event on a chart"
        )
    return pd.Timestamp(row["date"]), str(row["short"])


def spread_events(fig: "Figure") -> None:
    """Put the words of events into as few rows as leave each legible, and titles above them.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        A figure whose width is known; asked again when that changes.
    """
    for axes in fig.axes:
        texts: list[Any] = [text for text in axes.texts if text.get_gid() == MARK]
        if not texts:
            continue
        points = 72 / fig.dpi
        box, renderer = axes.get_window_extent(), cast(Any, fig)._get_renderer()
        height = ROW * max(text.get_fontsize() for text in texts)
        places = [axes.transData.transform((text.xy[0], 0))[0] * points for text in texts]
        wide = [_width(text, renderer) * points for text in texts]
        chosen = _rows(places, wide, (box.x0 * points, box.x1 * points))
        for text, (row, leftwards) in zip(texts, chosen):
            text.set_ha("right" if leftwards else "left")
            text.set_position((0, PAD + row * height))
            text.arrow_patch.set_visible(row > 0)
            text.arrowprops["relpos"] = text._arrow_relpos = (float(leftwards), 0)
        if legend := axes.get_legend():  # no line runs through its words
            legend.set_frame_on(True)
            legend.get_frame().set(facecolor="white", edgecolor="none", alpha=1)
        _lift_titles(axes, PAD + height * (1 + max(row for row, _ in chosen)))


def _width(text: Any, renderer: Any) -> float:
    from matplotlib.text import Text

    return float(Text.get_window_extent(text, renderer).width)


def _rows(places: Sequence[float], wide: Sequence[float], panel: Span) -> list[tuple[int, bool]]:
    """Return the row of each word, and whether it runs to the left of its line.

    Of all ways to let words run to either side, the one with the fewest rows inside the panel.
    Lines too near to each other for a gap beside each word get words without one.
    """
    for gap in (GAP, 0.0):
        if found := _best(places, wide, panel, gap):
            return found
    return [(row, False) for row in range(len(places))]  # two of one day: a row each


def _best(
    places: Sequence[float], wide: Sequence[float], panel: Span, gap: float
) -> list[tuple[int, bool]]:
    """Return rows and sides as of :func:`_rows`; none where each way has a word that is crossed."""
    best: tuple[tuple[float, int, int], list[tuple[int, bool]]] | None = None
    for sides in product((False, True), repeat=len(places)):
        spans = [
            (place - width, place) if leftwards else (place, place + width)
            for place, width, leftwards in zip(places, wide, sides)
        ]
        outside = sum(max(panel[0] - left, 0) + max(right - panel[1], 0) for left, right in spans)
        rows = _stacked(places, spans, gap)
        if rows is None:
            continue
        cost = (round(outside, 1), max(rows), sum(sides))
        if best is None or cost < best[0]:
            best = cost, list(zip(rows, sides))
    return best[1] if best else []


def _stacked(places: Sequence[float], spans: Sequence[Span], gap: float) -> list[int] | None:
    """Return rows in which no word lies over another one or over a line; None where none do.

    The line of a word goes up to its row: what it would cross has to stand higher.
    """
    count = range(len(places))
    over = {
        (one, other)
        for one in count
        for other in count
        if one != other and spans[one][0] - gap < places[other] < spans[one][1] + gap
    }
    rows: dict[int, int] = {}
    while len(rows) < len(places):
        ready = [
            one
            for one in count
            if one not in rows and all(other in rows for this, other in over if this == one)
        ]
        if not ready:
            return None
        for one in ready:
            taken = {rows[other] for other in rows if _touch(spans[one], spans[other])}
            row = max((rows[other] + 1 for this, other in over if this == one), default=0)
            while row in taken:
                row += 1
            rows[one] = row
    return [rows[one] for one in count]


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] + GAP and other[0] < one[1] + GAP


def _lift_titles(axes: Any, points: float) -> None:
    """Let titles of a panel begin so many points above it."""
    for title in (axes.title, axes._left_title, axes._right_title):
        if title.get_text():
            axes._set_title_offset_trans(points + PAD)
            break
