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
| clear | Partly; Not identifiable where the sources do not agree |
| small | Not supported; Not identifiable where another source is beyond |
| opposite | Contradicted where the sources oppose, else Not supported |
| open | Not identifiable; Not supported where the sources lean to the opposite |

They lean to the opposite where they do not agree, at least one is opposite, and none is clear or
beyond.

**What caps a verdict.** Fewer than two sources, or a control that the same code does not find: Not
identifiable. So is a claim whose primary test cannot be relied on: beside its result ``KEY`` stand
``KEY_size`` (share of series without an effect in which it finds one, in the worst world that the
series may come from) above a tenth, or ``KEY_memory_p`` (of the residuals' independence) at most
one in a hundred. A claim of a cause whose design gives an association at best: Supported becomes
Partly, Contradicted becomes Not supported. A claim that cannot be tested is Not identifiable.

References: Lakens (2017) on equivalence tests; Holm (1979) on several primary tests.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpers.base.errors import InputError, did_you_mean
from helpers.claims.documents import Document, Documentary
from helpers.claims.plan import Checkable, Claim, Evidence, Untestable

SUPPORTED, PARTLY, NOT_SUPPORTED = "Supported", "Partly", "Not supported"
CONTRADICTED, NOT_IDENTIFIABLE = "Contradicted", "Not identifiable"
VERDICTS = (SUPPORTED, PARTLY, NOT_SUPPORTED, CONTRADICTED, NOT_IDENTIFIABLE)
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
    "clear": "an effect is shown, not that it is that large",
    "small": "the interval excludes an effect that matters",
    "opposite": "the interval lies on the other side",
    "open": "the interval holds both no effect and one that matters",
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
LARGEST_SIZE, MEMORY_LEFT = 0.10, 0.01  # what a test may do and still decide
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
        The primary p, adjusted for all primary results (:func:`judge_all`).
    """

    id: str
    verdict: str
    voices: tuple[Voice, ...] = ()
    reasons: tuple[str, ...] = ()
    p_holm: float | None = None

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
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {"t.a": {"value": 1.5, "low": 1.2, "high": 1.9}}
    >>> recorded["t.b"] = {"value": 1.3, "low": None, "high": None}
    >>> judge(claim, recorded, ["a", "b"]).verdict
    'Supported'
    >>> judge(claim, recorded, ["a"]).reasons
    ('1 source, and 2 are needed',)
    """
    if isinstance(claim, Untestable):
        return Verdict(claim.id, NOT_IDENTIFIABLE, reasons=(claim.reason,))
    if isinstance(claim, Documentary):
        from helpers.claims.documentary import judge_documents  # which needs Verdict of this module

        return judge_documents(claim, documents)
    chosen = set(chosen)
    voices = tuple(
        _voice(claim, one, results) for one in claim.evidence if one.always or one.source in chosen
    )
    if len(voices) < claim.least_sources:
        heard = f"{len(voices) or 'no'} source{'s' * (len(voices) != 1)}"
        said = f"{heard}, and {claim.least_sources} are needed"
        return Verdict(claim.id, NOT_IDENTIFIABLE, voices, (said,))
    if (
        claim.expected != "equal"
        and voices[0].key == claim.evidence[0].key
        and voices[0].low is None
    ):
        raise InputError(
            f"claim '{claim.id}': the primary result '{voices[0].key}' has no interval; record it "
            "with one"
        )
    # Where the primary source takes no part, the next one with an interval stands in for it.
    voices = tuple(sorted(voices, key=lambda voice: voice.low is None))
    if not _found(claim, results):
        return Verdict(claim.id, NOT_IDENTIFIABLE, voices, ("the positive control was not found",))
    if unfit := _unfit(voices[0].key, results):
        return Verdict(claim.id, NOT_IDENTIFIABLE, voices, (unfit,))
    verdict, reason = _by_sources(claim, voices)
    return _capped(claim, Verdict(claim.id, verdict, voices, (reason,)))


def judge_all(
    claims: Iterable[Claim],
    results: Mapping[str, Mapping[str, Any]],
    chosen: Iterable[str],
    documents: Iterable[Document] = (),
) -> list[Verdict]:
    """Judge all claims, and adjust the p of their primary results for their number.

    Parameters
    ----------
    claims : iterable of Checkable, Documentary or Untestable
        The plan.
    results, chosen, documents
        As in :func:`judge`.

    Returns
    -------
    list of Verdict
        One a claim, in order, with Holm's adjusted p where the primary result implies a p.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure.

    Examples
    --------
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {key: {"value": 1.5, "low": 1.2, "high": 1.9} for key in ("t.a", "t.b")}
    >>> both = judge_all([claim, claim], recorded, ["a", "b"])
    >>> round(both[0].p_holm / both[0].primary.p, 6)
    2.0
    """
    from statsmodels.stats.multitest import multipletests

    documents = list(documents)
    verdicts = [judge(claim, results, chosen, documents) for claim in claims]
    implied = {
        number: one.primary.p
        for number, one in enumerate(verdicts)
        if one.primary and one.primary.p is not None
    }
    if implied:
        adjusted = multipletests(list(implied.values()), method="holm")[1]
        for number, p in zip(implied, adjusted):
            verdicts[number] = replace(verdicts[number], p_holm=float(p))
    return verdicts


def _voice(claim: Checkable, one: Evidence, results: Mapping[str, Mapping[str, Any]]) -> Voice:
    entry = _entry(claim, one.key, results)
    value, low, high = entry["value"], entry["low"], entry["high"]
    said = (one.source, one.key, value, low, high)
    if claim.stated is not None:
        met = abs(value - _entry(claim, claim.stated, results)["value"]) <= claim.smallest_effect
        return Voice(*said, "beyond" if met else "opposite", met, None)
    known = low is not None and high is not None
    effect, smallest = (_effect(claim, one.key, at) for at in (value, claim.smallest_effect))
    smallest = abs(smallest)
    ends = (value if low is None else low, value if high is None else high)
    least, most = sorted(_effect(claim, one.key, end) for end in ends)
    margin = math.log(claim.margin) if claim.scale == "ratio" else claim.margin
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


def _found(claim: Checkable, results: Mapping[str, Mapping[str, Any]]) -> bool:
    """Return whether the control, where the claim has one, shows the fall that is known."""
    if claim.control is None:
        return True
    high = _entry(claim, claim.control.key, results)["high"]
    return high is not None and high < 1


def _unfit(key: str, results: Mapping[str, Mapping[str, Any]]) -> str:
    """Return why the test behind a result may not decide, or nothing."""
    beside = {part: results.get(f"{key}_{part}", {}).get("value") for part in ("size", "memory_p")}
    if beside["size"] is not None and beside["size"] > LARGEST_SIZE:
        share = f"{100 * beside['size']:.0f} %"
        return f"the test finds an effect in {share} of series without one, in the worst world"
    if beside["memory_p"] is not None and beside["memory_p"] <= MEMORY_LEFT:
        return "the residuals of the test still resemble each other"
    return ""


def _by_sources(claim: Checkable, voices: tuple[Voice, ...]) -> tuple[str, str]:
    """Return the verdict and its reason before any cap."""
    reading, share = voices[0].reading, sum(voice.agrees for voice in voices) / len(voices)
    against = any(voice.reading == "opposite" for voice in voices)
    shown = any(voice.reading in SHOWN for voice in voices)
    agree, oppose = (
        share >= claim.agreement and not against,
        1 - share >= claim.agreement and not shown,
    )
    why = WHY[claim.expected.partition("_")[0]][reading]
    split = f"{why}, and the sources do not agree"
    if reading == "beyond":
        return (SUPPORTED, why) if agree else (PARTLY, split)
    if reading == "clear":
        return (PARTLY, why) if agree else (NOT_IDENTIFIABLE, split)
    if reading == "small":
        return (
            (NOT_IDENTIFIABLE, split)
            if any(voice.reading == "beyond" for voice in voices)
            else (NOT_SUPPORTED, why)
        )
    if reading == "opposite":
        return (CONTRADICTED, why) if oppose else (NOT_SUPPORTED, split)
    if share < claim.agreement and against and not shown:
        return NOT_SUPPORTED, "no source shows it, and some show the opposite"
    return NOT_IDENTIFIABLE, why


def _capped(claim: Checkable, verdict: Verdict) -> Verdict:
    lowered = {SUPPORTED: PARTLY, CONTRADICTED: NOT_SUPPORTED}
    if (
        claim.asserts == "fact"
        or claim.identification == "causal"
        or verdict.verdict not in lowered
    ):
        return verdict
    return replace(
        verdict,
        verdict=lowered[verdict.verdict],
        reasons=(*verdict.reasons, "an association is no proof of the cause that is claimed"),
    )
