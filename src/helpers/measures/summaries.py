"""Sums of events by place, actor, victim and type, in the form that a table or a figure wants."""

import pandas as pd

from helpers.base.errors import InputError

GOVERNMENT = "Government of "


def by(events: pd.DataFrame, keys: str | list[str]) -> pd.DataFrame:
    """Sum events and deaths by place, actor or whatever else the keys are.

    Rows without a key are left out of the groups but count in the whole, so that shares can add to
    less than 100.

    Parameters
    ----------
    events : pandas.DataFrame, one row a group of events
        ``events`` (how many), ``deaths`` (persons killed) and the keys.
    keys : str or list of str
        Columns to group by.

    Returns
    -------
    pandas.DataFrame, one row a group, most deaths first
        The keys, ``events``, ``deaths``, ``deaths_per_event``, and ``share_pct``: percent of all
        deaths.

    Raises
    ------
    InputError
        When there are no deaths, of which no share can be taken.

    Examples
    --------
    >>> table = pd.DataFrame({"place": ["A", "B"], "events": [2, 1], "deaths": [3, 9]})
    >>> by(table, "place")[["place", "deaths_per_event", "share_pct"]].values.tolist()
    [['B', 9.0, 75.0], ['A', 1.5, 25.0]]
    """
    whole = events["deaths"].sum()
    if whole == 0:
        raise InputError("the events hold no deaths: there is nothing to divide")
    sums = events.groupby(keys, as_index=False).agg(
        events=("events", "sum"), deaths=("deaths", "sum")
    )
    sums = sums.assign(
        deaths_per_event=sums["deaths"] / sums["events"], share_pct=100 * sums["deaths"] / whole
    )
    return sums.sort_values("deaths", ascending=False, ignore_index=True)


def victims(events: pd.DataFrame, country: str) -> pd.DataFrame:
    """Count by year who died in fighting with a government and in one-sided violence by groups.

    Fighting between states and among other groups is left out, and so is what governments do to
    civilians.

    Parameters
    ----------
    events : pandas.DataFrame, one row a group of events
        ``year``, ``type_of_violence``, ``side_a``, ``side_b``, and the dead of either side and
        others: ``deaths_a``, ``deaths_b``, ``civilians``, ``deaths_unknown``.
    country : str
        The country whose government it is.

    Returns
    -------
    pandas.DataFrame of int, shape (n_years, 4)
        Persons killed by year: ``security forces`` (side a of the government's dyads),
        ``militants`` (side b), ``civilians`` (of both kinds of violence), ``unknown``.

    Examples
    --------
    >>> fight = {"year": 2020, "type_of_violence": "state-based", "side_a": GOVERNMENT + "X"}
    >>> fight |= {"side_b": "M", "deaths_a": 4, "deaths_b": 5, "civilians": 1, "deaths_unknown": 0}
    >>> victims(pd.DataFrame([fight]), "X").loc[2020].to_dict()
    {'security forces': 4, 'militants': 5, 'civilians': 1, 'unknown': 0}
    """
    home = GOVERNMENT + country
    fought = events[(events["side_a"] == home) & ~events["side_b"].str.startswith(GOVERNMENT)]
    alone = events[
        (events["type_of_violence"] == "one-sided") & ~events["side_a"].str.startswith(GOVERNMENT)
    ]
    years = pd.Index(sorted(events["year"].unique()), name="year")
    sides = ["deaths_a", "deaths_b", "civilians", "deaths_unknown"]
    sums, one_sided = (
        part.groupby("year")[sides].sum().reindex(years, fill_value=0)
        for part in (fought[fought["type_of_violence"] == "state-based"], alone)
    )
    return pd.DataFrame(
        {
            "security forces": sums["deaths_a"],
            "militants": sums["deaths_b"],
            "civilians": sums["civilians"] + one_sided["civilians"],
            "unknown": sums["deaths_unknown"] + one_sided["deaths_unknown"],
        }
    )


