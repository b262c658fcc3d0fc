"""Synthetic control on traits: the Basque Country's published weights, planted traits, refusals."""

import numpy as np
import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.stats.panels.synthetic_predictors import predictor_control

# The importance that R's Synth finds, of product a head, six sectors, density, investment and five
# kinds of schooling.
IMPORTANCE = [
    *(0.2115363, 0.0968516, 0.0572899, 0.0807359, 0.0050875, 0.0060882, 0.1323302, 0.3889562),
    *(0.0140124, 0.0041904, 0.0023156, 0.0000999, 0.0003210, 0.0001850),
]


@pytest.fixture(scope="module")
def regions():
    """Means of 1960 to 1969 by Spanish region (Abadie and Gardeazabal 2003), as R's Synth has them:
    17 is the Basque Country, 10 Catalonia, 14 Madrid. The outcome plays no part here.
    """
    traits = pd.read_csv(paths.ROOT / "tests" / "data" / "basque_traits.csv", index_col="region")
    traits.index = [f"r{region}" for region in traits.index]
    index = pd.period_range("1955", "1997", freq="Y")
    outcome = np.random.default_rng(1).normal(size=(len(index), len(traits)))
    return pd.DataFrame(outcome, index, traits.index), traits


def test_the_basque_country_is_catalonia_and_madrid_as_published(regions):
    """Abadie, Diamond and Hainmueller (2011), table 2: .851 of Catalonia, .149 of Madrid, given the
    importance that their package finds.
    """
    panel, traits = regions
    importance = pd.Series(IMPORTANCE, traits.columns)
    found = predictor_control(panel, traits, "r17", "1970", importance=importance)
    weights = found.control.weights
    assert weights["r10"] == pytest.approx(0.851, abs=1e-3)
    assert weights["r14"] == pytest.approx(0.149, abs=1e-3)
    assert weights.drop(["r10", "r14"]).max() < 1e-3
    balance = found.balance.loc["gdp"]
    assert balance["synthetic"] == pytest.approx(0.8508 * 5.1470 + 0.1492 * 5.9767, abs=1e-3)
    assert balance["donors"] == pytest.approx(traits["gdp"].iloc[1:].mean())


def test_the_importance_of_a_trait_that_predicts_the_outcome_is_found():
    """The outcome follows one trait; the other, which points to another donor, is noise."""
    generator, names = np.random.default_rng(2), list("abcdef")
    wealth, noise = np.array([3.0, 1, 5, 9, 2, 8]), np.array([20.0, 1, 2, 9, 1, 1])
    traits = pd.DataFrame({"wealth": wealth, "noise": noise}, names)
    course = 1 + generator.normal(size=(16, 1)).cumsum(axis=0) / 5
    values = wealth * course + generator.normal(0, 0.05, (16, 6))
    values[10:, 0] += 2
    panel = pd.DataFrame(values, pd.period_range("2001", periods=16, freq="Y"), names)
    found = predictor_control(panel, traits, "a", "2011", steps=150)
    assert found.importance["wealth"] > 0.9
    assert found.balance.loc["wealth", "synthetic"] == pytest.approx(3, abs=0.1)
    effect = found.control.difference(level=0.5)
    assert effect.value == pytest.approx(2, abs=0.3) and effect.p == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda p, t: {"traits": t.drop("r10")}, "miss the unit r10"),
        (lambda p, t: {"traits": t.assign(gdp=np.nan)}, "trait gdp, observation 1"),
        (lambda p, t: {"traits": t.assign(gdp=1.0)}, "trait gdp is the same"),
        (lambda p, t: {"traits": t.to_numpy()}, "not a table"),
        (lambda p, t: {"importance": pd.Series(1.0, ["gdp"])}, "importance"),
        (lambda p, t: {"importance": pd.Series(-1.0, t.columns)}, "below 0"),
        (lambda p, t: {"treated": "r99"}, "no unit 'r99'"),
        (lambda p, t: {"at": "1955"}, "leaves too little"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(regions, change, words):
    panel, traits = regions
    given = {
        "panel": panel,
        "traits": traits,
        "treated": "r17",
        "at": "1970",
        "importance": pd.Series(1.0, traits.columns),
    } | change(panel, traits)
    with pytest.raises(InputError, match=words):
        predictor_control(**given)
