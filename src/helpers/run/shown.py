"""What a file shows, taken apart into what a reader takes together: records and tables."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Any, NamedTuple

from helpers.base.tokens import period, words

WINDOW = 16  # lines over which one printed row may go, or values of a long list
STEP = 4  # from one window of values to the next, so that a row of a table lies within one
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
GAP = re.compile(r"\s{2,}|\t")
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)  # in which a picture may keep its words
EMBEDDED = re.compile(r"data:(image|application|audio|video|font)/[\w.+-]+;base64,")


class Shown(NamedTuple):
    """What something shows.

    Attributes
    ----------
    records : list of str
        Lines, rows of tables, entries.
    tables : list of (header, rows)
        Tables of cells.
    hidden : str
        What cannot be looked through, empty where there is nothing of the kind.
    """

    records: list[str]
    tables: list[tuple[list[str], list[list[str]]]]
    hidden: str = ""

    def __add__(self, other: "Shown") -> "Shown":  # type: ignore[override]
        """Return both together."""
        return Shown(
            self.records + other.records, self.tables + other.tables, self.hidden or other.hidden
        )


NOTHING = Shown([], [])


def of_text(text: str, *, printed: bool = True) -> Shown:
    """Return what a text shows.

    Parameters
    ----------
    text : str
        Lines.
    printed : bool, default True
        Whether it was printed by a program, so that one row may go over several lines.

    Returns
    -------
    Shown

    Examples
    --------
    >>> of_text("place A\\ndeaths 5").records
    ['place A', 'deaths 5', 'place A deaths 5']
    """
    lines = [line.strip() for line in ANSI.sub("", text).splitlines() if line.strip()]
    records = [*lines, *(_blocks(lines) if printed else ())]
    return Shown(records, list(_columns(lines)), _embedded(text))


def of_csv(text: str) -> Shown:
    """Return what a CSV shows: a table, and each of its rows.

    Parameters
    ----------
    text : str
        The file.

    Returns
    -------
    Shown

    Examples
    --------
    >>> of_csv("place,deaths\\nA,5\\n").records
    ['place deaths', 'A 5']
    """
    header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    return Shown([" ".join(row) for row in (header, *rows)], [(header, rows)])


def of_json(value: Any) -> Shown:
    """Return what a value of JSON shows: its texts, and its lists and objects as rows.

    Of a long list or object some values that follow one another are a row, as nobody takes hundreds
    together.

    Parameters
    ----------
    value : Any
        Plain Python values.

    Returns
    -------
    Shown

    Examples
    --------
    >>> of_json([{"place": "A", "deaths": 5}]).tables
    [(['place', 'deaths'], [['A', '5']])]
    """
    if isinstance(value, str):
        return of_text(value, printed=False)
    if not isinstance(value, (dict, list)):
        return NOTHING
    parts = list(value.values()) if isinstance(value, dict) else value
    found = Shown(_rows(value), [])
    if table := _table(value):
        found += Shown([" ".join(part) for row in table[1] for part in _parts(row)], [table])
    elif isinstance(value, dict):  # a key such as 2021-05.place belongs to what stands under it
        found += Shown(
            [
                f"{key} {' '.join(str(one) for one in under.values())}"
                for key, under in value.items()
                if isinstance(under, dict)
            ],
            [],
        )
    for one in parts:
        found += of_json(one)
    return found


def _rows(value: dict[str, Any] | list[Any]) -> list[str]:
    """Return the plain values of a list, or of an object with their names."""
    named = list(value.items() if isinstance(value, dict) else (("", one) for one in value))
    plain = [(name, str(one)) for name, one in named if not isinstance(one, (dict, list))]
    if not plain:
        return []
    if len(named) <= WINDOW:
        return [" ".join([*(name for name, _ in named), *(one for _, one in plain)])]
    return [" ".join(part) for part in _parts([" ".join(one) for one in plain])]


def _parts(cells: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield cells that follow one another, as many as a row may hold."""
    for start in range(0, max(len(cells) - WINDOW, 0) + STEP, STEP):
        yield cells[start : start + WINDOW]


