"""Two groups, one date: a step is found where it was planted, and nothing in dealt labels."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures import group_steps
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import controlled, interrupted
from helpers.stats.months.noise import Noise
from helpers.stats.trust.power import flat_world

AT = "2018-01"
CALM = flat_world(48, 24, mean=30.0, noise=Noise(0.3, 0.2))
FEW = flat_world(48, 24, mean=3.0, noise=Noise(0.3, 0.2))


def draw(seed):
    return np.random.default_rng(seed)


def independent(one, other):
    return group_steps.over(interrupted(one, AT).effect(), interrupted(other, AT).effect())


def shared(one, other):
    return controlled(one, other, AT).effect()


def test_the_interval_of_a_ratio_of_ratios_holds_it_as_often_as_it_says():
    own, held = draw(1), []
    for _ in range(2000):
        logs = own.normal([0.7, 0.2], [0.3, 0.5])
        one, other = (
            Estimate(np.exp(log), *np.exp([log - 1.96 * error, log + 1.96 * error]), p=0.5)
            for log, error in zip(logs, (0.3, 0.5))
        )
        found = group_steps.over(one, other)
        held.append(found.low <= np.exp(0.5) <= found.high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.015)


def test_each_end_joins_the_sides_that_it_is_made_of():
    one, other = Estimate(4.0, 2.0, 32.0, 0.01, 70), Estimate(2.0, 1.0, 3.0, 0.1, 70)
    found = group_steps.over(one, other)
    assert found.low == pytest.approx(2 / np.exp(np.hypot(np.log(2), np.log(1.5))))
    assert found.high == pytest.approx(2 * np.exp(np.hypot(np.log(8), np.log(2))))
    turned = group_steps.over(other, one)
    assert turned.low == pytest.approx(1 / found.high) and turned.p == pytest.approx(found.p)


@pytest.mark.parametrize("other", [0.2, 0.5, 0.8, 1.25, 2.0, 5.0])
def test_the_p_value_says_what_the_interval_says(other):
    found = group_steps.over(Estimate(1.0, 0.6, 2.2), Estimate(other, other / 1.5, other * 1.7))
    assert (found.p <= 0.05) == (found.low >= 1 or found.high <= 1)


def test_an_open_end_stays_open_and_decides_nothing():
    found = group_steps.over(Estimate(3.0, 0.0, 9.0), Estimate(1.0, 0.5, 2.0))
    assert found.low == 0 and found.p == 1


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Estimate(2.0, None, None), "with two ends"),
        (Estimate(0.0, 0.0, 1.0), "above 0"),
        (Estimate(np.inf, 1.0, np.inf), "finite"),
        (Estimate(2.0, 1.0, 4.0, level=0.9), "at 0.9"),
    ],
)
def test_what_is_no_ratio_with_an_interval_is_refused(one, said):
    with pytest.raises(InputError, match=said):
        group_steps.over(one, Estimate(1.0, 0.5, 2.0))


def test_a_lead_looks_at_nothing_from_the_event_on():
    y = CALM.draw(1.0, draw(2))
    later = y.where(y.index < pd.Period(AT), 900.0)
    found = group_steps.leads(later, AT, 2)
    assert list(found) == [1, 2] and found == group_steps.leads(y, AT, 2)
    assert found[2] == interrupted(y[:"2017-12"], "2016-01").effect()


def test_a_lead_that_is_there_is_found_in_its_year_alone():
    y = CALM.draw(1.0, draw(3))
    moved = y.where(y.index < pd.Period("2016-01"), 4 * y)
    found = group_steps.leads(moved, AT, 2)
    assert found[2].low > 2 and found[1].low < 1 < found[1].high
    with pytest.raises(InputError, match="number of years"):
        group_steps.leads(y, AT, 0)


def test_the_curves_part_at_the_event_by_the_ratio_that_is_reported():
    fit = interrupted(CALM.draw(3.0, draw(4)), AT)
    table = group_steps.carried_on(fit)
    apart = table["fitted"] / table["without"]
    assert (apart[:"2017-12"] == 1).all()
    assert apart[AT:].to_numpy() == pytest.approx(fit.effect().value)
    assert table["fitted"].sum() == pytest.approx(table["observed"].sum(), rel=0.1)


@pytest.mark.parametrize("into", ["one", "other"])
def test_a_step_planted_in_one_group_is_found_there_and_the_other_stays_at_its_level(into):
    worlds = {"one": CALM, "other": FEW}
    found = group_steps.found_in(worlds, AT, {into: 6.0}, draw(5), series=150)
    quiet = ({"one", "other"} - {into}).pop()
    assert found[into].low > 0.8 and found[quiet].low < 0.08


def test_a_group_without_a_world_is_refused():
    with pytest.raises(InputError, match="no world for .'third'"):
        group_steps.found_in({"one": CALM}, AT, {"third": 2.0}, draw(1))
    with pytest.raises(InputError, match="no world"):
        group_steps.found_in({}, AT, {}, draw(1))


@pytest.mark.parametrize("compare", [independent, shared])
def test_groups_that_differ_are_told_apart_and_equal_ones_are_not(compare):
    apart = group_steps.differing((CALM, FEW), compare, 9.0, draw(6), series=25)
    same = group_steps.differing((CALM, FEW), compare, 1.0, draw(6), series=40)
    assert apart.value > 0.8 and same.low < 0.05


def test_a_comparison_without_a_p_value_can_reject_nothing():
    with pytest.raises(InputError, match="gives no p-value"):
        group_steps.differing((CALM, FEW), lambda a, b: Estimate(1.0), 1.0, draw(1), series=1)


def test_dealt_events_keep_each_month_and_the_share_of_all():
    one, other = CALM.draw(4.0, draw(7)), FEW.draw(1.0, draw(8))
    dealt = group_steps.deal(one, other, draw(9))
    assert (dealt[0] + dealt[1]).equals(one + other)
    share = one.sum() / (one + other).sum()
    assert dealt[0].sum() / (one + other).sum() == pytest.approx(share, abs=0.02)
    before = slice("2014-01", "2017-12")
    assert dealt[0][before].sum() / (one + other)[before].sum() == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("compare", [independent, shared])
def test_dealt_labels_differ_at_most_as_often_as_the_level_though_the_real_ones_do(compare):
    one, other = CALM.draw(9.0, draw(10)), CALM.draw(1.0, draw(11))
    assert compare(one, other).p < 0.01
    assert group_steps.shuffled(one, other, compare, draw(12), draws=40).low < 0.05


def test_series_that_cannot_be_dealt_are_refused():
    y = FEW.draw(1.0, draw(1))
    with pytest.raises(InputError, match="other periods"):
        group_steps.deal(y, y[:"2018-06"], draw(1))
    with pytest.raises(InputError, match="nothing to deal"):
        group_steps.deal(0 * y, 0 * y, draw(1))
    with pytest.raises(InputError, match="draws"):
        group_steps.shuffled(y, y, shared, draw(1), draws=0)


def test_what_two_groups_share_is_seen_and_what_they_do_not_share_is_not():
    own, months = draw(13), pd.period_range("2014-01", periods=120, freq="M")
    one, noise = (pd.Series(own.normal(size=120), months) for _ in range(2))
    found = group_steps.moved_together(one, 0.6 * one + 0.8 * noise)
    assert found.low > 0.3 and found.low < 0.6 < found.high and found.p < 0.001
    none = group_steps.moved_together(one, noise)
    assert none.low < 0 < none.high and none.n == 120
    with pytest.raises(InputError, match="other periods"):
        group_steps.moved_together(one, noise["2015":])
