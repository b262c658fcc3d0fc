"""The shipped plan of claims holds its contract, and names functions that are there."""

import pytest
from claims.worlds import CLAIMS, TESTED, TRACKERS, entry, whole

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.claims.decisions import VERDICTS
from helpers.claims.plan import comparison, parse
from helpers.claims.rule import judge_all
from helpers.raw import contract


def test_the_shipped_claims_hold_their_contract():
    contract.verify(paths.RAW / "claims.yml")
    assert len(TESTED) >= 20 and len(CLAIMS) - len(TESTED) >= 5
    for one in TESTED:
        module, function = one.test.rsplit(".", 1)
        assert callable(getattr(__import__(module, fromlist=[function]), function))
        assert one.agreement >= 0.66 and (one.least_sources >= 2 or one.expected == "equal")


def test_the_shipped_claims_are_judged_from_any_results():
    for seed in range(5):
        seen = whole(seed)
        got = judge_all(CLAIMS, seen, TRACKERS)
        assert {one.verdict for one in got} <= set(VERDICTS)
        assert all(one.reasons for one in got)


PLANNED = {
    "id": "groups",
    "compares": "one group and another",
    "event": "2021-08",
    "first": "2016-08",
    "last": "2022-11",
    "reason": "Five years before.",
    "seen": "Totals.",
    "refuted_by": ["the other rises as well"],
}


def with_plans(*plans):
    return [entry(comparisons=list(plans))]


def test_a_comparison_is_found_by_claim_and_name():
    found = comparison(with_plans(PLANNED, PLANNED | {"id": "provinces"}), "more", "provinces")
    assert (found.id, found.span) == ("provinces", slice("2016-08", "2022-11"))
    with pytest.raises(InputError, match=r"no comparison 'years' of the claim 'more'; it has 'gro"):
        comparison(with_plans(PLANNED), "more", "years")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"event": "2016-08"}, "'event' 2016-08 does not lie between"),
        ({"event": "2022-12"}, "'event' 2022-12 does not lie between"),
        ({"event": "August 2021"}, "event"),
        ({"refuted_by": []}, "refuted_by"),
        ({"leads": -1}, "leads"),
        ({"event": None, "leads": 2}, "'leads' are years before an 'event', and there is none"),
        ({"last": "2016-08"}, "'last' 2016-08 does not come after 'first' 2016-08"),
        ({"events": ["2015-05-09"]}, "'events' 2015-05-09 does not lie between"),
        ({"events": ["2017-13-01"]}, "events"),
        ({"turns": ["2022-12"]}, "'turns' 2022-12 does not lie between"),
        ({"seen": ""}, "seen"),
        ({"resaon": "x"}, "unknown field 'comparisons.0.resaon'; did you mean 'reason'"),
    ],
)
def test_a_faulty_comparison_is_refused_with_its_claim(change, said):
    with pytest.raises(InputError, match="claims.yml, claim 'more'") as caught:
        parse(with_plans(PLANNED | change))
    assert said in str(caught.value)
