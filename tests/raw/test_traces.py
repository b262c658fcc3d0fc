"""What gives a row away, and what does not: each rule on a table small enough to see through."""

import pandas as pd
import pytest
from conftest import sidecar

from helpers.base.errors import InputError
from helpers.raw.aggregates import Aggregates
from helpers.raw.grains import Grains
from helpers.raw.public import Public
from helpers.raw.put import put
from helpers.raw.sidecar import Column, read_sidecar, sidecar_path
from helpers.raw.traces import Traces

WORD = Column(type="string", meaning="made up")
COUNT = Column(type="integer", meaning="made up")
DAY = Column(type="date", meaning="made up")
COLUMNS = {"day": DAY, "admin1": WORD, "admin2": WORD, "actor": WORD, "deaths": COUNT}
ROWS = [
    ("2021-05-01", "North", "Tel Quorin", "Grey River", 14),
    ("2021-05-02", "North", "Tel Quorin", "Grey River", 3),
    ("2021-05-02", "South", "Zarqabad", "Omikron", 7),
    ("2021-05-20", "South", "Zarqabad", "Omikron", 21),
    ("2021-06-03", "North", "Tel Quorin", "Omikron", 5),
    ("2021-06-04", "North", "Tel Quorin", "Grey River", 5),
    ("2021-06-05", "North", "Mirzana", "Grey River", 5),
    ("2021-07-01", "South", "Zarqabad", "Grey River", 9),
    ("2021-07-02", "South", "Zarqabad", "Grey River", 30),
    ("2021-07-03", "South", "Mirzana", "Omikron", 11),
]


def traces(folder, allowed, rows=ROWS, public=()):
    told = sidecar(COLUMNS).model_copy(
        update={"redistribution": "forbidden", "aggregates": allowed and Aggregates(**allowed)}
    )
    put(pd.DataFrame(rows, columns=list(COLUMNS)), folder / "rows.csv", told)
    if public:
        described = sidecar(COLUMNS)
        put(pd.DataFrame(public, columns=list(COLUMNS)), folder / "open.csv", described)
    return Traces(folder / "rows.csv", Public([folder / "open.csv"] if public else []))


MONTHLY = {"by": ["admin1", "month"]}


@pytest.mark.parametrize(
    ("record", "line"),
    [
        ("2021-05-01 Tel Quorin 14", 2),
        ("On 1 May 2021 fourteen (14) died at TEL QUORIN", 2),
        ("Zarqabad;20210520;21", 5),
        ("7 in Zarqabad, May 2, 2021", 4),
        ("02/05/2021 South 7", 4),  # a day is finer than a month
        ("North Mirzana Grey River 5", 8),  # the day left out
        ("2021-05 Tel Quorin 14", 0),  # a month, and not all the rest
        ("2021-05 South 28", 0),  # what may be shown
        ("Tel Quorin lies in the North", 0),
        ("2021-05-01", 0),
        ("2021-05-01 Tel Quorin", 0),  # two cells
        ("2021-05-03 Tel Quorin 14", 0),  # another day
    ],
)
def test_three_cells_of_one_row_give_it_away(tmp_path, record, line):
    found = traces(tmp_path, MONTHLY).found(record)
    assert (found.line if found else 0) == line


def test_what_stands_in_several_rows_gives_none_away(tmp_path):
    rows = [*ROWS, *[("2021-08-01", "North", "Mirzana", "Omikron", 2)] * 3]
    record = "2021-08-01 Mirzana 2"
    assert traces(tmp_path, MONTHLY, rows).found(record) is None
    assert traces(tmp_path, MONTHLY | {"least": 4}, rows).found(record).line == 12


def test_a_row_of_nothing_but_what_sums_may_be_by_is_a_sum(tmp_path):
    record = "2021-05-01 North Tel Quorin 14"
    assert traces(tmp_path, {"by": ["admin1", "admin2", "day"]}).found(record) is None
    assert traces(tmp_path, {"by": ["admin1", "day"]}).found(record).line == 2


