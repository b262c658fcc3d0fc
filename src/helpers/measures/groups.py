"""Armed groups over time: events and victims by year, alliances, and when they were last seen."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.summaries import GOVERNMENT


def by_year(events: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return events and harm by year of groups that fought the government or attacked civilians.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns side_a, side_b, type_of_violence, year, events, deaths_a and civilians.
    country : str
        Whose government.

    Returns
    -------
    pandas.DataFrame
        Columns group, year, events and harmed (security forces and civilians killed).

    Raises
    ------
    InputError
        When no group did either.

    Examples
    --------
    >>> row = {"side_a": "A", "side_b": "Civilians", "type_of_violence": "one-sided", "year": 2012}
    >>> table = pd.DataFrame([row | {"events": 2, "deaths_a": 0, "civilians": 5}])
    >>> by_year(table, "X").values.tolist()
    [['A', 2012, 2, 5]]
    """
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
            f"the event table has no group that fought the government of {country} "
            "or attacked civilians"
        )
    return rows.groupby(["group", "year"], as_index=False)[["events", "harmed"]].sum()


def with_allies(table: pd.DataFrame, since: Mapping[str, int]) -> pd.DataFrame:
    """Return the table with ``allied``: whether a group had a dated alliance in that year.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns group and year.
    since : mapping of str to int
        A group to the first whole year of its alliance.

    Returns
    -------
    pandas.DataFrame
        The table with a column ``allied`` of bool, replaced where there was one.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["A", "A", "B"], "year": [2011, 2012, 2012]})
    >>> with_allies(table, {"A": 2012})["allied"].tolist()
    [False, True, False]
    """
    first = table["group"].map(since)
    return table.assign(allied=(table["year"] >= first.fillna(9999)).astype(bool))


def with_random_allies(
    table: pd.DataFrame, since: Mapping[str, int], generator: np.random.Generator
) -> pd.DataFrame:
    """Return the table with the alliances of ``since`` given to groups drawn by lot.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns group and year.
    since : mapping of str to int
        As of :func:`with_allies`; its years are kept, its groups are not.
    generator : numpy.random.Generator
        Draws the groups.

    Returns
    -------
    pandas.DataFrame
        As of :func:`with_allies`.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["A", "B", "C"], "year": 2012})
    >>> drawn = with_random_allies(table, {"A": 2010, "B": 2011}, np.random.default_rng(1))
    >>> int(drawn["allied"].sum())
    2
    """
    drawn = generator.permutation(table["group"].unique())
    return with_allies(table, dict(zip(drawn, since.values())))


def risk(
    table: pd.DataFrame,
    last_year: int,
    *,
    absorbed: Mapping[str, str] | None = None,
    quiet: int = 2,
) -> pd.DataFrame:
    """Return a row a group and year at risk, from its first to its last year with an event.

    A group ends in its last year, unless that lies within ``quiet`` years of ``last_year`` (it may
    only be silent) or it was ``absorbed`` into another that goes on.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns group, year and allied, as of :func:`with_allies`.
    last_year : int
        The last year that the events reach.
    absorbed : mapping of str to str, optional
        A group to the one that took it in.
    quiet : int, default 2
        Years of silence after which a group has ended.

    Returns
    -------
    pandas.DataFrame
        Columns group, year, allied and ended; a year without events carries the alliance of the
        year before.

    Examples
    --------
    >>> table = pd.DataFrame({"group": "A", "year": [2010, 2012], "allied": [False, True]})
    >>> risk(table, 2021)[["year", "allied", "ended"]].values.tolist()
    [[2010, False, False], [2011, False, False], [2012, True, True]]
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
