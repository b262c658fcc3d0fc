"""Words around a panel that has become narrow: folded into lines, or fewer, until each is whole."""

import math
import textwrap
from itertools import pairwise
from typing import Any

SIDE = 1.5  # inches that names of rows may take
EDGE = 3  # points between words and the edge of a figure
GAP = 3  # pixels between two labels of an axis
LETTERS = 3  # as many make a word of a label; fewer are a unit or a month


def worded(axis: Any) -> bool:
    """Say whether the ticks of an axis are words, such as names of rows.

    Parameters
    ----------
    axis : matplotlib.axis.Axis
        An axis.

    Returns
    -------
    bool

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> axes.set_yticks([0, 1], ["deaths", "attacks"])[0] is None
    False
    >>> worded(axes.yaxis), worded(axes.xaxis)
    (True, False)
    """
    labels = [label.get_text() for label in axis.get_ticklabels()]
    return any(sum(letter.isalpha() for letter in label) >= LETTERS for label in labels)


def folded(text: str, letters: int) -> str:
    """Return a text in lines of at most so many letters, where its words allow.

    Parameters
    ----------
    text : str
        The text.
    letters : int
        At least one.

    Returns
    -------
    str

    Examples
    --------
    >>> folded("deaths of civilians", 9)
    'deaths of\\ncivilians'
    """
    return "\n".join(textwrap.wrap(text, letters, break_long_words=False)) or text


def fold(text: Any, room: float) -> bool:
    """Fold a text that is wider than the room.

    Parameters
    ----------
    text : matplotlib.text.Text
        A text of a figure; it is changed.
    room : float
        Pixels.

    Returns
    -------
    bool
        Whether that changed it.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> words = plt.figure().text(0, 0, "some words")
    >>> fold(words, 60), words.get_text()
    (True, 'some\\nwords')
    """
    before = text.get_text()
    if before.strip() and _width(before, text) > room:
        text.set_text(_fit(before, text, room))
    return bool(text.get_text() != before)


def fold_rows(axes: Any) -> None:
    """Fold long names of rows.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A panel; its names are changed.
    """
    texts, room = _shown(axes.yaxis), SIDE * axes.figure.dpi
    if worded(axes.yaxis) and any(_width(one.get_text(), one) > room for one in texts):
        names = [_fit(one.get_text(), texts[0], room) for one in axes.get_yticklabels()]
        axes.set_yticks(list(axes.get_yticks()), names)


def taller(axes: Any) -> float:
    """Return by how much a panel must be taller for the names of its rows.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A panel that is laid out.

    Returns
    -------
    float
        At least one.
    """
    boxes = sorted(map(_box, _shown(axes.yaxis)), key=lambda box: box.y0)
    apart = [(one, other, _middle(other) - _middle(one)) for one, other in pairwise(boxes)]
    needed = max(
        ((one.height + other.height) / 2 / by for one, other, by in apart if by > 0.5), default=0
    )
    return min(1.05 * needed, 4) if worded(axes.yaxis) and needed > 1 else 1.0


def fold_words(axes: Any) -> bool:
    """Fold titles to the width of the figure, and labels to the length of their axis.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A panel that is laid out.

    Returns
    -------
    bool
        Whether one changed.
    """
    figure, place = axes.figure, axes.get_subplotspec()
    edge, box = EDGE * figure.dpi / 72, axes.get_window_extent()
    alone = place is None or place.get_gridspec().ncols == 1
    right = figure.bbox.width - edge if alone else box.x1
    room = right - max(labels_left(axes), edge)
    middle = (box.x0 + box.x1) / 2
    below = 2 * min(right - middle, middle - edge)
    return any(
        [
            fold(axes._left_title, room),
            fold(axes.title, room),
            fold(axes.xaxis.label, below),
            fold(axes.yaxis.label, max(1.1 * box.height, 40)),
        ]
    )


def labels_left(axes: Any) -> float:
    """Return where a panel begins with the labels of its rows.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A panel that is laid out.

    Returns
    -------
    float
        Pixels from the left.
    """
    box = axes.yaxis.get_tightbbox(axes.figure._get_renderer()) if axes.axison else None
    return float(min(one.x0 for one in (box, axes.get_window_extent()) if one is not None))


def spread(axes: Any) -> bool:
    """Take ticks of the horizontal axis away, or fold their words, until none is over the next.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        A panel that is laid out.

    Returns
    -------
    bool
        Whether one changed.
    """
    if not _crowded(axes):
        return False
    for _ in range(6):
        if not _fewer(axes) or not _crowded(axes):
            break
    if _crowded(axes):
        upright = worded(axes.xaxis)
        if upright:  # in one line again: lines would lie beside each other
            flat = [" ".join(one.get_text().split()) for one in axes.get_xticklabels()]
            axes.set_xticks(list(axes.get_xticks()), flat)
        for label in axes.get_xticklabels():
            label.set(rotation=90 if upright else 45, ha="right", rotation_mode="anchor")
            label.set(va="center" if upright else "top")
    return True


def _crowded(axes: Any) -> bool:
    boxes = sorted(map(_box, _shown(axes.xaxis)), key=lambda box: box.x0)
    return any(
        one.x1 + GAP > other.x0 and one.y0 < other.y1 and other.y0 < one.y1
        for one, other in pairwise(boxes)
    )


def _fewer(axes: Any) -> bool:
    """Thin or fold the labels of the horizontal axis once; say whether that was possible."""
    from matplotlib.dates import AutoDateLocator
    from matplotlib.ticker import FixedLocator, MaxNLocator

    locator: Any = axes.xaxis.get_major_locator()
    if isinstance(locator, AutoDateLocator):
        most = min(locator.maxticks.values())
        locator.maxticks.update(dict.fromkeys(locator.maxticks, max(most - 1, 3)))
        locator.minticks = 2
        return most > 3
    if isinstance(locator, MaxNLocator):
        now = vars(locator)["_nbins"]
        bins = now if isinstance(now, int) else 6  # else it is "auto"
        locator.set_params(nbins=max(bins - 1, 2))
        return bins > 2
    if not isinstance(locator, FixedLocator):
        return False
    labels = axes.get_xticklabels()
    places, names = list(axes.get_xticks()), [one.get_text() for one in labels]
    if worded(axes.xaxis):
        room = 0.95 * axes.get_window_extent().width / max(len(places), 1)
        lines = [_fit(name, labels[0], room) for name in names]
        axes.set_xticks(places, lines)
        return lines != names
    kept = slice((len(places) - 1) % 2, None, 2)  # the last stays
    axes.set_xticks(places[kept], names[kept])
    return len(places) > 2 and math.isfinite(places[0])


def _shown(axis: Any) -> list[Any]:
    """Return the labels of the ticks that are drawn."""
    labels = [tick.label1 for tick in axis._update_ticks()]
    return [one for one in labels if one.get_visible() and one.get_text()]


def _box(text: Any) -> Any:
    return text.get_window_extent(text.get_figure(root=True)._get_renderer())


def _middle(box: Any) -> float:
    return float(box.y0 + box.y1) / 2


def _fit(text: str, like: Any, room: float) -> str:
    """Return a text in lines that are no wider than the room in pixels, where words allow."""
    flat = " ".join(text.split())
    for letters in range(len(flat), 7, -1):
        lines = folded(flat, letters)
        if _width(lines, like) <= room:
            return lines
    return folded(flat, 8)


def _width(text: str, like: Any) -> float:
    measure = like.get_figure(root=True)._get_renderer().get_text_width_height_descent
    return float(
        max(measure(line, like.get_fontproperties(), False)[0] for line in text.split("\n"))
    )
