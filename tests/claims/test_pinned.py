"""The rule of verdicts where it turns: ends that touch, shares just met, p by another route."""

import math

import pytest
from scipy.stats import norm

from helpers.base.errors import InputError
from helpers.claims.choices import with_smallest
from helpers.claims.plan import parse
from helpers.claims.rule import judge, judge_all
from helpers.claims.tables import counts, overview
from helpers.claims.voices import implied_p, where
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.trust.multiplicity import holm


def claim(sources="ABC", **change):
    """A claim that a ratio is above 1 by a tenth at least, seen by the sources named."""
    return parse(
        [
            {
                "kind": "checkable",
                "id": "more",
                "statement": "There is more.",
                "place": "first page",
                "estimand": "ratio",
                "unit": "year",
                "test": "helpers.stats.counts.rates.rate_ratio",
                "evidence": [
                    {"source": name, "key": f"t.{name.lower()}", "counts": "deaths"}
                    for name in sources
                ],
                "expected": "above",
                "scale": "difference",
                "no_effect": 0,
                "smallest_effect": 0.5,
                "effect_unit": "share",
                "margin": 0.25,
                "family": "level",
                "asserts": "fact",
                "identification": "descriptive",
                "limits": ["one year"],
                "agreement": 0.75,
            }
            | change
        ]
    )[0]


def seen(*intervals, sources="ABCD"):
    return {
        f"t.{name.lower()}": dict(zip(("value", "low", "high"), one))
        for name, one in zip(sources, intervals)
    }


def verdict(one, *intervals):
    sources = "ABCD"[: len(intervals)]
    return judge(one, seen(*intervals), sources).verdict


@pytest.mark.parametrize(
    ("low", "high", "reading"),
    [
        (0.5, 0.5, "beyond"),
        (0.49, 0.5, "clear"),
        (0.49, 0.499, "small"),
        (0.0, 0.5, "open"),
        (0.0, 0.4, "small"),
        (0.01, 0.5, "clear"),
        (-0.26, 0.0, "small"),
        (-0.25, -0.1, "small"),
        (-0.26, -0.1, "opposite"),
        (-0.26, 0.5, "open"),
    ],
)
def test_a_reading_turns_where_an_end_touches(low, high, reading):
    assert where(low, high, 0.5, 0.25) == reading


def test_a_margin_of_a_ratio_counts_on_the_log_scale():
    ratio = claim("AB", scale="ratio", no_effect=1, smallest_effect=1.5, margin=1.25)
    for low, reading in ((0.801, "small"), (0.799, "opposite")):
        assert (
            judge(ratio, seen((0.9, low, 0.95), (0.9, low, 0.95)), "AB").primary.reading == reading
        )
    found = judge(ratio, seen((2.25, 1.5, 3.0), (2, 1, 3)), "AB").primary
    log = math.log(1.5)
    assert found.units == pytest.approx((2, 1, math.log(3) / log)) and found.reading == "beyond"
    fall = claim(
        "AB", scale="ratio", no_effect=1, smallest_effect=0.5, margin=1.25, expected="below"
    )
    found = judge(fall, seen((0.25, 0.125, 0.5), (0.5, 0.4, 0.9)), "AB").primary
    assert found.units == pytest.approx((2, 1, 3)) and found.reading == "beyond"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"margin": 0}, "'margin' is a ratio above 1"),
        (
            {"scale": "ratio", "no_effect": 1, "smallest_effect": 2, "margin": 1},
            "'margin' is a ratio",
        ),
        ({"no_effect": 0.5}, "is not on the side"),
        ({"least_sources": 0}, "least_sources"),
    ],
)
def test_a_claim_at_the_edge_of_sense_is_refused(change, said):
    with pytest.raises(InputError, match=said):
        claim("AB", **change)


