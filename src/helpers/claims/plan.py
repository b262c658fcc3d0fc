"""The claims under test: what each says, what would decide it, and what cannot be known.

The file (``claims.yml``) was fixed after the totals were known, and amended since
(:mod:`helpers.claims.history`). A tested claim names its estimand, the results that are its
evidence (the first one is primary), the smallest effect that would matter, the checks that it must
pass, and what the design can identify at best; :mod:`helpers.claims.rule` turns it and the recorded
results into a verdict. A documentary claim (:mod:`helpers.claims.documents`) says what dated
documents would have to state. A claim that cannot be tested stands there with the reason.
"""

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError, model_validator

from helpers.base.errors import InputError, did_you_mean
from helpers.base.models import Strict, first_fault
from helpers.claims.decisions import RELATIONS, SIGNS
from helpers.claims.documents import Documentary

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")]
Text = Annotated[str, Field(min_length=1)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Decides = Literal["cause_not_identified", "too_imprecise", "not_supported"]


class Variant(Strict):
    """Another recorded result that could as well have stood for a source.

    Attributes
    ----------
    what : {"window", "noise", "version", "model", "scope"}
        Which choice it makes otherwise.
    key : str
        The result in ``results.json``, with an interval.
    """

    what: Literal["window", "noise", "version", "model", "scope"]
    key: Key


class Evidence(Strict):
    """One recorded result that speaks for or against a claim.

    Attributes
    ----------
    source : str
        Who counted.
    key : str
        The result in ``results.json``.
    counts : str
        What the series counts, over which time.
    always : bool
        Stands whichever trackers a run compares.
    pools : list of str
        The trackers that the result pools. As the primary result it is heard for all of them that
        take part, and has no vote beside theirs on whether sources agree.
    variants : list of Variant
        Results of other choices, which :mod:`helpers.claims.multiverse` puts in its place.
    """

    source: Text
    key: Key
    counts: Text
    always: bool = False
    pools: list[Text] = []
    variants: list[Variant] = []


class Check(Strict):
    """What another result must show for a claim to be judged by its evidence.

    Attributes
    ----------
    what : str
        The kind of check.
    key : str
        The result in ``results.json``.
    part : {"value", "low", "high"}
        The estimate or an end of its interval.
    relation : {"above", "below", "at_least", "at_most"}
        How it must stand to ``value``.
    value : float or str
        The number, or the month as ``YYYY-MM``, that it is compared with.
    says : str
        What holds when the check is met.
    decides : {"cause_not_identified", "too_imprecise", "not_supported"}
        The verdict when it is not met.
    source : str, optional
        Whose result it is. Where that tracker takes no part and nothing is recorded, the check is
        passed over.

    Examples
    --------
    >>> about = {"what": "placebo_rank", "key": "t.placebo_p", "relation": "at_most", "value": 0.1}
    >>> about |= {"says": "few dates show as much", "decides": "cause_not_identified"}
    >>> Check(**about).holds(0.23), Check(**about).holds(0.1)
    (False, True)
    """

    what: Literal[
        "agreement",
        "comparison_series",
        "composition",
        "date_of_change",
        "diagnostics",
        "leads",
        "placebo_rank",
        "positive_control",
        "pre_trend",
        "synthetic_control",
        "worst_size",
    ]
    key: Key
    part: Literal["value", "low", "high"] = "value"
    relation: Literal["above", "below", "at_least", "at_most"]
    value: FiniteFloat | Month
    says: Text
    decides: Decides
    source: Text | None = None

    def holds(self, found: float | str) -> bool:
        """Return whether a number or month stands as it must.

        Parameters
        ----------
        found : float or str
            What was recorded.

        Returns
        -------
        bool
            True where the relation holds.
        """
        return bool(SIGNS[RELATIONS[self.relation]](found, self.value))


class Comparison(Strict):
    """A comparison that was written down before the chapter that computes it.

    Attributes
    ----------
    id : str
        Its name within the claim.
    compares : str
        What is set against what.
    event : str, optional
        The first month of the new level, ``YYYY-MM``; left out where nothing is said to happen at
        one date, as when groups or places are compared.
    events : list of str
        Days ``YYYY-MM-DD`` of a chronology, where several moments are asked at once.
    turns : list of str
        First months of other new levels, known turning points, that get steps of their own.
    first, last : str
        The months that the series spans.
    firsts, lasts : list of str
        Other first and last months that a specification curve tries.
    goes_on : bool
        Whether the series is meant to run to the newest month at hand, whatever that is: ``last``
        is then where it ended when this was written.
    leads : int
        Whole years before the event that are looked at for a change that came too early.
    reason : str
        Why these months.
    seen : str
        What was known of these data when this was written.
    refuted_by : list of str
        What would speak against the claim.

    Examples
    --------
    >>> about = {"id": "groups", "compares": "one group and another", "event": "2021-08"}
    >>> about |= {"first": "2016-08", "last": "2022-11", "reason": "Five years.", "seen": "Totals."}
    >>> one = Comparison(**about, refuted_by=["the other rises as well"])
    >>> one.span
    slice('2016-08', '2022-11', None)
    """

    id: Id
    compares: Text
    event: Month | None = None
    events: list[Day] = []
    turns: list[Month] = []
    first: Month
    last: Month
    firsts: list[Month] = []
    lasts: list[Month] = []
    goes_on: bool = False
    leads: Annotated[int, Field(ge=0)] = 0
    reason: Text
    seen: Text
    refuted_by: Annotated[list[Text], Field(min_length=1)]

    @property
    def span(self) -> slice:
        """The months as labels that a series by month takes."""
        return slice(self.first, self.last)

    def until(self, newest: str) -> "Comparison":
        """Return the comparison as the months at hand allow it.

        Parameters
        ----------
        newest : str
            The last month at hand, ``YYYY-MM``.

        Returns
        -------
        Comparison
            With that month as its last one, where it goes on and the month is a later one.

        Examples
        --------
        >>> about = {"id": "districts", "compares": "one district and another", "seen": "Totals."}
        >>> about |= {"first": "2020-09", "last": "2021-12", "reason": "All months at hand."}
        >>> one = Comparison(**about, refuted_by=["the share had grown before"])
        >>> open_end = one.model_copy(update={"goes_on": True})
        >>> one.until("2025-12").last, open_end.until("2025-12").last
        ('2021-12', '2025-12')
        """
        if not self.goes_on or newest <= self.last:
            return self
        return self.model_copy(update={"last": newest})

    @model_validator(mode="after")
    def _events_are_inside(self) -> "Comparison":
        if self.first >= self.last:
            raise ValueError(f"'last' {self.last} does not come after 'first' {self.first}")
        moments = [("event", self.event)] if self.event else []
        moments += [("events", day) for day in self.events]
        for name, moment in moments + [("turns", month) for month in self.turns]:
            if not self.first < moment[:7] <= self.last:
                raise ValueError(
                    f"'{name}' {moment} does not lie between 'first' {self.first} and 'last' "
                    f"{self.last}"
                )
        if self.leads and not moments:
            raise ValueError("'leads' are years before an 'event', and there is none")
        return self


Part = Literal["leads", "placebo", "size", "power", "detectable"]


class Proof(Strict):
    """How a claim is tested, and which recorded results tell how good the test is.

    Attributes
    ----------
    design : str
        The standard name of the design.
    comparison : str
        What the effect is seen against.
    leads : str, optional
        Result that shows the effect where it cannot be yet, a ratio or difference.
    placebo : str, optional
        Result that shows how often as much is found where nothing happened, a share or a p.
    size : str, optional
        Result with the share of false alarms in the worst plausible world.
    power, detectable : str, optional
        Results with the chance to find the smallest effect of interest, and with the effect that is
        found in four of five cases. Left out they follow from the primary interval.
    without : dict of str to str
        For each of these that is neither recorded nor follows, the reason.

    Examples
    --------
    >>> about = {"design": "two years of one source", "comparison": "the year before"}
    >>> proof = Proof(**about, size="t.size", without={"leads": "a fact", "placebo": "a fact"})
    >>> proof.size, proof.without["leads"]
    ('t.size', 'a fact')
    """

    design: Text
    comparison: Text
    leads: Key | None = None
    placebo: Key | None = None
    size: Key | None = None
    power: Key | None = None
    detectable: Key | None = None
    without: dict[Part, Text] = {}

    @model_validator(mode="after")
    def _each_part_is_shown_or_excused(self) -> "Proof":
        for part in ("leads", "placebo", "size"):
            if (getattr(self, part) is None) == (part not in self.without):
                raise ValueError(
                    f"'{part}' is a result or has its reason in 'without', one of them"
                )
        return self


class Checkable(Strict):
    """A claim with its test.

    Attributes
    ----------
    kind : "checkable"
        What tells it from an :class:`Untestable` claim.
    id, statement, place : str
        Its name, what is claimed in our words, and where the article says so.
    estimand, unit : str
        The quantity that the sentence speaks of, and of what it is a property.
    test : str
        The function that computes the primary result, by its full name.
    evidence : list of Evidence
        One entry a source; the first is primary, where its source takes part.
    stated : str, optional
        The result that holds the article's own figure, for ``expected: equal``.
    expected : {"above", "below", "not_above", "not_below", "equal"}
        Where the claim expects the effect, seen from no effect.
    scale : {"ratio", "difference"}
        Whether effects are compared by division or by subtraction.
    no_effect, smallest_effect : float
        The value of no effect and the smallest effect of interest, in ``effect_unit``.
    effect_unit : str
        The unit of both.
    margin : float
        How far from no effect still counts as none: a ratio above 1 or a difference above 0.
    family : str
        The tests with which the claim shares a chance of a false alarm.
    falsified_by : list of Check
        What other results must show, beside the evidence; the first that is not met decides. A
        claim of a cause has at least one.
    asserts : {"fact", "cause"}
        Whether the claim says *because*.
    identification : {"descriptive", "association", "causal"}
        The most that the design can show.
    comparisons : list of Comparison
        Comparisons that were written down before they were computed.
    proof : Proof, optional
        How good the test is.
    limits : list of str
        What a reader must know.
    agreement : float
        Least share of sources that must point the same way.
    least_sources : int
        Fewer sources than this give no verdict.
    secondary : list of str
        Further tests, which do not decide.
    """

    kind: Literal["checkable"]
    id: Id
    statement: Text
    place: Text
    estimand: Text
    unit: Text
    test: Annotated[str, Field(pattern=r"^helpers(\.[a-z_]+)+$")]
    evidence: Annotated[list[Evidence], Field(min_length=1)]
    stated: Key | None = None
    expected: Literal["above", "below", "not_above", "not_below", "equal"]
    scale: Literal["ratio", "difference"]
    no_effect: FiniteFloat
    smallest_effect: FiniteFloat
    effect_unit: Text
    margin: FiniteFloat
    family: Id
    falsified_by: list[Check] = []
    asserts: Literal["fact", "cause"]
    identification: Literal["descriptive", "association", "causal"]
    comparisons: list[Comparison] = []
    proof: Proof | None = None
    limits: Annotated[list[Text], Field(min_length=1)]
    agreement: Annotated[float, Field(gt=0.5, le=1)]
    least_sources: Annotated[int, Field(ge=1)] = 2
    secondary: list[Text] = []

    @model_validator(mode="after")
    def _effect_is_where_it_is_expected(self) -> "Checkable":
        if (self.stated is None) == (self.expected == "equal"):
            raise ValueError("'stated' stands with 'expected: equal', and only there")
        if self.scale == "ratio" and min(self.no_effect, self.smallest_effect) <= 0:
            raise ValueError("'no_effect' and 'smallest_effect' of a ratio are above 0")
        if self.expected == "equal":
            beyond = self.smallest_effect > 0
        else:
            beyond = (self.smallest_effect > self.no_effect) == self.expected.endswith("above")
        if not beyond or self.smallest_effect == self.no_effect != 0:
            raise ValueError(
                f"'smallest_effect' {self.smallest_effect:g} is not on the side that 'expected: "
                f"{self.expected}' names, seen from 'no_effect' {self.no_effect:g}"
            )
        if self.margin <= (1 if self.scale == "ratio" else 0):
            raise ValueError("'margin' is a ratio above 1, such as 1.25, or a difference above 0")
        return self

    @model_validator(mode="after")
    def _each_source_speaks_once(self) -> "Checkable":
        twice = [
            name
            for name, number in Counter(one.source for one in self.evidence).items()
            if number > 1
        ]
        if twice:
            raise ValueError(
                f"the source '{twice[0]}' stands twice in 'evidence'; one source has one voice"
            )
        return self

    @model_validator(mode="after")
    def _a_cause_is_checked_by_other_results(self) -> "Checkable":
        if self.asserts == "cause" and not self.falsified_by:
            raise ValueError(
                "'falsified_by' is empty, and a claim of a cause has at least one check"
            )
        own = {one.key for one in self.evidence} & {one.key for one in self.falsified_by}
        if own:
            raise ValueError(
                f"'{min(own)}' in 'falsified_by' is the claim's own evidence, which the rule reads "
                "already; name another result"
            )
        return self


class Untestable(Strict):
    """A claim that no data at hand can decide.

    Attributes
    ----------
    kind : "untestable"
        What tells it from a :class:`Checkable` claim.
    id, statement, place : str
        Its name, what is claimed in our words, and where the article says so.
    reason : str
        Why nothing observed could decide it.
    """

    kind: Literal["untestable"]
    id: Id
    statement: Text
    place: Text
    reason: Text


Claim = Checkable | Documentary | Untestable
KINDS: dict[str, type[Strict]] = {
    "checkable": Checkable,
    "documentary": Documentary,
    "untestable": Untestable,
}
PARTS: dict[str, type[Strict]] = {
    "evidence": Evidence,
    "variants": Variant,
    "falsified_by": Check,
    "comparisons": Comparison,
    "proof": Proof,
}
CLAIM = TypeAdapter(Annotated[Claim, Field(discriminator="kind")])


def parse(entries: list, name: str = "claims.yml") -> list[Claim]:
    """Check the claims of a plan.

    Parameters
    ----------
    entries : list of dict
        The claims as they stand in the file.
    name : str, default "claims.yml"
        What the plan is called in an error.

    Returns
    -------
    list of Checkable, Documentary or Untestable
        The claims, in order.

    Raises
    ------
    InputError
        When there is no claim, when a field is wrong, missing or unknown, with the claim and the
        field, and when an id stands twice.

    Examples
    --------
    >>> entry = {"kind": "untestable", "id": "morale", "statement": "Morale fell.", "place": "end"}
    >>> parse([entry | {"reason": "Nobody counts morale."}])[0].id
    'morale'
    """
    if not isinstance(entries, list) or not entries:
        raise InputError(
            f"{name}: expected a list of claims, each with 'kind', 'id' and 'statement'"
        )
    claims = [_claim(name, number, entry) for number, entry in enumerate(entries, start=1)]
    twice = [identity for identity, count in Counter(one.id for one in claims).items() if count > 1]
    if twice:
        raise InputError(
            f"{name}: the id '{twice[0]}' stands there a second time; give each claim its own"
        )
    return claims


def comparison(entries: list, claim: str, name: str) -> Comparison:
    """Return a comparison of a claim by its name.

    Parameters
    ----------
    entries : list of dict
        The claims as they stand in the file.
    claim, name : str
        The ids of the claim and of its comparison.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        When there is no such claim or comparison, or as of :func:`parse`.
    """
    planned = {
        (one.id, plan.id): plan
        for one in parse(entries)
        if isinstance(one, Checkable)
        for plan in one.comparisons
    }
    if (claim, name) not in planned:
        raise InputError(
            f"claims.yml plans no comparison '{name}' of the claim '{claim}'; it has "
            + ", ".join(f"'{name}' of '{claim}'" for claim, name in planned)
        )
    return planned[claim, name]


def _claim(name: str, number: int, entry: object) -> Claim:
    try:
        return CLAIM.validate_python(entry)
    except ValidationError as error:
        identity = (
            entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        )
        raise InputError(f"{name}, claim '{identity}'{_sentence(error)}") from None


def _sentence(error: ValidationError) -> str:
    fault = first_fault(error)
    where = [part for part in fault.place if part not in KINDS]
    if fault.kind == "extra_forbidden":
        own = next(model for kind, model in KINDS.items() if kind in fault.place)
        model = next((PARTS[name] for name in reversed(where[:-1]) if name in PARTS), own)
        return f": unknown field '{'.'.join(where)}'" + did_you_mean(where[-1], model.model_fields)
    return f"{', ' + '.'.join(where) if where else ''}: {fault.said}"
