"""What is known of the source of a researcher's own file: its scope, its terms, its spellings."""

from pydantic import Field

from helpers.base.models import Strict
from helpers.raw.aggregates import Aggregates
from helpers.raw.sidecar import Licence, Redistribution


class OwnFacts(Strict):
    """Facts of one source, beside the raw tables; figures in braces are filled in from the file.

    Attributes
    ----------
    source : str
        What the source is called.
    country : str
        The country that is taken unless another is named, as UCDP spells it.
    countries : dict of str to str or list of str
        Country as UCDP spells it to its name in the file, where they differ, or to its names at
        different times.
    first_year : int
        The year with which the source begins.
    scope : str
        What counts.
    producer, citation_full, url : str
        Who made it.
    licence : Licence
        Name and address of the terms.
    redistribution : str
        Whether its rows may be passed on.
    aggregates : Aggregates, optional
        Where they may not: which sums of this source may be shown; none where nothing is said.
    notes : list of str
        What a reader must know.
    """

    source: str = Field(min_length=1)
    country: str = ""
    countries: dict[str, str | list[str]] = Field(default_factory=dict)
    first_year: int = 1946
    scope: str = Field(min_length=1)
    producer: str
    citation_full: str
    url: str
    licence: Licence
    redistribution: Redistribution
    aggregates: Aggregates | None = None
    notes: list[str] = Field(default_factory=list)


class TypedFacts(OwnFacts):
    """Facts of a source that sorts events by type.

    Attributes
    ----------
    counted, dropped : list of str
        The types that count, and those that do not; another one is refused.
    """

    counted: list[str] = Field(min_length=1)
    dropped: list[str]


class CriteriaFacts(OwnFacts):
    """Facts of a source with criteria of inclusion and a flag of doubt.

    Attributes
    ----------
    criteria : int
        How many of the criteria an incident must meet.
    doubted : list of str
        Values of the flag with which an incident does not count.
    """

    criteria: int
    doubted: list[str]
