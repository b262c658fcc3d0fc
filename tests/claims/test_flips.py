"""What flips a verdict: short of the value it stands, past it there is another, and none nearer."""

import itertools
import math

import numpy as np
import pytest
from claims.worlds import CHECK, LOWER, OPEN, TESTED, TRACKERS, UP, WORLDS, claim, results, world

from helpers.claims.choices import widened, with_smallest
from helpers.claims.decisions import DECIDED
from helpers.claims.flips import flips, line, until_decided
from helpers.claims.multiverse import drops
from helpers.claims.rule import Verdict, judge

DRAWN = [pytest.param(one, id=one.id) for one in TESTED]
NEAR = 1e-6


def factor(one, at):
    """Return how many times as far from no effect a smallest effect lies as the one written."""
    if one.expected == "equal":
        return at / one.smallest_effect
    if one.scale == "ratio":
        return math.log(at / one.no_effect) / math.log(one.smallest_effect / one.no_effect)
    return (at - one.no_effect) / (one.smallest_effect - one.no_effect)


def of_size(one, seen):
    return lambda by: judge(with_smallest(one, by), seen, TRACKERS).verdict


def of_width(one, seen):
    return lambda by: judge(one, widened(one, seen, by), TRACKERS).verdict


@pytest.mark.parametrize("one", DRAWN)
@pytest.mark.parametrize("seed", WORLDS)
def test_a_flip_is_the_edge_and_no_other_value_is_nearer(one, seed):
    seen = world(one, seed)
    stands = judge(one, seen, TRACKERS).verdict
    found = {each.choice: each for each in flips(one, seen, TRACKERS)}
    size = "tolerance" if one.expected == "equal" else "smallest"
    for choice, said in ((size, of_size(one, seen)), ("inflation", of_width(one, seen))):
        turn = found.get(choice)
        edge = math.inf
        if turn:
            by = turn.at if choice == "inflation" else factor(one, turn.at)
            falls = choice == "smallest" and one.smallest_effect < one.no_effect
            outward = 1 if (turn.side == "above") != falls else -1
            assert said(by * (1 - outward * NEAR)) == stands != turn.to
            assert said(by * (1 + outward * NEAR)) == turn.to
            edge = abs(math.log(by)) * (1 - NEAR)
        for by in np.geomspace(1e-3, 1e3, 241):
            assert abs(math.log(by)) >= edge or said(by) == stands


@pytest.mark.parametrize("one", DRAWN)
@pytest.mark.parametrize("seed", WORLDS)
def test_the_trackers_named_are_the_fewest_without_which_the_verdict_is_another(one, seed):
    seen = world(one, seed)
    stands = judge(one, seen, TRACKERS).verdict
    dropped = next((e for e in flips(one, seen, TRACKERS) if e.choice == "dropped"), None)
    speak = [item.source for item in one.evidence if not item.always]
    sets = [set(out) for size in (1, 2) for out in itertools.combinations(speak, size)]
    said = [judge(one, seen, set(TRACKERS) - out).verdict for out in sets]
    turned = [(out, to) for out, to in zip(sets, said) if to != stands]
    first = [each for each in turned if each[1] != "One source only"] or turned
    assert (dropped and (set(dropped.at), dropped.to)) == (first[0] if first else None)


@pytest.mark.parametrize("one", DRAWN)
@pytest.mark.parametrize("seed", WORLDS)
def test_the_printed_value_flips_and_a_digit_before_it_does_not(one, seed):
    seen = world(one, seed)
    stands = judge(one, seen, TRACKERS).verdict
    for each in flips(one, seen, TRACKERS):
        assert f"{each.shown}" in each.sentence or f"{each.shown:.3g}" in each.sentence
        if each.choice == "dropped":
            continue
        digit = 10.0 ** (math.floor(math.log10(abs(each.at))) - 3)
        inward = each.shown - (digit if each.side == "above" else -digit)
        if each.choice == "inflation":
            said, before = of_width(one, seen), inward
            printed = each.shown
        else:
            said, before = of_size(one, seen), factor(one, inward)
            printed = factor(one, each.shown)
        assert said(printed) == each.to
        if abs(math.log(printed)) > abs(math.log(before)) > 0:
            assert said(before) == stands


def test_a_verdict_that_a_check_decided_is_flipped_by_the_check_alone():
    one = claim(falsified_by=[CHECK])
    seen = results(UP, UP, UP) | {"t.lead": {"value": 2}}
    assert flips(one, seen, "ABC") == []
    told = line(judge(one, seen, "ABC"), [])
    assert told == "to Supported if the checks that fail were met"
    assert line(Verdict("more", "Partly"), []) == "no such change"


def test_a_figure_flips_at_its_distance_from_the_stated_one():
    about = {"expected": "equal", "scale": "difference", "no_effect": 0, "smallest_effect": 0.5}
    one = claim(stated="t.stated", least_sources=1, **about)
    seen = {
        key: {"value": at, "low": None, "high": None}
        for key, at in (("t.a", 39.7), ("t.stated", 36))
    }
    turn, alone = flips(one, seen, "A")
    assert (alone.at, alone.to) == (("A",), "One source only")
    assert (turn.choice, turn.side, turn.to) == ("tolerance", "above", "Supported")
    assert turn.at == pytest.approx(3.7)


def test_a_verdict_at_the_very_edge_flips_there():
    one = claim(scale="difference", no_effect=0, smallest_effect=0.5, margin=0.25)
    found = {each.choice: each for each in flips(one, results(*[(0.9, 0.5, 1.3)] * 3), "ABC")}
    assert (found["smallest"].at, found["smallest"].side) == (0.5, "above")
    assert (found["inflation"].at, found["inflation"].side) == (1, "above")


@pytest.mark.parametrize("one", DRAWN)
@pytest.mark.parametrize("seed", WORLDS)
def test_narrower_intervals_decide_from_the_factor_that_is_said(one, seed):
    seen = world(one, seed)
    if judge(one, seen, TRACKERS).verdict != "Too imprecise":
        return
    at = until_decided(one, seen, TRACKERS)
    said = of_width(one, seen)
    if at is None:
        assert all(said(by) not in DECIDED for by in np.geomspace(1e-6, 1, 121))
    else:
        assert said(at * (1 - NEAR)) in DECIDED and said(at * (1 + NEAR)) not in DECIDED


def test_none_each_and_each_pair_can_be_silenced():
    texts = {"source": "texts", "key": "t.d", "counts": "names", "always": True}
    one = claim(evidence=[*claim().model_dump()["evidence"], texts])
    assert drops(one, "ABC") == [
        (),
        *itertools.combinations("ABC", 1),
        *itertools.combinations("ABC", 2),
    ]
    assert drops(one, "B") == [(), ("B",)]
    seen = results(UP, LOWER, OPEN) | {"t.d": dict(zip(("value", "low", "high"), UP))}
    assert all(each.at != ("texts",) for each in flips(one, seen, "ABC"))
