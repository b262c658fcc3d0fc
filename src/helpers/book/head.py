"""A Sphinx extension for what a page says of itself to browsers, searches and those who share it.

``html.baseurl`` in ``_config.yml`` is the one place for the address of the pages. Where it is set,
each page names its own address, and a page that is not there leads back from any depth.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes

LONGEST = 200  # characters of a description
CARD = "_static/card.png"
LOST = "404"
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>')
DOCSEARCH = re.compile(r'\s*<meta name="docsearch:[^>]*>')
TITLE = re.compile(r"<title>(?P<own>[^<]*?) &#8212; (?P<book>[^<]*)</title>")
LOCAL = re.compile(r'\b(href|src)="(?!#|[a-z]+:|/)([^"]+)"')
COLOURS = {"light": "#ffffff", "dark": "#121212"}


def described(doctree: nodes.document) -> str:
    """Return the first sentences of a page.

    Parameters
    ----------
    doctree : docutils.nodes.document
        The page; what it says in tables, figures and boxes does not count.

    Returns
    -------
    str
        Whole sentences of at most :data:`LONGEST` characters, or the beginning of a longer one;
        empty where the page has no text.
    """
    for paragraph in doctree.findall(nodes.paragraph):
        parent = paragraph.parent
        if isinstance(parent, nodes.section | nodes.document) and paragraph.astext().strip():
            return shortened(paragraph.astext())
    return ""


def shortened(text: str) -> str:
    """Return the beginning of a text, at the end of a sentence where there is one.

    Parameters
    ----------
    text : str
        Plain text.

    Returns
    -------
    str
        At most :data:`LONGEST` characters.

    Examples
    --------
    >>> shortened("One sentence.  " + "Another " * 40)
    'One sentence.'
    """
    words = " ".join(text.split())
    if len(words) <= LONGEST:
        return words
    whole = list(re.finditer(r"[.?!](?=\s)", words[:LONGEST]))
    return words[: whole[-1].end()] if whole else words[: LONGEST - 1].rpartition(" ")[0] + "…"


def tags(title: str, book: str, text: str, *, address: str, up: str, page: str) -> str:
    """Return the tags of a page.

    Parameters
    ----------
    title, book : str
        What the page and the book are called, as plain text.
    text : str
        What the page says first.
    address : str
        The address of the pages; empty where there is none.
    up : str
        From the page to the folder of the book.
    page : str
        The page's own address in the book.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> told = tags("A & b", "Book", "Words.", address="", up="../", page="x/a.html")
    >>> '<meta property="og:title" content="A &amp; b">' in told, "og:url" in told
    (True, False)
    """
    base = f"{address.rstrip('/')}/" if address else ""
    named = {"description": text, "twitter:card": "summary_large_image"}
    graph = {
        "og:type": "website" if page == "index.html" else "article",
        "og:site_name": book,
        "og:title": title,
        "og:description": text,
        "og:image": f"{base or up}{CARD}",
        "og:url": f"{base}{page}" if base else "",
    }
    lines = [
        *(_meta("name", name, value) for name, value in named.items() if value),
        *(_meta("property", name, value) for name, value in graph.items() if value),
        *(
            f'<meta name="theme-color" media="(prefers-color-scheme: {scheme})" content="{colour}">'
            for scheme, colour in COLOURS.items()
        ),
    ]
    return "\n".join(lines)


def _meta(kind: str, name: str, value: str) -> str:
    return f'<meta {kind}="{name}" content="{html.escape(value)}">'


def tidied(page: str) -> str:
    """Return a page with one viewport, one title and no words for a search that it does not use.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    str
        The title of the front page is that of the book, and stands there once.

    Examples
    --------
    >>> tidied("<title>A book&#39;s &#8212; A book’s</title></head><body>")
    '<title>A book’s</title></head><body>'
    """
    head, end, rest = page.partition("</head>")
    first = VIEWPORT.search(head)
    if first:
        head = head[: first.end()] + VIEWPORT.sub("", head[first.end() :])

    def once(found: re.Match[str]) -> str:
        own, book = (html.unescape(found[name]).replace("’", "'") for name in ("own", "book"))
        return f"<title>{found['book']}</title>" if own == book else found[0]

    return TITLE.sub(once, DOCSEARCH.sub("", head)) + end + rest


def from_anywhere(page: str, address: str) -> str:
    """Return a page of the book's folder that finds the book from wherever it is shown.

    Parameters
    ----------
    page : str
        HTML, as a server shows it for every page that is not there.
    address : str
        The address of the pages.

    Returns
    -------
    str
        What it loads and leads to is named in full.

    Examples
    --------
    >>> from_anywhere('<a href="index.html">x</a><a href="#y">y</a>', "https://example.org/b/")
    '<a href="https://example.org/b/index.html">x</a><a href="#y">y</a>'
    """
    return LOCAL.sub(rf'\1="{address.rstrip("/")}/\2"', page)


def _add_tags(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    title = html.unescape(re.sub(r"<[^>]+>", "", str(context.get("title", ""))))
    book = app.config.html_title or app.config.project
    told = tags(
        title or book,
        book,
        described(doctree) if doctree is not None else "",
        address=app.config.html_baseurl,
        up="../" * page.count("/"),
        page=f"{page}.html",
    )
    context["metatags"] = f"{context.get('metatags', '')}\n{told}"


def _lost(app: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    if app.builder.name == "html":
        body = (
            "<section><h1>This page is not here</h1><p>It may have moved. The side bar has all "
            'pages; <a href="index.html">the first one</a> says where to read on.</p></section>'
        )
        yield LOST, {"title": "Page not found", "body": body}, "page.html"


def _finish(app: Any, failed: Exception | None) -> None:
    from helpers.base.files import listed
    from helpers.book import card

    if failed is not None or app.builder.name != "html":
        return
    root = Path(app.outdir)
    for path in listed(root, "*.html", deep=True):
        path.write_text(tidied(path.read_text(encoding="utf-8")), encoding="utf-8")
    card.write(app.config.html_title or app.config.project, app.compendium_results, root / CARD)


def _lead_back(app: Any, failed: Exception | None) -> None:
    path = Path(app.outdir) / f"{LOST}.html"
    if failed is None and app.config.html_baseurl and path.is_file():
        page = path.read_text(encoding="utf-8")
        path.write_text(from_anywhere(page, app.config.html_baseurl), encoding="utf-8")


def setup(app: Any) -> dict[str, Any]:
    """Add the tags and the page for what is not there, and draw the card.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; :mod:`helpers.book.binding`, loaded before, has the results.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.connect("html-page-context", _add_tags)
    app.connect("html-collect-pages", _lost)
    app.connect("build-finished", _finish)
    app.connect("build-finished", _lead_back, priority=850)  # when its files are joined
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
