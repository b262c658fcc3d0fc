"""What the facts of published figures hold: the crosswalk from a text's words to our vocabulary."""

import re
from typing import Literal, Self

from pydantic import model_validator

from helpers.base.errors import did_you_mean
from helpers.base.models import Strict
from helpers.base.patterns import Pattern
from helpers.ingest.facts import CountryFacts


class Scope(Strict):
    """What a figure counts.

    Attributes
    ----------
    meaning : str
        The same in words, for the sidecar.
    whole : str
        Name of the series where the scope counts a whole, so that one publisher's periods can
        stand in one time series; else empty.
    rename : dict of str to str
        Metrics that texts print under another name in this scope, and ours.
    """

    meaning: str
    whole: str = ""
    rename: dict[str, str] = {}


class Publisher(Strict):
    """Who counts, and who quotes it.

    Attributes
    ----------
    source : str
        The publisher of the figure.
    via : str
        Who quotes it; empty: its own text or the press.
    """

    source: str
    via: str = ""


class Rule(Strict):
    """Which series has which scope.

    Attributes
    ----------
    pattern : re.Pattern
        Searched in "publisher | series | metric | year".
    scope : str
        The scope of a series in which it is found.
    series : str
        Our name of the series, in which ``\\1`` is the first group of the pattern; empty: the
        scope's ``whole``, or the collection's own words where it has none.
    """

    pattern: Pattern
    scope: str
    series: str = ""

    @model_validator(mode="after")
    def _groups_exist(self) -> Self:
        wanted = max((int(group) for group in re.findall(r"\\(\d)", self.series)), default=0)
        if wanted > self.pattern.groups:
            raise ValueError(
                f"expected a pattern with {wanted} groups, found '{self.pattern.pattern}'"
            )
        return self


class Hedge(Strict):
    """How a text hedges a figure.

    Attributes
    ----------
    pattern : re.Pattern
        Searched in "series metric".
    means : {'about', 'at least', 'at most'}
        The precision of a figure in whose words it is found.
    """

    pattern: Pattern
    means: Literal["about", "at least", "at most"]


class Narrowed(Strict):
    """A period that words give where the columns year and month are only near it.

    Attributes
    ----------
    pattern : re.Pattern
        Searched in "series metric".
    period : str
        In the grammar of :mod:`helpers.raw.periods`; ``{year}`` is the year of the figure.
    """

    pattern: Pattern
    period: str


class Narrower(Strict):
    """A name that means less than it says before a year, and always with some publishers.

    Attributes
    ----------
    name, means : str
        The region as the collections name it, and what is meant.
    before : int
        First year in which it means what it says.
    sources : list of str
        Publishers with which it never does.
    """

    name: str
    means: str
    before: int
    sources: list[str] = []


class Figure(Strict):
    """One figure that a text quotes.

    Attributes
    ----------
    period, metric, value : str
        As in the table.
    """

    period: str
    metric: str
    value: str


class Quoted(Strict):
    """Figures transcribed from a text that no collection holds.

    Attributes
    ----------
    source, series, scope, region, vintage, via : str
        As in the table, the same for all its figures.
    url : str
        Address of the text; empty for a text whose address is not recorded.
    figures : list of Figure
        What it quotes.
    """

    source: str
    series: str
    scope: str
    region: str
    vintage: str
    via: str
    url: str = ""
    figures: list[Figure]


class PublishedFacts(CountryFacts):
    """Facts of the command.

    Attributes
    ----------
    collections : list of str
        Names of the collections; the command takes as many.
    retrieved : str
        Day on which the collections were closed, ``YYYY-MM-DD``.
    scopes : dict of str to Scope
        Every scope.
    publishers : dict of str to Publisher
        Publishers that the collections name otherwise, by that name.
    rules : list of Rule
        The first whose pattern is found gives the scope.
    vocabulary : list of str
        Every metric.
    metrics : dict of str to str
        Ours by the collections' name.
    endings : re.Pattern
        Endings of a metric that say how it was counted, not what.
    precision : list of Hedge
        The first whose pattern is found holds; none: exact.
    periods : list of Narrowed
        The first whose pattern is found holds.
    regions : dict of str to str
        Ours by the collections' name.
    narrower : list of Narrower
        Regions whose name depends on year and publisher.
    quoted : list of Quoted
        Figures that no collection holds.
    unaddressed : dict of str to str
        Where a figure was read, by what a collection has in place of its address.
    """

    collections: list[str]
    retrieved: str
    scopes: dict[str, Scope]
    publishers: dict[str, Publisher] = {}
    rules: list[Rule]
    vocabulary: list[str]
    metrics: dict[str, str] = {}
    endings: Pattern
    precision: list[Hedge] = []
    periods: list[Narrowed] = []
    regions: dict[str, str] = {}
    narrower: list[Narrower] = []
    quoted: list[Quoted] = []
    unaddressed: dict[str, str] = {}

    @model_validator(mode="after")
    def _words_are_known(self) -> Self:
        used = [rule.scope for rule in self.rules] + [text.scope for text in self.quoted]
        for scope in used:
            if scope not in self.scopes:
                raise ValueError(
                    f"scope '{scope}' is not in scopes" + did_you_mean(scope, self.scopes)
                )
        renamed = [name for scope in self.scopes.values() for name in scope.rename.values()]
        for metric in [*self.metrics.values(), *renamed]:
            if metric not in self.vocabulary:
                raise ValueError(
                    f"metric '{metric}' is not in vocabulary"
                    + did_you_mean(metric, self.vocabulary)
                )
        return self
