"""What trends that begin in different years lead one to expect of the same later periods."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.months.prediction import predict
from helpers.stats.months.trend import fit_trend

BAND = 0.8
FORMATS = {
    "expected": "{:,.0f}",
    "low_80": "{:,.0f}",
    "high_80": "{:,.0f}",
    "share_at_least": "{:.2f}",
}


def expectations(
    series: pd.Series, starts: Iterable[str], later: pd.Series, seed: int
) -> pd.DataFrame:
    """Return the sum that a trend predicts for later periods, by the period in which it begins.

    Every trend meets the same random numbers, so that only its beginning makes a difference.

    Parameters
    ----------
    series : pandas.Series of int, shape (n_periods,), PeriodIndex
        Counts a period, up to the last one before ``later``.
    starts : iterable of str
        First periods of the trends, such as ``2021-01``.
    later : pandas.Series of int, shape (n_later,), PeriodIndex
        What happened in the periods that follow.
    seed : int
        Of the generator that each trend gets anew.

    Returns
    -------
    pandas.DataFrame, one row a start
        ``trend_from``, ``expected`` (median), ``low_80`` and ``high_80`` (the band of four
        simulated sums in five), ``observed``, and ``share_at_least`` (of the simulated sums).

    Raises
    ------
    InputError
        When ``later`` does not follow ``series``.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> level = pd.Series([9, 11] * 24, index=months)
    >>> table = expectations(level[:36], ["2020-01", "2021-01"], level[36:], seed=1)
    >>> table["observed"].tolist(), bool(table["expected"].between(110, 130).all())
    ([120, 120], True)
    """
    if later.index[0] != series.index[-1] + 1:
        raise InputError(f"{later.index[0]} does not follow {series.index[-1]}: nothing to predict")
    observed, rows = int(later.sum()), []
    for start in starts:
        found = predict(fit_trend(series[start:]), len(later), np.random.default_rng(seed))
        total = found.total(BAND)
        rows.append(
            {
                "trend_from": start,
                "expected": total.value,
                "low_80": total.low,
                "high_80": total.high,
                "observed": observed,
                "share_at_least": found.p_value(observed),
            }
        )
    return pd.DataFrame(rows)
