"""The picture of the stages shows what the stage table says, in words that lead to the chapters."""

import re
import xml.etree.ElementTree as xml

import pytest

from helpers.book import graph
from helpers.run.run import default_params, open_run
from helpers.run.table import StageEntry, read_stages

TITLE = "A title <of> one & many words that goes on over more than one line of the drawing"


def stage(name, reads=(), writes=()):
    return StageEntry(name=name, reads=list(reads), writes=list(writes))


def test_each_line_joins_who_writes_and_who_reads():
    table = read_stages().of(open_run(default_params()).params.country)
    for lane in graph.lanes(table.stage):
        if lane.begin is None:
            expected = {one.name for one in table.stage if "results" in one.reads}
        else:
            writes = set(table.stage[lane.begin].writes)
            expected = {one.name for one in table.stage if writes & set(one.processed)}
        assert {table.stage[at].name for at in lane.readers} == expected
    read = {name for one in table.stage for name in one.processed}
    begun = {name for one in graph.lanes(table.stage) if one.begin is not None
             for name in table.stage[one.begin].writes}  # fmt: skip
    assert read <= begun


def test_the_drawing_is_well_formed_and_its_words_are_links():
    stages = [stage("01-a", ["x.csv"], ["m"]), stage("02-b", ["m"]), stage("09-c", ["results"])]
    titles = {one.name: TITLE for one in stages}
    svg = graph.drawing(stages, titles, {"01-a": "1", "02-b": "2"})
    root = xml.fromstring(svg)
    links = list(root.iter("a"))
    assert [one.get("href") for one in links] == ["notebooks/01-a.html", "notebooks/02-b.html"]
    words = " ".join("".join(text.itertext()) for one in links for text in one.iter("tspan"))
    assert words.count(TITLE) == 2
    assert "Chapter 9" in "".join(root.itertext())
    assert not re.search(r"#[0-9a-f]{3,6}\b", svg)  # its colours are those of the page
    assert len(list(root.iter("rect"))) == 3  # two links, and one stage that reads raw tables


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_is_read(browser, html, width, scheme):
    file = html / f"{graph.PAGE}.html"
    if not file.exists():
        pytest.skip("this book has no such page")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    box = page.locator("svg.stages").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    told = page.evaluate(
        """() => [...document.querySelectorAll('svg.stages a')].map(one => {
            const area = one.getBoundingClientRect(), text = one.querySelector('text');
            return {inside: text.getBoundingClientRect().right
                <= document.querySelector('svg.stages').getBoundingClientRect().right + 1,
                height: area.height, ink: getComputedStyle(text).fill,
                there: one.getAttribute('href')}})"""
    )
    page.close()
    assert told and all(one["inside"] and one["height"] >= 24 for one in told)
    assert all((html / one["there"]).exists() for one in told)
    light = {sum(map(float, re.findall(r"[\d.]+", one["ink"])[:3])) > 382 for one in told}
    assert light == {scheme == "dark"}


def test_the_page_leads_to_the_tables_of_the_data_page(html):
    file = html / f"{graph.PAGE}.html"
    if not file.exists():
        pytest.skip("this book has no such page")
    text = file.read_text(encoding="utf-8")
    table = read_stages().of(open_run(default_params()).params.country)
    for entry in table.stage:
        for name in entry.writes:
            assert f'href="data.html#data-{name.replace("_", "-")}"' in text


def test_a_book_with_the_page_is_built(built):
    toc = built.root / "book/_toc.yml"
    toc.write_text(toc.read_text() + "- file: graph\n")
    assert built.ran() == ["book"]
    text = (built.root / f"book/_build/html/{graph.PAGE}.html").read_text()
    assert text.count('<svg class="stages"') == 1
    assert 'href="notebooks/02-left.html"' in text and 'href="data.html#data-months"' in text
