"""A release by type of violence, without fighting between states and what governments do."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.clean import ucdp, units
from helpers.measures.releases import COUNTS, INSIDE, not_militancy, released
from helpers.raw import contract

counts = st.integers(0, 90)


def country(*rows):
    """Months of the country's table from (month, every count)."""
    table = pd.DataFrame({"month": pd.to_datetime([row[0] for row in rows]), "version": "v"})
    return table.assign(**{name: [row[1] for row in rows] for name in COUNTS})


def dyads(*rows):
    """Rows of the table of groups from (month, kind, inside, type, count)."""
    names = ["month", "kind", "inside", "type_of_violence", "events"]
    table = pd.DataFrame(rows, columns=names).assign(version="v")
    return table.assign(month=pd.to_datetime(table["month"]), deaths=table["events"])


def value(table, groups, quantity="deaths_state_based"):
    rows = released(table, groups, "v", "U", "2025-01", "2025-12")
    return rows.loc[rows["quantity"] == quantity, "value"].tolist()


@settings(deadline=None, max_examples=40)
@given(counts, counts, counts, counts)
def test_what_is_taken_out_was_fought_here_and_leaves_no_less_than_nothing(
    total, militants, governments, states
):
    groups = pd.DataFrame(
        {"militants": [militants], "governments": [governments], "states": [states]}
    )
    removed = not_militancy(pd.Series([float(total)]), groups).iloc[0]
    assert 0 <= removed <= min(total, governments + states)
    assert total - removed >= min(total - min(total, governments), militants)
    if militants + governments + states == total:
        assert removed == governments + states
    if militants + governments >= total:
        assert removed == min(total, governments)


def test_fighting_between_states_elsewhere_is_not_taken_out():
    table = country(("2025-05-01", 60))
    here = dyads(
        ("2025-05-01", "militants", INSIDE, "state-based", 10),
        ("2025-05-01", "state against state", "mostly elsewhere", "state-based", 50),
    )
    assert value(table, here) == [10.0]
    abroad = here.assign(events=[60, 50], deaths=[60, 50])
    assert value(table, abroad) == [60.0]


def test_only_governments_inside_the_country_are_taken_out_of_one_sided_violence():
    table = country(("2025-05-01", 60))
    groups = dyads(
        ("2025-05-01", "government against civilians", INSIDE, "one-sided", 7),
        ("2025-05-01", "government against civilians", "mostly elsewhere", "one-sided", 20),
        ("2025-05-01", "among groups", INSIDE, "non-state", 9),
    )
    assert value(table, groups, "deaths_one_sided") == [53.0]
    assert value(table, groups) == [60.0]


def test_months_without_a_row_are_zero_and_months_of_other_releases_are_not_there():
    table = country(("2025-01-01", 3), ("2025-03-01", 5))
    later = country(("2025-04-01", 9)).assign(version="candidate")
    none = dyads()
    assert value(pd.concat([table, later]), none) == [3.0, 0.0, 5.0]
    with pytest.raises(InputError, match="has no month between"):
        released(table, none, "w", "U", "2025-01", "2025-12")
    gone = table.assign(deaths_one_sided=pd.NA)
    with pytest.raises(InputError, match="does not state"):
        released(gone, none, "v", "U", "2025-01", "2025-12")


def test_the_release_of_the_project_loses_the_fighting_between_its_states(corrected):
    months = ucdp.months(
        ucdp.everywhere(corrected("country_month"), "26.1"), "Pakistan", "2018-01", "2025-12"
    )
    key = contract.load(paths.RAW / "groups.csv")
    table = contract.load(paths.RAW / "group_month.csv")
    groups = units.groups(table, key, "2018-01", "2025-12", "26.1", candidate=False)
    rows = released(months, groups, "26.1", "UCDP", "2018-01", "2025-12")
    assert (rows["value"] >= 0).all()
    assert (rows["removed"] <= rows["at_most"]).all()
    year = rows["month"].dt.year
    removed = rows.groupby([year, "quantity"])["removed"].sum().unstack()
    # India and Pakistan in May 2025: the country has 50 deaths more than its militants' dyads.
    may = rows[(rows["month"] == "2025-05") & (rows["quantity"] == "deaths_state_based")]
    assert may["removed"].tolist() == [50.0]
    assert removed.loc[2025, "events_one_sided"] == 39
    total = rows.assign(whole=rows["value"] + rows["removed"]).groupby([year, "quantity"])["whole"]
    assert total.sum().unstack().loc[2024].to_dict() == {
        "deaths_one_sided": 168.0,
        "deaths_state_based": 1568.0,
        "events_one_sided": 146.0,
        "events_state_based": 575.0,
    }
