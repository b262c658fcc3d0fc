"""Periods as publishers print them.

``2024``, ``2024-03``, ``2024-Q1``, ``2024-H1``, ``2005/2015`` (years) and ``2024-01/2024-05``
(whole months) are runs of months; ``2024-01-01/2024-12-09`` (days) and ``../2013`` (to the end of a
year, from a start that is not stated) are not, so they fill no month, quarter or year.
"""

import re
from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError


class Span(NamedTuple):
    """A run of whole months.

    Attributes
    ----------
    start : int
        First month, counted from January of year 0.
    length : int
        Number of months.
    """

    start: int
    length: int


def span(period: str) -> Span | None:
    """Read a period as a run of months.

    Parameters
    ----------
    period : str
        As a publisher prints it, in one of the forms of this module.

    Returns
    -------
    Span or None
        The months; ``None`` for a period of days and one without a start.

    Raises
    ------
    InputError
        For any other text.

    Examples
    --------
    >>> span("2024-Q2").start - span("2024").start, span("2024-Q2").length
    (3, 3)
    >>> span("2024-01-01/2024-12-09") is None
    True
    """
    if run := re.fullmatch(r"(\d{4})(?:/(\d{4}))?", period):
        first, last = int(run[1]), int(run[2] or run[1])
        return Span(first * 12, (last - first + 1) * 12)
    if part := re.fullmatch(r"(\d{4})-([QH])([1-4])", period):
        length = 3 if part[2] == "Q" else 6
        if int(part[3]) * length <= 12:
            return Span(int(part[1]) * 12 + (int(part[3]) - 1) * length, length)
    if run := re.fullmatch(r"(\d{4})-(\d\d)(?:/(\d{4})-(\d\d))?", period):
        first = int(run[1]) * 12 + int(run[2]) - 1
        last = int(run[3] or run[1]) * 12 + int(run[4] or run[2]) - 1
        if 1 <= int(run[2]) <= 12 and first <= last:
            return Span(first, last - first + 1)
    if re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d|\.\./\d{4}", period):
        return None
    raise InputError(
        f"the period '{period}' is not one of 2024, 2024-03, 2024-Q1, 2024-H1, 2005/2015, "
        "2024-01/2024-05, 2024-01-01/2024-12-09 or ../2013"
    )


def start_of(run: Span) -> pd.Timestamp:
    """Return the first day of a run of months.

    Parameters
    ----------
    run : Span
        The months.

    Returns
    -------
    pandas.Timestamp
        The day.

    Examples
    --------
    >>> start_of(Span(2024 * 12 + 3, 3))
    Timestamp('2024-04-01 00:00:00')
    """
    return pd.Timestamp(year=run.start // 12, month=run.start % 12 + 1, day=1)
