"""What one tracker says alone follows from its figures or is not said; far figures are found."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.measures import observatory
from helpers.stats.trackers.design import design
from helpers.stats.trackers.pooled import year
from helpers.stats.trackers.quantities import COMPONENTS, QUANTITIES

MONTHS = pd.period_range("2024-01", periods=4, freq="M")
SPANS = [tuple(MONTHS[a:b]) for a in range(4) for b in range(a + 1, 5)]


def figures(*rows):
    return pd.DataFrame(rows, columns=["source", "quantity", "months", "value"]).assign(unit="")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=7, max_size=7),
    st.sets(st.tuples(st.sampled_from(sorted(QUANTITIES)), st.sampled_from(SPANS)), min_size=1),
    st.sampled_from(sorted(QUANTITIES)),
    st.sampled_from(SPANS),
)
def test_what_follows_is_true_and_what_was_printed_follows(truth, printed, asked, span):
    def true(quantity, months):
        return sum(
            truth[COMPONENTS.index(part)][MONTHS.get_loc(month)]
            for part in QUANTITIES[quantity]
            for month in months
        )

    rows = [("P", quantity, months, true(quantity, months)) for quantity, months in sorted(printed)]
    own = observatory.Alone(figures(*rows))
    for _, quantity, months, value in rows:
        assert own.total(quantity, months) == value
    said = own.total(asked, span)
    assert said is None or said == true(asked, span)


def test_a_part_that_was_not_printed_is_what_is_left():
    rows = [("P", "victims", SPANS[0], 9.0), ("P", "civilians", SPANS[0], 5.0)]
    own = observatory.Alone(figures(*rows))
    assert own.total("security_forces", SPANS[0]) == 4.0
    assert own.total("killed", SPANS[0]) is None
    assert own.total("victims", SPANS[1]) is None


def test_the_finest_spans_are_shown_and_a_gap_parts_a_line():
    gap = (MONTHS[0], MONTHS[2], MONTHS[3])
    rows = [("P", "attacks", (MONTHS[1],), 8.0), ("P", "attacks", gap, 30.0)]
    rows += [("Q", "incidents", tuple(MONTHS), 80.0)]
    shown = observatory.as_printed(
        observatory.by_source(figures(*rows)), ["attacks", "incidents"]
    ).sort_values(["source", "first"])
    assert shown["per_month"].tolist() == [10.0, 8.0, 10.0, 20.0]
    assert shown["months"].tolist() == [3, 1, 3, 4]
    assert shown["quantity"].tolist() == ["attacks"] * 3 + ["incidents"]


def test_attacks_go_before_all_violence_in_deaths_per_attack():
    months = tuple(year(2024))
    rows = [("P", "attacks", months, 10.0), ("P", "killed_in_attacks", months, 25.0)]
    rows += [("P", "incidents", months, 20.0), ("P", "killed", months, 80.0)]
    rows += [("Q", "incidents", months, 20.0), ("Q", "killed", months, 80.0)]
    found = observatory.deaths_per_attack(observatory.by_source(figures(*rows)), [2024])
    assert found[["source", "counts", "ratio"]].values.tolist() == [
        ["P", "attacks", 2.5],
        ["Q", "incidents", 4.0],
    ]


def printed_years():
    """Two years of three sources, as the tidy table of years has them."""
    about = {"series": "s", "region": "X", "precision": "exact", "flag": "", "derived": False}
    rows = []
    for number, scale in ((2023, 1), (2024, 2)):
        start = {"period_start": pd.Timestamp(number, 1, 1), "vintage": "2025"} | about
        for scope, metric, value in (
            ("militant_attacks", "attacks", 10 * scale),
            ("militant_attacks", "killed", 30 * scale**2),
            ("combined", "incidents", 100),
            ("combined", "killed_civilians", 20 * scale),
            ("combined", "killed_security_forces", 20 * scale),
        ):
            row = {"source": "P", "scope": scope, "metric": metric, "value": float(value)}
            rows.append(start | row)
    return pd.DataFrame(rows)


def released(last):
    months = pd.period_range("2023-01", last, freq="M")
    counts = {"events_state_based": 2.0, "events_one_sided": 1.0}
    counts |= {"deaths_state_based": 6.0, "deaths_one_sided": 3.0}
    parts = [
        pd.DataFrame({"month": months, "quantity": name, "value": value})
        for name, value in counts.items()
    ]
    return pd.concat(parts).assign(source="U")


def test_each_tracker_alone_is_taken_with_its_attacks():
    found = observatory.own_ratios(printed_years(), released("2024-12"), "X", [2023, 2024])
    ratios = found.set_index(["measure", "source"])["ratio"].to_dict()
    assert ratios == {
        ("attacks", "P"): 2.0,
        ("attacks", "U"): 1.0,
        ("victims", "P"): 2.0,
        ("killed per attack", "P"): 2.0,
        ("killed per attack", "U"): 1.0,
    }


def test_a_release_that_ends_within_a_year_has_no_ratio():
    found = observatory.own_ratios(printed_years(), released("2024-11"), "X", [2023, 2024])
    assert set(found["source"]) == {"P"}


def fitted(rows, intensity, size=1e6, draws=400):
    """A fit whose draws are given: what a component is in every month, and no doubt about nets."""
    arranged = design(rows, rows["source"].iloc[0])
    wide = np.zeros((draws, len(arranged.components), 1, len(arranged.months)))
    wide += np.array([intensity[part] for part in arranged.components])[None, :, None, None]
    expected = [
        sum(intensity[part] for part in QUANTITIES[quantity]) * len(months)
        for quantity, months in zip(rows["quantity"], rows["months"])
    ]
    mean = np.tile(np.array(expected), (draws, 1))
    kept = {"intensity": wide, "mean": mean, "concentration": np.full_like(mean, size)}
    return SimpleNamespace(design=arranged, draws=kept)


def test_an_invented_error_lies_farthest_and_noise_makes_it_nearer():
    rows = [("P", "attacks", (month,), 100.0) for month in MONTHS]
    rows[2] = ("P", "attacks", (MONTHS[2],), 150.0)
    table, truth = figures(*rows), {"attacks_on_forces": 60.0, "attacks_on_others": 40.0}
    far = observatory.residuals(fitted(table, truth), table)
    assert far[["first", "value", "expected"]].iloc[0].tolist() == ["2024-03", 150.0, 100.0]
    assert far["z"].iloc[0] == pytest.approx(5.0, abs=0.01)
    assert far["z"].iloc[1:].abs().max() < 1e-6
    rough = observatory.residuals(fitted(table, truth, size=100.0 / 3), table)
    assert rough["z"].iloc[0] == pytest.approx(2.5, abs=0.01)


def test_pooled_tables_by_month_and_year():
    months = [(month,) for month in year(2024)]
    rows = [("P", "attacks", span, 10.0) for span in months]
    rows += [("P", "victims", span, 20.0) for span in months]
    truth = {"attacks_on_forces": 6.0, "attacks_on_others": 4.0}
    fit = fitted(figures(*rows), truth | {"civilians": 5.0, "security_forces": 15.0})
    table = observatory.years_of(fit, "victims", "attacks", [2024])
    assert table.values.tolist() == [[2024.0, 2.0, 2.0, 2.0]]
    long = observatory.long_series(fit, {"a": ("attacks", ""), "v": ("victims", "attacks")})
    assert long.groupby("quantity")["median"].mean().to_dict() == {"a": 10.0, "v": 2.0}
    assert list(long)[:4] == ["month", "unit", "quantity", "median"]
    assert observatory.monthly_share(fit, "attacks", [""])["median"].eq(1).all()
    assert observatory.first_of(fit, ["killed", "victims"]) == {"P": "victims"}
    assert observatory.first_of(fit, ["killed"]) == {}
