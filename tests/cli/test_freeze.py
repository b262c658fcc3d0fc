"""``make freeze``: once, by a commit, and never again; who changes a frozen forecast is refused."""

import hashlib
import json
import shutil
import subprocess

import pandas as pd
import pytest
from conftest import Project, sidecar, write_notebook

from helpers.base import paths
from helpers.measures import grades
from helpers.raw.put import put
from helpers.raw.sidecar import Column

ORIGIN = "2024-12"
SHOWN = "data/processed/results.json"
ENDINGS = (".csv", ".md", ".source.yml")
STAGE = """
[[stage]]
name = "08-ahead"
reads = ["months"]
writes = ["forecast_quantiles"]

[[stage]]
name = "09-seen"
reads = ["forecasts"]
writes = []
"""
SEEN = [
    """stage = Stage("09-seen")
made = stage.read("forecasts")
stage.record("seen.forecasts", len(made), unit="forecasts", source="made up")""",
    "stage.finish()",
]
AHEAD = [
    """from helpers.measures import forecast
stage = Stage("08-ahead")
seen = stage.read("months")["deaths"].to_numpy(dtype=float)
index = pd.period_range(pd.Period(last_month, "M") + 1, periods=12, freq="M")
draws = {name: pd.concat([pd.Series(seen[-n:])] * 12, axis=1).to_numpy()
         for name, n in {"pool": 60, "seasonal naive": 24, "naive": 12}.items()}
kept = [forecast.quantiles(draws, index, index[0] - 1, target, list(draws))
        for target in ("all deaths", "militants")]
stage.write("forecast_quantiles", pd.concat(kept, ignore_index=True))""",
    "stage.finish()",
]
COUNT, WORD = (Column(type=kind, meaning="made up") for kind in ("integer", "string"))


def git(root, *words):
    return subprocess.run(
        ["git", "-C", str(root), *words], check=True, capture_output=True, text=True
    ).stdout.strip()


def tables(root, months):
    """Write what came: deaths by country and by dyad in each month and version."""
    rows = pd.DataFrame(months, columns=["year", "month", "version", "deaths"])
    rows = rows.assign(country="Pakistan", deaths_best=rows["deaths"], dyad_id=7)
    key = ["year", "month", "version"]
    numbers = dict.fromkeys(["year", "month", "deaths", "deaths_best"], COUNT)
    words = dict.fromkeys(["country", "version"], WORD)
    by_country = {**words, **numbers}
    raw = root / "data" / "raw"
    put(rows[list(by_country)], raw / "country_month.csv", sidecar(by_country, key))
    by_dyad = {"dyad_id": COUNT, "version": WORD, **numbers}
    put(rows[list(by_dyad)], raw / "group_month.csv", sidecar(by_dyad, key))
    named = pd.DataFrame({"dyad_id": [7], **grades.WAR})
    put(named, raw / "groups.csv", sidecar({"dyad_id": COUNT, "kind": WORD, "inside": WORD}))


PAST = [
    (year, month, "26.1", (7 * year + 3 * month) % 40)
    for year in range(2018, 2025)
    for month in range(1, 13)
]


@pytest.fixture(scope="module")
def ahead_once(built_once, tmp_path_factory):
    """The tiny project with a stage that looks ahead, committed and built."""
    root = tmp_path_factory.mktemp("ahead") / "project"
    shutil.copytree(built_once, root)
    shutil.copy(paths.ROOT / ".gitignore", root / ".gitignore")
    stages = root / "notebooks" / "stages.toml"
    stages.write_text(stages.read_text() + STAGE)
    write_notebook(root / "notebooks" / "08-ahead.ipynb", "Ahead", AHEAD)
    write_notebook(root / "notebooks" / "09-seen.ipynb", "Seen", SEEN)
    toc = root / "book" / "_toc.yml"
    pages = "- file: notebooks/08-ahead\n- file: notebooks/09-seen\n- file: data\n"
    toc.write_text(toc.read_text().replace("- file: data\n", pages))
    tables(root, PAST)
    git(root, "init", "-q", "-b", "main")
    for name, word in (("name", "x"), ("email", "x@example.org")):
        git(root, "config", f"user.{name}", word)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Start")
    project = Project(root)
    assert "08-ahead" in project.ran(2)
    return root


@pytest.fixture
def ahead(ahead_once, tmp_path):
    shutil.copytree(ahead_once, tmp_path / "project")
    return Project(tmp_path / "project")


def frozen(project):
    folder = project.root / "data" / "forecasts"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))}


def refused(run, said):
    assert run.returncode == 2, run.stdout + run.stderr
    assert run.stderr.startswith("error: ") and said in run.stderr
    assert run.stderr.count("\n") == 1


def test_frozen_once_committed_alone_and_never_again(ahead):
    (ahead.root / "notes.txt").write_text("a person's own\n")
    run = ahead.python("helpers.cli", "freeze")
    assert run.returncode == 0, run.stderr
    files = frozen(ahead)
    assert set(files) == {f"{ORIGIN}{ending}" for ending in ENDINGS}
    told = git(ahead.root, "show", "--name-only", "--format=%s", "HEAD").split("\n")
    assert told == [
        f"Freeze the forecast from {ORIGIN}",
        "",
        *(f"data/forecasts/{ORIGIN}{ending}" for ending in sorted(ENDINGS)),
    ]
    assert hashlib.sha256(files[f"{ORIGIN}.csv"]).hexdigest() in run.stdout
    text = files[f"{ORIGIN}.md"].decode()
    assert "fewer than 7 of the 12 months" in text and "{" not in text
    refused(ahead.python("helpers.cli", "freeze"), "is never written again")
    assert frozen(ahead) == files


