"""Claims and verdicts: the rule case by case, strictness, and what a change of a line does."""

import math

import pytest
from claims.worlds import (
    CHECK,
    DOWN,
    LOWER,
    MET,
    OPEN,
    SLIGHT,
    SMALL,
    SOURCES,
    UP,
    claim,
    entry,
    results,
)

from helpers.base.errors import InputError
from helpers.claims.plan import parse
from helpers.claims.rule import judge, judge_all
from helpers.claims.tables import (
    brief,
    checks,
    counts,
    families,
    overview,
    since,
    untested,
    voices,
    wanting,
)
from helpers.claims.voices import implied_p, where


@pytest.mark.parametrize(
    ("first", "second", "third", "verdict"),
    [
        (UP, UP, UP, "Supported"),
        (UP, OPEN, LOWER, "Supported"),
        (UP, LOWER, LOWER, "Partly"),
        (UP, UP, DOWN, "Partly"),
        (SLIGHT, UP, OPEN, "Partly"),
        (SLIGHT, LOWER, LOWER, "Too imprecise"),
        (SLIGHT, UP, DOWN, "Too imprecise"),
        (SMALL, SMALL, SLIGHT, "Not supported"),
        (SMALL, DOWN, DOWN, "Not supported"),
        (SMALL, UP, OPEN, "Too imprecise"),
        (DOWN, DOWN, LOWER, "Contradicted"),
        (DOWN, DOWN, SLIGHT, "Not supported"),
        (DOWN, OPEN, OPEN, "Not supported"),
        (OPEN, UP, UP, "Too imprecise"),
        (OPEN, OPEN, DOWN, "Too imprecise"),
        (LOWER, OPEN, DOWN, "Not supported"),
        (LOWER, UP, DOWN, "Too imprecise"),
    ],
)
def test_the_rule_case_by_case(first, second, third, verdict):
    assert judge(claim(), results(first, second, third), SOURCES).verdict == verdict


@pytest.mark.parametrize(
    ("low", "high", "reading"),
    [
        (0.1, 0.2, "beyond"),
        (0.2, 0.9, "beyond"),
        (0.05, 0.1, "clear"),
        (0.0, 0.1, "open"),
        (-0.3, 0.3, "open"),
        (0.01, 0.09, "small"),
        (-0.3, 0.09, "small"),
        (-0.09, -0.01, "small"),
        (-0.3, -0.01, "opposite"),
    ],
)
def test_where_an_interval_lies(low, high, reading):
    assert where(low, high, 0.1, 0.1) == reading


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((1.0, 0.8, 1.2), "Supported"),
        ((1.5, 1.2, 1.9), "Supported"),
        ((0.9, 0.6, 1.3), "Too imprecise"),
        ((0.85, 0.7, 0.98), "Not supported"),
        ((0.6, 0.5, 0.7), "Contradicted"),
    ],
)
def test_a_claim_of_no_fall_is_tested_against_the_fall(interval, verdict):
    denial = claim(expected="not_below", smallest_effect=0.75, margin=1.25)
    assert judge(denial, results(*[interval] * 3), SOURCES).verdict == verdict


def test_the_p_of_a_denial_is_against_the_effect_denied():
    denial = claim(expected="not_below", smallest_effect=0.75, margin=1.25)
    assert judge(denial, results(*[(1.0, 0.95, 1.05)] * 3), SOURCES).primary.p < 1e-6
    assert judge(denial, results(*[(0.75, 0.6, 0.9375)] * 3), SOURCES).primary.p == pytest.approx(1)


def test_a_fall_and_a_difference_are_read_in_their_own_direction():
    fall = claim(expected="below", smallest_effect=0.8)
    assert judge(fall, results(*[(0.6, 0.5, 0.7)] * 3), SOURCES).verdict == "Supported"
    assert judge(fall, results(*[(1.4, 1.3, 1.5)] * 3), SOURCES).verdict == "Contradicted"
    share = claim(scale="difference", no_effect=0.3, smallest_effect=0.4, margin=0.1)
    assert judge(share, results(*[(0.5, 0.45, 0.55)] * 3), SOURCES).verdict == "Supported"
    assert judge(share, results(*[(0.38, 0.33, 0.43)] * 3), SOURCES).verdict == "Partly"


