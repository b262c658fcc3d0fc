"""How tables look: HTML whose cells know their headings, laid out so that no window cuts them.

What is too wide for a page and has more columns than rows is turned; what is too wide for a phone
is a card a row there, and what is too wide for any page a card a row everywhere
(``tables.css``). How wide a table is follows from the letters in it.
"""

import re
from collections.abc import Container
from typing import Any, NamedTuple

import pandas as pd

from helpers.base.markup import html as escaped
from helpers.base.markup import html_told, web_address
from helpers.figures.heads import head

SHORT = 16  # letters; a column of no longer cells stays on one line
LETTER, PADDING = 7.6, 22  # pixels of a letter and beside a cell, as tables.css has them
DENSE = 12  # the padding of a table that has little room
TEXT, NAME = 150, 112  # the least width of a column of sentences, and of one that names its row
PHONE, PAGE = 290, 690  # the room for a table, less what letters wider than most take
ALL_DECIMALS = 6
NONE = "–"  # a missing value
ZERO = re.compile(r"0\.0+")
NAMES = re.compile(r"[a-z0-9_]+(?:, [a-z0-9_]+)*")  # a cell of nothing but names as code has them


class _Column(NamedTuple):
    """A column as it is shown: its heading, its cells as text and as HTML, and its kind."""

    heading: str
    texts: list[str]
    cells: list[str]
    right: bool

    @property
    def short(self) -> bool:
        return max(map(len, self.texts), default=0) <= SHORT

    def width(self, first: bool, dense: bool) -> float:
        """Return the pixels that it needs at least."""
        word = max(
            (len(one) for text in (self.heading, *self.texts) for one in text.split()), default=0
        )
        long = max(map(len, self.texts), default=0)
        letters = max(word, long) if self.short and not dense else word
        least = NAME if first and not (self.right or self.short) else TEXT * (long > 2 * SHORT)
        return max(LETTER * letters, least) + (DENSE if dense else PADDING)


def _usual_format(column: pd.Series) -> str:
    """Return the format of a column without one: years are names, decimals are shared."""
    if pd.api.types.is_integer_dtype(column):
        return "{:d}" if str(column.name).endswith("year") else "{:,d}"
    if not pd.api.types.is_float_dtype(column):
        return ""
    said = [f"{value:.{ALL_DECIMALS}f}".rstrip("0") for value in column.dropna()]
    return f"{{:,.{max((len(one.partition('.')[2]) for one in said), default=0)}f}}"


def _cell(value: Any, form: str) -> str:
    if pd.isna(value):
        return NONE
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if form:
        text = form.format(value)
        # A number that is not zero is not shown as zero.
        return f"<{text[:-1]}1" if ZERO.fullmatch(text) and value > 0 else text
    return f"{value:,}" if isinstance(value, int) else str(value)


def _folded(text: str, fold: int | None) -> str:
    """Return a text as HTML, its end folded where it is longer than ``fold`` letters."""
    shown = text if fold is None or len(text) <= fold else text[: fold + 1].rpartition(" ")[0]
    if not shown or len(shown) == len(text):
        return html_told(text, ids=False)
    rest = html_told(text[len(shown) :].lstrip(), ids=False)
    return f"<details><summary>{html_told(shown, ids=False)} …</summary>{rest}</details>"


def _addresses(text: str) -> list[str]:
    """Return the addresses that are all of a text, parted by bars; none where it says more."""
    found = [web_address(part) for part in text.split(" | ")] if "://" in text else []
    return found if all(found) else []


def _host(address: str) -> str:
    return address.split("/")[2].removeprefix("www.")


def _linked(html: str, label: str) -> str:
    return f'<a href="#{escaped(label)}">{html}</a>' if label else html


def _column(
    series: pd.Series, form: str, labels: list[str] | None, fold: int | None, code: bool
) -> _Column:
    texts = [_cell(value, form) for value in series.astype("object")]
    if not code:
        texts = [one.replace("_", " ") if NAMES.fullmatch(one) else one for one in texts]
    cells = []
    for at, text in enumerate(texts):
        if found := _addresses(text):
            texts[at] = ", ".join(map(_host, found))
            cells.append(
                ", ".join(f'<a href="{escaped(one)}">{escaped(_host(one))}</a>' for one in found)
            )
        elif code and text != NONE:
            cells.append(f"<code>{escaped(text)}</code>")
        else:
            cells.append(_folded(text, fold))
    if labels is not None:
        cells = [_linked(*pair) for pair in zip(cells, labels, strict=True)]
    numeric = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    return _Column(head(str(series.name)), texts, cells, numeric)


