"""Put a finished table and its sidecar into ``data/raw``: checked, stamped, whole."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.base.files import whole
from helpers.raw.contract import check_values
from helpers.raw.sidecar import Sidecar, read_cells, read_sidecar, stamped, write_sidecar


def put(frame: pd.DataFrame, table: Path, sidecar: Sidecar) -> None:
    """Write ``frame`` to ``table`` with ``sidecar`` beside it, or raise and leave both as they were."""
    if list(frame.columns) != list(sidecar.columns):
        raise InputError(
            f"{table.name}: columns {list(frame.columns)} differ from the sidecar's {list(sidecar.columns)}"
        )
    text = frame.astype("object").where(frame.notna(), "").astype(str).reset_index(drop=True)
    check_values(table, text, sidecar)
    with whole(table) as temporary:
        text.to_csv(temporary, index=False, encoding="utf-8", lineterminator="\n")
    write_sidecar(table, stamped(table, sidecar))


def stamp(table: Path) -> None:
    """Check an edited table against its sidecar, then stamp its new hash, rows and checks."""
    sidecar = read_sidecar(table)
    if table.suffix == ".csv":
        header, rows = read_cells(table)
        if header != list(sidecar.columns):
            raise InputError(
                f"{table.name}, line 1: columns {header} differ from the sidecar's {list(sidecar.columns)}"
            )
        check_values(table, pd.DataFrame(rows, columns=header, dtype="str"), sidecar)
    write_sidecar(table, stamped(table, sidecar))
