"""Exercises are found in a notebook, and the cells that a solution needs."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.base.errors import InputError
from helpers.prose.exercises import Solution, needed, solutions
from helpers.run.table import read_stages

NOTEBOOKS = [entry.notebook for entry in read_stages().stage]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_notebook_ends_with_two_or_three_exercises(notebook):
    assert [one.number for one in solutions(notebook)] in ([1, 2], [1, 2, 3])


def test_only_the_cells_that_a_solution_needs_are_run():
    cells = [
        "a = 1\nb = 2",
        "c = a + 1",
        "d = {}\nd['x'] = c",
        "1 / 0",
        "d['y'] = 3",
        "e = frame.query('v == @b')",
        "def f(x):\n    return x + c",
    ]
    assert needed(cells, "assert d") == ["a = 1", cells[1], cells[2], cells[4]]
    assert needed(cells, "assert e is None") == ["b = 2", cells[5]]
    assert needed(cells, "assert f(1)") == ["a = 1", cells[1], cells[6]]
    assert needed(cells, "assert e is None", "assert f(1)") == [cells[at] for at in (0, 1, 5, 6)]
    assert needed(cells, "assert True") == []


def test_what_is_only_shown_is_not_computed():
    cells = [
        "slow = {}\nfor key in 'ab':\n    value = long(key)\n    slow[key] = value",
        "for one in slow.values():\n    stage.record('one', one, source='made up')\nstart = 'c'",
    ]
    assert needed(cells, "assert start") == ["start = 'c'"]
    assert needed(cells, "assert one")[0] == cells[0]


@pytest.mark.parametrize(
    "change",
    [
        "y += [1]",
        "y[0] = 1",
        "y.n = 1",
        "del y[0]",
        "y.append(1)",
        "stage.change(y)",
        "for one in y:\n    one.append(1)",
        "if y:\n    y[0] = 1",
    ],
)
def test_a_change_by_another_name_is_made(change):
    cell = f"x = [[0]]\ny = x\n{change}"
    assert needed([cell], "assert x") == [cell]
    assert needed(["x = [[0]]\ny = x"], "assert x") == ["x = [[0]]"]


LISTS = st.sampled_from("abc")
STATEMENTS = st.builds(
    str.format,
    st.sampled_from(
        [
            "{0} = [{3}]",
            "{0} = {1}",
            "{0} = {1} + {2}",
            "{0}, {1} = [{3}], {2}",
            "{0} += {1}[:2]",
            "{0}[{3}:] = {1}[:2]",
            "del {0}[{3}:]",
            "{0}.append({3})",
            "if {0}:\n    {1} = [{3}]",
            "if {0}:\n    {1}.append({3})",
            "for {0} in [{1}, {2}]:\n    {0}.append({3})",
            "for {0} in [{1}[:1], {2}]:\n    stage.record({0})",
            "def f():\n    return {0}.append({3})",
            "f()",
            "def g():\n    return {0}[:1]",
            "{0} = g()",
            "stage.record({0})",
            "stage.change({0})",
        ]
    ),
    LISTS,
    LISTS,
    LISTS,
    st.integers(0, 3),
)


class Shows:
    """A stage of which one method changes what it is given."""

    def record(self, value):
        pass

    def change(self, value):
        value.append(9)


@given(st.lists(STATEMENTS, max_size=12), LISTS)
def test_what_code_reads_is_the_same_after_what_it_needs_of_a_cell(statements, name):
    first = "a, b, c = [1], [2], [3]\ndef f():\n    return a.append(4)\ng = lambda: b[:1]"
    cell = "\n".join([first, *statements])
    found = []
    for code in (cell, *needed([cell], name)):
        names = {"stage": Shows()}
        exec(code, names)
        found.append(names[name])
    assert len(found) == 2 and found[0] == found[1]


@pytest.mark.parametrize(
    ("cells", "code", "kept"),
    [
        (["x = 1"], "x = 2\nassert x", []),
        (["x = 1"], "assert x\nx = 2", [0]),
        (["x = 1", "x = 2"], "assert x", [1]),
        (["x = 1", "x = x + 1"], "assert x", [0, 1]),
        (["x = []", "x += [1]"], "assert x", [0, 1]),
        (["x = {}", "x['a'], y = 1, 2"], "assert x", [0, 1]),
        (["x = f()", "if x:\n    y = 1", "y = 0"], "assert y", [2]),
        (["y = 0", "x = f()", "if x:\n    y = 1"], "assert y", [0, 1, 2]),
        (["y = 0", "for y in ():\n    pass"], "assert y", [0, 1]),
        (["one = f()"], "assert all(one for one in (1, 2))", []),
        (["one = f()"], "assert all(x for x in one)", [0]),
        (["one = [1]"], "assert [one for one in one]", [0]),
        (["x = 1", "a = [x for x in (1, 2)]"], "assert x", [0]),
        (["row = f()"], "for row in (1, 2):\n    assert row", []),
        (["n = 0"], "for row in (1, 2):\n    assert n < 9\n    n = row", [0]),
        (["x = 1", "y = 2"], "def f(x):\n    return x + y\nassert f(1)", [1]),
        (["x = 1"], "def f(n=x):\n    return n\nassert f()", [0]),
        (["a = 1", "def f():\n    a = 2\n    return a"], "assert f()", [1]),
        (["x = 1", "import x"], "assert x", [1]),
        (["v = 1"], "assert (lambda v: v)(2)", []),
        (["d = {}", "def f():\n    d['x'] = 1\nf()"], "assert d", [0, 1]),
    ],
)
def test_a_name_that_is_made_anew_depends_on_nothing_before(cells, code, kept):
    assert needed(cells, code) == [cells[at] for at in kept]


def notebook_with(tmp_path, text, *code):
    cells = [{"cell_type": "code", "source": one} for one in code] + [
        {"cell_type": "markdown", "source": text}
    ]
    path = tmp_path / "05-x.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    return path


EXERCISE = """## Exercises

**Exercise 1.** What?

<details>
<summary>Solution</summary>

```python
{}
```

</details>
"""


def test_the_solution_of_an_exercise_is_found(tmp_path):
    path = notebook_with(tmp_path, EXERCISE.format("assert two == 2"))
    assert solutions(path) == [Solution(1, "assert two == 2")]


@pytest.mark.parametrize(
    "text", [EXERCISE.format("print(1)"), EXERCISE.replace("Solution", "Answer").format("assert 1")]
)
def test_a_solution_that_checks_nothing_is_refused(tmp_path, text):
    with pytest.raises(
        InputError,
        match=r"05-x\.ipynb, exercise 1: expected one folded solution that closes with an assert",
    ):
        solutions(notebook_with(tmp_path, text))


def test_a_notebook_without_exercises_has_no_solutions(tmp_path):
    assert solutions(notebook_with(tmp_path, "## Limits", "a = 1")) == []
