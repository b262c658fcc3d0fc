"""How far a test can be trusted: numbers by hand, by statsmodels, or at the edge of the rule."""

import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.linalg import toeplitz
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint
from statsmodels.tsa.arima_process import ArmaProcess

from helpers.base.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import interrupted
from helpers.stats.months.memory import fit_memory
from helpers.stats.months.noise import Noise
from helpers.stats.months.trend import deterministic
from helpers.stats.trust.equivalence import equivalence, equivalence_of_rates
from helpers.stats.trust.false_alarms import at_placebo_dates, permuted
from helpers.stats.trust.multiplicity import benjamini_hochberg, holm
from helpers.stats.trust.multiverse import Multiverse, median_test
from helpers.stats.trust.placebo import Placebo, placebo_in_time
from helpers.stats.trust.power import World, detectable, flat_world, power_curve, rejections


@pytest.fixture(scope="module")
def y():
    """Sixty months that remember, of which the last eight are higher."""
    means = np.where(np.arange(60) < 52, 60.0, 80.0)
    drawn = Noise(0.4, 0.2).draw(means, 1, np.random.default_rng(3))[0]
    return pd.Series(drawn, index=pd.period_range("2015-01", periods=60, freq="M"))


@pytest.mark.parametrize(("level", "p"), [(0.90, 0.05), (0.95, 0.025), (0.80, 0.10)])
def test_an_interval_that_touches_the_margin_has_the_p_of_its_one_sided_tail(level, p):
    """Two one-sided tests at 5 % are the 90 % interval (Schuirmann 1987)."""
    for low, high in ((0.9, 1.25), (0.8, 1.1)):
        found = equivalence(Estimate(math.sqrt(low * high), low, high, level=level), alpha=p + 1e-9)
        assert found.p == pytest.approx(p) and found.equivalent
        assert not equivalence(Estimate(1.0, low, high, level=level), alpha=p - 1e-9).equivalent
    assert equivalence(Estimate(1.0, 0.7, 1.0 / 0.7, level=level)).p > p


def test_equivalence_is_the_larger_of_its_two_tails():
    found = equivalence(Estimate(1.1, 1.0, 1.21, n=40), 1.3)
    error = math.log(1.21) / 2 / 1.959964
    expected = norm.cdf((math.log(1.1) - math.log(1.3)) / error)
    assert found.p == pytest.approx(expected, rel=1e-4) and (found.n, found.margin) == (40, 1.3)
    low = equivalence(Estimate(1 / 1.1, 1 / 1.21, 1.0), 1.3)
    assert low.p == pytest.approx(found.p)
    assert equivalence(Estimate(1.25, 1.25, 1.25)).p == 1


@pytest.mark.parametrize("inflation", [1, 3])
def test_equivalence_of_rates_is_a_pair_of_score_tests_with_exposures(inflation):
    from statsmodels.stats.rates import test_poisson_2indep as score

    found = equivalence_of_rates(90, 60, 3, 2, margin=1.5, inflation=inflation)
    tails = [
        score(90 / inflation, 3, 60 / inflation, 2, value=value, method="score", alternative=side)
        for value, side in ((1 / 1.5, "larger"), (1.5, "smaller"))
    ]
    assert found.p == pytest.approx(max(one.pvalue for one in tails)) and found.n == 150
    assert equivalence_of_rates(0, 5, margin=1.5).p > 0.5
    with pytest.raises(InputError, match="both counts are 0"):
        equivalence_of_rates(0, 0)


def test_adjusted_p_values_stand_under_their_names_whatever_their_order():
    p = {"a": 0.2, "b": 0.01, "c": 0.04, "d": 0.03}
    # Holm: 4 x 0.01, 3 x 0.03, not below the one before, 0.2.
    # Benjamini-Hochberg: times 4/1, 4/2, 4/3 and 4/4, not above the one after.
    assert holm(p).to_dict() == pytest.approx({"a": 0.2, "b": 0.04, "c": 0.09, "d": 0.09})
    assert benjamini_hochberg(p).to_dict() == pytest.approx(
        {"a": 0.2, "b": 0.04, "c": 0.16 / 3, "d": 0.16 / 3}
    )
    assert holm({"a": 1.0, "b": 0.7, "c": 0.0}).tolist() == [1, 1, 0]


def test_a_placebo_step_is_a_t_value_of_generalised_least_squares_and_its_rank_counts_itself(y):
    """Under the likeliest memory of the months before the event, whichever the date."""
    found = placebo_in_time(y, "2019-05", before=20, harmonics=1)
    base, logs = deterministic(y.index, 1, 1).in_sample(), np.log(y + 0.5)
    memory = fit_memory(logs[:52], base[:52])
    assert 0 < memory.rho < 1
    shared = ArmaProcess([1, -memory.rho], [1, -memory.theta]).acovf(60)
    base, logs, ts = base.to_numpy(), logs.to_numpy(), []
    for date in [*range(20, 45), 52]:
        end = date + 8
        x = np.c_[(np.arange(end) >= date).astype(float), base[:end]]
        fit = sm.GLS(logs[:end], x, sigma=toeplitz(shared[:end])).fit()
        row = found.steps.loc[y.index[date]]
        assert (row["ratio"], row["t"]) == pytest.approx((np.exp(fit.params[0]), fit.tvalues[0]))
        ts.append(abs(fit.tvalues[0]))
    assert len(found.steps) == 26 and found.after == 8 and found.warnings == ()
    effect = found.effect()
    assert effect.p == pytest.approx(np.mean(np.array(ts) >= ts[-1])) and effect.n == 26
    assert found.smallest_p == 1 / 26
    assert len(placebo_in_time(y, "2019-05", before=26, harmonics=1).steps) == 20
    assert "18 placebo dates" in placebo_in_time(y, "2019-05", before=27, harmonics=1).warnings[0]


