"""A real browser, and the pages that it opens."""

import re
import shutil

import pytest

from helpers.base import paths

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def html(request):
    """The real book when it is built, else one of the tiny project."""
    built = paths.BUILD / "html"
    if (built / "index.html").exists():
        return built
    return request.getfixturevalue("built_once") / "book/_build/html"


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


# Of the reference, and of the rows of a table, one page is built like the other.
ALIKE = re.compile(r".*/(reference/(?!base\b)|rows/.*-([2-9]|\d\d+)\.html$)")


def alike(path):
    """Whether another page of the book is built in the same way and stands for it."""
    return bool(ALIKE.match(path.as_posix()))


@pytest.fixture(scope="module")
def pages(html):
    """All pages of the book but the index of names."""
    return sorted(
        path
        for path in html.rglob("*.html")
        if "_static" not in path.parts and path.name != "genindex.html"
    )
