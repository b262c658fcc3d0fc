"""What a stage is made from, by hash: what was hashed must be what was run.

The hashes are taken before a stage starts and compared when it has ended; they stand in
``inputs/NAME.json`` beside what the stage wrote, so that an edit that came between those two
moments and the engine's own look is seen by the next run.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import sha256
from helpers.raw.sidecar import sidecar_path
from helpers.run import frozen
from helpers.run.cells import read_python
from helpers.run.fingerprint import modules
from helpers.run.run import Run
from helpers.run.table import FORECASTS, PROFILES, StageEntry

# What executes a notebook, in the process of the run and in the kernel.
SEEDS = ("helpers.run.execute", "helpers.run.inside")
MISSING = "missing"


def read_files(run: Run, entry: StageEntry) -> list[Path]:
    """Return the files that a stage declares to read, and its notebook.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.

    Returns
    -------
    list of Path
        The notebook, raw tables with their sidecars, frozen forecasts, processed tables, and what
        the stages before recorded; whether they exist or not.
    """
    return [entry.notebook, *kept_files(entry), *made_before(run, entry)]


def kept_files(entry: StageEntry) -> list[Path]:
    """Return those of the files that a stage reads that no stage makes.

    Parameters
    ----------
    entry : StageEntry
        The stage.

    Returns
    -------
    list of Path
        Raw tables with their sidecars, and frozen forecasts.
    """
    raw = [path for table in entry.raw for path in (table, sidecar_path(table))]
    return [*raw, *(frozen.files() if FORECASTS in entry.reads else ())]


def made_before(run: Run, entry: StageEntry) -> list[Path]:
    """Return those of the files that a stage reads that other stages have made.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.

    Returns
    -------
    list of Path
        Processed tables, and the lists of what the stages before recorded; in a sweep those of
        each country too, where the stage reads them.
    """
    parts = run.parts if PROFILES in entry.reads else ()
    profiles = [part.manifest(one) for part in parts for one in part.table.stage]
    before = [*map(run.manifest, run.table.before(entry)), *profiles]
    return [*(run.parquet(name) for name in entry.processed), *before]


def reached(entry: StageEntry) -> list[Path]:
    """Return the files of the helper modules that make a stage.

    Parameters
    ----------
    entry : StageEntry
        The stage.

    Returns
    -------
    list of Path
        Those that its notebook reaches by imports, and those that execute it.

    Raises
    ------
    InputError
        When the notebook or a module is no Python.
    """
    return modules(read_python(entry.notebook), SEEDS)


def hashes(run: Run, entry: StageEntry) -> dict[str, str]:
    """Return the hash of every file that a stage is made from.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.

    Returns
    -------
    dict of str to str
        Path in the project to SHA-256, of what :func:`read_files` names, the helper modules that
        the notebook reaches, and the lock file; ``missing`` where a file is not there. Of the stage
        table, what it says of this stage.
    """
    files = read_files(run, entry)
    with suppress(InputError):  # no notebook at the moment: its own hash tells so
        files += reached(entry)
    found = file_hashes([*files, paths.LOCK])
    said = entry.model_dump_json(include={"reads", "writes"})
    return found | {
        paths.relative(paths.STAGES).as_posix(): hashlib.sha256(said.encode()).hexdigest()
    }


def file_hashes(files: Iterable[Path]) -> dict[str, str]:
    """Return the hash of each file.

    Parameters
    ----------
    files : iterable of Path
        Files, which need not be there.

    Returns
    -------
    dict of str to str
        Path in the project to SHA-256; ``missing`` where a file is not there.

    Examples
    --------
    >>> file_hashes([paths.ROOT / "nowhere.csv"])
    {'nowhere.csv': 'missing'}
    """
    return {paths.relative(path).as_posix(): _hash(path) for path in files}


def notebook_hash(entry: StageEntry, source: bytes) -> dict[str, str]:
    """Return the hash of a notebook as it was read, to lay over that of :func:`hashes`.

    Parameters
    ----------
    entry : StageEntry
        The stage.
    source : bytes
        Its notebook.

    Returns
    -------
    dict of str to str
        One entry.
    """
    return {paths.relative(entry.notebook).as_posix(): hashlib.sha256(source).hexdigest()}


def record_path(run: Run, entry: StageEntry) -> Path:
    """Return where the hashes of the inputs of a stage stand.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.

    Returns
    -------
    Path
        ``inputs/NAME.json`` among what is processed.
    """
    return run.processed / "inputs" / f"{entry.name}.json"


def current(run: Run, entry: StageEntry) -> bool:
    """Say whether the outputs of a stage were made from what is there now.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.

    Returns
    -------
    bool
        False too where the stage has not run.
    """
    return holds(record_path(run, entry), hashes(run, entry))


def holds(record: Path, now: dict[str, str]) -> bool:
    """Say whether a record of hashes is of what is there now.

    Parameters
    ----------
    record : Path
        A JSON file of hashes.
    now : dict of str to str
        Those of now.

    Returns
    -------
    bool
        False too where there is no record that can be read.

    Examples
    --------
    >>> holds(Path("nowhere.json"), {})
    False
    """
    try:
        return bool(json.loads(record.read_text(encoding="utf-8")) == now)
    except (OSError, ValueError, RecursionError):
        return False


def refuse_edited(what: str, before: dict[str, str], after: dict[str, str]) -> None:
    """Refuse what was made while one of its inputs was edited.

    Parameters
    ----------
    what : str
        What ran: the name of a stage, or the build of the book.
    before, after : dict of str to str
        The hashes of the inputs when it started and when it had ended.

    Raises
    ------
    InputError
        When they differ.

    Examples
    --------
    >>> refuse_edited("02-trend", {"data/raw/a.csv": "1f"}, {"data/raw/a.csv": "2e"})
    Traceback (most recent call last):
    helpers.base.errors.InputError: data/raw/a.csv was edited while 02-trend ran, so what ...
    """
    edited = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    if edited:
        more = f" (and {len(edited) - 1} more)" if len(edited) > 1 else ""
        raise InputError(
            f"{edited[0]}{more} was edited while {what} ran, so what it made was dropped; run again"
        )


def _hash(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return MISSING
