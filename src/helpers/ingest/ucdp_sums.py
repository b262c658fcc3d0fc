"""Events summed: pure functions on the frame of :mod:`helpers.ingest.ucdp_ged`."""

from collections.abc import Sequence

import pandas as pd

from helpers.ingest.ucdp_columns import TYPES, of_type
from helpers.raw.put import as_text
from helpers.raw.rules import Order, Rule, Total, breaking
from helpers.raw.sidecar import Sidecar

# What the sums need of an event beside what every frame of events has.
NEEDED = ["deaths_low", "deaths_high"]
ESTIMATES = ["deaths_low", "deaths_best", "deaths_high"]


def summed(events: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Return events and deaths of each key, in all and by type of violence.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`helpers.ingest.ucdp_ged.read_events` returns it, with :data:`NEEDED`.
    key : sequence of str
        Columns of ``events``; a missing value is a value.

    Returns
    -------
    pandas.DataFrame
        The key; ``events``, ``deaths_low``, ``deaths_best``, ``deaths_high``; events and best
        estimate by type; ``deaths_spanning``, of the best estimate those of events that end in a
        later month than they start.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "country": "Chad", "type_of_violence": ["state-based", "one-sided"],
    ...     "deaths_low": [1, 0], "deaths_best": [4, 2], "deaths_high": [9, 2],
    ...     "date_start": pd.Timestamp("2024-01-31"),
    ...     "date_end": pd.to_datetime(["2024-02-01", "2024-01-31"])})
    >>> summed(events, ["country"]).iloc[0, 1:].tolist()
    [2, 1, 6, 11, 1, 0, 1, 4, 0, 2, 4]
    """
    best = events["deaths_best"]
    month = events["date_start"].dt.to_period("M")
    counts = {"events": 1, "deaths_low": events["deaths_low"], "deaths_best": best}
    counts["deaths_high"] = events["deaths_high"]
    for measure, value in (("events", 1), ("deaths", best)):
        for column, name in zip(of_type(measure), TYPES.values()):
            counts[column] = events["type_of_violence"].eq(name).astype("int64") * value
    counts["deaths_spanning"] = best.where(month < events["date_end"].dt.to_period("M"), 0)
    frame = events[list(key)].assign(**counts)
    return frame.groupby(list(key), dropna=False, as_index=False).sum()


def years(events: pd.DataFrame) -> pd.DataFrame:
    """Return the country-years of events by type of violence, types without an event as zeros.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`helpers.ingest.ucdp_ged.read_events` returns it, with :data:`NEEDED`, country,
        dyad, and the dead by standing.

    Returns
    -------
    pandas.DataFrame
        Columns of ``country_year.csv``. Civilians are counted as the publisher does: in one-sided
        violence all but those of unknown standing.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "country": ["Chad"], "country_id": 483, "region": "Africa", "year": 2024, "dyad_id": 7,
    ...     "version": "25.1", "type_of_violence": "one-sided", "deaths_low": 1, "deaths_best": 4,
    ...     "deaths_high": 9, "civilians": 2, "deaths_unknown": 1})
    >>> counts = ["events", "deaths_best", "civilians", "dyads"]
    >>> years(events)[["type_of_violence", *counts]].to_numpy()
    array([['state-based', 0, 0, 0, 0],
           ['non-state', 0, 0, 0, 0],
           ['one-sided', 1, 4, 3, 1]], dtype=object)
    """
    place = ["country", "country_id", "region", "year", "version"]
    killed = events["civilians"].where(
        events["type_of_violence"].ne("one-sided"), events["deaths_best"] - events["deaths_unknown"]
    )
    key = [*place, "type_of_violence"]
    sums = events.assign(events=1, civilians=killed).groupby(key)
    counts = sums[["events", "deaths_low", "deaths_best", "deaths_high", "civilians"]].sum()
    counts["dyads"] = sums["dyad_id"].nunique()
    places = events[place].drop_duplicates()
    every = places.merge(pd.DataFrame({"type_of_violence": list(TYPES.values())}), "cross")
    whole = counts.reindex(pd.MultiIndex.from_frame(every), fill_value=0)
    return whole.reset_index()


def last_names(events: pd.DataFrame) -> pd.Series:
    """Return the name of each dyad as its latest event spells it.

    Parameters
    ----------
    events : pandas.DataFrame
        With ``dyad_id``, ``dyad`` and ``date_start``.

    Returns
    -------
    pandas.Series of str
        Names, indexed by dyad.

    Examples
    --------
    >>> events = pd.DataFrame({"dyad_id": [7, 7], "dyad": ["A - C", "A - B"],
    ...                        "date_start": pd.to_datetime(["2024-02-01", "2023-01-01"])})
    >>> last_names(events).to_dict()
    {7: 'A - C'}
    """
    return events.sort_values("date_start").groupby("dyad_id")["dyad"].last()


def spans(months: pd.DataFrame) -> str:
    """Return in words which months each version covers.

    Parameters
    ----------
    months : pandas.DataFrame
        ``year``, ``month`` and ``version``.

    Returns
    -------
    str
        First and last month of each version.

    Examples
    --------
    >>> spans(pd.DataFrame({"version": "25.1", "year": [1989, 2024], "month": [1, 12]}))
    '25.1 1989-01 to 2024-12'
    """
    day = months["year"].astype(str) + "-" + months["month"].astype(str).str.zfill(2)
    each = day.groupby(months["version"]).agg(["min", "max"])
    return "; ".join(f"{version} {first} to {last}" for version, first, last in each.itertuples())


def out_of_order(frame: pd.DataFrame) -> pd.Series:
    """Return which rows do not have the low, best and high estimate in that order.

    Parameters
    ----------
    frame : pandas.DataFrame
        With :data:`ESTIMATES`; an empty cell is passed over.

    Returns
    -------
    pandas.Series of bool, shape (n_rows,)
        Whether a row is so.

    Examples
    --------
    >>> estimates = pd.DataFrame({"deaths_low": [1, 5], "deaths_best": [2, 4], "deaths_high": 9})
    >>> out_of_order(estimates).tolist()
    [False, True]
    """
    low, best, high = (frame[name] for name in ESTIMATES)
    return ((low > best) | (best > high) | (low > high)).fillna(False).astype(bool)


def inherited(sidecar: Sidecar, frame: pd.DataFrame, events: pd.DataFrame) -> Sidecar:
    """Return the sidecar with the rows named that contradict themselves as published.

    The publisher has events whose estimates are not in order, or whose parts are not their total,
    and a sum of few events inherits that. Such rows become ``known`` under the rule; any other row
    stays a fault.

    Parameters
    ----------
    sidecar : Sidecar
        Of the table, with its key.
    frame : pandas.DataFrame
        The table: sums of events by the key of the sidecar.
    events : pandas.DataFrame
        The events, with the key and the columns of the rules.

    Returns
    -------
    Sidecar
        With the rows under the rules of order and of totals.

    Examples
    --------
    >>> from helpers.raw.sidecar import Column
    >>> names = ["country", *ESTIMATES]
    >>> sidecar = Sidecar.model_construct(
    ...     key=["country"], rules=[Order(rule="order", columns=ESTIMATES)])
    >>> events = pd.DataFrame([["Chad", 5, 4, 9], ["Chad", 0, 0, 0], ["Mali", 1, 1, 1]],
    ...                       columns=names)
    >>> sums = events.groupby("country", as_index=False).sum()
    >>> inherited(sidecar, sums, events).rules[0].known
    [{'country': 'Chad'}]
    """
    rules = [_knowing(rule, sidecar.key, frame, events) for rule in sidecar.rules]
    return sidecar.model_copy(update={"rules": rules})


def _knowing(rule: Rule, key: list[str], frame: pd.DataFrame, events: pd.DataFrame) -> Rule:
    """Return a rule of order or total that knows the sums whose events break it already."""
    if not isinstance(rule, Order | Total):
        return rule
    columns = rule.columns if isinstance(rule, Order) else [rule.column, *rule.parts]
    if not {*columns, *key} <= set(events.columns):
        return rule
    whole = frame.reset_index(drop=True)
    of_all = rule.model_copy(update={"known": [], "where": {}})
    odd = events.loc[breaking(of_all, events, events), key].drop_duplicates()
    broken = breaking(rule, as_text(whole), whole)
    rows = as_text(whole.loc[broken, key].merge(odd, on=key).sort_values(key))
    known = [
        {str(name): str(cell) for name, cell in row.items()} for row in rows.to_dict("records")
    ]
    return rule.model_copy(update={"known": rule.known + known})
