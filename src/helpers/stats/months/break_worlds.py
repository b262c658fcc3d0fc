"""How likely a break is at each date when it is not known how the errors remember.

A level that wanders by itself looks like one that broke. So the likelihood of a break, and that of
none, are averaged over a grid of memories: first-order autoregressive errors, the same with noise
on top (ARMA(1,1)), and a local level (a random walk with noise). The statistic of a test is then
referred to series without a break that are drawn from each of these worlds, and from a straight
line among such errors, with the parameters as uncertain as the series leaves them. A world that the
series speaks against is no reason to doubt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from helpers.base.errors import InputError

AUTOREGRESSIVE, NOISY, WANDERING, TREND = "AR(1)", "AR(1) plus noise", "local level", "trend"
# Uniform in the arcsine of the autocorrelation (Berger and Yang 1994), and in the share of noise.
NEGATIVE, RHOS = (-0.5, -0.25, 0.0), np.sin(np.arange(1, 10) * np.arcsin(0.99) / 9)
SHARES, THETAS = (0.25, 0.5, 0.75), (np.arange(10) + 0.5) / 10

Memories = tuple[tuple[str, np.ndarray], ...]


@lru_cache(maxsize=2)
def memories(n: int) -> Memories:
    """Return the grid of memories.

    Parameters
    ----------
    n : int
        Number of periods.

    Returns
    -------
    tuple of pairs of str and numpy.ndarray of float, shape (n, n)
        The name of the world, and a root of the covariance of its errors: a lower triangle.

    Examples
    --------
    >>> names = [name for name, _ in memories(12)]
    >>> {name: names.count(name) for name in names}
    {'AR(1)': 12, 'AR(1) plus noise': 27, 'local level': 10}
    """
    time, one = np.arange(n), np.eye(n)
    apart = np.abs(time[:, None] - time[None])
    walk = np.minimum.outer(time, time)  # it starts at the level that the constant stands for
    found = [(AUTOREGRESSIVE, one if rho == 0 else rho**apart) for rho in (*NEGATIVE, *RHOS)]
    found += [(NOISY, (1 - s) * rho**apart + s * one) for rho in RHOS for s in SHARES]
    for theta in THETAS:  # Harvey (1989, 2.4.2)
        signal = (1 - theta) ** 2 / theta
        found.append((WANDERING, (one + signal * walk) / (1 + signal)))
    return tuple((name, np.linalg.cholesky(cov)) for name, cov in found)


def independent(n: int) -> Memories:
    """Return the world of errors without memory, alone.

    Parameters
    ----------
    n : int
        Number of periods.

    Returns
    -------
    tuple of pairs of str and numpy.ndarray of float, shape (n, n)
        As :func:`memories` gives them.

    Examples
    --------
    >>> [(name, root.tolist()) for name, root in independent(2)]
    [('independent', [[1.0, 0.0], [0.0, 1.0]])]
    """
    return (("independent", np.eye(n)),)


@dataclass(frozen=True)
class Scan:
    """What one break does to the likelihood of series that share a design, date by date.

    Attributes
    ----------
    worlds : Memories
        The g memories that are averaged.
    whiteners : list of numpy.ndarray of float, shape (n, n)
        Of each memory: makes the errors white, and takes out what does not break.
    directions : list of numpy.ndarray of float, shape (n, q * dates)
        Of each memory: the q unit vectors of a break at each date, one after the other.
    constants : numpy.ndarray of float, shape (g,)
        What the restricted log-likelihood owes to the memory alone.
    breaking : int
        Number q of coefficients that break.
    freedom : int
        Number of periods less that of the columns that do not break.
    """

    worlds: Memories
    whiteners: list[np.ndarray]
    directions: list[np.ndarray]
    constants: np.ndarray
    breaking: int
    freedom: int

    def likelihoods(self, series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the restricted log-likelihoods, up to one constant, without a break and with one.

        Parameters
        ----------
        series : numpy.ndarray of float, shape (draws, n)
            One series a row.

        Returns
        -------
        without : numpy.ndarray of float, shape (draws, g)
            By memory.
        with_one : numpy.ndarray of float, shape (draws, dates)
            Averaged over the memories, by date.

        Examples
        --------
        >>> step = np.arange(20) >= 8
        >>> scan = scan_of(np.ones((20, 1)), np.ones((20, 1)), np.arange(3, 18), independent(20))
        >>> y = step + 0.1 * np.cos(np.arange(20))
        >>> int(scan.likelihoods(y[None])[1].argmax()) + 3
        8
        """
        half, floor = self.freedom / 2, 1e-300
        lefts = [np.square(series @ white.T).sum(axis=1) for white in self.whiteners]
        without = self.constants - half * np.log(np.maximum(np.array(lefts).T, floor))
        top, total = without.max(axis=1, keepdims=True), 0.0
        for left, at, constant in zip(lefts, self.directions, self.constants):
            gained = np.square(series @ at)
            if self.breaking > 1:
                gained = gained.reshape(len(series), -1, self.breaking).sum(axis=2)
            rest = np.maximum(left[:, None] - gained, 1e-12 * left[:, None] + floor)
            total += np.exp(np.minimum(constant - top - half * np.log(rest), 700))
        return without, top + np.log(np.maximum(total / len(self.worlds), floor))

    def f(self, series: np.ndarray) -> np.ndarray:
        """Return the F statistics that the averaged likelihoods amount to.

        With errors without memory they are the F statistics of least squares, times q.

        Parameters
        ----------
        series : numpy.ndarray of float, shape (draws, n)
            One series a row.

        Returns
        -------
        numpy.ndarray of float, shape (draws, dates)
            By date.

        Examples
        --------
        Among values one off their mean, a level that doubles: the squared error is 624 without the
        break and 24 with it, on 22 degrees of freedom.

        >>> y = np.array([9.0, 11] * 6 + [19, 21] * 6)
        >>> scan = scan_of(np.ones((24, 1)), np.ones((24, 1)), np.arange(12, 13), independent(24))
        >>> float(scan.f(y[None])[0, 0].round(6)), (624 - 24) / (24 / 22)
        (550.0, 550.0)
        """
        without, with_one = self.likelihoods(series)
        return self.f_of(without, with_one)

    def f_of(self, without: np.ndarray, with_one: np.ndarray) -> np.ndarray:
        """Return the F statistics of log-likelihoods.

        Parameters
        ----------
        without : numpy.ndarray of float, shape (draws, g)
            As :meth:`likelihoods` gives them.
        with_one : numpy.ndarray of float, shape (draws, dates)
            Likewise.

        Returns
        -------
        numpy.ndarray of float, shape (draws, dates)
            By date.

        Examples
        --------
        A break that leaves the likelihood as it is has an F of 0.

        >>> scan = scan_of(np.ones((24, 1)), np.ones((24, 1)), np.arange(12, 13), independent(24))
        >>> float(scan.f_of(np.zeros((1, 1)), np.zeros((1, 1)))[0, 0])
        0.0
        """
        top = without.max(axis=1, keepdims=True)
        none = top + np.log(np.exp(without - top).mean(axis=1, keepdims=True))
        gain = np.expm1(np.minimum(2 * (with_one - none) / self.freedom, 700))
        return np.maximum((self.freedom - self.breaking) * gain, 0)


