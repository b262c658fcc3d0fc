"""``make diff OLD=rev NEW=rev``: which results, verdicts and rows of raw tables changed.

A revision is read from git's objects, and nothing is checked out. Its results are those that
``tests/baseline/results.json`` of the commit holds; those of the working tree are what the last
report recorded.
"""

import hashlib
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from helpers.base import paths
from helpers.base.aloud import tell
from helpers.base.errors import InputError
from helpers.base.files import write_json
from helpers.base.reading import decoded, json_text, read_json, yaml_text
from helpers.raw.contract import TABLES
from helpers.raw.folders import FACTS, raw_files
from helpers.raw.revisions import compared
from helpers.raw.sidecar import PUBLISHABLE
from helpers.run import changes, ledger, since
from helpers.run.baseline import BASELINE, snapshot
from helpers.run.changes import Changes, Results, Table
from helpers.run.inputs import current
from helpers.run.published import default_params
from helpers.run.run import open_run

RAW = "data/raw"
PLAN = "claims.yml"
HERE = "the working tree"
VERSION = re.compile(r"v?(\d+\.\d+\.\d+)")


class State(NamedTuple):
    """The project as a revision, or the working tree, has it.

    Attributes
    ----------
    called : str
        What it is called.
    files : dict of str to str
        Raw tables and sidecars, by their names below ``data/raw``, to the names of their objects.
    read : callable
        Takes such a name and returns the bytes.
    """

    called: str
    files: dict[str, str]
    read: Callable[[str], bytes]


def changed(old: str | None, new: str | None = None) -> Changes:
    """Return what changed from one revision to another.

    Parameters
    ----------
    old, new : str or None
        Revisions of git, or versions of the ledger; None is the working tree, whose results are
        those of the last report of the published run.

    Returns
    -------
    Changes
        Results, verdicts and rows of raw tables.

    Raises
    ------
    InputError
        When there is no such revision, it holds no results, or a table of it cannot be read.
    """
    left, right = state(old), state(new)
    return changes.changes(
        left.called,
        right.called,
        _results(old),
        _results(new),
        _statements(left) | _statements(right),
        tables(left, right),
    )


def default_old() -> str:
    """Return the revision with which another is compared where nobody names one.

    Returns
    -------
    str
        The version of the last release, where git has its commit, else ``HEAD``.
    """
    known = ledger.releases()
    return known[-1].version if known and _released(known[-1].version) else "HEAD"


def state(revision: str | None) -> State:
    """Return the raw tables of a revision.

    Parameters
    ----------
    revision : str or None
        A revision of git, or a version of the ledger; None is the working tree.

    Returns
    -------
    State

    Raises
    ------
    InputError
        When there is no such revision.
    """
    if revision is None:
        found = {path.relative_to(paths.RAW).as_posix(): path for path in raw_files(paths.RAW)}
        objects = {name: _object(path.read_bytes()) for name, path in found.items()}
        return State(HERE, objects, lambda name: found[name].read_bytes())
    commit = _commit(revision)
    lines = _git("ls-tree", "-r", "-z", commit, "--", RAW).decode("utf-8", "replace").split("\0")
    files = {}
    for about, _, name in (line.partition("\t") for line in lines if line):
        inside = name.removeprefix(f"{RAW}/")
        if about.split()[1] == "blob" and inside.split("/")[0] != FACTS:
            files[inside] = about.split()[2]
    short = commit[:12]
    called = short if commit.startswith(revision) else f"{revision} ({short})"
    return State(called, files, lambda name: _git("cat-file", "blob", files[name]))


def tables(left: State, right: State) -> tuple[Table, ...]:
    """Return the raw tables whose rows differ.

    Parameters
    ----------
    left, right : State
        Two states of the project.

    Returns
    -------
    tuple of Table
        By name. A table of which the bytes alone differ is not among them.

    Raises
    ------
    InputError
        When a table cannot be read.
    """
    return tuple(_tables(left, right))


def _tables(left: State, right: State) -> Iterator[Table]:
    for name in sorted(left.files.keys() | right.files.keys()):
        ending = f".{name.rpartition('.')[2]}"
        if ending not in TABLES or name.endswith(".source.yml"):
            continue
        if left.files.get(name) == right.files.get(name):
            continue
        old, new = (one.read(name) if name in one.files else b"" for one in (left, right))
        about = _about(right if name in right.files else left, name)
        rows = compared(name, old, new, about.get("key") or ())
        if any(rows):
            yield Table(name, str(about.get("title") or name), rows)


