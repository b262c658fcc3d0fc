"""Ratios within units of an uneven panel, in worlds that the regression does not assume."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.base.errors import InputError
from helpers.stats.panels.dealt import deal, dealt, rank_of
from helpers.stats.panels.rate_worlds import rate_worlds
from helpers.stats.panels.within_units import changing, within_units
from helpers.stats.trust.power import rejections
from helpers.stats.trust.worlds import worst_size

ABOUT = {"unit": "unit", "cluster": "group", "exposure": "events", "period": "year"}


@pytest.fixture(scope="module")
def panel():
    """Forty groups of uneven size and length, a third of which are allied for a run of years."""
    generator, rows = np.random.default_rng(1), []
    for unit in range(40):
        began, length = 2000 + generator.integers(0, 8), generator.integers(3, 12)
        start = generator.integers(1, length) if unit % 3 == 0 else length
        size = generator.lognormal(3, 1)
        for k in range(length):
            events = 1 + generator.poisson(size)
            rows.append((unit, unit // 2, unit % 7, began + k, int(k >= start), events))
    table = pd.DataFrame(rows, columns=["unit", "group", "region", "year", "on", "events"])
    dead = table["events"] * np.exp(generator.normal(0.7, 0.6, len(table)))
    return table.assign(other=generator.normal(size=len(table)), deaths=generator.poisson(dead))


@pytest.fixture(scope="module")
def worlds(panel):
    about = {"unit": "unit", "region": "region", "period": "year"}
    return rate_worlds(panel, "on", **about, exposure="events", counts="deaths", least=5)


@pytest.mark.parametrize("logs", [False, True])
def test_the_ratio_is_that_of_a_regression_with_an_effect_for_each_unit(panel, logs):
    ratio = within_units(panel, ["on", "other"], **ABOUT, logs=logs).ratio(panel["deaths"])
    dummies = pd.get_dummies(panel[["unit", "year"]].astype("category"), dtype=float)
    design = pd.concat([panel[["on", "other"]], dummies.drop(columns="year_2000")], axis=1)
    rate = np.log((panel["deaths"] + 0.5) / panel["events"])
    plain = (
        sm.OLS(rate, design).fit()
        if logs
        else sm.GLM(
            panel["deaths"], design, sm.families.Poisson(), offset=np.log(panel["events"])
        ).fit()
    )
    assert ratio.value == pytest.approx(np.exp(plain.params["on"]), rel=1e-6)
    assert ratio.low < ratio.value < ratio.high


@pytest.mark.parametrize("logs", [False, True])
def test_it_keeps_its_level_in_worlds_it_does_not_assume(panel, worlds, logs):
    test = within_units(panel, ["on"], **ABOUT, logs=logs)
    size = worst_size(test, worlds, np.random.default_rng(2), series=100)
    assert set(size.table["world"]) == set(worlds) and size.table["low"].max() <= 0.07


def test_a_planted_ratio_is_found_and_held(panel, worlds):
    test = within_units(panel, ["on"], **ABOUT)
    found = rejections(test, worlds["memory"].draw, 3.0, np.random.default_rng(3), series=60)
    assert found.rate().low > 0.8 and found.covered >= 50


def test_a_world_scatters_by_what_it_was_told(panel, worlds):
    drawn = [worlds["even scatter"].draw(1.0, np.random.default_rng(k)) for k in range(9)]
    means = worlds["even scatter"].means
    large = means > 50
    logs = np.concatenate([np.log(one[large] / means[large]) for one in drawn])
    assert np.std(logs) == pytest.approx(worlds["even scatter"].sd, rel=0.15)
    assert worlds["threshold"].draw(1.0, np.random.default_rng(4)).min() >= 5


def test_what_is_dealt_keeps_its_runs(panel):
    generator, real = np.random.default_rng(5), changing(panel, "on", "unit")
    for lives in (False, True):
        given = panel.assign(on=deal(panel, "on", "unit", "year", generator, lives=lives))
        turns = given.groupby("unit")["on"].apply(lambda one: one.diff().abs().sum())
        assert turns.max() == 1 and not given["on"].equals(panel["on"])
        assert len(real) / 2 < len(changing(given, "on", "unit")) <= len(real)


def test_a_planted_ratio_stands_out_from_what_is_dealt_and_nothing_does_not(panel, worlds):
    def ask(table):
        return within_units(table, ["on"], **ABOUT).ratio(table["deaths"])

    for ratio, seldom in ((1.0, False), (4.0, True)):
        counts = worlds["even scatter"].draw(ratio, np.random.default_rng(6))
        table, own = panel.assign(deaths=counts), np.random.default_rng(7)
        drawn = dealt(ask, table, "on", "unit", "year", own, draws=60)
        assert (rank_of(drawn, ask(table).value) < 0.05) == seldom


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"on": 1}, "'on' changes within no unit"),
        ({"events": 0}, "expected numbers above 0"),
        ({"group": range(1000)}, "lies in two clusters"),
    ],
)
def test_a_panel_that_cannot_be_asked_is_refused(panel, change, words):
    if "group" in change:
        change = {"group": range(len(panel))}
    with pytest.raises(InputError, match=words):
        within_units(panel.assign(**change), ["on"], **ABOUT)


def test_counts_that_determine_no_ratio_are_refused(panel):
    asked = within_units(panel, ["on"], **ABOUT)
    with pytest.raises(InputError, match="determine no ratio"):
        asked.ratio(panel["deaths"].where(panel["on"] == 0, 0))
    with pytest.raises(InputError, match="none below 0"):
        asked.ratio(-panel["deaths"])
    with pytest.raises(InputError, match="at least two to deal"):
        deal(panel[panel["unit"] == 1], "on", "unit", "year", np.random.default_rng(1))
