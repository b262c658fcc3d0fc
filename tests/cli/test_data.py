"""``make data``: a look first, then all tables or none."""

import shutil

import pandas as pd
import publishers
import pytest
import yaml

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed
from helpers.cli import data as verb
from helpers.cli.data import country_of, data, parted
from helpers.raw.contract import load, verify_all
from helpers.raw.sidecar import read_sidecar

FILES = publishers.every()
COUNTRY = publishers.COUNTRY
SLUG = COUNTRY.lower()
REGIONS = ("Africa", "Americas", "Asia", "Europe", "Middle East")


MONTHS = ("country_month.csv", "province_month.csv", "group_month.csv")
SOME = (f"{SLUG}_events", f"{SLUG}_severity", "places", "article")


def copied(tmp_path, monkeypatch, tables):
    """Return a project with some of the raw tables, and none of a researcher's own."""
    raw, own = tmp_path / "data" / "raw", tmp_path / "data" / "own"
    raw.mkdir(parents=True)
    for path in listed(paths.RAW, *(f"{name}.*" for name in tables)):
        shutil.copyfile(path, raw / path.name)
    shutil.copytree(paths.RAW / "ingest", raw / "ingest")
    for name, folder in (("RAW", raw), ("OWN", own), ("ROOT", tmp_path)):
        monkeypatch.setattr(paths, name, folder)
    return tmp_path


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project without the large tables of the world, which take seconds to check."""
    return copied(tmp_path, monkeypatch, SOME)


@pytest.fixture
def whole_project(tmp_path, monkeypatch):
    """A project with all raw tables."""
    return copied(tmp_path, monkeypatch, ["*"])


def held(project):
    return {
        path.relative_to(project): path.read_bytes()
        for path in sorted((project / "data").rglob("*"))
        if path.is_file()
    }


def put(folder, label):
    (name, frame), *_ = FILES[label].files.items()
    path = folder / name
    path.write_bytes(publishers.packed(name, frame))
    return path


def ged(version="27.1", year="2026", first=1000, rows=40, **changes):
    """Return events of a world of five countries, as a release has them."""
    frame = pd.concat([publishers.events()] * 2, ignore_index=True).head(rows)
    countries = [COUNTRY, "Chad", "Peru", "Spain", "Iran"]
    frame["country"] = [countries[at % 5] if at % 2 else COUNTRY for at in range(rows)]
    codes = dict(zip(countries, ("770", "483", "135", "230", "630")))
    frame["country_id"] = frame["country"].map(codes)
    here = dict(zip(countries, ("Asia", "Africa", "Americas", "Europe", "Middle East")))
    frame["region"] = frame["country"].map(here)
    frame["id"] = [str(first + at) for at in range(rows)]
    for name in ("date_start", "date_end"):
        frame[name] = frame[name].str.replace("2023", year)
    return frame.assign(year=year, ucdp_version=version, **changes)


def written(folder, name, frame):
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def test_a_look_changes_nothing(project):
    before = held(project)
    lines = data(
        {"ACLED": [put(project, "own-acled")], "GTD": [put(project, "own-gtd")]}, COUNTRY, False
    )
    assert held(project) == before
    assert any("13 count for" in line for line in lines)
    assert any("4 rows of type Riots" in line for line in lines)
    assert lines[-1].startswith("nothing is changed yet")


def test_a_yes_puts_the_tables_of_all_files_in_place(project):
    files = {"ACLED": [put(project, "own-acled")], "GTD": [put(project, "own-gtd")]}
    data(files, COUNTRY, True)
    assert set(load(paths.OWN / "own_events.csv")["source"]) == {"ACLED", "GTD"}
    assert read_sidecar(paths.OWN / "own_month.csv").redistribution == "forbidden"
    again = held(project)
    lines = data(files, COUNTRY, True)
    assert held(project) == again and "the tables hold all of it already" in lines


@pytest.mark.parametrize(
    ("option", "label", "said"),
    [
        (
            "GTD",
            "own-acled",
            "given as GTD, is an ACLED export of events by its columns; give it as A",
        ),
        (
            "GED",
            "own-gtd",
            "is a copy of the Global Terrorism Database by its columns; give it as GTD",
        ),
        ("FIGURES", "ucdp-events", "is a UCDP file of events by its columns; give it as GED"),
        (
            "ACLED",
            "own-plain",
            "has not the columns of an ACLED export of events or an ACLED weekly",
        ),
    ],
)
def test_a_file_under_the_wrong_option_is_told_what_it_is(project, option, label, said):
    with pytest.raises(InputError) as refused:
        data({option: [put(project, label)]}, COUNTRY, True)
    assert said in str(refused.value)


def test_two_files_of_a_source_are_its_rows_together(project):
    whole = put(project, "own-gtd")
    rows = pd.read_csv(whole, dtype=str)
    parts = [
        written(project, f"part_{name}.csv", rows.iloc[at])
        for name, at in (("0522dist", slice(15)), ("2021Jan-June_1222dist", slice(15, None)))
    ]
    lines = data({"GTD": parts}, COUNTRY, True)
    tables = [(paths.OWN / f"own_{name}.csv").read_bytes() for name in ("events", "month")]
    assert sum("is a copy of the Global Terrorism" in line for line in lines) == 2
    note = read_sidecar(paths.OWN / "own_events.csv").notes[0]
    assert all(part.name in note for part in parts) and f"{len(rows)} rows" in note
    data({"GTD": [whole]}, COUNTRY, True)
    assert tables == [(paths.OWN / f"own_{one}.csv").read_bytes() for one in ("events", "month")]
    before = held(project)
    with pytest.raises(InputError, match=r"both hold event \d{12}; give one of them"):
        data({"GTD": [whole, parts[1]]}, COUNTRY, True)
    assert held(project) == before


def test_two_tables_called_alike_must_tell_the_same_of_their_source(project):
    one = put(project, "own-plain")
    mapping = publishers.facts_path("own-plain").read_text(encoding="utf-8")
    other = one.with_name("other.csv")
    other.write_bytes(one.read_bytes().replace(b"2023-", b"2022-"))
    for path, text in ((one, mapping), (other, mapping.replace("by the police", "by others"))):
        path.with_suffix(".yml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="are both of the source 'my police reports' and do not"):
        data({"FIGURES": [one, other]}, COUNTRY, True)
    other.with_suffix(".yml").write_text(mapping, encoding="utf-8")
    data({"FIGURES": [one, other]}, COUNTRY, True)
    assert load(paths.OWN / "own_month.csv")["month"].str[:4].unique().tolist() == ["2022", "2023"]


def test_a_mapping_tells_better_than_names_of_columns_what_a_table_is(project):
    path = project / "mine.csv"
    path.write_text("id,country,start_date,end_date,dead\n7,Pakistan,2020-01-02,2020-01-03,4\n")
    mapping = yaml.safe_load(publishers.facts_path("own-plain").read_text(encoding="utf-8"))
    mapping["columns"] = {"date": "start_date", "country": "country", "deaths": "dead", "id": "id"}
    path.with_suffix(".yml").write_text(yaml.safe_dump(mapping), encoding="utf-8")
    data({"FIGURES": [path]}, COUNTRY, True)
    assert load(paths.OWN / "own_events.csv")["deaths"].tolist() == [4]


def test_one_fault_leaves_all_tables_as_they_were(project):
    before = held(project)
    bad = put(project, "own-gtd")
    bad.write_bytes(bad.read_bytes().replace(b"Military,", b"Military,,", 1))
    with pytest.raises(InputError, match="globalterrorismdb_0522dist.csv"):
        data({"GED": [written(project, "ged.csv", ged())], "GTD": [bad]}, COUNTRY, True)
    assert held(project) == before


def test_a_fault_while_tables_are_moved_puts_the_old_ones_back(project, monkeypatch):
    data({"GTD": [put(project, "own-gtd")]}, COUNTRY, True)
    before, moved = held(project), []

    def full(source, to):
        moved.append(to)
        if len(moved) == 3:
            raise OSError("No space left on device")
        return copy(source, to)

    copy = shutil.copyfile
    changed = put(project, "own-acled")
    with verb.staged() as stage:
        for name in ("own_events.csv", "own_month.csv", "article.csv"):
            (stage / name).write_bytes(b"new")
        monkeypatch.setattr(verb.shutil, "copyfile", full)
        with pytest.raises(OSError):
            verb.place({one: paths.OWN / one.name for one in listed(stage, "own_*", "article.csv")})
    assert held(project) == before and len(moved) == 3 and changed.exists()


def test_a_file_of_the_world_equals_that_of_the_country_to_the_byte(project):
    world = ged()
    data({"GED": [written(project, "world.csv", world)]}, COUNTRY, True)
    one = [(paths.RAW / f"{SLUG}_{what}.csv").read_bytes() for what in ("events", "severity")]
    alone = world[world["country"] == COUNTRY]
    data({"GED": [written(project, "alone.csv", alone)]}, COUNTRY, True)
    two = [(paths.RAW / f"{SLUG}_{what}.csv").read_bytes() for what in ("events", "severity")]
    assert one == two
    assert load(paths.RAW / f"{SLUG}_events.csv")["events"].sum() == len(alone)


def test_the_months_of_the_world_are_those_of_its_version_and_others_stay(whole_project):
    project = whole_project
    before = {name: load(paths.RAW / name) for name in MONTHS}
    world = ged("27.1", "2026")
    data({"GED": [written(project, "world.csv", world)]}, COUNTRY, True)
    for name, old in before.items():
        new = load(paths.RAW / name)
        ours = new[new["version"] == "27.1"]
        rest = new[new["version"] != "27.1"].reset_index(drop=True)
        pd.testing.assert_frame_equal(rest, old, check_dtype=False)
        assert ours["events"].sum() == len(world)
        assert ours["deaths_best"].sum() == world["best"].astype(int).sum()
        assert "world.csv (SHA-256" in read_sidecar(paths.RAW / name).notes[-1]
    verify_all(paths.RAW)


def test_candidate_events_follow_a_release_by_their_id(project):
    base = ged("25.1", "2024").query("country == @COUNTRY")
    ids = base["id"].tolist()
    late = ged("25.0.2", "2025", first=5000).query("country == @COUNTRY")
    late = late[late["date_start"] <= "2025-02-28"]
    # One event that the release has, under its id; one of its span that it did not take over.
    revised = late.iloc[[0]].assign(id=ids[0])
    decided = late.iloc[[1]].assign(id="9999", date_start="2024-03-01", date_end="2024-03-01")
    decided["year"] = "2024"
    candidate = pd.concat([revised, decided, late.iloc[2:]])
    files = {
        "GED": [written(project, "base.csv", base)],
        "CANDIDATE": [written(project, "candidate.csv", candidate)],
    }
    lines = data(files, COUNTRY, True)
    assert "  dropped: 1 candidate events that the release has" in lines
    assert any(line.startswith("  dropped: 1 candidate events of months that") for line in lines)
    table = load(paths.RAW / f"{SLUG}_events.csv")
    assert set(table["version"]) == {"25.1", "candidate"}
    by_version = table.groupby("version")["events"].sum()
    assert by_version["25.1"] == len(base) and by_version["candidate"] == len(late) - 2
    assert read_sidecar(paths.RAW / f"{SLUG}_events.csv").version == "25.0.2, 25.1"


def test_of_two_candidate_files_the_later_revision_stands(project):
    base = written(project, "base.csv", ged("25.1", "2024").query("country == @COUNTRY"))
    first = ged("25.0.1", "2025", first=5000).query("country == @COUNTRY")
    first = first[first["date_start"] <= "2025-01-31"]
    parts = {"best": "60", "deaths_civilians": "57", "high": "90"}
    later = first.assign(ucdp_version="25.0.2", **parts)
    names = [written(project, f"{n}.csv", one) for n, one in (("b", later), ("a", first))]
    data({"GED": [base], "CANDIDATE": names}, COUNTRY, True)
    table = load(paths.RAW / f"{SLUG}_events.csv")
    late = table[table["version"] == "candidate"]
    assert late["deaths_best"].sum() == 60 * len(first) and late["events"].sum() == len(first)


def test_candidate_events_of_one_country_need_a_release(project):
    alone = ged("25.0.12", "2025").query("country == @COUNTRY")
    with pytest.raises(
        InputError, match=r"candidate events alone, .* give the release too \(GED\)"
    ):
        data({"CANDIDATE": [written(project, "c.csv", alone)]}, COUNTRY, True)


@pytest.mark.parametrize(("option", "version"), [("GED", "25.0.12"), ("CANDIDATE", "25.1")])
def test_a_release_under_the_wrong_option_is_told(project, option, version):
    year = "2025" if option == "GED" else "2024"
    path = written(project, "events.csv", ged(version, year))
    with pytest.raises(InputError, match=f"given as {option}, is of version {version}; give it as"):
        data({option: [path]}, COUNTRY, True)


def test_names_of_places_that_are_new_do_not_stop_it_and_are_listed(project):
    world = ged(adm_2="Kurramabad district", latitude="33.5", longitude="70.25")
    lines = data({"GED": [written(project, "world.csv", world)]}, COUNTRY, False)
    (row,) = [line for line in lines if "Kurramabad district" in line and "district," in line]
    assert row.strip().startswith("district,") and "33.500,70.250" in row


def test_another_country_gets_tables_of_its_own(project):
    data({"GED": [written(project, "world.csv", ged())]}, "Chad", True)
    told = read_sidecar(paths.RAW / "chad_events.csv")
    assert "Chad" in told.title and COUNTRY not in told.model_dump_json()
    assert told.built_by == "make data"
    verify_all(paths.RAW)


def test_a_jump_is_named_and_not_refused(project):
    world = ged(high="900")
    lines = data({"GED": [written(project, "world.csv", world)]}, COUNTRY, True)
    assert any("deaths_high is not steady" in line for line in lines)
    known = [rule.known for rule in read_sidecar(paths.RAW / f"{SLUG}_events.csv").rules]
    assert any(known)


def test_a_country_is_known_by_what_people_write():
    assert country_of(paths.PARAMS / "none.yml", "Ivory Coast") == "Ivory Coast"
    assert country_of(paths.PARAMS / "none.yml", "Burma") == "Myanmar (Burma)"


def test_several_files_are_parted_as_in_path(tmp_path):
    odd = tmp_path / "a:b.csv"
    odd.touch()
    assert parted(str(odd)) == [odd]
    assert [path.name for path in parted("x.csv:y.csv")] == ["x.csv", "y.csv"]
