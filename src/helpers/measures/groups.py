"""Armed groups over time: their events and victims by year, when they were allied, and when they were last seen."""

from collections.abc import Mapping

import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.summaries import GOVERNMENT


def by_year(events: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return group, year, events and harmed (security forces and civilians killed) of the groups that fought the country's
    government or attacked civilians."""
    fought = events[
        (events["side_a"] == GOVERNMENT + country)
        & (events["type_of_violence"] == "state-based")
        & ~events["side_b"].str.startswith(GOVERNMENT)
    ]
    alone = events[
        (events["type_of_violence"] == "one-sided") & ~events["side_a"].str.startswith(GOVERNMENT)
    ]
    rows = pd.concat(
        [
            fought.assign(group=fought["side_b"], harmed=fought["deaths_a"] + fought["civilians"]),
            alone.assign(group=alone["side_a"], harmed=alone["civilians"]),
        ]
    )
    if rows.empty:
        raise InputError(
            f"the event table has no group that fought the government of {country} or attacked civilians"
        )
    return rows.groupby(["group", "year"], as_index=False)[["events", "harmed"]].sum()


def with_allies(table: pd.DataFrame, since: Mapping[str, int]) -> pd.DataFrame:
    """Append ``allied``: whether a group had a dated alliance in that year; ``since`` maps group to the first whole year."""
    first = table["group"].map(since)
    return table.assign(allied=(table["year"] >= first.fillna(9999)).astype(bool))


def risk(
    table: pd.DataFrame,
    last_year: int,
    *,
    absorbed: Mapping[str, str] | None = None,
    quiet: int = 2,
) -> pd.DataFrame:
    """Return a row a group and year at risk, from its first to its last year with an event, with ``allied`` and ``ended``.

    A group ends in its last year, unless that lies within ``quiet`` years of ``last_year`` (it may only be silent) or it
    was ``absorbed`` into another that goes on.
    """
    rows = []
    for group, part in table.groupby("group"):
        first, last = int(part["year"].min()), int(part["year"].max())
        allied = (
            part.set_index("year")["allied"].reindex(range(first, last + 1)).ffill().astype(bool)
        )
        ends = last <= last_year - quiet and group not in (absorbed or {})
        rows += [
            (group, year, bool(allied[year]), ends and year == last)
            for year in range(first, last + 1)
        ]
    return pd.DataFrame(rows, columns=["group", "year", "allied", "ended"])
