"""Regression whose errors remember: averaged over how long, and over how much is mere noise.

A level that moves slowly, seen through months that are noisy as well, has errors of a first-order
autoregression plus noise, which is an ARMA(1,1); in the limit the level is a random walk. A test
that knows the autoregression alone finds a step in a quarter of such series without one. Here the
errors may be independent, stationary or a local level; the data and a prior weigh the three
(:mod:`helpers.stats.months.averaged`, :mod:`helpers.stats.months.forms`).
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, design_of, generator_of, numbers
from helpers.stats.months.averaged import AveragedFit, Profile, profile_of
from helpers.stats.months.count_regression import CountRegression
from helpers.stats.months.forms import POINTS, PRIOR, unforeseen, whiteners


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
        paths, white = params @ rows.T, whiteners(n + ahead)[0]
        for at in np.unique(pick):
            # The last rows of a whitener hold what later errors are, given the earlier ones.
            mine, last = pick == at, white[at, n:]
            new = shocks[mine] - errors[mine] @ last[:, :n].T
            paths[mine] += np.linalg.solve(last[:, n:], new.T).T
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

    Counts are made linear about a smooth local mean
    (:mod:`helpers.stats.months.count_regression`): logarithms of counts would be biased where these
    are low or their noise is skew.

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


def _fitted(
    values: np.ndarray,
    matrix: np.ndarray,
    names: list[str],
    method: str,
    excess: np.ndarray | None = None,
) -> MemoryFit:
    """Return the regression over all forms of the memory."""
    turns, logdets = whiteners(len(values))
    white = turns @ np.column_stack([values, matrix])
    profile = profile_of(POINTS, white, logdets, PRIOR)
    if excess is not None:
        profile = replace(profile, extra=_extra(profile, white[:, :, 1:], turns, excess))
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
    profile: Profile, design: np.ndarray, turns: np.ndarray, excess: np.ndarray
) -> np.ndarray:
    """Return the variance (g, k, k) that unequal sampling variances (n,) add to coefficients."""
    # What each estimate makes of the outcome, n numbers a coefficient: (X'VX)^-1 X'V^-1.
    inverse = profile.roots @ profile.roots.transpose(0, 2, 1)
    weights = inverse @ design.transpose(0, 2, 1) @ turns
    return (weights * excess) @ weights.transpose(0, 2, 1)
