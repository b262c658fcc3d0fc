"""Rows of raw tables since the last release, as a file: a book is built from it without git."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from helpers.base import paths
from helpers.base.reading import read_json
from helpers.raw.folders import called, raw_files
from helpers.raw.revisions import Revised, Revisions
from helpers.raw.sidecar import read_sidecar, sidecar_path
from helpers.run import ledger
from helpers.run.changes import Table

FILE = paths.PROCESSED / "since.json"
MOST = 20  # rows of a table that are kept of each kind, beside their number


class Became(NamedTuple):
    """What became of a raw table since the last release.

    Attributes
    ----------
    table : Table
        With the first :data:`MOST` of its rows of each kind; none where they may not be shown.
    counts : tuple of (int, int, int)
        How many were added, revised and gone.
    """

    table: Table
    counts: tuple[int, int, int]


def told(
    version: str, files: Mapping[str, str], found: Iterable[Table], silent: Collection[str]
) -> dict[str, Any]:
    """Return what is written down.

    Parameters
    ----------
    version : str
        The release.
    files : mapping of str to str
        Each raw table that has other bytes, to its SHA-256 now; empty where it went.
    found : iterable of Table
        Those of them that have other rows.
    silent : collection of str
        Tables whose rows may not be shown: their numbers alone are kept.

    Returns
    -------
    dict
        Plain values.
    """
    tables = {}
    for one in found:
        most = 0 if one.name in silent else MOST
        tables[one.name] = {
            "title": one.title,
            "counts": [len(rows) for rows in one.rows],
            "added": list(one.rows.added[:most]),
            "revised": [
                [row.row, {name: list(pair) for name, pair in row.cells.items()}]
                for row in one.rows.revised[:most]
            ],
            "gone": list(one.rows.gone[:most]),
        }
    return {"version": version, "files": dict(files), "tables": tables}


def read(version: str, files: Mapping[str, str]) -> list[Became] | None:
    """Return what was written down, where it is of the same release and the same tables.

    Parameters
    ----------
    version : str
        The release.
    files : mapping of str to str
        As of :func:`told`.

    Returns
    -------
    list of Became or None
        By name; None where nobody looked, which is not the same as no row that differs.
    """
    if not files:
        return []
    if not FILE.exists():
        return None
    held = read_json(FILE)
    if held["version"] != version or held["files"] != dict(files):
        return None
    return [
        Became(
            Table(
                name,
                one["title"],
                Revisions(
                    tuple(one["added"]),
                    tuple(
                        Revised(row, {column: (was, now) for column, (was, now) in cells.items()})
                        for row, cells in one["revised"]
                    ),
                    tuple(one["gone"]),
                ),
            ),
            (one["counts"][0], one["counts"][1], one["counts"][2]),
        )
        for name, one in held["tables"].items()
    ]


def differing(version: str) -> dict[str, str]:
    """Return the raw tables that have other bytes than in a release.

    Parameters
    ----------
    version : str
        The release.

    Returns
    -------
    dict of str to str
        Name below ``data/raw`` to SHA-256; empty for one that went.
    """
    kept = ledger.tables(version)
    now = {
        called(path): read_sidecar(path).sha256
        for path in raw_files(paths.RAW)
        if sidecar_path(path).exists() and not path.name.endswith(".source.yml")
    }
    return {
        name: now.get(name, "")
        for name in sorted(kept.keys() | now.keys())
        if name not in kept or kept[name].sha256 != now.get(name, "")
    }