def test_a_ratio_of_zero_is_the_strongest_fall():
    fall = claim(expected="below", smallest_effect=0.8)
    assert judge(fall, results(*[(0.0, 0.0, 0.5)] * 3), SOURCES).verdict == "Supported"
    with pytest.raises(InputError, match=r"claim 'more': the result 't.a' is -1"):
        judge(fall, results(*[(-1.0, -2.0, 0.5)] * 3), SOURCES)


@pytest.mark.parametrize(
    ("change", "interval", "verdict"),
    [
        ({}, UP, "Partly"),
        ({}, DOWN, "Not supported"),
        ({}, SMALL, "Not supported"),
        ({}, OPEN, "Too imprecise"),
        ({"identification": "causal"}, UP, "Supported"),
        ({"asserts": "fact"}, UP, "Supported"),
        ({"identification": "descriptive"}, UP, "Cause not identified"),
        ({"identification": "descriptive"}, SLIGHT, "Cause not identified"),
        ({"identification": "descriptive"}, OPEN, "Too imprecise"),
    ],
)
def test_an_association_caps_a_claim_of_a_cause(change, interval, verdict):
    about = {"asserts": "cause", "identification": "association", "falsified_by": [CHECK]}
    got = judge(claim(**about | change), results(*[interval] * 3) | MET, SOURCES)
    assert got.verdict == verdict
    capped = verdict in ("Partly", "Cause not identified") or interval == DOWN
    assert any("no proof of the cause" in said for said in got.reasons) == capped


def test_one_source_is_never_a_verdict():
    got = judge(claim(), results(UP, UP, UP), ["A"])
    assert got.verdict == "One source only" and "1 source" in got.reasons[0]
    none = judge(claim(), results(UP, UP, UP), ["D"])
    assert none.verdict == "One source only" and none.reasons[0].startswith("no sources")
    assert judge(claim(least_sources=1), results(UP, UP, UP), ["A"]).verdict == "Supported"


def test_the_chosen_sources_change_the_verdict():
    seen = results(UP, UP, DOWN)
    assert judge(claim(), seen, SOURCES).verdict == "Partly"
    assert judge(claim(), seen, ["A", "B"]).verdict == "Supported"
    got = judge(claim(), seen, ["B", "C"])
    assert got.primary.source == "B" and got.sources(True) == ["B"] and got.sources(False) == ["C"]


def test_a_source_that_is_no_tracker_stands_in_every_run():
    evidence = [
        *entry()["evidence"][:1],
        {"source": "texts", "key": "t.b", "counts": "names", "always": True},
    ]
    assert judge(claim(evidence=evidence), results(UP, UP), ["A"]).verdict == "Supported"


@pytest.mark.parametrize(
    ("smallest", "verdict"), [(1.1, "Supported"), (1.3, "Partly"), (1.7, "Not supported")]
)
def test_the_smallest_effect_changes_the_verdict(smallest, verdict):
    assert judge(claim(smallest_effect=smallest), results(UP, UP, UP), SOURCES).verdict == verdict


def test_a_claim_of_a_figure_is_met_within_its_tolerance():
    one = claim(
        expected="equal",
        scale="difference",
        no_effect=0,
        smallest_effect=0.5,
        stated="t.stated",
        least_sources=1,
    )
    for value, verdict in ((36.3, "Supported"), (39.7, "Contradicted")):
        seen = {
            "t.a": {"value": value, "low": None, "high": None},
            "t.stated": {"value": 36, "low": None, "high": None},
        }
        got = judge(one, seen, ["A"])
        assert got.verdict == verdict and got.reasons[0].startswith("the figures ")


def test_a_source_without_an_interval_counts_by_its_sign_and_is_never_primary():
    bare = (1.3, None, None)
    assert judge(claim(), results(UP, bare, bare), SOURCES).verdict == "Supported"
    assert (
        judge(claim(), results(UP, (0.9, None, None), (0.9, None, None)), SOURCES).verdict
        == "Partly"
    )
    with pytest.raises(InputError, match=r"claim 'more': the primary result 't.a' has no interval"):
        judge(claim(), results(bare, UP, UP), SOURCES)
    got = judge(claim(), results(UP, bare, UP), ["B", "C"])
    assert got.primary.source == "C" and got.verdict == "Supported"
    assert judge(claim(), results(UP, bare, bare), ["B", "C"]).verdict == "Too imprecise"


