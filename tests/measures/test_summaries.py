"""Tables that notebooks are made of: years and months, sums of events, sources, the codebook."""

import numpy as np
import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.clean import ucdp
from helpers.clean.codebook import codebook
from helpers.measures import comparison, summaries
from helpers.raw.contract import load


def test_only_whole_years_are_kept():
    table = load(paths.RAW / "country_year.csv")
    assert ucdp.years(table, "Pakistan", "2018-03", "2024-12")["year"].min() == 2019
    assert ucdp.years(table, "Pakistan", "2018-01", "2024-11")["year"].max() == 2023


def test_every_table_and_release_stands_beside_the_others():
    years = pd.DataFrame({"year": [2020] * 2, "version": "v", "deaths_best": [6, 4]})
    months = pd.DataFrame({"year": 2020, "version": ["v", "w"], "events": [3, None]})
    events = pd.DataFrame({"year": [2020], "events": [2], "deaths_best": [9]})
    found = ucdp.reconcile(
        years.assign(events=None), months.assign(deaths_best=[9, 12]), events, "u"
    ).set_index(["table", "version"])
    assert found["deaths"].to_dict() == {
        ("events", "u"): 9,
        ("months", "v"): 9,
        ("months", "w"): 12,
        ("years", "v"): 10,
    }
    assert found["events"].isna().to_dict() == {
        ("events", "u"): False,
        ("months", "v"): False,
        ("months", "w"): True,
        ("years", "v"): True,
    }


EVENTS = pd.DataFrame(
    {
        "year": [2020, 2020, 2021, 2021],
        "province": ["A", "B", "A", None],
        "dyad": ["Government of X - M", "M - Civilians"] * 2,
        "side_a": ["Government of X", "M"] * 2,
        "side_b": ["M", "Civilians"] * 2,
        "type_of_violence": ["state-based", "one-sided"] * 2,
        "events": [2, 1, 3, 1],
        "deaths": [10, 5, 4, 1],
        "deaths_a": [4, 0, 1, 0],
        "deaths_b": [5, 0, 2, 0],
        "civilians": [1, 5, 0, 1],
        "deaths_unknown": [0, 0, 1, 0],
    }
)


def test_sums_by_place_leave_the_unplaced_in_the_whole():
    table = summaries.by(EVENTS, "province")
    assert table["province"].tolist() == ["A", "B"] and table["share_pct"].tolist() == [70, 25]
    with pytest.raises(InputError, match="no deaths"):
        summaries.by(EVENTS.assign(deaths=0), "province")


def test_victims_keep_sides_apart_and_leave_states_out():
    between = EVENTS.iloc[:1].assign(side_b="Government of Y", deaths_a=100)
    alone = EVENTS.iloc[1:2].assign(side_a="Government of X", civilians=1000)
    dead = summaries.victims(pd.concat([EVENTS, between, alone]), "X")
    assert dead.loc[2020].tolist() == [4, 5, 6, 0] and dead.loc[2021].tolist() == [1, 2, 1, 1]


