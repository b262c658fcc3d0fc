"""The front page: what is seen without a scroll, and that it says what the claims chapter says."""

import re

import pytest

from helpers.base import paths
from helpers.base.reading import read_yaml

VERDICT = re.compile(r"key: claims\.(\w+)\.verdict$")
SEEN = """names => names.map(name => {
  const box = document.querySelector(name).getBoundingClientRect();
  const inside = box.top >= 0 && box.bottom <= innerHeight;
  return [name, inside && box.left >= 0 && box.right <= innerWidth];
})"""


@pytest.fixture(scope="module")
def front(html):
    page = html / "index.html"
    if "front-answer" not in page.read_text(encoding="utf-8"):
        pytest.skip("the tiny project has no answer on its front page")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("size", "names"),
    [
        ((1400, 900), [".front-answer", ".verdict-bar", ".verdict-legend", ".switch .drawn"]),
        ((390, 844), [".front-answer"]),
    ],
)
def test_what_a_reader_sees_without_a_scroll(browser, front, size, names, scheme):
    context = browser.new_context(
        viewport=dict(zip(("width", "height"), size)), color_scheme=scheme
    )
    page = context.new_page()
    page.goto(front.as_uri())
    page.wait_for_timeout(200)
    assert page.evaluate(SEEN, names) == [[name, True] for name in names]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    context.close()


@pytest.mark.parametrize("width", [1400, 800, 390])
def test_the_switch_shows_one_drawing_after_another(browser, front, width):
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(front.as_uri())
    buttons = page.locator(".switch > input")
    figures = page.locator(".switch > figure")
    assert buttons.count() == figures.count() > 2
    buttons.first.focus()
    titles = set()
    for number in range(buttons.count()):
        visible = [figures.nth(n).is_visible() for n in range(figures.count())]
        assert visible == [n == number for n in range(figures.count())]
        drawing = figures.nth(number).locator("svg:visible")
        assert drawing.count() == 1 and drawing.bounding_box()["width"] > 300
        titles.add(drawing.inner_html())
        page.keyboard.press("ArrowRight")
    assert len(titles) == figures.count()
    context.close()


def test_each_verdict_on_the_front_is_that_of_the_claims_chapter(front, html):
    from bs4 import BeautifulSoup

    def read(path):
        return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")

    rows = read(html / "notebooks" / "09-claims.html").select("#claims-verdicts tbody tr")
    judged = {
        cells[0].get_text(" ", strip=True): cells[1].get_text(" ", strip=True)
        for row in rows
        if (cells := row.find_all(["th", "td"]))
    }
    statements = {one["id"]: one["statement"] for one in read_yaml(paths.RAW / "claims.yml")}
    printed = [
        (found[1], link.get_text(strip=True))
        for link in read(front).select("a.num")
        if (found := VERDICT.search(link.get("title", "")))
    ]
    assert len({name for name, _ in printed}) >= 8
    assert [(name, word, judged[statements[name]]) for name, word in printed] == [
        (name, word, word) for name, word in printed
    ]
