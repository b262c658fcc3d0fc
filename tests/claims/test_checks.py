"""Checks: what each promises decides where it is not met, and nothing where it is."""

import pytest
from claims.worlds import (
    CHECK,
    CLAIMS,
    DOWN,
    LOWER,
    MET,
    OPEN,
    TESTED,
    TRACKERS,
    UP,
    WORLDS,
    claim,
    planted,
    results,
    world,
)

from helpers.base.errors import InputError
from helpers.claims.checks import of_primary
from helpers.claims.decisions import FAILED
from helpers.claims.plan import Check, Untestable
from helpers.claims.rule import judge, judge_all

PROMISED = [
    pytest.param(one, number, id=f"{one.id}-{check.what}-{number}")
    for one in TESTED
    for number, check in enumerate(one.falsified_by)
]


@pytest.mark.parametrize(("one", "number"), PROMISED)
@pytest.mark.parametrize("seed", WORLDS)
def test_a_check_that_fails_decides_and_one_that_is_met_does_not(one, number, seed):
    seen, check = world(one, seed), one.falsified_by[number]
    free = judge(one.model_copy(update={"falsified_by": []}), seen, TRACKERS)
    met = judge(one, seen, TRACKERS)
    assert (met.verdict, met.reasons, met.otherwise) == (free.verdict, free.reasons, None)
    failing = seen | {check.key: planted(check, seen[check.key], met=False)}
    failed = judge(one, failing, TRACKERS)
    decides = FAILED[check.decides]
    stays = free.verdict == "Contradicted" and decides == "Not supported"
    assert failed.verdict == ("Contradicted" if stays else decides)
    assert check.says in failed.reasons[0] and failed.otherwise == free.verdict
    assert [found.met for found in failed.checks].count(False) == 1


@pytest.mark.parametrize("relation", ["above", "below", "at_least", "at_most"])
@pytest.mark.parametrize("part", ["value", "low", "high"])
def test_a_check_turns_where_its_number_does(relation, part):
    one = claim(falsified_by=[CHECK | {"relation": relation, "part": part}])
    for by in (-0.01, 0, 0.01):
        at = {"t.lead": {"value": 9, "low": 9, "high": 9} | {part: 1.1 + by}}
        if relation.startswith("at_"):
            met = by >= 0 if relation == "at_least" else by <= 0
        else:
            met = by > 0 if relation == "above" else by < 0
        found = judge(one, results(UP, UP, UP) | at, "ABC")
        assert found.verdict == ("Supported" if met else "Cause not identified")


def test_the_first_check_that_is_not_met_decides_and_the_others_are_counted():
    second = CHECK | {"key": "t.second", "says": "it stands out", "decides": "too_imprecise"}
    low = {"t.lead": {"value": 2}, "t.second": {"value": 2}}
    one = claim(falsified_by=[second, CHECK])
    found = judge(one, results(UP, UP, UP) | low, "ABC")
    assert found.verdict == "Too imprecise" and "it stands out (2, needed" in found.reasons[0]
    assert found.reasons[1] == "1 further check not met"
    swapped = judge(claim(falsified_by=[CHECK, second]), results(UP, UP, UP) | low, "ABC")
    assert swapped.verdict == "Cause not identified"


@pytest.mark.parametrize("decides", list(FAILED))
def test_a_failed_check_goes_before_the_number_of_sources_and_lifts_nothing(decides):
    one = claim(falsified_by=[CHECK | {"decides": decides}])
    fails = {"t.lead": {"value": 2}}
    assert judge(one, results(UP) | fails, "A").verdict == FAILED[decides]
    down = judge(one, results(DOWN, DOWN, DOWN) | fails, "ABC").verdict
    assert down == ("Contradicted" if decides == "not_supported" else FAILED[decides])


def test_an_end_that_is_not_known_meets_no_check():
    for part in ("low", "high"):
        one = claim(falsified_by=[CHECK | {"part": part}])
        seen = results(UP, UP, UP) | {"t.lead": {"value": 1.0, "low": None, "high": None}}
        found = judge(one, seen, "ABC")
        assert found.verdict == "Cause not identified" and "unknown" in found.reasons[0]


def test_months_are_compared_with_months():
    about = {"what": "date_of_change", "key": "t.latest", "relation": "at_least"}
    one = claim(falsified_by=[CHECK | about | {"value": "2021-08"}])
    for month, verdict in (("2021-07", "Cause not identified"), ("2021-08", "Supported")):
        seen = results(UP, UP, UP) | {"t.latest": {"value": month}}
        assert judge(one, seen, "ABC").verdict == verdict
    for wrong in (2021.6, True):
        with pytest.raises(InputError, match=r"compares 2021-08 with 't.latest', which is"):
            judge(one, results(UP, UP, UP) | {"t.latest": {"value": wrong}}, "ABC")
    with pytest.raises(InputError, match=r"compares 1.1 with 't.lead', which is '2021-08'"):
        judge(claim(falsified_by=[CHECK]), results(UP) | {"t.lead": {"value": "2021-08"}}, "A")


