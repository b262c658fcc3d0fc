"""The built book in a real browser: nothing is fetched or fails, everything is found and read."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from book.conftest import alike
from book.test_accessibility import ASKED, AXE, dress, findings, needs_axe
from lxml.html import HTMLParser, parse


def watched(browser):
    """A page that knows what it asked for and what went wrong on it."""
    opened = browser.new_page()
    opened.asked, opened.said = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on(
        "console",
        lambda message: opened.said.append(message.text) if message.type == "error" else None,
    )
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    return opened


@pytest.fixture
def page(browser):
    opened = watched(browser)
    yield opened
    opened.close()


def anchors(path):
    return set(re.findall(r'\sid="([^"]+)"', path.read_text(encoding="utf-8")))


WIDTHS = (390, 800, 1280, 1400)
WINDOWS = ((1280, 720), (390, 600))
SEARCHES = """all => all.filter(one => one.checkVisibility({visibilityProperty: true})).length"""
# Of tables in a region of their own, those that scroll in it.
TABLES = """all => all.filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => one.getAttribute('aria-label') || one.textContent.trim().slice(0, 40))"""
# Of a figure that is drawn twice, one drawing is not shown.
IMAGES = """all => all.filter(one => one.checkVisibility()).map(one => one.alt === undefined
    ? [one.getAttribute('aria-label'), one.clientWidth] : [one.alt, one.naturalWidth])"""
# In the frame after the scroll, which the box follows.
RECTS = """one => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(
    [one, document.getElementById('number-box')].map(
    each => { const r = each.getBoundingClientRect(); return [r.top, r.bottom]; })))))"""


@dataclass
class Visit:
    """What a page asked for and said, how wide it was, its searches, images, boxes and faults."""

    asked: list[str]
    said: list[str]
    sizes: dict[int, tuple[int, int, int, list[str]]]
    images: list[tuple[str, int]]
    boxes: dict[tuple[int, int], list]
    faults: dict[str, list]


def resize(page, width, height=900):
    page.set_viewport_size({"width": width, "height": height})


def boxes(page, window):
    """Where the number that has most to tell and its box lie: at the top, middle and bottom."""
    resize(page, *window)
    told = page.locator("a.num").evaluate_all("all => all.map(one => one.dataset.told.length)")
    if not told:
        return []
    number, found = page.locator("a.num").nth(told.index(max(told))), []
    for block in ("start", "center", "end"):
        number.evaluate(
            "(one, block) => { one.blur(); one.scrollIntoView({block}); one.focus(); }", block
        )
        found.append((block, *number.evaluate(RECTS)))
    return found


def visited(page, path):
    """Open a page in the narrowest window, which is then made wider, and look at it."""
    page.asked, page.said = [], []
    dress(page, "light")
    resize(page, WIDTHS[0])
    page.goto(path.as_uri())
    page.wait_for_timeout(150)
    images, sizes = page.eval_on_selector_all("main img, main svg[role=img]", IMAGES), {}
    for width in WIDTHS:
        resize(page, width)
        wide = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
        search = page.locator(".search-button-field, .search-button__button")
        tables = page.locator(".scroll, .pst-scrollable-table-container").evaluate_all(TABLES)
        sizes[width] = (*wide, search.evaluate_all(SEARCHES), tables)
    told = path.parent.name == "notebooks" or path.name == "index.html"
    seen = {window: boxes(page, window) for window in WINDOWS if told}
    asked, said = list(page.asked), list(page.said)
    page.keyboard.press("Escape")
    resize(page, *WINDOWS[0])
    if (number := page.locator("a.num").first).count():
        number.click()  # with the box open
    looked = findings(page) if AXE and not alike(path) else {"light": [], "dark": []}
    return Visit(asked, said, sizes, images, seen, looked)


@pytest.fixture(scope="module")
def visits(pages, browser):
    """What was seen on each page, all of which are opened once."""
    page = watched(browser)
    found = {path: visited(page, path) for path in pages}
    page.close()
    return found


def test_every_page_opens_from_a_file_and_asks_for_nothing_else(visits):
    for path, seen in visits.items():
        others = [url for url in seen.asked if not url.startswith(("file:", "data:"))]
        assert path.as_uri() in seen.asked and others == [], path.name
        assert seen.said == [], path.name


# A page to read is there in five seconds on 1.6 Mbit/s; what is looked up, a reference of modules
# or the index of the search, may be longer.
MOST_BYTES, LOOKED_UP, MOST_REQUESTS = 880_000, 1 << 20, 15


def test_no_page_is_heavy_or_asks_for_much(visits):
    for path, seen in visits.items():
        files = {one.partition("?")[0] for one in seen.asked if one.startswith("file:")}
        weight = sum(Path(unquote(urlsplit(one).path)).stat().st_size for one in files)
        looked_up = path.parent.name == "reference" or path.name == "search.html"
        most = LOOKED_UP if looked_up else MOST_BYTES
        assert weight <= most and len(seen.asked) <= MOST_REQUESTS, (path.name, weight)


def test_images_have_words(visits):
    for path, seen in visits.items():
        assert all(alt.strip() and width > 0 for alt, width in seen.images), path.name
    assert any(seen.images for seen in visits.values())


def test_links_lead_somewhere(pages):
    """As they were written: for a reader, scripts make a button of a bound number's link."""
    known = {path: anchors(path) for path in pages}
    for path in pages:
        links = parse(str(path), HTMLParser(encoding="utf-8")).xpath("//main//a/@href")
        for link in (urlsplit(urljoin(path.as_uri(), one)) for one in links):
            if link.scheme == "file":
                target = Path(unquote(link.path))
                assert target.exists(), f"{path.name} links to {target}"
                assert not link.fragment or link.fragment in known.get(target, {link.fragment}), (
                    f"{target.name} has no #{link.fragment}, to which {path.name} links"
                )


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window_and_one_search_shows(visits, width):
    for path, seen in visits.items():
        window, wide, searches, _ = seen.sizes[width]
        assert window == width and wide <= width, path.name
        assert searches <= 1, path.name


