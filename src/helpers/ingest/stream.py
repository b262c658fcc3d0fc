"""Large CSV files read in blocks: the columns and the rows that are wanted, and no more memory.

What is read here is only what stands there without any doubt: UTF-8, every row as wide as the
header, quotes in pairs, a line end at the end. Whatever is otherwise raises :class:`Doubtful`, and
the caller reads the file whole, with the reader that names the row and says what is wrong.
"""

import codecs
import csv
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import IO, Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
import pandas as pd

BLOCK = 1 << 20  # bytes
QUOTE = ord('"')
# What a zip says that is broken, packed in a way that is not known, or has a password.
BROKEN = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError)


class Doubtful(Exception):
    """A file that the strict reader must judge.

    Examples
    --------
    >>> issubclass(Doubtful, Exception)
    True
    """


class Wanted(NamedTuple):
    """Which rows of a file are wanted.

    Attributes
    ----------
    at : int
        Position of the column that decides.
    names : collection of str
        What its cells hold in the rows that are wanted.
    shape : tuple of int and str, optional
        Position of a column and a regular expression that its cells are in every row.
    """

    at: int
    names: Collection[str]
    shape: tuple[int, str] | None = None


class Found(NamedTuple):
    """What was found of a file.

    Attributes
    ----------
    text : pandas.DataFrame of str
        The rows that are wanted, a column a position, indexed by their number in the file.
    rows : int
        Rows of the file below its header.
    values : dict of str to int
        Each other value of the column that decides, and the first row that has it.
    odd : int, optional
        The first row whose cell is not of the shape.
    """

    text: pd.DataFrame
    rows: int
    values: dict[str, int]
    odd: int | None


class Watched:
    """A stream of bytes that looks at what passes.

    Parameters
    ----------
    stream : binary file
        The bytes.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._quotes, self._last = 0, b"\n"
        self._within = False  # whether a letter has begun that the next bytes end
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes.

        Parameters
        ----------
        size : int
            At most so many.

        Returns
        -------
        bytes
            None at the end.

        Raises
        ------
        Doubtful
            When they are no UTF-8 text, or the text does not end as it should.
        """
        data = self._stream.read(size)
        if not data.isascii() or self._within:
            try:
                self._decoder.decode(data)
            except UnicodeDecodeError:
                raise Doubtful("no UTF-8") from None
            self._within = bool(self._decoder.getstate()[0])
        if b"\0" in data:
            raise Doubtful("no text")
        # In a quarter of the time that bytes.count takes.
        self._quotes += int(np.count_nonzero(np.frombuffer(data, np.uint8) == QUOTE))
        self._last = data[-1:] or self._last
        return data

    def whole(self) -> bool:
        """Say whether what has passed is a whole text.

        Returns
        -------
        bool
            Whether its quotes come in pairs and a line end is its end.
        """
        ended = self._last in (b"\n", b"\r") and not self._within
        return ended and self._quotes % 2 == 0

    def readable(self) -> bool:
        """Say that bytes can be read.

        Returns
        -------
        bool
            True.
        """
        return True

    def close(self) -> None:
        """Close the stream."""
        self.closed = True
        self._stream.close()


def blocks(
    opens: Callable[[], IO[bytes]], width: int, separator: str, positions: Sequence[int]
) -> Iterator[tuple[int, Any]]:
    """Yield the cells of columns in blocks.

    Parameters
    ----------
    opens : callable
        Opens the file; the header is its first line.
    width : int
        Columns of the header.
    separator : str
        What parts cells.
    positions : sequence of int
        The columns.

    Yields
    ------
    tuple of int and pyarrow.RecordBatch
        Number in the file of the first row of the block, and its cells as text.

    Raises
    ------
    Doubtful
        When the file must be read by the strict reader.
    """
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(at) for at in range(width)]
    wanted = [str(at) for at in dict.fromkeys(positions)]
    watched = Watched(opens())
    try:
        reader = arrow.open_csv(
            pa.PythonFile(watched, mode="r"),
            arrow.ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK),
            arrow.ParseOptions(
                delimiter=separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            arrow.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=False,
            ),
        )
        row = 2
        for batch in reader:
            yield row, batch
            row += batch.num_rows
    except (pa.ArrowInvalid, pa.ArrowKeyError, *BROKEN) as error:
        raise Doubtful(str(error)) from None
    finally:
        watched.close()
    if not watched.whole():
        raise Doubtful("cut, or a stray quote")


