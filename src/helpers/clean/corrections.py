"""The ledger of corrections: what is changed in a raw table, why, and what must be there to change.

Each entry says what it expects to find. When a publisher mends the figure, or a rebuilt table no
longer holds it, the expectation fails and the run stops, so that no correction outlives its error
unseen. The raw table itself is never touched.
"""

from collections import Counter
from typing import Literal

import pandas as pd
from pydantic import Field, ValidationError, model_validator

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.models import Strict, first_fault
from helpers.raw.sidecar import read_sidecar

Cell = str | int | float
REPORT = ["id", "action", "rows", "change", "reason", "source", "status"]
FLAG = "flag"


class Expectation(Strict):
    """How many rows an entry matches, and what stands in them.

    Attributes
    ----------
    rows : int
        Number of rows that match.
    values : dict of str to str, int or float
        Column to the value that every matching row must hold.
    """

    rows: int = Field(1, ge=1)
    values: dict[str, Cell] = {}


class Correction(Strict):
    """One entry of the ledger: the rows that match, and what becomes of them.

    Attributes
    ----------
    id : str
        Name of the entry, unique in its ledger.
    table : str
        Name of the raw table, without its ending.
    match : dict of str to str, int or float
        Column to the value by which rows are found; an empty text matches a missing value.
    action : {"drop", "override", "flag"}
        Leave the rows out, put ``set`` into them, or keep them behind all others.
    set : dict of str to str, int or float, optional
        Column to its new value; of an override, and only of one.
    reason, source : str
        Why, and the address where that can be read.
    expect : Expectation
        What must be found, or the run stops.
    status : {"open", "reported", "fixed_upstream"}
        What the publisher knows of it.
    """

    id: str
    table: str
    match: dict[str, Cell]
    action: Literal["drop", "override", "flag"]
    set: dict[str, Cell] | None = None
    reason: str
    source: str
    expect: Expectation
    status: Literal["open", "reported", "fixed_upstream"] = "open"

    @property
    def sets(self) -> dict[str, Cell]:
        """The columns that the entry sets, none where it is no override."""
        return self.set or {}

    @model_validator(mode="after")
    def _override_says_what(self) -> "Correction":
        if bool(self.set) != (self.action == "override"):
            raise ValueError("an override needs 'set', and only an override has it")
        return self


def parse(entries: list, name: str = "corrections.yml") -> list[Correction]:
    """Check the entries of a ledger.

    Parameters
    ----------
    entries : list
        Entries as they stand in the file (dict), or checked ones.
    name : str, default "corrections.yml"
        What the ledger is called in an error.

    Returns
    -------
    list of Correction
        The entries, in order.

    Raises
    ------
    InputError
        When a field is wrong, missing or unknown, with the entry and the field; when an id stands
        twice.

    Examples
    --------
    >>> entry = {"id": "typo", "table": "t", "match": {"year": 2020}, "action": "flag"}
    >>> parse([entry | {"reason": "digits swapped", "source": "page 3", "expect": {}}])[0].status
    'open'
    """
    ledger = [_entry(name, number, entry) for number, entry in enumerate(entries, start=1)]
    twice = [
        identity for identity, count in Counter(entry.id for entry in ledger).items() if count > 1
    ]
    if twice:
        raise InputError(
            f"{name}: the id '{twice[0]}' stands there a second time; give each entry its own"
        )
    return ledger


def _entry(name: str, number: int, entry: object) -> Correction:
    if isinstance(entry, Correction):
        return entry
    try:
        return Correction.model_validate(entry)
    except ValidationError as error:
        fault = first_fault(error)
        identity = (
            entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        )
        where = ".".join(fault.place)
        raise InputError(
            f"{name}, entry '{identity}'{', ' + where if where else ''}: {fault.said}"
        ) from None


