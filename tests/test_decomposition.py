"""The article's arithmetic and the identities of the decomposition."""

import pytest

from helpers.stats.decomposition import decompose
from helpers.errors import InputError


def test_the_articles_four_numbers():
    growth = decompose(1513, 921, 2113, 1261)
    assert growth.deaths_change_pct == pytest.approx(39.66, abs=0.005)
    assert growth.incidents_change_pct == pytest.approx(36.92, abs=0.005)
    assert (growth.lethality_before, growth.lethality_after) == pytest.approx((1.643, 1.676), abs=5e-4)
    assert growth.share_incidents == pytest.approx(0.941, abs=5e-4)
    ratio = growth.lethality_ratio
    assert (ratio.value, ratio.low, ratio.high, ratio.p) == pytest.approx((1.020, 0.955, 1.090, 0.56), abs=5e-3)
    wide = decompose(1513, 921, 2113, 1261, inflation=10).lethality_ratio
    assert (wide.low, wide.high) == pytest.approx((0.83, 1.26), abs=5e-3)


def test_shares_add_up_and_leave_the_unit_interval_when_parts_move_apart():
    growth = decompose(100, 50, 120, 80)
    assert growth.share_incidents + growth.share_lethality == pytest.approx(1)
    assert growth.share_incidents > 1 > 0 > growth.share_lethality


def test_no_growth_has_no_share():
    growth = decompose(100, 50, 100, 40)
    assert growth.share_incidents is None and growth.lethality_ratio.value == pytest.approx(1.25)


@pytest.mark.parametrize("arguments", [(0, 1, 1, 1), (1, 0, 1, 1), (1, 1, -1, 1), (1, 1, 1, float("nan"))])
def test_what_has_no_logarithm_is_refused(arguments):
    with pytest.raises(InputError):
        decompose(*arguments)
