"""The contract of a raw table: its bytes, rows and columns are what its sidecar says.

:func:`verify` is cheap and runs before anything starts; :func:`load` also checks every value.
Line numbers count the header as line 1, as editors do.
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.files import listed, sha256
from helpers.base.markup import is_formula
from helpers.raw.checksums import altered_row, lost_row
from helpers.raw.folders import called, raw_files
from helpers.raw.publishers import export_of
from helpers.raw.rules import NAMED, Bounds, Rule, Sums, broken
from helpers.raw.sidecar import (
    Column,
    Sidecar,
    count_rows,
    publishable,
    read_cells,
    read_sidecar,
    sidecar_path,
)

if TYPE_CHECKING:
    import pandas as pd

ADDRESS = r"https?://[^\s/|]+\.[^\s/|]+(/[^\s|]*)?"
PATTERNS = {
    "integer": r"-?\d+",
    "number": r"-?\d+(\.\d+)?([eE]-?\d+)?",
    "month": r"\d{4}-(0[1-9]|1[0-2])",
    "date": r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?",
    "boolean": r"true|false",
    "url": rf"{ADDRESS}( \| {ADDRESS})*",
    "string": r"(?s).*",
}
EXPECTED = {"url": "addresses with scheme and host, parted by ' | '"}
TABLES = {".csv", ".geojson", ".yml"}
KNOWN = "correct it, or name a row that is so as published under the rule's 'known'"
DTYPES = {"integer": "Int64", "number": "float64", "boolean": "boolean"}
RESTAMP = (
    "if the change is meant, run `python -m helpers.cli ingest stamp {}`, else restore the file"
)


def verify(table: Path) -> Sidecar:
    """Check that a raw table is the file that its sidecar describes.

    Parameters
    ----------
    table : Path
        A CSV, GeoJSON or YAML file with a sidecar beside it.

    Returns
    -------
    Sidecar
        The sidecar.

    Raises
    ------
    InputError
        When the file is missing or differs; for a CSV with line and column.

    Examples
    --------
    >>> verify(Path("no-such-table.csv"))
    Traceback (most recent call last):
    helpers.base.errors.InputError: no-such-table.csv is missing from data/raw; restore it or \
