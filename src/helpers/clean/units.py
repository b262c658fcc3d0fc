"""UCDP's provinces and groups by month, under the names of today."""

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.clean.gazetteer import Gazetteer
from helpers.clean.ucdp import EVENTS
from helpers.clean.versions import VERSION, after, of_version, span, whole


def provinces(table: pd.DataFrame, country: str, places: Gazetteer, version: str) -> pd.DataFrame:
    """Return events and deaths by province of today and month.

    Parameters
    ----------
    table : pandas.DataFrame, one row a province, month and version
        ``country``, ``province`` (as UCDP spells it), ``year``, ``month``, ``version``, the columns
        of :data:`EVENTS`, and ``deaths_best``.
    country : str
        The country, as the table spells it.
    places : Gazetteer
        The spellings and their dates; a unit that was merged counts in its successor throughout.
    version : str
        The release.

    Returns
    -------
    pandas.DataFrame, one row a province and month
        ``province``, ``month`` (timestamp), ``version``, events and ``deaths``; 0 where nothing is
        recorded.

    Raises
    ------
    InputError
        For a country without rows, and a name that ``places`` does not know at its date.

    Examples
    --------
    >>> names = {"level": "province", "spelling": ["Old Agency", "New"], "name": ["Old", "New"]}
    >>> names = pd.DataFrame(names).assign(successor=["New", None], valid_from=None, valid_to=None)
    >>> table = pd.DataFrame({"province": ["Old Agency", "New"], "deaths_best": [3, 4]})
    >>> table = table.assign(country="X", year=2020, month=1, version="v")
    >>> table = table.assign(**dict.fromkeys(EVENTS, 1))
    >>> provinces(table, "X", Gazetteer(names), "v")[["province", "deaths"]].values.tolist()
    [['New', 7]]
    """
    rows = table[table["country"] == country]
    if rows.empty:
        raise InputError(
            f"the table of provinces has no country '{country}'"
            + did_you_mean(country, table["country"].unique())
        )
    month = pd.to_datetime({"year": rows["year"], "month": rows["month"], "day": 1})
    then = places.canonical(rows["province"], "province", month)
    named = rows.assign(province=places.today(then, "province"))
    counts = [*EVENTS, "deaths"]
    named = named.rename(columns={"deaths_best": "deaths"})
    summed = named.groupby(["province", *VERSION], as_index=False)[counts].sum()
    # The months are those of the whole table: a country may be quiet in the last of them.
    return whole(summed, version, ["province"], span(table, version))


def world(table: pd.DataFrame, country: str, places: Gazetteer, version: str) -> pd.DataFrame:
    """Return events and deaths by first-level unit of every country and month.

    The units of one country bear the names of today, as of :func:`provinces`; those of the others
    stand as UCDP spells them, since no gazetteer of the world is at hand.

    Parameters
    ----------
    table : pandas.DataFrame, one row a province, month and version
        As of :func:`provinces`.
    country : str
        The country whose units are known, as the table spells it.
    places : Gazetteer
        Its spellings and their dates.
    version : str
        The release.

    Returns
    -------
    pandas.DataFrame, one row a country, province and month
        ``country``, ``province``, ``month`` (timestamp), ``version``, events and ``deaths``; 0
        where nothing is recorded. Events without a province are left out.

    Raises
    ------
    InputError
        As :func:`provinces` does.

    Examples
    --------
    >>> names = {"level": "province", "spelling": ["Old Agency", "New"], "name": ["Old", "New"]}
    >>> names = pd.DataFrame(names).assign(successor=["New", None], valid_from=None, valid_to=None)
    >>> table = pd.DataFrame({"country": ["X", "X", "Y"], "province": ["Old Agency", "New", "Far"]})
    >>> table = table.assign(deaths_best=[3, 4, 5], year=2020, month=1, version="v")
    >>> table = table.assign(**dict.fromkeys(EVENTS, 1))
    >>> found = world(table, "X", Gazetteer(names), "v")
    >>> found[["country", "province", "deaths"]].values.tolist()
    [['X', 'New', 7], ['Y', 'Far', 5]]
    """
    home = provinces(table, country, places, version).assign(country=country)
    abroad = table[(table["country"] != country) & table["province"].notna()]
    abroad = abroad.rename(columns={"deaths_best": "deaths"})
    keys = ["country", "province"]
    rest = whole(abroad, version, keys, span(table, version))
    return pd.concat([home[rest.columns], rest], ignore_index=True)


def groups(
    table: pd.DataFrame, key: pd.DataFrame, first: str, last: str, version: str, candidate: bool
) -> pd.DataFrame:
    """Return events and deaths of the dyads that concern a country, by month.

    Parameters
    ----------
    table : pandas.DataFrame, one row a dyad, type of violence, country of fighting and month
        ``dyad_id``, ``type_of_violence``, ``year``, ``month``, ``version``, ``events`` and
        ``deaths_best``.
    key : pandas.DataFrame, one row a dyad
        ``dyad_id``, ``dyad``, ``group`` (the name under which dyads are joined), ``kind`` and
        ``inside``.
    first, last : str
        First and last month to keep, YYYY-MM.
    version : str
        The release.
    candidate : bool
        Append the provisional months after the end of the version.

    Returns
    -------
    pandas.DataFrame, one row a dyad, type of violence and month with an event, sorted
        ``month`` (timestamp), ``dyad``, ``group``, ``kind``, ``inside``, ``type_of_violence``,
        ``version``, ``events`` and ``deaths``.

    Examples
    --------
    >>> key = {"dyad_id": [1], "dyad": ["G - A"], "group": "A", "kind": "militants", "inside": "y"}
    >>> table = pd.DataFrame({"dyad_id": [1, 2], "year": 2024, "month": 3, "version": "v"})
    >>> table = table.assign(type_of_violence="state-based", events=2, deaths_best=5)
    >>> groups(table, pd.DataFrame(key), "2024-01", "2024-12", "v", False)["group"].tolist()
    ['A']
    """
    parts = [of_version(table, version), *([after(table, version)] if candidate else [])]
    rows = pd.concat(parts).drop(columns="dyad", errors="ignore")
    named = rows.merge(key[["dyad_id", "dyad", "group", "kind", "inside"]], on="dyad_id")
    month = pd.to_datetime({"year": named["year"], "month": named["month"], "day": 1})
    named = named.assign(month=month)[month.between(pd.Timestamp(first), pd.Timestamp(last))]
    keys = ["month", "dyad", "group", "kind", "inside", "type_of_violence", "version"]
    sums = named.groupby(keys, as_index=False)[["events", "deaths_best"]].sum()
    return sums.rename(columns={"deaths_best": "deaths"})
