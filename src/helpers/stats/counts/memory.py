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
FAR = 10**6  # periods between spells, after which no memory is left
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

    def variance_ends(self, level: float) -> tuple[float, float]:
        """Return the ends of what the data leave open of the variance at the points of the grid.

        Parameters
        ----------
        level : float
            Between 0 and 1.

        Returns
        -------
        tuple of two floats
            In squared units of the outcome; quantiles of the average of scaled inverse chi-squares.

        Examples
        --------
        At a single point it is the interval of a variance.

        >>> one = Memory(np.array([1.0]), np.array([2.0]), degrees=10)
        >>> [round(end, 2) for end in one.variance_ends(0.95)]  # 40 / 20.48 and 40 / 3.247
        [1.95, 12.32]
        """
        from scipy.optimize import brentq
        from scipy.stats import chi2

        sums = self.degrees * self.scales**2

        def below(variance: float) -> float:
            return float(self.weights @ chi2.sf(sums / variance, self.degrees))

        def end(share: float) -> float:
            ends = sums / chi2.isf(share, self.degrees)
            if ends.max() - ends.min() <= 1e-12 * ends.max():
                return float(ends[0])
            return float(brentq(lambda v: below(v) - share, ends.min(), ends.max()))

        return end((1 - level) / 2), end((1 + level) / 2)

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

    def said(self, source: str = "months") -> tuple[str, ...]:
        """Return a warning when the months cannot rule out a memory that is too slow for them.

        Parameters
        ----------
        source : {"months", "history"}
            Whose memory it is: that of the months compared, or of a longer history.

        Returns
        -------
        tuple of str
            One sentence, or none.

        Examples
        --------
        >>> even = Memory(np.full(len(GRID), 1 / len(GRID)), np.ones(len(GRID)), degrees=22)
        >>> even.said()[0]  # doctest: +ELLIPSIS
        'the months leave a chance of 25 % that the level moves slowly (autocorrelation above 0.8...
        """
        if self.slow <= OPEN:
            return ()
        tip = "; a longer history of the series would tell" if source == "months" else ""
        return (
            f"the {source} leave{'' if source == 'months' else 's'} a chance of "
            f"{100 * self.slow:.0f} % that the level moves slowly (autocorrelation above {SLOW}): "
            f"if it wanders, the interval may be too narrow{tip}",
        )


def apart(lengths: Sequence[int]) -> np.ndarray:
    """Return times of spells that are too far apart to resemble each other.

    Parameters
    ----------
    lengths : sequence of int
        Of each spell, in periods.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        In periods, n in all.

    Examples
    --------
    >>> np.diff(apart([2, 2])).tolist()[::2]
    [1, 1]
    """
    return np.concatenate([np.arange(length) + place * FAR for place, length in enumerate(lengths)])


def averaged_memory(
    values: np.ndarray,
    groups: np.ndarray,
    contrast: np.ndarray,
    times: np.ndarray,
    weights: np.ndarray | None = None,
) -> Memory:
    """Return the spread of a contrast of values whose neighbours may resemble each other.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n,)
        Of one variance.
    groups : numpy.ndarray of int, shape (n,)
        Observations with the same number share a mean.
    contrast : numpy.ndarray of float, shape (n,)
        Weights of the sum of values that is asked about.
    times : numpy.ndarray of int, shape (n,)
        When each was observed, in periods; see :func:`apart`.
    weights : numpy.ndarray of float, shape (g,), optional
        Share of each point of the grid, as a longer series gives it (:func:`memory_weights`); that
        of the values themselves when left out.

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
    ...     return averaged_memory(np.array(values), ones.astype(int), ones / 8, np.arange(8))
    >>> calm, restless = of_mean([-2.0, -2, -2, -2, 2, 2, 2, 2]), of_mean([-2.0, 2, -2, 2] * 2)
    >>> calm.rho > restless.rho, calm.variance > restless.variance
    (True, True)
    """
    turned, variances = _turned(np.column_stack([values, contrast]), times)
    logs, phi, degrees = _profile(values, groups, times)
    spread = (turned[:, :, 1] ** 2 * variances).sum(axis=1)
    own = _shares(logs) if weights is None else weights
    return Memory(own, np.sqrt(np.maximum(phi, 1) * spread), degrees)


def memory_weights(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the share of each point of the grid that a series without gaps gives it.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n,)
        In order of time, of one variance.
    groups : numpy.ndarray of int, shape (n,)
        Observations with the same number share a mean.

    Returns
    -------
    numpy.ndarray of float, shape (g,)
        They sum to 1.

    Examples
    --------
    >>> weights = memory_weights(np.random.default_rng(1).normal(size=120), np.zeros(120))
    >>> weights.shape, bool(weights[GRID[:, 0] > 0.8].sum() < 0.2)
    ((80,), True)
    """
    return _shares(_profile(values, groups, np.arange(len(values)))[0])


def _shares(logs: np.ndarray) -> np.ndarray:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _profile(
    values: np.ndarray, groups: np.ndarray, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return restricted log-likelihoods and variances (g) of values, and degrees of freedom."""
    names = np.unique(groups)
    degrees = len(values) - len(names)
    together = np.column_stack([values, *(groups == name for name in names)])
    turned, variances = _turned(together, times)
    logs, phi = _restricted(turned / np.sqrt(variances)[:, :, None], degrees)
    return logs - 0.5 * np.log(variances).sum(axis=1), phi, degrees


def _turned(columns: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return columns (g, n, c) along the directions of each point, and their variances (g, n)."""
    eigenvalues, basis = _directions(tuple(int(time) for time in times))
    turned = np.repeat(basis.transpose(0, 2, 1) @ columns, len(NOISES), axis=0)
    noise = GRID[:, 1:]
    return turned, (1 - noise) * np.repeat(eigenvalues, len(NOISES), axis=0) + noise


@lru_cache(maxsize=8)
def _directions(times: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues (r, n) and -vectors (r, n, n) of the autoregressions of the grid.

    Noise adds to the eigenvalues and leaves the vectors as they are.
    """
    lags = np.abs(np.subtract.outer(np.array(times), np.array(times)))
    with np.errstate(under="ignore"):
        found = [np.linalg.eigh(rho**lags) for rho in RHOS]
    return np.array([one[0] for one in found]), np.array([one[1] for one in found])


def _restricted(white: np.ndarray, degrees: int) -> tuple[np.ndarray, np.ndarray]:
    """Return restricted log-likelihoods and variances (g) of the first of the columns (g, n, k)."""
    basis, triangle = np.linalg.qr(white[:, :, 1:])
    scores = (white[:, None, :, 0] @ basis).transpose(0, 2, 1)
    rest = white[:, :, 0] - (basis @ scores)[:, :, 0]
    phi = np.maximum(np.square(rest).sum(axis=1), 1e-12) / degrees
    size = np.log(np.abs(np.diagonal(triangle, axis1=1, axis2=2))).sum(axis=1)
    return -0.5 * degrees * np.log(phi) - size, phi
