"""``guard``: what git holds, or is about to, of tables that may not be passed on.

A file is told by where it stands, by its bytes, by its columns, and by what is written in it.
"""

import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import sha256
from helpers.base.git import git
from helpers.raw.publishers import export_of
from helpers.run import frozen
from helpers.run.leaks import Watchers, told
from helpers.run.restricted import is_restricted, restricted_tables, watchers
from helpers.run.shown import of_file, of_text

HEADED, BOOKS = {".csv", ".tsv", ".txt"}, {".xlsx", ".xlsm"}
MARKS = ",;\t|"  # that part the names of a header
FIRST = 100_000  # bytes of a file in which its names stand
UNREADABLE = (OSError, EOFError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile)
WRITTEN = {".md", ".py", ".toml", ".yml"}  # by a person, line by line
OUT = "take it out of git (git rm --cached), keep the file"


def findings(files: Sequence[Path] = ()) -> list[str]:
    """Return what may not get into git.

    Parameters
    ----------
    files : sequence of Path
        Files, relative to the present folder or absolute; all that git tracks where none is named.

    Returns
    -------
    list of str
        A sentence for each such file, by name.

    Raises
    ------
    InputError
        When no file is named and there is no repository here, a restricted table cannot be read,
        or a frozen forecast is not what was frozen.
    """
    frozen.require()
    restricted = restricted_tables()
    copies = {sha256(one): one.name for one in restricted}
    watching = watchers(restricted)
    found = []
    for path in [one.resolve() for one in files] or _tracked():
        if path.is_file() and not path.is_symlink() and (said := _said(path, copies, watching)):
            found.append(f"{paths.relative(path).as_posix()} {said}")
    return sorted(found)


def _tracked() -> list[Path]:
    names = git(paths.ROOT, "ls-files", "-z")
    if names is None:
        raise InputError("there is no repository of git here; name the files to look at")
    return [paths.ROOT / name for name in names.split("\0") if name]


def _said(path: Path, copies: dict[str, str], watching: Watchers) -> str:
    """Return why a file may not be in git, empty where it may."""
    if path.is_relative_to(paths.OWN):
        return f"stands in {paths.relative(paths.OWN)}, which is not for git; {OUT}"
    if copy := copies.get(sha256(path)):
        return f"is {copy}, whose rows may not be passed on; {OUT}"
    if path.is_relative_to(paths.RAW) and path.suffix == ".csv" and is_restricted(path):
        return f"says of itself that its rows may not be passed on; {OUT} in data/own"
    if export := next(filter(None, map(export_of, _headers(path))), ""):
        return f"has the columns of {export}, whose rows may not be passed on; {OUT} in data/own"
    # Tables of data/raw are what others are held against (helpers.raw.public); locks are hashes.
    known = path.is_relative_to(paths.RAW) and path.suffix in (".csv", ".geojson")
    if not watching or known or path.suffix == ".lock":
        return ""
    try:
        text = path.read_text(encoding="utf-8")
        written = path.suffix in WRITTEN
        shown = of_text(text, printed=False) if written else of_file(path.name, text)
    except ValueError:  # no text
        return ""
    return told(watching, shown._replace(hidden=""))


def _headers(path: Path) -> list[list[str]]:
    """Return the names of the columns of each table in a file, and nothing for what has none."""
    try:
        with path.open("rb") as stream:
            if path.suffix.lower() != ".zip":
                return _in_file(path.suffix.lower(), stream)
            with zipfile.ZipFile(stream) as archive:
                found = []
                for name in archive.namelist():
                    with archive.open(name) as packed:
                        found += _in_file(PurePosixPath(name).suffix.lower(), packed)
                return found
    except UNREADABLE as error:
        raise InputError(f"{path.name} cannot be looked through: {error}") from None


def _in_file(ending: str, stream: IO[bytes]) -> list[list[str]]:
    if ending in BOOKS:
        return _in_workbook(stream)
    if ending not in HEADED | {".json"}:
        return []
    start = stream.read(FIRST)
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = start.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    if ending == ".json":
        return [re.findall(r'"([^"]+)"\s*:', text)]
    line = next(iter(text.splitlines()), "")
    return [line.split(mark) for mark in MARKS]


def _in_workbook(stream: IO[bytes]) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheets = load_workbook(stream, read_only=True).worksheets
        rows = [next(sheet.iter_rows(values_only=True), ()) for sheet in sheets]
    except (InvalidFileException, KeyError, IndexError) as error:
        raise ValueError(f"it is no workbook: {error}") from None
    return [[str(cell) for cell in row] for row in rows]
