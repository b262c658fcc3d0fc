"""The event study of one ratio, against the fit that it sums up and against planted paths."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.design import base_design
from helpers.stats.months.memory import fit_memory_ratio
from helpers.stats.panels.parallel_trends import trend_bounds
from helpers.stats.panels.ratio_path import ratio_path

MONTHS = pd.period_range("2016-08", periods=76, freq="M")
EVENT = "2021-08"


def pair(generator, factors, mean=40.0, noise=0.15):
    """Two series, the first multiplied by a factor in each whole year from the event."""
    since = (np.arange(76) - 60) // 12
    level = np.array([factors.get(int(one), 1.0) for one in since])
    drawn = (
        generator.poisson(mean * one * np.exp(generator.normal(0, noise, 76)))
        for one in (level, 1.0)
    )
    return tuple(pd.Series(one, MONTHS) for one in drawn)


def test_each_span_is_what_the_averaged_fit_says_of_it():
    y, other = pair(np.random.default_rng(1), {-3: 2.0, 0: 3.0})
    path = ratio_path(y, other, EVENT)
    spans = [-5, -4, -3, -2, 0, 1]
    since = (np.arange(76) - 60) // 12
    dummies = pd.DataFrame({f"s{one}": (since == one) * 1.0 for one in spans}, MONTHS)
    fit = fit_memory_ratio(y, other, dummies.join(base_design(MONTHS, 2, 0)))
    assert path.effects.index.tolist() == spans
    for one in spans:
        assert path.effects[one] == pytest.approx(fit.effect(f"s{one}").value)
    # One form of the memory alone would make the intervals too short.
    assert (np.diag(path.covariance) > 0.5 * np.diag(fit.cov)[: len(spans)]).all()
    assert np.linalg.eigvalsh(path.covariance).min() > 0
    assert path.weights.to_dict() == {0: 0.75, 1: 0.25}


def test_planted_spans_are_held_as_often_as_the_interval_says():
    generator, truth, held = np.random.default_rng(2), {-5: 1.0, -2: 0.5, 0: 2.0, 1: 4.0}, []
    for _ in range(40):
        table = ratio_path(*pair(generator, truth), EVENT).table().set_index("since")
        held += [table["low"][one] <= ratio <= table["high"][one] for one, ratio in truth.items()]
    assert np.mean(held) >= 0.9
    assert table.loc[-1].tolist() == [1.0, 1.0, 1.0]


def test_its_bounds_widen_with_what_the_years_before_did():
    """A ratio that moved before leaves less of a later one than a ratio that stood still."""
    generator, ends = np.random.default_rng(3), []
    for before in ({}, {-4: 3.0, -3: 0.4}):
        path = ratio_path(*pair(generator, {0: 3.0, 1: 3.0} | before), EVENT)
        about = {"bound": "relative", "weights": path.weights}
        ends.append(trend_bounds(path.effects, path.covariance, 1.0, **about).effect.low)
    assert ends[1] < 0 and ends[1] < ends[0]


def test_what_cannot_be_followed_is_refused():
    y, other = pair(np.random.default_rng(4), {})
    with pytest.raises(InputError, match="the same periods"):
        ratio_path(y, other[1:], EVENT)
    with pytest.raises(InputError, match="no two spans"):
        ratio_path(y["2020-10":], other["2020-10":], EVENT)
    with pytest.raises(InputError, match="expected a whole number"):
        ratio_path(y, other, EVENT, every=0)
