"""A stage on a worker of a Dask cluster, which may be another machine.

The worker imports this project from a folder of its own. Where that is the folder of the run, on a
file system that both see, it reads and writes there. Where it is another copy, what earlier stages
made comes with the call, and what this one makes is sent back.
"""

import fcntl
import hashlib
import json
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed, sha256, whole
from helpers.run.execute import run_stage, shown_files
from helpers.run.inputs import hashes, record_path
from helpers.run.run import Run, open_run, open_sweep
from helpers.run.table import StageEntry

FOLDER = paths.ROOT / ".run" / "dask"
RUNNING = FOLDER / "run"  # holds the token of the run that asks from this folder
_one = threading.Lock()  # a worker with more threads than one runs one stage at a time all the same


def code() -> dict[str, str]:
    """Return what must be the same here and there.

    Returns
    -------
    dict of str to str
        The version of Python, and a SHA-256 over the lock and over the code and its settings.
    """
    digest = hashlib.sha256()
    package = listed(paths.ROOT / "src" / "helpers", "*.py", deep=True)
    for path in [*package, paths.ROOT / "pyproject.toml", paths.STAGES]:
        digest.update(f"{paths.relative(path).as_posix()}\0{sha256(path)}\0".encode())
    return {
        "Python": ".".join(map(str, sys.version_info[:3])),
        "lock": sha256(paths.LOCK)[:12],
        "code": digest.hexdigest()[:12],
    }


LOADED = code()  # of this process, whatever is edited later
SAME = "give it the commit, the lock and the Python of the run, and start it again"


def loaded() -> dict[str, str]:
    """Return the :func:`code` with which this process was started."""
    return LOADED


@dataclass
class Call:
    """One stage of one run, as it is sent to a worker.

    Attributes
    ----------
    params : str
        The parameter file, relative to the project where it lies inside.
    name : str
        The stage.
    place : str or None
        Where its run writes, for one of a sweep.
    token : str
        That of the run, which :data:`RUNNING` holds in its folder.
    code : dict of str to str
        As of :func:`code`, of the process that asks.
    inputs : dict of str to str
        As of :func:`inputs_of`.
    files : dict of str to bytes, optional
        What earlier stages made, for a worker that has it not; None until one asks for it.
    """

    params: str
    name: str
    place: str | None
    token: str
    code: dict[str, str]
    inputs: dict[str, str]
    files: dict[str, bytes] | None = None


@dataclass
class Told:
    """What a worker sends back.

    Attributes
    ----------
    files : dict of str to bytes
        What the stage made; empty where both see one folder.
    error : str
        Why it failed; empty where it did not.
    needs : bool
        Whether the worker has another folder and wants what earlier stages made.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    error: str = ""
    needs: bool = False


def differing(found: dict[str, str], expected: dict[str, str]) -> str:
    """Say in what a worker differs from the process that asks it.

    Parameters
    ----------
    found, expected : dict of str to str
        As of :func:`code`, there and here.

    Returns
    -------
    str
        Empty where it does not.

    Examples
    --------
    >>> differing({"Python": "3.12.1"}, {"Python": "3.11.7"})
    'Python 3.12.1, and the run has 3.11.7'
    """
    names = (name for name in expected if found.get(name) != expected[name])
    return next((f"{one} {found.get(one)}, and the run has {expected[one]}" for one in names), "")


def run_there(call: Call) -> Told:
    """Run a stage on this worker, once for each run, however often it is asked.

    Parameters
    ----------
    call : Call
        The stage.

    Returns
    -------
    Told
        What it made, or why not.
    """
    try:
        if other := differing(LOADED, call.code):
            raise InputError(f"a worker has {other}; {SAME}")
        with _one:
            return _run(call)
    except InputError as error:
        return Told(error=str(error))


def _run(call: Call) -> Told:
    shared = RUNNING.is_file() and RUNNING.read_text(encoding="utf-8") == call.token
    if not shared and call.files is None:
        return Told(needs=True)
    run = _opened(call)
    entry = run.table[call.name]
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Holds the token of the last run for which it was done.
    with (FOLDER / f"{run.name}-{call.name}.done").open("a+", encoding="utf-8") as done:
        fcntl.flock(done, fcntl.LOCK_EX)  # another one may be at it, which was given up
        done.seek(0)
        if done.read() != call.token:
            install({} if shared else call.files or {})
            _refuse_other_inputs(run, entry, call)
            try:
                run_stage(run, entry)
            except InputError as error:
                failed = run.executed(entry).with_suffix(".failed.ipynb")
                return Told({} if shared else read([failed]), str(error))
            done.truncate(0)
            done.write(call.token)
    return Told({} if shared else read(products(run, entry)))


def _opened(call: Call) -> Run:
    """Return the run of a call: that of the parameters, or one of those of a sweep."""
    if call.place is None:
        return open_run(paths.ROOT / call.params)
    run = _swept(call.token, call.params).get(call.place)
    if run is None:
        raise InputError(
            f"{call.name}: a worker has no {call.place} in its tables; give it the same commit and "
            "data"
        )
    return run


@lru_cache(maxsize=1)
def _swept(token: str, params: str) -> dict[str | None, Run]:
    """Return the runs of a sweep by their places; it is read once for all its calls."""
    sweep = open_sweep(paths.ROOT / params)
    return {one.place: one for one in (sweep, *sweep.parts)}


def inputs_of(run: Run, entry: StageEntry) -> dict[str, str]:
    """Return what a stage is made from, as it must be the same here and there.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.

    Returns
    -------
    dict of str to str
        As of :func:`helpers.run.inputs.hashes`, and the parameters of the stage.
    """
    return {**hashes(run, entry), "set of parameters": json.dumps(run.params_of(entry))}


def _refuse_other_inputs(run: Run, entry: StageEntry, call: Call) -> None:
    found = inputs_of(run, entry)
    other = sorted(name for name in call.inputs if found.get(name) != call.inputs[name])
    if other:
        raise InputError(
            f"{entry.name}: a worker has another {other[0]} than the run; give it the same commit "
            "and data"
        )


def products(run: Run, entry: StageEntry) -> list[Path]:
    """Return the files that a stage has made, the list of what it shows last.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage, which has run.

    Returns
    -------
    list of Path
        In the order in which they are put into place.
    """
    manifest = run.manifest(entry)
    return [
        *(run.parquet(name) for name in entry.writes),
        run.executed(entry),
        record_path(run, entry),
        run.processed / "timings" / f"{entry.name}.json",
        *shown_files(manifest),
        manifest,
    ]


def read(files: Iterable[Path]) -> dict[str, bytes]:
    """Return the bytes of files, those that are there.

    Parameters
    ----------
    files : iterable of Path
        Inside of the project.

    Returns
    -------
    dict of str to bytes
        By path in the project.
    """
    return {paths.relative(one).as_posix(): one.read_bytes() for one in files if one.is_file()}


def install(files: dict[str, bytes]) -> None:
    """Put files into place whole, where they differ from what is there.

    Parameters
    ----------
    files : dict of str to bytes
        As of :func:`read`.

    Raises
    ------
    InputError
        When one would lie outside of what stages make.
    """
    for name, data in files.items():
        path = paths.ROOT / name
        if ".." in path.parts or not path.is_relative_to(paths.PROCESSED):
            raise InputError(f"a worker sent {name}, which is no file that a stage makes")
        if not path.is_file() or path.read_bytes() != data:
            with whole(path) as temporary:
                temporary.write_bytes(data)
