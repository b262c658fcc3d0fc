"""Which months a release of candidate events states, and which of its events lie in them."""

from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.ucdp_columns import CANDIDATE


class Stated(NamedTuple):
    """Events of releases, each in a month that its release states.

    Attributes
    ----------
    events : pandas.DataFrame
        As they were given; the index is kept.
    before : int
        Candidate events left out because they start before the months of their release.
    """

    events: pd.DataFrame
    before: int = 0


def months_of(release: str) -> pd.PeriodIndex:
    """Return the months that a release of candidate events states.

    Parameters
    ----------
    release : str
        As the publisher numbers it.

    Returns
    -------
    pandas.PeriodIndex
        One month, or those of a span; empty for a release without a number.

    Raises
    ------
    InputError
        When it names a month that is none, or a span that ends before it begins.

    Examples
    --------
    >>> [str(month) for month in months_of("26.0.6")], len(months_of("26.01.26.06"))
    (['2026-06'], 6)
    """
    if release == CANDIDATE:
        return pd.PeriodIndex([], freq="M")
    parts = [int(part) for part in release.lower().removeprefix("v").split(".")]
    first = parts[:2] if len(parts) == 4 else [parts[0], parts[-1]]
    last = [parts[-2], parts[-1]] if len(parts) == 4 else first
    if not all(1 <= month <= 12 for _, month in (first, last)) or first > last:
        raise InputError(f"version {release} names no months; expected one like 26.0.6")
    begin, end = (
        pd.Period(year=2000 + year, month=month, freq="M") for year, month in (first, last)
    )
    return pd.period_range(begin, end, freq="M")


def stated(events: pd.DataFrame) -> Stated:
    """Leave out candidate events that start before the months of their release.

    Such an event belongs to a month of an earlier release, which may hold it already. Where only
    sums are kept, nobody can tell, and a month would be replaced by the few events that ran on.

    Parameters
    ----------
    events : pandas.DataFrame
        ``date_start`` and ``release``.

    Returns
    -------
    Stated

    Examples
    --------
    >>> days = pd.to_datetime(["2026-05-30", "2026-06-02"])
    >>> found = stated(pd.DataFrame({"date_start": days, "release": "26.0.6"}))
    >>> len(found.events), found.before
    (1, 1)
    """
    numbered = [one for one in events["release"].unique() if one.count(".") > 1]
    begins = {one: months_of(one)[0].to_timestamp() for one in numbered}
    first = pd.to_datetime(events["release"].map(begins))
    early = events["date_start"] < first  # where there is no first month, nothing is early
    return Stated(events[~early], int(early.sum()))
