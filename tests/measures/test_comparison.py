"""Sources side by side: which row speaks for one, and what deaths per incident did in it."""

import pandas as pd
import pytest

from helpers.measures import comparison
from helpers.stats.counts.inflation import Inflation
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.shares.decomposition import decompose

ROWS = [
    ("A", "combined", "all", "deaths", 40, 60),
    ("A", "combined", "all", "incidents", 20, 20),
    ("A", "militant_attacks", "attacks", "deaths", 30, 30),
    ("A", "militant_attacks", "attacks", "incidents", 10, 20),
    ("B", "combined", "all", "deaths", 90, 70),
]


def table():
    return pd.DataFrame(ROWS, columns=[*comparison.KEY, "measure", "before", "after"])


def test_a_source_speaks_once_a_measure_with_attacks_before_all_violence():
    kept = comparison.preferred(table())
    found = {(row.source, row.measure): row.scope for row in kept.itertuples()}
    assert found == {
        ("A", "deaths"): "militant_attacks",
        ("A", "incidents"): "militant_attacks",
        ("B", "deaths"): "combined",
    }


def test_deaths_per_incident_are_those_of_the_row_that_speaks():
    ratios = comparison.lethality_ratios(table(), 5)
    assert list(ratios) == ["A"]
    assert ratios["A"] == decompose(30, 10, 30, 20, inflation=5).lethality_ratio
    both = comparison.lethality(table(), 5)
    assert both["ratio"].tolist() == pytest.approx([1.5, 0.5])
    assert comparison.tally_lethality(both) == {
        "sources_lethality": 2,
        "sources_lethality_down": 1,
        "sources_lethality_clear_up": int((both["low"] > 1).sum()),
    }


def test_a_table_of_ratios_is_in_order_and_in_percent():
    rows = comparison.ordered(comparison.with_ratios(table(), {"deaths": 4, "incidents": 2}))
    assert rows["measure"].tolist() == ["deaths"] * 3 + ["incidents"] * 2
    shown = comparison.shown(rows)
    assert shown["change_pct"].tolist() == pytest.approx([50, 0, -200 / 9, 0, 100])
    assert set(comparison.FORMATS) <= set(shown)


def test_a_source_has_its_own_inflation_where_it_is_given_and_that_of_the_measure_otherwise():
    rows = [
        comparison.pair_of(pd.Series({2023: 40, 2024: 60}), name, "s", 2023, 2024) for name in "AB"
    ]
    found = comparison.with_ratios(
        pd.concat(rows), {"deaths": 4, ("B", "deaths"): Inflation(9, degrees=5)}
    )
    expected = [rate_ratio(60, 40, inflation=phi) for phi in (4, Inflation(9, degrees=5))]
    assert found["high"].tolist() == [one.high for one in expected]


def test_two_scopes_of_one_source_have_an_inflation_each():
    row = comparison.pair_of(pd.Series({2023: 40, 2024: 60}), "A", "s", 2023, 2024)
    rows = pd.concat([row.assign(scope=scope) for scope in ("combined", "militant_attacks", "x")])
    own = {("A", "deaths", "combined"): 9, ("A", "deaths", "militant_attacks"): 2}
    found = comparison.with_ratios(rows, {"deaths": 5, ("A", "deaths"): 4} | own)
    expected = [rate_ratio(60, 40, inflation=phi) for phi in (9, 2, 4)]
    assert found["high"].tolist() == [one.high for one in expected]
    with pytest.raises(KeyError):
        comparison.with_ratios(rows, own)
