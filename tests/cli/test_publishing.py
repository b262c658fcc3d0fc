"""What services read of the project names only what is there, and runs what can be run here."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from helpers.base import paths
from helpers.cli.app import app
from helpers.cli.bootstrap import NEWEST, OLDEST

ROOT = paths.ROOT
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
SCRIPTS = sorted([*(ROOT / ".ci").iterdir(), ROOT / ".binder/postBuild"])
RECIPES = [ROOT / "Dockerfile", ROOT / ".devcontainer/devcontainer.json"]
BIN = Path(sys.executable).parent
PINNED = re.compile(r"[\w.-]+/[\w./-]+@(v\d+|[0-9a-f]{40})")
# Where a command begins: in a script, a recipe, or between the quotes of JSON.
CALLED = re.compile(r'(?:^|RUN |&& |\|\| |; |")make"?,?((?: "?[\w=./-]+"?,?)+)', flags=re.MULTILINE)
TRIED = [".ci/month"]  # edits tables: run below, where nothing is lost
pytestmark = pytest.mark.house


def read(path: Path) -> dict:
    """A workflow; YAML takes its key ``on`` for true."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found | {"on": found.pop(True, None)}


def jobs(path: Path) -> list[tuple[str, dict]]:
    return list(read(path)["jobs"].items())


def steps(path: Path) -> list[dict]:
    return [step for _, job in jobs(path) for step in job["steps"]]


def verbs() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(makefile.split(".PHONY:")[1].splitlines()[0].split())


