"""Windows: a planted factor held, level and rank kept where there is none, what is refused."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.count_regression import CountRegression
from helpers.stats.months.design import base_design
from helpers.stats.months.noise import Noise
from helpers.stats.months.pulse import PulseInMany, pulse, pulse_rank

WINDOWS = [("2018-03", "2018-05"), ("2020-07", "2020-09"), ("2021-10", "2021-12")]


def series(generator, factor=1.0):
    index = pd.period_range("2015-01", periods=96, freq="M")
    inside = np.any(
        [
            (index >= pd.Period(first, "M")) & (index <= pd.Period(last, "M"))
            for first, last in WINDOWS
        ],
        axis=0,
    )
    return pd.Series(
        Noise(0.4, 0.2).draw(np.where(inside, 90.0 * factor, 90.0), 1, generator)[0], index=index
    )


def in_bulk(generator, factor, number=400):
    """Many series, and the regression that :func:`pulse` makes of each."""
    first = series(generator)
    inside = np.zeros(96)
    for start, end in WINDOWS:
        inside[first.index.slice_indexer(start, end)] = 1
    many = Noise(0.4, 0.2).draw(np.where(inside > 0, 90.0 * factor, 90.0), number, generator)
    return CountRegression(np.column_stack([inside, base_design(first.index, 2, 1)])), many


def test_a_planted_factor_is_held_and_nothing_is_found_without_one():
    generator, window = np.random.default_rng(1), np.eye(7)[0]
    regression, many = in_bulk(generator, 1.6)
    assert (regression.tests(many.T, window, np.log(1.6))[1] > 0.05).mean() >= 0.90
    estimates, ps = regression.tests(many.T, window)
    assert np.exp(estimates.mean()) == pytest.approx(1.6, rel=0.02) and (ps <= 0.05).mean() > 0.9
    one = pulse(pd.Series(many[0], series(generator).index), WINDOWS)
    assert (np.log(one.value), one.p) == pytest.approx((estimates[0], ps[0]), rel=1e-6)
    regression, many = in_bulk(generator, 1.0)
    assert 0.02 <= (regression.tests(many.T, window)[1] <= 0.05).mean() <= 0.09


def test_many_series_are_tested_as_each_alone_and_the_empty_one_is_none():
    y, other = (series(np.random.default_rng(seed), 1.6) for seed in (1, 2))
    ended = y.where(y.index < "2021-10", 0)
    window = ("2021-10", "2022-12")
    test = PulseInMany(window)
    one, two, three, none = test.many([y, other, ended, y * 0], effect=1.6)
    for found, alone in ((one, pulse(y, window)), (two, test(other, None))):
        assert found.p == pytest.approx(alone.p, rel=1e-6)
        assert found.value == pytest.approx(alone.value, rel=0.05)
        assert (found.high == np.inf) == (alone.low <= 1.6 <= alone.high)
    assert three == pulse(ended, window) and three.low == 0
    assert np.isnan(none.p) and "no error is left" in none.method


def test_ranks_find_a_planted_factor_and_nothing_without_one():
    generator = np.random.default_rng(1)
    ranks = [pulse_rank(series(generator), WINDOWS, generator, draws=199).p for _ in range(150)]
    assert np.mean(np.array(ranks) <= 0.05) <= 0.09
    found = [pulse_rank(series(generator, 2.2), WINDOWS, generator, draws=199) for _ in range(20)]
    assert np.mean([one.p <= 0.05 for one in found]) > 0.7
    assert np.mean([one.value for one in found]) == pytest.approx(2.2, rel=0.15)


def test_windows_without_an_event_have_no_lower_limit():
    quiet = series(np.random.default_rng(3))
    quiet["2018-03":"2018-05"] = 0
    found = pulse(quiet, ("2018-03", "2018-05"))
    assert found.low == 0 and found.high >= np.log(40) / 270 * 0.7 and found.p < 0.001
    assert "no event is counted in the periods of 'window'" in found.warnings[-1]
    other = quiet.where(quiet == 0, 0)
    other["2018-03":"2018-05"] = [7, 9, 12]
    assert pulse(other, ("2018-03", "2018-05"), harmonics=0, order=0).high == np.inf
    with pytest.raises(InputError, match="no error is left"):
        pulse(quiet * 0, WINDOWS)


def test_one_window_a_step_and_a_seed_work():
    generator = np.random.default_rng(2)
    y = series(generator, 1.6)
    assert pulse(y, ("2018-03", "2018-05"), steps=["2020-01"]).value > 1
    one = pulse(y, ("2018-03", "2018-05"), steps="2020-01")
    assert one == pulse(y, [["2018-03", "2018-05"]], steps=(pd.Period("2020-01", "M"),))
    one, two = (pulse_rank(y, WINDOWS, np.random.default_rng(3)) for _ in range(2))
    assert one == two


def calm(index):
    """Months under a truce: all of two windows and of the quarter after each, half of one more."""
    held = pd.Series(0.0, index, name="truce")
    for first, last in [("2018-03", "2018-08"), ("2020-07", "2020-12")]:
        held[first:last] = 1
    held["2016-10"] = 0.5
    return held


def test_a_truce_that_covers_the_windows_biases_them_unless_it_is_in_the_model():
    generator = np.random.default_rng(6)
    index = series(generator).index
    held, windows = calm(index), np.zeros(96)
    for first, last in WINDOWS:
        windows[index.slice_indexer(first, last)] = 1
    means = 90 * 1.3**windows * 0.5 ** held.to_numpy()
    many = [pd.Series(row, index) for row in Noise(0.4, 0.2).draw(means, 60, generator)]
    for term, low, high in ((held, 1.22, 1.38), (None, 0.8, 1.1)):
        found = PulseInMany(WINDOWS, controls=term).many(many)
        assert low < np.exp(np.mean([np.log(one.value) for one in found])) < high
        alone = pulse(many[0], WINDOWS, controls=term)
        assert found[0].p == pytest.approx(alone.p, rel=1e-6)
        places = [pulse_rank(y, WINDOWS, generator, controls=term, draws=1).value for y in many]
        assert low < np.exp(np.mean(np.log(places))) < high


def test_a_control_that_is_a_step_is_that_step():
    generator = np.random.default_rng(7)
    y = series(generator, 1.6)
    step = pd.DataFrame({"new": (y.index >= "2020-01").astype(float)}, y.index)
    one, other = pulse(y, WINDOWS, steps="2020-01"), pulse(y, WINDOWS, controls=step)
    assert (one.value, one.low, one.p) == pytest.approx((other.value, other.low, other.p), rel=1e-6)


def test_controls_that_do_not_fit_are_refused():
    y, generator = series(np.random.default_rng(8)), np.random.default_rng(9)
    held = calm(y.index)
    with pytest.raises(InputError, match="no row for 2015-01"):
        pulse(y, WINDOWS, controls=held.iloc[1:])
    with pytest.raises(InputError, match="no row for 2015-01"):
        pulse_rank(y, WINDOWS, generator, controls=held.iloc[1:])
    with pytest.raises(InputError, match="a control is named 'window'"):
        pulse(y, WINDOWS, controls=held.rename("window"))


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([], "no window"),
        (("2031-01", "2031-03"), "is not within"),
        (("2018-05", "2018-03"), "is not within"),
        (("soon", "later"), "is not a date"),
        (["2018-03", "2018-05"], "expected pairs of a first and a last period"),
        ([("2018-03", "2018-05", "2018-07")], "expected pairs"),
        (("2015-01", "2022-12"), "too few are left"),
    ],
)
def test_windows_that_do_not_fit_are_refused(windows, words):
    for call in (lambda y, g: pulse(y, windows), lambda y, g: pulse_rank(y, windows, g)):
        with pytest.raises(InputError, match=words):
            call(series(np.random.default_rng(4)), np.random.default_rng(5))
