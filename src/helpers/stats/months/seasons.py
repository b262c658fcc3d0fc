"""Seasonal factors: how far each month or quarter lies above or below the mean of its year."""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, regular
from helpers.stats.counts.negbin import fit_quasi_poisson


def seasonal_factors(series: pd.Series, *, level: float = 0.95) -> pd.DataFrame:
    """Return how far each season of the year lies above its year's mean, as rate ratios with intervals.

    A quasi-Poisson regression of the counts on season and year (both as categories); the factors'
    geometric mean is 1. Columns: season, ratio, low, high. Monthly or quarterly counts over more than a
    year, every season above 0 at least once (its logarithm is not defined otherwise).
    """
    from scipy.stats import t

    index = regular(series, "the series")
    if index.freqstr[0] not in "MQ":
        raise InputError(
            f"the series has periods of frequency {index.freqstr}: seasons need months or quarters"
        )
    values = pd.Series(counts(series, "the series", 2), index=index)
    values = values[values.groupby(index.year).transform("sum") > 0]
    season = values.index.month if index.freqstr[0] == "M" else values.index.quarter
    empty = values.groupby(season).sum().eq(0)
    if empty.any():
        raise InputError(
            f"season {empty.idxmax()} holds only zeros: its factor has no logarithm; use longer periods"
        )
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
            "high": np.exp(log + reach),
        }
    )
