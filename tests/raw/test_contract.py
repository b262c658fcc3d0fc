"""A raw table that is not what its sidecar says is refused, with file, line and column."""

import pandas as pd
import pytest
from conftest import sidecar
from hypothesis import HealthCheck, given, settings, strategies

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.raw.checksums import altered_row, column_check, lost_row
from helpers.raw.contract import load, verify
from helpers.raw.put import put, stamp
from helpers.raw.sidecar import (
    Column,
    read_cells,
    read_sidecar,
    sidecar_path,
    stamped,
    write_sidecar,
)

COLUMNS = {
    "month": Column(type="month", meaning="month"),
    "deaths": Column(type="integer", meaning="deaths", minimum=0),
    "vintage": Column(type="string", meaning="vintage", allowed=["final", "candidate"]),
    "note": Column(type="string", meaning="note", nullable=True),
}


@pytest.fixture
def table(tmp_path):
    rows = [
        (f"20{year}-{month:02d}", (year * month) % 17, "final", "é" if month == 3 else None)
        for year in range(10, 15)
        for month in range(1, 13)
    ]
    path = tmp_path / "months.csv"
    put(pd.DataFrame(rows, columns=list(COLUMNS)), path, sidecar(COLUMNS, ["month"]))
    return path


def refused(table):
    with pytest.raises(InputError) as error:
        verify(table)
    assert str(error.value).startswith("months.csv") and "\n" not in str(error.value)
    return str(error.value)


def change(table, old, new):
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("rows", [1, 2, 3])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=strategies.data())
def test_of_a_small_table_every_loss_is_one_sentence(table, rows, data):
    """As of a large one: lines taken out, doubled, moved, or the end cut off."""
    path = table.with_name("months.csv")
    months = [f"2020-{month:02d}" for month in range(1, rows + 1)]
    frame = pd.DataFrame({"month": months, "deaths": 3, "vintage": "final", "note": None})
    put(frame, path, sidecar(COLUMNS, ["month"]))
    blob = path.read_bytes()
    lines = blob.splitlines(keepends=True)
    drawn = data.draw(strategies.lists(strategies.sampled_from(lines), max_size=rows + 2))
    damaged = b"".join(drawn)
    damaged = damaged[: data.draw(strategies.integers(0, len(damaged)))]
    path.write_bytes(damaged)
    if damaged == blob:
        verify(path)
    else:
        refused(path)


def test_a_sound_table_is_read_with_its_types(table):
    frame = load(table)
    assert frame["deaths"].dtype == "Int64" and len(frame) == 60
    assert frame["note"].isna().sum() == 55


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "2010-04,6,",
            "2010-04,7,",
            ["line 5", "column 'deaths'", "'7'", "helpers.cli ingest stamp"],
        ),
        ("2010-04,6,final,\n", "", ["59 rows, expected 60", "line 5"]),
        ("2013-07,6,final,\n", "", ["59 rows, expected 60", "line 44"]),
        ("month,deaths,", "month,dead,", ["line 1", "'deaths' is missing", "renamed to 'dead'"]),
        (
            "2010-04,6,",
            "2010-04,-6,",
            ["line 5", "column 'deaths'", "found '-6', expected at least 0"],
        ),
        ("2010-04,6,", "2010-04,6.5,", ["line 5", "column 'deaths'", "type integer"]),
        ("2010-04,6,", "2010-04,,", ["line 5", "column 'deaths'", "found nothing"]),
        (
            "2010-04,6,final",
            "2010-04,6,finals",
            ["line 5", "column 'vintage'", "one of final, candidate"],
        ),
        ("2010-04,", "2010-4,", ["line 5", "column 'month'"]),
        ("2010-04,", "2010-05,", ["line 6", "month=2010-05 stands there a second time"]),
        ("2010-04,6,final,\n", "2010-04,6,final\n", ["line 5", "3 cells, expected 4"]),
        ("month,deaths,vintage,note", "deaths,month,vintage,note", ["line 1", "another order"]),
    ],
)
def test_each_way_to_break_a_table_is_named(table, old, new, words):
    change(table, old, new)
    sentence = refused(table)
    for word in words:
        assert word in sentence


def test_a_wrong_encoding_names_line_and_column(table):
    table.write_bytes(table.read_bytes().replace("é".encode(), "é".encode("latin-1"), 1))
    sentence = refused(table)
    assert "line 4, column 4" in sentence and "not UTF-8" in sentence


def test_a_column_too_many_and_several_changes(table):
    text = table.read_text(encoding="utf-8")
    table.write_text(
        "\n".join(
            line + (",more" if number == 0 else ",1")
            for number, line in enumerate(text.splitlines())
        )
        + "\n"
    )
    assert "column 'more' is not in the sidecar" in refused(table)
    table.write_text(text.replace("2010-04,6,", "2010-04,7,").replace("2011-01,11,", "2011-01,12,"))
    assert "several values" in refused(table)


def test_a_missing_table_or_sidecar_is_named(table):
    sidecar_path(table).unlink()
    with pytest.raises(InputError, match=r"months.csv has no sidecar"):
        verify(table)
    table.unlink()
    with pytest.raises(InputError, match=r"months.csv is missing"):
        verify(table)


def test_a_ledger_that_is_no_yaml_is_one_sentence(tmp_path):
    ledger = tmp_path / "ledger.yml"
    ledger.write_text("- id: one\n")
    write_sidecar(ledger, stamped(ledger, sidecar({})))
    assert verify(ledger).rows == 1
    ledger.write_text("- id: [")
    with pytest.raises(InputError, match=r"ledger.yml is not readable YAML") as error:
        verify(ledger)
    assert "\n" not in str(error.value)


