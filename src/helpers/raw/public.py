"""The cells of tables as they are compared, and what the tables say that may be passed on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from helpers.base.tokens import period, words
from helpers.raw.sidecar import read_cells

RUN = 6  # words in a row that are taken for a quotation
DECIMALS = 3  # a number with so many is a place, not a count
DIGITS = 6  # a whole number with so many is a name
UNITS = ("year", "month", "day")
Spelt = tuple[str, ...]


def joined(cell: str) -> str:
    """Return a cell as plain words with one space between them.

    Parameters
    ----------
    cell : str
        Any text.

    Returns
    -------
    str

    Examples
    --------
    >>> joined("Old-Town, 1,204")
    'old town 1204'
    """
    return " ".join(words(cell))


def when_of(header: Sequence[str], row: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the day or month of a record and the columns that say it.

    Parameters
    ----------
    header : sequence of str
        Names of columns.
    row : sequence of str
        Their cells.

    Returns
    -------
    period : str
        ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; empty where there is none.
    columns : tuple of str
        One that holds it, or those of year, month and day.

    Examples
    --------
    >>> when_of(["place", "year", "month"], ["A", "2021", "5"])
    ('2021-05', ('year', 'month'))
    >>> when_of(["date", "place"], ["13 May 2021", "A"])
    ('2021-05-13', ('date',))
    """
    cells = dict(zip(header, row))
    whole = [(found, name) for name in header if len(found := period(cells[name])) > 4]
    if whole:
        found, name = max(whole, key=lambda one: len(one[0]))
        return found, (name,)
    named = {unit: name for unit in UNITS for name in header if name.lower().endswith(unit)}
    used, told = [], ""
    for unit in UNITS:
        cell = cells.get(named.get(unit, ""), "")
        if not cell.isdigit() or not int(cell):
            break
        told += f"-{int(cell):02d}" if told else cell
        used.append(named[unit])
    return (told, tuple(used)) if period(told) else ("", ())


def is_number(text: str) -> bool:
    """Say whether a cell is a count, and no name or place that is written in digits.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    bool

    Examples
    --------
    >>> [is_number(one) for one in ("14", "33.7294", "202105130004", "A")]
    [True, False, False, False]
    """
    whole, _, part = text.removeprefix("-").partition(".")
    plain = whole.isdigit() and (part.isdigit() or not part)
    return plain and len(part) < DECIMALS and len(whole) < DIGITS


class Public:
    """What the tables say that may be passed on: their words, and their numbers by day and month.

    Parameters
    ----------
    tables : iterable of Path
        CSV files.
    """

    def __init__(self, tables: Iterable[Path]) -> None:
        self._tables = list(tables)

    @cached_property
    def _said(self) -> tuple[set[str], dict[str, set[str]]]:
        """Words and numbers, read when they are first asked for; both by day or month too."""
        names: set[str] = set()
        by_when: dict[str, set[str]] = defaultdict(set)
        for table in self._tables:
            header, rows = read_cells(table)
            spelt: dict[str, str] = {}
            for row in rows:
                for cell in row:
                    if cell not in spelt:
                        spelt[cell] = joined(cell)
                        if not is_number(cell):
                            names.add(spelt[cell])
                by_when[when_of(header, row)[0]].update(spelt[cell] for cell in row)
        return names, by_when

    def holds(self, spelt: Spelt) -> bool:
        """Say whether a name or a text is a cell of a public table, or a text a part of one.

        Parameters
        ----------
        spelt : tuple of str
            Its words.

        Returns
        -------
        bool
        """
        text, known = " ".join(spelt), self._said[0]
        return text in known or (len(spelt) >= RUN and any(text in one for one in known))

    def knows(self, when: str, names: Iterable[Spelt], numbers: Iterable[str]) -> bool:
        """Say whether what was found of a row is told by a public table too.

        Parameters
        ----------
        when : str
            The day or month.
        names : iterable of tuple of str
            Words of cells.
        numbers : iterable of str
            Counts.

        Returns
        -------
        bool
            Whether all words stand in public tables, and for this day or month the numbers do, or,
            where there are none, the words.
        """
        spelt, counted = {" ".join(one) for one in names}, set(numbers)
        known, by_when = self._said
        return spelt <= known and (counted or spelt) <= by_when.get(when, set())
