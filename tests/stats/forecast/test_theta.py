"""Theta: the points of statsmodels on data that everyone has, and its paths of counts."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.datasets import nile
from statsmodels.tsa.forecasting.theta import ThetaModel

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.stats.forecast.models import MODELS
from helpers.stats.forecast.theta import fit_theta

DATA = paths.ROOT / "tests" / "data"
AIR = pd.read_csv(DATA / "air_passengers.csv")["value"].to_numpy(float)
ACCIDENTS = pd.read_csv(DATA / "us_acc_deaths.csv")["value"].to_numpy(float)


@pytest.mark.parametrize(
    "series",
    [AIR, AIR[:125], ACCIDENTS, AIR - 104, np.round(AIR / 40)],
    ids=["factors", "a year cut short", "accidents", "a zero", "small counts"],
)
def test_the_points_are_those_of_statsmodels(series):
    published = ThetaModel(series, period=12).fit()
    found = fit_theta(series, 12)
    assert found.forecast(30) == pytest.approx(published.forecast(30).to_numpy(), rel=1e-9)
    assert found.alpha == pytest.approx(published.params["alpha"])
    assert len(found.seasons) == 12


def test_without_seasons_it_is_smoothing_with_drift():
    volume = nile.load_pandas().data["volume"].to_numpy()
    published = ThetaModel(volume, period=1, deseasonalize=False).fit()
    assert fit_theta(volume, 1).forecast(5) == pytest.approx(published.forecast(5).to_numpy())


def test_seasons_are_taken_out_where_they_are_beyond_chance():
    generator, found = np.random.default_rng(1), []
    wave = 1 + 0.4 * np.sin(np.arange(120) * np.pi / 6)
    for _ in range(24):
        flat, seasonal = generator.poisson(50, 120), generator.poisson(50 * wave)
        found.append([len(fit_theta(one, 12).seasons) == 12 for one in (flat, seasonal)])
    by_chance, real = np.mean(found, axis=0)
    assert by_chance < 0.3 and real == 1


def months(values):
    return pd.Series(values, pd.period_range("2010-01", periods=len(values), freq="M"))


def test_paths_follow_the_seasons_about_the_published_points():
    draws = MODELS["Theta"](months(AIR), 12, 4000, np.random.default_rng(1))
    points = ThetaModel(AIR, period=12).fit().forecast(12).to_numpy()
    assert np.median(draws, axis=0) == pytest.approx(points, rel=0.02)
    assert (np.diff(draws.std(axis=0)) > -2).all()


def test_errors_of_paths_are_those_of_a_smoothed_level():
    """On square roots the variance grows by alpha squared a step, as of a local level."""
    y = np.random.default_rng(2).poisson(400 * np.exp(np.random.default_rng(3).normal(0, 0.2, 90)))
    fit = fit_theta(y, 12)
    errors = (np.sqrt(fit.adjusted) - np.sqrt(fit.smoothed)).std()
    draws = np.sqrt(MODELS["Theta"](months(y), 12, 20_000, np.random.default_rng(1)))
    expected = errors * np.sqrt(1 + np.arange(12) * fit.alpha**2)
    assert draws.std(axis=0) == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(
    "values",
    [np.full(60, 7), np.tile(np.arange(1, 13) * 100, 5)],
    ids=["constant", "a pure season"],
)
def test_what_repeats_itself_goes_on_without_errors(values):
    draws = MODELS["Theta"](months(values), 12, 50, np.random.default_rng(1))
    assert draws == pytest.approx(np.tile(values[:12], (50, 1)))


def test_a_fall_to_zero_gives_no_count_below_zero():
    falling = months(np.maximum(60 - 2 * np.arange(48), 0))
    draws = MODELS["Theta"](falling, 24, 200, np.random.default_rng(1))
    assert draws.min() == 0 and draws.max() < 60


@pytest.mark.parametrize(
    "call",
    [
        lambda: fit_theta([1.0, 2.0], 1),
        lambda: fit_theta([1.0] * 20, 12),
        lambda: fit_theta([1.0, np.nan, 3.0, 4.0], 1),
        lambda: fit_theta([1.0, 2.0, 3.0, 4.0], 0),
        lambda: fit_theta([1.0, 2.0, 3.0, 4.0], 1).forecast(0),
    ],
)
def test_what_cannot_be_fitted_is_refused(call):
    with pytest.raises(InputError):
        call()
