"""The trial of the tests: worlds are those of their names, a row depends on nothing else."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.months.noise import Noise, Walk
from helpers.stats.trust.calibration import METHODS, SCENARIOS, Method, Scenario, calibration

CALM = Scenario("calm", Noise(0.0, 0.2), 20, 4)
SHORT = Scenario("short walk", Walk(0.1), 34, 6, mean=10, old=True)


def of(name, *spans):
    return [one for one in SCENARIOS if one.name == name and (not spans or one.span in spans)]


def mean_above(at):
    return lambda series, own: Estimate(1.0, 0.9, 1.1, float(series.mean() > 80))


def shaky(at):
    return lambda series, own: Estimate(1.0, p=float(own.random()))


ONE, TWO = Method("one", True, mean_above), Method("two", False, mean_above)


def test_the_noise_of_a_scenario_is_that_of_its_shocks():
    """A first-order autoregression has the variance of its shocks over 1 - rho^2."""
    (one,) = of("AR .8", "114+6")
    assert one.noise == Noise(0.8, pytest.approx(0.25)) and one.span == "114+6"
    assert of("AR .95 and noise", "102+18")[0].noise.sd == pytest.approx(0.12 / np.sqrt(0.0975))


def test_the_worlds_that_were_asked_for_are_all_there():
    """AR, AR and noise, random walks, few counts, seasons, overdispersion, shifts and turns."""
    assert len({(one.name, one.span) for one in SCENARIOS}) == len(SCENARIOS)
    assert {one.after for one in SCENARIOS} >= {3, 6, 12, 18, 24}
    assert (
        min(one.before for one in SCENARIOS) == 24 and max(one.before for one in SCENARIOS) == 180
    )
    assert {one.mean for one in SCENARIOS} >= {2, 5, 10, 80}
    assert max(one.noise.dispersion for one in SCENARIOS) == 10
    assert max(one.season for one in SCENARIOS) == 1 and max(one.shift for one in SCENARIOS) == 2
    assert any(one.turn for one in SCENARIOS) and any(
        isinstance(one.noise, Walk) and one.noise.own for one in SCENARIOS
    )
    assert [method.name for method in METHODS if method.primary] == ["averaged over memory"]


@pytest.mark.parametrize(
    ("options", "ratios"),
    [
        ({"shift": 2.0}, [1, 1, 2, 2]),
        ({"turn": 0.1}, [1, 1, 1, np.exp(2.1)]),
        ({"season": 1.0}, [np.exp(0.4), np.exp(0.5 + 0.2), np.exp(0.4), np.exp(-1 - 0.4)]),
    ],
)
def test_what_happens_before_the_event_is_that_of_the_scenario(options, ratios):
    world = Scenario("", Noise(0.0, 0.1), 24, 10, mean=50, **options).world()
    places = [0, 1, 12, 33]
    assert (world.means.iloc[places] / 50).tolist() == pytest.approx(ratios)
    assert world.at == world.means.index[24] and len(world.means) == 34


def test_a_walk_wanders_and_months_have_noise_of_their_own():
    walk = Walk(0.1).draw(np.full(40, 1e7), 3000, np.random.default_rng(1))
    steps = np.diff(np.log(walk), axis=1)
    assert steps.std() == pytest.approx(0.1, rel=0.02)
    assert abs(np.corrcoef(steps[:, 4], steps[:, 5])[0, 1]) < 0.06
    own = Walk(0.0, 0.3).draw(np.full(2, 1e7), 4000, np.random.default_rng(1))
    assert np.log(own).std() == pytest.approx(0.3, rel=0.03)
    assert abs(np.corrcoef(np.log(own).T)[0, 1]) < 0.06
    counts = Noise(0.0, 1e-3, dispersion=10).draw(np.full(1, 40.0), 20000, np.random.default_rng(1))
    assert counts.var() / counts.mean() == pytest.approx(10, rel=0.05)


def test_all_methods_meet_the_same_series_and_each_row_is_counted():
    found = calibration(1, scenarios=(CALM,), methods=(ONE, TWO), effects=(1.0, 0.6), series=30)
    assert found[["effect", "method"]].to_numpy().tolist() == [
        [1.0, "one"],
        [1.0, "two"],
        [0.6, "one"],
        [0.6, "two"],
    ]
    assert found["rejects"][0] == found["rejects"][1] < found["rejects"][2] == found["rejects"][3]
    assert found["covered"].tolist() == [1, 1, 0, 0] and (found["series"] == 30).all()
    assert found["share"].tolist() == (found["rejects"] / 30).tolist()
    assert ((found["low"] <= found["share"]) & (found["share"] <= found["high"])).all()


def test_a_row_depends_neither_on_the_others_nor_on_the_workers():
    methods = (METHODS[0], Method("shaky", False, shaky))
    whole = calibration(3, scenarios=(CALM, SHORT), methods=methods, series=20)
    alone = calibration(3, scenarios=(SHORT,), methods=methods[1:], effects=(2.0,), series=20)
    row = whole[(whole["scenario"] == "short walk") & (whole["effect"] == 2.0)]
    pd.testing.assert_frame_equal(
        alone, row[row["method"] == "shaky"].reset_index(drop=True), check_dtype=False
    )
    again = calibration(3, scenarios=(CALM, SHORT), methods=methods, series=20, workers=2)
    pd.testing.assert_frame_equal(whole, again)
    other = calibration(4, scenarios=(CALM, SHORT), methods=methods, series=20)
    assert other["rejects"].tolist() != whole["rejects"].tolist()
    assert np.isnan(whole.loc[whole["method"] == "shaky", "covered"]).all()


def test_methods_that_are_not_tried_everywhere_are_tried_in_the_old_scenarios_alone():
    rare = Method("rare", False, mean_above, everywhere=False)
    found = calibration(1, scenarios=(CALM, SHORT), methods=(ONE, rare), effects=(1.0,), series=2)
    assert found[["scenario", "method"]].to_numpy().tolist() == [
        ["calm", "one"],
        ["short walk", "one"],
        ["short walk", "rare"],
    ]


def test_a_trial_of_nothing_is_refused():
    with pytest.raises(InputError, match="series is 0"):
        calibration(1, scenarios=(CALM,), methods=(ONE,), series=0)
    with pytest.raises(InputError, match="workers is 0"):
        calibration(1, scenarios=(CALM,), methods=(ONE,), series=2, workers=0)
