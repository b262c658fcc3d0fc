"""Polygons that cross the antimeridian, cut there so that a flat map draws them right.

On the globe a ring goes from 179 degrees east to 179 degrees west in a short step; on a flat map
that step would be a line across the world.
"""

from itertools import pairwise
from math import ceil, floor

HALF, TURN, POLE = 180, 360, 90
LINE = 1e-9  # square degrees; a ring of no more is a line
Ring = list[list[float]]


def cut(polygon: list[Ring]) -> list[list[Ring]]:
    """Return a polygon in parts that lie each on one side of the antimeridian.

    Parameters
    ----------
    polygon : list of list of [longitude, latitude]
        Rings in degrees, the outer one first; each closes.

    Returns
    -------
    list of polygons
        The polygon as it is where no step is longer than half a turn, which is so too where it was
        cut before. A ring round a pole is closed along it.

    Examples
    --------
    >>> east, west = cut([[[178, 0], [-178, 0], [-178, 2], [178, 2], [178, 0]]])
    >>> east
    [[[180, 0.0], [180, 2.0], [178, 2], [178, 0], [180, 0.0]]]
    >>> west
    [[[-178, 0], [-178, 2], [-180, 2.0], [-180, 0.0], [-178, 0]]]
    >>> [[round_the_pole]] = cut([[[0, 80], [120, 80], [-120, 80], [0, 80]]])
    >>> round_the_pole[-4:]
    [[180, 80.0], [180, 90], [-180, 90], [-180, 80.0]]
    """
    if not any(_leaps(*pair) for ring in polygon for pair in pairwise(ring)):
        return [polygon]
    rings = [_unrolled(ring) for ring in polygon]
    ends = [longitude for longitude, _ in rings[0]]
    rings = [rings[0], *(_east_of(min(ends), hole) for hole in rings[1:])]
    parts = []
    for turn in range(floor((min(ends) + HALF) / TURN), ceil((max(ends) - HALF) / TURN) + 1):
        moved = [[[x - TURN * turn, y] for x, y in ring] for ring in rings]
        part = [_within(_within(ring, HALF, 1), -HALF, -1) for ring in moved]
        if _area(part[0]) > LINE:
            parts.append([ring for ring in part if _area(ring) > LINE])
    return parts


def _leaps(one: list[float], other: list[float]) -> bool:
    """Say whether a step is longer than half a turn; at the pole it is no step at all."""
    at_pole = abs(one[1]) == abs(other[1]) == POLE
    return abs(one[0] - other[0]) > HALF and not at_pole


def _unrolled(ring: Ring) -> Ring:
    """Return a ring whose longitudes run on beyond half a turn in place of leaping."""
    turned = _from_antimeridian(ring)
    found = [turned[0]]
    for x, y in turned[1:]:
        found.append([x - TURN * round((x - found[-1][0]) / TURN), y])
    if found[0][0] != found[-1][0]:  # it went round a pole
        pole = POLE if sum(y for _, y in found) > 0 else -POLE
        found += [[found[-1][0], pole], [found[0][0], pole], found[0]]
    return found


def _east_of(west: float, ring: Ring) -> Ring:
    """Return a ring by as many turns further as lie between it and where another begins."""
    further = TURN * ceil((west - min(x for x, _ in ring)) / TURN)
    return [[x + further, y] for x, y in ring]


def _from_antimeridian(ring: Ring) -> Ring:
    """Return a closed ring that begins where it first crosses the antimeridian, if it does."""
    for place, (one, other) in enumerate(pairwise(ring)):
        if _leaps(one, other):
            side = HALF if other[0] > 0 else -HALF
            near = one[0] + (TURN if side > 0 else -TURN)
            share = (side - near) / (other[0] - near) if other[0] != near else 0
            crossing = [side, one[1] + share * (other[1] - one[1])]
            return [crossing, *ring[place + 1 : -1], *ring[: place + 1], crossing]
    return ring


def _within(ring: Ring, limit: int, sign: int) -> Ring:
    """Return what of a closed ring is not beyond a meridian, closed along it."""
    found: Ring = []
    for one, other in pairwise(ring):
        inside = sign * one[0] <= sign * limit
        if inside:
            found.append(one)
        if inside != (sign * other[0] <= sign * limit):
            share = (limit - one[0]) / (other[0] - one[0])
            found.append([limit, one[1] + share * (other[1] - one[1])])
    once = [corner for place, corner in enumerate(found) if corner != found[place - 1]]
    return [*once, once[0]] if once else []


def _area(ring: Ring) -> float:
    """Return the area in square degrees."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2
