"""Names that people write lead to the names in the data, and others to none."""

import csv
import random

import pytest

from helpers.base import paths
from helpers.base.names import accepted, also_known, as_slug, meant

ALSO = also_known(paths.RAW / "country_names.csv")


def known(table: str = "country_month.csv") -> set[str]:
    with (paths.RAW / table).open(encoding="utf-8", newline="") as handle:
        return {row["country"] for row in csv.DictReader(handle)}


def test_each_written_name_leads_to_one_that_the_data_hold():
    countries = known("country_year.csv")
    assert set(ALSO.values()) <= countries
    for written, name in ALSO.items():
        assert meant(written.upper(), countries, ALSO) == [name]
    assert not {name.casefold() for name in ALSO} & {name.casefold() for name in known()}


def test_each_written_name_and_code_is_accepted_in_any_case():
    countries = known("country_year.csv")
    for written, name in ALSO.items():
        for spelt in (written, written.lower(), f" {written.upper()} "):
            assert accepted(spelt, countries, ALSO) == name
    for name in countries:
        assert accepted(name, countries, ALSO) == name


def test_what_could_be_two_names_and_what_is_none_is_not_accepted():
    assert accepted("Ruritania", ["Ruritania (Old)", "Ruritania (New)"]) is None
    for word in (
        "",
        "  ",
        "Nigria",
        "(Zaire)",
        "Atlantis",
        "../Nigeria",
        "Nigeria/",
        ".Nigeria",
        "N*",
    ):
        assert accepted(word, known(), ALSO) is None


def test_countries_that_have_months_have_files_of_their_own():
    countries = known()
    slugs = {as_slug(name) for name in countries}
    assert len(slugs) == len(countries) and all(slugs)


@pytest.mark.parametrize("table", ["country_month.csv", "country_year.csv"])
def test_a_part_of_a_name_leads_to_it(table):
    countries = known(table)
    for name in countries:
        for part in name.replace(")", "").split("("):
            assert (
                name in meant(part, countries, ALSO)
                or part.strip() in ALSO
                or (part.strip() in countries)
            ), part


def test_a_slip_leads_to_the_name_and_another_word_to_none():
    draw, countries = random.Random(15), known()
    for name in sorted(one for one in countries if len(one) > 7 and one.isalpha()):
        at = draw.randrange(1, len(name))
        assert meant(name[:at] + name[at + 1 :], countries, ALSO) == [name]
    for word in ("Atlantis", "Utopia", "Narnia", "Xyz", "", "???", "Wakanda", "7"):
        assert meant(word, countries, ALSO) == []


def test_what_was_taken_for_a_neighbour_by_its_letters():
    countries = known()
    assert meant("Russia", countries, ALSO) == ["Russia (Soviet Union)"]
    assert meant("Yemen", countries, ALSO) == ["Yemen (North Yemen)"]
    assert meant("Bosnia", countries, ALSO) == ["Bosnia-Herzegovina"]
