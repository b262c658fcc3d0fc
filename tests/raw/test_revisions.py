"""Rows of two versions of a table are told apart by their keys, whatever their order and look."""

import random

import pytest

from helpers.raw.revisions import compared


@pytest.mark.parametrize("seed", range(20))
def test_what_was_done_to_a_table_is_what_is_told(seed):
    draw = random.Random(seed)
    rows = {f"k{number}": draw.randint(0, 9) for number in range(30)}
    gone = set(draw.sample(sorted(rows), 3))
    revised = set(draw.sample(sorted(set(rows) - gone), draw.randint(0, 4)))
    after = {key: value + (key in revised) for key, value in rows.items() if key not in gone}
    added = {f"new{number}": 1 for number in range(draw.randint(0, 3))}
    after |= added
    order = draw.sample(sorted(after), len(after))
    old = "id,deaths\n" + "".join(f"{key},{value}\n" for key, value in rows.items())
    new = "id,deaths\r\n" + "".join(f"{key},{after[key]}\r\n" for key in order)
    found = compared("t.csv", old.encode(), new.encode(), ["id"])
    assert set(found.added) == set(added) and set(found.gone) == gone
    assert {one.row for one in found.revised} == revised
    assert all(int(now) == int(was) + 1 for one in found.revised for was, now in one.cells.values())


def test_a_comment_or_another_layout_of_a_list_is_no_change():
    old = b"- {id: a, statement: One.}\n- id: b\n  evidence: [x, y]\n"
    new = b"# a comment\n- id: b\n  evidence:\n    - x\n    - y\n- id: a\n  statement: One.\n"
    assert not any(compared("claims.yml", old, new, ["id"]))
    found = compared("claims.yml", old, new.replace(b"One.", b"Two."), ["id"])
    assert found.revised[0].cells == {"statement": ("One.", "Two.")}


def test_a_table_that_is_new_or_without_a_key():
    rows = b"a,b\n1,2\n1,2\n3,4\n"
    assert len(compared("t.csv", b"", rows, ["a"]).added) == 3
    found = compared("t.csv", rows, b"a,b\n1,2\n3,5\n", [])
    assert (found.added, found.revised, found.gone) == (("3, 5",), (), ("1, 2, no. 2", "3, 4"))
    shapes = b'{"features": [{"id": 1}]}', b'{"features": [{"id": 2}]}'
    assert compared("t.geojson", *shapes, []).added == ("2",)


def test_a_column_more_is_told_by_cell():
    found = compared("t.csv", b"id\na\n", b"id,deaths\na,5\n", ["id"])
    assert found.revised[0].cells == {"deaths": ("", "5")}


def test_an_empty_column_more_revises_no_row():
    old, new = "id\na\nb\n", "id,note\na,\nb,x\n"
    for before, after in ((old, new), (new, old)):
        found = compared("t.csv", before.encode(), after.encode(), ["id"])
        assert [one.row for one in found.revised] == ["b"]
