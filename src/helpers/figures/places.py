"""Figures of places: rates by province through time, and one year's map by province and by cell."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.figures import maps, plots
from helpers.figures.ends import label_ends
from helpers.figures.marks import number, say
from helpers.figures.style import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize

CELL = 0.5  # degrees, the side of a cell of PRIO-GRID
COLOURS = "YlOrRd"


def rates(axes: "Axes", table: pd.DataFrame, label: str) -> None:
    """Draw rates by unit and year as named lines; hollow where the population is carried on.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    table : pandas.DataFrame
        ``unit``, ``year``, ``rate`` and ``how`` (``carried`` after the last census).
    label : str
        What the axis shows.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> table = pd.DataFrame({"unit": ["A", "A"], "year": [2023, 2024], "rate": [1.0, 2.0]})
    >>> rates(axes, table.assign(how=["census", "carried"]), "deaths per 100,000")
    >>> [text.get_text() for text in axes.texts], axes.lines[0].get_ydata().tolist()
    (['A'], [1.0, 2.0])
    """
    last = table.sort_values("year").groupby("unit").last().sort_values("rate")
    for unit, color in zip(last.index, PALETTE[len(last) - 1 :: -1]):
        rows = table[table["unit"] == unit].sort_values("year")
        carried = rows["how"] == "carried"
        axes.plot(rows["year"], rows["rate"], "-", color=color, label=unit)
        for one, fill in ((rows[~carried], color), (rows[carried], "white")):
            axes.plot(
                one["year"], one["rate"], "o", markersize=4, color=color, markerfacecolor=fill
            )
    axes.set(ylabel=label, ylim=(0, None))
    plots.whole_years(axes)
    label_ends(axes)


def shaded(values: Mapping[str, float]) -> tuple[dict[str, Any], "Normalize"]:
    """Return a colour for each value, on a scale from 0 to the largest.

    Parameters
    ----------
    values : mapping of str to float
        Values by name, never negative, one of them above 0.

    Returns
    -------
    colours : dict of str to colour
        By name.
    scale : matplotlib.colors.Normalize
        For a colour bar.

    Examples
    --------
    >>> colours, scale = shaded({"A": 0.0, "B": 4.0})
    >>> sorted(colours), scale.vmax
    (['A', 'B'], 4.0)
    """
    import matplotlib as mpl
    from matplotlib.colors import Normalize

    scale = Normalize(0, max(values.values()))
    colours = mpl.colormaps[COLOURS]
    return {name: colours(scale(value)) for name, value in values.items()}, scale


def provinces(
    axes: "Axes",
    collection: dict[str, Any],
    values: Mapping[str, float],
    label: str,
    words: Mapping[str, str] | None = None,
) -> None:
    """Draw a map of first-level units, coloured by a value, with its scale under it.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    collection : dict
        A GeoJSON FeatureCollection of MultiPolygons whose properties have a ``name``; degrees.
    values : mapping of str to float
        Values by name; a unit without one stays grey.
    label : str
        What the scale shows.
    words : mapping of str to str, optional
        What is written over some units, by their names.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> square = {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]}
    >>> axes = plt.figure().subplots()
    >>> provinces(axes, {"features": [{"properties": {"name": "A"}, "geometry": square}]},
    ...           {"A": 2.0}, "deaths per 100,000")
    >>> len(axes.patches)
    1
    """
    colours, scale = shaded(values)
    said = {name: _told(label, value) for name, value in values.items()}
    maps.outlines(axes, collection, colours, said)
    maps.name_units(axes, collection, words or {})
    _scale(axes, scale, label)


def cells(
    axes: "Axes", collection: dict[str, Any], table: pd.DataFrame, value: str, label: str
) -> None:
    """Draw a map of half-degree cells, coloured by a value on a logarithmic scale.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Where to draw.
    collection : dict
        The outlines, as for :func:`provinces`.
    table : pandas.DataFrame
        ``longitude`` and ``latitude`` of the middle of each cell, in degrees, and ``value``; cells
        without a positive one are not drawn.
    value, label : str
        The column, and what the scale shows.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> axes = plt.figure().subplots()
    >>> square = {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]]}
    >>> table = pd.DataFrame({"longitude": [0.25, 0.75], "latitude": 0.25, "deaths": [1, 0]})
    >>> outline = {"features": [{"properties": {"name": "A"}, "geometry": square}]}
    >>> cells(axes, outline, table, "deaths", "deaths")
    >>> len(axes.patches), axes.patches[1].get_xy()
    (2, (0.0, 0.0))
    """
    import matplotlib as mpl
    from matplotlib.colors import LogNorm
    from matplotlib.patches import Rectangle

    maps.outlines(axes, collection)
    drawn = table[table[value] > 0]
    scale, colours = LogNorm(1, max(drawn[value].max(), 2)), mpl.colormaps[COLOURS]
    for x, y, one in zip(drawn["longitude"], drawn["latitude"], drawn[value]):
        corner, fill = (x - CELL / 2, y - CELL / 2), colours(scale(one))
        cell = Rectangle(corner, CELL, CELL, facecolor=fill, edgecolor="none", alpha=0.9)
        say(axes.add_patch(cell), (_where(y, x), _told(label, one)))
    for patch in axes.patches[: -len(drawn) or None]:
        patch.set(zorder=2, facecolor="none", edgecolor=INK)
    _scale(axes, scale, label)


def _told(label: str, value: float) -> str:
    """Return what a unit says: what the scale shows, without how it does, and the value."""
    return f"{label.removesuffix(' (log scale)')}: {number(value)}"


def _where(latitude: float, longitude: float) -> str:
    """Return the middle of a cell as a reader looks for it on a map."""
    north, east = "NS"[latitude < 0], "EW"[longitude < 0]
    return f"{abs(latitude):g}° {north}, {abs(longitude):g}° {east}"


def _scale(axes: "Axes", scale: "Normalize", label: str) -> None:
    """Draw the scale of colours under a map."""
    from matplotlib.cm import ScalarMappable

    shown = ScalarMappable(scale, COLOURS)
    bar = axes.figure.colorbar(
        shown, ax=axes, orientation="horizontal", shrink=0.7, pad=0.02, aspect=30
    )
    bar.set_label(label)
    bar.ax.xaxis.set_major_formatter("{x:g}")
    bar.outline.set_visible(False)
