"""The months of a run: what does not lie in them is in none of its tables."""

import pandas as pd


def within(table: pd.DataFrame, first: str, last: str, months: int | pd.Series = 1) -> pd.DataFrame:
    """Return the rows that lie wholly in a span of months.

    Parameters
    ----------
    table : pandas.DataFrame, one row a month, quarter or other run of months
        Its first day stands in ``month`` or ``period_start`` (timestamps).
    first, last : str
        First and last month of the span, both included, YYYY-MM.
    months : int or pandas.Series of int, default 1
        How many months a row covers; a Series has one number a row.

    Returns
    -------
    pandas.DataFrame
        In the same order, counted from 0.

    Examples
    --------
    >>> table = pd.DataFrame({"month": pd.to_datetime(["2023-12-01", "2024-01-01", "2024-02-01"])})
    >>> len(within(table, "2024-01", "2024-01")), len(within(table, "2024-01", "2024-02"))
    (1, 2)

    A year of which one month is outside is outside:

    >>> year = pd.DataFrame({"period_start": pd.to_datetime(["2024-01-01"])})
    >>> [len(within(year, "2024-01", last, 12)) for last in ("2024-11", "2024-12")]
    [0, 1]
    """
    start = table["month" if "month" in table else "period_start"].dt.to_period("M")
    number = start.dt.year * 12 + start.dt.month
    low, high = (year * 12 + month for year, month in map(_parts, (first, last)))
    inside = (number >= low) & (number + months - 1 <= high)
    return table[inside].reset_index(drop=True)


def _parts(month: str) -> tuple[int, int]:
    year, _, number = month.partition("-")
    return int(year), int(number)
