"""What a person gives to make reaches the verb as it is: no text becomes a command."""

import json
import os
import random
import shutil
import subprocess

import pytest

from helpers.base import paths

PIECES = [
    "$(touch ran)", "`touch ran`", ";touch ran;", "|touch ran", "&& touch ran", "> ran", "'", '"',
    "\\", " ", "ä", "نام", "{a}", "[1]", "%20", "*", "~", "$(shell touch ran)", "${HOME}", "-x",
]  # fmt: skip
VERBS = [
    ("report", "PARAMS"), ("report", "JOBS"), ("new", "NAME"), ("verify", "PARAMS"),
    ("pdf", "PARAMS"), ("bench", "PARAMS"), ("bundle", "JOBS"),
]  # fmt: skip
PLAIN = ["baseline", "amendments", "lab", "calibrate", "audit", "across", "licences", "clean"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A Makefile whose Python writes down its words."""
    root = tmp_path_factory.mktemp("make")
    shutil.copy(paths.ROOT / "Makefile", root)
    for name in (".venv/bin/python", "python"):
        stub = root / name
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text(
            '#!/usr/bin/env python3\nimport json, sys\njson.dump(sys.argv[1:], open("said", "w"))\n'
        )
        stub.chmod(0o755)
    return root


@pytest.mark.parametrize("seed", range(40))
def test_a_value_is_passed_as_it_is(folder, seed):
    draw = random.Random(seed)
    (verb, name), value = (
        draw.choice(VERBS),
        "v" + "".join(draw.choices(PIECES, k=draw.randint(1, 5))),
    )
    given = [f"{name}={value}"] if draw.random() < 0.5 else []
    extra = {} if given else {name: value}
    (folder / "said").unlink(missing_ok=True)
    run = subprocess.run(
        ["make", verb, *given, "PYTHON=./python"],
        cwd=folder,
        env={**os.environ, **extra},
        capture_output=True,
        text=True,
    )
    assert not (folder / "ran").exists()
    assert run.returncode == 0, run.stderr
    said = json.loads((folder / "said").read_text())
    assert said[-1].removeprefix(f"--{name.lower()}=") == value


def test_help_lists_every_verb(folder):
    quiet = ["make", "--no-print-directory"]  # which make says where another make called it
    said = subprocess.run(quiet, cwd=folder, capture_output=True, text=True).stdout
    text = (folder / "Makefile").read_text()
    verbs = text.split(".PHONY:")[1].splitlines()[0].split()
    assert sorted(line.split()[1] for line in said.splitlines()) == sorted(verbs)
    assert all(line.split()[2:] for line in said.splitlines())
    assert sum(bool(line.strip()) for line in text.splitlines()) <= 60


@pytest.mark.parametrize("verb", PLAIN)
def test_a_plain_verb_has_no_options_even_where_others_have(folder, verb):
    (folder / "said").unlink(missing_ok=True)
    command = ["make", verb, "PARAMS=params/a.yml", "JOBS=2", "PYTHON=./python"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert json.loads((folder / "said").read_text()) == ["-I", "-m", "helpers.cli", verb]


STUB = """#!/usr/bin/env python3
import pathlib, sys
verb = sys.argv[4] if len(sys.argv) > 4 else "env"
lock, log = pathlib.Path("requirements.lock"), pathlib.Path("log")
log.write_text((log.read_text() if log.exists() else "") + verb + " " + lock.read_text() + "\\n")
if verb == "lock":
    pathlib.Path(".run/locks").mkdir(parents=True, exist_ok=True)
    pathlib.Path(".run/locks/requirements.lock").write_text(lock.read_text())
    lock.write_text("new")
sys.exit(verb == pathlib.Path("fails").read_text())
"""


@pytest.mark.parametrize("fails", ["env", "report", "diff", "nothing"])
def test_newer_packages_stay_only_where_nothing_refuses_them(tmp_path, fails):
    shutil.copy(paths.ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.lock").write_text("old")
    (tmp_path / "fails").write_text(fails)
    for name in (".venv/bin/python", "python"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(STUB)
        (tmp_path / name).chmod(0o755)
    if fails == "env":  # the first installation is there, that of the new lock fails
        text = STUB.replace("sys.exit(", "sys.exit(lock.read_text() == 'new' and ")
        (tmp_path / "python").write_text(text)
    command = ["make", "lock", "UPGRADE=1", "PYTHON=./python"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    told = (tmp_path / "log").read_text().splitlines()
    if fails == "nothing":
        assert run.returncode == 0, run.stderr
        assert (tmp_path / "requirements.lock").read_text() == "new" and "diff new" in told
        return
    assert run.returncode and "the locks are as they were before" in run.stderr
    assert (tmp_path / "requirements.lock").read_text() == "old" and told[-1] == "env old"
