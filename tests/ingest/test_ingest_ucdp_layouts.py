"""The same events in every layout that UCDP publishes give the same tables; bad cells are told."""

import zipfile

import pandas as pd
import pytest
import yaml
from conftest import SHARED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli.ingest import main
from helpers.ingest.facts import facts_path
from helpers.ingest.ucdp_cell_month import cell_of
from helpers.ingest.ucdp_ged import read_events
from helpers.ingest.ucdp_header import PLACES, WIDTH
from helpers.ingest.ucdp_layout import open_sheet
from helpers.ingest.ucdp_sums import ESTIMATES
from helpers.ingest.ucdp_versions import named, order, series
from helpers.raw.contract import check_values, load
from helpers.raw.sidecar import read_sidecar

COMMANDS = {
    "ucdp-country-month": "country_month",
    "ucdp-country-year": "country_year",
    "ucdp-province-month": "province_month",
    "ucdp-group-month": "group_month",
    "ucdp-cell-month": "cell_month",
    "ucdp-cell-events": "cell_events",
    "ucdp-events": "pakistan_events",
}
OF_COUNTRY = ("ucdp-cell-month", "ucdp-cell-events", "ucdp-events")
# The order of GED from 17.1 on; what the tables do not need stands for itself.
HEADER = [f"other_{at}" for at in range(WIDTH)]
GED = {
    "id": "id",
    "type_of_violence": "type_of_violence",
    "dyad_id": "dyad_new_id",
    "dyad": "dyad_name",
    "side_a": "side_a",
    "side_b": "side_b",
    "where_prec": "where_prec",
    "province": "adm_1",
    "district": "adm_2",
    "latitude": "latitude",
    "longitude": "longitude",
    "country": "country",
    "country_id": "country_id",
    "region": "region",
    "date_start": "date_start",
    "date_end": "date_end",
    "deaths_a": "deaths_a",
    "deaths_b": "deaths_b",
    "civilians": "deaths_civilians",
    "deaths_unknown": "deaths_unknown",
    "deaths_best": "best",
    "deaths_high": "high",
    "deaths_low": "low",
}
for ours, theirs in GED.items():
    HEADER[PLACES[ours]] = theirs

# A world of three countries that the facts of no command name but the one of the cells.
COUNTRY = yaml.safe_load(facts_path("ucdp-cell-month").read_text(encoding="utf-8"))["country"]
WHERE = {"Chad": 483, "Mali": 432, COUNTRY: 770}


@st.composite
def an_event(draw):
    start = draw(st.dates(pd.Timestamp("2023-12-01").date(), pd.Timestamp("2024-12-31").date()))
    end = start + pd.Timedelta(days=draw(st.integers(0, 40)))
    country = draw(st.sampled_from(list(WHERE)))
    dead = draw(st.lists(st.integers(0, 30), min_size=4, max_size=4))
    dyad = draw(st.integers(1, 3))
    return {
        "type_of_violence": draw(st.sampled_from([1, 2, 3])),
        "dyad_new_id": dyad,
        "dyad_name": f"A, the first - B{dyad}",
        "side_a": "A, the first",
        "side_b": f"B{dyad}",
        "adm_1": draw(st.sampled_from(["", "Khôst province", "East"])),
        "adm_2": "",
        "latitude": draw(st.sampled_from([24.75, 33.9143, -0.1])),
        "longitude": draw(st.sampled_from([66.75, 71.8156])),
        "where_prec": draw(st.integers(1, 7)),
        "country": country,
        "country_id": WHERE[country],
        "region": "Asia",
        "date_start": pd.Timestamp(start),
        "date_end": pd.Timestamp(end),
        "deaths_a": dead[0],
        "deaths_b": dead[1],
        "deaths_civilians": dead[2],
        "deaths_unknown": dead[3],
        "low": sum(dead) // 2,
        "best": sum(dead),
        "high": sum(dead) + draw(st.integers(0, 9)),
    }


