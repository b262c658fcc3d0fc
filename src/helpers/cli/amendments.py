"""``make amendments``: the history of the claims, from git, as tables that need no git to be read.

The tables hold what was committed before; a commit cannot name itself, so an amendment enters them
with the commit after it. Git's own order and short names depend on the clone; here rows stand in
order of time, and names have ten digits.
"""

import re
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.claims.history import Claims, Version, amendments, families
from helpers.raw.put import put
from helpers.raw.sidecar import read_cells, read_sidecar

PLAN = "data/raw/claims.yml"
NOTEBOOKS = "notebooks"
DIGITS = 10
TRAILER = re.compile(r"[A-Z][\w-]*: \S")
ENTRY = "%x01%H%x02%P%x02%cI%x02%s%x02%b%x03"


def git(root: Path, *words: str) -> str:
    """Return what a command of git prints.

    Parameters
    ----------
    root : Path
        A folder of a repository.
    *words : str
        The command.

    Returns
    -------
    str
        Its output.

    Raises
    ------
    InputError
        When git is not there or refuses.
    """
    command = ["git", "-c", "core.quotePath=off", "-C", str(root), *words]
    try:
        run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    except FileNotFoundError:
        raise InputError("git was not found; the history of the claims is read with it") from None
    if run.returncode:
        said = " ".join(run.stderr.split()) or "it gave no reason"
        raise InputError(f"git cannot say how the claims came about: {said}")
    return run.stdout


def missing_history(root: Path) -> str:
    """Return why there is no whole history in a folder, or nothing.

    Parameters
    ----------
    root : Path
        The project.

    Returns
    -------
    str
        A reason, where git is not there, the folder is no repository of its own (such as a
        download), or the clone is shallow.

    Examples
    --------
    >>> missing_history(Path("/"))
    'there is no history of git here; clone the repository'
    """
    try:
        top = Path(git(root, "rev-parse", "--show-toplevel").strip())
        shallow = git(root, "rev-parse", "--is-shallow-repository").strip() == "true"
    except InputError:
        return "there is no history of git here; clone the repository"
    if top.resolve() != root.resolve():
        return f"the repository here is that of {top}, not the project's; clone the project"
    return "the clone is shallow; run git fetch --unshallow" if shallow else ""


def _reason(subject: str, body: str) -> str:
    """Return subject and first paragraph of a commit's message, in one line."""
    first = " ".join(body.strip().split("\n\n")[0].split())
    return subject if not first or TRAILER.match(first) else f"{subject.rstrip('.')}. {first}"


class _Plans:
    """The claims of any commit by id, read once for each version of the file."""

    def __init__(self, root: Path, places: Iterable[str]) -> None:
        self._root, self._places = root, list(places)
        self._read: dict[str, Claims] = {}

    def __call__(self, commit: str) -> Claims:
        """Return the claims of a commit, none where it has no such file."""
        listed = git(self._root, "ls-tree", commit, "--", *self._places).splitlines()
        there = {line.split("\t")[1]: line.split()[2] for line in listed}  # path to object
        if not there:
            return {}
        blob = next(there[place] for place in self._places if place in there)
        if blob not in self._read:
            try:
                entries = yaml.safe_load(git(self._root, "cat-file", "blob", blob))
                self._read[blob] = {entry["id"]: entry for entry in entries}
            except (yaml.YAMLError, TypeError, KeyError):
                raise InputError(
                    f"{PLAN} of commit {commit[:DIGITS]} is no list of claims"
                ) from None
        return self._read[blob]


def versions(root: Path = paths.ROOT) -> list[Version]:
    """Return each version of the claims in git, under earlier names of the file too.

    Parameters
    ----------
    root : Path, default the project
        A repository.

    Returns
    -------
    list of Version
        The newest first; every merge is among them.

    Raises
    ------
    InputError
        When there is no whole history, or a version cannot be read.
    """
    if why := missing_history(root):
        raise InputError(why)
    log = git(root, "log", "--follow", "-c", "--name-status", f"--format={ENTRY}", "--", PLAN)
    entries = [entry.partition("\x03") for entry in log.split("\x01")[1:]]
    names = [place for _, _, files in entries for place in files.strip().split("\t")[1:]]
    plan, found = _Plans(root, dict.fromkeys([PLAN, *names])), []
    for about, _, _ in entries:
        commit, parents, time, subject, body = about.split("\x02")
        sides = parents.split()
        found.append(
            Version(
                commit[:DIGITS],
                datetime.fromisoformat(time).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                _reason(subject, body),
                plan(commit),
                tuple(map(plan, sides)) or ({},),
                plan(git(root, "merge-base", "--octopus", *sides).strip()) if sides[1:] else None,
            )
        )
    return found


