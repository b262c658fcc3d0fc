"""Claims some of whose results a country has not: never a crash, never a verdict from nothing."""

import pytest

from helpers.base.errors import InputError
from helpers.base.reading import read_yaml
from helpers.claims.plan import parse
from helpers.claims.recorded import judge_recorded
from helpers.claims.rule import judge_all
from helpers.cli.new_country import CLAIMS

DEATHS, LETHALITY, GROWTH = "country.deaths_ratio", "country.per_event_ratio", "country.growth"
NULL = "country.deaths_null_share"
ALL = {
    DEATHS: {"value": 2.0, "low": 1.5, "high": 2.6},
    LETHALITY: {"value": 2.0, "low": 1.5, "high": 2.6},
    GROWTH: {"value": 0.8, "low": 0.7, "high": 0.9},
    NULL: {"value": 0.01, "low": None, "high": None},
}


@pytest.fixture
def claims():
    return parse(read_yaml(CLAIMS))


def verdicts(claims, results):
    return [one.verdict for one in judge_recorded(claims, results)]


def without(*keys):
    return {key: one for key, one in ALL.items() if key not in keys}


def test_with_all_results_it_is_the_rule(claims):
    found = verdicts(claims, ALL)
    assert found == ["Supported", "One source only", "Contradicted", "Not testable"]
    assert found == [one.verdict for one in judge_all(claims, ALL, ["UCDP"])]


def test_the_check_that_the_first_claim_promises_decides(claims):
    found = judge_recorded(claims, ALL | {NULL: ALL[NULL] | {"value": 0.2}})
    assert found[0].verdict == "Too imprecise" and found[0].otherwise == "Supported"


@pytest.mark.parametrize(
    ("lost", "place"), [(DEATHS, 0), (NULL, 0), (LETHALITY, 1), (GROWTH, 2)], ids=str
)
def test_a_result_that_is_not_recorded_is_named_and_touches_one_claim(claims, lost, place):
    whole, found = judge_recorded(claims, ALL), judge_recorded(claims, without(lost))
    assert found[place].verdict == "Not testable" and not found[place].voices
    assert f"'{lost}' is not recorded here" in found[place].reasons[0]
    assert [one for at, one in enumerate(found) if at != place] == [
        one for at, one in enumerate(whole) if at != place
    ]


def test_a_second_source_is_heard_where_it_is_recorded(claims):
    more = claims[1].evidence[0].model_copy(update={"source": "Other", "key": "other.ratio"})
    claim = claims[1].model_copy(update={"evidence": [*claims[1].evidence, more]})
    assert verdicts([claim], ALL) == ["One source only"]
    both = ALL | {"other.ratio": {"value": 1.8, "low": 1.2, "high": 2.7}}
    assert verdicts([claim], both) == ["Supported"]
    del both[LETHALITY]
    assert [one.source for one in judge_recorded([claim], both)[0].voices] == ["Other"]


def test_a_result_that_cannot_be_evidence_is_refused(claims):
    for fault in ({"value": "high"}, {"low": None, "high": None}):
        with pytest.raises(InputError, match=GROWTH):
            judge_recorded(claims, ALL | {GROWTH: ALL[GROWTH] | fault})
