"""The row of a tested step: every number stands where it belongs, and what is missing is a dash."""

import pandas as pd
import pytest

from helpers.measures.steps import FORMATS, StepTest, effects, table
from helpers.stats.estimate import Estimate
from helpers.stats.trust.equivalence import equivalence

CURVE = pd.DataFrame({"effect": [0.5, 0.75, 1.0, 1.6, 3.0], "power": [0.9, 0.3, 0.04, 0.25, 0.6]})


PLACEBO = Estimate(0.8, None, None, 0.1, 20)


def weighed(placebo=PLACEBO):
    reml = Estimate(0.8, 0.6, 1.1, 0.15, 84)
    bootstrap, local = Estimate(0.8, 0.5, 1.2, 0.2, 84), Estimate(0.8, 0.4, 1.6, 0.5, 84)
    equal = equivalence(reml, 1.25)
    return StepTest("deaths", "2024-07", reml, bootstrap, local, placebo, CURVE, 0.75, equal)


def test_each_number_comes_from_its_own_method():
    row = table([weighed()]).iloc[0]
    assert row[["p_reml", "p_bootstrap", "p_local", "p_placebo"]].tolist() == [0.15, 0.2, 0.5, 0.1]
    assert row[["ratio", "low", "high"]].tolist() == [0.8, 0.6, 1.1]
    assert (row["months"], row["size"], row["power_at_0.75"]) == (84, 0.04, 0.3)
    assert row["detectable_fall"] == pytest.approx(0.535, abs=1e-3)
    assert row["p_equal"] == equivalence(Estimate(0.8, 0.6, 1.1), 1.25).p
    assert set(row.index) - {"series", "from", "months"} <= set(FORMATS)


def test_what_is_not_reached_or_has_no_room_is_left_out_of_the_record_and_a_dash_in_the_table():
    test = weighed(placebo=None)
    assert "detectable_rise" not in test.beside() and "placebo_p" not in test.beside()
    assert weighed().beside()["placebo_p"] == 0.1
    assert table([test])[["p_placebo", "detectable_rise"]].isna().all(axis=None)


def test_tests_and_estimates_stand_one_below_the_other_in_order():
    assert table([weighed(), weighed(None)])["p_placebo"].isna().tolist() == [False, True]
    found = {"b": Estimate(2.0, 1.5, 3.0, 0.01), "a": Estimate(0.9, 0.5, 1.6, 0.7)}
    assert effects(found)["measure"].tolist() == ["b", "a"]
    assert effects(found)["ratio"].tolist() == [2.0, 0.9]
