"""Estimates of many units drawn together, against another implementation and in planted worlds."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.panels.partial_pooling import partial_pooling


def world(generator, units=60, mean=0.2, spread=0.3, heavy=False):
    """Units with a planted mean and spread; errors differ by a factor of ten."""
    deviations = (
        generator.standard_t(4, units) / np.sqrt(2) if heavy else generator.normal(size=units)
    )
    effects = mean + spread * deviations
    errors = generator.uniform(0.05, 0.5, units)
    return effects, pd.DataFrame({"value": generator.normal(effects, errors), "error": errors})


def sampled(values, errors, generator, draws=40_000):
    """The same model by Gibbs sampling; a flat prior on the spread is a power of its variance."""
    mean, between, kept = values.mean(), values.var(), []
    for _ in range(draws):
        precision = 1 / errors**2 + 1 / between
        effects = generator.normal(
            (values / errors**2 + mean / between) / precision, 1 / np.sqrt(precision)
        )
        mean = generator.normal(effects.mean(), np.sqrt(between / len(values)))
        scatter = ((effects - mean) ** 2).sum()
        between = scatter / generator.chisquare(len(values) - 1)
        kept.append([mean, np.sqrt(between), *effects])
    return np.array(kept[draws // 10 :])


def test_a_sampler_of_the_same_model_says_the_same():
    generator = np.random.default_rng(3)
    _, table = world(generator, units=12)
    found = partial_pooling(table)
    drawn = sampled(table["value"].to_numpy(), table["error"].to_numpy(), generator)
    middle, low, high = drawn.mean(axis=0), *np.quantile(drawn, [0.025, 0.975], axis=0)
    assert found.mean.value == pytest.approx(middle[0], abs=0.01)
    assert found.spread == pytest.approx(middle[1], abs=0.01)
    assert found.units["value"].to_numpy() == pytest.approx(middle[2:], abs=0.01)
    assert found.units["low"].to_numpy() == pytest.approx(low[2:], abs=0.02)
    assert found.units["high"].to_numpy() == pytest.approx(high[2:], abs=0.02)
    assert (found.mean.low, found.mean.high) == pytest.approx((low[0], high[0]), abs=0.02)


@pytest.mark.parametrize(("spread", "heavy"), [(0.3, False), (0.3, True), (0.05, False)])
def test_intervals_hold_what_was_planted_as_often_as_they_say(spread, heavy):
    generator = np.random.default_rng(4)
    inside, means = [], []
    for _ in range(80):
        effects, table = world(generator, spread=spread, heavy=heavy)
        found = partial_pooling(table)
        inside.append(((found.units["low"] <= effects) & (effects <= found.units["high"])).mean())
        means.append(found.mean.low <= 0.2 <= found.mean.high)
    assert 0.92 <= np.mean(inside) <= 0.98
    assert 0.9 <= np.mean(means) <= 0.99


def test_units_drawn_together_lie_nearer_to_the_truth_than_each_alone():
    effects, table = world(np.random.default_rng(2), units=300)
    found = partial_pooling(table)
    alone, together = (
        (one - effects).pow(2).mean() for one in (table["value"], found.units["value"])
    )
    assert together < 0.75 * alone
    assert (
        (found.units["value"] - found.mean.value)
        .abs()
        .lt((table["value"] - found.mean.value).abs() + 1e-12)
        .all()
    )


def test_units_that_do_not_differ_are_drawn_to_one_value():
    table = pd.DataFrame({"value": [1.0, 1.1, 0.9, 1.0, 1.0], "error": 0.5})
    found = partial_pooling(table)
    assert found.units["value"].std() < 0.5 * table["value"].std()


@pytest.mark.parametrize(
    ("values", "errors", "said"),
    [
        ([1.0, 2.0], [1.0, 1.0], "2 units cannot be drawn together"),
        ([1.0, 2.0, np.nan, 0.0, 1.0], [1.0] * 5, "unit 2 has no finite value"),
        (
            [1.0, 2.0, 3.0, 0.0, 1.0],
            [1.0, 0.0, 1.0, 1.0, 1.0],
            "unit 1 has no finite value or no error above 0",
        ),
    ],
)
def test_what_cannot_be_drawn_together_is_refused(values, errors, said):
    with pytest.raises(InputError, match=said):
        partial_pooling(pd.DataFrame({"value": values, "error": errors}))