def some_events(n=2):
    """Draw events, one of them in the country of the cells."""
    return st.lists(an_event(), min_size=n, max_size=12).map(
        lambda drawn: [
            event | {"id": 100 + at} | ({"country": COUNTRY, "country_id": 770} if at == 0 else {})
            for at, event in enumerate(drawn)
        ]
    )


def table_of(events, date="%Y-%m-%d 00:00:00.000"):
    frame = pd.DataFrame(events).reindex(columns=HEADER)
    for name in ("date_start", "date_end"):
        frame[name] = frame[name].dt.strftime(date) if date else frame[name]
    return frame


def plain(folder, events):
    table_of(events).to_csv(folder / "GEDEvent_v25_1.csv", index=False)
    return folder / "GEDEvent_v25_1.csv"


def packed(folder, events):
    path = folder / "ged251-csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("GEDEvent_v25_1.csv", table_of(events).to_csv(index=False))
        archive.writestr("__MACOSX/._GEDEvent_v25_1.csv", "x")
        archive.writestr("codebook.pdf", "x")
    return path


def tagged(folder, events):
    """The row of tags that copies for exchange carry under the header."""
    frame = table_of(events).astype(object)
    tags = pd.DataFrame([{"date_start": "#date+start", "best": "#affected+killed"}])
    pd.concat([tags, frame])[HEADER].to_csv(folder / "ged251.csv", index=False)
    return folder / "ged251.csv"


def european(folder, events):
    """Semicolons, a mark of UTF-8, capitals, days first, an index, fewer columns."""
    frame = table_of(events, "%d/%m/%Y").drop(columns=[n for n in HEADER if n.startswith("other")])
    names = {
        "adm_1": "adm1",
        "dyad_new_id": "dyad_id",
        "latitude": "lat",
        "date_start": "Date Start",
    }
    frame = frame.rename(columns=names).rename(columns=str.upper)
    path = folder / "ged_25_1_export.csv"
    frame.to_csv(path, sep=";", encoding="utf-8-sig", index=True)
    return path


def windows(folder, events):
    frame = table_of(events, "%d.%m.%Y 0:00")
    frame.to_csv(folder / "ged251.txt", sep="\t", encoding="cp1252", index=False)
    return folder / "ged251.txt"


def unicode_of_excel(folder, events):
    frame = table_of(events, "%d-%b-%Y")
    frame.to_csv(folder / "ged251.csv", sep="\t", encoding="utf-16", index=False)
    return folder / "ged251.csv"


def american(folder, events):
    """Month first, as a spreadsheet set to America saves it: seen where a day is above 12."""
    if all(max(e["date_start"].day, e["date_end"].day) <= 12 for e in events):
        return plain(folder, events)
    table_of(events, "%m/%d/%Y 12:00:00 AM").to_csv(folder / "ged251.csv", index=False)
    return folder / "ged251.csv"


def bare(folder, events):
    """No header, as some monthly files."""
    table_of(events).to_csv(folder / "GEDEvent_v25_1.csv", index=False, header=False)
    return folder / "GEDEvent_v25_1.csv"


def workbook(folder, events):
    table_of(events, None).to_excel(folder / "GEDEvent_v25_1.xlsx", index=False)
    return folder / "GEDEvent_v25_1.xlsx"


def counted_days(folder, events):
    """Days as Excel counts them, version in a column, an index without a name."""
    frame = table_of(events, None).assign(ucdp_version="25.1")
    for name in ("date_start", "date_end"):
        frame[name] = (frame[name] - pd.Timestamp("1899-12-30")).dt.days
    frame.to_excel(folder / "events.xlsx")
    return folder / "events.xlsx"


LAYOUTS = [
    packed,
    tagged,
    european,
    windows,
    unicode_of_excel,
    american,
    bare,
    workbook,
    counted_days,
]


