"""Figures over spans of months: none is counted twice, and totals are kept."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.measures.nesting import (
    COVERED,
    CROSSED,
    SHORT,
    UNDATED,
    UNLIKE,
    independent,
    nested,
)

YEAR = pd.period_range("2024-01", "2024-12", freq="M")


def spans(*rows, **change):
    """Figures from (first month, last month, value)."""
    table = pd.DataFrame(
        [(tuple(YEAR[first - 1 : last]), float(value)) for first, last, value in rows],
        columns=["months", "value"],
    )
    about = {"derived": False, "vintage": "2025", "vintage_then": "2024", "url": "", "url_then": ""}
    return table.assign(**({"value_then": table["value"]} | about | change))


def reasons(table):
    return nested(table)[1]["reason"].tolist()


@st.composite
def printed(draw):
    """True months, and a year, halves, quarters and months of them as some texts print them."""
    truth = draw(st.lists(st.integers(0, 60), min_size=12, max_size=12))
    every = [(m, m) for m in range(1, 13)] + [(1, 3), (4, 6), (7, 9), (10, 12), (1, 6), (7, 12)]
    every += [(1, 5), (1, 9), (1, 10), (1, 11)]
    chosen = draw(st.lists(st.sampled_from(every), unique=True))
    return truth, [(a, b, sum(truth[a - 1 : b])) for a, b in [*chosen, (1, 12)]]


@settings(deadline=None, max_examples=40)
@given(printed())
def test_no_month_is_covered_twice_and_every_figure_is_that_of_its_months(drawn):
    truth, rows = drawn
    entered, left_out = nested(spans(*rows))
    covered = [month for months in entered["months"] for month in months]
    assert len(covered) == len(set(covered))
    for row in entered.itertuples():
        assert row.value == sum(truth[month.month - 1] for month in row.months)
    assert set(left_out["reason"]) <= {COVERED, CROSSED, UNLIKE}
    if not set(left_out["reason"]) & {CROSSED, UNLIKE}:
        assert entered["value"].sum() == sum(truth)
        assert set(covered) == set(YEAR)


def test_a_rest_is_of_the_time_of_the_months_and_says_where_it_stood():
    table = spans((1, 12, 908), (1, 11, 856))
    table.loc[0, ["value_then", "vintage_then", "url_then"]] = [905.0, "2025-01", "first"]
    rest = nested(table)[0].iloc[-1]
    assert (rest["value"], rest["vintage"], rest["url"]) == (49.0, "2025-01", "first")
    assert rest["derived"]


def test_a_span_that_stands_alone_has_the_value_in_force():
    entered, _ = nested(spans((1, 12, 517), value_then=490.0))
    assert entered["value"].tolist() == [517.0]
    assert not entered["derived"].any()


def test_a_rest_that_is_no_count_does_not_enter():
    assert reasons(spans((1, 6, 50), (1, 12, 49))) == [SHORT]
    assert reasons(spans((1, 6, 100), (1, 12, 900))) == [UNLIKE]
    assert reasons(spans((1, 6, 100), (1, 12, 105))) == [UNLIKE]
    assert reasons(spans((1, 6, 1), (1, 12, 9))) == []
    no_total = spans((1, 6, 50), (1, 12, 100))
    no_total.loc[1, "value_then"] = float("nan")
    assert reasons(no_total) == [UNDATED]


def test_a_span_that_cuts_another_does_not_enter():
    entered, left_out = nested(spans((1, 5, 50), (4, 9, 60)))
    assert left_out["reason"].tolist() == [CROSSED]
    assert entered["months"].map(len).tolist() == [5]


def test_of_two_figures_for_the_same_months_the_later_enters():
    table = spans((1, 3, 10), (1, 3, 12))
    table["vintage"] = ["2024-04", "2024-06"]
    assert nested(table)[0]["value"].tolist() == [12.0]


CELLS = {"a": ["a"], "b": ["b"], "c": ["c"], "ab": ["a", "b"], "bc": ["b", "c"], "abc": [*"abc"]}


def counted(*rows):
    months = [tuple(YEAR[first - 1 : last]) for _, first, last in rows]
    return pd.DataFrame({"quantity": [row[0] for row in rows], "months": months})


@pytest.mark.parametrize(
    ("rows", "new"),
    [
        ([("a", 1, 1), ("b", 1, 1), ("ab", 1, 1)], [True, True, False]),
        ([("a", 1, 1), ("ab", 1, 1), ("b", 1, 1)], [True, True, False]),
        ([("a", 1, 3), ("b", 1, 3), ("ab", 1, 1), ("ab", 2, 3)], [True, True, True, False]),
        ([("ab", 1, 1), ("bc", 1, 1), ("a", 1, 1), ("abc", 1, 1)], [True, True, True, False]),
        ([("ab", 1, 1), ("bc", 1, 1), ("abc", 1, 1)], [True, True, True]),
        ([("a", 1, 1), ("a", 2, 2), ("a", 1, 2)], [True, True, False]),
    ],
)
def test_what_follows_from_figures_that_enter_does_not(rows, new):
    assert independent(counted(*rows), CELLS).tolist() == new


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(CELLS)), st.integers(1, 4), st.integers(4, 6)),
        min_size=1,
        max_size=25,
    )
)
def test_as_many_enter_as_the_figures_have_dimensions(rows):
    import numpy as np

    table = counted(*rows)
    cells = sorted({(cell, month) for cell in "abc" for month in YEAR}, key=str)
    matrix = np.array(
        [
            [cell in CELLS[row.quantity] and month in row.months for cell, month in cells]
            for row in table.itertuples()
        ],
        dtype=float,
    )
    assert independent(table, CELLS).sum() == np.linalg.matrix_rank(matrix)
