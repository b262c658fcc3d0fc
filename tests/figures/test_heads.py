"""Heads of columns are words of a reader who knows the article and no method."""

import re

import pytest
from bs4 import BeautifulSoup

from helpers.base import paths
from helpers.base.files import listed
from helpers.figures.heads import PATTERNS, WORDS, head

TABLES = paths.PROCESSED / "tables"
# Words that a page has no sentence for, or that mean in a table what they mean nowhere else.
TERSE = re.compile(
    r"\b(?:p|n|z|id|url|did|reml|ar1|crps|holm|lo|hi|sd|se|std|pct|num|cov|obs|est|idx|flips?"
    r"|cells|rejects|worst size|run (?:first|last|n)|(?:low|high|covered|inside|interval) \d+"
    r"|(?:finds|holds) (?:fall|rise)|units low)\b",
    re.IGNORECASE,
)
# One of these says nothing without another word.
ALONE = {
    *("low", "high", "fit", "spread", "held", "width", "error", "size", "world", "power", "leads"),
    *("placebo", "same", "smallest", "inflation", "dropped", "primary", "variant", "matters"),
    *("shows", "met", "else", "find", "times", "residuals", "until", "origin", "target", "metric"),
    *("vintage", "start"),
}
EXPLAINED = {"p-value": "", "(CRPS)": ""}  # stands with its words


def is_terse(text):
    bare = text
    for name, words in EXPLAINED.items():
        bare = bare.replace(name, words)
    parts = {part.strip() for part in bare.split(",")}
    return bool(TERSE.search(bare) or parts & ALONE or "_" in bare)


@pytest.mark.parametrize("name", [*WORDS, "ar1_p", "attacks, held", "low_80", "power_at_0.75"])
def test_every_word_of_the_list_is_plain_and_another_than_the_name(name):
    assert not is_terse(head(name)) and head(name) != name
    assert len(head(name)) <= 40


@pytest.mark.parametrize("name", WORDS)
def test_blanks_are_as_good_as_underscores(name):
    assert head(name.replace("_", " ")) == head(name)


@pytest.mark.parametrize("name", ["p reml", "p", "did p", "low 80", "attacks, held", "events_p"])
def test_a_terse_head_is_drawn(name):
    assert is_terse(name)


def test_no_pattern_takes_a_name_of_the_list():
    for pattern in PATTERNS:
        assert not [name for name in WORDS if re.fullmatch(pattern, name)]


def test_two_columns_of_one_table_never_get_one_head():
    assert len(set(WORDS.values())) == len(WORDS)


def heads():
    """Every head, and every name of a row of a table that was turned, of the tables as shown."""
    for path in listed(TABLES, "*.html"):
        table = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for one in table.select("thead th"):
            yield path.stem, one.get_text(" ", strip=True)
        if {one.get_text(strip=True) for one in table.select("tbody th")} >= {"ratio", "p-value"}:
            for one in table.select("tbody th"):
                yield path.stem, one.get_text(" ", strip=True)


def test_every_head_of_every_table_is_words():
    found = list(heads())
    if not found:
        pytest.skip("no table was made yet; run make report")
    assert [one for one in found if is_terse(one[1])] == []
