"""From a claim and the recorded results to a verdict, by one rule for all claims.

**Where an interval lies.** Seen in the direction that the claim expects, a 95 % interval of an
effect is

- *beyond*: it starts at the smallest effect of interest or past it;
- *clear*: it excludes no effect and holds the smallest effect;
- *small*: it ends short of the smallest effect (with a 95 % interval this is an equivalence test at
  2.5 %);
- *opposite*: it lies on the other side of no effect, and not within the margin that counts as none;
- *open*: it holds both no effect and the smallest effect, so that these data cannot tell.

A claim that something did *not* happen (``not_below``, ``not_above``) mirrors this: small and
opposite bear it out, beyond speaks against it, and a clear effect leaves it unsupported. A claim of
a figure (``equal``) is met when the figure lies within ``smallest_effect`` of the one stated.

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

References: Lakens (2017) on equivalence tests; Holm (1979) on several primary tests of a family.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpers.base.errors import InputError, did_you_mean
from helpers.claims.checks import Checked, checked
from helpers.claims.plan import Checkable, Claim, Evidence, Untestable

SUPPORTED, PARTLY, NOT_SUPPORTED = "Supported", "Partly", "Not supported"
CONTRADICTED, TOO_IMPRECISE, ONE_SOURCE = "Contradicted", "Too imprecise", "One source only"
CAUSE_NOT_IDENTIFIED, NOT_TESTABLE = "Cause not identified", "Not testable"
DECIDED = (SUPPORTED, PARTLY, NOT_SUPPORTED, CONTRADICTED)
VERDICTS = (*DECIDED, TOO_IMPRECISE, ONE_SOURCE, CAUSE_NOT_IDENTIFIED, NOT_TESTABLE)
FAILED = {
    "cause_not_identified": CAUSE_NOT_IDENTIFIED,
    "too_imprecise": TOO_IMPRECISE,
    "not_supported": NOT_SUPPORTED,
}
DENIED = {
    "beyond": "opposite",
    "clear": "small",
    "small": "beyond",
    "opposite": "beyond",
    "open": "open",
}
SHOWN = ("beyond", "clear")
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
WHY = {"above": EFFECT, "below": EFFECT, "not": DENIAL, "equal": FIGURE}
Z = 1.959963984540054  # recorded intervals are 95 % intervals


@dataclass(frozen=True)
class Voice:
    """What one source says on a claim.

    Attributes
    ----------
    source, key : str
        Who counted, and the recorded result.
    value, low, high : float
        Estimate and 95 % interval as recorded; ``None`` for ends that are not known.
    reading : {"beyond", "clear", "small", "opposite", "open"}
        Where the interval lies, in the direction of the claim.
    agrees : bool
        Whether the estimate points as the claim expects.
    p : float or None
        The p of no effect (for a denial, of the effect denied) that the interval implies.
    units : tuple of three floats, optional
        Estimate and interval as multiples of the smallest effect, in the claim's direction.
    """

    source: str
    key: str
    value: float
    low: float | None
    high: float | None
    reading: str
    agrees: bool
    p: float | None
    units: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Verdict:
    """A verdict with what it rests on.

    Attributes
    ----------
    id : str
        The claim.
    verdict : str
        One of :data:`VERDICTS`.
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
        >>> Verdict("more", PARTLY, (one, replace(one, source="B", agrees=False))).sources(False)
        ['B']
        """
        return [voice.source for voice in self.voices if voice.agrees == agree]


def judge(claim: Claim, results: Mapping[str, Mapping[str, Any]], chosen: Iterable[str]) -> Verdict:
    """Judge one claim by the rule of this module.

    Parameters
    ----------
    claim : Checkable or Untestable
        The claim, with what decides it.
    results : mapping of str to mapping
        Recorded entries by key, as in ``results.json``: ``value``, ``low`` and ``high`` each.
    chosen : iterable of str
        The trackers that take part.

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
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact", "family": "level"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {"t.a": {"value": 1.5, "low": 1.2, "high": 1.9}}
    >>> recorded["t.b"] = {"value": 1.3, "low": None, "high": None}
    >>> judge(claim, recorded, ["a", "b"]).verdict
    'Supported'
    >>> judge(claim, recorded, ["a"]).reasons
    ('1 source, and 2 are needed',)
    """
    if isinstance(claim, Untestable):
        return Verdict(claim.id, NOT_TESTABLE, reasons=(claim.reason,))
    chosen = set(chosen)
    voices = _voices(claim, results, chosen)
    checks = checked(claim, voices[0].key if voices else None, results, chosen)
    verdict, reason = _by_number(claim, voices, chosen)
    judged = _capped(claim, Verdict(claim.id, verdict, voices, (reason,), checks=checks))
    failed = [one for one in checks if not one.met]
    return _overruled(judged, failed) if failed else judged


def judge_all(
    claims: Iterable[Claim], results: Mapping[str, Mapping[str, Any]], chosen: Iterable[str]
) -> list[Verdict]:
    """Judge all claims, and adjust the p of primary results for their number in each family.

    Parameters
    ----------
    claims : iterable of Checkable or Untestable
        The plan.
    results, chosen
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
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact", "family": "level"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {key: {"value": 1.5, "low": 1.2, "high": 1.9} for key in ("t.a", "t.b")}
    >>> both = judge_all([claim, claim], recorded, ["a", "b"])
    >>> round(both[0].p_holm / both[0].primary.p, 6)
    2.0
    """
    from statsmodels.stats.multitest import multipletests

    claims = list(claims)
    verdicts = [judge(claim, results, chosen) for claim in claims]
    families: dict[str, dict[int, float]] = {}
    for number, (claim, one) in enumerate(zip(claims, verdicts)):
        if isinstance(claim, Checkable) and one.primary and one.primary.p is not None:
            families.setdefault(claim.family, {})[number] = one.primary.p
    for implied in families.values():
        adjusted = multipletests(list(implied.values()), method="holm")[1]
        for number, p in zip(implied, adjusted):
            verdicts[number] = replace(verdicts[number], p_holm=float(p))
    return verdicts


def _voices(
    claim: Checkable, results: Mapping[str, Mapping[str, Any]], chosen: Collection[str]
) -> tuple[Voice, ...]:
    """Return what the sources say, one with an interval first."""
    voices = tuple(
        _voice(claim, one, results) for one in claim.evidence if one.always or one.source in chosen
    )
    first = claim.evidence[0].key
    if voices and voices[0].key == first and voices[0].low is None and claim.expected != "equal":
        raise InputError(
            f"claim '{claim.id}': the primary result '{first}' has no interval; record it with one"
        )
    # Where the primary source takes no part, the next one with an interval stands in for it.
    return tuple(sorted(voices, key=lambda voice: voice.low is None))


def _voice(claim: Checkable, one: Evidence, results: Mapping[str, Mapping[str, Any]]) -> Voice:
    entry = _entry(claim, one.key, results)
    value, low, high = entry["value"], entry["low"], entry["high"]
    said = (one.source, one.key, value, low, high)
    if claim.stated is not None:
        met = abs(value - _entry(claim, claim.stated, results)["value"]) <= claim.smallest_effect
        return Voice(*said, "beyond" if met else "opposite", met, None)
    known = low is not None and high is not None
    effect, (smallest, margin) = _effect(claim, one.key, value), sizes(claim)
    ends = (value if low is None else low, value if high is None else high)
    least, most = sorted(_effect(claim, one.key, end) for end in ends)
    reading = where(least, most, smallest, margin) if known else "open"
    denies = claim.expected.startswith("not_")
    # A denial is tested against the effect that it denies.
    tested = effect - smallest if denies else effect
    return Voice(
        *said,
        DENIED[reading] if denies else reading,
        tested < 0 if denies else tested > 0,
        implied_p(tested, most - least) if known else None,
        (effect / smallest, least / smallest, most / smallest),
    )


def sizes(claim: Checkable) -> tuple[float, float]:
    """Return the smallest effect and the margin of none, on the scale on which effects are read.

    Parameters
    ----------
    claim : Checkable
        The claim; of a ratio both are logarithms.

    Returns
    -------
    tuple of two floats
        Both above 0.

    Examples
    --------
    >>> about = {"scale": "ratio", "no_effect": 1, "smallest_effect": 1.21, "margin": 1.1}
    >>> [round(one, 4) for one in sizes(Checkable.model_construct(**about))]
    [0.1906, 0.0953]
    """
    if claim.scale == "ratio":
        return abs(math.log(claim.smallest_effect / claim.no_effect)), math.log(claim.margin)
    return abs(claim.smallest_effect - claim.no_effect), claim.margin


def where(low: float, high: float, smallest: float, margin: float) -> str:
    """Return where the interval of an effect lies, by the words of the rule.

    Parameters
    ----------
    low, high : float
        The interval in the direction of the claim; 0 is no effect.
    smallest : float
        The smallest effect of interest, above 0.
    margin : float
        What still counts as no effect, above 0.

    Returns
    -------
    {"beyond", "clear", "small", "opposite", "open"}
        The reading.

    References
    ----------
    Lakens (2017), Equivalence tests.

    Examples
    --------
    >>> where(0.2, 0.5, 0.1, 0.1), where(0.01, 0.5, 0.1, 0.1), where(-0.3, 0.5, 0.1, 0.1)
    ('beyond', 'clear', 'open')
    >>> where(-0.3, 0.05, 0.1, 0.1), where(-0.3, -0.2, 0.1, 0.1)
    ('small', 'opposite')
    """
    if low >= smallest:
        return "beyond"
    if high < 0 and low < -margin:
        return "opposite"
    if high < smallest:
        return "small"
    return "clear" if low > 0 else "open"


def implied_p(effect: float, width: float) -> float:
    """Return the p of no effect that a 95 % interval implies when the estimate is normal.

    Parameters
    ----------
    effect : float
        The estimate; 0 is no effect.
    width : float
        Upper less lower end of the interval, in the unit of ``effect``.

    Returns
    -------
    float
        The two-sided p; 1 for an interval without an end.

    Examples
    --------
    >>> round(implied_p(1.96, 2 * 1.96), 2)  # the interval from 0 to 3.92 just touches 0
    0.05
    """
    if width == 0:
        return float(effect == 0)
    return math.erfc(abs(effect) * 2 * Z / width / math.sqrt(2)) if math.isfinite(width) else 1.0


def _effect(claim: Checkable, key: str, value: float) -> float:
    """Return how far a value lies from no effect, in the claim's direction (a ratio as a log)."""
    side = 1 if claim.expected.endswith("above") else -1
    if claim.scale == "difference":
        return side * (value - claim.no_effect)
    if value < 0:
        raise InputError(
            f"claim '{claim.id}': the result '{key}' is {value:g}, and a ratio is at least 0"
        )
    return side * (math.log(value / claim.no_effect) if value else -math.inf)


