"""The article's arithmetic and the identities of the decomposition."""

import numpy as np
import pytest

from helpers.base.errors import InputError
from helpers.stats.panels.event_growth import event_growth, shapley
from helpers.stats.shares.decomposition import decompose


def test_the_articles_four_numbers():
    growth = decompose(1513, 921, 2113, 1261)
    assert growth.deaths_change_pct == pytest.approx(39.66, abs=0.005)
    assert growth.incidents_change_pct == pytest.approx(36.92, abs=0.005)
    assert (growth.lethality_before, growth.lethality_after) == pytest.approx(
        (1.643, 1.676), abs=5e-4
    )
    assert growth.share_incidents == pytest.approx(0.941, abs=5e-4)
    ratio = growth.lethality_ratio
    assert (ratio.value, ratio.low, ratio.high, ratio.p) == pytest.approx(
        (1.020, 0.955, 1.090, 0.56), abs=5e-3
    )
    wide = decompose(1513, 921, 2113, 1261, inflation=10).lethality_ratio
    assert (wide.low, wide.high) == pytest.approx((0.83, 1.26), abs=5e-3)


def test_shares_add_up_and_leave_the_unit_interval_when_parts_move_apart():
    growth = decompose(100, 50, 120, 80)
    assert growth.share_incidents + growth.share_lethality == pytest.approx(1)
    assert growth.share_incidents > 1 > 0 > growth.share_lethality


def test_no_growth_has_no_share():
    growth = decompose(100, 50, 100, 40)
    assert growth.share_incidents is None and growth.lethality_ratio.value == pytest.approx(1.25)


@pytest.mark.parametrize(
    "arguments", [(0, 1, 1, 1), (1, 0, 1, 1), (1, 1, -1, 1), (1, 1, 1, float("nan"))]
)
def test_what_has_no_logarithm_is_refused(arguments):
    with pytest.raises(InputError):
        decompose(*arguments)


def test_shapley_parts_add_up_and_are_those_worked_out_by_hand():
    # 10 incidents with 20 dead, then 15 with 45: 5 more at 2.5 dead on average, and one more dead
    # in 12.5 on average.
    assert shapley(20, 10, 45, 15) == pytest.approx((12.5, 12.5))
    more, deadlier = shapley(1513, 921, 2113, 1261)
    assert more + deadlier == pytest.approx(600) and more / 600 == pytest.approx(0.94, abs=0.005)
    with pytest.raises(InputError, match="incidents after is 0"):
        shapley(3, 2, 0, 0)


def events(generator, mean, days=90, ratio=1.0):
    """Deaths of events that come several a day, deadly days deadly throughout."""
    number, level = generator.poisson(mean, days), generator.gamma(2, 1, days)
    day = np.repeat(np.arange(days), number)
    return generator.poisson(ratio * level[day]), day


def test_growth_by_events_recovers_what_was_planted_and_covers_under_clustering():
    generator, held, naive = np.random.default_rng(3), [], []
    for _ in range(120):
        (before, day), (after, later) = events(generator, 4), events(generator, 4, ratio=1.4)
        one = event_growth(
            before, after, generator, clusters_before=day, clusters_after=later, draws=299
        ).lethality_ratio
        two = event_growth(before, after, generator, draws=299).lethality_ratio
        held.append(one.low <= 1.4 <= one.high)
        naive.append(two.low <= 1.4 <= two.high)
    assert np.mean(held) >= 0.88 and np.mean(naive) < 0.85
    found = event_growth(*(events(generator, mean)[0] for mean in (10, 20)), generator)
    assert (
        found.share_incidents.low < 1 < found.share_incidents.high
        and found.from_lethality.low < 0 < found.from_lethality.high
    )
    assert found.from_incidents.low > 0


@pytest.mark.parametrize(
    "arguments", [([1, 2], [0, 0]), ([1], [1, 2]), ([1, 2], [1, float("nan")]), ([1, 2], [1, -3])]
)
def test_events_that_cannot_be_compared_are_refused(arguments):
    with pytest.raises(InputError):
        event_growth(*arguments, np.random.default_rng(0))
