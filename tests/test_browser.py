"""The built book in a real browser: nothing is fetched, nothing fails, everything can be found and read."""

import shutil
from pathlib import Path

import pytest

from helpers import paths

CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)")


@pytest.fixture(scope="module")
def html(request):
    """The real book when it is built, else one of the tiny project."""
    built = paths.BUILD / "html"
    if (built / "index.html").exists():
        return built
    return request.getfixturevalue("built_once") / "book/_build/html"


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def pages(html):
    return sorted(path for path in html.rglob("*.html") if "_static" not in path.parts and path.name != "genindex.html")


def test_every_page_opens_from_a_file_and_asks_for_nothing_else(html, browser):
    for path in pages(html):
        page, asked, said = browser.new_page(), [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_timeout(200)
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == [], path.name
        assert said == [], path.name
        page.close()


def test_images_have_words_and_links_lead_somewhere(html, browser):
    page = browser.new_page()
    for path in pages(html):
        page.goto(path.as_uri())
        images = page.eval_on_selector_all("main img", "all => all.map(one => [one.alt, one.naturalWidth])")
        assert all(alt.strip() and width > 0 for alt, width in images), path.name
        links = page.eval_on_selector_all("main a[href]", "all => all.map(one => one.href)")
        for link in links:
            if link.startswith("file:"):
                file, _, anchor = link.removeprefix("file://").partition("#")
                target = Path(file.replace("%20", " "))
                assert target.exists(), f"{path.name} links to {link}"
                if anchor and target == path:
                    assert page.evaluate("id => !!document.getElementById(id)", anchor), f"{path.name} has no #{anchor}"
    page.close()


@pytest.mark.parametrize("width", [1400, 800, 390])
def test_no_page_is_wider_than_the_window_and_one_search_shows(html, browser, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    for path in pages(html):
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        shown = page.locator(".search-button-field, .search-button__button").evaluate_all(
            "all => all.filter(one => one.checkVisibility({visibilityProperty: true})).length")
        assert shown <= 1, path.name
    page.close()


def test_search_finds_a_word(html, browser):
    page = browser.new_page()
    page.goto((html / "search.html").as_uri() + "?q=deaths")
    page.wait_for_selector("#search-results li", timeout=10_000)
    assert page.locator("#search-results li a").count() > 0
    page.close()


def test_a_bound_number_tells_its_source(html, browser):
    page = browser.new_page()
    page.goto((html / "index.html").as_uri())
    title = page.locator("abbr.num").first.get_attribute("title")
    assert "source:" in title and "computed in" in title
    page.close()
