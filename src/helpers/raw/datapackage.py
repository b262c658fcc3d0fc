"""The sidecars of the raw tables as one Frictionless data package, for tools that read those."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.raw.sidecar import Column, Sidecar, publishable, read_sidecar

# How a kind of ours is called there; our months and days are texts with a pattern of their own.
KINDS = {"integer": "integer", "number": "number", "boolean": "boolean", "month": "yearmonth"}
FORMATS = {".csv": "text/csv", ".geojson": "application/geo+json", ".yml": "application/yaml"}


def datapackage(tables: Iterable[Path], folder: str = "") -> dict[str, Any]:
    """Return the description of raw tables after the Frictionless standard.

    Parameters
    ----------
    tables : iterable of Path
        Raw tables, each with its sidecar beside it.
    folder : str, optional
        Where they stand, seen from ``datapackage.json``; beside it by default.

    Returns
    -------
    dict
        A data package, to be written as ``datapackage.json``, of the tables whose rows may be
        passed on.

    Raises
    ------
    InputError
        When a sidecar is missing or wrong.

    References
    ----------
    Frictionless Data, Data Package and Table Schema, version 1.
    """
    return {
        "profile": "data-package",
        "name": "raw-tables",
        "resources": [
            _resource(path, told, folder)
            for path in tables
            if publishable(told := read_sidecar(path))
        ],
    }


def _resource(path: Path, told: Sidecar, folder: str) -> dict[str, Any]:
    resource = {
        "name": path.stem.lower().replace("_", "-"),
        "path": f"{folder}/{path.name}" if folder else path.name,
        "title": told.title,
        "description": told.description,
        "mediatype": FORMATS[path.suffix],
        "encoding": "utf-8",
        "hash": f"sha256:{told.sha256}",
        "bytes": path.stat().st_size,
        "version": told.version,
        "licenses": [_licence(told)],
        "sources": [{"title": told.producer, "path": told.url}],
    }
    if path.suffix != ".csv":
        return resource
    fields = [_field(name, column) for name, column in told.columns.items()]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if told.key:
        schema["primaryKey"] = told.key
    return resource | {"profile": "tabular-data-resource", "schema": schema}


def _licence(told: Sidecar) -> dict[str, str]:
    """Return the licence; terms in words, without an address, need a name there."""
    place = {"path": told.licence.url} if told.licence.url else {"name": "other"}
    return {"title": told.licence.name, **place}


def _field(name: str, column: Column) -> dict[str, Any]:
    """Return a column as a field: its type, its unit in words, and what it may not be."""
    limits: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.minimum is not None:
        limits["minimum"] = column.minimum
    if column.allowed:
        limits["enum"] = column.allowed
    unit = f" ({column.unit})" if column.unit else ""
    kind = KINDS.get(column.type, "string")
    field = {"name": name, "type": kind, "description": f"{column.meaning}{unit}"}
    return field | ({"constraints": limits} if limits else {})
