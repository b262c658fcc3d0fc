"""Names of places through time."""

import pandas as pd
import pytest
from conftest import SHARED

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.clean.gazetteer import Gazetteer
from helpers.ingest.facts import facts_path, read_facts
from helpers.ingest.places_facts import PlaceFacts
from helpers.raw.contract import load


@pytest.fixture(scope="module")
def places():
    return Gazetteer(load(paths.RAW / "places.csv"))


@pytest.mark.parametrize(
    ("spelling", "level", "date", "name"),
    [
        ("Khyber Pakhtunkwa province", "province", "2010-01-01", "Khyber Pakhtunkhwa"),
        ("fata", "province", "2018-05-30", "FATA"),
        ("fata", "province", "2018-05-31", "Khyber Pakhtunkhwa"),
        ("FATA (merged districts)", "province", "2024-01-01", "Khyber Pakhtunkhwa"),
        ("Sind", "province", "2024-01-01", "Sindh"),
        ("Jafarabad Distrcit", "district", "2012-01-01", "Jafarabad"),
        ("Bajaur agency", "district", "2012-01-01", "Bajaur"),
        ("South Waziristan", "district", "2012-01-01", "South Waziristan"),
        ("Upper South Waziristan", "district", "2023-01-01", "Upper South Waziristan"),
    ],
)
def test_a_spelling_means_a_place_at_its_date(places, spelling, level, date, name):
    assert places.canonical(pd.Series([spelling]), level, pd.Series([date])).tolist() == [name]


def test_today_follows_successors_and_missing_stays_missing(places):
    assert places.today(pd.Series(["FATA", "Punjab"]), "province").tolist() == [
        "Khyber Pakhtunkhwa",
        "Punjab",
    ]
    assert places.today(pd.Series(["FR Kohat"]), "district").tolist() == ["Kohat"]
    assert places.canonical(pd.Series([None, "Punjab"]), "province").isna().tolist() == [
        True,
        False,
    ]
    provinces = places.coordinates().set_index("name")["province"]
    assert provinces[["Bajaur", "Quetta"]].tolist() == ["Khyber Pakhtunkhwa", "Balochistan"]


@pytest.mark.parametrize(
    ("spelling", "date", "name", "undivided"),
    [
        ("Fr DI Khan", "2017-03-15", "FR Dera Ismail Khan", "Dera Ismail Khan"),
        ("Fr Lakki Marwat", "2017-03-15", "FR Lakki Marwat", "Lakki Marwat"),
        ("South Waziristan Agency", "2017-03-15", "South Waziristan", "South Waziristan"),
        ("South Waziristan", "2023-03-01", "South Waziristan", "South Waziristan"),
        ("South Waziristan Upper", "2023-03-01", "Upper South Waziristan", "South Waziristan"),
        ("Kachhi", "2023-03-01", "Bolan", "Bolan"),
        ("Karachi West", "2017-03-15", "Karachi West", "Karachi"),
        ("Qila Abdullah", "2023-01-01", "Killa Abdullah", "Killa Abdullah"),
    ],
)
def test_census_police_and_events_meet_in_one_unit(places, spelling, date, name, undivided):
    found = places.canonical(pd.Series([spelling]), "district", pd.Series([date]))
    assert found.tolist() == [name]
    assert places.undivided(found, "district").tolist() == [undivided]


@pytest.mark.parametrize(
    ("spelling", "level", "date", "words"),
    [
        (
            "Bajur agency",
            "district",
            "2012-01-01",
            "'Bajur agency' is not in places.csv; did you mean 'Bajaur agency'",
        ),
        ("Atlantis", "province", "2012-01-01", "'Atlantis' is not in places.csv"),
        ("Upper South Waziristan", "district", "2015-01-01", "2015-01-01, row 0: no row of"),
    ],
)
def test_an_unknown_spelling_names_the_nearest(places, spelling, level, date, words):
    with pytest.raises(InputError, match=words):
        places.canonical(pd.Series([spelling]), level, pd.Series([date]))


def test_unknown_spellings_are_told_all_at_once_with_rows_to_add(places):
    asked = pd.Series(["Bajur agency", "Quetta district", "Xyzzy", None, "Bajur agency"])
    with pytest.raises(InputError) as told:
        places.canonical(asked, "district")
    said = str(told.value)
    assert said.count("is not in places.csv") == 2 and "Quetta" not in said and "\n" not in said
    assert '"district,Bajaur,Khyber Pakhtunkhwa,Bajur agency"' in said
    assert '"district,Xyzzy,?,Xyzzy"' in said


def test_a_table_is_refused_with_every_unknown_name_of_every_level(places):
    named = {
        "province": pd.Series(["Balochistan province", "Balochistan Province"]),
        "district": pd.Series(["Newtown district", None, "Xyzzy"]),
    }
    with pytest.raises(InputError) as told:
        places.require(named, "pakistan_events.csv")
    said = str(told.value)
    assert said.startswith("pakistan_events.csv: province 'Balochistan Province' is not in places.")
    assert said.count("is not in places.csv") == 3 and "\n" not in said
    assert '"province,Balochistan,Balochistan,Balochistan Province"' in said
    assert said.endswith("run python -m helpers.cli ingest stamp data/raw/places.csv")


def test_each_spelling_that_was_not_in_use_is_told_with_its_first_date(places):
    parts = ["Upper South Waziristan", "Lower South Waziristan", "Upper South Waziristan"]
    dates = ["2021-01-01", "2022-01-01", "2020-01-01"]
    with pytest.raises(InputError) as told:
        places.canonical(pd.Series(parts), "district", pd.Series(dates))
    said = str(told.value)
    assert "'Lower South Waziristan' at 2022-01-01, row 1" in said
    assert "'Upper South Waziristan' at 2020-01-01, row 0" in said


@pytest.mark.parametrize("day", ["2021-05-16", "2023-10-26", "2026-05-01"])
def test_the_regular_spelling_of_every_district_is_known_before_an_event_bears_it(places, day):
    table = load(paths.RAW / "places.csv").query("level == 'district'")
    ended = set(table.loc[table["successor"].notna(), "name"])
    names = pd.Series(sorted(set(table["name"]) - ended))
    if day < "2022-10-13":
        names = names[~names.str.contains("(?:Upper|Lower) South")]
    found = places.canonical(names + " district", "district", pd.Series(day, names.index))
    assert (found == names).all() and {"Kurram", "Khyber", "Kashmore"} <= set(found)


def test_the_facts_tell_where_a_regular_spelling_was_seen():
    notes = load(paths.RAW / "places.csv").set_index("spelling")["note"]
    seen = read_facts(facts_path("places"), PlaceFacts).districts.seen
    assert seen and notes[list(seen)].to_dict() == seen


@pytest.mark.skipif(not SHARED.exists(), reason="the publishers' files are not beside the project")
def test_every_candidate_event_since_2021_finds_its_place(places):
    file = SHARED / "ucdp_candidate_pakistan_events_2021_2022_2023.csv"
    events = pd.read_csv(file).dropna(subset="adm_2")
    places.canonical(events["adm_2"], "district", events["date_start"])
    places.canonical(events["adm_1"], "province", events["date_start"])
    assert events["date_start"].max() > "2023-10"


def test_every_event_finds_its_place(places):
    events = load(paths.RAW / "pakistan_events.csv")
    dates = pd.to_datetime({"year": events["year"], "month": events["month"].fillna(1), "day": 1})
    districts = places.canonical(events["district"], "district", dates)
    assert districts.isna().equals(events["district"].isna())
    assert set(districts.dropna()) <= set(places.coordinates()["name"])
