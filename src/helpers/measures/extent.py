"""How far a table reaches, from its rows: what a text says of it goes on when the table does."""

import calendar
import re
from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError

CANDIDATE = "candidate"  # the provisional rows
CLOSED = re.compile(r"\d+\.\d+")  # a release of two numbers holds whole years


class Extent(NamedTuple):
    """First and last month of a table, and the release that counted it.

    Attributes
    ----------
    first, last : pandas.Period
        Months, both included.
    release : str
        The release as the table spells it; several joined by commas.

    Examples
    --------
    >>> one = Extent(pd.Period("2010-01", "M"), pd.Period("2026-05", "M"), "26.1")
    >>> one.years, one.last_whole_year, one.results()["last_month"]
    ('2010 to 2026', 2025, 'May 2026')
    """

    first: pd.Period
    last: pd.Period
    release: str

    @property
    def years(self) -> str:
        """First and last year in words."""
        return span_words(self.first.year, self.last.year)

    @property
    def last_whole_year(self) -> int:
        """The last year that is there to its December."""
        return self.last.year - (self.last.month < 12)

    def results(self) -> dict[str, int | str]:
        """Return what a text may quote.

        Returns
        -------
        dict of str to int or str
            The ``release``, ``first_year`` and ``last_year``, and ``last_month`` in words.
        """
        return {
            "release": self.release,
            "first_year": self.first.year,
            "last_year": self.last.year,
            "last_month": month_words(self.last),
        }


def extent(table: pd.DataFrame, *, provisional: bool = False) -> Extent:
    """Return how far a table reaches.

    Parameters
    ----------
    table : pandas.DataFrame, one row a month, or a group of events
        ``version``, and ``month`` (timestamp) or, of events, ``month_start`` (timestamp, missing
        where the month is not known) and ``year``. Events of a release that closes its years reach
        to a December, others to their last month.
    provisional : bool, default False
        Count the provisional rows as well.

    Returns
    -------
    Extent
        From the first row to the last.

    Raises
    ------
    InputError
        When there is no such row.

    Examples
    --------
    >>> months = pd.to_datetime(["2023-11-01", "2024-12-01", "2025-01-01"])
    >>> table = pd.DataFrame({"month": months, "version": ["25.1", "25.1", CANDIDATE]})
    >>> str(extent(table).last), str(extent(table, provisional=True).last)
    ('2024-12', '2025-01')
    >>> events = pd.DataFrame({"year": 2021, "month_start": months[:1], "version": "22.1"})
    >>> str(extent(events).last), str(extent(events.assign(version="22.0.11")).last)
    ('2021-12', '2023-11')
    """
    rows = table if provisional else table[table["version"] != CANDIDATE]
    if rows.empty:
        raise InputError("the table holds provisional months only, expected a final release")
    release = ", ".join(sorted(rows["version"].unique()))
    months = rows["month"].dt.to_period("M") if "month" in rows else covered(rows)
    return Extent(months.min(), months.max(), release)


def covered(events: pd.DataFrame) -> pd.PeriodIndex:
    """Return the months that a table of events covers.

    Parameters
    ----------
    events : pandas.DataFrame, one row a group of events
        ``year``, and ``month_start`` (timestamp, missing where the month is not known). Without a
        ``version``, or where it closes its years, they reach over whole years, else to the last
        month that has an event.

    Returns
    -------
    pandas.PeriodIndex "M"
        Without a gap.

    Examples
    --------
    >>> events = pd.DataFrame({"year": [2021], "month_start": pd.to_datetime(["2021-05-01"])})
    >>> len(covered(events)), len(covered(events.assign(version="21.0.5")))
    (12, 5)
    """
    first, last = f"{events['year'].min()}-01", f"{events['year'].max()}-12"
    if "version" in events and not all(map(CLOSED.fullmatch, events["version"].unique())):
        last = events["month_start"].max()
    return pd.period_range(first, last, freq="M", name="month")


def month_words(month: pd.Period) -> str:
    """Return a month in words.

    Parameters
    ----------
    month : pandas.Period "M"
        The month.

    Returns
    -------
    str
        Its English name and its year.

    Examples
    --------
    >>> month_words(pd.Period("2024-12", "M"))
    'December 2024'
    """
    return f"{calendar.month_name[month.month]} {month.year}"


def span_words(first: int, last: int) -> str:
    """Return a span of years in words.

    Parameters
    ----------
    first, last : int
        Years, both included.

    Returns
    -------
    str
        Both, or one where they are the same.

    Examples
    --------
    >>> span_words(2018, 2021), span_words(2021, 2021)
    ('2018 to 2021', '2021')
    """
    return f"{first} to {last}" if first < last else str(first)


def begun(table: pd.DataFrame) -> str:
    """Return which months of its last year the provisional rows hold, in words.

    Parameters
    ----------
    table : pandas.DataFrame
        ``month`` (timestamp) and ``version``.

    Returns
    -------
    str
        Such as ``to May``; empty where no row is provisional.

    Examples
    --------
    >>> table = pd.DataFrame({"month": pd.to_datetime(["2026-05-01"]), "version": CANDIDATE})
    >>> begun(table), begun(table.assign(version="26.1"))
    ('to May', '')
    """
    last = table.loc[table["version"] == CANDIDATE, "month"].max()
    return "" if pd.isna(last) else f"to {calendar.month_name[last.month]}"
