"""What a figure says at each of its marks, and where in the drawing the mark lies.

A mark is a point of a line, a dot, a bar, an interval, a cell of a grid or a shape of a map. A
series is what the legend, or else a label, names; an artist without a label belongs to the series
of its colour. A bar, an interval and a shape answer all over, not at their mark alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.figures.intervals import Ends, Intervals, inside

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 900  # marks of a figure; of more, every second, third … is told
SERIES = re.compile(r"series-(\d+)-\d+")
NUMBER = re.compile(r"[-+−]?[\d,. ]+%?")


@dataclass(frozen=True)
class Mark:
    """One mark.

    Attributes
    ----------
    series : int
        The place of its series among those of the figure; -1 where it has none.
    axes : matplotlib.axes.Axes
        Where it is drawn.
    x, y : float
        Its place in the units of the axes.
    said : tuple of str
        What the horizontal and the vertical axis say there, and what neither does: a value that
        only a colour shows, the ends of an interval.
    ends : tuple of float or None
        Of a bar the corners, of an interval the ends: left, low, right, high, inside the panel.
    shapes : tuple of int
        The places of its shapes among those of the figure that say themselves what they are.
    """

    series: int
    axes: "Axes"
    x: float
    y: float
    said: tuple[str, ...]
    ends: Ends | None = None
    shapes: tuple[int, ...] = ()


def say(artist: Any, *said: tuple[str, str]) -> None:
    """Let shapes of a map say what no axis does.

    Parameters
    ----------
    artist : matplotlib.patches.Patch or matplotlib.collections.PathCollection
        One shape, or several.
    *said : tuple of str
        Of each shape in order the name of its unit, and the value; shapes that say the same are
        parts of one unit.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, axes = plt.subplots()
    >>> say(axes.add_patch(plt.Rectangle((0, 0), 1, 1)), ("a district", "12 deaths"))
    >>> name_series(figure), [(mark.said, mark.shapes) for mark in marks(figure)]
    ([], [(('a district', '12 deaths'), (0,))])
    """
    artist.said = said


def name_series(fig: "Figure") -> list[str]:
    """Give the artists of each series an id of the form ``series-PLACE-COUNT``.

    Behind it stands, where its shapes say what they are, ``shape-PLACE``, that of the first.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure; its artists are named.

    Returns
    -------
    list of str
        The names of the series, in the order of the legends, then of the artists.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, axes = plt.subplots()
    >>> lines = axes.plot([1, 2], label="A") + axes.plot([2, 1], label="B")
    >>> name_series(figure), lines[1].get_gid()
    (['A', 'B'], 'series-1-0')
    """
    names: dict[str, int] = {}
    colours: dict[Any, set[int]] = {}
    found = [(artist, label) for axes in fig.axes for artist, label in _artists(axes)]
    legends = [*fig.legends, *(one for axes in fig.axes if (one := axes.get_legend()))]
    for legend in legends:
        for handle, text in zip(legend.legend_handles, legend.get_texts()):
            place = names.setdefault(text.get_text(), len(names))
            colours.setdefault(_colour(handle), set()).add(place)
    for artist, label in found:
        if label:
            place = names.setdefault(label, len(names))
            colours.setdefault(_colour(artist), set()).add(place)
    counts: dict[int, int] = {}
    for artist, label in found:
        same = colours.get(_colour(artist), set())
        named = names.get(label)
        place = named if named is not None else min(same) if len(same) == 1 else -1
        if place >= 0:
            artist.set_gid(f"series-{place}-{counts.get(place, 0)}")
            counts[place] = counts.get(place, 0) + 1
    for place, (artist, at, _) in enumerate(_shapes(fig)):
        if at == 0:
            artist.set_gid(f"{artist.get_gid() or ''}shape-{place}")
    return [" ".join(name.split()) for name in names]


def _shapes(fig: "Figure") -> list[tuple[Any, int, tuple[str, str]]]:
    """Return the shapes that say what they are: what draws each, as which of its own, the words."""
    return [
        (artist, at, said)
        for axes in fig.axes
        if axes.get_visible()
        for artist in (*axes.patches, *axes.collections)
        for at, said in enumerate(getattr(artist, "said", ()))
    ]


def _units(fig: "Figure") -> Iterator[Mark]:
    """Yield a mark for each unit of a map, in the middle of its largest shape."""
    units: dict[tuple[int, tuple[str, str]], list[tuple[int, Any, Any]]] = {}
    for place, (artist, at, said) in enumerate(_shapes(fig)):
        path = artist.get_paths()[at] if hasattr(artist, "get_paths") else artist.get_path()
        box = path.get_extents(artist.get_transform() - artist.axes.transData)
        units.setdefault((id(artist.axes), said), []).append((place, artist, box))
    for (_, said), parts in units.items():
        _, artist, box = max(parts, key=lambda part: part[2].width * part[2].height)
        x, y = (box.p0 + box.p1) / 2
        mark = _mark(artist.axes, artist, x, y, said)
        yield replace(mark, shapes=tuple(place for place, *_ in parts))


def _artists(axes: "Axes") -> Iterator[tuple[Any, str]]:
    """Yield what draws data in a panel, with its label or that of the container it is in."""
    labels = {
        id(part): _label(container)
        for container in axes.containers
        for part in _parts(container)
        if _label(container)
    }
    for artist in (*axes.lines, *axes.patches, *axes.collections):
        yield artist, labels.get(id(artist)) or _label(artist)


def _parts(container: Any) -> Iterator[Any]:
    for part in container:
        if isinstance(part, (tuple, list)):
            yield from part
        elif part is not None:
            yield part


def _label(artist: Any) -> str:
    label = str(artist.get_label() or "")
    return "" if label.startswith("_") else label


def _colour(artist: Any) -> Any:
    """Return the colour of an artist without its transparency; None where it has several."""
    from matplotlib.colors import to_rgb

    getters = [
        getattr(artist, name)
        for name in ("get_color", "get_facecolor", "get_edgecolor")
        if hasattr(artist, name)
    ]
    for get in getters:
        try:
            value = np.atleast_2d(get()) if not isinstance(get(), str) else get()
            if isinstance(value, str):
                return tuple(round(part, 3) for part in to_rgb(value))
            if len(value) and value[0][-1] > 0 and np.allclose(value[:, :3], value[0][:3]):
                return tuple(round(float(part), 3) for part in value[0][:3])
        except (TypeError, ValueError, IndexError):
            continue
    return None


def marks(fig: "Figure") -> list[Mark]:
    """Return the marks of a figure whose series are named, panel by panel from left to right.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        The figure, as :func:`name_series` left it, drawn once.

    Returns
    -------
    list of Mark
        At most :data:`MOST`.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> figure, axes = plt.subplots()
    >>> _ = axes.bar(["A", "B"], [1200, 3], label="deaths")
    >>> _ = name_series(figure)
    >>> [mark.said for mark in marks(figure)]
    [('A', '1,200'), ('B', '3')]
    """
    found = [mark for axes in fig.axes if axes.get_visible() for mark in _of(axes)]
    found += _units(fig)
    step = -(-len(found) // MOST)
    return found[::step] if step > 1 else found


def _of(axes: "Axes") -> Iterator[Mark]:
    from matplotlib.container import BarContainer, ErrorbarContainer

    if hasattr(axes, "_colorbar"):
        return
    tell = _teller(axes.xaxis), _teller(axes.yaxis)
    intervals = Intervals(axes)
    bars = [one for one in axes.containers if isinstance(one, ErrorbarContainer)]
    caps = [cap for one in bars for cap in one.lines[1]]
    for artist in (*axes.lines, *axes.collections):
        for x, y, more in _points(axes, artist) if artist not in caps else ():
            ends, words = intervals.around(x, y, tell)
            yield _mark(axes, artist, x, y, (tell[0](x), tell[1](y), *more, *words), ends)
    for artist, ends in intervals.bare():
        x0, y0, x1, y1 = ends
        said = (
            tell[0](x0) if x0 == x1 else f"{tell[0](x0)} to {tell[0](x1)}",
            tell[1](y0) if y0 == y1 else f"{tell[1](y0)} to {tell[1](y1)}",
        )
        yield _mark(axes, artist, (x0 + x1) / 2, (y0 + y1) / 2, said, ends)
    for container in axes.containers:
        if isinstance(container, BarContainer):
            upright = getattr(container, "orientation", "vertical") == "vertical"
            for bar in container:
                (x0, y0), (x1, y1) = bar.get_bbox().get_points()
                x, y = ((x0 + x1) / 2, y1) if upright else (x1, (y0 + y1) / 2)
                # Of a bar on another one, how long it is, not where it ends.
                told = (tell[0](x), tell[1](y1 - y0)) if upright else (tell[0](x1 - x0), tell[1](y))
                yield _mark(axes, bar, x, y, told, inside(axes, (x0, y0, x1, y1)))


def _mark(
    axes: "Axes", artist: Any, x: float, y: float, said: tuple[str, ...], ends: Ends | None = None
) -> Mark:
    named = SERIES.match(str(artist.get_gid() or ""))
    return Mark(int(named[1]) if named else -1, axes, float(x), float(y), said, ends)


def _points(axes: "Axes", artist: Any) -> Iterator[tuple[float, float, tuple[str, ...]]]:
    """Yield the places of the marks of a line, of dots or of a grid, inside the limits."""
    from matplotlib.collections import PathCollection, QuadMesh
    from matplotlib.lines import Line2D

    more: list[tuple[str, ...]] = []
    if isinstance(artist, Line2D):
        bare = artist.get_marker() in ("None", None, "", " ")
        if artist.get_transform() != axes.transData or (
            bare and len(np.asarray(artist.get_xydata())) < 3
        ):
            return  # a line of reference
        places = np.asarray(artist.get_xydata(), dtype=float)
        if isinstance(every := artist.get_markevery(), list):
            places = places[every]
    elif isinstance(artist, PathCollection) and artist.get_offset_transform() == axes.transData:
        places = np.asarray(artist.get_offsets(), dtype=float)
    elif isinstance(artist, QuadMesh) and artist.get_array() is not None:
        corners = np.asarray(artist.get_coordinates(), dtype=float)
        values: Any = np.ma.filled(np.ma.asarray(artist.get_array(), dtype=float), np.nan)
        middle = (corners[:-1, :-1] + corners[1:, 1:]) / 2
        places = middle.reshape(-1, 2)
        more = [(number(one),) if np.isfinite(one) else () for one in np.ravel(values)]
        if len(more) != len(places):
            return
    else:
        return
    for at, (x, y) in enumerate(places):
        if np.isfinite([x, y]).all() and _within(axes, x, y) and (not more or more[at]):
            yield x, y, more[at] if more else ()


def _within(axes: "Axes", x: float, y: float) -> bool:
    at = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))
    return bool(np.isfinite(at).all() and (at > -0.02).all() and (at < 1.02).all())


def _teller(axis: Any) -> Any:
    """Return the function that says a place on an axis: a date, a name of a row, or a number."""
    from matplotlib.dates import AutoDateFormatter, ConciseDateFormatter, DateFormatter, num2date

    dates = (DateFormatter, AutoDateFormatter, ConciseDateFormatter)
    if isinstance(axis.get_major_formatter(), dates):

        def day(value: float) -> str:
            when = num2date(value)
            return f"{when:%Y-%m}" if when.day == 1 else f"{when:%Y-%m-%d}"

        return day
    places = np.asarray(axis.get_ticklocs(), dtype=float)
    names = [" ".join(one.get_text().split()) for one in axis.get_ticklabels()]
    if not (
        len(names)
        and len(places) == len(names)
        and any(name and not NUMBER.fullmatch(name) and "$" not in name for name in names)
    ):
        return number
    half = 0.5 * float(np.min(np.diff(np.sort(places)))) if len(places) > 1 else 0.5

    def row(value: float) -> str:
        nearest = int(np.argmin(np.abs(places - value)))
        return names[nearest] if abs(places[nearest] - value) <= half else number(value)

    return row


def number(value: float) -> str:
    """Return a number as a reader writes it: years plain, thousands parted, four digits at most.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
        A minus is a hyphen, as in the data beside the figure.

    Examples
    --------
    >>> number(2024), number(1234.5), number(0.12345)
    ('2024', '1,234', '0.1235')
    """
    if 1900 <= value <= 2100 and float(value).is_integer():
        return f"{value:.0f}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"