rebuild it with helpers.ingest
    """
    if not table.exists():
        raise InputError(
            f"{called(table)} is missing from data/raw; "
            "restore it or rebuild it with helpers.ingest"
        )
    sidecar = read_sidecar(table)
    if sha256(table) != sidecar.sha256:
        _explain(table, sidecar)
    return sidecar


def verify_all(folder: Path) -> None:
    """Check every raw table and every description, also those that no stage reads.

    Parameters
    ----------
    folder : Path
        The folder with those below, as :func:`helpers.raw.folders.raw_files` has it.

    Raises
    ------
    InputError
        When a table or a sidecar differs, or one stands without the other, or as of
        :func:`refuse_export`.

    Examples
    --------
    >>> from helpers.base import paths
    >>> verify_all(paths.RAW)
    """
    files = raw_files(folder)
    described = {path for path in files if path.name.endswith(".source.yml")}
    for path in files:
        if path.suffix in TABLES and not path.name.endswith(".source.yml"):
            refuse_export(path, verify(path))
            described.discard(sidecar_path(path))
    if described:
        raise InputError(
            f"{called(min(described))} describes a table that is missing from data/raw; "
            "restore the table"
        )


def refuse_export(table: Path, sidecar: Sidecar) -> None:
    """Refuse an export that nobody may pass on, where its sidecar says that one may.

    Parameters
    ----------
    table : Path
        The raw table.
    sidecar : Sidecar
        What it says of itself.

    Raises
    ------
    InputError
        When its columns are those of such an export.
    """
    if publishable(sidecar) and (export := export_of(list(sidecar.columns))):
        raise InputError(
            f"{called(table)} has the columns of {export}, whose rows may not be passed on, and "
            f"its sidecar says of redistribution: {sidecar.redistribution}; say 'forbidden' there "
            f"and keep it in {paths.relative(paths.OWN)}"
        )


def _explain(table: Path, sidecar: Sidecar) -> None:
    """Raise the sentence that says how ``table`` differs from ``sidecar``."""
    restamp = RESTAMP.format(called(table))
    if table.suffix != ".csv":
        have = f"{count_rows(table)} entries, expected {sidecar.rows}"
        raise InputError(f"{called(table)} differs from its sidecar ({have}); {restamp}")
    header, rows = read_cells(table)
    _check_header(table, header, sidecar.columns)
    for line, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(
                f"{called(table)}, line {line}: {len(row)} cells, expected {len(header)}; {restamp}"
            )
    if len(rows) != sidecar.rows:
        raise InputError(_row_sentence(table, sidecar, rows) + f"; {restamp}")
    check_values(table, _frame(header, rows), sidecar)
    for name, cells in zip(header, zip(*rows)):
        if said := _altered_sentence(name, cells, sidecar.columns[name].check):
            raise InputError(f"{called(table)}, {said} its sidecar was stamped with; {restamp}")
    raise InputError(
        f"{called(table)}: the bytes differ from its sidecar though every cell is the same "
        f"(line ends or quoting); {restamp}"
    )


def _altered_sentence(name: str, cells: tuple[str, ...], check: str) -> str:
    """Return which cell of a column differs from its check, nothing when none does."""
    row = altered_row(cells, check)
    if row is None:
        return f"column '{name}': several values are not the ones"
    if row == 0:
        return ""
    return f"line {row + 1}, column '{name}': the value '{cells[row - 1]}' is not the one"


def _row_sentence(table: Path, sidecar: Sidecar, rows: list[list[str]]) -> str:
    sentence = f"{called(table)} has {len(rows)} rows, expected {sidecar.rows}"
    if not rows or len(rows) != sidecar.rows - 1:
        return sentence
    # Among equal neighbours a column knows only the first place; the one that knows most says the
    # latest.
    places = [
        (lost_row(cells, sidecar.columns[name].check) or 0, name)
        for name, cells in zip(sidecar.columns, zip(*rows))
    ]
    place, name = max(places)
    return (
        f"{sentence}: the row that stood in line {place + 1} is gone, seen in column '{name}'"
        if place
        else sentence
    )


def _check_header(table: Path, header: list[str], columns: Iterable[str]) -> None:
    for name in columns:
        if name not in header:
            raise InputError(
                f"{called(table)}, line 1: column '{name}' is missing"
                + did_you_mean(name, set(header) - set(columns)).replace(
                    "did you mean", "was it renamed to"
                )
            )
    for name in header:
        if name not in columns:
            raise InputError(
                f"{called(table)}, line 1: column '{name}' is not in the sidecar"
                + did_you_mean(name, columns)
            )
    if header != list(columns):
        raise InputError(
            f"{called(table)}, line 1: columns are in another order than in the sidecar"
        )


def _frame(header: list[str], rows: list[list[str]]) -> "pd.DataFrame":
    import pandas as pd  # every run verifies its tables, few read them: it comes when needed

    return pd.DataFrame(rows, columns=header, dtype="str")


def _checks(column: Column) -> list:
    import pandas as pd
    import pandera.pandas as pa

    checks = [
        pa.Check(
            lambda text, p=PATTERNS[column.type]: text.str.fullmatch(p),
            error=EXPECTED.get(column.type, f"a value of type {column.type}"),
        )
    ]
    if column.type in ("string", "url"):  # the other types leave no room for one
        checks.append(
            pa.Check(
                lambda text: ~text.isin([cell for cell in text.unique() if is_formula(cell)]),
                error="text that a spreadsheet does not take for a formula",
            )
        )
    if column.minimum is not None:
        checks.append(
            pa.Check(
                lambda text, m=column.minimum: ~(pd.to_numeric(text, errors="coerce") < m),
                error=f"at least {column.minimum:g}",
            )
        )
    if column.allowed:
        checks.append(pa.Check.isin(column.allowed, error="one of " + ", ".join(column.allowed)))
    return checks


def check_values(table: Path, text: "pd.DataFrame", sidecar: Sidecar) -> None:
    """Check every cell of a table against its sidecar, with pandera.

    Parameters
    ----------
    table : Path
        The raw table.
    text : pandas.DataFrame of str, shape (n_rows, n_columns)
        Its cells as text; an empty one is missing.
    sidecar : Sidecar
        What each column may hold, and which columns are the key.

    Raises
    ------
    InputError
        For the first cell that is empty, of the wrong type, too small, or not an allowed value,
        and for the first repeated key, with its line (the header is line 1).

    Examples
    --------
    >>> import pandas as pd
    >>> count = Column(type="integer", meaning="persons killed", minimum=0)
    >>> sidecar = Sidecar.model_construct(columns={"deaths": count}, key=[])
    >>> check_values(Path("t.csv"), pd.DataFrame({"deaths": ["5", "-7"]}), sidecar)
    Traceback (most recent call last):
    helpers.base.errors.InputError: t.csv, line 3, column 'deaths': found '-7', expected at least \
