"""Two verbs on one folder at once: each waits for the other, and the bytes are those of one."""

import subprocess
import sys

import click
import pytest
from conftest import make_project
from engine.test_products import built_files

from helpers.cli.app import app
from helpers.cli.fresh import environment

READ_ONLY = {"audit", "diff", "grade", "guard", "habits", "licences"}


def test_two_cold_reports_at_once_end_with_the_bytes_of_one(built_once, tmp_path):
    root = make_project(tmp_path).root
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "helpers.cli", "report", "--jobs", "1"],
            cwd=root,
            env=environment(root),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [one.communicate(timeout=300) for one in running]
    assert [one.returncode for one in running] == [0, 0], said
    waited = [number for number, (_, error) in enumerate(said) if "waiting for report" in error]
    assert len(waited) == 1
    assert f"process {running[1 - waited[0]].pid} " in said[waited[0]][1]
    assert "nothing had changed" in said[waited[0]][0]
    assert built_files(root) == built_files(built_once)


@pytest.mark.parametrize("verb", sorted(set(app.commands) - READ_ONLY))
def test_every_verb_that_writes_waits(verb):
    command = app.commands[verb]
    assert isinstance(command, click.Command) and hasattr(command.callback, "__wrapped__")
