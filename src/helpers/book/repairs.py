"""A Sphinx extension that mends what the theme gets wrong for a screen reader.

Each repair was found with axe-core; ``tests/book/test_browser.py`` runs it over every page.
"""

import re
from pathlib import Path
from typing import Any

from helpers.base.files import listed

REPAIRS = [
    (re.compile(pattern), text)
    for pattern, text in (
        # A name that is not the words that everybody else sees.
        (r'<summary aria-label="Toggle hidden content">', "<summary>"),
        # An arrow that folds a part of the contents, without a name.
        (
            r'<summary>(?=<span class="toctree-toggle")',
            '<summary aria-label="Pages below this one">',
        ),
        (r'(<button class="btn search-button-field[^>]*?) aria-label="Search"', r"\1"),
        # The icon of the button for light and dark is no text of its own.
        (r'(<i class="theme-switch [^>]*?) title="[^"]*"', r'\1 aria-hidden="true"'),
        # A side bar whose first parts belong to no landmark.
        (r'<div id="pst-primary-sidebar" ', r'\g<0>role="region" aria-label="The book" '),
        # A list whose entries are not what its role promises; without roles it reads as it stands.
        (r'<div role="list" class="citation-list">', '<div class="citation-list">'),
        (r' role="doc-biblioentry"', ""),
        # A script in the text of the search page, which the page's policy would block; search.js
        # beside the pages does the same.
        (r"<script>\s*// Activate the search field on page load[^<]*</script>", ""),
    )
]


def repaired(html: str) -> str:
    """Return a page with every repair made.

    Parameters
    ----------
    html : str
        A page as Sphinx wrote it.

    Returns
    -------
    str
        The page; what needs no repair stays as it is.

    Examples
    --------
    >>> repaired('<summary aria-label="Toggle hidden content">Show code</summary>')
    '<summary>Show code</summary>'
    """
    for pattern, text in REPAIRS:
        html = pattern.sub(text, html)
    return html


def _repair_all(app: Any, failed: Exception | None) -> None:
    if failed is None and app.builder.format == "html":
        for path in listed(Path(app.outdir), "*.html", deep=True):
            path.write_text(repaired(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Any) -> dict[str, Any]:
    """Repair the pages when all are written.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The builder; a build that failed or makes no HTML is left alone.

    Returns
    -------
    dict
        Version of the extension, and that pages may be read and written in parallel.
    """
    app.connect("build-finished", _repair_all)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
