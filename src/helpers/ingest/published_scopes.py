"""What each published series counts.

The same word hides different things ("incidents" are attacks here, attacks and operations there),
so every series is given a scope, and a series that no rule knows is an error, never a guess.
"""

import re
from typing import NamedTuple

from helpers.base.errors import InputError
from helpers.ingest.published_facts import PublishedFacts, Publisher


class Subject(NamedTuple):
    """What a figure counts, and of what.

    Attributes
    ----------
    scope : str
        Name of the scope.
    series : str
        Name of the series.
    """

    scope: str
    series: str


def subject(publisher: str, series: str, metric: str, year: str, facts: PublishedFacts) -> Subject:
    """Return scope and name of a series.

    Parameters
    ----------
    publisher, series, metric, year : str
        As the collections give them.
    facts : PublishedFacts
        The scopes and the rules.

    Returns
    -------
    Subject
        The scope of the first rule that fits, and the name that the rule gives.

    Raises
    ------
    InputError
        When no rule knows the series.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path, read_facts
    >>> from helpers.ingest.published_facts import Rule
    >>> facts = read_facts(facts_path("published"), PublishedFacts)
    >>> facts = facts.model_copy(update={"rules": [Rule(pattern="attacks on (.+?) ",
    ...                                                 scope="target", series=r"\\1")]})
    >>> subject("A tracker", "attacks on schools in May", "attacks", "2024", facts)
    Subject(scope='target', series='schools')
    """
    text = f"{publisher} | {series} | {metric} | {year}"
    for rule in facts.rules:
        if found := rule.pattern.search(text):
            named = found.expand(rule.series) or facts.scopes[rule.scope].whole or series
            return Subject(rule.scope, _tidy(named))
    raise InputError(
        f"the series '{series}' of {publisher} has no scope; add a rule to the file of facts "
        "that says what it counts"
    )


def _tidy(name: str) -> str:
    """Drop remarks in brackets, and what stands after a semicolon."""
    name = re.sub(r"\s*\([^)]*\)", "", name)
    name = re.sub(r";.*$", "", name)
    return re.sub(r"\s+", " ", name).strip()


def publisher(name: str, facts: PublishedFacts) -> Publisher:
    """Return the publisher of a figure and who quotes it.

    Parameters
    ----------
    name : str
        As the collections name it.
    facts : PublishedFacts
        The publishers that they name otherwise.

    Returns
    -------
    Publisher
        One that the facts do not list has its own name, and is quoted by nobody.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path, read_facts
    >>> facts = read_facts(facts_path("published"), PublishedFacts)
    >>> publisher("A tracker", facts)
    Publisher(source='A tracker', via='')
    """
    return facts.publishers.get(name, Publisher(source=name))
