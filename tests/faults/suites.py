"""Tests of whole builds that ``make test`` leaves out: those with the mark ``faults``."""

import random
import subprocess
import sys
from pathlib import Path

from tiny import ROOT, TESTS, Try, Verdict

MARK = "pytest.mark.faults"
# Chapters of many countries, and books of other events: minutes each, so only with all tries.
LONG = {"test_any_country.py", "test_newer_events.py", "test_own_chapter.py"}


def suites(draw: random.Random, everything: bool) -> list[Try]:
    """Return a try for each file that has such tests, which run one after another."""
    files = [
        path
        for path in sorted(TESTS.rglob("test_*.py"))
        if MARK in path.read_text(encoding="utf-8") and (everything or path.name not in LONG)
    ]
    return [
        Try("suites", path.relative_to(ROOT).as_posix(), lambda place, path=path: _ran(path), "0")
        for path in files
    ]


def _ran(path: Path) -> Verdict:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "faults", "-p", "no:cacheprovider", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
    )
    lines = done.stdout.strip().splitlines() or ["it said nothing"]
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return Verdict(wrong="" if done.returncode == 0 else "; ".join(failed or lines[-1:])[:500])
