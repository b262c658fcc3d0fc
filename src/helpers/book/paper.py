"""The book as a document for paper: front page, contents, chapters, the sources of the numbers.

What works on a screen alone is left out or opened: folded code, links to what is not on paper,
narrow drawings, strips and boxes of cards. Each chapter stands on pages of its own name, so that
its title is at their head.
"""

import html
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from helpers.base.errors import InputError
from helpers.book import endnotes

if TYPE_CHECKING:
    from bs4 import Tag

OFF_PAPER = (
    "div.cell details.hide",
    "div.cell:not(:has(div.cell_output))",
    "div.calls",
    "a.headerlink",
    "script",
    "section#time-per-stage",
    "section:has(> .on-paper)",
    "figcaption div.legend",
    "div.opening",
    "svg.narrow",
    ".card-label",
    ".claim-strip",
    ".verdict-bar",
)
STYLES = ("_static/compendium.css", "_static/tables.css", "_static/figures.css", "print.css")
LONG_WORD = re.compile(r"\S{28,}")
LEAF = re.compile(r'(<span class="leaf" data-of="([^"]+)">)[^<]*(</span>)')
UNKNOWN = "000"  # as wide as the number of a page, so that little moves when it is known


def printable(page: str, subtitle: str) -> str:
    """Return the one-page book as a document for paper.

    Parameters
    ----------
    page : str
        HTML of Sphinx, as of :func:`helpers.book.build.one_page`.
    subtitle : str
        A line under the title, as plain text.

    Returns
    -------
    str
        HTML that reads ``print.css`` beside it; nothing is folded, only links that work on paper
        are left, and the contents wait for :func:`with_pages`.

    Raises
    ------
    InputError
        When the page has no title or article, so that another theme must have made it.

    Examples
    --------
    >>> page = '<title>Book</title><article class="bd-article"><a href="#x">there</a></article>'
    >>> '<main class="bd-article">there</main>' in printable(page, "commit abc")
    True
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page, "lxml")
    title, article = _one(soup, "title").get_text().strip(), _one(soup, "article.bd-article")
    for selector in OFF_PAPER:
        for unwanted in article.select(selector):
            unwanted.decompose()
    for folded in article.select("details"):
        folded["open"] = ""
    for link in article.select('.claim-told a[href*="#cell-"]'):
        link.string = endnotes.cell(str(link["href"]))
    chapters = _chapters(article)
    if notes := endnotes.refer(article, chapters):
        last = _one(BeautifulSoup(notes, "html.parser"), "section")
        article.append(last)
        chapters.append((endnotes.TITLE, last))
    _keep_only_links_that_work(article)
    for text in article.find_all(string=LONG_WORD):
        # In a drawing's style sheet a sign more would be another style.
        if text.find_parent(["svg", "style"]) is None:
            text.replace_with(LONG_WORD.sub(_breakable, str(text)))
    front = (
        f'<header class="front"><h1>{html.escape(title)}</h1>'
        f"<p>{html.escape(subtitle)}</p></header>"
        f'<nav class="contents"><h2>Contents</h2><ol>{"".join(_contents(chapters))}</ol></nav>'
    )
    sheets = "".join(f'<link rel="stylesheet" href="{name}">' for name in STYLES)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title>{sheets}"
        f"<style>{_heads(title, chapters)}</style></head>"
        f'<body>{front}<main class="bd-article">{article.decode_contents()}</main></body></html>'
    )


def with_pages(document: str, pages: Mapping[str, int]) -> str:
    """Return a document whose contents say on which page each chapter and section begins.

    Parameters
    ----------
    document : str
        As of :func:`printable`.
    pages : mapping of str to int
        Id of a heading to page, as of :func:`helpers.book.leaves.leaves`.

    Returns
    -------
    str
        The document; nothing else in it changes.

    Raises
    ------
    InputError
        When a heading has no page, so that Chromium must have made its links in another way.

    Examples
    --------
    >>> with_pages('First <span class="leaf" data-of="at-0">000</span>', {"at-0": 7})
    'First <span class="leaf" data-of="at-0">7</span>'
    """
    if lost := next((one[2] for one in LEAF.finditer(document) if one[2] not in pages), ""):
        raise InputError(f"the printed book has no place '{lost}' of its contents; was it cut?")
    return LEAF.sub(lambda found: f"{found[1]}{pages[found[2]]}{found[3]}", document)


def _one(part: "Tag", selector: str) -> "Tag":
    """Return the first element that a selector finds; a page of this builder has one."""
    found = part.select_one(selector)
    if found is None:
        raise InputError(f"the one-page book has no element '{selector}'; was the theme changed?")
    return found


def _breakable(word: re.Match[str]) -> str:
    """Return a long word, such as an address, that may break after its signs: no table is cut."""
    return re.sub(r"(?<=[/_.\-?&=])", "\u200b", word[0])


def _keep_only_links_that_work(article: "Tag") -> None:
    """Turn bound numbers, downloads and links to what is not on paper into plain text."""
    known = {tag["id"] for tag in article.select("[id]")}
    for link in article.select("a"):
        # All pages are this one.
        address = link["href"] = str(link.get("href", "")).removeprefix("index.html")
        works = address.startswith(("https://", "http://")) or (
            address.startswith("#") and address[1:] in known
        )
        if "num" in (link.get("class") or []) or not works:
            link.unwrap()


def _chapters(article: "Tag") -> list[tuple[str, "Tag"]]:
    """Return name and element of each chapter (a page of the book), marked as one."""
    found = []
    for mark in article.select('span[id^="document-"]'):
        chapter = cast("Tag", mark.find_next("section"))
        # Before the chapter it would stand on the page before, and links to it would lead there.
        chapter.insert(0, mark.extract())
        chapter["class"] = "chapter"
        found.append((_one(chapter, "h1, h2").get_text().strip(), chapter))
    return found


def _contents(chapters: list[tuple[str, "Tag"]]) -> list[str]:
    """Return one list item for each chapter with its sections; their headings get an id."""
    items = []
    for at, (name, chapter) in enumerate(chapters):
        _one(chapter, "h1, h2")["id"] = f"at-{at}"
        below = []
        for number, section in enumerate(chapter.select(":scope > section > h3")):
            place = section["id"] = f"at-{at}-{number}"
            below.append(_entry(place, section.get_text().strip()))
        items.append(f"<li>{_entry(f'at-{at}', name)}<p>{' · '.join(below)}</p></li>")
    return items


def _entry(place: str, name: str) -> str:
    leaf = f'<span class="leaf" data-of="{place}">{UNKNOWN}</span>'
    return f'<a href="#{place}">{html.escape(name)} {leaf}</a>'


def _heads(title: str, chapters: list[tuple[str, "Tag"]]) -> str:
    """Return the style sheet that puts the name of a chapter at the head of its pages."""
    rules = [f"@page {{ @top-left {{ content: {_string(title)} }} }}"]
    for at, (name, chapter) in enumerate(chapters):
        chapter["style"] = f"page: chapter-{at}"
        rules.append(f"@page chapter-{at} {{ @top-left {{ content: {_string(name)} }} }}")
    return "".join(rules)


def _string(text: str) -> str:
    """Return a text as a string of CSS, in which nothing ends the string or the element."""
    plain = " ".join(text.split())
    return '"' + re.sub(r'["\\<]', lambda sign: f"\\{ord(sign[0]):x} ", plain) + '"'
