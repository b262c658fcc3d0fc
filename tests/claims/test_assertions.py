"""Every assertion of the article has a claim, and every claim stands where it says that it does."""

import re

import pytest
import yaml
from conftest import SHARED

from helpers.base import paths
from helpers.claims.plan import parse
from helpers.raw.contract import load

ARTICLE = SHARED.parent / "article.txt"
ORDINALS = [
    *("subtitle", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
    *("ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
    "sixteenth",
]
FURNITURE = re.compile(r"Want to read more|Subscribe")
needs_article = pytest.mark.skipif(
    not ARTICLE.exists(), reason="the article is not beside the project"
)


def assertions():
    table = load(paths.RAW / "assertions.csv")
    return table.assign(claims=table["claims"].str.split("; ", regex=False))


def claims():
    return parse(yaml.safe_load((paths.RAW / "claims.yml").read_text(encoding="utf-8")))


def paragraphs(text: str) -> list[list[str]]:
    """Return the sentences of each paragraph below the title, up to the publisher's own words."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][1:]
    end = next((n for n, line in enumerate(lines) if FURNITURE.match(line)), len(lines))
    # An initial such as D. or U.S. ends no sentence.
    return [re.split(r"(?<=[\w)][.?!])(?<![\s.][A-Z]\.)\s+(?=[A-Z])", line) for line in lines[:end]]


def test_each_assertion_is_taken_up_and_each_claim_takes_one_up():
    known = {one.id for one in claims()}
    named = set(assertions()["claims"].explode())
    assert named - known == set()
    assert known - named == set()


def test_paragraphs_and_sentences_are_counted_without_a_gap():
    table = assertions()
    assert table["paragraph"].is_monotonic_increasing
    assert sorted(set(table["paragraph"])) == list(range(len(ORDINALS)))
    for _, rows in table.groupby("paragraph"):
        assert sorted(set(rows["sentence"])) == list(range(1, rows["sentence"].max() + 1))


def test_a_claim_stands_in_the_paragraphs_that_it_names():
    told = {one.id: one.place for one in claims()}
    stands = assertions().explode("claims").groupby("claims")["paragraph"].apply(set)
    for identity, told_place in told.items():
        place = re.sub(r"\b(first|second|third) factor", "", told_place)
        named = {n for n, word in enumerate(ORDINALS) if re.search(rf"\b{word}\b", place)}
        assert named, f"{identity}: '{place}' names no paragraph"
        assert named <= stands[identity], f"{identity}: says {named}, stands in {stands[identity]}"


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (
            "Title\nOne. Two.\nIn D. I. Khan it was so. The U.S. left.\nSubscribe now. Or not.",
            [2, 2],
        ),
        ("Title\nOnly one", [1]),
    ],
)
def test_sentences_are_told_apart(text, sizes):
    assert [len(one) for one in paragraphs(text)] == sizes


@needs_article
def test_no_sentence_of_the_article_is_left_out():
    found = [len(one) for one in paragraphs(ARTICLE.read_text(encoding="utf-8"))]
    assert assertions().groupby("paragraph")["sentence"].max().tolist() == found


@needs_article
def test_no_assertion_copies_the_article():
    words = re.findall(r"\w+", ARTICLE.read_text(encoding="utf-8").lower())
    runs = {tuple(words[n : n + 8]) for n in range(len(words) - 7)}
    ours = [*assertions()["assertion"], *(one.statement for one in claims())]
    for text in ours:
        mine = re.findall(r"\w+", text.lower())
        assert not any(tuple(mine[n : n + 8]) in runs for n in range(len(mine) - 7)), text
