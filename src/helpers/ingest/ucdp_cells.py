"""What the cells of a file of events must be beside counts: days and types of violence."""

import pandas as pd

from helpers.ingest.cells import Cells
from helpers.ingest.ucdp_columns import TYPES
from helpers.ingest.ucdp_dates import EXPECTED, days, half_read, month_first

WORDS = {name: name for name in TYPES.values()} | {str(code): name for code, name in TYPES.items()}


class EventCells(Cells):
    """The cells of a file of events under our names."""

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
        >>> cells = EventCells("a.csv", pd.DataFrame({"type": ["3", "2.0", "state-based"]}), {})
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
        >>> [day.iloc[0].month for day in EventCells("a.csv", text, {}).spans("start", "end")]
        [2, 3]
        """
        start, end = self.days(first, last)
        self.refuse(end < start, last, f"a day not before that in '{self.spelt.get(first)}'")
        return start, end

    def days(self, *columns: str) -> list[pd.Series]:
        """Return days, all columns read one way.

        Parameters
        ----------
        *columns : str
            Our names of the columns.

        Returns
        -------
        list of pandas.Series of datetime64, each of shape (n_rows,)
            One for each column.

        Examples
        --------
        >>> text = pd.DataFrame({"day": ["16 May 2025", "2025-05-17"]})
        >>> [day.day for day in EventCells("a.csv", text, {}).days("day")[0]]
        [16, 17]
        """
        for name in columns:
            self.refuse(
                half_read(self.text[name]),
                name,
                "days of one form: those up to the 12th are written otherwise, as a spreadsheet "
                "leaves them that took their day for the month; download the file again",
            )
        leads = month_first(*(self.text[name] for name in columns))
        found = [days(self.text[name], leads) for name in columns]
        for name, day in zip(columns, found):
            self.refuse(day.isna(), name, EXPECTED)
        return found
