"""Shares: a textbook interval, clustering, and what is refused."""

import pytest

from helpers.base.errors import InputError
from helpers.stats.shares.proportion import proportion


def test_wilson_solves_its_equation():
    """The ends are the shares whose score test just rejects (Wilson 1927)."""
    found = proportion(12, 40)
    for end in (found.low, found.high):
        assert (found.value - end) ** 2 == pytest.approx(
            1.959964**2 * end * (1 - end) / 40, rel=1e-5
        )


def test_clusters_are_worth_fewer_counts():
    assert proportion(120, 400, inflation=10).low == pytest.approx(proportion(12, 40).low)
    assert proportion(0, 7).low == pytest.approx(0, abs=1e-12) and proportion(
        7, 7
    ).high == pytest.approx(1)


@pytest.mark.parametrize("arguments", [(3, 0), (5, 4), (-1, 4), (1.5, 4), (float("nan"), 4)])
def test_what_is_no_share_is_refused(arguments):
    with pytest.raises(InputError):
        proportion(*arguments)
