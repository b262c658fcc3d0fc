"""Violence against people: population between censuses, rates, and parts against a population.

Between two censuses a population grows at a constant rate (geometrically); after the last one it is
carried on at the rate of the last two, and said to be. A census counts as its year.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.counts.inflation import Inflation
from helpers.stats.estimate import Estimate
from helpers.stats.shares.proportion import proportion

PER = 100_000


def counted(
    census: pd.DataFrame, level: str, names: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return the population at each census, by unit.

    Parameters
    ----------
    census : pandas.DataFrame
        ``level``, ``name``, ``province`` (the first-level unit of today), ``year`` and
        ``population``.
    level : str
        ``province``: units of today, those that ended within them; or ``district``.
    names : mapping of str to str, optional
        The unit in which a district is counted, where not its own.

    Returns
    -------
    pandas.DataFrame of float, shape (n_censuses, n_units), index of years
        Persons; missing where a census does not give a unit.

    Raises
    ------
    InputError
        When no row has the level.

    Examples
    --------
    >>> census = pd.DataFrame({"level": "province", "name": ["North", "Tribes", "North"],
    ...                        "province": "North", "year": [1998, 1998, 2017],
    ...                        "population": [5, 2, 9]})
    >>> counted(census, "province")["North"].to_dict()
    {1998: 7.0, 2017: 9.0}
    """
    rows = census[census["level"] == level]
    if rows.empty:
        raise InputError(f"the census has no row of level '{level}'")
    unit = rows["province"] if level == "province" else rows["name"].replace(dict(names or {}))
    wide = rows.pivot_table(
        index="year", columns=unit.rename("unit"), values="population", aggfunc="sum"
    )
    return wide.astype(float)


def population(counted: pd.DataFrame, years: Iterable[int]) -> pd.DataFrame:
    """Return the population by unit in any year from the first census on.

    Parameters
    ----------
    counted : pandas.DataFrame of float, shape (n_censuses, n_units), index of years
        Persons at each census, all above 0; at least two censuses.
    years : iterable of int
        The years wanted.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``year``, ``population`` (persons) and ``how``: ``census``, ``between`` (at a
        constant rate of growth between two censuses) or ``carried`` (on at the last rate).

    Raises
    ------
    InputError
        When there are fewer than two censuses, a population is missing or not above 0, or a year
        lies before the first census.

    Examples
    --------
    >>> table = pd.DataFrame({"A": [100.0, 400.0]}, index=[2010, 2020])
    >>> population(table, [2015, 2020, 2025])[["population", "how"]].round(6).values.tolist()
    [[200.0, 'between'], [400.0, 'census'], [800.0, 'carried']]
    """
    known, wanted = counted.sort_index(), np.array(sorted(set(years)), dtype=int)
    _require_people(known)
    at = known.index.to_numpy()
    if len(wanted) and wanted[0] < at[0]:
        raise InputError(f"the first census is that of {at[0]}: {wanted[0]} lies before it")
    # The interval in which a year lies; a year after the last census is in the last one.
    right = np.clip(np.searchsorted(at, wanted, side="left"), 1, len(at) - 1)
    part = (wanted - at[right - 1]) / (at[right] - at[right - 1])
    logs = np.log(known.to_numpy())
    people = np.exp(logs[right - 1] + part[:, None] * (logs[right] - logs[right - 1]))
    how = np.where(np.isin(wanted, at), "census", np.where(wanted > at[-1], "carried", "between"))
    wide = pd.DataFrame(people, index=pd.Index(wanted, name="year"), columns=known.columns)
    long = wide.rename_axis(columns="unit").stack().rename("population").reset_index()
    return long.assign(how=long["year"].map(dict(zip(wanted, how))))[
        ["unit", "year", "population", "how"]
    ]


def _require_people(known: pd.DataFrame) -> None:
    """Refuse censuses between which no rate of growth can be taken."""
    if len(known) < 2 or known.index.has_duplicates:
        raise InputError(f"a rate of growth needs two censuses, found {list(known.index)}")
    bad = ~(known > 0) | ~np.isfinite(known)
    if bad.any(axis=None):
        unit = bad.any().idxmax()
        raise InputError(
            f"the population of '{unit}' at the census of {bad[unit].idxmax()} is "
            f"{known.at[bad[unit].idxmax(), unit]:g}, expected a number above 0"
        )


