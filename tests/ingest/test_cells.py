"""A cell of a publisher's table that is not what it should be is one sentence with its row."""

import csv
import io
import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from helpers.base.errors import InputError
from helpers.cli.ingest import main
from helpers.ingest.cells import Cells, read_table
from helpers.ingest.ucdp_columns import SHORT
from helpers.ingest.ucdp_layout import open_sheet

MONTHS = [f"{kind}_{what}" for kind in SHORT for what in ("events", "deaths")]
ESTIMATES = [f"{name.replace('-', '_')}_events" for name in SHORT.values()]
ESTIMATES += ["events_total", "fatalities_low", "fatalities_best", "fatalities_high"]
# Tables that others summed: command, a row, and what may stand in no cell of a column.
TABLES = {
    "months by type": (
        "ucdp-country-month",
        {"country": "Chad", "year": 2024, "month": 3, "provisional": 0, **dict.fromkeys(MONTHS, 4)},
    ),
    "months by estimate": (
        "ucdp-country-month",
        {"iso3": "TCD", "year": 2024, "event_month": 3}
        | {f"conflict_{name}": 4 for name in ESTIMATES},
    ),
    "dyads": (
        "ucdp-group-month",
        {"dyad_id": 7, "type": "ns", "year": 2024, "month": 3, "events": 1, "deaths": 2}
        | {"provisional": 0, "dyad_name": "A - B"},
    ),
    "cells": ("ucdp-cell-month", {"priogrid_gid": 165374, "month": "2024-06", "best": 3}),
    "roads": (
        "road-deaths",
        {"region": "Sindh", "year": "2008-09", "accidents": 9, "fatal_accidents": 4}
        | {"non_fatal_accidents": 5, "killed": 6, "injured": 20},
    ),
}
ALLOWED = {"month": {1, 12}, "event_month": {1, 12}, "provisional": {0, 1}}
NO_COUNT = st.one_of(
    st.sampled_from(["", "n/a", "-", "nan", "inf", "1e3", "1,204", "1.000", "12.5", "-3", "few"]),
    st.integers(max_value=-1).map(str),
    st.text("abcxyz ", min_size=1, max_size=6),
)


def written(folder, rows, name="ged251_table.csv", separator=","):
    pd.DataFrame(rows).to_csv(folder / name, index=False, sep=separator)
    return folder / name


@pytest.mark.parametrize("table", TABLES)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_table_takes_a_count_that_is_none(tmp_path_factory, capsys, table, data):
    command, row = TABLES[table]
    folder = tmp_path_factory.mktemp("counts")
    column = data.draw(st.sampled_from([name for name, one in row.items() if one != str(one)]))
    bad = data.draw(NO_COUNT)
    rows = [row, row | {column: bad}]
    # A row with nothing but spaces is an empty one.
    assume(bad.strip() or len(row) > 1)
    path = written(folder, rows, separator=data.draw(st.sampled_from([",", ";", "\t"])))
    capsys.readouterr()
    assert main([command, str(path), "--out", str(folder / "out")]) == 2
    told = capsys.readouterr().err
    assert f"{path.name}, row 3, column '{column}': found " in told and told.count("\n") == 1
    assert not (folder / "out").exists()


@pytest.mark.parametrize("table", ["months by type", "months by estimate", "dyads"])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_no_table_takes_a_month_or_a_flag_that_there_is_not(tmp_path_factory, table, data):
    command, row = TABLES[table]
    folder = tmp_path_factory.mktemp("range")
    column = data.draw(st.sampled_from([name for name in row if name in ALLOWED]))
    low, high = ALLOWED[column]
    odd = data.draw(st.integers(0, 99).filter(lambda one: not low <= one <= high))
    path = written(folder, [row | {column: odd}])
    assert main([command, str(path), "--out", str(folder / "out")]) == 2


@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 10**7), noughts=st.sampled_from(["", ".0", ",0", ".00", ".000000"]))
def test_a_whole_number_is_read_however_a_program_saved_it(count, noughts):
    cells = Cells("a.csv", pd.DataFrame({"n": [f"{count}{noughts}"]}), {})
    assert cells.whole("n").tolist() == [count]


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(st.text("ab, \n\"'", max_size=5), min_size=3, max_size=3), min_size=2),
    data=st.data(),
)
def test_a_table_is_read_whole_or_told_to_be_cut(tmp_path_factory, rows, data):
    """A file that a download cut within a row is refused: a row more or less shows nowhere else."""
    folder = tmp_path_factory.mktemp("cut")
    rows = [["x", *row[1:]] for row in rows]
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    text = "one,two,three\n" + buffer.getvalue()
    path = folder / "a.csv"
    path.write_text(text, newline="")
    cells, _ = read_table(path, ["one"], maybe=["two", "three"])
    assert len(cells.text) == len(rows)
    last = text[: -len('""\n') - len(rows[-1][2].replace('"', '""'))].rstrip("\n")
    cut = data.draw(st.integers(text.rindex('"x",') + 3, len(last) - 1))
    path.write_text(text[:cut], newline="")
    if not text[:cut].endswith("\n"):
        with pytest.raises(InputError, match=r"ends within row|a quote is opened"):
            read_table(path, ["one"], maybe=["two", "three"])


def test_a_quote_that_is_never_closed_is_told_and_swallows_nothing(tmp_path):
    (tmp_path / "a.csv").write_text('id,best,note\n1,2,"seen\n2,5,x\n3,9,y\n')
    with pytest.raises(InputError, match=r"a\.csv, row 2: a quote is opened there and not closed"):
        read_table(tmp_path / "a.csv", ["id"], ["best"])


def test_a_read_me_beside_the_table_in_a_zip_is_passed_over(tmp_path):
    with zipfile.ZipFile(tmp_path / "ged231-csv.zip", "w") as archive:
        archive.writestr("ged231/data/GEDEvent_v23_1.csv", "id,best\n1,2\n")
        archive.writestr("ged231/readme.txt", "read me")
    assert open_sheet(tmp_path / "ged231-csv.zip").header == ["id", "best"]


@pytest.mark.parametrize("rows", [2, 3])
def test_a_column_that_is_missing_or_double_is_named(tmp_path, rows):
    path = written(tmp_path, [{"region": "A", "kiled": 1}] * rows)
    with pytest.raises(InputError, match="column 'killed' is missing; did you mean 'kiled'"):
        read_table(path, ["region"], ["killed"])
    path.write_text("region,killed,killed\nA,1,2\n")
    with pytest.raises(InputError, match="column 'killed' stands there twice"):
        read_table(path, ["region"], ["killed"])


def test_a_last_cell_that_ends_in_a_line_break_is_no_open_quote(tmp_path):
    (tmp_path / "a.csv").write_text('id,best,note\n1,2,"seen\n"\n')
    assert read_table(tmp_path / "a.csv", ["id"], ["best"])[1]["best"].tolist() == [2]
