"""What became of the rows of a raw table, from one version of it to another, by their keys.

Cells are compared as they are written, rows by the columns that the sidecar calls the key, so that
the order of rows, the ends of lines and comments make no difference.
"""

import csv
import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from helpers.base.errors import InputError
from helpers.base.reading import decoded, json_text, yaml_text

Row = dict[str, str]


class Revised(NamedTuple):
    """A row that is there in both versions and not the same.

    Attributes
    ----------
    row : str
        What stands in its key.
    cells : dict of str to (str, str)
        Column to what stood there and what stands there now.
    """

    row: str
    cells: dict[str, tuple[str, str]]


class Revisions(NamedTuple):
    """What became of the rows of a table.

    Attributes
    ----------
    added, gone : tuple of str
        The keys of rows that only the new version has, and only the old one.
    revised : tuple of Revised
        Rows that both have.
    """

    added: tuple[str, ...] = ()
    revised: tuple[Revised, ...] = ()
    gone: tuple[str, ...] = ()


def compared(name: str, old: bytes, new: bytes, key: Sequence[str]) -> Revisions:
    """Compare two versions of a table.

    Parameters
    ----------
    name : str
        The file, whose ending says how it is read; errors name it.
    old, new : bytes
        A CSV file, a GeoJSON file or a YAML list of entries; empty where there is none.
    key : sequence of str
        Columns that together name a row; without them a row is known by all that it holds. Where
        several rows have one key, they are told apart by their order.

    Returns
    -------
    Revisions
        In the order of the rows.

    Raises
    ------
    InputError
        When a version cannot be read.

    Examples
    --------
    >>> old, new = b"place,deaths\\nA,5\\nB,6\\n", b"place,deaths\\nB,7\\nA,5\\nC,1\\n"
    >>> told = compared("t.csv", old, new, ["place"])
    >>> told.added, told.revised[0].row, told.revised[0].cells, told.gone
    (('C',), 'B', {'deaths': ('6', '7')}, ())
    """
    before, after = (_rows(name, blob) for blob in (old, new))
    columns = set().union(*before) & set().union(*after) if before and after else set(key)
    keys = [column for column in key if column in columns]
    left, right = (_by_key(rows, keys) for rows in (before, after))
    return Revisions(
        tuple(_called(one) for one in right if one not in left),
        tuple(
            Revised(_called(one), cells)
            for one, row in right.items()
            # A column that is new and empty in a row leaves the row as it was.
            if one in left and (cells := _cells(left[one], row))
        ),
        tuple(_called(one) for one in left if one not in right),
    )


def _by_key(rows: list[Row], keys: Sequence[str]) -> dict[tuple[str, ...], Row]:
    """Return rows by their key, with a number behind it from the second of a key on."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        own = tuple(row.get(one, "") for one in keys) if keys else tuple(row.values())
        key, times = own, 1
        while key in found:
            times += 1
            key = (*own, f"no. {times}")
        found[key] = row
    return found


def _called(key: tuple[str, ...]) -> str:
    return ", ".join(one for one in key if one) or "a row without a key"


def _cells(old: Row, new: Row) -> dict[str, tuple[str, str]]:
    return {
        name: (old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*new, *old])
        if old.get(name, "") != new.get(name, "")
    }


def _rows(name: str, blob: bytes) -> list[Row]:
    if not blob:
        return []
    text = decoded(blob, name)
    if name.endswith(".csv"):
        header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
        return [dict(zip(header, row)) for row in rows]
    if name.endswith(".geojson"):
        held = json_text(text, name)
        entries = held.get("features") if isinstance(held, dict) else None
    else:
        entries = yaml_text(text, name) or []
    if not isinstance(entries, list):
        raise InputError(f"{name} holds no list of entries, so its versions cannot be compared")
    return [_flat(one) for one in entries]


def _flat(entry: Any) -> Row:
    """Return an entry as cells of text; what stands deeper is one text."""
    cells = entry if isinstance(entry, dict) else {"entry": entry}
    return {str(name): "" if cell is None else str(cell) for name, cell in cells.items()}
