"""Shares and their changes: published intervals, closed forms, all permutations written out."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm

from helpers.base.errors import InputError
from helpers.stats.panels.event_growth import event_growth
from helpers.stats.shares.concentration import gini, herfindahl, shares, theil
from helpers.stats.shares.decomposition import decompose
from helpers.stats.shares.proportion import proportion
from helpers.stats.shares.shift import shift


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)],
)
def test_wilsons_intervals_are_the_published_ones(part, whole, low, high):
    """Newcombe (1998), table I, method 3."""
    found = proportion(part, whole)
    assert (found.value, found.low, found.high) == pytest.approx(
        (part / whole, low, high), abs=5e-5
    )
    assert (found.n, found.p) == (whole, None)
    assert proportion(whole - part, whole).high == pytest.approx(1 - low, abs=5e-5)


def test_wilsons_interval_at_another_level_with_clusters_solves_its_equation():
    found = proportion(30, 80, inflation=4, level=0.8)
    for end in (found.low, found.high):
        score = (30 / 80 - end) / math.sqrt(end * (1 - end) * 4 / 80)
        assert abs(score) == pytest.approx(norm.ppf(0.9))
    assert "variance inflation 4" in found.method and found.level == 0.8


@pytest.mark.parametrize(
    ("counts", "inflation", "level"), [((100, 50, 120, 80), 1, 0.95), ((60, 20, 45, 30), 7, 0.8)]
)
def test_growth_splits_as_logarithms_do_and_lethality_has_the_delta_methods_interval(
    counts, inflation, level
):
    d0, n0, d1, n1 = counts
    found = decompose(*counts, inflation=inflation, level=level)
    log = math.log(d1 / n1) - math.log(d0 / n0)
    error = math.sqrt(inflation * (1 / d0 + 1 / d1))
    reach, ratio = norm.ppf(0.5 + level / 2) * error, found.lethality_ratio
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
        (math.exp(log), math.exp(log - reach), math.exp(log + reach))
    )
    assert ratio.p == pytest.approx(2 * norm.sf(abs(log) / error))
    assert found.share_incidents == pytest.approx(math.log(n1 / n0) / math.log(d1 / d0))
    assert found.share_lethality == pytest.approx(log / math.log(d1 / d0))
    changes = found.deaths_change_pct, found.incidents_change_pct
    assert changes == pytest.approx((100 * d1 / d0 - 100, 100 * n1 / n0 - 100))


@pytest.mark.parametrize(
    ("place", "name"),
    list(enumerate(("deaths before", "incidents before", "deaths after", "incidents after"))),
)
def test_a_count_of_zero_has_no_growth_and_is_named(place, name):
    given = [3, 2, 3, 2]
    given[place] = 0
    with pytest.raises(InputError, match=f"^{name} is 0"):
        decompose(*given)


def test_the_interval_of_a_share_of_whole_months_is_that_of_the_binomial():
    """Each month has one event, so that a bootstrap of months draws a binomial count."""
    rows = pd.DataFrame({"a": [1] * 12 + [0] * 28, "b": [0] * 12 + [1] * 28})
    for level in (0.95, 0.8):
        found = shares(rows, np.random.default_rng(1), level=level).iloc[0]
        ends = binom.ppf([0.5 - level / 2, 0.5 + level / 2], 40, 0.3) / 40
        assert found["share"] == 0.3
        assert [found["low"], found["high"]] == pytest.approx(ends, abs=1 / 40)


def test_unevenness_has_the_interval_that_its_share_has():
    """Between two units Gini's coefficient is half the difference of their shares."""
    rows = pd.DataFrame({"a": [4] * 20 + [0] * 10, "b": [0] * 20 + [4] * 10})
    found = gini(rows, np.random.default_rng(1), level=0.9)
    draws = np.abs(np.random.default_rng(2).binomial(30, 2 / 3, 40_000) / 30 - 0.5)
    ends = np.quantile(draws, [0.05, 0.95])
    assert found.value == pytest.approx(1 / 6)
    assert [found.low, found.high] == pytest.approx(ends, abs=0.02)
    assert herfindahl(rows, np.random.default_rng(1)).value == pytest.approx(5 / 9)
    parts = theil(rows, {"a": "x", "b": "y"}, np.random.default_rng(1))
    expected = 2 / 3 * math.log(4 / 3) + 1 / 3 * math.log(2 / 3)
    assert parts["between"].value == parts["total"].value == pytest.approx(expected)


