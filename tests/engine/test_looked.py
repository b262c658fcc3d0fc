"""A run that has nothing to do ends without the engine, and only such a one."""

import subprocess
import sys

import pytest

from helpers.base import paths
from helpers.cli.fresh import environment
from helpers.engine import looked

RECORD = ".pytask/looked-pakistan.json"
QUICK = """
import sys
from helpers.cli.app import main
status = main(["report"])
print("engine" if "pytask" in sys.modules else "no engine")
sys.exit(status)
"""


def how(project):
    """Run a report and say whether the engine was asked, and what it said last."""
    run = subprocess.run(
        [sys.executable, "-c", QUICK],
        cwd=project.root,
        env=environment(project.root),
        capture_output=True,
        text=True,
        timeout=300,
    )
    said, asked = (run.stdout.splitlines() or ["", ""])[-2:]
    return asked, said, run.returncode


def test_what_has_run_is_remembered_and_the_next_run_asks_no_engine(built):
    assert (built.root / RECORD).exists()
    asked, said, status = how(built)
    assert (asked, status) == ("no engine", 0)
    assert said.startswith("nothing had changed; the book is book/_build/html/index.html (")


def add(name):
    return lambda root: (root / name).write_text("7")


def grow(name):
    return lambda root: (root / name).write_bytes((root / name).read_bytes() + b"\n")


def link(name):
    def act(root):
        (root / name).rename(root / "elsewhere")
        (root / name).symlink_to(root / "elsewhere")

    return act


CHANGES = {
    "a line more in a module": grow("src/helpers/engine/graph.py"),
    "a module more": add("src/helpers/clean/more.py"),
    "a line more in the lock": grow("requirements.lock"),
    "a line more in the settings": grow("pyproject.toml"),
    "a line more in the stage table": grow("notebooks/stages.toml"),
    "a line more in the parameters": grow("params/pakistan.yml"),
    "a line more in a page": grow("book/index.md"),
    "a file more among the tables": add("data/processed/figures/more.svg"),
    "a byte more in a table": grow("data/processed/months.parquet"),
    "a link in the place of a table": link("data/processed/months.parquet"),
    "a page of the book more": add("book/_build/html/more.html"),
    "a byte more in a page of the book": grow("book/_build/html/index.html"),
    "a link in the place of a page": link("book/_build/html/index.html"),
    "a byte more in a raw table": grow("data/raw/country_month.csv"),
    "a byte more in what the engine remembers": grow(".pytask/pytask.sqlite3"),
    "a record that is no record": lambda root: (root / RECORD).write_text("[1]"),
    "a record cut short": lambda root: (root / RECORD).write_text("{"),
    "no record": lambda root: (root / RECORD).unlink(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_differs_is_for_the_engine_to_judge(built, monkeypatch, what):
    monkeypatch.setattr(paths, "ROOT", built.root)
    for name, folder in (("BOOK", "book"), ("BUILD", "book/_build")):
        monkeypatch.setattr(paths, name, built.root / folder)
    params = built.root / "params" / "pakistan.yml"
    assert looked.unchanged(params) == built.root / "book/_build"
    CHANGES[what](built.root)
    assert looked.unchanged(params) is None


def test_another_file_of_parameters_with_the_same_name_is_for_the_engine(built, tmp_path):
    other = tmp_path / "pakistan.yml"
    other.write_bytes((built.root / "params/pakistan.yml").read_bytes())
    run = built.report("--params", str(other))
    assert run.returncode == 2 and "has the same name" in run.stderr


def test_an_edit_while_it_ran_is_not_remembered(built):
    """The stage that was edited had ended: only a second look of the engine knows of the edit."""
    grow("requirements.lock")(built.root)  # everything runs again
    before = (built.root / RECORD).read_text()
    running = subprocess.Popen(
        [sys.executable, "-m", "helpers.cli", "report", "--jobs", "1"],
        cwd=built.root,
        env=environment(built.root),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if "03-right  cell 7" in line or "02-left  cell 7" in line:
            break
    notebook = built.root / "notebooks/01-clean.ipynb"
    notebook.write_text(notebook.read_text().replace("stage.finish()", "stage.finish()  # edited"))
    running.stderr.read()
    assert running.wait() == 0
    assert (built.root / RECORD).read_text() == before
    asked, said, status = how(built)
    assert (asked, status) == ("engine", 0) and said.startswith("ran 01-clean")
