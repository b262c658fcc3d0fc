"""Every work is complete enough to be found, is cited somewhere, and every citation has a work."""

import json
import re
from urllib.parse import urlsplit

import pytest
from pybtex.database import Entry, parse_file, parse_string

from helpers.base import paths

BIBLIOGRAPHY = paths.ROOT / "book" / "references.bib"
CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
DOI = re.compile(r"10\.\d{4,9}/[^\s{}<>\"]+[^\s{}<>\".,;]")
PAGES = re.compile(r"[A-Za-z]?\d+(--[A-Za-z]?\d+)?")  # a span, or the number of an article
LASTING = "https://www.jstor.org/stable/"
NEEDED = {
    "article": {"title", "journal", "year", "volume", "pages"},
    "book": {"title", "publisher", "year"},
    "misc": {"title"},
}


def faults(entry: Entry) -> list[str]:
    """Return what keeps a reader from finding a work, nothing when all is there."""
    said = [f"no {name}" for name in sorted(NEEDED[entry.type] - set(entry.fields))]
    said += [] if entry.persons.get("author") else ["no author"]
    doi, url = entry.fields.get("doi"), entry.fields.get("url")
    if entry.type == "article" and not doi and not (url or "").startswith(LASTING):
        said.append(f"neither doi nor, for an old work that has none, an address at {LASTING}")
    if doi and not DOI.fullmatch(doi):
        said.append(f"the doi {doi} is none")
    if url and (urlsplit(url).scheme not in {"http", "https"} or "." not in urlsplit(url).netloc):
        said.append(f"the address {url} lacks scheme or host")
    if "pages" in entry.fields and not PAGES.fullmatch(entry.fields["pages"]):
        said.append(f"the pages {entry.fields['pages']} are no span")
    return said


def prose() -> str:
    """Return the written pages and the Markdown cells of the notebooks."""
    pages = [path.read_text(encoding="utf-8") for path in (paths.ROOT / "book").glob("*.md")]
    for path in (paths.ROOT / "notebooks").glob("[0-9]*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        pages += ["".join(one["source"]) for one in cells if one["cell_type"] == "markdown"]
    return "\n".join(pages)


def cited(text: str) -> set[str]:
    """Return the keys that a text cites, several in one citation apart."""
    return {key.strip() for keys in CITED.findall(text) for key in keys.split(",")}


ENTRIES = parse_file(str(BIBLIOGRAPHY), bib_format="bibtex").entries


@pytest.mark.parametrize("key", list(ENTRIES))
def test_a_work_can_be_found(key):
    assert faults(ENTRIES[key]) == []


def test_works_and_citations_are_the_same():
    assert cited(prose()) == set(ENTRIES)


def test_no_work_stands_twice():
    dois = [one.fields["doi"].lower() for one in ENTRIES.values() if "doi" in one.fields]
    assert sorted(dois) == sorted(set(dois))


WHOLE = """@article{a, author = {A, B}, title = {T}, journal = {J}, year = {1979}, volume = {6},
  pages = {65--70}, doi = {10.1000/j.1}}"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("author = {A, B}, ", "", "no author"),
        ("volume = {6},", "", "no volume"),
        ("pages = {65--70}, ", "", "no pages"),
        ("65--70", "65-70", "no span"),
        (", doi = {10.1000/j.1}", "", "neither doi"),
        ("10.1000/j.1", "https://doi.org/10.1000/j.1", "is none"),
        ("doi = {10.1000/j.1}", "url = {https://journal.org/6}", "neither doi"),
        ("doi = {10.1000/j.1}", "doi = {10.1000/j.1}, url = {journal.org/6}", "scheme or host"),
    ],
)
def test_what_is_missing_is_named(old, new, words):
    assert faults(parse_string(WHOLE, "bibtex").entries["a"]) == []
    assert old in WHOLE
    said = faults(parse_string(WHOLE.replace(old, new), "bibtex").entries["a"])
    assert len(said) == 1 and words in said[0]


def test_citations_are_read_with_all_their_keys():
    assert cited("so {cite}`a2001, b2002`, and {cite:t}`c2003`; not `d2004`") == {
        "a2001",
        "b2002",
        "c2003",
    }
