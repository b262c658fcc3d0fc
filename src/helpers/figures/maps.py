"""Maps from outlines and points, without a projection: one stretch of latitudes for a whole map."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.figures.style import INK, MUTED, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAND = "#F0F0F0"
APART = 1.0  # degrees of latitude between two names beside the map


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


def bubbles(
    axes: "Axes", table: pd.DataFrame, name: str, value: str, labelled: int = 5, scale: float = 0.25
) -> None:
    """Draw circles whose areas are in proportion to a value, and name the largest beside the map.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw, after the outlines.
    table : pandas.DataFrame, shape (n_places, n_columns)
        ``longitude`` and ``latitude`` in degrees, and the columns ``name`` and ``value``.
    name, value : str
        Columns of ``table``: what a place is called, and the number that its circle shows.
    labelled : int, default 5
        How many of the largest are named.
    scale : float, default 0.25
        Square points of area for one unit of ``value``.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> at = {"longitude": [67.0, 74.3], "latitude": [24.9, 31.5], "place": ["south", "north"]}
    >>> bubbles(axes, pd.DataFrame(at).assign(deaths=[4, 8]), "place", "deaths", labelled=1)
    >>> [text.get_text() for text in axes.texts]
    ['north']
    """
    axes.scatter(
        table["longitude"],
        table["latitude"],
        s=scale * table[value],
        color=PALETTE[1],
        alpha=0.55,
        linewidth=0,
    )
    height, edge = np.inf, axes.get_xlim()[1]
    largest = table.nlargest(labelled, value).sort_values("latitude", ascending=False)
    for place, x, y in zip(largest[name], largest["longitude"], largest["latitude"]):
        height = min(y, height - APART)
        axes.annotate(
            place,
            (x, y),
            (edge + 0.4, height),
            fontsize=9,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.6},
        )