def _entry(
    claim: Checkable, key: str, results: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, Any]:
    if key not in results:
        raise InputError(
            f"claim '{claim.id}': no notebook recorded its evidence '{key}'"
            + did_you_mean(key, results)
        )
    value = results[key]["value"]
    if isinstance(value, (bool, str)):
        raise InputError(
            f"claim '{claim.id}': the evidence '{key}' is {value!r}, expected a number"
        )
    return results[key]


def _by_number(
    claim: Checkable, voices: tuple[Voice, ...], chosen: Collection[str]
) -> tuple[str, str]:
    """Return the verdict of too few sources, else that of what they say."""
    pooled = {one.source: set(one.pools) for one in claim.evidence}
    heard = set().union(*(pooled[one.source] & set(chosen) or {one.source} for one in voices))
    if not voices or len(heard) < claim.least_sources:
        many = f"{len(heard) or 'no'} source{'s' * (len(heard) != 1)}"
        return ONE_SOURCE, f"{many}, and {claim.least_sources} are needed"
    votes = [one for one in voices if not pooled[one.source]] or list(voices)
    return _by_sources(claim, voices[0].reading, votes)


def _overruled(judged: Verdict, failed: list[Checked]) -> Verdict:
    """Return the verdict of the first check that is not met, whatever the sources say."""
    decides = FAILED[failed[0].check.decides]
    stays = judged.verdict == CONTRADICTED and decides == NOT_SUPPORTED
    more = f"{len(failed) - 1} further check{'s' * (len(failed) > 2)} not met"
    reasons = (failed[0].failing, *([more] if len(failed) > 1 else []))
    verdict = CONTRADICTED if stays else decides
    return replace(judged, verdict=verdict, reasons=reasons, otherwise=judged.verdict)


