"""The part of ``make bench`` that opens the built book in a browser on a slow line.

What a page weighs and when it is there, how often Tab is pressed from one link of the text to the
next, how small the smallest number to tap is, and how many tables are wider than their room.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from helpers.base.errors import InputError
from helpers.base.files import listed
from helpers.book.print import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LINE = {  # 1.6 Mbit/s, and a seventh of a second there and back
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
WIDTHS = (1400, 390)
TIMES = """() => {
  const [page] = performance.getEntriesByType('navigation');
  const all = [page, ...performance.getEntriesByType('resource')];
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  return [all.reduce((sum, one) => sum + one.encodedBodySize, 0), all.length,
    paint ? paint.startTime / 1000 : 0, page.loadEventEnd / 1000];
}"""
# From the link that skips to the text on: what Tab reaches, but not what lies in the side bars.
STOPS = """() => {
  const reached = 'main :is(a[href], button, input, summary, [tabindex])';
  const all = [...document.querySelectorAll(reached)].filter(one =>
    one.tabIndex >= 0 && one.checkVisibility() && !one.closest('.bd-sidebar-secondary'));
  let most = 0, run = 0;
  for (const one of all) {
    run += 1;
    if (one.matches('article a[href]:not(.headerlink)')) run = 0;
    most = Math.max(most, run);
  }
  return most;
}"""
SMALLEST = """all => Math.min(...all.map(one => one.getBoundingClientRect())
  .filter(box => box.width).map(box => Math.min(box.width, box.height)))"""
WIDE = """all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"""


class Visit(NamedTuple):
    """What opening a page costs.

    Attributes
    ----------
    kilobytes : float
        Of all that was loaded before somebody scrolls.
    requests : int
        The page among them.
    paint, load : float
        Seconds to the first words, and until all is there.
    stops : int
        The most presses of Tab in the text that lead to no link of it.
    target : float
        Pixels, the smaller side of the smallest bound number; infinite where there is none.
    overflows : tuple of int
        Tables wider than their room, in windows of :data:`WIDTHS`.
    """

    kilobytes: float
    requests: int
    paint: float
    load: float
    stops: int
    target: float
    overflows: tuple[int, ...]


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder to this machine alone while the block runs.

    Parameters
    ----------
    folder : Path
        What is served.

    Yields
    ------
    str
        The address, without a slash at its end.
    """
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def visit(browser: "Browser", address: str) -> Visit:
    """Open a page as one who has never been there does, and look at it.

    Parameters
    ----------
    browser : playwright.sync_api.Browser
        A Chromium.
    address : str
        The page.

    Returns
    -------
    Visit
        What it cost.

    Raises
    ------
    playwright.sync_api.Error
        When the page cannot be opened.
    """
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()
    context.new_cdp_session(page).send("Network.emulateNetworkConditions", LINE)
    page.goto(address, wait_until="load", timeout=120_000)
    page.wait_for_timeout(100)
    size, requests, paint, load = page.evaluate(TIMES)
    stops = page.evaluate(STOPS)
    wide = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide.append(page.locator(".scroll, .pst-scrollable-table-container").evaluate_all(WIDE))
    target = page.locator("a.num").evaluate_all(SMALLEST)
    context.close()
    return Visit(size / 1000, requests, paint, load, stops, target or float("inf"), tuple(wide))


def measure(html: Path) -> dict[str, Visit]:
    """Return what each page of a built book costs, but those of the reference.

    Parameters
    ----------
    html : Path
        Its folder.

    Returns
    -------
    dict of str to Visit
        By the page's address in the book.

    Raises
    ------
    InputError
        When there is no book, or no Chromium.
    """
    from playwright.sync_api import sync_playwright

    pages = [path.relative_to(html).as_posix() for path in listed(html, "*.html", deep=True)]
    chapters = [name for name in pages if name.partition("/")[0] not in ("_static", "reference")]
    if not chapters:
        raise InputError("there is no book to measure yet; run make report first")
    with sync_playwright() as playwright, served(html) as address:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        found = {name: visit(browser, f"{address}/{name}") for name in chapters}
        browser.close()
    return found