def built(folder, command, *sources, **more):
    words = [word for name, value in more.items() for word in (f"--{name}", value)]
    status = main([command, *map(str, sources), "--out", str(folder), *words])
    assert status == 0
    return load(folder / f"{COMMANDS[command]}.csv")


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=some_events())
def test_every_layout_gives_the_same_tables(tmp_path_factory, layout, events):
    folder = tmp_path_factory.mktemp("layout")
    expected = read_events(plain(folder, events), GED).reset_index(drop=True)
    found = read_events(layout(folder, events), GED).reset_index(drop=True)
    assert len(expected) == len(events)
    pd.testing.assert_frame_equal(found[expected.columns], expected, check_dtype=False)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("layout", [european, workbook, bare])
def test_every_command_builds_the_same_table_from_them(tmp_path, command, layout):
    events = [
        an_event_of(id=1, deaths_civilians=3, best=3, high=4, low=1),
        an_event_of(id=2, date_end=pd.Timestamp("2024-03-02"), deaths_a=7, best=7, high=7, low=7),
        an_event_of(id=3, country="Chad", country_id=483, type_of_violence=2, adm_1="", deaths_a=1),
    ]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = built(tmp_path / "a", command, plain(tmp_path, events))
    other = built(tmp_path / "b", command, layout(tmp_path, events))
    pd.testing.assert_frame_equal(one, other)
    assert one["deaths_best"].sum() == (10 if command in OF_COUNTRY else 11)


