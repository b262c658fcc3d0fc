"""What a researcher's file is, told by its columns: neither its name nor an option counts."""

from collections.abc import Mapping

from helpers.ingest import own_acled, own_acled_weekly, own_gtd
from helpers.ingest.header import Names
from helpers.ingest.ucdp_header import is_of_events
from helpers.ingest.ucdp_layout import Sheet, alike

UCDP = "a UCDP file of events"
# Kind in words, its columns, and the command that reads it.
KNOWN: Mapping[str, tuple[Names, list[str], str]] = {
    own_acled.KIND: (own_acled.NAMES, own_acled.NEEDED, "own-acled"),
    own_acled_weekly.KIND: (own_acled_weekly.NAMES, own_acled_weekly.NEEDED, "own-acled-weekly"),
    own_gtd.KIND: (own_gtd.NAMES, own_gtd.NEEDED, "own-gtd"),
}
ENOUGH = 0.6  # of the columns of a kind, so that one that lacks some is told which


def kind_of(sheet: Sheet) -> str | None:
    """Return what a file is.

    Parameters
    ----------
    sheet : Sheet
        The file.

    Returns
    -------
    str or None
        :data:`UCDP` or a key of :data:`KNOWN`; None where its columns are of no known publisher.

    Examples
    --------
    >>> header = ["WEEK", "COUNTRY", "ADMIN1", "EVENT_TYPE", "EVENTS", "FATALITIES"]
    >>> kind_of(Sheet("a.csv", ("a.csv",), header, lambda positions: None))
    'an ACLED weekly aggregate'
    >>> kind_of(Sheet("a.csv", ("a.csv",), ["day", "killed"], lambda positions: None))
    """
    if is_of_events(sheet):
        return UCDP
    found = set(map(alike, sheet.header))
    shares = {
        kind: sum(not found.isdisjoint(names.get(one, (one,))) for one in needed) / len(needed)
        for kind, (names, needed, _) in KNOWN.items()
    }
    best = max(shares, key=lambda kind: shares[kind])
    return best if shares[best] >= ENOUGH else None
