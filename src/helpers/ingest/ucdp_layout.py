"""The cells of a publisher's file, whatever it is packed in: CSV of any kind, Excel, or a zip.

Nothing is known here of what the columns mean: names are made alike, values stay text. Rows are
counted as a spreadsheet counts them, the header being row 1.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.base.limits import limits
from helpers.base.unpacked import inside
from helpers.ingest.stream import Doubtful, Found, Wanted, all_rows, first_line, rows_where
from helpers.ingest.workbook import headers, refuse_two, rows_of, text_of

SEPARATORS = ",;\t|"
CSV, EXCEL = (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm")
OLE = b"\xd0\xcf\x11\xe0"  # how a workbook with a password begins, and one of the old kind
LETTER = re.compile(  # of UTF-8, beyond ASCII
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# One of Latin: a capital before a closing quote is two bytes of UTF-8 as well, of other scripts.
LATIN = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")
# What the Windows code page has where Latin-1 has control characters, which five bytes stay.
WINDOWS = {at: one for at in range(128, 160) if (one := bytes([at]).decode("cp1252", "ignore"))}
# A table of text shrinks to a tenth when it is packed, never to a hundredth.
FLOOR, FOLD = 1 << 24, 100
# A file with more bytes is read in blocks.
LARGE = 8 << 20
# zipfile's own words for a broken file, a packing that it does not know, and a password.
FAULTS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, ValueError)
# What a spreadsheet shows for a formula that failed.
ERROR = r"#(N/A|[A-Z/0_]+[!?])"
# Control characters, and what stands for a letter that was lost.
UNSEEN = "[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]"


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
    where : callable, optional
        Positions of columns and which rows are wanted to those rows, for a file too large to hold.
    """

    name: str
    names: tuple[str, ...]
    header: list[str]
    rows: Callable[[Sequence[int]], pd.DataFrame]
    where: Callable[[Sequence[int], Wanted], Found] | None = None


def find(sheet: Sheet, positions: Sequence[int], wanted: Wanted) -> Found:
    """Return the rows of a table that are wanted, and what stands in the others.

    Parameters
    ----------
    sheet : Sheet
        The table.
    positions : sequence of int
        The columns, those of ``wanted`` among them.
    wanted : Wanted
        Which rows.

    Returns
    -------
    Found
        The rows.

    Raises
    ------
    InputError
        When the file cannot be read.
    """
    if sheet.where is not None:
        return sheet.where(positions, wanted)
    text = sheet.rows(positions)
    cells = text[wanted.at]
    here = cells.isin(list(wanted.names))
    others = cells[~here].drop_duplicates()
    odd = None
    if wanted.shape:
        bad = ~text[wanted.shape[0]].str.fullmatch(wanted.shape[1]).astype(bool)
        odd = int(bad.idxmax()) if bad.any() else None
    values = {str(value): int(str(row)) for row, value in others.items()}
    return Found(text[here], len(text), values, odd)


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


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return a text and how it is encoded: as its mark says, in UTF-8, or as most letters are.

    Some bytes of a large file are of another encoding than the rest, in texts that nobody reads.
    They become what stands for a lost letter, which is refused where a column is read.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            raise InputError(f"{name} is no whole text in UTF-16; save it as UTF-8") from None
    if b"\0" in data:
        raise InputError(f"{name} is no text: byte {data.index(0)} is empty; download it again")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        letters = [len(one) for one in LETTER.findall(data)]
        others = len(data.translate(None, bytes(range(128)))) - sum(letters)
    if len(letters) > others:
        return data.decode("utf-8-sig", errors="replace"), "utf-8"
    return data.decode("latin-1").translate(WINDOWS), "cp1252"


def _of_csv(name: str, names: tuple[str, ...], data: bytes) -> Sheet:
    text, encoding = _decoded(data, name)
    if text.lstrip().startswith("<"):
        raise InputError(f"{name} is a web page and no table; download the file itself")
    first = re.split("\r\n|\r|\n", text, maxsplit=1)[0]
    separator = max(SEPARATORS, key=first.count)

    def records() -> Iterator[list[str]]:
        return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)

    try:
        header = next(records(), [])
    except csv.Error as error:
        raise InputError(f"{name}, row 1, cannot be read as CSV: {one_line(error)}") from None

    def rows(positions: Sequence[int]) -> pd.DataFrame:
        whole = _whole(records(), text, len(header), name)
        cells = [[record[at] for at in positions] for record in whole]
        frame = pd.DataFrame(cells[1:], columns=list(positions), dtype=str)
        found = _looked(_numbered(frame), header, name)
        if encoding == "cp1252":
            _refuse_misread(found, header, name)
        return found

    return Sheet(name, names, header, rows)


def _refuse_misread(text: pd.DataFrame, header: Sequence[str], name: str) -> None:
    for at in text:
        odd = text[at].map(lambda cell: bool(LATIN.search(cell.encode("cp1252", "ignore"))))
        if odd.any():
            raise InputError(
                f"{name}, row {odd.idxmax()}, column '{header[int(at)]}': found a letter in UTF-8, "
                "but most of the file is in the Windows code page; save all of it as UTF-8"
            )