def an_event_of(**changes):
    day = pd.Timestamp("2024-02-13")
    event = dict.fromkeys(["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "low"], 0)
    event |= {"id": 1, "type_of_violence": 1, "dyad_new_id": 7, "dyad_name": "A - B"}
    event |= {"side_a": "A", "side_b": "B", "adm_1": "East", "adm_2": "", "best": 1, "high": 1}
    event |= {"country": COUNTRY, "country_id": 770, "region": "Asia", "date_start": day}
    place = {"latitude": 33.9, "longitude": 71.8, "where_prec": 2}
    return event | {"date_end": day} | place | changes


@settings(max_examples=25, deadline=None)
@given(events=some_events())
def test_the_tables_of_events_add_up(tmp_path_factory, events):
    folder = tmp_path_factory.mktemp("sums")
    source = plain(folder, events)
    months = built(folder, "ucdp-country-month", source)
    assert months["events"].sum() == len(events)
    spanning = [e["best"] for e in events if e["date_start"].month != e["date_end"].month]
    assert months["deaths_spanning"].sum() == sum(spanning)
    for name in ("low", "best", "high"):
        assert months[f"deaths_{name}"].sum() == sum(event[name] for event in events)
    key = ["country", "year", "month", "version"]
    counts = ["events", "deaths_best"]
    totals = months.groupby(key)[counts].sum()
    for command in ("ucdp-province-month", "ucdp-group-month"):
        assert built(folder, command, source).groupby(key)[counts].sum().equals(totals)
    years = built(folder, "ucdp-country-year", source)
    yearly = ["country", "year", "version"]
    assert years.groupby(yearly)[counts].sum().equals(months.groupby(yearly)[counts].sum())
    for command in OF_COUNTRY:
        cells = built(folder, command, source)
        assert cells["deaths_best"].sum() == totals.loc[COUNTRY, "deaths_best"].sum()


@pytest.mark.parametrize("command", COMMANDS)
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    at=st.integers(0, 99),
    odd=st.sampled_from([(3, 3, 2), (4, 3, 3), (2, 1, 9), (1, 0, 0), (5, 3, 4), (3, 4, 2)]),
)
def test_an_event_out_of_order_as_published_is_built_and_named(tmp_path_factory, command, at, odd):
    folder = tmp_path_factory.mktemp("odd")
    low, best, high = odd
    # Over years and places, so that no sum is many times another.
    days = [pd.Timestamp(f"{2000 + i // 10}-05-01") for i in range(100)]
    events = [
        an_event_of(id=i, adm_1=f"P{i}", latitude=24.25 + i / 8, date_start=day, date_end=day)
        for i, day in enumerate(days)
    ]
    events[at] |= {"low": low, "best": best, "high": high, "deaths_a": best}
    events[at] |= {"date_start": pd.Timestamp("2011-05-01"), "date_end": pd.Timestamp("2011-05-01")}
    events = [event | {"deaths_a": event["best"]} for event in events]
    table = built(folder, command, plain(folder, events))
    assert table["deaths_best"].sum() == sum(event["best"] for event in events)
    sidecar = read_sidecar(folder / f"{COMMANDS[command]}.csv")
    orders = [rule for rule in sidecar.rules if getattr(rule, "columns", []) == ESTIMATES]
    assert bool(orders) == (command in ("ucdp-country-year", "ucdp-events"))
    for rule in orders:
        assert [row["year"] for row in rule.known if row["year"] == "2011"] == ["2011"]
        cells = pd.read_csv(folder / f"{COMMANDS[command]}.csv", dtype=str, keep_default_na=False)
        last = cells.index[cells["year"].eq("2009") & cells["events"].ne("0")][0]
        cells.loc[last, "deaths_low"] = "9999"
        with pytest.raises(InputError, match="are not in this order"):
            check_values(folder / f"{COMMANDS[command]}.csv", cells, sidecar)


def test_several_files_keep_their_versions_and_the_latest_candidate_stands(tmp_path):
    ged = plain(tmp_path, [an_event_of(id=1, best=5), an_event_of(id=2, best=1)])
    files = []
    for name, best in (("GEDEvent_v26_01_26_02", 4), ("GEDEvent_v26_0_1", 3)):
        files.append(tmp_path / f"{name}.csv")
        table_of([an_event_of(id=1, best=best)]).to_csv(files[-1], index=False)
    for given_files in ([ged, *files], [*reversed(files), ged]):
        months = built(tmp_path, "ucdp-country-month", *given_files).set_index("version")
        assert months["deaths_best"].to_dict() == {"25.1": 6, "candidate": 4}


def test_a_version_that_nothing_tells_is_asked_for(tmp_path, capsys):
    path = tmp_path / "events.csv"
    table_of([an_event_of()]).to_csv(path, index=False)
    assert main(["ucdp-country-month", str(path), "--out", str(tmp_path)]) == 2
    assert "events.csv tells no version of UCDP" in capsys.readouterr().err
    assert built(tmp_path, "ucdp-country-month", path, version="25.1")["version"].item() == "25.1"


def faulty(tmp_path, name="ged251.csv", **cells):
    """Write three events, the second with other cells."""
    frame = table_of([an_event_of(id=at) for at in (1, 2, 3)]).astype(object)
    for column, value in cells.items():
        frame.loc[1, column] = value
    frame.to_csv(tmp_path / name, index=False)
    return tmp_path / name


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"best": "-3"}, "row 3, column 'best': found '-3', expected a whole number of at least 0"),
        ({"low": "many"}, "row 3, column 'low': found 'many', expected a whole number"),
        ({"high": "1.5"}, "row 3, column 'high': found '1.5', expected a whole number"),
        ({"best": ""}, "row 3, column 'best': found nothing, expected a whole number"),
        ({"low": 9}, "row 3, column 'low': found '9', expected no more than the high estimate (1)"),
        (
            {"type_of_violence": 4},
            "row 3, column 'type_of_violence': found '4', expected 1, 2 or 3",
        ),
        (
            {"date_start": "2024-13-01"},
            "row 3, column 'date_start': found '2024-13-01', expected a",
        ),
        ({"date_end": "soon"}, "row 3, column 'date_end': found 'soon', expected a day like"),
        (
            {"date_end": "2024-02-01"},
            "row 3, column 'date_end': found '2024-02-01', expected a day",
        ),
        ({"id": 1}, "row 3, column 'id': found '1', expected each event once"),
        ({"country": ""}, "row 3, column 'country': found nothing, expected the name of a country"),
    ],
)
def test_a_cell_that_is_not_what_it_should_be_is_one_sentence(tmp_path, capsys, cells, said):
    assert main(["ucdp-country-month", str(faulty(tmp_path, **cells)), "--out", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert f"ged251.csv, {said}" in told and told.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["ged251.csv"]


def test_a_row_with_more_cells_than_the_header_is_refused(tmp_path):
    path = faulty(tmp_path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], f"{lines[2]},1", lines[3]]))
    with pytest.raises(InputError, match=r"ged251\.csv, row 3: more cells than the 49 columns"):
        read_events(path)


