"""Interrupted series: published numbers, planted effects recovered, placebo ranks, and what is
refused. The likelihoods of the primary method are in ``test_memory.py``.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.linalg import toeplitz
from statsmodels.datasets import nile

from helpers.base.errors import InputError
from helpers.stats.months.counterfactual import counterfactual
from helpers.stats.months.gls import fit_gls
from helpers.stats.months.interrupted import StepInMany, controlled, interrupted
from helpers.stats.months.local_level import fit_local_level
from helpers.stats.months.noise import Noise, Walk, fit_noise
from helpers.stats.trust.placebo import placebo_in_time

METHODS = ["memory", "reml", "bootstrap", "local level", "hac", "hc", "quasi"]


def months(values, first="2015-01"):
    return pd.Series(values, index=pd.period_range(first, periods=len(values), freq="M"))


def wandering(generator, before=90, after=12, ratio=1.0, mean=80.0):
    means = np.r_[np.full(before, mean), np.full(after, mean * ratio)]
    return months(Noise(0.5, 0.23).draw(means, 1, generator)[0])


def test_the_local_level_of_the_nile_is_that_of_the_textbook():
    fit = fit_local_level(nile.load_pandas().data["volume"])
    assert fit.irregular == pytest.approx(15099, abs=1)
    assert fit.level == pytest.approx(1469, abs=1)


def test_reml_equals_the_likelihood_written_out():
    """At the estimate the dense restricted likelihood (Harville 1974) has its maximum, and its
    coefficients agree.
    """
    generator = np.random.default_rng(2)
    x = np.column_stack([np.ones(50), np.arange(50.0), np.arange(50) >= 30])
    errors = np.linalg.cholesky(0.6 ** toeplitz(np.arange(50))) @ generator.standard_normal(50)
    y = x @ [1, 0.02, 0.5] + errors
    fit = fit_gls(pd.Series(y), pd.DataFrame(x, columns=["const", "trend", "step"]))

    def dense(rho):
        covariance = rho ** toeplitz(np.arange(50)) / (1 - rho**2)
        gls = sm.GLS(y, x, sigma=covariance).fit()
        rss = gls.resid @ np.linalg.solve(covariance, gls.resid)
        half = (
            np.linalg.slogdet(covariance)[1]
            + np.linalg.slogdet(x.T @ np.linalg.solve(covariance, x))[1]
        )
        return -0.5 * (47 * np.log(rss) + half), gls.params

    best, params = dense(fit.rho)
    assert fit.params.to_numpy() == pytest.approx(params, rel=1e-8)
    assert all(best > dense(fit.rho + shift)[0] for shift in (-0.01, 0.01))


@pytest.mark.parametrize("method", METHODS)
def test_planted_steps_and_slopes_are_recovered(method):
    generator = np.random.default_rng(8)
    time = np.arange(120)
    means = 400 * np.exp(
        0.004 * time
        + 0.3 * np.sin(2 * np.pi * time / 12)
        + np.where(time >= 60, np.log(0.6), 0)
        + 0.03 * np.maximum(time - 90, 0)
    )
    y = months(generator.poisson(means))
    found = interrupted(y, y.index[60], slopes=y.index[90], method=method, generator=generator)
    assert found.terms == ("step 2020-01", "slope 2022-07")
    assert found.effect().low < 0.6 < found.effect().high and found.effect().p < 0.05
    later = found.effect({"slope 2022-07": 12})
    assert later.low < np.exp(0.36) < later.high
    assert found.effects()["ratio"].tolist() == pytest.approx([0.6, np.exp(0.03)], rel=0.15)


def test_a_control_that_moves_with_the_series_takes_its_movement_out():
    generator = np.random.default_rng(3)
    control = pd.Series(
        np.cumsum(generator.normal(0, 0.2, 100)),
        index=months(np.zeros(100)).index,
        name="neighbour",
    )
    y = months(generator.poisson(200 * np.exp(control + np.where(np.arange(100) >= 90, -0.3, 0))))
    plain, controlled = (
        interrupted(y, y.index[90], controls=given).effect() for given in (None, control)
    )
    assert controlled.low < np.exp(-0.3) < controlled.high
    assert np.log(controlled.high / controlled.low) < np.log(plain.high / plain.low) / 2


def test_quarters_and_years_work_too():
    generator = np.random.default_rng(5)
    for letter, count in (("Q", 60), ("Y", 30)):
        index = pd.period_range("1990", periods=count, freq=letter)
        y = pd.Series(
            generator.poisson(np.where(np.arange(count) < count // 2, 900, 400)), index=index
        )
        effect = interrupted(y, str(index[count // 2])).effect()
        assert effect.value == pytest.approx(400 / 900, rel=0.25) and effect.high < 0.9


ACES = """
728 659 791 734 757 726 760 740 720 814 795 858 887 766 851 769 781 756 766 752 765 831 879 928
914 808 937 840 916 828 845 818 860 839 887 886 831 796 833 820 877 758 767 738 781 843 850 908
1021 859 976 888 962 838 810 876 843 936 912
"""
STANDARD = """
379875.3 376495.5 377040.8 377116.4 377383.4 374113.1 379513.3 376295.5 374653.2 378485.6 375955.5
378349.7 376762.4 379032.3 379360.4 376162 377972.4 381830.7 379888.6 380872.2 380966.9 381240.4
382104.9 381802.7 381656.3 383680 383504.2 386462.9 383783.1 380836.8 383483 380906.2 382926.8
384052.4 384449.6 383428.4 388153.2 388373.2 386470.1 386033.2 383686.4 385509.3 385901.9 386516.6
388436.5 383255.2 390148.7 385874.9 391613.6 391750.4 394005.6 391364.9 391664.6 389022.3 391878.5
388575.3 392989 390018.8 390712.3
"""


def sicily():
    """Acute coronary events in Sicily a month, and the standardised population."""
    index = pd.period_range("2002-01", periods=59, freq="M")
    return (pd.Series(np.array(one.split(), dtype=float), index) for one in (ACES, STANDARD))


def test_the_smoking_ban_of_sicily_is_that_of_the_tutorial():
    """Lopez Bernal, Cummins and Gasparrini (2017): data and model from the article's own files
    (github.com/gasparrini/2017_lopezbernal_IJE_codedata); 11 % fewer events from January 2005 on.
    """
    y, population = sicily()
    found = interrupted(y, "2005-01", harmonics=0, exposure=population, method="quasi")
    assert found.effect().value == pytest.approx(0.894, abs=0.0005)
    # Model 3: two harmonics of the month; model 4 adds the slope from the ban on.
    time, month = np.arange(1, 60), y.index.month.to_numpy()
    waves = [w(2 * np.pi * k * month / 12) for k in (1, 2) for w in (np.sin, np.cos)]
    x = np.column_stack([time > 36, np.ones(59), time, *waves]).astype(float)
    slope = np.maximum(time - 37, 0)
    for more, slopes in ((x, ()), (np.column_stack([x, slope]), "2005-01")):
        model = sm.GLM(y.to_numpy(), more, sm.families.Poisson(), offset=np.log(population))
        fit = model.fit(scale="X2", tol=1e-12)
        got = interrupted(y, "2005-01", slopes=slopes, exposure=population, method="quasi")
        one, ends = got.effect(), np.exp(fit.conf_int()[0])
        assert [one.value, one.low, one.high] == pytest.approx([np.exp(fit.params[0]), *ends])
        assert one.p == pytest.approx(fit.pvalues[0], rel=1e-4)
    joint, theirs = got.joint("slope 2005-01"), fit.f_test(np.eye(8)[7])
    assert (joint.statistic, joint.p) == pytest.approx((theirs.fvalue, theirs.pvalue), rel=1e-4)
    # The primary method agrees about the ratio and is less sure of it.
    primary = interrupted(y, "2005-01", exposure=population).effect()
    assert primary.value == pytest.approx(0.885, abs=0.01) and primary.low < ends[0] + 0.02


@pytest.mark.parametrize("method", ["memory", "reml", "local level", "hac", "hc", "quasi"])
def test_an_exposure_turns_ratios_of_counts_into_ratios_of_rates(method):
    """Half as many people more come at the event, and the rate falls by two fifths."""
    generator, index = np.random.default_rng(21), months(np.zeros(120)).index
    people = pd.Series(np.linspace(1e6, 2e6, 120), index).where(np.arange(120) < 90, 3e6)
    rates = np.where(np.arange(120) >= 90, 0.6, 1.0) * 3e-4
    y = pd.Series(generator.poisson(people * rates), index)
    options = {"harmonics": 0, "order": 0, "method": method}
    with_people = interrupted(y, index[90], exposure=people, **options).effect()
    assert with_people.low < 0.6 < with_people.high < 0.75
    assert with_people.value == pytest.approx(0.6, abs=0.03)
    assert interrupted(y, index[90], **options).effect().value > 0.7
    shuffled = people.sample(frac=1, random_state=1).sort_index()
    in_thousands = interrupted(y, index[90], exposure=shuffled / 1000, **options).effect()
    assert in_thousands.value == pytest.approx(with_people.value, rel=1e-6)


def test_an_exposure_that_is_none_is_refused():
    y = wandering(np.random.default_rng(4))
    ones = pd.Series(1.0, y.index)
    for exposure, words in (
        (ones.where(y.index != y.index[5], 0), "2015-06 is 0.0"),
        (ones[3:], "2015-01 is nan"),
        (pd.Series("many", y.index), "2015-01 is many"),
        (np.ones(102), "expected an index of dates"),
        (ones.set_axis(pd.period_range("2000Q1", periods=102, freq="Q")), "is nan"),
    ):
        with pytest.raises(InputError, match=words):
            interrupted(y, "2022-07", exposure=exposure)
    with pytest.raises(InputError, match="the bootstrap takes no exposure"):
        interrupted(
            y,
            "2022-07",
            exposure=ones * 2,
            method="bootstrap",
            generator=np.random.default_rng(1),
        )


def test_terms_of_every_kind_are_recovered():
    index, time = months(np.zeros(144)).index, np.arange(144)
    ramp = np.clip((time - 47) / 12, 0, 1)
    gradual = 1 - 0.5 ** (np.maximum(time - 89, 0) / 3)
    logs = np.log(900) - 0.5 * ramp + 0.7 * gradual + 0.3 * (time >= 120)
    y = pd.Series(np.random.default_rng(5).poisson(np.exp(logs)), index)
    found = interrupted(
        y,
        index[120],
        ramps=[(index[48], index[59])],
        gradual=[(index[90], 3)],
        harmonics=0,
        order=0,
    )
    assert found.terms == ("step 2025-01", "ramp 2019-01", "gradual 2022-07")
    ratios = found.effects().set_index("term")
    assert np.log(ratios["ratio"]).tolist() == pytest.approx([0.3, -0.5, 0.7], abs=0.06)
    assert ((ratios["low"] < np.exp([0.3, -0.5, 0.7])) & (ratios["p"] < 0.05)).all()
    assert (ratios["high"] > np.exp([0.3, -0.5, 0.7])).all()


def test_an_effect_that_comes_late_is_not_found_at_the_event_but_later():
    time = np.arange(120)
    y = months(np.random.default_rng(6).poisson(np.where(time >= 96, 200, 400)))
    found = interrupted(y, [y.index[84], y.index[96]], harmonics=0, order=0)
    at_once, later = (found.effect(term) for term in found.terms)
    assert at_once.low < 1 < at_once.high and later.low < 0.5 < later.high < 0.8


def test_dummies_absorb_seasons_of_any_shape():
    """One month a year holds four times as many: two waves leave most of it in the errors."""
    index, time = months(np.zeros(120)).index, np.arange(120)
    means = 80 * np.where(index.month == 3, 4.0, 1.0) * np.where(time >= 102, 0.7, 1.0)
    y = pd.Series(np.random.default_rng(7).poisson(means), index)
    widths = {}
    for harmonics in (2, "dummies"):
        one = interrupted(y, index[102], harmonics=harmonics).effect()
        assert one.low < 0.7 < one.high
        widths[harmonics] = np.log(one.high / one.low)
    assert widths["dummies"] < widths[2] / 1.5


@pytest.mark.parametrize("method", ["memory", "reml", "local level", "hac", "hc", "quasi"])
def test_the_joint_test_of_one_term_is_its_own_and_names_are_checked(method):
    y = wandering(np.random.default_rng(6), ratio=0.7)
    found = interrupted(y, "2022-07", slopes="2022-07", method=method, harmonics=0)
    alone, step = found.joint(["step 2022-07"]), found.effect("step 2022-07")
    tail = 0.02 if method in ("memory", "reml", "local level") else 0.05  # two tails of a mixture
    assert alone.p == pytest.approx(step.p, abs=tail) and alone.df == 1
    assert found.joint() == found.joint(["step 2022-07", "slope 2022-07"])
    assert found.joint().df == 2 and found.joint().df_errors == 102 - 4
    with pytest.raises(InputError, match="did you mean 'step 2022-07'"):
        found.joint(["step 2022-08"])
    with pytest.raises(InputError, match="no coefficient was named"):
        found.joint([])


def test_the_joint_test_of_independent_months_is_about_least_squares_f():
    generator, ps, theirs = np.random.default_rng(8), [], []
    for _ in range(20):
        y = months(generator.poisson(900.0, 96))
        found = interrupted(y, y.index[72], slopes=y.index[72], harmonics=0)
        ols = sm.OLS(np.log(y.to_numpy()), found.design.to_numpy()).fit()
        ps.append(found.joint().p)
        theirs.append(float(ols.f_test(np.eye(4)[:2]).pvalue))
    assert np.corrcoef(ps, theirs)[0, 1] > 0.8
    assert (np.array(ps) <= 0.05).sum() <= 3
    y = months(generator.poisson(np.where(np.arange(96) >= 72, 500.0, 900.0)))
    assert interrupted(y, y.index[72], slopes=y.index[72], harmonics=0).joint().p < 0.001
    fit = interrupted(y, y.index[72], method="bootstrap", generator=generator, draws=39)
    with pytest.raises(InputError, match="one term at a time"):
        fit.joint()


def pair(generator, ratio=1.0, mean=300.0, periods=90, after=12, own=0.05):
    """Two series that wander together; the first changes by itself at the event."""
    shared = mean * np.exp(np.cumsum(generator.normal(0, 0.15, periods)))
    change = np.where(np.arange(periods) >= periods - after, ratio, 1.0)
    one, other = (
        generator.poisson(shared * factor * np.exp(generator.normal(0, own, periods)))
        for factor in (change, 1.0)
    )
    return months(one), months(other)


def test_what_a_comparison_shares_falls_out():
    generator, held, found = np.random.default_rng(9), [], []
    for _ in range(40):
        y, other = pair(generator, 0.7)
        one = controlled(y, other, y.index[78], harmonics=0).effect()
        held.append(one.low <= 0.7 <= one.high)
        found.append((one.p <= 0.05, interrupted(y, y.index[78], harmonics=0).effect().p <= 0.05))
    controlled_power, plain_power = np.mean(found, axis=0)
    assert np.mean(held) >= 0.9 and controlled_power > 0.9 and plain_power < 0.7


def test_a_shared_walk_without_an_effect_is_none():
    generator, rejected = np.random.default_rng(10), 0
    for _ in range(150):
        y, other = pair(generator, periods=60)
        rejected += controlled(y, other, y.index[48], harmonics=0).effect().p <= 0.05
    assert rejected <= 0.09 * 150


def test_few_counts_do_not_bend_a_controlled_ratio():
    """Logarithms of y + .5 would make .60 of a true .5 at a mean of 2."""
    generator, logs = np.random.default_rng(3), []
    for _ in range(40):
        y, other = pair(generator, 0.5, mean=3.0, after=30, own=0.0)
        if other[:60].any() and other[60:].any() and y.any():
            logs.append(
                np.log(controlled(y, other, y.index[60], harmonics=0, order=0).effect().value)
            )
    assert np.exp(np.median(logs)) == pytest.approx(0.5, abs=0.07)


def test_a_comparison_that_tells_nothing_is_refused():
    y, other = pair(np.random.default_rng(1))
    at = y.index[78]
    with pytest.raises(InputError, match="expected the same periods"):
        controlled(y, other[1:], at)
    with pytest.raises(InputError, match="no event on one side of 'step"):
        controlled(y, other.where(y.index < at, 0), at)
    with pytest.raises(InputError, match="the comparison, observation 3"):
        controlled(y, other.where(y.index != y.index[2], -1), at)
    with pytest.raises(InputError, match="no error is left"):
        controlled(y, y, at)


def test_zeros_after_the_event_leave_the_ratio_without_a_lower_limit():
    """The upper one is at least that of a Poisson count of 0, 3.69 over the count expected."""
    y = months(np.r_[np.random.default_rng(2).poisson(20, 60), np.zeros(12, dtype=int)])
    for method in ("memory", "reml", "local level"):
        found = interrupted(y, "2020-01", harmonics=0, order=0, method=method)
        one, summed = found.effect(), found.effect({"step 2020-01": 1})
        assert one.low == summed.low == 0 and one.high >= 0.9 * np.log(40) / 240
        assert one.p < 0.01 and "no event is counted in the periods of" in one.warnings[-1]
        assert found.effect({"step 2020-01": -1}).high == np.inf
        assert found.effect(level=0.8).high < one.high
    few = months(np.r_[[1, 0, 2, 1] * 15, np.zeros(2, dtype=int)])
    assert interrupted(few, "2020-01", harmonics=0, order=0).effect().p > 0.2  # two are expected
    for method in ("hac", "hc", "quasi", "bootstrap"):
        with pytest.raises(InputError, match="only zeros"):
            interrupted(y, "2020-01", method=method, generator=np.random.default_rng(1), draws=39)


def test_zeros_before_the_event_leave_it_without_an_upper_limit():
    y = months(np.r_[np.zeros(60, dtype=int), np.random.default_rng(2).poisson(20, 12)])
    one = interrupted(y, "2020-01", harmonics=0, order=0).effect()
    assert one.high == np.inf and 1 < one.low < one.value and "all periods but" in one.warnings[-1]


def test_no_weight_is_no_effect():
    found = interrupted(wandering(np.random.default_rng(4)), "2022-07")
    for weights in ({}, {"step 2022-07": 0}):
        with pytest.raises(InputError, match="no coefficient has a weight"):
            found.effect(weights)


def test_many_series_are_tested_as_each_alone_and_the_empty_one_is_none():
    world = [wandering(np.random.default_rng(seed)) for seed in range(3)]
    index = world[0].index
    empty, ended = pd.Series(0.0, index), world[0].where(index < "2022-07", 0)
    test = StepInMany("2022-07")
    many = test.many([*world, empty, ended], effect=0.6)
    for one, series in zip(many, world):
        alone = interrupted(series, "2022-07").effect()
        assert (one.value, one.p) == pytest.approx((alone.value, alone.p), abs=0.03)
        assert one.p == pytest.approx(test(series, None).p, rel=1e-6)
        inside = alone.low <= 0.6 <= alone.high
        assert (one.low, one.high) == (
            (0, np.inf) if inside else (pytest.approx(np.nan, nan_ok=True),) * 2
        )
    assert np.isnan(many[3].p) and "only zeros" in many[3].method
    assert many[4] == interrupted(ended, "2022-07").effect()


@pytest.mark.parametrize("wander", [Walk(0.05, 0.2), Noise(0.95, 0.384, 0.3)])
def test_a_counterfactual_of_a_level_that_wanders_is_rarely_called_unusual(wander):
    generator, ps = np.random.default_rng(14), []
    for _ in range(150):
        y = months(wander.draw(np.full(120, 80.0), 1, generator)[0])
        found = counterfactual(y, y.index[102], generator, draws=199)
        ps.append(found.cumulative().p)
    assert np.mean(np.array(ps) <= 0.05) <= 0.09


def test_noise_is_recovered_where_residuals_alone_would_understate_it():
    generator, found = np.random.default_rng(1), []
    design = pd.DataFrame({"const": 1.0, "trend": np.arange(60.0)})
    for _ in range(30):
        y = pd.Series(Noise(0.6, 0.3).draw(np.full(60, 90.0), 1, generator)[0])
        noise = fit_noise(y, design, generator, draws=99)
        found.append((noise.rho, noise.sd))
    rho, sd = np.median(found, axis=0)
    assert rho == pytest.approx(0.6, abs=0.1) and sd == pytest.approx(0.3, abs=0.05)


def test_a_counterfactual_holds_the_sum_that_is_missing_and_finds_a_large_one():
    """A year's sum may be halved by a level that wanders, which the errors now allow for."""
    y = wandering(np.random.default_rng(12), ratio=0.5)
    found = counterfactual(y, y.index[90], np.random.default_rng(0))
    ratio, less = found.ratio(), found.cumulative()
    assert ratio.low < 0.5 < ratio.high and less.low < -480 < less.high
    assert found.table().columns.tolist()[-1] == "observed" and len(found.table()) == 12
    y = wandering(np.random.default_rng(12), ratio=0.15)
    found = counterfactual(y, y.index[90], np.random.default_rng(0))
    assert found.ratio().low < 0.15 < found.ratio().high < 1 and found.ratio().p < 0.05
    assert found.cumulative().high < 0
    with pytest.raises(InputError, match="level is 95"):
        found.ratio(95)