def first_line(opens: Callable[[], IO[bytes]], separators: str) -> tuple[list[str], str]:
    """Return the header of a file, and what parts its cells.

    Parameters
    ----------
    opens : callable
        Opens the file.
    separators : str
        What may part cells.

    Returns
    -------
    header : list of str
        The first line as it stands.
    separator : str
        The one that is most frequent in it.

    Raises
    ------
    Doubtful
        When there is no such line, or it is none of a table in UTF-8.

    Examples
    --------
    >>> import io
    >>> first_line(lambda: io.BytesIO(b"year;deaths\\n2020;7\\n"), ",;")
    (['year', 'deaths'], ';')
    """
    try:
        with opens() as stream:
            line = stream.readline(BLOCK)
        text = line.decode("utf-8-sig").rstrip("\r\n")
        separator = max(separators, key=text.count)
        header = next(csv.reader([text], delimiter=separator, strict=True), [])
    except (UnicodeDecodeError, csv.Error, *BROKEN):
        raise Doubtful("no header") from None
    # Line ends of an old Macintosh, a web page, and a name over two lines.
    if not line.endswith(b"\n") or "\r" in text or text.lstrip().startswith("<"):
        raise Doubtful("no header")
    return header, separator


def all_rows(
    opens: Callable[[], IO[bytes]], width: int, separator: str, positions: Sequence[int]
) -> pd.DataFrame:
    """Return the cells of columns of every row.

    Parameters
    ----------
    opens, width, separator, positions
        As of :func:`blocks`.

    Returns
    -------
    pandas.DataFrame of str
        A column a position, indexed by number in the file.

    Raises
    ------
    Doubtful
        As of :func:`blocks`.
    """
    parts = [batch for _, batch in blocks(opens, width, separator, positions)]
    whole = _frame(parts, positions)
    return whole.set_axis(range(2, len(whole) + 2), axis="index")


def rows_where(
    opens: Callable[[], IO[bytes]],
    width: int,
    separator: str,
    positions: Sequence[int],
    wanted: Wanted,
) -> Found:
    """Return the rows that are wanted, and what stands in the others.

    Parameters
    ----------
    opens, width, separator, positions
        As of :func:`blocks`; the columns of ``wanted`` are among them.
    wanted : Wanted
        Which rows.

    Returns
    -------
    Found
        The rows.

    Raises
    ------
    Doubtful
        As of :func:`blocks`.
    """
    import pyarrow as pa
    from pyarrow import compute

    names, parts, numbers, n_rows, odd = pa.array(list(wanted.names)), [], [], 0, None
    values: dict[str, int] = {}
    for row, batch in blocks(opens, width, separator, positions):
        cells = compute.utf8_trim_whitespace(batch.column(str(wanted.at)))
        here = compute.is_in(cells, value_set=names)
        for value in compute.unique(cells.filter(compute.invert(here))).to_pylist():
            if value not in values:
                values[value] = row + compute.index(cells, value).as_py()
        if wanted.shape and odd is None:
            at, pattern = wanted.shape
            shown = compute.utf8_trim_whitespace(batch.column(str(at)))
            fits = compute.match_substring_regex(shown, f"^({pattern})$")
            place = compute.index(fits, False).as_py()
            odd = row + place if place >= 0 else None
        parts.append(batch.filter(here))
        numbers += (compute.indices_nonzero(here).to_numpy() + row).tolist()
        n_rows += batch.num_rows
    text = _frame(parts, positions).set_axis(numbers, axis="index")
    return Found(text, n_rows, values, odd)


def _frame(batches: Sequence[Any], positions: Sequence[int]) -> pd.DataFrame:
    import pyarrow as pa

    if not batches:
        return pd.DataFrame(columns=list(positions), dtype=str)
    table = pa.Table.from_batches(batches)
    texts = {pa.string(): pd.Series(dtype="str").dtype}  # as they are, not by way of Python's own
    columns = {
        at: table.column(str(at)).to_pandas(types_mapper=texts.get)
        for at in dict.fromkeys(positions)
    }
    return pd.DataFrame(columns)[list(positions)]
