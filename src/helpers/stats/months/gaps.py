"""Series of counts with periods that nobody published: filled, and the filling taken out again.

A period without a value is no zero, and closing the gap would make neighbours of periods that are
none, which a memory of errors would take at its word. A column of its own for each missing period
leaves the regression with what was counted, at its true distance in time (Salkever 1976).
"""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, regular


def bridged(series: pd.Series) -> tuple[pd.Series, pd.DataFrame]:
    """Return a series without gaps, and a column for each period that was one.

    Parameters
    ----------
    series : pandas.Series of float, shape (n,), PeriodIndex
        Counts; periods may lack, or be NaN.

    Returns
    -------
    values : pandas.Series of float, shape (m,), PeriodIndex without gaps
        From the first count to the last; missing periods lie on a line between their neighbours.
    columns : pandas.DataFrame of float, shape (m, m - counts), PeriodIndex
        1 in the missing period, 0 elsewhere: controls that take the filled values out of a fit.

    Raises
    ------
    InputError
        Fewer than four periods have a value, a period is given twice, or a value is no count.

    References
    ----------
    * Salkever (1976), The use of dummy variables to compute predictions, prediction errors, and
      confidence intervals.

    Examples
    --------
    >>> months = pd.PeriodIndex(["2024-01", "2024-02", "2024-04", "2024-05"], freq="M")
    >>> values, columns = bridged(pd.Series([4.0, 6.0, 10.0, 7.0], months))
    >>> values.tolist(), columns.columns.tolist(), columns["gap 2024-03"].tolist()
    ([4.0, 6.0, 8.0, 10.0, 7.0], ['gap 2024-03'], [0.0, 0.0, 1.0, 0.0, 0.0])
    """
    if not isinstance(series.index, pd.PeriodIndex) or series.index.has_duplicates:
        raise InputError("the series has no periods, or one of them twice: expected each once")
    known = series.dropna().sort_index()
    counted = pd.Series(counts(known, "the series", 4), known.index)
    index = pd.period_range(known.index[0], known.index[-1], freq=known.index.freq)
    lacking = index.difference(known.index)
    columns = {f"gap {one}": (index == one).astype(float) for one in lacking}
    at = np.arange(len(index), dtype="float64")
    there = index.isin(known.index)
    values = pd.Series(np.round(np.interp(at, at[there], counted.to_numpy())), index)
    return values.set_axis(regular(values, "the series")), pd.DataFrame(columns, index=index)
