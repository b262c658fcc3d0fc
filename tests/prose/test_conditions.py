"""A condition compares recorded results, and runs nothing else."""

import pytest

from helpers.prose.conditions import ConditionError, MissingError, judged
from helpers.prose.said import says, spoken

RESULTS = {
    "ucdp.2024.deaths": {"value": 1969, "low": 1900, "high": 2100, "n": 12},
    "trend.satp.ratio": {"value": 1.4, "low": 1.1, "high": 1.8},
    "trend.gti.ratio": {"value": 2.1, "low": 0.9, "high": 2.9},
    "trend.gti.ratio.low_end": {"value": 0.5},
    "claims.a.verdict": {"value": "Supported"},
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("ucdp.2024.deaths > 1968", True),
        ("ucdp.2024.deaths > 1969", False),
        ("ucdp.2024.deaths < 1969", False),
        ("ucdp.2024.deaths <= 1969 <= ucdp.2024.deaths", True),
        ("trend.satp.ratio.low > 1 and trend.gti.ratio.low > 1", False),
        ("trend.satp.ratio.low > 1 or trend.gti.ratio.low > 1", True),
        ("not trend.gti.ratio.low > 1", True),
        ("1 < trend.satp.ratio < 2", True),
        ("1 < trend.gti.ratio < 2", False),
        ("min(trend.*.ratio) > 1", True),
        ("min(trend.*.ratio.low) > 1", False),
        ("trend.gti.ratio == max(trend.*.ratio)", True),
        ("trend.satp.ratio == max(trend.satp.ratio, trend.gti.ratio)", False),
        ("len(trend.*.ratio) == 2", True),
        ("abs(trend.satp.ratio - 1) > 0.3", True),
        ("ucdp.2024.deaths / 2 < 1000", True),
        ("ucdp.2024.deaths.n == 12", True),
        ("claims.a.verdict == 'Supported'", True),
        ("claims.a.verdict != 'claims.a.verdict'", True),
        ("trend.gti.ratio.low_end < -1 * -1", True),
    ],
)
def test_conditions(condition, holds):
    assert judged(condition, RESULTS).holds is holds


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ("trend.satp.ratios > 1", "'trend.satp.ratios' is not recorded; did you mean"),
        ("trend.satp.ratio.hgih > 1", "'trend.satp.ratio.hgih' is not recorded"),
        ("trend.satp.ratio.n > 1", "'trend.satp.ratio' was recorded without 'n'"),
        ("min(nothing.*.here) > 1", r"no result is recorded as 'nothing\.\*\.here'"),
        ("1 < 2", "names no result"),
        ("trend.satp.ratio >", "cannot be read"),
        ("trend.satp.ratio", "neither true nor false"),
        ("trend.satp.ratio and trend.gti.ratio > 1", "join comparisons"),
        ("claims.a.verdict > 1", "cannot be evaluated"),
        ("trend.satp.ratio / 0 > 1", "cannot be evaluated"),
        ("open(claims.a.verdict) == 1", "is no part of a condition"),
        ("__import__('os').system('true') == trend.satp.ratio", "(no part|not recorded)"),
        ("[x for x in trend.*.ratio] == 1", "is no part of a condition"),
        ("(lambda: trend.satp.ratio)() > 1", "is no part of a condition"),
        ("trend.satp.ratio ** 9 > 1", "is no part of a condition"),
        ("trend.satp.ratio in trend.*.ratio", "is no part of a condition"),
        ("trend.satp.ratio == other", "is no part of a condition"),
    ],
)
def test_what_cannot_be_judged_is_one_sentence(condition, sentence):
    with pytest.raises(ConditionError, match=sentence) as raised:
        judged(condition, RESULTS)
    assert "\n" not in str(raised.value)


def test_a_role_has_a_condition_and_words():
    assert says("a.b > 1 |\n nearly  all ") == ("a.b > 1", "nearly all", None)
    assert says(r"a.b > 1\|most") == ("a.b > 1", "most", None)
    assert says("a.b > 1|most| all\nof them ") == ("a.b > 1", "most", "all of them")
    assert says("a.b > 1|most|") == ("a.b > 1", "most", "")
    for text in ("most", "a.b > 1|", "|most", "a.b > 1||all", "a.b > 1|most|all|none"):
        with pytest.raises(ConditionError, match="CONDITION"):
            says(text)


def test_what_a_role_may_say_is_all_its_words():
    assert spoken("a.b > 1|most|a 3rd").split() == ["most", "a", "3rd"]
    assert spoken("a.b > 1|up {a.b:.2f} times").split() == ["up", "times"]
    assert spoken("typed 7") == "typed 7"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("recorded(trend.satp.ratio)", True),
        ("recorded(trend.satp.ratio.low)", True),
        ("recorded(trend.satp.ratio.n)", False),
        ("recorded(trend.picss.ratio)", False),
        ("recorded(trend.*.ratio)", True),
        ("recorded(nothing.*.here)", False),
        ("recorded(trend.picss.ratio) and trend.picss.ratio > 1", False),
        ("recorded(trend.picss.ratio) and trend.picss.ratio.low > 1", False),
        ("not recorded(trend.picss.ratio) or trend.picss.ratio > 1", True),
        ("recorded(trend.satp.ratio) and trend.satp.ratio > 1", True),
        ("recorded(trend.satp.ratio) and trend.satp.ratio > 2", False),
    ],
)
def test_a_condition_asks_whether_a_result_is_recorded(condition, holds):
    assert judged(condition, RESULTS).holds is holds


def test_where_records_are_asked_for_only_what_is_reached_must_be_there():
    found = judged("recorded(trend.picss.ratio) or ucdp.2024.deaths > 1", RESULTS)
    assert found.values == {"trend.picss.ratio": "not recorded", "ucdp.2024.deaths": 1969}
    assert found.keys == ("ucdp.2024.deaths",) and found.asks
    assert not judged("ucdp.2024.deaths > 1", RESULTS).asks
    with pytest.raises(MissingError, match="'trend.picss.ratio' is not recorded"):
        judged("recorded(trend.picss.ratio) or trend.picss.ratio > 1", RESULTS)
    # Elsewhere nothing may be missing, though it is never reached.
    with pytest.raises(MissingError, match="'trend.picss.ratio' is not recorded"):
        judged("ucdp.2024.deaths > 1 or trend.picss.ratio > 1", RESULTS)
    with pytest.raises(ConditionError, match="no part of a condition"):
        judged("recorded('trend') and ucdp.2024.deaths > 1", RESULTS)
