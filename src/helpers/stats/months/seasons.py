"""Seasonal factors: how far each month or quarter lies above or below the mean of its year."""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, level_of, regular
from helpers.stats.counts.negbin import fit_quasi_poisson


def seasonal_factors(series: pd.Series, *, level: float = 0.95) -> pd.DataFrame:
    """Return how far each season of the year lies above its year's mean.

    A quasi-Poisson regression of the counts on season and year, both as categories. Years without a
    count say nothing about seasons and are left out.

    Parameters
    ----------
    series : pandas.Series of int, monthly or quarterly index without gaps
        Counts over more than a year, every season above 0 at least once.
    level : float, default 0.95
        Coverage of the intervals, between 0 and 1.

    Returns
    -------
    pandas.DataFrame, one row a season
        Columns ``season`` (month 1 to 12, or quarter 1 to 4), ``ratio``, ``low`` and ``high`` (rate
        ratios to the year's mean). The geometric mean of the ratios is 1.

    Raises
    ------
    InputError
        The series is yearly, has gaps or no counts, is too short for so many factors, or has a
        season of zeros, whose logarithm is not defined; or ``level`` is no share.

    References
    ----------
    * McCullagh and Nelder (1989), Generalized Linear Models.

    Examples
    --------
    The second year has three times the counts of the first in every quarter. The geometric mean of
    the first is 20, so its quarters lie at 10 / 20, 20 / 20, 20 / 20 and 40 / 20.

    >>> quarters = pd.period_range("2020Q1", periods=8, freq="Q")
    >>> y = pd.Series([10, 20, 20, 40, 30, 60, 60, 120], quarters)
    >>> seasonal_factors(y)["ratio"].round(6).tolist()
    [0.5, 1.0, 1.0, 2.0]
    """
    from scipy.stats import t

    level = level_of(level)
    values, season = _by_season(series)
    years, parts = (
        pd.get_dummies(values.index.year, dtype=float),
        pd.get_dummies(season, dtype=float),
    )
    # Effect coding: each factor is a deviation from the mean of all.
    effects = parts.iloc[:, :-1].sub(parts.iloc[:, -1], axis=0)
    design = pd.concat([years.add_prefix("y"), effects.add_prefix("s")], axis=1)
    fit = fit_quasi_poisson(values, design)
    contrast = np.zeros((parts.shape[1], design.shape[1]))
    contrast[:-1, years.shape[1] :] = np.eye(effects.shape[1])
    contrast[-1, years.shape[1] :] = -1
    log = contrast @ fit.params.to_numpy()
    reach = t.ppf(0.5 + level / 2, fit.n - design.shape[1]) * np.sqrt(
        np.einsum("ij,jk,ik->i", contrast, fit.cov, contrast)
    )
    return pd.DataFrame(
        {
            "season": parts.columns,
            "ratio": np.exp(log),
            "low": np.exp(log - reach),
            "high": np.exp(np.minimum(log + reach, 700)),  # larger ones overflow
        }
    )


def _by_season(series: pd.Series) -> tuple[pd.Series, pd.Index]:
    """Return the counts of the years that have any, and the season of each."""
    index = regular(series, "the series")
    if index.freqstr[0] not in "MQ":
        raise InputError(
            f"the series has periods of frequency {index.freqstr}: seasons need months or quarters"
        )
    values = pd.Series(counts(series, "the series", 2), index=index)
    if values.sum() == 0:
        raise InputError("the series holds only zeros: it has no season")
    values = values[values.groupby(index.year).transform("sum") > 0]
    season = values.index.month if index.freqstr[0] == "M" else values.index.quarter
    empty = values.groupby(season).sum().eq(0)
    if empty.any():
        raise InputError(
            f"season {empty.idxmax()} holds only zeros: its factor has no logarithm; "
            "use longer periods"
        )
    return values, season
