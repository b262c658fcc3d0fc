"""Panels of counts: fits checked by pyfixest, planted ratios recovered, levels held where CRV1
fails, what is refused.
"""

import numpy as np
import pandas as pd
import pyfixest
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.base.errors import InputError
from helpers.stats.panels.panel import clustered_contrast, panel_effect

STAGGERED = {"u0": "2016-01", "u1": "2017-05", "u2": "2017-05", "u3": "2018-09"}


def simulated(generator, units, periods=60, at=40, treated=0, ratio=1.0, lowest=2.0):
    """Counts by unit with levels of their own, a shared movement, and autocorrelated noise."""
    latent = np.zeros((periods, units))
    latent[0] = generator.normal(0, 0.3, units)
    for step in range(1, periods):
        latent[step] = 0.5 * latent[step - 1] + generator.normal(0, 0.25, units)
    means = np.exp(
        generator.uniform(lowest, 5, units) + latent + generator.normal(0, 0.2, periods)[:, None]
    )
    means[at:, :treated] *= ratio
    return months(generator.poisson(means))


def months(values, first="2015-01"):
    values = np.asarray(values)
    return pd.DataFrame(
        values,
        index=pd.period_range(first, periods=len(values), freq="M"),
        columns=[f"u{number}" for number in range(values.shape[1])],
    )


def long_form(panel, column):
    periods, units = np.indices(panel.shape)
    return pd.DataFrame(
        {
            "y": panel.to_numpy().ravel(),
            "x": np.asarray(column).ravel(),
            "unit": units.ravel(),
            "period": periods.ravel(),
        }
    )


def since(panel, dates):
    """Periods since treatment, by period and unit; the never treated are at -1."""
    first = [panel.index.get_loc(dates[name]) if name in dates else None for name in panel]
    return np.column_stack(
        [
            np.arange(len(panel)) - date if date is not None else np.full(len(panel), -1)
            for date in first
        ]
    )


def test_the_ratio_is_that_of_pyfixest_for_one_date_and_for_several():
    panel = simulated(np.random.default_rng(1), 8)
    for dates in (dict.fromkeys(["u0", "u1"], "2018-05"), STAGGERED):
        fit = pyfixest.fepois(
            "y ~ x | unit + period", long_form(panel, (since(panel, dates) >= 0).astype(float))
        )
        assert panel_effect(panel, dates).ratio == pytest.approx(
            float(np.exp(fit.coef()["x"])), rel=1e-6
        )
    named = panel_effect(panel, ["u0", "u1"], "2018-05")
    assert named.ratio == panel_effect(panel, dict.fromkeys(["u0", "u1"], "2018-05")).ratio


def test_with_one_date_the_ratio_is_that_of_the_totals():
    panel = months([[4, 10, 6], [6, 20, 4], [5, 30, 10], [10, 10, 20]])
    assert panel_effect(panel, "u0", "2015-03").ratio == pytest.approx(
        (15 / 10) / (70 / 40), rel=1e-9
    )


def test_a_planted_ratio_is_recovered_and_most_intervals_hold_it():
    generator, held = np.random.default_rng(2), []
    for _ in range(40):
        found = panel_effect(
            simulated(generator, 16, treated=3, ratio=0.6), ["u0", "u1", "u2"], "2018-05"
        )
        one = found.by_units(generator, draws=199).estimate
        held.append(one.low < 0.6 < one.high)
        assert one.low < one.value < one.high
    assert np.mean(held) >= 0.9
    big = panel_effect(
        simulated(generator, 40, 160, 120, 8, 0.6), [f"u{number}" for number in range(8)], "2025-01"
    )
    effect = big.by_units(generator).estimate
    assert effect.value == pytest.approx(0.6, rel=0.15) and effect.p <= 0.01 and effect.high < 0.8