def first_results(names: Iterable[str], root: Path = paths.ROOT) -> pd.DataFrame:
    """Return since when a notebook has spoken of each family of results.

    Parameters
    ----------
    names : iterable of str
        Families, as of :func:`helpers.claims.history.families`.
    root : Path, default the project
        A repository.

    Returns
    -------
    pandas.DataFrame of str, one row a family, in their order
        ``family``, ``commit``, ``date`` and ``time`` of the first commit with a notebook that names
        it, and its subject as ``why``; families that no notebook has named are left out.
    """
    rows = []
    for name in names:
        log = git(root, "log", f"-S{name}", "--format=%ct%x02%H%x02%s", "--", NOTEBOOKS)
        if lines := log.splitlines():
            seconds, commit, why = min(lines).split("\x02")
            when = datetime.fromtimestamp(int(seconds), UTC)
            date, time = when.strftime("%Y-%m-%d %H:%M:%S").split()
            rows.append((name, commit[:DIGITS], date, time, why))
    return pd.DataFrame(rows, columns=["family", "commit", "date", "time", "why"])


def tables(root: Path = paths.ROOT) -> dict[str, pd.DataFrame]:
    """Return the history of the claims as tables.

    Parameters
    ----------
    root : Path, default the project
        A repository.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``amendments``, as of :func:`helpers.claims.history.amendments`, and ``first_results``.
    """
    history = versions(root)
    first = first_results(families(history), root)
    times = dict(zip(first["family"], first["date"] + "T" + first["time"] + "Z"))
    return {"amendments": amendments(history, times), "first_results": first}


def brought(root: Path = paths.ROOT) -> set[str]:
    """Return the commits that came with the newest one: itself, and what it merged.

    Parameters
    ----------
    root : Path, default the project
        A repository.

    Returns
    -------
    set of str
        Short names.
    """
    parents = git(root, "log", "-1", "--format=%P").split()
    listed = git(root, "rev-list", "HEAD", *(f"^{one}" for one in parents[:1])).split()
    return {commit[:DIGITS] for commit in listed}


def write(out: Path = paths.RAW, root: Path = paths.ROOT) -> list[str]:
    """Write the history of the claims as raw tables.

    Parameters
    ----------
    out : Path, default ``data/raw``
        Folder with the sidecars of the tables.
    root : Path, default the project
        A repository.

    Returns
    -------
    list of str
        What was written, a sentence a table.

    Raises
    ------
    InputError
        When there is no whole history.
    """
    said = []
    for name, frame in tables(root).items():
        table = out / f"{name}.csv"
        newest = max(frame["date"], default="")
        about = {"version": newest, "date_accessed": newest}
        put(frame, table, read_sidecar(table).model_copy(update=about))
        said.append(f"wrote {paths.relative(table)}: {len(frame)} rows to {newest}")
    return said


def stale(out: Path = paths.RAW, root: Path = paths.ROOT) -> list[str]:
    """Return how the raw tables differ from the history in git.

    Parameters
    ----------
    out : Path, default ``data/raw``
        Folder of the tables.
    root : Path, default the project
        A repository.

    Returns
    -------
    list of str
        A sentence a table; none where they hold all that was committed. What came with the newest
        commit may be missing, since it cannot name itself.

    Raises
    ------
    InputError
        When there is no whole history.
    """
    said, new = [], brought(root)
    for name, frame in tables(root).items():
        header, rows = read_cells(out / f"{name}.csv")
        there = {row[header.index("commit")] for row in rows}
        told = frame[~frame["commit"].isin(new - there)]
        lacking = sorted(set(told["commit"]) - there)
        if rows != told.to_numpy().tolist():
            why = f"commits {', '.join(lacking)} are missing" if lacking else "rows differ"
            said.append(f"{name}.csv is not what git tells ({why}); run make amendments")
    return said
