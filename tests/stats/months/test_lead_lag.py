"""Leads and lags: a planted lead is found on its side, independent wandering series are seldom
taken for related.
"""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.breaks import _errors
from helpers.stats.months.lead_lag import lead_lag


def quarters(values):
    return pd.Series(values, index=pd.period_range("2000Q1", periods=len(values), freq="Q"))


def test_a_planted_lead_is_found_on_its_side():
    x = np.random.default_rng(1).standard_normal(60)
    found = lead_lag(quarters(x[2:]), quarters(x[:-2] + 0.1)).set_index("lag")
    assert found["correlation"].idxmax() == 2 and found.loc[2, "correlation"] == pytest.approx(1)
    assert found.loc[2, "p"] == pytest.approx(1 / 58) and found.loc[-2, "p"] > 0.05


def test_series_that_wander_apart_are_seldom_called_related():
    generator, rejects, naive = np.random.default_rng(2), [], []
    for _ in range(200):
        one, other = _errors(np.array([0.8, 0.8]), 60, generator)
        row = lead_lag(quarters(one), quarters(other), [0]).iloc[0]
        rejects.append(row["p"] <= 0.05)
        naive.append(abs(row["correlation"]) > 1.96 / np.sqrt(60))
    assert np.mean(rejects) <= 0.10 and np.mean(naive) > 0.2


@pytest.mark.parametrize(
    ("first", "second", "lags", "words"),
    [
        (np.ones(20), np.arange(20), [0], "does not vary"),
        (np.arange(5), np.arange(20), [0], "at least 8"),
        (np.arange(20), np.arange(20), [15], "at least 8 pairs"),
        (np.r_[np.nan, np.arange(19)], np.arange(20), [0], "not a finite number"),
    ],
)
def test_what_cannot_be_compared_is_refused(first, second, lags, words):
    with pytest.raises(InputError, match=words):
        lead_lag(quarters(first), quarters(second), lags)