def test_a_check_on_what_nobody_recorded_is_one_sentence():
    one = claim(falsified_by=[CHECK | {"key": "t.leed"}])
    seen = results(UP, UP, UP) | MET
    with pytest.raises(InputError, match=r"'t.leed'.*check 'leads' reads; did you mean 't.lead'"):
        judge(one, seen, "ABC")


def test_a_check_of_a_tracker_that_takes_no_part_is_passed_over_unless_it_is_recorded():
    one = claim(falsified_by=[CHECK | {"source": "D"}])
    assert judge(one, results(UP, UP, UP), "ABC").verdict == "Supported"
    with pytest.raises(InputError, match=r"no notebook recorded 't.lead'"):
        judge(one, results(UP, UP, UP), "ABCD")
    fails = results(UP, UP, UP) | {"t.lead": {"value": 2}}
    assert judge(one, fails, "ABC").verdict == "Cause not identified"


@pytest.mark.parametrize("about", ["fact", "cause"])
@pytest.mark.parametrize(
    ("beside", "met", "says"),
    [
        ({"size": 0.1}, True, ""),
        ({"size": 0.1001}, False, "seldom finds an effect in series without one"),
        ({"memory_p": 0.0101}, True, ""),
        ({"memory_p": 0.01}, False, "do not resemble each other"),
    ],
)
def test_a_test_that_cries_wolf_or_whose_residuals_remember_decides_nothing(
    about, beside, met, says
):
    parts = {f"t.a_{name}": {"value": value} for name, value in beside.items()}
    one = claim(asserts=about, identification="causal", falsified_by=[CHECK])
    found = judge(one, results(UP, UP, UP) | parts | MET, "ABC")
    failed = "Too imprecise" if about == "fact" else "Cause not identified"
    assert found.verdict == ("Supported" if met else failed)
    assert met or says in found.reasons[0]


def test_the_checks_beside_a_result_go_with_the_one_that_is_primary():
    seen = results(UP, UP, UP) | {"t.a_size": {"value": 0.5}}
    assert judge(claim(), seen, "ABC").verdict == "Too imprecise"
    assert judge(claim(), seen, "BC").verdict == "Supported"
    assert of_primary(claim(), "t.b", seen) == ()


def test_pooled_evidence_leads_and_leaves_the_vote_to_the_trackers():
    pooled = {"source": "pooled", "key": "t.p", "counts": "attacks", "always": True}
    pooled |= {"pools": ["A", "B", "C"]}
    whole = [pooled, *({"source": n, "key": f"t.{n.lower()}", "counts": "x"} for n in "ABC")]
    one = claim(evidence=whole)
    high = {"t.p": dict(zip(("value", "low", "high"), UP))}
    assert judge(one, results(UP, UP, DOWN) | high, "ABC").verdict == "Partly"
    assert judge(one, results(UP, UP, DOWN) | high, "AB").verdict == "Supported"
    assert judge(one, results(UP, LOWER) | high, "AB").verdict == "Partly"  # one in two agrees
    assert judge(one, results(UP) | high, "A").verdict == "One source only"
    alone = claim(evidence=[pooled])
    assert judge(alone, high, "ABC").verdict == "Supported"
    assert judge(alone, high, "A").verdict == "One source only"
    wide = {"t.p": dict(zip(("value", "low", "high"), OPEN))}
    assert judge(one, results(UP, UP, UP) | wide, "ABC").verdict == "Too imprecise"


def test_every_label_has_a_path():
    checked = claim(falsified_by=[CHECK])
    fails = {"t.lead": {"value": 2}}
    paths = {
        "Supported": (claim(), results(UP, UP, UP)),
        "Partly": (claim(), results((1.2, 1.05, 1.4), UP, UP)),
        "Not supported": (claim(), results(*[(1.02, 0.98, 1.06)] * 3)),
        "Contradicted": (claim(), results(DOWN, DOWN, DOWN)),
        "Too imprecise": (claim(), results(OPEN, OPEN, OPEN)),
        "One source only": (claim(least_sources=4), results(UP, UP, UP)),
        "Cause not identified": (checked, results(UP, UP, UP) | fails),
    }
    for verdict, (one, seen) in paths.items():
        assert judge(one, seen, "ABC").verdict == verdict
    untested = [one for one in CLAIMS if isinstance(one, Untestable)]
    assert {one.verdict for one in judge_all(untested, {}, TRACKERS)} == {"Not testable"}


def test_each_cause_is_checked_and_each_sentence_is_ours_to_read():
    assert all(one.falsified_by for one in TESTED if one.asserts == "cause")
    says = [check.says for one in TESTED for check in one.falsified_by]
    assert all(isinstance(check, Check) for one in TESTED for check in one.falsified_by)
    assert all(len(one.split()) >= 4 and not one.endswith(".") for one in says)
