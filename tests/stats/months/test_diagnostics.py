"""A wrong noise model says so itself: memory left, a shift before, another shape, one month."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.base.errors import InputError
from helpers.stats.months.diagnostics import Diagnostics, diagnose
from helpers.stats.months.interrupted import controlled, interrupted
from helpers.stats.months.noise import Noise, Walk
from helpers.stats.trust.calibration import Scenario

SLOW = {
    "AR .95 and noise": Scenario("", Noise(0.95, 0.384, 0.3), 102, 18),
    "random walk": Scenario("", Walk(0.1), 102, 18),
}
QUIET = Scenario("", Noise(0.0, 0.1), 102, 18)


def shares(kind, method, number=40, seed=5):
    """How often memory is left, a shift is seen, the shape is wrong, or any of the first two."""
    world, generator = kind.world(), np.random.default_rng(seed)
    found = []
    for _ in range(number):
        y = world.draw(1.0, generator)
        one = diagnose(interrupted(y, world.at, method=method), generator, omit=[])
        flags = one.memory_left, one.shifted_before
        found.append((*flags, one.misshapen, any(flags)))
    return dict(zip(("memory", "shift", "shape", "either"), np.mean(found, axis=0)))


@pytest.mark.parametrize("world", SLOW)
def test_a_wrong_noise_model_is_noticed_and_the_right_one_is_not(world):
    wrong, right = shares(SLOW[world], "hac"), shares(SLOW[world], "memory")
    assert wrong["memory"] > 0.7 and wrong["either"] > 0.8
    assert right["either"] <= 0.15 and right["memory"] <= 0.12


@pytest.mark.parametrize("world", SLOW)
def test_an_autoregression_alone_is_suspected_in_most_of_them(world):
    assert shares(SLOW[world], "reml")["either"] > 0.5


@pytest.mark.parametrize("method", ["memory", "reml", "local level", "hac", "quasi"])
def test_independent_months_are_called_sound_by_all(method):
    found = shares(QUIET, method)
    assert found["either"] <= 0.18 and found["shape"] <= 0.15


def test_a_doubling_before_the_event_is_seen_where_months_count_as_independent():
    doubled = Scenario("", Noise(0.0, 0.1), 102, 18, shift=2.0)
    world, generator = doubled.world(), np.random.default_rng(2)
    for _ in range(5):
        y = world.draw(1.0, generator)
        found = diagnose(interrupted(y, world.at, method="hac", order=0), generator, omit=[])
        assert found.shifted_before and found.before.p == pytest.approx(1 / 500)
        place = world.means.index.get_loc(pd.Period(found.before.method[-7:], "M"))
        assert abs(place - 51) <= 3 and found.before.value == pytest.approx(2, rel=0.3)
        assert "a shift before the event" in found.words()


def test_too_few_months_before_cannot_tell_of_a_shift():
    y = QUIET.world().draw(1.0, np.random.default_rng(1))
    found = diagnose(interrupted(y, y.index[20], harmonics=0), np.random.default_rng(1), omit=[])
    assert found.before.p is None and not found.shifted_before
    assert "fewer than 24 periods" in found.before.method


def test_overdispersed_counts_have_the_shape_supposed_and_counts_with_many_zeros_do_not():
    """A negative binomial is what the residuals suppose; a third of empty months is none."""
    generator, index = np.random.default_rng(3), QUIET.world().means.index
    shapes = {"negative binomial": [], "empty months": []}
    for _ in range(25):
        many = Noise(0.0, 1e-3, dispersion=10).draw(np.full(120, 40.0), 1, generator)[0]
        some = generator.poisson(40, 120) * (generator.random(120) > 0.33)
        for name, y in zip(shapes, (many, some)):
            fit = interrupted(pd.Series(y, index), index[102], harmonics=0, method="quasi")
            shapes[name].append(diagnose(fit, generator, omit=[]).misshapen)
    assert np.mean(shapes["negative binomial"]) <= 0.15 and np.mean(shapes["empty months"]) > 0.9


def test_quantile_residuals_are_standard_normal_where_counts_are_poisson():
    generator, index = np.random.default_rng(4), QUIET.world().means.index
    y = pd.Series(generator.poisson(6, 120), index)
    fit = interrupted(y, index[60], harmonics=0, order=0, method="quasi")
    found = diagnose(fit, generator, omit=[]).quantiles
    assert abs(found.mean()) < 0.2 and found.std() == pytest.approx(1, abs=0.2)


def test_one_month_that_decides_is_named():
    y = QUIET.world().draw(1.0, np.random.default_rng(6)).round()
    index = y.index
    y.iloc[116:] = [75, 76, 900, 74]
    fit = interrupted(y, index[116], harmonics=0, order=0)
    found = diagnose(fit, np.random.default_rng(1))
    assert found.influence.index.tolist() == index[116:].tolist()
    assert found.influence["change"].idxmin() == index[118]
    assert found.effect.value > 1 > found.influence.loc[index[118], "ratio"]
    assert found.one_month_decides and "one month decides the direction" in found.words()
    calm = y.where(y.index != index[118], 75)
    calm.iloc[116:] *= 0.5
    fit = interrupted(calm.round(), index[116], harmonics=0, order=0)
    assert not diagnose(fit, np.random.default_rng(1)).one_month_decides


def test_a_month_left_out_is_a_month_with_a_column_of_its_own():
    y = QUIET.world().draw(1.0, np.random.default_rng(6))
    fit = interrupted(y, y.index[102], harmonics=0, method="quasi")
    found = diagnose(fit, np.random.default_rng(1), omit=[105]).influence
    x = fit.design.assign(out=np.arange(120) == 105).astype(float)
    glm = sm.GLM(y, x, family=sm.families.Poisson()).fit()
    assert found["ratio"].iloc[0] == pytest.approx(np.exp(glm.params.iloc[0]), rel=0.05)
    assert found.index.tolist() == [y.index[105]]
    alone = interrupted(y, y.index[119], harmonics=0)  # the step is this month: nothing is left
    assert diagnose(alone, np.random.default_rng(1)).influence["ratio"].isna().all()


def test_exposure_and_comparison_count_in_the_residuals():
    """Counts of people who come and go are Poisson about people times rate, and nothing else."""
    generator, index = np.random.default_rng(8), QUIET.world().means.index
    people = pd.Series(np.exp(generator.normal(0, 0.7, 120).cumsum() / 4), index)
    y = pd.Series(generator.poisson(50 * people), index)
    for method in ("memory", "reml", "hac"):
        fit = interrupted(y, index[102], harmonics=0, exposure=people, method=method)
        one = diagnose(fit, generator, omit=[105])
        assert not (one.memory_left or one.shifted_before)
    other = pd.Series(generator.poisson(900 * people), index)
    found = diagnose(controlled(y, other, index[102], harmonics=0), generator, omit=[105])
    assert not (found.memory_left or found.shifted_before or found.misshapen)
    assert abs(found.quantiles.mean()) < 0.3
    wrong = diagnose(interrupted(y, index[102], harmonics=0, method="hac"), generator, omit=[])
    assert wrong.memory_left


def test_ljung_box_and_the_autocorrelation_are_those_of_statsmodels():
    y = SLOW["random walk"].world().draw(1.0, np.random.default_rng(9))
    fit = interrupted(y, y.index[102], method="hac")
    found = diagnose(fit, np.random.default_rng(1), lags=6, omit=[])
    table = sm.stats.acorr_ljungbox(found.innovations, lags=[6])
    assert found.ljung_box.value == pytest.approx(table["lb_stat"].iloc[0])
    assert found.ljung_box.p == pytest.approx(table["lb_pvalue"].iloc[0])
    assert found.autocorrelation == pytest.approx(sm.tsa.acf(found.innovations, nlags=1)[1])


def test_a_p_value_at_the_level_speaks_against_the_model_and_lags_are_a_fifth_of_the_periods():
    y = QUIET.world().draw(1.0, np.random.default_rng(12)).iloc[80:]
    found = diagnose(interrupted(y, y.index[30], harmonics=0), np.random.default_rng(1), omit=[])
    assert len(y) == 40 and found.ljung_box.method == "Ljung-Box, 8 lags"
    checks = {"ljung_box": "memory_left", "before": "shifted_before", "shape": "misshapen"}
    for name, check in checks.items():
        for p, holds in ((0.05, True), (0.0501, False)):
            one = replace(found, **{name: replace(found.shape, p=p)})
            assert getattr(one, check) == holds


def test_the_bootstrap_and_the_local_level_are_diagnosed_by_their_own_noise():
    y = Scenario("", Noise(0.6, 0.3), 102, 18).world().draw(1.0, np.random.default_rng(10))
    for method in ("bootstrap", "local level", "reml"):
        generator = np.random.default_rng(1)
        fit = interrupted(y, y.index[102], method=method, generator=generator, draws=39)
        own = diagnose(fit, generator, omit=[])
        assert abs(own.autocorrelation) < 0.3
    plain = diagnose(interrupted(y, y.index[102], method="hac"), generator, omit=[])
    assert plain.autocorrelation > 0.3 and plain.memory_left


def test_the_same_generator_gives_the_same_words_and_a_seed_is_refused():
    y = QUIET.world().draw(1.0, np.random.default_rng(11))
    fit = interrupted(y, y.index[102])
    one, two = (diagnose(fit, np.random.default_rng(3), omit=[105]) for _ in range(2))
    assert isinstance(one, Diagnostics) and one.quantiles.equals(two.quantiles)
    assert (one.words(), one.before) == (two.words(), two.before)
    with pytest.raises(InputError, match="the generator is 3"):
        diagnose(fit, 3)
