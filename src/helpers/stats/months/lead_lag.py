"""Which of two series moves first? Rank correlations of what is new in each, at leads and lags.

Two series that drift, wander or have seasons are correlated without having anything in common. So
trend and seasons are taken out of both, then from each period what the one before leads one to
expect (Haugh 1976): what is left is compared. Where some memory is left in both, the correlation
counts as that of fewer periods (Pyper and Peterman 1998). Who looks at several lags finds more, so
the p-value of each is that of the smallest among them.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import numbers, regular, whole
from helpers.stats.months.gls import fit_gls
from helpers.stats.months.trend import deterministic

LEAST = 8
SHARE = 5  # the memory left is looked for over a fifth of the periods


def lead_lag(
    first: pd.Series,
    second: pd.Series,
    lags: Iterable[int] = range(-3, 4),
    *,
    harmonics: int = 2,
    order: int = 1,
) -> pd.DataFrame:
    """Return the rank correlation of two series at leads and lags, trend and memory taken out.

    Parameters
    ----------
    first, second : pandas.Series of float, monthly, quarterly or yearly index without gaps
        Finite numbers, any unit; both of the same frequency. Only the periods that both have count.
    lags : iterable of int, default -3 to 3
        In periods. At a positive lag ``first`` leads: its values are compared with those of
        ``second`` that many periods later.
    harmonics : int, default 2
        Waves a year that are taken out of both, 0 to 6; none of yearly series.
    order : int, default 1
        Order of the trend that is taken out of both, 0 (none) to 3.

    Returns
    -------
    pandas.DataFrame, one row a lag
        Columns ``lag``, ``correlation`` (Spearman's, of what is new in each period, -1 to 1), ``n``
        (pairs compared), ``p_alone`` (two-sided, of this lag alone) and ``p`` (corrected for the
        number of lags by Bonferroni: any of them is at most .05 in at most 5 % of pairs that have
        nothing in common).

    Raises
    ------
    InputError
        The frequencies differ, fewer than 8 periods are shared or left at a lag, they are too few
        for trend and seasons, a series does not vary about these, its index is not regular, a value
        is not finite, or no lag is given.

    References
    ----------
    * Haugh (1976), Checking the independence of two covariance-stationary time series: a univariate
      residual cross-correlation approach.
    * Pyper and Peterman (1998), Comparison of methods to account for autocorrelation in correlation
      analyses of fish data.

    Examples
    --------
    The second series is the first, two quarters late. That both rise says nothing.

    >>> x = np.random.default_rng(1).standard_normal(42)
    >>> quarters = pd.period_range("2015Q1", periods=40, freq="Q")
    >>> first, second = pd.Series(x[2:], quarters), pd.Series(x[:-2] + np.arange(40), quarters)
    >>> found = lead_lag(first, second, lags=[-2, 0, 2])
    >>> found["lag"][found["p"] < 0.05].tolist(), found["n"].tolist()
    ([2], [38, 40, 38])
    """
    x, y = _common(first, second)
    lags = _lags(lags, len(x))
    design = deterministic(x.index, harmonics, order).in_sample()
    before, after = _news(x, design), _news(y, design)
    widening = _widening(before, after)
    rows = []
    for lag in lags:
        cut = slice(None, len(x) - lag) if lag >= 0 else slice(-lag, None)
        match = slice(lag, None) if lag >= 0 else slice(None, len(x) + lag)
        found = _spearman(before[cut], after[match])
        pairs = len(x) - abs(lag)
        alone = _p_value(found, (pairs - design.shape[1] + 1) / widening - 2)
        rows.append((lag, found, pairs, alone, min(1.0, alone * len(set(lags)))))
    return pd.DataFrame(rows, columns=["lag", "correlation", "n", "p_alone", "p"])


def _lags(lags: Iterable[int], n: int) -> list[int]:
    """Return the lags, each of which leaves pairs enough."""
    if not isinstance(lags, Iterable) or not (found := list(lags)):
        raise InputError(f"lags is {lags!r}: expected at least one whole number, in a list")
    most = n - LEAST
    for lag in found:
        if abs(whole(lag, "lag", -n, n)) > most:
            raise InputError(
                f"lag is {lag} with {n} common periods: at least {LEAST} pairs must be left"
            )
    return found


def _common(first: pd.Series, second: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return both series over the periods that both have."""
    named = (("the first series", first), ("the second series", second))
    one, other = (
        pd.Series(numbers(series, name, LEAST), index=regular(series, name))
        for name, series in named
    )
    if one.index.freqstr != other.index.freqstr:
        raise InputError(
            f"the series have steps of {one.index.freqstr} and {other.index.freqstr}: "
            "expected the same"
        )
    both = pd.concat([one, other], axis=1, join="inner")
    if len(both) < LEAST:
        raise InputError(f"the series share {len(both)} periods: expected at least {LEAST}")
    return both[0], both[1]


def _news(series: pd.Series, design: pd.DataFrame) -> np.ndarray:
    """Return what neither trend and seasons nor the period before lead one to expect, (n,)."""
    values = series.to_numpy()
    values = (values - values.mean()) / max(np.abs(values - values.mean()).max(), 1e-300)
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    if np.abs(left).max() < 1e-9:
        raise InputError(
            "a series does not vary about its trend and seasons over the periods that both have: "
            "there is no correlation"
        )
    fit = fit_gls(values, design)
    errors = values - design.to_numpy() @ fit.params.to_numpy()
    first = np.sqrt(1 - fit.rho**2) * errors[:1]
    return np.concatenate([first, errors[1:] - fit.rho * errors[:-1]])


def _widening(before: np.ndarray, after: np.ndarray) -> float:
    """Return how many times the variance of independent series the correlation has, at least 1."""
    n = len(before)
    past = np.arange(1, max(3, n // SHARE) + 1)
    one, other = (
        np.array([part[lag:] @ part[:-lag] for lag in past]) / (part @ part)
        for part in (before - before.mean(), after - after.mean())
    )
    return max(1.0, float(1 + 2 * ((1 - past / n) * one * other).sum()))


def _p_value(correlation: float, freedom: float) -> float:
    """Return the two-sided p-value of a correlation with so many degrees of freedom, at least 1."""
    from scipy.stats import t

    freedom = max(freedom, 1.0)
    score = abs(correlation) * np.sqrt(freedom / max(1 - correlation**2, 1e-12))
    return float(2 * t.sf(score, freedom))


def _spearman(earlier: np.ndarray, later: np.ndarray) -> float:
    """Return the rank correlation, or 0 where a window does not vary."""
    from scipy.stats import rankdata

    if np.ptp(earlier) == 0 or np.ptp(later) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(earlier), rankdata(later))[0, 1])
