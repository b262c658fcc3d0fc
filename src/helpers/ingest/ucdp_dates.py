"""Dates as editions of UCDP's event files write them: ISO, day first, or a number of Excel."""

from collections.abc import Callable
from functools import partial

import pandas as pd

# What is read, in the words of a sentence.
EXPECTED = "a day like 2024-02-28 or 28/02/2024"
ISO = r"(?P<y>\d{4})[-/.]?(?P<m>\d{2})[-/.]?(?P<d>\d{2})"
PARTS = r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})"
# Older editions write 28-Feb-24; two digits stand for the years 1969 to 2068.
WORDS = r"\d{1,2}[- ][A-Za-z]{3,9}[- ](?:\d{4}|\d{2})"
TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?)?"
EXCEL = r"\d{5}"


def month_first(*columns: pd.Series) -> bool:
    """Tell whether days in parts have the month first.

    The publisher writes the day first. A file re-saved elsewhere shows itself by a second part
    above 12.

    Parameters
    ----------
    *columns : pandas.Series of str, shape (n,)
        All columns of days of a file.

    Returns
    -------
    bool
        True where no day has a first part above 12 and some have a second.

    Examples
    --------
    >>> month_first(pd.Series(["2/28/2024"])), month_first(pd.Series(["02/03/2024"]))
    (True, False)
    """
    parts = pd.concat([_in_parts(column.drop_duplicates()) for column in columns]).dropna()
    first, second = parts["a"].astype(int), parts["b"].astype(int)
    return bool((second > 12).any() and not (first > 12).any())


def half_read(column: pd.Series) -> pd.Series:
    """Tell which days a spreadsheet could not read, so that it misread the others.

    Set to the month first, it takes 02/03 for February and turns it into a day of its own, and
    leaves 28/03 as text: days in parts all lie above 12, the others never.

    Parameters
    ----------
    column : pandas.Series of str, shape (n,)
        Days.

    Returns
    -------
    pandas.Series of bool, shape (n,)
        True for what was left as text; all False where days are not parted so.

    Examples
    --------
    >>> half_read(pd.Series(["2024-03-02", "2024-03-05", "28/02/2024", "13/02/2024"])).tolist()
    [False, False, True, True]
    >>> half_read(pd.Series(["2024-03-22", "28/02/2024", "13/02/2024"])).tolist()
    [False, False, False]
    """
    codes, texts = pd.factorize(column)
    parts = _in_parts(pd.Series(texts, dtype="str"))
    left = parts["y"].notna().take(codes).set_axis(column.index)
    above = parts["a"].dropna().astype(int).gt(12).all()
    if not above or left.sum() < 2 or (~left).sum() < 2:
        return left & False
    return left & days(column[~left], False).dt.day.le(12).all()


def days(column: pd.Series, month_leads: bool) -> pd.Series:
    """Return texts as days.

    Parameters
    ----------
    column : pandas.Series of str, shape (n,)
        Days, with or without a time of day.
    month_leads : bool
        As of :func:`month_first`.

    Returns
    -------
    pandas.Series of datetime64, shape (n,)
        Missing where a text is no day.

    Examples
    --------
    >>> texts = ["2024-02-28 00:00:00.000", "28/02/2024", "28-Feb-24", "45350", "28/13/2024"]
    >>> days(pd.Series(texts), False).dt.strftime("%Y-%m-%d").tolist()
    ['2024-02-28', '2024-02-28', '2024-02-28', '2024-02-28', nan]
    """
    # Many events share a day, and a day takes long to read.
    codes, texts = pd.factorize(column)
    found = _days(pd.Series(texts, dtype="str"), month_leads)
    return found.take(codes).set_axis(column.index).rename(column.name)


def _days(column: pd.Series, month_leads: bool) -> pd.Series:
    found = _iso(column)
    others: list[Callable[[pd.Series], pd.Series]] = [
        partial(_parted, month_leads=month_leads),
        *(partial(_worded, form=form) for form in ("%d %b %Y", "%d %B %Y", "%d %b %y")),
        _counted,
    ]
    for other in others:
        left = found.isna()
        if not left.any():  # nearly always after the first, and each takes long
            break
        found = found.fillna(other(column[left]))
    return found


def _iso(column: pd.Series) -> pd.Series:
    parts = column.str.extract(f"^{ISO}{TIME}$")
    return _day(parts["y"], parts["m"], parts["d"])


def _parted(column: pd.Series, month_leads: bool) -> pd.Series:
    parts = _in_parts(column)
    day, month = (parts["b"], parts["a"]) if month_leads else (parts["a"], parts["b"])
    return _day(parts["y"], month, day)


def _in_parts(column: pd.Series) -> pd.DataFrame:
    return column.str.extract(f"^{PARTS}{TIME}$")


def _day(year: pd.Series, month: pd.Series, day: pd.Series) -> pd.Series:
    return pd.to_datetime(
        year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2), format="%Y-%m-%d", errors="coerce"
    )


def _worded(column: pd.Series, form: str) -> pd.Series:
    words = column.where(column.str.fullmatch(WORDS)).str.replace("-", " ")
    return pd.to_datetime(words, format=form, errors="coerce")


def _counted(column: pd.Series) -> pd.Series:
    """Return what Excel counts in days, 1 being the first of January 1900."""
    numbers = pd.to_numeric(column.where(column.str.fullmatch(EXCEL)), errors="coerce")
    return pd.Timestamp("1899-12-30") + pd.to_timedelta(numbers, unit="D")
