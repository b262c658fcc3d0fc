"""Fixed effects: gretl's printed errors hit, CR2, CR3 and the bootstrap by plain matrices."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import t

from helpers.base.errors import InputError
from helpers.stats.panels.fixed_effects import fixed_effects


@pytest.fixture(scope="module")
def grunfeld():
    """Investment of ten firms over twenty years, as in R's plm."""
    table = sm.datasets.grunfeld.load_pandas().data
    return table[table["firm"] != "American Steel"].reset_index(drop=True)


def panel(generator, units=8, periods=6, treated=4, effect=0.0):
    """Units with levels of their own, shared periods, noise that remembers; half are treated."""
    noise = generator.normal(size=(periods, units)).cumsum(axis=0)
    on = np.outer(np.arange(periods) >= periods // 2, np.arange(units) < treated)
    period, unit = np.indices(on.shape)
    values = noise + generator.normal(size=units) + effect * on
    columns = {"unit": unit, "period": period, "on": on, "y": values}
    return pd.DataFrame({name: np.ravel(column).astype(float) for name, column in columns.items()})


def dense(table, terms):
    """The design with all dummies, and the part of the terms that these do not explain."""
    dummies = pd.get_dummies(table[["unit", "period"]].astype("category"), dtype=float)
    design = np.column_stack([table[terms], dummies.drop(columns="period_0.0")])
    return design, np.linalg.inv(design.T @ design)


@pytest.mark.parametrize(
    "absorb, values, errors",
    [
        (["firm"], (0.110124, 0.310065), (0.0151945, 0.0527518)),
        (["firm", "year"], (0.117716, 0.357916), (0.0108244, 0.0478484)),
    ],
)
def test_grunfelds_errors_by_firm_are_those_that_gretl_prints(grunfeld, absorb, values, errors):
    """Gretl's models 1 and 6 of Grunfeld's data, quoted in the tests of R's plm."""
    found = fixed_effects(
        grunfeld, "invest", ["value", "capital"], absorb=absorb, cluster="firm", errors="CR1"
    )
    assert [one.value for one in found.terms.values()] == pytest.approx(values, rel=1e-5)
    # Gretl counts the dummies of years as terms, pyfixest likewise.
    assert found.errors.tolist() == pytest.approx(errors, rel=1e-5)
    if absorb == ["firm"]:
        assert found.terms["value"].p == pytest.approx(4.83e-5, rel=1e-3)
    assert found.degrees.tolist() == [9, 9] and found.clusters == 10


def test_cr2_and_its_degrees_are_bell_and_mccaffreys_by_dense_matrices():
    table = panel(np.random.default_rng(1))
    found = fixed_effects(table, "y", ["on"], absorb=["unit", "period"], cluster="unit")
    design, bread = dense(table, ["on"])
    hat, y = design @ bread @ design.T, table["y"].to_numpy()
    residuals, rest = y - hat @ y, np.eye(len(y)) - hat
    lines, meat = [], 0.0
    for unit in table["unit"].unique():
        own = (table["unit"] == unit).to_numpy()
        size, axes = np.linalg.eigh(rest[np.ix_(own, own)])
        root = axes @ np.diag([1 / np.sqrt(one) if one > 1e-9 else 0 for one in size]) @ axes.T
        line = (bread @ design[own].T @ root)[0]
        meat += (line @ residuals[own]) ** 2
        lines.append(rest[:, own] @ line)
    assert found.errors["on"] == pytest.approx(np.sqrt(meat), rel=1e-6)
    gram = np.array(lines) @ np.array(lines).T
    degrees = np.trace(gram) ** 2 / np.square(gram).sum()
    assert found.degrees["on"] == pytest.approx(degrees, rel=1e-6)
    one = found.terms["on"]
    assert one.high - one.value == pytest.approx(t.ppf(0.975, degrees) * np.sqrt(meat), rel=1e-6)


def test_cr3_is_the_spread_of_estimates_without_one_cluster_each():
    table = panel(np.random.default_rng(2))
    by = {"absorb": ["unit", "period"], "cluster": "unit"}
    found = fixed_effects(table, "y", ["on"], **by, errors="CR3")

    def value(rows):
        design = dense(rows, ["on"])[0]
        return np.linalg.lstsq(design, rows["y"], rcond=None)[0][0]

    apart = [value(table[table["unit"] != unit]) - value(table) for unit in range(8)]
    assert found.errors["on"] == pytest.approx(np.sqrt(7 / 8 * np.square(apart).sum()), rel=1e-6)


def test_the_wild_bootstrap_is_the_share_of_all_signs():
    table = panel(np.random.default_rng(3), effect=1.0)
    found = fixed_effects(
        table,
        "y",
        ["on"],
        absorb=["unit", "period"],
        cluster="unit",
        errors="wild",
        generator=np.random.default_rng(1),
    )
    design, bread = dense(table, ["on"])
    unit, y = table["unit"].to_numpy().astype(int), table["y"].to_numpy()

    def statistic(outcome):
        fit = bread @ design.T @ outcome
        scores = (bread @ design.T)[0] * (outcome - design @ fit)
        return fit[0] / np.sqrt(np.square(np.bincount(unit, scores)).sum())

    without = design[:, 1:]
    restricted = without @ np.linalg.lstsq(without, y, rcond=None)[0]
    drawn = [
        statistic(restricted + np.array(signs)[unit] * (y - restricted))
        for signs in product((-1, 1), repeat=8)
    ]
    share = np.mean(np.abs(drawn) >= abs(statistic(y)) - 1e-9)
    assert found.terms["on"].p == pytest.approx(share, abs=2 / 256)
    one = found.terms["on"]
    assert (one.low < 0 < one.high) == (one.p > 0.05)


def test_few_clusters_and_few_treated_are_said_and_cr1_rejects_too_often():
    generator, rejected = np.random.default_rng(4), {"CR1": 0, "CR2": 0}
    for _ in range(40):
        table = panel(generator, units=9, treated=3)
        for errors in rejected:
            one = fixed_effects(
                table, "y", ["on"], absorb=["unit", "period"], cluster="unit", errors=errors
            ).terms["on"]
            rejected[errors] += one.p < 0.05
    assert "9 clusters are few" in one.warnings[0] and "3 clusters are ever" in one.warnings[1]
    assert rejected["CR2"] <= 4 and rejected["CR1"] > rejected["CR2"]
    many = panel(generator, units=30, treated=10)
    by = {"absorb": ["unit", "period"], "cluster": "unit"}
    assert fixed_effects(many, "y", ["on"], **by).terms["on"].warnings == ()


@pytest.mark.parametrize(
    "change, options, words",
    [
        ({}, {"errors": "HC1"}, "CR1, CR2, CR3 or wild"),
        ({}, {"errors": "wild"}, "generator"),
        ({}, {"level": 95}, "share between 0 and 1"),
        ({}, {"cluster": "unti"}, "no column 'unti'"),
        ({}, {"absorb": []}, "at least one"),
        ({}, {"cluster": "half"}, "2 clusters"),
        ({"on": 1.0}, {}, "not independent"),
        ({"y": np.nan}, {}, "observation 1"),
        ({"unit": None}, {}, "a label of unit is missing"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(change, options, words):
    table = panel(np.random.default_rng(5)).assign(half=lambda rows: rows["unit"] > 3, **change)
    options = {"absorb": ["unit", "period"], "cluster": "unit"} | options
    with pytest.raises(InputError, match=words):
        fixed_effects(table, "y", ["on"], **options)


def test_one_treated_cluster_has_no_cr2_or_cr3():
    table = panel(np.random.default_rng(6), treated=1)
    for errors in ("CR2", "CR3"):
        with pytest.raises(InputError, match="CR3"):
            fixed_effects(
                table, "y", ["on"], absorb=["unit", "period"], cluster="unit", errors=errors
            )
