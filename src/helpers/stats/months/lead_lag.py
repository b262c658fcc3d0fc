"""Which of two series moves first? Rank correlations at leads and lags.

The p-value does not suppose independent periods. It ranks the correlation among those of all
circular shifts of one series: each keeps the memory of both and breaks what they have in common.
With n periods it cannot be below 1 / n, and short series say little.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import numbers, regular

LEAST = 8


def lead_lag(
    first: pd.Series, second: pd.Series, lags: Iterable[int] = range(-3, 4)
) -> pd.DataFrame:
    """Return the rank correlation of two series at leads and lags.

    Parameters
    ----------
    first, second : pandas.Series of float, monthly, quarterly or yearly index without gaps
        Finite numbers, any unit; both of the same frequency. Only the periods that both have count.
    lags : iterable of int, default -3 to 3
        In periods. At a positive lag ``first`` leads: its values are compared with those of
        ``second`` that many periods later.

    Returns
    -------
    pandas.DataFrame, one row a lag
        Columns ``lag``, ``correlation`` (Spearman's, -1 to 1), ``n`` (pairs compared) and ``p``
        (two-sided rank among all circular shifts, at least 1 over the number of common periods).

    Raises
    ------
    InputError
        The frequencies differ, fewer than 8 periods are shared or left at a lag, a series does not
        vary, its index is not regular, or a value is not finite.

    Examples
    --------
    The second series is the first, two quarters late.

    >>> x = np.random.default_rng(1).standard_normal(22)
    >>> quarters = pd.period_range("2015Q1", periods=20, freq="Q")
    >>> first, second = pd.Series(x[2:], quarters), pd.Series(x[:-2], quarters)
    >>> lead_lag(first, second, lags=[2])
       lag  correlation   n     p
    0    2          1.0  18  0.05
    """
    x, y = _common(first, second)
    rows = []
    for lag in lags:
        if abs(lag) > len(x) - LEAST:
            raise InputError(
                f"lag is {lag} with {len(x)} common periods: at least {LEAST} pairs must be left"
            )
        cut = slice(None, len(x) - lag) if lag >= 0 else slice(-lag, None)
        match = slice(lag, None) if lag >= 0 else slice(None, len(x) + lag)
        found = _spearman(x[cut], y[match])
        shifted = [_spearman(np.roll(x, move)[cut], y[match]) for move in range(1, len(x))]
        p = (1 + sum(abs(value) >= abs(found) - 1e-12 for value in shifted)) / len(x)
        rows.append((lag, found, len(x) - abs(lag), p))
    return pd.DataFrame(rows, columns=["lag", "correlation", "n", "p"])


def _common(first: pd.Series, second: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the values of both series over the periods that both have."""
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
    x, y = both.to_numpy().T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise InputError(
            "a series does not vary over the periods that both have: there is no correlation"
        )
    return x, y


def _spearman(earlier: np.ndarray, later: np.ndarray) -> float:
    """Return the rank correlation, or 0 where a window does not vary."""
    from scipy.stats import rankdata

    if np.ptp(earlier) == 0 or np.ptp(later) == 0:
        return 0.0
    return float(np.corrcoef(rankdata(earlier), rankdata(later))[0, 1])
