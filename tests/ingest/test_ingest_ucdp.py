"""Raw tables from publishers' files: the published totals are hit, odd files are refused."""

import json

import pandas as pd
import pytest
from conftest import SHARED

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli.ingest import main
from helpers.ingest.external_support import of_country
from helpers.ingest.natural_earth import rounded
from helpers.ingest.ucdp_country_month import months_long, with_unknown
from helpers.ingest.ucdp_country_year import out_of_order
from helpers.ingest.ucdp_events import summed
from helpers.ingest.vdem import long_form
from helpers.raw.contract import load
from helpers.raw.sidecar import read_sidecar

needs_files = pytest.mark.skipif(
    not SHARED.exists(), reason="the publishers' files are not beside the project"
)

# Events and deaths (best) that UCDP gives for Pakistan in GED 22.1.
GED = {
    2000: (27, 59),
    2001: (9, 42),
    2002: (70, 170),
    2003: (79, 242),
    2004: (62, 430),
    2005: (47, 153),
    2006: (46, 427),
    2007: (210, 1366),
    2008: (664, 4620),
    2009: (883, 7460),
    2010: (962, 7226),
    2011: (595, 3475),
    2012: (644, 3541),
    2013: (337, 2914),
    2014: (413, 3620),
    2015: (276, 2450),
    2016: (158, 1100),
    2017: (162, 954),
    2018: (91, 483),
    2019: (99, 293),
    2020: (145, 409),
    2021: (189, 448),
}
RESIDUAL = {2008: 52, 2009: 1428, 2010: 794, 2011: 11, 2012: 15, 2013: 15, 2014: 3, 2024: 104}


@pytest.fixture(scope="module")
def tables():
    return {
        name: load(paths.RAW / f"{name}.csv")
        for name in ("country_year", "country_month", "pakistan_events")
    }


def test_events_equal_the_published_counts(tables):
    found = tables["pakistan_events"].groupby("year")[["events", "deaths_best"]].sum()
    assert {year: tuple(found.loc[year]) for year in GED} == GED


def test_the_severity_of_events_adds_up_to_the_same_events_and_deaths(tables):
    severity = load(paths.RAW / "pakistan_severity.csv")
    found = (
        severity.assign(
            deaths=severity["events"] * severity["deaths_best"],
            squares=severity["events"] * severity["deaths_best"] ** 2,
        )
        .groupby("year")[["events", "deaths", "squares"]]
        .sum()
    )
    events = (
        tables["pakistan_events"].groupby("year")[["events", "deaths_best", "deaths_squared"]].sum()
    )
    assert found.to_numpy().tolist() == events.to_numpy().tolist()


def test_support_is_that_of_groups_against_the_government_alone():
    rows = [
        ("1", "2008", "A", "1", "Government of X", "X: gov", " B , C", "2", "0"),
        ("1", "2008", "A", "1", "Government of Y", "Y", "", "1", "1"),
        ("0", "2009", "A", "1", "Government of X", "X: gov", "", "0", "0"),
        ("1", "2008", "Government of X", "0", "A", "X: gov", "", "1", "1"),
    ]
    table = pd.DataFrame(
        rows,
        columns=[
            "active",
            "year",
            "actor_name",
            "actor_nonstate",
            "oppo_name",
            "location",
            "ext_name",
            "ext_sup",
            "ext_sup_s",
        ],
    )
    assert of_country(table, "X").to_numpy().tolist() == [
        [2008, "A", "Government of X", 1, 0, "B; C"]
    ]


def test_a_file_that_is_no_workbook_is_one_sentence(tmp_path, capsys):
    (tmp_path / "x.xlsx").write_text("no")
    assert main(["external-support", str(tmp_path / "x.xlsx"), "--out", str(tmp_path)]) == 2
    assert "x.xlsx cannot be read as an Excel file" in capsys.readouterr().err


def test_months_and_unknown_equal_every_country_and_year(tables):
    years = tables["country_year"].groupby(["country", "year"])["deaths_best"].sum()
    months = tables["country_month"].groupby(["country", "year"])["deaths"].sum()
    months = months[months.index.get_level_values("year") <= 2024]
    pd.testing.assert_series_equal(
        months, years.reindex(months.index).fillna(0), check_names=False, check_dtype=False
    )
    without = years[
        ~years.index.get_level_values("country").isin(tables["country_month"]["country"].unique())
    ]
    assert without.sum() == 0


def test_the_country_months_are_complete_and_the_residual_is_as_known(tables):
    frame = tables["country_month"]
    known = frame[frame["month"].notna()]
    assert (known.groupby("country").size() == 449).all()
    rest = frame[frame["month"].isna() & (frame["country"] == "Pakistan")].set_index("year")[
        "deaths"
    ]
    assert {year: int(rest[year]) for year in RESIDUAL} == RESIDUAL


def test_country_years_of_pakistan(tables):
    deaths = (
        tables["country_year"].query("country == 'Pakistan'").groupby("year")["deaths_best"].sum()
    )
    assert [int(deaths[year]) for year in (2005, 2009, 2021, 2022, 2023, 2024)] == [
        168,
        7512,
        452,
        719,
        1178,
        1885,
    ]


def test_rows_with_estimates_out_of_order_are_listed_in_the_sidecar(tables):
    odd = out_of_order(tables["country_year"])
    assert len(odd) == 9 and "Eritrea 1998 (state-based)" in odd
    assert all(one in " ".join(read_sidecar(paths.RAW / "country_year.csv").notes) for one in odd)


