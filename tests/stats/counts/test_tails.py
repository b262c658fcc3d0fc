"""Tails: planted exponents recovered, light tails told from heavy ones, the weight of the worst."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import zipf

from helpers.base.errors import InputError
from helpers.stats.counts.tails import tail, worst_share


@pytest.mark.parametrize("exponent", [2.2, 2.8])
def test_a_planted_exponent_is_recovered(exponent):
    held = []
    for seed in range(50):
        sizes = zipf.rvs(exponent, size=1500, random_state=seed)
        found = tail(sizes, np.random.default_rng(seed + 1000), start=1, draws=199).exponent
        held.append(found.low <= exponent <= found.high)
        assert found.value == pytest.approx(exponent, abs=0.2)
    assert np.mean(held) >= 0.88


def test_the_start_of_the_tail_is_found_and_the_package_agrees():
    import powerlaw

    generator = np.random.default_rng(3)
    top = zipf.rvs(2.5, size=20_000, random_state=4)
    body, top = generator.integers(1, 8, 1500), top[top >= 8]
    found = tail(np.r_[body, top], generator)
    assert found.start == pytest.approx(8, abs=2)
    fit = powerlaw.Fit(
        np.r_[body, top].astype(float),
        discrete=True,
        xmin=found.start,
        estimate_discrete=False,
        verbose=0,
    ).power_law
    assert found.exponent.value == pytest.approx(fit.alpha, abs=0.02)


def test_a_lognormal_is_told_from_a_power_law():
    sizes = np.round(np.random.default_rng(5).lognormal(3, 0.6, 3000))
    found = tail(sizes, np.random.default_rng(5), start=5)
    assert found.against_lognormal.value < 0 and found.against_lognormal.p < 0.01


def test_the_worst_events_hold_what_is_worked_out_by_hand():
    assert worst_share([1] * 19 + [81], np.random.default_rng(0)).value == pytest.approx(0.81)
    equal = worst_share([3] * 100, np.random.default_rng(0), worst=0.1)
    assert (equal.value, equal.low, equal.high) == pytest.approx((0.1, 0.1, 0.1))
    heavy, light = (
        worst_share(sizes, np.random.default_rng(1)).value
        for sizes in (
            zipf.rvs(2.1, size=2000, random_state=1),
            np.random.default_rng(1).poisson(5, 2000),
        )
    )
    assert heavy > 0.35 > 0.15 > light


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda g: tail([1, 2, 3], g), "expected at least 50"),
        (lambda g: tail([0] * 100, g), "expected at least 50"),
        (lambda g: tail([2] * 100, g), "fewer than three sizes"),
        (lambda g: tail([1.5] * 100, g), "is not a whole number"),
        (lambda g: worst_share([0, 0], g), "no deaths"),
        (lambda g: worst_share([1, 2], g, worst=0), "worst is 0"),
        (lambda g: worst_share([1, 2], 3), "expected numpy.random.default_rng"),
    ],
)
def test_what_has_no_answer_is_refused(call, words):
    with pytest.raises(InputError, match=words):
        call(np.random.default_rng(0))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 10**9) | st.integers(1, 5), min_size=1, max_size=120))
def test_any_sizes_give_a_finite_answer_or_a_sentence(sizes):
    for call in (
        lambda: tail(sizes, np.random.default_rng(0), draws=99).exponent,
        lambda: worst_share(sizes, np.random.default_rng(0), draws=99),
    ):
        try:
            found = call()
        except InputError as error:
            assert str(error)
            continue
        assert np.isfinite([found.value, found.low, found.high]).all()
