"""Tables that take long to make, kept from run to run and clone to clone.

A kept table's file is named by a hash of what made it, code and where need be data, and a hash of
its own bytes. Changed bytes are refused. A table that a run can afford is made anew by other code,
and each reader makes a few of its rows again, which must agree (:func:`kept`). One that takes too
long for a run is read as it stands, and the reader says when code or data have changed
(:func:`read`).
"""

import ast
import hashlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed, write_text
from helpers.run.fingerprint import modules

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 0.01  # by how much a share or a number may differ between machines


class Kept(NamedTuple):
    """A kept table that a run does not make anew.

    Attributes
    ----------
    table : pandas.DataFrame
        The table.
    current : bool
        Whether the code and the data of today would give its key.
    """

    table: "pd.DataFrame"
    current: bool


def code_key(module: str, *tables: "pd.DataFrame") -> str:
    """Return a hash of a module, all helper modules that it reaches by imports, and of data.

    Comments, docstrings and empty lines do not count: they change no number.

    Parameters
    ----------
    module : str
        Name of a module of this package.
    *tables : pandas.DataFrame
        The data that a table depends on besides the code.

    Returns
    -------
    str
        Twelve hexadecimal digits.

    Examples
    --------
    >>> len(code_key("helpers.stats.estimate"))
    12
    """
    found = hashlib.sha256()
    for file in modules((), [module]):
        found.update(f"{file.name}\n{_bare(file.read_text(encoding='utf-8'))}\n".encode())
    for table in tables:
        found.update(_bytes(table))
    return found.hexdigest()[:12]


def kept(
    name: str,
    make: Callable[..., "pd.DataFrame"],
    *arguments: Any,
    sample: Mapping[str, Any],
    by: list[str],
    **options: Any,
) -> "pd.DataFrame":
    """Return a kept table, made anew where the code has changed since.

    Parameters
    ----------
    name : str
        Name of the table.
    make : callable
        A function of a module of this package, called with ``arguments`` and ``options``.
    *arguments
        Its arguments.
    sample : mapping of str to object
        Options under which it makes a few rows of the table.
    by : list of str
        Columns that identify a row.
    **options
        Further options of the whole table.

    Returns
    -------
    pandas.DataFrame

    Raises
    ------
    InputError
        The kept file is not what it was when it was written, the sample has no row, or one of its
        rows differs.
    """
    key = code_key(make.__module__)
    files = [file for file in _kept(name) if file.stem.split("-")[-2] == key]
    if not files:
        table = make(*arguments, **options)
        keep(name, key, table)
        return _table(_folder() / _file(name, key, _bytes(table)))
    table = _table(files[0])
    _agree(make(*arguments, **{**options, **sample}), table, by, paths.relative(files[0]))
    return table


def read(name: str, key: str) -> Kept:
    """Return a kept table as it stands, and whether it is what would be made today.

    Parameters
    ----------
    name : str
        Name of the table.
    key : str
        See :func:`code_key`.

    Returns
    -------
    Kept

    Raises
    ------
    InputError
        No table of this name is kept, or the file is not what it was when it was written.
    """
    files = _kept(name)
    if not files:
        raise InputError(
            f"no table '{name}' is kept in {paths.relative(_folder())}; run make calibrate"
        )
    found = {file.stem.split("-")[-2]: file for file in files}
    return Kept(_table(found.get(key, files[-1])), key in found)


def _agree(again: "pd.DataFrame", table: "pd.DataFrame", by: list[str], file: object) -> None:
    """Refuse a kept table that differs from rows of it that were made again."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    if again.empty:
        raise InputError(f"{file} cannot be checked: the sample makes no row")
    both = again.merge(table, on=by, how="left", suffixes=("", "_kept"), indicator="where")
    for column in again.columns.difference(by):
        now, then = both[column], both[f"{column}_kept"]
        numbers = is_numeric_dtype(now) and is_numeric_dtype(then)
        if numbers and not is_bool_dtype(now):
            far = (now - then).abs() > TOLERANCE * now.abs().clip(1)
        else:
            far = now.notna() & (now != then)
        far |= (now.isna() != then.isna()) | (both["where"] == "left_only")
        if far.any():
            row = both.loc[far.idxmax()]
            told = ", ".join(str(row[one]) for one in by)
            raise InputError(
                f"{file}, row {told}: {column} is kept as {row[f'{column}_kept']} and is "
                f"{row[column]} when made again; remove the file, and run once more"
            )


def keep(name: str, key: str, table: "pd.DataFrame") -> Path:
    """Put a table in place of those of the same name that other code made.

    Parameters
    ----------
    name : str
        Name of the table.
    key : str
        See :func:`code_key`.
    table : pandas.DataFrame
        The table.

    Returns
    -------
    Path
        The file.
    """
    file = _folder() / _file(name, key, _bytes(table))
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, _bytes(table).decode())
    for other in _kept(name):
        if other != file:
            other.unlink()
    return file


def _folder() -> Path:
    return paths.PROCESSED / "kept"


def _kept(name: str) -> list[Path]:
    """Return the files of a table, and of no other whose name begins as its does."""
    return [file for file in listed(_folder(), "*.csv") if file.stem[:-26] == name]


def _file(name: str, key: str, content: bytes) -> str:
    return f"{name}-{key}-{hashlib.sha256(content).hexdigest()[:12]}.csv"


def _bytes(table: "pd.DataFrame") -> bytes:
    return table.to_csv(index=False, lineterminator="\n").encode()


def _table(file: Path) -> "pd.DataFrame":
    """Return the table of a file whose name tells its bytes."""
    import pandas as pd

    content = file.read_bytes()
    if file.stem.split("-")[-1] != hashlib.sha256(content).hexdigest()[:12]:
        raise InputError(
            f"{paths.relative(file)} has changed since it was made; remove it, and run once more"
        )
    return pd.read_csv(BytesIO(content))


def _bare(source: str) -> str:
    """Return the syntax of code without docstrings, written alike by every Python."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
    return _written(tree)


def _written(node: object) -> str:
    """Return a node with its fields but the empty ones: later Pythons add such fields."""
    if isinstance(node, list):
        return f"[{','.join(map(_written, node))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    fields = ((name, value) for name, value in ast.iter_fields(node) if value not in (None, []))
    return f"{type(node).__name__}({','.join(f'{name}={_written(one)}' for name, one in fields)})"
