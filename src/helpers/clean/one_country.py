"""UCDP's tables of any country, one without events or without provinces among them."""

import pandas as pd

from helpers.clean.spans import within
from helpers.clean.versions import held, of_version, span, whole

PROVINCE = ["province", "month", "version", "events", "deaths"]
UNNAMED = "not known"  # the province of events that the table places in a country alone


def with_zeros(everywhere: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return the months of every country, with those of one that had no event at all.

    UCDP looks at every country; a table of events by month has no row where there is nothing.

    Parameters
    ----------
    everywhere : pandas.DataFrame, one row a country, version and month
        As of :func:`helpers.clean.ucdp.everywhere`.
    country : str
        The country.

    Returns
    -------
    pandas.DataFrame
        ``everywhere``, and behind it a row of zeros for each month of each version in which the
        country does not stand; what the version states nowhere stays missing.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["A"], "month": [pd.Timestamp("2024-05-01")]})
    >>> table = table.assign(version="26.1", deaths=7).astype({"deaths": "Int64"})
    >>> with_zeros(table, "B")[["country", "deaths"]].values.tolist()
    [['A', 7], ['B', 0]]
    """
    parts = [everywhere]
    for version, rows in everywhere.groupby("version", sort=False):
        if country in set(rows["country"]):
            continue
        zero = rows[["month"]].drop_duplicates().assign(country=country, version=version)
        for name in rows.columns.difference(zero.columns, sort=False):
            zero[name] = pd.array([0 if rows[name].notna().any() else None] * len(zero), "Int64")
        parts.append(zero[list(everywhere)])
    return pd.concat(parts, ignore_index=True)


def provinces(
    table: pd.DataFrame, country: str, version: str, first: str, last: str
) -> pd.DataFrame:
    """Return events and deaths by province and month, as UCDP spells the provinces.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country, province, month and version
        ``country``, ``province`` (missing where it is not known), ``year``, ``month``, ``version``,
        ``events`` and ``deaths_best``.
    country : str
        The country.
    version : str
        The release, or the newest final one that the table holds.
    first, last : str
        First and last month to keep, YYYY-MM.

    Returns
    -------
    pandas.DataFrame, one row a province and month
        The columns of :data:`PROVINCE`, 0 where nothing happened; no row where the table has none
        of the country.

    Raises
    ------
    InputError
        When a province has a month twice.

    Examples
    --------
    >>> row = {"country": "A", "province": "P", "year": 2020, "month": 2, "version": "25.1"}
    >>> table = pd.DataFrame([row | {"events": 1, "deaths_best": 4}, row | {"country": "B"}])
    >>> found = provinces(table.fillna(0), "A", "26.1", "2020-01", "2020-12")
    >>> found[["province", "version", "deaths"]].values.tolist()
    [['P', '25.1', 4]]
    >>> len(provinces(table.fillna(0), "C", "26.1", "2020-01", "2020-12"))
    0
    """
    release = held(table, version)
    over = span(table, release)
    ours = of_version(table, release).loc[lambda rows: rows["country"] == country]
    ours = ours.rename(columns={"deaths_best": "deaths"}).fillna({"province": UNNAMED})
    if ours.empty:
        kinds = {"month": "datetime64[us]", "events": "Int64", "deaths": "Int64"}
        return pd.DataFrame(columns=PROVINCE).astype(dict.fromkeys(PROVINCE, "str") | kinds)
    kept = ours[["province", "year", "month", "version", "events", "deaths"]]
    return within(whole(kept, release, ["province"], over)[PROVINCE], first, last)
