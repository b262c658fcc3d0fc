"""Raw tables from publishers' files: the published totals are hit, odd files are refused."""

import json
import re

import pandas as pd
import pytest
from conftest import SHARED

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli.ingest import main
from helpers.ingest import ucdp_events
from helpers.ingest.external_support import NEEDED, of_groups
from helpers.ingest.natural_earth import rounded
from helpers.ingest.ucdp_cell_month import cell_of, centres
from helpers.ingest.ucdp_columns import EVENTS, TYPES, of_type
from helpers.ingest.ucdp_country_year import named_rows
from helpers.ingest.ucdp_events import summed
from helpers.ingest.ucdp_month_tables import KEY
from helpers.ingest.ucdp_sums import out_of_order
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
# Of the deaths of a year (25.1) those of events that end in a later month than they start.
SPANNING = {2008: 52, 2009: 1428, 2010: 794, 2011: 11, 2012: 15, 2013: 15, 2014: 3, 2024: 104}
# Events and deaths of a version and year.
COUNTRY = {
    ("25.1", 2024): (687, 1885),
    ("26.1", 2018): (93, 483),
    ("26.1", 2019): (100, 296),
    ("26.1", 2020): (147, 411),
    ("26.1", 2021): (194, 458),
    ("26.1", 2022): (287, 728),
    ("26.1", 2023): (387, 1183),
    ("26.1", 2024): (733, 1969),
    ("26.1", 2025): (1127, 3331),
    ("candidate", 2025): (0, 3706),
    ("candidate", 2026): (455, 1553),
}