def scan_of(base: np.ndarray, breaking: np.ndarray, lasts: np.ndarray, worlds: Memories) -> Scan:
    """Return the scan of a design for one break.

    Parameters
    ----------
    base : numpy.ndarray of float, shape (n, k)
        Independent columns of the regression without the break.
    breaking : numpy.ndarray of float, shape (n, q)
        Columns whose coefficients break.
    lasts : numpy.ndarray of int, shape (dates,)
        Number of periods in the old regime, by date.
    worlds : Memories
        Memories of the errors to average over.

    Returns
    -------
    Scan

    Raises
    ------
    InputError
        A column of the base repeats what a break does at one of the dates.

    Examples
    --------
    >>> scan = scan_of(np.ones((20, 1)), np.ones((20, 1)), np.arange(3, 18), memories(20))
    >>> scan.freedom, scan.f(np.random.default_rng(1).normal(size=(2, 20))).shape
    (19, (2, 15))
    """
    n, q = breaking.shape
    after = np.arange(n)[None, :, None] >= lasts[:, None, None]
    steps = np.where(after, breaking[None], 0.0)
    scan = Scan(worlds, [], [], np.empty(len(worlds)), q, n - base.shape[1])
    for place, (_, root) in enumerate(worlds):
        white = np.linalg.inv(root)
        basis, triangle = np.linalg.qr(white @ base)
        white -= basis @ (basis.T @ white)
        moved = white @ steps
        vectors, sizes = np.linalg.qr(moved)
        least = np.abs(np.diagonal(sizes, axis1=1, axis2=2)).min()
        if least < 1e-8 * max(np.abs(moved).max(), 1e-300):
            raise InputError("a fixed column repeats a step at one of the dates; drop it")
        at = white.T @ vectors
        scan.whiteners.append(white)
        scan.directions.append(at.transpose(1, 0, 2).reshape(n, -1))
        logs = np.log(np.diag(root)).sum() + np.log(np.abs(np.diag(triangle))).sum()
        scan.constants[place] = -logs
    return scan


