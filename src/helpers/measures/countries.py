"""Countries side by side: a panel of quarters, and who may serve as a donor."""

from collections.abc import Iterable

import pandas as pd

from helpers.base.errors import InputError, did_you_mean


def quarters(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return deaths by quarter and country.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country and month
        ``country``, ``month`` (timestamp of its first day), ``version`` (one release) and
        ``deaths``.
    first, last : str
        Quarters, such as ``2010Q1``.

    Returns
    -------
    pandas.DataFrame of int, shape (n_quarters, n_countries), PeriodIndex "Q"
        Deaths a quarter, 0 where nobody died.

    Raises
    ------
    InputError
        When the table holds several releases.

    Examples
    --------
    >>> months = pd.to_datetime(["2020-01-01", "2020-03-01", "2020-02-01"])
    >>> rows = pd.DataFrame({"country": ["A", "A", "B"], "month": months, "deaths": [3, 4, 5]})
    >>> quarters(rows.assign(version="v"), "2020Q1", "2020Q1").loc["2020Q1"].tolist()
    [7, 5]
    """
    if table["version"].nunique() > 1:
        raise InputError(
            f"the table holds {table['version'].nunique()} versions, expected one; two releases "
            "never meet in one series"
        )
    wide = table.assign(quarter=pd.PeriodIndex(table["month"], freq="Q")).pivot_table(
        index="quarter", columns="country", values="deaths", aggfunc="sum", fill_value=0
    )
    return wide.loc[first:last].astype("int64")


def donors(
    panel: pd.DataFrame,
    treated: str,
    before: str,
    *,
    without: Iterable[str] = (),
    least: float = 0.75,
) -> list[str]:
    """Return the countries that may stand in for the treated one: violent before, untouched since.

    Parameters
    ----------
    panel : pandas.DataFrame of int, shape (n_periods, n_countries), PeriodIndex
        Deaths a period, as of :func:`quarters`.
    treated : str
        The country under study, which is no donor to itself.
    before : str
        The first period after the event.
    without : iterable of str
        Countries that the event may have touched themselves.
    least : float, default 0.75
        The least share of the periods before the event in which a donor had deaths.

    Returns
    -------
    list of str
        At least two, in the order of the panel.

    Raises
    ------
    InputError
        When the panel lacks a named country, or fewer than two are left.

    Examples
    --------
    >>> index = pd.period_range("2020Q1", periods=4, freq="Q")
    >>> panel = pd.DataFrame({"A": 5, "B": 3, "C": [0, 0, 1, 1], "D": 2, "E": 1}, index=index)
    >>> donors(panel, "A", "2020Q3", without=["E"])
    ['B', 'D']
    """
    without = list(without)
    for country in [treated, *without]:
        if country not in panel:
            raise InputError(
                f"the panel has no country '{country}'" + did_you_mean(country, panel.columns)
            )
    earlier = panel[panel.index < pd.Period(before, panel.index.freq)]
    kept = (earlier > 0).mean() >= least
    found = [country for country in panel if kept[country] and country not in (treated, *without)]
    if len(found) < 2:
        raise InputError(
            f"{len(found)} countries had deaths in {least:.0%} of the periods before {before}: "
            "expected at least two donors"
        )
    return found
