"""The package knows no country: what names one, its units or its trackers is data, never code.

The words are drawn from the tables, so that a new unit or a new tracker is looked for as well.
"""

import csv
import json
import re

import pytest

from helpers.base import paths

pytestmark = pytest.mark.house

SOURCES = sorted(
    path
    for ending in ("*.py", "*.ipynb")
    for path in (paths.ROOT / "src" / "helpers").rglob(ending)
    if ".ipynb_checkpoints" not in path.parts
)


def column(table: str, name: str) -> set[str]:
    with (paths.RAW / table).open(encoding="utf-8", newline="") as handle:
        return {row[name] for row in csv.DictReader(handle)}


def facts_of_the_country() -> set[str]:
    """Return the country with tables of its own, its first-level units, and who counts in it."""
    own = {path.name for path in paths.RAW.glob("*_events.csv")}
    countries = {
        country
        for country in column("country_month.csv", "country")
        if f"{country.lower()}_events.csv" in own
    }
    units = {
        feature["properties"]["name"]
        for path in paths.RAW.glob("*_admin1.geojson")
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    }
    return countries | units | column("published_figures.csv", "source")


def whole_words(words: set[str]) -> re.Pattern[str]:
    """Return a pattern of the words, alone or as parts of a name in snake case."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(
        r"(?<![^\W_])(" + "|".join(map(re.escape, longest_first)) + r")(?![^\W_])", re.IGNORECASE
    )


FACTS = whole_words(facts_of_the_country())


def test_the_words_come_from_the_data():
    words = facts_of_the_country()
    assert {"Pakistan", "Balochistan", "SATP"} <= words and len(words) >= 20


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('reads = ["pakistan_events.csv"]', "pakistan"),
        ('KP = "KHYBER PAKHTUNKHWA"', "KHYBER PAKHTUNKHWA"),
        ('source == "satp"', "satp"),
        ("# Sindhi and pipsqueak are other words", None),
    ],
)
def test_a_word_is_found_in_any_case_and_inside_a_name(line, found):
    hit = FACTS.search(line)
    assert (hit and hit[0]) == found


@pytest.mark.parametrize(
    "path", SOURCES, ids=lambda path: path.relative_to(paths.ROOT / "src" / "helpers").as_posix()
)
def test_a_module_names_no_fact_of_the_country(path):
    hits = [
        f"line {number}: '{hit[0]}' in {line.strip()[:90]}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (hit := FACTS.search(line))
    ]
    assert not hits, "\n".join(hits)