def commands(text: str) -> list[str]:
    """The commands of a script, a line each."""
    joined = re.sub(r"\\\n\s*", " ", text)
    lines = [line.strip() for line in joined.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def missing(text: str) -> list[str]:
    """What a text calls that is not there: verbs, commands, modules, files of the project."""
    text = "\n".join(commands(text))
    wrong = [
        f"make {verb}"
        for words in CALLED.findall(text)
        for verb in re.findall(r"[^\s\",]+", words)
        if re.fullmatch("[a-z][a-z-]*", verb) and verb not in verbs()
    ]
    for module, verb in re.findall(r"-m (helpers[\w.]*)(?: ([a-z][a-z-]*))?", text):
        file = ROOT / "src" / module.replace(".", "/")
        if not (file.with_suffix(".py").exists() or (file / "__main__.py").exists()):
            wrong.append(module)
        elif module == "helpers.cli" and verb not in app.commands:
            wrong.append(f"{module} {verb}")
    named = re.findall(r"(?<![\w/.$])(?:\.ci|\.binder|src|notebooks|params|tests)/[\w./-]+", text)
    return wrong + [one for one in named if not (ROOT / one).exists()]


def test_there_are_workflows():
    assert WORKFLOWS and any("schedule" in read(path)["on"] for path in WORKFLOWS)


def test_actionlint_finds_nothing():
    found = subprocess.run(
        [BIN / "actionlint", "-no-color", "-shellcheck", BIN / "shellcheck", *WORKFLOWS],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout + found.stderr


def test_actionlint_would_find_something(tmp_path):
    wrong = tmp_path / ".github/workflows/wrong.yml"
    wrong.parent.mkdir(parents=True)
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    wrong.write_text(text.replace("steps.python.outputs", "steps.pyton.outputs"), encoding="utf-8")
    found = subprocess.run(
        [BIN / "actionlint", wrong], cwd=tmp_path, capture_output=True, text=True
    )
    assert found.returncode == 1 and "pyton" in found.stdout


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_sound(path):
    assert path.stat().st_mode & 0o111
    found = subprocess.run([BIN / "shellcheck", path], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout
    text = path.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text and missing(text) == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_step_is_a_command_that_can_be_run_here_and_is(path):
    run_here = commands((ROOT / ".ci/run").read_text(encoding="utf-8"))
    for step in steps(path):
        assert ("run" in step) != ("uses" in step)
        if "uses" in step:
            assert PINNED.fullmatch(step["uses"]), step["uses"]
            continue
        [command] = commands(step["run"])
        assert re.fullmatch(r"(make [a-z-]+|\.ci/[a-z]+)( [A-Z]+=[\w.^~/-]+)*", command), command
        assert missing(command) == [], command
        assert command in run_here or command in TRIED, f"{command}: .ci/run does not run it"


@pytest.mark.parametrize("newer", [True, False])
@pytest.mark.parametrize("script", ["month", "preview"])
def test_a_script_tells_what_moved(tmp_path, script, newer):
    """With a make that writes down what it was asked for, and finds newer months or none."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / script, tmp_path / ".ci")
    (tmp_path / "table.csv").write_text("a\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "A table"]):
        name = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *name, *words], cwd=tmp_path, check=True)
    stub = tmp_path / "bin/make"
    stub.parent.mkdir()
    does = (
        "echo b >> table.csv; echo c > table_before.csv"
        if newer
        else "echo none is newer >&2; exit 2"
    )
    stub.write_text(
        '#!/bin/sh\necho "$@" >> asked\n'
        f'case "$*" in *update*) {does};; *diff*) echo moved;; esac\n'
    )
    stub.chmod(0o755)
    summary = tmp_path / "summary"
    more = {"PATH": f"{stub.parent}:{os.environ['PATH']}", "GITHUB_STEP_SUMMARY": str(summary)}
    ran = subprocess.run(
        [tmp_path / ".ci" / script], env=os.environ | more, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert "moved" in ran.stdout and "moved" in summary.read_text()
    asked = [line.split()[-2:] for line in (tmp_path / "asked").read_text().splitlines()]
    if script == "month":
        assert asked == [["update", "SOURCE=ucdp-candidate"], ["report"], ["diff", "OLD=HEAD"]]
        patch = tmp_path / "update.patch"
        assert ("+b" in patch.read_text()) is newer
        clone = tmp_path / "clone"
        subprocess.run(["git", "clone", "-q", tmp_path, clone], check=True)
        subprocess.run(["git", "apply", patch], cwd=clone, check=True)
        assert (clone / "table_before.csv").exists() is newer
        assert ("no newer months" in summary.read_text()) is not newer
    else:
        assert asked == [["diff", "OLD=HEAD^1"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_the_least_and_ends(path):
    text, whole = path.read_text(encoding="utf-8"), read(path)
    assert whole["permissions"] == {} and "group" in whole["concurrency"]
    assert "secrets." not in text and "pull_request_target" not in text
    for name, job in jobs(path):
        assert 0 < job["timeout-minutes"] <= 120, name
        assert set(job["permissions"]) <= {"contents", "pages", "id-token"}
        assert job["permissions"].get("contents", "read") == "read"
        if any("run" in step for step in job["steps"]):
            # A job that runs the project's own code can write nothing.
            assert "write" not in job["permissions"].values(), name
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_pythons_are_those_that_the_project_runs_on():
    said = [
        step["with"]["python-version"]
        for path in WORKFLOWS
        for step in steps(path)
        if step.get("uses", "").startswith("actions/setup-python@")
    ]
    said.append((ROOT / ".binder/runtime.txt").read_text().strip().removeprefix("python-"))
    for one in said:
        assert OLDEST <= tuple(map(int, one.split("."))) <= NEWEST


def test_what_is_cached_is_no_file_of_git():
    cached = [
        line
        for path in WORKFLOWS
        for step in steps(path)
        if step.get("uses", "").startswith("actions/cache@")
        for line in step["with"]["path"].split()
    ]
    assert ".venv" in cached
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split("\0")
    kept = [line[1:] for line in cached if line.startswith("!")]
    inside = [
        one
        for one in files
        for line in cached
        if not line.startswith("!")
        and one.startswith(line.rstrip("*"))
        and not any(one.startswith(out) for out in kept)
    ]
    assert inside in ([], ["data/processed/.gitkeep"])


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_recipes_name_what_is_there(path):
    assert missing(path.read_text(encoding="utf-8")) == []


def test_what_would_be_missing_is_found():
    assert missing("make reprot PARAMS=params/x.yml") == ["make reprot", "params/x.yml"]
    assert missing("RUN make env && make bok") == ["make bok"]
    assert missing("make --no-print-directory reprot 2>&1 | tee x") == ["make reprot"]
    assert missing("python -m helpers.report") == ["helpers.report"]
    assert missing("python -I -m helpers.cli repport") == ["helpers.cli repport"]
    assert missing('"postCreateCommand": "make reprot",') == ["make reprot"]
    assert missing(".ci/nothing") == [".ci/nothing"]


def test_the_image_copies_what_is_there_and_is_not_root():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    named = [
        word for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE) for word in line.split()
    ]
    sources = [one for one in named if not one.startswith("--")]
    assert sources and all((ROOT / one).exists() for one in sources)
    assert [line.split()[1] for line in text.splitlines() if line.startswith("USER")][-1] != "root"
    stages = re.findall(r"^FROM \S+ AS (\w+)$", text, re.MULTILINE)
    recipe = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    build = recipe["build"]
    assert build["target"] in stages
    assert f"useradd --create-home --shell /bin/bash {recipe['remoteUser']}" in text
    for name in (build["dockerfile"], build["context"]):
        assert (ROOT / ".devcontainer" / name).exists()


def test_an_image_gets_nothing_that_git_ignores():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    plain = {one.removeprefix("**/").rstrip("/") for one in left_out}
    for one in (".venv", ".pytask", "data/own", "data/processed/*", "book/_build", "work", "dist"):
        assert one in {name.rstrip("/") for name in ignored} and one in plain


def test_a_fork_is_published_in_fewer_than_five_steps_and_without_an_edit():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    steps_told = re.findall(
        r"^\d\. ", text.split("## Publish a fork")[1].split("\n## ")[0], re.MULTILINE
    )
    assert 0 < len(steps_told) < 5
    for path in WORKFLOWS:
        assert read(path)["env"]["COMPENDIUM_REPOSITORY"].count("${{ github.") == 2, path.name


@pytest.mark.skipif(not shutil.which("git"), reason="git is not there")
def test_published_files_stay_out_of_git():
    said = subprocess.run(["git", "check-ignore", "_site/x", "data/own/x"], cwd=ROOT, text=True,
                          capture_output=True)  # fmt: skip
    assert said.stdout.split() == ["_site/x", "data/own/x"]
