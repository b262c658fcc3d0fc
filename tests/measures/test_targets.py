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


def test_a_class_is_a_part_of_the_years_that_name_every_class():
    row = {"source": "A", "scope": "s", "region": "R", "flag": ""}
    years = {2022: [3.0, 7.0], 2023: [5.0], 2024: [4.0, 6.0]}
    yearly = pd.DataFrame(
        [
            row | {"metric": name, "value": value, "period_start": pd.Timestamp(f"{year}-01-01")}
            for year, values in years.items()
            for name, value in zip(["x", "y"], values)
        ]
    )
    found = targets.classes_of(yearly, "A", "s", "R", ["x", "y"])
    assert found.to_dict("index") == {
        2022: {"part": 3.0, "whole": 10.0},
        2024: {"part": 4.0, "whole": 10.0},
    }
    with pytest.raises(InputError, match="A prints x, z of R in no year together"):
        targets.classes_of(yearly, "A", "s", "R", ["x", "z"])


def test_counts_by_day_take_the_longest_period_of_a_year():
    figures = pd.DataFrame(
        [
            ("2022-01-01", "2022-11-26", 256),
            ("2022-01-01", "2022-12-31", 262),
            ("2023-01-01", "2023-11-26", 259),
        ],
        columns=["period_start", "period_end", "value"],
    )
    assert targets.by_day(figures).to_dict("index") == {
        2022: {"value": 262, "days": 365},
        2023: {"value": 259, "days": 330},
    }
    with pytest.raises(InputError, match="runs over the end of a year"):
        targets.by_day(figures.assign(period_end="2024-01-01"))


def printed_level(years, changes):
    row = {"source": "A", "metric": "attacks", "scope": "s", "region": "R", "flag": ""}
    yearly = pd.DataFrame(
        [
            row | {"value": value, "period_start": pd.Timestamp(f"{year}-01-01")}
            for year, value in years
        ]
    )
    change = {"source": "A", "region": "R", "metric": "change_pct"}
    figures = pd.DataFrame(
        [change | {"series": series, "value": value} for series, value in changes],
        columns=["source", "region", "metric", "series", "value"],
    )
    return yearly, figures, "A", "attacks", "s", "R", 2024


def test_a_level_is_printed_or_follows_from_a_printed_change():
    change = [("attacks, change 2024 on 2023", 84.0)]
    assert targets.level_pair(*printed_level([(2024, 202.0)], change)) == (202, 110)
    both = [(2024, 202.0), (2023, 115.0)]
    assert targets.level_pair(*printed_level(both, change)) == (202, 115)
    other = [*change, ("attacks by one group, change 2024 on 2023", 119.0)]
    assert targets.level_pair(*printed_level([(2024, 202.0)], other)) == (202, 110)


@pytest.mark.parametrize(
    ("years", "changes"),
    [
        ([(2024, 202.0)], []),
        ([(2024, 202.0)], [("attacks, change 2025 on 2024", 26.0)]),
        ([(2024, 202.0)], [("attacks by one group, change 2024 on 2023", 119.0)]),
        (
            [(2024, 202.0)],
            [("x, change 2024 on 2023", 84.0), ("attacks, change 2024 on 2023", 80.0)],
        ),
        ([(2022, 99.0)], [("attacks, change 2024 on 2023", 84.0)]),
    ],
)
def test_a_level_that_nobody_prints_is_refused(years, changes):
    with pytest.raises(InputError, match="A prints no attacks of R in 2023, and no change"):
        targets.level_pair(*printed_level(years, changes))
