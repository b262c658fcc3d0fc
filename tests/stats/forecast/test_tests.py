"""Tests that compare forecasts: sizes in worlds with memory, power, another way to the number."""

import numpy as np
import pandas as pd
import pytest
from arch.bootstrap import MCS
from scipy.stats import t

from helpers.base.errors import InputError
from helpers.stats.forecast.tests import confidence_set, diebold_mariano


def remembering(generator, n, memory, columns=1):
    """First-order autoregressions (n by columns) of variance 1."""
    shocks = generator.standard_normal((n + 60, columns)) * np.sqrt(1 - memory**2)
    for step in range(1, n + 60):
        shocks[step] += memory * shocks[step - 1]
    return shocks[60:]


def overlapping(generator, n, horizon):
    """Losses of forecasts ``horizon`` ahead (n): moving sums of the same shocks."""
    shocks = generator.standard_normal(n + horizon)
    return np.convolve(shocks, np.ones(horizon), "valid")[:n]


def cosine_variance(values, cosines):
    """The EWC long-run variance by another way.

    A Fourier transform of the series with zeros between, as in the code by Montiel Olea and
    Plagborg-Moeller (2021), Local projection inference is simpler and more robust than you think.
    """
    n = len(values)
    spaced = np.zeros(2 * n)
    spaced[1::2] = values - values.mean()
    parts = np.fft.fft(spaced, 4 * n).real[1 : cosines + 1]
    return 2 / n * (parts @ parts) / cosines


LOSSES = np.random.default_rng(4).gamma(2, 1, (2, 60)) + np.array([[0.0], [0.6]])


@pytest.mark.parametrize(("horizon", "cosines"), [(1, 6), (5, 4), (12, 1)])
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_diebold_and_mariano_is_student_s_t_of_the_cosine_variance(horizon, cosines, level):
    """6 is 0.4 times 60 to the power of 2/3; 4 and 1 are a third of 60 / 5 and of 60 / 12."""
    found, difference = diebold_mariano(*LOSSES, horizon, level), LOSSES[0] - LOSSES[1]
    error = np.sqrt(cosine_variance(difference, cosines) / 60)
    reach = t.ppf(0.5 + level / 2, cosines) * error
    assert found.value == pytest.approx(difference.mean()) and found.n == 60
    assert (found.low, found.high) == pytest.approx((found.value - reach, found.value + reach))
    assert found.p == pytest.approx(2 * t.sf(abs(found.value) / error, cosines))
    assert len(found.warnings) == (horizon == 12)


