"""What neighbouring months remember of each other, averaged over what they leave open.

A few months say little about how they depend on each other, and an interval that takes the
estimated dependence for the truth is too narrow. Here the errors of counts have the autocorrelation
``(1 - noise) rho^j`` at lag j: a first-order autoregression observed with noise of its own, as any
slow level behind Poisson counts is. Each pair (``rho``, ``noise``) of a grid is weighted by its
restricted likelihood under a prior, as :mod:`helpers.stats.months.gls` does for ``rho`` alone.

The prior of ``rho`` falls between the uniform one, under which 12 against 12 months of rho .8 still
get too narrow an interval, and the reference prior ``(1 - rho^2)^(-1/2)`` (Berger and Yang 1994),
under which independent months get one twice too wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

POINTS, HIGHEST_RHO, SHAPE = 16, 0.97, 0.75  # a beta(1, 3/4) prior from 0 to 0.97
RHOS = HIGHEST_RHO * (1 - (1 - (np.arange(POINTS) + 0.5) / POINTS) ** (1 / SHAPE))
NOISES = np.array([0, 0.15, 0.3, 0.5, 0.7])
GRID = np.array([(rho, noise) for rho in RHOS for noise in NOISES])
SLOW, OPEN = 0.8, 0.1  # a memory that a year cannot average out, and a chance of it worth a word


@dataclass(frozen=True)
class Memory:
    """The spread of a contrast of counts at each point of the grid.

    Attributes
    ----------
    weights : numpy.ndarray of float, shape (g,)
        Share of each point in the average; they sum to 1.
    scales : numpy.ndarray of float, shape (g,)
        Standard error of the contrast, in units of the outcome.
    degrees : int
        Degrees of freedom of Student's t at each point.
    """

    weights: np.ndarray
    scales: np.ndarray
    degrees: int

    @property
    def rho(self) -> float:
        """Mean of the autocorrelation at lag one, without unit."""
        return float(self.weights @ (GRID[:, 0] * (1 - GRID[:, 1])))

    @property
    def slow(self) -> float:
        """Chance, from 0 to 1, that the level remembers more than 0.8 of itself a month later."""
        return float(self.weights[GRID[:, 0] > SLOW].sum())

    @property
    def variance(self) -> float:
        """Variance of the contrast over all points, in squared units of the outcome."""
        return float(self.weights @ self.scales**2) * self.degrees / max(self.degrees - 2, 1)

    def chance(self, distance: float) -> float:
        """Return the two-sided chance of an error beyond a distance.

        Parameters
        ----------
        distance : float
            In units of the outcome.

        Returns
        -------
        float
            From 0 to 1.

        Examples
        --------
        At a single point the errors are Student's t.

        >>> one = Memory(np.array([1.0]), np.array([2.0]), degrees=10)
        >>> round(one.chance(2.228 * 2), 3)
        0.05
        """
        from scipy.stats import t

        return float(self.weights @ (2 * t.sf(abs(distance) / self.scales, self.degrees)))

    def reach(self, level: float) -> float:
        """Return the distance beyond which an error lies with a chance of ``1 - level``.

        Parameters
        ----------
        level : float
            Between 0 and 1.

        Returns
        -------
        float
            In units of the outcome.

        Examples
        --------
        >>> one = Memory(np.array([1.0]), np.array([2.0]), degrees=10)
        >>> round(one.reach(0.95) / 2, 3)
        2.228
        """
        from scipy.optimize import brentq
        from scipy.stats import t

        ends = float(t.ppf(0.5 + level / 2, self.degrees)) * self.scales
        if ends.min() == ends.max():
            return float(ends[0])
        return float(brentq(lambda x: self.chance(x) - (1 - level), ends.min(), ends.max()))

    def said(self) -> tuple[str, ...]:
        """Return a warning when the months cannot rule out a memory that is too slow for them.

        Returns
        -------
        tuple of str
            One sentence, or none.

        Examples
        --------
        >>> even = Memory(np.full(len(GRID), 1 / len(GRID)), np.ones(len(GRID)), degrees=22)
        >>> even.said()[0]  # doctest: +ELLIPSIS
        'the months leave a chance of 25 % that their level moves slowly (autocorrelation above ...
        """
        if self.slow <= OPEN:
            return ()
        return (
            f"the months leave a chance of {100 * self.slow:.0f} % that their level moves slowly "
            f"(autocorrelation above {SLOW}): if it wanders, the interval may be too narrow; "
            "a longer history of the series would tell",
        )


def averaged_memory(
    values: np.ndarray, groups: np.ndarray, contrast: np.ndarray, spells: Sequence[int]
) -> Memory:
    """Return the spread of a contrast of values whose neighbours may resemble each other.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n,)
        In order of time, of one variance.
    groups : numpy.ndarray of int, shape (n,)
        Observations with the same number share a mean.
    contrast : numpy.ndarray of float, shape (n,)
        Weights of the sum of values that is asked about.
    spells : sequence of int
        Lengths of the spells of neighbours, n in all; different spells are independent.

    Returns
    -------
    Memory
        ``scales`` at least those of independent Poisson counts when ``values`` are counts over the
        root of their mean: events do not come more evenly than by chance.

    References
    ----------
    Patterson and Thompson (1971), Recovery of inter-block information when block sizes are unequal.
    Berger and Yang (1994), Noninformative priors and Bayesian testing for the AR(1) model.

    Examples
    --------
    Neighbours that agree make a mean of eight values less sure than neighbours that do not.

    >>> def of_mean(values):
    ...     ones = np.ones(8)
    ...     return averaged_memory(np.array(values), ones.astype(int), ones / 8, [8])
    >>> calm, restless = of_mean([-2.0, -2, -2, -2, 2, 2, 2, 2]), of_mean([-2.0, 2, -2, 2] * 2)
    >>> calm.rho > restless.rho, calm.variance > restless.variance
    (True, True)
    """
    names = np.unique(groups)
    degrees = len(values) - len(names)
    together = np.column_stack([values, *(groups == name for name in names), contrast])
    eigenvalues, basis = _directions(tuple(spells))
    turned = np.repeat(basis.transpose(0, 2, 1) @ together, len(NOISES), axis=0)
    noise = GRID[:, 1:]
    variances = (1 - noise) * np.repeat(eigenvalues, len(NOISES), axis=0) + noise
    white = turned[:, :, :-1] / np.sqrt(variances)[:, :, None]
    logs, phi = _restricted(white, degrees)
    logs -= 0.5 * np.log(variances).sum(axis=1)
    spread = (turned[:, :, -1] ** 2 * variances).sum(axis=1)
    weights = np.exp(logs - logs.max())
    return Memory(weights / weights.sum(), np.sqrt(np.maximum(phi, 1) * spread), degrees)


@lru_cache(maxsize=8)
def _directions(spells: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues (r, n) and -vectors (r, n, n) of the autoregressions of the grid.

    Noise adds to the eigenvalues and leaves the vectors as they are.
    """
    starts = np.repeat(np.arange(len(spells)), spells)
    lags = np.abs(np.subtract.outer(np.arange(len(starts)), np.arange(len(starts))))
    apart = np.not_equal.outer(starts, starts)
    found = [np.linalg.eigh(np.where(apart, 0, rho**lags)) for rho in RHOS]
    return np.array([one[0] for one in found]), np.array([one[1] for one in found])


def _restricted(white: np.ndarray, degrees: int) -> tuple[np.ndarray, np.ndarray]:
    """Return restricted log-likelihoods and variances (g) of the first of the columns (g, n, k)."""
    basis, triangle = np.linalg.qr(white[:, :, 1:])
    scores = (white[:, None, :, 0] @ basis).transpose(0, 2, 1)
    rest = white[:, :, 0] - (basis @ scores)[:, :, 0]
    phi = np.maximum(np.square(rest).sum(axis=1), 1e-12) / degrees
    size = np.log(np.abs(np.diagonal(triangle, axis1=1, axis2=2))).sum(axis=1)
    return -0.5 * degrees * np.log(phi) - size, phi
