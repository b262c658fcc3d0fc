"""The columns of the table of published figures, and its sidecar with one note a scope."""

from helpers.ingest.published_facts import PublishedFacts
from helpers.ingest.publisher import address, text
from helpers.raw.sidecar import Column, Sidecar

PRECISION = ["exact", "about", "at least", "at most"]
KEY = [
    "source",
    "series",
    "scope",
    "region",
    "period",
    "metric",
    "value",
    "precision",
    "vintage",
    "via",
    "url",
]
COLUMNS = [*KEY, "retrieved"]


def columns(facts: PublishedFacts) -> dict[str, Column]:
    """Return the description of the columns of the table, in its order.

    Parameters
    ----------
    facts : PublishedFacts
        The country, the scopes and the vocabulary.

    Returns
    -------
    dict of str to Column
        Every name of :data:`COLUMNS`.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path, read_facts
    >>> facts = read_facts(facts_path("published"), PublishedFacts)
    >>> list(columns(facts)) == COLUMNS
    True
    """
    return {
        "source": text("publisher of the figure"),
        "series": text(
            "what is counted, in our words; one name per scope where the scope is a whole"
        ),
        "scope": text("which violence is counted, see notes", allowed=list(facts.scopes)),
        "region": text(f"{facts.country}, a province, or a region as the text draws it"),
        "period": text("period that the figure covers, see notes"),
        "metric": text(
            "what the value is a number of",
            unit="events or persons",
            allowed=sorted(facts.vocabulary),
        ),
        "value": Column(type="number", unit="see metric", meaning="the figure as printed"),
        "precision": text("how the text hedges it", allowed=PRECISION),
        "vintage": text("when the text appeared, see notes"),
        "via": text("who quotes the publisher, or which text without address", nullable=True),
        "url": address("address of the text; empty: not recorded, see via", nullable=True),
        "retrieved": Column(type="date", meaning="day on which the text was read, at the latest"),
    }


def sidecar(facts: PublishedFacts) -> Sidecar:
    """Return the sidecar of the table; the meaning of each scope follows its first note.

    Parameters
    ----------
    facts : PublishedFacts
        The words of the sidecar and the scopes.

    Returns
    -------
    Sidecar
        Not yet stamped.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path, read_facts
    >>> facts = read_facts(facts_path("published"), PublishedFacts)
    >>> sidecar(facts).notes[1] == f"scope {next(iter(facts.scopes))}: " + (
    ...     next(iter(facts.scopes.values())).meaning + ".")
    True
    """
    made = facts.sidecar(KEY, columns(facts))
    scopes = [f"scope {name}: {scope.meaning}." for name, scope in facts.scopes.items()]
    return made.model_copy(update={"notes": [*made.notes[:1], *scopes, *made.notes[1:]]})
