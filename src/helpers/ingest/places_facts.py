"""What the facts of places hold: units of today, units that ended, districts, splits."""

from helpers.base.models import Strict
from helpers.ingest.facts import CountryFacts

Spellings = dict[str, list[str]]  # source: how it spells a unit


class Ended(Strict):
    """A first-level unit that became part of another.

    Attributes
    ----------
    spellings : dict of str to list of str
        How each source spells it.
    into : str
        The unit that holds it today.
    date : str
        First day on which it no longer was, ``YYYY-MM-DD``.
    url : str
        Address of the date.
    note, note_after, note_districts : str
        Said of the unit until the date, of its spellings after it, and of its districts.
    """

    spellings: Spellings
    into: str
    date: str
    url: str
    note: str
    note_after: str
    note_districts: str


class Districts(Strict):
    """How the publisher's names of districts become ours.

    Attributes
    ----------
    suffixes : list of str
        Words after a name that are not part of it.
    names : dict of str to str
        Our name by the publisher's spelling, where it is not the spelling less its suffix.
    successors : dict of str to str
        District that holds another today, by our name of the other.
    successor_note : str
        Said of those that have a successor.
    regular : str
        How the publisher spells a district of which no event was read, with ``{name}``; empty
        where it has no rule.
    regular_note : str
        Said of those spellings.
    seen : dict of str to str
        Where such a spelling was seen, by the spelling.
    """

    suffixes: list[str] = []
    regular: str = ""
    regular_note: str = ""
    seen: dict[str, str] = {}
    names: dict[str, str] = {}
    successors: dict[str, str] = {}
    successor_note: str = ""


class Split(Strict):
    """A district that was split; older figures cannot be divided between the parts.

    Attributes
    ----------
    parts : dict of str to list of str
        Spellings of each part in published figures, by its name.
    province : str
        First-level unit in which the parts lie.
    date : str
        First day of the parts, ``YYYY-MM-DD``.
    note, url : str
        What is known of the date, and its address.
    """

    parts: Spellings
    province: str
    date: str
    note: str
    url: str


class Census(Strict):
    """Districts as the country's census lists them.

    Attributes
    ----------
    source : str
        Who writes the spellings.
    url : str
        Where the lists stand.
    districts : dict of str to list of str
        Our names of districts, by first-level unit of today.
    spellings : dict of str to list of str
        How the census writes a district, where not as we do.
    notes : dict of str to str
        Said of a district.
    """

    source: str
    url: str
    districts: dict[str, list[str]]
    spellings: dict[str, list[str]] = {}
    notes: dict[str, str] = {}


class PlaceFacts(CountryFacts):
    """Facts of the command.

    Attributes
    ----------
    provinces : dict of str to (dict of str to list of str)
        First-level units of today: how each source spells them.
    ended : dict of str to Ended
        First-level units that became part of another.
    districts : Districts
        Names of second-level units.
    splits : list of Split
        Second-level units that were split.
    census : Census, optional
        Second-level units of the census.
    undivided : dict of str to list of str
        Units by the name of the one out of which they were carved, or under which a source may
        count them undivided.
    published : dict of str to list of str
        Further spellings of second-level units in published figures.
    """

    provinces: dict[str, Spellings]
    ended: dict[str, Ended] = {}
    districts: Districts = Districts()
    splits: list[Split] = []
    census: Census | None = None
    undivided: dict[str, list[str]] = {}
    published: dict[str, list[str]] = {}