def months_of(rng, n, most):
    """Deaths by type in some months, and what dyads of states and governments count there."""
    index = pd.date_range("2020-01-01", periods=n, freq="MS")
    types = ["deaths_state_based", "deaths_non_state", "deaths_one_sided"]
    months = pd.DataFrame(rng.integers(0, most, (n, 3)), columns=types).assign(month=index)
    some = rng.choice(n, n // 2, replace=False)
    between, governments = (
        pd.Series(rng.integers(0, 2 * most, len(some)), index=index[some]) for _ in range(2)
    )
    return months, between, governments


@pytest.mark.parametrize("seed", range(12))
def test_deaths_that_are_parted_add_up_and_none_is_below_zero(seed):
    rng = np.random.default_rng(seed)
    months, between, governments = months_of(rng, int(rng.integers(1, 40)), 30)
    parts = summaries.apart(months, between, governments)
    types = months.set_index("month")
    assert (parts >= 0).all(axis=None)
    assert (parts.sum(axis=1) == types.sum(axis=1)).all()
    fought = parts[summaries.FIGHTING] + parts[summaries.BETWEEN]
    assert (fought == types["deaths_state_based"]).all()
    most = between.reindex(parts.index, fill_value=0)
    assert (parts[summaries.BETWEEN] <= most).all()
    assert (parts[summaries.BETWEEN] == most)[most <= types["deaths_state_based"]].all()


def test_several_dyads_of_one_month_are_added_before_they_are_taken_off():
    months, _, _ = months_of(np.random.default_rng(1), 1, 100)
    months["deaths_state_based"] = 50
    two = pd.Series([7, 8], index=[months["month"].iloc[0]] * 2)
    parts = summaries.apart(months, two, two.iloc[:0])
    assert parts[summaries.BETWEEN].tolist() == [15]


def test_fighting_between_states_is_told_by_both_sides():
    month, other = pd.to_datetime(["2019-02-01", "2019-03-01"])
    rows = [
        ("Government of X", "Government of Y", month, 6),
        ("Government of Y", "Government of X", month, 1),
        ("Government of X", "M", month, 50),
        ("M", "Government of X", other, 70),
        ("Government of X", "Government of Z", pd.NaT, 9),
    ]
    events = pd.DataFrame(rows, columns=["side_a", "side_b", "month_start", "deaths_best"])
    assert summaries.between_states(events).to_dict() == {month: 7}


def test_months_without_types_or_given_twice_are_refused():
    months, between, governments = months_of(np.random.default_rng(2), 4, 30)
    with pytest.raises(InputError, match="2020-01 stands twice"):
        summaries.apart(pd.concat([months, months.iloc[:1]]), between, governments)
    months.loc[2, "deaths_one_sided"] = None
    with pytest.raises(InputError, match="2020-03 are not given by type"):
        summaries.apart(months, between, governments)


def test_years_without_a_month_are_zero_and_the_largest_group_comes_first():
    months = pd.to_datetime(["2019-01-01", "2022-03-01", "2022-03-01", "2022-04-01"])
    table = pd.DataFrame({"month": months, "place": ["A", "A", "B", "B"], "deaths": [1, 2, 5, 6]})
    wide = summaries.by_years(table, "place")
    assert wide.columns.tolist() == ["B", "A"] and wide.index.tolist() == [2019, 2020, 2021, 2022]
    assert wide.to_numpy().sum() == table["deaths"].sum() and wide.loc[2020].tolist() == [0, 0]
    with pytest.raises(InputError, match="nothing to sum by place"):
        summaries.by_years(table.iloc[:0], "place")


def yearly(rows):
    frame = pd.DataFrame(rows, columns=["source", "scope", "metric", "year", "value"])
    return frame.assign(
        series="s",
        region="X",
        period_start=pd.to_datetime(frame["year"].astype(str)),
        flag="",
        n_values=1,
    )


ROWS = [
    ("P", "militant_attacks", "attacks", 2023, 100),
    ("P", "militant_attacks", "attacks", 2024, 150),
    ("P", "militant_attacks", "killed", 2023, 200),
    ("P", "militant_attacks", "killed", 2024, 270),
    ("Q", "combined", "killed", 2024, 50),
    ("R", "group", "killed", 2023, 5),
    ("R", "group", "killed", 2024, 9),
]


def test_only_like_is_compared_with_like():
    table = comparison.pairs(yearly(ROWS), "X", 2023, 2024)
    assert table["source"].unique().tolist() == ["P"]  # Q lacks a year, R's scope is no total
    rated = comparison.with_ratios(table, {"incidents": 1, "deaths": 4})
    assert rated["ratio"].tolist() == [1.35, 1.5]
    assert comparison.tally(rated)["sources_deaths_up"] == 1
    split = comparison.lethality(table, 4).iloc[0]
    assert split["ratio"] == pytest.approx(0.9) and split["log_incidents"] + split[
        "log_lethality"
    ] == pytest.approx(0.3001, abs=1e-4)
    with pytest.raises(InputError, match="no source prints 2019"):
        comparison.pairs(yearly(ROWS), "X", 2019, 2024)


def test_levels_take_the_smaller_of_two_series_and_leave_flagged_ones_out():
    frame = yearly(
        [*ROWS, ("Q", "combined", "killed", 2024, 40), ("Q", "combined", "killed", 2023, 30)]
    )
    frame.loc[frame.index[-1], "flag"] = "misprint"
    wide = comparison.levels(frame, "X", ["P", "Q"], 2020)
    assert wide.loc[2024, "Q, all violence"] == 40 and pd.isna(wide.loc[2023, "Q, all violence"])
    assert comparison.coverage(frame, "X", ["P"])["years"].tolist() == [2]


def test_months_are_held_against_stated_years():
    months = yearly([("P", "militant_attacks", "attacks", 2023, 10)] * 12).assign(
        period_start=pd.date_range("2023-01-01", periods=12, freq="MS"),
        derived=[True] + [False] * 11,
    )
    year = yearly([("P", "militant_attacks", "attacks", 2023, 123)]).assign(derived=False)
    found = comparison.months_against_years(months, year, "X").iloc[0]
    assert (found["stated"], found["sum_of_months"], found["difference"], found["derived"]) == (
        123,
        120,
        3,
        1,
    )
    assert comparison.months_against_years(months.iloc[1:], year, "X").empty


def test_a_column_without_a_meaning_has_no_codebook():
    frame = pd.DataFrame({"month": pd.to_datetime(["2020-01-01"]), "deaths": [1]})
    table = codebook(
        {"t": frame}, {"month": "first day", "deaths": "deaths", "t.deaths": "best estimate"}
    )
    assert table["type"].tolist() == ["date", "whole number"] and table["meaning"].tolist() == [
        "first day",
        "best estimate",
    ]
    with pytest.raises(InputError, match="column 'deaths' of 't' has no meaning"):
        codebook({"t": frame}, {"month": "first day"})
