"""``guard``: what git holds, or is about to, of tables that may not be passed on.

A file is told by where it stands, by its bytes, by its columns, and by what is written in it.
"""

from collections.abc import Sequence
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import sha256
from helpers.base.git import git
from helpers.raw.publishers import export_of
from helpers.run.leaks import Watchers, told
from helpers.run.restricted import is_restricted, restricted_tables, watchers
from helpers.run.shown import of_file, of_text

HEADED = {".csv", ".tsv", ".txt"}
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
        When no file is named and there is no repository here, or a restricted table cannot be
        read.
    """
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
    if export := export_of(_header(path)):
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


def _header(path: Path) -> list[str]:
    """Return the names of the columns of a table, and nothing for what is none."""
    if path.suffix.lower() == ".xlsx":
        return _header_of_sheet(path)
    if path.suffix.lower() not in HEADED:
        return []
    with path.open(encoding="utf-8-sig", errors="replace") as handle:
        line = handle.readline(100_000)
    return max((line.split(mark) for mark in ",;\t"), key=len)


def _header_of_sheet(path: Path) -> list[str]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(path, read_only=True).worksheets[0]
        return [str(cell) for cell in next(sheet.iter_rows(values_only=True), ())]
    except (InvalidFileException, OSError, KeyError, ValueError, IndexError) as error:
        raise InputError(f"{path.name} cannot be read as a workbook: {error}") from None