def plausible(shares: Mapping[str, float]) -> list[str]:
    """Return the worlds that are no less plausible with the series than they were before.

    Parameters
    ----------
    shares : mapping of str to float
        Share of each world, as :func:`nulls` gives them.

    Returns
    -------
    list of str
        At least one.

    Examples
    --------
    >>> plausible({"AR(1)": 0.6, "local level": 0.1, "trend": 0.3})
    ['AR(1)']
    """
    return [world for world, share in shares.items() if share >= 1 / len(shares) - 1e-9]


def nulls(
    scan: Scan, series: np.ndarray, draws: int, generator: np.random.Generator
) -> tuple[dict[str, np.ndarray], pd.Series]:
    """Return series without a break from each world, and how plausible the worlds are.

    The parameters of each simulated series are drawn from what the series under test, taken as one
    without a break, says of them.

    Parameters
    ----------
    scan : Scan
        The scan of the series' design.
    series : numpy.ndarray of float, shape (n,)
        The series under test.
    draws : int
        Number of series from each world.
    generator : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    drawn : dict of str to numpy.ndarray of float, shape (draws, n)
        By plausible world. The coefficients of what does not break are 0, as the scan takes them
        out.
    shares : pandas.Series of float, index of worlds
        How plausible each world is among them, all as likely beforehand; they sum to 1.

    References
    ----------
    * Berger and Yang (1994), Noninformative priors and Bayesian testing for the AR(1) model.
    * Liang et al. (2008), Mixtures of g priors for Bayesian variable selection: the unit
      information prior of the trend.

    Examples
    --------
    >>> scan = scan_of(np.ones((60, 1)), np.ones((60, 1)), np.arange(9, 51), memories(60))
    >>> rng = np.random.default_rng(1)
    >>> drawn, shares = nulls(scan, rng.normal(size=60).cumsum(), 9, rng)
    >>> [*shares.index], {one.shape for one in drawn.values()}
    (['AR(1)', 'AR(1) plus noise', 'local level', 'trend'], {(9, 60)})
    """
    logs, names = scan.likelihoods(series[None])[0][0], np.array([one for one, _ in scan.worlds])
    weights = np.exp(logs - logs.max())
    members = {one: names == one for one in dict.fromkeys(names)}
    if NOISY in members:  # no noise is one of its shares
        members[NOISY] = members[NOISY] | members[AUTOREGRESSIVE]
    within = {world: weights * one / one.sum() for world, one in members.items()}
    slopes = _slopes(scan, series) if len(within) > 1 else None
    if slopes is not None:
        within[TREND] = sum(within.values()) * slopes.odds / len(within)
    shares = pd.Series({world: one.sum() for world, one in within.items()}, name="share")
    shares /= shares.sum()
    drawn = {}
    for world in plausible(shares.to_dict()):
        chances = within[world] / within[world].sum()
        pick = generator.choice(len(chances), draws, p=chances)
        drawn[world] = _errors(scan, pick, generator)
        if slopes is not None and world == TREND:
            drawn[world] += slopes.drawn(pick, generator)
    return drawn, shares


def _errors(scan: Scan, pick: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return errors of unit scale with the memories picked, (draws, n)."""
    found = generator.standard_normal((len(pick), len(scan.worlds[0][1])))
    for one in np.unique(pick):
        rows = pick == one
        found[rows] = found[rows] @ scan.worlds[one][1].T
    return found


@dataclass(frozen=True)
class _Slopes:
    """A line through a series without a break, for each of the g memories."""

    at: np.ndarray  # slope
    size: np.ndarray  # its information
    rest: np.ndarray  # squared errors
    odds: np.ndarray  # how much more likely a line is than none, unit information
    freedom: int
    line: np.ndarray

    def drawn(self, pick: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """Return lines (draws, n) in units of the errors, as uncertain as the series has it."""
        scale = np.sqrt(self.rest[pick] / generator.chisquare(self.freedom, len(pick)))
        noise = generator.standard_normal(len(pick)) / np.sqrt(self.size[pick])
        return (self.at[pick] / scale + noise)[:, None] * self.line


def _slopes(scan: Scan, series: np.ndarray) -> _Slopes | None:
    """Return the lines, or None where the base of the scan explains a line."""
    n, freedom = len(series), scan.freedom
    line = np.linspace(-1, 1, n)
    white = np.array([one @ np.column_stack([line, series]) for one in scan.whiteners])
    (size, left), shared = np.square(white).sum(axis=1).T, white.prod(axis=2).sum(axis=1)
    if size.min() < 1e-8:
        return None
    rest = np.maximum(left - shared**2 / size, 1e-12 * left)
    odds = (freedom - 1) * np.log1p(n) - freedom * np.log1p(n * rest / left)
    return _Slopes(shared / size, size, rest, np.exp(odds / 2), freedom - 1, line)
