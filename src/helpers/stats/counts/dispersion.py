"""How much more counts vary than independent events would: within a year, as a sum, and event by event."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, positive

HIGHEST_RHO = 0.9


def dispersion(*series: pd.Series, carry: bool = False) -> float:
    """Return Pearson's dispersion of counts about the mean of their own series, pooled (1 for Poisson).

    Several series, such as the months of two years, keep a change between them out of it.
    ``carry=True`` gives the variance inflation of a series' *sum*: neighbours that resemble each other
    add up to more variance, 1 + 2 sum (1 - j/m) rho^j times as much over m periods of a first-order
    autoregression, part of which the series' own mean has taken out of the dispersion.
    """
    parts = [counts(one, f"series {number}", 2) for number, one in enumerate(series, start=1)]
    if not parts:
        raise InputError("dispersion was given no series: expected at least one")
    if any(part.sum() == 0 for part in parts):
        raise InputError("a series holds only zeros: its dispersion is not defined")
    pearson = sum(((part - part.mean()) ** 2 / part.mean()).sum() for part in parts)
    phi = float(pearson / sum(len(part) - 1 for part in parts))
    return (
        phi * _sum_widening(pooled_autocorrelation(*parts), min(len(part) for part in parts))
        if carry
        else phi
    )


def pooled_autocorrelation(*parts: np.ndarray) -> float:
    """Return the lag-one autocorrelation within series of counts, freed of its bias as in :mod:`helpers.stats.months.trend`."""
    scaled = [(part - part.mean()) / math.sqrt(part.mean()) for part in parts]
    spread, n = sum(float((part**2).sum()) for part in scaled), sum(map(len, parts))
    raw = sum(float((part[1:] * part[:-1]).sum()) for part in scaled) / spread if spread else 0.0
    return min(max((raw * n + len(parts)) / max(n - 3, 1), 0.0), HIGHEST_RHO) if spread else 0.0


def _sum_widening(rho: float, periods: int) -> float:
    """Return by how much an AR(1) of ``rho`` widens the variance of a sum beyond what the dispersion shows."""
    lags = np.arange(1, periods)
    sums = 1 + 2 * float(((1 - lags / periods) * rho**lags).sum())
    return sums / (1 - (sums - 1) / (periods - 1))


def compound_inflation(
    deaths: Iterable[float] | None = None,
    *,
    total: float | None = None,
    squares: float | None = None,
) -> float:
    """Return E[D^2] / E[D], the variance inflation of a sum of deaths over a Poisson number of incidents.

    Either ``deaths`` (one number for each incident) or their ``total`` and sum of ``squares``.
    Feller (1968), XII.2: a compound Poisson sum has mean N E[D] and variance N E[D^2].
    """
    if deaths is not None and (total is not None or squares is not None):
        raise InputError("give the deaths of each incident or their totals, not both")
    if deaths is not None:
        values = counts(pd.Series(list(deaths)), "the deaths by incident")
        total, squares = float(values.sum()), float(np.square(values).sum())
    if total is None or squares is None:
        raise InputError(
            "give the deaths of each incident, or their total and the sum of their squares"
        )
    ratio = positive(squares, "the sum of squares") / positive(total, "the total of deaths")
    if ratio < 1:
        raise InputError(
            f"the sum of squares {squares:g} is below the total {total:g}: whole numbers cannot give that"
        )
    return ratio
