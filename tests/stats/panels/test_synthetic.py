"""Synthetic controls: published and known answers hit, packages agreed with, levels held."""

import time

import numpy as np
import pandas as pd
import pytest
from diff_diff import SyntheticDiD
from hypothesis import given, settings
from hypothesis import strategies as st
from pysyncon import Synth

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.stats.panels.convex import convex_weights
from helpers.stats.panels.synthetic import synthetic_control
from helpers.stats.panels.synthetic_did import synthetic_did

METHODS = [synthetic_control, synthetic_did]


def california():
    """Packs of cigarettes a head by state and year (Abadie, Diamond and Hainmueller 2010), as in
    the R package synthdid.
    """
    table = pd.read_csv(paths.ROOT / "tests" / "data" / "california_smoking.csv", index_col="year")
    return table.set_axis(pd.PeriodIndex(table.index.astype(str), freq="Y"))


def quarters(values, first="2004Q1"):
    values = np.asarray(values)
    return pd.DataFrame(
        values,
        index=pd.period_range(first, periods=len(values), freq="Q"),
        columns=[f"u{number}" for number in range(values.shape[1])],
    )


def simulated(generator, units=21, periods=50, at=40, ratio=1.0):
    """Counts that share three movements to different degrees, with levels of their own."""
    factors = np.cumsum(generator.normal(0, 0.15, (periods, 3)), axis=0)
    means = np.exp(generator.uniform(2.5, 5, units) + factors @ generator.uniform(0, 1, (3, units)))
    means[at:, 0] *= ratio
    return quarters(generator.poisson(means))


def test_california_equals_the_published_estimates():
    """Arkhangelsky et al. 2021, table 1: -15.6 packs; their R package prints -15.604, its search
    stopped a little short.
    """
    found = synthetic_did(california(), "California", "1989", scale="level")
    effect = found.difference()
    assert effect.value == pytest.approx(-15.604, abs=0.005)
    assert found.weights.nlargest(5).index.tolist() == [
        "Nevada",
        "New Hampshire",
        "Connecticut",
        "Delaware",
        "Colorado",
    ]
    assert found.weights.nlargest(5).to_numpy() == pytest.approx(
        [0.124, 0.105, 0.078, 0.070, 0.058], abs=0.001
    )
    assert found.times[found.times > 1e-3].index.year.tolist() == [1986, 1987, 1988]
    # The paper's error by placebos is 8.4; two donors rank before California.
    assert 8 < (effect.high - effect.low) / 2 / 1.96 < 9 and effect.p == pytest.approx(3 / 39)
    # The same table has -19.6 for the synthetic control by that search; the best fit is a little
    # closer.
    control = synthetic_control(california(), "California", "1989", scale="level")
    assert control.difference().value == pytest.approx(-19.6, abs=0.15)


def test_synthetic_did_agrees_with_diff_diff_and_fits_at_least_as_well():
    table = california()
    long = (
        table.set_axis(table.index.year)
        .stack()
        .rename("y")
        .rename_axis(["year", "state"])
        .reset_index()
    )
    long["treated"] = (long["state"] == "California").astype(int)
    fit = SyntheticDiD(seed=1, n_bootstrap=20).fit(
        long,
        outcome="y",
        treatment="treated",
        unit="state",
        time="year",
        post_periods=list(range(1989, 2001)),
    )
    found = synthetic_did(table, "California", "1989", scale="level")
    theirs = (
        fit.get_unit_weights_df().set_index("unit")["weight"].reindex(found.weights.index).fillna(0)
    )
    assert found.effect == pytest.approx(fit.att, abs=0.005)
    assert (found.weights - theirs).abs().max() < 0.005
    before = table.loc[:"1988"]
    errors = [
        (before["California"] - before[found.weights.index] @ weights).var(ddof=0)
        + fit.zeta_omega**2 * np.square(weights).sum()
        for weights in (found.weights, theirs)
    ]
    assert errors[0] <= errors[1]


def test_weights_fit_at_least_as_well_as_pysyncon_and_agree_with_it():
    table = california().astype(float)
    before, donors = table.loc[:"1988", "California"], table.loc[:"1988"].drop(columns="California")
    synth = Synth()
    # pysyncon divides each year by its variance over states: weighed by it, all years count alike.
    spread = pd.concat([donors, before], axis=1).var(axis=1).to_numpy()
    synth.fit(X0=donors, X1=before, Z0=donors, Z1=before, custom_V=spread)
    ours = synthetic_control(table, "California", "1989", scale="level").weights.to_numpy()
    error = [
        np.square(before.to_numpy() - donors.to_numpy() @ weights).sum()
        for weights in (ours, synth.W)
    ]
    assert error[0] <= error[1] * (1 + 1e-9)
    assert ours == pytest.approx(synth.W, abs=0.01)


