"""The choices behind a verdict, made otherwise: smallest effect, width of intervals, who leads."""

import math
from collections.abc import Mapping
from typing import Any

from helpers.claims.plan import Checkable

Results = Mapping[str, Mapping[str, Any]]


def with_smallest(claim: Checkable, factor: float) -> Checkable:
    """Move the smallest effect of a claim nearer to no effect, or farther from it.

    Parameters
    ----------
    claim : Checkable
        The claim as written.
    factor : float
        How many times as far from no effect; for a ratio on the scale of logarithms, for a claim of
        a figure the tolerance.

    Returns
    -------
    Checkable
        The claim with another smallest effect.

    Examples
    --------
    >>> claim = Checkable.model_construct(
    ...     expected="above", scale="ratio", no_effect=1.0, smallest_effect=1.1
    ... )
    >>> round(with_smallest(claim, 2).smallest_effect, 2)
    1.21
    """
    near, far = claim.no_effect, claim.smallest_effect
    if claim.expected == "equal":
        far = factor * far
    else:
        far = (
            near * (far / near) ** factor
            if claim.scale == "ratio"
            else near + factor * (far - near)
        )
    return claim.model_copy(update={"smallest_effect": far})


def widened(claim: Checkable, results: Results, factor: float) -> Results:
    """Widen the intervals of a claim's evidence about their estimates.

    Parameters
    ----------
    claim : Checkable
        The claim; its scale says whether an interval is widened on the scale of logarithms.
    results : mapping of str to mapping
        Recorded entries by key, ``value``, ``low`` and ``high`` each.
    factor : float
        Of the variance, above 0; below 1 the intervals become narrower.

    Returns
    -------
    mapping of str to mapping
        The results with other ends of these intervals.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> claim = Checkable.model_construct(
    ...     scale="ratio", evidence=[Evidence(source="A", key="t.a", counts="deaths")]
    ... )
    >>> recorded = {"t.a": {"value": 2.0, "low": 1.0, "high": 4.0}}
    >>> {end: round(x, 6) for end, x in widened(claim, recorded, 4)["t.a"].items()}
    {'value': 2.0, 'low': 0.5, 'high': 8.0}
    """
    if factor == 1:
        return results
    root, ratio = math.sqrt(factor), claim.scale == "ratio"
    heard = (one.key for one in claim.evidence if one.key in results)
    return {**results, **{key: _about(results[key], root, ratio) for key in heard}}


def led_by(claim: Checkable, source: str, key: str | None = None) -> Checkable:
    """Make another source primary, or another result of it.

    Parameters
    ----------
    claim : Checkable
        The claim as written.
    source : str
        One of its sources.
    key : str, optional
        The result that stands for the source instead of its own.

    Returns
    -------
    Checkable
        The claim with its evidence in another order.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> heard = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> claim = Checkable.model_construct(evidence=heard)
    >>> [one.key for one in led_by(claim, "b", "t.other").evidence]
    ['t.other', 't.a']
    """
    first = next(one for one in claim.evidence if one.source == source)
    rest = [one for one in claim.evidence if one.source != source]
    if key is not None:
        first = first.model_copy(update={"key": key})
    return claim.model_copy(update={"evidence": [first, *rest]})


def read_with(claim: Checkable, what: str) -> Checkable:
    """Read each source with its other result of a kind, where it has one.

    Parameters
    ----------
    claim : Checkable
        The claim as written.
    what : str
        What is otherwise, as variants in the plan have it, such as ``scope``; of several the first.

    Returns
    -------
    Checkable
        The claim with other results.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence, Variant
    >>> other = [Variant(what="scope", key="t.victims")]
    >>> heard = [Evidence(source="a", key="t.a", counts="deaths", variants=other)]
    >>> claim = Checkable.model_construct(evidence=heard)
    >>> [read_with(claim, what).evidence[0].key for what in ("scope", "window")]
    ['t.victims', 't.a']
    """
    heard = []
    for one in claim.evidence:
        keys = (other.key for other in one.variants if other.what == what)
        heard.append(one.model_copy(update={"key": next(keys, one.key)}))
    return claim.model_copy(update={"evidence": heard})


def _about(entry: Mapping[str, Any], root: float, ratio: bool) -> Mapping[str, Any]:
    """Return an entry with both ends so many times as far from its value."""
    value, ends = entry["value"], {end: entry[end] for end in ("low", "high")}
    if isinstance(value, str) or (ratio and value <= 0):
        return entry
    moved = {
        end: value * (at / value) ** root if ratio else value + root * (at - value)
        for end, at in ends.items()
        if at is not None
    }
    return {**entry, **moved}
