"""Armed groups by year: who supported them, what their fighting cost, and when it ended."""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of

CODED = ("dyad_id", "country", "year", "group_id", "group", "by_state", "by_group", "supporters")
WHOLE = ("dyad_id", "year", "group_id", "by_state", "by_group")  # never missing in the coding
MONTHS = ("dyad_id", "type_of_violence", "year", "version", "events", "deaths_best")


def fought(months: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the years in which a government and an armed group fought, with events and deaths.

    Parameters
    ----------
    months : pandas.DataFrame, one row a dyad and month
        The raw table of groups by month.
    version : str
        Release whose rows are taken.

    Returns
    -------
    pandas.DataFrame, one row a dyad and year with an event
        ``dyad_id``, ``year``, ``events`` and ``deaths``.

    Raises
    ------
    InputError
        A column is missing, or the release is not in the table.

    Examples
    --------
    >>> row = {"dyad_id": 1, "type_of_violence": "state-based", "year": 2001, "version": "1"}
    >>> months = pd.DataFrame([row | {"events": 2, "deaths_best": 5}] * 2)
    >>> fought(months, "1").to_numpy().tolist()
    [[1, 2001, 4, 10]]
    """
    table = columns_of(months, MONTHS, "the groups by month")
    rows = table[(table["type_of_violence"] == "state-based") & (table["version"] == version)]
    if rows.empty:
        raise InputError(f"the groups by month hold no state-based row of version {version}")
    sums = rows.groupby(["dyad_id", "year"], as_index=False)[["events", "deaths_best"]].sum()
    plain = sums.rename(columns={"deaths_best": "deaths"}).astype("int64")
    return plain[plain["events"] > 0]


def paired(coded: pd.DataFrame, years: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the coded years of each dyad with what was fought in them.

    Parameters
    ----------
    coded : pandas.DataFrame, one row a dyad and year
        The raw table of external support.
    years : pandas.DataFrame
        As :func:`fought` returns it.
    first, last : int
        First and last year.

    Returns
    -------
    pandas.DataFrame, one row a dyad and year
        The columns of both, ``log_events``, and ``lead``: one in an unallied year that an allied
        one follows, else zero.

    Raises
    ------
    InputError
        A column is missing, or no year is in both.

    Examples
    --------
    >>> coded = pd.DataFrame({"dyad_id": 1, "country": "X", "year": [2001, 2002], "group_id": 7,
    ...     "group": "A", "by_state": 0, "by_group": [0, 1], "supporters": ["", "B"]})
    >>> years = pd.DataFrame({"dyad_id": 1, "year": [2001, 2002], "events": 1, "deaths": 30})
    >>> paired(coded, years, 2001, 2002)["lead"].tolist()
    [1, 0]
    """
    table = columns_of(coded, CODED, "the coding of support").astype(dict.fromkeys(WHOLE, "int64"))
    found = table[table["year"].between(first, last)].merge(years, on=["dyad_id", "year"])
    if found.empty:
        raise InputError(f"no year from {first} to {last} is both coded and fought in")
    found = found.sort_values(["dyad_id", "year"], ignore_index=True)
    coming = table.set_index(["dyad_id", "year"])["by_group"]
    after = pd.MultiIndex.from_arrays([found["dyad_id"], found["year"] + 1])
    begins = coming.reindex(after).eq(1).to_numpy() & found["by_group"].eq(0).to_numpy()
    return found.assign(lead=begins.astype(int), log_events=np.log(found["events"]))


def at_risk(
    coded: pd.DataFrame, years: pd.DataFrame, first: int, last: int, *, silent: int = 5
) -> pd.DataFrame:
    """Return the years in which a group fought a government, and which was followed by silence.

    A group is the same whatever government it fights. A year of fighting that is not coded has the
    coding of the last year that is; before the first coded year a group is not at risk.

    Parameters
    ----------
    coded, years : pandas.DataFrame
        As of :func:`paired`.
    first, last : int
        First and last year at risk.
    silent : int, default 5
        Years without an event that make a year the last.

    Returns
    -------
    pandas.DataFrame, one row a group and year
        ``group_id``, ``group``, ``country``, ``year``, ``events``, ``by_group``, ``by_state``,
        ``coded`` (whether the year itself is), ``log_age`` (of years since the group was first
        seen), ``age``, ``log_events``, ``ended``.

    Raises
    ------
    InputError
        A column is missing, no year is left, or the events do not reach ``silent`` years beyond
        ``last``.

    Examples
    --------
    >>> coded = pd.DataFrame({"dyad_id": 1, "country": "X", "year": [2001], "group_id": 7,
    ...     "group": "A", "by_state": 0, "by_group": 1, "supporters": ["B"]})
    >>> years = pd.DataFrame({"dyad_id": [1, 1, 2], "year": [2001, 2003, 2010], "events": 1})
    >>> at_risk(coded, years, 2001, 2005)[["year", "by_group", "ended"]].to_numpy().tolist()
    [[2001, 1, 0], [2003, 1, 1]]
    """
    table = columns_of(coded, CODED, "the coding of support").astype(dict.fromkeys(WHOLE, "int64"))
    if years["year"].max() < last + silent:
        raise InputError(
            f"the events end in {years['year'].max()}: expected {silent} years after {last}"
        )
    names = table.drop_duplicates("dyad_id").set_index("dyad_id")["group_id"]
    known = years.assign(group_id=years["dyad_id"].map(names)).dropna(subset=["group_id"])
    events = known.groupby(["group_id", "year"], as_index=False)["events"].sum()
    coding = table.groupby(["group_id", "year"])[["by_group", "by_state"]].max()
    rows = events.join(coding, on=["group_id", "year"])
    rows["coded"] = rows["by_group"].notna()
    earlier = coding.reset_index().merge(rows[["group_id", "year"]], how="outer")
    carried = earlier.sort_values(["group_id", "year"]).set_index(["group_id", "year"])
    carried = carried.groupby("group_id").ffill()
    rows[["by_group", "by_state"]] = carried.loc[
        pd.MultiIndex.from_frame(rows[["group_id", "year"]])
    ].to_numpy()
    return _lives(rows, table, silent).query("@first <= year <= @last").reset_index(drop=True)


def _lives(rows: pd.DataFrame, table: pd.DataFrame, silent: int) -> pd.DataFrame:
    """Return the years of groups with their age, size and whether silence follows."""
    rows = rows.sort_values(["group_id", "year"])
    following = rows.groupby("group_id")["year"].shift(-1)
    seen = pd.concat([rows, table])[["group_id", "year"]].groupby("group_id")["year"].min()
    rows["age"] = rows["year"] - rows["group_id"].map(seen) + 1
    rows["log_age"], rows["log_events"] = np.log(rows["age"]), np.log(rows["events"])
    rows["ended"] = (~(following - rows["year"] <= silent)).astype(int)
    about = table.drop_duplicates("group_id").set_index("group_id")[["group", "country"]]
    rows = rows.dropna(subset=["by_group"]).join(about, on="group_id")
    whole = dict.fromkeys(("group_id", "by_group", "by_state"), int)
    return rows.astype(whole)


def without(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return a panel without the groups that bear one of some names or were supported by one.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``group``, ``group_id`` and ``supporters``, as :func:`paired` returns it.
    names : list of str
        Names of groups as they are written.

    Returns
    -------
    pandas.DataFrame
        The rows of other groups.

    Examples
    --------
    >>> table = pd.DataFrame({"group": list("ABC"), "group_id": [1, 2, 3],
    ...                       "supporters": ["", "C; D", ""]})
    >>> without(table, ["C"])["group"].tolist()
    ['A']
    """
    named = table["supporters"].fillna("").str.split("; ").map(set(names).intersection).map(bool)
    left_out = table.loc[named | table["group"].isin(names), "group_id"]
    return table[~table["group_id"].isin(left_out)]
