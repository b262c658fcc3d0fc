"""Hurdle and truncated counts: planted parts recovered, the likelihood checked another way, and
what is refused.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.discrete.truncated_model import TruncatedLFNegativeBinomialP

from helpers.base.errors import InputError
from helpers.stats.counts.hurdle import fit_hurdle, fit_truncated


def data(generator, n=3000, size=1.5):
    """Counts of which a known share is 0 and the others follow an NB2 without its zero."""
    design = pd.DataFrame({"const": 1.0, "later": generator.integers(0, 2, n).astype(float)})
    some = generator.random(n) < 1 / (1 + np.exp(-(0.4 - 0.8 * design["later"])))
    mean, y = np.exp(0.9 + 0.5 * design["later"].to_numpy()), np.zeros(n)
    for place in np.flatnonzero(some):
        while y[place] == 0:
            y[place] = generator.negative_binomial(size, size / (size + mean[place]))
    return pd.Series(y), design


def test_both_parts_are_recovered():
    fit = fit_hurdle(*data(np.random.default_rng(1)))
    assert fit.any.params.tolist() == pytest.approx([0.4, -0.8], abs=0.2)
    assert fit.many.params.tolist() == pytest.approx([0.9, 0.5], abs=0.2)
    assert fit.many.alpha == pytest.approx(1 / 1.5, rel=0.3)
    ratio = fit.many.ratio("later")
    assert ratio.low < np.exp(0.5) < ratio.high and ratio.p < 0.01
    assert fit.any.ratio("later").high < 1


def test_intervals_cover_and_no_difference_is_found_where_none_is():
    generator, held = np.random.default_rng(2), []
    for _ in range(60):
        y, design = data(generator, n=400)
        held.append(
            [
                part.ratio("later").low <= truth <= part.ratio("later").high
                for part, truth in zip(
                    (lambda one: (one.any, one.many))(fit_hurdle(y, design)), np.exp([-0.8, 0.5])
                )
            ]
        )
    assert (np.mean(held, axis=0) >= 0.86).all()


def test_the_truncated_likelihood_is_that_of_statsmodels_at_its_maximum():
    y, design = data(np.random.default_rng(3), n=800)
    above = y > 0
    fit = fit_truncated(y[above], design[above])
    model = TruncatedLFNegativeBinomialP(y[above], design[above], p=2)
    assert model.loglike(np.r_[fit.params, fit.alpha]) == pytest.approx(fit.llf, abs=1e-4)
    shifted = [
        model.loglike(np.r_[fit.params, fit.alpha] + step)
        for step in 0.02 * np.vstack([np.eye(3), -np.eye(3)])
    ]
    assert max(shifted) < fit.llf


def test_without_overdispersion_it_is_the_truncated_poisson():
    generator = np.random.default_rng(4)
    y = generator.poisson(2.5, 4000)
    fit = fit_truncated(pd.Series(y[y > 0]), pd.DataFrame({"const": np.ones((y > 0).sum())}))
    assert np.exp(fit.params["const"]) == pytest.approx(2.5, abs=0.12) and fit.alpha < 0.05


@pytest.mark.parametrize(
    ("y", "x", "words"),
    [
        ([0, 0, 0, 0, 0, 0], [0, 1, 0, 1, 0, 1], "every count is 0"),
        ([1, 2, 3, 2, 1, 4], [0, 1, 0, 1, 0, 1], "no count is 0"),
        ([0, 1, 0, 2, 0, 3, 0, 4], [0, 1, 0, 1, 0, 1, 0, 1], "not determined"),
        ([0, 1, 1, 1, 0, 1], [0, 1, 0, 1, 1, 0], "every count is 1"),
        ([0, 1.5, 2, 3], [0, 1, 0, 1], "is not a whole number"),
        ([0, 1], [0, 1], "at least 3"),
    ],
)
def test_what_is_not_determined_is_refused(y, x, words):
    with pytest.raises(InputError, match=words):
        fit_hurdle(pd.Series(y), pd.DataFrame({"const": 1.0, "x": x}))


def test_a_zero_among_truncated_counts_is_refused():
    with pytest.raises(InputError, match="observation 2 is 0"):
        fit_truncated(pd.Series([1, 0, 3]), pd.DataFrame({"const": np.ones(3)}))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4) | st.integers(0, 10**9), min_size=1, max_size=40))
def test_any_counts_give_a_finite_answer_or_a_sentence(values):
    design = pd.DataFrame({"const": 1.0, "x": np.arange(len(values)) % 2.0})
    try:
        fit = fit_hurdle(pd.Series(values), design)
    except InputError as error:
        assert str(error)
        return
    for part in (fit.any, fit.many):
        found = part.ratio("x")
        assert np.isfinite([found.value, found.low, found.high, found.p]).all()
