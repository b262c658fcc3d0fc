"""A researcher's own files: what is written equals what plain pandas makes of the fixture."""

import datetime
import re

import pandas as pd
import publishers
import pytest

from helpers.base.errors import InputError
from helpers.cli.ingest import build
from helpers.ingest import own_acled, own_gtd, own_plain
from helpers.ingest.own_kinds import kind_of
from helpers.ingest.ucdp_layout import open_sheet
from helpers.raw.contract import load
from helpers.raw.sidecar import publishable, read_sidecar

FILES = {label: made for label, made in publishers.every().items() if label.startswith("own-")}
COUNTRY = publishers.COUNTRY


def put(folder, label, **changes):
    """Write the files of a command; ``changes`` are columns with a value for all rows."""
    made = FILES[label]
    (name, held), *_ = made.files.items()
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(publishers.packed(name, held.assign(**changes)))
    return path


def built(folder, label, path):
    mapping = publishers.facts_path(label)
    return [load(table) for table in build(label, [path], folder / "out", mapping)]


def of(frame, month):
    return frame[frame["month"] == month]


def test_a_plain_reading_of_the_export_gives_the_same_sums(tmp_path):
    path = put(tmp_path, "own-acled")
    events, months = built(tmp_path, "own-acled", path)
    plain = pd.read_csv(path)
    plain = plain[(plain["country"] == COUNTRY) & ~plain["event_type"].isin(["Protests", "Riots"])]
    sums = plain.groupby([plain["event_date"].str[:7], "admin1"])["fatalities"].agg(["size", "sum"])
    ours = months.set_index(["month", "admin1"])[["events", "deaths"]].sort_index()
    assert ours.astype(int).to_numpy().tolist() == sums.to_numpy().tolist()
    assert events["events"].sum() == len(plain) and events["deaths"].sum() == sums["sum"].sum()
    assert set(events["type"]) == set(plain["event_type"])


def test_a_plain_reading_of_the_weeks_gives_the_same_sums(tmp_path):
    path = put(tmp_path, "own-acled-weekly")
    _, months = built(tmp_path, "own-acled-weekly", path)
    plain = pd.read_excel(path)
    kept = (plain["COUNTRY"] == COUNTRY) & (plain["DISORDER_TYPE"] == "Political violence")
    sums = plain[kept].groupby(plain["WEEK"].astype(str).str[:7])[["EVENTS", "FATALITIES"]].sum()
    ours = months.groupby("month")[["events", "deaths"]].sum().astype(int)
    assert ours.to_numpy().tolist() == sums.to_numpy().tolist()


def test_a_plain_reading_of_the_incidents_gives_the_same_sums(tmp_path):
    path = put(tmp_path, "own-gtd")
    events, months = built(tmp_path, "own-gtd", path)
    plain = pd.read_csv(path)
    two = plain[["crit1", "crit2", "crit3"]].sum(axis=1) >= 2
    plain = plain[(plain["country_txt"] == COUNTRY) & two & (plain["doubtterr"] != 1)]
    assert events["events"].sum() == len(plain)
    assert events["deaths"].sum() == plain["nkill"].sum()
    assert events["deaths_unstated"].sum() == plain["nkill"].isna().sum() > 0
    assert months["events"].sum() == (plain["imonth"] > 0).sum() < len(plain)
    lengths = {4: plain["imonth"].eq(0), 7: plain["imonth"].gt(0) & plain["iday"].eq(0)}
    for length, rows in lengths.items():
        assert events.loc[events["date"].str.len() == length, "events"].sum() == rows.sum()


def test_deaths_that_no_incident_states_are_missing_and_not_0(tmp_path):
    path = put(tmp_path, "own-gtd", nkill="")
    events, months = built(tmp_path, "own-gtd", path)
    assert events["deaths"].isna().all() and months["deaths"].isna().all()
    assert months["deaths_unstated"].equals(months["events"])


def test_a_plain_reading_of_a_declared_table_gives_the_same_sums(tmp_path):
    path = put(tmp_path, "own-plain")
    events, months = built(tmp_path, "own-plain", path)
    plain = pd.read_csv(path)
    sums = plain.groupby([plain["day"].str[:7], "province"])[["number", "killed"]].sum()
    ours = months.set_index(["month", "admin1"])[["events", "deaths"]].astype(int)
    assert ours.sort_index().to_numpy().tolist() == sums.to_numpy().tolist()
    assert events["source"].unique().tolist() == ["my police reports"]


@pytest.mark.parametrize("label", FILES)
def test_a_file_is_what_its_columns_say(tmp_path, label):
    sheet = open_sheet(put(tmp_path, label))
    kinds = {"own-acled": "an ACLED export of events", "own-gtd": own_gtd.KIND, "own-plain": None}
    assert kind_of(sheet) == kinds.get(label, "an ACLED weekly aggregate")


