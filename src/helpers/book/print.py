"""``make pdf``: the whole book as one PDF, printed by the Chromium of the system.

Sphinx writes all pages as one; this module makes a document for paper of it (front page, contents,
chapters, no folded code, no links that lead nowhere on paper) and lets a headless Chromium print it
with ``book/print.css``.
"""

import html
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import whole, write_text
from helpers.base.source import commit
from helpers.run.run import Run

if TYPE_CHECKING:
    from bs4 import Tag

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
OFF_PAPER = (
    "div.cell details.hide",
    "div.cell:not(:has(div.cell_output))",
    "a.headerlink",
    "script",
    "section#time-per-stage",
    "figcaption div.legend",
    "div.opening",
)
LONG_WORD = re.compile(r"\S{28,}")


def chromium() -> str:
    """Return the path of Chromium.

    Returns
    -------
    str
        The first of :data:`BROWSERS` that is installed.

    Raises
    ------
    InputError
        With how to get it where there is none.
    """
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise InputError(
        "a PDF needs Chromium, which was not found; "
        "install it (on Debian or Ubuntu: apt-get install chromium)"
    )


def printable(page: str, subtitle: str) -> str:
    """Return the one-page book as a document for paper, with front page and contents.

    Parameters
    ----------
    page : str
        HTML of Sphinx, as of :func:`helpers.book.build.one_page`.
    subtitle : str
        A line under the title, as plain text.

    Returns
    -------
    str
        HTML that reads ``print.css`` beside it; nothing is folded, and only links that work on
        paper are left.

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
    _keep_only_links_that_work(article)
    for text in article.find_all(string=LONG_WORD):
        text.replace_with(LONG_WORD.sub(_breakable, str(text)))
    front = (
        f'<header class="front"><h1>{html.escape(title)}</h1>'
        f"<p>{html.escape(subtitle)}</p></header>"
        f'<nav class="contents"><h2>Contents</h2><ol>{"".join(_contents(article))}</ol></nav>'
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title>"
        '<link rel="stylesheet" href="_static/compendium.css">'
        '<link rel="stylesheet" href="_static/tables.css">'
        '<link rel="stylesheet" href="_static/figures.css">'
        '<link rel="stylesheet" href="print.css"></head>'
        f'<body>{front}<main class="bd-article">{article.decode_contents()}</main></body></html>'
    )


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


def _contents(article: "Tag") -> list[str]:
    """Return one list item for each chapter (a page of the book) with the names of its sections."""
    items = []
    for mark in article.select('span[id^="document-"]'):
        chapter = cast("Tag", mark.find_next("section"))
        chapter["class"] = "chapter"
        sections = (
            html.escape(one.get_text().strip()) for one in chapter.select(":scope > section > h3")
        )
        name = html.escape(_one(chapter, "h1, h2").get_text().strip())
        items.append(f'<li><a href="#{mark["id"]}">{name}</a><p>{" · ".join(sections)}</p></li>')
    return items


def print_pdf(page: Path, target: Path) -> None:
    """Let Chromium print a page as PDF.

    Parameters
    ----------
    page : Path
        An HTML file, with what it needs beside it.
    target : Path
        The PDF, which is replaced whole.

    Raises
    ------
    InputError
        With Chromium's last words when it printed none, or when there is no Chromium.
    subprocess.TimeoutExpired
        After ten minutes.
    """
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile, whole(target) as temporary:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [
            chromium(),
            *FLAGS,
            *sandbox,
            f"--user-data-dir={profile}",
            f"--print-to-pdf={temporary}",
            page.as_uri(),
        ]
        run = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if run.returncode or not temporary.read_bytes().startswith(b"%PDF"):
            last = (run.stderr.strip().splitlines() or ["no message"])[-1]
            raise InputError(f"Chromium printed no PDF: {last}")


def write_book(run: Run) -> Path:
    """Print the book of a run.

    Parameters
    ----------
    run : Run
        The run, all stages of which have run.

    Returns
    -------
    Path
        ``book.pdf`` among what is built.

    Raises
    ------
    InputError
        When there is no Chromium, no result yet, or a warning of the builder.
    """
    from helpers.book.build import one_page

    chromium()  # refused before the pages are made
    if not (run.processed / "results.json").exists():
        raise InputError("there is no book to print yet; run make report first")
    target = run.book / "book.pdf"
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        page = one_page(run, Path(folder))
        subtitle = f"Commit {commit()} · run {run.name}"
        write_text(
            page.with_name("print.html"), printable(page.read_text(encoding="utf-8"), subtitle)
        )
        shutil.copyfile(paths.BOOK / "print.css", page.with_name("print.css"))
        print_pdf(page.with_name("print.html"), target)
    return target
