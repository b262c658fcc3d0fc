"""Whether a run has anything to do, by the bytes of all that it reads and makes.

The engine takes longer to import than all files take to hash. So when it has found nothing to do,
the hash of every file is written down; a run that finds each of them again, and none beside, has
nothing to do either, and ends without the engine. Whatever differs, the engine decides.
"""

import json
from pathlib import Path
from typing import Any

from helpers.base import paths
from helpers.base.files import everything, sha256, write_json
from helpers.base.source import commit
from helpers.book.address import repository

# What is hashed besides the folders of the run; hashes of more files than a run reads cost little.
FILES = (
    "pyproject.toml",
    "requirements.lock",
    "CHANGELOG.md",
    "CITATION.cff",
    "pytask.lock",
    ".pytask/pytask.sqlite3",
)
FOLDERS = (
    "src/helpers",
    "notebooks",
    "params",
    "data/raw",
    "data/own",
    "data/forecasts",
    "data/ledger",
    "data/processed/kept",
    "book",
)
NOT_READ = {"__pycache__", ".ipynb_checkpoints"}
OTHER_RUNS = {"runs", "sweep"}  # folders among what is made by the run that is published
BUILD = paths.BUILD.name


def record_path(params: Path, sweep: bool) -> Path:
    """Return where the hashes of a run stand, among what the engine remembers.

    Parameters
    ----------
    params : Path
        The parameter file of the run.
    sweep : bool
        Whether it is the sweep over all countries.

    Returns
    -------
    Path
        A JSON file.
    """
    return paths.ROOT / ".pytask" / f"looked-{'sweep-' if sweep else ''}{params.stem}.json"


def seen(params: Path, made: list[Path]) -> dict[str, str]:
    """Return the hash of every file that a run reads or makes.

    Parameters
    ----------
    params : Path
        Its parameter file.
    made : list of Path
        The folders that it writes to.

    Returns
    -------
    dict of str to str
        Path in the project to SHA-256, ``"link"`` for what is no plain file that can be read; the
        commit, and the public address.
    """
    found = {"commit": commit(), "address": repository()}
    files = [params, *(paths.ROOT / name for name in FILES)]
    for folder in [*(paths.ROOT / name for name in FOLDERS), *made]:
        if folder.is_symlink():
            found[paths.relative(folder).as_posix()] = "link"
        left_out = NOT_READ | (
            {BUILD} if folder == paths.BOOK else OTHER_RUNS if folder in made else set()
        )
        files += _below(folder, left_out)
    return found | {paths.relative(one).as_posix(): _state(one) for one in files}


def _below(folder: Path, left_out: set[str]) -> list[Path]:
    """Return what stands in a folder and those below, without folders of these names."""
    found = []
    for one in everything(folder):
        if one.is_symlink() or not one.is_dir():
            found.append(one)
        elif one.name not in left_out:
            found += [one, *_below(one, left_out)]
    return found


def _state(path: Path) -> str:
    try:
        if path.is_dir() and not path.is_symlink():
            return "folder"
        if not path.exists() and not path.is_symlink():
            return "missing"
        plain = path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o400
        return sha256(path) if plain else "link"
    except OSError:
        return "link"


def unchanged(params: Path, *, sweep: bool = False) -> Path | None:
    """Look whether every file is what it was when the engine last had nothing to do.

    Parameters
    ----------
    params : Path
        The parameter file of the run.
    sweep : bool, default False
        Whether it is the sweep over all countries.

    Returns
    -------
    Path or None
        The folder of the book; None where something differs, or nothing was written down.
    """
    try:
        told: Any = json.loads(record_path(params, sweep).read_text(encoding="utf-8"))
        made = [paths.ROOT / name for name in told["made"]]
        named = told["params"] == paths.relative(params).as_posix()
        same = named and told["files"] == seen(params, made)
        return made[1] if same else None
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None


def remember(params: Path, made: list[Path], files: dict[str, str], *, sweep: bool = False) -> None:
    """Write down the hashes with which the engine had nothing to do.

    Parameters
    ----------
    params : Path
        The parameter file of the run.
    made : list of Path
        The folder of its tables and that of its book.
    files : dict of str to str
        What :func:`seen` returned before the engine looked, and again after.
    sweep : bool, default False
        Whether it is the sweep over all countries.
    """
    names = [paths.relative(one).as_posix() for one in made]
    told = {"params": paths.relative(params).as_posix(), "made": names, "files": files}
    write_json(record_path(params, sweep), told)
