"""Dates as editions of UCDP's event files write them: ISO, day first, or a number of Excel."""

import pandas as pd

# What is read, in the words of a sentence.
EXPECTED = "a day like 2024-02-28 or 28/02/2024"
ISO = r"(?P<y>\d{4})[-/.]?(?P<m>\d{2})[-/.]?(?P<d>\d{2})"
PARTS = r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})"
WORDS = r"\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{4}"
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
    parts = pd.concat([column.str.extract(f"^{PARTS}{TIME}$") for column in columns]).dropna()
    first, second = parts["a"].astype(int), parts["b"].astype(int)
    return bool((second > 12).any() and not (first > 12).any())


def unclear(*columns: pd.Series) -> pd.Series:
    """Tell which days cannot be told from others.

    Parameters
    ----------
    *columns : pandas.Series of str, shape (n,)
        All columns of days of a file, with one index.

    Returns
    -------
    pandas.Series of bool, shape (n,)
        Days in parts where no part of any is above 12, so that nothing tells which is the month;
        and days in parts beside others that are not: a spreadsheet read those that it could, with
        the month first.

    Examples
    --------
    >>> unclear(pd.Series(["02/03/2024", "03/04/2024"])).tolist()
    [True, True]
    >>> unclear(pd.Series(["02/03/2024", "28/02/2024"])).tolist()
    [False, False]
    >>> unclear(pd.Series(["2024-03-02", "28/02/2024"])).tolist()
    [False, True]
    """
    parts = [column.str.extract(f"^{PARTS}{TIME}$") for column in columns]
    split = pd.concat(parts).dropna()
    numbers = split[["a", "b"]].astype(int)
    told = (numbers > 12).any(axis=None) or numbers["a"].eq(numbers["b"]).all()
    whole = all(part["y"].notna().all() for part in parts)
    if told and whole:
        return pd.Series(False, index=columns[0].index)
    return pd.concat([part["y"].notna() for part in parts], axis=1).any(axis=1)


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
    >>> texts = ["2024-02-28 00:00:00.000", "28/02/2024", "28-Feb-2024", "45350", "28/13/2024"]
    >>> days(pd.Series(texts), False).dt.strftime("%m-%d").tolist()
    ['02-28', '02-28', '02-28', '02-28', nan]
    """
    iso = column.str.extract(f"^{ISO}{TIME}$")
    parts = column.str.extract(f"^{PARTS}{TIME}$")
    day, month = (parts["b"], parts["a"]) if month_leads else (parts["a"], parts["b"])
    spelt = [
        _day(iso["y"], iso["m"], iso["d"]),
        _day(parts["y"], month, day),
        *(_worded(column, form) for form in ("%d %b %Y", "%d %B %Y")),
        _counted(column),
    ]
    found = spelt[0]
    for other in spelt[1:]:
        found = found.fillna(other)
    return found


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
