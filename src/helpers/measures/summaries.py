"""Sums of events by place, actor and victim, in the form that a table or a figure wants."""

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
        ``events`` (how many), ``deaths_best`` (persons killed) and the keys.
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
    >>> table = pd.DataFrame({"place": ["A", "B"], "events": [2, 1], "deaths_best": [3, 9]})
    >>> by(table, "place")[["place", "deaths_per_event", "share_pct"]].values.tolist()
    [['B', 9.0, 75.0], ['A', 1.5, 25.0]]
    """
    whole = events["deaths_best"].sum()
    if whole == 0:
        raise InputError("the events hold no deaths: there is nothing to divide")
    sums = events.groupby(keys, as_index=False).agg(
        events=("events", "sum"), deaths=("deaths_best", "sum")
    )
    sums = sums.assign(
        deaths_per_event=sums["deaths"] / sums["events"], share_pct=100 * sums["deaths"] / whole
    )
    return sums.sort_values("deaths", ascending=False, ignore_index=True)


def dyads(events: pd.DataFrame) -> pd.DataFrame:
    """Sum events and deaths by pair of opponents.

    Parameters
    ----------
    events : pandas.DataFrame, one row a group of events
        ``year``, ``dyad``, ``type_of_violence``, ``events`` and ``deaths_best``.

    Returns
    -------
    pandas.DataFrame, one row a dyad and type of violence
        As of :func:`by`, with the ``first_year`` and ``last_year`` of the dyad's events.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2019, 2021], "dyad": "A - B", "events": 1, "deaths_best": 5})
    >>> pairs = dyads(table.assign(type_of_violence="state-based"))
    >>> pairs[["deaths", "first_year", "last_year"]].values.tolist()
    [[10, 2019, 2021]]
    """
    spans = events.groupby("dyad")["year"].agg(first_year="min", last_year="max").reset_index()
    return by(events, ["dyad", "type_of_violence"]).merge(spans, on="dyad")


def victims(events: pd.DataFrame, country: str) -> pd.DataFrame:
    """Count by year who died in fighting with a government and in one-sided violence.

    Fighting between states and among other groups is left out.

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
    alone = events[events["type_of_violence"] == "one-sided"]
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


def shares(parts: pd.DataFrame) -> pd.DataFrame:
    """Return each part in percent of its row's sum.

    Parameters
    ----------
    parts : pandas.DataFrame of int or float, shape (n_rows, n_parts)
        Counts of one unit.

    Returns
    -------
    pandas.DataFrame of float, shape (n_rows, n_parts)
        Percent; each row adds to 100.

    Examples
    --------
    >>> shares(pd.DataFrame({"soldiers": [1], "civilians": [3]})).iloc[0].tolist()
    [25.0, 75.0]
    """
    return 100 * parts.div(parts.sum(axis=1), axis=0)


def spans(events: pd.DataFrame, first_to_last: list[tuple[int, int]], keys: str) -> pd.DataFrame:
    """Sum events and deaths by key for several spans of years.

    Parameters
    ----------
    events : pandas.DataFrame, one row a group of events
        As of :func:`by`, with ``year``.
    first_to_last : list of (int, int)
        First and last year of each span.
    keys : str
        Column to group by.

    Returns
    -------
    pandas.DataFrame, one row a span and group
        As of :func:`by`, with the name of the span, such as ``2007 to 2014``, in ``span``.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2010, 2020], "place": "A", "deaths_best": [9, 2]})
    >>> found = spans(table.assign(events=1), [(2007, 2014), (2015, 2021)], "place")
    >>> found[["span", "deaths"]].values.tolist()
    [['2007 to 2014', 9], ['2015 to 2021', 2]]
    """
    return pd.concat(
        [
            by(events[events["year"].between(first, last)], keys).assign(span=f"{first} to {last}")
            for first, last in first_to_last
        ],
        ignore_index=True,
    )


def complete_years(
    yearly: pd.DataFrame, metrics: list[str], *, region: str, source: str, scope: str
) -> pd.DataFrame:
    """Return the years in which a source prints all of several metrics.

    Parameters
    ----------
    yearly : pandas.DataFrame, one row a figure
        The tidy table of years: ``source``, ``scope``, ``region``, ``metric``, ``period_start``
        (timestamp) and ``value``.
    metrics : list of str
        What has to be there, in the order of the columns.
    region, source, scope : str
        Of where, by whom, and of what the figures are.

    Returns
    -------
    pandas.DataFrame of int, shape (n_years, n_metrics)
        The figures by year (index ``year``).

    Examples
    --------
    >>> rows = pd.DataFrame({"metric": ["a", "b", "a"], "value": [5.0, 7.0, 9.0]})
    >>> rows["period_start"] = pd.to_datetime(["2020-01-01", "2020-01-01", "2021-01-01"])
    >>> rows = rows.assign(source="P", scope="combined", region="X")
    >>> complete_years(rows, ["a", "b"], region="X", source="P", scope="combined").to_dict("index")
    {2020: {'a': 5, 'b': 7}}
    """
    rows = yearly[
        (yearly["region"] == region) & (yearly["source"] == source) & (yearly["scope"] == scope)
    ]
    wide = rows.assign(year=rows["period_start"].dt.year).pivot(
        index="year", columns="metric", values="value"
    )
    return wide[metrics].dropna().astype("int64")
