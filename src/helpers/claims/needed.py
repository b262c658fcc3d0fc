"""What would be needed to decide a claim that is too imprecise."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from helpers.claims.choices import Results, with_smallest
from helpers.claims.flips import until_decided
from helpers.claims.plan import Checkable
from helpers.claims.rule import TOO_IMPRECISE, judge
from helpers.claims.voices import Z

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
    first = verdict.primary
    if verdict.verdict != TOO_IMPRECISE or verdict.otherwise or not first or not first.units:
        return None
    _, low, high = first.units
    if first.low is None or not math.isfinite(high - low):
        return None
    reach = REACH * (high - low) / (2 * Z)
    variance = until_decided(claim, results, chosen)
    return Needed(with_smallest(claim, reach).smallest_effect, variance and 1 / variance)
