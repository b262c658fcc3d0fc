"""A Sphinx extension that mends pages when they are written.

What the theme gets wrong for a screen reader was found with axe-core; a test runs it over every
page. A long name or address in a table may go over to the next line between its parts, so that no
word of it is torn; another test looks at each word.
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
        # Who asked for the dark sees light until a script has come; the head knows what was asked.
        (
            r'(dataset\.theme = localStorage\.getItem\("theme"\) \|\| )"auto";',
            r'\1(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");',
        ),
        # A script in the text of the search page, which the page's policy would block; search.js
        # beside the pages does the same.
        (r"<script>\s*// Activate the search field on page load[^<]*</script>", ""),
    )
]

CELL = re.compile(r"(<t[hd]\b[^>]*>)(.*?)(?=</t[hd]>)", re.DOTALL)
TAG_OR_WORD = re.compile(r"<[^>]*>|[^\s<]{8,}")
PART = re.compile(r"([A-Za-z0-9][_/=]|[A-Za-z]\.|[0-9a-f]{16})(?=[A-Za-z0-9])")


def breakable(html: str) -> str:
    """Return a page whose tables may break a long word between its parts.

    Parameters
    ----------
    html : str
        A page, or a part of one.

    Returns
    -------
    str
        The same with ``<wbr>`` in words of tables of 8 letters or more.

    Examples
    --------
    >>> breakable("<td>attacks_on_forces</td>")
    '<td>attacks_<wbr>on_<wbr>forces</td>'
    """

    def parted(found: re.Match[str]) -> str:
        return found[0] if found[0][0] == "<" else PART.sub(r"\1<wbr>", found[0])

    return CELL.sub(lambda cell: cell[1] + TAG_OR_WORD.sub(parted, cell[2]), html)


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
    return breakable(html)


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
