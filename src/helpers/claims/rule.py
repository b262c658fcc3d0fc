"""From a claim and the recorded results to a verdict, by one rule for all claims.

The rule starts from what each source says, in the words of :mod:`helpers.claims.voices`: beyond,
clear, small, opposite or open.

**What the sources say.** They *agree* when at least ``agreement`` of them (two in three) point in
the expected direction and none is opposite; they *oppose* when as many point the other way and none
is clear or beyond.

| primary | verdict |
|---|---|
| beyond | Supported; Partly where the sources do not agree |
| clear | Partly; Too imprecise where the sources do not agree |
| small | Not supported; Too imprecise where another source is beyond |
| opposite | Contradicted where the sources oppose, else Not supported |
| open | Too imprecise; Not supported where the sources lean to the opposite |

They lean to the opposite where they do not agree, at least one is opposite, and none is clear or
beyond. An estimate pooled from several trackers is heard for each of them, and has no vote on
whether sources agree where they have one of their own.

**What comes before it.** A check that the claim promises (``falsified_by``), or that goes with its
primary result (:mod:`helpers.claims.checks`), decides when it is not met: Cause not identified, Too
imprecise or Not supported, by the first one that fails; what is Contradicted stays so where the
check would say Not supported. Without a failed check, fewer than two sources are One source only.

**What caps a verdict.** A claim of a cause whose design gives an association at best: Supported
becomes Partly, Contradicted becomes Not supported. Where the design only counts, an effect that is
there says nothing of its cause: Cause not identified. A claim that cannot be tested is Not
testable.

References: Holm (1979) on several primary tests of a family.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpers.claims.checks import Checked, checked
from helpers.claims.decisions import (
    CAPS,
    FAILED,
    NOT_TESTABLE,
    ONE_SOURCE,
    SHOWN,
    SOURCES,
    STAYS,
    first,
)
from helpers.claims.documents import Document, Documentary
from helpers.claims.plan import Checkable, Claim, Untestable
from helpers.claims.voices import Voice, heard

EFFECT = {
    "beyond": "the interval lies beyond the smallest effect",
    "clear": "an effect is there, but possibly too small to matter",
    "small": "the interval excludes an effect that matters",
    "opposite": "the interval lies on the other side",
    "open": "the data fit both no effect and one that matters",
}
DENIAL = {
    "beyond": "the effect that is denied is excluded",
    "small": "some of the effect that is denied is shown",
    "opposite": "the effect that is denied is shown in full",
    "open": EFFECT["open"],
}
FIGURE = {
    "beyond": "the figures agree within the tolerance",
    "opposite": "the figures differ by more than the tolerance",
}
BECAUSE = {
    "why": "{why}",
    "split": "{why}, and the sources do not agree",
    "lean": "no source clearly shows it, and some show the opposite",
}
WHY = {"above": EFFECT, "below": EFFECT, "not": DENIAL, "equal": FIGURE}


@dataclass(frozen=True)
class Verdict:
    """A verdict with what it rests on.

    Attributes
    ----------
    id : str
        The claim.
    verdict : str
        One of :data:`helpers.claims.decisions.VERDICTS`.
    voices : tuple of Voice
        What the sources say; the first one is primary.
    reasons : tuple of str
        Clauses that say what decided.
    p_holm : float or None
        The primary p, adjusted for the primary results of its family (:func:`judge_all`).
    checks : tuple of Checked
        The checks that were held against what was recorded.
    otherwise : str, optional
        The verdict of the sources alone, where a check that is not met decided.
    """

    id: str
    verdict: str
    voices: tuple[Voice, ...] = ()
    reasons: tuple[str, ...] = ()
    p_holm: float | None = None
    checks: tuple[Checked, ...] = ()
    otherwise: str | None = None

    @property
    def primary(self) -> Voice | None:
        """The voice that decides, ``None`` where nobody speaks."""
        return self.voices[0] if self.voices else None

    def sources(self, agree: bool) -> list[str]:
        """Return the names of the sources that point as expected, or of those that do not.

        Parameters
        ----------
        agree : bool
            Which of the two.

        Returns
        -------
        list of str
            Names in the order of the claim's evidence, the primary one first.

        Examples
        --------
        >>> one = Voice("A", "t.a", 1.2, 1.0, 1.4, "clear", True, 0.05)
        >>> Verdict("more", "Partly", (one, replace(one, source="B", agrees=False))).sources(False)
        ['B']
        """
        return [voice.source for voice in self.voices if voice.agrees == agree]


def judge(
    claim: Claim,
    results: Mapping[str, Mapping[str, Any]],
    chosen: Iterable[str],
    documents: Iterable[Document] = (),
) -> Verdict:
    """Judge one claim by the rule of this module.

    Parameters
    ----------
    claim : Checkable, Documentary or Untestable
        The claim, with what decides it.
    results : mapping of str to mapping
        Recorded entries by key, as in ``results.json``: ``value``, ``low`` and ``high`` each.
    chosen : iterable of str
        The trackers that take part.
    documents : iterable of Document, optional
        What decides a documentary claim.

    Returns
    -------
    Verdict
        The verdict, with what each source says and why.

    Raises
    ------
    InputError
        When a result is missing, is no number, or is primary and has no interval.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> counted = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact", "family": "level"}
    >>> claim = Checkable.model_construct(id="more", evidence=counted, **about)
    >>> recorded = {"t.a": {"value": 1.5, "low": 1.2, "high": 1.9}}
    >>> recorded["t.b"] = {"value": 1.3, "low": None, "high": None}
    >>> judge(claim, recorded, ["a", "b"]).verdict
    'Supported'
    >>> judge(claim, recorded, ["a"]).reasons
    ('1 source, and 2 are needed',)
    """
    if isinstance(claim, Untestable):
        return Verdict(claim.id, NOT_TESTABLE, reasons=(claim.reason,))
    if isinstance(claim, Documentary):
        from helpers.claims.documentary import judge_documents  # which needs Verdict of this module

        return judge_documents(claim, documents)
    chosen = set(chosen)
    voices = heard(claim, results, chosen)
    checks = checked(claim, voices[0].key if voices else None, results, chosen)
    verdict, reason = _by_number(claim, voices, chosen)
    judged = _capped(claim, Verdict(claim.id, verdict, voices, (reason,), checks=checks))
    failed = [one for one in checks if not one.met]
    return _overruled(judged, failed) if failed else judged


def judge_all(
    claims: Iterable[Claim],
    results: Mapping[str, Mapping[str, Any]],
    chosen: Iterable[str],
    documents: Iterable[Document] = (),
) -> list[Verdict]:
    """Judge all claims, and adjust the p of primary results for their number in each family.

    Parameters
    ----------
    claims : iterable of Checkable, Documentary or Untestable
        The plan.
    results, chosen, documents
        As in :func:`judge`.

    Returns
    -------
    list of Verdict
        One a claim, in order, with Holm's adjusted p within the family of the claim where the
        primary result implies a p.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> counted = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact", "family": "level"}
    >>> claim = Checkable.model_construct(id="more", evidence=counted, **about)
    >>> recorded = {key: {"value": 1.5, "low": 1.2, "high": 1.9} for key in ("t.a", "t.b")}
    >>> both = judge_all([claim, claim], recorded, ["a", "b"])
    >>> round(both[0].p_holm / both[0].primary.p, 6)
    2.0
    """
    from statsmodels.stats.multitest import multipletests

    claims, documents = list(claims), list(documents)
    verdicts = [judge(claim, results, chosen, documents) for claim in claims]
    families: dict[str, dict[int, float]] = {}
    for number, (claim, one) in enumerate(zip(claims, verdicts)):
        if isinstance(claim, Checkable) and one.primary and one.primary.p is not None:
            families.setdefault(claim.family, {})[number] = one.primary.p
    for implied in families.values():
        adjusted = multipletests(list(implied.values()), method="holm")[1]
        for number, p in zip(implied, adjusted):
            verdicts[number] = replace(verdicts[number], p_holm=float(p))
    return verdicts


def _by_number(
    claim: Checkable, voices: tuple[Voice, ...], chosen: Collection[str]
) -> tuple[str, str]:
    """Return the verdict of too few sources, else that of what they say."""
    pooled = {one.source: set(one.pools) for one in claim.evidence}
    speaking = set().union(*(pooled[one.source] & set(chosen) or {one.source} for one in voices))
    if not voices or len(speaking) < claim.least_sources:
        many = f"{len(speaking) or 'no'} source{'s' * (len(speaking) != 1)}"
        return ONE_SOURCE, f"{many}, and {claim.least_sources} are needed"
    votes = [one for one in voices if not pooled[one.source]] or list(voices)
    return _by_sources(claim, voices[0].reading, votes)


def _overruled(judged: Verdict, failed: list[Checked]) -> Verdict:
    """Return the verdict of the first check that is not met, whatever the sources say."""
    decides = FAILED[failed[0].check.decides]
    more = f"{len(failed) - 1} further check{'s' * (len(failed) > 2)} not met"
    reasons = (failed[0].failing, *([more] if len(failed) > 1 else []))
    verdict = judged.verdict if [judged.verdict, decides] in STAYS else decides
    return replace(judged, verdict=verdict, reasons=reasons, otherwise=judged.verdict)


def _by_sources(claim: Checkable, reading: str, votes: list[Voice]) -> tuple[str, str]:
    """Return the verdict and its reason from the primary reading and what sources vote."""
    share = sum(voice.agrees for voice in votes) / len(votes)
    against = any(voice.reading == "opposite" for voice in votes)
    shown = any(voice.reading in SHOWN for voice in votes)
    known = {
        reading: True,
        "agree": share >= claim.agreement and not against,
        "oppose": 1 - share >= claim.agreement and not shown,
        "another_beyond": any(voice.reading == "beyond" for voice in votes),
        "lean": share < claim.agreement and against and not shown,
    }
    row = first(SOURCES, known)
    why = WHY[claim.expected.partition("_")[0]][reading]
    return row["then"], BECAUSE[row["because"]].format(why=why)


def _capped(claim: Checkable, verdict: Verdict) -> Verdict:
    """Return what a design can say at most of a cause; of a fact, the verdict as it is."""
    if claim.asserts == "fact" or claim.identification == "causal":
        return verdict
    becomes = CAPS[claim.identification].get(verdict.verdict, verdict.verdict)
    if becomes == verdict.verdict:
        return verdict
    what = "an association" if claim.identification == "association" else "a count"
    said = f"{what} is no proof of the cause that is claimed"
    return replace(verdict, verdict=becomes, reasons=(*verdict.reasons, said))