def test_placebo_dates_rank_a_real_step_first_and_an_absent_one_anywhere():
    ranks = []
    for seed in range(60):
        ranks.append(placebo_in_time(wandering(np.random.default_rng(seed)), "2022-07").effect().p)
    assert 0 <= np.mean(np.array(ranks) <= 0.1) <= 0.2 and np.mean(ranks) == pytest.approx(
        0.5, abs=0.12
    )
    found = placebo_in_time(wandering(np.random.default_rng(4), ratio=0.4), "2022-07")
    assert found.effect().p == pytest.approx(found.smallest_p) and found.effect().value < 0.6
    assert found.effect().low is None


def test_the_same_seed_gives_the_same_bootstrap_and_another_does_not():
    y = wandering(np.random.default_rng(6))
    one, two, three = (
        interrupted(
            y, "2022-07", method="bootstrap", generator=np.random.default_rng(seed)
        ).effect()
        for seed in (1, 1, 2)
    )
    assert one == two and one != three


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("change", "steps", "words"),
    [
        (lambda y: y * 0, "2022-07", "only zeros"),
        (lambda y: y[:1], "2015-01", "observations: expected at least"),
        (lambda y: y[:90], "2022-07", "lies outside the series"),
        (lambda y: y, "2031-01", "lies outside the series"),
        (lambda y: y, "soon", "is not a date"),
        (lambda y: y, ["2022-07", "2022-07"], "is given twice"),
        (lambda y: y, [], "no step and no slope"),
        (lambda y: y.where(y.index != y.index[4]), "2022-07", "is not a whole number"),
        (lambda y: y[::-1], "2022-07", "is not later"),
        (lambda y: y.drop(y.index[7]), "2022-07", "no observation follows"),
        (lambda y: months(np.where(np.arange(102) < 90, 5, 9)), "2022-07", "no error is left"),
    ],
)
def test_what_has_no_answer_is_refused_in_a_sentence(method, change, steps, words):
    generator = np.random.default_rng(4)
    harmonics = 0 if words == "no error is left" else 2
    with pytest.raises(InputError, match=words):
        interrupted(
            change(wandering(generator)),
            steps,
            method=method,
            generator=generator,
            harmonics=harmonics,
        ).effect()