BEYOND, CLEAR, SMALL, OPEN, AGAINST = (
    (0.9, 0.6, 1.2),
    (0.6, 0.2, 1.0),
    (0.1, -0.1, 0.3),
    (0.3, -0.2, 0.8),
    (-0.6, -0.9, -0.3),
)
LOWER = (-0.1, -0.7, 0.5)  # open, and on the other side
NONE = (0.0, -0.5, 0.5)  # exactly no effect: on neither side


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        ((BEYOND, OPEN, OPEN, LOWER), "Supported"),  # three in four agree
        ((BEYOND, OPEN, LOWER, LOWER), "Partly"),
        ((BEYOND, OPEN, OPEN, NONE), "Supported"),
        ((BEYOND, OPEN, NONE, NONE), "Partly"),
        ((BEYOND, OPEN, OPEN, AGAINST), "Partly"),
        ((CLEAR, OPEN, OPEN, LOWER), "Partly"),
        ((CLEAR, OPEN, LOWER, LOWER), "Too imprecise"),
        ((SMALL, CLEAR, OPEN, LOWER), "Not supported"),
        ((SMALL, BEYOND, LOWER, LOWER), "Too imprecise"),
        ((AGAINST, LOWER, LOWER, OPEN), "Contradicted"),
        ((AGAINST, LOWER, OPEN, OPEN), "Not supported"),
        ((AGAINST, LOWER, LOWER, CLEAR), "Not supported"),
        ((AGAINST, LOWER, LOWER, BEYOND), "Not supported"),
        ((AGAINST, NONE, NONE, OPEN), "Contradicted"),
        ((OPEN, OPEN, OPEN, AGAINST), "Too imprecise"),
        ((OPEN, OPEN, LOWER, AGAINST), "Not supported"),
        ((OPEN, LOWER, LOWER, LOWER), "Too imprecise"),
        ((OPEN, CLEAR, LOWER, AGAINST), "Too imprecise"),
    ],
)
def test_agreement_is_a_share_that_may_just_be_met(intervals, expected):
    assert verdict(claim("ABCD"), *intervals) == expected


@pytest.mark.parametrize(
    ("interval", "expected", "reading"),
    [
        ((0.0, -0.4, 0.4), "Supported", "beyond"),  # the fall denied, of a half, is excluded
        ((0.0, -0.5, 0.5), "Too imprecise", "open"),
        ((-0.3, -0.5, -0.1), "Not supported", "small"),
        ((-0.6, -0.7, -0.5), "Contradicted", "opposite"),
        ((0.6, 0.3, 0.9), "Supported", "beyond"),
    ],
)
def test_a_denial_turns_where_its_fall_does(interval, expected, reading):
    one = claim("AB", expected="not_below", smallest_effect=-0.5)
    got = judge(one, seen(interval, interval), "AB")
    assert (got.verdict, got.primary.reading) == (expected, reading)


def test_a_figure_is_met_up_to_its_tolerance_and_on_either_side():
    one = claim("AB", expected="equal", stated="t.stated", least_sources=1)
    for value, expected in ((3.5, "Supported"), (2.5, "Supported"), (3.51, "Contradicted")):
        found = seen((value, None, None), (value, None, None)) | {"t.stated": {"value": 3.0}}
        assert judge(one, found, "AB").verdict == expected


def test_a_control_is_found_below_one_and_not_at_it():
    about = {"what": "positive_control", "key": "t.control", "part": "high", "relation": "below"}
    about |= {"value": 1, "says": "a known fall is found", "decides": "too_imprecise"}
    one = claim("AB", falsified_by=[about])
    for high, expected in ((0.999, "Supported"), (1.0, "Too imprecise")):
        found = seen(BEYOND, BEYOND) | {"t.control": {"value": 0.6, "low": 0.5, "high": high}}
        assert judge(one, found, "AB").verdict == expected


@pytest.mark.parametrize(
    ("beside", "value", "expected"),
    [
        ("size", 0.1, "Supported"),
        ("size", 0.1001, "Too imprecise"),
        ("memory_p", 0.0101, "Supported"),
        ("memory_p", 0.01, "Too imprecise"),
    ],
)
def test_a_test_may_reject_one_in_ten_and_its_residuals_may_not_remember_at_one_percent(
    beside, value, expected
):
    found = seen(BEYOND, BEYOND) | {f"t.a_{beside}": {"value": value}}
    assert judge(claim("AB"), found, "AB").verdict == expected


