"""A unit beside its synthetic control: what was planted stands out, what was not does not."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.standing import kept_back, left_out, standing, table
from helpers.stats.panels.synthetic import synthetic_control


def panel(factor, seed=1, units=12):
    generator = np.random.default_rng(seed)
    index = pd.period_range("2012Q1", periods=40, freq="Q")
    shared = np.cumsum(generator.normal(0, 0.1, 40))
    levels = np.exp(generator.uniform(3, 4, units) + shared[:, None])
    frame = pd.DataFrame(
        generator.poisson(levels), index, [f"u{number}" for number in range(units)]
    )
    frame.loc["2019Q1":, "u0"] = (frame.loc["2019Q1":, "u0"] * factor).round().astype(int)
    return frame


def test_a_planted_effect_stands_out_and_its_leads_do_not():
    found = standing(panel(4.0), "u0", "2019-01", name="events", leads=2)
    beside, leads = found.beside(), found.estimates()
    assert found.ratio.value == pytest.approx(4, rel=0.2) and beside["p"] == pytest.approx(1 / 12)
    assert beside["p"] <= beside["p_all"] and beside["close"] <= beside["donors"] == 11
    assert 0.7 < leads["lead_1"].value < 1.4 and 0.7 < leads["lead_2"].value < 1.4
    assert leads["did"].value == pytest.approx(4, rel=0.25)
    assert found.early[2].donors.event == found.control.donors.event - 8


def test_nothing_planted_is_not_found():
    one = standing(panel(1.0, units=30), "u0", "2019Q1", name="events")
    assert one.ratio.p > 0.1 and one.ratio.low < 1 < one.ratio.high
    row = table([one]).iloc[0]
    assert row["ratio"] == one.ratio.value and row["fit"] < row["spread"]


def test_without_a_group_its_donors_get_no_weight():
    frame = panel(1.0).assign(twin=lambda rows: rows["u0"])
    control = synthetic_control(frame, "u0", "2019Q1")
    found = left_out(control, {"its twin": ["twin"], "u1": ["u1"]}).set_index("without")
    assert found["fit"]["u1"] == pytest.approx(0, abs=1e-6)
    assert found["fit"]["its twin"] > 0.05
    with pytest.raises(InputError, match="'nobody' holds none of the donors"):
        left_out(control, {"nobody": ["z"]})


def test_periods_that_gave_no_weights_show_a_fit_by_chance():
    frame = panel(1.0)
    frame.loc[:"2012Q4", "u0"] *= 20
    found = kept_back(synthetic_control(frame["2013Q1":], "u0", "2019Q1"), frame[:"2012Q4"])
    assert found.idxmax() == "u0" and found["u0"] == pytest.approx(np.log(20), rel=0.2)
    control = synthetic_control(frame["2013Q1":], "u0", "2019Q1")
    assert control.matrix.sum().to_numpy() == pytest.approx(1)
    with pytest.raises(InputError, match="lack the unit 'u1'"):
        kept_back(control, frame.drop(columns="u1"))