def test_the_sources_stand_side_by_side_and_one_is_replaced_alone(tmp_path):
    labels = ("own-acled", "own-gtd", "own-plain")
    for label in labels:
        built(tmp_path, label, put(tmp_path, label))
    first = load(tmp_path / "out" / "own_events.csv")
    assert first["source"].nunique() == 3
    events, _ = built(tmp_path, "own-acled", put(tmp_path, "own-acled", fatalities=7))
    others = [frame[frame["source"] != "ACLED"].reset_index(drop=True) for frame in (first, events)]
    pd.testing.assert_frame_equal(*others)
    ours = events[events["source"] == "ACLED"]
    assert ours["deaths"].sum() == 7 * ours["events"].sum()
    told = read_sidecar(tmp_path / "out" / "own_events.csv")
    assert [note.split(":")[0] for note in told.notes] == ["ACLED", "GTD", "my police reports"]
    assert len(told.producer.split(" | ")) == 3 and not publishable(told)


def test_the_same_file_twice_gives_the_same_bytes(tmp_path):
    path = put(tmp_path, "own-gtd")
    held = []
    for _ in range(2):
        built(tmp_path, "own-gtd", path)
        held.append([one.read_bytes() for one in sorted((tmp_path / "out").iterdir())])
    assert held[0] == held[1]


def test_a_declared_licence_holds_and_the_strictest_of_all_wins(tmp_path):
    path = put(tmp_path, "own-plain")
    example = publishers.facts_path("own-plain").read_text(encoding="utf-8")
    path.with_suffix(".yml").write_text(example.replace("forbidden    ", "allowed      "))
    build("own-plain", [path], tmp_path / "out")
    assert publishable(read_sidecar(tmp_path / "out" / "own_month.csv"))
    built(tmp_path, "own-gtd", put(tmp_path, "own-gtd"))
    assert read_sidecar(tmp_path / "out" / "own_month.csv").redistribution == "forbidden"


@pytest.mark.parametrize(
    ("label", "changes", "said"),
    [
        ("own-acled", {"event_type": "Batles"}, "row 2, column 'event_type': found 'Batles'"),
        ("own-acled", {"event_date": "2024-13-40"}, "row 2, column 'event_date': found '2024-13"),
        ("own-acled", {"event_date": "1901-01-02"}, "expected a day from 1997 to today"),
        ("own-acled", {"event_date": "2093-01-02"}, "expected a day from 1997 to today"),
        ("own-acled", {"event_date": "2023-01-02"}, "expected the year of the day"),
        ("own-acled", {"event_id_cnty": "AAA7"}, "row 3, column 'event_id_cnty': found 'AAA7', ex"),
        (
            "own-acled",
            {"fatalities": "many"},
            "column 'fatalities': found 'many', expected a whole",
        ),
        ("own-acled", {"country": "Chad"}, f"has no row of '{COUNTRY}'; it is of Chad"),
        ("own-acled", {"event_type": "Protests"}, "holds no event that counts in"),
        ("own-acled-weekly", {"EVENTS": "1,204"}, "column 'EVENTS': found '1,204', expected a wh"),
        ("own-gtd", {"nkill": "-3"}, "column 'nkill': found '-3', expected a number of at least 0"),
        ("own-gtd", {"iyear": "2018"}, "expected a number that begins with the year"),
        ("own-gtd", {"imonth": "2", "iday": "30"}, "expected a day of the month beside it, or 0"),
        ("own-plain", {"day": "soon"}, "row 2, column 'day': found 'soon', expected a day like"),
        ("own-plain", {"killed": "2,5"}, "row 2, column 'killed': found '2,5', expected a number"),
    ],
)
def test_a_cell_that_cannot_be_is_one_sentence_and_the_tables_stay(tmp_path, label, changes, said):
    built(tmp_path, label, put(tmp_path, label))
    before = [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())]
    path = put(tmp_path, label, **changes)
    with pytest.raises(InputError) as refused:
        built(tmp_path, label, path)
    assert said in str(refused.value) and path.name in str(refused.value)
    assert "\n" not in str(refused.value)
    assert [path.read_bytes() for path in sorted((tmp_path / "out").iterdir())] == before


def test_a_changed_name_of_a_column_names_the_nearest(tmp_path):
    path = put(tmp_path, "own-acled")
    path.write_bytes(path.read_bytes().replace(b"fatalities", b"fatalitys", 1))
    with pytest.raises(InputError, match="column 'fatalities' is missing; did you mean 'fatalitys"):
        built(tmp_path, "own-acled", path)


