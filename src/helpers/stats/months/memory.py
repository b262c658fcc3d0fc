"""Regression whose errors remember: averaged over how long, and over how much is mere noise.

A level that moves slowly, seen through months that are noisy as well, has errors of a first-order
autoregression plus noise, which is an ARMA(1,1); in the limit the level is a random walk. A test
that knows the autoregression alone finds a step in a quarter of such series without one. Here the
errors may be independent, stationary or a local level; the data and a prior weigh the three
(:mod:`helpers.stats.months.averaged`). The prior leans to the local level, because a short series
cannot tell it from a stationary one and only the local level keeps the size of a test of both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import contrast_of, counts, design_of, generator_of, numbers
from helpers.stats.estimate import Estimate
from helpers.stats.months.averaged import AveragedFit, Profile, profile_of

INDEPENDENT, STATIONARY, LEVEL = 0.15, 0.1, 0.75  # prior shares of the three forms
LIMIT = 0.99  # largest autocorrelation of a stationary form
BLOCK = 64  # whiteners are kept for lengths rounded up to multiples of it
SMOOTH = 0.4  # smallest theta of the local levels about which counts are made linear
ROUNDS = 3  # how often they are
LOWEST, LARGEST = -2.0, 8.0  # log of the lowest level, and relative error of the largest count


def _points() -> tuple[np.ndarray, np.ndarray]:
    """Return autocorrelation and moving average of each covariance, and their prior shares."""
    rhos = np.sin((np.arange(8) + 0.5) / 8 * np.arcsin(LIMIT))
    stationary = [(rho, rho * share) for rho in rhos for share in (0.0, 0.25, 0.5, 0.75)]
    level = [(1.0, theta) for theta in (np.arange(12) + 0.5) / 12]
    kinds = ((INDEPENDENT, [(0.0, 0.0)]), (STATIONARY, stationary), (LEVEL, level))
    prior = [share / len(points) for share, points in kinds for _ in points]
    return np.array([point for _, points in kinds for point in points]), np.array(prior)


POINTS, PRIOR = _points()
SMOOTHERS = np.flatnonzero((POINTS[:, 0] == 1) & (POINTS[:, 1] >= SMOOTH)).tolist()


@dataclass(frozen=True)
class MemoryFit(AveragedFit):
    """A fitted regression with errors that remember.

    Attributes
    ----------
    params, cov, sigma, llf, n, profile, method
        As in :class:`~helpers.stats.months.averaged.AveragedFit`.
    parameter : float
        Autocorrelation of the likeliest form, 1 for a local level.
    theta : float
        Moving average of the likeliest form: 0 for no noise beside the memory, ``parameter`` for
        noise alone.
    outcome : numpy.ndarray of float, shape (n,)
        What was regressed: the outcome itself, or counts made linear on the log scale.
    design : numpy.ndarray of float, shape (n, k)
        Its design.
    """

    theta: float
    outcome: np.ndarray
    design: np.ndarray

    @property
    def rho(self) -> float:
        """The autocorrelation of the memory in the likeliest form; 1 for a local level."""
        return self.parameter

    @property
    def errors(self) -> np.ndarray:
        """The errors about the regression in the likeliest form, in units of the outcome (n,)."""
        return self.outcome - self.design @ self.params.to_numpy()

    @property
    def innovations(self) -> np.ndarray:
        """What the likeliest form could not foresee of each error, in units of sigma (n,)."""
        return unforeseen(self.errors, self.rho, self.theta) / self.sigma

    def simulate(
        self, later: pd.DataFrame, draws: int, generator: np.random.Generator
    ) -> np.ndarray:
        """Return paths of the outcome over later periods, all uncertainty included.

        Each path draws the form of the memory, the scale, the coefficients and the shocks, and goes
        on from the errors observed.

        Parameters
        ----------
        later : pandas.DataFrame of float, shape (h, k)
            Design of the periods that follow the last one, with the columns of the fit.
        draws : int
            Number of paths.
        generator : numpy.random.Generator
            Source of the draws.

        Returns
        -------
        numpy.ndarray of float, shape (draws, h)
            In units of the outcome.

        Raises
        ------
        InputError
            ``generator`` is a seed or something else.

        Examples
        --------
        >>> y = pd.Series([9.0, 11, 9, 10, 11, 9, 11] * 5)
        >>> fit = fit_memory(y, pd.DataFrame({"const": [1.0] * 35}))
        >>> later = pd.DataFrame({"const": [1.0] * 12})
        >>> paths = fit.simulate(later, 4000, np.random.default_rng(1))
        >>> paths.shape, round(float(np.median(paths[:, -1])))
        ((4000, 12), 10)
        """
        profile, rows = self.profile, np.asarray(later[list(self.params.index)], dtype="float64")
        (n, k), ahead = self.design.shape, len(rows)
        pick = generator_of(generator).choice(len(profile.llf), draws, p=profile.weights())
        sigma = np.sqrt(profile.rss[pick] / generator.chisquare(n - k, draws))
        shifts = np.einsum("dij,dj->di", profile.roots[pick], generator.standard_normal((draws, k)))
        params = profile.params[pick] + sigma[:, None] * shifts
        shocks = sigma[:, None] * generator.standard_normal((draws, ahead))
        errors = self.outcome - params @ self.design.T
        paths, whiteners = params @ rows.T, _whiteners(n + ahead)[0]
        for at in np.unique(pick):
            # The last rows of a whitener hold what later errors are, given the earlier ones.
            mine, last = pick == at, whiteners[at, n:]
            unforeseen = shocks[mine] - errors[mine] @ last[:, :n].T
            paths[mine] += np.linalg.solve(last[:, n:], unforeseen.T).T
        return paths


def fit_memory(y: pd.Series, design: pd.DataFrame) -> MemoryFit:
    """Return a regression averaged over the memory of its errors.

    Parameters
    ----------
    y : pandas.Series of float, shape (n,)
        Outcome in order of time; finite.
    design : pandas.DataFrame of float, shape (n, k)
        Independent columns, the constant among them.

    Returns
    -------
    MemoryFit

    Raises
    ------
    InputError
        The columns are not independent, n is not above k + 1, a value is not finite, or the design
        reproduces the outcome.

    References
    ----------
    * Patterson and Thompson (1971), Recovery of inter-block information when block sizes are
      unequal.
    * Zellner and Tiao (1964), Bayesian analysis of the regression model with autocorrelated errors.
    * Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter.

    Examples
    --------
    A wandering level: its last months are told from the first ones by less than neighbours are.

    >>> y = pd.Series(np.random.default_rng(2).standard_normal(60).cumsum())
    >>> design = pd.DataFrame({"step": [0.0] * 48 + [1.0] * 12, "const": 1.0})
    >>> fit = fit_memory(y, design)
    >>> fit.rho > 0.8, fit.effect("step").p > 0.05
    (True, True)
    """
    values = numbers(y, "the outcome", 3)
    matrix = design_of(design, len(values), spare=2)
    return _fitted(values, matrix, list(design.columns), "errors averaged over their memory")


def fit_memory_counts(
    series: pd.Series, design: pd.DataFrame, offset: np.ndarray | None = None
) -> MemoryFit:
    """Return a log-linear regression of counts, averaged over the memory of its errors.

    Counts are made linear about a smooth local mean ``m``, as ``ln m + (y - m) / m``, and the mean
    is found anew from that: a quasi-likelihood given the level. Logarithms of counts would be
    biased where these are low or their noise is skew.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,)
        Counts in order of time.
    design : pandas.DataFrame of float, shape (n, k)
        Independent columns, the constant among them.
    offset : numpy.ndarray of float, shape (n,), optional
        Logarithm of the exposure of each period.

    Returns
    -------
    MemoryFit
        On the scale of the log mean.

    Raises
    ------
    InputError
        As in :func:`fit_memory`, a value is no count, or the offset has another length.

    References
    ----------
    * McCullagh and Nelder (1989), Generalized Linear Models, 9.
    * Breslow and Clayton (1993), Approximate inference in generalized linear mixed models.

    Examples
    --------
    >>> y = pd.Series([9, 11] * 18 + [18, 22] * 6)
    >>> design = pd.DataFrame({"step": [0.0] * 36 + [1.0] * 12, "const": 1.0})
    >>> round(float(np.exp(fit_memory_counts(y, design).params["step"])), 1)
    2.0
    """
    values = counts(series, "the series", 3)
    matrix = design_of(design, len(values), spare=2)
    moved = np.zeros(len(values)) if offset is None else numbers(offset, "the offset")
    if len(moved) != len(values):
        raise InputError(f"the series has {len(values)} periods and the offset {len(moved)}")
    linear, excess = CountRegression(matrix).linear(values[:, None], moved[:, None])
    words = "counts with errors averaged over their memory"
    names = list(design.columns)
    return _fitted(linear[:, 0] - moved, matrix, names, words, excess[:, 0])


def fit_memory_ratio(series: pd.Series, comparison: pd.Series, design: pd.DataFrame) -> MemoryFit:
    """Return a log-linear regression of the ratio of two series of counts.

    Both are made linear as by :func:`fit_memory_counts`, and subtracted.

    Parameters
    ----------
    series, comparison : pandas.Series of int, shape (n,)
        Counts in order of time.
    design : pandas.DataFrame of float, shape (n, k)
        Independent columns, the constant among them.

    Returns
    -------
    MemoryFit
        On the scale of the log ratio of the means.

    Raises
    ------
    InputError
        As in :func:`fit_memory`, a value is no count, or the two have other lengths.

    Examples
    --------
    >>> y, design = pd.Series([9, 11, 12, 8] * 12), pd.DataFrame({"const": [1.0] * 48})
    >>> found = fit_memory_ratio(y, pd.Series([22, 18, 19, 21] * 12), design)
    >>> round(float(np.exp(found.params["const"])), 1)
    0.5
    """
    both = [counts(series, "the series", 3), counts(comparison, "the comparison", 3)]
    if len(both[0]) != len(both[1]):
        raise InputError(f"the series has {len(both[0])} periods and the comparison {len(both[1])}")
    matrix = design_of(design, len(both[0]), spare=2)
    linear, excess = CountRegression(matrix).linear(np.column_stack(both))
    words = "ratio of counts with errors averaged over their memory"
    return _fitted(
        linear[:, 0] - linear[:, 1], matrix, list(design.columns), words, excess.sum(axis=1)
    )


@dataclass(frozen=True)
class CountRegression:
    """One design for many series of counts: what a simulation fits again and again.

    Attributes
    ----------
    matrix : numpy.ndarray of float, shape (n, k)
        Independent columns, the constant among them.
    """

    matrix: np.ndarray

    def tests(
        self, values: np.ndarray, contrast: np.ndarray, at: float = 0.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return estimates of a contrast and their p-values, as :func:`fit_memory_counts` does.

        Parameters
        ----------
        values : numpy.ndarray of float, shape (n, s)
            Counts of s series.
        contrast : numpy.ndarray of float, shape (k,)
            Weights of the coefficients.
        at : float, default 0.0
            Value that is tested, on the log scale.

        Returns
        -------
        estimates : numpy.ndarray of float, shape (s,)
            On the log scale.
        p : numpy.ndarray of float, shape (s,)
            Two-sided.

        Examples
        --------
        >>> matrix = np.column_stack([np.arange(48) >= 36, np.ones(48)]).astype(float)
        >>> y = np.array([9, 11] * 18 + [18, 22] * 6, dtype=float)
        >>> found, p = CountRegression(matrix).tests(y[:, None], np.array([1.0, 0]))
        >>> np.exp(found).round(1).tolist(), bool(p[0] < 0.05)
        ([2.0], True)
        """
        from helpers.stats.months.averaged import mixture_p

        (n, k), (z, excess) = self.matrix.shape, self.linear(values)
        llf, centres, scales = [], [], []
        for white, basis, inverse, logdet in map(self._part, range(len(POINTS))):
            found = white @ z
            scores = basis.T @ found
            rss = np.square(found).sum(axis=0) - np.square(scores).sum(axis=0)
            row = contrast @ inverse
            llf.append(-0.5 * (n - k) * np.log(rss) - logdet)
            centres.append(row @ scores)
            more = np.square(row @ basis.T @ white) @ excess
            scales.append(np.sqrt(row @ row * rss / (n - k) + np.maximum(more, 0)))
        centre = np.array(centres)
        weights = np.exp(np.array(llf) - np.max(llf, axis=0)) * PRIOR[:, None]
        weights /= weights.sum(axis=0)
        return (weights * centre).sum(axis=0), mixture_p(
            weights, centre, np.array(scales), n - k, at
        )

    def linear(
        self, values: np.ndarray, offset: np.ndarray | float = 0.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return counts made linear about their smooth local means.

        Parameters
        ----------
        values : numpy.ndarray of float, shape (n, s)
            Counts of s series.
        offset : numpy.ndarray of float, shape (n, 1), or float, default 0.0
            Logarithm of the exposure of each period.

        Returns
        -------
        linear : numpy.ndarray of float, shape (n, s)
            On the scale of the log mean, the offset included.
        excess : numpy.ndarray of float, shape (n, s)
            Sampling variance of each, one over its local mean, less the average of its series: few
            counts say less than many.

        Examples
        --------
        Where nothing but the constant moves the counts, the mean is that of the counts.

        >>> z, excess = CountRegression(np.ones((40, 1))).linear(np.array([[1.0], [3.0]] * 20))
        >>> float(np.exp(z.mean()).round(2)), bool(np.abs(excess).max() < 0.1)
        (2.0, True)
        """
        z = np.log(values + 0.5)
        for _ in range(ROUNDS):
            level = self.level(z, offset)
            mean = np.exp(level)
            z = level + np.minimum((values - mean) / mean, LARGEST)
        sampling = np.exp(-self.level(z, offset))
        return z, sampling - sampling.mean(axis=0)

    def level(self, z: np.ndarray, offset: np.ndarray | float = 0.0) -> np.ndarray:
        """Return the smooth local mean, on the log scale.

        Parameters
        ----------
        z : numpy.ndarray of float, shape (n, s)
            Counts made linear.
        offset : numpy.ndarray of float, shape (n, 1), or float, default 0.0
            Logarithm of the exposure of each period.

        Returns
        -------
        numpy.ndarray of float, shape (n, s)
            Regression and level, the offset included.

        Examples
        --------
        >>> CountRegression(np.ones((40, 1))).level(np.full((40, 1), 3.0)).round(6)[0].tolist()
        [3.0]
        """
        return np.maximum(self._smooth(z - offset) + offset, LOWEST)

    @cached_property
    def _parts(self) -> dict[int, tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
        return {}

    def _part(self, at: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        """Return whitener, basis and inverse root of the design, and half the log determinants."""
        if at not in self._parts:
            whiteners, logdets = _whiteners(len(self.matrix))
            basis, triangle = np.linalg.qr(whiteners[at] @ self.matrix)
            size = np.log(np.abs(np.diagonal(triangle))).sum()
            inverse = np.linalg.inv(triangle)
            self._parts[at] = whiteners[at], basis, inverse, float(logdets[at] + size)
        return self._parts[at]

    def _smooth(self, z: np.ndarray) -> np.ndarray:
        """Return regression and level of z (n, s), averaged over the smoother local levels."""
        n, k = self.matrix.shape
        llf, levels = [], []
        for at in SMOOTHERS:
            white, basis, inverse, logdet = self._part(at)
            found = white @ z
            scores = basis.T @ found
            rest = found - basis @ scores
            llf.append(-0.5 * (n - k) * np.log(np.square(rest).sum(axis=0)) - logdet)
            # The walk's covariance times a vector is a sum from behind, summed from the front.
            behind = np.cumsum((white.T @ rest)[::-1], axis=0)[::-1]
            behind[0] = 0
            walked = (1 - POINTS[at, 1]) ** 2 * np.cumsum(behind, axis=0)
            levels.append(self.matrix @ (inverse @ scores) + walked)
        weights = np.exp(np.array(llf) - np.max(llf, axis=0))
        weights /= weights.sum(axis=0)
        return np.einsum("gs,gns->ns", weights, np.array(levels))


def in_many(
    design: pd.DataFrame,
    term: str,
    batch: list[pd.Series],
    effect: float = 1.0,
    *,
    alone: Callable[[pd.Series], Estimate],
) -> list[Estimate]:
    """Return one term of a log-linear regression of counts in each of many series.

    Parameters
    ----------
    design : pandas.DataFrame of float, shape (n, k)
        Independent columns, the constant among them.
    term : str
        Name of a column.
    batch : list of pandas.Series of int, shape (n,)
        Counts of each series.
    effect : float, default 1.0
        Rate ratio that is planted in them.
    alone : callable
        Gives the estimate of one series that counts nothing in the periods of the term, or in all
        others; what it refuses has a p-value of NaN.

    Returns
    -------
    list of Estimate
        Ratio and p-value against 1, as of :func:`fit_memory_counts`; the interval is cut down to
        whether it holds ``effect``: (0, inf) where it does, else (nan, nan).

    Examples
    --------
    >>> y = pd.Series([9, 11] * 18 + [18, 22] * 6)
    >>> design = pd.DataFrame({"step": [0.0] * 36 + [1.0] * 12, "const": 1.0})
    >>> (found,) = in_many(design, "step", [y], effect=2.0, alone=lambda series: None)
    >>> round(found.value, 1), found.p < 0.05, found.high
    (2.0, True, inf)
    """
    values, inside = np.column_stack(batch).astype("float64"), design[term].to_numpy() != 0
    both = values[inside].any(axis=0) & values[~inside].any(axis=0)
    found = iter(_tested(design, term, values[:, both], effect) if both.any() else ())
    return [next(found) if usual else _tried(alone, one) for one, usual in zip(batch, both)]


def _tested(
    design: pd.DataFrame, term: str, values: np.ndarray, effect: float
) -> Iterator[Estimate]:
    """Give a term's ratio in each column of counts (n, s), and whether its interval holds one."""
    regression = CountRegression(design.to_numpy(dtype="float64"))
    contrast = contrast_of(term, design.columns)
    logs, p = regression.tests(values, contrast)
    at = float(np.log(effect)) if effect > 0 else -np.inf
    held = p if at == 0 else regression.tests(values, contrast, at)[1]
    words = "counts with errors averaged over their memory"
    for log, one, holds in zip(logs, p, held > 0.05):
        ends = (0.0, np.inf) if holds else (np.nan, np.nan)
        yield Estimate(float(np.exp(log)), *ends, float(one), len(values), words)


def _tried(alone: Callable[[pd.Series], Estimate], series: pd.Series) -> Estimate:
    """Return the estimate of one series, NaN where it is refused."""
    try:
        return alone(series)
    except InputError as error:
        return Estimate(np.nan, np.nan, np.nan, np.nan, len(series), str(error))


def unforeseen(errors: np.ndarray, rho: float, theta: float) -> np.ndarray:
    """Return what each error holds beyond what the errors before it foretell.

    Parameters
    ----------
    errors : numpy.ndarray of float, shape (n,) or (n, s)
        In order of time.
    rho, theta : float
        Autocorrelation and moving average of their form; ``rho`` 1 for a local level.

    Returns
    -------
    numpy.ndarray of float, shape as ``errors``
        Independent and of one variance where the form is right.

    Examples
    --------
    >>> unforeseen(np.array([1.0, 2.0, 2.0]), rho=0.5, theta=0.0).round(6).tolist()
    [0.866025, 1.5, 1.0]
    """
    from scipy.linalg import solve_triangular

    root = np.linalg.cholesky(_covariance(len(errors), rho, theta))
    return solve_triangular(root, errors, lower=True)


def _fitted(
    values: np.ndarray,
    matrix: np.ndarray,
    names: list[str],
    method: str,
    excess: np.ndarray | None = None,
) -> MemoryFit:
    """Return the regression over all forms of the memory."""
    whiteners, logdets = _whiteners(len(values))
    white = whiteners @ np.column_stack([values, matrix])
    profile = profile_of(POINTS, white, logdets, PRIOR)
    if excess is not None:
        profile = replace(profile, extra=_extra(profile, white[:, :, 1:], whiteners, excess))
    top, df = int(profile.llf.argmax()), len(values) - len(names)
    scale = profile.rss[top] / df
    cov = pd.DataFrame(profile.roots[top] @ profile.roots[top].T * scale, names, names)
    rho, theta = (float(one) for one in POINTS[top])
    share = float(profile.weights()[POINTS[:, 0] == 1].sum())
    return MemoryFit(
        pd.Series(profile.params[top], index=names),
        cov,
        rho,
        float(np.sqrt(scale)),
        float(profile.llf[top]),
        len(values),
        profile,
        f"REML, {method} ({100 * share:.0f} % a level that wanders)",
        theta,
        values,
        matrix,
    )


def _extra(
    profile: Profile, design: np.ndarray, whiteners: np.ndarray, excess: np.ndarray
) -> np.ndarray:
    """Return the variance (g, k, k) that unequal sampling variances (n,) add to coefficients."""
    # What each estimate makes of the outcome, n numbers a coefficient: (X'VX)^-1 X'V^-1.
    inverse = profile.roots @ profile.roots.transpose(0, 2, 1)
    weights = inverse @ design.transpose(0, 2, 1) @ whiteners
    return (weights * excess) @ weights.transpose(0, 2, 1)


def _whiteners(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the whitener (n, n) of each form, and half the log determinant of its covariance.

    The first rows of a longer whitener are the shorter one.
    """
    whiteners, logs = _longest(-(-n // BLOCK) * BLOCK)
    return whiteners[:, :n, :n], logs[:, :n].sum(axis=1)


@lru_cache(maxsize=8)
def _longest(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return inverse Cholesky factors (g, n, n), and the logarithms of the factors' diagonals."""
    from scipy.linalg import solve_triangular

    roots = np.linalg.cholesky(np.array([_covariance(n, *point) for point in POINTS]))
    inverses = np.array([solve_triangular(root, np.eye(n), lower=True) for root in roots])
    return inverses, np.log(np.diagonal(roots, axis1=1, axis2=2))


def _covariance(n: int, rho: float, theta: float) -> np.ndarray:
    """Return the covariance of ``n`` errors with innovations of unit variance.

    An ARMA(1,1), ``u_t = rho u_{t-1} + e_t - theta e_{t-1}``, or for ``rho`` 1 a local level that
    starts at 0: the first level is the constant's.
    """
    from scipy.linalg import toeplitz

    if rho == 1:
        walk = np.minimum.outer(np.arange(n), np.arange(n)).astype("float64")
        return (1 - theta) ** 2 * walk + theta * np.eye(n)
    variance = (1 + theta**2 - 2 * rho * theta) / (1 - rho**2)
    shared = (1 - rho * theta) * (rho - theta) / (1 - rho**2)
    return toeplitz(np.r_[variance, shared * rho ** np.arange(n - 1)])
