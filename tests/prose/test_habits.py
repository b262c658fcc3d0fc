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
    assert findings(entry.notebook) == []


def test_the_lint_finds_what_is_wrong(tmp_path):
    notebook = json.loads(ENTRIES[0].notebook.read_text())
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code[0]["source"] = [
        line.split("#")[0] for line in "".join(code[0]["source"]).splitlines(keepends=True)
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
        "the longest cell has 31 lines",
        "not 'stage.finish()'",
    ):
        assert words in said


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
