"""Counts with many zeros, or with none: whether anybody dies in an event, and how many if somebody does.

A hurdle model (Mullahy 1986) has two parts that share nothing: a logistic regression of at least one, and a negative binomial
without its zero (Cameron and Trivedi 2013, 4.3) for the counts above it. A source that leaves out events without deaths has only the second.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.checks import counts, design_of, level_of
from helpers.stats.counts.negbin import FitError, log_likelihood
from helpers.stats.estimate import Estimate

SMALLEST, LARGEST = -12.0, 5.0  # log alpha: nearly Poisson, and what no count data need
FAR = 12.0  # a log odds or log mean beyond it has run off to infinity


@dataclass(frozen=True)
class Part:
    """One part of the model: ``params`` (k), ``cov`` (k by k), ``llf``, ``alpha`` (None for the logistic part)."""

    params: pd.Series
    cov: pd.DataFrame
    llf: float
    alpha: float | None
    n: int
    method: str

    def ratio(self, name: str, level: float = 0.95) -> Estimate:
        """Return exp of a coefficient: an odds ratio of the first part, a ratio of untruncated means of the second."""
        from scipy.stats import norm

        if name not in self.params:
            raise InputError(
                f"the fit has no coefficient '{name}'" + did_you_mean(name, self.params.index)
            )
        log, error = float(self.params[name]), float(np.sqrt(self.cov.loc[name, name]))
        reach = norm.ppf(0.5 + level_of(level) / 2) * error
        return Estimate(
            *(float(np.exp(end)) for end in (log, log - reach, log + reach)),
            float(2 * norm.sf(abs(log) / error)),
            self.n,
            f"{self.method}, Wald",
            level,
        )


@dataclass(frozen=True)
class Hurdle:
    """Both parts: ``any`` (at least one) and ``many`` (how many, given at least one)."""

    any: Part
    many: Part


def fit_hurdle(y: pd.Series, design: pd.DataFrame) -> Hurdle:
    """Return both parts for counts ``y`` (n) on ``design`` (n by k, constant included).

    Raises :class:`FitError` when a part is not determined: all or none are 0, a group of the design has only zeros or
    none, or the counts above 0 do not vary.
    """
    values = counts(y, "the outcome", 3)
    matrix = design_of(design, len(values))
    above = values > 0
    if above.all() or not above.any():
        raise FitError(
            f"{'no' if above.all() else 'every'} count is 0: there is no first part to fit"
        )
    return Hurdle(
        _logistic(above.astype(float), matrix, list(design.columns)),
        fit_truncated(
            pd.Series(values[above]), pd.DataFrame(matrix[above], columns=list(design.columns))
        ),
    )


def fit_truncated(y: pd.Series, design: pd.DataFrame) -> Part:
    """Return the zero-truncated NB2 regression of counts ``y`` (n, all above 0) on ``design`` (n by k)."""
    from scipy.optimize import minimize
    from statsmodels.tools.numdiff import approx_hess

    values = counts(y, "the counts above 0", 3)
    if (values == 0).any():
        raise InputError(
            f"observation {int(np.argmax(values == 0)) + 1} is 0: expected counts above 0; use fit_hurdle"
        )
    matrix = design_of(design, len(values), spare=2)
    if (values == 1).all():
        raise FitError("every count is 1: how many is not determined")

    def loss(point: np.ndarray) -> float:
        return -_truncated(values, matrix @ point[:-1], point[-1])

    starts = [
        np.r_[np.linalg.lstsq(matrix, np.log(values) - shift, rcond=None)[0], alpha]
        for shift, alpha in ((0.0, -1.0), (0.7, 0.5))
    ]
    bounds = [(None, None)] * matrix.shape[1] + [(SMALLEST, LARGEST)]
    with np.errstate(all="ignore"):
        found = min(
            (
                minimize(
                    loss,
                    start,
                    method="L-BFGS-B",
                    bounds=bounds,
                    options={"maxiter": 2000, "ftol": 1e-13},
                )
                for start in starts
            ),
            key=lambda one: one.fun if np.isfinite(one.fun) else np.inf,
        )
        hessian = approx_hess(found.x, loss)
    free = slice(None) if SMALLEST + 0.01 < found.x[-1] < LARGEST - 0.01 else slice(None, -1)
    return _part(
        found.x[:-1],
        hessian[free, free],
        -float(found.fun),
        float(np.exp(found.x[-1])),
        matrix,
        list(design.columns),
        "zero-truncated NB2",
    )


def _truncated(values: np.ndarray, logs: np.ndarray, log_alpha: float) -> float:
    """Return the log-likelihood of counts above 0."""
    mean, alpha = np.exp(np.clip(logs, -30, 30)), np.exp(log_alpha)
    none = -np.log1p(alpha * mean) / alpha
    return log_likelihood(values, mean, alpha) - float(np.log(-np.expm1(none)).sum())


def _logistic(values: np.ndarray, matrix: np.ndarray, names: list[str]) -> Part:
    import warnings

    import statsmodels.api as sm

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        fit = sm.GLM(values, matrix, family=sm.families.Binomial()).fit(maxiter=100)
        information = np.linalg.pinv(fit.cov_params())
    return _part(
        np.asarray(fit.params), information, float(fit.llf), None, matrix, names, "logistic"
    )


def _part(
    params,
    hessian: np.ndarray,
    llf: float,
    alpha: float | None,
    matrix: np.ndarray,
    names: list[str],
    method: str,
) -> Part:
    """Return a part whose coefficients the data determine; others are refused."""
    k = len(params)
    finite = np.isfinite(params).all() and np.isfinite(hessian).all() and np.isfinite(llf)
    if (
        not finite
        or np.abs(matrix @ params).max() > FAR
        or np.linalg.eigvalsh(hessian).min() <= 1e-9 * len(matrix)
    ):
        raise FitError(
            f"the {method} part is not determined: some group holds only zeros, only ones, or nothing that varies"
        )
    cov = np.linalg.inv(hessian)[:k, :k]
    return Part(
        pd.Series(params, index=names),
        pd.DataFrame(cov, index=names, columns=names),
        llf,
        alpha,
        len(matrix),
        method,
    )
