"""A notebook comes before who judges it, and goes without a trace; some chapters run alone."""

import json
import os
import shutil
import subprocess

import pytest
from conftest import Project, write_notebook

from helpers.base import paths
from helpers.cli import remove
from helpers.run.table import read_stages

JUDGE = [
    """stage = Stage("09-judge")
seen = stage.read("results")
stage.record("judge.seen", len(seen), unit="results", source="made up")""",
    "stage.finish()",
]
ENTRY = '\n# Judges.\n[[stage]]\nname = "09-judge"\nreads = ["results"]\nwrites = []\n'
CLAIM = """- kind: checkable
  id: more
  evidence:
    - {source: UCDP, key: border_closure.ratio}
"""


@pytest.fixture(scope="module")
def judged(built_once, tmp_path_factory):
    """The tiny project with a stage that reads what all before it recorded."""
    folder = tmp_path_factory.mktemp("judged")
    shutil.copytree(built_once, folder / "project")
    project = Project(folder / "project")
    write_notebook(project.root / "notebooks/09-judge.ipynb", "Judge", JUDGE)
    stages = project.root / "notebooks/stages.toml"
    stages.write_text(stages.read_text() + ENTRY)
    toc = project.root / "book/_toc.yml"
    toc.write_text(
        toc.read_text().replace("- file: data", "- file: notebooks/09-judge\n- file: data")
    )
    project.ran()
    return project


@pytest.fixture
def project(judged, tmp_path):
    shutil.copytree(judged.root, tmp_path / "project")
    return Project(tmp_path / "project")


def results(project):
    return json.loads((project.root / "data/processed/results.json").read_text())


def files(project):
    """The names of all that stands in the project but times, logs and what the engine remembers."""
    left_out = {".pytask", ".run", "work", ".git", "__pycache__", "timings"}
    return {
        path.relative_to(project.root).as_posix()
        for path in project.root.rglob("*")
        if path.is_file() and not left_out & set(path.parts)
    }


def test_a_new_notebook_is_seen_by_who_judges_and_leaves_nothing(project):
    before = files(project)
    texts = {
        name: (project.root / name).read_text()
        for name in ("notebooks/stages.toml", "book/_toc.yml")
    }
    assert results(project)["judge.seen"]["value"] == 3
    assert project.python("helpers.cli", "new", "border-closure").returncode == 0
    table = read_stages(project.root / "notebooks/stages.toml")
    assert [one.name for one in table.stage][-2:] == ["04-border-closure", "09-judge"]
    toc = (project.root / "book/_toc.yml").read_text()
    assert "notebooks/04-border-closure\n- file: notebooks/09-judge\n" in toc
    assert {"04-border-closure", "09-judge"} <= set(project.ran())
    assert results(project)["judge.seen"]["value"] == 5
    ratio = results(project)["border_closure.ratio"]
    assert ratio["low"] < ratio["value"] < ratio["high"]

    gone = project.python("helpers.cli", "remove", "border-closure", "--yes=1")
    assert gone.returncode == 0, gone.stderr
    assert not any("border_closure" in key for key in results(project))
    assert (project.root / "work/removed/04-border-closure.ipynb").exists()
    for name, text in texts.items():
        assert (project.root / name).read_text() == text
    assert "09-judge" in project.ran()
    assert results(project)["judge.seen"]["value"] == 3
    assert files(project) == before


