"""Inference that is common and does not hold its level here.

It is measured beside the methods in use, and never used for a finding.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from helpers.stats.checks import counts, regular
from helpers.stats.estimate import Estimate, exponentiated
from helpers.stats.months.interrupted import When, its_design


def newey_west_step(
    series: pd.Series,
    steps: When | Iterable[When],
    *,
    harmonics: int = 2,
    order: int = 1,
    lags: int = 6,
    level: float = 0.95,
) -> Estimate:
    """Return the rate ratio of the first step by Poisson regression with Newey-West errors.

    Many tutorials on interrupted series do it, with a normal reference. The errors rest on averages
    over many periods after the event; with a handful they are far too small.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least 3.
    steps : date or iterable of dates
        First period of each new level; the first is the one that is estimated.
    harmonics : int, default 2
        Pairs of Fourier terms, 0 to 6; none for yearly counts.
    order : int, default 1
        Order of the trend, 0 (none) to 3.
    lags : int, default 6
        Periods over which errors are taken as correlated.
    level : float, default 0.95
        Coverage that the interval claims, between 0 and 1.

    Returns
    -------
    Estimate
        A rate ratio with interval and two-sided p-value against 1.

    Raises
    ------
    InputError
        A date lies outside the series or is given twice, the index is not regular, or a value is no
        count.

    References
    ----------
    * Newey and West (1987), A simple, positive semi-definite, heteroskedasticity and
      autocorrelation consistent covariance matrix.

    Examples
    --------
    The mean falls from 100 to 50.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, months)
    >>> round(newey_west_step(y, "2023-01", harmonics=0, order=0).value, 6)
    0.5
    """
    return _glm_step(
        series,
        steps,
        harmonics,
        order,
        level,
        f"Poisson, Newey-West with {lags} lags",
        cov_type="HAC",
        cov_kwds={"maxlags": lags},
    )


def quasi_poisson_step(
    series: pd.Series,
    steps: When | Iterable[When],
    *,
    harmonics: int = 2,
    order: int = 1,
    level: float = 0.95,
) -> Estimate:
    """Return the rate ratio of the first step by quasi-Poisson regression.

    It takes neighbouring periods as independent.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least 3.
    steps : date or iterable of dates
        First period of each new level; the first is the one that is estimated.
    harmonics : int, default 2
        Pairs of Fourier terms, 0 to 6; none for yearly counts.
    order : int, default 1
        Order of the trend, 0 (none) to 3.
    level : float, default 0.95
        Coverage that the interval claims, between 0 and 1.

    Returns
    -------
    Estimate
        A rate ratio with interval and two-sided p-value against 1.

    Raises
    ------
    InputError
        As in :func:`newey_west_step`.

    References
    ----------
    * McCullagh and Nelder (1989), Generalized Linear Models.

    Examples
    --------
    The mean falls from 100 to 50.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, months)
    >>> round(quasi_poisson_step(y, "2023-01", harmonics=0, order=0).value, 6)
    0.5
    """
    return _glm_step(
        series, steps, harmonics, order, level, "quasi-Poisson, independent periods", scale="X2"
    )


def _glm_step(
    series: pd.Series,
    steps: When | Iterable[When],
    harmonics: int,
    order: int,
    level: float,
    method: str,
    **fitting: Any,
) -> Estimate:
    """Return the first step's ratio by statsmodels' Poisson regression, with its own errors."""
    import statsmodels.api as sm

    clean = pd.Series(counts(series, "the series", 3), index=regular(series, "the series"))
    design = its_design(clean.index, steps, harmonics=harmonics, order=order)
    fit = sm.GLM(clean.to_numpy(), design.to_numpy(), family=sm.families.Poisson()).fit(**fitting)
    low, high = fit.conf_int(1 - level)[0]
    return exponentiated(
        Estimate(
            float(fit.params[0]),
            float(low),
            float(high),
            float(fit.pvalues[0]),
            len(clean),
            method,
            level,
        )
    )
