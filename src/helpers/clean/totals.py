"""What a stated total says about the one part of it that was not printed."""

from collections import defaultdict
from typing import NamedTuple


class Total(NamedTuple):
    """A stated figure over a run of months; ``start`` and ``length`` count months."""

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
    """Return (unit, value, total) for each missing unit of ``step`` months that a total gives.

    ``known`` maps the first month of a unit to its value. The narrowest total goes first,
    and what it gives counts as known for the next. A unit stays missing when two are missing, when a unit
    of the total is in ``hedged``, when the rest is negative, or when totals of one width disagree.
    """
    known, found, blocked = dict(known), [], set(hedged)
    while True:
        offers = defaultdict(list)
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
