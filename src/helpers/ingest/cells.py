"""The cells of a publisher's table: what each must be, and one sentence when it is not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.ucdp_layout import Sheet, open_sheet

# Three noughts after a mark may be thousands as well as nothing.
COUNT = r"[0-9]{1,15}([.,](0{1,2}|0{4,}))?"
NUMBER = r"[0-9]{1,15}(\.[0-9]+)?"


@dataclass(frozen=True)
class Cells:
    """The cells of a file under our names, and what the file calls its columns.

    Attributes
    ----------
    file : str
        The file, for sentences.
    text : pandas.DataFrame of str
        Cells, indexed by row of the file.
    spelt : dict of str to str
        The file's name of a column, by ours.
    """

    file: str
    text: pd.DataFrame
    spelt: dict[str, str]

    def refuse(self, bad: pd.Series, column: str, expected: str) -> None:
        """Refuse the first row that is not what was expected.

        Parameters
        ----------
        bad : pandas.Series of bool, shape (n_rows,)
            The rows that are not.
        column : str
            Our name of the column.
        expected : str
            What it should hold, in words.

        Raises
        ------
        InputError
            Names file, row and column, what stands there and what should.
        """
        if bad.any():
            row = bad.idxmax()
            found = self.text.at[row, column]
            raise InputError(
                f"{self.file}, row {row}, column '{self.spelt[column]}': found "
                f"{repr(found) if found else 'nothing'}, expected {expected}"
            )

    def whole(self, column: str) -> pd.Series:
        """Return counts or numbers of things.

        Parameters
        ----------
        column : str
            Our name of the column.

        Returns
        -------
        pandas.Series of int, shape (n_rows,)
            Whole numbers of at least 0.

        Examples
        --------
        >>> cells = Cells("a.csv", pd.DataFrame({"deaths_best": ["3", "4.0"]}), {})
        >>> cells.whole("deaths_best").tolist()
        [3, 4]
        """
        text = self.text[column]
        if text.str.fullmatch("[0-9]{1,15}").all():  # nearly always, and quickly told
            return pd.Series(_numbers(text), text.index)
        self.refuse(~text.str.fullmatch(COUNT), column, "a whole number of at least 0")
        return text.str.split("[.,]", regex=True).str[0].astype("int64")

    def degrees(self, column: str, most: float) -> pd.Series:
        """Return latitudes or longitudes.

        Parameters
        ----------
        column : str
            Our name of the column.
        most : float
            Degrees that none exceeds.

        Returns
        -------
        pandas.Series of float, shape (n_rows,)
            Degrees north or east.

        Examples
        --------
        >>> cells = Cells("a.csv", pd.DataFrame({"latitude": ["33,5"]}), {})
        >>> cells.degrees("latitude", 90).tolist()
        [33.5]
        """
        text = self.text[column].str.replace(",", ".")
        told = text.str.fullmatch(f"-?{NUMBER}")
        value = text.where(told, "nan").astype(float)
        bad = ~value.abs().le(most)
        self.refuse(bad, column, f"degrees between -{most:g} and {most:g}")
        return value

    def numbers(self, column: str) -> pd.Series:
        """Return figures, which may be missing.

        Parameters
        ----------
        column : str
            Our name of the column.

        Returns
        -------
        pandas.Series of float, shape (n_rows,)
            Numbers of at least 0, with a point before decimals; missing where nothing stands.

        Examples
        --------
        >>> Cells("a.csv", pd.DataFrame({"area": ["2.5", ""]}), {}).numbers("area").tolist()
        [2.5, nan]
        """
        text = self.text[column]
        self.refuse(~text.str.fullmatch(f"({NUMBER})?"), column, "a number of at least 0")
        return pd.to_numeric(text.where(text.ne("")))

    def reals(self, column: str) -> pd.Series:
        """Return values of a scale, which may be below zero or missing.

        Parameters
        ----------
        column : str
            Our name of the column.

        Returns
        -------
        pandas.Series of float, shape (n_rows,)
            Numbers with a point before decimals; missing where nothing stands.

        Examples
        --------
        >>> Cells("a.csv", pd.DataFrame({"v": ["-2.5", ""]}), {}).reals("v").tolist()
        [-2.5, nan]
        """
        text = self.text[column]
        told = text.str.fullmatch(f"(-?{NUMBER}(e-[0-9]{{1,2}})?)?")
        self.refuse(~told, column, "a number with a point before decimals")
        return text.where(text.ne(""), "nan").astype(float)

    def within(self, column: str, low: int, high: int) -> pd.Series:
        """Return whole numbers of a range.

        Parameters
        ----------
        column : str
            Our name of the column.
        low, high : int
            The least and the greatest that may stand there.

        Returns
        -------
        pandas.Series of int, shape (n_rows,)
            Months, flags, years.

        Examples
        --------
        >>> Cells("a.csv", pd.DataFrame({"month": ["3", "12"]}), {}).within("month", 1, 12).tolist()
        [3, 12]
        """
        found = self.whole(column)
        self.refuse(~found.between(low, high), column, f"a number from {low} to {high}")
        return found

    def months(self, column: str) -> pd.Series:
        """Return months.

        Parameters
        ----------
        column : str
            Our name of the column.

        Returns
        -------
        pandas.Series of str, shape (n_rows,)
            ``YYYY-MM``, as they are.

        Examples
        --------
        >>> Cells("a.csv", pd.DataFrame({"month": ["2024-02"]}), {}).months("month").tolist()
        ['2024-02']
        """
        form = r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])"
        self.refuse(~self.text[column].str.fullmatch(form), column, "a month like 2024-02")
        return self.text[column]

    def known(self, column: str, names: Collection[str]) -> pd.Series:
        """Return texts of a list.

        Parameters
        ----------
        column : str
            Our name of the column.
        names : collection of str
            What may stand there.

        Returns
        -------
        pandas.Series of str, shape (n_rows,)
            The texts as they are.

        Examples
        --------
        >>> Cells("a.csv", pd.DataFrame({"kind": ["sb"]}), {}).known("kind", ["sb", "ns"]).tolist()
        ['sb']
        """
        self.refuse(~self.text[column].isin(names), column, f"one of {', '.join(names)}")
        return self.text[column]


def _numbers(text: pd.Series) -> np.ndarray:
    """Return whole numbers of texts of digits, not by way of Python's own."""
    import pyarrow as pa

    return pa.array(text).cast(pa.int64()).to_numpy(zero_copy_only=False)