@pytest.mark.parametrize(
    ("asserts", "identification", "capped"),
    [
        ("cause", "association", True),
        ("cause", "causal", False),
        ("fact", "association", False),
    ],
)
def test_only_a_cause_without_a_causal_design_is_lowered_by_one(asserts, identification, capped):
    promised = {"what": "leads", "key": "t.lead", "relation": "below", "value": 1}
    promised |= {"says": "nothing led", "decides": "cause_not_identified", "source": "elsewhere"}
    about = {"asserts": asserts, "identification": identification}
    one = claim("AB", falsified_by=[promised], **about)
    assert verdict(one, BEYOND, BEYOND) == ("Partly" if capped else "Supported")
    assert verdict(one, AGAINST, AGAINST) == ("Not supported" if capped else "Contradicted")
    assert verdict(one, CLEAR, CLEAR) == "Partly"


@pytest.mark.parametrize("given", [(30, 20), (300, 240), (15, 31)])
def test_an_interval_implies_the_p_value_that_it_was_made_with(given):
    found = rate_ratio(*given, method="wald", inflation=1.5)
    width = math.log(found.high / found.low)
    assert implied_p(math.log(found.value), width) == pytest.approx(found.p)
    ratio = claim("AB", scale="ratio", no_effect=1, smallest_effect=1.5, margin=1.25)
    entry = (found.value, found.low, found.high)
    assert judge(ratio, seen(entry, entry), "AB").primary.p == pytest.approx(found.p)


def test_the_p_of_a_denial_is_that_of_the_effect_denied():
    one = claim("AB", expected="not_below", smallest_effect=-0.5)
    error = 0.8 / 2 / 1.959964
    got = judge(one, seen((0.0, -0.4, 0.4), (0.0, -0.4, 0.4)), "AB").primary
    assert got.p == pytest.approx(2 * norm.sf(0.5 / error), rel=1e-5)
    assert implied_p(0.0, 0.0) == 1


def test_holm_counts_the_claims_that_have_a_p_value_in_their_order():
    intervals = [(0.9, 0.1, 1.7), (0.9, 0.3, 1.5), (0.9, 0.6, 1.2)]
    claims = [claim("AB", id=name) for name in ("one", "two", "three")]
    claims = [
        one.model_copy(
            update={
                "evidence": [
                    item.model_copy(update={"key": f"{one.id}.{item.source.lower()}"})
                    for item in one.evidence
                ]
            }
        )
        for one in claims
    ]
    results = {
        f"{one.id}.{source}": dict(zip(("value", "low", "high"), interval))
        for one, interval in zip(claims, intervals)
        for source in "ab"
    }
    silent = claim("A", id="silent", least_sources=1)
    untold = {"t.a": {"value": 0.9, "low": 0.6, "high": math.inf}}
    given = judge_all([silent, *claims], results | untold, "AB")
    raw = {one.id: one.primary.p for one in given}
    assert raw["silent"] == 1 and raw["one"] > raw["two"] > raw["three"]
    assert {one.id: one.p_holm for one in given} == pytest.approx(holm(raw).to_dict())
    bare = judge_all([claim("AB", id="none")], seen(BEYOND), "")
    assert bare[0].p_holm is None


def test_tables_carry_what_was_judged():
    one = claim("AB")
    given = judge_all([one], seen(BEYOND, AGAINST), "AB")
    row = overview([one], given).iloc[0]
    assert (row["effect"], row["low"], row["high"], row["matters_from"]) == (0.9, 0.6, 1.2, 0.5)
    assert (row["for"], row["against"], row["shows"]) == ("A", "B", "counts")
    assert counts(given)["partly"] == 1 and sum(counts(given).values()) == 1
    equal = claim("AB", expected="equal", stated="t.x")
    assert with_smallest(equal, 2.0).smallest_effect == 1.0
