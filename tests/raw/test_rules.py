"""Contradictions in the real tables are refused, also when the table is stamped anew."""

import random
import shutil

import pandas as pd
import pytest
from conftest import sidecar

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.raw.put import put, stamp
from helpers.raw.rules import Order, Steady, Total, Whole, broken
from helpers.raw.sidecar import Column, read_cells, sidecar_path

TRIPLES = ("deaths_low", "deaths_best", "deaths_high")


def swapped(row, draw):
    """Let the low and the high estimate change places."""
    row["deaths_low"], row["deaths_high"] = row["deaths_high"], row["deaths_low"]


def tilted(row, draw):
    """Put the best estimate beyond the high one."""
    row["deaths_best"] = str(int(row["deaths_high"]) + draw.randint(1, 9))


def thousandfold(name):
    def change(row, draw):
        row[name] = f"{float(row[name]) * 1000:g}" if "." in row[name] else row[name] + "000"

    return change


def negative(name):
    def change(row, draw):
        row[name] = f"-{row[name]}"

    return change


def other(name):
    def change(row, draw):
        row[name] = str(int(row[name]) + draw.choice([-1, 1, 7]))

    return change


def put_in(name, *values):
    def change(row, draw):
        row[name] = draw.choice(values)

    return change


MONTH = ("0", "13", "99", "-1", "202")
FORMULA = ("=1+1", "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1", '=HYPERLINK("x")')
# Table, the columns that a row must state (with more than nothing), and what is done to it.
CASES = [
    ("country_year", TRIPLES, swapped),
    ("country_year", TRIPLES, tilted),
    *[("country_year", (*TRIPLES, name), thousandfold(name)) for name in TRIPLES],
    *[("country_year", (name,), thousandfold(name)) for name in ("events", "dyads", "country_id")],
    ("country_year", ("civilians", "deaths_best"), thousandfold("civilians")),
    *[("country_year", (name,), negative(name)) for name in (*TRIPLES, "events", "civilians")],
    ("country_year", ("events",), other("events")),
    ("country_year", ("deaths_best",), other("deaths_best")),
    ("country_year", ("year",), put_in("year", "1499", "2199", "99")),
    ("country_year", ("country",), put_in("country", *FORMULA)),
    *[
        ("country_month", (name,), other(name))
        for name in ("events", "events_state_based", "deaths_best", "deaths_state_based")
    ],
    *[("country_month", (name,), thousandfold(name)) for name in ("events", "deaths_best")],
    ("country_month", ("deaths_high", "deaths_best"), thousandfold("deaths_high")),
    ("country_month", ("month",), put_in("month", *MONTH)),
    ("province_month", ("events_one_sided",), other("events_one_sided")),
    *[("province_month", (name,), other(name)) for name in ("events", "deaths_best")],
    *[("province_month", (name,), thousandfold(name)) for name in ("events", "deaths_best")],
    ("province_month", ("month",), put_in("month", *MONTH)),
    ("pakistan_events", TRIPLES, tilted),
    *[("pakistan_events", (name,), other(name)) for name in ("events", "deaths_a", "civilians")],
    *[("pakistan_events", TRIPLES, thousandfold(name)) for name in TRIPLES],
    ("pakistan_severity", ("events",), other("events")),
    ("cell_month", ("latitude",), put_in("latitude", "91.25", "-100.0", "2475")),
    ("cell_events", ("longitude",), put_in("longitude", "181.25", "-666.0", "6675")),
    ("population", ("population",), thousandfold("population")),
    ("population", ("population",), other("population")),
    ("road_deaths", ("killed",), other("killed")),
    ("road_deaths", ("injured",), thousandfold("injured")),
    ("road_deaths", ("accidents", "fatal_accidents"), put_in("fatal_accidents", "99999")),
    ("politics_year", ("value",), thousandfold("value")),
    ("external_support", (), put_in("supported", "2", "-1", "10")),
    ("division_deaths", ("value",), thousandfold("value")),
    ("police_figures", ("period_start",), put_in("period_start", "2029-01-01", "2023-02-30")),
]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """The real tables; of those of all countries, for speed, some countries that add up."""
    folder = tmp_path_factory.mktemp("raw")
    draw = random.Random(15)
    countries = None
    for path in sorted(paths.RAW.glob("*.csv")):
        if path.name in ("amendments.csv", "group_month.csv"):
            continue  # the months of all groups are those of all countries
        shutil.copy(sidecar_path(path), folder)
        shutil.copy(path, folder)
        if path.name in ("country_month.csv", "country_year.csv", "province_month.csv"):
            header, rows = read_cells(path)
            at = header.index("country")
            countries = countries or draw.sample(sorted({row[at] for row in rows}), 40)
            kept = [row for row in rows if row[at] in countries]
            frame = pd.DataFrame(kept, columns=header)
            frame.to_csv(folder / path.name, index=False, lineterminator="\n")
    for path in sorted(folder.glob("*.csv")):
        stamp(path)
    return folder


