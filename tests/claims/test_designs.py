"""What is told of each test comes from the plan, from a result, or from the primary interval."""

import json
import math

import numpy as np
import pytest
from claims.worlds import CLAIMS, SOURCES, TESTED, TRACKERS, entry, whole

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.claims import designs
from helpers.claims.plan import Checkable, Proof, parse
from helpers.claims.rule import judge_all

PROOF = {
    "design": "two years",
    "comparison": "the year before",
    "size": "t.size",
    "without": {"leads": "a fact", "placebo": "a fact"},
}


def told(results, **change):
    claims = parse([entry(proof=PROOF) | change])
    return designs.designs(claims, judge_all(claims, results, SOURCES), results, SOURCES)["more"]


def around(value, low, high):
    return {f"t.{name.lower()}": {"value": value, "low": low, "high": high} for name in SOURCES}


def test_every_shipped_claim_tells_of_its_test_and_names_recorded_results():
    recorded = json.loads((paths.ROOT / "tests" / "baseline" / "results.json").read_text())
    for claim in TESTED:
        assert isinstance(claim.proof, Proof), claim.id
        for part in designs.PARTS.values():
            key = getattr(claim.proof, part)
            assert key is None or key in recorded, f"{claim.id}: {part} is {key}"


def test_the_shipped_claims_are_told_of_from_any_results():
    seen = whole(3)
    found = designs.designs(CLAIMS, judge_all(CLAIMS, seen, TRACKERS), seen, TRACKERS)
    assert list(found) == [one.id for one in TESTED]
    table = designs.table(found, judge_all(CLAIMS, seen, TRACKERS))
    gaps = int(table[designs.NUMBERS].isna().to_numpy().sum())
    named = designs.lacking(found)
    pairs = sum(
        isinstance(one[part].value, str) for one in found.values() for part in designs.NUMBERS
    )
    assert gaps == pairs > 0 and named["reason"].is_unique


@pytest.mark.parametrize("error", [0.02, 0.05, 0.2])
def test_power_and_the_detectable_effect_follow_from_the_interval(error):
    """The effect that is found in four of five is found in four of five, by simulation."""
    low, high = (1.3 * math.exp(sign * 1.959964 * error) for sign in (-1, 1))
    facts = told(around(1.3, low, high) | {"t.size": {"value": 0.05}})
    reach = facts["detectable_effect"].value
    draws = np.random.default_rng(1).normal(math.log(reach), error, 200_000)
    assert (draws > 1.959964 * error).mean() == pytest.approx(0.8, abs=0.005)
    draws = np.random.default_rng(2).normal(math.log(1.1), error, 200_000)
    assert (draws > 1.959964 * error).mean() == pytest.approx(facts["power"].value, abs=0.005)


def test_a_recorded_part_comes_before_what_the_interval_implies():
    results = around(1.3, 1.2, 1.4) | {"t.size": {"value": 0.05}, "t.power": {"value": 0.31}}
    facts = told(results, proof=PROOF | {"power": "t.power"})
    assert facts["power"] == designs.Told(0.31, "t.power")
    assert facts["worst_size"] == designs.Told(0.05, "t.size")
    assert facts["leads"].value == "a fact"


def test_what_a_run_did_not_record_is_said_to_be_missing():
    assert told(around(1.3, 1.2, 1.4))["worst_size"].value == designs.UNRECORDED


def test_the_flip_value_is_where_the_verdict_turns():
    results = around(1.3, 1.2, 1.4) | {"t.size": {"value": 0.05}}
    facts = told(results)
    assert facts["flip_value"].value == pytest.approx(1.2)
    assert "smallest effect" in facts["flip_value"].source


def test_a_claim_that_tells_nothing_of_its_test_is_refused():
    with pytest.raises(InputError, match="claim 'more': 'proof' is missing; name the design"):
        told(around(1.3, 1.2, 1.4), proof=None)


@pytest.mark.parametrize("expected", ["above", "not_below"])
@pytest.mark.parametrize("scale", ["ratio", "difference"])
def test_reach_is_measured_in_smallest_effects_on_either_scale(expected, scale):
    down = expected == "not_below"
    none = 1.0 if scale == "ratio" else 0.0
    smallest = {("ratio", True): 0.8, ("ratio", False): 1.25}.get(
        (scale, down), -2.0 if down else 2
    )
    claim = Checkable.model_construct(
        id="more",
        asserts="fact",
        expected=expected,
        scale=scale,
        no_effect=none,
        smallest_effect=smallest,
        margin=1.1,
    )
    at = smallest**2 if scale == "ratio" else 2 * smallest
    found = designs.reach({"more": {"detectable_effect": designs.Told(at, "t.more")}}, [claim])
    assert found["times"].tolist() == pytest.approx([2.0])