def test_a_file_without_an_event_is_refused(tmp_path):
    path = faulty(tmp_path)
    path.write_text(path.read_text().splitlines()[0] + "\n")
    with pytest.raises(InputError, match=r"ged251\.csv holds no event"):
        read_events(path)


def test_the_row_is_the_one_a_spreadsheet_shows(tmp_path):
    frame = pd.concat(
        [pd.DataFrame([{"date_start": "#date"}]), table_of([an_event_of(), an_event_of(id=2)])]
    )
    frame["best"] = [pd.NA, 1, "x"]
    frame.reindex(columns=HEADER).to_excel(tmp_path / "ged251.xlsx", index=False)
    with pytest.raises(InputError, match=r"ged251\.xlsx, row 4, column 'best': found 'x'"):
        read_events(tmp_path / "ged251.xlsx")


def test_days_that_cannot_all_be_read_one_way_are_refused(tmp_path):
    path = faulty(tmp_path, date_start="13/02/2024", date_end="02/14/2024")
    with pytest.raises(InputError, match="row 3, column 'date_end': found '02/14/2024'"):
        read_events(path)


def test_two_versions_in_one_file_are_refused(tmp_path):
    frame = table_of([an_event_of(id=1), an_event_of(id=2)]).assign(ucdp_version=["25.1", "26.0.3"])
    frame.to_csv(tmp_path / "events.csv", index=False)
    with pytest.raises(InputError, match=r"events\.csv mixes the versions 25\.1 and candidate"):
        read_events(tmp_path / "events.csv")
    frame.iloc[:1].to_csv(tmp_path / "ged261.csv", index=False)
    with pytest.raises(InputError, match=r"ged261\.csv mixes the versions 25\.1 and 26\.1"):
        read_events(tmp_path / "ged261.csv")


def test_an_event_in_two_files_of_one_release_is_refused(tmp_path, capsys):
    files = [faulty(tmp_path, name) for name in ("ged251.csv", "ged_25_1_copy.csv")]
    assert main(["ucdp-group-month", *map(str, files), "--out", str(tmp_path)]) == 2
    assert "is the same file as" in capsys.readouterr().err
    files[1].write_text(files[1].read_text() + "\n")
    assert main(["ucdp-group-month", *map(str, files), "--out", str(tmp_path)]) == 2
    assert "event 1 stands in ged251.csv and ged_25_1_copy.csv, both of version 25.1" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("missing", ["best", "date_end", "country"])
def test_a_column_that_is_missing_is_named(tmp_path, capsys, missing):
    frame = table_of([an_event_of()]).rename(columns={missing: f"{missing}x"})
    frame.to_csv(tmp_path / "ged251.csv", index=False)
    assert main(["ucdp-province-month", str(tmp_path / "ged251.csv"), "--out", str(tmp_path)]) == 2
    assert (
        f"ged251.csv, line 1: column '{missing}' is missing; did you mean '{missing}x'?"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({}, "expected one CSV or Excel file in the zip, found none"),
        ({"a.csv": "x", "b.csv": "y"}, "expected one CSV or Excel file in the zip, found a.csv, b"),
        ({"a.csv": ""}, "ged251-csv.zip is empty"),
    ],
)
def test_a_zip_without_the_one_table_is_refused(tmp_path, members, said):
    path = tmp_path / "ged251-csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(InputError, match=said):
        open_sheet(path)


