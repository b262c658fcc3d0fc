"""Groups: who is counted, when they were allied, and when they ended."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.groups import by_year, risk, with_allies, with_random_allies


def events():
    rows = [
        ("Government of X", "A", "state-based", 2010, 3, 5, 1),
        ("Government of X", "A", "state-based", 2012, 2, 0, 0),
        ("A", "Civilians", "one-sided", 2012, 1, 0, 4),
        ("Government of X", "B", "state-based", 2019, 1, 2, 0),
        ("Government of X", "Government of Y", "state-based", 2019, 9, 9, 9),
        ("C", "D", "non-state", 2011, 5, 0, 0),
    ]
    return pd.DataFrame(
        rows,
        columns=["side_a", "side_b", "type_of_violence", "year", "events", "deaths_a", "civilians"],
    )


def test_only_groups_against_the_state_or_civilians_count_with_the_harm_they_did():
    found = by_year(events(), "X").set_index(["group", "year"])
    assert found.loc[("A", 2012)].tolist() == [3, 4] and found.loc[("A", 2010)].tolist() == [3, 6]
    assert sorted(found.index.get_level_values(0).unique()) == ["A", "B"]
    with pytest.raises(InputError, match="no group that fought"):
        by_year(events()[5:], "X")


def test_years_at_risk_run_from_first_to_last_and_late_or_absorbed_groups_have_not_ended():
    table = with_allies(by_year(events(), "X"), {"A": 2012})
    found = risk(table, 2021).set_index(["group", "year"])
    assert found.loc["A"]["allied"].tolist() == [False, False, True] and found.loc["A"][
        "ended"
    ].tolist() == [False, False, True]
    assert found.loc["B"]["ended"].tolist() == [True]
    assert not risk(table, 2020).set_index("group").loc["B", "ended"]
    assert not risk(table, 2021, absorbed={"A": "B"}).query("group == 'A'")["ended"].any()


def test_random_allies_keep_the_years_and_lose_the_groups():
    table = pd.DataFrame({"group": list("ABCDEF"), "year": 2015})
    generator = np.random.default_rng(1)
    drawn = [with_random_allies(table, {"A": 2010, "B": 2020}, generator) for _ in range(60)]
    assert all(
        one["allied"].sum() == 1 for one in drawn
    )  # one alliance began before 2015, one after
    assert {one.loc[one["allied"], "group"].item() for one in drawn} == set("ABCDEF")
