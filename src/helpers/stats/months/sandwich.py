"""Poisson regression with sandwich errors: what many tutorials on interrupted series do.

Heteroscedasticity-consistent (``hc``) errors take periods as independent, ``hac`` ones (Newey and
West 1987) let neighbours resemble each other. Both rest on averages over many periods after the
event; with a handful they are far too small, which :mod:`helpers.stats.trust.calibration` measures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import contrast_of, level_of
from helpers.stats.counts.negbin import CountFit, fit_quasi_poisson
from helpers.stats.estimate import Estimate
from helpers.stats.months.averaged import JointTest, contrasts_of

KINDS = {"hac": "Newey-West", "hc": "heteroscedasticity-consistent", "quasi": "quasi-Poisson"}


@dataclass(frozen=True)
class SandwichFit:
    """A Poisson regression with robust errors and a normal reference.

    Attributes
    ----------
    params : pandas.Series of float, shape (k,), index of column names
        Coefficients, on the scale of the log mean.
    cov : pandas.DataFrame of float, shape (k, k)
        Their covariance.
    means : numpy.ndarray of float, shape (n,)
        Fitted means.
    n : int
        Number of periods.
    method : str
        How the errors were made.
    """

    params: pd.Series
    cov: pd.DataFrame
    means: np.ndarray
    n: int
    method: str

    def effect(self, of: str | Mapping[str, float], level: float = 0.95) -> Estimate:
        """Return a coefficient, or a weighted sum of several, with interval and p-value.

        Parameters
        ----------
        of : str or mapping of str to float
            Name of a column, or weights by name.
        level : float, default 0.95
            Coverage that the interval claims, between 0 and 1.

        Returns
        -------
        Estimate
            On the log scale; p is two-sided, against 0.

        Raises
        ------
        InputError
            A name is no column of the design, ``level`` is no share, or no residual is left where
            the coefficients act.

        Examples
        --------
        >>> y, const = pd.Series([9, 11] * 12), pd.DataFrame({"const": [1.0] * 24})
        >>> round(float(np.exp(fit_sandwich(y, const).effect("const").value)), 6)
        10.0
        """
        from scipy.stats import norm

        contrast = contrast_of(of, self.params.index)
        value = float(contrast @ self.params)
        cov = self.cov.to_numpy()
        variance, blur = contrast @ cov @ contrast, abs(contrast) @ abs(cov) @ abs(contrast)
        if not variance > blur * np.finfo(float).eps:
            name = of if isinstance(of, str) else ", ".join(of)
            raise InputError(
                f"the error of '{name}' cannot be told: no residual is left where it acts"
            )
        error = float(np.sqrt(variance))
        reach = float(norm.ppf(0.5 + level_of(level) / 2)) * error
        p = float(2 * norm.sf(abs(value) / error))
        return Estimate(value, value - reach, value + reach, p, self.n, self.method, level)

    def joint(self, names: str | Iterable[str]) -> JointTest:
        """Return Wald's test that several coefficients are 0, as F with n - k degrees of freedom.

        Parameters
        ----------
        names : str or iterable of str
            Names of columns.

        Returns
        -------
        JointTest

        Raises
        ------
        InputError
            A name is no column of the design, none is given, or there are more of them than
            residuals where they act.

        Examples
        --------
        >>> y, const = pd.Series([9, 11] * 12), pd.DataFrame({"const": [1.0] * 24})
        >>> fit_sandwich(y, const).joint(["const"]).p < 0.001
        True
        """
        from scipy.stats import f

        rows = contrasts_of(names, self.params.index)
        values, cov = rows @ self.params, rows @ self.cov.to_numpy() @ rows.T
        df = self.n - len(self.params)
        scale = np.sqrt(np.diag(cov))
        if not (scale > 0).all() or np.linalg.matrix_rank(cov / np.outer(scale, scale)) < len(rows):
            raise InputError(
                "the errors of these coefficients cannot be told from one another: name fewer"
            )
        statistic = float(values @ np.linalg.solve(cov, values)) / len(rows)
        p = float(f.sf(statistic, len(rows), df))
        return JointTest(statistic, len(rows), df, p, self.n, self.method)


def fit_sandwich(
    series: pd.Series,
    design: pd.DataFrame,
    *,
    kind: str = "hac",
    lags: int = 6,
    offset: np.ndarray | None = None,
) -> SandwichFit:
    """Return a Poisson regression with robust errors.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,)
        Counts in order of time.
    design : pandas.DataFrame of float, shape (n, k)
        Independent columns, the constant among them.
    kind : {"hac", "hc", "quasi"}, default "hac"
        Newey-West, White's HC1, or a constant factor of dispersion.
    lags : int, default 6
        Periods over which ``hac`` takes errors as correlated, at least 0.
    offset : numpy.ndarray of float, shape (n,), optional
        Logarithm of the exposure of each period.

    Returns
    -------
    SandwichFit

    Raises
    ------
    InputError
        The columns are not independent, a value is no count, a group of periods holds only zeros,
        the design reproduces the outcome, ``lags`` is no number of periods below n, or there is no
        such ``kind``.

    References
    ----------
    * Newey and West (1987), A simple, positive semi-definite, heteroskedasticity and
      autocorrelation consistent covariance matrix.
    * White (1980), A heteroskedasticity-consistent covariance matrix estimator and a direct test
      for heteroskedasticity.

    Examples
    --------
    The errors of a mean of 24 independent counts: their standard deviation over its root.

    >>> y, const = pd.Series([9, 11] * 12), pd.DataFrame({"const": [1.0] * 24})
    >>> found = fit_sandwich(y, const, kind="hc")
    >>> round(float(np.sqrt(found.cov.iloc[0, 0]) * 10), 3), round(float(y.std()) / 24**0.5, 3)
    (0.209, 0.209)
    """
    if kind not in KINDS:
        raise InputError(f"kind is '{kind}': expected one of {', '.join(KINDS)}")
    fit, n = fit_quasi_poisson(series, design, offset), len(series)
    if fit.dispersion < 1e-12:
        raise InputError(
            "the design reproduces the outcome exactly: "
            "no error is left to judge its coefficients by"
        )
    if kind == "hac" and not (type(lags) is int and 0 <= lags < n):
        raise InputError(f"lags is {lags!r}: expected a whole number from 0 to {n - 1}")
    cov = fit.cov
    if kind != "quasi":
        values, matrix = (np.asarray(one, dtype="float64") for one in (series, design))
        cov.loc[:, :] = _sandwich(values, matrix, fit, lags if kind == "hac" else 0)
    if kind == "hc":  # HC1: for the coefficients that were fitted
        cov = cov * n / (n - design.shape[1])
    words = KINDS[kind] + (f", {lags} lags" if kind == "hac" else "")
    return SandwichFit(fit.params, cov, fit.fitted, n, f"Poisson regression, {words} errors")


def _sandwich(values: np.ndarray, matrix: np.ndarray, fit: CountFit, lags: int) -> np.ndarray:
    """Return the covariance (k, k) of the coefficients, with Bartlett's weights over the lags."""
    from scipy.linalg import solve_triangular
    from statsmodels.stats.sandwich_covariance import S_hac_simple

    # By the factor of the weighted design: an inverse of its square would lose half of the digits.
    factor = np.linalg.qr(np.sqrt(fit.fitted)[:, None] * matrix, mode="r")
    scores = (values - fit.fitted)[:, None] * matrix
    half = solve_triangular(factor, scores.T, trans="T")
    return S_hac_simple(solve_triangular(factor, half).T, nlags=lags)
