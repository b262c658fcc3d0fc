"""Dated shocks and yearly ratings: windows about a date, and series to set beside a rating."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.estimate import Estimate

Window = tuple[pd.Period, pd.Period]


def windows(
    dates: Iterable[pd.Period], first: int, length: int, *, end: pd.Period | None = None
) -> list[Window]:
    """Return the first and the last period of a window at each date.

    Parameters
    ----------
    dates : iterable of pandas.Period
        The periods of the events.
    first : int
        Periods from the event to the window's first one; below 0 the window begins before it.
    length : int
        Periods in the window, at least 1.
    end : pandas.Period, optional
        The last period that there is; windows that reach past it are cut there.

    Returns
    -------
    list of tuple of pandas.Period
        First and last period of each window, both included, in the order of ``dates``.

    Raises
    ------
    InputError
        When ``length`` is below 1, or a window begins after ``end``.

    Examples
    --------
    Three months after an event in May, and three before it:

    >>> event = [pd.Period("2023-05", "M")]
    >>> [str(month) for month in windows(event, 1, 3)[0]]
    ['2023-06', '2023-08']
    >>> [str(month) for month in windows(event, -3, 3)[0]]
    ['2023-02', '2023-04']
    """
    if length < 1:
        raise InputError(f"the windows are {length} periods long: expected at least 1")
    found = [(date + first, date + first + length - 1) for date in dates]
    if end is None:
        return found
    if late := [str(start) for start, _ in found if start > end]:
        raise InputError(f"the window that begins in {late[0]} lies past the last period {end}")
    return [(start, min(stop, end)) for start, stop in found]


def inside(index: pd.PeriodIndex, spans: Iterable[Window]) -> np.ndarray:
    """Return which periods lie in any of the windows.

    Parameters
    ----------
    index : pandas.PeriodIndex, length n
        The periods of a series.
    spans : iterable of tuple of pandas.Period
        Windows as of :func:`windows`.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        True in a window.

    Examples
    --------
    >>> months = pd.period_range("2024-01", "2024-04", freq="M")
    >>> inside(months, [(months[1], months[2])]).tolist()
    [False, True, True, False]
    """
    return np.any([(index >= start) & (index <= stop) for start, stop in spans], axis=0)


def window_table(
    found: Mapping[tuple[str, str], Estimate],
    ranks: Mapping[tuple[str, str], Estimate],
    length: str,
) -> pd.DataFrame:
    """Return the ratios of windows as a table.

    Parameters
    ----------
    found : mapping of (str, str) to Estimate
        By series and place ("after", "before"): the ratio to what was expected.
    ranks : mapping of (str, str) to Estimate
        By the same keys: the estimate whose p is a rank among other places.
    length : str
        How long a window is, in words, such as "three months".

    Returns
    -------
    pandas.DataFrame
        A row for each key: ``windows`` (words), ``ratio``, ``low``, ``high``, ``p`` and ``p_rank``.

    Examples
    --------
    >>> one = Estimate(1.5, 0.9, 2.5, 0.12)
    >>> rank = Estimate(1.4, p=0.2)
    >>> table = window_table({("abc", "after"): one}, {("abc", "after"): rank}, "a week")
    >>> table.to_dict("records")[0]["windows"], float(table.loc[0, "p_rank"])
    ('ABC, a week after', 0.2)
    """
    return pd.DataFrame(
        {
            "windows": f"{name.upper()}, {length} {when}",
            "ratio": one.value,
            "low": one.low,
            "high": one.high,
            "p": one.p,
            "p_rank": ranks[name, when].p,
        }
        for (name, when), one in found.items()
    )


def rating(ratings: pd.DataFrame, indicator: str, vintage: str) -> pd.Series:
    """Return one indicator of one edition of the ratings by year.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Columns ``indicator``, ``vintage``, ``year`` (int) and ``value`` (float); rows without a
        value are left out.
    indicator, vintage : str
        Which rows; editions are never mixed, because their scales differ.

    Returns
    -------
    pandas.Series of float, PeriodIndex "Y"
        The rating, on its own scale, in order of time.

    Raises
    ------
    InputError
        When no row has both.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"indicator": "power", "vintage": "v1", "year": [2001, 2000], "value": [0.4, 0.3]}
    ... )
    >>> rating(table, "power", "v1").tolist()
    [0.3, 0.4]
    """
    rows = ratings[(ratings["indicator"] == indicator) & (ratings["vintage"] == vintage)]
    rows = rows.dropna(subset="value").sort_values("year")
    if rows.empty:
        raise InputError(f"there is no rating '{indicator}' of the edition '{vintage}'")
    index = pd.PeriodIndex(rows["year"].astype(str), freq="Y")
    return pd.Series(rows["value"].to_numpy("float64"), index=index)


def log_by_year(table: pd.DataFrame, column: str) -> pd.Series:
    """Return the logarithm of one more than a yearly total.

    Parameters
    ----------
    table : pandas.DataFrame
        ``year`` (int) and ``column``, one or more rows a year.
    column : str
        What is added up, such as deaths.

    Returns
    -------
    pandas.Series of float, PeriodIndex "Y"
        ``log(total + 1)``, so that a year without any has a value.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2000, 2000], "deaths": [3, 4]})
    >>> float(np.exp(log_by_year(table, "deaths").iloc[0]).round(6))
    8.0
    """
    totals = table.groupby("year")[column].sum()
    index = pd.PeriodIndex(totals.index.astype(str), freq="Y")
    return pd.Series(np.log(totals.to_numpy() + 1.0), index=index)
