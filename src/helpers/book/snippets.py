"""A Sphinx extension that keeps the prose of each section for the search page to quote.

A page opened from a file may not fetch another, so that the search could show titles alone. The
words of paragraphs and captions stand in a script of their own, which the search page loads.
"""

import json
from pathlib import Path
from typing import Any

from docutils import nodes

from helpers.base.files import write_text

FILE = "_static/search-texts.js"
MOST_BYTES = 300_000
LONGEST = 6000  # characters of a section, where there is room for so many
WITHOUT = ("reference", "genindex")  # names that the search finds by itself


def sections(doctree: nodes.document) -> list[tuple[str, str, str]]:
    """Return the sections of a page with their prose.

    Parameters
    ----------
    doctree : docutils.nodes.document
        The page.

    Returns
    -------
    list of (str, str, str)
        Anchor, title and text of the page itself and of each of its sections; what stands deeper
        belongs to the section around it.
    """
    found: list[tuple[str, str, str]] = []
    for top in (one for one in doctree.children if isinstance(one, nodes.section)):
        parts = [one for one in top.children if isinstance(one, nodes.section)]
        found += [_section(top, parts, ""), *(_section(one, [], one["ids"][0]) for one in parts)]
    return found


def _section(
    section: nodes.section, without: list[nodes.section], anchor: str
) -> tuple[str, str, str]:
    title = next(iter(section.findall(nodes.title)), nodes.title())
    parts = [
        one
        for one in section.children
        if one not in without and not {"opening", "calls"} & set(one.get("classes", ()))
    ]
    texts = [
        words
        for part in parts
        for prose in part.findall(lambda one: isinstance(one, nodes.paragraph | nodes.caption))
        for words in [*_words(prose), " "]
    ]
    return anchor, title.astext(), " ".join("".join(texts).split())


def _words(prose: nodes.Element) -> list[str]:
    """Return the words of a paragraph without the keys that stand for works not looked up yet."""
    if prose.get("refdomain") == "cite":
        return []
    return [
        word
        for one in prose.children
        for word in (_words(one) if isinstance(one, nodes.Element) else [one.astext()])
    ]


def script(pages: dict[str, list[tuple[str, str, str]]]) -> str:
    """Return the prose as a script that fits into :data:`MOST_BYTES`.

    Parameters
    ----------
    pages : dict of str to list
        Sections of each page, as of :func:`sections`.

    Returns
    -------
    str
        JavaScript; where all would be too much, the ends of the longest sections are left out.

    Examples
    --------
    >>> script({"a": [("", "A", "Words.")]})
    'window.SEARCH_TEXTS = {"a": [["", "A", "Words."]]};\\n'
    >>> len(script({"a": [(str(n), "A", "é" * 5000) for n in range(100)]}).encode()) <= MOST_BYTES
    True
    """
    longest = LONGEST
    while True:
        cut = {
            name: [(anchor, title, text[:longest]) for anchor, title, text in found]
            for name, found in pages.items()
        }
        made = f"window.SEARCH_TEXTS = {json.dumps(cut, ensure_ascii=False)};\n"
        if len(made.encode()) <= MOST_BYTES or not longest:
            return made
        longest = longest * 9 // 10


def _write(app: Any, failed: Exception | None) -> None:
    if failed is not None or app.builder.name != "html":
        return
    names = sorted(app.env.found_docs)
    pages = {
        name: sections(app.env.get_doctree(name))
        for name in names
        if name.partition("/")[0] not in WITHOUT
    }
    write_text(Path(app.outdir) / FILE, script(pages))


def setup(app: Any) -> dict[str, Any]:
    """Write the prose when all pages are written.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.connect("build-finished", _write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
