"""Breaks: the published dates and statistics of the Nile, size where the level wanders, recovery,
and what is refused.
"""

import numpy as np
import pandas as pd
import pytest
import ruptures
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter
from scipy.stats import multivariate_normal
from statsmodels.datasets import nile

from helpers.base.errors import InputError
from helpers.stats.months.break_dates import _quantile, likely_dates
from helpers.stats.months.break_worlds import (
    THETAS,
    independent,
    memories,
    nulls,
    plausible,
    scan_of,
)
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
    found = break_test(river, np.random.default_rng(1), memory=False)
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
    found = multiple_breaks(river, memory=False)
    assert found.bic.round().tolist() == [1318, 1270, 1276, 1285, 1292, 1311]
    assert found.dates.astype(str).to_numpy().tolist() == [["1898", "1895", "1902"]]
    assert found.levels["const"].tolist() == pytest.approx([river[:28].mean(), river[28:].mean()])
    fixed = {
        number: multiple_breaks(river, number=number, memory=False)
        .dates["last"]
        .astype(str)
        .tolist()
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


def test_the_break_of_the_nile_is_one_even_where_the_flow_may_wander(river):
    """The local level is the textbook's other reading of the same series."""
    found, several = break_test(river, np.random.default_rng(1)), multiple_breaks(river)
    assert str(found.date) == "1899" and found.low <= pd.Period("1898") <= found.high
    assert found.p["sup"] < 0.02 and found.warnings == ()
    assert several.number == 1 and str(several.dates["last"][0]) == "1898"


def ar(generator, rho, n):
    """A stationary first-order autoregression of unit variance."""
    shocks = np.sqrt(1 - rho**2) * generator.standard_normal(n + 300)
    return lfilter([1], [1, -rho], shocks)[300:]


WORLDS = {
    "AR .5": lambda g, n: ar(g, 0.5, n),
    "AR .95": lambda g, n: ar(g, 0.95, n),
    "AR .95 and noise": lambda g, n: 0.4 * ar(g, 0.95, n) + 0.3 * g.standard_normal(n),
    "random walk": lambda g, n: g.standard_normal(n).cumsum(),
    "random walk and noise": lambda g, n: (
        (g.standard_normal((2, n)).T @ [1, 0]).cumsum() + 3 * g.standard_normal(n)
    ),
    "slow Poisson": lambda g, n: np.log(g.poisson(5 * np.exp(0.5 * ar(g, 0.9, n))) + 0.5),
    "trend": lambda g, n: 0.02 * np.arange(n) + 0.23 * ar(g, 0.5, n),
}


def test_the_test_holds_its_level_where_tabled_values_do_not():
    """8.68 is what the largest F of independent months exceeds once in twenty (Andrews 2003)."""
    generator, index = np.random.default_rng(5), pd.period_range("2015-01", periods=60, freq="M")
    rejects, tabled = [], []
    for world in 10 * list(WORLDS.values()):
        y = pd.Series(world(generator, 60), index)
        rejects.append(break_test(y, generator, draws=99).p["sup"] <= 0.05)
        tabled.append(break_test(y, memory=False).statistics["sup"] > 8.68)
    assert np.mean(rejects) <= 0.08 and np.mean(tabled) > 0.6


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_a_doubling_is_called_a_break(rho):
    generator, index = np.random.default_rng(6), pd.period_range("2015-01", periods=72, freq="M")
    found, held = [], []
    for _ in range(25):
        y = pd.Series(np.log(2) * (np.arange(72) >= 36) + 0.2 * ar(generator, rho, 72), index)
        one = break_test(y, generator, draws=99)
        found.append(one.p["sup"] <= 0.05)
        held.append(one.low <= index[35] <= one.high)
    assert np.mean(found) >= 0.9 and np.mean(held) >= 0.9


def test_the_worlds_say_what_they_are():
    """Each world is the most plausible one, or nearly, for a series that is of it."""
    generator, n = np.random.default_rng(1), 300
    scan = scan_of(np.ones((n, 1)), np.ones((n, 1)), np.arange(100, 102), memories(n))
    for world, y in {
        "AR(1)": ar(generator, 0.6, n),
        "AR(1) plus noise": ar(generator, 0.9, n) + generator.standard_normal(n),
        "local level": generator.standard_normal(n).cumsum() + 4 * generator.standard_normal(n),
        "trend": 0.02 * np.arange(n) + generator.standard_normal(n),
    }.items():
        drawn, shares = nulls(scan, y, 20, generator)
        assert shares[world] > 0.3 and shares.sum() == pytest.approx(1)
        assert [*drawn] == plausible(shares.to_dict()) and world in drawn


def test_the_differences_of_a_wandering_level_are_a_moving_average():
    """A local level of parameter theta has differences with -theta / (1 + theta**2) at lag one."""
    roots = [root for name, root in memories(30) if name == "local level"]
    for theta, root in zip(THETAS, roots, strict=True):
        moved = np.diff(np.eye(30), axis=0) @ root
        covariance = moved @ moved.T
        resemblance = covariance[5, 6] / covariance[5, 5]
        assert resemblance == pytest.approx(-theta / (1 + theta**2))


def test_the_p_value_is_that_of_the_worst_world_that_is_plausible():
    generator, index = np.random.default_rng(8), pd.period_range("2015-01", periods=72, freq="M")
    apart = 0
    for _ in range(6):
        y = pd.Series(np.log(1.2) * (np.arange(72) >= 36) + 0.2 * ar(generator, 0.6, 72), index)
        one = break_test(y, generator, draws=99)
        kept = one.worlds.loc[plausible(one.worlds["share"].to_dict())]
        assert one.p == {name: kept[name].max() for name in ("sup", "ave", "exp")}
        apart += kept["sup"].max() > kept["sup"].min()
    assert apart >= 3


def test_the_likelihood_of_a_break_is_that_of_a_written_out_normal_one():
    """Restricted, with a wide prior of the level and the scale integrated by hand on a grid."""
    n, generator = 16, np.random.default_rng(10)
    worlds = [one for one in memories(n) if one[0] == "AR(1)"][3:6]
    y = generator.normal(size=n).cumsum()
    scan = scan_of(np.ones((n, 1)), np.ones((n, 1)), np.arange(5, 9), tuple(worlds))
    without = scan.likelihoods(y[None])[0][0]
    scales, wide = np.exp(np.linspace(-3, 5, 801)), 1e4
    dense = []
    for _, root in worlds:
        cov = root @ root.T
        logs = [multivariate_normal(cov=scale**2 * cov + wide).logpdf(y) for scale in scales]
        dense.append(np.log(np.exp(np.array(logs) - max(logs)).sum()) + max(logs))
    assert np.diff(without) == pytest.approx(np.diff(dense), abs=1e-3)


def test_a_break_in_several_coefficients_has_the_f_of_two_regressions():
    """Against statsmodels: the squared error of one regression over that of two."""
    generator, n = np.random.default_rng(11), 60
    index, x = pd.period_range("2015-01", periods=n, freq="M"), generator.normal(size=n)
    y = pd.Series(generator.normal(size=n) + np.where(np.arange(n) < 25, 0.0, x), index)
    also = pd.DataFrame({"x": x})
    found = break_test(y, np.random.default_rng(1), breaking=also, memory=False, draws=199)
    design = sm.add_constant(x)
    whole = sm.OLS(y.to_numpy(), design).fit().ssr
    for place in (12, 25, 40):
        parts = (slice(None, place), slice(place, None))
        halves = sum(sm.OLS(y.to_numpy()[one], design[one]).fit().ssr for one in parts)
        f = (whole - halves) / (halves / (n - 4))
        assert found.f[index[place - 1]] == pytest.approx(f)
    assert abs(found.last.ordinal - index[24].ordinal) <= 3 and found.p["sup"] < 0.02
    assert found.low <= index[24] <= found.high
    level = break_test(y, np.random.default_rng(1), memory=False, draws=199)
    assert level.p["sup"] > 0.05
    remembering = break_test(y, np.random.default_rng(1), breaking=also, draws=199)
    assert remembering.p["sup"] < 0.05 and remembering.low <= index[24] <= remembering.high


def test_a_break_in_several_coefficients_is_judged_about_as_the_tabled_value_does():
    """11.72 is the 5 % value for two coefficients and 15 % trimmed (Andrews 2003)."""
    n, generator = 200, np.random.default_rng(12)
    columns = np.column_stack([np.ones(n), generator.normal(size=n)])
    scan = scan_of(columns, columns, np.arange(30, 171), independent(n))
    tops = scan.f(generator.standard_normal((4000, n))).max(axis=1)
    assert np.mean(tops > 11.72) == pytest.approx(0.05, abs=0.012)


def test_the_likeliest_dates_hold_what_they_should():
    lasts = np.arange(3, 8)
    assert likely_dates(np.log([1.0, 1, 96, 1, 1]), lasts) == (5, 5)
    assert likely_dates(np.log([48.0, 1, 1, 1, 49]), lasts) == (3, 7)
    assert likely_dates(np.zeros(5), lasts, 0.999) == (3, 7)
    with pytest.raises(InputError, match="level is 95"):
        likely_dates(np.zeros(5), lasts, 95)


def test_a_date_that_cannot_be_told_is_said():
    generator, index = np.random.default_rng(13), pd.period_range("2015-01", periods=80, freq="M")
    found = break_test(pd.Series(generator.standard_normal(80).cumsum(), index))
    assert "does not say when it broke" in found.warnings[0]
    assert found.low < found.last < found.high


def test_memory_is_not_taken_for_breaks():
    """BIC of independent errors finds breaks in most series of AR .5."""
    generator, index = np.random.default_rng(14), pd.period_range("2015-01", periods=60, freq="M")
    wrong, plain = [], []
    for _ in range(20):
        y = pd.Series(ar(generator, 0.5, 60), index)
        wrong.append(multiple_breaks(y).number)
        plain.append(multiple_breaks(y, memory=False).number)
    assert np.mean(np.array(wrong) > 0) <= 0.1 and np.mean(np.array(plain) > 0) > 0.3


def test_two_breaks_are_found_and_their_intervals_hold_them():
    generator, index = np.random.default_rng(15), pd.period_range("2015-01", periods=75, freq="M")
    level, right, held = np.repeat([0.0, 1.0, 0.3], 25), [], []
    for _ in range(6):
        y = pd.Series(level + 0.2 * ar(generator, 0.5, 75), index)
        right.append(multiple_breaks(y).number == 2)
        dates = multiple_breaks(y, number=2).dates
        held += [dates.low[at] <= index[24 + 25 * at] <= dates.high[at] for at in (0, 1)]
    assert np.mean(right) >= 0.8 and np.mean(held) >= 0.85


def test_a_planted_ratio_is_found_at_its_date():
    generator, near = np.random.default_rng(16), []
    for _ in range(25):
        date = break_test(logs(generator, ratio=0.6)).likely()
        near.append(abs(date.ordinal - pd.Period("2015-01", "M").ordinal) <= 2)
    assert np.mean(near) >= 0.8


def test_trend_and_seasons_that_do_not_break_are_taken_out():
    generator = np.random.default_rng(7)
    y = logs(generator, periods=120)
    wave = pd.Series(
        0.02 * np.arange(120) + 0.8 * np.sin(2 * np.pi * np.arange(120) / 12), index=y.index
    )
    fixed = deterministic(y.index, 2, 1).in_sample().drop(columns="const")
    for memory in (False, True):
        plain, moved = (
            break_test(one, fixed=fixed, memory=memory).statistics["sup"] for one in (y, y + wave)
        )
        assert moved == pytest.approx(plain)
    assert break_test(y + wave, memory=False).statistics["sup"] > 5 * plain


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
        multiple_breaks(y, number=3, memory=False)
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
        (lambda y: break_test(y, level=95), "level is 95"),
        (lambda y: break_test(y, trim="a lot"), "trim is a lot"),
        (lambda y: break_test(y, np.random.default_rng(0), draws=0), "draws is 0"),
        (lambda y: break_test(y, breaking=pd.DataFrame({"x": [1.0]})), "table beside it 1"),
        (lambda y: multiple_breaks(y, level=95), "level is 95"),
        (lambda y: multiple_breaks(y, level=95, memory=False), "level is 95"),
        (lambda y: multiple_breaks(y, number=-1), "number of breaks is -1"),
        (lambda y: multiple_breaks(y, number=1.5), "number of breaks is 1.5"),
        (lambda y: multiple_breaks(y, trim=0), "trim is 0"),
    ],
)
def test_what_has_no_answer_is_refused(river, call, words):
    with pytest.raises(InputError, match=words):
        call(river)


@settings(max_examples=30, deadline=None)
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