def test_units_with_few_counts_do_not_take_the_test_away():
    """A log ratio is infinite for a unit that was silent before or after, and no p-value could be
    below their share.
    """
    generator = np.random.default_rng(12)
    panel = simulated(generator, 12, treated=2, ratio=0.3)
    for number in range(12, 24):
        panel[f"u{number}"] = np.where(
            np.arange(60) == generator.integers(60), generator.integers(1, 60), 0
        )
    found = panel_effect(panel, ["u0", "u1"], "2018-05").by_units(generator)
    assert found.smallest_p < 0.01 and found.estimate.p < 0.05
    active = panel_effect(panel, ["u0", "u1"], "2018-05", least=100)
    assert (
        len(active.panel.counts.columns) == 12
        and "fewer than 100 counts" in active.panel.warnings[0]
    )
    # What a unit does after the first date has no part in whether it is left out.
    panel.loc["2018-05":, "u20"] = 500
    assert len(panel_effect(panel, ["u0", "u1"], "2018-05", least=100).panel.counts.columns) == 12


def test_two_periods_give_a_ratio_and_no_test():
    fit = panel_effect(months([[4, 10, 6], [6, 20, 4]]), "u0", "2015-02")
    assert fit.ratio == pytest.approx((6 / 4) / (24 / 16))
    with pytest.raises(InputError, match="at least two"):
        fit.by_units(np.random.default_rng(1))


def test_the_interval_and_the_test_agree():
    generator = np.random.default_rng(5)
    panel = simulated(generator, 12, treated=2, ratio=0.7, lowest=4.9)
    fit = panel_effect(panel, ["u0", "u1"], "2018-05")
    effect = fit.by_units(generator).estimate
    assert (effect.p <= 0.05) == (not effect.low < 1 < effect.high)
    # Dividing the upper end out of the treated counts leaves a ratio that the test is about to
    # reject.
    for ratio, rejected in ((effect.high * 1.01, True), (effect.high / 1.01, False)):
        divided = panel.astype(float)
        divided.loc["2018-05":, ["u0", "u1"]] /= ratio
        again = panel_effect(divided.round(), ["u0", "u1"], "2018-05").by_units(generator)
        assert (again.estimate.p <= 0.05) == rejected


def test_permutation_holds_its_level_and_crv1_does_not():
    generator, ours, theirs = np.random.default_rng(3), [], []
    for _ in range(150):
        panel = simulated(generator, 10, 40, 28)
        ours.append(
            panel_effect(panel, ["u0", "u1"], "2017-05")
            .by_units(generator, interval=False)
            .estimate.p
        )
        theirs.append(clustered_contrast(panel, ["u0", "u1"], "2017-05").p)
    # 45 choices: at the 5 % level the test can reject in 2 of 45 cases.
    assert 0.01 <= np.mean(np.array(ours) <= 0.05) <= 0.09
    assert np.mean(np.array(theirs) <= 0.05) > 0.12


def test_six_units_of_which_two_treated_allow_no_p_below_one_in_fifteen():
    generator = np.random.default_rng(4)
    fit = panel_effect(simulated(generator, 6, treated=2, ratio=0.2), ["u0", "u1"], "2018-05")
    test = fit.by_units(generator)
    assert test.exact and len(test.drawn) == 15
    assert test.smallest_p == test.estimate.p == pytest.approx(1 / 15)
    assert (
        test.estimate.low is None
        and "0.067" in test.estimate.warnings[-1]
        and "0.067" in test.estimate.method
    )
    wider = fit.by_units(generator, level=0.9).estimate
    assert wider.low < wider.value < wider.high < 1
    # Three of six: each choice and its complement are equally far, so the smallest p is 2 in 20.
    half = panel_effect(
        simulated(generator, 6, treated=3, ratio=0.2), ["u0", "u1", "u2"], "2018-05"
    ).by_units(generator)
    assert half.smallest_p == pytest.approx(0.1)


def test_dates_before_the_treatment_judge_it_too():
    generator, ps = np.random.default_rng(6), []
    strong = panel_effect(
        simulated(generator, 6, 60, 52, 2, 0.3), ["u0", "u1"], "2019-05"
    ).by_dates()
    assert (
        strong.estimate.p == strong.smallest_p == 1 / len(strong.drawn) and len(strong.drawn) == 34
    )
    for _ in range(60):
        ps.append(
            panel_effect(simulated(generator, 6, 60, 52), ["u0", "u1"], "2019-05")
            .by_dates()
            .estimate.p
        )
    assert 0.01 <= np.mean(np.array(ps) <= 0.1) <= 0.2