def test_days_in_words_and_older_names_are_read(tmp_path):
    made = FILES["own-acled"].files["1900-01-01-2024-12-31-Country.csv"]
    words = pd.to_datetime(made["event_date"]).dt.strftime("%d %B %Y")
    older = made.assign(event_date=words).rename(columns=str.upper)
    path = tmp_path / "older.csv"
    older.to_csv(path, index=False)
    again = put(tmp_path, "own-acled")
    one, two = (built(tmp_path, "own-acled", each)[1] for each in (path, again))
    pd.testing.assert_frame_equal(one, two)


def test_months_are_dates_of_a_declared_table_too(tmp_path):
    path = put(tmp_path, "own-plain", day="2023-05", district=[f"D{at}" for at in range(12)])
    events, months = built(tmp_path, "own-plain", path)
    assert set(events["date"]) == set(months["month"]) == {"2023-05"}


def test_one_column_may_be_two_things(tmp_path):
    path = put(tmp_path, "own-plain")
    mapping = own_plain.read_yaml(publishers.facts_path("own-plain"))
    mapping["columns"] |= {"type": "by", "side_a": "by"}
    facts = own_plain.validated(own_plain.PlainFacts, mapping, "mine.yml")
    events = own_plain.read(open_sheet(path), facts, COUNTRY).events
    assert events["type"].tolist() == events["side_a"].tolist() == ["A"] * len(events)


def test_a_name_of_a_source_that_would_part_its_words_is_refused(tmp_path):
    path = put(tmp_path, "own-plain")
    example = publishers.facts_path("own-plain").read_text(encoding="utf-8")
    for name, said in (("Police: Punjab", "found ': '"), ("Police | Punjab", "found ' | '")):
        named = re.sub(r"source: my police reports +#", f"source: '{name}' #", example)
        path.with_suffix(".yml").write_text(named, encoding="utf-8")
        with pytest.raises(InputError, match=re.escape(said)):
            build("own-plain", [path], tmp_path / "out")


def test_a_table_without_a_mapping_is_told_what_to_write(tmp_path):
    path = put(tmp_path, "own-plain")
    with pytest.raises(
        InputError, match=r"mine\.yml is not beside it; write there source, version"
    ):
        build("own-plain", [path], tmp_path / "out")


def test_the_day_a_file_was_fetched_is_that_of_the_file(tmp_path):
    path = put(tmp_path, "own-gtd")
    built(tmp_path, "own-gtd", path)
    day = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC).date().isoformat()
    assert read_sidecar(tmp_path / "out" / "own_month.csv").date_accessed == day


def test_another_country_is_named_as_the_source_names_it(tmp_path):
    sheet = open_sheet(put(tmp_path, "own-acled", country="Myanmar"))
    facts = publishers.read_facts(publishers.facts_path("own-acled"), own_acled.TypedFacts)
    rows = own_acled.read(sheet, facts, "Myanmar (Burma)")
    assert rows.country == "Myanmar (Burma)"
    assert not any("countr" in why for why in rows.dropped)
    with pytest.raises(
        InputError, match="has no row of 'Chad'; it is of Myanmar: name the country"
    ):
        own_acled.read(sheet, facts, "Chad")


def test_a_mapping_that_names_a_column_that_is_not_there_is_told(tmp_path):
    path = put(tmp_path, "own-plain")
    facts = own_plain.validated(
        own_plain.PlainFacts,
        own_plain.read_yaml(publishers.facts_path("own-plain")) | {"columns": {"date": "dya"}},
        "mine.yml",
    )
    with pytest.raises(
        InputError, match="'dya' is missing, which the mapping names as 'date'; did"
    ):
        own_plain.read(open_sheet(path), facts, COUNTRY)


def allowed(folder):
    return read_sidecar(folder / "out" / "own_month.csv").aggregates


def test_sums_that_the_terms_of_each_source_allow_are_allowed_of_all(tmp_path):
    built(tmp_path, "own-acled", put(tmp_path, "own-acled"))
    told = allowed(tmp_path)
    assert (told.by, told.least, told.of) == (["source", "scope", "country", "year"], 3, "events")
    path = put(tmp_path, "own-plain")
    example = publishers.facts_path("own-plain").read_text(encoding="utf-8")
    own = path.with_suffix(".yml")
    own.write_text(example.replace("[country, year], least: 3}", "[year, country], least: 9}"))
    build("own-plain", [path], tmp_path / "out")
    assert allowed(tmp_path).least == 9 and "year" in allowed(tmp_path).by
    own.write_text(re.sub(r"\naggregates:.*", "", example))
    build("own-plain", [path], tmp_path / "out")
    assert allowed(tmp_path) is None