def of_html(text: str) -> Shown:
    """Return what HTML or SVG shows: its texts, comments and attributes, and its tables.

    Parameters
    ----------
    text : str
        HTML, or an SVG.

    Returns
    -------
    Shown

    Examples
    --------
    >>> of_html("<table><tr><th>a<th>b<tr><td>A<td>5</table>").tables
    [(['a', 'b'], [['A', '5']])]
    >>> of_html("<svg><text>A</text><text>5</text></svg>").records[-1]
    'A 5'
    """
    parser = _Parser()
    parser.feed(text)
    parser.close()
    drawn = " ".join(" ".join([*COMMENT.findall(text), *parser.drawn]).split())
    records = [" ".join(row) for table in parser.tables for row in table]
    texts = of_text("\n".join(parser.texts), printed=False)
    tables = [(table[0], table[1:]) for table in parser.tables if len(table) > 1]
    comments = [one.strip() for one in COMMENT.findall(text)]
    return Shown([*records, *texts.records, *comments, drawn], tables, _embedded(text))


def of_file(name: str, text: str) -> Shown:
    """Return what a file shows, by the ending of its name.

    Parameters
    ----------
    name : str
        The file.
    text : str
        What it holds.

    Returns
    -------
    Shown
    """
    if name.endswith(".csv"):
        return of_csv(text)
    if name.endswith((".html", ".svg")):
        return of_html(text)
    if name.endswith(".json"):
        return of_json(json.loads(text))
    return of_text(text)


class _Parser(HTMLParser):
    """Collects the texts of a page, and of each table the cells."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.drawn: list[str] = []  # the words of a picture, which a reader takes together
        self._inside = 0
        self._drawing = False

    def handle_starttag(self, tag: str, attributes: Sequence[tuple[str, str | None]]) -> None:
        self.texts += [told for _, told in attributes if told and not EMBEDDED.match(told)]
        self._drawing = tag in ("text", "tspan")
        if tag == "table":
            self.tables.append([])
            self._inside += 1
        elif self._inside and tag == "tr":
            self.tables[-1].append([])
        elif self._inside and tag in ("td", "th") and self.tables[-1]:
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._drawing = False
        if tag == "table" and self._inside:
            self._inside -= 1

    def handle_data(self, data: str) -> None:
        if not (told := " ".join(data.split())):
            return
        if self._drawing:
            self.drawn.append(told)
        if self._inside and self.tables[-1] and self.tables[-1][-1]:
            self.tables[-1][-1][-1] += f" {told}" if self.tables[-1][-1][-1] else told
        else:
            self.texts.append(told)


def _embedded(text: str) -> str:
    return "a picture inside a text" if EMBEDDED.search(text) else ""


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines that follow one another and name one day or month at most, as one record each."""
    whens = [{one for one in words(line) if len(period(one)) > 4} for line in lines]
    before = 0
    for start in range(len(lines)):
        end, seen = start, set[str]()
        while end < min(start + WINDOW, len(lines)) and len(seen | whens[end]) <= 1:
            seen |= whens[end]
            end += 1
        if end - start > 1 and end > before:
            before = end
            yield " ".join(lines[start:end])


def _columns(lines: Sequence[str]) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield the tables of a text: lines that gaps part into as many cells each."""
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        cells = GAP.split(line)
        if rows and len(cells) != len(rows[-1]):
            if len(rows) > 1 and len(rows[0]) > 1:
                yield [f"column {place}" for place in range(len(rows[0]))], rows
            rows = []
        rows.append(cells)


def _table(value: Any) -> tuple[list[str], list[list[str]]] | None:
    """Return a list of objects, or an object of lists of one length, as a table."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        header = list(dict.fromkeys(str(key) for one in value for key in one))
        return header, [[str(one.get(key, "")) for key in header] for one in value]
    rows = isinstance(value, list) and value and all(isinstance(one, list) for one in value)
    if rows and len({len(one) for one in value}) == 1:
        names = [f"column {place}" for place in range(len(value[0]))]
        return names, [[str(cell) for cell in one] for one in value]
    if isinstance(value, dict) and len(value) > 1:
        lists = [
            list(one.values()) if isinstance(one, dict) else one
            for one in value.values()
            if isinstance(one, (dict, list))
        ]
        if len(lists) == len(value) and len({len(one) for one in lists}) == 1:
            return list(map(str, value)), [[str(cell) for cell in row] for row in zip(*lists)]
    return None
