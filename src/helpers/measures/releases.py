"""Events and deaths of a release by type of violence, as figures for the measurement model.

The model measures militancy. Two things in a release's counts are none: fighting between states,
and what governments do to civilians. The table of groups (dyads) has them, but it does not say in
which country a fight took place, while the table of the country says nothing of who fought. So of
fighting between states that much is taken out of a month as the country holds beyond the dyads of
its own militants, and at most what the dyads of states have: what was fought elsewhere stays
uncounted, and no month falls below nothing.
"""

import pandas as pd

from helpers.base.errors import InputError

INSIDE = "mostly inside the country"
MILITANTS, STATES, GOVERNMENTS = "militants", "state against state", "government against civilians"
COUNTS = {
    (f"{what}_{kind.replace('-', '_')}"): (what, kind)
    for what in ("events", "deaths")
    for kind in ("state-based", "one-sided")
}


def released(
    months: pd.DataFrame, groups: pd.DataFrame, version: str, source: str, first: str, last: str
) -> pd.DataFrame:
    """Return events and deaths of militancy by month and type of violence.

    Parameters
    ----------
    months : pandas.DataFrame, one row a month
        The processed table ``ucdp_month``.
    groups : pandas.DataFrame, one row a dyad, type of violence and month
        The processed table ``ucdp_group_month``.
    version : str
        The release.
    source : str
        The name under which the figures enter.
    first, last : str
        First and last month of the window, YYYY-MM; months after the end of the release are not
        there, months without a row within it are zero.

    Returns
    -------
    pandas.DataFrame, one row a quantity and month
        The columns of :data:`helpers.measures.trackers.ENTRY`; ``month``; ``removed``: what was
        taken out; and ``at_most``: what it could be, had all fighting between states been here and
        that much of the militants' fighting abroad.

    Raises
    ------
    InputError
        When the release has no month within the window, or does not state types by month.

    Examples
    --------
    >>> table = pd.DataFrame({"month": pd.to_datetime(["2025-05-01"]), "version": "26.1"})
    >>> table = table.assign(**dict.fromkeys(COUNTS, 60))
    >>> dyads = pd.DataFrame({"kind": [MILITANTS, STATES], "inside": [INSIDE, "mostly elsewhere"]})
    >>> dyads = dyads.assign(month=table["month"][0], version="26.1", events=[50, 30])
    >>> dyads = dyads.assign(type_of_violence="state-based", deaths=[50, 5])
    >>> rows = released(table, dyads, "26.1", "U", "2025-01", "2025-12")
    >>> rows.set_index("quantity")["value"].to_dict()["events_state_based"]
    50.0
    """
    ours = months[months["version"] == version]
    at = pd.PeriodIndex(ours["month"], freq="M")
    inside = (at >= pd.Period(first, "M")) & (at <= pd.Period(last, "M"))
    stated = ours[list(COUNTS)].set_axis(at)[inside]
    if stated.empty:
        raise InputError(f"version '{version}' has no month between {first} and {last}")
    if stated.isna().any(axis=None):
        raise InputError(f"version '{version}' does not state events and deaths by type and month")
    whole = pd.period_range(stated.index.min(), stated.index.max(), freq="M")
    counted = stated.astype("float64").reindex(whole, fill_value=0.0)
    parts = []
    for quantity, (what, kind) in COUNTS.items():
        total = counted[quantity]
        dyads = _sums(groups, version, kind, what, whole)
        removed = not_militancy(total, dyads)
        most = (dyads["governments"] + dyads["states"]).clip(upper=total)
        counts = {"value": total - removed, "removed": removed, "at_most": most}
        parts.append(pd.DataFrame(counts).assign(quantity=quantity))
    rows = pd.concat(parts).rename_axis("month").reset_index()
    rows["months"] = [(month,) for month in rows["month"]]
    return rows.assign(source=source, unit="", derived=False, vintage=version, url="")


def not_militancy(total: pd.Series, dyads: pd.DataFrame) -> pd.Series:
    """Return how much of a country's count by month is not harm by or among its militants.

    Parameters
    ----------
    total : pandas.Series, shape (n_months,)
        What the country's table counts.
    dyads : pandas.DataFrame, shape (n_months, 3)
        ``militants`` (dyads of militants inside the country), ``governments`` (governments against
        civilians inside it) and ``states`` (states against states, wherever they fought).

    Returns
    -------
    pandas.Series of float
        At least zero, and at most the total.

    Examples
    --------
    >>> dyads = pd.DataFrame({"militants": [50.0, 70.0], "governments": 0.0, "states": [5.0, 5.0]})
    >>> not_militancy(pd.Series([60.0, 60.0]), dyads).tolist()
    [5.0, 0.0]
    """
    own = dyads["governments"].clip(upper=total)
    beyond = (total - own - dyads["militants"]).clip(lower=0)
    return own + beyond.clip(upper=dyads["states"])


def _sums(
    groups: pd.DataFrame, version: str, kind: str, what: str, months: pd.PeriodIndex
) -> pd.DataFrame:
    rows = groups[(groups["version"] == version) & (groups["type_of_violence"] == kind)]
    inside = rows["inside"] == INSIDE
    chosen = {
        "militants": (rows["kind"] == MILITANTS) & inside,
        "governments": (rows["kind"] == GOVERNMENTS) & inside,
        "states": rows["kind"] == STATES,
    }
    at = pd.PeriodIndex(rows["month"], freq="M")
    sums = {name: rows.loc[which, what].groupby(at[which]).sum() for name, which in chosen.items()}
    return pd.DataFrame(sums).reindex(months).fillna(0).astype("float64")
