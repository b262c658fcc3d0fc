"""Reading a publisher's file: the columns we know, and one sentence when they are not there."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.raw.sidecar import Column


def read_csv(path: Path, columns: Sequence[str] = (), **options: Any) -> pd.DataFrame:
    """Return a publisher's CSV as it is.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    columns : sequence of str
        Columns that it must have.
    **options
        Passed on to :func:`pandas.read_csv`.

    Returns
    -------
    pandas.DataFrame
        Every row and column of the file.

    Raises
    ------
    InputError
        When the file is missing or is no CSV, or lacks one of ``columns``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text("yaer,deaths\\n2020,3\\n")
    ...     read_csv(path, ["year"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, line 1: column 'year' is missing; did you mean ...
    """
    if not path.exists():
        raise InputError(
            f"the publisher's file {path} does not exist; download it and name its path"
        )
    try:
        frame = pd.read_csv(path, low_memory=False, **options)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            f"{path.name} cannot be read as CSV: {' '.join(str(error).split())}"
        ) from None
    need_columns(frame, columns, path.name)
    return frame


def need_columns(frame: pd.DataFrame, columns: Sequence[str], name: str) -> None:
    """Refuse a table that lacks a column.

    Parameters
    ----------
    frame : pandas.DataFrame
        A publisher's table.
    columns : sequence of str
        Columns that it must have.
    name : str
        Name of its file, for the sentence.

    Raises
    ------
    InputError
        For the first column that is missing.

    Examples
    --------
    >>> need_columns(pd.DataFrame({"year": [2020]}), ["year"], "a.csv")
    """
    for column in columns:
        if column not in frame:
            raise InputError(
                f"{name}, line 1: column '{column}' is missing"
                + did_you_mean(column, frame.columns)
                + "; is it another version of the data set?"
            )


def only(frame: pd.DataFrame, column: str, value: str, name: str) -> pd.DataFrame:
    """Return the rows that hold a value, as the rows of one country of a world-wide file.

    Parameters
    ----------
    frame : pandas.DataFrame
        A publisher's table.
    column, value : str
        The column, and the text that it must hold.
    name : str
        Name of the file, for the sentence.

    Returns
    -------
    pandas.DataFrame
        The rows of ``frame``, their index kept.

    Raises
    ------
    InputError
        When no row holds it; a table without rows would hide a slip of spelling.

    Examples
    --------
    >>> events = pd.DataFrame({"country": ["Chad", "Mali", "Chad"], "best": [1, 5, 2]})
    >>> only(events, "country", "Chad", "ged.csv")["best"].tolist()
    [1, 2]
    >>> only(events, "country", "Tchad", "ged.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: ged.csv has no row with 'Tchad' in column 'country'; did ...
    """
    rows = frame[frame[column] == value]
    if rows.empty:
        raise InputError(
            f"{name} has no row with '{value}' in column '{column}'"
            + did_you_mean(value, frame[column].dropna().unique())
        )
    return rows


def only_one(sources: Sequence[Path]) -> Path:
    """Return the one file of a command that reads one.

    Parameters
    ----------
    sources : sequence of pathlib.Path
        What the caller named.

    Returns
    -------
    pathlib.Path
        The first.

    Raises
    ------
    InputError
        When there are more: the rest would be passed over in silence.

    Examples
    --------
    >>> only_one([Path("a.csv")]).name
    'a.csv'
    """
    if len(sources) > 1:
        raise InputError(f"expected one file, found {len(sources)}: {sources[1].name} has no use")
    return sources[0]


def text(meaning: str, **more: Any) -> Column:
    """Return the description of a column of text.

    Parameters
    ----------
    meaning : str
        What it holds.
    **more
        Other fields of :class:`~helpers.raw.sidecar.Column`.

    Returns
    -------
    Column
        Of type ``string``.

    Examples
    --------
    >>> text("name of the unit", nullable=True).nullable
    True
    """
    return Column(type="string", meaning=meaning, **more)


def count(unit: str, meaning: str, **more: Any) -> Column:
    """Return the description of a column of counts, which are never negative.

    Parameters
    ----------
    unit, meaning : str
        What is counted.
    **more
        Other fields of :class:`~helpers.raw.sidecar.Column`.

    Returns
    -------
    Column
        Of type ``integer``, at least 0.

    Examples
    --------
    >>> count("deaths", "best estimate").minimum
    0.0
    """
    return Column(type="integer", unit=unit, meaning=meaning, minimum=0, **more)


def address(meaning: str, **more: Any) -> Column:
    """Return the description of a column of addresses.

    Parameters
    ----------
    meaning : str
        What stands at them.
    **more
        Other fields of :class:`~helpers.raw.sidecar.Column`.

    Returns
    -------
    Column
        Of type ``url``.

    Examples
    --------
    >>> address("page that prints it").type
    'url'
    """
    return Column(type="url", meaning=meaning, **more)
