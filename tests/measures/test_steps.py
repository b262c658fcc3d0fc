"""The row of a tested step: every number stands where it belongs, and what is missing is a dash."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures import steps
from helpers.measures.steps import FORMATS, StepTest, effects, table, window
from helpers.stats.estimate import Estimate
from helpers.stats.months.diagnostics import Diagnostics
from helpers.stats.months.interrupted import interrupted
from helpers.stats.trust.equivalence import equivalence
from helpers.stats.trust.placebo import placebo_in_time
from helpers.stats.trust.worlds import Size

CURVE = pd.DataFrame({"effect": [0.5, 0.75, 1.0, 1.6, 3.0], "power": [0.9, 0.3, 0.04, 0.25, 0.6]})
PLACEBO = Estimate(0.8, None, None, 0.1, 20)
SIZE = Size(pd.DataFrame({"world": ["calm", "walk"], "size": [0.05, 0.12]}))
RESIDUALS = Diagnostics(
    innovations=pd.Series([0.1, -0.1]),
    quantiles=pd.Series([0.1, -0.1]),
    autocorrelation=0.4,
    ljung_box=Estimate(20.0, p=0.03),
    shape=Estimate(0.05, p=0.6),
    before=Estimate(1.1, p=0.7),
    influence=pd.DataFrame({"ratio": [0.7, 0.9], "change": [0.875, 1.125]}),
    effect=Estimate(0.8),
)


def weighed(placebo=PLACEBO):
    step = Estimate(0.8, 0.6, 1.1, 0.15, 84)
    reml, local = Estimate(0.8, 0.5, 1.2, 0.2, 84), Estimate(0.8, 0.4, 1.6, 0.5, 84)
    weights = (SIZE, CURVE, 0.75, equivalence(step, 1.25), RESIDUALS)
    return StepTest("deaths", "2024-07", step, local, reml, placebo, *weights)


def test_each_number_comes_from_its_own_method():
    row = table([weighed()]).iloc[0]
    assert row[["p", "p_reml", "p_local", "p_placebo"]].tolist() == [0.15, 0.2, 0.5, 0.1]
    assert row[["ratio", "low", "high"]].tolist() == [0.8, 0.6, 1.1]
    assert row[["months", "worst_size", "power_at_0.75"]].tolist() == [84, 0.12, 0.3]
    assert row["worst_world"] == "walk" and row["residuals"] == "memory left in the residuals"
    assert row["detectable_fall"] == pytest.approx(0.535, abs=1e-3)
    assert row["p_equal"] == equivalence(Estimate(0.8, 0.6, 1.1), 1.25).p
    words = {"series", "from", "months", "worst_world", "residuals"}
    assert set(row.index) - words <= set(FORMATS)


def test_what_is_recorded_beside_a_step_is_what_the_rule_of_verdicts_reads():
    beside = weighed().beside()
    assert beside["size"] == 0.12 and beside["memory_p"] == 0.03 and beside["shift_p"] == 0.7
    assert weighed().words() == {
        "worst_world": "walk",
        "residuals": "memory left in the residuals",
    }


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


def test_one_month_that_decides_the_direction_is_said():
    moved = pd.DataFrame({"ratio": [0.7, 1.2], "change": [0.875, 1.5]})
    other = replace(RESIDUALS, influence=moved)
    assert "one month decides the direction" in other.words()


def test_a_window_finds_the_step_that_is_there_by_both_tests():
    months = pd.period_range("2014-01", periods=84, freq="M")
    means = np.where(months >= "2019-01", 150.0, 50.0)
    y = pd.Series(np.random.default_rng(3).poisson(means), months)
    row = window(y, "2019-01", np.random.default_rng(1), simulated=40)
    assert row["ratio"] == pytest.approx(3, rel=0.25) and row["low"] > 1.5
    assert row["ar1_ratio"] == pytest.approx(3, rel=0.25)
    assert row["worst_world"] in ("AR(1)", "AR(1) plus noise", "random walk")


ABOUT = {"name": "events", "smallest": 1.25, "simulated": 30}


def counted(ratio, at="2019-01", first="2012-01", periods=120, seed=3):
    months = pd.period_range(first, periods=periods, freq="M")
    means = np.where(months >= at, 40.0 * ratio, 40.0)
    return pd.Series(np.random.default_rng(seed).poisson(means), months)


def all_of(y, dates, **about):
    return steps.weighed(y, dates, np.random.default_rng(1), **(ABOUT | about))


@pytest.mark.parametrize("form", [{}, {"harmonics": 0, "order": 0}])
def test_all_that_is_weighed_is_what_each_method_says_of_the_same_model(form):
    y = counted(2.0)
    found = all_of(y, ["2019-01", "2016-01"], **form)
    for name, method in {"step": "memory", "local": "local level", "reml": "reml"}.items():
        alone = interrupted(y, ["2019-01", "2016-01"], method=method, **form).effect()
        assert getattr(found, name) == alone
    assert found.placebo == placebo_in_time(y, "2019-01", **form).effect()
    assert (found.at, found.name, found.step.n) == ("2019-01", "events", 120)
    assert set(found.size.table["series"]) == {30} == set(found.curve["series"])


def test_a_planted_step_is_found_and_none_where_there_is_none():
    found, none = all_of(counted(2.0), "2019-01"), all_of(counted(1.0), "2019-01")
    assert found.step.low > 1.25 and found.step.p < 0.01
    assert none.step.low < 1 < none.step.high and none.step.p > 0.05
    assert found.power < none.curve["power"].max() and found.detectable.above < 2


@pytest.mark.parametrize("smallest", [0.75, 1.25, 0.7])
def test_the_smallest_change_that_matters_has_its_power_and_the_margin_its_test(smallest):
    found = all_of(counted(1.0), "2019-01", smallest=smallest, margin=1.4)
    assert smallest in set(found.curve["effect"]) and 0 <= found.power <= 1
    assert found.equal == equivalence(found.step, 1.4)


def test_a_date_without_earlier_ones_that_have_room_has_no_placebo():
    y = counted(2.0, at="2014-06", first="2012-01", periods=60)
    assert all_of(y, "2014-06").placebo is None


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"smallest": 1.0}, "smallest ratio is 1"),
        ({"smallest": 0.0}, "smallest ratio"),
        ({"smallest": float("nan")}, "smallest ratio"),
        ({"margin": 0.8}, "margin"),
        ({"dates": "2030-01"}, "2030-01"),
        ({"y": pd.Series([-1] * 60, pd.period_range("2012-01", periods=60, freq="M"))}, "-1"),
        ({"y": counted(0.0, at="2014-01", periods=60)}, "holds only zeros"),
        ({"order": 9}, "order"),
        ({"simulated": 0}, "series is 0"),
    ],
)
def test_what_cannot_be_weighed_is_refused_in_one_sentence(about, said):
    y, dates = counted(1.0, periods=60, at="2014-01"), "2014-01"
    with pytest.raises(InputError, match=said):
        all_of(**({"y": y, "dates": dates} | about))
