"""Merged groups: deaths per event, and harm that moves from name to name."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.merged import deaths_per_event, displacement, per_event_design

AT, EVENT = pd.period_range("2015-08", "2021-07", freq="M"), "2020-08"


def panel(generator, ratio=1.0, shared=1.0):
    """Return three groups whose single events kill few, and now and then many."""
    parts = []
    for name, level in {"one": 7.0, "two": 2.0, "three": 1.0}.items():
        events = generator.poisson(level, len(AT))
        means = np.where(pd.Period(EVENT, "M") <= AT, shared * (ratio if name == "one" else 1), 1.0)
        # One death at least an event, and a heavy tail of more.
        deaths = [
            n + generator.poisson(m * generator.lognormal(0, 1, n)).sum()
            for n, m in zip(events, means)
        ]
        parts.append(pd.DataFrame({"group": name, "month": AT, "events": events, "deaths": deaths}))
    return pd.concat(parts, ignore_index=True)


def test_with_one_other_group_the_ratio_of_ratios_is_that_of_the_sums():
    table = panel(np.random.default_rng(1)).query("group != 'three'")
    found = deaths_per_event(table, EVENT, np.random.default_rng(1), joined="one", draws=99)
    sums = table.groupby(["group", table["month"] >= pd.Period(EVENT)])[["deaths", "events"]].sum()
    rate = sums["deaths"] / sums["events"]
    by_hand = rate["one", True] / rate["one", False] / (rate["two", True] / rate["two", False])
    assert found.value == pytest.approx(by_hand)
    alone = deaths_per_event(
        table.query("group == 'two'"), EVENT, np.random.default_rng(1), draws=99
    )
    assert alone.value == pytest.approx(rate["two", True] / rate["two", False])


def test_a_planted_ratio_is_found_and_a_change_that_all_share_is_not():
    generator = np.random.default_rng(2)
    planted = [
        deaths_per_event(panel(generator, 4), EVENT, generator, joined="one", draws=99)
        for _ in range(10)
    ]
    shared = [
        deaths_per_event(panel(generator, 1, 4), EVENT, generator, joined="one", draws=99)
        for _ in range(10)
    ]
    assert sum(one.low > 1 for one in planted) >= 9
    assert sum(one.low > 1 for one in shared) <= 2


def test_the_interval_knows_the_scatter_of_single_large_attacks():
    generator = np.random.default_rng(3)
    found = [
        deaths_per_event(panel(generator), EVENT, generator, joined="one", draws=199)
        for _ in range(120)
    ]
    assert np.mean([one.low <= 1 <= one.high for one in found]) >= 0.88  # three errors below .95
    assert np.mean([one.p < 0.05 for one in found]) <= 0.11


def test_one_month_of_many_deaths_widens_the_interval():
    table = panel(np.random.default_rng(4))
    place = table.index[(table["group"] == "one") & (table["events"] > 0)][-1]
    large = table.copy()
    large.loc[place, "deaths"] += 400
    narrow, wide = (
        deaths_per_event(one, EVENT, np.random.default_rng(1), joined="one")
        for one in (table, large)
    )
    assert wide.value > narrow.value and wide.high / wide.low > 2 * narrow.high / narrow.low


def test_what_cannot_be_compared_is_refused():
    table = panel(np.random.default_rng(5))
    with pytest.raises(InputError, match="'four' is not one of several groups: one, three, two"):
        per_event_design(table, EVENT, "four")
    with pytest.raises(InputError, match="'one' is not one of several groups: one"):
        per_event_design(table.query("group == 'one'"), EVENT, "one")
    with pytest.raises(InputError, match="has 0 months with events after the date"):
        per_event_design(table, "2021-08", "one")
    silent = table.copy()
    silent.loc[0, ["events", "deaths"]] = [0, 7]
    with pytest.raises(InputError, match="one in 2015-08 has 7 deaths and no event"):
        per_event_design(silent, EVENT, "one")
    bloodless = table.assign(
        deaths=table["deaths"].where((table["group"] != "one") | (table["month"] < EVENT), 0)
    )
    with pytest.raises(InputError, match="some group holds only zeros"):
        deaths_per_event(bloodless, EVENT, np.random.default_rng(1), joined="one", draws=99)
    with pytest.raises(InputError, match="deaths"):
        per_event_design(table.drop(columns="deaths"), EVENT, "one")


def test_moved_harm_is_negative_and_series_that_drift_apart_have_nothing_in_common():
    generator, months = np.random.default_rng(8), pd.period_range("2022-01", periods=48, freq="M")
    whole = pd.Series(generator.poisson(40, 48), months)
    part = pd.Series(generator.binomial(whole, 0.3), months)
    moved = displacement(pd.Series(40 - part, months), part)
    assert moved.correlation.value < -0.9 and moved.correlation.high < 0
    assert moved.correlation.p == pytest.approx(1 / 48) and len(moved.rotations) == 47
    trends = np.exp(np.arange(48) / 24)
    p = [
        displacement(
            *(pd.Series(generator.poisson(8 * one), months) for one in (trends, 1 / trends))
        ).correlation.p
        for _ in range(100)
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.12


def test_series_without_common_months_or_without_change_are_refused():
    months = pd.period_range("2022-01", periods=12, freq="M")
    one = pd.Series([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], months)
    with pytest.raises(InputError, match="different periods"):
        displacement(one, one.set_axis(months + 1))
    with pytest.raises(InputError, match="the second series does not vary"):
        displacement(one, one * 0)
