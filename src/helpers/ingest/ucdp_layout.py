"""The cells of a publisher's file, whatever it is packed in: CSV of any kind, Excel, or a zip.

Nothing is known here of what the columns mean: names are made alike, values stay text. Rows are
counted as a spreadsheet counts them, the header being row 1.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError

SEPARATORS = ",;\t|"
CSV, EXCEL = (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm")


class Sheet(NamedTuple):
    """A table whose header was read and whose cells wait.

    Attributes
    ----------
    name : str
        The file, for sentences.
    names : tuple of str
        Names that may tell a version: of the file, and of what was packed in it.
    header : list of str
        The first row as it stands.
    rows : callable
        Positions of columns to their cells as text: one row each below the first, indexed by its
        number in the file; empty rows are left out.
    """

    name: str
    names: tuple[str, ...]
    header: list[str]
    rows: Callable[[Sequence[int]], pd.DataFrame]


def alike(name: str) -> str:
    """Return the name of a column in lower case, words parted by one underscore.

    Parameters
    ----------
    name : str
        As a file spells it.

    Returns
    -------
    str
        The same for ``Date Start``, ``date_start`` and ``DATE.START``.

    Examples
    --------
    >>> alike(" Date Start"), alike("adm_1")
    ('date_start', 'adm_1')
    """
    return re.sub(r"[^a-z0-9#]+", "_", name.lower()).strip("_")


def _encoding(data: bytes) -> str:
    """Return how a text is encoded: as its mark says, else UTF-8, else the Windows code page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _of_csv(name: str, names: tuple[str, ...], data: bytes) -> Sheet:
    encoding = _encoding(data)
    first = data[: 1 << 16].decode(encoding, errors="replace").splitlines()[0]
    separator = max(SEPARATORS, key=first.count)
    header = next(csv.reader([first], delimiter=separator), [])

    def rows(positions: Sequence[int]) -> pd.DataFrame:
        lines = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
        records = csv.reader(lines, delimiter=separator)
        try:
            cells = list(
                _picked(_ended(records, data, len(header), name), positions, len(header), name)
            )
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(f"{name} cannot be read as CSV: {one_line(error)}") from None
        return _numbered(pd.DataFrame(cells[1:], columns=list(positions), dtype=str))

    return Sheet(name, names, header, rows)


def _ended(records: Iterable[list[str]], data: bytes, width: int, name: str) -> Iterator[list[str]]:
    """Yield records; refuse a file that stops within its last, whose rest would be lost unseen."""
    record: list[str] = []
    row = 0
    for record in records:
        row += 1
        yield record
    whole_line = data.rstrip(b"\0").endswith((b"\n", b"\r"))
    closed = data.rstrip(b"\r\n\0").endswith(b'"')
    if record and record[-1].endswith(("\n", "\r")) and not closed:
        raise InputError(
            f"{name}, row {row}: a quote is opened there and not closed; mend the file"
        )
    if 0 < len(record) < width and not whole_line:
        raise InputError(
            f"{name} ends within row {row}, after {len(record)} of {width} cells; download it again"
        )


def _picked(
    records: Iterable[list[str]], positions: Sequence[int], width: int, name: str
) -> Iterator[list[str]]:
    """Yield the cells at positions of each record; a short one is filled, a long one refused."""
    for row, record in enumerate(records, start=1):
        if any(record[width:]):
            raise InputError(
                f"{name}, row {row}: more cells than the {width} columns of the header; is a text "
                "with a separator not in quotes?"
            )
        filled = record + [""] * (width - len(record))
        yield [filled[at] for at in positions]


def _of_excel(name: str, names: tuple[str, ...], data: bytes) -> Sheet:
    try:
        sheets = pd.read_excel(io.BytesIO(data), sheet_name=None, header=None, dtype=object)
    except (ValueError, OSError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"{name} cannot be read as an Excel file: {one_line(error)}") from None
    table = max(sheets.values(), key=lambda sheet: sheet.size)
    text = table.map(_text_of)
    header = text.iloc[0].tolist() if len(text) else []
    return Sheet(name, names, header, lambda positions: _numbered(text.iloc[1:, list(positions)]))


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that hold something, under their numbers in the file."""
    text = frame.fillna("").set_axis(range(2, len(frame) + 2), axis="index")
    text = text.apply(lambda column: column.str.strip())
    return text[text.ne("").any(axis=1)]


def _text_of(value: object) -> str:
    """Return a cell of Excel as a CSV would spell it."""
    if value is None or value is pd.NaT or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def one_line(error: Exception) -> str:
    """Return what an error says, in one line.

    Parameters
    ----------
    error : Exception
        Of a library that reads files.

    Returns
    -------
    str
        Its message without line breaks.

    Examples
    --------
    >>> one_line(ValueError("no\\n  header"))
    'no header'
    """
    return " ".join(str(error).split())


def _unpacked(path: Path) -> tuple[str, bytes]:
    """Return the name and the bytes of the one table in a zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            tables = _tables(archive.namelist())
            if len(tables) != 1:
                found = ", ".join(tables) or "none"
                raise InputError(
                    f"{path.name}: expected one CSV or Excel file in the zip, found {found}; "
                    "unpack it and name the table"
                )
            return tables[0], archive.read(tables[0])
    # zipfile's own words for a broken file, a packing that it does not know, and a password.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{path.name} cannot be read as a zip: {one_line(error)}") from None


def _tables(names: Sequence[str]) -> list[str]:
    """Return the tables in a zip; a text file is one only where nothing else is."""
    seen = [
        name
        for name in names
        if not PurePosixPath(name).name.startswith(".") and "__MACOSX" not in name
    ]
    found = [name for name in seen if PurePosixPath(name).suffix.lower() in CSV + EXCEL]
    return [name for name in found if not name.lower().endswith(".txt")] or found


def open_sheet(path: Path) -> Sheet:
    """Open a publisher's table.

    Parameters
    ----------
    path : pathlib.Path
        CSV (comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows), Excel (the largest sheet), or
        a zip with one of them.

    Returns
    -------
    Sheet
        Its header, and how to read its cells.

    Raises
    ------
    InputError
        When there is no such file, it holds no table or several, or cannot be read.

    Examples
    --------
    >>> open_sheet(Path("nowhere.csv"))
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; download it \
and name its path
    """
    if not path.is_file():
        raise InputError(
            f"the publisher's file {path} does not exist; download it and name its path"
        )
    names: tuple[str, ...] = (path.name,)
    if path.suffix.lower() == ".zip":
        inner, data = _unpacked(path)
        names += (PurePosixPath(inner).name,)
    else:
        inner, data = path.name, path.read_bytes()
    ending = PurePosixPath(inner).suffix.lower()
    if ending not in CSV + EXCEL:
        raise InputError(f"{path.name}: expected a CSV or an XLSX file, or a zip with one")
    if not data.strip():
        raise InputError(f"{path.name} is empty")
    sheet = (_of_excel if ending in EXCEL else _of_csv)(path.name, names, data)
    if not any(name.strip() for name in sheet.header):
        raise InputError(f"{path.name} holds no table: its first row is empty")
    return sheet