def by_years(monthly: pd.DataFrame, key: str, value: str = "deaths") -> pd.DataFrame:
    """Return the sum of each year and group, zero where a group has no row in a year.

    Rows without a group are left out.

    Parameters
    ----------
    monthly : pandas.DataFrame, one row a month and group
        ``month`` (timestamp), ``value`` and ``key``; a month without a row is zero.
    key, value : str
        The column that names the group, and the one that is summed.

    Returns
    -------
    pandas.DataFrame of int or float, shape (n_years, n_groups)
        The group with the largest sum first; every year from the first to the last.

    Raises
    ------
    InputError
        When the table is empty.

    Examples
    --------
    >>> months = pd.to_datetime(["2020-05-01", "2022-01-01", "2022-02-01"])
    >>> table = pd.DataFrame({"month": months, "place": ["A", "B", "B"], "deaths": [3, 4, 5]})
    >>> by_years(table, "place").to_dict("index")
    {2020: {'B': 0, 'A': 3}, 2021: {'B': 0, 'A': 0}, 2022: {'B': 9, 'A': 0}}
    """
    if monthly.empty:
        raise InputError(f"no month is at hand: there is nothing to sum by {key}")
    year = monthly["month"].dt.year.rename("year")
    wide = monthly.pivot_table(index=year, columns=key, values=value, aggfunc="sum", fill_value=0)
    whole = wide.reindex(range(wide.index.min(), wide.index.max() + 1), fill_value=0)
    order = whole.sum().sort_values(ascending=False, kind="stable").index
    return whole.rename_axis(index="year", columns=None)[order]


FIGHTING, AMONG = "armed groups against the state", "among groups"
BY_GROUPS, BY_GOVERNMENTS = "armed groups against civilians", "governments against civilians"
BETWEEN = "state against state, at most"


def apart(months: pd.DataFrame, between: pd.Series, by_governments: pd.Series) -> pd.DataFrame:
    """Part the deaths of each month by who fights whom.

    A table of countries says where people died and in which type of violence, a table of dyads who
    fought, but not where. So what the dyads of two states count is the most that can have happened
    in the country: it is taken from the state-based deaths of its month, never more than those, and
    what is left is the least that can be put down to armed groups.

    Parameters
    ----------
    months : pandas.DataFrame, one row a month
        ``month`` (timestamp), and the persons killed in the country: ``deaths_state_based``,
        ``deaths_non_state``, ``deaths_one_sided``.
    between, by_governments : pandas.Series of int, index of timestamps
        Persons killed in fighting between states, and by governments in attacks on civilians; a
        month without a row is zero.

    Returns
    -------
    pandas.DataFrame of int, shape (n_months, 5), index of timestamps
        :data:`FIGHTING`, :data:`BY_GROUPS`, :data:`AMONG`, :data:`BETWEEN`, :data:`BY_GOVERNMENTS`;
        each row adds up to the deaths of the three types.

    Raises
    ------
    InputError
        When a month stands twice, or its deaths are not given by type.

    Examples
    --------
    >>> may = pd.Timestamp("2025-05-01")
    >>> types = {"deaths_state_based": 50, "deaths_non_state": 2, "deaths_one_sided": 9}
    >>> months = pd.DataFrame([{"month": may, **types}])
    >>> apart(months, pd.Series({may: 20}), pd.Series({may: 4})).iloc[0].tolist()
    [30, 5, 2, 20, 4]
    """
    types = ["deaths_state_based", "deaths_non_state", "deaths_one_sided"]
    table = months.set_index("month")[types]
    if table.index.has_duplicates:
        raise InputError(f"{table.index[table.index.duplicated()][0]:%Y-%m} stands twice")
    if table.isna().to_numpy().any():
        lost = table.index[table.isna().any(axis=1)][0]
        raise InputError(f"the deaths of {lost:%Y-%m} are not given by type of violence")
    fought, among, alone = (table[name].astype("int64") for name in types)
    states, governments = (
        part.groupby(level=0).sum().reindex(table.index, fill_value=0).clip(upper=whole)
        for part, whole in ((between, fought), (by_governments, alone))
    )
    parts = {FIGHTING: fought - states, BY_GROUPS: alone - governments, AMONG: among}
    return pd.DataFrame({**parts, BETWEEN: states, BY_GOVERNMENTS: governments}).astype("int64")


def between_states(events: pd.DataFrame) -> pd.Series:
    """Return the deaths in fighting between governments, by month of the events that have one.

    Parameters
    ----------
    events : pandas.DataFrame, one row a group of events
        ``month_start`` (timestamp, missing where the month is not known), ``side_a``, ``side_b``
        and ``deaths_best``.

    Returns
    -------
    pandas.Series of int, index of timestamps
        Persons killed; months without such fighting are left out.

    Examples
    --------
    >>> fight = {"month_start": pd.Timestamp("2019-02-01"), "deaths_best": 6}
    >>> fight |= {"side_a": GOVERNMENT + "X", "side_b": GOVERNMENT + "Y"}
    >>> between_states(pd.DataFrame([fight, fight | {"side_b": "M"}])).tolist()
    [6]
    """
    states = events["side_a"].str.startswith(GOVERNMENT) & events["side_b"].str.startswith(
        GOVERNMENT
    )
    return events[states].groupby("month_start")["deaths_best"].sum()
