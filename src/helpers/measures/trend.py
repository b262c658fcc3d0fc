"""Changes from year to year, by whom and by whose count, and what trends lead one to expect."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.harm import changes
from helpers.stats.counts.inflation import Inflation
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.months.prediction import predict
from helpers.stats.months.trend import fit_trend

BAND = 0.8
FORMATS = {
    "expected": "{:,.0f}",
    "low_80": "{:,.0f}",
    "high_80": "{:,.0f}",
    "share_at_least": "{:.2f}",
}
RISE_FORMATS = {"before": "{:,.0f}", "after": "{:,.0f}"} | dict.fromkeys(
    ["ratio", "low", "high"], "{:.2f}"
)


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


def rises(
    found: pd.DataFrame, years: Sequence[int], inflation: Mapping[Any, float | Inflation]
) -> pd.DataFrame:
    """Return by class of harm and source how each year compares with the one before it.

    Parameters
    ----------
    found : pandas.DataFrame
        Readings of harm, as of :func:`helpers.measures.harm.readings`.
    years : sequence of int
        The years, in order; at least two.
    inflation : mapping to float or Inflation
        The variance inflation of each class of harm, or of each pair of source and class; the rows
        come in its order, and what it lacks is left out.

    Returns
    -------
    pandas.DataFrame, one row a class, source and pair of years
        ``harm``, ``source``, ``counts``, ``years`` (such as ``2024 against 2023``), the counts
        ``before`` and ``after`` (of one kind of figure), and ``ratio``, ``low``, ``high`` (95 %
        interval).

    Raises
    ------
    InputError
        When fewer than two years are named, or no source has two of them.

    Examples
    --------
    >>> from helpers.measures.harm import WHOLE, counted
    >>> dead = counted(pd.DataFrame({"militants": [40, 60]}, index=[2023, 2024]), "U", WHOLE, "v")
    >>> table = rises(dead, [2023, 2024], {"militants": 4})
    >>> table[["years", "ratio"]].values.tolist()
    [['2024 against 2023', 1.5]]
    """
    if len(years) < 2:
        raise InputError("a rise needs two years or more")
    parts = [
        changes(found, before, after).assign(years=f"{after} against {before}")
        for before, after in pairwise(years)
    ]
    rows = pd.concat(parts, ignore_index=True)
    keys = [
        own if (own := (row.source, row.harm)) in inflation else row.harm
        for row in rows.itertuples()
    ]
    place = pd.Series(keys, index=rows.index).map({key: at for at, key in enumerate(inflation)})
    known = place.notna() & rows[["before", "after"]].gt(0).all(axis=1)
    rows = rows.assign(key=keys, place=place)[known].sort_values(["place", "source", "years"])
    ratios = [
        rate_ratio(row.after, row.before, inflation=inflation[row.key]) for row in rows.itertuples()
    ]
    return (
        rows[["harm", "source", "counts", "years", "before", "after"]]
        .assign(
            ratio=[one.value for one in ratios],
            low=[one.low for one in ratios],
            high=[one.high for one in ratios],
        )
        .reset_index(drop=True)
    )