0; correct the file or its sidecar
    """
    import pandas as pd
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(
        {
            name: pa.Column(str, _checks(column), nullable=column.nullable)
            for name, column in sidecar.columns.items()
        },
        strict=True,
    )
    try:
        schema.validate(text.mask(text == ""), lazy=True)
    except pa.errors.SchemaErrors as error:
        case = error.failure_cases.sort_values("index", kind="stable").iloc[0]
        expected = "a value" if "nullable" in str(case["check"]) else case["check"]
        found = "nothing" if pd.isna(case["failure_case"]) else f"'{case['failure_case']}'"
        raise InputError(
            f"{called(table)}, line {int(case['index']) + 2}, column '{case['column']}': "
            f"found {found}, expected {expected}; correct the file or its sidecar"
        ) from None
    repeated = text.duplicated(sidecar.key) if sidecar.key else pd.Series(False, index=text.index)
    if repeated.any():
        line = int(repeated.idxmax())
        key = ", ".join(f"{name}={text.at[line, name]}" for name in sidecar.key)
        raise InputError(
            f"{called(table)}, line {line + 2}: the key {key} stands there a second time; drop one"
        )
    _check_rules(table, text, sidecar)


def _check_rules(table: Path, text: "pd.DataFrame", sidecar: Sidecar) -> None:
    """Refuse the first row that breaks a rule of one table."""
    rules: list[Rule] = [rule for rule in sidecar.rules if not isinstance(rule, Sums)]
    for name, (minimum, maximum) in NAMED.items():
        if name in sidecar.columns and sidecar.columns[name].type in ("integer", "number"):
            rules.append(Bounds(rule="bounds", column=name, minimum=minimum, maximum=maximum))
    frame = typed(text, sidecar) if rules else text
    for rule in rules:
        if found := broken(rule, text, frame):
            raise InputError(f"{called(table)}, line {found[0] + 2}: {found[1]}; {KNOWN}")


def check_sums(table: Path, text: "pd.DataFrame", sidecar: Sidecar) -> None:
    """Check that a table adds up to the tables beside it, as its sidecar says.

    Parameters
    ----------
    table : Path
        The raw table; another that is not beside it is passed over.
    text : pandas.DataFrame of str, shape (n_rows, n_columns)
        Its cells as text, which went through :func:`check_values`.
    sidecar : Sidecar
        The rules.

    Raises
    ------
    InputError
        For the first group of rows whose sums are not those of another table.

    Examples
    --------
    >>> import pandas as pd
    >>> check_sums(Path("t.csv"), pd.DataFrame(), Sidecar.model_construct(rules=[]))
    """
    for rule in sidecar.rules:
        if isinstance(rule, Sums) and (beside := table.with_name(rule.of)).exists():
            header, rows = read_cells(beside)
            other = typed(_frame(header, rows), read_sidecar(beside, sealed=False))
            if found := broken(rule, text, typed(text, sidecar), other):
                raise InputError(f"{called(table)}, line {found[0] + 2}: {found[1]}; {KNOWN}")


def recheck(tables: Collection[Path]) -> None:
    """Check tables that were built, and whether they add up to those beside them.

    Parameters
    ----------
    tables : collection of Path
        CSV tables with sidecars.

    Raises
    ------
    InputError
        When one of them, or a table of the same folder that speaks of one, does not add up.

    Examples
    --------
    >>> from helpers.base import paths
    >>> recheck([paths.RAW / "article.csv"])
    """
    built = {table.name for table in tables}
    folders = {table.parent for table in tables}
    for table in (one for folder in sorted(folders) for one in listed(folder, "*.csv")):
        sidecar = read_sidecar(table)
        spoken = {rule.of for rule in sidecar.rules if isinstance(rule, Sums)}
        if (table.name in built and spoken) or spoken & built:
            header, rows = read_cells(table)
            check_sums(table, _frame(header, rows), sidecar)


def load(table: Path) -> "pd.DataFrame":
    """Read a raw CSV table after checking all of it.

    Parameters
    ----------
    table : Path
        The raw table.

    Returns
    -------
    pandas.DataFrame
        The table with the types of its sidecar, as of :func:`typed`.

    Raises
    ------
    InputError
        When anything is not as described, with file, line and column.

    Examples
    --------
    >>> from helpers.base import paths
    >>> load(paths.RAW / "article.csv").columns.empty
    False
    """
    sidecar = verify(table)
    header, rows = read_cells(table)
    _check_header(table, header, sidecar.columns)
    text = _frame(header, rows)
    check_values(table, text, sidecar)
    return typed(text, sidecar)


def typed(text: "pd.DataFrame", sidecar: Sidecar) -> "pd.DataFrame":
    """Give each column the type that its sidecar says.

    Parameters
    ----------
    text : pandas.DataFrame of str, shape (n_rows, n_columns)
        Cells as text; an empty one is missing.
    sidecar : Sidecar
        The types.

    Returns
    -------
    pandas.DataFrame, shape (n_rows, n_columns)
        Integers as ``Int64``, numbers as ``float64``, booleans as ``boolean``; months and dates
        stay text.

    Examples
    --------
    >>> import pandas as pd
    >>> sidecar = Sidecar.model_construct(columns={"n": Column(type="integer", meaning="a count")})
    >>> typed(pd.DataFrame({"n": ["5", ""]}), sidecar)["n"].tolist()
    [5, <NA>]
    """
    import pandas as pd

    frame = text.mask(text == "")
    for name, column in sidecar.columns.items():
        if column.type == "boolean":
            frame[name] = frame[name].map({"true": True, "false": False}).astype("boolean")
        elif column.type in DTYPES:
            frame[name] = pd.to_numeric(frame[name]).astype(DTYPES[column.type])
    return frame
