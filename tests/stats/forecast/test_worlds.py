"""Forecasts from several possible pasts laid together."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.forecast.models import drift, naive
from helpers.stats.forecast.rolling import ENSEMBLE, ensembles
from helpers.stats.forecast.worlds import from_worlds

YEARS = pd.period_range("1990", periods=30, freq="Y")
MODELS = {"naive": naive, "drift": drift}


def past(last):
    noise = np.random.default_rng(3).poisson(50, 30)
    return pd.Series([*noise[:-1], last], YEARS)


def forecast(pasts, **options):
    return from_worlds(pasts, 3, np.random.default_rng(1), models=MODELS, draws=100, **options)


def test_one_past_is_forecast_as_by_its_ensembles():
    found, failed = forecast([past(60)])
    child = np.random.default_rng(1).spawn(1)[0]
    alone, _ = ensembles(past(60), 3, child, models=MODELS, draws=100)
    assert failed == {} and found.keys() == alone.keys()
    assert all((found[name] == alone[name]).all() for name in alone)


def test_what_is_not_known_of_the_past_widens_every_cloud():
    sure, _ = forecast([past(60)] * 4)
    open_, _ = forecast([past(last) for last in (20, 60, 100, 140)])
    for name in ("naive", ENSEMBLE):
        assert open_[name].shape == sure[name].shape
        assert open_[name].std() > 1.5 * sure[name].std()


def test_workers_change_no_answer():
    pasts = [past(30), past(90)]
    one, two = forecast(pasts)[0], forecast(pasts, workers=2)[0]
    assert all((one[name] == two[name]).all() for name in one)


def test_a_model_that_fails_with_one_past_is_left_out_whole_and_named():
    def choosy(series, horizon, draws, generator):
        if series.iloc[-1] > 50:
            raise InputError("too high for this model")
        return naive(series, horizon, draws, generator)

    found, failed = from_worlds(
        [past(40), past(60)], 2, np.random.default_rng(1), models=MODELS | {"choosy": choosy}
    )
    assert "choosy" not in found and failed == {"choosy": "too high for this model"}
    assert {"naive", "drift", ENSEMBLE} == found.keys()


def test_no_past_and_pasts_of_different_periods_are_refused():
    with pytest.raises(InputError, match="no past"):
        forecast([])
    with pytest.raises(InputError, match="same periods"):
        forecast([past(40), past(40)[:-1]])
