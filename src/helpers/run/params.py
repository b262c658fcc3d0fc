"""The parameters of a run: typed, strict, and refused in one sentence before anything starts."""

import csv
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.run.table import StageTable, raw_tables

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class Params(BaseModel):
    """What a reader may change; the same names stand in ``params/*.yml`` and in each notebook."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: str  #: as UCDP spells it
    first_month: Month  #: first month of the series, YYYY-MM
    last_month: Month  #: last month of the series, YYYY-MM
    sources: Annotated[list[str], Field(min_length=1)]  #: trackers compared side by side
    candidate: StrictBool  #: provisional UCDP months in (true) or out (false)
    seed: Annotated[StrictInt, Field(ge=0, lt=2**32)]  #: seed of every simulation


def read_params(path: Path, table: StageTable) -> Params:
    """Read ``path`` and check it against the raw data; :class:`InputError` says what is wrong."""
    if not path.exists():
        known = [f"params/{other.name}" for other in sorted(paths.PARAMS.glob("*.yml"))]
        raise InputError(
            f"{path} does not exist"
            + (did_you_mean(str(path), known) or f"; there are {', '.join(known)}")
        )
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} is not readable YAML: {' '.join(str(error).split())}"
        ) from None
    if not isinstance(content, dict):
        raise InputError(
            f"{path.name}: expected one 'name: value' a line, such as 'country: Pakistan'"
        )
    try:
        params = Params.model_validate(content)
    except ValidationError as error:
        raise InputError(f"{path.name}: {_sentence(error)}") from None
    _check_against_data(path.name, params, table)
    return params


def _sentence(error: ValidationError) -> str:
    # A misspelt name is both unknown and missing; the first says more.
    first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
    name = str(first["loc"][0])
    known = Params.model_fields
    if first["type"] == "extra_forbidden":
        return f"unknown parameter '{name}'" + (
            did_you_mean(name, known) or f"; known are {', '.join(known)}"
        )
    if first["type"] == "missing":
        return f"parameter '{name}' is missing"
    value, expected = repr(first["input"]), first["msg"].lower().removeprefix("input should be ")
    if name.endswith("_month"):
        expected = "a month written YYYY-MM, such as 2024-12"
    return f"parameter '{'.'.join(str(p) for p in first['loc'])}' is {value}, expected {expected}"


@lru_cache
def _coverage(raw: Path) -> tuple[dict[str, tuple[str, str]], set[str]]:
    """Return the first and last month of each country, and the sources that publish figures."""
    months: dict[str, tuple[str, str]] = {}
    with (raw / "country_month.csv").open(encoding="utf-8", newline="") as handle:
        for country, year, month, *_ in csv.reader(handle):
            if month.isdigit():
                stamp = f"{year}-{int(month):02d}"
                low, high = months.get(country, (stamp, stamp))
                months[country] = min(low, stamp), max(high, stamp)
    with (raw / "published_figures.csv").open(encoding="utf-8", newline="") as handle:
        sources = {row["source"] for row in csv.DictReader(handle)}
    return months, sources | {"UCDP"}


def _check_against_data(file: str, params: Params, table: StageTable) -> None:
    months, sources = _coverage(paths.RAW)
    if params.country not in months:
        raise InputError(
            f"{file}: country '{params.country}' is not in data/raw/country_month.csv"
            + did_you_mean(params.country, months)
        )
    wanted = f"{params.country.lower().replace(' ', '_')}_events.csv"
    read = [path.name for path in raw_tables(table) if path.name.endswith("_events.csv")]
    if read and wanted not in read:
        raise InputError(
            f"{file}: country '{params.country}' has no events in data/raw: the notebooks read {read[0]}, "
            f"expected {wanted}; choose another country"
        )
    for name in params.sources:
        if name not in sources:
            raise InputError(
                f"{file}: source '{name}' has no figures in data/raw" + did_you_mean(name, sources)
            )
    low, high = months[params.country]
    for name, month in (("first_month", params.first_month), ("last_month", params.last_month)):
        if not low <= month <= high:
            raise InputError(
                f"{file}: parameter '{name}' is {month}, but the data reach from {low} to {high}"
            )
    if params.first_month > table.window.first or params.last_month < table.window.last:
        raise InputError(
            f"{file}: the months {params.first_month} to {params.last_month} do not hold "
            f"{table.window.first} to {table.window.last}, which every notebook needs"
        )
