"""What the search page says around the words that were searched for."""

import json
import re
from pathlib import Path

import pytest
from docutils.core import publish_doctree

from helpers.book import snippets

PAGE = """
Title
=====

First *words*.

Part one
--------

Second words.

- third words

::

    code

Deeper
~~~~~~

Fourth words.

Part two
--------

Fifth.
"""


def test_a_section_has_its_prose_and_no_code():
    settings = {"doctitle_xform": False}
    found = snippets.sections(publish_doctree(PAGE, settings_overrides=settings))
    assert found == [
        ("", "Title", "First words."),
        ("part-one", "Part one", "Second words. third words Fourth words."),
        ("part-two", "Part two", "Fifth."),
    ]
    assert snippets.sections(publish_doctree("Words.")) == []


@pytest.mark.parametrize("letter", ["a", "é", "\\", "</script>"])
def test_the_prose_fits_and_stays_what_it_was(letter):
    pages = {f"p{n}": [("x", "T", letter * 9000)] for n in range(60)}
    made = snippets.script(pages)
    assert len(made.encode()) <= snippets.MOST_BYTES
    told = json.loads(made.removeprefix("window.SEARCH_TEXTS = ").removesuffix(";\n"))
    assert set(told) == set(pages)
    texts = {text for [[_, _, text]] in told.values()}
    assert len(texts) == 1 and (letter * 9000).startswith(next(iter(texts)))


def searched(html, browser, words):
    """The results of a search: where each leads, and what it says."""
    page = browser.new_page()
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((html / "search.html").as_uri() + f"?q={words}")
    # Results come one by one; the summary says when all of them are there.
    page.locator(".search-summary", has_text="finished").wait_for(timeout=30_000)
    found = page.locator("#search-results li").evaluate_all(
        "all => all.map(one => [one.querySelector('a').getAttribute('href'),"
        " one.querySelector('.context')?.textContent || '',"
        " [...one.querySelectorAll('mark')].map(mark => mark.textContent)])"
    )
    page.close()
    assert said == []
    return found


def test_results_quote_the_page_and_lead_to_the_section(html, browser):
    found = searched(html, browser, "figures")
    quoted = [(link, text, marks) for link, text, marks in found if text]
    assert quoted
    for link, text, marks in quoted:
        assert marks and all(re.match("figur", one, re.IGNORECASE) for one in marks)
        assert len(text) < 400
        file, _, anchor = link.partition("#")
        page = (html / file).read_text(encoding="utf-8")
        assert not anchor or f'id="{anchor}"' in page, link


def test_other_words_for_the_same_find_the_same_pages(html, browser):
    def pages(words):
        return {Path(link.partition("#")[0]).name for link, *_ in searched(html, browser, words)}

    plain = pages("deaths")
    assert plain and plain <= pages("fatalities")
    assert (html / snippets.FILE).stat().st_size <= snippets.MOST_BYTES
