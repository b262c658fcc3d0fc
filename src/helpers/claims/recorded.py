"""Verdicts on claims some of whose results a country has not: what is not recorded is no voice.

A general chapter records a ratio or a trend only where enough happened. So a claim may name a
result that this country lacks. Sources whose result is not recorded are not heard; where none is
left, or what a check needs is missing, the claim is Not testable, and the reason names the key,
for it may be misspelt as well. All else is judged by :mod:`helpers.claims.rule`, and every source
that a claim names takes part.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from helpers.claims.decisions import NOT_TESTABLE
from helpers.claims.plan import Checkable, Claim
from helpers.claims.rule import Verdict, judge_all


def judge_recorded(
    claims: Iterable[Claim], results: Mapping[str, Mapping[str, Any]]
) -> list[Verdict]:
    """Judge claims by the results that are there.

    Parameters
    ----------
    claims : iterable of Checkable, Documentary or Untestable
        The plan.
    results : mapping of str to mapping
        Recorded entries by key, as in ``results.json``.

    Returns
    -------
    list of Verdict
        One a claim, in order, as of :func:`helpers.claims.rule.judge_all`.

    Raises
    ------
    InputError
        When a result that is recorded is no number, or is primary and has no interval.

    Examples
    --------
    >>> from helpers.claims.plan import Evidence
    >>> counted = [Evidence(source=name, key=f"t.{name}", counts="deaths") for name in "ab"]
    >>> about = {"expected": "above", "scale": "ratio", "no_effect": 1, "smallest_effect": 1.1}
    >>> about |= {"margin": 1.1, "agreement": 0.66, "asserts": "fact", "family": "level"}
    >>> claim = Checkable.model_construct(id="more", evidence=counted, **about)
    >>> [one.verdict for one in judge_recorded([claim], {})]
    ['Not testable']
    >>> recorded = {"t.b": {"value": 1.3, "low": 1.2, "high": 1.4}}
    >>> [one.verdict for one in judge_recorded([claim], recorded)]
    ['One source only']
    """
    claims = list(claims)
    lacking = [_lacking(one, results) for one in claims]
    asked = [_with_voices(one, results) for one, key in zip(claims, lacking) if key is None]
    judged = iter(judge_all(asked, results, ()))
    return [
        next(judged) if key is None else Verdict(one.id, NOT_TESTABLE, reasons=(_reason(key),))
        for one, key in zip(claims, lacking)
    ]


def _lacking(claim: Claim, results: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Return the key without which a claim cannot be judged, ``None`` where nothing is lacking."""
    if not isinstance(claim, Checkable):
        return None
    if not any(one.key in results for one in claim.evidence):
        return claim.evidence[0].key
    needed = [*([claim.stated] if claim.stated else []), *(one.key for one in claim.falsified_by)]
    return next((key for key in needed if key not in results), None)


def _with_voices(claim: Claim, results: Mapping[str, Mapping[str, Any]]) -> Claim:
    """Return a claim whose evidence speaks where, and only where, it is recorded."""
    if not isinstance(claim, Checkable):
        return claim
    heard = [one.model_copy(update={"always": one.key in results}) for one in claim.evidence]
    return claim.model_copy(update={"evidence": heard})


def _reason(key: str) -> str:
    return f"'{key}' is not recorded here: too little happened for it, or the key is misspelt"