def test_missing_evidence_names_claim_and_key():
    with pytest.raises(InputError, match=r"claim 'more': no notebook recorded its evidence 't.c'"):
        judge(claim(), results(UP, UP), SOURCES)
    assert judge(claim(), results(UP, UP), ["A", "B"]).verdict == "Supported"
    with pytest.raises(InputError, match=r"'t.b' is 'many', expected a number"):
        judge(
            claim(),
            results(UP, UP, UP) | {"t.b": {"value": "many", "low": None, "high": None}},
            SOURCES,
        )


def test_what_cannot_be_tested_is_said_with_its_reason():
    one = parse(
        [
            {
                "kind": "untestable",
                "id": "writ",
                "statement": "s",
                "place": "p",
                "reason": "not measured",
            }
        ]
    )[0]
    got = judge(one, {}, SOURCES)
    assert (
        got.verdict == "Not testable" and got.reasons == ("not measured",) and got.primary is None
    )


def test_holm_over_the_primary_results_of_a_family():
    claims = parse(
        [
            entry(),
            entry(id="two"),
            entry(id="three"),
            entry(id="none", evidence=entry()["evidence"][2:]),
            entry(id="alone", family="place"),
        ]
    )
    seen = results(UP, UP, UP)
    got = judge_all(claims, seen, ["A", "B", "C"])
    raw = got[0].primary.p
    assert got[0].p_holm == pytest.approx(4 * raw) and all(
        one.p_holm >= one.primary.p for one in got
    )
    assert got[-1].p_holm == pytest.approx(raw)  # another family, of one
    shown = families(overview(claims, got)).set_index("family")
    assert shown["tests"].to_dict() == {"level": 4, "place": 1}
    assert shown.loc["place", "claims"] == "alone"


def test_the_p_implied_by_an_interval():
    assert implied_p(1.959964, 2 * 1.959964) == pytest.approx(0.05, abs=1e-6)
    assert implied_p(0, 1) == 1 and implied_p(0.5, 0) == 0 and implied_p(0.5, math.inf) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"smalest_effect": 2},
            r"claim 'more': unknown field 'smalest_effect'; did you mean 'smallest_effect'\?",
        ),
        (
            {"evidence": [{"source": "A", "keys": "t.a", "counts": ""}]},
            r"unknown field 'evidence.0.keys'; did you mean 'key'",
        ),
        ({"kind": "guess"}, "claim 'more'.*'guess'"),
        ({"expected": "more"}, "claim 'more', expected: "),
        (
            {"smallest_effect": 0.9},
            "'smallest_effect' 0.9 is not on the side that 'expected: above' names",
        ),
        ({"expected": "below"}, "'smallest_effect' 1.1 is not on the side"),
        ({"no_effect": 0}, "of a ratio are above 0"),
        ({"margin": 0.9}, "'margin' is a ratio above 1"),
        ({"expected": "equal"}, "'stated' stands with 'expected: equal'"),
        ({"margin": float("nan")}, "claim 'more', margin: "),
        ({"test": "scipy.stats.norm"}, "claim 'more', test: "),
        ({"agreement": 0.5}, "claim 'more', agreement: "),
        ({"evidence": [entry()["evidence"][0]] * 2}, "the source 'A' stands twice in 'evidence'"),
        ({"limits": []}, "limits"),
        ({"family": ""}, "claim 'more', family: "),
        ({"asserts": "cause"}, "'falsified_by' is empty"),
        (
            {"falsified_by": [CHECK | {"relation": "beneath"}]},
            "claim 'more', falsified_by.0.relation: .*'above', 'below'",
        ),
        (
            {"falsified_by": [CHECK | {"decide": "x"}]},
            r"unknown field 'falsified_by.0.decide'; did you mean 'decides'",
        ),
        ({"falsified_by": [CHECK | {"key": "t.a"}]}, "'t.a' in 'falsified_by' is the claim's own"),
        ({"falsified_by": [CHECK | {"value": "August"}]}, "falsified_by.0.value"),
        (
            {"evidence": [entry()["evidence"][0] | {"variants": [{"waht": "noise"}]}]},
            r"unknown field 'evidence.0.variants.0.waht'; did you mean 'what'",
        ),
    ],
)
def test_a_wrong_claim_is_one_sentence(change, said):
    with pytest.raises(InputError, match=said) as caught:
        parse([entry(**change)])
    assert "\n" not in str(caught.value) and str(caught.value).startswith(
        "claims.yml, claim 'more'"
    )


