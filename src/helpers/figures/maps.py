"""Maps from outlines, without a projection: one stretch of latitudes for a whole map."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from helpers.figures.marks import say
from helpers.figures.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAND = "#F0F0F0"
SIZE = 8.5  # points of a name


def outlines(
    axes: "Axes",
    collection: dict[str, Any],
    shade: dict[str, Any] | None = None,
    said: Mapping[str, str] | None = None,
) -> None:
    """Draw the polygons of a GeoJSON collection.

    A degree of longitude is drawn shorter than one of latitude, by the cosine of the middle
    latitude.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    collection : dict
        A GeoJSON FeatureCollection of MultiPolygons whose properties have a ``name``; degrees.
    shade : dict of str to colour, optional
        Fill by name; light grey where a name is not in it.
    said : mapping of str to str, optional
        What a unit says of itself in the page, by name.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> square = {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]}
    >>> axes = plt.figure().subplots()
    >>> outlines(axes, {"features": [{"properties": {"name": "A"}, "geometry": square}]})
    >>> len(axes.patches)
    1
    """
    from matplotlib.patches import Polygon

    for feature in collection["features"]:
        name = feature["properties"]["name"]
        fill = (shade or {}).get(name, LAND)
        for polygon in feature["geometry"]["coordinates"]:
            shape = Polygon(polygon[0], closed=True, facecolor=fill, edgecolor=INK, linewidth=0.5)
            axes.add_patch(shape)
            if said and name in said:
                say(shape, (name, said[name]))
    axes.autoscale_view()
    axes.set_aspect(1 / np.cos(np.radians(np.mean(axes.get_ylim()))))
    axes.set_axis_off()


def name_units(axes: "Axes", collection: dict[str, Any], words: Mapping[str, str]) -> None:
    """Write words over some units of a map, or beside the map where a unit is too narrow for them.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where :func:`outlines` drew.
    collection : dict
        What it drew.
    words : mapping of str to str
        By the name of a unit that is in the collection.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> ring = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
    >>> square = {"type": "MultiPolygon", "coordinates": [[ring]]}
    >>> axes = plt.figure().subplots()
    >>> one = {"features": [{"properties": {"name": "A"}, "geometry": square}]}
    >>> name_units(axes, one, {"A": "here"})
    >>> [(text.get_text(), *map(float, text.get_position())) for text in axes.texts]
    [('here', 1.0, 1.0)]
    """
    rings = {
        feature["properties"]["name"]: [
            np.asarray(polygon[0], dtype=float)[:, :2]
            for polygon in feature["geometry"]["coordinates"]
        ]
        for feature in collection["features"]
    }
    paper = {"boxstyle": "round,pad=0.15", "facecolor": "#FFFFFF", "linewidth": 0}
    for name, word in words.items():
        ring = max(rings[name], key=lambda one: _middle(one)[2])
        x, y, _ = _middle(ring)
        text = axes.text(x, y, word, size=SIZE, ha="center", va="center", bbox=paper)
        wide, tall = _size(axes, text)
        if wide > 0.7 * float(np.ptp(ring[:, 0])):
            text.remove()
            left = _left(rings.values(), y - tall, y + tall) - 0.05 * np.ptp(axes.get_xlim())
            line = {"arrowstyle": "-", "color": INK, "linewidth": 0.7}
            beside: dict[str, Any] = {"ha": "right", "va": "center", "arrowprops": line}
            axes.annotate(word, (x, y), (left, y), size=SIZE, annotation_clip=False, **beside)


def _left(units: Iterable[list[np.ndarray]], low: float, high: float) -> float:
    """Return how far to the left a side of a unit reaches at some heights."""
    found = []
    for ring in (ring for parts in units for ring in parts):
        ends = np.stack([ring[:-1], ring[1:]])
        y = ends[:, :, 1]
        sides = (y.min(axis=0) < high) & (y.max(axis=0) > low)
        found += ends[:, sides, 0].min(axis=0).tolist()
    return float(min(found))


def _size(axes: "Axes", text: Any) -> tuple[float, float]:
    """Return how wide and how tall a text is, in the units of the axes."""
    box = text.get_window_extent(cast(Any, axes.figure.get_figure(root=True))._get_renderer())
    corners = axes.transData.inverted().transform(box.get_points())
    return tuple(np.ptp(corners, axis=0).tolist())


def _middle(ring: np.ndarray) -> tuple[float, float, float]:
    """Return the centre of gravity and the area of a closed ring."""
    x, y = ring.T
    x0, y0 = x[0], y[0]  # near the ring, so that no digits are lost
    x, y = x - x0, y - y0
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = cross.sum() / 2
    if area == 0:
        return float(x0), float(y0), 0.0
    middle = [float(((one[:-1] + one[1:]) * cross).sum() / (6 * area)) for one in (x, y)]
    return middle[0] + float(x0), middle[1] + float(y0), abs(float(area))
