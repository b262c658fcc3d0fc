"""Which pages a book has: those of the published country, of any country, or of a sweep."""

import re

import pytest
import yaml

from helpers.base import paths
from helpers.book import edition
from helpers.book.places import bound_within
from helpers.run.params import Params, countries_of
from helpers.run.run import Run, open_sweep
from helpers.run.run import default_params as published
from helpers.run.table import read_stages


def run_of(country):
    params = yaml.safe_load(published().read_text()) | {"country": country}
    return Run("mine", Params(**params), read_stages().of(country))


OWN, OTHER = run_of("Pakistan"), run_of("DR Congo (Zaire)")


def pages_in(toc):
    return [one["page"] for line in toc.splitlines() if (one := edition.CHAPTER.fullmatch(line))]


@pytest.mark.parametrize("run", [OWN, OTHER], ids=["own", "other"])
def test_a_table_of_contents_lists_what_there_is(run):
    toc = edition.written_pages(run)["_toc.yml"].read_text()
    pages = pages_in(edition.chapters(toc, run))
    made = {f"notebooks/{entry.name}" for entry in run.table.stage}
    assert {one for one in pages if one.startswith("notebooks/")} == made
    written = {name.removesuffix(".md") for name in edition.written_pages(run)}
    others = (
        set(pages) - made - {"data", "colophon", "reference", "graph", "changed", edition.LEFT_OUT}
    )
    assert others <= written
    assert (edition.LEFT_OUT in pages) == bool(
        edition.LEFT_OUT in pages_in(toc) and run.table.left_out
    )


def test_the_book_of_a_country_has_its_name_and_none_of_anothers_pages():
    config = yaml.safe_load(edition.config(OTHER))
    assert config["title"] == "Organized violence in DR Congo"
    kept = yaml.safe_load(edition.config(OWN))
    assert {name for name in kept if kept[name] != config[name]} == {"title", "author"}
    assert edition.config(OWN) == (paths.BOOK / "_config.yml").read_text()
    for path in edition.written_pages(OTHER).values():
        if path.suffix == ".md":
            assert path.parent == paths.BOOK / "country"
            text = path.read_text()
            assert not [
                one for one in countries_of("26.1") if re.search(rf"\b{re.escape(one)}\b", text)
            ]


def test_the_page_of_what_is_left_out_names_the_tables():
    page = edition.left_out_page(OTHER)
    assert "`country_events.csv` of this country" in page and "Pakistan" not in page
    assert edition.left_out_page(OWN) == "" or "own_month.csv" in edition.left_out_page(OWN)


def test_a_sweep_has_a_page_for_each_country_and_no_two_the_same():
    sweep = open_sweep(published())
    assert len(sweep.parts) == len(countries_of("26.1")) > 100
    names = [edition.page_of(*one) for one in edition.profiles(sweep)]
    assert len(set(names)) == len(names) == len(sweep.parts)
    places = {part.processed for part in sweep.parts}
    assert len(places) == len(names) and sweep.processed not in places
    toc = edition.written_pages(sweep)["_toc.yml"].read_text()
    listed = pages_in(edition.chapters(toc, sweep))
    assert [one for one in listed if one.startswith("countries/")] == names


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("{num}`a.b`", "{num}`x.a.b`"),
        ("{num}`a.b:.2f:interval`", "{num}`x.a.b:.2f:interval`"),
        (
            "{says}`min(a.*.c) > 0.5 and a.b == 'c.d'|e.f`",
            "{says}`min(x.a.*.c) > 0.5 and x.a.b == 'c.d'|e.f`",
        ),
        (
            "{says}`recorded(a.b)|{a.b:.0%} of g.h|{a.c}`",
            "{says}`recorded(x.a.b)|{x.a.b:.0%} of g.h|{x.a.c}`",
        ),
        ("plain a.b and `a.b`", "plain a.b and `a.b`"),
    ],
)
def test_what_a_page_quotes_is_of_its_country(text, bound):
    assert bound_within(text, "x") == bound
