"""Regression for counts: negative binomial by the profile of its dispersion, and quasi-Poisson.

``NB2``: variance ``mu + alpha mu^2``. A cold start of the usual optimisers can stop at a wrong point
and say that it converged; the profile over ``alpha`` has one dimension, and what it finds is checked
by a warm Newton step.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.checks import counts
from helpers.errors import InputError
from helpers.estimate import Estimate

LOWEST, HIGHEST = -14.0, 6.0      # log alpha: below, the model is Poisson in all but name


class FitError(InputError):
    """A model that could not be fitted to what it was given."""


@dataclass(frozen=True)
class CountFit:
    """A fitted log-linear model of counts.

    ``params`` (k), ``cov`` (k by k; expected information, as R's ``glm.nb``), ``alpha`` the NB2
    dispersion (0 for quasi-Poisson), ``dispersion`` Pearson's chi-square over the degrees of freedom,
    ``deviance``, ``llf`` the log-likelihood (None for quasi-likelihood), ``fitted`` the means.
    """

    params: pd.Series
    cov: pd.DataFrame
    alpha: float
    dispersion: float
    deviance: float
    llf: float | None
    fitted: np.ndarray
    n: int
    method: str
    warnings: tuple[str, ...] = ()

    @property
    def theta(self) -> float:
        """The size parameter of MASS, 1 / alpha."""
        return 1 / self.alpha if self.alpha else float("inf")

    @property
    def bse(self) -> pd.Series:
        """Standard errors of the coefficients."""
        return pd.Series(np.sqrt(np.diag(self.cov)), index=self.params.index)

    def ratio(self, name: str, level: float = 0.95) -> Estimate:
        """Return the rate ratio of a coefficient, exp(b), with its Wald interval and p-value."""
        from scipy.stats import norm

        log, error = self.params[name], self.bse[name]
        reach = norm.ppf(0.5 + level / 2) * error
        return Estimate(*(float(np.exp(x)) for x in (log, log - reach, log + reach)),
                        float(2 * norm.sf(abs(log) / error)), self.n, f"{self.method}, Wald", level, self.warnings)


def fit_negbin(y: pd.Series, design: pd.DataFrame, offset: np.ndarray | None = None) -> CountFit:
    """Return the maximum-likelihood NB2 regression of ``y`` (n) on ``design`` (n by k, constant included).

    Raises :class:`FitError` when coefficients are not finite or when the warm Newton step ends
    below the profile. Data without overdispersion give the Poisson limit and a warning.
    """
    import statsmodels.api as sm
    from scipy.optimize import minimize_scalar

    values, matrix = _ready(y, design)

    def at(log_alpha: float):
        family = sm.families.NegativeBinomial(alpha=float(np.exp(log_alpha)))
        return sm.GLM(values, matrix, family=family, offset=offset).fit(maxiter=200, tol=1e-10)

    def loss(log_alpha: float) -> float:
        return -log_likelihood(values, at(log_alpha).fittedvalues, np.exp(log_alpha))

    found = minimize_scalar(loss, bounds=(LOWEST, HIGHEST), method="bounded", options={"xatol": 1e-8})
    fit, alpha, best = at(found.x), float(np.exp(found.x)), -float(found.fun)
    _check_finite(fit, best)
    warnings = ("no variance above the mean: this is the Poisson limit",) if found.x < LOWEST + 4 else ()
    if not warnings:
        _check_against_newton(values, matrix, offset, np.append(fit.params, alpha), best)
    return _result(fit, design, alpha, best, "NB2, profile over alpha", warnings)


def fit_quasi_poisson(y: pd.Series, design: pd.DataFrame, offset: np.ndarray | None = None) -> CountFit:
    """Return the quasi-Poisson regression of ``y`` on ``design``: Poisson means, variance phi times the mean."""
    import statsmodels.api as sm

    values, matrix = _ready(y, design)
    fit = sm.GLM(values, matrix, family=sm.families.Poisson(), offset=offset).fit(scale="X2")
    _check_finite(fit, 0.0)
    return _result(fit, design, 0.0, None, "quasi-Poisson, Pearson dispersion", ())


def log_likelihood(y: np.ndarray, mean: np.ndarray, alpha: float) -> float:
    """Return the NB2 log-likelihood of counts ``y`` with means ``mean`` (both n) and dispersion ``alpha``."""
    from scipy.special import gammaln

    size = 1 / alpha
    return float((gammaln(y + size) - gammaln(size) - gammaln(y + 1)
                  + y * np.log(mean / (mean + size)) - size * np.log1p(mean / size)).sum())


def _ready(y: pd.Series, design: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    values, matrix = counts(y, "the outcome", 2), np.asarray(design, dtype="float64")
    if len(values) != len(matrix):
        raise InputError(f"the outcome has {len(values)} rows and the design {len(matrix)}")
    if not np.isfinite(matrix).all():
        raise InputError("the design holds a missing or infinite value")
    if values.sum() == 0:
        raise FitError("the outcome holds only zeros: no log-linear model can be fitted")
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        raise FitError(f"the {matrix.shape[1]} columns of the design are not independent on {len(values)} observations")
    if len(values) <= matrix.shape[1]:
        raise FitError(f"{len(values)} observations cannot carry {matrix.shape[1]} coefficients")
    return values, matrix


def _check_finite(fit, llf: float) -> None:
    if not (np.isfinite(fit.params).all() and np.isfinite(fit.bse).all() and np.isfinite(llf)):
        raise FitError("the fit gave coefficients that are not finite")
    if np.abs(fit.params).max() > 1e3 or fit.bse.max() > 1e4:
        raise FitError("a coefficient runs off to infinity: some group holds only zeros")


def _check_against_newton(values, matrix, offset, start: np.ndarray, best: float) -> None:
    """Refuse when a Newton search from the profile's answer leaves it or cannot confirm it."""
    import warnings

    from statsmodels.discrete.discrete_model import NegativeBinomial

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warm = NegativeBinomial(values, matrix, offset=offset).fit(start_params=start, method="newton", disp=0, maxiter=50)
    if not np.isfinite(warm.params).all():
        raise FitError("the Newton step from the profile's answer is not finite")
    if warm.llf < best - 1e-3 or warm.llf > best + 0.1:
        raise FitError(f"the Newton step ends at log-likelihood {warm.llf:.4f}, the profile at {best:.4f}: they disagree")


def _result(fit, design: pd.DataFrame, alpha: float, llf: float | None, method: str, warnings) -> CountFit:
    names = list(design.columns)
    cov = pd.DataFrame(fit.cov_params(), index=names, columns=names)
    return CountFit(pd.Series(fit.params, index=names), cov, alpha, float(fit.pearson_chi2 / fit.df_resid),
                    float(fit.deviance), llf, np.asarray(fit.fittedvalues), int(fit.nobs), method, tuple(warnings))
