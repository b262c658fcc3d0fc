"""The rank among placebo units: it is the synthetic control's, and a planted effect decides it."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.panels.in_space import planted, rank_in_space
from helpers.stats.panels.synthetic import synthetic_control


def panel(seed, units=16, periods=40):
    """Counts about levels that wander together, and a little each for itself."""
    generator = np.random.default_rng(seed)
    shared = np.cumsum(generator.normal(0, 0.1, (periods, 2)), axis=0)
    own = generator.normal(0, 0.1, (periods, units))
    logs = generator.uniform(2.5, 4, units) + shared @ generator.uniform(0, 1, (2, units)) + own
    index = pd.period_range("2012Q1", periods=periods, freq="Q")
    return pd.DataFrame(
        generator.poisson(np.exp(logs)), index, [f"u{number}" for number in range(units)]
    )


@pytest.mark.parametrize("most", [None, 1.2])
def test_the_rank_is_that_of_the_synthetic_control(most):
    table = panel(3)
    others = table.columns.drop("u4")
    known = synthetic_control(table, "u4", "2019Q1").ratio(most=most)
    found = rank_in_space(table[others], "2019Q1", most=most)(table["u4"])
    assert found.p == pytest.approx(known.p) and found.value == pytest.approx(known.value)


def test_the_donor_itself_is_no_donor_to_its_planted_self():
    table = panel(5)
    rows = planted(table, "2019Q1", [1.0, 3.0]).set_index(["unit", "effect"])
    known = synthetic_control(table, "u7", "2019Q1").ratio()
    assert rows.loc[("u7", 1.0), "p"] == pytest.approx(known.p)
    assert rows.loc[("u7", 3.0), "ratio"] > 2 * known.value


def test_small_effects_are_missed_and_large_ones_found():
    rows = planted(panel(7), "2019Q1", [1.0, 30.0]).groupby("effect")["p"]
    quiet, loud = ((p <= 0.1).mean() for _, p in rows)
    assert quiet <= 0.2 and loud >= 0.9


def test_series_that_cannot_be_ranked_are_refused():
    table = panel(9)
    test = rank_in_space(table.drop(columns="u0"), "2019Q1")
    with pytest.raises(InputError, match="expected the periods of the donors"):
        test(table["u0"].iloc[1:])
    with pytest.raises(InputError, match="does not vary before the event"):
        test(table["u0"] * 0)
    with pytest.raises(InputError, match="an effect"):
        planted(table, "2019Q1", [0.0])