def test_an_unknown_or_missing_entry_of_a_sidecar_is_named(table):
    path = sidecar_path(table)
    good = path.read_text()
    path.write_text(good.replace("producer:", "maker:"))
    with pytest.raises(InputError, match=r"months.source.yml: unknown entry 'maker'"):
        read_sidecar(table)
    path.write_text("columns: [")
    with pytest.raises(InputError, match="not readable YAML"):
        read_sidecar(table)


def test_a_meant_edit_is_stamped_and_a_broken_one_is_not(table):
    change(table, "2010-04,6,", "2010-04,7,")
    stamp(table)
    assert load(table).loc[3, "deaths"] == 7
    change(table, "2010-04,7,", "2010-04,-7,")
    before = sidecar_path(table).read_text()
    with pytest.raises(InputError, match="at least 0"):
        stamp(table)
    assert sidecar_path(table).read_text() == before


def test_a_refused_frame_leaves_the_old_table(table):
    before = table.read_bytes()
    with pytest.raises(InputError, match="line 2, column 'deaths'"):
        put(
            pd.DataFrame([("2010-01", -1, "final", "")], columns=list(COLUMNS)),
            table,
            sidecar(COLUMNS),
        )
    with pytest.raises(InputError, match="differ from the sidecar"):
        put(pd.DataFrame({"month": ["2010-01"]}), table, sidecar(COLUMNS))
    assert table.read_bytes() == before and len(list(table.parent.iterdir())) == 2


@settings(max_examples=60, deadline=None)
@given(
    cells=strategies.lists(strategies.text("0123456789.-", max_size=4), min_size=2, max_size=60),
    data=strategies.data(),
)
def test_the_sums_of_a_column_locate_one_change_or_one_loss(cells, data):
    row = data.draw(strategies.integers(1, len(cells)))
    check = column_check(cells)
    assert altered_row(cells, check) == 0
    assert altered_row([*cells[: row - 1], "changed", *cells[row:]], check) == row
    left = [*cells[: row - 1], *cells[row:]]
    place = lost_row(left, check)
    # A lost cell among equal neighbours can stand in any of their places.
    assert [*left[: place - 1], cells[row - 1], *left[place - 1 :]] == cells


def test_two_changes_are_not_taken_for_one():
    cells = [str(number) for number in range(100)]
    assert altered_row(["x", "y", *cells[2:]], column_check(cells)) is None


def url_table(*cells):
    about = {"url": Column(type="url", meaning="address of the text", nullable=True)}
    return pd.DataFrame({"url": cells}), sidecar(about, [])


@pytest.mark.parametrize(
    "cell",
    [
        "https://www.dawn.com/news/1684725",
        "http://srilankaguardian.org",
        "https://a.org/x?y=1&z=%20#part | http://b.co.uk/2024/01/",
        "",
    ],
)
def test_an_address_has_a_scheme_and_a_host(cell, tmp_path):
    frame, about = url_table(cell)
    put(frame, tmp_path / "t.csv", about)
    assert load(tmp_path / "t.csv")["url"].fillna("").tolist() == [cell]


@pytest.mark.parametrize(
    "cell",
    [
        "thenews.com.pk/print/1093242",
        "idea.int democracytracker",
        "https:///no-host",
        "https://localhost/x",
        "https://a.org/x; https://b.org",
        "https://a.org | b.org/y",
        "https://a.org |https://b.org",
        "(no address)",
    ],
)
def test_a_cell_that_opens_nowhere_is_refused_with_its_line(cell, tmp_path):
    frame, about = url_table("https://a.org/x", cell)
    with pytest.raises(InputError, match="t.csv, line 3, column 'url'.*scheme and host"):
        put(frame, tmp_path / "t.csv", about)


@pytest.mark.parametrize("path", sorted(paths.RAW.glob("*.csv")), ids=lambda path: path.stem)
def test_every_column_of_addresses_is_declared_as_one(path):
    about, (header, rows) = read_sidecar(path), read_cells(path)
    for name, cells in zip(header, zip(*rows)):
        holds = name == "url" or any("://" in cell for cell in cells)
        assert not holds or about.columns[name].type == "url", f"column '{name}'"


def test_a_column_of_addresses_cannot_be_declared_as_text(tmp_path):
    table, about = tmp_path / "t.csv", url_table()[1]
    loose = about.columns["url"].model_copy(update={"type": "string"})
    write_sidecar(table, about.model_copy(update={"columns": {"url": loose}}))
    with pytest.raises(InputError, match="the column 'url' is not of type 'url'"):
        read_sidecar(table)


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"features": 3}',
        b'{"features": [1, 2',
        b'{"features": [], "features": [1]}',
        b"\xff\xfe{",
        b"null",
        b"NaN",
    ],
)
@pytest.mark.parametrize("name", ["units.geojson", "ledger.yml"])
def test_a_damaged_file_of_entries_is_one_sentence(tmp_path, name, blob):
    path = tmp_path / name
    path.write_text('{"features": [1]}' if name == "units.geojson" else "- one\n")
    write_sidecar(path, stamped(path, sidecar({})))
    verify(path)
    path.write_bytes(blob)
    for read in (verify, stamp):
        with pytest.raises(InputError, match=name) as error:
            read(path)
        assert "\n" not in str(error.value)
