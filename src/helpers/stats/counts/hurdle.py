"""Counts with many zeros, or with none: whether anybody dies in an event, and then how many.

A hurdle model (Mullahy 1986) has two parts that share nothing: a logistic regression of at least
one, and a negative binomial without its zero (Cameron and Trivedi 2013, 4.3) for the counts above
it. A source that leaves out events without deaths has only the second.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.checks import counts, design_of, level_of
from helpers.stats.counts.negbin import FitError, few_said, log_likelihood, named, same_rows
from helpers.stats.estimate import Estimate, wald_ratio

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

SMALLEST, LARGEST = -12.0, 5.0  # log alpha: nearly Poisson, and what no count data need
FAR = 12.0  # a log odds or log mean beyond it has run off to infinity


@dataclass(frozen=True)
class Part:
    """One part of a hurdle model.

    Attributes
    ----------
    params : pandas.Series of float, shape (k,)
        Coefficients by column of the design: of the log odds, or of the log of the untruncated
        mean.
    cov : pandas.DataFrame of float, shape (k, k)
        Their covariances.
    llf : float
        Log-likelihood.
    alpha : float or None
        NB2 dispersion; None for the logistic part.
    n : int
        Number of observations.
    method : str
        ``logistic`` or ``zero-truncated NB2``.
    warnings : tuple of str
        Sentences to read before relying on it.
    """

    params: pd.Series
    cov: pd.DataFrame
    llf: float
    alpha: float | None
    n: int
    method: str
    warnings: tuple[str, ...] = ()

    def ratio(self, name: str, level: float = 0.95) -> Estimate:
        """Return exp of a coefficient, with its Wald interval and p-value.

        Parameters
        ----------
        name : str
            A column of the design.
        level : float
            Confidence level of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            Without unit: an odds ratio of the first part, a ratio of untruncated means of the
            second.

        Raises
        ------
        InputError
            When the fit has no such coefficient.

        Examples
        --------
        A log odds ratio of ln 3 with a standard error of 1:

        >>> import numpy as np, pandas as pd
        >>> cov = pd.DataFrame({"bomb": {"bomb": 1.0}})
        >>> part = Part(pd.Series({"bomb": np.log(3)}), cov, -9.9, None, 16, "logistic")
        >>> found = part.ratio("bomb")
        >>> round(found.value, 6), round(found.p, 2)
        (3.0, 0.27)
        """
        if name not in list(self.params.index):
            raise InputError(
                f"the fit has no coefficient '{name}'" + did_you_mean(name, self.params.index)
            )
        error = float(np.sqrt(self.cov.loc[name, name]))
        method = f"{self.method}, Wald"
        return wald_ratio(
            float(self.params[name]),
            error,
            self.n,
            method,
            level=level_of(level),
            warnings=self.warnings,
        )


@dataclass(frozen=True)
class Hurdle:
    """Both parts of a hurdle model.

    Attributes
    ----------
    any : Part
        Whether there is at least one.
    many : Part
        How many there are, given at least one.
    """

    any: Part
    many: Part


def fit_hurdle(y: pd.Series, design: pd.DataFrame) -> Hurdle:
    """Return both parts of a hurdle model of counts.

    Parameters
    ----------
    y : pandas.Series of int, shape (n,)
        Counts, such as the deaths of each event.
    design : pandas.DataFrame of float, shape (n, k)
        One column for each coefficient of both parts, the constant included.

    Returns
    -------
    Hurdle
        The logistic part on all n observations, the truncated one on those above 0.

    Raises
    ------
    FitError
        When a part is not determined: all or none are 0, a group of the design has only zeros or
        none, or the counts above 0 do not vary.
    InputError
        When the outcome holds what is no count, or the design is short, not finite or not
        independent.

    References
    ----------
    Mullahy (1986), Specification and testing of some modified count data models.
    Cameron and Trivedi (2013), Regression Analysis of Count Data, 4.3.

    Examples
    --------
    Of eight raids four killed anybody, of eight bombings six: odds of 1 and of 3.

    >>> import pandas as pd
    >>> raids, bombings = [0, 0, 0, 0, 1, 1, 2, 4], [0, 0, 1, 2, 3, 5, 8, 13]
    >>> design = pd.DataFrame({"const": 1.0, "bomb": [0] * 8 + [1] * 8})
    >>> fit = fit_hurdle(pd.Series(raids + bombings), design)
    >>> round(fit.any.ratio("bomb").value, 4)
    3.0
    >>> fit.many.n
    10
    """
    values = counts(y, "the outcome", 3)
    same_rows(y, design, "design")
    matrix = design_of(named(design), len(values))
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
    """Return the zero-truncated NB2 regression of counts above 0.

    Parameters
    ----------
    y : pandas.Series of int, shape (n,)
        Counts of at least 1.
    design : pandas.DataFrame of float, shape (n, k)
        One column for each coefficient, the constant included; n is at least k + 2.

    Returns
    -------
    Part
        Coefficients of the log of the mean before truncation.

    Raises
    ------
    FitError
        When every count is 1, or the counts do not determine a coefficient.
    InputError
        When a count is 0 or none, or the design is short, not finite or not independent.

    References
    ----------
    Cameron and Trivedi (2013), Regression Analysis of Count Data, 4.3.

    Examples
    --------
    The fitted mean of what is above 0 is that of the sample, mean / (1 - chance of 0) = 3.

    >>> import numpy as np, pandas as pd
    >>> constant = pd.DataFrame({"const": [1.0] * 8})
    >>> fit = fit_truncated(pd.Series([1, 1, 1, 2, 2, 3, 4, 10]), constant)
    >>> mean = np.exp(fit.params["const"])
    >>> zero = (1 + fit.alpha * mean) ** (-1 / fit.alpha)
    >>> round(float(mean / (1 - zero)), 3)
    3.0
    """
    from statsmodels.tools.numdiff import approx_hess

    values = counts(y, "the counts above 0", 3)
    if (values == 0).any():
        raise InputError(
            f"observation {int(np.argmax(values == 0)) + 1} is 0: expected counts above 0; "
            "use fit_hurdle"
        )
    same_rows(y, design, "design")
    matrix = design_of(named(design), len(values), spare=2)
    if (values == 1).all():
        raise FitError("every count is 1: how many is not determined")

    def loss(point: np.ndarray) -> float:
        return -_truncated(values, matrix @ point[:-1], point[-1])

    with np.errstate(all="ignore"):
        found = _lowest(loss, _starts(values, matrix))
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
        values,
    )


def _starts(values: np.ndarray, matrix: np.ndarray) -> list[np.ndarray]:
    """Return two points to search from, a least-squares fit of the logarithms and a log alpha."""
    return [
        np.r_[np.linalg.lstsq(matrix, np.log(values) - shift, rcond=None)[0], alpha]
        for shift, alpha in ((0.0, -1.0), (0.7, 0.5))
    ]


def _lowest(loss: Callable[[np.ndarray], float], starts: list[np.ndarray]) -> "OptimizeResult":
    """Return the lowest minimum that a search from any of the starts finds; log alpha is last."""
    from scipy.optimize import minimize

    bounds = [(None, None)] * (len(starts[0]) - 1) + [(SMALLEST, LARGEST)]
    options = {"maxiter": 2000, "ftol": 1e-13}
    return min(
        (
            minimize(loss, start, method="L-BFGS-B", bounds=bounds, options=options)
            for start in starts
        ),
        key=lambda one: one.fun if np.isfinite(one.fun) else np.inf,
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
        np.asarray(fit.params), information, float(fit.llf), None, matrix, names, "logistic", values
    )


def _part(
    params: np.ndarray,
    hessian: np.ndarray,
    llf: float,
    alpha: float | None,
    matrix: np.ndarray,
    names: list[str],
    method: str,
    seen: np.ndarray,
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
            f"the {method} part is not determined: some group holds only zeros, only ones, "
            "or nothing that varies"
        )
    cov = np.linalg.inv(hessian)[:k, :k]
    return Part(
        pd.Series(params, index=names),
        pd.DataFrame(cov, index=names, columns=names),
        llf,
        alpha,
        len(matrix),
        method,
        few_said(seen, matrix, names),
    )