def test_a_missing_field_an_id_twice_and_an_empty_plan_are_refused():
    short = entry()
    del short["family"]
    with pytest.raises(InputError, match="claim 'more', family: field required"):
        parse([short])
    with pytest.raises(InputError, match="the id 'more' stands there a second time"):
        parse([entry(), entry()])
    with pytest.raises(InputError, match="expected a list of claims"):
        parse([])


WRIT = {
    "kind": "untestable",
    "id": "writ",
    "statement": "s",
    "place": "p",
    "reason": "not measured",
}


def test_verdicts_as_tables():
    claims = parse([entry(), WRIT])
    verdicts = judge_all(claims, results(UP, OPEN, DOWN), SOURCES)
    row = overview(claims, verdicts).iloc[0]
    assert (row["verdict"], row["effect"], row["for"], row["against"]) == (
        "Partly",
        1.4,
        "A, B",
        "C",
    )
    assert row["p_holm"] < 0.05 and row["key"] == "t.a" and len(overview(claims, verdicts)) == 1
    words = brief(overview(claims, verdicts)).iloc[0]
    assert (words["effect"], words["sources"]) == (
        "1.40 (1.20\u00a0to\u00a01.60)",
        "for: A, B; against: C",
    )
    heard = voices(claims, verdicts)
    assert heard["reading"].tolist() == ["beyond", "open", "opposite"] and heard[
        "primary"
    ].tolist() == [True, False, False]
    assert heard["units"].iloc[0] == pytest.approx(math.log(1.4) / math.log(1.1))
    assert untested(claims)["why_not"].tolist() == ["not measured"]
    assert counts(verdicts) == {
        "supported": 0,
        "partly": 1,
        "not_supported": 0,
        "contradicted": 0,
        "too_imprecise": 0,
        "one_source": 0,
        "cause_not_identified": 0,
        "not_testable": 1,
    }


def test_a_claim_without_a_source_keeps_its_row():
    claims = parse([entry()])
    row = overview(claims, judge_all(claims, {}, [])).iloc[0]
    assert row["verdict"] == "One source only" and math.isnan(row["effect"]) and row["key"] == ""
    assert brief(row.to_frame().T.infer_objects()).iloc[0]["effect"] == ""


def test_what_is_missing_is_told_for_what_is_open_alone():
    claims = parse([entry(), entry(id="open"), entry(id="alone", least_sources=4), WRIT])
    seen = results(OPEN, OPEN, OPEN)
    verdicts = judge_all(claims, seen, SOURCES)
    rows = wanting(claims, verdicts, seen, SOURCES).set_index("id")
    assert rows.index.tolist() == ["more", "open", "alone"]
    assert rows.loc["more", "times"] > 1 and "times as much data" in rows.loc["more", "missing"]
    assert rows.loc["alone", "missing"] == "3 sources, and 4 are needed"
    assert math.isnan(rows.loc["alone", "times"])
    decided = judge_all(claims, results(UP, UP, UP), SOURCES)
    assert wanting(claims, decided, results(UP, UP, UP), SOURCES)["id"].tolist() == ["alone"]


def test_checks_are_shown_met_or_not():
    claims = parse([entry(falsified_by=[CHECK, CHECK | {"key": "t.other", "relation": "above"}])])
    seen = results(UP, UP, UP) | MET | {"t.other": {"value": 1.04}}
    rows = checks(claims, judge_all(claims, seen, SOURCES))
    assert rows[["found", "needed", "met"]].values.tolist() == [
        ["1", "at most 1.1", "yes"],
        ["1.04", "above 1.1", "no"],
    ]


def test_what_became_of_a_claim_reads_its_verdict_and_refuses_one_that_is_gone():
    import pandas as pd

    first = pd.DataFrame({"claim": ["more"], "verdict": "Not identifiable"})
    told = {
        verdict: since(first, [claim()], {"claims.more.verdict": {"value": verdict}})
        for verdict in ("Supported", "Too imprecise", "Contradicted", "Cause not identified")
    }
    assert [one["decided"].item() for one in told.values()] == [True, False, True, False]
    assert [one["now"].item() for one in told.values()] == list(told)
    assert told["Supported"]["rests_on"].item() == f"{SOURCES[0]}: deaths"
    with pytest.raises(InputError, match="tests no claim 'mroe'; did you mean 'more'"):
        since(first.assign(claim="mroe"), [claim()], {})
