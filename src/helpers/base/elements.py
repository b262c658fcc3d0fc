"""Elements of HTML that stand in a text for what only the book's parser reads.

::

    <span title="&#123;num&#125;&#96;trend.ratio:.1f&#96;" data-shown="1.7">1.7</span>

The ``title``, which appears when one points at the words, is what the element stands for, to the
letter, and ``data-shown`` is what it showed when it was made. No sign in it means anything to
Markdown, since all that might are references such as ``&#96;``; so it can stand in a table, a
heading or a link.
"""

import html
import re
import sys
from typing import NamedTuple

MARK = 'data-shown="'
ELEMENT = re.compile(rf'<span title="([^"<>]*)" {MARK}([^"<>]*)">(.*?)</span>', re.DOTALL)
# What neither HTML nor Markdown, mathematics or a cell of a table could take for its own.
PLAIN = re.compile(r"[\w .,:;%+/()='–—−-]", re.ASCII)
NUMBER = re.compile(r"&#(\d{1,7});")


class Element(NamedTuple):
    """An element as it stands in a text.

    Attributes
    ----------
    stands_for : str
        What it was put in for.
    showed : str
        Its words when it was made.
    shows : str
        Its words now.
    """

    stands_for: str
    showed: str
    shows: str


def element(stands_for: str, words: str) -> str:
    """Return an element.

    Parameters
    ----------
    stands_for : str
        Any text.
    words : str
        What it shows; white space counts as one blank.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> print(element("{num}`a.b`", "1 < 2"))
    <span title="&#123;num&#125;&#96;a.b&#96;" data-shown="1 &#60; 2">1 &#60; 2</span>
    """
    shown = _coded(" ".join(words.split())).replace("_", "&#95;")
    return f'<span title="{_coded(stands_for)}" {MARK}{shown}">{shown}</span>'


def read(found: re.Match[str]) -> Element:
    """Return what an element says.

    Parameters
    ----------
    found : re.Match
        A match of ``ELEMENT``.

    Returns
    -------
    Element

    Examples
    --------
    >>> read(ELEMENT.search("Up " + element("{num}`a.b`", "1.7")))
    Element(stands_for='{num}`a.b`', showed='1.7', shows='1.7')
    """
    title, showed, shows = found[1], found[2], " ".join(found[3].split())
    if shows == showed:
        return Element(_decoded(title), _decoded(showed), _decoded(showed))
    return Element(_decoded(title), _decoded(showed), html.unescape(shows))


def _coded(text: str) -> str:
    return "".join(
        one if PLAIN.match(one) or (not one.isascii() and one.isalnum()) else f"&#{ord(one)};"
        for one in text
    )


def _decoded(text: str) -> str:
    # Not html.unescape, to which some numbers are other signs than their own.
    return NUMBER.sub(lambda one: chr(int(one[1])) if int(one[1]) <= sys.maxunicode else "", text)
