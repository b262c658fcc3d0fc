"""What would be needed to decide a claim that is too imprecise."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from helpers.claims.plan import Checkable
from helpers.claims.rule import TOO_IMPRECISE, Verdict, Voice

POWER = 0.8
BEYOND = NormalDist().inv_cdf(0.975)
REACH = BEYOND + NormalDist().inv_cdf(POWER)  # standard errors to an effect found so often


@dataclass(frozen=True)
class Needed:
    """What these data could have found, and how many more of them would decide.

    Attributes
    ----------
    effect : float
        The smallest effect that they find in four of five cases, in the unit of the claim.
    times : float or None
        How many times as much data of the same kind bring an interval about the same estimate to
        exclude no effect, or one that matters; ``None`` where the interval decides already and it
        is the sources that part.
    """

    effect: float
    times: float | None


def needed(claim: Checkable, verdict: Verdict) -> Needed | None:
    """Return what an undecided claim would need.

    Parameters
    ----------
    claim : Checkable
        The claim.
    verdict : Verdict
        Its verdict.

    Returns
    -------
    Needed or None
        ``None`` unless the claim is too imprecise and its primary result has a finite interval.

    Examples
    --------
    >>> about = {"scale": "ratio", "expected": "above", "no_effect": 1, "smallest_effect": 1.1}
    >>> claim = Checkable.model_construct(**about)
    >>> voice = Voice("A", "t.a", 1.2, 0.9, 1.6, "open", True, 0.2, (1.913, -1.105, 4.931))
    >>> found = needed(claim, Verdict("more", TOO_IMPRECISE, (voice,)))
    >>> round(found.effect, 2), round(found.times, 1)
    (1.51, 2.5)
    """
    first = verdict.primary
    if verdict.verdict != TOO_IMPRECISE or first is None or not _bounded(first):
        return None
    middle, low, high = first.units
    error = (high - low) / (2 * BEYOND)
    near, far = claim.no_effect, claim.smallest_effect
    units = REACH * error
    effect = near * (far / near) ** units if claim.scale == "ratio" else near + units * (far - near)
    ways = []
    if first.reading == "open" and middle > 0:
        ways.append(((middle - low) / middle) ** 2)
    if first.reading == "open" and middle < 1:
        ways.append(((high - middle) / (1 - middle)) ** 2)
    return Needed(effect, min(ways, default=None))


def _bounded(voice: Voice) -> bool:
    return (
        voice.units is not None and voice.low is not None and all(map(math.isfinite, voice.units))
    )
