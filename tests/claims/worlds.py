"""A small claim with results, and the shipped claims with results that are drawn.

What is drawn holds for more than one world: each test asks it of several.
"""

import math

import numpy as np

from helpers.base import paths
from helpers.base.reading import read_yaml
from helpers.claims.plan import Check, Checkable, parse

SOURCES = ["A", "B", "C"]


def entry(**change) -> dict:
    return {
        "kind": "checkable",
        "id": "more",
        "statement": "There is more.",
        "place": "first page",
        "estimand": "ratio",
        "unit": "year",
        "test": "helpers.stats.counts.rates.rate_ratio",
        "evidence": [
            {"source": name, "key": f"t.{name.lower()}", "counts": "deaths"} for name in SOURCES
        ],
        "expected": "above",
        "scale": "ratio",
        "no_effect": 1,
        "smallest_effect": 1.1,
        "effect_unit": "ratio",
        "margin": 1.1,
        "family": "level",
        "asserts": "fact",
        "identification": "descriptive",
        "limits": ["one year"],
        "agreement": 0.66,
    } | change


def claim(**change) -> Checkable:
    return parse([entry(**change)])[0]


def results(*intervals: tuple) -> dict:
    """Results of the sources A, B, C from (value, low, high)."""
    return {
        f"t.{name.lower()}": {"value": value, "low": low, "high": high}
        for name, (value, low, high) in zip(SOURCES, intervals)
    }


UP, SLIGHT, SMALL, OPEN, DOWN = (
    (1.4, 1.2, 1.6),
    (1.2, 1.05, 1.4),
    (1.02, 0.98, 1.06),
    (1.05, 0.8, 1.3),
    (0.7, 0.6, 0.8),
)
LOWER = (0.95, 0.8, 1.2)  # open, but on the other side
CHECK = {
    "what": "leads",
    "key": "t.lead",
    "relation": "at_most",
    "value": 1.1,
    "says": "nothing rose before",
    "decides": "cause_not_identified",
}
MET = {"t.lead": {"value": 1.0, "low": 0.8, "high": 1.2}}


CLAIMS = parse(read_yaml(paths.RAW / "claims.yml"))
TESTED = [one for one in CLAIMS if isinstance(one, Checkable)]
TRACKERS = sorted(
    {item.source for one in TESTED for item in one.evidence if not item.always}
    | {check.source for one in TESTED for check in one.falsified_by if check.source}
)
WORLDS = range(12)


def recorded(value, low=None, high=None) -> dict:
    return {"value": value, "low": low, "high": high}


def world(claim: Checkable, seed: int) -> dict:
    """Return drawn results for a claim: intervals for its evidence, and its checks as met."""
    generator = np.random.default_rng([seed, *claim.id.encode()])
    drawn = {}
    keys = [(item.key, number) for number, item in enumerate(claim.evidence)]
    keys += [(one.key, 0) for item in claim.evidence for one in item.variants]
    for key, number in keys:
        middle, lower, upper = generator.normal(0.7, 1.2), *generator.lognormal(0, 0.7, 2)
        ends = [_at(claim, by) for by in (middle, middle - lower, middle + upper)]
        bare = number and generator.random() < 0.15
        drawn[key] = recorded(ends[0]) if bare else recorded(ends[0], *sorted(ends[1:]))
    if claim.stated:
        drawn = {key: recorded(one["value"]) for key, one in drawn.items()}
        drawn[claim.stated] = recorded(generator.normal(0, claim.smallest_effect))
    return drawn | {one.key: planted(one, drawn.get(one.key), True) for one in claim.falsified_by}


def whole(seed: int) -> dict:
    """Return drawn results for all claims; what is evidence of one and a check of another is such.

    A planted check need not have an interval, which evidence has.
    """
    worlds = {one.id: world(one, seed) for one in TESTED}
    checks = {check.key for one in TESTED for check in one.falsified_by}
    as_checks = {key: of[key] for of in worlds.values() for key in of if key in checks}
    as_evidence = {
        key: worlds[one.id][key]
        for one in TESTED
        for key in worlds[one.id]
        if key not in {check.key for check in one.falsified_by}
    }
    return as_checks | as_evidence


def _at(claim: Checkable, units: float) -> float:
    """Return the value that lies so many smallest effects from none."""
    if claim.expected == "equal":
        return units * claim.smallest_effect
    near, far = claim.no_effect, claim.smallest_effect
    if claim.scale == "ratio":
        return near * math.exp(units * math.log(far / near))
    return near + units * (far - near)


def planted(check: Check, known: dict | None, met: bool) -> dict:
    """Return a result that just meets a check, or just does not."""
    if isinstance(check.value, str):
        aside = {"at_most": "9999-12", "above": "0001-01"}
        other = {"at_least": "0001-01", "below": "9999-12"} | aside
        value = check.value if met == check.relation.startswith("at_") else other[check.relation]
        if met and not check.relation.startswith("at_"):
            value = {"above": "9999-12", "below": "0001-01"}[check.relation]
    else:
        up = check.relation in ("above", "at_least")
        strict = check.relation in ("above", "below")
        step = 1e-6 * (1 if up == met else -1)
        value = check.value + (step if strict == met else 0)
    return (known or recorded(value)) | {check.part: value}
