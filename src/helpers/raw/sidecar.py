"""The sidecar of a raw table: who made it, under which licence, and what exactly it must be."""

import csv
import io
import json
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from helpers.base.errors import InputError
from helpers.base.files import sha256, write_text
from helpers.base.models import Strict
from helpers.raw.checksums import column_check

Kind = Literal["string", "integer", "number", "month", "date", "boolean"]


class Licence(Strict):
    name: str
    url: str


class Column(Strict):
    """One column: what it holds, in which unit, and what it may not be."""

    type: Kind
    unit: str = ""
    meaning: str
    nullable: bool = False
    minimum: float | None = None
    allowed: list[str] | None = None
    check: str = ""


class Sidecar(Strict):
    """``NAME.source.yml`` beside ``NAME.csv``; ``sha256``, ``rows`` and ``check`` are stamped."""

    producer: str
    title: str
    description: str
    citation_full: str
    version: str
    url: str
    date_accessed: str
    licence: Licence
    redistribution: str
    built_by: str
    notes: list[str] = Field(default_factory=list)
    key: list[str] = Field(default_factory=list)
    columns: dict[str, Column]
    rows: int = 0
    sha256: str = ""


def sidecar_path(table: Path) -> Path:
    """Return the path of a raw table's sidecar."""
    return table.with_name(table.stem + ".source.yml")


def read_sidecar(table: Path) -> Sidecar:
    """Read and validate the sidecar of ``table``; :class:`InputError` when it is absent or wrong."""
    path = sidecar_path(table)
    if not path.exists():
        raise InputError(
            f"{table.name} has no sidecar: expected {path.name} beside it; "
            "write one, then run `python -m helpers.cli ingest stamp`"
        )
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return Sidecar.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} is not readable YAML: {' '.join(str(error).split())}"
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path.name}, entry '{where}': {first['msg'].lower()}") from None


def write_sidecar(table: Path, sidecar: Sidecar) -> None:
    """Write ``sidecar`` beside ``table``, whole."""
    text = yaml.safe_dump(
        sidecar.model_dump(mode="json", exclude_defaults=True),
        sort_keys=False,
        allow_unicode=True,
        width=100,
    )
    write_text(sidecar_path(table), text)


def read_cells(table: Path) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of a CSV file as text; :class:`InputError` on bad encoding."""
    blob = table.read_bytes()
    try:
        text = blob.decode("utf-8")
    except UnicodeDecodeError as error:
        line = blob.count(b"\n", 0, error.start) + 1
        column = blob[blob.rfind(b"\n", 0, error.start) + 1 : error.start].count(b",") + 1
        raise InputError(
            f"{table.name}, line {line}, column {column}: byte 0x{blob[error.start]:02x} "
            "is not UTF-8; save the file as UTF-8"
        ) from None
    header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    return header, rows


def count_rows(table: Path) -> int:
    """Return the number of data rows of a CSV, features of a GeoJSON, or entries of a YAML list."""
    if table.suffix == ".csv":
        return len(read_cells(table)[1])
    text = table.read_text(encoding="utf-8")
    return len(json.loads(text)["features"] if table.suffix == ".geojson" else yaml.safe_load(text))


def stamped(table: Path, sidecar: Sidecar) -> Sidecar:
    """Return ``sidecar`` with the hash, the row count and the column checks of ``table``."""
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
