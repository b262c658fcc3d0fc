"""Tests by rank: an estimate among those that other arrangements of the treatment give.

The p-value is the share of arrangements, the actual one among them, whose estimate is at least as
far from nothing (Fisher 1935). It is exact when every arrangement was as likely as the actual one.
With few arrangements no small p-value is possible.
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
    """A test by rank.

    Attributes
    ----------
    estimate : Estimate
        The effect, with the share of arrangements at least as extreme as ``p``.
    drawn : numpy.ndarray of float, shape (arrangements,)
        The statistic of each arrangement, the actual one first.
    smallest_p : float
        The smallest p-value that these allow.
    exact : bool
        Whether they are all there are.
    """

    estimate: Estimate
    drawn: np.ndarray
    smallest_p: float
    exact: bool


def arrangements(
    kinds: np.ndarray, draws: int, generator: np.random.Generator
) -> tuple[np.ndarray, bool]:
    """Return which unit could have had which treatment history.

    Parameters
    ----------
    kinds : numpy.ndarray of int, shape (u,)
        By unit 0 for never treated, 1 and above for each history.
    draws : int
        Number of arrangements to draw where there are more than ``draws`` + 1.
    generator : numpy.random.Generator
        Draws them.

    Returns
    -------
    rows : numpy.ndarray of int, shape (arrangements, u)
        Kinds by unit, the actual ones first.
    exact : bool
        Whether these are all arrangements.

    Examples
    --------
    One treated unit of three could have been each of them.

    >>> import numpy as np
    >>> arrangements(np.array([0, 0, 1]), 99, np.random.default_rng(1))
    (array([[0, 0, 1],
           [1, 0, 0],
           [0, 1, 0]]), True)
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
    """Return the share of statistics at least as far from 0 as the first.

    Parameters
    ----------
    drawn : numpy.ndarray of float, shape (arrangements,)
        Statistics, the actual one first; NaN, which is not determined, counts as farther.

    Returns
    -------
    float
        The p-value, above 0 as the first counts too.

    Examples
    --------
    >>> import numpy as np
    >>> rank(np.array([3.0, 1.0, -2.0, -5.0]))
    0.5
    """
    sizes = np.where(np.isnan(drawn), np.inf, np.abs(drawn))
    return float((sizes >= sizes[0] - 1e-9).mean())


def smallest_p(drawn: np.ndarray) -> float:
    """Return the p-value that the farthest arrangement would have.

    Parameters
    ----------
    drawn : numpy.ndarray of float, shape (arrangements,)
        Statistics of all arrangements.

    Returns
    -------
    float
        The smallest p-value that is possible.

    Examples
    --------
    >>> import numpy as np
    >>> smallest_p(np.array([3.0, 1.0, -2.0, -5.0]))
    0.25
    """
    sizes = np.where(np.isnan(drawn), np.inf, np.abs(drawn))
    return float((sizes >= sizes.max() - 1e-9).mean())


def accepted(p_of: Callable[[float], float], centre: float, alpha: float) -> tuple[float, float]:
    """Return the ends of the ratios that a test does not reject.

    The search goes outwards from ``centre``, and ends at the first rejection on each side.

    Parameters
    ----------
    p_of : callable
        p-value of a log ratio.
    centre : float
        Log ratio to search from, the estimate.
    alpha : float
        What a p-value must exceed, between 0 and 1.

    Returns
    -------
    low, high : float
        Ratios, to 1e-4 of their logarithms; 0 or infinite where nothing up to 8 logarithms away is
        rejected.

    Examples
    --------
    With a p-value of 1 - |log| half of the logarithm is left on each side: e^-0.5 and e^0.5.

    >>> low, high = accepted(lambda log: 1 - abs(log), centre=0.0, alpha=0.5)
    >>> round(low, 3), round(high, 3)
    (0.607, 1.649)
    """
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