def test_a_stage_taken_out_by_hand_leaves_no_key_no_figure_and_no_table(project):
    stages, toc = project.root / "notebooks/stages.toml", project.root / "book/_toc.yml"
    stages.write_text(remove.without_stage(stages.read_text(), "03-right"))
    toc.write_text(remove.without_chapter(toc.read_text(), "03-right"))
    (project.root / "notebooks/03-right.ipynb").unlink()
    project.ran()
    assert not any("right" in key for key in results(project))
    processed = project.root / "data/processed"
    assert not [path for path in processed.rglob("*") if "right" in path.name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("01-clean", "02-left reads 'months', which it writes"),
        ("02-left", "book/index.md quotes its result 'left.mean'"),
        ("02-lefft", "no stage '02-lefft'; did you mean '02-left'?"),
        ("lefft", "no stage 'lefft'; did you mean"),
        ("", "no stage ''"),
        ("../x", "no stage '../x'"),
    ],
)
def test_what_something_rests_on_stays(project, name, said):
    before = files(project), results(project)
    run = project.python("helpers.cli", "remove", "--yes=1", "--", name)
    assert run.returncode == 2 and said in run.stderr and run.stderr.count("\n") == 1
    assert before == (files(project), results(project))


def test_a_claim_keeps_the_notebook_on_which_it_rests(project):
    assert project.python("helpers.cli", "new", "border-closure").returncode == 0
    (project.root / "data/raw/claims.yml").write_text(CLAIM)
    run = project.python("helpers.cli", "remove", "border-closure", "--yes=1")
    assert run.returncode == 2
    assert "the claim 'more' of claims.yml rests on its result 'border_closure.ratio'" in run.stderr


def test_a_notebook_that_git_has_not_stays_until_somebody_says_yes(project):
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    assert project.python("helpers.cli", "new", "mine").returncode == 0
    notebook = project.root / "notebooks/04-mine.ipynb"
    kept = notebook.read_bytes()
    first = project.python("helpers.cli", "remove", "mine")
    assert "stays, since git does not have it" in first.stdout and notebook.read_bytes() == kept
    again = project.python("helpers.cli", "remove", "04-mine")
    assert again.returncode == 2 and "is no stage any more" in again.stderr
    shutil.copy(paths.ROOT / ".gitignore", project.root)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run([*git, *words], cwd=project.root, check=True, env={**os.environ})
    right = project.root / "notebooks/03-right.ipynb"
    assert project.python("helpers.cli", "remove", "03-right").returncode == 0
    assert not right.exists() and (project.root / "work/removed/03-right.ipynb").exists()
    project.ran()


def only(project, names):
    return project.python("helpers.cli", "report", f"--only={names}", "--jobs=1")


def edited(project, name):
    path = project.root / f"notebooks/{name}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][-1]["source"] = ["# again\n", *notebook["cells"][-1]["source"]]
    path.write_text(json.dumps(notebook))


def test_some_chapters_run_with_what_they_need_and_no_other(project):
    for name in ("01-clean", "02-left", "03-right"):
        edited(project, name)
    run = only(project, "03-right")
    assert run.returncode == 0, run.stderr
    line = run.stdout.splitlines()[-1]
    assert line.startswith("ran 01-clean, 03-right") and "02-left" not in line.split(";")[0]
    assert "left as they were, though they would run again: 02-left;" in line
    assert "left.mean" in results(project)
    assert project.ran() == ["02-left", "book"]
    assert only(project, "03-right,02-left").stdout.startswith("nothing had changed")


def test_where_others_never_ran_the_book_waits(project):
    shutil.rmtree(project.root / "data/processed")
    shutil.rmtree(project.root / ".pytask")
    run = only(project, "02-left")
    assert run.returncode == 0, run.stderr
    assert "ran 01-clean, 02-left; the book waits for 03-right, 09-judge" in run.stdout
    assert not (project.root / "data/processed/results.json").exists()
    assert {"03-right", "09-judge", "results"} <= set(project.ran())


@pytest.mark.parametrize("names", ["03-rihgt", "02-left,03-rihgt", "03-rihgt,02-left"])
def test_a_misspelt_chapter_is_one_sentence_and_nothing_runs(project, names):
    edited(project, "02-left")
    run = only(project, names)
    assert run.returncode == 2 and run.stdout == ""
    assert run.stderr.splitlines() == [
        "error: stages.toml has no stage '03-rihgt'; did you mean '03-right'?"
    ]
