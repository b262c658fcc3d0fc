"""Large workbooks read row by row: the columns and the rows that are wanted, in little memory."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.stream import Found, Wanted

BLOCK = 20_000  # rows that are held as Python's own objects
UNTOLD = 1 << 40  # cells of a sheet that does not tell how many it has: more than any other


def headers(opens: Callable[[], IO[bytes]]) -> list[tuple[str, int, list[str]]]:
    """Return the sheets of a workbook.

    Parameters
    ----------
    opens : callable
        Opens the file.

    Returns
    -------
    list of tuple of str, int and list of str
        Name, number of cells and first row of each.
    """
    found = []
    with opens() as stream:
        for name, (size, lines) in _sheets(stream).items():
            first, second = [*itertools.islice(lines, 2), (), ()][:2]
            told = size > len(first) or not second
            found.append((name, size if told else UNTOLD, [text_of(value) for value in first]))
    return found


def _sheets(stream: IO[bytes]) -> dict[str, tuple[int, Iterable[tuple]]]:
    from openpyxl import load_workbook

    book = load_workbook(stream, read_only=True, data_only=True)
    found = {}
    for sheet in book.worksheets:
        size = (sheet.max_row or 0) * (sheet.max_column or 0)
        # Some programs write a size that is none, behind which no cell would be read.
        sheet.reset_dimensions()
        found[sheet.title] = (size, sheet.iter_rows(values_only=True))
    return found


def text_of(value: object) -> str:
    """Return a cell of Excel as a CSV would spell it; what is read as no number is an error.

    Parameters
    ----------
    value : object
        As a library reads it.

    Returns
    -------
    str
        Empty for a missing value.

    Examples
    --------
    >>> text_of(3.0), text_of(None), text_of(float("nan"))
    ('3', '', '#N/A')
    """
    if value is None or value is pd.NaT:
        return ""
    if value != value:
        return "#N/A"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def rows_of(
    opens: Callable[[], IO[bytes]], sheet: str, positions: Sequence[int], wanted: Wanted | None
) -> Found:
    """Return the cells of columns of a sheet.

    Parameters
    ----------
    opens : callable
        Opens the file.
    sheet : str
        Its name.
    positions : sequence of int
        The columns.
    wanted : Wanted, optional
        Which rows; all where none is given.

    Returns
    -------
    Found
        The rows; empty ones count among them.
    """
    with opens() as stream:
        _, lines = _sheets(stream)[sheet]
        return _found(_blocks(itertools.islice(lines, 1, None), positions), positions, wanted)


def _found(
    blocks: Iterable[tuple[int, list[list[str]]]], positions: Sequence[int], wanted: Wanted | None
) -> Found:
    parts, n_rows, odd = [], 0, None
    values: dict[str, int] = {}
    for first, block in blocks:
        frame = pd.DataFrame(block, columns=list(positions), dtype="str")
        frame = frame.set_axis(range(first, first + len(frame)), axis="index")
        n_rows += len(frame)
        if wanted is not None:
            cells = frame[wanted.at].str.strip()
            here = cells.isin(list(wanted.names))
            others = cells[~here & frame.ne("").any(axis=1)].drop_duplicates()
            for row, value in others.items():
                values.setdefault(str(value), int(str(row)))
            odd = odd or _odd(frame, wanted)
            frame = frame[here]
        parts.append(frame)
    text = pd.concat(parts) if parts else pd.DataFrame(columns=list(positions), dtype="str")
    return Found(text, n_rows, values, odd)


def _odd(frame: pd.DataFrame, wanted: Wanted) -> int | None:
    """Return the first row that holds something and whose cell is not of the shape."""
    if wanted.shape is None:
        return None
    at, pattern = wanted.shape
    shape = re.compile(pattern)
    bad = ~frame[at].map(lambda cell: bool(shape.fullmatch(cell.strip())))
    bad &= frame.ne("").any(axis=1)
    return int(bad.idxmax()) if bad.any() else None


def _blocks(
    lines: Iterable[tuple], positions: Sequence[int]
) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield the texts of some rows, and the number of the first of them."""
    rows, row = iter(lines), 2
    while block := [_cells(line, positions) for line in itertools.islice(rows, BLOCK)]:
        yield row, block
        row += len(block)


def _cells(line: tuple[Any, ...], positions: Sequence[int]) -> list[str]:
    return [text_of(line[at]) if at < len(line) else "" for at in positions]


def refuse_two(name: str, found: Sequence[list[str]], header: list[str]) -> None:
    """Refuse a workbook of which only one of several tables would be read.

    Parameters
    ----------
    name : str
        The file.
    found : sequence of list of str
        First row of each sheet.
    header : list of str
        That of the one that is read.

    Raises
    ------
    InputError
        When two sheets have it.

    Examples
    --------
    >>> refuse_two("a.xlsx", [["year"], ["year"]], ["year"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.xlsx holds 2 sheets with the same columns, and only one ...
    """
    same = sum(one == header for one in found)
    if header and same > 1:
        raise InputError(
            f"{name} holds {same} sheets with the same columns, and only one would be read; "
            "give each in a file of its own"
        )
