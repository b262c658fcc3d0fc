"""What an open claim would need, checked by drawing data that have it."""

import math

import numpy as np
import pytest
from claims.worlds import CHECK, DOWN, OPEN, UP, claim, results

from helpers.claims.choices import widened
from helpers.claims.needed import needed
from helpers.claims.rule import judge
from helpers.claims.voices import Z


def test_the_effect_named_is_found_in_four_of_five_draws():
    error = 0.25
    ends = [math.exp(by) for by in (0.02, 0.02 - Z * error, 0.02 + Z * error)]
    found = needed(claim(), results(*[ends] * 3), "ABC")
    drawn = np.random.default_rng(1).normal(math.log(found.effect), error, 100_000)
    assert (drawn - Z * error > 0).mean() == pytest.approx(0.8, abs=0.005)


@pytest.mark.parametrize("expected", ["below", "not_below"])
def test_a_fall_is_told_below_no_effect(expected):
    one = claim(expected=expected, smallest_effect=0.8, margin=1.25)
    found = needed(one, results(*[(0.9, 0.6, 1.35)] * 3), "ABC")
    assert 0 < found.effect < 0.8


@pytest.mark.parametrize("interval", [(1.2, 0.9, 1.6), (1.05, 0.8, 1.3), (0.97, 0.7, 1.4)])
def test_so_many_times_the_data_decide_and_fewer_do_not(interval):
    seen = results(*[interval] * 3)
    times = needed(claim(), seen, "ABC").times
    for by, open_ in ((0.99, True), (1.01, False)):
        said = judge(claim(), widened(claim(), seen, 1 / (times * by)), "ABC").verdict
        assert (said == "Too imprecise") == open_
    assert times > 1


def test_where_sources_part_no_amount_is_enough():
    slight = (1.3, 1.05, 1.6)
    found = needed(claim(agreement=1.0), results(slight, DOWN, DOWN), "ABC")
    assert found.times is None or found.times > 1


def test_nothing_is_needed_where_the_claim_is_decided_or_open_for_another_reason():
    assert needed(claim(), results(UP, UP, UP), "ABC") is None
    assert needed(claim(), results(OPEN), "A") is None
    fails = {"t.lead": {"value": 2}}
    one = claim(falsified_by=[CHECK | {"decides": "too_imprecise"}])
    assert needed(one, results(UP, UP, UP) | fails, "ABC") is None
    endless = (1.05, 0.0, 1.3)
    assert needed(claim(), results(endless, endless, endless), "ABC") is None
