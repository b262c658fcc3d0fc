"""What follows a dose: a planted effect is found, and worlds without one stay quiet."""

import numpy as np
import pandas as pd
import pytest

from helpers.base.errors import InputError
from helpers.stats.panels.dose import DoseWorld, Place, dose_worlds, following
from helpers.stats.trust.power import rejections

MONTHS = pd.period_range("2014-01", periods=96, freq="M")
CALM = Place(4.0, 3.5, rho=0.8, sd=0.4, own=0.15, dose_rho=0.3, dose_sd=0.7)
DRIVEN = Place(4.0, 3.5, rho=0.8, sd=0.5, own=0.3, dose_rho=0.0, dose_sd=0.3, shared=1.0)


def world(*places: Place) -> DoseWorld:
    """Return a world in which everything was printed."""
    names = [str(number) for number in range(len(places))]
    printed = pd.DataFrame(True, MONTHS, names)
    return DoseWorld(dict(zip(names, places)), printed, printed)


def test_a_planted_fall_is_recovered_forwards_and_not_backwards() -> None:
    own, made = np.random.default_rng(1), world(CALM, CALM)
    drawn = [made.draw(0.8, own) for _ in range(30)]
    ahead = [following(*pair) for pair in drawn]
    assert np.mean([one.value for one in ahead]) == pytest.approx(0.8, abs=0.03)
    assert np.mean([one.high < 1 for one in ahead]) > 0.9
    back = [following(*pair, -1) for pair in drawn]
    assert np.mean([one.value for one in back]) == pytest.approx(1.0, abs=0.04)


def test_without_a_link_little_is_found_and_a_shared_wave_looks_like_a_harmful_dose() -> None:
    def test(pair, own):
        return following(*pair)

    own = np.random.default_rng(2)
    quiet = rejections(test, world(CALM).draw, 1.0, own, series=60)
    assert quiet.rate().low < 0.08
    driven = [following(*world(DRIVEN).draw(1.0, own)).value for _ in range(20)]
    assert np.mean(driven) > 1.1


def test_worlds_are_fitted_to_what_was_drawn() -> None:
    months = pd.period_range("1900-01", periods=1500, freq="M")
    printed = pd.DataFrame(True, months, ["a"])
    source = DoseWorld({"a": DRIVEN}, printed, printed)
    dose, counts = source.draw(1.0, np.random.default_rng(3))
    found = dose_worlds(dose, counts)
    shared = found["common shock"].places["a"]
    assert (shared.rho, shared.sd, shared.shared) == pytest.approx((0.8, 0.5, 1.0), abs=0.12)
    assert (shared.own, shared.dose_sd) == pytest.approx((0.3, 0.3), abs=0.1)
    assert found["apart"].places["a"].shared == found["answer"].places["a"].shared == 0
    assert found["answer"].places["a"].answers > 0.4


def test_what_was_not_printed_stays_missing_and_takes_no_part() -> None:
    dose, counts = world(CALM).draw(1.0, np.random.default_rng(4))
    dose.iloc[::3] = np.nan
    whole, gappy = following(dose.fillna(7.0), counts), following(dose, counts)
    assert (whole.n, gappy.n) == (95, 63)
    drawn, _ = dose_worlds(dose, counts)["apart"].draw(1.0, np.random.default_rng(5))
    assert drawn.isna().equals(dose.isna())


def fault(name: str) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return tables with one fault."""
    dose, counts = world(CALM).draw(1.0, np.random.default_rng(6))
    if name == "other places":
        return dose, counts.rename(columns={"0": "b"}), 1
    if name == "half a count":
        return dose + 0.5, counts, 1
    if name == "no distance":
        return dose, counts, 0
    if name == "few pairs":
        return dose.where((dose.index < MONTHS[8])[:, None]), counts, 1
    return dose * 0 + 4, counts, 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("other places", "other periods or places"),
        ("half a count", "no count"),
        ("no distance", "after is 0"),
        ("few pairs", "8 pairs"),
        ("one dose", "does not vary"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(name: str, said: str) -> None:
    dose, counts, after = fault(name)
    with pytest.raises(InputError, match=said):
        following(dose, counts, after)