def cells_of(
    sheet: Sheet,
    texts: Sequence[str],
    counts: Sequence[str] = (),
    maybe: Sequence[str] = (),
    empty: bool = False,
) -> Cells:
    """Return cells of an opened table, by the publisher's own names of the columns.

    Parameters
    ----------
    sheet : Sheet
        The table.
    texts : sequence of str
        Columns in which something must stand.
    counts : sequence of str
        Columns that :meth:`Cells.whole` is to read.
    maybe : sequence of str
        Columns in which nothing need stand.
    empty : bool
        Whether a table may hold no row, as one of several collections.

    Returns
    -------
    Cells
        At least one row, indexed by its number in the file; rows without a cell are left out.

    Raises
    ------
    InputError
        When a column is missing or stands there twice, there is no row, or a text is missing.
    """
    header = [name.strip().removeprefix("\ufeff") for name in sheet.header]
    wanted = list(dict.fromkeys([*texts, *counts, *maybe]))
    for name in wanted:
        if header.count(name) != 1:
            told = "stands there twice" if name in header else "is missing"
            more = "" if name in header else did_you_mean(name, header)
            raise InputError(
                f"{sheet.name}, line 1: column '{name}' {told}{more}; is it another version of the "
                "data set?"
            )
    found = sheet.rows([header.index(name) for name in wanted]).set_axis(wanted, axis="columns")
    cells = Cells(sheet.name, found, {name: name for name in wanted})
    if found.empty and not empty:
        raise InputError(f"{sheet.name} holds no row below its header")
    for name in texts:
        cells.refuse(found[name].eq(""), name, "a text")
    return cells


def no_other(sheet: Sheet, columns: Collection[str]) -> None:
    """Refuse a column that is none of those known: one that may be missing may be misspelt.

    Parameters
    ----------
    sheet : Sheet
        The table.
    columns : collection of str
        Those that it may have; an index without a name is allowed.

    Raises
    ------
    InputError
        For the first other column.

    Examples
    --------
    >>> no_other(Sheet("a.csv", ("a.csv",), ["", "year", "vintag"], None), ["year", "vintage"])
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, line 1: column 'vintag' is none of year and vintage; \
did you mean 'vintage'?
    """
    for name in sheet.header:
        if name.strip().removeprefix("\ufeff") not in ("", *columns):
            *first, last = columns
            raise InputError(
                f"{sheet.name}, line 1: column '{name}' is none of {', '.join(first)} and {last}"
                + did_you_mean(name, columns)
            )


def read_table(
    path: Path, texts: Sequence[str], counts: Sequence[str] = (), maybe: Sequence[str] = ()
) -> tuple[Cells, pd.DataFrame]:
    """Return the columns of a publisher's table, counts as whole numbers.

    Parameters
    ----------
    path : pathlib.Path
        CSV, Excel, or a zip with one.
    texts : sequence of str
        Columns in which something must stand.
    counts : sequence of str
        Columns of whole numbers of at least 0.
    maybe : sequence of str
        Columns in which nothing need stand.

    Returns
    -------
    cells : Cells
        By which a row can be refused.
    table : pandas.DataFrame
        The columns in that order, indexed by row of the file.

    Raises
    ------
    InputError
        As of :func:`cells_of`; and when a count is none.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text("year;deaths\\n2020;many\\n")
    ...     read_table(path, ["year"], ["deaths"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, row 2, column 'deaths': found 'many', expected a ...
    """
    cells = cells_of(open_sheet(path), texts, counts, maybe)
    return cells, cells.text.assign(**{name: cells.whole(name) for name in counts})