def test_what_a_public_table_says_is_no_trace(tmp_path):
    record = "2021-05-01 Tel Quorin 14"
    same = [("2021-05-01", "North", "Tel Quorin", "Nobody", 14)]
    other = [("2021-05-01", "North", "Tel Quorin", "Nobody", 13), *same[1:]]
    assert traces(tmp_path, MONTHLY, public=same).found(record) is None
    assert traces(tmp_path, MONTHLY, public=other).found(record).line == 2
    # A word that no public table has is of the restricted one, whatever the numbers.
    assert traces(tmp_path, MONTHLY, public=same).found(record + " Grey River").line == 2


def monthly(by, rows=ROWS):
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["month"] = frame["day"].str[:7]
    sums = frame.groupby(by)["deaths"].sum().reset_index().astype(str)
    return list(sums.columns), sums.to_numpy().tolist()


@pytest.mark.parametrize(
    ("allowed", "by", "few"),
    [
        (MONTHLY, ["month"], None),
        (MONTHLY, ["month", "admin1"], 1),  # the North in May is of two rows, the South in June 0
        (MONTHLY | {"least": 1}, ["month", "admin1"], None),
        (MONTHLY, ["month", "admin2"], 0),
        (MONTHLY, ["admin2"], 0),
        (MONTHLY, ["day"], 0),
        (None, ["month"], 0),
        ({"by": ["admin1", "year"]}, ["month"], 0),
        ({"by": ["admin2", "day"], "least": 1}, ["month", "admin2"], None),
    ],
)
def test_sums_are_as_coarse_as_the_licence_says(tmp_path, allowed, by, few):
    found = Grains(traces(tmp_path, allowed)).found(*monthly(by))
    if few is None:
        assert found is None
    elif few == 0:
        assert found.few == 0 and found.column == "deaths"
    else:
        assert 0 < found.few < 3


def test_sums_with_places_for_headings_are_seen(tmp_path):
    frame = pd.DataFrame(ROWS, columns=list(COLUMNS))
    wide = frame.pivot_table("deaths", frame["day"].str[:7], "admin2", "sum").fillna(0).astype(int)
    wide = wide.reset_index().astype(str)
    found = Grains(traces(tmp_path, MONTHLY)).found(list(wide.columns), wide.to_numpy().tolist())
    assert found.few == 0 and "admin2" in found.by


def test_numbers_of_another_source_are_no_sums_of_it(tmp_path):
    header, rows = monthly(["month", "admin2"])
    rows = [[*row[:-1], str(int(row[-1]) + 1)] for row in rows]
    assert Grains(traces(tmp_path, MONTHLY)).found(header, rows) is None


def test_rows_that_are_sums_already_are_counted_by_what_they_are_of(tmp_path):
    header, rows = monthly(["month", "admin1"])
    few = {"by": ["admin1", "month"], "of": "deaths", "least": 5}
    assert Grains(traces(tmp_path, few)).found(header, rows) is None
    assert Grains(traces(tmp_path, few | {"least": 20})).found(header, rows).few == 15


@pytest.mark.parametrize(
    "wrong", [{"by": ["admin3"]}, {"by": []}, {"by": ["month"], "of": "month"}]
)
def test_a_licence_that_names_no_column_is_refused(tmp_path, wrong):
    traces(tmp_path, MONTHLY)
    path = sidecar_path(tmp_path / "rows.csv")
    lines = path.read_text().splitlines()
    start = lines.index("aggregates:")
    end = next(at for at in range(start + 1, len(lines)) if not lines[at].startswith(("  ", "-")))
    path.write_text("\n".join([*lines[:start], f"aggregates: {wrong}", *lines[end:]]) + "\n")
    with pytest.raises(InputError, match="aggregates"):
        read_sidecar(tmp_path / "rows.csv", sealed=False)