def rates(counts: pd.DataFrame, people: pd.DataFrame, values: Collection[str]) -> pd.DataFrame:
    """Return counts per 100,000 people and year.

    Parameters
    ----------
    counts : pandas.DataFrame
        ``unit``, ``year`` and the columns ``values``: whole years, never negative.
    people : pandas.DataFrame
        As :func:`population` returns it.
    values : collection of str
        Columns that become rates.

    Returns
    -------
    pandas.DataFrame
        ``counts`` with ``population``, ``how`` and, for each value, ``VALUE_rate``.

    Raises
    ------
    InputError
        When a count is negative or missing, or a unit has no population in a year.

    Examples
    --------
    >>> people = pd.DataFrame({"unit": ["A"], "year": 2024, "population": 2e6, "how": "carried"})
    >>> deaths = pd.DataFrame({"unit": ["A"], "year": 2024, "deaths": 50})
    >>> rates(deaths, people, ["deaths"])["deaths_rate"].tolist()
    [2.5]
    """
    table = counts.merge(people, on=["unit", "year"], how="left", validate="many_to_one")
    lost = table["population"].isna()
    if lost.any():
        row = table[lost].iloc[0]
        raise InputError(
            f"there is no population of '{row['unit']}' in {row['year']}"
            + did_you_mean(row["unit"], people["unit"].unique())
        )
    for value in values:
        if not (table[value] >= 0).all():
            raise InputError(f"the column '{value}' holds a count that is missing or negative")
        table[f"{value}_rate"] = table[value] / table["population"] * PER
    return table


def by_year(months: pd.DataFrame, units: Collection[str], values: Collection[str]) -> pd.DataFrame:
    """Return months by first-level unit as years, with a zero where nothing happened.

    Parameters
    ----------
    months : pandas.DataFrame
        ``month`` (timestamp), ``province`` and the columns ``values``.
    units : collection of str
        The provinces wanted.
    values : collection of str
        What to sum.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``year`` and ``values``: every unit in every year from the first of ``months`` to
        the last.

    Raises
    ------
    InputError
        When ``months`` hold two versions, whose sums would count an event twice, or lack a unit.

    Examples
    --------
    >>> months = pd.DataFrame({"month": pd.to_datetime(["2023-05-01", "2024-01-01"]),
    ...                        "province": ["A", "B"], "version": "1", "deaths": [3, 4]})
    >>> by_year(months, ["A", "B"], ["deaths"])["deaths"].tolist()
    [3, 0, 0, 4]
    """
    _require_units(months, units)
    years = months["month"].dt.year
    every = pd.MultiIndex.from_product(
        [list(units), range(years.min(), years.max() + 1)], names=["unit", "year"]
    )
    sums = months.groupby([months["province"].rename("unit"), years.rename("year")])
    return sums[list(values)].sum().reindex(every, fill_value=0).reset_index()


def _require_units(months: pd.DataFrame, units: Collection[str]) -> None:
    """Refuse months of two versions, and a unit of which there is no month."""
    if "version" in months and months["version"].nunique() > 1:
        raise InputError(f"the months hold versions {sorted(set(months['version']))}: take one")
    for unit in units:
        if unit not in set(months["province"]):
            raise InputError(
                f"there is no month of '{unit}'"
                + did_you_mean(unit, months["province"].dropna().unique())
            )


def by_month(months: pd.DataFrame, units: Collection[str]) -> dict[str, pd.DataFrame]:
    """Return events and deaths by month and first-level unit, with a zero where nothing happened.

    Parameters
    ----------
    months : pandas.DataFrame
        ``month`` (timestamp), ``province``, ``events`` and ``deaths`` of one version.
    units : collection of str
        The provinces wanted.

    Returns
    -------
    dict of str to pandas.DataFrame of int, shape (n_months, n_units), PeriodIndex "M"
        ``events`` and ``deaths``: every month from the first of ``months`` to the last.

    Raises
    ------
    InputError
        As :func:`by_year`.

    Examples
    --------
    >>> months = pd.DataFrame({"month": pd.to_datetime(["2024-01-01", "2024-03-01"]),
    ...                        "province": ["A", "B"], "events": 1, "deaths": [3, 4]})
    >>> by_month(months, ["A", "B"])["deaths"].values.tolist()
    [[3, 0], [0, 0], [0, 4]]
    """
    _require_units(months, units)
    index = pd.PeriodIndex(months["month"], freq="M", name="month")
    every = pd.period_range(index.min(), index.max(), freq="M", name="month")
    wide = months.pivot_table(
        index=index, columns="province", values=["events", "deaths"], aggfunc="sum"
    )
    wide = wide.reindex(every).fillna(0).astype("int64")
    return {count: wide[count][list(units)] for count in ("events", "deaths")}