def _turned(columns: list[_Column]) -> list[_Column]:
    """Return rows as columns: the first column's cells are the headings."""
    first, *rest = columns
    names = _Column(
        first.heading, [one.heading for one in rest], [escaped(one.heading) for one in rest], False
    )
    turned = [
        _Column(
            name,
            [one.texts[at] for one in rest],
            [one.cells[at] for one in rest],
            all(one.right or one.short for one in rest),
        )
        for at, name in enumerate(first.texts)
    ]
    return [names, *turned]


def _width(columns: list[_Column], *, dense: bool = False) -> float:
    return sum(one.width(not at, dense) for at, one in enumerate(columns))


def _classes(columns: list[_Column]) -> list[str]:
    """Return how a table is laid out."""
    names = ["compendium"]
    if _width(columns) > PHONE:
        names.append("cards")
    if _width(columns) > PAGE:
        names.append("dense" if _width(columns, dense=True) <= PAGE else "always")
    return names


def _element(tag: str, html: str, attributes: str, column: _Column) -> str:
    kinds = [name for name in ("right", "short") if getattr(column, name)]
    marked = f' class="{" ".join(kinds)}"' if kinds else ""
    return f"<{tag}{attributes}{marked}>{html}</{tag}>"


def html_table(
    frame: pd.DataFrame,
    caption: str,
    formats: dict[str, str],
    links: dict[str, list[str]] | None = None,
    fold: int | None = None,
    code: Container[str] = (),
) -> str:
    """Write a table as HTML with a caption, numbers aligned to the right.

    Heads say in words what a column is (:mod:`helpers.figures.heads`). A cell that is an address,
    or several between bars, links there and shows the host. In ids, alone or in a sentence,
    underscores are spaces; keys of results and names of files are code.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        The table; its index is not shown, missing values show as a dash. The first column names
        the rows.
    caption : str
        The caption, as text.
    formats : dict of str to str
        Column to a format such as ``"{:,.0f}"``. Without one, numbers of a column share their
        decimals and have separators of thousands, except integers in a column whose name ends in
        ``year``. A number above zero that would show as zero shows as less than the last digit.
    links : dict of str to list of str, optional
        Column to one label a row, or ``""``, that :mod:`helpers.book.tables` turns into an address.
    fold : int, optional
        Of a text that is longer, so many letters are shown, to the end of a word, and the rest on
        demand.
    code : container of str
        Columns whose cells a reader looks for as they stand, such as names of columns.

    Returns
    -------
    str
        A ``<table>`` whose class says how it is laid out: as ``cards`` on a phone, ``always`` as
        cards, ``dense``. It is turned where it has more columns than rows and would be wider than
        a page.

    Examples
    --------
    >>> frame = pd.DataFrame({"year": [2024], "deaths": [1234.0], "p": [0.0002]})
    >>> table = html_table(frame, "Deaths.", {"p": "{:.3f}"}).split("\\n")
    >>> table[1], table[-3]
    ('<caption>Deaths.</caption>', '<tr><th scope="row" class="right short">2024</th>\
<td class="right short">1,234</td><td class="right short">&lt;0.001</td></tr>')
    """
    columns = [
        _column(
            frame[name],
            formats.get(name) or _usual_format(frame[name]),
            (links or {}).get(name),
            fold,
            name in code,
        )
        for name in frame
    ]
    if len(columns) > len(frame) + 1 and _width(columns) > PAGE and frame.iloc[:, 0].is_unique:
        turned = _turned(columns)
        columns = turned if _width(turned, dense=True) <= PAGE else columns
    names = _classes(columns)
    labelled = "cards" in names
    heads = [_element("th", escaped(one.heading), ' scope="col"', one) for one in columns]
    rows = []
    for at in range(len(columns[0].cells)):
        name, *rest = columns
        cells = [_element("th", name.cells[at], ' scope="row"', name)]
        for one in rest:
            label = f' data-label="{escaped(one.heading)}"' if labelled else ""
            if labelled and one.texts[at].strip() in ("", NONE):  # no card shows it
                label += " data-none"
            cells.append(_element("td", one.cells[at], label, one))
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join(
        [
            f'<table class="{" ".join(names)}">',
            f"<caption>{escaped(caption)}</caption>",
            f"<thead><tr>{''.join(heads)}</tr></thead>",
            "<tbody>",
            *rows,
            "</tbody>",
            "</table>",
        ]
    )
