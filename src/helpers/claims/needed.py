"""What a result could have found, and what would decide a claim that is too imprecise."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from helpers.claims.choices import Results, with_smallest
from helpers.claims.decisions import TOO_IMPRECISE
from helpers.claims.flips import until_decided
from helpers.claims.plan import Checkable
from helpers.claims.rule import judge
from helpers.claims.voices import Voice, Z

POWER = 0.8
REACH = Z + NormalDist().inv_cdf(POWER)  # standard errors to an effect found so often


@dataclass(frozen=True)
class Needed:
    """What these data could have found, and how many more of them would decide.

    Attributes
    ----------
    effect : float
        The smallest effect that they find in four of five cases, in the unit of the claim.
    times : float or None
        How many times as much data of the same kind would decide, if all estimates stayed where
        they are; ``None`` where no amount would, since it is the sources that part.
    """

    effect: float
    times: float | None


def needed(claim: Checkable, results: Results, chosen: Iterable[str]) -> Needed | None:
    """Return what an undecided claim would need.

    Parameters
    ----------
    claim : Checkable
        The claim.
    results, chosen
        As in :func:`helpers.claims.rule.judge`.

    Returns
    -------
    Needed or None
        ``None`` unless the claim is too imprecise by its sources, and its primary result has a
        finite interval.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact"}
    >>> claim = Checkable.model_construct(id="more", evidence=heard, **about)
    >>> recorded = {key: {"value": 1.2, "low": 0.9, "high": 1.6} for key in ("t.a", "t.b")}
    >>> found = needed(claim, recorded, "ab")
    >>> round(found.effect, 2), round(found.times, 1)
    (1.51, 2.5)
    """
    chosen = set(chosen)
    verdict = judge(claim, results, chosen)
    if verdict.verdict != TOO_IMPRECISE or verdict.otherwise or not verdict.primary:
        return None
    effect = detectable(claim, verdict.primary)
    if effect is None:
        return None
    variance = until_decided(claim, results, chosen)
    return Needed(effect, variance and 1 / variance)


def detectable(claim: Checkable, voice: Voice) -> float | None:
    """Return the effect that a result as precise as this one finds in four of five cases.

    Parameters
    ----------
    claim : Checkable
        The claim.
    voice : Voice
        A result on it.

    Returns
    -------
    float or None
        In the unit of the claim; ``None`` where the interval is not known or not finite.

    Examples
    --------
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> claim = Checkable.model_construct(**about)
    >>> voice = Voice("a", "t.a", 1.2, 0.9, 1.6, "open", True, None, (1.9, -1.1, 4.9))
    >>> round(detectable(claim, voice), 2)
    1.5
    """
    error = _error(voice)
    return None if error is None else with_smallest(claim, REACH * error).smallest_effect


def chance_to_find(voice: Voice) -> float | None:
    """Return the power of a result as precise as this one at the smallest effect of interest.

    Parameters
    ----------
    voice : Voice
        A result on a claim.

    Returns
    -------
    float or None
        Chance that a two-sided test at 5 % excludes no effect on the claimed side; ``None`` where
        the interval is not known or not finite.

    Examples
    --------
    >>> voice = Voice("a", "t.a", 1.2, 0.9, 1.6, "open", True, None, (1.9, -1.1, 4.9))
    >>> round(chance_to_find(voice), 2)
    0.1
    """
    error = _error(voice)
    return None if error is None else NormalDist().cdf(1 / error - Z)


def _error(voice: Voice) -> float | None:
    """Return the standard error of a result in units of the smallest effect."""
    if voice.units is None or voice.low is None or voice.high is None:
        return None
    width = voice.units[2] - voice.units[1]
    return width / (2 * Z) if math.isfinite(width) and width > 0 else None