@pytest.mark.parametrize(
    ("name", "states", "change"),
    CASES,
    ids=[
        f"{number}-{name}-{change.__qualname__.split('.')[0]}"
        for number, (name, _, change) in enumerate(CASES)
    ],
)
def test_a_contradiction_is_refused_though_it_is_stamped(tables, name, states, change, request):
    draw = random.Random(request.node.name)
    table = tables / f"{name}.csv"
    kept = {path: path.read_bytes() for path in (table, sidecar_path(table))}
    header, rows = read_cells(table)
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    stated = frame
    for column in states:
        stated = stated[~stated[column].isin(["", "0", "0.0", "1"])]
    if set(TRIPLES) <= set(states):
        stated = stated[stated["deaths_low"] != stated["deaths_high"]]
    place = draw.choice(list(stated.index))
    row = frame.loc[place].to_dict()
    change(row, draw)
    frame.loc[place] = row
    try:
        frame.to_csv(table, index=False, lineterminator="\n")
        with pytest.raises(InputError, match=rf"{name}\.csv"):
            stamp(table)
        assert sidecar_path(table).read_bytes() == kept[sidecar_path(table)]
    finally:
        for path, blob in kept.items():
            path.write_bytes(blob)


def test_every_table_as_it_stands_can_be_stamped(tables):
    for table in sorted(tables.glob("*.csv")):
        before = sidecar_path(table).read_bytes()
        stamp(table)
        assert sidecar_path(table).read_bytes() == before


def frame_of(**columns):
    frame = pd.DataFrame(columns)
    return frame.astype(str).replace("<NA>", ""), frame.convert_dtypes()


def test_what_is_empty_breaks_no_rule():
    text, frame = frame_of(low=[1, None, 3], high=[2, 0, None], total=[3, 3, 3])
    assert broken(Order(rule="order", columns=["low", "high"]), text, frame) is None
    rule = Total(rule="total", column="total", parts=["low", "high"])
    assert broken(rule, text, frame) is None


def test_a_row_known_to_break_a_rule_is_passed_over_and_no_other():
    text, frame = frame_of(year=[1, 2], low=[5, 5], high=[4, 4])
    rule = Order(rule="order", columns=["low", "high"], known=[{"year": "1"}])
    assert broken(rule, text, frame)[0] == 1
    rule.known.append({"year": "2"})
    assert broken(rule, text, frame) is None


@pytest.mark.parametrize("seed", range(10))
def test_a_slip_of_a_thousand_is_found_in_its_series(seed):
    draw = random.Random(seed)
    values = [draw.randint(20, 60) for _ in range(8)]
    text, frame = frame_of(place=list("aaaabbbb"), n=values)
    rule = Steady(rule="steady", column="n", within=["place"], factor=30)
    assert broken(rule, text, frame) is None
    place = draw.randrange(8)
    frame.loc[place, "n"] *= 1000
    assert broken(rule, text, frame)[0] == place


@pytest.mark.parametrize("seed", range(5))
def test_a_whole_is_its_parts(seed):
    draw = random.Random(seed)
    parts = [draw.randint(0, 90) for _ in range(6)]
    text, frame = frame_of(
        place=["a", "b", "all"] * 2,
        year=[1, 1, 1, 2, 2, 2],
        n=[*parts[:2], sum(parts[:2]), *parts[3:5], sum(parts[3:5])],
    )
    rule = Whole(rule="whole", columns=["n"], by=["year"], whole={"place": "all"})
    assert broken(rule, text, frame) is None
    frame.loc[draw.choice([3, 4, 5]), "n"] += 1
    assert broken(rule, text, frame)[0] == 5


def test_a_table_without_rows_is_refused(tmp_path):
    count = Column(type="integer", meaning="made up")
    put(pd.DataFrame({"n": [1]}), tmp_path / "t.csv", sidecar({"n": count}))
    (tmp_path / "t.csv").write_text("n\n")
    with pytest.raises(InputError, match="no row"):
        stamp(tmp_path / "t.csv")
