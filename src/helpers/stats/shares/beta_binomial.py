"""How much more shares vary from month to month than independent draws would.

Where each of ``n`` deaths may be a soldier's with the same chance, a month's share is binomial.
Where one attack kills several of one kind, or a month has an offensive of its own, shares scatter
more. The beta-binomial model has one number for that, the correlation ``rho`` of two deaths of one
month: the variance of the part is ``n p (1 - p) (1 + (n - 1) rho)``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of, counts, level_of
from helpers.stats.counts.inflation import Inflation, of_memory
from helpers.stats.counts.memory import FAR, averaged_memory
from helpers.stats.estimate import Estimate

SPAN = ("part", "whole")


@dataclass(frozen=True)
class _Months:
    """Months of several spans, each with the share of its span."""

    part: np.ndarray
    whole: np.ndarray
    share: np.ndarray
    span: np.ndarray
    time: np.ndarray

    @property
    def degrees(self) -> int:
        return len(self.part) - len(np.unique(self.span))

    def residuals(self, rho: float) -> np.ndarray:
        """Return parts about the share of their span, over their beta-binomial spread (n)."""
        spread = self.whole * self.share * (1 - self.share) * (1 + (self.whole - 1) * rho)
        return np.asarray((self.part - self.whole * self.share) / np.sqrt(spread))

    def pearson(self, rho: float) -> float:
        return float(np.square(self.residuals(rho)).sum())


def correlation(*spans: pd.DataFrame, level: float = 0.95) -> Estimate:
    """Return the correlation of two counts of one month, beyond the share of their span.

    Pearson's statistic of the beta-binomial model is set equal to its degrees of freedom; the ends
    of the interval set it equal to quantiles of chi-squared (Williams's method).

    Parameters
    ----------
    *spans : pandas.DataFrame of int, shape (m, 2) each
        ``part`` and ``whole`` by month, two months at least with a whole above 0; other months tell
        nothing and are left out. Each span, such as a year, has a share of its own.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        From 0 (binomial) to 1 (each month is all part, or none of it); ``n`` months.

    Raises
    ------
    InputError
        When no span is given, a part is more than its whole, or a span has fewer than two months or
        a share of 0 or 1.

    References
    ----------
    Williams (1982), Extra-binomial variation in logistic linear models.

    Examples
    --------
    Three months of ten deaths, of which 2, 5 and 8: the variance is 9 where the binomial one is
    2.5, so that 1 + 9 rho is 3.6.

    >>> found = correlation(pd.DataFrame({"part": [2, 5, 8], "whole": [10, 10, 10]}))
    >>> round(found.value, 3)
    0.289
    """
    from scipy.stats import chi2

    level_of(level)
    months = _months(spans)
    free = months.degrees
    value = _solved(months, free)
    low, high = (_solved(months, float(chi2.ppf(0.5 + side * level / 2, free))) for side in (1, -1))
    name = "beta-binomial, Williams"
    return Estimate(value, low, high, None, len(months.part), name, level)


def share_inflation(*spans: pd.DataFrame, memory: bool = False, level: float = 0.95) -> Inflation:
    """Return how many times the variance of a span's share is that of independent draws.

    It is 1 + (m - 1) rho, rho as of :func:`correlation` and m the mean of the wholes, each weighted
    by its size. Hand it to :func:`helpers.stats.shares.proportion.proportion`, ``share_ratio`` and
    ``share_change`` as ``inflation``. It is also the inflation of a ratio of two changes where both
    are parts of one whole (:func:`helpers.stats.counts.rates.ratio_of_ratios`).

    Parameters
    ----------
    *spans : pandas.DataFrame of int, shape (m, 2) each
        ``part`` and ``whole`` by month, as :func:`correlation` takes them.
    memory : bool
        True lets months resemble their neighbours; they are then in order and without gaps, a month
        with a whole of 0 in its place.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Inflation
        At least 1, with degrees of freedom (months less spans); with memory without them, averaged
        over what the months leave open. ``n`` months.

    Raises
    ------
    InputError
        As :func:`correlation`.

    Examples
    --------
    Twelve months in which deaths come in fours of one kind are worth a quarter as many.

    >>> generator = np.random.default_rng(1)
    >>> fours = pd.DataFrame({"part": 4 * generator.binomial(10, 0.5, 240), "whole": 40})
    >>> found = share_inflation(fours)
    >>> found.low < 4 < found.high, 3.5 < found.value < 4.5
    (True, True)
    """
    found, months = correlation(*spans, level=level), _months(spans)
    size = float(np.square(months.whole).sum() / months.whole.sum())
    low, value, high = (
        1 + (size - 1) * (rho or 0.0) for rho in (found.low, found.value, found.high)
    )
    if not memory:
        degrees = months.degrees
        return Inflation(value, low, high, None, found.n, found.method, level, degrees=degrees)
    weight = months.whole * (1 + (months.whole - 1) * found.value)
    contrast = np.sqrt(weight / months.whole.sum())  # of all spans, each weighted by its size
    remembered = averaged_memory(months.residuals(found.value), months.span, contrast, months.time)
    return of_memory(remembered, found.n, "beta-binomial, memory averaged", level)


def _solved(months: _Months, target: float) -> float:
    """Return the correlation, from 0 to 1, at which Pearson's statistic is nearest a target."""
    from scipy.optimize import brentq

    if months.pearson(0) <= target:
        return 0.0
    if months.pearson(1) >= target:
        return 1.0
    return float(brentq(lambda rho: months.pearson(rho) - target, 0, 1, xtol=1e-12))


def _months(spans: Sequence[pd.DataFrame]) -> _Months:
    """Return the months of all spans that have a whole, with the share of their span."""
    if not spans:
        raise InputError("no span was given: expected at least one table of part and whole")
    kept = []
    for number, span in enumerate(spans, start=1):
        name = f"span {number}"
        table = columns_of(span, SPAN, name)
        part, whole = (counts(table[one], f"the {one} of {name}") for one in SPAN)
        if (part > whole).any():
            month = table.index[int(np.argmax(part > whole))]
            raise InputError(f"{name}, month {month}: the part is more than the whole")
        filled = whole > 0
        if filled.sum() < 2 or not 0 < part.sum() < whole.sum():
            raise InputError(
                f"{name} has {filled.sum()} months with a whole and {part.sum():.0f} parts of "
                f"{whole.sum():.0f}: expected two months and a share between 0 and 1"
            )
        place = np.flatnonzero(filled) + (number - 1) * FAR
        kept.append((part[filled], whole[filled], place))
    sizes = [len(one) for one, _, _ in kept]
    shares = np.repeat([one.sum() / of.sum() for one, of, _ in kept], sizes)
    part, whole, time = (np.concatenate(one) for one in zip(*kept))
    return _Months(part, whole, shares, np.repeat(np.arange(len(kept)), sizes), time)
