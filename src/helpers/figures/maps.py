"""Maps from outlines, without a projection: one stretch of latitudes for a whole map."""

from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.figures.style import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAND = "#F0F0F0"


def outlines(axes: "Axes", collection: dict[str, Any], shade: dict[str, Any] | None = None) -> None:
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
        fill = (shade or {}).get(feature["properties"]["name"], LAND)
        for polygon in feature["geometry"]["coordinates"]:
            axes.add_patch(
                Polygon(polygon[0], closed=True, facecolor=fill, edgecolor=INK, linewidth=0.5)
            )
    axes.autoscale_view()
    axes.set_aspect(1 / np.cos(np.radians(np.mean(axes.get_ylim()))))
    axes.set_axis_off()
