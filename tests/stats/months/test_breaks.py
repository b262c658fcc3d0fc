"""Breaks: the published dates and statistics of the Nile, size under autocorrelation, recovery, and
what is refused.
"""

import numpy as np
import pandas as pd
import pytest
import ruptures
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.datasets import nile

from helpers.base.errors import InputError
from helpers.stats.months.break_dates import _quantile
from helpers.stats.months.breaks import break_test
from helpers.stats.months.multiple_breaks import multiple_breaks
from helpers.stats.months.noise import Noise
from helpers.stats.months.trend import deterministic


@pytest.fixture(scope="module")
def river():
    volume = nile.load_pandas().data["volume"].to_numpy()
    return pd.Series(volume, index=pd.period_range("1871", periods=100, freq="Y"))


def logs(generator, periods=120, ratio=1.0, rho=0.5, shock=0.2):
    means = np.where(np.arange(periods) < periods // 2, 80.0, 80.0 * ratio)
    counts = Noise(rho, shock / np.sqrt(1 - rho**2)).draw(means, 1, generator)[0]
    return pd.Series(
        np.log(counts + 0.5), index=pd.period_range("2010-01", periods=periods, freq="M")
    )


def test_the_break_of_the_nile_is_that_of_strucchange(river):
    found = break_test(river, np.random.default_rng(1))
    assert found.statistics["sup"] == pytest.approx(75.93, abs=0.005)
    assert found.statistics["ave"] == pytest.approx(21.215, abs=0.0005)
    assert found.statistics["exp"] == pytest.approx(33.759, abs=0.0005)
    assert [str(one) for one in (found.last, found.low, found.high, found.date)] == [
        "1898",
        "1895",
        "1902",
        "1899",
    ]
    assert max(found.p.values()) < 0.01 and found.estimate("exp").p == found.p["exp"]


def test_the_number_of_breaks_of_the_nile_is_that_of_strucchange(river):
    found = multiple_breaks(river)
    assert found.bic.round().tolist() == [1318, 1270, 1276, 1285, 1292, 1311]
    assert found.dates.astype(str).to_numpy().tolist() == [["1898", "1895", "1902"]]
    assert found.levels["const"].tolist() == pytest.approx([river[:28].mean(), river[28:].mean()])
    fixed = {
        number: multiple_breaks(river, number=number).dates["last"].astype(str).tolist()
        for number in (2, 3)
    }
    assert fixed == {2: ["1898", "1953"], 3: ["1898", "1938", "1953"]}


def test_the_distribution_of_the_date_is_that_of_a_random_walk_with_two_slopes():
    """The formula against the walk itself, with unequal variances on both sides."""
    generator, step, reach, phi = np.random.default_rng(3), 0.05, 1200, 2.0
    time = step * np.arange(1, reach + 1)
    places = []
    for _ in range(4000):
        after = np.sqrt(phi) * np.cumsum(generator.normal(0, np.sqrt(step), reach)) - time / 2
        before = np.cumsum(generator.normal(0, np.sqrt(step), reach)) - time / 2
        best = max(
            (0.0, 0.0), (after.max(), time[after.argmax()]), (before.max(), -time[before.argmax()])
        )
        places.append(best[1])
    for chance in (0.9, 0.95, 0.975):
        assert np.mean(np.array(places) < _quantile(chance, 1.0, phi)) == pytest.approx(
            chance, abs=0.012
        )


@pytest.fixture(scope="module")
def tabled():
    """The value that the largest F of independent months exceeds once in twenty, as tables of
    critical values have it.
    """
    generator = np.random.default_rng(15)
    return np.quantile(
        [break_test(logs(generator, rho=0.0)).statistics["sup"] for _ in range(500)], 0.95
    )


@pytest.mark.parametrize(("rho", "shock"), [(0.0, 0.2), (0.5, 0.2), (0.8, 0.15)])
def test_the_test_holds_its_level_where_values_for_independent_months_do_not(tabled, rho, shock):
    generator, rejects, naive = np.random.default_rng(5), 0, 0
    for _ in range(200):
        found = break_test(logs(generator, rho=rho, shock=shock), generator, draws=99)
        rejects += found.p["sup"] <= 0.05
        naive += found.statistics["sup"] > tabled
    assert 0.005 <= rejects / 200 <= 0.09
    assert rho == 0 or naive / 200 > 0.25


def test_a_planted_ratio_is_found_at_its_date():
    generator, near = np.random.default_rng(16), []
    for _ in range(1000):
        date = break_test(logs(generator, ratio=0.6)).likely()
        near.append(abs(date.ordinal - pd.Period("2015-01", "M").ordinal) <= 2)
    assert np.mean(near) >= 0.8


def test_a_planted_ratio_is_called_a_break_and_its_interval_holds_the_date():
    generator, held, found = np.random.default_rng(6), [], []
    for _ in range(150):
        one = break_test(logs(generator, ratio=0.6), generator, draws=99, carry=True)
        held.append(one.low <= pd.Period("2014-12", "M") <= one.high)
        found.append(one.p["sup"] <= 0.05)
    assert np.mean(held) >= 0.9 and np.mean(found) >= 0.95


def test_trend_and_seasons_that_do_not_break_are_taken_out():
    generator = np.random.default_rng(7)
    y = logs(generator, periods=120)
    wave = pd.Series(
        0.02 * np.arange(120) + 0.8 * np.sin(2 * np.pi * np.arange(120) / 12), index=y.index
    )
    fixed = deterministic(y.index, 2, 1).in_sample().drop(columns="const")
    plain, moved = (break_test(one, fixed=fixed).statistics["sup"] for one in (y, y + wave))
    assert moved == pytest.approx(plain)
    assert break_test(y + wave).statistics["sup"] > 5 * plain


def test_breaks_in_a_slope_are_found_and_the_mean_case_agrees_with_another_search():
    generator = np.random.default_rng(8)
    time = np.arange(90.0)
    y = pd.Series(
        0.1 * np.minimum(time, 45) + generator.normal(0, 0.2, 90),
        index=pd.period_range("2000Q1", periods=90, freq="Q"),
    )
    design = pd.DataFrame({"const": 1.0, "trend": time})
    found = multiple_breaks(y, design)
    assert found.number == 1 and abs(found.dates["last"][0].ordinal - y.index[44].ordinal) <= 4
    assert found.levels["trend"].tolist() == pytest.approx([0.1, 0.0], abs=0.02)
    other = ruptures.KernelCPD(kernel="linear", min_size=13).fit(y.to_numpy()).predict(3)
    mean = (
        multiple_breaks(y, number=3)
        .dates["last"]
        .map(lambda one: one.ordinal - y.index[0].ordinal + 1)
    )
    assert mean.tolist() == other[:-1]


def test_the_same_seed_gives_the_same_answer(river):
    one, two = (break_test(river, np.random.default_rng(3)) for _ in range(2))
    assert one.p == two.p and one.rho == two.rho


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda y: break_test(y * 0 + 3), "does not vary"),
        (lambda y: break_test(y[:1]), "observations: expected at least"),
        (lambda y: break_test(y, trim=0.6), "trim is 0.6"),
        (lambda y: break_test(y.where(y.index != y.index[3])), "is not a finite number"),
        (lambda y: break_test(y[::-1]), "is not later"),
        (lambda y: break_test(y.drop(y.index[5])), "no observation follows"),
        (lambda y: break_test(y, fixed=pd.DataFrame({"one": np.ones(len(y))})), "not independent"),
        (lambda y: break_test(y, 7), "expected numpy.random.default_rng"),
        (lambda y: multiple_breaks(y, number=9), "do not fit"),
        (lambda y: multiple_breaks(y * 0 + 3), "reproduce the series exactly"),
        (lambda y: break_test(y).estimate("max"), "no statistic 'max'"),
    ],
)
def test_what_has_no_answer_is_refused(river, call, words):
    with pytest.raises(InputError, match=words):
        call(river)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9) | st.sampled_from([0.0, 1.0]), min_size=1, max_size=50))
def test_any_numbers_give_a_finite_answer_or_a_sentence(values):
    y = pd.Series(values, index=pd.period_range("2000-01", periods=len(values), freq="M"))
    for call in (
        lambda: break_test(y, np.random.default_rng(0), draws=19),
        lambda: multiple_breaks(y, most=2),
    ):
        try:
            found = call()
        except InputError as error:
            assert str(error)
            continue
        shown = (
            [*found.statistics.values(), *found.p.values()]
            if hasattr(found, "p")
            else found.bic.tolist()
        )
        assert np.isfinite(shown).all()