def _about(where: State, name: str) -> dict[str, Any]:
    """Return what the sidecar of a table says; an older one may say it in other words."""
    sidecar = f"{name.rpartition('.')[0]}.source.yml"
    if sidecar not in where.files:
        return {}
    told = yaml_text(decoded(where.read(sidecar), sidecar), sidecar)
    return told if isinstance(told, dict) else {}


def _statements(where: State) -> dict[str, str]:
    if PLAN not in where.files:
        return {}
    entries = yaml_text(decoded(where.read(PLAN), PLAN), PLAN) or []
    return {str(one["id"]): str(one.get("statement", one["id"])) for one in entries if "id" in one}


def _results(revision: str | None) -> Results:
    if revision is None:
        return results_here()
    name = paths.relative(BASELINE).as_posix()
    try:
        blob = _git("cat-file", "blob", f"{_commit(revision)}:{name}")
    except InputError:
        raise InputError(
            f"revision '{revision}' holds no results: it has no {name}; name a later one"
        ) from None
    return snapshot(json_text(decoded(blob, name), name))


def results_here() -> Results:
    """Return the results of the last report of the published run.

    Stages whose inputs have changed since are told on stderr.

    Returns
    -------
    mapping of str to mapping
        As of :func:`helpers.run.baseline.snapshot`.

    Raises
    ------
    InputError
        When there is none yet.
    """
    run = open_run(default_params())
    file = run.processed / "results.json"
    if not file.exists():
        raise InputError(f"{paths.relative(file)} is not there yet; run make report first")
    if waiting := [entry.name for entry in run.table.stage if not current(run, entry)]:
        tell(
            f"note: {', '.join(waiting)} would run again (make report), so these results are of an "
            "earlier state of the tree"
        )
    return snapshot(read_json(file))


def write_since() -> None:
    """Write what became of the rows of raw tables since the last release, for the book.

    Where git does not have that release, such as in an unpacked bundle, what is there stays.
    """
    known = ledger.releases()
    commit = _released(known[-1].version) if known else None
    if commit is None:
        return
    here, then = state(None), state(commit)
    found = tables(then, here)
    about = {one.name: _about(here if one.name in here.files else then, one.name) for one in found}
    silent = [name for name, one in about.items() if one.get("redistribution") not in PUBLISHABLE]
    told = since.told(known[-1].version, since.differing(known[-1].version), found, silent)
    if not since.FILE.exists() or read_json(since.FILE) != told:
        write_json(since.FILE, told)


def _object(blob: bytes) -> str:
    """Return the name of git's object for these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(blob) + blob, usedforsecurity=False).hexdigest()


def _released(version: str) -> str | None:
    """Return the commit of a release: that of its tag, else the one that brought its row."""
    for name in (f"refs/tags/v{version}", f"refs/tags/{version}"):
        if found := _found("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"):
            return found
    row = "^" + version.replace(".", "\\.") + ","
    file = paths.relative(ledger.FOLDER / "releases.csv").as_posix()
    log = _found("log", "--format=%H", "--extended-regexp", f"-G{row}", "--", file)
    return log.split()[-1] if log else None


def _commit(revision: str) -> str:
    """Return the commit that a person means by a revision, or by the version of a release."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if there := _found(*words):
        return there
    if (number := VERSION.fullmatch(revision)) and (commit := _released(number[1])):
        return commit
    _git("rev-parse", "--git-dir")  # which says where there is no git, or no repository
    raise InputError(
        f"there is no revision '{revision}' here; expected a commit, branch or tag, or the "
        "version of a release in data/ledger/releases.csv"
    )


def _found(*words: str) -> str:
    try:
        return _git(*words).decode("utf-8", "replace").strip()
    except InputError:
        return ""


def _git(*words: str) -> bytes:
    """Return what a command of git prints, byte by byte."""
    # Variables such as GIT_DIR would lead to another repository.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    clean["GIT_CEILING_DIRECTORIES"] = str(paths.ROOT.parent)
    if not (paths.ROOT / ".git").exists():
        raise InputError("there is no history of git here to compare with; clone the repository")
    try:
        run = subprocess.run(["git", "-C", str(paths.ROOT), *words], capture_output=True, env=clean)
    except FileNotFoundError:
        raise InputError("git was not found; older revisions are read with it") from None
    if run.returncode:
        said = " ".join(run.stderr.decode("utf-8", "replace").split()) or "it gave no reason"
        raise InputError(f"git cannot tell what was there: {said}")
    return run.stdout
