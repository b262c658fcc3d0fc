"""What the tables can say of one country, however little happened there: one rule, and the years.

A country with eight events in thirty years has no trend, no inflation and no forecast by a model.
Whether it has is decided in one place, :func:`enough`, from the data and before anything is
estimated.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.base.errors import InputError

SHARE = 0.25  # of the months of a span; three of a year
YEAR = 12


def enough(*spans: pd.Series) -> bool:
    """Return whether spans of months hold enough to estimate anything from them.

    Parameters
    ----------
    *spans : pandas.Series of float, shape (n_months,) each
        Counts by month.

    Returns
    -------
    bool
        Whether in each of them at least a quarter of the months, and at least three, are not 0.

    Examples
    --------
    >>> year = pd.Series([0, 4, 0, 0, 1, 0, 0, 0, 0, 9, 0, 0])
    >>> enough(year), enough(year, year.where(year < 9, 0)), enough()
    (True, False, False)
    """
    return bool(spans) and all((one > 0).sum() >= max(3, SHARE * len(one)) for one in spans)


def last_year(series: pd.Series) -> int:
    """Return the last year of which a series has all twelve months.

    Parameters
    ----------
    series : pandas.Series of float, PeriodIndex "M"
        Counts by month of a final release.

    Returns
    -------
    int
        A year.

    Raises
    ------
    InputError
        When there is no such year.

    Examples
    --------
    >>> last_year(pd.Series(0.0, pd.period_range("2022-03", "2024-11", freq="M")))
    2023
    """
    return int(yearly(series).index[-1])


def yearly(series: pd.Series) -> pd.Series:
    """Return the sums of the whole years of a series.

    Parameters
    ----------
    series : pandas.Series of float, PeriodIndex "M"
        Counts by month.

    Returns
    -------
    pandas.Series of float, index of years
        At least one.

    Raises
    ------
    InputError
        When no year has twelve months.

    Examples
    --------
    >>> yearly(pd.Series(2.0, pd.period_range("2022-03", "2024-11", freq="M"))).to_dict()
    {2023: 24.0}
    """
    by_year = series.groupby(series.index.year)
    sums = by_year.sum()[by_year.size() == YEAR]
    if sums.empty:
        raise InputError(
            f"no year from {series.index[0]} to {series.index[-1]} has twelve months; "
            "expected 'first_month' and 'last_month' with a whole year between them"
        )
    return sums.rename_axis("year")


def by_type(years: pd.DataFrame, what: str = "deaths_best") -> pd.DataFrame:
    """Return counts by year and type of violence.

    Parameters
    ----------
    years : pandas.DataFrame, one row a year and type of violence
        Of one release: ``year``, ``type_of_violence`` and the column that ``what`` names.
    what : str, default "deaths_best"
        What is counted.

    Returns
    -------
    pandas.DataFrame of int, shape (n_years, n_types), index of years
        The type with most over all years first; 0 where nothing is stated.

    Examples
    --------
    >>> rows = {"year": 2020, "type_of_violence": ["one-sided", "state-based"]}
    >>> by_type(pd.DataFrame(rows | {"deaths_best": [2, 5]})).columns.tolist()
    ['state-based', 'one-sided']
    """
    wide = years.pivot_table(
        index="year", columns="type_of_violence", values=what, aggfunc="sum", fill_value=0
    ).astype("int64")
    return wide[wide.sum().sort_values(ascending=False, kind="stable").index]


def per_event(deaths: pd.Series, events: pd.Series) -> pd.Series:
    """Return deaths per event by period, where there are events.

    Parameters
    ----------
    deaths, events : pandas.Series of float
        Counts by the same periods.

    Returns
    -------
    pandas.Series of float
        Without the periods that have no event.

    Examples
    --------
    >>> per_event(pd.Series({2020: 4.0, 2021: 0.0}), pd.Series({2020: 2.0, 2021: 0.0})).to_dict()
    {2020: 2.0}
    """
    return (deaths / events.where(events > 0)).dropna()


def first_in(values: Mapping | pd.Series) -> dict[str, object]:
    """Return what stands first in counts, and its share of them.

    Parameters
    ----------
    values : mapping or pandas.Series of float
        Counts by name.

    Returns
    -------
    dict
        ``first`` (the name; of equal counts the one that stands first) and ``first_pct`` (percent
        of the sum); empty where all are 0.

    Examples
    --------
    >>> first_in({"a": 1, "b": 3})
    {'first': 'b', 'first_pct': 75.0}
    >>> first_in({"a": 0})
    {}
    """
    counted = pd.Series(values, dtype="float64")
    if not counted.sum() > 0:
        return {}
    return {"first": str(counted.idxmax()), "first_pct": float(100 * counted.max() / counted.sum())}


def judged_year(table: pd.DataFrame, final: str, provisional: str) -> int | None:
    """Return the last year that a final release and the provisional months both hold whole.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country, month and version
        ``year``, ``month`` and ``version``.
    final, provisional : str
        The two releases.

    Returns
    -------
    int or None
        ``None`` where there is no such year.

    Examples
    --------
    >>> months = pd.DataFrame({"year": 2025, "month": range(1, 13)})
    >>> table = pd.concat([months.assign(version=one) for one in ("f", "c")])
    >>> judged_year(table, "f", "c"), judged_year(table.iloc[:-1], "f", "c")
    (2025, None)
    """
    months = table.groupby(["version", "year"])["month"].nunique()
    whole = months[months == YEAR].reset_index()
    by = [set(whole.loc[whole["version"] == one, "year"]) for one in (final, provisional)]
    return int(max(by[0] & by[1])) if by[0] & by[1] else None