def test_known_weights_are_recovered_and_the_optimum_is_one():
    generator = np.random.default_rng(1)
    donors = np.cumsum(generator.normal(0, 1, (60, 12)), axis=0)
    known = np.r_[0.5, 0.3, 0.2, np.zeros(9)]
    assert convex_weights(donors @ known, donors) == pytest.approx(known, abs=1e-8)
    assert convex_weights(donors @ known + 7, donors, intercept=True) == pytest.approx(
        known, abs=1e-8
    )
    target = donors @ known + generator.normal(0, 1, 60)
    for ridge in (0.0, 30.0):
        found = convex_weights(target, donors, ridge=ridge)
        slope = 2 * donors.T @ (donors @ found - target) + 2 * ridge * found
        # No weight can move to another donor and improve the fit (Karush, Kuhn and Tucker).
        assert found.sum() == pytest.approx(1) and (found >= 0).all()
        assert (slope - slope[found > 0].mean() > -1e-6).all() and np.ptp(slope[found > 0]) < 1e-6


@pytest.mark.parametrize("method", METHODS)
def test_a_planted_ratio_is_recovered(method):
    generator, found = np.random.default_rng(2), []
    for _ in range(12):
        effect = method(simulated(generator, ratio=1.8), "u0", "2014Q1").ratio()
        found.append((effect.value, effect.low < 1.8 < effect.high))
    values, held = zip(*found)
    assert np.exp(np.mean(np.log(values))) == pytest.approx(1.8, rel=0.1) and np.mean(held) >= 0.8


@pytest.mark.parametrize("method", METHODS)
def test_placebos_in_space_hold_their_level(method):
    generator = np.random.default_rng(3)
    ps = np.array([method(simulated(generator), "u0", "2014Q1").difference().p for _ in range(120)])
    assert 0.04 <= np.mean(ps <= 0.1) <= 0.19 and 0.4 < ps.mean() < 0.62
    strong = [
        method(simulated(generator, ratio=3.0), "u0", "2014Q1").difference().p for _ in range(12)
    ]
    assert np.mean(np.array(strong) <= 0.1) > 0.7


def test_p_is_the_rank_and_the_interval_is_where_the_rank_says():
    found = synthetic_control(simulated(np.random.default_rng(4), ratio=2.5), "u0", "2014Q1")
    effect, table = found.difference(level=0.9), found.placebos()
    assert effect.p == pytest.approx((table["ratio"] >= table["ratio"].iloc[0]).sum() / 21)
    assert "smallest p 0.048" in effect.method
    gap, before, others = (
        found.gaps["u0"].iloc[40:],
        table["before"].iloc[0],
        table["ratio"].iloc[1:],
    )

    def p(constant):
        return (1 + (others >= np.sqrt(np.square(gap - constant).mean()) / before).sum()) / 21

    width = effect.high - effect.low
    assert p(effect.low + 0.001 * width) > 0.1 >= p(effect.low - 0.001 * width)
    assert p(effect.high - 0.001 * width) > 0.1 >= p(effect.high + 0.001 * width)


def test_donors_that_fit_badly_can_be_left_out_and_that_is_said():
    panel = simulated(np.random.default_rng(5))
    panel["wild"] = np.random.default_rng(6).poisson(
        np.exp(np.random.default_rng(7).uniform(0, 8, 50))
    )
    found = synthetic_control(panel, "u0", "2014Q1")
    assert "wild" in found.placebos().index and "wild" not in found.placebos(5).index
    assert "with a worse fit left out" in found.difference(most=5).method


def test_paths_add_up_on_every_scale():
    panel = simulated(np.random.default_rng(8), ratio=2.0)
    ratios = []
    for scale in ("log", "index", "level"):
        found = synthetic_control(panel, "u0", "2014Q1", scale=scale)
        assert found.paths["actual"].tolist() == panel["u0"].tolist() and len(found.effects) == 10
        assert found.weights.sum() == pytest.approx(1)
        if scale != "log":
            after = found.paths.iloc[40:]
            assert found.ratio().value == pytest.approx(
                after["actual"].mean() / after["synthetic"].mean()
            )
        else:
            gap = np.log1p(found.paths["actual"]) - np.log1p(found.paths["synthetic"])
            assert gap.to_numpy() == pytest.approx(found.gaps["u0"].to_numpy())
        ratios.append(found.ratio().value)
    assert ratios[0] == pytest.approx(2, rel=0.3) and ratios[1] == pytest.approx(2, rel=0.4)


