"""No recorded number of the default run moves without the commit that moves it saying so."""

import json

import pytest

from helpers.base import paths
from helpers.run.baseline import BASELINE, moved, snapshot

RESULTS = paths.PROCESSED / "results.json"


def agreed() -> dict:
    return json.loads(BASELINE.read_text(encoding="utf-8"))


@pytest.mark.skipif(not RESULTS.exists(), reason="the default run has no results; run make report")
def test_no_result_of_the_default_run_has_moved():
    lines = moved(agreed(), snapshot(json.loads(RESULTS.read_text(encoding="utf-8"))))
    assert not lines, "\n".join(["make baseline renews it; say why in the commit", *lines])


def test_the_baseline_holds_intervals():
    kept = agreed()
    with_interval = [one for one in kept.values() if one["low"] is not None]
    assert len(kept) > 300 and len(with_interval) > 80


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"value": 1.6003}, "a.b: value was 1.6002, is 1.6003"),
        ({"low": 1.19}, "a.b: low was 1.18, is 1.19"),
        ({"high": None}, "a.b: high was 2.17, is None"),
        ({"n": 25}, "a.b: n was 24, is 25"),
        ({"unit": "%"}, "a.b: unit was ratio, is %"),
        ({"source": "SATP"}, "a.b: source was UCDP, is SATP"),
    ],
)
def test_each_part_of_a_result_is_compared(change, line):
    entry = {"value": 1.6002, "low": 1.18, "high": 2.17, "unit": "ratio", "n": 24, "source": "UCDP"}
    assert moved({"a.b": entry}, {"a.b": entry | change}) == [line]


def test_new_and_lost_keys_are_named():
    one = {"a.b": {"value": 1.0}}
    assert moved(one, {}) == ["a.b: gone"] and moved({}, one) == ["a.b: new, 1.0"]


def test_what_machines_differ_in_is_no_movement_and_a_sixth_digit_is():
    base = {"a.b": {"value": 1.23456}}
    assert moved(base, {"a.b": {"value": 1.234561}}) == []
    assert moved(base, {"a.b": {"value": 1.23457}}) != []