def part_of(people: pd.DataFrame, names: Collection[str], year: int) -> float:
    """Return the part of all people of a year that lives in some units.

    Parameters
    ----------
    people : pandas.DataFrame
        As :func:`population` returns it.
    names : collection of str
        The units.
    year : int
        The year.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    InputError
        When a unit has no population in that year.

    Examples
    --------
    >>> table = pd.DataFrame({"A": [10.0, 10.0], "B": [30.0, 30.0]}, index=[2017, 2023])
    >>> part_of(population(table, [2020]), ["A"], 2020)
    0.25
    """
    lived = people[people["year"] == year].set_index("unit")["population"]
    for name in names:
        if name not in lived.index:
            raise InputError(
                f"there is no population of '{name}' in {year}" + did_you_mean(name, lived.index)
            )
    return float(lived[list(names)].sum() / lived.sum())


def quotient(
    counts: pd.Series | pd.DataFrame, part: float, *, inflation: float | Inflation
) -> Estimate:
    """Return a location quotient: a share of what happened over a share of the people.

    Parameters
    ----------
    counts : pandas.Series of float, shape (2,)
        ``part`` and ``whole``: what happened in some places, and everywhere.
    part : float
        The part of all people who live in those places, as of :func:`part_of`; taken as known.
    inflation : float or Inflation
        The variance inflation of the share (1 for independent events).

    Returns
    -------
    Estimate
        1 when the places have what their people would suggest, with Wilson's interval.

    Raises
    ------
    InputError
        When the part is not above 0 and at most 1, or the counts are no part of a whole above 0.

    Examples
    --------
    >>> quotient(pd.Series({"part": 50, "whole": 100}), 0.25, inflation=2).value
    2.0
    """
    if not 0 < part <= 1:
        raise InputError(f"the part of the people is {part:g}, expected above 0 and at most 1")
    share = proportion(counts["part"], counts["whole"], inflation=inflation)
    low, high = ((end or 0.0) / part for end in (share.low, share.high))
    return Estimate(share.value / part, low, high, None, share.n, f"{share.method}, scaled")


def within(points: pd.DataFrame, collection: dict[str, Any]) -> pd.Series:
    """Return which points lie within the polygons of a GeoJSON collection.

    Parameters
    ----------
    points : pandas.DataFrame
        ``longitude`` and ``latitude``, in degrees.
    collection : dict
        A GeoJSON FeatureCollection of MultiPolygons without holes.

    Returns
    -------
    pandas.Series of bool
        With the index of ``points``.

    Examples
    --------
    >>> square = {"coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]]}
    >>> points = pd.DataFrame({"longitude": [0.5, 1.5], "latitude": 0.5})
    >>> within(points, {"features": [{"geometry": square}]}).tolist()
    [True, False]
    """
    x, y = points["longitude"].to_numpy(float), points["latitude"].to_numpy(float)
    found = np.zeros(len(points), dtype=bool)
    for feature in collection["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            found |= _crossings(x, y, np.array(polygon[0], dtype=float)) % 2 == 1
    return pd.Series(found, index=points.index)


def _crossings(x: np.ndarray, y: np.ndarray, ring: np.ndarray) -> np.ndarray:
    """Return how often a line from each point eastward crosses a closed ring."""
    (x0, y0), (x1, y1) = ring[:-1].T[:, :, None], ring[1:].T[:, :, None]
    spans = (y0 > y) != (y1 > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    return np.asarray((spans & (x < at)).sum(axis=0))
