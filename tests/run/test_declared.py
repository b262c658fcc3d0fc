"""What a notebook declares, what a run gives it, and what its page shows."""

import json
import random

import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.book.notebooks import with_parameters
from helpers.cli import lab
from helpers.run.declared import (
    NAMES,
    assignments,
    check_cells,
    declared,
    literal,
    names_read,
    read_notebook,
    with_values,
)
from helpers.run.run import check_notebooks, default_params, open_run
from helpers.run.table import read_stages

RUN = open_run(default_params())
VALUES = RUN.params.model_dump()


def code(source, *tags):
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def notebook(*cells):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def cell_of(values):
    return "\n".join(f"{name} = {literal(one)}  # of {name}" for name, one in values.items())


def another(value, draw):
    """Another value of the same type."""
    word = "".join(draw.choice("aé\"\\'#\u0639 -=") for _ in range(8))
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return draw.randrange(2**32)
    return word if isinstance(value, str) else [word, word[::-1]][: draw.randint(1, 2)]


@pytest.mark.parametrize("seed", range(20))
def test_a_page_shows_the_values_that_were_used_and_the_comments(seed):
    draw = random.Random(seed)
    names = draw.sample(NAMES, draw.randint(1, len(NAMES)))
    before = {name: VALUES[name] for name in names}
    used = {name: another(one, draw) for name, one in before.items() if draw.random() < 0.8}
    put_in = "# Parameters\n" + "\n".join(f"{name} = {one!r}" for name, one in used.items())
    cells = [code(cell_of(before), "parameters"), code(put_in, "injected-parameters"), code("x")]
    shown = with_parameters(cells)
    assert [cell["source"] for cell in shown[1:]] == ["x"]
    assert assignments(shown[0]["source"]) == before | used
    assert all(f"  # of {name}" in shown[0]["source"] for name in names)
    assert "injected" not in json.dumps(shown)


def test_a_value_of_several_lines_is_replaced_whole():
    text = 'sources = [  # é\n    "A",\n    "B",\n]  # side by side\nseed = 1'
    assert with_values(text, {"sources": ["C"]}) == 'sources = ["C"]  # side by side\nseed = 1'
    assert with_values(text, {"sources": ["A", "B"]}) == text


@pytest.mark.parametrize("entry", RUN.table.stage, ids=lambda entry: entry.name)
def test_a_notebook_gets_what_it_declares_with_the_published_values(entry):
    found = declared(read_notebook(entry.notebook, entry.name), entry.name)
    assert {name: VALUES[name] for name in found} == found == RUN.params_of(entry)


def test_every_parameter_is_read_by_some_notebook():
    assert set().union(*(RUN.params_of(entry) for entry in RUN.table.stage)) == set(NAMES)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            [code("seed = 1", "parameters"), code("seed = 2", "parameters")],
            "cells 1 and 2 are both",
        ),
        ([code("seed = 1"), code("print(seed)")], "cell 1 gives the parameter 'seed'"),
        ([code("def f():\n    return seed")], "cell 1 reads the parameter 'seed'"),
        ([code("%matplotlib inline\nprint(seed)")], "cell 1 reads the parameter 'seed'"),
        ([code("months.query('a == @seed')")], "cell 1 reads the parameter 'seed'"),
        ([code("seed = 1", "parameters"), code("for seed in (1, 2): pass")], "cell 2 gives"),
        ([code("seed = 1", "parameters"), code("import x as seed")], "cell 2 gives"),
        ([code("seed = 1", "parameters"), code("def seed(): pass")], "cell 2 gives"),
        (
            [code("seed = 1", "parameters"), code("def f():\n    global seed\n    seed = 2")],
            "gives",
        ),
        ([code("sed = 1", "parameters")], "'sed' is no parameter; did you mean 'seed'"),
        ([code("seed = 1\nseed = 2", "parameters")], "line 2: 'seed' has a value already"),
        ([code("seed = 1 + int('2')", "parameters")], "expected a line such as"),
        ([code("seed = candidate = True", "parameters")], "expected a line such as"),
        ([code("seed += 1", "parameters")], "expected a line such as"),
        ([code("import os\nseed = 1", "parameters")], "line 1: expected a line such as"),
        ([code("seed = 1\nseed", "parameters")], "line 2: expected a line such as"),
        ([code("seed = (", "parameters")], "line 1: expected a line such as"),
        ([code("%env A=1\nseed = 1", "parameters")], "line 1: expected a line such as"),
        ([code("seed = 1", "injected-parameters")], "an earlier run put in"),
    ],
)
def test_what_no_run_could_set_is_refused(cells, words):
    with pytest.raises(InputError, match="here") as error:
        check_cells(notebook(*cells), "here")
    assert words in str(error.value) and "\n" not in str(error.value)


def test_names_of_a_functions_own_are_no_parameters():
    own = ["def f(seed, *, country=1):\n    version = 2\n    return seed, country, version"]
    assert names_read([*own, "[seed for seed in ()]", "x.seed", "f(seed=1)"]) == set()
    check_cells(notebook(code(own[0])), "here")


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A folder with a notebook, its working copy, and how to write the copy."""
    for folder in ("work", "notebooks"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(lab, "WORK", tmp_path / "work")
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "notebooks")
    original = notebook(code(cell_of(VALUES), "parameters"), code("print(1)"))
    (tmp_path / "notebooks/03-one.ipynb").write_text(json.dumps(original))

    def write(*cells):
        (tmp_path / "work/03-one.ipynb").write_text(json.dumps(notebook(*cells)))

    return tmp_path, write


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_value_is_not_taken_and_the_line_is_named(copied, name):
    folder, write = copied
    before = (folder / "notebooks/03-one.ipynb").read_bytes()
    value = another(VALUES[name], random.Random(name))
    write(code(cell_of(VALUES | {name: value}), "parameters"), code("print(2)"))
    with pytest.raises(InputError, match=r"params/mine\.yml") as error:
        lab.take("03-one")
    assert f"'{name}: {json.dumps(value, ensure_ascii=False)}'" in str(error.value)
    assert (folder / "notebooks/03-one.ipynb").read_bytes() == before


def test_a_copy_with_the_same_values_is_taken(copied):
    folder, write = copied
    write(code(cell_of({"seed": VALUES["seed"]}), "parameters"), code("print(seed)"))
    lab.take("03-one")
    assert "print(seed)" in (folder / "notebooks/03-one.ipynb").read_text()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": [1]}', "\0", '{"cells": {"a": 1}}'])
def test_what_is_no_notebook_is_not_taken(copied, text):
    folder, _ = copied
    (folder / "work/03-one.ipynb").write_text(text)
    with pytest.raises(InputError, match="work/03-one.ipynb is not a readable notebook"):
        lab.take("03-one")


def test_a_report_refuses_one_notebook_that_differs_and_follows_the_file(tmp_path, monkeypatch):
    table = read_stages()
    for entry in table.stage:
        (tmp_path / entry.notebook.name).write_bytes(entry.notebook.read_bytes())
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    check_notebooks(table, RUN.params.model_copy(update={"seed": 7}))  # the file was changed
    path = tmp_path / f"{table.stage[-1].name}.ipynb"
    path.write_text(path.read_text().replace(f"seed = {VALUES['seed']}", "seed = 7"))
    with pytest.raises(InputError, match=f"{path.name} sets 'seed' to 7"):
        check_notebooks(table, RUN.params)
