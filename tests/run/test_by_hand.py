"""papermill by hand writes beside the tables of the published run, and is told a wrong kind."""

import os
import subprocess
import sys

import pytest

from helpers.cli.fresh import environment


@pytest.mark.parametrize(
    ("given", "words"),
    [((), ""), (("-p", "sources", "UCDP"), "'sources' is 'UCDP', expected a valid list")],
)
def test_papermill_by_hand(built, given, words):
    processed = built.root / "data/processed"
    before = {path: path.read_bytes() for path in processed.rglob("*") if path.is_file()}
    own = {key: one for key, one in environment(built.root).items() if "COMPENDIUM" not in key}
    run = subprocess.run(
        [sys.executable, "-m", "papermill", *given, "notebooks/01-clean.ipynb", "out.ipynb"],
        cwd=built.root,
        env={**own, "PYTHONPATH": os.pathsep.join([str(built.root / "src")])},
        capture_output=True,
        text=True,
    )
    assert (run.returncode == 0) == (not words) and words in run.stderr
    assert (built.root / "work/out/months.parquet").exists() == (not words)
    assert before == {path: path.read_bytes() for path in processed.rglob("*") if path.is_file()}