def _of_large_csv(
    name: str, names: tuple[str, ...], opens: Callable[[], IO[bytes]], whole: Callable[[], Sheet]
) -> Sheet:
    """Return a table that is read in blocks; whatever is doubtful is read whole."""
    try:
        header, separator = first_line(opens, SEPARATORS)
    except Doubtful:
        return whole()

    def rows(positions: Sequence[int]) -> pd.DataFrame:
        try:
            return _looked(all_rows(opens, len(header), separator, positions), header, name)
        except Doubtful:
            return whole().rows(positions)

    def where(positions: Sequence[int], wanted: Wanted) -> Found:
        try:
            found = rows_where(opens, len(header), separator, positions, wanted)
        except Doubtful:
            return find(whole(), positions, wanted)
        return found._replace(text=_looked(found.text, header, name))

    return Sheet(name, names, header, rows, where)


def _whole(records: Iterator[list[str]], text: str, width: int, name: str) -> Iterator[list[str]]:
    """Yield records as wide as the header; an empty line is one of empty cells.

    A record of another width has lost a cell, or holds a separator that is not in quotes: what
    follows would stand in the wrong column.
    """
    row, usual = 0, width
    record: list[str] = []
    try:
        for row, record in enumerate(records, start=1):
            if record and len(record) < width:
                break
            if row == 2:
                usual = len(record)
            # A spreadsheet may leave empty cells behind the last column, but then in every row.
            if any(record[width:]) or (record and row > 1 and len(record) != usual):
                raise InputError(
                    f"{name}, row {row}: more cells than the {width} columns of the header; is a "
                    "text with a separator not in quotes?"
                )
            yield record or [""] * width
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise InputError(
                f"{name}, row {row + 1}: a quote is opened there and not closed; mend the file"
            ) from None
        raise InputError(
            f"{name}, row {row + 1}, cannot be read as CSV: {one_line(error)}; is there a stray "
            "quote?"
        ) from None
    cut = not text.endswith(("\n", "\r"))
    if record and len(record) < width:
        if cut and next(records, None) is None:
            raise InputError(
                f"{name} ends within row {row}, after {len(record)} of {width} cells; download it "
                "again"
            )
        raise InputError(
            f"{name}, row {row}: {len(record)} cells, expected {width} as in the header; mend it"
        )
    if cut:
        raise InputError(
            f"{name} ends within row {row}: no line end follows, as in a file that was cut; "
            "download it again, or add one"
        )


def _of_excel(name: str, names: tuple[str, ...], data: bytes) -> Sheet:
    if data.startswith(OLE):
        raise InputError(
            f"{name} cannot be read as an Excel file: it has a password or is an old .xls; save "
            "it as .xlsx without a password"
        )
    try:
        sheets = pd.read_excel(
            io.BytesIO(data),
            sheet_name=None,
            header=None,
            dtype=object,
            keep_default_na=False,
            engine="openpyxl",
        )
    # A damaged workbook meets the library at any of its lines.
    except Exception as error:
        raise InputError(f"{name} cannot be read as an Excel file: {one_line(error)}") from None
    texts = [sheet.map(text_of) for sheet in sheets.values()]
    table = max(texts, key=lambda sheet: sheet.size)
    header = table.iloc[0].tolist() if len(table) else []
    refuse_two(name, [one.iloc[0].tolist() for one in texts if len(one)], header)

    def rows(positions: Sequence[int]) -> pd.DataFrame:
        return _looked(_numbered(table.iloc[1:, list(positions)]), header, name)

    return Sheet(name, names, header, rows)


def _of_large_excel(
    name: str, names: tuple[str, ...], opens: Callable[[], IO[bytes]], whole: Callable[[], Sheet]
) -> Sheet:
    """Return a workbook that is read row by row."""

    def read(work: Callable[[], Any]) -> Any:
        try:
            return work()
        # A damaged workbook meets the library at any of its lines.
        except Exception as error:
            raise InputError(f"{name} cannot be read as an Excel file: {one_line(error)}") from None

    sheets = read(lambda: headers(opens))
    sheet, _, header = max(sheets, key=lambda one: one[1])
    refuse_two(name, [one for _, _, one in sheets], header)

    def rows(positions: Sequence[int]) -> pd.DataFrame:
        return _looked(read(lambda: rows_of(opens, sheet, positions, None)).text, header, name)

    def where(positions: Sequence[int], wanted: Wanted) -> Found:
        found: Found = read(lambda: rows_of(opens, sheet, positions, wanted))
        return found._replace(text=_looked(found.text, header, name))

    return Sheet(name, names, header, rows, where)


