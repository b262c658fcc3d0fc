"""Expectations by the start of the trend: a bend moves them, and only what follows is predicted."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.trend import expectations


def bent():
    """Three flat years around 500, then three that grow by a factor of 1.5 a year."""
    months = np.arange(72)
    means = 500 * 1.5 ** (np.maximum(months - 36, 0) / 12)
    index = pd.period_range("2018-01", periods=72, freq="M")
    return pd.Series(np.random.default_rng(1).poisson(means), index=index)


def test_a_trend_that_begins_at_the_bend_expects_what_happens_and_an_earlier_one_less():
    series = bent()
    table = expectations(series[:"2022-12"], ["2018-01", "2021-01"], series["2023"], seed=3)
    assert table["observed"].tolist() == [series["2023"].sum()] * 2
    early, late = table["expected"]
    assert early < late == pytest.approx(series["2023"].sum(), rel=0.1)
    assert table["share_at_least"].iloc[0] < table["share_at_least"].iloc[1]
    assert (table["low_80"] < table["expected"]).all()
    assert (table["expected"] < table["high_80"]).all()


def test_the_same_seed_serves_every_start():
    series = bent()
    alone = expectations(series[:"2022-12"], ["2021-01"], series["2023"], seed=3)
    among = expectations(series[:"2022-12"], ["2018-01", "2021-01"], series["2023"], seed=3)
    assert alone.iloc[0].to_dict() == among.iloc[1].to_dict()


def test_a_gap_between_trend_and_outcome_is_refused():
    series = bent()
    with pytest.raises(InputError, match="2023-01 does not follow 2022-06"):
        expectations(series[:"2022-06"], ["2020-01"], series["2023"], seed=3)
