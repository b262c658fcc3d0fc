"""``make pdf``: the whole book as one PDF, printed by the Chromium of the system.

Sphinx writes all pages as one, :mod:`helpers.book.paper` makes a document for paper of it, and a
headless Chromium prints it with ``book/print.css``: once to see on which page each chapter begins,
and again with a contents that says so.
"""

import os
import re
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import whole, write_text
from helpers.base.source import commit
from helpers.book.builder import ENVIRONMENT
from helpers.book.leaves import leaves
from helpers.book.paper import printable, with_pages
from helpers.run.run import Run

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
DATE = re.compile(rb"(/(?:Creation|Mod)Date \(D:)\d{14}")
PRINTS = 4  # two do, unless a number in the contents needs another line than its place did


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
        # The zone stands in the dates.
        environment = {**os.environ, "TZ": "UTC"}
        run = subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment)
        if run.returncode or not temporary.read_bytes().startswith(b"%PDF"):
            last = (run.stderr.strip().splitlines() or ["no message"])[-1]
            raise InputError(f"Chromium printed no PDF: {last}")


def undated(data: bytes) -> bytes:
    """Return a PDF that tells the date of the sources in the place of that of its printing.

    Parameters
    ----------
    data : bytes
        A PDF.

    Returns
    -------
    bytes
        As long as it was, since a PDF says at which byte each part begins; two prints of the same
        document are then the same.

    Examples
    --------
    >>> undated(b"/CreationDate (D:20300203040506+00'00')")
    b"/CreationDate (D:20260101000000+00'00')"
    """
    date = datetime.fromtimestamp(int(ENVIRONMENT["SOURCE_DATE_EPOCH"]), UTC)
    return DATE.sub(rb"\g<1>" + date.strftime("%Y%m%d%H%M%S").encode(), data)


def print_numbered(document: str, folder: Path, target: Path) -> None:
    """Print a document until its contents name the pages on which its chapters are.

    Parameters
    ----------
    document : str
        As of :func:`helpers.book.paper.printable`.
    folder : Path
        Where what it needs stands; it gets ``print.html``.
    target : Path
        The PDF, which is replaced whole.

    Raises
    ------
    InputError
        As of :func:`print_pdf`; when the pages cannot be read; and when they move with every print.
    """
    page, draft = folder / "print.html", folder / "print.pdf"
    for _ in range(PRINTS):
        write_text(page, document)
        print_pdf(page, draft)
        numbered = with_pages(document, leaves(draft.read_bytes()))
        if numbered == document:
            with whole(target) as temporary:
                temporary.write_bytes(undated(draft.read_bytes()))
            return
        document = numbered
    raise InputError(f"the pages of the printed book still moved at print {PRINTS}; none was kept")


def write_book(run: Run) -> Path:
    """Print the book of a run.

    Parameters
    ----------
    run : Run
        The run, all stages of which have run.

    Returns
    -------
    Path
        ``book.pdf`` among what is built; pages that it was printed from offer it from now on.

    Raises
    ------
    InputError
        When there is no Chromium, no result yet, a warning of the builder, or a fault of
        :func:`print_numbered`; the PDF of before stays.
    """
    from helpers.book.build import PDF, offer, one_page

    chromium()  # refused before the pages are made
    if not (run.processed / "results.json").exists():
        raise InputError("there is no book to print yet; run make report first")
    target = run.book / PDF
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        page = one_page(run, Path(folder))
        shutil.copyfile(paths.BOOK / "print.css", page.with_name("print.css"))
        subtitle = f"Commit {commit()} · run {run.name}"
        document = printable(page.read_text(encoding="utf-8"), subtitle)
        print_numbered(document, page.parent, target)
    offer(run, target)
    return target
