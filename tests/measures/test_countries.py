"""Countries: quarters add up, releases stay apart, and donors follow the stated rule."""

import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.countries import donors, longest_silence, quarters


def table():
    rows = [
        (country, pd.Timestamp(year, month, 1), "v", deaths)
        for country, deaths in (("A", 3), ("B", 2), ("C", 0), ("D", 1))
        for year in (2020, 2021)
        for month in range(1, 13)
    ]
    return pd.DataFrame(rows, columns=["country", "month", "version", "deaths"])


def test_quarters_are_sums_of_the_months_of_one_release():
    panel = quarters(table(), "2020Q2", "2021Q4")
    assert len(panel) == 7 and panel["A"].unique().tolist() == [9] and panel["B"].sum() == 42
    with pytest.raises(InputError, match="holds 2 versions, expected one"):
        quarters(pd.concat([table(), table().assign(version="w")]), "2020Q1", "2021Q4")


def test_donors_have_deaths_before_and_are_not_touched():
    panel = quarters(table(), "2020Q1", "2021Q4")
    assert donors(panel, "A", "2021Q3") == ["B", "D"]
    with pytest.raises(InputError, match="expected at least two donors"):
        donors(panel, "A", "2021Q3", without=["B"])
    with pytest.raises(InputError, match="no unit 'Z'"):
        donors(panel, "A", "2021Q3", without=["Z"])


def test_other_units_and_counts_are_summed_alike():
    wide = table().rename(columns={"country": "unit", "deaths": "events"})
    panel = quarters(wide, "2020-01", "2021-12", unit="unit", what="events")
    assert panel.equals(quarters(table(), "2020Q1", "2021Q4").rename_axis(columns="unit"))


def test_donors_are_busy_enough_and_never_silent_for_long():
    index = pd.period_range("2019Q1", periods=10, freq="Q")
    rows = {"A": [9] * 10, "B": [8] * 10, "C": [0, 0, 0, *[20] * 7], "D": [1] * 10}
    panel = pd.DataFrame(rows | {"E": [7] * 8 + [0, 0]}, index=index)
    about = {"least": 0.5, "mean": 3.0}
    assert donors(panel, "A", "2021Q1", **about, silent=2) == ["B", "E"]
    assert donors(panel, "A", "2021Q1", **about, silent=3) == ["B", "C", "E"]
    assert donors(panel, "A", "2021Q1", least=0.5, silent=2) == ["B", "D", "E"]
    assert longest_silence(panel["E"]) == 2 and longest_silence(panel["A"]) == 0


def test_what_comes_after_the_event_plays_no_part():
    index = pd.period_range("2019Q1", periods=10, freq="Q")
    panel = pd.DataFrame({"A": [9] * 10, "B": [8] * 10, "C": [5] * 10}, index=index)
    later = panel.copy()
    later.loc["2021Q1":] = 0
    rule = {"mean": 3.0, "silent": 0}
    assert donors(later, "A", "2021Q1", **rule) == donors(panel, "A", "2021Q1", **rule)