def test_ten_clusters_are_enough_to_say_nothing_of_them():
    rows = pd.DataFrame({"a": range(10), "b": 3})
    assert gini(rows, np.random.default_rng(1)).warnings == ()
    assert "9 clusters" in gini(rows[1:], np.random.default_rng(1)).warnings[0]
    assert shares(rows[:3], np.random.default_rng(1), draws=99)["share"].sum() == 1
    with pytest.raises(InputError, match="at least 99"):
        shares(rows, np.random.default_rng(1), draws=98)


def test_a_shift_is_ranked_among_all_ways_to_label_the_months():
    """Four and four months can be labelled in 70 ways; each is written out here."""
    before = pd.DataFrame({"a": [5, 6, 4, 9], "b": [3, 2, 4, 2], "c": [1, 0, 2, 1]})
    after = pd.DataFrame({"a": [4, 3, 5, 2], "b": [3, 6, 4, 3], "c": [1, 2, 0, 2]})
    both = np.vstack([before, after])

    def measures(first):
        rows = np.isin(np.arange(8), first)
        one, two = both[rows].sum(axis=0), both[~rows].sum(axis=0)
        smooth = [(part + 0.5) / (part.sum() + 1.5) for part in (one, two)]
        logs = np.log(smooth[1] / smooth[0])
        return np.abs(logs), np.abs(two / two.sum() - one / one.sum()).sum() / 2, logs

    seen = measures([0, 1, 2, 3])
    ways = [measures(first) for first in combinations(range(8), 4)]
    expected = np.mean([way[1] >= seen[1] - 1e-12 for way in ways])
    of_units = np.mean([way[0] >= seen[0] - 1e-12 for way in ways], axis=0)
    found = shift(before, after, np.random.default_rng(1), draws=9999)
    assert (found.whole.value, found.whole.p) == pytest.approx((seen[1], expected), abs=0.015)
    assert found.ratios["p"].to_numpy() == pytest.approx(of_units, abs=0.015)
    assert found.ratios["ratio"].to_numpy() == pytest.approx(np.exp(seen[2]))
    assert found.ratios["before"].tolist() == pytest.approx([24 / 39, 11 / 39, 4 / 39])
    assert found.of("a").n == 8 and found.of("a").high > found.of("a").value > found.of("a").low


def test_no_p_of_a_shift_is_below_one_in_the_draws_and_one():
    one, other = pd.DataFrame({"a": [9] * 8, "b": 0}), pd.DataFrame({"a": [0] * 8, "b": 9})
    found = shift(one, other, np.random.default_rng(1), draws=99)
    assert found.whole.value == 1 and found.whole.p == found.of("a").p == 1 / 100


def test_growth_by_events_is_the_one_of_the_totals_and_without_spread_where_events_are_alike():
    found = event_growth([2] * 10, [3] * 15, np.random.default_rng(1))
    ratio = found.lethality_ratio
    assert (ratio.value, ratio.low, ratio.high, ratio.n, ratio.p) == (1.5, 1.5, 1.5, 25, None)
    share = math.log(1.5) / math.log(45 / 20)
    assert found.share_incidents.value == found.share_incidents.low == pytest.approx(share)
    assert (found.from_incidents.value, found.from_lethality.value) == pytest.approx((12.5, 12.5))
    assert event_growth([2] * 10, [4] * 5, np.random.default_rng(1)).share_incidents is None


def test_growth_by_events_has_the_interval_of_a_drawn_mean():
    before, after = [1] * 30 + [5] * 10, [1] * 30 + [5] * 30
    found = event_growth(before, after, np.random.default_rng(1), level=0.9, draws=3999)
    g = np.random.default_rng(2)
    drawn = (1 + 4 * g.binomial(60, 0.5, 40_000) / 60) / (1 + 4 * g.binomial(40, 0.25, 40_000) / 40)
    ends = np.quantile(drawn, [0.05, 0.95])
    assert found.lethality_ratio.value == 1.5
    assert [found.lethality_ratio.low, found.lethality_ratio.high] == pytest.approx(ends, rel=0.02)


def test_a_cluster_is_drawn_whole():
    """Of two clusters before one has no deaths: a draw holds the deadly one once or twice."""
    found = event_growth(
        [4, 4, 0, 0],
        [6, 6, 6, 6],
        np.random.default_rng(1),
        clusters_before=["x", "x", "y", "y"],
        clusters_after=["x", "y", "x", "y"],
    )
    assert found.lethality_ratio.value == 3
    assert (found.lethality_ratio.low, found.lethality_ratio.high) == (1.5, 3)
    assert "2 and 2 clusters" in found.lethality_ratio.method
