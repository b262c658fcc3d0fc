"""What the cells of a file of events must be: counts, degrees, days and types of violence."""

from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.ucdp_columns import TYPES
from helpers.ingest.ucdp_dates import EXPECTED, days, month_first

COUNT = r"\d+(\.0+)?"
WORDS = {name: name for name in TYPES.values()} | {str(code): name for code, name in TYPES.items()}


class Cells(NamedTuple):
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
        self.refuse(~text.str.fullmatch(COUNT), column, "a whole number of at least 0")
        return text.str.split(".").str[0].astype("int64")

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
        value = pd.to_numeric(self.text[column].str.replace(",", "."), errors="coerce")
        bad = ~value.abs().le(most)
        self.refuse(bad, column, f"degrees between -{most:g} and {most:g}")
        return value.astype(float)

    def types(self, column: str) -> pd.Series:
        """Return types of violence in words.

        Parameters
        ----------
        column : str
            Our name of the column.

        Returns
        -------
        pandas.Series of str, shape (n_rows,)
            Values of :data:`~helpers.ingest.ucdp_columns.TYPES`.

        Examples
        --------
        >>> cells = Cells("a.csv", pd.DataFrame({"type": ["3", "2.0", "state-based"]}), {})
        >>> cells.types("type").tolist()
        ['one-sided', 'non-state', 'state-based']
        """
        found = self.text[column].str.lower().str.removesuffix(".0").map(WORDS)
        self.refuse(found.isna(), column, "1, 2 or 3")
        return found

    def spans(self, first: str, last: str) -> tuple[pd.Series, pd.Series]:
        """Return first and last days.

        Parameters
        ----------
        first, last : str
            Our names of the columns.

        Returns
        -------
        tuple of pandas.Series of datetime64, each of shape (n_rows,)
            Days, the last never before the first.

        Examples
        --------
        >>> text = pd.DataFrame({"start": ["28/02/2024"], "end": ["01/03/2024"]})
        >>> [day.iloc[0].month for day in Cells("a.csv", text, {}).spans("start", "end")]
        [2, 3]
        """
        leads = month_first(self.text[first], self.text[last])
        start, end = days(self.text[first], leads), days(self.text[last], leads)
        self.refuse(start.isna(), first, EXPECTED)
        self.refuse(end.isna(), last, EXPECTED)
        self.refuse(end < start, last, f"a day not before that in '{self.spelt.get(first)}'")
        return start, end
