"""What each source says on a claim: where its interval lies, in the direction of the claim.

Seen in the direction that the claim expects, a 95 % interval of an
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

References: Lakens (2017) on equivalence tests.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.base.errors import InputError, did_you_mean
from helpers.claims.decisions import DENIED, READINGS, first
from helpers.claims.plan import Checkable, Evidence

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


def heard(
    claim: Checkable, results: Mapping[str, Mapping[str, Any]], chosen: Collection[str]
) -> tuple[Voice, ...]:
    """Read what each source says on a claim.

    Parameters
    ----------
    claim : Checkable
        The claim.
    results : mapping of str to mapping
        Recorded entries by key: ``value``, ``low`` and ``high`` each.
    chosen : collection of str
        The trackers that take part.

    Returns
    -------
    tuple of Voice
        In the order of the evidence; what has an interval comes first.

    Raises
    ------
    InputError
        When a result is missing, is no number, or is primary and has no interval.

    Examples
    --------
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> counted = [Evidence(source="A", key="t.a", counts="deaths")]
    >>> claim = Checkable.model_construct(id="more", margin=1.1, evidence=counted, **about)
    >>> [one.reading for one in heard(claim, {"t.a": {"value": 1.5, "low": 1.2, "high": 2}}, "A")]
    ['beyond']
    """
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
    known = {"low": low, "high": high, "smallest": smallest, "margin": margin}
    return str(first(READINGS, known)["then"])


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
