"""Measures at their edges: years that touch a window, shares that are just met, sums by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures import comparison, summaries
from helpers.measures.countries import donors, quarters
from helpers.measures.coverage import gaps, longest_run, reach
from helpers.measures.groups import by_year, risk, with_allies
from helpers.measures.series import Counted, from_events, from_months, together
from helpers.measures.severity import each, shape
from helpers.stats.counts.rates import rate_ratio


def yearly(*rows, **change):
    """Yearly figures from (source, scope, metric, year, value) of one region."""
    table = pd.DataFrame(rows, columns=["source", "scope", "metric", "year", "value"])
    start = pd.to_datetime(table["year"].astype(str))
    return table.assign(
        **{
            "series": "s",
            "region": "X",
            "period_start": start,
            "flag": "",
            "n_values": 1,
            "derived": False,
        }
        | change
    )


ROWS = [
    ("P", "combined", "attacks", 2023, 50),
    ("P", "combined", "attacks", 2024, 80),
    ("P", "combined", "killed", 2023, 100),
    ("P", "combined", "killed", 2024, 120),
    ("Q", "militant_attacks", "incidents", 2023, 30),
    ("Q", "militant_attacks", "incidents", 2024, 30),
]


def test_each_source_has_the_ratio_of_its_own_counts_with_the_inflation_of_its_measure():
    table = comparison.pairs(yearly(*ROWS), "X", 2023, 2024)
    found = comparison.with_ratios(table, {"incidents": 2.0, "deaths": 9.0})
    expected = {
        ("P", "deaths"): rate_ratio(120, 100, inflation=9),
        ("P", "incidents"): rate_ratio(80, 50, inflation=2),
        ("Q", "incidents"): rate_ratio(30, 30, inflation=2),
    }
    assert len(found) == 3
    for row in found.itertuples():
        one = expected[row.source, row.measure]
        assert (row.ratio, row.low, row.high, row.p) == (one.value, one.low, one.high, one.p)
    assert comparison.name_of(table).tolist()[-1] == "Q, militant attacks"
    assert comparison.pairs(yearly(*ROWS).assign(region="Y"), "Y", 2023, 2024).shape == table.shape


def test_a_source_has_not_risen_where_nothing_changed_nor_clearly_where_the_interval_touches():
    table = pd.DataFrame(
        {"measure": "deaths", "ratio": [1.0, 1.2, 1.5, 0.9], "low": [0.9, 1.0, 1.1, 0.5]}
    )
    assert comparison.tally(table) == {
        "sources_deaths": 4,
        "sources_deaths_up": 2,
        "sources_deaths_clear": 1,
    }


def test_lethality_is_split_by_source_where_it_has_both_measures():
    found = comparison.lethality(comparison.pairs(yearly(*ROWS), "X", 2023, 2024), 4.0)
    assert found["source"].tolist() == ["P"]
    row, log, error = found.iloc[0], math.log((120 / 80) / (100 / 50)), math.sqrt(4 / 120 + 4 / 100)
    assert row["log_lethality"] == pytest.approx(log)
    assert row["log_incidents"] == pytest.approx(math.log(80 / 50))
    assert (row["low"], row["high"]) == pytest.approx(
        (math.exp(log - 1.959964 * error), math.exp(log + 1.959964 * error)), rel=1e-6
    )


def test_levels_start_with_the_first_year_and_take_the_deaths_of_the_sources_asked_for():
    table = yearly(*ROWS, ("P", "combined", "killed", 2022, 7), ("P", "group", "killed", 2024, 1))
    found = comparison.levels(table, "X", ["P"], 2023)
    assert found.to_dict() == {"P, all violence": {2023: 100, 2024: 120}}


def test_a_derived_year_is_not_held_against_its_own_months():
    months = yearly(*[("P", "combined", "killed", 2023, value) for value in range(12)])
    months["period_start"] = pd.date_range("2023-01-01", periods=12, freq="MS")
    stated = yearly(("P", "combined", "killed", 2023, 70))
    found = comparison.months_against_years(months, stated, "X")
    assert found[["stated", "sum_of_months", "difference", "derived"]].to_numpy().tolist() == [
        [70, 66, 4, 0]
    ]
    assert comparison.months_against_years(months, stated.assign(derived=True), "X").empty
    assert comparison.months_against_years(months, stated.assign(series="other"), "X").empty


def test_a_share_takes_no_flagged_figure():
    table = pd.concat(
        [
            yearly(("P", "combined", "killed", 2023, 30), region="A"),
            yearly(("P", "combined", "killed", 2023, 100), region="B"),
        ]
    )
    given = ("P", "killed", "combined", "A", "B")
    assert comparison.parts_of_whole(table, *given).to_numpy().tolist() == [[30, 100]]
    with pytest.raises(InputError, match="prints no killed for A"):
        comparison.parts_of_whole(table.assign(flag=["doubt", ""]), *given)


def test_quarters_hold_both_ends_of_their_window():
    rows = [("A", month, month) for month in range(1, 13)] + [("B", 5, 7)]
    table = pd.DataFrame(rows, columns=["country", "month", "deaths"]).assign(version="v")
    table["month"] = [pd.Timestamp(2020, month, 1) for month in table["month"]]
    found = quarters(table, "2020Q2", "2020Q3")
    assert found.to_dict("list") == {"A": [15, 24], "B": [7, 0]}


def test_a_donor_has_deaths_in_just_the_share_asked_for_before_the_event_alone():
    index = pd.period_range("2020Q1", periods=6, freq="Q")
    panel = pd.DataFrame(
        {
            "T": [1, 1, 1, 1, 9, 9],
            "A": [1, 0, 1, 1, 0, 0],
            "B": [1, 1, 0, 0, 5, 5],
            "C": [2, 2, 2, 2, 0, 0],
        },
        index=index,
    )
    assert donors(panel, "T", "2021Q1") == ["A", "C"]
    assert donors(panel, "T", "2021Q2", least=0.6) == ["A", "B", "C"]
    with pytest.raises(
        InputError, match="^1 units were as active as asked in the periods before 2021Q1"
    ):
        donors(panel, "T", "2021Q1", least=0.76)


def test_a_run_and_a_gap_of_one_month():
    index = pd.PeriodIndex(["2020-01", "2020-03", "2020-04", "2020-05", "2020-08"], freq="M")
    values = pd.Series(1.0, index=index)
    assert longest_run(values).index.astype(str).tolist() == ["2020-03", "2020-04", "2020-05"]
    assert gaps(values) == ["2020-02", "2020-06 to 2020-07"] and longest_run(values[:0]).empty
    row = reach({"x": Counted(values, "S", "c", "b", (index[1], index[2]))}).iloc[0]
    assert (row["n"], row["derived"], row["run_n"]) == (5, 2, 3)


def test_a_group_ends_in_its_last_year_unless_it_may_only_be_silent():
    table = pd.DataFrame({"group": ["A", "A", "B"], "year": [2010, 2013, 2019]})
    table = with_allies(table, {"A": 2013, "B": 2020})
    assert table["allied"].tolist() == [False, True, False]
    found = risk(table, 2021).set_index(["group", "year"])
    assert found.loc["A", "ended"].tolist() == [False, False, False, True]
    assert found.loc["A", "allied"].tolist() == [False, False, False, True]
    assert found.loc[("B", 2019), "ended"]
    assert not risk(table, 2020).set_index("group").loc["B", "ended"]
    assert risk(table, 2020, quiet=1).set_index("group").loc["B", "ended"]


EVENTS = pd.DataFrame(
    {
        "year": [2020, 2020, 2020, 2021, 2021],
        "month_start": pd.to_datetime(
            ["2020-02-01", "2020-02-01", None, "2021-12-01", "2021-01-01"]
        ),
        "type_of_violence": ["state-based", "one-sided", "one-sided", "state-based", "one-sided"],
        "side_a": ["Government of X", "A", "B", "Government of X", "Government of X"],
        "side_b": ["A", "Civilians", "Civilians", "B", "Civilians"],
        "dyad": ["X - A", "A - Civilians", "B - Civilians", "X - B", "X - Civilians"],
        "province": ["N", "N", "S", "S", "N"],
        "events": [2, 3, 4, 1, 1],
        "deaths_best": [10, 20, 8, 5, 7],
        "deaths_a": [3, 0, 0, 1, 0],
        "deaths_b": [5, 0, 0, 3, 0],
        "civilians": [2, 20, 8, 1, 7],
        "deaths_unknown": [0, 0, 0, 0, 0],
    }
)


def test_events_are_summed_by_hand():
    found = summaries.by(EVENTS.assign(deaths=EVENTS["deaths_best"]), "province")
    assert found.to_dict("list") == {
        "province": ["N", "S"],
        "events": [6, 5],
        "deaths": [37, 13],
        "deaths_per_event": [37 / 6, 13 / 5],
        "share_pct": [74, 26],
    }
    assert summaries.victims(EVENTS, "X").to_numpy().tolist() == [[3, 5, 30, 0], [1, 3, 1, 0]]
    grouped = by_year(EVENTS, "X").set_index(["group", "year"])
    assert grouped.loc[("A", 2020)].tolist() == [5, 25] and grouped.loc[("B", 2021)].tolist() == [
        1,
        2,
    ]
    assert len(grouped) == 3  # what the state does to civilians is no harm by a group


def test_a_series_of_events_runs_over_all_its_years_and_counts_what_it_cannot_place():
    found = from_events(EVENTS, "X", "deaths", groups=["A", "B"])
    assert len(found.values) == 24 and str(found.values.index[-1]) == "2021-12"
    assert found.values[found.values > 0].tolist() == [30, 5] and found.left_out == 4
    south = from_events(EVENTS, "X", "events", where={"province": "S"}, groups=["B"])
    assert south.values.sum() == 1 and south.counts.endswith("one-sided violence, S, B")


def test_parts_that_are_added_keep_what_was_derived_and_left_out():
    index = pd.period_range("2020-01", periods=4, freq="M")
    one = Counted(
        pd.Series([1.0, 2, 3], index=index[:3]), "S", "a", "militants", (index[0], index[1]), 2
    )
    two = Counted(pd.Series([5.0, 6, 7], index=index[1:]), "T", "b", "militants", (index[3],), 3)
    both = together(one, two)
    assert both.values.tolist() == [7, 9] and both.derived == (index[1],) and both.left_out == 5
    assert (both.source, both.counts, both.by) == ("S and T", "a plus b", "militants")
    table = pd.DataFrame({"month": pd.to_datetime(["2020-03-01", "2020-01-01"]), "deaths": [3, 1]})
    assert from_months(table.assign(version="v"), "v").values.tolist() == [1, 0, 3]


def test_single_events_of_a_span_hold_both_its_years():
    severity = pd.DataFrame(
        {
            "year": [2009, 2010, 2011, 2012, 2011],
            "month": [1.0, 2.0, 3.0, 4.0, np.nan],
            "deaths_best": [9, 1, 2, 9, 50],
            "events": [1, 3, 2, 1, 1],
        }
    )
    assert each(severity, 2010, 2011).tolist() == [1, 1, 1, 2, 2]


def test_the_shares_of_a_shape_count_events_of_just_that_size():
    sizes = {0: 20, 1: 20, 2: 20, 5: 20, 6: 10, 7: 5, 9: 5, 10: 6, 20: 4, 21: 5, 40: 5}
    severity = pd.DataFrame(
        {"year": 2020, "month": 1.0, "deaths_best": sizes.keys(), "events": sizes.values()}
    )
    row = shape(severity, [(2020, 2020)], np.random.default_rng(1)).iloc[0]
    assert (row["years"], row["events"]) == ("2020 to 2020", 120)
    assert [row[f"at_least_{size}"] for size in (1, 10, 21)] == [100 / 120, 20 / 120, 10 / 120]
    total = sum(size * number for size, number in sizes.items())
    assert row["in_worst_twentieth"] == pytest.approx((5 * 40 + 21) / total)
    assert row["exponent_low"] < row["exponent"] < row["exponent_high"]
