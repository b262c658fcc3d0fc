"""Releases never meet in one series; absent months are zero, unstated figures stay missing."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.base.errors import InputError
from helpers.clean import ucdp, units
from helpers.clean.gazetteer import Gazetteer
from helpers.clean.ucdp import DEATHS, EVENTS
from helpers.clean.versions import CANDIDATE, after, held, of_version, span, whole

COUNTS = [*EVENTS, *[name if name != "deaths" else "deaths_best" for name in DEATHS]]


def rows(*given, **more):
    """Rows of a country table from (country, year, month, version, deaths)."""
    table = pd.DataFrame(given, columns=["country", "year", "month", "version", "deaths_best"])
    others = dict.fromkeys([name for name in COUNTS if name != "deaths_best"], 1)
    return table.assign(**(others | more))


drawn = st.dictionaries(
    st.tuples(st.sampled_from("AB"), st.integers(0, 30), st.sampled_from(["25.1", "26.1"])),
    st.integers(1, 500),
    min_size=1,
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(drawn)
def test_filled_months_sum_to_the_rows_of_their_release_and_of_no_other(cells):
    table = rows(
        *(
            (who, 2020 + at // 12, at % 12 + 1, version, dead)
            for (who, at, version), dead in cells.items()
        )
    )
    for version in table["version"].unique():
        full = whole(table, version, ["country"], span(table, version))
        ours = table[table["version"] == version]
        assert full["deaths_best"].sum() == ours["deaths_best"].sum()
        assert set(full["version"]) == {version}
        each = full.groupby("country")["month"]
        assert (each.nunique() == len(span(table, version))).all()
        assert not full["deaths_best"].isna().any()


def test_a_figure_that_a_release_states_nowhere_is_missing_and_never_zero():
    table = rows(
        ("X", 2025, 1, "25.1", 5), ("X", 2025, 3, "25.1", 6), events=[2, 3], deaths_state_based=None
    )
    full = whole(table, "25.1", ["country"], span(table, "25.1"))
    assert full["events"].tolist() == [2, 0, 3]
    assert full["deaths_state_based"].isna().all()


def test_a_cell_that_a_row_leaves_out_stays_missing_where_other_rows_state_it():
    table = rows(("X", 2025, 1, "v", 5), ("X", 2025, 3, "v", 6), events=[2, None])
    full = whole(table, "v", ["country"], span(table, "v"))
    assert full["events"].tolist()[:2] == [2, 0] and pd.isna(full["events"].iloc[2])


def test_a_month_twice_in_one_release_is_refused_and_in_two_releases_is_not():
    table = rows(("X", 2025, 1, "v", 5), ("X", 2025, 1, "v", 6))
    with pytest.raises(InputError, match="X has 2025-01 twice in version v"):
        whole(table, "v", ["country"], span(table, "v"))
    apart = rows(("X", 2025, 1, "v", 5), ("X", 2025, 1, "w", 6))
    assert whole(apart, "w", ["country"], span(apart, "w"))["deaths_best"].tolist() == [6]


@pytest.mark.parametrize("call", [of_version, span, after])
def test_a_release_that_is_not_there_names_the_nearest(call):
    with pytest.raises(InputError, match=r"no version '26\.11'; did you mean '26\.1'\?"):
        call(rows(("X", 2025, 1, "26.1", 5)), "26.11")


def test_the_wanted_release_goes_before_the_newest_and_a_provisional_one_never_counts():
    table = pd.DataFrame({"version": ["9.1", "25.1", "26.1", CANDIDATE]})
    assert held(table, "9.1") == "9.1" and held(table, "24.1") == "26.1"
    assert held(table[:2], "26.1") == "25.1"
    with pytest.raises(InputError, match="provisional months only"):
        held(table[3:], "26.1")


def test_provisional_months_follow_the_release_and_never_replace_it():
    table = rows(
        ("X", 2025, 11, "26.1", 1),
        ("Y", 2025, 12, "26.1", 2),
        ("X", 2025, 12, CANDIDATE, 90),
        ("X", 2026, 2, CANDIDATE, 4),
    )
    every = ucdp.everywhere(table, "26.1")
    ours = ucdp.months(every, "X", "2025-01", "2026-12")
    assert ours["deaths"].tolist() == [1, 0, 4]  # X is quiet in the last month of the release
    assert ours["version"].tolist() == ["26.1", "26.1", CANDIDATE]
    final = ucdp.months(every, "X", "2025-01", "2026-12", candidate=False)
    assert final["deaths"].tolist() == [1, 0]
    assert ucdp.months(every, "X", "2025-12", "2025-12")["deaths"].tolist() == [0]


def test_deaths_without_a_month_are_those_of_the_year_beyond_its_months():
    year = pd.DataFrame({"year": [2020, 2021], "version": "v", "deaths_best": [12, 5]})
    dates = pd.to_datetime(["2020-01-01", "2020-12-01", "2021-01-01", "2021-02-01"])
    month = pd.DataFrame({"month": dates, "deaths": [4, 1, 5, 90], "version": ["v"] * 3 + ["w"]})
    assert ucdp.unknown(year, month).to_numpy().tolist() == [[2020, 7], [2021, 0]]
    with pytest.raises(InputError, match="the months of 2021 hold 2 deaths more than the year"):
        ucdp.unknown(year.assign(deaths_best=[12, 3]), month)
    with pytest.raises(InputError, match="of 2 versions, expected one"):
        ucdp.unknown(year.assign(version=["v", "w"]), month)


def places():
    names = pd.DataFrame(
        {"level": "province", "spelling": ["Old", "New", "Sea"], "name": ["Old", "New", "Sea"]}
    )
    return Gazetteer(names.assign(successor=["New", None, None], valid_from=None, valid_to=None))


def test_a_merged_province_counts_in_its_successor_throughout():
    table = pd.DataFrame(
        {
            "country": "X",
            "province": ["Old", "New", "Sea", "New"],
            "year": 2020,
            "month": [1, 1, 2, 3],
            "version": "v",
            "deaths_best": [3, 4, 5, 6],
        }
    ).assign(**dict.fromkeys(EVENTS, 1))
    abroad = table[:1].assign(country="Y", month=5)
    found = units.provinces(pd.concat([table, abroad]), "X", places(), "v")
    wide = found.pivot(index="month", columns="province", values="deaths")
    assert wide["New"].tolist() == [7, 0, 6, 0, 0] and wide["Sea"].tolist() == [0, 5, 0, 0, 0]
    with pytest.raises(InputError, match="no country 'Z'"):
        units.provinces(table, "Z", places(), "v")


def test_the_world_has_its_units_as_they_stand_and_one_country_those_of_today():
    rows = {"country": ["X", "X", "Y", "Y"], "province": ["Old", "New", "Old", None]}
    table = pd.DataFrame(rows | {"month": [1, 1, 3, 2], "deaths_best": [3, 4, 5, 9]})
    table = table.assign(year=2020, version="v", **dict.fromkeys(EVENTS, 1))
    found = units.world(table, "X", places(), "v")
    wide = found.pivot(index="month", columns=["country", "province"], values="deaths")
    assert wide["X", "New"].tolist() == [7, 0, 0] and wide["Y", "Old"].tolist() == [0, 0, 5]
    assert set(wide.columns) == {("X", "New"), ("Y", "Old")}
    with pytest.raises(InputError, match="no country 'Z'"):
        units.world(table, "Z", places(), "v")


def test_dyads_of_a_group_are_joined_and_those_outside_the_key_are_left_out():
    key = pd.DataFrame({"dyad_id": [1, 2], "dyad": ["G - A", "A - Civilians"]})
    key = key.assign(group="A", kind="militants", inside="mostly")
    generator = np.random.default_rng(1)
    table = pd.DataFrame({"dyad_id": generator.integers(1, 4, 60), "year": 2024})
    table = table.assign(month=generator.integers(1, 13, 60), version="v", events=1, dyad=None)
    table = table.assign(type_of_violence="state-based", deaths_best=generator.integers(0, 9, 60))
    found = units.groups(table, key, "2024-01", "2024-12", "v", candidate=False)
    assert found["deaths"].sum() == table[table["dyad_id"] < 3]["deaths_best"].sum()
    half = units.groups(table, key, "2024-03", "2024-08", "v", candidate=False)
    inside = table[(table["dyad_id"] < 3) & table["month"].between(3, 8)]
    assert half["events"].sum() == inside["events"].sum()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=8, unique=True), st.data())
def test_no_month_of_a_series_is_of_two_versions(steps, data):
    months = pd.to_datetime([pd.Timestamp("2024-01-01") + pd.DateOffset(months=n) for n in steps])
    table = pd.DataFrame({"country": "X", "month": months, "version": "26.1", "deaths": 1})
    assert len(ucdp.months(table, "X", "2024-01", "2026-12")) == len(steps)
    again = table.iloc[[data.draw(st.integers(0, len(steps) - 1))]].assign(version="candidate")
    with pytest.raises(InputError, match="in two versions; two releases never meet"):
        ucdp.months(pd.concat([table, again]), "X", "2024-01", "2026-12")
