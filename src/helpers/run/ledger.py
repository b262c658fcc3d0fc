"""The ledger: the results, verdicts and raw tables of each release, in ``data/ledger``.

``releases.csv`` has a row for each release. ``results.csv`` has a row for each result that a
release brought, moved or took away, so that the results of a release are those rows up to it;
floats have eight significant digits, and two are the same to within one part in a million, as in
:mod:`helpers.run.baseline`. ``tables.csv`` has a row for each raw table of each release. What the
columns mean stands in ``datapackage.json`` beside them. Rows are added and never rewritten.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.reading import decoded
from helpers.raw.revisions import Revisions
from helpers.run.baseline import KEPT
from helpers.run.changes import moved

FOLDER = paths.ROOT / "data" / "ledger"
RELEASES = ("version", "date", "note")
RESULTS = ("version", "key", "change", "value", "word", "low", "high", "n", "unit", "source")
TABLES = ("version", "table", "rows", "sha256", "added", "revised", "gone")
NUMBERS = ("value", "low", "high", "n")


class Release(NamedTuple):
    """A release.

    Attributes
    ----------
    version : str
        Its number, such as ``1.2.0``.
    date : str
        The day, ``YYYY-MM-DD``.
    note : str
        What a reader of its row must know; empty where there is nothing.
    """

    version: str
    date: str
    note: str


class Kept(NamedTuple):
    """A raw table as a release had it.

    Attributes
    ----------
    rows : int
        How many it had.
    sha256 : str
        The hash of its file.
    told : tuple of int or None
        How many rows were added, revised and gone since the release before; None for the first.
    """

    rows: int
    sha256: str
    told: tuple[int, int, int] | None


def files() -> list[Path]:
    """Return the tables of the ledger that are there, and what describes them.

    Returns
    -------
    list of Path
        Empty where there is no ledger.
    """
    names = ("datapackage.json", "releases.csv", "results.csv", "tables.csv")
    return [path for name in names if (path := FOLDER / name).exists()]


def _read(name: str, columns: Sequence[str]) -> list[dict[str, str]]:
    path = FOLDER / name
    if not path.exists():
        return []
    text = decoded(path.read_bytes(), path.name)
    header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    where = paths.relative(path)
    if tuple(header) != tuple(columns):
        raise InputError(f"{where} has the columns {', '.join(header)}; restore it from git")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(f"{where}, row {number}: {len(row)} cells, not {len(header)}; restore")
    return [dict(zip(header, row)) for row in rows]


def releases() -> list[Release]:
    """Return the releases, the oldest first.

    Returns
    -------
    list of Release
        Empty where there is no ledger.

    Raises
    ------
    InputError
        When the ledger was damaged.
    """
    return [Release(**row) for row in _read("releases.csv", RELEASES)]


def release(version: str) -> Release:
    """Return a release.

    Parameters
    ----------
    version : str
        Its number.

    Returns
    -------
    Release

    Raises
    ------
    InputError
        When the ledger has no such release; the nearest is named.

    Examples
    --------
    >>> release("0.0.0")
    Traceback (most recent call last):
    helpers.base.errors.InputError: the ledger has no release '0.0.0'...
    """
    known = {one.version: one for one in releases()}
    if version not in known:
        raise InputError(f"the ledger has no release '{version}'" + did_you_mean(version, known))
    return known[version]


def results(version: str) -> dict[str, dict[str, Any]]:
    """Return the results of a release.

    Parameters
    ----------
    version : str
        Its number.

    Returns
    -------
    dict of str to dict
        As of :func:`helpers.run.baseline.snapshot`.

    Raises
    ------
    InputError
        When the ledger has no such release, or was damaged.
    """
    upto = [one.version for one in releases()]
    upto = upto[: upto.index(release(version).version) + 1]
    found: dict[str, dict[str, Any]] = {}
    for row in _read("results.csv", RESULTS):
        if row["version"] not in upto:
            continue
        if row["change"] == "gone":
            found.pop(row["key"], None)
            continue
        one: dict[str, Any] = {name: _number(row[name], row["key"]) for name in NUMBERS}
        if row["word"]:
            one["value"] = row["word"]
        found[row["key"]] = one | {"unit": row["unit"], "source": row["source"]}
    return found


def _number(cell: str, key: str) -> int | float | None:
    try:
        return None if cell == "" else int(cell) if cell.lstrip("-").isdigit() else float(cell)
    except ValueError:
        where = paths.relative(FOLDER / "results.csv")
        raise InputError(f"{where}, '{key}': '{cell}' is no number; restore the file") from None


def tables(version: str) -> dict[str, Kept]:
    """Return the raw tables of a release.

    Parameters
    ----------
    version : str
        Its number.

    Returns
    -------
    dict of str to Kept
        By name, with the folder where a table stands in one below ``data/raw``.
    """
    return {
        row["table"]: Kept(
            int(row["rows"]),
            row["sha256"],
            (int(row["added"]), int(row["revised"]), int(row["gone"])) if row["added"] else None,
        )
        for row in _read("tables.csv", TABLES)
        if row["version"] == version
    }


def entered(
    new: Release,
    found: Mapping[str, Mapping[str, Any]],
    kept: Mapping[str, tuple[int, str]],
    became: Mapping[str, Revisions],
) -> dict[Path, str]:
    """Return the tables of the ledger with one more release; nothing is written.

    Parameters
    ----------
    new : Release
        The release.
    found : mapping of str to mapping
        Its results, as of :func:`helpers.run.baseline.snapshot`.
    kept : mapping of str to (int, str)
        Rows and hash of each raw table, by name.
    became : mapping of str to Revisions
        What became of rows since the release before, of tables that changed.

    Returns
    -------
    dict of Path to str
        File to its text; what was there begins it.

    Raises
    ------
    InputError
        When the ledger has the release already.
    """
    known = releases()
    if new.version in [one.version for one in known]:
        raise InputError(f"the ledger has release {new.version} already; its rows stay as they are")
    before = results(known[-1].version) if known else {}
    told = []
    for one in moved(before, found):
        entry = {name: (one.after or {}).get(name) for name in KEPT}
        word = entry["value"] if isinstance(entry["value"], str) else ""
        change = "gone" if one.after is None else "new" if one.before is None else "moved"
        row = entry | {"version": new.version, "key": one.key, "change": change, "word": word}
        told.append(row | {"value": None if word else entry["value"]})
    lines = []
    for name, (rows, sha) in sorted(kept.items()):
        counts: tuple[Any, ...] = ("", "", "")
        if known:
            counts = tuple(len(one) for one in became.get(name, Revisions()))
        lines.append(dict(zip(TABLES, (new.version, name, rows, sha, *counts))))
    more = {"releases.csv": [new._asdict()], "results.csv": told, "tables.csv": lines}
    columns = {"releases.csv": RELEASES, "results.csv": RESULTS, "tables.csv": TABLES}
    return {FOLDER / name: _text(name, columns[name], rows) for name, rows in more.items()}


def _text(name: str, columns: Sequence[str], more: list[dict[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*_read(name, columns), *more])
    return out.getvalue()
