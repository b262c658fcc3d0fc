"""What a stated total says about the one part of it that was not printed."""

from collections import defaultdict
from typing import NamedTuple


class Total(NamedTuple):
    """A stated figure over a run of months.

    Attributes
    ----------
    start : int
        First month, counted from year 0.
    length : int
        Number of months.
    value : float
        The figure.
    vintage, url : str
        When it was printed, and where.
    """

    start: int
    length: int
    value: float
    vintage: str
    url: str


def fill(
    known: dict[int, float],
    totals: list[Total],
    step: int = 1,
    hedged: frozenset[int] | set[int] = frozenset(),
) -> list[tuple[int, float, Total]]:
    """Give each missing unit the rest of a stated total, where only that unit is missing.

    The narrowest total goes first, and what it gives counts as known for the next. A unit stays
    missing when two are missing, when a unit of the total is hedged, when the rest is negative, or
    when totals of one width disagree.

    Parameters
    ----------
    known : dict of int to float
        First month of a unit to its value.
    totals : list of Total
        Stated totals, each a whole number of units long.
    step : int, default 1
        Months of a unit: 1, 3 or 12.
    hedged : set of int
        First months of units whose value is no exact figure.

    Returns
    -------
    list of (int, float, Total)
        First month, value and the total that gave it, in the order of finding.

    Examples
    --------
    >>> quarter = Total(start=0, length=3, value=75, vintage="2024-04", url="")
    >>> [(month, rest) for month, rest, _ in fill({0: 10, 1: 20}, [quarter])]
    [(2, 45)]
    """
    known, blocked = dict(known), set(hedged)
    found: list[tuple[int, float, Total]] = []
    while True:
        offers: dict[tuple[int, int], list[tuple[float, Total]]] = defaultdict(list)
        for total in totals:
            units = range(total.start, total.start + total.length, step)
            missing = [unit for unit in units if unit not in known]
            if len(missing) == 1 and len(units) > 1 and not blocked.intersection(units):
                rest = total.value - sum(known[unit] for unit in units if unit in known)
                offers[missing[0], total.length].append((rest, total))
        if not offers:
            return found
        unit, length = min(offers, key=lambda offer: (offer[1], offer[0]))
        values = {rest for rest, _ in offers[unit, length]}
        if len(values) == 1 and min(values) >= 0:
            rest, total = offers[unit, length][0]
            known[unit] = rest
            found.append((unit, rest, total))
        else:
            blocked.add(unit)
