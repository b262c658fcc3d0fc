"""A fresh copy of the project in another folder, built there: for verify, bench and the tests."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.source import COMMIT, MANIFEST

SOURCES = (
    ".git",
    COMMIT,
    MANIFEST,
    "src",
    "notebooks",
    "params",
    "data/raw",
    "data/forecasts",
    "data/ledger",
    "data/processed/kept",
    "book",
    "pyproject.toml",
    "requirements.lock",
    "LICENSE",
    "README.md",
    "CITATION.cff",
    "CHANGELOG.md",
)
GENERATED = shutil.ignore_patterns("_build", "__pycache__", "*.egg-info", ".ipynb_checkpoints")


def copy_project(target: Path) -> Path:
    """Copy what is in git; nothing else that is generated comes along.

    Parameters
    ----------
    target : Path
        A folder, made where there is none.

    Returns
    -------
    Path
        The same folder.
    """
    for name in SOURCES:
        source = paths.ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=GENERATED, dirs_exist_ok=True)
        elif source.exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    return target


def environment(project: Path) -> dict[str, str]:
    """Return the environment in which Python finds the package of a copy, not the installed one.

    Parameters
    ----------
    project : Path
        A copy of the project.

    Returns
    -------
    dict of str to str
        That of this process, with ``PYTHONPATH``, and without files of compiled code.

    Examples
    --------
    >>> environment(Path("copy"))["PYTHONPATH"]
    'copy/src'
    """
    return {**os.environ, "PYTHONPATH": str(project / "src"), "PYTHONDONTWRITEBYTECODE": "1"}


def report(
    project: Path,
    *arguments: str,
    extra: Mapping[str, str] | None = None,
    python: str | Path = sys.executable,
) -> float:
    """Run ``make report``'s command inside a copy.

    Parameters
    ----------
    project : Path
        A copy of the project.
    *arguments : str
        Options of the command.
    extra : mapping of str to str, optional
        Variables to lay over the environment.
    python : str or Path, optional
        The interpreter; this process's own by default.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    InputError
        With what the build itself gives as the error when it fails.
    """
    started = time.perf_counter()
    run = subprocess.run(
        [str(python), "-m", "helpers.cli", "report", *arguments],
        cwd=project,
        env={**environment(project), **(extra or {})},
        capture_output=True,
        text=True,
    )
    if run.returncode:
        raise InputError(f"the build in {project} failed: {said(run.stderr)}")
    return time.perf_counter() - started


def said(stderr: str) -> str:
    """Return what a command gives as its error.

    Parameters
    ----------
    stderr : str
        All that it wrote there.

    Returns
    -------
    str
        The first line that begins with ``error:``, without that word; else the last line that says
        something.

    Examples
    --------
    >>> said("  cell 3 of 9\\nerror: the month is 13\\n  what Python said stands in x.log\\n")
    'the month is 13'
    >>> said("")
    'no message'
    """
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    return (errors or lines[-1:] or ["no message"])[0]