def test_options_that_do_not_exist_are_refused():
    y = wandering(np.random.default_rng(4))
    with pytest.raises(
        InputError, match="expected one of memory, reml, bootstrap, local level, hac"
    ):
        interrupted(y, "2022-07", method="newey-west")
    with pytest.raises(InputError, match="did you mean 'step 2022-07'"):
        interrupted(y, "2022-07").effect("step 2022-08")
    with pytest.raises(InputError, match="the controls have no row for 2015-01"):
        interrupted(
            y,
            "2022-07",
            controls=pd.Series([1.0], index=pd.period_range("2001-01", periods=1, freq="M")),
        )
    with pytest.raises(InputError, match=r"expected numpy.random.default_rng"):
        interrupted(y, "2022-07", method="bootstrap", generator=7)
    with pytest.raises(InputError, match="no date before"):
        placebo_in_time(y[80:], "2022-07")


SCALES = st.floats(0, 9).map(lambda power: int(10**power))  # small and large beside each other


@example([0, 0, 0, 0, 0, 1], 1, "memory")  # an end without a limit, which is told
@example([0, 0, 0, 0, 0, 0, 123131, 0], 1, "hac")
@example([0, 0, 0, 0, 117, 0, 0, 0, 0, 194621623, 0], 8, "hac")
@example([0, 0, 0, 0, 0, 7061490, 13], 1, "hc")
@example([0, 0, 3, 77158, 0, 0, 0, 0, 0, 4, 1, 1, 6, 0, 0, 2665588, 0], 13, "quasi")
@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 10**9) | st.just(0) | SCALES, min_size=1, max_size=60),
    st.integers(-3, 70),
    st.sampled_from(METHODS),
)
def test_any_counts_give_a_finite_answer_or_a_sentence(values, at, method):
    y = months(values)
    try:
        found = interrupted(
            y,
            y.index[0] + at,
            harmonics=1,
            method=method,
            generator=np.random.default_rng(0),
            draws=39,
        ).effect()
    except InputError as error:
        assert str(error)
        return
    assert np.isfinite([found.value, found.low, found.p]).all()
    unlimited = any("no limit on that side" in warning for warning in found.warnings)
    assert np.isfinite(found.high) or (np.isposinf(found.high) and unlimited)
    assert found.low <= found.high and 0 <= found.p <= 1
