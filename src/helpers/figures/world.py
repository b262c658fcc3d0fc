"""A map of the world: countries filled by the class of a value, in an equal-area projection."""

from collections.abc import Mapping, Sequence
from math import ceil, isnan
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.figures.classes import Scale, class_edges, class_names
from helpers.figures.maps import LAND
from helpers.figures.marks import number, say
from helpers.figures.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

COLOURS = "YlOrRd"  # from light to dark, so that it prints
LIGHTEST, DARKEST = 0.12, 1.0
SOUTH, NORTH = -57.0, 84.0  # degrees; what people live on lies between them
SMALL = 0.02  # of the map's width: a marked country that is smaller gets a ring round it
NOTHING, HATCH = "no value", "//////"
THIN: Any = {"hatch.linewidth": 0.4}  # the names are plain strings, not matplotlib's literals
ZERO, BORDER, FAINT = "white", "#7A7A7A", "#B4B4B4"
ENTRY, LETTER = 0.38, 0.083  # inches of the key: a coloured box with what is round it, and a letter
# Šavrič, Patterson and Jenny (2018), "The Equal Earth map projection", International Journal of
# Geographical Information Science 33(3), equations 9 and 10.
EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)


def equal_earth(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Project places so that equal areas stay equal (Šavrič, Patterson and Jenny 2018).

    Parameters
    ----------
    longitude, latitude : numpy.ndarray, shape (n,)
        Degrees.

    Returns
    -------
    x, y : numpy.ndarray, shape (n,)
        On a globe of radius 1; the middle of the map is the origin.

    Examples
    --------
    >>> x, y = equal_earth(np.array([0.0, 180.0, 0.0]), np.array([0.0, 0.0, 90.0]))
    >>> x.round(4).tolist(), y.round(4).tolist()
    ([0.0, 2.7066, 0.0], [0.0, 0.0, 1.3174])
    """
    a1, a2, a3, a4 = EQUAL_EARTH
    root = np.sqrt(3) / 2
    theta = np.arcsin(root * np.sin(np.radians(latitude)))
    slope = a1 + 3 * a2 * theta**2 + 7 * a3 * theta**6 + 9 * a4 * theta**8
    x = np.radians(longitude) * np.cos(theta) / (root * slope)
    return x, theta * (a1 + a2 * theta**2 + a3 * theta**6 + a4 * theta**8)


def choropleth(
    axes: "Axes",
    collection: dict[str, Any],
    values: Mapping[str, float],
    label: str,
    scale: Scale = "log",
    mark: str = "",
) -> list[str]:
    """Draw the world, each country filled by the class of its value, with a key under it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw; the map takes its width.
    collection : dict
        A GeoJSON FeatureCollection of MultiPolygons whose properties have a ``name``, in degrees,
        cut at the antimeridian; several may have one name, or none.
    values : mapping of str to float
        Values by name; a country without one, or with one that is missing, is hatched.
    label : str
        What the key shows.
    scale : {"log", "linear"}
        As of :func:`~helpers.figures.classes.class_edges`; on a logarithmic one 0 has a class of
        its own.
    mark : str, optional
        The country that gets a dark outline, and a ring where it is small.

    Returns
    -------
    list of str
        Names with a value, or marked, that have no outline: say so beside the map.

    Raises
    ------
    InputError
        When a value has no class.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> square = {"type": "MultiPolygon", "coordinates": [[[[0, 0], [9, 0], [9, 9], [0, 0]]]]}
    >>> axes = plt.figure().subplots()
    >>> world = {"features": [{"properties": {"name": "A"}, "geometry": square}]}
    >>> choropleth(axes, world, {"A": 20.0, "Atlantis": 3.0}, "deaths", mark="A")
    ['Atlantis']
    >>> [text.get_text() for text in axes.get_legend().get_texts()]
    ['3 to 9', '10 to 29']
    """
    names = [feature["properties"]["name"] for feature in collection["features"]]
    shapes = _shapes(collection)
    known = {name: float(value) for name, value in values.items() if not isnan(value)}
    fills, key = _fills(known, scale)
    with_value = [(fills[name], one) for name, one in zip(names, shapes) if name in fills]
    without = [(LAND, one) for name, one in zip(names, shapes) if name not in fills]
    _fill(axes, without, FAINT, HATCH)
    if filled := _fill(axes, with_value, BORDER):
        say(filled, *((name, f"{label}: {number(known[name])}") for name in names if name in fills))
    limits = _limits()
    if marked := [one for name, one in zip(names, shapes) if mark and name == mark]:
        _mark(axes, marked, limits[0][1] - limits[0][0])
    axes.set(xlim=limits[0], ylim=limits[1], aspect="equal")
    axes.set_axis_off()
    _key(axes, key, label, bool(without))
    return sorted({*known, *([mark] if mark else [])} - set(names))


def _shapes(collection: dict[str, Any]) -> list["Path"]:
    """Return the outline of each feature on the flat map, all projected at once."""
    from matplotlib.path import Path

    features = [
        [np.asarray(ring, float) for part in feature["geometry"]["coordinates"] for ring in part]
        for feature in collection["features"]
    ]
    corners = np.concatenate([ring for rings in features for ring in rings])
    flat = np.column_stack(equal_earth(corners[:, 0], corners[:, 1]))
    shapes, start = [], 0
    for rings in features:
        codes = np.full(sum(map(len, rings)), Path.LINETO, Path.code_type)
        codes[np.cumsum([0, *map(len, rings[:-1])])] = Path.MOVETO
        shapes.append(Path(flat[start : start + len(codes)], codes))
        start += len(codes)
    return shapes


def _fills(known: Mapping[str, float], scale: Scale) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the colour of each name, and of each class by what its key says, in order."""
    import matplotlib as mpl

    edges = class_edges(known.values(), scale)
    said = class_names(edges, whole=all(value == round(value) for value in known.values()))
    shades = mpl.colormaps[COLOURS](np.linspace(LIGHTEST, DARKEST, len(said) or 1))
    key: dict[str, Any] = {}
    if scale == "log" and 0 in known.values():
        key["0"] = ZERO
    key |= dict(zip(said, shades))
    place = np.searchsorted(edges, list(known.values()), side="right") - 1
    return {name: ZERO if at < 0 else shades[at] for name, at in zip(known, place)}, key


def _fill(
    axes: "Axes", filled: Sequence[tuple[Any, "Path"]], border: str, hatch: str | None = None
) -> Any:
    import matplotlib as mpl
    from matplotlib.collections import PathCollection

    if not filled:
        return None
    colours, shapes = zip(*filled)
    with mpl.rc_context(THIN):
        drawn = PathCollection(
            shapes, facecolors=colours, edgecolors=border, linewidths=0.4, hatch=hatch
        )
    return axes.add_collection(drawn, autolim=False)


def _limits() -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the ends of the map: as wide as the globe, as high as people live."""
    x, _ = equal_earth(np.array([-180.0, 180.0]), np.zeros(2))
    _, y = equal_earth(np.zeros(2), np.array([SOUTH, NORTH]))
    return (float(x[0]), float(x[1])), (float(y[0]), float(y[1]))


def _mark(axes: "Axes", shapes: Sequence["Path"], width: float) -> None:
    """Draw an outline, without the lines that two shapes of the country share."""
    from matplotlib.collections import LineCollection

    lines: dict[frozenset[tuple[float, float]], list[Any]] = {}
    for shape in shapes:
        for polygon in np.split(shape.vertices, np.flatnonzero(shape.codes == shape.MOVETO)[1:]):
            for pair in zip(polygon[:-1].tolist(), polygon[1:].tolist()):
                lines.setdefault(frozenset(map(tuple, pair)), []).append(pair)
    outer = [found[0] for found in lines.values() if len(found) == 1]
    drawn = LineCollection(outer, colors=INK, linewidths=1.3, capstyle="round")
    axes.add_collection(drawn, autolim=False)
    corners = np.concatenate([shape.vertices for shape in shapes])
    low, high = corners.min(axis=0), corners.max(axis=0)
    if (high - low).max() < SMALL * width:
        x, y = (low + high) / 2
        axes.plot(x, y, "o", markersize=14, fillstyle="none", color=INK, markeredgewidth=1.4)


def _key(axes: "Axes", key: Mapping[str, Any], label: str, without: bool) -> None:
    """Draw the key in as many columns as the figure is wide enough for, read row by row."""
    import matplotlib as mpl
    from matplotlib.patches import Patch

    patches = [Patch(facecolor=one, edgecolor=BORDER, label=said) for said, one in key.items()]
    if without:
        with mpl.rc_context(THIN):
            patches.append(Patch(facecolor=LAND, edgecolor=FAINT, hatch=HATCH, label=NOTHING))
    longest = max((len(str(one.get_label())) for one in patches), default=1)
    inches = axes.figure.bbox.width / axes.figure.dpi
    fitting = max(1, int(inches // (ENTRY + LETTER * longest)))
    rows = max(1, ceil(len(patches) / fitting))
    columns = max(1, ceil(len(patches) / rows))
    axes.legend(
        handles=[one for column in range(columns) for one in patches[column::columns]],
        title=label,
        loc="upper center",
        bbox_to_anchor=(0.5, 0),
        ncols=columns,
        handlelength=1.3,
        handletextpad=0.5,
        columnspacing=1.0,
    )
