"""How far places lie from a line that is drawn by its corners."""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.panels.gradient import kilometres

STEP = 1.0  # km between the points by which a line is measured, at most


def distance(points: pd.DataFrame, line: pd.DataFrame) -> pd.Series:
    """Return how far points lie from a line.

    Parameters
    ----------
    points : pandas.DataFrame
        ``latitude`` and ``longitude`` in degrees.
    line : pandas.DataFrame
        Corners in order: ``part`` (number of the unbroken stretch), ``latitude`` and ``longitude``.

    Returns
    -------
    pandas.Series of float, index of ``points``
        Kilometres to the nearest point of the line.

    Raises
    ------
    InputError
        When the line has no corner, or a point no place.

    Examples
    --------
    A point on the equator between two corners, a degree south of them.

    >>> line = pd.DataFrame({"part": 1, "latitude": [1.0, 1.0], "longitude": [69.5, 70.5]})
    >>> points = pd.DataFrame({"latitude": [0.0], "longitude": [70.0]})
    >>> distance(points, line).round(1).tolist()
    [111.2]
    """
    if line.empty:
        raise InputError("the line has no corner: expected at least one")
    if points[["latitude", "longitude"]].isna().any(axis=None):
        raise InputError("a point has no place: expected latitude and longitude of each")
    fine = pd.concat([_fine(part) for _, part in line.groupby("part")])
    return pd.Series(kilometres(points, fine).min(axis=1), points.index)


def crossed(points: pd.DataFrame, line: pd.DataFrame, side: float) -> pd.Series:
    """Return which cells of a grid a line crosses.

    Parameters
    ----------
    points : pandas.DataFrame
        ``latitude`` and ``longitude`` of the middle of each cell, in degrees.
    line : pandas.DataFrame
        As of :func:`distance`.
    side : float
        Of a cell, in degrees.

    Returns
    -------
    pandas.Series of bool, index of ``points``

    Examples
    --------
    >>> line = pd.DataFrame({"part": 1, "latitude": [0.1, 0.1], "longitude": [69.5, 70.5]})
    >>> points = pd.DataFrame({"latitude": [0.25, 0.75], "longitude": 70.25})
    >>> crossed(points, line, 0.5).tolist()
    [True, False]
    """
    fine = pd.concat([_fine(part) for _, part in line.groupby("part")])
    there = [
        np.abs(points[name].to_numpy()[:, None] - fine[name].to_numpy()) <= side / 2
        for name in ("latitude", "longitude")
    ]
    return pd.Series((there[0] & there[1]).any(axis=1), points.index)


def _fine(part: pd.DataFrame) -> pd.DataFrame:
    """Return a stretch with points between its corners, no further apart than a step."""
    corners = part[["latitude", "longitude"]].reset_index(drop=True)
    if len(corners) == 1:
        return corners
    lengths = np.diagonal(kilometres(corners[:-1], corners[1:].reset_index(drop=True)))
    pieces = np.maximum(1, np.ceil(lengths / STEP)).astype(int)
    places = [
        np.arange(len(pieces)).repeat(pieces) + np.concatenate([np.arange(n) / n for n in pieces]),
        [len(pieces)],
    ]
    at = np.concatenate(places)
    return pd.DataFrame(
        {name: np.interp(at, np.arange(len(corners)), corners[name]) for name in corners}
    )
