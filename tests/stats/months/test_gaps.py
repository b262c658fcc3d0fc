"""Months that nobody published: they must count for nothing."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.gaps import bridged
from helpers.stats.months.noise import Noise
from helpers.stats.months.pulse import pulse


def drawn(factor, holes, seed):
    """A series with a factor in a spring, less the months at ``holes``."""
    index = pd.period_range("2019-01", periods=60, freq="M")
    means = np.where((index >= "2021-03") & (index <= "2021-08"), factor, 1.0) * 80
    y = pd.Series(Noise(0.3, 0.1).draw(means, 1, np.random.default_rng(seed))[0], index)
    return y.drop(index[holes])


def test_a_factor_is_found_though_a_third_of_the_months_is_missing():
    values, columns = bridged(drawn(2.0, range(3, 58, 3), 1))
    found = pulse(values, ("2021-03", "2021-08"), harmonics=0, controls=columns)
    assert found.low < 2 < found.high and found.p < 0.001


def test_what_fills_a_gap_changes_nothing():
    y = drawn(1.5, [10, 11, 27, 28, 40], 2)
    values, columns = bridged(y)
    other = values.copy()
    other[columns.any(axis=1)] += 15
    one, two = (
        pulse(v, ("2021-03", "2021-08"), harmonics=0, controls=columns) for v in (values, other)
    )
    # Only the local mean, about which counts are made linear, sees the filling.
    assert one.value == pytest.approx(two.value, rel=0.02)
    assert one.p == pytest.approx(two.p, rel=0.3)


def test_a_series_without_gaps_stays_as_it_is():
    y = drawn(1.0, [], 3)
    values, columns = bridged(y)
    assert values.equals(y) and columns.shape == (60, 0)


def test_what_is_no_series_of_counts_is_refused():
    y = drawn(1.0, [], 4)
    with pytest.raises(InputError, match="twice"):
        bridged(pd.concat([y, y[:1]]))
    with pytest.raises(InputError, match="the series"):
        bridged(-y)
    with pytest.raises(InputError, match="at least 4"):
        bridged(y.where(y.index < "2019-03"))
