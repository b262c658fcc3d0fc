"""Input that no count model can use: one sentence each, never a silent number."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.counts.dispersion import compound_inflation, dispersion, sum_inflation
from helpers.stats.counts.hurdle import fit_hurdle, fit_truncated
from helpers.stats.counts.negbin import fit_negbin, fit_quasi_poisson
from helpers.stats.counts.rates import rate_ratio, ratio_of_ratios, series_ratio
from helpers.stats.counts.tails import tail, worst_share

Y = pd.Series([20, 22, 18, 19, 25, 15, 21, 20, 18, 22, 24, 16] + [1] * 12)
STEP = pd.DataFrame({"const": 1.0, "step": [0.0] * 12 + [1.0] * 12})
TWICE = pd.DataFrame(STEP.to_numpy(), columns=["a", "a"])
SIZES = [300 // place for place in range(1, 301)]
RAIDS = pd.Series([0, 0, 0, 0, 1, 1, 2, 4, 0, 0, 1, 2, 3, 5, 8, 13])
BOMB = pd.DataFrame({"const": 1.0, "bomb": [0.0] * 8 + [1.0] * 8})
LEVELS = [95, 0, 1, -0.5, float("nan"), "0.95", None]


def seed():
    return np.random.default_rng(1)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "ask",
    [
        lambda level: rate_ratio(3, 4, level=level),
        lambda level: rate_ratio(3, 4, method="wald", level=level),
        lambda level: ratio_of_ratios(3, 4, 5, 6, level=level),
        lambda level: series_ratio(Y[:12], Y[12:], level),
        lambda level: series_ratio(Y[:12], Y[12:] * 0, level, memory=False),
        lambda level: fit_quasi_poisson(Y, STEP).ratio("step", level),
        lambda level: fit_hurdle(RAIDS, BOMB).any.ratio("bomb", level),
        lambda level: tail(SIZES, seed(), start=5, level=level),
        lambda level: worst_share(SIZES, seed(), level=level),
    ],
)
def test_what_is_no_level_is_refused(ask, level):
    with pytest.raises(InputError, match="level is"):
        ask(level)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: rate_ratio(3, 4, method=["score"]), "method is"),
        (lambda: rate_ratio(3, 4, 1e-320, 1), "too far apart"),
        (lambda: series_ratio(5, Y), "later series"),
        (lambda: series_ratio(None, Y), "later series"),
        (lambda: dispersion(5), "series 1"),
        (lambda: sum_inflation(Y, periods=float("nan")), "periods"),
        (lambda: compound_inflation(5), "expected several numbers"),
        (lambda: fit_quasi_poisson(Y, None), "expected a pandas.DataFrame"),
        (lambda: fit_quasi_poisson(Y, STEP["const"]), "expected a pandas.DataFrame"),
        (lambda: fit_negbin(Y, STEP.to_numpy()), "expected a pandas.DataFrame"),
        (lambda: fit_negbin(Y, pd.DataFrame(index=Y.index)), "expected a pandas.DataFrame"),
        (lambda: fit_negbin(Y, TWICE), "two columns 'a'"),
        (lambda: fit_negbin(Y, STEP).ratio(["step"]), "no coefficient"),
        (lambda: fit_hurdle(RAIDS, BOMB.to_numpy()), "expected a pandas.DataFrame"),
        (lambda: fit_hurdle(RAIDS, BOMB["bomb"]), "expected a pandas.DataFrame"),
        (lambda: fit_hurdle(RAIDS, BOMB[::-1]), "different labels"),
        (lambda: fit_truncated(RAIDS[9:] + 1, None), "expected a pandas.DataFrame"),
        (lambda: tail(5, seed()), "expected several numbers"),
        (lambda: tail(SIZES, seed(), start=0), "start of the tail is 0"),
        (lambda: tail(SIZES, seed(), start=-3), "start of the tail is -3"),
        (lambda: tail(SIZES, seed(), start=2.5), "start of the tail is 2.5"),
        (lambda: tail(SIZES, seed(), start="a"), "start of the tail is a"),
        (lambda: tail(SIZES, seed(), start=10**6), "could not be fitted|no tail"),
        (lambda: tail([7] * 100, seed()), "fewer than three sizes"),
        (lambda: tail([1] * 50 + [2] * 50 + [3], seed()), "no start of a tail|no tail"),
        (lambda: tail([1] * 50 + [2] * 30 + [9] * 20, seed(), start=9), "no tail to fit"),
        (lambda: tail(SIZES, seed(), start=5, draws=1), "draws is 1"),
        (lambda: tail(SIZES, seed(), start=5, draws=2.5), "draws"),
        (lambda: worst_share(SIZES, seed(), draws=0), "draws is 0"),
        (lambda: worst_share(SIZES, seed(), worst="a"), "worst is a"),
        (lambda: worst_share(SIZES, seed(), worst=float("nan")), "worst is nan"),
        (lambda: worst_share(SIZES, 1), "default_rng"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_sentence(ask, said):
    with pytest.raises(InputError, match=said) as told:
        ask()
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("fit", [fit_quasi_poisson, fit_negbin])
def test_a_group_of_zeros_is_refused_and_one_of_few_is_said(fit):
    with pytest.raises(InputError, match="only zeros"):
        fit(Y.where(Y.index < 12, 0), STEP)
    one = Y.where(Y.index < 12, 0).where(Y.index != 15, 1)
    found = fit(one, STEP).ratio("step")
    assert 0 < found.low < found.value < found.high < 0.1
    assert any("parts 241 counts into 240 and 1" in said for said in found.warnings)
    assert "1 counts in all" in fit(one[12:], STEP[["const"]][12:]).warnings[-1]
    assert not any("rough guide" in said for said in fit(Y, STEP).warnings)


def test_a_sample_in_which_nobody_died_is_drawn_anew():
    found = worst_share([0] * 60 + [2, 3], seed(), worst=0.02, draws=199)
    assert found.value == pytest.approx(3 / 5) and found.low > 0.1
    assert "2 events with deaths" in found.warnings[0]
    assert worst_share(SIZES, seed(), draws=99).warnings == ()


def test_a_hurdle_says_where_few_died():
    found = fit_hurdle(RAIDS, BOMB)
    assert any("parts 10 counts into 4 and 6" in one for one in found.any.ratio("bomb").warnings)
    many = fit_hurdle(pd.Series([*RAIDS] * 5), pd.concat([BOMB] * 5, ignore_index=True))
    assert many.any.warnings == many.many.warnings == ()
