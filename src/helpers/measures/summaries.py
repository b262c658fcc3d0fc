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