def test_placebo_dates_see_nothing_of_the_treatment():
    panel = simulated(np.random.default_rng(6), 6, 60, 52)
    changed = panel.copy()
    changed.loc["2019-05":, "u0"] *= 5
    first, second = (
        panel_effect(one, "u0", "2019-05").by_dates().drawn for one in (panel, changed)
    )
    assert first[1:] == pytest.approx(second[1:]) and first[0] != pytest.approx(second[0])


def test_the_same_seed_gives_the_same_answer():
    panel = simulated(np.random.default_rng(1), 20)
    one, two = (
        panel_effect(panel, STAGGERED).by_units(np.random.default_rng(7), draws=99)
        for _ in range(2)
    )
    assert one.estimate == two.estimate and not one.exact
    with pytest.raises(InputError, match="generator"):
        panel_effect(panel, STAGGERED).by_units(7)


def test_silent_units_and_huge_counts_are_stated_results():
    panel = simulated(np.random.default_rng(1), 8)
    panel["u7"] = 0
    found = panel_effect(panel, "u0", "2018-05").by_units(np.random.default_rng(1))
    assert (
        len(found.drawn) == 7 and "1 units with fewer than 1 counts" in found.estimate.warnings[0]
    )
    assert panel_effect(panel * 10**7, "u0", "2018-05").ratio == pytest.approx(
        found.estimate.value, rel=1e-9
    )
    panel.loc["2018-05":, "u0"] = 0
    nothing = panel_effect(panel, "u0", "2018-05").by_units(np.random.default_rng(1)).estimate
    assert nothing.value == 0 and nothing.low is None and "the ratio is 0" in nothing.warnings[1]


@pytest.mark.parametrize(
    "spoil, treated, at, words",
    [
        (lambda p: p, "u9", "2018-05", "no unit 'u9'"),
        (lambda p: p, "u0", "2031-05", "outside the panel"),
        (lambda p: p, "u0", "2015-01", "outside the panel"),
        (lambda p: p, "u0", "soon", "is not a date"),
        (lambda p: p, "u0", None, "one date"),
        (lambda p: p, [], "2018-05", "treated units"),
        (lambda p: p[["u0"]], "u0", "2018-05", "never treated"),
        (lambda p: p, ["u0", "u1", "u2", "u3"], "2018-05", "never treated"),
        (lambda p: p.drop(p.index[7]), "u0", "2018-05", "no observation follows 2015-07"),
        (lambda p: p[::-1], "u0", "2018-05", "sort"),
        (
            lambda p: p.mask(np.arange(60 * 4).reshape(60, 4) == 12),
            "u0",
            "2018-05",
            "unit u0, observation 4",
        ),
        (lambda p: p.assign(u0=0), "u0", "2018-05", "no count at all"),
        (
            lambda p: p.assign(u0=1 * (np.arange(60) >= 45)),
            "u0",
            "2018-05",
            "determine no ratio",
        ),
        (lambda p: p["u0"], "u0", "2018-05", "not a table"),
        (lambda p: p.reset_index(drop=True), "u0", "2018-05", "index of dates"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(spoil, treated, at, words):
    panel = spoil(simulated(np.random.default_rng(1), 4))
    with pytest.raises(InputError, match=words):
        panel_effect(panel, treated, at)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([0, 0, 0, 1, 2, 10**9]), min_size=5, max_size=5),
        min_size=9,
        max_size=9,
    ),
    st.integers(1, 8),
    st.booleans(),
)
def test_no_answer_is_ever_a_silent_nan(values, place, staggered):
    panel = months(values)
    dates = {"u0": panel.index[place], "u1": panel.index[max(1, place - 2) if staggered else place]}
    generator = np.random.default_rng(1)
    for answer in (
        lambda: panel_effect(panel, dates).by_units(generator, draws=99).estimate,
        lambda: panel_effect(panel, dates).by_dates(before=1).estimate,
    ):
        try:
            found = answer()
        except InputError as error:
            assert str(error)
            continue
        numbers = [one for one in (found.value, found.low, found.high, found.p) if one is not None]
        assert not np.isnan(np.asarray(numbers, dtype=float)).any()
