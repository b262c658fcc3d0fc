"""A Sphinx extension that lets a page run the book's own scripts and nothing else.

Each page names, in a Content-Security-Policy, what its browser may load: scripts, styles, fonts and
images beside it, no connection, no frame, no plugin. A script in the text of a page runs only when
its hash is named, and named are those alone that the theme writes into the head of every page.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.base.files import listed

INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
RULES = (
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",  # the theme writes style attributes, which run nothing
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)


def inline_scripts(page: str) -> list[str]:
    """Return the scripts that stand in the head of a page.

    Parameters
    ----------
    page : str
        HTML.

    Returns
    -------
    list of str
        In order, without those that are files.

    Examples
    --------
    >>> inline_scripts("<head><script>a()</script></head><body><script>b()</script></body>")
    ['a()']
    """
    return INLINE.findall(page.split("</head>")[0])


def common(pages: Iterable[str]) -> set[str]:
    """Return the scripts that the heads of all pages have: those of the theme.

    Parameters
    ----------
    pages : iterable of str
        The pages of a book, as HTML.

    Returns
    -------
    set of str
        What the theme writes.

    Examples
    --------
    >>> one, two = "<head><script>a()</script>", "<head><script>a()</script><script>b()</script>"
    >>> common([one, two])
    {'a()'}
    """
    found = [set(inline_scripts(page)) for page in pages]
    return set.intersection(*found) if found else set()


def with_policy(page: str, known: Iterable[str]) -> str:
    """Return a page with its policy.

    Parameters
    ----------
    page : str
        HTML with a head.
    known : iterable of str
        The scripts that may stand in it, as of :func:`common`.

    Returns
    -------
    str
        The page; its scripts that are not known get no hash, so that no browser runs them.

    Examples
    --------
    >>> page = "<head></head><body><script>alert(1)</script></body>"
    >>> "script-src &#x27;self&#x27;;" in with_policy(page, {"other()"})
    True
    """
    known = set(known)
    hashes = dict.fromkeys(
        "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
        for text in inline_scripts(page)
        if text in known
    )
    policy = "; ".join([*RULES, " ".join(["script-src 'self'", *hashes])]) + ";"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">'
    return HEAD.sub(lambda found: found[0] + meta, page, count=1)


def _write_policies(app: Any, failed: Exception | None) -> None:
    if failed is not None or app.builder.format != "html":
        return
    # Templates of the theme lie among the static files; no reader opens them.
    pages = {
        path: path.read_text(encoding="utf-8")
        for path in listed(Path(app.outdir), "*.html", deep=True)
        if "_static" not in path.relative_to(app.outdir).parts
    }
    known = common(pages.values())
    for path, page in pages.items():
        path.write_text(with_policy(page, known), encoding="utf-8")


def _no_web_scheme(app: Any, doctree: Any, docname: str) -> None:
    """Leave the words of a link that leads neither into the book nor to a page of the web."""
    from docutils import nodes

    for link in list(doctree.findall(nodes.reference)):
        scheme = re.match(r"\s*([a-zA-Z][\w+.-]*):", link.get("refuri", ""))
        if scheme and scheme[1].lower() not in ("http", "https", "mailto"):
            link.replace_self(nodes.inline("", "", *link.children))


def setup(app: Any) -> dict[str, Any]:
    """Write the policies when all pages are written and repaired; read no file into a page.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; this extension is loaded after those that change pages.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """

    def closed(app: Any) -> None:
        app.env.settings.update(file_insertion_enabled=False, raw_enabled=False)

    app.connect("builder-inited", closed, priority=900)
    app.connect("doctree-resolved", _no_web_scheme, priority=900)
    app.connect("build-finished", _write_policies, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
