"""Months that trackers print: who counts what, where, and which series are too thin to show."""

import pandas as pd

from helpers.measures.coverage import months_printed


def months(count: int, **columns: str) -> pd.DataFrame:
    about = {"source": "P", "scope": "militant_attacks", "region": "X", "metric": "attacks"}
    dates = pd.date_range("2019-01-01", periods=count, freq="MS")
    return pd.DataFrame({"period_start": dates}).assign(**about | columns)


def test_thin_series_and_other_places_have_no_row_but_their_years_stay_columns():
    table = pd.concat(
        [
            months(30),
            months(11, metric="killed"),
            months(24, region="Y"),
            months(24, source="Q"),
            months(24, metric="injured"),
        ]
    )
    found = months_printed(table, "X", ["P"], ["attacks", "killed"])
    assert found.index.tolist() == ["P, militant attacks: attacks"]
    assert found.loc["P, militant attacks: attacks"].to_dict() == {2019: 12, 2020: 12, 2021: 6}
    assert len(months_printed(table, "X", ["P"], ["attacks", "killed"], at_least=11)) == 2


def test_a_year_without_a_figure_is_a_column_of_noughts():
    table = months(26)
    gap = table[table["period_start"].dt.year != 2020]
    assert months_printed(gap, "X", ["P"], ["attacks"]).iloc[0].to_dict() == {
        2019: 12,
        2020: 0,
        2021: 2,
    }