def _by_sources(claim: Checkable, reading: str, votes: list[Voice]) -> tuple[str, str]:
    """Return the verdict and its reason from the primary reading and what sources vote."""
    share = sum(voice.agrees for voice in votes) / len(votes)
    against = any(voice.reading == "opposite" for voice in votes)
    shown = any(voice.reading in SHOWN for voice in votes)
    agree = share >= claim.agreement and not against
    oppose = 1 - share >= claim.agreement and not shown
    why = WHY[claim.expected.partition("_")[0]][reading]
    split = f"{why}, and the sources do not agree"
    if reading == "beyond":
        return (SUPPORTED, why) if agree else (PARTLY, split)
    if reading == "clear":
        return (PARTLY, why) if agree else (TOO_IMPRECISE, split)
    if reading == "small":
        beyond = any(voice.reading == "beyond" for voice in votes)
        return (TOO_IMPRECISE, split) if beyond else (NOT_SUPPORTED, why)
    if reading == "opposite":
        return (CONTRADICTED, why) if oppose else (NOT_SUPPORTED, split)
    if share < claim.agreement and against and not shown:
        return NOT_SUPPORTED, "no source clearly shows it, and some show the opposite"
    return TOO_IMPRECISE, why


def _capped(claim: Checkable, verdict: Verdict) -> Verdict:
    """Return what a design can say at most of a cause; of a fact, the verdict as it is."""
    if claim.asserts == "fact" or claim.identification == "causal":
        return verdict
    association = claim.identification == "association"
    lowered = {
        SUPPORTED: PARTLY if association else CAUSE_NOT_IDENTIFIED,
        PARTLY: PARTLY if association else CAUSE_NOT_IDENTIFIED,
        CONTRADICTED: NOT_SUPPORTED,
    }
    becomes = lowered.get(verdict.verdict, verdict.verdict)
    if becomes == verdict.verdict:
        return verdict
    what = "an association" if association else "a count"
    said = f"{what} is no proof of the cause that is claimed"
    return replace(verdict, verdict=becomes, reasons=(*verdict.reasons, said))
