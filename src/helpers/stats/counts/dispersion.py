"""How much more counts vary than independent events would.

Within a year, as a sum, and event by event.
"""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, positive

HIGHEST_RHO = 0.9


def dispersion(*series: pd.Series, carry: bool = False) -> float:
    """Return Pearson's dispersion of counts about the mean of their own series, pooled.

    Several series, such as the months of two years, keep a change between them out of it.

    Parameters
    ----------
    *series : pandas.Series of int, shape (m,) each
        Counts by period, at least two in each; in order of time if ``carry``.
    carry : bool
        Give the variance inflation of a series' *sum* instead. Neighbours that resemble each other
        add up to more variance, 1 + 2 sum (1 - j/m) rho^j times as much over m periods of a
        first-order autoregression, part of which the series' own mean has taken out of the
        dispersion.

    Returns
    -------
    float
        Variance over mean, without unit; 1 for Poisson counts.

    Raises
    ------
    InputError
        When no series is given, or one is too short, holds only zeros or what is no count.

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, 4.5.

    Examples
    --------
    The mean is 4, the squared deviations sum to 8: 8 / 4 over 3 - 1 degrees of freedom.

    >>> import pandas as pd
    >>> dispersion(pd.Series([2, 4, 6]))
    1.0

    A change between two series is no variation within them.

    >>> dispersion(pd.Series([2, 4, 6]), pd.Series([20, 20, 20]))
    0.5
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
    """Return the lag-one autocorrelation within series of counts.

    It is freed of its bias as in :mod:`helpers.stats.months.trend`, and kept from 0 to 0.9.

    Parameters
    ----------
    *parts : numpy.ndarray of float, shape (m,) each
        Counts by period in order of time, each series with a mean above 0.

    Returns
    -------
    float
        The autocorrelation pooled over the series, without unit.

    Examples
    --------
    Deviations of -1, -1, 1, 1 have products of neighbours 1, -1, 1 over squares of 4: 0.25. Freed
    of the bias of n = 4 observations in one series, (0.25 * 4 + 1) / 1 = 2 is cut at 0.9.

    >>> import numpy as np
    >>> pooled_autocorrelation(np.array([1.0, 1.0, 3.0, 3.0]))
    0.9
    >>> pooled_autocorrelation(np.array([1.0, 3.0] * 6))  # neighbours on opposite sides
    0.0
    """
    scaled = [(part - part.mean()) / math.sqrt(part.mean()) for part in parts]
    spread, n = sum(float((part**2).sum()) for part in scaled), sum(map(len, parts))
    raw = sum(float((part[1:] * part[:-1]).sum()) for part in scaled) / spread if spread else 0.0
    return min(max((raw * n + len(parts)) / max(n - 3, 1), 0.0), HIGHEST_RHO) if spread else 0.0


def _sum_widening(rho: float, periods: int) -> float:
    """Return by how much an AR(1) of ``rho`` widens a sum's variance beyond the dispersion."""
    lags = np.arange(1, periods)
    sums = 1 + 2 * float(((1 - lags / periods) * rho**lags).sum())
    return sums / (1 - (sums - 1) / (periods - 1))


def compound_inflation(
    deaths: Iterable[float] | None = None,
    *,
    total: float | None = None,
    squares: float | None = None,
) -> float:
    """Return E[D^2] / E[D], the variance inflation of a sum of deaths over Poisson incidents.

    A compound Poisson sum of N incidents with D deaths each has mean N E[D] and variance N E[D^2].

    Parameters
    ----------
    deaths : iterable of int, optional
        Deaths of each incident.
    total, squares : float, optional
        In place of ``deaths``: their sum (deaths) and the sum of their squares (deaths squared).

    Returns
    -------
    float
        Variance over mean of the sum of deaths, in deaths an incident; at least 1.

    Raises
    ------
    InputError
        When both forms are given, or neither; when there are no deaths; when the sum of squares is
        below the total, which whole numbers cannot give.

    References
    ----------
    Feller (1968), An Introduction to Probability Theory and Its Applications, volume 1, XII.2.

    Examples
    --------
    One attack kills 8, two kill 1 each: (64 + 1 + 1) / (8 + 1 + 1).

    >>> compound_inflation([8, 1, 1])
    6.6
    >>> compound_inflation(total=10, squares=66)
    6.6
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
            f"the sum of squares {squares:g} is below the total {total:g}: "
            "whole numbers cannot give that"
        )
    return ratio
