"""A step in a ratio beside other steps: a planted one is found, one that both share is not."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.ratio_steps import weighed

MONTHS = pd.period_range("2017-01", periods=84, freq="M")


def drawn(seed, *factors):
    """Draw a pair about 60 and 40 a month, with factors from dates on for each."""
    own, pair = np.random.default_rng(seed), []
    for mean, steps in zip((60, 40), factors):
        level = np.full(len(MONTHS), float(mean))
        for date, factor in steps.items():
            level[pd.Period(date, "M") <= MONTHS] *= factor
        pair.append(pd.Series(own.poisson(level), MONTHS))
    return pair


def test_a_step_of_one_is_found_with_another_turn_beside_it():
    pair = drawn(1, {"2020-01": 3.0, "2022-06": 0.4}, {"2020-01": 1.0})
    found = weighed(*pair, ["2022-06", "2020-01"], np.random.default_rng(1), smallest=0.8,
                    simulated=20)  # fmt: skip
    assert found.step.high < 0.7 and found.step.low < 0.4 < found.step.high
    beside = found.beside()
    assert beside["p"] < 0.05 and 0 <= beside["power"] <= 1 and beside["size"] <= 0.25
    assert beside["detectable_fall"] < 1 < beside["detectable_rise"]


def test_what_both_share_falls_out():
    pair = drawn(2, {"2022-06": 4.0}, {"2022-06": 4.0})
    found = weighed(*pair, "2022-06", np.random.default_rng(1), smallest=1.25, simulated=5)
    assert found.step.low < 1 < found.step.high


def test_a_ratio_of_one_is_no_change():
    with pytest.raises(InputError, match="expected one that is a change"):
        weighed(*drawn(3, {}, {}), "2022-06", np.random.default_rng(1), smallest=1)
