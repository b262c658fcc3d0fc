"""Dated spans, such as truces, as a series by month."""

from collections.abc import Iterable

import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.politics import Window, inside


def share_within(
    months: pd.PeriodIndex, first: Iterable[str], last: Iterable[str], name: str
) -> pd.Series:
    """Return which share of each month's days lies in any of several spans.

    Parameters
    ----------
    months : pandas.PeriodIndex "M", length n
        The months of a series.
    first, last : iterable of str
        First and last day of each span, both included, as ``YYYY-MM-DD``. Days that two spans share
        count once.
    name : str
        What the series is called.

    Returns
    -------
    pandas.Series of float, shape (n,)
        From 0 to 1 by month.

    Raises
    ------
    InputError
        When a span is not dated to the day, or ends before it begins.

    Examples
    --------
    A truce from the 16th of April to the end of May:

    >>> months = pd.period_range("2022-04", "2022-06", freq="M")
    >>> share_within(months, ["2022-04-16"], ["2022-05-31"], "truce").tolist()
    [0.5, 1.0, 0.0]
    """
    days = pd.period_range(months[0].asfreq("D", "start"), months[-1].asfreq("D", "end"), freq="D")
    covered = inside(days, [_days(*span) for span in zip(first, last, strict=True)])
    return pd.Series(covered, days).groupby(days.asfreq("M")).mean().reindex(months).rename(name)


def runs(share: pd.Series, least: float = 0.5) -> list[Window]:
    """Return the runs of months that lie in spans for the most part.

    Parameters
    ----------
    share : pandas.Series of float, shape (n,), index of months without gaps
        As of :func:`share_within`.
    least : float, default 0.5
        Share of a month's days from which on it counts.

    Returns
    -------
    list of tuple of pandas.Period
        First and last month of each run, both included, in order.

    Examples
    --------
    >>> months = pd.period_range("2022-04", periods=5, freq="M")
    >>> for first, last in runs(pd.Series([0.5, 1.0, 0.3, 0.0, 0.9], months)):
    ...     print(first, last)
    2022-04 2022-05
    2022-08 2022-08
    """
    covered = share >= least
    together = (covered != covered.shift()).cumsum()
    return [(one.index[0], one.index[-1]) for _, one in covered.groupby(together) if one.iloc[0]]


def _days(first: str, last: str) -> Window:
    """Return the first and the last day of a span."""
    if not (len(first) == len(last) == len("YYYY-MM-DD") and first <= last):
        raise InputError(
            f"the span from {first} to {last}: expected two days as YYYY-MM-DD, first before last"
        )
    return pd.Period(first, "D"), pd.Period(last, "D")
