"""What the UCDP tables of months share: types of violence, counts by type, version, calendar."""

from collections.abc import Iterable

from helpers.ingest.publisher import count, text

TYPES = {1: "state-based", 2: "non-state", 3: "one-sided"}
# How tables summed by others abbreviate the types.
SHORT = {"sb": "state-based", "ns": "non-state", "os": "one-sided"}
CANDIDATE = "candidate"
CALENDAR = {
    "year": count("year", "calendar year"),
    "month": count("month", "1 to 12, of the day on which an event starts"),
}
VERSION = text("release of GED, or candidate (provisional)")


def of_type(measure: str, types: Iterable[str] = TYPES.values()) -> list[str]:
    """Return the names of the columns of a measure by type of violence.

    Parameters
    ----------
    measure : str
        What is counted, as ``events``.
    types : iterable of str
        Types of violence; by default all three.

    Returns
    -------
    list of str
        One name a type.

    Examples
    --------
    >>> of_type("events")
    ['events_state_based', 'events_non_state', 'events_one_sided']
    """
    return [f"{measure}_{name.replace('-', '_')}" for name in types]


EVENTS = {
    "events": count("events", "number of events", nullable=True),
    **{
        column: count("events", f"events of {name} violence", nullable=True)
        for column, name in zip(of_type("events"), TYPES.values())
    },
}
