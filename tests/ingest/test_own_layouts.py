"""Layouts of real files that an outsider brings: older editions, parts, spellings, encodings."""

import re
import zipfile

import numpy as np
import pandas as pd
import publishers
import pytest

from helpers.base.errors import InputError
from helpers.ingest import own_acled, own_acled_weekly, own_gtd, ucdp_layout
from helpers.ingest.facts import facts_path, read_facts
from helpers.ingest.own_facts import CriteriaFacts, TypedFacts
from helpers.ingest.own_rows import joined, summed
from helpers.ingest.stream import Wanted
from helpers.ingest.ucdp_ged import read_events
from helpers.ingest.ucdp_layout import find, open_sheet

COUNTRY = publishers.COUNTRY
READERS = {
    "own-acled": (own_acled.read, TypedFacts),
    "own-acled-weekly": (own_acled_weekly.read, TypedFacts),
    "own-gtd": (own_gtd.read, CriteriaFacts),
}
MADE = {label: made for label, made in publishers.every().items() if label in READERS}


def frame(label):
    return next(iter(MADE[label].files.values())).copy()


def written(folder, held, name="file.csv", **how):
    path = folder / name
    held.to_csv(path, index=False, **how)
    return path


def read(label, path, country=COUNTRY):
    reader, model = READERS[label]
    return reader(open_sheet(path), read_facts(facts_path(label), model), country)


def same(one, other):
    for mine, theirs in zip(summed(one), summed(other), strict=True):
        pd.testing.assert_frame_equal(mine, theirs)


