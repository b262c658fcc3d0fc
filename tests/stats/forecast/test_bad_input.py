"""Every public function of the room, each argument spoilt in turn: an answer or one sentence."""

import dataclasses
import importlib
import inspect
import pkgutil
import warnings
from numbers import Real

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import helpers.stats.forecast as room
from helpers.base.errors import InputError
from helpers.stats.forecast import (
    fits,
    models,
    recalibrate,
    rolling,
    scores,
    state_space,
    theta,
    worlds,
)
from helpers.stats.forecast import tests as compared

MONTHS = pd.period_range("2010-01", periods=48, freq="M")
PAST = pd.Series(np.random.default_rng(1).poisson(9, 48), MONTHS)
DRAWS = np.random.default_rng(2).poisson(9, (20, 3)).astype(float)
LOSSES = np.random.default_rng(3).gamma(2, 1, (24, 3))
NAIVE = {"naive": models.naive, "yearly mean": models.yearly_mean}
SCORED, _ = rolling.backtest(
    PAST, "2013-06", np.random.default_rng(4), horizon=2, models=NAIVE, draws=9
)
SHORT = {"past": PAST, "horizon": 3, "draws": 5, "generator": np.random.default_rng(5)}
SEEN = {"ensemble": DRAWS, "outcome": [9, 8, 12]}

CALLS = {
    fits.best: {"fits": [lambda: fits.fit_structural(PAST, 1)], "what": "it"},
    fits.fit_sarima: {"series": PAST, "order": (0, 1, 1), "seasonal": (0, 0, 0, 0)},
    fits.fit_ets: {"series": PAST, "trend": None, "seasonal": None, "period": 12},
    fits.fit_structural: {"series": PAST, "period": 1, "harmonics": 2},
    **dict.fromkeys((models.ready, *models.MODELS.values()), SHORT),
    models.pool: {"members": {"a": DRAWS, "b": DRAWS}, "generator": np.random.default_rng(6)},
    recalibrate.spread_of: {"places": [0.2, 0.7], "periods": 2, "level": 0.8},
    recalibrate.rescaled: {"ensemble": DRAWS, "spread": 0.9},
    recalibrate.spread_at: {"scored": SCORED, "model": rolling.RAW, "origin": MONTHS[-1]},
    rolling.ensembles: {
        **SHORT,
        "models": NAIVE,
        "scored": SCORED,
    },
    rolling.backtest: {
        "series": PAST,
        "first": "2013-06",
        "generator": np.random.default_rng(7),
        "horizon": 2,
        "window": 40,
        "every": 3,
        "models": NAIVE,
        "draws": 9,
    },
    rolling.summary: {"table": SCORED},
    scores.crps_ensemble: SEEN,
    scores.crps_poisson: {"mean": 5.0, "outcome": 4},
    scores.crps_quantiles: {"values": [1.0, 2, 4], "levels": [0.25, 0.5, 0.75], "outcome": 4},
    scores.crps_negbinom: {"size": 3.0, "chance": 0.4, "outcome": 4},
    scores.log_score: SEEN,
    scores.interval_score: {**SEEN, "level": 0.8},
    scores.weighted_interval_score: {**SEEN, "levels": [0.5, 0.8]},
    scores.covered: {**SEEN, "level": 0.8},
    scores.pit: {**SEEN, "generator": np.random.default_rng(8)},
    scores.mase: {"forecast": [1.0, 2], "outcome": [2, 2], "training": range(20), "season": 12},
    scores.rmse: {"forecast": [1.0, 2], "outcome": [2, 2]},
    scores.brier: {"chance": 0.5, "happened": True},
    state_space.fit_state_space: {"series": PAST, "seasons": np.zeros(48)},
    worlds.from_worlds: {
        "pasts": [PAST, PAST + 1],
        "horizon": 2,
        "generator": np.random.default_rng(10),
        "models": NAIVE,
        "draws": 20,
    },
    theta.fit_theta: {"series": PAST, "period": 12},
    compared.diebold_mariano: {
        "one": LOSSES[:, 0],
        "other": LOSSES[:, 1],
        "horizon": 2,
        "level": 0.9,
    },
    compared.confidence_set: {
        "losses": pd.DataFrame(LOSSES),
        "generator": np.random.default_rng(9),
        "size": 0.1,
        "block": 2,
        "draws": 50,
    },
}