def test_a_placebo_that_is_as_far_counts_against_the_event():
    steps = pd.DataFrame({"ratio": [1.2, 0.8, 1.1, 1.3], "t": [3.0, -2.0, 1.0, 2.0]})
    effect = Placebo(steps, 6).effect()
    assert (effect.value, effect.p) == (1.3, 0.75)


def test_a_p_at_the_level_rejects_and_an_interval_holds_its_ends():
    def test(data, _):
        return Estimate(1.0, 0.5, 2.0, 0.05)

    for effect, covered in ((2.0, 8), (0.5, 8), (2.01, 0), (0.49, 0)):
        found = rejections(test, lambda e, g: None, effect, np.random.default_rng(1), series=8)
        assert (found.rejects, found.covered, found.series) == (8, covered, 8)
    assert (
        rejections(test, lambda e, g: None, 1.0, np.random.default_rng(1), alpha=0.04).rejects == 0
    )
    rate = found.rate(0.9)
    assert (rate.low, rate.high) == pytest.approx(proportion_confint(8, 8, 0.1, method="wilson"))


def test_all_effects_of_a_curve_meet_the_same_numbers():
    seen = []

    def draw(effect, generator):
        seen.append(generator.random())
        return effect

    def test(effect, _):
        return Estimate(effect, effect - 1, effect + 1, 0.01 if effect > 1 else 0.5)

    curve = power_curve(test, draw, [1.0, 2.0], np.random.default_rng(1), series=4)
    assert seen[:4] == seen[4:] and len(set(seen)) == 4
    assert curve["power"].tolist() == [0, 1] and curve["covered"].tolist() == [1, 1]


def test_an_effect_is_detectable_from_where_the_power_is_reached():
    curve = pd.DataFrame({"effect": [0.5, 1.0, 1.5, 2.0], "power": [0.8, 0.05, 0.9, 0.7]})
    found = detectable(curve)
    assert found.below == pytest.approx(0.5)
    between = np.interp(0.8, [0.05, 0.9], [0, math.log(1.5)])
    assert found.above == pytest.approx(math.exp(between))
    assert detectable(curve, power=0.91).above is None
    assert detectable(curve, power=0.9).above == pytest.approx(1.5)


def test_an_effect_starts_in_the_period_of_its_event():
    index = pd.period_range("2020-01", periods=6, freq="M")
    world = World(pd.Series(1e9, index=index), Noise(0.0, 1e-9), index[4])
    drawn = world.draw(2.0, np.random.default_rng(1))
    assert (drawn / 1e9).round(2).tolist() == [1, 1, 1, 1, 2, 2]
    flat = flat_world(4, 2, noise=Noise(0.0, 0.1))
    assert flat.at == flat.means.index[4] and len(flat.means) == 6 and flat.means.iloc[0] == 80


def universe(*values):
    rows = {"value": values, "low": 0.0, "high": 9.0, "p": [0.05, 0.06, 0.01][: len(values)]}
    return Multiverse(pd.DataFrame(rows), pd.DataFrame())


def test_a_curve_is_summed_up_by_hand():
    said = universe(0.9, 1.2, 1.4).summary()
    assert said == pytest.approx(
        {"specifications": 3, "median": 1.2, "same_side": 2 / 3, "significant": 2 / 3}
    )
    assert universe(-1.0, -2.0, 3.0).summary(0.0, 0.01)["significant"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("seen", "none", "placebos", "hits"),
    [
        (2.0, 1.0, [0.5, 2.0, 1.9, 0.51], 2),
        (0.5, 1.0, [2.0, 1.9], 1),
        (-3.0, 0.0, [3.0, 2.0, -4.0], 2),
    ],
)
def test_a_placebo_curve_as_far_away_counts_on_either_side(seen, none, placebos, hits):
    given = iter([*placebos, *[none + 0.01] * (20 - len(placebos))])
    found = median_test(
        universe(seen),
        lambda _: universe(next(given)),
        np.random.default_rng(1),
        none=none,
        draws=20,
    )
    assert (found.value, found.p, found.n) == (seen, (1 + hits) / 21, 1)


def test_false_alarms_are_counted_at_every_earlier_date(y):
    found = at_placebo_dates(y, "2019-05", before=38)
    dates = range(38, 45)
    alarms = [interrupted(y[: date + 8], y.index[date]).effect().p <= 0.05 for date in dates]
    assert found.n == 7 and found.value == sum(alarms) / 7
    assert permuted(y, "2019-05", np.random.default_rng(1), draws=20).n == 20
    with pytest.raises(InputError):
        at_placebo_dates(y, "2019-05", before=45)
