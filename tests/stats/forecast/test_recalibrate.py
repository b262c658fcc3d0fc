"""The spread of a pool: learned from what was known, right in the long run, and applied as said."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers.base.errors import InputError
from helpers.stats.forecast.models import MODELS
from helpers.stats.forecast.recalibrate import PRIOR, rescaled, spread_at, spread_of
from helpers.stats.forecast.rolling import ENSEMBLE, RAW, backtest, ensembles


def test_a_spread_makes_the_central_interval_hold_what_it_says():
    """Outcomes half as far from the middle as a calibrated ensemble expects: half the spread."""
    outcomes = np.random.default_rng(1).standard_normal(4000)
    assert spread_of(norm.cdf(outcomes), 4000) == pytest.approx(1, abs=0.03)
    assert spread_of(norm.cdf(0.5 * outcomes), 4000) == pytest.approx(0.5, abs=0.02)
    assert spread_of(norm.cdf(2 * outcomes), 4000) == pytest.approx(2, abs=0.08)
    few = spread_of(norm.cdf(0.5 * outcomes), PRIOR)
    assert few == pytest.approx(np.sqrt(0.5), abs=0.02)


def test_draws_move_towards_their_median_on_the_scale_of_logarithms():
    draws = np.random.default_rng(2).poisson(200, (500, 3)).astype(float)
    half = rescaled(draws, 0.5)
    assert np.median(half, axis=0) == pytest.approx(np.median(draws, axis=0), abs=1)
    spreads = [np.log(one + 0.5).std(axis=0) for one in (half, draws)]
    assert spreads[0] == pytest.approx(spreads[1] / 2, rel=0.03)
    assert (rescaled(draws, 1.0) == draws).all() and rescaled(draws * 0, 9.0).max() == 0
    assert np.argsort(half[:, 0])[-1] in np.flatnonzero(half[:, 0] == half[:, 0].max())


def test_only_outcomes_that_were_known_teach():
    scored = pd.DataFrame(
        {
            "model": ["pool"] * 4 + ["other"],
            "origin": ["2020-01", "2020-01", "2020-02", "2020-02", "2020-01"],
            "horizon": [1, 2, 1, 2, 1],
            "pit": [0.95, 0.55, 0.6, 0.999, 0.5],
        }
    )
    known = spread_at(scored, "pool", pd.Period("2020-03", "M"))
    assert known == spread_of([0.95, 0.55, 0.6], 2)  # of February, and of March twice
    assert spread_at(scored, "pool", pd.Period("2020-01", "M")) == 1
    assert spread_at(scored, "none", pd.Period("2021-01", "M")) == 1
    with pytest.raises(InputError, match="no column pit"):
        spread_at(scored.drop(columns="pit"), "pool", pd.Period("2020-03", "M"))


def uneasy(generator, months=150):
    """Ten years of shocks, and then calm: what the window holds is wider than what comes."""
    steps = np.r_[np.full(90, 0.6), np.full(months - 90, 0.05)]
    values = generator.poisson(60 * np.exp(steps * generator.standard_normal(months)))
    return pd.Series(values, pd.period_range("2010-01", periods=months, freq="M"))


CHEAP = {name: MODELS[name] for name in ("naive", "yearly mean", "NB state space")}


def test_a_backtest_learns_the_spread_as_it_goes():
    y = uneasy(np.random.default_rng(3))
    scored, _ = backtest(
        y, "2018-06", np.random.default_rng(4), window=100, models=CHEAP, draws=150, horizon=6
    )
    held = scored[scored["origin"] >= "2019-06"].groupby("model")["covered_80"].mean()
    assert held[RAW] > 0.93 and 0.7 < held[ENSEMBLE] < 0.9
    first = scored[scored["origin"] == "2018-06"].set_index("model")["median"]
    assert first[RAW].tolist() == first[ENSEMBLE].tolist()
    ahead = [
        ensembles(y, 6, np.random.default_rng(5), models=CHEAP, draws=150, scored=given)[0]
        for given in (None, scored)
    ]
    wide, narrow = (np.log(one[ENSEMBLE] + 0.5).std() for one in ahead)
    assert narrow / wide == pytest.approx(spread_at(scored, RAW, y.index[-1]), rel=0.1)


def test_a_pool_holds_about_as_often_as_it_says_in_worlds_with_memory_noise_and_seasons():
    """A linear pool of all models, which this one replaced, held 85 to 91 % in such worlds."""
    generator, held = np.random.default_rng(6), []
    wave = 0.5 * np.sin(np.arange(108) * np.pi / 6)
    few = {name: MODELS[name] for name in ("seasonal naive", "NB state space", "NB regression")}
    for number in range(24):
        state = np.zeros(108)
        for month in range(1, 108):
            state[month] = 0.9 * state[month - 1] + generator.normal(0, 0.15)
        y = generator.poisson(40 * np.exp(state + wave * (number % 2)))
        past = pd.Series(y[:96], pd.period_range("2010-01", periods=96, freq="M"))
        pooled = ensembles(past, 12, generator, models=few, draws=150)[0][ENSEMBLE]
        low, high = np.quantile(pooled, [0.1, 0.9], axis=0)
        held.append(((low <= y[96:]) & (y[96:] <= high)).mean())
    assert 0.72 <= np.mean(held) <= 0.88