def test_placebo_in_time_uses_nothing_after_the_event():
    panel = simulated(np.random.default_rng(9))
    changed = panel.copy()
    changed.iloc[40:, 0] *= 9
    first, second = (
        synthetic_control(one, "u0", "2014Q1").backdated("2011Q1") for one in (panel, changed)
    )
    assert first.difference() == second.difference() and len(first.effects) == 12
    with pytest.raises(InputError, match="leaves too little"):
        synthetic_control(panel, "u0", "2014Q1").backdated("2015Q1")


def test_sixty_donors_and_sixty_quarters_take_seconds():
    panel = simulated(np.random.default_rng(1), 61, 80, 60)
    start = time.monotonic()
    for method in METHODS:
        method(panel, "u0", "2019Q1").ratio()
    assert time.monotonic() - start < 20


def test_silent_donors_few_donors_and_huge_counts_are_stated_results():
    panel = simulated(np.random.default_rng(1), 6)
    panel["u5"] = 0
    effect = synthetic_control(panel, "u0", "2014Q1").ratio()
    assert "1 donors without variation" in effect.warnings[0] and effect.low is None
    assert "4 donors allow no p-value of 0.05" in effect.warnings[-1]
    assert synthetic_control(
        panel * 10**9, "u0", "2014Q1", scale="index"
    ).ratio().value == pytest.approx(
        synthetic_control(panel, "u0", "2014Q1", scale="index").ratio().value
    )
    apart = simulated(np.random.default_rng(1), 6)
    apart["u0"] *= 1000
    assert "do not rely on it" in synthetic_control(apart, "u0", "2014Q1").ratio().warnings[0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "spoil, treated, at, words",
    [
        (lambda p: p, "u99", "2014Q1", "no unit 'u99'"),
        (lambda p: p, "u0", "2031Q1", "leaves too little"),
        (lambda p: p, "u0", "2004Q2", "leaves too little"),
        (lambda p: p, "u0", "soon", "is not a date"),
        (lambda p: p[["u0", "u1"]], "u0", "2014Q1", "1 donors vary"),
        (lambda p: p[["u0"]], "u0", "2014Q1", "0 donors vary"),
        (lambda p: p.assign(u0=0), "u0", "2014Q1", "does not vary"),
        (lambda p: p.drop(p.index[7]), "u0", "2014Q1", "no observation follows"),
        (lambda p: p[::-1], "u0", "2014Q1", "sort"),
        (lambda p: p.assign(u3=np.nan), "u0", "2014Q1", "unit u3, observation 1"),
        (lambda p: -p, "u0", "2014Q1", "below 0"),
        (lambda p: p["u0"], "u0", "2014Q1", "not a table"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(method, spoil, treated, at, words):
    with pytest.raises(InputError, match=words):
        method(spoil(simulated(np.random.default_rng(1), 6)), treated, at)


def test_an_unknown_scale_is_refused():
    with pytest.raises(InputError, match="log, index or level"):
        synthetic_control(simulated(np.random.default_rng(1), 6), "u0", "2014Q1", scale="root")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([0, 0, 0, 1, 2, 10**9]), min_size=5, max_size=5),
        min_size=8,
        max_size=8,
    ),
    st.integers(1, 8),
    st.sampled_from(METHODS),
    st.sampled_from(["log", "index", "level"]),
)
def test_no_answer_is_ever_a_silent_nan(values, place, method, scale):
    panel = quarters(values)
    try:
        found = method(panel, "u0", panel.index[min(place, 7)], scale=scale)
    except InputError as error:
        assert str(error)
        return
    for effect in (found.difference(level=0.5), found.ratio(level=0.5)):
        numbers = [
            one for one in (effect.value, effect.low, effect.high, effect.p) if one is not None
        ]
        assert not np.isnan(np.asarray(numbers, dtype=float)).any()
        assert len(numbers) == 4 or effect.warnings
    assert np.isfinite(found.weights).all() and np.isfinite(found.paths.to_numpy()).all()


def test_a_part_of_the_periods_after_has_its_own_effect_and_the_same_weights():
    panel = simulated(np.random.default_rng(11))
    panel.iloc[40:45, 0] *= 5
    control = synthetic_control(panel, "u0", "2014Q1")
    early, late = control.during("2014Q1", "2015Q1"), control.during("2015Q2", "2016Q2")
    assert early.difference().value - late.difference().value == pytest.approx(np.log(5), abs=0.5)
    whole = (5 * early.difference().value + 5 * late.difference().value) / 10
    assert whole == pytest.approx(control.difference().value)
    for first, last in (("2013Q4", "2015Q1"), ("2015Q1", "2014Q2")):
        with pytest.raises(InputError, match="none of the periods after the event"):
            control.during(first, last)
