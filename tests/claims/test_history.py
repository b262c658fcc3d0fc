"""What an amendment is: another meaning, whatever the form; of merges, their own decisions."""

import copy
import itertools
import random

import pytest
import yaml

from helpers.base import paths
from helpers.claims.history import Version, amendments, families, items

PLAN = {one["id"]: one for one in yaml.safe_load((paths.RAW / "claims.yml").read_text())}
CHECKABLE = [one for one in PLAN.values() if one["kind"] == "checkable"]


def version(after, *before, day=2, base=None, commit="b"):
    return Version(commit, f"2026-01-{day:02}T10:00:00Z", "Why.", after, before or ({},), base)


def told(*versions, known=None):
    table = amendments(versions, known or {})
    return table[["claim", "change", "field", "before", "after"]].values.tolist()


def claim(**fields):
    return {"more": {"statement": "More.", "limits": ["a", "b"], "margin": 1.1} | fields}


def shuffled(value, generator):
    """The same meaning in another form: lines folded, fields and items in another order."""
    if isinstance(value, str):
        return value.replace(" ", generator.choice([" ", "\n", "  "]))
    if isinstance(value, dict):
        names = generator.sample(list(value), len(value))
        return {name: shuffled(value[name], generator) for name in names}
    if isinstance(value, list):
        rest = value if isinstance(value[0], str) else value[1:]  # the first source is primary
        rest = generator.sample(rest, len(rest))
        return [shuffled(one, generator) for one in (*value[: len(value) - len(rest)], *rest)]
    return value


@pytest.mark.parametrize("seed", range(5))
def test_what_is_only_reformatted_is_no_amendment(seed):
    other = shuffled(copy.deepcopy(PLAN), random.Random(seed))
    assert yaml.safe_dump(other, sort_keys=False) != yaml.safe_dump(PLAN, sort_keys=False)
    assert told(version(other, PLAN)) == []


@pytest.mark.parametrize("field", sorted({name for one in CHECKABLE for name in one} - {"id"}))
def test_a_change_of_any_field_is_one_row(field):
    one = next(claim for claim in CHECKABLE if field in claim)
    after = copy.deepcopy(PLAN)
    value = after[one["id"]][field]
    if isinstance(value, list) and isinstance(value[0], dict):
        words = {"falsified_by": "says", "comparisons": "reason"}
        value[-1][words.get(field, "counts")] += ", otherwise"
    elif isinstance(value, list):
        value.append("One more.")
    elif isinstance(value, dict):
        value["design"] += ", otherwise"
    else:
        after[one["id"]][field] = f"{value} otherwise" if isinstance(value, str) else value + 1
    (row,) = told(version(after, PLAN))
    assert row[:3] == [one["id"], "amended", field] and row[3] != row[4]


def test_of_a_list_only_what_differs_is_told():
    row = ["more", "amended", "limits", "b", "c | d"]
    assert told(version(claim(limits=["c", "a", "d"]), claim())) == [row]


def test_another_primary_source_is_an_amendment_though_none_came_or_went():
    a, b, c = ({"source": name, "key": f"t.{name}.x", "counts": "dead"} for name in "abc")
    (row,) = told(version(claim(evidence=[b, a, c]), claim(evidence=[a, b, c])))
    assert row[3].startswith("primary: source a, key t.a.x") and "source b" in row[3]
    assert row[4].startswith("primary: source b, key t.b.x") and "source c" not in row[4]
    assert told(version(claim(evidence=[a, c, b]), claim(evidence=[a, b, c]))) == []


def test_claims_come_stated_first_then_added_and_go_dropped():
    one, two = claim(), claim() | {"less": {"statement": "Less."}}
    first, second = version(one, day=1, commit="a"), version(two, one, day=2)
    third = version({"less": two["less"]}, two, day=3, commit="c")
    assert told(third, first, second) == [
        ["more", "stated", "statement", "", "More."],
        ["less", "added", "statement", "", "Less."],
        ["more", "dropped", "statement", "More.", ""],
    ]


def test_a_merge_that_keeps_both_sides_amends_nothing():
    base, one, two = claim(), claim(limits=["a", "b", "x"]), claim(limits=["b"], margin=1.2)
    assert told(version(claim(limits=["b", "x"], margin=1.2), one, two, base=base)) == []
    new = {"less": {"statement": "Less."}}
    assert told(version(base | new, base, base | new, base=base)) == []
    assert told(version({}, base, {}, base=base)) == []


@pytest.mark.parametrize(
    ("merged", "row"),
    [
        (claim(limits=["a", "b"]), ["limits", "x", ""]),
        (claim(limits=["a", "b", "x", "y"]), ["limits", "", "y"]),
        (claim(limits=["a", "b", "x"], margin=1.1), None),
        (claim(limits=["a", "b", "x"], margin=1.3), ["margin", "1.1", "1.3"]),
    ],
)
def test_what_a_merge_decides_by_itself_is_its_amendment(merged, row):
    base, one, two = claim(), claim(limits=["a", "b", "x"]), claim()
    found = told(version(merged, one, two, base=base))
    assert found == ([["more", "amended", *row]] if row else [])


def test_two_sides_that_change_one_number_leave_a_decision():
    base, one, two = claim(), claim(margin=1.2), claim(margin=1.3)
    found = told(version(claim(margin=1.2), one, two, base=base))
    assert found == [["more", "amended", "margin", "1.3", ""]]


def test_a_result_is_known_from_its_first_commit_on_under_the_old_key_or_the_new():
    old = claim(evidence=[{"source": "A", "key": "trend.a.ratio"}])
    new = claim(evidence=[{"source": "A", "key": "trackers.a.ratio"}])
    change = version(new, old)
    assert families([change]) == ["trackers.a", "trend.a"]
    early, late = "2026-01-02T10:00:00Z", "2026-01-02T10:00:01Z"
    for known, said in (({}, "false"), ({"trend.a": early}, "true"), ({"trend.a": late}, "false")):
        assert amendments([change], known)["result_known"].tolist() == [said]
    assert amendments([change], {"trackers.a": early})["result_known"].tolist() == ["true"]
    assert amendments([version(claim(margin=2), claim())], {})["result_known"].tolist() == [""]


def test_rows_stand_in_order_of_time_whatever_the_order_of_the_versions():
    plans = [claim(margin=1 + day / 10) for day in range(1, 6)]
    chain = [
        version(b, a, day=n, commit=str(9 - n))
        for n, (a, b) in enumerate(itertools.pairwise(plans), 1)
    ]
    tables = [amendments(order, {}) for order in (chain, chain[::-1])]
    assert tables[0].equals(tables[1]) and tables[0]["date"].is_monotonic_increasing


def test_numbers_and_truth_are_written_as_they_are_meant():
    assert items("agreement", 0.660) == items("agreement", 0.66) == ["0.66"]
    assert items("always", True) == ["true"] and items("least_sources", 1) == ["1"]
