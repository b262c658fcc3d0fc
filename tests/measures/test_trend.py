"""Expectations by the start of the trend: a bend moves them, and only what follows is predicted."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.harm import WHOLE, counted
from helpers.measures.trend import expectations, rises


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


def harm_rows():
    first = pd.DataFrame({"victims": [100, 150, 120], "militants": [40, 0, 90]}, index=[1, 2, 3])
    second = pd.DataFrame({"victims": [10, 30]}, index=[2, 3])
    return pd.concat([counted(first, "A", WHOLE, "v"), counted(second, "B", WHOLE, "v")])


def test_rises_compare_each_year_with_the_one_before_it_in_the_order_of_the_classes():
    found = rises(harm_rows(), [1, 2, 3], {"militants": 4, "victims": 9})
    assert found[["harm", "source", "years", "ratio"]].to_numpy().tolist() == [
        ["victims", "A", "2 against 1", 1.5],
        ["victims", "A", "3 against 2", 0.8],
        ["victims", "B", "3 against 2", 3.0],
    ]  # a year without militants killed gives no ratio


def test_the_inflation_of_a_source_goes_before_that_of_its_class():
    plain = rises(harm_rows(), [1, 2, 3], {"victims": 4})
    own = rises(harm_rows(), [1, 2, 3], {("B", "victims"): 25, "victims": 4})
    wide, same = own[own["source"] == "B"].iloc[0], own[own["source"] == "A"].iloc[0]
    assert wide["high"] > plain[plain["source"] == "B"].iloc[0]["high"]
    assert same["high"] == plain[plain["source"] == "A"].iloc[0]["high"]
    assert own["source"].iloc[0] == "B"  # the order is that of the mapping


def test_one_year_is_no_rise():
    with pytest.raises(InputError, match="two years or more"):
        rises(harm_rows(), [2], {"victims": 1})
