"""Whether the words of a figure fit: inside it, and no two of them over each other."""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

SLACK = 1.0  # points by which two boxes may touch: a box is a little taller than its letters


def words(fig: "Figure") -> list["Text"]:
    """Return the texts of a figure that are drawn.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure, with its layout made.

    Returns
    -------
    list of matplotlib.text.Text
        Titles, labels, labels of ticks inside the limits, legends, notes.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, axes = plt.subplots()
    >>> _ = axes.set(xticks=[], yticks=[], title="a", xlabel="b")
    >>> sorted(text.get_text() for text in words(figure))
    ['a', 'b']
    """
    return [text for one in fig.get_children() for text in _inside(one)]


def _inside(artist: Any) -> Iterator["Text"]:
    from matplotlib.axis import Axis
    from matplotlib.text import Text

    if not artist.get_visible():
        return
    if isinstance(artist, Text) and artist.get_text().strip():
        yield artist
    parts = artist.get_children()
    if isinstance(artist, Axis):
        if not artist.axes.axison:
            return
        ticks = cast(Any, artist)._update_ticks()  # those inside the limits, which alone are drawn
        parts = [*ticks, artist.label, artist.offsetText]
    for part in parts:
        yield from _inside(part)


def _boxes(fig: Any) -> list[tuple[str, "Bbox"]]:
    renderer = fig._get_renderer()
    return [
        (
            " ".join(text.get_text().split()),
            _box(text, renderer).transformed(fig.transFigure.inverted()),
        )
        for text in words(fig)
    ]


def _box(text: "Text", renderer: Any) -> "Bbox":
    """Return the box of the letters alone: an annotation's would hold its arrow too."""
    from matplotlib.text import Text

    return Text.get_window_extent(text, renderer)


def misfits(fig: "Figure") -> list[str]:
    """Return in words which texts of a figure are cut or lie over each other.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; its layout is made.

    Returns
    -------
    list of str
        Empty where all fit.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure = plt.figure(figsize=(2, 1))
    >>> _ = figure.text(0.1, 0.5, "short"), figure.text(0.15, 0.5, "over it")
    >>> misfits(figure)
    ["'short' lies over 'over it'"]
    >>> _ = figure.text(0.9, 0.1, "a long text")
    >>> misfits(figure)[0]
    "'a long text' is cut"
    """
    from matplotlib.transforms import Bbox

    fig.draw_without_rendering()
    width, height = fig.get_size_inches() * 72
    boxes = [(said, Bbox(box.get_points() * (width, height))) for said, box in _boxes(fig)]
    found = [
        f"'{said}' is cut"
        for said, box in boxes
        if box.x0 < -SLACK or box.y0 < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK
    ]
    for (one, first), (other, second) in combinations(boxes, 2):
        shared = Bbox.intersection(first, second)
        if shared is not None and min(shared.width, shared.height) > SLACK:
            found.append(f"'{one}' lies over '{other}'")
    return found