@pytest.mark.parametrize("form", ["%d-%b-%y", "%d-%B-%Y", "%d %B %Y", "%d/%m/%Y", "excel", "iso"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_days_of_every_edition_of_an_export_are_the_same_days(tmp_path, form, separator):
    held = frame("own-acled")
    days = pd.to_datetime(held["event_date"])
    spelt = {
        "excel": (days - pd.Timestamp("1899-12-30")).dt.days.astype(str),
        "iso": days.dt.strftime("%Y-%m-%d 00:00:00.000"),
    }
    again = held.assign(event_date=spelt.get(form, days.dt.strftime(form)))
    again.columns = again.columns.str.upper()
    plain = read("own-acled", written(tmp_path, held, "plain.csv"))
    same(read("own-acled", written(tmp_path, again, sep=separator, encoding="utf-8-sig")), plain)


def test_types_of_events_are_told_whatever_their_capitals(tmp_path):
    held = frame("own-acled")
    other = {"Violence against civilians": "Violence Against Civilians", "Riots": "RIots"}
    plain = read("own-acled", written(tmp_path, held, "plain.csv"))
    again = held.assign(event_type=held["event_type"].replace(other))
    same(read("own-acled", written(tmp_path, again)), plain)
    old = held.assign(event_type="Battle-Non-state actors overtake territory")
    assert read("own-acled", written(tmp_path, old)).events["events"].sum() == 21


def monadic(held, mirrored):
    """Return a row for each actor of an event."""
    second = held[held["actor2"].ne("")]
    turned = {"actor1": second["actor2"], "actor2": second["actor1"] if mirrored else ""}
    both = pd.concat([held, second.assign(**turned)]).sort_index(kind="stable")
    return both if mirrored else both.drop(columns="actor2")


@pytest.mark.parametrize("mirrored", [True, False])
def test_a_monadic_export_counts_each_event_once(tmp_path, mirrored):
    held = frame("own-acled")
    path = written(tmp_path, monadic(held, mirrored))
    found = read("own-acled", path)
    same(found, read("own-acled", written(tmp_path, held, "dyadic.csv")))
    assert found.dropped["a further actor of an event"] > 5
    torn = monadic(held, mirrored).reset_index(drop=True)
    torn.loc[1, "fatalities"] = "9"
    with pytest.raises(InputError, match=r"row 3, column 'fatalities': found '9', expected the s"):
        read("own-acled", written(tmp_path, torn))


def test_an_export_without_numbers_of_events_is_read_and_says_so(tmp_path):
    held = frame("own-acled")
    found = read("own-acled", written(tmp_path, held.drop(columns="event_id_cnty")))
    same(found, read("own-acled", written(tmp_path, held, "numbered.csv")))
    assert found.version.startswith("export without numbers of events")


@pytest.mark.parametrize("label", READERS)
def test_parts_of_a_source_are_the_whole_and_no_event_counts_twice(tmp_path, label):
    held = frame(label)
    first, second = held.iloc[:15], held.iloc[15:]
    parts = [
        read(label, written(tmp_path, part, f"{name}.csv"))
        for part, name in ((second, "later"), (first, "earlier"))
    ]
    whole = read(label, written(tmp_path, held))
    one = joined(parts)
    same(one, whole)
    assert (one.rows, one.dropped) == (whole.rows, whole.dropped)
    overlap = read(label, written(tmp_path, held.iloc[13:], "again.csv"))
    with pytest.raises(
        InputError, match=r"(earlier|again)\.csv and (earlier|again)\.csv both hold event .* of"
    ):
        joined([parts[1], overlap])


def test_parts_without_numbers_of_events_may_not_overlap_in_time(tmp_path):
    held = frame("own-acled").drop(columns="event_id_cnty").sort_values("event_date")
    parts = [
        read("own-acled", written(tmp_path, held.iloc[at], f"{name}.csv"))
        for name, at in (("one", slice(14)), ("other", slice(10, None)))
    ]
    with pytest.raises(InputError, match=r"one\.csv and other\.csv both hold events of 2024-0"):
        joined(parts)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_text_that_nobody_reads_may_be_of_another_encoding(tmp_path, encoding):
    held = frame("own-gtd").assign(city="Bogotá", gname="Ejército “Ñ”")
    path = written(tmp_path, held, encoding=encoding)
    plain = read("own-gtd", path)
    assert set(plain.events["admin2"]) == {"Bogotá"}
    data = path.read_bytes()
    for odd in (b"\x9d\x81", "é".encode(), b"\xe9\xe9"):
        path.write_bytes(data.replace(b"On a day", b"On " + odd + b" day"[:4], 1))
        same(read("own-gtd", path), plain)
    other = {"cp1252": "á".encode(), "utf-8": b"\xe1"}[encoding]
    path.write_bytes(data.replace("á".encode(encoding), other, 1))
    with pytest.raises(InputError, match=r"file\.csv, row 2, column 'city': found a "):
        read("own-gtd", path)


def test_states_are_told_by_the_names_they_had_and_no_name_of_the_world_is_refused(tmp_path):
    held = frame("own-gtd")
    names = ["St. Kitts and Nevis", "U.S. Virgin Islands", "Zaire", "West Germany (FRG)", "Laos"]
    held.loc[:4, "country_txt"] = names
    held.loc[5:9, "country_txt"] = "Democratic Republic of the Congo"
    away = read("own-gtd", written(tmp_path, held))
    assert away.dropped["7 other countries"] == 12
    sums = read("own-gtd", written(tmp_path, held), "DR Congo (Zaire)")
    counts = held.loc[[2, *range(5, 10)]]
    two = counts[["crit1", "crit2", "crit3"]].astype(int).sum(axis=1).ge(2)
    assert len(sums.events) == (two & counts["doubtterr"].ne("1")).sum() > 0


def test_numbers_that_a_program_made_decimals_are_the_same_incidents(tmp_path):
    held = frame("own-gtd")
    plain = read("own-gtd", written(tmp_path, held, "plain.csv"))
    loose = held.assign(
        doubtterr=held["doubtterr"].map(lambda cell: f"{cell}.0"),
        nkill=held["nkill"].map(lambda cell: cell and f"{cell}.0"),
        crit2=held["crit2"] + ".0",
    )
    same(read("own-gtd", written(tmp_path, loose)), plain)
    loose.loc[0, "nkill"] = "-9.0"
    assert read("own-gtd", written(tmp_path, loose)).events["deaths_unstated"].sum() >= 1


def test_an_incident_that_a_later_edition_moved_over_the_new_year_keeps_its_number(tmp_path):
    held = frame("own-gtd")
    held.loc[1, "eventid"] = "201812310001"
    read("own-gtd", written(tmp_path, held))
    held.loc[1, "eventid"] = "201712310001"
    with pytest.raises(InputError, match="row 3, column 'eventid': found '2017.*begins with the y"):
        read("own-gtd", written(tmp_path, held))


def book(path, held, dimension):
    """Write a workbook whose sheet of data tells another size than it has."""
    with pd.ExcelWriter(path) as made:
        pd.DataFrame({"About": ["a note"], "this": ["file"]}).to_excel(made, sheet_name="Read me")
        held.to_excel(made, sheet_name="Data", index=False)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    data = "xl/worksheets/sheet2.xml"
    parts[data] = re.sub(rb"<dimension [^>]*>", dimension, parts[data])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return path


@pytest.mark.parametrize("large", [True, False])
@pytest.mark.parametrize("dimension", [b"", b'<dimension ref="A1"/>', b'<dimension ref="A1:B3"/>'])
def test_a_workbook_is_read_to_its_end_whatever_it_tells_of_its_size(
    tmp_path, monkeypatch, large, dimension
):
    monkeypatch.setattr(ucdp_layout, "LARGE", 0 if large else 1 << 30)
    held = frame("own-acled-weekly")
    week = pd.to_datetime(held["WEEK"])
    path = book(tmp_path / "Asia-Pacific.xlsx", held.assign(WEEK=week), dimension)
    assert len(open_sheet(path).rows([0])) == len(held)
    same(
        read("own-acled-weekly", path),
        read("own-acled-weekly", written(tmp_path, held)),
    )


def test_a_workbook_that_claims_too_much_is_refused(tmp_path):
    path = tmp_path / "flood.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"<x/>" + bytes(200))
        packed.infolist()[0].file_size = 2_000_000_000
    with pytest.raises(InputError, match=r"flood\.xlsx: 'xl/.*' would unpack to 2,000,000,000 byt"):
        open_sheet(path)


def test_rows_of_a_large_file_are_those_of_a_plain_reading(tmp_path, monkeypatch):
    monkeypatch.setattr(ucdp_layout, "LARGE", 0)
    held = pd.concat([frame("own-gtd")] * 30, ignore_index=True)
    held["eventid"] = [f"2019{at:08}" for at in range(len(held))]
    held["summary"] = 'Two lines,\n"quoted"; and more'
    path = written(tmp_path, held, encoding="utf-8-sig", lineterminator="\r\n")
    found = find(open_sheet(path), [0, 8], Wanted(8, ["Chad"]))
    plain = pd.read_csv(path, dtype=str)
    rows = np.flatnonzero(plain["country_txt"].eq("Chad")) + 2
    assert found.text.index.tolist() == rows.tolist() and found.rows == len(plain)


def test_an_event_over_the_new_year_may_be_of_the_year_in_which_it_ends(tmp_path):
    held = publishers.events()
    held.loc[3, ["date_start", "date_end", "year"]] = ["2023-12-30", "2024-01-02", "2024"]
    path = written(tmp_path, held, "GEDEvent_v25_1.csv")
    assert read_events(path).loc[5, ["year", "month"]].tolist() == [2023, 12]
    held.loc[3, "year"] = "2025"
    with pytest.raises(InputError, match="row 5, column 'year': found '2025', expected the year"):
        read_events(written(tmp_path, held, "GEDEvent_v25_1.csv"))


def test_a_single_slip_of_the_publisher_does_not_refuse_a_small_file(tmp_path):
    held = publishers.events()
    held.loc[2, ["low", "best", "deaths_a"]] = ["12", "8", "3"]
    columns = ["deaths_low", "deaths_high", "deaths_a", "deaths_b", "civilians", "deaths_unknown"]
    path = written(tmp_path, held, "GEDEvent_v25_1.csv")
    assert read_events(path, columns)["deaths_low"].max() == 12
    held.loc[2, "low"] = "17"
    with pytest.raises(InputError, match="row 4, column 'low': found '17', expected no more than"):
        read_events(written(tmp_path, held, "GEDEvent_v25_1.csv"), columns)
    held.loc[2:3, ["low", "best", "deaths_a"]] = ["12", "8", "3"]
    with pytest.raises(InputError, match="row 4, column 'low': found '12', expected no more than"):
        read_events(written(tmp_path, held, "GEDEvent_v25_1.csv"), columns)
