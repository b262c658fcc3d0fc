"""The form in which every statistical function answers."""

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Estimate:
    """An estimate with its interval.

    ``value``, ``low`` and ``high`` share a unit; ``low``, ``high`` and ``p`` are ``None`` where none
    is due. ``n`` counts the observations behind it, ``method`` names how it was made, and
    ``warnings`` says in sentences what a reader must know before relying on it.
    """

    value: float
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n: int = 0
    method: str = ""
    level: float = 0.95
    warnings: tuple[str, ...] = ()


def exponentiated(estimate: Estimate) -> Estimate:
    """Return an estimate of a logarithm as one of a ratio."""
    value, low, high = (
        math.exp(min(end, 700)) for end in (estimate.value, estimate.low, estimate.high)
    )
    return replace(estimate, value=value, low=low, high=high)
