"""Put a finished table and its sidecar into ``data/raw``: checked, stamped, whole."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.base.files import whole
from helpers.raw.contract import check_sums, check_values, refuse_export
from helpers.raw.folders import called
from helpers.raw.sidecar import (
    Sidecar,
    count_rows,
    read_cells,
    read_sidecar,
    stamped,
    write_sidecar,
)


def put(frame: pd.DataFrame, table: Path, sidecar: Sidecar) -> None:
    """Write a raw table and its sidecar, or leave both as they were.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        The table; its index is dropped, what is missing becomes an empty cell.
    table : Path
        Where to write it; the sidecar goes beside it.
    sidecar : Sidecar
        The description; hash, rows and checks are stamped anew.

    Raises
    ------
    InputError
        When a column or a value is not as described.

    Examples
    --------
    >>> import tempfile
    >>> from helpers.base.files import listed
    >>> from helpers.raw.sidecar import Column, Licence
    >>> names = ["producer", "title", "description", "citation_full", "version", "url"]
    >>> about = dict.fromkeys([*names, "date_accessed", "built_by"], "made up")
    >>> about |= {"licence": Licence(name="CC0", url="made up"), "redistribution": "allowed"}
    >>> sidecar = Sidecar(columns={"n": Column(type="integer", meaning="a count")}, **about)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     put(pd.DataFrame({"n": [5, 7]}), Path(folder) / "t.csv", sidecar)
    ...     sorted(path.name for path in listed(Path(folder)))
    ['t.csv', 't.source.yml']
    """
    _require_columns(called(table), list(frame.columns), sidecar)
    text = as_text(frame)
    check_values(table, text, sidecar)
    with whole(table) as temporary:
        text.to_csv(temporary, index=False, encoding="utf-8", lineterminator="\n")
    write_sidecar(table, stamped(table, sidecar))


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of a table as they are written.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        The table.

    Returns
    -------
    pandas.DataFrame of str, shape (n_rows, n_columns)
        What is missing is empty; rows are numbered from 0.

    Examples
    --------
    >>> as_text(pd.DataFrame({"n": [5, None]}, dtype="Int64"))["n"].tolist()
    ['5', '']
    """
    return frame.astype("object").where(frame.notna(), "").astype(str).reset_index(drop=True)


def stamp(table: Path) -> None:
    """Check an edited table against its sidecar, then stamp its new hash, rows and checks.

    Parameters
    ----------
    table : Path
        The raw table, with a sidecar beside it.

    Raises
    ------
    InputError
        When the sidecar is missing or wrong, or a column or a value is not as described, or the
        table is an export that nobody may pass on and is said to be another.

    Examples
    --------
    >>> stamp(Path("no-such-table.csv"))
    Traceback (most recent call last):
    helpers.base.errors.InputError: no-such-table.csv has no sidecar: expected \
no-such-table.source.yml beside it; write one, then run `python -m helpers.cli ingest stamp`
    """
    sidecar = read_sidecar(table, sealed=False)
    refuse_export(table, sidecar)
    if table.suffix == ".csv":
        header, rows = read_cells(table)
        _require_columns(f"{called(table)}, line 1", header, sidecar)
        if not rows:
            raise InputError(f"{called(table)} has a header and no row; restore the file")
        text = pd.DataFrame(rows, columns=header, dtype="str")
        check_values(table, text, sidecar)
        check_sums(table, text, sidecar)
    elif not count_rows(table):
        raise InputError(f"{called(table)} has no entry; restore the file")
    write_sidecar(table, stamped(table, sidecar))


def _require_columns(where: str, columns: list[str], sidecar: Sidecar) -> None:
    described = list(sidecar.columns)
    if columns != described:
        raise InputError(f"{where}: columns {columns} differ from the sidecar's {described}")
