"""A world of two spans has the true sums it promises, and tells a test that ignores clusters."""

import numpy as np
import pytest

from helpers.base.errors import InputError
from helpers.stats.counts.inflation import months_inflation
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.counts.two_spans import TwoSpans


@pytest.mark.parametrize("ratio", [0.5, 1.0, 3.0])
@pytest.mark.parametrize(("spread", "memory"), [(0.0, 0.0), (0.4, 0.9)])
def test_the_spans_have_the_ratio_that_was_planted(ratio, spread, memory):
    generator = np.random.default_rng(5)
    world = TwoSpans(80.0, months=24, cluster=2.0, spread=spread, memory=memory)
    sums = np.array([[span.sum() for span in world.draw(ratio, generator)] for _ in range(400)])
    later, earlier = sums.mean(axis=0)
    assert later / earlier == pytest.approx(ratio, rel=0.02)
    assert earlier == pytest.approx(80 * 24, rel=0.02)


@pytest.mark.parametrize("cluster", [1.0, 2.0, 5.0])
def test_clusters_inflate_the_variance_as_promised(cluster):
    generator = np.random.default_rng(6)
    months = np.concatenate(
        [TwoSpans(50.0, cluster=cluster).draw(1, generator) for _ in range(900)]
    )
    assert months.var() / months.mean() == pytest.approx(2 * cluster - 1, rel=0.06)


def test_a_ratio_that_measures_the_scatter_keeps_its_level_and_a_naive_one_does_not():
    generator = np.random.default_rng(7)
    world = TwoSpans(40.0, cluster=4.0)
    missed = {"measured": 0, "naive": 0}
    for _ in range(300):
        later, earlier = world.draw(1.0, generator)
        scatter = {"measured": months_inflation(later, earlier), "naive": 1.0}
        for name, inflation in scatter.items():
            found = rate_ratio(later.sum(), earlier.sum(), inflation=inflation)
            missed[name] += not found.low <= 1 <= found.high
    assert missed["measured"] < 0.09 * 300 < 0.3 * 300 < missed["naive"]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"mean": 0.0}, {"months": 1}, {"cluster": 0.5}, {"spread": -1.0}, {"memory": 1.0}),
        *({"mean": float("nan")}, {"memory": float("nan")}),
    ],
)
def test_an_impossible_world_is_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        TwoSpans(**{"mean": 10.0} | wrong)
