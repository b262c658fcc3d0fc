"""Clouds of simulated futures, arranged for tables."""

import numpy as np
import pandas as pd
import pytest

from helpers.measures.forecast import BAND_FORMATS, bands, chances, frozen, one_scope

MONTHS = pd.period_range("2025-01", periods=2, freq="M")
DRAWS = np.column_stack([np.arange(201), 10 * np.arange(201)])  # medians 100 and 1,000


def test_a_chance_is_of_the_total_of_all_periods_and_a_tie_is_no_rise():
    futures = {"high": np.array([[5, 5], [9, 9]]), "low": np.array([[5, 5], [1, 1]])}
    assert chances(futures, 9).to_dict() == {"low": 0.5, "high": 1.0}
    assert chances(futures, 10).tolist() == [0.0, 0.5]


def test_bands_hold_the_stated_share_of_draws_of_each_period():
    table = bands(DRAWS, MONTHS)
    assert list(table) == list(BAND_FORMATS) and table["median"].tolist() == [100, 1000]
    assert table["low_50"].tolist() == [50, 500] and table["high_50"].tolist() == [150, 1500]
    assert table["low_95"].tolist() == pytest.approx([5, 50])
    assert table["high_80"].tolist() == pytest.approx([180, 1800])


def test_a_frozen_forecast_says_origin_month_and_model_of_each_band():
    table = frozen({"a": DRAWS, "b": DRAWS + 1}, MONTHS, MONTHS[0] - 1)
    assert table["model"].tolist() == ["a", "a", "b", "b"]
    assert table["month"].tolist() == ["2025-01", "2025-02"] * 2
    assert set(table["origin"]) == {"2024-12"} and table["median"].tolist() == [
        100,
        1000,
        101,
        1001,
    ]
    pd.testing.assert_frame_equal(
        table.loc[:1, list(BAND_FORMATS)], bands(DRAWS, MONTHS).reset_index(drop=True)
    )


def test_one_scope_keeps_the_wanted_one_and_the_first_of_the_others():
    pairs = pd.DataFrame(
        [
            ("A", "deaths", "combined", 1),
            ("A", "deaths", "attacks", 2),
            ("A", "events", "combined", 3),
            ("A", "events", "attacks", 4),
            ("B", "deaths", "attacks", 5),
        ],
        columns=["source", "measure", "scope", "after"],
    )
    found = one_scope(pairs, {("A", "deaths"): "attacks"})
    assert found["after"].tolist() == [2, 3, 5]
