"""What stands at the top of a chapter: number, minutes, notebook, citation, one switch for code."""

import re

import pytest

from helpers.base import paths
from helpers.book import opening


def words(n):
    return {"cell_type": "markdown", "metadata": {}, "source": f"# A title: & more\n\n{'x ' * n}"}


def test_a_letter_tells_apart_what_shares_a_number():
    toc = "".join(f"  - file: {one}\n" for one in ["index", "notebooks/02-a", "data"])
    toc += "".join(f"      - file: notebooks/{one}\n" for one in ["03-b", "10-c", "03-d"])
    found = opening.numbers(toc)
    assert list(found.values()) == ["2", "3a", "10", "3b"]
    assert opening.numbers("") == {}
    whole = opening.numbers((paths.BOOK / "_toc.yml").read_text(encoding="utf-8"))
    assert len(set(whole.values())) == len(whole) > 5


@pytest.mark.parametrize(("n", "time"), [(0, "1 minute "), (2200, "10 minutes ")])
def test_the_top_of_a_chapter(n, time):
    page = {"cells": [{"cell_type": "code", "source": "# x"}, words(n)], "nbformat": 4}
    top = opening.opened(page, "3b", "A book", "../executed/x.ipynb")["cells"][1]["source"]
    assert top.startswith("# 3b. A title: & more\n") and f"About {time}" in top
    assert "<../executed/x.ipynb>" in top and top.count("A title") == 3
    assert page["cells"][1] == words(n)
    silent = opening.opened(page, "", "A book", "")["cells"][1]["source"]
    assert silent.startswith("# A title") and "executed" not in silent


def test_a_page_without_a_title_stays():
    page = {"cells": [{"cell_type": "markdown", "source": "Words."}]}
    assert opening.opened(page, "1", "A book", "x.ipynb") == page


def test_a_citation_reads_in_bibtex_and_markdown():
    told = opening.citation("Is {num}`a.b` 5 % & *more*?", "A_book {x}")
    bibtex = told.split("```")[1]
    assert bibtex.count("{") == bibtex.count("}") and "\\&" in bibtex and "num" not in bibtex
    assert re.search(r"year = \{\d{4}\}", bibtex)


def test_one_switch_shows_all_code_and_is_remembered(html, browser):
    chapters = sorted((html / "notebooks").glob("*.html"))
    page = browser.new_page()
    many = []
    for path in chapters:
        page.goto(path.as_uri())
        if page.locator("div.cell details.hide").count() > 1:
            many.append(path)
        if len(many) == 2:
            break
    if len(many) < 2:
        pytest.skip("the book has not two chapters with code")
    opened = "all => all.every(one => one.open)"
    page.goto(many[0].as_uri())
    folds, switch = page.locator("div.cell details.hide"), page.locator(".opening .all-code")
    assert not folds.evaluate_all("all => all.some(one => one.open)")
    switch.click()
    assert folds.evaluate_all(opened) and switch.inner_text() == "Fold all code"
    page.goto(many[1].as_uri())
    assert folds.evaluate_all(opened)
    switch.click()
    assert not folds.evaluate_all("all => all.some(one => one.open)")
    cell = page.locator("div.cell[id]").first
    page.goto(f"{many[1].as_uri()}#{cell.get_attribute('id')}")
    assert cell.locator("details.hide").evaluate("one => one.open")
    page.close()


def test_titles_in_the_side_bar_have_the_numbers_of_the_pages(html):
    for path in sorted((html / "notebooks").glob("*.html")):
        page = path.read_text(encoding="utf-8")
        title = re.search(r"<h1>(\d+[a-z]?)\. ", page)
        assert title and int(title[1].rstrip("abcdefghijkl")) == int(path.name[:2]), path.name
        current = re.search(r'class="current reference internal" href="#">\s*(\S+)\. ', page)
        assert current and current[1] == title[1], path.name


def test_a_chapter_names_the_claims_that_rest_on_it():
    page = {"cells": [words(10)], "nbformat": 4}
    claims = [("Not supported", f"Claim <{at}>.", f"09-x.html#c-{at}") for at in range(6)]
    top = opening.opened(page, "1", "A book", "", claims)["cells"][0]["source"]
    assert top.count('<span class="verdict not-supported">') == opening.MOST
    assert "Claim &lt;0&gt;." in top and "and 2 more" in top and '"09-x.html"' in top
    assert "judged" not in opening.opened(page, "1", "A book", "")["cells"][0]["source"]
