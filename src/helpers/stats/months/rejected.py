"""Inference that is common and does not hold its level here: measured beside the methods in use, never used for a finding."""

from collections.abc import Iterable

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
    """Return the rate ratio of the first step by Poisson regression with Newey-West errors and a normal reference.

    Newey and West (1987) with ``lags`` lags, as many tutorials on interrupted series do it. The errors rest on
    averages over many periods after the event; with a handful they are far too small.
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
    """Return the rate ratio of the first step by quasi-Poisson, which takes neighbouring periods as independent."""
    return _glm_step(
        series, steps, harmonics, order, level, "quasi-Poisson, independent periods", scale="X2"
    )


def _glm_step(
    series: pd.Series, steps, harmonics: int, order: int, level: float, method: str, **fitting
) -> Estimate:
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