BAD = {
    "nothing": None,
    "not a number": np.nan,
    "infinite": np.inf,
    "below zero": -1,
    "zero": 0,
    "a fraction": 1.5,
    "per cent": 95,
    "word": "word",
    "empty": [],
    "one value": [4.0],
    "missing values": [1.0, np.nan, 3.0],
    "words": ["a", "b"],
    "ragged": [[1, 2], [3]],
    "a table": np.ones((2, 2)),
    "a cube": np.ones((2, 2, 2)),
    "zeros": pd.Series(0, MONTHS),
    "constant": pd.Series(7, MONTHS),
    "short": PAST[:3],
    "backwards": PAST[::-1],
    "a gap": PAST.drop(MONTHS[7]),
    "without dates": PAST.reset_index(drop=True),
    "negative": PAST - 30,
    "fractions": PAST + 0.5,
    "a hole": PAST.astype(float).where(PAST.index != MONTHS[5]),
    "huge": pd.Series(10.0**300, MONTHS),
    "empty table": pd.DataFrame(),
    "a mapping": {"a": 1},
}


def public():
    """Every public function of the room that takes an argument."""
    for info in pkgutil.iter_modules(room.__path__, room.__name__ + "."):
        module = importlib.import_module(info.name)
        for name, one in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("_") and one.__module__ == module.__name__:
                yield one


def finite(answer):
    """Say whether all numbers of an answer are finite, where it holds any that we know."""
    if dataclasses.is_dataclass(answer):
        return all(finite(getattr(answer, one.name)) for one in dataclasses.fields(answer))
    if isinstance(answer, dict):
        return all(finite(one) for one in answer.values())
    if isinstance(answer, (tuple, list)):
        return all(finite(one) for one in answer)
    if isinstance(answer, pd.DataFrame):
        return finite(
            answer.select_dtypes("number").drop(columns="scaled_error", errors="ignore").to_numpy()
        )
    if isinstance(answer, (np.ndarray, pd.Series)):
        return bool(np.isfinite(np.asarray(answer, dtype="float64")).all())
    return not isinstance(answer, Real) or bool(np.isfinite(answer))


def answer_or_sentence(function, arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            answer = function(**arguments)
        except InputError as error:
            assert str(error).strip() and "\n" not in str(error)
            return False
    assert finite(answer)
    return True


def test_every_public_function_is_asked():
    assert set(public()) == set(CALLS)


@pytest.mark.parametrize("function", CALLS, ids=lambda one: one.__name__)
def test_good_input_gives_an_answer_and_spoilt_input_an_answer_or_a_sentence(function):
    arguments = CALLS[function]
    assert answer_or_sentence(function, arguments)
    for name in arguments:
        for bad in BAD.values():
            answer_or_sentence(function, {**arguments, name: bad})


@pytest.mark.parametrize("function", CALLS, ids=lambda one: one.__name__)
def test_a_level_in_per_cent_and_a_seed_are_refused(function):
    arguments = CALLS[function]
    for name, bad in (("level", 95), ("levels", [95]), ("size", 10), ("generator", 7)):
        if name in arguments and not (name == "size" and function is scores.crps_negbinom):
            assert not answer_or_sentence(function, {**arguments, name: bad})


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    values=st.lists(
        st.one_of(st.integers(0, 12), st.sampled_from([0, 0, 0, 500, 10**9])),
        min_size=36,
        max_size=50,
    ),
    name=st.sampled_from(
        [one for one in models.MODELS if one not in ("ETS", "SARIMA", "structural")]
    ),
)
def test_any_counts_give_counts_or_a_sentence(values, name):
    past = pd.Series(values, pd.period_range("2010-01", periods=len(values), freq="M"))
    try:
        paths = models.MODELS[name](past, 4, 20, np.random.default_rng(1))
    except InputError:
        return
    assert paths.shape == (20, 4) and np.isfinite(paths).all()
    assert (paths >= 0).all() and (paths == np.round(paths)).all()