@pytest.mark.parametrize("width", [390, 1280, 1400])
def test_no_table_is_wider_than_its_column(visits, width):
    wide = {path.name: seen.sizes[width][3] for path, seen in visits.items()}
    assert {name: tables for name, tables in wide.items() if tables} == {}


@needs_axe
@pytest.mark.parametrize("theme", ASKED)
def test_no_serious_accessibility_finding(visits, theme):
    faults = {path.name: seen.faults[theme] for path, seen in visits.items()}
    assert {name: found for name, found in faults.items() if found} == {}


def test_search_finds_a_word_without_an_error(html, pages, page):
    word = (
        "Azm"
        if any(
            "Azm" in path.read_text(encoding="utf-8") for path in pages if path.stem[:2].isdigit()
        )
        else "deaths"
    )
    page.goto((html / "search.html").as_uri() + f"?q={word}")
    page.wait_for_selector("#search-results li", timeout=10_000)
    page.wait_for_timeout(300)
    assert page.locator("#search-results li a").count() > 0
    assert page.said == [] and all(url.startswith(("file:", "data:")) for url in page.asked)


def test_a_bound_number_tells_what_it_rests_on(html, page):
    page.goto((html / "index.html").as_uri())
    number, box = page.locator("a.num").first, page.locator("#number-box")
    words = number.inner_text()
    number.hover()
    for name in ("value", "source", "notebook", "key"):
        assert box.get_by_text(name, exact=True).is_visible()
    assert number.get_attribute("aria-expanded") == "true"
    link = box.locator(".number-cell").get_attribute("href").removeprefix("file://")
    target, _, anchor = link.partition("#")
    assert anchor in anchors(Path(target))
    page.mouse.move(5, 5)
    box.wait_for(state="hidden")
    number.click()
    page.mouse.move(5, 5)
    page.wait_for_timeout(400)
    assert box.is_visible()  # a click keeps it open
    page.emulate_media(media="print")
    assert not box.is_visible() and number.inner_text() == words
    page.emulate_media(media="screen")
    page.mouse.click(5, 5)
    assert not box.is_visible()


def test_the_keyboard_reaches_a_number_and_its_cell(html, page):
    page.goto((html / "index.html").as_uri())
    number, box = page.locator("a.num").first, page.locator("#number-box")
    page.evaluate(
        "const title = document.querySelector('main h1');"
        "title.setAttribute('tabindex', '-1'); title.focus()"
    )
    for _ in range(200):
        page.keyboard.press("Tab")
        if number.evaluate("one => one === document.activeElement"):
            break
    assert box.is_visible()
    page.keyboard.press("Tab")  # what is shown in passing is no stop
    assert not box.locator("a").evaluate_all("all => all.includes(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert box.locator("a").first.evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    assert not box.is_visible() and number.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")
    assert box.is_visible()


