"""From a number to its cell, its tables and an address; no table is cut and no word torn."""

import random
import re
from urllib.parse import urldefrag

import pytest
from book.conftest import alike

DRAWN = 40
SEED = 17
OURS = "The compendium’s authors"
SIZES = (1400, 1280, 390)
CUT = """() => [...document.querySelectorAll('main table')].filter(one => {
    const box = one.closest('.scroll, .pst-scrollable-table-container') || one.parentElement;
    return one.checkVisibility() && box.scrollWidth > box.clientWidth + 1;
}).map(one => one.closest('figure')?.id || one.className)"""
EMPTY = """() => [...document.querySelectorAll('main table.cards tbody tr')].filter(one =>
    one.checkVisibility() && [...one.cells].slice(1).some(cell => cell.innerText.trim())
    && ![...one.cells].slice(1).some(cell => cell.checkVisibility())
).map(one => one.textContent.slice(0, 80))"""

# Words of a cell that go over two lines without a hyphen; names of code may.
TORN = """() => {
  const found = [], range = document.createRange();
  for (const cell of document.querySelectorAll('main :is(th, td)')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const {data, parentElement} = texts.currentNode;
      if (!parentElement.checkVisibility() || parentElement.closest('code, pre')) continue;
      for (const word of data.matchAll(/\\p{L}{2,16}/gu)) {
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        const boxes = [...range.getClientRects()].filter(box => box.width);
        if (new Set(boxes.map(box => Math.round(box.top))).size > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""


HEAVY = re.compile(r"\.(svg|png|woff2?|ttf)$")  # what is drawn matters to neither test


@pytest.fixture(scope="module")
def context(browser):
    opened = browser.new_context()
    opened.route(HEAVY, lambda route: route.abort())
    yield opened
    opened.close()


@pytest.fixture
def page(context):
    opened = context.new_page()
    yield opened
    opened.close()


def number_links(html):
    """The bound numbers of the book: page and place on it."""
    pages = [html / "index.html", *sorted((html / "notebooks").glob("*.html"))]
    return [
        (path, at)
        for path in pages
        for at in range(path.read_text(encoding="utf-8").count('<a class="num reference'))
    ]


def open_line(page, address):
    """What stands in the marked line, and whether a reader sees it."""
    page.goto("about:blank")
    page.goto(address)
    line = page.locator(f'[id="{urldefrag(address).fragment}"]')
    line.wait_for(state="visible", timeout=2000)
    return line.inner_text()


def sources(page, tables):
    """The raw tables that tables lead to, by the sections of the data page."""
    return page.evaluate(
        """([names, OURS]) => {
            const seen = new Set(), open = [...names], rows = [];
            const outside = [], own = [], silent = [];
            while (open.length) {
                const name = open.pop();
                if (seen.has(name)) continue;
                seen.add(name);
                const at = document.getElementById(name), section = at && at.closest('section');
                if (!section) return null;
                for (const row of section.querySelectorAll(':scope > * tr')) {
                    const what = row.cells[0].innerText.trim();
                    const links = [...row.querySelectorAll('a')];
                    if (what === 'Made of') open.push(...links.map(one => one.hash.slice(1)));
                    if (what === 'Its rows') rows.push(...links.map(one => one.href).slice(0, 1));
                    const told = row.cells[1].innerText;
                    if (what === 'Producer' && told.includes(OURS)) own.push(name);
                    if (what === 'Address' && told === 'not recorded') silent.push(name);
                    if (what === 'Address') outside.push(...links.map(one => one.href));
                }
            }
            return {rows, outside, own, silent};
        }""",
        [tables, OURS],
    )


def has_address(page, address):
    """Whether a page of rows has a row with an anchor and links its address or the table's."""
    page.goto(address)
    return page.evaluate(
        """() => Boolean(document.querySelector('tr[id^="row-"]')
            && [...document.querySelectorAll('main article a, table.rows a')].some(
                one => /^https?:/.test(one.href)))"""
    )


def test_a_number_leads_to_its_line_its_tables_and_a_row_with_an_address(html, page, context):
    """Of numbers drawn over the whole book; those that rest on code alone lead to their line."""
    every = number_links(html)
    drawn = random.Random(SEED).sample(every, min(DRAWN, len(every)))
    arrived, alone, silent, known, shelf = 0, [], [], {}, context.new_page()
    shelf.goto((html / "data.html").as_uri())
    for path, at in drawn:
        page.goto(path.as_uri())
        number = page.locator("a.num").nth(at)
        number.dispatch_event("click")
        box = page.locator("#number-box")
        told = number.get_attribute("data-told")
        tables = box.locator(".number-text a").evaluate_all("all => all.map(one => one.href)")
        line = open_line(page, box.locator(".number-cell").evaluate("one => one.href"))
        assert "record" in line or "(" in line, (path.name, told, line)
        if not tables:
            alone.append(told)
            continue
        assert {urldefrag(one).url for one in tables} == {shelf.url}
        names = [urldefrag(one).fragment for one in tables]
        found = sources(shelf, names)
        assert found is not None, (path.name, told, names)
        for address in found["rows"]:
            if address not in known:
                known[address] = has_address(page, address)
        # What the compendium says of itself has no other publisher; its rows are the end.
        shown = any(known[address] for address in found["rows"])
        if found["silent"] and found["rows"] and not shown:  # the data page says that none is known
            silent.append(told)
            continue
        assert shown or found["outside"] or found["own"], (path.name, told, names)
        arrived += 1
    print(
        f"{arrived} of {len(drawn)} numbers arrive at an address; {len(alone)} rest on code alone, "
        f"{len(silent)} on a row whose table has no recorded address"
    )
    assert arrived + len(alone) + len(silent) == len(drawn) and len(silent) <= 2, silent
    assert len(alone) <= len(drawn) // 10, alone


def test_a_cell_opens_for_whoever_arrives_and_stays_folded_for_others(html, page):
    path, at = number_links(html)[0]
    page.goto(path.as_uri())
    page.locator("a.num").nth(at).dispatch_event("click")
    address = page.locator("#number-box .number-cell").evaluate("one => one.href")
    page.goto(urldefrag(address).url)
    assert page.locator("div.cell details[open]").count() == 0
    assert open_line(page, address)
    assert page.locator("div.cell details[open]").count() == 1


def test_no_table_is_wider_than_its_room_and_no_word_of_it_is_torn(pages, page, html):
    real = [path for path in pages if not alike(path)]
    cut = {width: [] for width in SIZES}
    empty, torn = [], []
    for path in real:
        page.set_viewport_size({"width": 1400, "height": 900})
        page.goto(path.as_uri())
        for width in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            cut[width] += [(path.stem, name) for name in page.evaluate(CUT)]
            empty += [(path.stem, width, words) for words in page.evaluate(EMPTY)]
            torn += [(path.stem, width, word) for word in page.evaluate(TORN)]
    print({width: len(found) for width, found in cut.items()})
    assert cut == {width: [] for width in SIZES}
    assert empty == []  # of a card of which no cell is shown
    assert torn == []
