"""The shipped plan of claims holds its contract, and names functions that are there."""

from claims.worlds import CLAIMS, TESTED, TRACKERS, whole

from helpers.base import paths
from helpers.claims.rule import VERDICTS, judge_all
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
