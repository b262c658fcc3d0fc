"""The chapters of any country run for each, say nothing false, and name no other country."""

import csv
import random
import re

import matplotlib as mpl
import pytest
from countries import STAGES, cells_of, run, words_of

from helpers.base import paths

AT_WAR, SPARSE, SILENT = "Nigeria", "Bolivia", "Botswana"
ROLE = re.compile(r"\{(num|says)\}`([^`]*)`")
KEY = re.compile(r"country(?:\.[a-z0-9_]+)+")
PART = re.compile(r"\.(low|high|n)$")


def known(column):
    with (paths.RAW / "country_month.csv").open(encoding="utf-8", newline="") as file:
        return sorted({row[column] for row in csv.DictReader(file)})


COUNTRIES = known("country")


def refuse_others(country, text):
    """Fail where a text holds the name of another country than its own."""
    own = text.replace(country, "")
    found = [
        one
        for one in COUNTRIES
        if one != country and re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", own)
    ]
    assert not found, (country, found)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return by country what its run recorded, the run made once."""
    mpl.use("agg")
    found = {}

    def of(country):
        if country not in found:
            with pytest.MonkeyPatch.context() as patch:
                found[country] = run(country, tmp_path_factory.mktemp("run"), patch)
        return found[country]

    return of


@pytest.mark.parametrize("country", [AT_WAR, SPARSE, SILENT])
def test_the_chapters_run_and_speak_of_this_country_alone(told, country):
    results = told(country)
    assert results["country.name"]["value"] == country
    for name in STAGES:
        text = words_of(name, results)
        assert "{num}" not in text and "{says}" not in text
        assert not re.search(r"\b(nan|inf)\b", text)
        refuse_others(country, text)


def test_a_country_with_almost_nothing_says_so(told):
    results = told(SPARSE)
    words = {name: words_of(name, results) for name in STAGES}
    assert "too seldom for a trend or a model" in words["01-country-tables"]
    assert "The two years cannot be compared" in words["03-country-trend"]
    assert "Deaths are too rare here for a model" in words["08-country-forecast"]
    lost = {"country.deaths_ratio", "country.growth", "country.forecast.skill"}
    assert not lost & set(results)
    assert results["country.forecast.next_year"]["value"] == 0


def test_a_country_at_war_gets_its_tests_and_no_excuse(told):
    results = told(AT_WAR)
    words = " ".join(words_of(name, results) for name in STAGES)
    for excuse in ("too rare", "too seldom", "cannot be compared", "no province of this country"):
        assert excuse not in words
    assert results["country.deaths_ratio"]["low"] < results["country.deaths_ratio"]["high"]
    assert results["country.forecast.next_method"]["value"] == "pool of models"


def test_each_result_that_a_word_rests_on_is_recorded_for_some_country(told):
    """Asking whether a misspelt result is recorded would else never be answered with yes."""
    recorded = set(told(AT_WAR)) | set(told(SPARSE)) | set(told(SILENT))
    wanted = {}
    for name in STAGES:
        text = (paths.NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8")
        for _, content in ROLE.findall(text):
            wanted |= {PART.sub("", key): name for key in KEY.findall(content)}
    # Only some countries have deaths without a month.
    rare = {"country.unknown.worst_year", "country.unknown.worst_deaths"}
    assert {key: name for key, name in wanted.items() if key not in recorded | rare} == {}


@pytest.mark.parametrize("name", STAGES)
def test_no_cell_of_these_chapters_types_a_year_or_a_country(name):
    code = "\n".join(cells_of(name))
    assert not re.search(r"(?<![\d.])(19|20)\d\d(?!\d)", code)
    refuse_others("", code)


@pytest.mark.parametrize(
    "changed",
    [{"candidate": False}, {"first_month": "2016-01"}, {"last_month": "2024-12"}],
    ids=lambda one: next(iter(one)),
)
@pytest.mark.faults
def test_other_parameters_are_no_harder(changed, tmp_path, monkeypatch):
    results = run(AT_WAR, tmp_path, monkeypatch, **changed)
    text = " ".join(words_of(name, results) for name in STAGES)
    ends = results["country.first_month"]["value"], results["country.last_final"]["value"]
    assert changed.get("first_month", ends[0]) == ends[0]
    if changed.get("last_month") == ends[1]:
        assert results["country.last_year"]["value"] == 2024
        assert not re.search(r"(?<![a-z])2025", text)  # but for the names of sources
    if "candidate" in changed:
        assert results["country.provisional_months"]["value"] == 0
        assert "No provisional month is taken in" in text


@pytest.mark.faults
@pytest.mark.parametrize("country", random.Random(16).sample(COUNTRIES, 12))
def test_any_country_runs(country, tmp_path, monkeypatch):
    results = run(country, tmp_path, monkeypatch)
    for name in STAGES:
        refuse_others(country, words_of(name, results))
