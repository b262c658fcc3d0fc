"""Parts of a whole: who was killed, where it happened, and a share against another."""

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures import targets

EVENTS = pd.DataFrame(
    {
        "year": [2020, 2020, 2021, 2021, 2021],
        "month_start": pd.to_datetime(["2020-01-01", "2020-03-01", "2021-02-01", None, None]),
        "district": ["A", "B", "A", "A", None],
        "events": [2, 5, 1, 4, 9],
    }
)


def test_events_inside_some_districts_are_a_part_of_those_with_a_district():
    found = targets.inside(EVENTS, ["A"])
    assert found.to_dict("index") == {
        2020: {"part": 2, "whole": 7},
        2021: {"part": 5, "whole": 5},
    }


def test_months_and_places_without_an_event_are_zeros_and_undated_events_stay_out():
    wide = targets.by_place(EVENTS, ["A", "B", "C"], "2020-01", "2021-12")
    assert wide.shape == (24, 3) and wide["C"].sum() == 0
    assert wide["A"].sum() == 3 and wide.loc["2020-03", "B"] == 5


TEXTS = pd.DataFrame(
    [
        ("2022-06-18", "2023-06-18", "A", 81),
        ("2022-06-18", "2023-06-18", "B", 38),
        ("2022-06-18", "2023-06-18", "P", 665),
        ("2024-01-01", "2024-09-30", "A", 52),
        ("2024-01-01", "2024-09-30", "P", 497),
    ],
    columns=["period_start", "period_end", "area", "value"],
)


def test_a_text_that_leaves_a_place_out_says_nothing_of_the_sum():
    both = targets.in_texts(TEXTS, ["A", "B"], "P")
    assert both[["days", "part", "whole"]].values.tolist() == [[366, 119, 665]]
    alone = targets.in_texts(TEXTS, ["A"], "P")
    assert alone["part"].tolist() == [81, 52]
    assert alone["days"].tolist() == [366, 274]


def test_two_texts_that_say_the_same_are_one_and_those_that_differ_are_refused():
    again = pd.concat([TEXTS, TEXTS.iloc[[0]]])
    assert targets.in_texts(again, ["A"], "P")["part"].tolist() == [81, 52]
    other = pd.concat([TEXTS, TEXTS.iloc[[0]].assign(value=82)])
    with pytest.raises(InputError, match="contradict each other on A from 2022-06-18"):
        targets.in_texts(other, ["A"], "P")
    elsewhere = pd.concat([TEXTS, TEXTS.iloc[[2]].assign(period_end="2023-06-30", value=[7])])
    twice = pd.concat([elsewhere, elsewhere.tail(1).assign(value=8)])  # and none of A
    assert targets.in_texts(twice, ["A"], "P")["part"].tolist() == [81, 52]
    with pytest.raises(InputError, match="no text gives A, C and P"):
        targets.in_texts(TEXTS, ["A", "C"], "P")


def test_a_ratio_of_shares_is_later_over_earlier():
    counts = pd.DataFrame({"part": [20, 45], "whole": [100, 150]}, index=[2023, 2024])
    found = targets.share_ratio(counts.loc[2023], counts.loc[2024], inflation=2)
    assert found.value == pytest.approx(1.5) and found.low < 1.5 < found.high


def test_what_is_printed_under_two_headings_needs_one_year_with_both():
    row = {"source": "A", "region": "R", "value": 4.0}
    yearly = pd.DataFrame(
        [
            {**row, "metric": "x", "scope": "all", "period_start": pd.Timestamp("2023-01-01")},
            {**row, "metric": "y", "scope": "all", "period_start": pd.Timestamp("2024-01-01")},
        ]
    )
    with pytest.raises(InputError, match="A prints x and y of R in no year alike"):
        targets.printed(yearly, "A", "R", ("x", "all"), ("y", "all"))
