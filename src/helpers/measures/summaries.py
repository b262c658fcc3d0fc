"""Sums of events by place, actor and victim, in the form that a table or a figure wants."""

import pandas as pd

from helpers.base.errors import InputError

GOVERNMENT = "Government of "


def by(events: pd.DataFrame, keys: str | list[str]) -> pd.DataFrame:
    """Return events, deaths, deaths_per_event and share_pct of deaths by ``keys``, most deaths first.

    ``events`` has the columns events and deaths_best; rows without a key are left out of the groups but
    count in the whole, so shares can add to less than 100.
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
    """Return :func:`by` dyad and type of violence with the first and the last year of its events."""
    spans = events.groupby("dyad")["year"].agg(first_year="min", last_year="max").reset_index()
    return by(events, ["dyad", "type_of_violence"]).merge(spans, on="dyad")


def victims(events: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return by year the dead of fighting between the country's government and armed groups, and of one-sided violence.

    Columns: security forces (side a of the government's dyads), militants (side b), civilians (of both kinds
    of violence), unknown. Fighting between states and between other groups is left out.
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
    """Return each column of ``parts`` in percent of its row's sum."""
    return 100 * parts.div(parts.sum(axis=1), axis=0)


def spans(events: pd.DataFrame, first_to_last: list[tuple[int, int]], keys: str) -> pd.DataFrame:
    """Return :func:`by` ``keys`` for each span of years, with the span's name in the column ``span``."""
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
        The tidy table of years: ``source``, ``scope``, ``region``, ``metric``, ``period_start`` (timestamp), ``value``.
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
