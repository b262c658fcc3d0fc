"""Ratios of hazards, against another program and against worlds whose truth is known."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.hazard_regression import PHReg

from helpers.base.errors import InputError
from helpers.stats.panels.hazard import cox_ratio, hazard_of, life_worlds
from helpers.stats.trust.power import rejections
from helpers.stats.trust.worlds import worst_size


@pytest.fixture(scope="module")
def lives():
    """A hundred and fifty groups that end in one of six years; half of them are allied."""
    generator, rows = np.random.default_rng(1), []
    for unit in range(150):
        on, began = unit % 2, generator.integers(2000, 2010)
        last = min(1 + generator.geometric(0.25), 15)
        for age in range(1, last + 1):
            rows.append((unit, unit % 7, began + age, age, on, int(age == last < 15)))
    columns = ["unit", "region", "year", "age", "on", "ended"]
    return pd.DataFrame(rows, columns=columns).assign(log_age=lambda one: np.log(one["age"]))


@pytest.fixture(scope="module")
def tried(lives):
    watch = hazard_of(lives, ["on", "log_age"], cluster="unit")
    labels = {"ended": "ended", "unit": "unit", "region": "region", "period": "year"}
    return watch, life_worlds(lives, watch, "on", **labels)


def test_cox_is_that_of_another_program(lives):
    own = cox_ratio(
        lives, ["on"], np.random.default_rng(2), age="age", ended="ended", cluster="unit", draws=199
    )
    other = PHReg(
        lives["age"], lives[["on"]], status=lives["ended"], entry=lives["age"] - 0.5, ties="breslow"
    ).fit()
    assert np.log(own.value) == pytest.approx(other.params[0], abs=1e-6)
    error = (np.log(own.high) - np.log(own.low)) / 3.92
    assert error == pytest.approx(other.bse[0], rel=0.25)


def test_it_keeps_its_level_where_units_regions_and_years_differ(tried):
    watch, worlds = tried
    size = worst_size(watch, worlds, np.random.default_rng(3), series=150)
    assert set(size.table["world"]) == set(worlds) and size.table["low"].max() <= 0.07


def test_a_planted_ratio_is_found_and_held(tried):
    watch, worlds = tried
    found = rejections(watch, worlds["alike"].draw, 0.4, np.random.default_rng(4), series=80)
    assert found.rate().low > 0.8 and found.covered >= 70


def test_who_has_ended_is_no_longer_at_risk(lives, tried):
    ends = tried[1]["frailty"].draw(1.0, np.random.default_rng(5))
    for _, own in ends.groupby(lives["unit"]):
        gone = own.isna().to_numpy()
        assert own.sum() <= 1 and (not gone.any() or own.to_numpy()[gone.argmax() - 1] == 1)


def test_ends_that_determine_no_ratio_are_refused(lives, tried):
    with pytest.raises(InputError, match="determine no ratio"):
        tried[0].ratio(lives["ended"] * 0)
    with pytest.raises(InputError, match="other than 0 and 1"):
        tried[0].ratio(lives["age"])
    with pytest.raises(InputError, match="clusters: expected at least"):
        hazard_of(lives.assign(one=1), ["on"], cluster="one").ratio(lives["ended"])
