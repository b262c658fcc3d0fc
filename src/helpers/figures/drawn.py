"""All drawings of a figure: wide and narrow with letters as text, a picture, and its marks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.figures.ends import spread_ends
from helpers.figures.events import spread_events
from helpers.figures.marks import Mark, marks, name_series
from helpers.figures.narrow import make_narrow
from helpers.figures.style import png, svg, without_mathematics

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHADES = 48  # of a scale of colours; of 50 or more matplotlib makes a picture


@dataclass(frozen=True)
class Drawings:
    """A figure, drawn.

    Attributes
    ----------
    wide, narrow : str
        SVG documents.
    picture : str
        The wide drawing as PNG in base64.
    marks : dict
        ``series``: the names. ``axes``: what the axes of each panel show, as of ``[title, x, y]``.
        ``marks``: lists of the places of series and panel, where it lies from the left and the top
        in the wide and in the narrow drawing (points), then what the axes say there.
    """

    wide: str
    narrow: str
    picture: str
    marks: dict[str, Any]


def drawings(fig: "Figure") -> Drawings:
    """Draw a figure twice, and say what its marks are; then it is closed.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; it is laid out anew for the narrow drawing.

    Returns
    -------
    Drawings

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, axes = plt.subplots()
    >>> _ = axes.plot([2023, 2024, 2025], [1, 5, 4], "o", label="A")
    >>> drawn = drawings(figure)
    >>> drawn.marks["series"], drawn.marks["marks"][1][-2:]
    (['A'], ['2024', '5'])
    """
    _few_shades(fig)
    without_mathematics(fig)
    series = name_series(fig)
    fig.draw_without_rendering()
    spread_ends(fig)
    spread_events(fig)
    wide = svg(fig)
    told = marks(fig)
    panels = list(dict.fromkeys(mark.axes for mark in told))
    titles = [_words(one) for one in panels]
    here, spans = _places(fig, told), _spans(fig, told)
    picture = png(fig)
    make_narrow(fig)
    narrow = svg(fig)
    there = _places(fig, told)
    spans = [[*one, *other] for one, other in zip(spans, _spans(fig, told))]
    return Drawings(
        wide,
        narrow,
        picture,
        {
            "series": series,
            "axes": titles,
            "marks": [
                [mark.series, panels.index(mark.axes), *before, *after, *mark.said]
                for mark, before, after in zip(told, here, there)
            ],
            "spans": {str(at): span for at, span in enumerate(spans) if span},
            "shapes": {str(at): list(mark.shapes) for at, mark in enumerate(told) if mark.shapes},
        },
    )


def _few_shades(fig: "Figure") -> None:
    """Let scales of colours be shapes: in the dark a page gives shapes other colours, no pictures.

    Else the scale would say the opposite of the map beside it.
    """
    for axes in fig.axes:
        bar = getattr(axes, "_colorbar", None)
        if bar is not None and bar.cmap.N > SHADES:
            bar.mappable.set_cmap(bar.cmap.resampled(SHADES))


def _words(axes: Any) -> list[str]:
    title = axes.get_title(loc="left") or axes.get_title()
    return [" ".join(text.split()) for text in (title, axes.get_xlabel(), axes.get_ylabel())]


def _places(fig: "Figure", told: list[Mark]) -> list[list[float]]:
    """Return where marks lie from the left and the top, in points, as the drawing has them."""
    return [[round(one, 1) for one in _place(fig, mark, mark.x, mark.y)] for mark in told]


def _spans(fig: "Figure", told: list[Mark]) -> list[list[int]]:
    """Return the ends of bars and intervals likewise, in whole points: left, top, right, bottom."""
    found: list[list[int]] = []
    for mark in told:
        ends = mark.ends or ()
        places = [_place(fig, mark, x, y) for x, y in zip(ends[::2], ends[1::2])]
        sides = [sorted(side) for side in zip(*places)]
        found.append([round(side[end]) for end in (0, 1) for side in sides])
    return found


def _place(fig: "Figure", mark: Mark, x: float, y: float) -> tuple[float, float]:
    x, y = mark.axes.transData.transform((x, y)) * 72 / fig.dpi
    return float(x), float(fig.get_figheight() * 72 - y)