def _numbered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows under their numbers in the file."""
    return frame.fillna("").set_axis(range(2, len(frame) + 2), axis="index")


def _looked(text: pd.DataFrame, header: Sequence[str], name: str) -> pd.DataFrame:
    """Return the rows that hold something, without what stands around a text."""
    import pyarrow as pa
    from pyarrow import compute

    texts, filled = {}, np.zeros(len(text), dtype=bool)
    for at in text:
        cells = pa.array(text[at], pa.large_string())
        if (row := _first(compute.match_substring_regex(cells, UNSEEN))) >= 0:
            raise InputError(
                f"{name}, row {text.index[row]}, column '{header[int(at)]}': found a character "
                "that stands for no text; is the file damaged or its encoding lost?"
            )
        cells = compute.utf8_trim_whitespace(cells)
        marked = _first(compute.starts_with(cells, "#")) >= 0  # nearly never, and quickly told
        if marked and (row := _first(compute.match_substring_regex(cells, f"^({ERROR})$"))) >= 0:
            raise InputError(
                f"{name}, row {text.index[row]}, column '{header[int(at)]}': found {cells[row]}, "
                "the error of a formula; mend it in the spreadsheet, or download the file again"
            )
        texts[at] = pd.array(cells, dtype="str")
        filled |= compute.binary_length(cells).to_numpy(zero_copy_only=False) > 0
    return pd.DataFrame(texts, index=text.index, columns=text.columns)[filled]


def _first(found: Any) -> int:
    """Return the place of the first true value of an array, -1 where there is none."""
    from pyarrow import compute

    return int(compute.index(found, True).as_py())


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


def read_bytes(path: Path) -> bytes:
    """Return what a publisher's file holds.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    bytes
        At least one that is no space.

    Raises
    ------
    InputError
        When there is no such file, it is a folder, cannot be read or is empty.

    Examples
    --------
    >>> read_bytes(Path())
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: . is a folder; name the publisher's file in it
    """
    _require_file(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {one_line(error)}") from None
    if not data.strip():
        raise InputError(f"{path.name} is empty")
    return data


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder; name the publisher's file in it")
    if not path.is_file():
        raise InputError(
            f"the publisher's file {path} does not exist; download it and name its path"
        )
    if not path.stat().st_size:
        raise InputError(f"{path.name} is empty")


def _in_zip(path: Path) -> zipfile.ZipInfo:
    """Return the one table in a zip, which unpacks to no more than a table may."""
    try:
        with zipfile.ZipFile(path) as archive:
            tables = _tables(archive.namelist())
            if len(tables) != 1:
                found = ", ".join(tables) or "none"
                raise InputError(
                    f"{path.name}: expected one CSV or Excel file in the zip, found {found}; "
                    "unpack it and name the table"
                )
            table = archive.getinfo(tables[0])
            if not inside(table.orig_filename):
                raise InputError(
                    f"{path.name}: '{table.orig_filename}' would leave the folder; refused"
                )
    except FAULTS as error:
        raise InputError(f"{path.name} cannot be read as a zip: {one_line(error)}") from None
    _refuse_flood(path.name, table)
    return table


def _refuse_flood(name: str, table: zipfile.ZipInfo) -> None:
    """Refuse what would unpack to more than a table may."""
    most = min(limits().unpacked_megabytes * 1_000_000, FLOOR + table.compress_size * FOLD)
    if table.file_size > most:
        raise InputError(
            f"{name}: '{table.filename}' would unpack to {table.file_size:,} bytes from "
            f"{table.compress_size:,}, which no table does; download it again"
        )


def _size_of_book(name: str, opens: Callable[[], IO[bytes]]) -> int:
    """Return to how many bytes a workbook unpacks; 0 where it is none, as its reader will say."""
    try:
        with opens() as stream, zipfile.ZipFile(stream) as book:
            parts = book.infolist()
    except FAULTS:
        return 0
    for part in parts:
        _refuse_flood(name, part)
    return sum(part.file_size for part in parts)


def _unpacked(path: Path, table: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a table in a zip."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(table) as stream:
            data = stream.read(table.file_size + 1)
    except FAULTS as error:
        raise InputError(f"{path.name} cannot be read as a zip: {one_line(error)}") from None
    if len(data) != table.file_size:
        raise InputError(
            f"{path.name} cannot be read as a zip: '{table.filename}' has {len(data):,} bytes, not "
            f"{table.file_size:,} as it says"
        )
    return data


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
    _require_file(path)
    table = _in_zip(path) if path.suffix.lower() == ".zip" else None
    names: tuple[str, ...] = (path.name,)
    if table:
        names += (PurePosixPath(table.filename).name,)
    ending = PurePosixPath(names[-1]).suffix.lower()
    if ending not in CSV + EXCEL:
        raise InputError(f"{path.name}: expected a CSV or an XLSX file, or a zip with one")

    def whole() -> Sheet:
        data = _unpacked(path, table) if table else read_bytes(path)
        if not data.strip():
            raise InputError(f"{path.name} is empty")
        return (_of_excel if ending in EXCEL else _of_csv)(path.name, names, data)

    def opens() -> IO[bytes]:
        return zipfile.ZipFile(path).open(table) if table else path.open("rb")

    if ending in EXCEL:
        in_parts, size = _of_large_excel, _size_of_book(path.name, opens)
    else:
        in_parts, size = _of_large_csv, table.file_size if table else path.stat().st_size
    sheet = in_parts(path.name, names, opens, whole) if size > LARGE else whole()
    if not any(name.strip() for name in sheet.header):
        raise InputError(f"{path.name} holds no table: its first row is empty")
    return sheet