def rectangular(one, other, horizon):
    """The p-value of Harvey, Leybourne and Newbold (1997), which this test replaced."""
    difference = one - other
    n, rest = len(difference), difference - difference.mean()
    lags = [rest[lag:] @ rest[: n - lag] / n for lag in range(horizon)]
    variance = (2 * sum(lags) - lags[0]) / n
    variance = variance if variance > 0 else lags[0] / n
    error = np.sqrt(variance / ((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n))
    return 2 * t.sf(abs(difference.mean()) / error, n - 1)


@pytest.mark.parametrize(
    ("n", "horizon", "old"), [(24, 12, 0.15), (60, 12, 0.1), (120, 12, 0.06), (60, 1, 0)]
)
def test_it_keeps_its_size_where_forecasts_overlap(n, horizon, old):
    generator, sizes = np.random.default_rng([n, horizon]), []
    for _ in range(500):
        one, other = (overlapping(generator, n, horizon) for _ in range(2))
        sizes.append((diebold_mariano(one, other, horizon).p, rectangular(one, other, horizon)))
    new, before = (np.array(sizes) <= 0.05).mean(axis=0)
    assert 0.02 <= new <= 0.09 and before > old


@pytest.mark.parametrize(("n", "memory"), [(24, 0.5), (60, 0.8), (120, 0.9)])
def test_it_keeps_its_size_where_differences_remember_longer_than_the_horizon(n, memory):
    generator, sizes = np.random.default_rng(n), []
    for _ in range(500):
        one = remembering(generator, n, memory)[:, 0]
        sizes.append((diebold_mariano(one, 0 * one).p, rectangular(one, 0 * one, 1)))
    new, before = (np.array(sizes) <= 0.05).mean(axis=0)
    assert 0.02 <= new <= 0.11 and before > 0.2


def test_it_finds_a_better_model():
    generator, found = np.random.default_rng(3), []
    for _ in range(300):
        one, other = (overlapping(generator, 80, 3) for _ in range(2))
        found.append(diebold_mariano(one, other + 2, 3).high < 0)
    assert np.mean(found) > 0.8


def test_few_independent_origins_are_said():
    generator = np.random.default_rng(1)
    noise, slow = (remembering(generator, 120, memory)[:, 0] for memory in (0, 0.95))
    assert diebold_mariano(noise, 0 * noise).warnings == ()
    assert "independent ones" in diebold_mariano(slow, 0 * slow).warnings[0]
    # Slow under noise: neighbours are little alike, but they stay so for long.
    hidden = slow + generator.standard_normal(120)
    assert "independent ones" in diebold_mariano(hidden, 0 * hidden).warnings[0]
    assert diebold_mariano([1, 2, 4], [1, 2, 3], 2).n == 3


@pytest.mark.parametrize("memory", [0, 0.5, 0.9])
def test_the_confidence_set_keeps_the_best_model_as_often_as_it_says(memory):
    """With a block bootstrap the set held the best of four in 55 % of series with memory .9."""
    generator, kept = np.random.default_rng(7), []
    for _ in range(150):
        losses = pd.DataFrame(remembering(generator, 60, memory, 4))
        kept.append(confidence_set(losses, generator, draws=199)["kept"])
    assert np.mean([one[0] for one in kept]) >= 0.9
    assert 0.78 <= np.mean([one.all() for one in kept]) <= 0.98


def by_blocks(losses, block, seed):
    """The p-values of Hansen, Lunde and Nason's block bootstrap, which this set replaced."""
    found = MCS(losses, size=0.1, reps=199, block_size=block, seed=seed)
    found.compute()
    return found.pvalues["Pvalue"].reindex(losses.columns)


def test_a_block_bootstrap_loses_the_best_model_where_losses_remember():
    generator, kept = np.random.default_rng(9), []
    for number in range(60):
        losses = pd.DataFrame(remembering(generator, 60, 0.9, 4))
        kept.append(by_blocks(losses, 12, number)[0] > 0.1)
    assert np.mean(kept) < 0.75


def test_without_memory_and_with_many_origins_both_say_the_same():
    generator = np.random.default_rng(10)
    for _ in range(5):
        losses = pd.DataFrame(generator.standard_normal((600, 4)) + np.array([0, 0.05, 0.1, 0.9]))
        found = confidence_set(losses, generator, draws=1999)
        other = by_blocks(losses, 1, 1)
        assert found["p"].to_numpy() == pytest.approx(other.to_numpy(), abs=0.15)
        assert not found["kept"][3] and not other[3] > 0.1


def test_the_confidence_set_drops_what_is_worse_and_says_when_it_cannot_know():
    generator, dropped, said = np.random.default_rng(8), [], []
    for _ in range(60):
        losses = pd.DataFrame(remembering(generator, 60, 0, 4) + np.array([0, 0, 0, 1.0]))
        found = confidence_set(losses, generator, draws=199)
        dropped.append(not found["kept"][3])
        said.append(len(confidence_set(losses, generator, block=12, draws=9).attrs["warnings"]))
    assert np.mean(dropped) > 0.85 and np.mean(said) == 1


def test_the_confidence_set_keeps_what_its_p_value_does_not_reject():
    generator = np.random.default_rng(5)
    base = generator.gamma(2, 1, 60)
    losses = pd.DataFrame(
        {
            name: base + generator.normal(shift, 0.4, 60)
            for name, shift in (("a", 0), ("b", 0.12), ("c", 1))
        }
    )
    for size in (0.05, 0.6):
        found = confidence_set(losses, np.random.default_rng(6), size=size, block=6)
        assert found["kept"].tolist() == (found["p"] > size).tolist()
        assert found["loss"].to_numpy() == pytest.approx(losses.mean().to_numpy())
    assert not found["kept"].all() and found.set_index("model").loc["a", "p"] == 1
    assert len(confidence_set(losses[:12], np.random.default_rng(6), block=6)) == 3
    with pytest.raises(InputError, match="at least 12 origins"):
        confidence_set(losses[:11], np.random.default_rng(6), block=6)


def test_a_p_value_of_two_models_is_that_of_diebold_and_mariano():
    """Two models are one difference: largest t and t are one, and chance is Student's."""
    losses = pd.DataFrame(LOSSES.T, columns=["one", "other"])
    found = confidence_set(losses, np.random.default_rng(6), draws=20_000)
    assert found["p"].min() == pytest.approx(diebold_mariano(*LOSSES).p, abs=0.004)


def test_models_that_differ_by_a_constant_are_told_apart_and_equal_ones_are_not():
    base = np.random.default_rng(6).gamma(2, 1, 40)
    losses = pd.DataFrame({"a": base, "again": base, "worse": base + 0.1})
    found = confidence_set(losses, np.random.default_rng(6), draws=199)
    assert found["kept"].tolist() == [True, True, False]


def test_the_confidence_set_keeps_the_best_drops_the_bad_and_repeats_itself():
    generator = np.random.default_rng(4)
    base = generator.gamma(2, 1, 80)
    losses = pd.DataFrame(
        {
            "good": base,
            "as good": base + generator.normal(0, 0.3, 80),
            "bad": base + 1.5 + generator.normal(0, 0.3, 80),
        }
    )
    one, two = (confidence_set(losses, np.random.default_rng(5)) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert one.set_index("model")["kept"].to_dict() == {"good": True, "as good": True, "bad": False}
