"""The ledger of corrections: what is changed in a raw table, why, and what must be there to change.

Each entry says what it expects to find. When a publisher mends the figure, or a rebuilt table no longer
holds it, the expectation fails and the run stops, so that no correction outlives its error unseen.
The raw table itself is never touched.
"""

from collections import Counter
from pathlib import Path
from typing import Literal

import pandas as pd
import yaml
from pydantic import ValidationError, model_validator

from helpers.base.errors import InputError, did_you_mean
from helpers.base.models import Strict

Cell = str | int | float
REPORT = ["id", "action", "rows", "change", "reason", "source", "status"]
FLAG = "flag"


class Expectation(Strict):
    """How many rows an entry matches, and what stands in them."""

    rows: int = 1
    values: dict[str, Cell] = {}


class Correction(Strict):
    """One entry: the rows that ``match``, and what becomes of them."""

    id: str
    table: str
    match: dict[str, Cell]
    action: Literal["drop", "override", "flag"]
    column: str | None = None
    set: Cell | None = None
    reason: str
    source: str
    expect: Expectation
    status: Literal["open", "reported", "fixed_upstream"] = "open"

    @model_validator(mode="after")
    def _override_says_what(self) -> "Correction":
        given = {self.column is not None, self.set is not None}
        if given != {self.action == "override"}:
            raise ValueError("an override needs 'column' and 'set', and only an override has them")
        return self


def parse(entries: list, name: str = "corrections.yml") -> list[Correction]:
    """Return the entries of a ledger; :class:`InputError` names the entry and the field that is wrong."""
    ledger = [_entry(name, number, entry) for number, entry in enumerate(entries, start=1)]
    twice = [
        identity for identity, count in Counter(entry.id for entry in ledger).items() if count > 1
    ]
    if twice:
        raise InputError(
            f"{name}: the id '{twice[0]}' stands there a second time; give each entry its own"
        )
    return ledger


def read_ledger(path: Path) -> list[Correction]:
    """Return the entries of the ledger at ``path``, as :func:`parse` does."""
    try:
        return parse(yaml.safe_load(path.read_text(encoding="utf-8")) or [], path.name)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} is not readable YAML: {' '.join(str(error).split())}"
        ) from None


def _entry(name: str, number: int, entry: object) -> Correction:
    if isinstance(entry, Correction):
        return entry
    try:
        return Correction.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        identity = (
            entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        )
        where = ".".join(str(part) for part in first["loc"])
        said = first["msg"].removeprefix("Value error, ").lower()
        raise InputError(
            f"{name}, entry '{identity}'{', ' + where if where else ''}: {said}"
        ) from None


def apply(frame: pd.DataFrame, table_name: str, ledger: list) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``frame`` with the entries for ``table_name`` applied in order, and a report of them.

    ``ledger`` holds corrections, parsed or as they stand in the file. A flagged row stays and has the
    entry's id in the added column ``flag`` (empty elsewhere). The report has the columns REPORT, one row
    per entry. Raises :class:`InputError` in one sentence when
    an entry names an unknown column or does not find what it expects.
    """
    frame = frame.reset_index(drop=True).assign(**{FLAG: ""})
    report = []
    for entry in (entry for entry in parse(ledger) if entry.table == table_name):
        rows = matching(frame, entry)
        check(frame[rows], entry)
        if entry.action == "drop":
            frame = frame[~rows]
        elif entry.action == "override":
            frame.loc[rows, entry.column] = entry.set
        else:
            frame.loc[rows, FLAG] = entry.id
        change = f"{entry.column} = {entry.set}" if entry.action == "override" else ""
        report.append(
            [
                entry.id,
                entry.action,
                int(rows.sum()),
                change,
                entry.reason,
                entry.source,
                entry.status,
            ]
        )
    return frame.reset_index(drop=True), pd.DataFrame(report, columns=REPORT)


def matching(frame: pd.DataFrame, entry: Correction) -> pd.Series:
    """Return which rows of ``frame`` an entry matches."""
    rows = pd.Series(True, index=frame.index)
    for column, wanted in entry.match.items():
        rows &= _equal(frame, column, wanted, entry)
    if entry.column is not None:
        _known(frame, entry.column, entry)
    return rows


def check(found: pd.DataFrame, entry: Correction) -> None:
    """Raise :class:`InputError` when ``found`` is not what the entry expects."""
    if len(found) != entry.expect.rows:
        raise InputError(
            f"corrections, entry '{entry.id}': expected {entry.expect.rows} rows in "
            f"{entry.table} with {_spell(entry.match)}, found {len(found)}; the table has "
            f"changed, so remove or rewrite the entry"
        )
    for column, wanted in entry.expect.values.items():
        other = found.loc[~_equal(found, column, wanted, entry), column]
        if len(other):
            raise InputError(
                f"corrections, entry '{entry.id}': expected {column} {wanted} in {entry.table} "
                f"with {_spell(entry.match)}, found {other.iloc[0]}; the figure has changed, so "
                f"remove or rewrite the entry"
            )


def _equal(frame: pd.DataFrame, column: str, wanted: Cell, entry: Correction) -> pd.Series:
    _known(frame, column, entry)
    if pd.api.types.is_numeric_dtype(frame[column]):
        return frame[column].eq(float(wanted)).fillna(False).astype(bool)
    return frame[column].fillna("").astype(str).eq(str(wanted))


def _known(frame: pd.DataFrame, column: str, entry: Correction) -> None:
    if column not in frame:
        raise InputError(
            f"corrections, entry '{entry.id}': {entry.table} has no column '{column}'"
            + did_you_mean(column, frame.columns)
        )


def _spell(match: dict[str, Cell]) -> str:
    return ", ".join(f"{column}={value}" for column, value in match.items())
