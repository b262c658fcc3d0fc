"""Regression whose errors' covariance is unknown, averaged over the forms that it may have.

A short series says little about how its errors depend on each other, and a test that takes the
estimated dependence for the truth rejects too often. Here the regression is solved under g
covariances; each is weighted by its restricted likelihood (Patterson and Thompson 1971) and its
prior. Given the covariance a coefficient has a Student's t distribution with n - k degrees of
freedom, over all it has a mixture of them (Zellner and Tiao 1964).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import contrast_of, design_of, level_of, numbers
from helpers.stats.estimate import Estimate

# Whitens columns (n, k) at g values of the parameter: (g, n, k), and half the log determinants (g).
Whitener = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Profile:
    """The regression under each of g covariances.

    Attributes
    ----------
    at : numpy.ndarray of float, shape (g,) or (g, d)
        Parameters of the covariances.
    llf : numpy.ndarray of float, shape (g,)
        Restricted log-likelihood, up to a constant of n and k.
    params : numpy.ndarray of float, shape (g, k)
        Coefficients.
    roots : numpy.ndarray of float, shape (g, k, k)
        Their product with their transpose is the covariance of the coefficients for errors of unit
        scale.
    rss : numpy.ndarray of float, shape (g,)
        Sum of the squared whitened errors, in squared units of the outcome.
    prior : numpy.ndarray of float, shape (g,), or float
        Share of each covariance before the data are seen, up to a factor.
    extra : numpy.ndarray of float, shape (g, k, k), or float
        Variance of the coefficients beyond that of errors of one scale; where it is below 0 for a
        contrast it counts as 0.
    """

    at: np.ndarray
    llf: np.ndarray
    params: np.ndarray
    roots: np.ndarray
    rss: np.ndarray
    prior: np.ndarray | float = 1.0
    extra: np.ndarray | float = 0.0

    def weights(self) -> np.ndarray:
        """Return the share of each covariance in the average.

        Returns
        -------
        numpy.ndarray of float, shape (g,)
            Shares, in proportion to prior and restricted likelihood; they sum to 1.

        Examples
        --------
        A likelihood three times as high weighs three times as much.

        >>> g = np.zeros((2, 1))
        >>> profile = Profile(np.array([0, 1]), np.log([1, 3]), g, g[:, None], g[:, 0])
        >>> profile.weights().round(6).tolist()
        [0.25, 0.75]
        """
        weights = np.exp(self.llf - self.llf.max()) * self.prior
        return weights / weights.sum()


@dataclass(frozen=True)
class JointTest:
    """The test that several coefficients are 0 at once.

    Attributes
    ----------
    statistic : float
        F statistic.
    df, df_errors : float
        Its degrees of freedom: number of coefficients, and n - k.
    p : float
        Its p-value.
    n : int
        Number of observations.
    method : str
        How it was made.
    """

    statistic: float
    df: float
    df_errors: float
    p: float
    n: int
    method: str


def contrasts_of(names: str | Iterable[str], columns: Iterable[str]) -> np.ndarray:
    """Return the rows that pick several coefficients, for a joint test.

    Parameters
    ----------
    names : str or iterable of str
        Names of columns; one that is given twice counts once.
    columns : iterable of str, k of them
        All coefficients of the fit, in order.

    Returns
    -------
    numpy.ndarray of float, shape (q, k)

    Raises
    ------
    InputError
        A name is no column, or none is given.

    Examples
    --------
    >>> contrasts_of(["slope", "step"], ["step", "slope", "const"]).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    """
    columns, named = list(columns), [names] if isinstance(names, str) else dict.fromkeys(names)
    if not named:
        raise InputError("no coefficient was named: expected at least one column of the design")
    return np.array([contrast_of(name, columns) for name in named])


@dataclass(frozen=True)
class AveragedFit:
    """A fitted regression: the most likely parameter, and the profile to average over.

    Attributes
    ----------
    params : pandas.Series of float, shape (k,), index of column names
        Coefficients at the most likely parameter, in units of the outcome.
    cov : pandas.DataFrame of float, shape (k, k)
        Their covariance, the parameter taken as known.
    parameter : float
        Value with the highest restricted likelihood.
    sigma : float
        Scale of the whitened errors, in units of the outcome.
    llf : float
        Restricted log-likelihood at its maximum, up to a constant of n and k.
    n : int
        Number of observations.
    profile : Profile
        The regression over the whole grid.
    method : str
        Name of the method, for :class:`~helpers.stats.estimate.Estimate`.
    """

    params: pd.Series
    cov: pd.DataFrame
    parameter: float
    sigma: float
    llf: float
    n: int
    profile: Profile
    method: str

    def effect(self, of: str | Mapping[str, float], level: float = 0.95) -> Estimate:
        """Return a coefficient, or a weighted sum of several, with interval and p-value.

        Parameters
        ----------
        of : str or mapping of str to float
            Name of a column, or weights by name.
        level : float, default 0.95
            Coverage of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            In units of the outcome, averaged over the parameter; p is two-sided, against 0.

        Raises
        ------
        InputError
            A name is no column of the design, or ``level`` is no share.

        Examples
        --------
        The first and the last value, the second and the last but one, and so on sum to 20: under
        any autocorrelation the mean is 10, and its interval lies evenly about it.

        >>> from helpers.stats.months.gls import fit_gls
        >>> y = pd.Series([8.0, 11, 9, 10, 11, 9, 12])
        >>> mean = fit_gls(y, pd.DataFrame({"const": [1.0] * 7})).effect("const")
        >>> round(mean.value, 6), round(mean.low + mean.high, 6)
        (10.0, 20.0)
        """
        contrast = contrast_of(of, self.params.index)
        weights, df = self.profile.weights(), self.n - len(contrast)
        centres = self.profile.params @ contrast
        scales = np.linalg.norm(np.einsum("gij,i->gj", self.profile.roots, contrast), axis=1)
        scales = np.sqrt(scales**2 * self.profile.rss / df + self._more(contrast))
        low, high, p = _mixture(weights, centres, scales, df, level_of(level))
        return Estimate(
            float(weights @ centres),
            low,
            high,
            p,
            self.n,
            f"{self.method}, t with {df} degrees of freedom",
            level,
        )

    def _more(self, contrast: np.ndarray) -> np.ndarray | float:
        """Return the variance of a contrast beyond that of errors of one scale, by covariance."""
        if not isinstance(self.profile.extra, np.ndarray):
            return self.profile.extra
        return np.maximum(np.einsum("i,gij,j->g", contrast, self.profile.extra, contrast), 0)

    def joint(self, names: str | Iterable[str]) -> JointTest:
        """Return the F test that several coefficients are 0, averaged over the covariance.

        Parameters
        ----------
        names : str or iterable of str
            Names of columns.

        Returns
        -------
        JointTest
            Statistic at the covariance with the highest likelihood; p averaged over all.

        Raises
        ------
        InputError
            A name is no column of the design, or none is given.

        Examples
        --------
        With one coefficient it is the square of its t test.

        >>> from helpers.stats.months.gls import fit_gls
        >>> y = pd.Series([1.0, -1, 2, -1, 0, 1, 3])
        >>> fit = fit_gls(y, pd.DataFrame({"const": [1.0] * 7}))
        >>> round(fit.joint(["const"]).p / fit.effect("const").p, 6)
        1.0
        """
        from scipy.stats import f

        rows = contrasts_of(names, self.params.index)
        profile, df = self.profile, self.n - len(self.params)
        values = profile.params @ rows.T
        roots = np.einsum("qi,gij->gqj", rows, profile.roots)
        cov = roots @ roots.transpose(0, 2, 1) * (profile.rss / df)[:, None, None]
        if isinstance(profile.extra, np.ndarray):
            sizes, axes = np.linalg.eigh(rows @ profile.extra @ rows.T)
            cov = cov + (axes * np.maximum(sizes, 0)[:, None, :]) @ axes.transpose(0, 2, 1)
        shapes = np.linalg.solve(cov, values[:, :, None])[:, :, 0]
        statistics = (values * shapes).sum(axis=1) / len(rows)
        p = float(profile.weights() @ f.sf(statistics, len(rows), df))
        best = float(statistics[profile.llf.argmax()])
        return JointTest(best, len(rows), df, p, self.n, self.method)


def fit_averaged(
    y: pd.Series, design: pd.DataFrame, grid: np.ndarray, whiten: Whitener, method: str
) -> AveragedFit:
    """Return a regression averaged over a grid of the parameter that its errors' covariance has.

    Parameters
    ----------
    y : pandas.Series of float, shape (n,)
        Outcome in order of time; finite.
    design : pandas.DataFrame of float, shape (n, k)
        Independent columns, the constant among them.
    grid : numpy.ndarray of float, shape (g,)
        Values of the parameter in rising order, at least two; the prior gives each the same weight.
    whiten : callable
        Takes columns (n, c) and g values of the parameter; returns the whitened columns (g, n, c)
        and half the log determinants of the covariance (g,).
    method : str
        Name of the method.

    Returns
    -------
    AveragedFit

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

    Examples
    --------
    The parameter is the log ratio of the second half's standard deviation to the first's. Where
    the halves vary alike, 0 is the most likely.

    >>> def two_scales(columns, grid):
    ...     scales = np.where(np.arange(len(columns)) < 4, 1.0, np.exp(grid)[:, None])
    ...     return columns[None] / scales[:, :, None], np.log(scales).sum(axis=1)
    >>> y, const = pd.Series([1.0, -1, 1, -1] * 2), pd.DataFrame({"const": [1.0] * 8})
    >>> fit = fit_averaged(y, const, np.linspace(-2, 2, 9), two_scales, "two scales")
    >>> round(abs(fit.parameter), 3), round(abs(float(fit.params["const"])), 3)
    (0.0, 0.0)
    """
    from scipy.optimize import minimize_scalar

    values = numbers(y, "the outcome", 3)
    matrix = design_of(design, len(values), spare=2)
    together = np.column_stack([values, matrix])
    profile = _profile(together, grid, whiten)
    best = int(profile.llf.argmax())
    around = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(
        lambda at: -_profile(together, np.array([at]), whiten).llf[0],
        bounds=around,
        method="bounded",
        options={"xatol": 1e-9},
    )
    top, names = _profile(together, np.array([found.x]), whiten), list(design.columns)
    scale = top.rss[0] / (len(values) - len(names))
    cov = pd.DataFrame(top.roots[0] @ top.roots[0].T * scale, index=names, columns=names)
    return AveragedFit(
        pd.Series(top.params[0], index=names),
        cov,
        float(found.x),
        float(np.sqrt(scale)),
        float(top.llf[0]),
        len(values),
        profile,
        f"{method} (estimate {found.x:.2f})",
    )


def _profile(together: np.ndarray, grid: np.ndarray, whiten: Whitener) -> Profile:
    """Return the regression of the first column on the k others at each value of ``grid``."""
    return profile_of(grid, *whiten(together, grid))


def profile_of(
    at: np.ndarray, white: np.ndarray, logdet: np.ndarray, prior: np.ndarray | float = 1.0
) -> Profile:
    """Return the regression of the first whitened column on the k others, by covariance.

    Parameters
    ----------
    at : numpy.ndarray of float, shape (g,) or (g, d)
        Parameters of the covariances.
    white : numpy.ndarray of float, shape (g, n, 1 + k)
        Outcome and design, whitened by each.
    logdet : numpy.ndarray of float, shape (g,)
        Half the logarithm of the determinant of each.
    prior : numpy.ndarray of float, shape (g,), or float, default 1.0
        Their prior shares, up to a factor.

    Returns
    -------
    Profile

    Raises
    ------
    InputError
        The design reproduces the outcome under one of them.

    Examples
    --------
    A mean under the identity and under twice the identity: the likelihoods agree.

    >>> white = np.array([[[1.0, 1], [3, 1]], [[1, 1], [3, 1]]]) / np.sqrt([[[1.0]], [[2]]])
    >>> found = profile_of(np.arange(2), white, np.log([1.0, 2.0]))
    >>> np.abs(found.params[:, 0]).round(6).tolist(), found.weights().round(6).tolist()
    ([2.0, 2.0], [0.5, 0.5])
    """
    y, matrix = white[:, :, 0], white[:, :, 1:]
    n, k = matrix.shape[1:]
    basis, triangle = np.linalg.qr(matrix)
    scores = np.einsum("gnk,gn->gk", basis, y)
    rss = np.square(y - np.einsum("gnk,gk->gn", basis, scores)).sum(axis=1)
    if (rss <= 1e-20 * np.square(y).sum(axis=1)).any():
        raise InputError(
            "the design reproduces the outcome exactly: "
            "no error is left to judge its coefficients by"
        )
    roots = np.linalg.inv(triangle)
    size = np.log(np.abs(np.diagonal(triangle, axis1=1, axis2=2))).sum(axis=1)
    return Profile(
        at,
        -0.5 * (n - k) * np.log(rss) - logdet - size,
        np.einsum("gij,gj->gi", roots, scores),
        roots,
        rss,
        prior,
    )


def mixture_p(
    weights: np.ndarray, centres: np.ndarray, scales: np.ndarray, df: float, at: float = 0.0
) -> np.ndarray:
    """Return twice the smaller tail of mixtures of t beyond a value.

    Parameters
    ----------
    weights, centres, scales : numpy.ndarray of float, shape (g, ...)
        Shares that sum to 1 over the first axis, and location and scale of each part.
    df : float
        Degrees of freedom.
    at : float, default 0.0
        The value.

    Returns
    -------
    numpy.ndarray of float, shape (...)
        Two-sided p-values, at most 1.

    Examples
    --------
    >>> half = np.full(2, 0.5)
    >>> float(mixture_p(half, np.array([-1.0, 1.0]), np.ones(2), df=5))
    1.0
    """
    from scipy.stats import t

    upper, lower = (
        (weights * t.sf(sign * (centres - at) / scales, df)).sum(axis=0) for sign in (1, -1)
    )
    return np.minimum(1.0, 2 * np.minimum(upper, lower))


def _mixture(
    weights: np.ndarray, centres: np.ndarray, scales: np.ndarray, df: float, level: float
) -> tuple[float, float, float]:
    """Return the central interval of a mixture of t, and twice its smaller tail beyond 0."""
    from scipy.optimize import brentq
    from scipy.stats import t

    reach = t.ppf(0.5 + level / 2, df) * scales
    low, high = (
        brentq(
            lambda x, chance=chance: float(weights @ t.cdf((x - centres) / scales, df)) - chance,
            (centres - reach).min(),
            (centres + reach).max(),
            xtol=1e-12,
        )
        for chance in (0.5 - level / 2, 0.5 + level / 2)
    )
    return low, high, float(mixture_p(weights, centres, scales, df))
