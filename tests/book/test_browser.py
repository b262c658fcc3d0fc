"""The built book in a real browser: nothing is fetched or fails, everything is found and read."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest


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


WIDTHS = (390, 800, 1400)
SEARCHES = """all => all.filter(one => one.checkVisibility({visibilityProperty: true})).length"""


@pytest.fixture(scope="module")
def visits(pages, browser):
    """What each page asked for and said, how wide it was in each window, and its searches.

    Each is opened in the narrowest window, which is then made wider.
    """
    found = {}
    for path in pages:
        page = watched(browser)
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(path.as_uri())
        page.wait_for_timeout(150)
        sizes = {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
            search = page.locator(".search-button-field, .search-button__button")
            sizes[width] = (*wide, search.evaluate_all(SEARCHES))
        found[path] = (page.asked, page.said, sizes)
        page.close()
    return found


def test_every_page_opens_from_a_file_and_asks_for_nothing_else(visits):
    for path, (asked, said, _) in visits.items():
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == [], path.name
        assert said == [], path.name


MOST_BYTES, MOST_REQUESTS = 1 << 20, 15


def test_no_page_is_heavier_than_a_megabyte_or_asks_for_much(visits):
    for path, (asked, *_) in visits.items():
        files = {one.partition("?")[0] for one in asked if one.startswith("file:")}
        weight = sum(Path(unquote(one.removeprefix("file://"))).stat().st_size for one in files)
        assert weight <= MOST_BYTES and len(asked) <= MOST_REQUESTS, (path.name, weight, asked)


def test_images_have_words_and_links_lead_somewhere(pages, browser):
    # Without scripts, so that a bound number is still the link that it is made of.
    context = browser.new_context(java_script_enabled=False)
    page, known = context.new_page(), {path: anchors(path) for path in pages}
    for path in known:
        page.goto(path.as_uri())
        images = page.eval_on_selector_all(
            "main img", "all => all.map(one => [one.alt, one.naturalWidth])"
        )
        assert all(alt.strip() and width > 0 for alt, width in images), path.name
        for link in page.eval_on_selector_all("main a[href]", "all => all.map(one => one.href)"):
            if link.startswith("file:"):
                file, _, anchor = link.removeprefix("file://").partition("#")
                target = Path(file.replace("%20", " "))
                assert target.exists(), f"{path.name} links to {link}"
                assert not anchor or anchor in known.get(target, {anchor}), (
                    f"{target.name} has no #{anchor}, to which {path.name} links"
                )
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window_and_one_search_shows(visits, width):
    for path, (_, _, sizes) in visits.items():
        window, wide, searches = sizes[width]
        assert window == width and wide <= width, path.name
        assert searches <= 1, path.name


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
    link = box.locator("a").get_attribute("href").removeprefix("file://")
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
    assert not box.is_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert box.locator("a").evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    assert not box.is_visible() and number.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")
    assert box.is_visible()


FOCUSED = "all => all.indexOf(document.activeElement)"


def test_arrows_lead_through_every_number_of_a_page(html, page):
    page.goto((html / "index.html").as_uri())
    numbers = page.locator("a.num")
    numbers.first.focus()
    for at in range(1, numbers.count()):
        page.keyboard.press("ArrowRight")
        assert numbers.evaluate_all(FOCUSED) == at
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert numbers.evaluate_all(FOCUSED) == max(numbers.count() - 2, 0)
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


@pytest.mark.parametrize("window", [(1280, 720), (390, 600)])
def test_the_box_lies_in_the_window_and_never_over_its_number(html, browser, window):
    """Of each page the number that has most to tell, at the top, middle and bottom."""
    width, height = window
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    for path in sorted((html / "notebooks").glob("*.html")):
        page.goto(path.as_uri())
        told = page.locator("a.num").evaluate_all("all => all.map(one => one.dataset.told.length)")
        if not told:
            continue
        number = page.locator("a.num").nth(told.index(max(told)))
        for block in ("start", "center", "end"):
            number.evaluate(
                "(one, block) => { one.blur(); one.scrollIntoView({block}); one.focus(); }", block
            )
            page.evaluate("new Promise(done => setTimeout(done, 100))")  # it follows a scroll
            rects = number.evaluate(
                "one => [one, document.getElementById('number-box')].map("
                "each => { const r = each.getBoundingClientRect(); return [r.top, r.bottom]; })"
            )
            (top, bottom), (upper, lower) = rects
            assert upper >= bottom or lower <= top, (path.name, block, rects)
            assert upper >= 0 and lower <= height, (path.name, block, rects)
    context.close()
