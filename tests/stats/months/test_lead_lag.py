"""Leads and lags: a planted lead is found on its side, series that drift, wander or have seasons
apart are seldom taken for related.
"""

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter
from scipy.stats import spearmanr
from statsmodels.regression.linear_model import GLSAR
from statsmodels.stats.stattools import durbin_watson

from helpers.base.errors import InputError
from helpers.stats.months.lead_lag import _news, lead_lag
from helpers.stats.months.trend import deterministic


def quarters(values):
    return pd.Series(values, index=pd.period_range("2000Q1", periods=len(values), freq="Q"))


def remembering(generator, rho, n):
    """Two stationary first-order autoregressions, (2, n)."""
    return lfilter([1], [1, -rho], generator.standard_normal((2, n + 300)))[:, 300:]


def test_a_planted_lead_is_found_on_its_side():
    x = np.random.default_rng(1).standard_normal(60)
    found = lead_lag(quarters(x[2:]), quarters(x[:-2] + 0.1)).set_index("lag")
    assert found["correlation"].idxmax() == 2 and found.loc[2, "correlation"] > 0.95
    assert found.loc[2, "p"] < 1e-6 and found["p"].drop(2).min() > 0.05
    assert found.loc[2, "p"] == pytest.approx(7 * found.loc[2, "p_alone"])


@pytest.mark.parametrize("rho", [0.0, 0.9])
def test_a_lead_that_explains_half_is_found_at_its_lag_in_most_pairs(rho):
    generator, found = np.random.default_rng(3), []
    for _ in range(60):
        one, other = remembering(generator, rho, 62)
        table = lead_lag(quarters(one[2:]), quarters(one[:-2] + other[:-2]))
        best = table.loc[table["p"].idxmin()]
        found.append(best["p"] <= 0.05 and best["lag"] == 2)
    assert np.mean(found) >= 0.85


def trends(rng, n):
    return (rng.choice([-0.1, 0.1]) * np.arange(n) + rng.standard_normal(n) for _ in "xy")


def trend_and_noise(rng, n):
    return 0.1 * np.arange(n) + rng.standard_normal(n), rng.standard_normal(n)


def walks(rng, n):
    return rng.standard_normal((2, n)).cumsum(axis=1)


def walks_in_noise(rng, n):
    return walks(rng, n) + 2 * rng.standard_normal((2, n))


def slow(rng, n):
    return remembering(rng, 0.95, n)


def short_memory(rng, n):
    return remembering(rng, 0.5, n)


def seasons(rng, n):
    return 2 * np.cos(np.pi * np.arange(n) / 2) + rng.standard_normal((2, n))


def slow_counts(rng, n):
    return rng.poisson(np.exp(1 + 0.3 * slow(rng, n))).astype(float)


WORLDS = (trends, trend_and_noise, walks, walks_in_noise, slow, short_memory, seasons, slow_counts)


@pytest.mark.parametrize("world", WORLDS)
def test_pairs_that_have_nothing_in_common_are_seldom_called_related(world):
    """With seven lags looked at; the old way, correlated levels, finds something nearly always."""
    generator, rejects, alone, levels = np.random.default_rng(2), [], [], []
    for n in 30 * (24, 60, 120):
        one, other = world(generator, n)
        found = lead_lag(quarters(one), quarters(other)).set_index("lag")
        rejects.append((found["p"] <= 0.05).any())
        alone.append(found.loc[0, "p_alone"] <= 0.05)
        levels.append(spearmanr(one, other).pvalue <= 0.05)
    assert np.mean(rejects) <= 0.08 and np.mean(alone) <= 0.09
    if world in (trends, walks, slow, seasons):
        assert np.mean(levels) > 0.3


def test_what_is_new_is_the_error_of_an_iterated_generalised_regression():
    """Against statsmodels, at the same autocorrelation; the errors have no memory left."""
    rng = np.random.default_rng(7)
    y = quarters(0.05 * np.arange(80) + remembering(rng, 0.7, 80)[0])
    design = deterministic(y.index, 0, 1).in_sample()
    news, scale = _news(y, design), np.abs(y - y.mean()).max()
    other = GLSAR(y, design, rho=1).iterative_fit(50)
    assert np.corrcoef(news[1:], other.wresid)[0, 1] > 0.995
    assert np.std(news[1:]) * scale == pytest.approx(np.std(other.wresid), rel=0.05)
    assert 1.6 < durbin_watson(news) < 2.4


def test_a_correlation_is_spearmans_of_what_is_new_and_its_p_that_of_scipy_without_memory():
    """White series of integers, with ties; one degree of freedom is the trend's."""
    rng = np.random.default_rng(4)
    x, y = (quarters(rng.poisson(4, 90).astype(float)) for _ in "xy")
    design = deterministic(x.index, 0, 0).in_sample()
    one, other = _news(x, design), _news(y, design)
    for lag, cut, match in ((0, one, other), (2, one[:-2], other[2:]), (-3, one[3:], other[:-3])):
        row = lead_lag(x, y, [lag], harmonics=0, order=0).iloc[0]
        theirs = spearmanr(cut, match)
        assert row["correlation"] == pytest.approx(theirs.statistic)
        assert row["n"] == 90 - abs(lag) and row["p"] == row["p_alone"]
        assert row["p"] == pytest.approx(theirs.pvalue, rel=0.1)


def test_units_do_not_matter():
    one, other = remembering(np.random.default_rng(5), 0.5, 40)
    plain = lead_lag(quarters(one), quarters(other))
    moved = lead_lag(quarters(1e6 + 1e-3 * one), quarters(-1e9 * other))
    assert moved["correlation"].tolist() == pytest.approx((-plain["correlation"]).tolist())
    assert moved["p"].tolist() == pytest.approx(plain["p"].tolist(), rel=1e-3)


def test_eight_common_periods_are_enough_and_seven_are_not():
    x = quarters(np.random.default_rng(6).poisson(5, 20))
    assert lead_lag(x[:14], x[6:], [0])["n"].tolist() == [8]
    assert lead_lag(x, x, [12, -12])["n"].tolist() == [8, 8]
    with pytest.raises(InputError, match="share 7 periods"):
        lead_lag(x[:13], x[6:], [0])
    with pytest.raises(InputError, match="lag is -13"):
        lead_lag(x, x, [-13])


@pytest.mark.parametrize(
    ("first", "second", "lags", "words"),
    [
        (np.ones(20), np.arange(20) % 7, [0], "does not vary about its trend"),
        (np.arange(20), np.arange(20) % 7, [0], "does not vary about its trend"),
        (np.arange(20) % 4, np.arange(20) % 7, [0], "does not vary about its trend and seasons"),
        (np.arange(5), np.arange(20), [0], "at least 8"),
        (np.arange(20), np.arange(20), [15], "at least 8 pairs"),
        (np.arange(20), np.arange(20), [], "at least one whole number"),
        (np.arange(20), np.arange(20), 2, "at least one whole number"),
        (np.arange(20), np.arange(20), [0.5], "lag is 0.5"),
        (np.r_[np.nan, np.arange(19)], np.arange(20), [0], "not a finite number"),
    ],
)
def test_what_cannot_be_compared_is_refused(first, second, lags, words):
    with pytest.raises(InputError, match=words):
        lead_lag(quarters(first), quarters(second), lags)
