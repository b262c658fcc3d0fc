"""What the panel of choices in the book reads: the rule, the claims and their results."""

from collections.abc import Iterable, Mapping
from typing import Any

from helpers.claims.decisions import TABLE
from helpers.claims.plan import Checkable, Claim

PARTS = ("value", "low", "high")
LISTS = ("evidence", "falsified_by")
ABOUT = (
    "id",
    "statement",
    "expected",
    "scale",
    "no_effect",
    "smallest_effect",
    "effect_unit",
    "margin",
    "agreement",
    "least_sources",
    "asserts",
    "identification",
    "stated",
)


def panel(
    claims: Iterable[Claim], results: Mapping[str, Mapping[str, Any]], chosen: Iterable[str]
) -> dict[str, Any]:
    """Return what a page needs to judge the claims that can be checked by numbers.

    Parameters
    ----------
    claims : iterable of Checkable, Documentary or Untestable
        The plan.
    results : mapping of str to mapping
        Recorded entries by key, as in ``results.json``.
    chosen : iterable of str
        The trackers that take part.

    Returns
    -------
    dict
        ``table`` (:data:`helpers.claims.decisions.TABLE`), ``chosen``, ``claims``, and ``results``:
        value, low and high of every key that a claim reads.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> counted = [Evidence(source="a", key="t.a", counts="deaths")]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= dict.fromkeys(("id", "statement", "effect_unit", "asserts", "identification"), "x")
    >>> about |= {"margin": 1.1, "agreement": 0.66, "evidence": counted, "least_sources": 2}
    >>> found = panel([Checkable.model_construct(**about)], {"t.a": {"value": 2.0}}, "a")
    >>> found["results"], found["claims"][0]["evidence"][0]["source"]
    ({'t.a': {'value': 2.0, 'low': None, 'high': None}}, 'a')
    """
    told = [_claim(one) for one in claims if isinstance(one, Checkable)]
    read = {key for one in told for key in _keys(one) if key in results}
    return {
        "table": TABLE,
        "chosen": list(chosen),
        "claims": told,
        "results": {key: {part: results[key].get(part) for part in PARTS} for key in sorted(read)},
    }


def _claim(claim: Checkable) -> dict[str, Any]:
    about = {name: getattr(claim, name) for name in ABOUT}
    lists = {name: [one.model_dump() for one in getattr(claim, name)] for name in LISTS}
    return about | lists


def _keys(claim: Mapping[str, Any]) -> set[str]:
    """Return the keys that a claim reads, by any choice."""
    leads = [one["key"] for one in claim["evidence"]]
    leads += [other["key"] for one in claim["evidence"] for other in one["variants"]]
    beside = [key + one["ending"] for key in leads for one in TABLE["beside"]]
    checks = [one["key"] for one in claim["falsified_by"]]
    return {*leads, *beside, *checks, *filter(None, [claim["stated"]])}
