"""The sidecar of a raw table: who made it, under which licence, and what exactly it must be."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, model_validator

from helpers.base.errors import InputError
from helpers.base.files import sha256, write_text
from helpers.base.models import Strict, validated
from helpers.base.reading import read_json, read_yaml
from helpers.raw.aggregates import PERIODS, Aggregates
from helpers.raw.checksums import column_check
from helpers.raw.folders import called
from helpers.raw.rules import Rule, columns_of

Kind = Literal["string", "integer", "number", "month", "date", "boolean", "url"]
Redistribution = Literal[
    "allowed", "allowed with credit", "facts only", "aggregates only", "forbidden"
]
# Facts are nobody's: a table of them has no text of its publishers in it.
PUBLISHABLE = {"allowed", "allowed with credit", "facts only"}


class Licence(Strict):
    """The licence of a table.

    Attributes
    ----------
    name, url : str
        What it is called, and where it can be read.
    """

    name: str
    url: str


class Column(Strict):
    """One column: what it holds, in which unit, and what it may not be.

    Attributes
    ----------
    type : {"string", "integer", "number", "month", "date", "boolean", "url"}
        What every cell is; of type ``url`` one or more addresses, parted by " | ", each with scheme
        and host.
    unit, meaning : str
        Unit (empty where there is none) and meaning in words.
    nullable : bool
        Whether cells may be empty.
    minimum : float, optional
        The least value.
    allowed : list of str, optional
        The only values.
    check : str
        Stamped: the sums of :func:`helpers.raw.checksums.column_check`.
    """

    type: Kind
    unit: str = ""
    meaning: str
    nullable: bool = False
    minimum: float | None = None
    allowed: list[str] | None = None
    check: str = ""


class Sidecar(Strict):
    """What ``NAME.source.yml`` says of ``NAME.csv`` beside it.

    Attributes
    ----------
    producer, title, description, citation_full, version, url, date_accessed : str
        Where the table comes from.
    licence : Licence
        Under which licence.
    redistribution : Redistribution
        Whether its rows may be passed on, as of :func:`publishable`.
    aggregates : Aggregates, optional
        Where they may not: which sums of them may; none where nothing is said.
    built_by : str
        What made the file from the producer's.
    notes : list of str
        What a reader must know.
    notes_of : dict of str to list of str
        Country to what only its readers must know.
    rules : list of Order, Total, Bounds, Steady or Sums
        What must hold between its cells, as of :mod:`helpers.raw.rules`.
    key : list of str
        Columns that together are unique.
    columns : dict of str to Column
        Every column, in order.
    rows : int
        Stamped: the number of rows, features or entries.
    sha256 : str
        Stamped: the hash of the file.
    stamp : str
        Stamped: the hash of all that stands above, as of :func:`seal`.
    """

    producer: str
    title: str
    description: str
    citation_full: str
    version: str
    url: str
    date_accessed: str
    licence: Licence
    redistribution: Redistribution
    aggregates: Aggregates | None = None
    built_by: str
    notes: list[str] = Field(default_factory=list)
    notes_of: dict[str, list[str]] = Field(default_factory=dict)
    rules: list[Rule] = Field(default_factory=list)
    key: list[str] = Field(default_factory=list)
    columns: dict[str, Column]
    rows: int = Field(0, ge=0)
    sha256: str = ""
    stamp: str = ""

    @model_validator(mode="after")
    def _columns_exist(self) -> "Sidecar":
        if "url" in self.columns and self.columns["url"].type != "url":
            raise ValueError("the column 'url' is not of type 'url': its addresses need not open")
        for name in (*self.key, *(name for rule in self.rules for name in columns_of(rule))):
            if name not in self.columns:
                raise ValueError(
                    f"a key or a rule names the column '{name}', which the table has not"
                )
        if self.aggregates:
            _check_aggregates(self.aggregates, self.columns)
        return self


def _check_aggregates(told: Aggregates, columns: Iterable[str]) -> None:
    """Refuse sums by, or of, what is no column; a licence that names none would allow all."""
    for name in [*told.by, *([told.of] if told.of else [])]:
        if name not in columns and not (name in PERIODS and name != told.of):
            raise ValueError(
                f"'aggregates' names '{name}', which is no column of the table; what sums may be "
                f"by are its columns and {', '.join(PERIODS)}"
            )


def publishable(sidecar: Sidecar) -> bool:
    """Say whether the rows of a table may be passed on; where they may not, no copy leaves.

    Parameters
    ----------
    sidecar : Sidecar
        The description of a raw table.

    Returns
    -------
    bool
        Whether they may, as they stand: not where only aggregates may, or nothing.

    Examples
    --------
    >>> one, two = (Sidecar.model_construct(redistribution=r) for r in ("facts only", "forbidden"))
    >>> publishable(one), publishable(two)
    (True, False)
    """
    return sidecar.redistribution in PUBLISHABLE


def sidecar_path(table: Path) -> Path:
    """Return the path of a raw table's sidecar.

    Parameters
    ----------
    table : Path
        The raw table.

    Returns
    -------
    Path
        The sidecar, whether it exists or not.

    Examples
    --------
    >>> sidecar_path(Path("events.csv")).name
    'events.source.yml'
    """
    return table.with_name(table.stem + ".source.yml")


def seal(sidecar: Sidecar) -> str:
    """Return the hash of what a sidecar says, however it is laid out in its file.

    Parameters
    ----------
    sidecar : Sidecar
        The description.

    Returns
    -------
    str
        SHA-256 in 64 hexadecimal digits, of every field but ``stamp``.

    Examples
    --------
    >>> one, two = (Sidecar.model_construct(title=title, columns={}) for title in "ab")
    >>> seal(one) == seal(two), seal(one) == seal(one.model_copy(update={"stamp": "any"}))
    (False, True)
    """
    said = sidecar.model_dump(mode="json", exclude_defaults=True, exclude={"stamp"})
    # The order of columns is part of what is said, so keys are not sorted.
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def read_sidecar(table: Path, *, sealed: bool = True) -> Sidecar:
    """Read and check the sidecar of a raw table.

    Parameters
    ----------
    table : Path
        The raw table.
    sealed : bool, default True
        Whether it must be as it was stamped.

    Returns
    -------
    Sidecar
        The sidecar.

    Raises
    ------
    InputError
        When it is absent, no YAML, has a field that is wrong, missing or unknown, or differs from
        what was stamped.

    Examples
    --------
    >>> from helpers.base import paths
    >>> read_sidecar(paths.RAW / "article.csv").rows > 0
    True
    """
    path = sidecar_path(table)
    if not path.exists():
        raise InputError(
            f"{called(table)} has no sidecar: expected {path.name} beside it; "
            "write one, then run `python -m helpers.cli ingest stamp`"
        )
    told = validated(Sidecar, read_yaml(path), called(path))
    if sealed and told.stamp != seal(told):
        raise InputError(
            f"{called(path)} is not what was stamped: something that it says of {called(table)} "
            f"was changed; if the change is meant, run `python -m helpers.cli ingest stamp "
            f"{called(table)}`, else restore the file"
        )
    return told


def write_sidecar(table: Path, sidecar: Sidecar) -> None:
    """Write the sidecar of a raw table, whole.

    Parameters
    ----------
    table : Path
        The raw table.
    sidecar : Sidecar
        What to write, sealed; fields that have their default are left out.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder) / "t.csv"
    ...     write_sidecar(table, Sidecar.model_construct(title="made up", columns={}, rows=2))
    ...     sidecar_path(table).read_text().splitlines()
    ['title: made up', 'columns: {}', 'rows: 2', 'stamp: ...']
    """
    told = sidecar.model_copy(update={"stamp": seal(sidecar)})
    text = yaml.safe_dump(
        told.model_dump(mode="json", exclude_defaults=True),
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
    write_text(sidecar_path(table), text)


def read_cells(table: Path) -> tuple[list[str], list[list[str]]]:
    """Read the cells of a CSV file as text.

    Parameters
    ----------
    table : Path
        The file; its first line is the header.

    Returns
    -------
    header : list of str
        The names of the columns; empty for an empty file.
    rows : list of list of str
        The cells, row by row.

    Raises
    ------
    InputError
        When a byte is not UTF-8, with its line and column.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder) / "t.csv"
    ...     _ = table.write_text("place,deaths\\nA,5\\n")
    ...     read_cells(table)
    (['place', 'deaths'], [['A', '5']])
    """
    blob = table.read_bytes()
    try:
        text = blob.decode("utf-8")
    except UnicodeDecodeError as error:
        line = blob.count(b"\n", 0, error.start) + 1
        column = blob[blob.rfind(b"\n", 0, error.start) + 1 : error.start].count(b",") + 1
        raise InputError(
            f"{called(table)}, line {line}, column {column}: byte 0x{blob[error.start]:02x} "
            "is not UTF-8; save the file as UTF-8"
        ) from None
    header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    return header, rows


def count_rows(table: Path) -> int:
    """Count what a raw table holds.

    Parameters
    ----------
    table : Path
        A CSV, GeoJSON or YAML file.

    Returns
    -------
    int
        Rows without the header, features, or entries of a list.

    Raises
    ------
    InputError
        When the file is not readable, in one sentence.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder) / "ledger.yml"
    ...     _ = table.write_text("- one\\n- two\\n")
    ...     count_rows(table)
    2
    """
    if table.suffix == ".csv":
        return len(read_cells(table)[1])
    if table.suffix == ".geojson":
        held = read_json(table)
        entries = held.get("features") if isinstance(held, dict) else None
        expected = "one object with a list of features"
    else:
        entries, expected = read_yaml(table) or [], "a list of entries"
    if not isinstance(entries, list):
        raise InputError(f"{called(table)}: expected {expected}; restore the file")
    return len(entries)


def stamped(table: Path, sidecar: Sidecar) -> Sidecar:
    """Stamp a sidecar with the hash, the number of rows and the checks of its table.

    Parameters
    ----------
    table : Path
        The raw table.
    sidecar : Sidecar
        The description; it is not changed.

    Returns
    -------
    Sidecar
        A copy with new ``sha256``, ``rows`` and, for a CSV, a new ``check`` of each column.

    Examples
    --------
    >>> import tempfile
    >>> sidecar = Sidecar.model_construct(columns={"n": Column(type="integer", meaning="a count")})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder) / "t.csv"
    ...     _ = table.write_text("n\\n5\\n7\\n")
    ...     new = stamped(table, sidecar)
    >>> new.rows, new.columns["n"].check == column_check(["5", "7"])
    (2, True)
    """
    columns = dict(sidecar.columns)
    if table.suffix == ".csv":
        header, rows = read_cells(table)
        cells = dict(zip(header, zip(*rows))) if rows else {}
        columns = {
            name: column.model_copy(update={"check": column_check(cells.get(name, ()))})
            for name, column in columns.items()
        }
    return sidecar.model_copy(
        update={"sha256": sha256(table), "rows": count_rows(table), "columns": columns}
    )
