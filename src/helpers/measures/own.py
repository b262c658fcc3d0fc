"""A researcher's own counts in one country: by month, and by whole year beside UCDP's."""

from dataclasses import dataclass

import pandas as pd

from helpers.base.names import as_slug
from helpers.measures.country import YEAR


@dataclass(frozen=True)
class Source:
    """What one source counts in one country.

    Attributes
    ----------
    name, scope : str
        What it is called, and what counts.
    slug : str
        Its name in keys of results, unlike that of any other source of the table.
    counts : pandas.DataFrame of float, shape (n_months, 1 or 2), PeriodIndex "M"
        ``events``, and ``deaths`` where the source states any; 0 in a month without a row.
    """

    name: str
    scope: str
    slug: str
    counts: pd.DataFrame


def sources_of(months: pd.DataFrame, country: str) -> list[Source]:
    """Return the sources of a table that have a row of a country.

    Parameters
    ----------
    months : pandas.DataFrame, one row a source, country, unit, month and scope
        ``source``, ``country``, ``scope``, ``month`` (timestamp), ``events`` and ``deaths``, the
        last missing where no event states it.
    country : str
        As the table spells it.

    Returns
    -------
    list of Source
        That with most events first; deaths are those that are stated, rounded to whole ones.

    Examples
    --------
    >>> rows = pd.DataFrame({"month": pd.to_datetime(["2024-01-01", "2024-03-01"])})
    >>> rows = rows.assign(source="A b", scope="attacks", country="X", events=2, deaths=[None, 5])
    >>> one, = sources_of(rows, "X")
    >>> one.slug, one.counts.astype(int).values.tolist()
    ('a_b', [[2, 0], [0, 0], [2, 5]])
    """
    found: list[Source] = []
    here = months[months["country"] == country]
    for (name, scope), rows in here.groupby(["source", "scope"], sort=True):
        at = pd.PeriodIndex(rows["month"], freq="M")
        over = pd.period_range(at.min(), at.max(), freq="M", name="month")
        stated = ["events", "deaths"] if rows["deaths"].notna().any() else ["events"]
        sums = rows[stated].astype("float64").groupby(at).sum().reindex(over, fill_value=0.0)
        slug, taken = as_slug(str(name)) or "source", [one.slug for one in found]
        alike = sum(one == slug or one.startswith(f"{slug}_no") for one in taken)
        slug = f"{slug}_no{alike + 1}" if slug in taken else slug
        found.append(Source(str(name), str(scope), slug, sums.round()))
    return sorted(found, key=lambda one: -one.counts["events"].sum())


def by_year(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of whole years; none may be there.

    Parameters
    ----------
    counts : pandas.DataFrame of float, PeriodIndex "M"
        Counts by month without gaps.

    Returns
    -------
    pandas.DataFrame of int, index of years
        Of the years that have twelve months.

    Examples
    --------
    >>> months = pd.period_range("2022-03", "2024-11", freq="M")
    >>> by_year(pd.DataFrame({"events": 2.0}, months)).to_dict()
    {'events': {2023: 24}}
    """
    grouped = counts.groupby(counts.index.year)
    return grouped.sum()[grouped.size() == YEAR].astype("int64").rename_axis("year")


def beside(one: Source, other: pd.DataFrame, least: int) -> pd.DataFrame:
    """Return the whole years of a source, and those of another series in the same years.

    Parameters
    ----------
    one : Source
        The source.
    other : pandas.DataFrame of float, PeriodIndex "M"
        ``events`` and ``deaths`` by month.
    least : int
        Years of fewer events of the source are left out: they may not be shown.

    Returns
    -------
    pandas.DataFrame, one row a year
        ``source``, ``scope``, ``year``, ``events``, ``deaths``, ``UCDP events``, ``UCDP deaths``;
        missing where there is none.

    Examples
    --------
    >>> months = pd.period_range("2023-01", periods=24, freq="M")
    >>> one = Source("A", "attacks", "a", pd.DataFrame({"events": [0.0] * 12 + [1.0] * 12}, months))
    >>> other = pd.DataFrame({"events": 2.0, "deaths": 3.0}, months)
    >>> beside(one, other, 3)[["year", "events", "UCDP deaths"]].values.tolist()
    [[2024, 12, 36]]
    """
    ours = by_year(one.counts).reindex(columns=["events", "deaths"]).astype("Int64")
    ours = ours[ours["events"] >= max(least, 1)]
    theirs = by_year(other)[["events", "deaths"]].astype("Int64").add_prefix("UCDP ")
    table = ours.join(theirs).reset_index()
    table.insert(0, "source", one.name)
    table.insert(1, "scope", one.scope)
    return table