@pytest.fixture(scope="module")
def tables():
    return {
        name: load(paths.RAW / f"{name}.csv")
        for name in (
            "country_year",
            "country_month",
            "province_month",
            "group_month",
            "groups",
            "pakistan_events",
        )
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


def test_support_is_that_of_groups_that_fought_a_government():
    def row(**changes):
        usual = ("1", "2008", "5", "A ", "1", "Government of X", "9", " B , C", "2", "0", "1")
        return dict(zip(NEEDED, usual)) | changes

    rows = [
        row(),
        row(ext_name="C,Government of Z", ext_sup_s="1", ext_sup_ns="0"),  # the same dyad and year
        row(dyad_id="8", oppo_name="Government of Y (old)", ext_name="", ext_sup="", ext_sup_ns=""),
        row(year="2009", active="0"),
        row(actor_name="Government of X", actor_nonstate="0", oppo_name="A"),
        row(oppo_name="D"),
    ]
    found = of_groups(pd.DataFrame(rows))
    assert found.to_numpy().tolist() == [
        [8, "Y (old)", 2008, 5, "A", "Government of Y (old)", 0, 0, 0, ""],
        [9, "X", 2008, 5, "A", "Government of X", 1, 1, 1, "B; C; Government of Z"],
    ]
    with pytest.raises(InputError, match="no active group"):
        of_groups(pd.DataFrame([row(active="0")]))


def test_support_joins_the_months_of_the_dyads():
    """All but a handful of coded years have events of the same dyad: the numbers are UCDP's own."""
    coded = load(paths.RAW / "external_support.csv").query("1990 <= year <= 2017")
    months = load(paths.RAW / "group_month.csv").query("type_of_violence == 'state-based'")
    fought = months.query("events > 0")[["dyad_id", "year"]].drop_duplicates()
    joined = coded.merge(fought, how="left", indicator=True)["_merge"].eq("both")
    assert len(coded) > 1400 and joined.mean() > 0.99


def test_a_file_that_is_no_workbook_is_one_sentence(tmp_path, capsys):
    (tmp_path / "x.xlsx").write_text("no")
    assert main(["external-support", str(tmp_path / "x.xlsx"), "--out", str(tmp_path)]) == 2
    assert "x.xlsx cannot be read as an Excel file" in capsys.readouterr().err


def test_the_country_is_counted_as_published(tables):
    months = tables["country_month"].query("country == 'Pakistan'")
    found = months.groupby(["version", "year"])[["events", "deaths_best"]].sum()
    assert {key: tuple(found.loc[key]) for key in COUNTRY} == COUNTRY
    spanning = months[months["version"] == "25.1"].groupby("year")["deaths_spanning"].sum()
    assert {year: spanning[year] for year in SPANNING} == SPANNING


def test_months_sum_to_years_in_every_country_and_version(tables):
    key = ["version", "country", "year"]
    counts = ["events", "deaths_best"]
    years = tables["country_year"].groupby(key)[counts].sum()
    months = tables["country_month"].query("version != 'candidate'").groupby(key)[counts].sum()
    assert months.index.isin(years.index).all()
    assert (years.sub(months, fill_value=0) == 0).all(axis=None)


def test_types_sum_to_the_month(tables):
    months = tables["country_month"]
    for measure, total in (("events", "events"), ("deaths", "deaths_best")):
        parts = months[of_type(measure)].sum(axis=1, min_count=3)
        stated = parts.notna()
        assert stated.any() and (parts[stated] == months.loc[stated, total]).all()


def test_what_a_version_does_not_state_is_empty(tables):
    months = tables["country_month"]
    final = months[months["version"] == "26.1"]
    assert final[["deaths_low", "deaths_high", "deaths_spanning"]].isna().all(axis=None)
    early = months.query("version == 'candidate' and year == 2025")
    assert len(early) and early.drop(columns=[*KEY, "deaths_best"]).isna().all(axis=None)


def test_provinces_sum_to_countries(tables):
    key = ["country", "year", "month", "version"]
    counts = [*EVENTS, "deaths_best"]
    provinces = tables["province_month"]
    units = provinces.groupby(key)[counts].sum()
    months = tables["country_month"].set_index(key)[counts]
    covered = months[
        months.index.get_level_values("country").isin(provinces["country"])
        & (months.index.get_level_values("version") == "25.1")
        & (months.index.get_level_values("year") >= 2010)
    ]
    assert covered.index.symmetric_difference(units.index).empty
    assert (units.sub(covered) == 0).all(axis=None)


def test_what_lies_in_no_province_is_told(tables):
    ours = tables["province_month"].query("country == 'Pakistan'")
    nowhere = ours[ours["province"].isna()].groupby("year")[["events", "deaths_best"]].sum()
    assert nowhere["events"].sum() == 18 and tuple(nowhere.loc[2022]) == (2, 3)
    assert nowhere.loc[2010, "deaths_best"] == 728 and nowhere.loc[2017, "deaths_best"] == 87
    assert not {2023, 2024} & set(nowhere.index)
    named = ours.query("year == 2024").groupby("province")[["events", "deaths_best"]].sum()
    assert tuple(named.loc["Khyber Pakhtunkwa province"]) == (473, 1437)
    assert tuple(named.loc["Balochistan province"]) == (192, 402)
    notes = " ".join(read_sidecar(paths.RAW / "province_month.csv").notes_of["Pakistan"])
    assert "18 events since 2010 have no unit" in notes and "728 deaths" in notes


def by_type_of(frame, names):
    """Return a count of a world of months, version by version and type by type."""
    key = ["version", "year", "month"]
    if "type_of_violence" in frame:
        return frame.groupby([*key, "type_of_violence"])[list(names)].sum()
    parts = {
        kind: frame.groupby(key)[[*of_type("events", [kind]), *of_type("deaths", [kind])]]
        .sum()
        .set_axis(list(names), axis="columns")
        for kind in TYPES.values()
    }
    return pd.concat(parts, names=["type_of_violence"]).reorder_levels([*key, "type_of_violence"])


def test_dyads_sum_to_types_and_the_exceptions_are_the_ones_listed(tables):
    counts = ["events", "deaths_best"]
    world = tables["country_month"]
    world = world[(world["version"] == "26.1") | world["year"].eq(2026)]
    rest = by_type_of(world, counts).sub(by_type_of(tables["group_month"], counts), fill_value=0)
    rest = rest[(rest != 0).any(axis=1)].groupby(["version", "year", "month"]).sum()
    assert (rest > 0).all(axis=None) and set(rest.index.get_level_values("version")) == {
        "candidate"
    }
    [listed] = [
        note
        for note in read_sidecar(paths.RAW / "group_month.csv").notes
        if note.startswith("Exceptions")
    ]
    found = [f"{row.events:,} / {row.deaths_best:,}" for row in rest.astype(int).itertuples()]
    assert re.findall(r"[\d,]+ / [\d,]+", listed) == found


def test_the_groups_are_those_of_the_dyads(tables):
    dyads = tables["group_month"].merge(tables["groups"], on="dyad_id", suffixes=("", "_named"))
    assert (dyads["dyad"] == dyads["dyad_named"]).all()
    assert set(dyads["dyad_id"]) == set(tables["groups"]["dyad_id"])
    final = dyads[dyads["version"] == "26.1"]
    sums = final.groupby(["group", "type_of_violence", "year"])["deaths_best"].sum()
    years = [2022, 2023, 2024, 2025]
    found = {
        key: [int(sums.get((*key, year), 0)) for year in years]
        for key in sums.droplevel("year").index.unique()
    }
    war, clash, killing = "state-based", "non-state", "one-sided"
    assert found["TTP", war] == [494, 752, 1192, 2268]
    assert found["BRAS", war] == [154, 110, 318, 526]
    assert found["Hafiz Gul Bahadur", war] == [0, 25, 113, 49]
    assert found["IMP", war] == [0, 0, 0, 194] and found["TJP", war] == [0, 95, 0, 0]
    assert found["sectarian clashes", clash] == [0, 29, 231, 10]
    assert found["Afghanistan - Pakistan", war][-1] == 178
    assert found["India - Pakistan", war][-1] == 67
    assert found["Government of Pakistan", killing][-1] == 39
    inside = final[final["inside"] == "mostly inside the country"]
    fight = inside.query("group == 'IS' and type_of_violence == 'state-based'")
    assert [fight.query(f"year == {year}")["deaths_best"].sum() for year in years] == [
        29,
        86,
        15,
        54,
    ]


def test_non_state_dyads_of_the_country_sum_to_it_but_in_the_years_listed(tables):
    months = tables["country_month"].query("country == 'Pakistan' and version == '26.1'")
    ours = tables["groups"].query("inside == 'mostly inside the country'")["dyad_id"]
    dyads = tables["group_month"]
    dyads = dyads[dyads["dyad_id"].isin(ours) & (dyads["version"] == "26.1")]
    rest = months.groupby("year")["deaths_non_state"].sum() - (
        dyads.query("type_of_violence == 'non-state'").groupby("year")["deaths_best"].sum()
    ).reindex(range(1989, 2026), fill_value=0)
    assert rest[rest != 0].to_dict() == {2017: 1, 2021: 1, 2024: 1}
    notes = " ".join(read_sidecar(paths.RAW / "groups.csv").notes)
    assert "every year but 2017, 2021 and 2024" in notes


def test_events_by_cell_are_the_events_of_the_country():
    cells, events = load(paths.RAW / "cell_events.csv"), load(paths.RAW / "pakistan_events.csv")
    for count in ("events", "deaths_best"):
        by_year = [table.groupby("year")[count].sum() for table in (cells, events)]
        assert by_year[0].equals(by_year[1])
    assert cells["where_prec"].between(1, 7).all()


def test_a_cell_is_where_the_grid_puts_it():
    cells = load(paths.RAW / "cell_month.csv")
    centre = centres(cells["cell"])
    assert (centre == cells[["latitude", "longitude"]]).all(axis=None)
    assert (cell_of(centre["latitude"], centre["longitude"]) == cells["cell"]).all()
    less_than_half = " ".join(read_sidecar(paths.RAW / "cell_month.csv").notes)
    outside = {int(cell): int(n) for cell, n in re.findall(r"(\d{6}) \((\d+)\)", less_than_half)}
    of_cell = cells.groupby("cell")["deaths_best"].sum()
    assert all(of_cell[cell] == deaths for cell, deaths in outside.items())
    assert of_cell.sum() - sum(outside.values()) == 1745


def test_rows_with_estimates_out_of_order_are_listed_in_the_sidecar(tables):
    years = tables["country_year"]
    odd = named_rows(years[out_of_order(years)])
    assert len(odd) == 9 and "Eritrea 1998 (state-based)" in odd
    assert all(one in " ".join(read_sidecar(paths.RAW / "country_year.csv").notes) for one in odd)


@needs_files
@pytest.mark.parametrize(
    ("command", "sources", "table"),
    [
        (
            "ucdp-country-year",
            ["ucdp_organized_violence_country_year_25_1.csv", paths.RAW / "country_month.csv"],
            "country_year.csv",
        ),
        (
            "ucdp-country-month",
            [
                "ucdp_ged261_country_month_1989_2026_05.csv",
                "ucdp_ged251_country_month_1989_2024.csv",
                "ucdp_country_month_deaths_1989_2026.csv",
            ],
            "country_month.csv",
        ),
        (
            "ucdp-province-month",
            ["ucdp_ged251_adm1_month_world_2010_2024.csv", paths.RAW / "country_month.csv"],
            "province_month.csv",
        ),
        (
            "ucdp-group-month",
            ["ucdp_ged261_dyad_month_world_1989_2026_05.csv"],
            "group_month.csv",
        ),
        (
            "ucdp-cell-month",
            ["ucdp_ged251_priogrid_month_2024_pakistan.csv"],
            "cell_month.csv",
        ),
        ("ucdp-cell-events", ["ucdp_ged_22_1_pakistan_events.csv"], "cell_events.csv"),
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


def of_one_event(**changes):
    day = pd.Timestamp("2009-01-01")
    event = dict.fromkeys(ucdp_events.NEEDED, 1) | {"date_start": day, "date_end": day}
    return event | {"year": 2009, "type_of_violence": "one-sided", "deaths_best": 3} | changes


def test_an_event_that_spans_two_months_has_none():
    spans = [
        ("2009-01-01", "2009-01-09"),
        ("2009-01-11", "2009-01-11"),
        ("2009-01-01", "2009-12-31"),
    ]
    events = pd.DataFrame(
        [
            of_one_event(date_start=pd.Timestamp(start), date_end=pd.Timestamp(end))
            for start, end in spans
        ]
    )
    frame = summed(events.assign(month=ucdp_events.month_of(events)))
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
