"""A made-up newer file of events in the place of the one at hand is read, placed and summed."""

import newer
import numpy as np
import pandas as pd
import pytest
from publishers import COUNTRY

from helpers.base import paths
from helpers.clean import ucdp
from helpers.clean.gazetteer import Gazetteer
from helpers.cli.ingest import build
from helpers.ingest.facts import facts_path
from helpers.measures.extent import extent
from helpers.measures.series import from_events
from helpers.raw.contract import load
from helpers.raw.sidecar import read_sidecar

FIRST = 2022  # the first invented year


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("newer")
    file = newer.write(folder)
    for command in ("ucdp-events", "ucdp-severity"):
        build(command, [file], folder, facts_path(command))
    return folder


@pytest.fixture(scope="module")
def named(built):
    table = load(built / "pakistan_events.csv")
    version = read_sidecar(built / "pakistan_events.csv").version
    places = Gazetteer(load(paths.RAW / "places.csv"))
    return ucdp.events(table, places, "pakistan_events.csv").assign(version=version)


def test_the_made_up_months_are_those_of_the_table_of_months(built):
    table = load(built / "pakistan_events.csv").query("year >= @FIRST")
    months = load(paths.RAW / "country_month.csv")
    told = months[(months["country"] == COUNTRY) & (months["version"] == newer.RELEASE)]
    told = told[told["year"] >= FIRST].set_index(["year", "month"])[["events", "deaths_best"]]
    found = table.groupby(["year", "month"])[["events", "deaths_best"]].sum()
    assert (found == told[told["events"] > 0].astype("int64")).all(axis=None)
    old = load(paths.RAW / "pakistan_events.csv").groupby("year")[["events", "deaths_best"]].sum()
    before = load(built / "pakistan_events.csv").query("year < @FIRST").groupby("year")
    assert np.array_equal(before[["events", "deaths_best"]].sum(), old)


def test_its_sidecar_tells_release_and_end_and_nothing_of_the_older_one(built):
    for name in ("pakistan_events.csv", "pakistan_severity.csv"):
        about = read_sidecar(built / name)
        said = " ".join([about.citation_full, about.description, *about.notes])
        assert about.version == newer.RELEASE and newer.RELEASE in said and "2025-12" in said
        assert "22.1" not in said and "2021" not in said


def test_districts_that_moved_between_provinces_lie_in_one_throughout(named):
    assert set(named["province_then"]) >= {"FATA", "Khyber Pakhtunkhwa"}
    assert "FATA" not in set(named["province"])
    kurram = named[named["district"] == "Kurram"]
    assert kurram["year"].min() < 2018 and kurram["year"].max() == 2025
    assert set(kurram["province"]) == {"Khyber Pakhtunkhwa"}
    parts = named[named["district"].isin(["Lower South Waziristan", "Upper South Waziristan"])]
    assert len(parts) and parts["year"].min() >= FIRST


def test_series_run_to_its_last_month(named):
    assert extent(named).results() == {
        "release": newer.RELEASE,
        "first_year": 1989,
        "last_year": 2025,
        "last_month": "December 2025",
    }
    values = from_events(named, COUNTRY, "events").values
    assert str(values.index[-1]) == "2025-12" and values["2025"].min() > 0


def test_a_release_that_closes_no_year_ends_with_its_last_month(named):
    begun = named[~((named["year"] == 2025) & (named["month_start"] > "2025-05-01"))]
    begun = begun[begun["month_start"].notna()].assign(version="25.0.5")
    assert str(from_events(begun, COUNTRY, "events").values.index[-1]) == "2025-05"
    assert extent(begun).last_whole_year == 2024
    assert isinstance(extent(begun).last, pd.Period)
