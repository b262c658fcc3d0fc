"""What a provisional count is worth: provisional figures beside the final ones that followed."""

import pandas as pd

from helpers.base.errors import InputError


def by_month(
    table: pd.DataFrame, country: str, year: int, final: str, provisional: str
) -> pd.DataFrame:
    """Return the months of a year in a country, provisional and final.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country, month and version
        ``country``, ``year``, ``month``, ``version`` and ``deaths_best``; months without deaths may
        be absent.
    country : str
        The country.
    year : int
        The year.
    final, provisional : str
        The two releases.

    Returns
    -------
    pandas.DataFrame, one row a month, 1 to 12
        ``month``, ``provisional`` and ``final`` (persons killed), and ``error_pct``: how far the
        provisional figure lay above the final one, in percent; missing where the final is 0.

    Raises
    ------
    InputError
        When one of the releases does not hold the year.

    Examples
    --------
    >>> table = {"year": 2025, "month": [1, 1], "version": ["c", "f"], "deaths_best": [12, 10]}
    >>> table = pd.DataFrame(table).assign(country="X")
    >>> by_month(table, "X", 2025, "f", "c").iloc[0].tolist()
    [1.0, 12.0, 10.0, 20.0]
    """
    rows = table[table["country"] == country]
    both = {
        name: _of_year(rows, year, version)
        .groupby("month")["deaths_best"]
        .sum()
        .reindex(range(1, 13), fill_value=0)
        .astype("int64")
        for name, version in {"provisional": provisional, "final": final}.items()
    }
    found = pd.DataFrame(both).rename_axis("month").reset_index()
    known = found["final"].where(found["final"] > 0)
    return found.assign(error_pct=100 * (found["provisional"] - known) / known)


def by_country(
    table: pd.DataFrame, year: int, final: str, provisional: str, least: int = 100
) -> pd.DataFrame:
    """Return the totals of a year by country, provisional and final.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`by_month`.
    year : int
        The year.
    final, provisional : str
        The two releases.
    least : int, default 100
        The least number of provisional deaths; a ratio of small numbers says little. The final
        figure does not choose, because it is what is asked for.

    Returns
    -------
    pandas.DataFrame, one row a country, most final deaths first
        ``country``, ``provisional``, ``final``, and ``ratio``: final over provisional.

    Raises
    ------
    InputError
        When one of the releases does not hold the year, or no country had that many deaths.

    Examples
    --------
    >>> rows = [("X", "c", 200), ("X", "f", 300), ("Y", "c", 9), ("Y", "f", 90)]
    >>> table = pd.DataFrame(rows, columns=["country", "version", "deaths_best"])
    >>> by_country(table.assign(year=2025, month=1), 2025, "f", "c")["ratio"].tolist()
    [1.5]
    """
    both = {
        name: _of_year(table, year, version).groupby("country")["deaths_best"].sum()
        for name, version in {"provisional": provisional, "final": final}.items()
    }
    found = pd.DataFrame(both).fillna(0).astype("int64")
    found = found[found["provisional"] >= least]
    if found.empty:
        raise InputError(f"no country had {least} deaths in {year} by version {provisional}")
    found = found.assign(ratio=found["final"] / found["provisional"])
    return found.sort_values("final", ascending=False).rename_axis("country").reset_index()


def _of_year(table: pd.DataFrame, year: int, version: str) -> pd.DataFrame:
    rows = table[(table["version"] == version) & (table["year"] == year)]
    if rows.empty:
        raise InputError(f"version {version} of the table holds nothing of {year}")
    return rows
