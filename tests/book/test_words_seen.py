"""What a reader sees in figures and tables is words: no ids, no names of choices, no bare codes."""

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers.base import paths

IDENTIFIER = re.compile(r"[^\W_]_[^\W_]")
CHOICE = re.compile(r"(no )?(trend|season|error|first month|series|steps?|truces?|order): ?\w+")
MONTH = re.compile(
    r"\b(january|february|april|june|july|august|september|october|november|december)\b"
)


@cache
def trackers():
    """The abbreviations under which sources count, as the table of their figures has them."""
    table = pd.read_csv(paths.RAW / "published_figures.csv", usecols=["source"], dtype=str)
    return frozenset(one.lower() for one in table["source"].unique() if one.isupper())


def poor(text):
    """Whether a text that is drawn or stands in a cell is no word of a reader's."""
    return bool(
        any(IDENTIFIER.search(word) for word in text.split() if "://" not in word)
        or CHOICE.fullmatch(text)
        or MONTH.search(text)
        or trackers() & set(re.findall(r"(?<![\w.])\w+(?!\w|\.\w)", text))
    )


def seen(page):
    """The texts of drawings and of cells, without what is set as code or as an address."""
    soup = BeautifulSoup(page, "html.parser")
    for code in soup.select("code, pre, script, style, wbr, a[href*='://']"):
        code.decompose()
    soup.smooth()  # a word that may break is one
    texts = [one.get_text(" ") for one in soup.select("svg text, td, th")]
    return {" ".join(text.split()) for text in texts}


@pytest.mark.parametrize(
    "text",
    ["trend: 0", "error: reml", "killed_per_attack", "a, balochistan_level", "picss", "august 2024",
     "no first month: 1", "series: ucdp"],
)  # fmt: skip
def test_a_poor_word_is_found(text):
    assert poor(text)


@pytest.mark.parametrize(
    "text", ["no trend", "all the dead: CRSS", "operations: killed", "2024-08", "https://a.org/b_c"]
)
def test_a_word_of_a_reader_is_let_be(text):
    assert not poor(text)


def test_figures_and_tables_of_the_book_hold_words_alone(pages):
    found = {
        Path(page).name: sorted(hits)
        for page in pages
        if "reference" not in page.parts
        if (hits := {text for text in seen(page.read_text(encoding="utf-8")) if poor(text)})
    }
    assert found == {}
