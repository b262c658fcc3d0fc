"""Tests by rank: an estimate among those that other arrangements of the same treatment give (Fisher 1935).

The p-value is the share of arrangements, the actual one among them, whose estimate is at least as far from nothing. It is
exact when every arrangement was as likely as the actual one. With few arrangements no small p-value is possible.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import factorial, prod

import numpy as np

from helpers.stats.estimate import Estimate

FARTHEST = 8.0


@dataclass(frozen=True)
class Permutation:
    """A test by rank: the ``estimate``, the statistic of each arrangement (``drawn``, the actual one first), the smallest
    p-value that these allow, and whether they are all there are (``exact``)."""

    estimate: Estimate
    drawn: np.ndarray
    smallest_p: float
    exact: bool


def arrangements(
    kinds: np.ndarray, draws: int, generator: np.random.Generator
) -> tuple[np.ndarray, bool]:
    """Return which unit could have had which treatment history (rows by units), the actual one first.

    ``kinds`` (units): 0 for never treated, 1 and above for each history. All arrangements, and True, where there are at
    most ``draws + 1``; otherwise the actual one and ``draws`` at random, and False.
    """
    sizes = np.unique(kinds, return_counts=True)[1]
    if factorial(len(kinds)) // prod(factorial(int(size)) for size in sizes) > draws + 1:
        shuffled = generator.permuted(np.tile(kinds, (draws, 1)), axis=1)
        return np.vstack([kinds, shuffled]), False
    rows = _every(kinds)
    actual = (rows == kinds).all(axis=1)
    return np.vstack([kinds, rows[~actual]]), True


def _every(kinds: np.ndarray) -> np.ndarray:
    rows = [np.zeros(len(kinds), dtype=int)]
    for kind in np.unique(kinds[kinds > 0]):
        places = int((kinds == kind).sum())
        rows = [
            np.where(np.isin(np.arange(len(row)), chosen), kind, row)
            for row in rows
            for chosen in combinations(np.flatnonzero(row == 0), places)
        ]
    return np.array(rows)


def rank(drawn: np.ndarray) -> float:
    """Return the share at least as far from 0 as the first; what is not determined counts as farther."""
    sizes = np.where(np.isnan(drawn), np.inf, np.abs(drawn))
    return float((sizes >= sizes[0] - 1e-9).mean())


def smallest_p(drawn: np.ndarray) -> float:
    """Return the p-value that the farthest arrangement would have."""
    sizes = np.where(np.isnan(drawn), np.inf, np.abs(drawn))
    return float((sizes >= sizes.max() - 1e-9).mean())


def accepted(p_of: Callable[[float], float], centre: float, alpha: float) -> tuple[float, float]:
    """Return the ratios about exp(``centre``) up to which ``p_of`` their logarithm stays above ``alpha``."""
    ends = []
    for sign in (-1, 1):
        inside, step = 0.0, 0.05
        while step < FARTHEST and p_of(centre + sign * step) > alpha:
            inside, step = step, 2 * step
        outside = step
        while outside < FARTHEST and outside - inside > 1e-4:
            middle = (inside + outside) / 2
            inside, outside = (
                (middle, outside) if p_of(centre + sign * middle) > alpha else (inside, middle)
            )
        ends.append(
            np.exp(centre + sign * outside) if outside < FARTHEST else (0.0, np.inf)[sign > 0]
        )
    return float(ends[0]), float(ends[1])
