"""Whether a table shows sums of a restricted one that are finer than its licence allows.

A column of a table is taken for one of the restricted table where nearly all its cells stand there;
what it is by is then known, and each of its numbers can be compared with the sum of those rows.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from helpers.base.tokens import number, period
from helpers.raw.public import is_number, joined, when_of
from helpers.raw.traces import Traces

COVERED = 0.8  # of the cells of a column
SHARE = 0.5  # of the numbers that equal a sum, for a column of sums
SEVERAL = 3  # such numbers above one; fewer may be chance
WHEN = "the date"
Table = tuple[list[str], list[list[str]]]
Key = tuple[str, ...]


class Sums(NamedTuple):
    """A column of a table that holds sums of a restricted one.

    Attributes
    ----------
    column : str
        The column.
    by : tuple of str
        What they are by, in the words of the restricted table.
    few : int
        How many events the smallest sum is of, where that is too few; 0 where what they are by is
        finer than allowed.
    """

    column: str
    by: tuple[str, ...]
    few: int


class Grains:
    """The sums of one restricted table.

    Parameters
    ----------
    traces : Traces
        The table.
    """

    def __init__(self, traces: Traces) -> None:
        self._traces = traces
        self._whens = [when_of(traces.header, cells) for cells in traces.cells]
        used = {name for _, names in self._whens for name in names}
        columns = dict(zip(traces.header, zip(*traces.cells))) if traces.cells else {}
        self._counts = {
            name: [number(cell) or 0.0 for cell in cells]
            for name, cells in columns.items()
            if name not in used and all(is_number(cell) or not cell for cell in cells)
        }
        self._names = {
            name: [joined(cell) for cell in cells]
            for name, cells in columns.items()
            if name not in used and name not in self._counts and len(set(cells)) > 1
        }
        self._values = {name: set(cells) for name, cells in self._names.items()}
        self._grouped: dict[tuple[int, Key], dict[Key, list[int]]] = {}

    def found(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Sums | None:
        """Return a column of sums that may not be shown.

        Parameters
        ----------
        header : sequence of str
            Names of the columns of a table that is shown.
        rows : sequence of sequence of str
            Its cells.

        Returns
        -------
        Sums or None
            The first; None where there is none.
        """
        for names, cells in _with_long(header, rows, self._values):
            if told := self._in(names, cells):
                return told
        return None

    def _in(self, header: list[str], rows: list[list[str]]) -> Sums | None:
        whens = [when_of(header, row) for row in rows]
        sizes = [len(when) for when, _ in whens if when] or [0]
        length = max(sizes) if len(sizes) >= COVERED * len(rows) else 0
        used = {name for _, names in whens for name in names}
        columns = dict(zip(header, zip(*rows)))
        by = {
            place: column
            for place, name in enumerate(header)
            if name not in used and (column := self._column(columns[name]))
        }
        keys = [
            (when[:length], *(joined(row[place]) for place in by))
            for row, (when, _) in zip(rows, whens)
        ]
        told = ((WHEN,) if length else ()) + tuple(by.values())
        if not told:
            return None
        groups = self._groups(length, tuple(by.values()))
        for place, name in enumerate(header):
            if place in by or name in used:
                continue
            cells = {key: number(row[place]) for key, row in zip(keys, rows)}
            if not self._are_sums(cells, groups):
                continue
            few = min(self._size(groups[key]) for key in cells if key in groups)
            if self._is_fine(length, list(by.values())):
                return Sums(name, told, 0)
            if few < self._traces.least:
                return Sums(name, told, few)
        return None

    def _column(self, cells: Sequence[str]) -> str:
        """Return the restricted column whose values a column has, or nothing."""
        have = [joined(cell) for cell in cells if cell.strip() and not is_number(cell)]
        if not have or len(have) < COVERED * len(cells):
            return ""
        for name, known in self._values.items():
            if sum(one in known for one in have) >= COVERED * len(have):
                return name
        return ""

    def _groups(self, length: int, names: Key) -> dict[Key, list[int]]:
        """Return the rows of each group; many tables are by the same, and there are many rows."""
        if (length, names) in self._grouped:
            return self._grouped[length, names]
        found: dict[Key, list[int]] = defaultdict(list)
        for place, (when, _) in enumerate(self._whens):
            if len(when) >= length:
                found[when[:length], *(self._names[name][place] for name in names)].append(place)
        self._grouped[length, names] = dict(found)
        return self._grouped[length, names]

    def _are_sums(self, cells: Mapping[Key, float | None], groups: Mapping[Key, list[int]]) -> bool:
        known = {key: one for key, one in cells.items() if one is not None and key in groups}
        for counts in (None, *self._counts.values()):
            alike = [
                one
                for key, one in known.items()
                if one == (sum(counts[at] for at in groups[key]) if counts else len(groups[key]))
            ]
            if len(alike) >= SHARE * len(known) and sum(one > 1 for one in alike) >= SEVERAL:
                return True
        return False

    def _size(self, places: Sequence[int]) -> int:
        """Return how many events some rows are of."""
        allowed = self._traces.sidecar.aggregates
        counts = self._counts.get(allowed.of) if allowed else None
        return int(sum(counts[at] for at in places)) if counts else len(places)

    def _is_fine(self, length: int, names: list[str]) -> bool:
        allowed = self._traces.sidecar.aggregates
        by = allowed.by if allowed else ()
        return self._traces.is_fine("x" * length) or any(name not in by for name in names)


def _with_long(
    header: Sequence[str], rows: Sequence[Sequence[str]], names: Mapping[str, set[str]]
) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield a table, and once more with columns that are headed by values as rows."""
    cells = [list(row) for row in rows if len(row) == len(header)]
    if not cells or len(set(header)) < len(header):
        return
    yield list(header), cells
    spelt = [joined(name) for name in header]
    headed = [[name in values for name in spelt] for values in names.values()]
    headed.append([len(period(name)) > 3 for name in header])
    for wide in headed:
        if sum(wide) > 1:
            rest = [name for name, is_value in zip(header, wide) if not is_value]
            yield (
                [*rest, "year" if wide is headed[-1] else "of", "number"],
                [
                    [
                        *(one for one, other in zip(row, wide) if not other),
                        header[place],
                        row[place],
                    ]
                    for row in cells
                    for place, is_value in enumerate(wide)
                    if is_value
                ],
            )
