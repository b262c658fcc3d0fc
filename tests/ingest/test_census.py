"""Population by district: lists that meet, sums that add up, names that are known."""

import pandas as pd
import pytest
from conftest import SHARED
from hypothesis import given, settings, strategies

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli.ingest import main
from helpers.ingest.census import agree, areas, named, with_totals
from helpers.ingest.census_facts import CensusFacts
from helpers.ingest.facts import facts_path, read_facts
from helpers.raw.contract import load

FILES = [
    SHARED / f"pbs_census_{name}.csv"
    for name in (
        "2023_2017_district_population",
        "2017_1998_district_population",
        "2023_table1_tehsil_area_population",
    )
]
needs_files = pytest.mark.skipif(
    not SHARED.exists(), reason="the publishers' files are not beside the project"
)
# As the Bureau's reports have them; those of 2017 and 2023 are also in
# https://en.dailypakistan.com.pk/18-Jul-2024 (the report on the census of 2023).
COUNTRY = {1998: 132_352_279, 2017: 207_684_626, 2023: 241_499_431}


@pytest.fixture(scope="module")
def population():
    return load(paths.RAW / "population.csv")


def test_provinces_sum_to_the_published_totals_of_the_country(population):
    provinces = population[population["level"] == "province"]
    assert provinces.groupby("year")["population"].sum().to_dict() == COUNTRY


def test_districts_sum_to_their_provinces_but_for_the_tribal_areas_of_1998(population):
    units = population[population["name"] != "FATA"]
    sums = units.pivot_table(
        index=["province", "year"], columns="level", values="population", aggfunc="sum"
    )
    assert (sums["district"] == sums["province"]).all() and len(sums) == 15
    area = population[population["year"] == 2023].groupby(["province", "level"])["area_km2"]
    whole = area.sum().unstack()
    assert (whole["district"] == whole["province"]).sum() == 4  # that of Sindh is not whole
    unstated = population.query("year == 2023 and area_km2.isna()")["name"]
    assert set(unstated) == {"Sindh", "Tando Muhammad Khan"}


def test_every_name_is_one_of_places(population):
    places = load(paths.RAW / "places.csv")
    known = set(zip(places["level"], places["name"]))
    assert set(zip(population["level"], population["name"])) <= known


def test_no_figure_that_stands_beside_a_wrong_name_is_in_the_table(population):
    wrong = read_facts(facts_path("census"), CensusFacts).mislabelled
    found = population[population["name"].isin(wrong)]
    assert set(found["year"]) == {2017, 2023}
    assert found.query("name == 'Bajaur' and year == 2017")["population"].item() == 1_090_987


@needs_files
def test_the_table_is_what_the_files_give(population, tmp_path):
    assert main(["census", *map(str, FILES), "--out", str(tmp_path)]) == 0
    pd.testing.assert_frame_equal(load(tmp_path / "population.csv"), population)


@needs_files
def test_the_shuffled_names_of_the_earlier_list_are_found(tmp_path, capsys):
    text = facts_path("census").read_text(encoding="utf-8")
    start, end = text.index("  merged tribal areas"), text.index("# The earlier list as it is")
    (tmp_path / "census.yml").write_text(text[:start] + text[end:], encoding="utf-8")
    words = ["--out", str(tmp_path), "--facts", str(tmp_path / "census.yml")]
    assert main(["census", *map(str, FILES), *words]) == 2
    assert "people at one census" in capsys.readouterr().err
    assert not (tmp_path / "population.csv").exists()


people = strategies.lists(strategies.integers(1000, 10**7), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(counts=people, data=strategies.data())
def test_two_names_that_change_places_are_noticed(counts, data):
    listed = pd.Series(counts, index=[f"d{i}" for i in range(len(counts))], dtype=float)
    agree(listed, listed, {}, 0.02)
    one, other = data.draw(strategies.permutations(list(listed.index)))[:2]
    swapped = listed.rename({one: other, other: one})
    if abs(listed[one] - listed[other]) / max(listed[one], listed[other]) > 0.02:
        with pytest.raises(InputError, match="people at one census"):
            agree(listed, swapped, {}, 0.02)
        agree(listed, swapped, {"both": [one, other]}, 0.02)


def test_a_spelling_that_places_lacks_is_refused_with_the_nearest():
    places = pd.DataFrame(
        {"level": ["province", "district"], "name": ["P", "Kech"], "province": "P"}
    ).assign(spelling=["P", "Kech"], source="B", valid_from=None)
    listed = pd.DataFrame({"province": ["P"], "division": ["D"], "district": ["Kach"]})
    with pytest.raises(InputError, match="a.csv: the district 'Kach'.*did you mean 'Kech'"):
        named(listed, places, "B", "a.csv")
    with pytest.raises(InputError, match="under no spelling of C"):
        named(listed.assign(district="Kech"), places, "C", "a.csv")


def test_an_area_without_all_its_parts_is_no_area():
    parts = pd.DataFrame({"name": ["A", "A"], "population": [60, 41], "area_km2": [2.0, 3.0]})
    assert areas(parts, pd.Series({"A": 100}), 0.02).to_dict() == {"A": 5.0}
    assert areas(parts, pd.Series({"A": 150}), 0.02).empty


def test_a_unit_that_ended_is_summed_apart_from_its_successor():
    rows = pd.DataFrame({"unit": ["Old", "New"], "name": ["a", "b"], "population": [3, 4]})
    rows = rows.assign(province="New", division="D", year=1998, area_km2=1.0, url="u")
    found = with_totals(rows).query("level == 'province'").set_index("name")["population"]
    assert found.to_dict() == {"New": 4, "Old": 3}
