"""Two places that part, that do not, and that cannot be compared."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.measures.parting import FORMATS, PLANTED, parting, table, years_about

MONTHS = pd.period_range("2016-08", periods=76, freq="M")
EVENT = "2021-08"
ABOUT = {"name": "a over b", "leads": 3, "simulated": 20}


def pair(seed, ratio=1.0, mean=60.0):
    generator = np.random.default_rng(seed)
    levels = np.where(MONTHS >= EVENT, ratio, 1.0), np.ones(76)
    return tuple(pd.Series(generator.poisson(mean * one), MONTHS) for one in levels)


@pytest.fixture(scope="module")
def parted():
    return parting(*pair(1, 3.0), EVENT, np.random.default_rng(2), **ABOUT)


def test_a_planted_parting_is_found_at_its_date_and_not_before(parted):
    assert parted.step.low < 3 < parted.step.high and parted.step.p < 0.001
    assert list(parted.leads) == [1, 2, 3]
    assert min(one.p for one in parted.leads.values()) > 0.01
    assert parted.level.low > 1 and parted.bounded.low < parted.level.low


def test_what_weighs_it_stands_beside_it(parted):
    beside = parted.beside()
    assert beside["size"] <= 0.3 and beside["worst_world"] in parted.worlds
    assert beside["power_at_2"] == parted.power(2.0)
    assert set(parted.estimates()) == {"no_trend", "bounded", "lead_1", "lead_2", "lead_3"}
    rows = table([parted])
    assert rows["ratio"].tolist() == [parted.step.value] and set(FORMATS) < set(rows)
    assert parted.curve["effect"].tolist() == list(PLANTED)


def test_places_that_move_alike_have_not_parted():
    found = parting(*pair(3), EVENT, np.random.default_rng(4), **ABOUT)
    assert found.step.p > 0.05 and found.bounded.low < 1 < found.bounded.high


def test_a_series_too_short_for_its_leads_is_refused():
    y, other = (one["2018-09":] for one in pair(5))
    with pytest.raises(InputError, match="35 months lie before 2021-08: expected at least 36"):
        parting(y, other, EVENT, np.random.default_rng(6), name="a", leads=1)
    with pytest.raises(InputError, match="expected at least 84"):
        parting(*pair(5), EVENT, np.random.default_rng(6), name="a", leads=6)


def test_years_about_an_event_meet_at_it():
    two, one, after = years_about("2022-01")
    assert (two.start, one.start, after.start) == ("2020-01", "2021-01", "2022-01")
    assert (two.stop, one.stop, after.stop) == ("2020-12", "2021-12", "2022-12")
