"""Robust errors: the formulae of White and of Newey and West written out, and what is refused."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import norm

from helpers.base.errors import InputError
from helpers.stats.months.sandwich import fit_sandwich

TIME = np.arange(60)
DESIGN = pd.DataFrame({"step": TIME >= 48, "const": 1.0, "trend": TIME / 12}, dtype=float)
Y = pd.Series(np.random.default_rng(3).negative_binomial(8, 0.1, 60))
OFFSET = np.log(100 + TIME)


def poisson(**options):
    model = sm.GLM(Y, DESIGN, family=sm.families.Poisson(), offset=OFFSET)
    return model.fit(tol=1e-12, **options)


def by_hand(lags):
    """Bread and meat, the lags weighted by Bartlett's kernel (Newey and West 1987)."""
    plain, x = poisson(), DESIGN.to_numpy()
    scores = (Y.to_numpy() - plain.mu)[:, None] * x
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        shared = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (shared + shared.T)
    bread = np.linalg.inv(x.T @ (np.asarray(plain.mu)[:, None] * x))
    return bread @ meat @ bread


@pytest.mark.parametrize(
    ("kind", "lags", "expected"),
    [
        ("hac", 4, by_hand(4)),
        ("hac", 0, by_hand(0)),
        ("hc", 4, by_hand(0) * 60 / 57),
        ("quasi", 4, poisson(scale="X2").cov_params()),
        ("hac", 6, poisson(cov_type="HAC", cov_kwds={"maxlags": 6}).cov_params()),
        ("hc", 6, poisson(cov_type="HC0").cov_params() * 60 / 57),
    ],
)
def test_errors_are_those_written_out_and_statsmodels(kind, lags, expected):
    found = fit_sandwich(Y, DESIGN, kind=kind, lags=lags, offset=OFFSET)
    assert found.cov.to_numpy() == pytest.approx(np.asarray(expected), rel=1e-5)
    assert found.params.to_numpy() == pytest.approx(poisson().params.to_numpy(), rel=1e-6)
    assert found.means == pytest.approx(poisson().mu, rel=1e-6) and found.n == 60


def test_an_effect_is_walds_and_a_joint_test_is_statsmodels_f():
    found, model = fit_sandwich(Y, DESIGN, kind="quasi", offset=OFFSET), poisson(scale="X2")
    one, at_80 = found.effect("step"), found.effect({"step": 2}, 0.8)
    assert (one.value, one.p) == pytest.approx((model.params["step"], model.pvalues["step"]))
    assert [one.low, one.high] == pytest.approx(model.conf_int().loc["step"].tolist(), rel=1e-6)
    reach = 2 * norm.ppf(0.9) * model.bse["step"]
    assert (at_80.value, at_80.high - at_80.value) == pytest.approx((2 * one.value, reach))
    joint, theirs = found.joint(["step", "trend"]), model.f_test("step = 0, trend = 0")
    assert joint.statistic == pytest.approx(theirs.fvalue, rel=1e-6)
    assert joint.p == pytest.approx(theirs.pvalue, rel=1e-5)
    assert (joint.df, joint.df_errors) == (theirs.df_num, theirs.df_denom) == (2, 57)
    assert found.joint("step").p == found.joint(["step", "step"]).p


@pytest.mark.parametrize(
    ("y", "design", "options", "words"),
    [
        (Y, DESIGN, {"kind": "hc3"}, "expected one of hac, hc, quasi"),
        (Y, DESIGN, {"lags": -1}, "lags is -1"),
        (Y, DESIGN, {"lags": 60}, "from 0 to 59"),
        (Y, DESIGN, {"lags": 2.5}, "lags is 2.5"),
        (Y, DESIGN, {"lags": True}, "lags is True"),
        (Y, DESIGN, {"offset": np.ones(3)}, "offset"),
        (Y, DESIGN, {"offset": np.full(60, np.nan)}, "offset"),
        (Y, DESIGN.assign(again=DESIGN["step"]), {}, "not independent"),
        (Y - 60, DESIGN, {}, "whole number"),
        (Y.where(TIME < 48, 0), DESIGN, {}, "only zeros"),
        (Y.where(TIME >= 48, 0), DESIGN, {}, "only zeros"),
        (pd.Series(np.where(TIME >= 48, 9, 4)), DESIGN, {}, "no error is left"),
    ],
)
def test_what_has_no_error_or_no_answer_is_refused(y, design, options, words):
    with pytest.raises(InputError, match=words):
        fit_sandwich(y, design, **options)
    with pytest.raises(InputError, match="no coefficient was named"):
        fit_sandwich(Y, DESIGN).joint([])


def test_coefficients_without_a_residual_of_their_own_are_not_tested_together():
    """A column for one period fits it exactly: its error is that of the others, seen again."""
    pulse = DESIGN.assign(pulse=(TIME == 5).astype(float), other=(TIME == 9).astype(float))
    fit = fit_sandwich(Y, pulse, kind="hc")
    assert fit.effect("pulse").p < 1 and fit.joint(["pulse"]).p < 1
    with pytest.raises(InputError, match="cannot be told from one another"):
        fit.joint(list(pulse.columns))
