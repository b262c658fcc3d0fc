"""What the facts of mergers hold: the events that texts tell of, and how to find their rows."""

from typing import Literal

from helpers.base.models import Strict
from helpers.base.patterns import Pattern
from helpers.ingest.facts import Facts
from helpers.ingest.publisher import address, text
from helpers.raw.sidecar import Column

KEY = ["date", "event"]
DIRECTIONS = ["merger", "split", "alliance", "count"]
STATUS = ["verified", "partly", "unverified"]


class Event(Strict):
    """One event, and the pattern that finds the rows that tell of it.

    Attributes
    ----------
    date : str
        Day, month or year, as far as known.
    event, groups, place : str
        What happened, to whom and where, in our words.
    direction : {'merger', 'split', 'alliance', 'count'}
        What kind of event; a count is a statement of a stock.
    status : {'verified', 'partly', 'unverified'}
        How well the texts bear it.
    pattern : re.Pattern
        Searched in "date | event | groups" of a row.
    """

    date: str
    event: str
    groups: str
    direction: Literal["merger", "split", "alliance", "count"]
    place: str = ""
    status: Literal["verified", "partly", "unverified"]
    pattern: Pattern


class Counted(Strict):
    """The column of a cumulative count that some texts print.

    Attributes
    ----------
    column : str
        Its name, in the collections and in the table.
    meaning : str
        What it counts, and since when.
    """

    column: str
    meaning: str


class MergersFacts(Facts):
    """Facts of the command.

    Attributes
    ----------
    counted : Counted
        The column of the cumulative count.
    events : list of Event
        Every event that is told of.
    no_event : list of re.Pattern
        Rows that tell of no merger, split or alliance.
    """

    counted: Counted
    events: list[Event]
    no_event: list[Pattern]


def columns(counted: Counted) -> dict[str, Column]:
    """Return the description of the columns of the table, in its order.

    Parameters
    ----------
    counted : Counted
        The column of the cumulative count.

    Returns
    -------
    dict of str to Column
        Nine columns.

    Examples
    --------
    >>> list(columns(Counted(column="joined", meaning="groups that joined")))[5]
    'joined'
    """
    return {
        "date": Column(type="date", meaning="day, month or year of the event, as far as known"),
        "event": text("what happened, in our words"),
        "groups": text("groups or leaders, separated by semicolons"),
        "direction": text(
            "merger, split, alliance, or count (a statement of a stock)", allowed=DIRECTIONS
        ),
        "place": text("place as the texts give it", nullable=True),
        counted.column: Column(
            type="integer", unit="groups", nullable=True, minimum=0, meaning=counted.meaning
        ),
        "n_sources": Column(type="integer", unit="texts", meaning="number of addresses", minimum=1),
        "url": address("addresses, separated by ' | '"),
        "status": text("see notes", allowed=STATUS),
    }