@needs_files
@pytest.mark.parametrize(
    ("command", "sources", "table"),
    [
        (
            "ucdp-country-year",
            ["ucdp_organized_violence_country_year_25_1.csv"],
            "country_year.csv",
        ),
        (
            "ucdp-country-month",
            [
                "ucdp_country_month_deaths_1989_2026.csv",
                "ucdp_organized_violence_country_year_25_1.csv",
            ],
            "country_month.csv",
        ),
        ("ucdp-events", ["ucdp_ged_22_1_pakistan_events.csv"], "pakistan_events.csv"),
        ("ucdp-severity", ["ucdp_ged_22_1_pakistan_events.csv"], "pakistan_severity.csv"),
        ("external-support", ["ucdp_external_support_18_1.xlsx"], "external_support.csv"),
        ("places", ["ucdp_ged_22_1_pakistan_events.csv"], "places.csv"),
        ("vdem", ["vdem_polity_pakistan_year.csv"], "politics_year.csv"),
        ("natural-earth", ["natural_earth_10m_pakistan_admin1.geojson"], "pakistan_admin1.geojson"),
    ],
)
def test_a_rebuild_gives_the_same_bytes(tmp_path, command, sources, table):
    assert main([command, *(str(SHARED / name) for name in sources), "--out", str(tmp_path)]) == 0
    for name in (table, table.rsplit(".", 1)[0] + ".source.yml"):
        assert (tmp_path / name).read_bytes() == (paths.RAW / name).read_bytes()


def wide(**columns):
    return pd.DataFrame({"date": ["2020-01-31", "2020-02-29"], **columns})


def test_the_residual_of_a_year_becomes_a_row_without_a_month():
    months = months_long(wide(Chad=[3, 4], **{"Unnamed: 2": [0, 0]}), {"Chad"}, 2020, {})
    frame = with_unknown(months, pd.Series({("Chad", 2020): 10}))
    assert frame["deaths"].tolist() == [3, 4, 3] and frame["month"].isna().tolist() == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"Chadd": [1, 2]}, "country 'Chadd' is not in the country-year file; did you mean 'Chad'"),
        ({"Chad": [1, 2], "Unnamed: 2": [0, 5]}, "has no country but holds 5 deaths"),
    ],
)
def test_a_country_that_cannot_be_placed_is_refused(columns, words):
    with pytest.raises(InputError, match=words):
        months_long(wide(**columns), {"Chad"}, 2020, {})


def test_months_beyond_the_year_are_refused():
    with pytest.raises(InputError, match="months of Chad in 2020 hold 2 deaths more"):
        with_unknown(
            months_long(wide(Chad=[3, 4]), {"Chad"}, 2020, {}), pd.Series({("Chad", 2020): 5})
        )


def test_an_event_that_spans_two_months_has_none():
    one = {
        "year": 2009,
        "type_of_violence": 3,
        "dyad_name": "A - B",
        "side_a": "A",
        "side_b": "B",
        "adm_1": "P",
        "adm_2": "",
        "deaths_a": 0,
        "deaths_b": 0,
        "deaths_civilians": 2,
        "deaths_unknown": 1,
        "best": 3,
        "high": 5,
        "low": 1,
    }
    spans = [
        ("2009-01-01", "2009-01-09"),
        ("2009-01-11", "2009-01-11"),
        ("2009-01-01", "2009-12-31"),
    ]
    frame = summed(
        pd.DataFrame([{**one, "date_start": start, "date_end": end} for start, end in spans])
    )
    assert frame["events"].tolist() == [2, 1] and frame["month"].isna().tolist() == [False, True]
    assert frame["deaths_squared"].tolist() == [18, 9]


def test_two_vintages_stay_two_rows():
    frame = long_form(
        pd.DataFrame({"year": [2020], "v2x": [0.3], "v2x__v12": [0.4], "gone__v12": [None]})
    )
    assert list(zip(frame["vintage"], frame["value"])) == [("unmarked", 0.3), ("v12", 0.4)]


def test_shared_borders_round_alike():
    border = [[70.12345, 30.98765], [70.12399, 30.98701], [71.5, 31.5]]
    assert rounded(border) == rounded([border[0], border[2]]) == [[70.12, 30.99], [71.5, 31.5]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ucdp-events", "nowhere.csv"], "nowhere.csv does not exist"),
        (["stamp", "nothing.csv"], "there is no table"),
    ],
)
def test_a_file_that_is_not_there_is_one_sentence(capsys, arguments, words):
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_a_file_of_another_kind_is_one_sentence(tmp_path, capsys):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("id,year,type_of_violenc\n1,2000,1\n")
    assert main(["ucdp-events", str(wrong), "--out", str(tmp_path)]) == 2
    assert (
        "wrong.csv, line 1: column 'type_of_violence' is missing; did you mean 'type_of_violenc'"
        in capsys.readouterr().err
    )
    other = tmp_path / "wrong.geojson"
    other.write_text(
        json.dumps({"features": [{"properties": {"name": "Bavaria"}, "geometry": {}}]})
    )
    assert main(["natural-earth", str(other), "--out", str(tmp_path)]) == 2
    assert "unit 'Bavaria' is not known" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["wrong.csv", "wrong.geojson"]