SHOWN = "all => all.filter(one => one.checkVisibility())"  # not in a figure that is switched off
FOCUSED = f"all => ({SHOWN})(all).indexOf(document.activeElement)"


def test_arrows_lead_through_every_number_of_a_page(html, page):
    page.goto((html / "index.html").as_uri())
    numbers = page.locator("a.num")
    count = numbers.evaluate_all(f"all => ({SHOWN})(all).length")
    numbers.first.focus()
    for at in range(1, count):
        page.keyboard.press("ArrowRight")
        assert numbers.evaluate_all(FOCUSED) == at
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert numbers.evaluate_all(FOCUSED) == max(count - 2, 0)
    assert page.url == (html / "index.html").as_uri()


# The most presses of Tab in the text that lead to no link of it, and the smaller side of the
# smallest number that is shown.
STOPS = """() => {
  const reached = 'main :is(a[href], button, input, summary, [tabindex])';
  let most = 0, run = 0;
  for (const one of document.querySelectorAll(reached)) {
    if (one.tabIndex < 0 || !one.checkVisibility()) continue;
    if (one.closest('.bd-sidebar-secondary')) continue;
    run = one.matches('article a[href]:not(.headerlink)') ? 0 : run + 1;
    most = Math.max(most, run);
  }
  return most;
}"""
# Of a number that goes over two lines the larger part is the one to tap.
SIDES = """all => all.map(one => Math.max(...[...one.getClientRects()].map(
  box => Math.min(box.width, box.height)), 0)).filter(side => side)"""
SPOKEN = "all => all.map(one => [one.textContent.trim(), one.ariaLabel])"


def test_numbers_are_few_stops_large_enough_to_tap_and_say_what_they_are_for(pages, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    for path in pages:
        if 'class="num ' not in path.read_text(encoding="utf-8"):
            continue
        page.goto(path.as_uri())
        page.wait_for_function("document.readyState === 'complete'")
        assert page.evaluate(STOPS) <= 10, path.name
        numbers = page.locator("a.num")
        assert min(numbers.evaluate_all(SIDES)) >= 24, path.name
        for words, said in numbers.evaluate_all(SPOKEN):
            assert said.startswith(words) and said.endswith(": what it rests on"), path.name
    page.close()


def test_a_number_takes_no_more_room_than_its_words(html, page):
    page.goto((html / "index.html").as_uri())
    room = "() => [...document.querySelectorAll('article p, article li')].map(one => "
    room += "one.getBoundingClientRect().height)"
    before = page.evaluate(room)
    page.add_style_tag(content="a.num { padding: 0 !important; margin: 0 !important }")
    assert page.evaluate(room) == before


def test_headings_shrink_with_their_level_and_who_wants_stillness_gets_it(html, browser):
    page = browser.new_page(reduced_motion="reduce")
    page.goto((html / "index.html").as_uri())
    size = "(one, name) => { const h = document.createElement(name); one.append(h); "
    size += "return parseFloat(getComputedStyle(h).fontSize); }"
    section = page.locator("article section").first
    sizes = [section.evaluate(size, name) for name in ("h1", "h2", "h3", "h4")]
    assert sizes == sorted(set(sizes), reverse=True)
    moving = "all => all.map(one => getComputedStyle(one).transitionDuration)"
    assert set(page.locator("a, button, summary").evaluate_all(moving)) == {"0s"}
    page.close()


def test_a_tap_shows_the_box_inside_a_narrow_window(html, browser):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto((html / "index.html").as_uri())
    numbers = page.locator("a.num")
    for place in range(min(4, numbers.count())):
        numbers.nth(place).tap()
        size = page.locator("#number-box").bounding_box()
        assert size["x"] >= 0 and size["x"] + size["width"] <= 390 and size["y"] >= 0
        page.keyboard.press("Escape")
    context.close()


@pytest.mark.parametrize("window", WINDOWS)
def test_the_box_lies_in_the_window_and_never_over_its_number(visits, window):
    seen = [(path.name, *one) for path, of in visits.items() for one in of.boxes.get(window, [])]
    for name, block, (top, bottom), (upper, lower) in seen:
        assert upper >= bottom or lower <= top, (name, block, top, bottom, upper, lower)
        assert upper >= 0 and lower <= window[1], (name, block, upper, lower)
    assert {block for _, block, *_ in seen} == {"start", "center", "end"}
