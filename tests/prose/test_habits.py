"""The notebooks keep the habits that make them read like an article."""

import copy
import json

import pytest

from helpers.prose.habits import findings
from helpers.run.canonical import canonical
from helpers.run.table import read_stages

ENTRIES = read_stages().stage


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_habits(entry):
    assert findings(entry.notebook, entry.kind in ("each", "sweep")) == []


def test_the_lint_finds_what_is_wrong(tmp_path):
    notebook = json.loads(ENTRIES[0].notebook.read_text())
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code[0]["source"] = [
        line.split("#")[0] + "\n" for line in "".join(code[0]["source"]).splitlines()
    ]
    code[1]["source"] = ["x = 1\n"] * 31
    code[1]["execution_count"] = 3
    code[-1]["source"] = ["print(1)"]
    path = tmp_path / "bad.ipynb"
    path.write_text(json.dumps(notebook))
    said = " ".join(findings(path))
    for words in (
        "clear them",
        "has no comment",
        "the longest run of code has",
        "part it by prose",
        "not 'stage.finish()'",
    ):
        assert words in said


def notebook_of(tmp_path, cells):
    """The first chapter of the compendium with its body replaced by ``cells`` (kind, source)."""
    notebook = json.loads(ENTRIES[0].notebook.read_text())
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    title = {
        "cell_type": "markdown",
        "metadata": {},
        "id": "t",
        "source": "# T\n\n" + "word " * 900,
    }
    body = [
        {"cell_type": kind, "metadata": {}, "id": f"b{n}", "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for n, (kind, source) in enumerate(cells)
    ]
    between = {"cell_type": "markdown", "metadata": {}, "id": "m", "source": "Then."}
    notebook["cells"] = [title, code[0], between, code[1], between, *body, between, code[-1]]
    path = tmp_path / "01-x.ipynb"
    path.write_text(json.dumps(notebook))
    return path


def test_a_wide_line_is_measured_as_the_formatter_writes_it(tmp_path):
    wide = "x = f(" + ", ".join(f"argument_number_{n}={n}" for n in range(40)) + ")"
    said = " ".join(findings(notebook_of(tmp_path, [("code", wide)])))
    assert "the longest run of code has 42 lines" in said


def test_cells_that_no_prose_parts_are_one_and_prose_parts_them(tmp_path):
    cell = ("code", "x = 1\n" * 16)
    together = " ".join(findings(notebook_of(tmp_path, [cell, cell])))
    apart = " ".join(findings(notebook_of(tmp_path, [cell, ("markdown", "And so."), cell])))
    assert "the longest run of code has 32 lines" in together
    assert "longest" not in apart


def test_names_of_bound_numbers_are_no_words(tmp_path):
    bound = ("markdown", "{num}`a_b.c-d.e-f:.2f` " * 3000)
    few = findings(notebook_of(tmp_path, [bound]))
    assert not any("words of prose, expected" in one for one in few)


def test_canonical_form_drops_what_changes_between_two_runs():
    one = {
        "cells": [
            {
                "cell_type": "code",
                "id": "4f1a",
                "metadata": {"tags": ["injected-parameters"], "papermill": {"duration": 1}},
                "source": "",
                "outputs": [{"output_type": "stream", "name": "stderr", "text": "warning"}],
                "execution_count": 1,
            }
        ],
        "metadata": {
            "papermill": {"end_time": "now"},
            "kernelspec": {"name": "python3"},
            "language_info": {"version": "3.11.7"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    two = copy.deepcopy(one)
    two["cells"][0]["id"], two["cells"][0]["metadata"]["papermill"] = "99", {"duration": 2}
    two["metadata"]["papermill"] = {"end_time": "later"}
    assert canonical(one) == canonical(two)
    assert canonical(one)["cells"][0]["outputs"] == []
    assert one["cells"][0]["id"] == "4f1a"