def apply(frame: pd.DataFrame, table_name: str, ledger: list) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Apply the entries of a ledger to one table, in their order.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        The table as published; it is not changed.
    table_name : str
        Entries for other tables are passed over.
    ledger : list
        Corrections, checked or as they stand in the file.

    Returns
    -------
    corrected : pandas.DataFrame
        The table less dropped rows, with an added column ``flag``: the id of the entry that flags
        a row, else ``""``.
    report : pandas.DataFrame, one row an entry
        The columns of :data:`REPORT`; ``rows`` is the number of rows that the entry touched.

    Raises
    ------
    InputError
        When an entry names an unknown column or does not find what it expects.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2020, 2021], "killed": [52, 70]})
    >>> typo = {"id": "swap", "table": "t", "match": {"year": 2020}, "action": "override"}
    >>> typo |= {"set": {"killed": 25}, "reason": "digits swapped", "source": "page 3"}
    >>> mended, report = apply(table, "t", [typo | {"expect": {"values": {"killed": 52}}}])
    >>> mended["killed"].tolist(), report["change"].tolist()
    ([25, 70], ['killed = 25'])
    """
    frame = frame.reset_index(drop=True).assign(**{FLAG: ""})
    report = []
    entries = parse(ledger)
    _require_known(entries, table_name)
    for entry in (entry for entry in entries if entry.table == table_name):
        rows = matching(frame, entry)
        check(frame[rows], entry)
        if entry.action == "drop":
            frame = frame[~rows]
        elif entry.action == "override":
            frame.loc[rows, list(entry.sets)] = list(entry.sets.values())
        else:
            frame.loc[rows, FLAG] = entry.id
        change = ", ".join(f"{name} = {value}" for name, value in entry.sets.items())
        found = {"rows": int(rows.sum()), "change": change}
        report.append([(found | entry.model_dump())[name] for name in REPORT])
    return frame.reset_index(drop=True), pd.DataFrame(report, columns=REPORT)


def _require_known(entries: list[Correction], table_name: str) -> None:
    """Refuse an entry for a table that nothing corrects: it would be dropped without a word."""
    column = read_sidecar(paths.RAW / "corrections.yml").columns.get("table")
    if column is None:
        raise InputError(
            "corrections.source.yml describes no column 'table', whose allowed names are those of "
            "the tables that a ledger may correct"
        )
    known = {table_name, *(column.allowed or [])}
    for entry in entries:
        if entry.table not in known:
            raise InputError(
                f"corrections, entry '{entry.id}': no step corrects a table '{entry.table}'"
                + did_you_mean(entry.table, known)
            )


def matching(frame: pd.DataFrame, entry: Correction) -> pd.Series:
    """Find the rows that an entry matches.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        The table.
    entry : Correction
        Numbers are compared as numbers, everything else as text.

    Returns
    -------
    pandas.Series of bool, shape (n_rows,)
        True where every column of ``entry.match`` has its value.

    Raises
    ------
    InputError
        When the entry names a column that the table lacks.

    Examples
    --------
    >>> entry = {"id": "a", "table": "t", "match": {"who": "X", "year": 2020}, "action": "flag"}
    >>> checked = parse([entry | {"reason": "r", "source": "s", "expect": {}}])[0]
    >>> table = pd.DataFrame({"who": ["X", "X", None], "year": [2020, 2021, 2020]})
    >>> matching(table, checked).tolist()
    [True, False, False]
    """
    rows = pd.Series(True, index=frame.index)
    for column, wanted in entry.match.items():
        rows &= _equal(frame, column, wanted, entry)
    for column in entry.sets:
        _known(frame, column, entry)
    return rows


def check(found: pd.DataFrame, entry: Correction) -> None:
    """Stop when what an entry found is not what it expects.

    Parameters
    ----------
    found : pandas.DataFrame, shape (n_found, n_columns)
        The rows that the entry matches.
    entry : Correction
        The entry.

    Raises
    ------
    InputError
        When the number of rows or a value in them differs, with what was found instead.

    Examples
    --------
    >>> entry = {"id": "a", "table": "t", "match": {"year": 2020}, "action": "flag"}
    >>> checked = parse([entry | {"reason": "r", "source": "s", "expect": {"rows": 2}}])[0]
    >>> check(pd.DataFrame({"year": [2020, 2020]}), checked)
    """
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
        if isinstance(wanted, str):
            raise InputError(
                f"corrections, entry '{entry.id}': column '{column}' of {entry.table} holds "
                f"numbers, expected one to match instead of '{wanted}'"
            )
        return frame[column].eq(wanted).fillna(False).astype(bool)
    return frame[column].fillna("").astype(str).eq(str(wanted))


def _known(frame: pd.DataFrame, column: str, entry: Correction) -> None:
    if column not in frame:
        raise InputError(
            f"corrections, entry '{entry.id}': {entry.table} has no column '{column}'"
            + did_you_mean(column, frame.columns)
        )


def _spell(match: dict[str, Cell]) -> str:
    return ", ".join(f"{column}={value}" for column, value in match.items())
