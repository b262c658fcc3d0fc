"""Candidate events after an annual release: joined by id, each with the version that states it."""

from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.ucdp_columns import CANDIDATE
from helpers.ingest.ucdp_versions import last_day


class Merged(NamedTuple):
    """Events of an annual release and the candidate events after its end.

    Attributes
    ----------
    events : pandas.DataFrame
        As :func:`helpers.ingest.ucdp_ged.read_all` returns them.
    revised : int
        Candidate events left out because the release has them.
    decided : int
        Those left out because they lie within the release, which does not have them.
    """

    events: pd.DataFrame
    revised: int = 0
    decided: int = 0


def merged(events: pd.DataFrame) -> Merged:
    """Return the events of one release, and the candidate events that follow it.

    What the annual release says of its own span stands: a candidate event that it took over, under
    its id, and one that it did not are left out alike, and counted.

    Parameters
    ----------
    events : pandas.DataFrame
        Of one release or of candidate events, or of both: ``id``, ``date_start``, ``release`` and
        ``version``.

    Returns
    -------
    Merged
        The index is that of ``events``.

    Raises
    ------
    InputError
        When the events are of two annual releases.

    Examples
    --------
    >>> events = pd.DataFrame({"id": [1, 1, 2, 3], "version": ["25.1", *["candidate"] * 3]})
    >>> days = pd.to_datetime(["2024-02-01", "2024-02-02", "2024-05-01", "2025-01-09"])
    >>> events = events.assign(date_start=days, release=["25.1", *["25.0.1"] * 3])
    >>> found = merged(events)
    >>> found.events["id"].tolist(), found.revised, found.decided
    ([1, 3], 1, 1)
    """
    provisional = events["version"].eq(CANDIDATE)
    finals = sorted(events.loc[~provisional, "version"].unique())
    if len(finals) > 1:
        raise InputError(f"the files are of versions {' and '.join(finals)}; give those of one")
    if not finals or not provisional.any():
        return Merged(events)
    revised = provisional & events["id"].isin(events.loc[~provisional, "id"])
    decided = provisional & ~revised & events["date_start"].le(last_day(finals[0]))
    return Merged(events[~(revised | decided)], int(revised.sum()), int(decided.sum()))
