"""What gives a row of a table away that may not be passed on, and whether a text holds it.

Of a restricted table three things are looked for. A *text*: six words in a row of a cell, or the
identity of a row. A *row*: in one record (a line, a row of a table, an entry) at least three cells
of one row, among them its day or month and a cell finer than the licence allows, that together
stand in fewer rows than it allows. Sums are a matter of :mod:`helpers.raw.grains`.

What tables that may be passed on say themselves is no trace: the same day and number stand in them
too, and where all words of a match do as well, nothing was given away.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.base.tokens import period, words
from helpers.raw.public import DIGITS, RUN, Public, Spelt, is_number, joined, when_of
from helpers.raw.sidecar import Sidecar, read_cells, read_sidecar

LETTERS = 16  # that a quotation has at least
LONGEST = 8  # words of a cell that is compared whole
LEAST = 3  # rows, where a licence allows no sums at all
RARE = 1000  # a name that stands in no more rows finds them without their day


class Trace(NamedTuple):
    """What was found.

    Attributes
    ----------
    line : int
        Of the restricted table, its header being line 1.
    columns : tuple of str
        Those whose cells were found.
    """

    line: int
    columns: tuple[str, ...]


class Row(NamedTuple):
    """One row as it is compared.

    Attributes
    ----------
    when : str
        Its day or month, empty where it has none.
    words : dict of str to tuple of str
        Column to the words of a cell that is a name, a text or a place.
    numbers : dict of str to str
        Column to a count.
    """

    when: str
    words: dict[str, Spelt]
    numbers: dict[str, str]


class Traces:
    """What gives rows of one restricted table away.

    Parameters
    ----------
    table : Path
        A CSV file with a sidecar whose rows may not be passed on.
    public : Public
        What other tables say.

    Attributes
    ----------
    name : str
        The file.
    sidecar : Sidecar
        What it says of itself.

    Raises
    ------
    InputError
        When the table or its sidecar cannot be read.
    """

    def __init__(self, table: Path, public: Public) -> None:
        self.name = table.name
        self.sidecar: Sidecar = read_sidecar(table)
        self._public = public
        self.header, self.cells = read_cells(table)
        allowed = self.sidecar.aggregates
        self.least = allowed.least if allowed else LEAST
        self._allowed = set(allowed.by) if allowed else set()
        self._told = self._telling()
        self.rows = [self._row(cells) for cells in self.cells]
        self._at: dict[tuple[str, Spelt], list[int]] = defaultdict(list)  # "": at any time
        self._names: dict[Spelt, int] = {}
        for place, row in enumerate(self.rows):
            for spelt in set(row.words.values()):
                for when in {row.when, ""}:
                    self._at[when, spelt].append(place)
                self._names[spelt] = len(spelt)
        self._longest = max(self._names.values(), default=0)
        self._runs = self._quotable()
        self._ids = self._identities()

    def _telling(self) -> set[str]:
        """Return the columns that tell rows apart: what stands everywhere tells nothing."""
        columns = dict(zip(self.header, zip(*self.cells))) if self.cells else {}
        return {name for name, cells in columns.items() if len(set(cells)) > 1}

    def _row(self, cells: Sequence[str]) -> Row:
        when, used = when_of(self.header, cells)
        names, numbers = {}, {}
        for name, cell in zip(self.header, cells):
            if name in self._told and name not in used and (spelt := tuple(words(cell))):
                if is_number(cell):
                    numbers[name] = spelt[0]
                else:
                    names[name] = spelt[:LONGEST]
        return Row(when, names, numbers)

    def _quotable(self) -> dict[Spelt, set[int]]:
        """Return runs of words, each with a row of every text that has it."""
        found: dict[Spelt, set[int]] = defaultdict(set)
        seen = set()
        for place, row in enumerate(self.cells):
            for name, cell in zip(self.header, row):
                # What sums may be by can be named, however many words it takes.
                if name not in self._allowed and len(cell) >= LETTERS and cell not in seen:
                    seen.add(cell)
                    for run in _runs(words(cell)):
                        found[run].add(place)
        return found

    def _quoted(self, spelt: Sequence[str]) -> tuple[Spelt, int] | None:
        """Return words that stand in few texts of the table, and in no public one."""
        said: Spelt = ()
        places: set[int] = set()
        for run in _runs(spelt):
            here = self._runs.get(run, set())
            goes_on = said[-RUN + 1 :] == run[:-1] and places & here
            said, places = ((*said, run[-1]), places & here) if goes_on else (run, here)
            if 0 < len(places) < self.least and not self._public.holds(said):
                return said, min(places)
        return None

    def _identities(self) -> dict[Spelt, int]:
        """Return the identities of rows: of the only column of a key, or of one that is unique."""
        found: dict[Spelt, int] = {}
        for column in range(len(self.header)):
            cells = [row[column] for row in self.cells]
            if len(set(cells)) < len(cells) or len(cells) < self.least:
                continue
            for place, cell in enumerate(cells):
                named = any(map(str.isdigit, cell)) and len(cell) >= DIGITS
                spelt = tuple(words(cell))
                if named and not period(cell) and not _is_place(cell) and len(spelt) <= LONGEST:
                    found[spelt] = place
        return found

    def found(self, record: str) -> Trace | None:
        """Return what a record gives away.

        Parameters
        ----------
        record : str
            A line, a row, an entry: what a reader takes together.

        Returns
        -------
        Trace or None
            The first trace; None where there is none.
        """
        spelt = words(record)
        if quoted := self._quoted(spelt):
            return Trace(quoted[1] + 2, self._holding(quoted[1], quoted[0]))
        names = set(self._named(spelt))
        for one in sorted(names & self._ids.keys()):
            if not self._public.holds(one):
                return Trace(self._ids[one] + 2, self._holding(self._ids[one], one))
        for place in self._near(spelt, names):
            if columns := self._match(self.rows[place], names, set(spelt)):
                return Trace(place + 2, columns)
        return None

    def _near(self, spelt: Sequence[str], names: set[Spelt]) -> list[int]:
        """Return the rows that have a name of the record and its day or month, or a rare name."""
        whens = {one for one in spelt if period(one)}
        near = {place for when in whens for one in names for place in self._at.get((when, one), ())}
        for one in names:
            places = self._at.get(("", one), ())
            if len(places) <= RARE:
                near.update(places)
        return sorted(near)

    def _named(self, spelt: Sequence[str]) -> Iterator[Spelt]:
        most = max(self._longest, *map(len, self._ids), 0) if self._ids else self._longest
        for start in range(len(spelt)):
            for size in range(1, min(most, len(spelt) - start) + 1):
                one = tuple(spelt[start : start + size])
                if one in self._names or one in self._ids:
                    yield one

    def _match(self, row: Row, names: set[Spelt], spelt: set[str]) -> tuple[str, ...]:
        """Return the columns in which a record and a row agree, where that gives the row away."""
        said = {column: one for column, one in row.words.items() if one in names}
        counted = {column: one for column, one in row.numbers.items() if one in spelt}
        when = row.when if row.when in spelt else ""
        fine = [column for column in said if column not in self._allowed]
        if not said or not (fine or self.is_fine(when)):
            return ()
        if row.when and not when:  # with the day left out, all the rest must be there
            if len(said) < len(row.words) or not counted or len(said) + len(counted) < 3:
                return ()
        elif len(said) + len(counted) + bool(when) < min(3, len(row.words) + len(row.numbers) + 1):
            return ()
        if self._alike(when, said, counted) >= self.least:
            return ()
        # Words of what sums may be by are everybody's.
        if self._public.knows(row.when, (row.words[one] for one in fine), counted.values()):
            return ()
        return (*(["day or month"] if when else []), *said, *counted)

    def _alike(self, when: str, said: dict[str, Spelt], counted: dict[str, str]) -> int:
        """Return how many rows have these cells."""
        near = min((self._at[when, one] for one in said.values()), key=len)
        return sum(
            said.items() <= self.rows[place].words.items()
            and counted.items() <= self.rows[place].numbers.items()
            for place in near
        )

    def is_fine(self, when: str) -> bool:
        """Say whether a period is shorter than the licence lets sums be by.

        Parameters
        ----------
        when : str
            ``YYYY-MM-DD``, ``YYYY-MM``, ``YYYY``, or nothing.

        Returns
        -------
        bool
        """
        allowed = self.sidecar.aggregates.period() if self.sidecar.aggregates else ""
        longest = {"": 0, "year": 4, "month": 7, "day": 10}[allowed]
        return len(when) > longest

    def _holding(self, place: int, run: Spelt) -> tuple[str, ...]:
        text = " ".join(run)
        held = (name for name, cell in zip(self.header, self.cells[place]) if text in joined(cell))
        return tuple(held) or ("a text",)


def _runs(spelt: Sequence[str]) -> Iterator[Spelt]:
    for start in range(len(spelt) - RUN + 1):
        run = tuple(spelt[start : start + RUN])
        if sum(map(len, run)) >= LETTERS:
            yield run


def _is_place(cell: str) -> bool:
    """Say whether a cell is a number with decimals: of two that name a place, one is none."""
    return "." in cell and cell.removeprefix("-").replace(".", "", 1).isdigit()
