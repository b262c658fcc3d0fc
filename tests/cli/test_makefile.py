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
