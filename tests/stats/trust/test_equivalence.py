"""Equivalence: statsmodels' numbers, both kinds of mistake, and what is refused."""

import numpy as np
import pytest
from statsmodels.stats.rates import tost_poisson_2indep

from helpers.base.errors import InputError
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.estimate import Estimate
from helpers.stats.trust.equivalence import equivalence, equivalence_of_rates


def test_the_articles_lethality_is_that_of_statsmodels():
    found = equivalence_of_rates(2113, 1513, 1261, 921, margin=1.25)
    assert found.p == pytest.approx(
        tost_poisson_2indep(2113, 1261, 1513, 921, 0.8, 1.25, method="score").pvalue
    )
    assert found.p == pytest.approx(7e-10, rel=0.05) and found.equivalent
    # With a variance ten times the mean the 95 % interval reaches past the margin, the 90 % one of
    # the two tests just does not.
    wide = equivalence_of_rates(2113, 1513, 1261, 921, margin=1.25, inflation=10)
    assert wide.p == pytest.approx(0.028, abs=0.001)
    assert not equivalence_of_rates(
        2113, 1513, 1261, 921, margin=1.25, inflation=10, alpha=0.025
    ).equivalent


def test_an_interval_gives_nearly_the_same():
    ratio = rate_ratio(2113, 1513, 1261, 921, method="wald", inflation=4)
    one, two = (
        equivalence(ratio, 1.25),
        equivalence_of_rates(2113, 1513, 1261, 921, margin=1.25, inflation=4),
    )
    assert one.p == pytest.approx(two.p, rel=0.15)
    inside = equivalence(Estimate(1.0, 0.9, 1.1, level=0.90), 1.25)
    assert (
        inside.equivalent and not equivalence(Estimate(1.0, 0.7, 1.4, level=0.90), 1.25).equivalent
    )


def test_a_ratio_at_the_margin_is_called_equal_once_in_twenty():
    generator = np.random.default_rng(2)
    called = [
        equivalence_of_rates(*generator.poisson([1250, 1000]), margin=1.25).equivalent
        for _ in range(2000)
    ]
    assert np.mean(called) == pytest.approx(0.05, abs=0.015)
    called = [
        equivalence_of_rates(*generator.poisson([1000, 1000]), margin=1.25).equivalent
        for _ in range(200)
    ]
    assert np.mean(called) > 0.95


def test_ends_without_width_are_answered():
    assert (
        equivalence(Estimate(1.1, 1.1, 1.1)).p == 0 and equivalence(Estimate(2.0, 2.0, 2.0)).p == 1
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: equivalence(Estimate(1.0)),
        lambda: equivalence(Estimate(1.0, 0.0, 2.0)),
        lambda: equivalence(Estimate(1.0, 0.5, np.inf)),
        lambda: equivalence(Estimate(1.0, 0.9, 1.1), 1.0),
        lambda: equivalence_of_rates(0, 0),
        lambda: equivalence_of_rates(-1, 3),
        lambda: equivalence_of_rates(1, 3, margin=float("nan")),
    ],
)
def test_what_has_no_answer_is_refused(call):
    with pytest.raises(InputError):
        call()
