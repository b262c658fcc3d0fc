"""Clouds of simulated futures, arranged for tables."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.forecast import (
    BAND_FORMATS,
    LEVELS,
    bands,
    base_rate,
    chances,
    frozen,
    graded,
    merits,
    one_scope,
    standing,
)
from helpers.stats.forecast.models import drift, naive
from helpers.stats.forecast.rolling import ENSEMBLE, RAW, backtest, summary
from helpers.stats.forecast.scores import covered, weighted_interval_score

MONTHS = pd.period_range("2025-01", periods=2, freq="M")
DRAWS = np.column_stack([np.arange(201), 10 * np.arange(201)])  # medians 100 and 1,000


def test_a_chance_is_of_the_total_of_all_periods_and_a_tie_is_no_rise():
    futures = {"high": np.array([[5, 5], [9, 9]]), "low": np.array([[5, 5], [1, 1]])}
    assert chances(futures, 9).to_dict() == {"low": 0.5, "high": 1.0}
    assert chances(futures, 10).tolist() == [0.0, 0.5]


def test_a_base_rate_is_the_share_of_years_with_more_than_the_year_before():
    months = pd.period_range("2000-01", periods=60, freq="M")
    levels = np.repeat([3.0, 5.0, 5.0, 4.0, 9.0], 12)  # up, a tie, down, up
    assert base_rate(pd.Series(levels, months)) == 0.5
    with pytest.raises(InputError, match="two years"):
        base_rate(pd.Series(levels[:12], months[:12]))


def test_chances_are_scored_by_what_happened_and_false_certainty_has_an_end():
    given = {"sure": 1.0, "never": 0.0, "likely": 0.8}
    yes, no = merits(given, True), merits(given, False)
    assert yes["Brier"].tolist() == pytest.approx([0, 1, 0.04])
    assert no["Brier"].tolist() == pytest.approx([1, 0, 0.64])
    assert yes["log"].tolist() == pytest.approx([0, -np.log(1e-3), -np.log(0.8)])
    assert no["log"].tolist() == pytest.approx([-np.log(1e-3), 0, -np.log(0.2)])
    with pytest.raises(InputError, match="1.2"):
        merits({"wrong": 1.2}, True)


@pytest.fixture(scope="module")
def tried():
    own = np.random.default_rng(4)
    series = pd.Series(own.poisson(50, 48), pd.period_range("2000-01", periods=48, freq="M"))
    models = {"naive": naive, "drift": drift}
    return backtest(series, "2002-06", own, horizon=3, models=models, draws=60)[0]


def test_the_standing_of_the_pool_is_read_from_its_own_scores(tried):
    found, own = standing(tried), tried[tried["model"] == ENSEMBLE]
    assert found["crps"] == pytest.approx(own["crps"].mean()) and found["places"] == len(own)
    assert found["covered_95"] == pytest.approx(own["covered_95"].mean())
    raw = tried[tried["model"] == RAW]
    assert found["raw_covered_80"] == pytest.approx(raw["covered_80"].mean())
    assert found["above_middle"] == (own["pit"] > 0.5).mean()
    order = [name for name in summary(tried)["model"] if name != RAW]
    assert found["models"] == 3 and order[found["rank"] - 1] == ENSEMBLE


def test_scores_without_a_pool_have_no_standing(tried):
    with pytest.raises(InputError, match="no pool"):
        standing(tried[~tried["model"].isin([ENSEMBLE, RAW])])


def test_bands_hold_the_stated_share_of_draws_of_each_period():
    table = bands(DRAWS, MONTHS)
    assert list(table) == list(BAND_FORMATS) and table["median"].tolist() == [100, 1000]
    assert table["low_50"].tolist() == [50, 500] and table["high_50"].tolist() == [150, 1500]
    assert table["low_95"].tolist() == pytest.approx([5, 50])
    assert table["high_80"].tolist() == pytest.approx([180, 1800])


def test_a_frozen_forecast_says_origin_month_and_model_of_each_band():
    table = frozen({"a": DRAWS, "b": DRAWS + 1}, MONTHS, MONTHS[0] - 1, "deaths")
    assert table["model"].tolist() == ["a", "a", "b", "b"]
    assert table["month"].tolist() == ["2025-01", "2025-02"] * 2
    assert set(table["target"]) == {"deaths"}
    assert set(table["origin"]) == {"2024-12"} and table["median"].tolist() == [
        100,
        1000,
        101,
        1001,
    ]
    pd.testing.assert_frame_equal(
        table.loc[:1, list(BAND_FORMATS)], bands(DRAWS, MONTHS).reset_index(drop=True)
    )


def clouds():
    own = np.random.default_rng(5)
    return {"a": own.poisson(40, (500, 6)), "b": own.poisson(90, (500, 6))}


SIX = pd.period_range("2025-01", periods=6, freq="M")
CAME = pd.Series([20.0, 38.0, 41.0, 55.0, 90.0, 40.0], SIX)


def test_grades_of_the_kept_bands_are_those_of_the_draws_they_came_from():
    found = graded(frozen(clouds(), SIX, SIX[0] - 1, "deaths"), {"deaths": CAME})
    assert found["model"].tolist() == ["a", "b"] and found["months"].tolist() == [6, 6]
    for row, draws in zip(found.itertuples(), clouds().values()):
        levels = [level / 100 for level in LEVELS]
        mean = weighted_interval_score(draws, CAME, levels).mean()
        assert row.weighted_interval_score == pytest.approx(mean)
        assert row.covered_80 == covered(draws, CAME, 0.8).mean()
        assert row.covered_95 == covered(draws, CAME, 0.95).mean()


def test_only_months_that_have_come_are_graded_each_against_its_own_target():
    parts = [frozen(clouds(), SIX, SIX[0] - 1, target) for target in ("deaths", "attacks", "raids")]
    came = {"deaths": CAME, "attacks": CAME[:2] + 50, "raids": CAME * np.nan}
    found = graded(pd.concat(parts), came).set_index(["target", "model"])
    assert found["months"].to_dict() == {
        ("deaths", "a"): 6,
        ("deaths", "b"): 6,
        ("attacks", "a"): 2,
        ("attacks", "b"): 2,
    }
    assert found.loc["attacks", "covered_95"].tolist() == [0.0, 0.5]
    longer = CAME.reindex(pd.period_range("2024-06", "2025-12", freq="M"))
    again = graded(parts[0], {"deaths": longer})
    assert again["weighted_interval_score"].tolist() == pytest.approx(
        found.loc["deaths", "weighted_interval_score"].tolist()
    )


def test_forecasts_of_two_origins_are_graded_apart():
    early, late = (frozen(clouds(), SIX, SIX[0] - back, "deaths") for back in (2, 1))
    found = graded(pd.concat([early, late]), {"deaths": CAME})
    assert found["origin"].tolist() == ["2024-11", "2024-11", "2024-12", "2024-12"]


def test_nothing_to_grade_is_said():
    table = frozen(clouds(), SIX, SIX[0] - 1, "deaths")
    later = pd.Series([3.0], pd.period_range("2030-01", periods=1, freq="M"))
    with pytest.raises(InputError, match="2025-01 to 2025-06 of the targets 'deaths'"):
        graded(table, {"deaths": later})
    with pytest.raises(InputError, match="target"):
        graded(table.drop(columns="target"), {"deaths": CAME})


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
