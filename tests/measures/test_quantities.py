"""What a published figure counts, and the part of a printed sum that was not printed."""

import pandas as pd
import pytest

from helpers.measures.quantities import COMPONENTS, HOLLOW, QUANTITIES, SUMS, completed, sound

ATTACKS, COMBINED, STATE = "militant_attacks", "combined", "state_operations"
VICTIMS = "civilians_and_security_forces"


def printed(*rows, period="2024-05", **change):
    """Figures from (scope, metric, value) of one source and month."""
    table = pd.DataFrame(rows, columns=["scope", "metric", "value"])
    about = {"source": "P", "series": "s", "region": "X", "precision": "exact", "flag": ""}
    about |= {"vintage": "2024-06", "vintage_then": "2024-06", "url": "", "url_then": ""}
    about |= {"period": period, "n_months": 1, "period_start": pd.Timestamp(period)}
    return table.assign(value_then=table["value"].astype(float), **(about | change))


def kept(table):
    return sound(table, ["P"], "2024-01", "2024-12")[0]


def value(table, scope, metric):
    own = table[(table["scope"] == scope) & (table["metric"] == metric)]
    return own["value"].tolist()


def test_every_quantity_is_made_of_components():
    assert set(QUANTITIES.values()) == set(COMPONENTS)


def test_the_parts_of_a_printed_sum_hold_what_it_holds():
    for whole, parts in SUMS:
        held = [cell for part in parts for cell in COMPONENTS[QUANTITIES[part]]]
        if (COMBINED, "killed_militants") not in parts or len(parts) == 2:
            assert len(held) == len(set(held))
        # "killed_militants" of all violence are attackers and those whom the state killed.
        assert set(held) == set(COMPONENTS[QUANTITIES[whole]])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"flag": "slip"}, "flagged by a correction"),
        ({"precision": "at least"}, "hedged (at least)"),
        ({"precision": "about"}, "hedged (about)"),
        ({"source": "Q"}, "not a source of the run"),
        ({"scope": "claims"}, "counts something else (claims, attacks)"),
        ({"scope": "crime_included"}, "counts something else (crime_included, attacks)"),
        ({"metric": "injured"}, "counts something else (militant_attacks, injured)"),
        ({"scope": "target", "series": "civilians"}, "counts something else (target, attacks)"),
    ],
)
def test_a_figure_that_is_not_taken_says_why(change, reason):
    table = printed((ATTACKS, "attacks", 9.0)).assign(**change)
    rows, left_out = sound(table, ["P"], "2024-01", "2024-12")
    assert rows.empty
    assert left_out["reason"].tolist() == [reason]


@pytest.mark.parametrize(
    ("period", "count", "inside"),
    [("2024-01", 12, True), ("2023-12", 1, False), ("2024-07", 12, False), ("2024-12", 1, True)],
)
def test_a_span_lies_within_the_window(period, count, inside):
    table = printed((ATTACKS, "attacks", 9.0), period=period, n_months=count)
    rows, left_out = sound(table, ["P"], "2024-01", "2024-12")
    assert len(rows) == inside
    assert left_out.empty


def test_the_last_part_of_a_sum_is_what_is_left():
    table = printed(
        (ATTACKS, "killed", 60.0),
        (ATTACKS, "killed_civilians", 26.0),
        (ATTACKS, "killed_security_forces", 1.0),
    )
    rows, left_out = completed(kept(table))
    made = rows[rows["metric"] == "killed_militants"].iloc[0]
    assert (made["value"], made["quantity"], made["derived"]) == (33.0, "attackers", True)
    assert pd.isna(made["printed"])
    assert left_out.empty


def test_a_part_goes_on_to_complete_the_next_sum():
    table = printed(
        (VICTIMS, "killed", 281.0),
        (COMBINED, "killed", 432.0),
        (COMBINED, "killed_civilians", 154.0),
    )
    rows, _ = completed(kept(table))
    assert value(rows, COMBINED, "killed_security_forces") == [127.0]
    assert value(rows, COMBINED, "killed_militants") == [151.0]


def test_victims_are_taken_out_as_civilians_and_forces_where_those_are_printed():
    table = printed(
        (COMBINED, "killed", 132.0),
        (COMBINED, "killed_civilians", 59.0),
        (COMBINED, "killed_security_forces", 42.0),
    )
    rows, _ = completed(kept(table))
    assert value(rows, COMBINED, "killed_militants") == [31.0]
    assert value(rows, VICTIMS, "killed") == []


def test_two_absent_parts_and_a_negative_one_are_not_made():
    two = kept(printed((ATTACKS, "killed", 60.0), (ATTACKS, "killed_civilians", 26.0)))
    assert len(completed(two)[0]) == len(two)
    negative = kept(printed((COMBINED, "incidents", 9.0), (ATTACKS, "attacks", 12.0)))
    assert len(completed(negative)[0]) == len(negative)


def test_nothing_left_is_zero_where_the_source_counts_that_part_and_else_a_narrower_sum():
    rows = [
        (ATTACKS, "killed", 165.0),
        (ATTACKS, "killed_civilians", 62.0),
        (ATTACKS, "killed_security_forces", 103.0),
    ]
    never = kept(printed(*rows))
    whole, left_out = completed(never)
    assert value(whole, ATTACKS, "killed_militants") == []
    assert left_out[["metric", "reason"]].to_numpy().tolist() == [["killed", HOLLOW]]
    later = printed((ATTACKS, "killed_militants", 7.0), period="2024-06")
    whole, left_out = completed(kept(pd.concat([printed(*rows), later], ignore_index=True)))
    assert sorted(value(whole, ATTACKS, "killed_militants")) == [0.0, 7.0]
    assert left_out.empty
