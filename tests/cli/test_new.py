"""A student's path: a new notebook from the template, and a working copy of the others."""

import ast
import importlib
import json
import os
import subprocess
import sys

import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.reading import yaml_text
from helpers.claims.plan import parse
from helpers.cli import new
from helpers.cli.bootstrap import NEWEST, OLDEST
from helpers.prose.exercises import solutions
from helpers.prose.solving import Chapter
from helpers.run.declared import read_notebook


def test_a_new_notebook_is_in_the_graph_and_the_book(built):
    made = built.python("helpers.cli", "new", "border-closure")
    assert made.returncode == 0, made.stderr
    assert (
        (built.root / "notebooks/stages.toml")
        .read_text()
        .endswith('[[stage]]\nname = "04-border-closure"\nreads = ["ucdp_month"]\nwrites = []\n')
    )
    toc = (built.root / "book/_toc.yml").read_text()
    assert "- file: notebooks/03-right\n- file: notebooks/04-border-closure\n- file: data\n" in toc
    assert built.ran() == ["04-border-closure", "book", "results"]
    page = (built.root / "book/_build/html/notebooks/04-border-closure.html").read_text()
    for words in (
        "<h1>4. Border closure",
        "border-closure-simulated.svg",
        "border_closure.share_at_least",
        "<summary>Solution</summary>",
    ):
        assert words in page
    assert built.python("helpers.cli", "audit").returncode == 0
    again = built.python("helpers.cli", "new", "border-closure")
    assert again.returncode == 2 and again.stderr.count("\n") == 1
    assert "the name 'border-closure' is taken by notebooks/04-border-closure.ipynb" in again.stderr


@pytest.mark.parametrize("name", ["", "My-question", "04-mine", "a--b", "a_b", "../x", "a b", "-a"])
def test_a_bad_name_is_refused(name):
    with pytest.raises(
        InputError, match="cannot be a name: expected lower-case words joined by hyphens"
    ):
        new.checked(name)


def test_a_new_notebook_is_formatted_as_make_check_wants_it(tmp_path):
    path = tmp_path / "04-border-closure.ipynb"
    path.write_text(new.template(path.stem))
    command = [sys.executable, "-m", "ruff", "format", "--check", "--config"]
    config = paths.ROOT / "pyproject.toml"
    run = subprocess.run([*command, config, path], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_names_are_filled_in_everywhere(tmp_path):
    text = new.filled(new.TEMPLATE.read_text(), "12-border-closure", 'country = "X"  # who')
    assert not any(word in text for word in ("STAGE", "TITLE", "KEY", "SLUG"))
    assert 'Stage(\\"12-border-closure\\")' in text and "{num}`border_closure.ratio:.2f`" in text
    path = tmp_path / "12-border-closure.ipynb"
    path.write_text(text)
    assert [one.number for one in solutions(path)] == [1, 2]


def test_the_chapter_comes_after_the_first_run_of_notebooks():
    toc = (
        "root: index\nchapters:\n  - file: a\n  - file: notebooks/01-x\n  - file: notebooks/02-y\n"
        "- file: b\n  - file: notebooks/10-z"
    )
    lines = new.with_chapter(toc, "11-mine").splitlines()
    assert lines[4:7] == ["  - file: notebooks/02-y", "  - file: notebooks/11-mine", "- file: b"]
    with pytest.raises(InputError, match="lists no notebook"):
        new.with_chapter("root: index\n", "11-mine")


def test_the_solutions_of_the_template_hold(built, monkeypatch, tmp_path):
    assert built.python("helpers.cli", "new", "mine").returncode == 0
    monkeypatch.setattr(paths, "STAGES", built.root / "notebooks/stages.toml")
    monkeypatch.setenv("COMPENDIUM_IN", str(built.root / "data/processed"))
    monkeypatch.setenv("COMPENDIUM_OUT", str(tmp_path))
    path = built.root / "notebooks/04-mine.ipynb"
    chapter = Chapter(path)
    for solution in solutions(path):
        chapter.run(solution)


def test_the_claim_names_the_function_that_computes_its_primary_result():
    text = new.with_claim("", "04-mine", "Deaths rose.")
    (claim,) = parse(yaml_text(text, "claims.yml"))
    room, _, name = claim.test.rpartition(".")
    cells = read_notebook(new.TEMPLATE, "template")["cells"]
    code = "\n".join(one["source"] for one in cells if one["cell_type"] == "code")
    tree = ast.parse(new.filled(code, "04-mine", "seed = 1"))
    imported = {
        (one.module, each.name)
        for one in tree.body
        if isinstance(one, ast.ImportFrom)
        for each in one.names
    }
    assert (room, name) in imported and callable(getattr(importlib.import_module(room), name))
    made = {
        one.targets[0].id: one.value.func.id
        for one in tree.body
        if isinstance(one, ast.Assign)
        and isinstance(one.value, ast.Call)
        and isinstance(one.value.func, ast.Name)
    }
    recorded = {
        one.args[0].value: one.args[1].id
        for one in ast.walk(tree)
        if isinstance(one, ast.Call)
        and getattr(one.func, "attr", "") == "record"
        and isinstance(one.args[1], ast.Name)
    }
    assert made[recorded[claim.evidence[0].key]] == name
    keys = {
        one.args[0].value
        for one in ast.walk(tree)
        if isinstance(one, ast.Call) and getattr(one.func, "attr", "") == "record"
    }
    assert claim.proof and {claim.proof.placebo, claim.evidence[0].key} <= keys


def edit(path, old, new_text):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new_text, 1))


