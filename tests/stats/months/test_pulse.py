"""Windows: a planted factor recovered, level and rank held where there is none, what is refused."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.months.noise import Noise
from helpers.stats.months.pulse import pulse, pulse_rank

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


def test_a_planted_factor_is_recovered_and_nothing_is_found_without_one():
    generator, held, null, ranks = np.random.default_rng(1), [], [], []
    for _ in range(150):
        one = pulse(series(generator, 1.6), WINDOWS)
        held.append(one.low <= 1.6 <= one.high)
        quiet = series(generator)
        null.append(pulse(quiet, WINDOWS).p <= 0.05)
        ranks.append(pulse_rank(quiet, WINDOWS, generator, draws=199).p <= 0.05)
    assert np.mean(held) >= 0.90 and 0.01 <= np.mean(null) <= 0.09 and np.mean(ranks) <= 0.09
    found = [pulse_rank(series(generator, 2.2), WINDOWS, generator, draws=199) for _ in range(20)]
    assert np.mean([one.p <= 0.05 for one in found]) > 0.7 and np.mean(
        [one.value for one in found]
    ) == pytest.approx(2.2, rel=0.15)


def test_one_window_a_step_and_a_seed_work():
    generator = np.random.default_rng(2)
    y = series(generator, 1.6)
    assert pulse(y, ("2018-03", "2018-05"), steps=["2020-01"]).value > 1
    one, two = (pulse_rank(y, WINDOWS, np.random.default_rng(3)) for _ in range(2))
    assert one == two


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([], "no window"),
        (("2031-01", "2031-03"), "is not within"),
        (("2018-05", "2018-03"), "is not within"),
        (("soon", "later"), "is not a date"),
        (("2015-01", "2022-12"), "too few are left"),
    ],
)
def test_windows_that_do_not_fit_are_refused(windows, words):
    for call in (lambda y, g: pulse(y, windows), lambda y, g: pulse_rank(y, windows, g)):
        with pytest.raises(InputError, match=words):
            call(series(np.random.default_rng(4)), np.random.default_rng(5))
