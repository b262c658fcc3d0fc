"""Two years within a longer series: whose memory, whose variance, and what does not fit."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.counts.history import two_spans
from helpers.stats.counts.rates import series_ratio

MONTHS = pd.period_range("2010-01", periods=120, freq="M")


def test_the_variance_is_that_of_the_two_years_whatever_the_years_before_were():
    generator = np.random.default_rng(1)
    recent, old = generator.poisson(20, 24), generator.poisson(20, 96)
    calm, wild = (pd.Series(np.r_[old * scale, recent], MONTHS).astype(int) for scale in (1, 50))
    reach = [two_spans(y[-12:], y[-24:-12], y).reach(0.95) for y in (calm, wild)]
    assert reach[0] == pytest.approx(reach[1], rel=0.25)


def test_years_apart_are_less_alike_than_neighbours():
    level = np.repeat(np.random.default_rng(2).normal(0, 0.6, 20), 6)
    y = pd.Series(np.random.default_rng(3).poisson(50 * np.exp(level)), MONTHS)
    y.iloc[72:96] = y.iloc[96:].to_numpy()  # the same counts, once beside and once apart
    beside = two_spans(y[108:], y[96:108], y)
    apart = two_spans(y[108:], y[72:84], y)
    assert beside.scales[-1] < apart.scales[-1]


def test_a_history_is_checked():
    months = pd.period_range("2020-01", periods=48, freq="M")
    y = pd.Series(np.random.default_rng(1).poisson(20, 48), months)
    after, before = y["2023"], y["2021"]
    assert "48 periods of history" in series_ratio(after, before, history=y).method
    for wrong, said in [
        (y.drop(y.index[30]), "no observation follows 2022-06"),
        (y[13:], "does not hold the earlier"),
        (y["2021":"2022"], "does not hold the later"),
        (y + 1, "does not hold"),
        (y.set_axis([0] * 48), "twice"),
        ([1, 2], "Series"),
    ]:
        with pytest.raises(InputError, match=said):
            series_ratio(after, before, history=wrong)
    with pytest.raises(InputError, match="share periods"):
        series_ratio(y[20:32], y[10:22], history=y)
    with pytest.raises(InputError, match="memory=False"):
        series_ratio(after, before, memory=False, history=y)
