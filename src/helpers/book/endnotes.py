"""The sources of bound numbers on paper, where no box opens: a note for each, after the chapters.

A note has one number in the whole book and stands once; each chapter that says what rests on it
refers to it at the first place.
"""

import html
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LONGEST = 120  # letters of the values of a condition; with more, the notes would be a book
TITLE = "Sources of the numbers"
TOLD = (
    "A number in brackets behind a number or a word leads to its note here: the name of the "
    "result, its value, its 95 % interval and n where it has them, what it was computed from, and "
    "the cell that recorded it. Words stand while what their note says holds. A note stands where "
    "it is first needed; the pages on a screen show the same beside every number."
)


def parts(title: str) -> dict[str, str]:
    """Return what a bound number tells, by name.

    Parameters
    ----------
    title : str
        As of :func:`helpers.book.quoting.told` or :func:`helpers.book.quoting.stated`.

    Returns
    -------
    dict of str to str
        Name to text, in order.

    Examples
    --------
    >>> parts("value: 1.6 · source: UCDP: events · key: trend.ratio")
    {'value': '1.6', 'source': 'UCDP: events', 'key': 'trend.ratio'}
    """
    return {
        name: text
        for part in title.split(" · ")
        for name, _, text in [part.partition(": ")]
        if name
    }


def cell(address: str) -> str:
    """Return the name of the cell, and of the line, that a link leads to.

    Parameters
    ----------
    address : str
        Of the link.

    Returns
    -------
    str
        As paper says it.

    Examples
    --------
    >>> cell("notebooks/03-trend.html#cell-03-trend-code-07-line-5")
    '03-trend-code-07, line 5'
    """
    name, line, number = address.rpartition("#")[2].removeprefix("cell-").rpartition("-line-")
    return f"{name}, line {number}" if line else number


def note(told: dict[str, str], where: str) -> str:
    """Return the words of a note.

    Parameters
    ----------
    told : dict of str to str
        As of :func:`parts`.
    where : str
        Which line of which cell recorded the result, as of :func:`cell`.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> told = {"value": "1.6", "interval": "1.2 to 2.1", "source": "UCDP", "key": "trend.ratio"}
    >>> note(told | {"notebook": "03-trend"}, "03-trend-code-07, line 5")
    '<b>trend.ratio</b> 1.6 (1.2 to 2.1); UCDP; 03-trend-code-07, line 5'
    >>> note({"says": "a.b > 1", "a.b": "2"}, "01-x")
    'while <b>a.b &gt; 1</b>; a.b: 2; 01-x'
    """
    if "says" in told:
        values = "; ".join(
            f"{name}: {text}" for name, text in told.items() if name not in ("says", "tables")
        )
        head = f"while <b>{html.escape(told['says'])}</b>"
        said = [values if len(values) <= LONGEST else ""]
    else:
        span = f" ({told['interval']})" if "interval" in told else ""
        head = (
            f"<b>{html.escape(told.get('key', ''))}</b> {html.escape(told.get('value', '') + span)}"
        )
        said = [f"n {told['n']}" if "n" in told else "", told.get("source", "")]
    return "; ".join([head, *(html.escape(one) for one in (*said, where) if one)])


def refer(article: "Tag", chapters: list[tuple[str, "Tag"]]) -> str:
    """Put a reference behind what is bound, once in a chapter, and return the notes.

    Parameters
    ----------
    article : Tag
        The book as one page; it is changed.
    chapters : list of (str, Tag)
        Name and element of each, in order. What stands before the first is the front page.

    Returns
    -------
    str
        HTML of a chapter of notes, those of a chapter below its name; empty where nothing is bound.
    """
    from bs4 import BeautifulSoup

    new = BeautifulSoup("", "lxml").new_tag
    of = {id(element): name for name, element in chapters}
    numbers: dict[str, int] = {}
    notes: dict[str, list[str]] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for link in article.select("a.num[title]"):
        # A heading stands in the contents and at the head of pages too, where no note belongs.
        if link.find_parent(HEADINGS):
            continue
        told = parts(str(link["title"]))
        what = told.get("key") or "while " + told.get("says", "")
        chapter = next((of[id(one)] for one in link.parents if id(one) in of), "")
        seen[chapter, what] += 1
        if seen[chapter, what] > 1:
            continue
        if what not in numbers:
            numbers[what] = len(numbers) + 1
            words = note(told, cell(str(link.get("href", ""))))
            notes.setdefault(chapter, []).append(
                f'<p id="note-{numbers[what]}"><i>{numbers[what]}</i> {words}</p>'
            )
        mark = new("sup", attrs={"class": "note"})
        mark.append(new("a", attrs={"href": f"#note-{numbers[what]}"}, string=f"[{numbers[what]}]"))
        link.insert_after(mark)
    if not notes:
        return ""
    below = "".join(
        f"<h3>{html.escape(name or 'The first page')}</h3>{''.join(ones)}"
        for name, ones in notes.items()
    )
    return (
        f'<section class="chapter notes" id="notes"><h2>{TITLE}</h2><p>{TOLD}</p>'
        f'<div class="columns">{below}</div></section>'
    )
