"""The multiverse of verdicts: its cells, who leads them, and the shares that they are told in."""

import itertools
import time

import pandas as pd
import pytest
from claims.worlds import (
    CHECK,
    CLAIMS,
    DOWN,
    OPEN,
    TESTED,
    TRACKERS,
    UP,
    WORLDS,
    claim,
    entry,
    results,
    whole,
    world,
)

from helpers.base.errors import InputError
from helpers.claims.choices import led_by, widened, with_smallest
from helpers.claims.multiverse import AS_WRITTEN, FIRM, cells, multiverse, shares
from helpers.claims.rule import judge


def with_variant(what="noise", key="t.other"):
    evidence = entry()["evidence"]
    return claim(evidence=[evidence[0] | {"variants": [{"what": what, "key": key}]}, *evidence[1:]])


@pytest.mark.parametrize("one", [pytest.param(one, id=one.id) for one in TESTED])
@pytest.mark.parametrize("seed", WORLDS[:3])
def test_each_cell_is_what_the_rule_says_of_its_choices(one, seed):
    seen = world(one, seed)
    found = cells(one, seen, TRACKERS)
    assert found[0][:5] == AS_WRITTEN and found[0].verdict == judge(one, seen, TRACKERS).verdict
    assert len({cell[:5] for cell in found}) == len(found)
    for cell in found[:: max(1, len(found) // 40)]:
        left = set(TRACKERS) - set(cell.dropped.split(" and "))
        other = one
        if cell.primary or cell.variant:
            heard = [e.source for e in one.evidence if e.always or e.source in left]
            able = [
                e.source
                for e in one.evidence
                if e.source in heard and seen[e.key]["low"] is not None
            ]
            other = led_by(one, cell.primary or able[0], cell.variant or None)
        other = with_smallest(other, cell.smallest)
        assert cell.verdict == judge(other, widened(other, seen, cell.inflation), left).verdict


def test_the_cells_are_all_combinations():
    found = cells(claim(), results(UP, UP, UP), "ABC")
    # Nobody silenced: three leaders; one of three: two; two of three: one.
    assert len(found) == 3 * 3 * (3 + 3 * 2 + 3 * 1)
    assert {cell.dropped for cell in found} == {
        " and ".join(out) for size in range(3) for out in itertools.combinations("ABC", size)
    }
    bare = cells(claim(), results(UP, (1.2, None, None), UP), "ABC")
    assert {cell.primary for cell in bare} == {"", "C"}
    assert len(cells(claim(), results(UP, UP, UP), "AB")) == 3 * 3 * (2 + 1 + 1)


def test_a_variant_stands_for_its_source_where_that_leads():
    seen = results(UP, UP, UP) | {"t.other": dict(zip(("value", "low", "high"), OPEN))}
    found = pd.DataFrame(cells(with_variant(), seen, "ABC"))
    alone = found[(found["smallest"] == 1) & (found["inflation"] == 1) & (found["dropped"] == "")]
    by = alone.set_index(["primary", "variant"])["verdict"]
    assert by["", ""] == "Supported" and by["", "t.other"] == "Too imprecise"
    assert ("B", "t.other") not in by.index
    with pytest.raises(InputError, match=r"'t.othr'; did you mean 't.other'"):
        cells(with_variant(key="t.othr"), seen, "ABC")
    silent = {"t.b": results(UP, UP, UP)["t.b"], "t.c": results(UP, UP, UP)["t.c"]}
    assert cells(with_variant(), silent, "BC")[0].verdict == "Supported"


def test_a_failed_check_is_the_same_in_every_cell_and_is_no_firmness():
    seen = results(UP, UP, UP) | {"t.lead": {"value": 2}}
    table = shares(multiverse([claim(falsified_by=[CHECK])], seen, "ABC"))
    assert table.loc[0, "same"] == 1 and not table.loc[0, "firm"]


def test_shares_are_over_cells_and_by_one_choice_alone():
    four = (10.0, 9.0, 11.0)
    decided = shares(multiverse([claim(least_sources=1)], results(four, four, four), "ABC"))
    assert decided.loc[0, "same"] == 1 and decided.loc[0, "firm"]
    table = multiverse([claim()], results((1.4, 1.15, 1.7), UP, DOWN), "ABC")
    row = shares(table).iloc[0]
    assert row["verdict"] == "Partly" and row["cells"] == len(table)
    assert row["same"] == (table["verdict"] == "Partly").mean() < FIRM
    only = table[(table["inflation"] == 1) & (table["dropped"] == "") & (table["primary"] == "")]
    moved = only[only["smallest"] != 1]  # there is no variant
    assert len(moved) == 2 and row["smallest"] == pytest.approx(moved["same"].mean())
    assert pd.isna(row["variant"])


def test_the_shipped_claims_take_seconds():
    seen = whole(1)
    started = time.process_time()
    table = multiverse(CLAIMS, seen, TRACKERS)
    assert time.process_time() - started < 10
    assert set(table["id"]) == {one.id for one in TESTED}


def test_an_interval_is_widened_about_its_estimate_on_the_scale_of_the_claim():
    seen = results((2.0, 1.0, 4.0), (0.0, 0.0, 0.5), (1.2, None, None))
    wide = widened(claim(), seen, 4)
    assert [wide["t.a"][end] for end in ("value", "low", "high")] == pytest.approx([2, 0.5, 8])
    assert wide["t.b"] == seen["t.b"] and wide["t.c"] == seen["t.c"]
    share = claim(scale="difference", no_effect=0.3, smallest_effect=0.4, margin=0.1)
    flat = widened(share, results((0.5, 0.4, 0.7)), 0.25)
    assert [flat["t.a"][end] for end in ("low", "high")] == pytest.approx([0.45, 0.6])
    assert widened(claim(), seen, 1) is seen


def test_the_smallest_effect_moves_on_the_scale_of_the_claim():
    assert with_smallest(claim(smallest_effect=1.21), 0.5).smallest_effect == pytest.approx(1.1)
    share = claim(scale="difference", no_effect=0.3, smallest_effect=0.4, margin=0.1)
    assert with_smallest(share, 2).smallest_effect == pytest.approx(0.5)
