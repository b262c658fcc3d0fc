"""The small words of a published figure: its measure, how it is hedged, its region."""

import re

from helpers.base.errors import InputError
from helpers.ingest.published_facts import PublishedFacts


def measure(metric: str, scope: str, facts: PublishedFacts) -> str:
    """Return our name of a metric.

    Parameters
    ----------
    metric : str
        As the collections name it.
    scope : str
        What the figure counts; some scopes print a metric under another name.
    facts : PublishedFacts
        The vocabulary.

    Returns
    -------
    str
        A word of the vocabulary.

    Raises
    ------
    InputError
        When the metric is not known.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path, read_facts
    >>> facts = read_facts(facts_path("published"), PublishedFacts)
    >>> measure("fatalities_total_to_9dec", "target", facts)
    'killed'
    """
    base = metric
    while base not in facts.metrics and facts.endings.search(base):
        base = facts.endings.sub("", base)
    base = facts.metrics.get(base, base)
    base = facts.scopes[scope].rename.get(base, base)
    if base not in facts.vocabulary:
        raise InputError(
            f"the metric '{metric}' is not known; add it to metrics in the file of facts"
        )
    return base


def precision(words: str, facts: PublishedFacts) -> str:
    """Return how a text hedges a figure.

    Parameters
    ----------
    words : str
        "series metric" of the figure.
    facts : PublishedFacts
        The hedges.

    Returns
    -------
    str
        "exact", "about", "at least" or "at most".

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path, read_facts
    >>> facts = read_facts(facts_path("published"), PublishedFacts)
    >>> precision("attacks (over) killed", facts), precision("attacks killed", facts)
    ('at least', 'exact')
    """
    for hedge in facts.precision:
        if hedge.pattern.search(words):
            return hedge.means
    return "exact"


def region(name: str, source: str, year: str, facts: PublishedFacts) -> str:
    """Return our name of a region.

    Parameters
    ----------
    name, source, year : str
        Region, publisher and year of a figure; a year that is no number is after every change.
    facts : PublishedFacts
        Names of regions, and those that depend on year and publisher.

    Returns
    -------
    str
        The name.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path, read_facts
    >>> facts = read_facts(facts_path("published"), PublishedFacts)
    >>> region("Everywhere", "A tracker", "2024", facts)
    'Everywhere'
    """
    number = re.match(r"\d{4}", year)
    for narrower in facts.narrower:
        before = number is not None and int(number[0]) < narrower.before
        if name == narrower.name and (before or source in narrower.sources):
            return narrower.means
    return facts.regions.get(name, name)
