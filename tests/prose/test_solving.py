"""The solutions of exercises run and hold, each on names that no other has touched."""

import json
from functools import lru_cache

import matplotlib.pyplot as plt
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.prose.exercises import solutions
from helpers.prose.solving import Chapter
from helpers.run.stage import OUT
from helpers.run.table import read_stages

# The chapters of any country are solved in tests/book/test_any_country.py on tables of several,
# those of a sweep in tests/book/test_sweep_chapters.py, and that of a researcher's own counts in
# tests/run/test_own_chapter.py, on a table made up.
NOTEBOOKS = [one.notebook for one in read_stages().stage if one.kind == "own"]
ALL = [(notebook, solution) for notebook in NOTEBOOKS for solution in solutions(notebook)]
BUILT = (paths.PROCESSED / "results.json").exists()


@lru_cache(maxsize=1)
def opened(notebook):
    """The chapter, one for the solutions of a notebook, which follow each other."""
    return Chapter(notebook)


@pytest.mark.skipif(not BUILT, reason="no tables to solve them on: nothing is built (make report)")
@pytest.mark.parametrize(
    ("notebook", "solution"),
    ALL,
    ids=[f"{notebook.stem}-{solution.number}" for notebook, solution in ALL],
)
def test_each_solution_runs_and_holds(notebook, solution, tmp_path, monkeypatch):
    monkeypatch.setenv(OUT, str(tmp_path))
    try:
        opened(notebook).run(solution)
    finally:
        plt.close("all")


def chapter_with(tmp_path, cells, *codes):
    """A chapter of ``cells`` with an exercise for each of ``codes``, and the solutions."""
    exercises = "\n\n".join(
        f"**Exercise {number}.** What?\n\n<details>\n<summary>Solution</summary>\n\n"
        f"```python\n{code}\n```\n\n</details>"
        for number, code in enumerate(codes, start=1)
    )
    path = tmp_path / "05-x.ipynb"
    sources = [{"cell_type": "code", "source": cell} for cell in cells]
    last = {"cell_type": "markdown", "source": f"## Exercises\n\n{exercises}\n"}
    path.write_text(json.dumps({"cells": [*sources, last]}))
    return Chapter(path), solutions(path)


def test_a_solution_sees_the_notebook_and_a_wrong_one_fails(tmp_path):
    cells = ["one = 1", "two = one + 1", "1 / 0"]
    chapter, (right, wrong) = chapter_with(tmp_path, cells, "assert two == 2", "assert two == 3")
    assert chapter.run(right)["one"] == 1
    with pytest.raises(AssertionError):
        chapter.run(wrong)


CELLS = {
    "a name": ("x = 1", "x = 2", "x == 1"),
    "a list": ("x = []", "x.append(1)", "x == []"),
    "an array": ("import numpy as np\nx = np.zeros(3)", "x[0] = 1", "x.sum() == 0"),
    "a table": (
        "import pandas as pd\nx = pd.DataFrame({'a': [1, 2]})",
        "x.loc[0, 'a'] = 9\nx['b'] = 1\nx.attrs['c'] = 1",
        "x.to_dict('list') == {'a': [1, 2]} and not x.attrs",
    ),
    "a generator of numbers": (
        "import numpy as np\nx = np.random.default_rng(1)\n"
        "first = np.random.default_rng(1).normal()",
        "assert x.normal() == first",
        "x.normal() == first",
    ),
    "an iterator": ("x = (one for one in [1, 2])", "next(x)", "next(x) == 1"),
    "one list by two names": ("x = []\ny = x", "y.append(1)", "x is y and x == []"),
    "what a function reads": (
        "x = 1\ndef f():\n    return x",
        "x = 2\nassert f() == 2",
        "f() == 1",
    ),
    "what a function changes": (
        "x = []\ndef f():\n    x.append(1)\n    return x",
        "f()",
        "f() is x and x == [1]",
    ),
    "a default of a function": (
        "def f(a, x=[], *, y=[]):\n    x.append(a)\n    y.append(a)\n    return x + y",
        "f(1)",
        "f(2) == [2, 2]",
    ),
    "a function in a function": (
        "def outer():\n    n = []\n    return lambda: n.append(1) or len(n)\nx = outer()",
        "x()",
        "x() == 1",
    ),
    "a function in a table of functions": (
        "y = []\nx = {'f': lambda: y.append(1) or y}",
        "x['f']()",
        "x['f']() == [1]",
    ),
    "a function that holds itself": (
        "def outer():\n    n = []\n    def f():\n        n.append(f)\n        return len(n)\n"
        "    return f\nx = outer()",
        "x()",
        "x() == 1",
    ),
    "a class": ("class X:\n    n = 0", "X.n = 1", "X.n == 0"),
    "a made object": (
        "class X:\n    pass\nx = X()\nx.n = []",
        "x.n.append(1)",
        "x.n == []",
    ),
    "a figure": (
        "import matplotlib.pyplot as plt\nx, axes = plt.subplots()\naxes.plot([1, 2])",
        "x.axes[0].set_title('a')",
        "x.axes[0].get_title() == '' and axes is x.axes[0]",
    ),
}


@pytest.mark.parametrize("kind", CELLS)
def test_no_solution_sees_what_another_did(tmp_path, kind):
    cell, spoil, holds = CELLS[kind]
    read = f"assert {holds}"
    # All names of the cell are read, so that the cell is run.
    chapter, (first, second, third) = chapter_with(
        tmp_path, [cell], f"{spoil}\nleft = 1\nassert left", read, read
    )
    chapter.run(first)
    chapter.run(second)
    chapter.run(first)
    chapter.run(third)
    plt.close("all")


def test_what_one_solution_makes_is_no_name_of_another(tmp_path):
    made, reads = "mine = 1\nassert mine", "assert mine"
    chapter, (first, second) = chapter_with(tmp_path, ["one = 1"], made, reads)
    chapter.run(first)
    with pytest.raises(
        InputError, match=r"05-x\.ipynb, exercise 2 reads 'mine', to which no cell of the chapter"
    ):
        chapter.run(second)


def test_cells_are_run_once_for_all_solutions(tmp_path):
    count = tmp_path / "count"
    count.touch()
    cell = f"from pathlib import Path\nx = Path({str(count)!r})\nx.write_text(x.read_text() + 'x')"
    chapter, found = chapter_with(tmp_path, [cell], *["assert x"] * 3)
    for solution in found:
        chapter.run(solution)
    assert count.read_text() == "x"
