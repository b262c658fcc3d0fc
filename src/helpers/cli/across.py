"""``make across``: the same results with another Python, and with newer packages.

Each build has a copy of the project and an environment of its own. Its results are compared with
the committed baseline, since bytes need not be the same across versions, but numbers must.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.base.errors import InputError
from helpers.cli.bootstrap import NEWEST, OLDEST
from helpers.cli.fresh import copy_project, report, said
from helpers.cli.lock import FLAGS
from helpers.run import baseline

UPGRADE = ["--all-extras", *FLAGS, "--upgrade", "--output-file", "requirements.lock"]


@dataclass(frozen=True)
class Build:
    """One build and what it moved.

    Attributes
    ----------
    name : str
        The Python, and whether its packages are those of the lock.
    locked : bool
        Whether they are; newer ones may move a result, which is then a warning.
    moved : list of str
        Results that differ from the baseline, as of :func:`helpers.run.baseline.moved`.
    said : str
        Why there was no build; empty where there was one.
    """

    name: str
    locked: bool
    moved: list[str]
    said: str = ""

    def __str__(self) -> str:
        """Return a line, and one more for each of the first results that moved."""
        what = self.said or f"{len(self.moved)} results moved"
        return "\n".join([f"{self.name}: {what}", *(f"  {one}" for one in self.moved[:20])])


def across() -> Iterator[Build]:
    """Build with each Python from the oldest to the newest, then with the newest packages.

    Yields
    ------
    Build
        One for each; a Python that is not there is said, not skipped in silence.

    Raises
    ------
    InputError
        When a build under the lock fails.
    """
    for minor in range(OLDEST[1], NEWEST[1] + 1):
        name = f"python3.{minor}"
        if found := shutil.which(name):
            yield _built(found, f"{name}, packages of the lock", locked=True)
        else:
            yield Build(name, True, [], "not there, so not tried")
    newest = f"python3.{sys.version_info[1]}, newest packages"
    try:
        yield _built(sys.executable, newest, locked=False)
    except InputError as error:
        yield Build(newest, False, [], f"warning: {error}")


def _built(python: str, name: str, *, locked: bool) -> Build:
    """Build a copy with an environment of its own, made by ``python``."""
    with tempfile.TemporaryDirectory(prefix="across-") as folder:
        project = copy_project(Path(folder) / "project")
        if not locked:
            _run(
                [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *UPGRADE], project
            )
        _run([python, "-I", "src/helpers/cli/bootstrap.py"], project)
        report(project, python=project / ".venv" / "bin" / "python")
        results = project / "data" / "processed" / "results.json"
        after = baseline.snapshot(json.loads(results.read_text(encoding="utf-8")))
    before = json.loads(baseline.BASELINE.read_text(encoding="utf-8"))
    return Build(name, locked, baseline.moved(before, after))


def _run(command: list[str], project: Path) -> None:
    run = subprocess.run(command, cwd=project, capture_output=True, text=True)
    if run.returncode:
        raise InputError(f"{' '.join(command[:3])} failed: {said(run.stderr)}")
