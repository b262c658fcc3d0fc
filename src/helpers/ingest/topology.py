"""Outlines out of TopoJSON: shared borders are stored once, as arcs that outlines refer to.

The format is that of the TopoJSON specification (github.com/topojson/topojson-specification): an
arc that stands the other way round has the index ``-1 - i``, and with a ``transform`` each corner
is told in whole steps from the one before it.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

DECIMALS = 9  # of a degree: what reckoning in steps adds beyond them is no place
Ring = list[list[float]]


def decoded(topology: Any, name: str) -> list[dict[str, Any]]:
    """Return one layer of a topology as features of GeoJSON.

    Parameters
    ----------
    topology : object
        As JSON has it.
    name : str
        The layer, a collection of geometries.

    Returns
    -------
    list of dict
        Features with ``id``, ``properties`` and ``geometry``; what is no polygon of known arcs is
        left for whoever reads the geometry, without coordinates.

    Raises
    ------
    ValueError
        When it is no topology with such a layer, or a polygon names an arc that is not there.

    Examples
    --------
    >>> layer = {"geometries": [{"type": "Polygon", "arcs": [[0, 1]]}]}
    >>> arcs = [[[0, 0], [2, 0]], [[2, 0], [0, 2], [-2, -2]]]
    >>> transform = {"scale": [0.5, 0.5], "translate": [10, 20]}
    >>> topology = {"objects": {"land": layer}, "arcs": arcs, "transform": transform}
    >>> decoded(topology, "land")[0]["geometry"]["coordinates"]
    [[[10.0, 20.0], [11.0, 20.0], [11.0, 21.0], [10.0, 20.0]]]
    """
    layer = _of(_of(topology, "objects", dict), name, dict)
    arcs = _arcs(topology)
    return [
        {
            "type": "Feature",
            "id": one.get("id") if isinstance(one, dict) else None,
            "properties": one.get("properties") if isinstance(one, dict) else None,
            "geometry": _geometry(one, arcs),
        }
        for one in _of(layer, "geometries", list)
    ]


def _of(held: Any, entry: str, kind: type) -> Any:
    """Return an entry of the right kind."""
    found = held.get(entry) if isinstance(held, dict) else None
    if not isinstance(found, kind) or not found:
        raise ValueError(f"it has no '{entry}'")
    return found


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    """Return the arcs in degrees."""
    arcs = _of(topology, "arcs", list)
    if "transform" not in topology:
        return [[_pair(corner, "a corner") for corner in _filled(arc)] for arc in arcs]
    transform = _of(topology, "transform", dict)
    scale, shift = (_pair(transform.get(word), f"'{word}'") for word in ("scale", "translate"))
    found = []
    for arc in arcs:
        steps = zip(*(_pair(corner, "a corner") for corner in _filled(arc)))
        ways = [
            [round(at * by + start, DECIMALS) for at in accumulate(along)]
            for along, by, start in zip(steps, scale, shift)
        ]
        found.append([list(corner) for corner in zip(*ways)])
    return found


def _filled(held: Any) -> list[Any]:
    if not isinstance(held, list) or not held:
        raise ValueError("a list of arcs or corners is missing")
    return held


def _pair(held: Any, what: str) -> list[float]:
    numbers = isinstance(held, list) and len(held) == 2
    # A truth value is a number to Python.
    if not numbers or not all(type(at) in (int, float) for at in held):
        raise ValueError(f"{what} is no pair of numbers")
    return held


def _geometry(one: Any, arcs: Sequence[Ring]) -> dict[str, Any]:
    """Return a polygon, or several, with corners in the place of arcs."""
    kind = one.get("type") if isinstance(one, dict) else None
    if kind == "Polygon":
        return {"type": kind, "coordinates": [_ring(ring, arcs) for ring in _filled(one["arcs"])]}
    if kind == "MultiPolygon":
        parts = [[_ring(ring, arcs) for ring in _filled(part)] for part in _filled(one["arcs"])]
        return {"type": kind, "coordinates": parts}
    return {"type": kind}


def _ring(indices: Any, arcs: Sequence[Ring]) -> Ring:
    """Return the corners of a ring; where two arcs meet the corner stands once."""
    corners: Ring = []
    for at in _filled(indices):
        if type(at) is not int or not -len(arcs) <= at < len(arcs):
            raise ValueError(f"it names the arc {at!r}, which is none of {len(arcs)}")
        arc = arcs[at] if at >= 0 else arcs[-1 - at][::-1]
        if corners and corners[-1] != arc[0]:
            raise ValueError(f"the arc {at} does not begin where the one before it ends")
        corners += arc[1:] if corners else arc
    return corners
