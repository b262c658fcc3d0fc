"""Forecasts: scores by hand, pasts whose future is known."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom, poisson

from helpers.base.errors import InputError
from helpers.stats.forecast import scores
from helpers.stats.forecast.fits import best, fit_sarima
from helpers.stats.forecast.models import MODELS, pool
from helpers.stats.forecast.rolling import backtest, summary


def months(values):
    index = pd.period_range("2010-01", periods=len(values), freq="M")
    return pd.Series(np.asarray(values), index=index)


def test_a_ranked_probability_score_is_the_distance_less_half_the_spread():
    """Draws 0, 2, 4 and outcome 3: mean distance 5/3, mean distance of two different draws 8/3."""
    draws = np.array([[0.0], [2.0], [4.0]])
    assert scores.crps_ensemble(draws, [3])[0] == pytest.approx(5 / 3 - 8 / 3 / 2)
    assert scores.crps_ensemble(np.array([[7.0]]), [3])[0] == 4


def test_a_log_score_is_that_of_the_distribution_with_the_moments_of_the_draws():
    wide = np.array([[2.0], [4.0], [12.0]])  # mean 6, variance 28
    size = 36 / (28 - 6)
    assert scores.log_score(wide, [5])[0] == pytest.approx(
        -nbinom.logpmf(5, size, size / (size + 6))
    )
    narrow = np.array([[5.0], [6.0], [7.0]])
    assert scores.log_score(narrow, [5])[0] == pytest.approx(-poisson.logpmf(5, 6))
    assert scores.log_score(np.array([[6.0]]), [4])[0] == pytest.approx(-poisson.logpmf(4, 6))


def test_interval_scores_pay_for_misses_on_either_side_and_hold_their_ends():
    draws = np.arange(101.0)[:, None]  # the central 80 % lie between 10 and 90
    assert scores.interval_score(draws, [4])[0] == pytest.approx(80 + 2 / 0.2 * 6)
    assert scores.interval_score(draws, [97], 0.9)[0] == pytest.approx(90 + 2 / 0.1 * 2)
    assert [scores.covered(draws, [one])[0] for one in (9, 10, 90, 91)] == [0, 1, 1, 0]
    parts = [0.5 * 50, 0.25 * (50 + 2 / 0.5 * 25), 0.1 * (80 + 2 / 0.2 * 10)]
    parts += [0.05 * (90 + 2 / 0.1 * 5), 0.025 * (95 + 2 / 0.05 * 2.5)]
    assert scores.weighted_interval_score(draws, [100])[0] == pytest.approx(sum(parts) / 4.5)


def test_a_place_among_draws_is_theirs_below_and_a_random_part_of_the_ties():
    draws = np.array([[1.0], [2.0], [2.0], [3.0]])
    for outcome, below, ties in ((2, 1, 3), (0, 0, 1), (9, 4, 1)):
        part = np.random.default_rng(3).random(1)[0]
        found = scores.pit(draws, [outcome], np.random.default_rng(3))[0]
        assert found == pytest.approx((below + part * ties) / 5)


def test_points_are_scored_by_hand():
    assert scores.rmse([1, 5], [4, 1]) == math.sqrt((9 + 16) / 2)
    assert scores.brier(0.7, False) == pytest.approx(0.49) and scores.brier(1, True) == 0
    # Errors 2 and 4; in training, two seasons apart, 3 and 5.
    assert scores.mase([1, 2], [3, 6], [1, 2, 4, 7], season=2) == pytest.approx(3 / 4)
    assert scores.mase([1], [3], [1, 2, 5], season=2) == pytest.approx(2 / 4)
    with pytest.raises(InputError, match="at least 3"):
        scores.mase([1], [3], [1, 2], season=2)


GROWING = months(np.round(1e6 * np.exp(0.03 * np.arange(48))))
YEARLY = months(np.tile(np.arange(1, 13) * 1000, 4))


def certain(name, past, horizon=14):
    draws = MODELS[name](past, horizon, 25, np.random.default_rng(1))
    assert draws.shape == (25, horizon)
    middle = np.median(draws, axis=0)
    assert draws == pytest.approx(np.tile(middle, (25, 1)), rel=1e-3)
    return middle


def test_models_give_back_a_past_that_they_fit_exactly():
    assert certain("naive", GROWING) == pytest.approx(np.full(14, GROWING.iloc[-1]), rel=1e-3)
    ahead = 1e6 * np.exp(0.03 * np.arange(48, 62))
    assert certain("drift", GROWING) == pytest.approx(ahead, rel=1e-3)
    assert certain("seasonal naive", YEARLY) == pytest.approx(YEARLY[:14].to_numpy())
    # A year is its own mean (of logarithms) wherever the year begins; the months about it are left.
    draws = MODELS["yearly mean"](YEARLY, 3, 4000, np.random.default_rng(1))
    logs = np.log(YEARLY + 0.5)
    assert np.log(draws).mean() == pytest.approx(logs.mean(), abs=0.03)
    assert np.log(draws).std() == pytest.approx(logs.std(ddof=0), abs=0.03)


def noisy(months_of=72):
    state, generator, values = 0.0, np.random.default_rng(8), []
    for _ in range(months_of):
        state = 0.6 * state + generator.normal(0, 0.2)
        values.append(generator.poisson(90 * np.exp(state)))
    return months(values)


def test_errors_of_a_seasonal_naive_grow_with_the_years_ahead():
    """Two years ahead the error is that of one year twice, independent: its root as wide."""
    y = noisy()
    draws = MODELS["seasonal naive"](y, 24, 20_000, np.random.default_rng(1))
    logs = np.log(y + 0.5).to_numpy()
    errors = logs[12:] - logs[:-12]
    spread = np.log(draws + 0.5).std(axis=0)
    assert spread[:12] == pytest.approx(np.full(12, errors.std()), rel=0.03)
    assert spread[12:] == pytest.approx(np.full(12, math.sqrt(2) * errors.std()), rel=0.03)


def test_a_naive_forecast_wanders_as_far_as_the_past_did_and_drift_is_less_sure_of_its_slope():
    y = noisy()
    logs = np.log(y + 0.5).to_numpy()
    draws = np.log(MODELS["naive"](y, 12, 20_000, np.random.default_rng(1)) + 0.5)
    starts = len(logs) - 12
    apart = np.array([logs[step : step + starts] - logs[:starts] for step in range(1, 13)])
    assert draws.std(axis=0) == pytest.approx(apart.std(axis=1), rel=0.03)
    assert draws.mean(axis=0) == pytest.approx(np.full(12, logs[-1]), abs=0.02)
    other = np.log(MODELS["drift"](y, 12, 20_000, np.random.default_rng(1)) + 0.5)
    slope = (logs[-1] - logs[0]) / 71
    assert other.mean(axis=0) == pytest.approx(logs[-1] + slope * np.arange(1, 13), abs=0.02)
    # Each slope has the error of a mean of 71 changes, as large as twelve of them make it.
    error = np.arange(1, 13) * apart[-1].std() / math.sqrt(12 * 71)
    assert other.std(axis=0) == pytest.approx(np.sqrt(apart.var(axis=1) + error**2), rel=0.03)


def test_paths_are_centred_on_the_forecast_of_the_library_and_spread_as_it_says():
    y = noisy(48).set_axis(pd.period_range("2000Q1", periods=48, freq="Q"))
    logs = np.log(y + 0.5).to_numpy()
    fit = fit_sarima(pd.Series(logs), seasonal=(0, 1, 1, 4))
    said = fit.get_forecast(6)
    draws = np.log(MODELS["SARIMA"](y, 6, 400, np.random.default_rng(1)) + 0.5)
    assert np.median(draws, axis=0) == pytest.approx(np.asarray(said.predicted_mean), abs=0.08)
    assert draws.std(axis=0) == pytest.approx(np.asarray(said.se_mean), rel=0.12)


def test_a_mean_that_feeds_on_itself_goes_back_to_the_mean():
    y = noisy(200)
    y.iloc[-1] = 260
    for name in ("INGARCH", "NB regression"):
        paths = MODELS[name](y, 30, 3000, np.random.default_rng(2)).mean(axis=0)
        assert paths[0] > paths[3] > paths[-1] and paths[0] > 1.3 * y.mean()
    assert MODELS["INGARCH"](y, 30, 3000, np.random.default_rng(2))[:, -1].mean() == pytest.approx(
        y.mean(), rel=0.06
    )


@pytest.mark.parametrize("name", ["naive", "seasonal naive", "yearly mean"])
def test_three_years_of_months_are_enough_and_a_month_less_is_not(name):
    y = noisy(36)
    assert MODELS[name](y, 2, 5, np.random.default_rng(1)).shape == (5, 2)
    with pytest.raises(InputError, match="expected at least 36"):
        MODELS[name](y[1:], 2, 5, np.random.default_rng(1))


def test_a_pool_has_the_median_of_the_quantiles_and_the_ranks_of_each_member():
    """Quantiles by hand: of 1, 2, 3 and 10, 20, 30 and 100, 200, 300 they are 10, 20, 30."""
    members = {
        "a": np.array([[1.0, 300.0], [2.0, 100.0], [3.0, 200.0]]),
        "b": np.array([[10.0, 10.0], [20.0, 20.0], [30.0, 30.0], [30.0, 30.0]])[:3],
        "c": np.array([[300.0, 1.0], [200.0, 2.0], [100.0, 3.0]]),
    }
    pooled = pool(members, np.random.default_rng(1))
    assert pooled.shape == (9, 2)
    by_member = [set(map(tuple, part.tolist())) for part in np.split(pooled, 3)]
    assert by_member[0] == {(10, 30), (20, 10), (30, 20)}
    assert by_member[1] == {(10, 10), (20, 20), (30, 30)}
    assert by_member[2] == {(30, 10), (20, 20), (10, 30)}
    few = pool(members | {"b": members["b"][:2]}, np.random.default_rng(1))
    assert few.shape == (6, 2)
    with pytest.raises(InputError, match="same periods"):
        pool({"a": np.ones((3, 2)), "b": np.ones((3, 1))}, np.random.default_rng(1))


def test_a_pool_of_members_that_disagree_is_no_wider_than_they_are():
    """A mixture of the three, which this pool replaced, is."""
    generator = np.random.default_rng(2)
    members = {str(mean): generator.poisson(mean, (4000, 1)) for mean in (50, 80, 110)}
    low, high = np.quantile(pool(members, generator), [0.1, 0.9])
    assert high - low == pytest.approx(2 * 1.2816 * np.sqrt(80), abs=2)
    low, high = np.quantile(np.vstack(list(members.values())), [0.1, 0.9])
    assert high - low > 60


def test_the_best_fit_has_the_highest_likelihood_that_is_a_number():
    class Fit:
        def __init__(self, llf, params=(1.0,)):
            self.llf, self.params = llf, params

    def fails():
        raise ValueError

    fits = [fails, lambda: Fit(-5), lambda: Fit(-2), lambda: Fit(-3), lambda: Fit(math.nan)]
    assert best([*fits, lambda: Fit(9, (math.inf,))], "it").llf == -2
    with pytest.raises(InputError, match="it could not be fitted"):
        best([fails], "it")


def steady(value):
    def model(past, horizon, draws, generator):
        return np.full((draws, horizon), value + 0.0 * past.iloc[-1])

    return model


def test_a_backtest_scores_each_origin_and_horizon_against_what_came():
    y = months(np.r_[np.arange(30) % 7 + 3, 9, 4, 5])
    table, failed = backtest(
        y, "2012-05", np.random.default_rng(1), horizon=2, models={"six": steady(6.0)}, draws=9
    )
    assert failed.empty
    assert table[["origin", "horizon"]].to_numpy().tolist() == [
        ["2012-05", 1],
        ["2012-05", 2],
        ["2012-06", 1],
        ["2012-06", 2],
        ["2012-07", 1],
        ["2012-07", 2],
        ["2012-08", 1],
    ]
    seen = y.iloc[[29, 30, 30, 31, 31, 32, 32]].to_numpy()
    assert table["outcome"].tolist() == seen.tolist()
    errors = np.abs(6 - seen)
    assert table["crps"].to_numpy() == pytest.approx(errors)
    assert table["absolute_error"].tolist() == errors.tolist() and (table["median"] == 6).all()
    assert table["covered_80"].tolist() == table["covered_95"].tolist() == (seen == 6).tolist()
    assert table["interval_80"].to_numpy() == pytest.approx(2 / 0.2 * errors)
    assert table["log_score"].to_numpy() == pytest.approx(-poisson.logpmf(seen, 6))
    past = y[:29].to_numpy()
    scale = np.abs(past[12:] - past[:-12]).mean()
    assert table["scaled_error"][:2].to_numpy() == pytest.approx(errors[:2] / scale)


def test_a_backtest_sees_its_window_and_moves_by_its_step():
    y = months(np.arange(40) % 9 + 2)
    lengths = []

    def model(past, horizon, draws, generator):
        lengths.append((str(past.index[0]), len(past)))
        return np.ones((draws, horizon))

    table, _ = backtest(
        y, "2011-12", np.random.default_rng(1), window=20, every=6, models={"m": model}
    )
    assert lengths == [("2010-05", 20), ("2010-11", 20), ("2011-05", 20)]
    assert table.groupby("origin").size().tolist() == [12, 10, 4]
    with pytest.raises(InputError, match="expected a period from 2011-12 to 2013-03"):
        backtest(y, "2011-11", np.random.default_rng(1), models={"m": model})
    one, _ = backtest(y, "2013-03", np.random.default_rng(1), models={"m": model})
    assert len(one) == 1
    with pytest.raises(InputError, match="leaves too little"):
        backtest(y, "2013-04", np.random.default_rng(1), models={"m": model})


def test_a_summary_is_the_mean_by_model_best_first():
    rows = [("x", 3.0, 1.0), ("x", 5.0, 0.0), ("y", 1.0, 1.0)]
    names = ["log_score", "interval_80", "covered_95", "scaled_error"]
    table = pd.DataFrame(rows, columns=["model", "crps", "covered_80"]).assign(
        **dict.fromkeys(names, 2.0)
    )
    found = summary(table)
    assert found[["model", "crps", "covered_80", "forecasts"]].to_numpy().tolist() == [
        ["y", 1.0, 1.0, 1],
        ["x", 4.0, 0.5, 2],
    ]