def test_a_kind_of_file_that_is_not_read_is_refused(tmp_path):
    (tmp_path / "ged251.xls").write_text("no")
    with pytest.raises(InputError, match=r"ged251\.xls: expected a CSV or an XLSX file, or a zip"):
        open_sheet(tmp_path / "ged251.xls")


@pytest.mark.parametrize(("name", "said"), [("a.zip", "as a zip"), ("a.xlsx", "as an Excel file")])
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, name, said):
    (tmp_path / name).write_text("no")
    with pytest.raises(InputError, match=f"{name} cannot be read {said}"):
        open_sheet(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("GEDEvent_v26_1.csv", "26.1"),
        ("ged171-csv.zip", "17.1"),
        ("ucdp-ged-241-csv.zip", "24.1"),
        ("ucdp_ged_22_1_events.csv", "22.1"),
        ("GEDEvent_v26_0_5 (1).csv", "26.0.5"),
        ("GEDEvent_v26_01_26_03.xlsx", "26.01.26.03"),
        ("ucdp_candidate_events_2021_2022.csv", "candidate"),
        ("conflict_data_2024_01.csv", None),
        ("organizedviolence.csv", None),
    ],
)
def test_the_name_of_a_file_tells_its_version(name, version):
    assert named(name) == version


def test_a_word_that_is_no_version_is_refused():
    assert series("V25_1", "a.csv") == "25.1" and order("candidate") == ()
    with pytest.raises(InputError, match=r"a\.csv: 'latest' is no version of UCDP"):
        series("latest", "a.csv")


needs_files = pytest.mark.skipif(
    not SHARED.exists(), reason="the publishers' files are not beside the project"
)


@needs_files
def test_real_events_give_the_figures_of_the_tables_where_the_versions_agree(tmp_path):
    ged = SHARED / "ucdp_ged_22_1_pakistan_events.csv"
    ours = built(tmp_path, "ucdp-country-year", ged).drop(columns=["version", "region"])
    published = load(paths.RAW / "country_year.csv").query(
        "country == 'Pakistan' and version == '25.1'"
    )
    key = ["country", "year", "type_of_violence"]
    both = ours.merge(published, on=key, suffixes=("", "_25_1"))
    agree = both[both["deaths_best"] == both["deaths_best_25_1"]]
    assert len(both) == 99 and len(agree) == 88
    for name, differing in (("events", 4), ("deaths_low", 0), ("civilians", 0), ("dyads", 1)):
        assert (agree[name] != agree[f"{name}_25_1"]).sum() == differing
    months = built(tmp_path, "ucdp-country-month", ged)
    table = load(paths.RAW / "country_month.csv").query(
        "country == 'Pakistan' and version == '25.1'"
    )
    both = months.merge(table, on=["year", "month"], suffixes=("", "_25_1"))
    assert (both["deaths_spanning"] == both["deaths_spanning_25_1"]).all()
    assert (both["deaths_best"] != both["deaths_best_25_1"]).sum() == 21


@needs_files
def test_real_candidate_events_are_read_and_lie_where_the_publisher_puts_them():
    path = SHARED / "ucdp_candidate_pakistan_events_2021_2022_2023.csv"
    events = read_events(path, ["latitude", "longitude"])
    assert set(events["version"]) == {"candidate"} and len(events) == 295
    cells = pd.read_csv(path)["priogrid_gid"]
    assert cell_of(events["latitude"], events["longitude"]).tolist() == cells.tolist()


@pytest.mark.parametrize("day", ["2204-02-13", "1899-12-31", "99999"])
def test_a_day_that_the_release_cannot_hold_is_refused(tmp_path, capsys, day):
    path = faulty(tmp_path, date_start=day, date_end="2300-01-01")
    assert main(["ucdp-country-month", str(path), "--out", str(tmp_path)]) == 2
    assert "row 3, column 'date_start'" in (told := capsys.readouterr().err)
    assert "expected a day of the years 1946 to 2025" in told