def test_a_stage_that_reads_forecasts_runs_when_one_is_frozen(ahead):
    assert json.loads((ahead.root / SHOWN).read_text())["seen.forecasts"]["value"] == 0
    ahead.python("helpers.cli", "freeze")
    assert ahead.ran(2) == ["09-seen", "book", "results"]
    assert json.loads((ahead.root / SHOWN).read_text())["seen.forecasts"]["value"] == 1


def test_a_month_is_graded_when_it_comes_and_each_count_of_it(ahead):
    ahead.python("helpers.cli", "freeze")
    files = frozen(ahead)
    assert "no month has come" in ahead.python("helpers.cli", "grade").stdout
    tables(ahead.root, [*PAST, (2025, 1, "candidate", 25)])
    one = ahead.python("helpers.cli", "grade").stdout
    assert one.count("2025-01 candidate") == 2  # a row a target
    tables(ahead.root, [*PAST, (2025, 1, "candidate", 25), (2025, 1, "27.1", 31)])
    both = ahead.python("helpers.cli", "grade").stdout
    assert both.count("2025-01 candidate") == both.count("2025-01      27.1") == 2
    assert both.count(": waits") == 2
    assert frozen(ahead) == files


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_changed_file_is_refused_wherever_it_is_read(ahead, ending):
    ahead.python("helpers.cli", "freeze")
    path = ahead.root / "data" / "forecasts" / f"{ORIGIN}{ending}"
    path.write_bytes(path.read_bytes() + b"\n")
    for verb in ("report", "grade", "guard", "freeze"):
        refused(ahead.python("helpers.cli", verb), f"{ORIGIN}{ending}")


def test_a_change_that_renews_the_hash_is_refused_by_the_first_commit(ahead):
    ahead.python("helpers.cli", "freeze")
    first = git(ahead.root, "rev-parse", "--short=12", "HEAD")
    folder = ahead.root / "data" / "forecasts"
    table, about = folder / f"{ORIGIN}.csv", folder / f"{ORIGIN}.source.yml"
    before = hashlib.sha256(table.read_bytes()).hexdigest()
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join([lines[0], lines[1].rpartition(",")[0] + ",9\n", *lines[2:]]))
    after = hashlib.sha256(table.read_bytes()).hexdigest()
    about.write_text(about.read_text().replace(before, after))
    git(ahead.root, "commit", "-q", "-a", "-m", "Make it look better")
    for verb in ("guard", "report"):
        refused(ahead.python("helpers.cli", verb), f"was changed since commit {first}")


def test_a_forecast_that_is_taken_away_is_missed(ahead):
    ahead.python("helpers.cli", "freeze")
    shutil.rmtree(ahead.root / "data" / "forecasts")
    refused(ahead.python("helpers.cli", "guard"), "was removed since commit")
    git(ahead.root, "commit", "-q", "-a", "-m", "Forget it")
    refused(ahead.python("helpers.cli", "guard"), "was removed since commit")


def known(project):
    tables(project.root, [*PAST, (2025, 1, "candidate", 25)])
    git(project.root, "commit", "-q", "-a", "-m", "Add a month")
    project.ran(2)


def stale(project):
    tables(project.root, [*PAST[:-1], (2024, 12, "26.1", 1)])


def dirty(project):
    (project.root / "book" / "index.md").write_text("# Tiny\n")


def hooked(project):
    hook = project.root / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (known, "what is known is not foretold"),
        (stale, "has not run on the data and the code of now"),
        (dirty, "files differ from the last commit"),
        (hooked, "git would not commit the forecast"),
    ],
)
def test_what_may_not_be_frozen_is_refused_and_nothing_is_left(ahead, fault, said):
    fault(ahead)
    before = git(ahead.root, "status", "--porcelain")
    refused(ahead.python("helpers.cli", "freeze"), said)
    assert not frozen(ahead) and git(ahead.root, "status", "--porcelain") == before


def test_another_run_than_the_published_one_is_not_frozen(ahead):
    shutil.copy(ahead.root / "params" / "pakistan.yml", ahead.root / "params" / "mine.yml")
    run = ahead.python("helpers.cli", "freeze", "--params", "params/mine.yml")
    refused(run, "is not the published run")


def test_without_git_the_hash_alone_stands(ahead):
    shutil.rmtree(ahead.root / ".git")
    run = ahead.python("helpers.cli", "freeze")
    assert run.returncode == 0 and "no commit dates it" in run.stdout, run.stderr
    assert len(frozen(ahead)) == 3
    assert ahead.python("helpers.cli", "grade").returncode == 0


def test_a_file_that_is_no_forecast_is_told(ahead):
    folder = ahead.root / "data" / "forecasts"
    folder.mkdir()
    (folder / "notes.md").write_text("mine\n")
    refused(ahead.python("helpers.cli", "grade"), "is no file of a frozen forecast")


@pytest.mark.parametrize("left", range(1, 4))
def test_a_freezing_that_was_cut_short_is_ended_by_the_next(ahead, left):
    """Its files come into place one by one, the sidecar last, and the commit comes after them."""
    ahead.python("helpers.cli", "freeze")
    files = frozen(ahead)
    git(ahead.root, "reset", "-q", "--hard", "HEAD~1")
    folder = ahead.root / "data" / "forecasts"
    folder.mkdir(exist_ok=True)
    for name in [f"{ORIGIN}{ending}" for ending in ENDINGS][:left]:
        (folder / name).write_bytes(files[name])
    run = ahead.python("helpers.cli", "freeze")
    assert run.returncode == 0 and "committed as" in run.stdout, run.stderr
    assert frozen(ahead) == files
    assert git(ahead.root, "status", "--porcelain") == ""