def test_a_working_copy_follows_its_original_until_it_is_edited(built):
    root, lab = built.root, lambda *arguments: built.python("helpers.cli", "lab", *arguments)
    assert lab("--copy-only").returncode == 0
    copy, original = root / "work/02-left.ipynb", root / "notebooks/02-left.ipynb"
    assert copy.read_bytes() == original.read_bytes()
    edit(original, "Deaths by month.", "Deaths, by month.")
    assert lab("--copy-only").stdout == "" and copy.read_bytes() == original.read_bytes()

    edit(copy, "The first months.", "The very first months.")
    mine = copy.read_bytes()
    assert lab("--copy-only").stdout == "" and copy.read_bytes() == mine
    edit(original, "Deaths, by month.", "Deaths in each month.")
    assert (
        "kept your work/02-left.ipynb, though its original has changed" in lab("--copy-only").stdout
    )
    assert copy.read_bytes() == mine


def test_an_edited_copy_can_be_taken_back_without_outputs(built):
    assert built.python("helpers.cli", "lab", "--copy-only").returncode == 0
    copy, original = built.root / "work/02-left.ipynb", built.root / "notebooks/02-left.ipynb"
    notebook = json.loads(copy.read_text())
    for number, cell in enumerate(one for one in notebook["cells"] if one["cell_type"] == "code"):
        cell |= {
            "execution_count": number + 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}],
        }
    copy.write_text(json.dumps(notebook).replace("The first months.", "The very first months."))
    taken = built.python("helpers.cli", "lab", "--take", "02-left")
    assert taken.returncode == 0, taken.stderr
    code = [
        cell for cell in json.loads(original.read_text())["cells"] if cell["cell_type"] == "code"
    ]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert "02-left" in built.ran()
    wrong = built.python("helpers.cli", "lab", "--take", "02-lefft")
    assert wrong.returncode == 2 and "did you mean '02-left'" in wrong.stderr


def test_what_an_image_of_the_project_installs():
    folder = paths.ROOT / ".binder"
    assert (folder / "requirements.txt").read_text().splitlines()[-1] == "-r ../requirements.lock"
    major, minor = map(
        int, (folder / "runtime.txt").read_text().strip().removeprefix("python-").split(".")
    )
    assert OLDEST <= (major, minor) <= NEWEST
    assert os.access(folder / "postBuild", os.X_OK)
    assert subprocess.run(["bash", "-n", folder / "postBuild"], check=False).returncode == 0


def test_git_compares_notebooks_by_cell_where_it_can():
    said = subprocess.run(
        ["git", "check-attr", "diff", "merge", "--", "notebooks/01-clean.ipynb"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    assert said.stdout.count("jupyternotebook") == 2
