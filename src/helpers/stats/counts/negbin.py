"""Regression for counts: negative binomial by the profile of its dispersion, and quasi-Poisson.

``NB2``: variance ``mu + alpha mu^2``. A cold start of the usual optimisers can stop at a wrong
point and say that it converged; the profile over ``alpha`` has one dimension, and what it finds is
checked by a warm Newton step.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.checks import counts, level_of
from helpers.stats.estimate import Estimate, wald_ratio

if TYPE_CHECKING:
    from statsmodels.genmod.families.family import Family
    from statsmodels.genmod.generalized_linear_model import GLMResults

SMALLEST = 1e-6  # alpha times the mean: below, the variance is the Poisson one in all but name
HIGHEST = 8.0  # log alpha
# Standard error of a log mean: no data leave one this open, a group of zeros does.
UNDETERMINED = 50
BLURRED = 1e-7  # smallest over largest singular value: below, an inverse has no digit left
FEW = 10  # a group whose counts sum to less has a log rate that is not normal


class FitError(InputError):
    """A model that could not be fitted to what it was given.

    It is an :class:`helpers.base.errors.InputError`, and so is caught as one.
    """


@dataclass(frozen=True)
class CountFit:
    """A fitted log-linear model of counts.

    Attributes
    ----------
    params : pandas.Series of float, shape (k,)
        Coefficients by column of the design, on the scale of the log mean.
    cov : pandas.DataFrame of float, shape (k, k)
        Their covariances, from the expected information as R's ``glm.nb`` gives them.
    alpha : float
        The NB2 dispersion; 0 for quasi-Poisson.
    dispersion : float
        Pearson's chi-square over the degrees of freedom.
    deviance : float
        Twice the log-likelihood ratio of the saturated model.
    llf : float or None
        Log-likelihood; None for a quasi-likelihood.
    fitted : numpy.ndarray of float, shape (n,)
        Means, in counts.
    n : int
        Number of observations.
    method : str
        How it was fitted.
    warnings : tuple of str
        Sentences to read before relying on it.

    Examples
    --------
    For a single mean the standard error of its logarithm is the root of phi over the sum of counts,
    here of 1 / 12.

    >>> import pandas as pd
    >>> fit = fit_quasi_poisson(pd.Series([2, 4, 6]), pd.DataFrame({"const": [1.0, 1.0, 1.0]}))
    >>> round(float(fit.bse["const"]), 4), fit.theta
    (0.2887, inf)
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
        """Size parameter 1 / alpha, as R's package MASS has it; infinite for ``alpha`` 0."""
        return 1 / self.alpha if self.alpha else float("inf")

    @property
    def bse(self) -> pd.Series:
        """Standard errors of the coefficients (k), on the scale of the log mean."""
        return pd.Series(np.sqrt(np.diag(self.cov)), index=self.params.index)

    def ratio(self, name: str, level: float = 0.95) -> Estimate:
        """Return the rate ratio of a coefficient, exp(b), with its Wald interval and p-value.

        Parameters
        ----------
        name : str
            A column of the design.
        level : float
            Confidence level of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            Ratio of means for one more unit of the column, without unit.

        Raises
        ------
        InputError
            When the fit has no such coefficient.

        Examples
        --------
        The mean is 3 before a step and 6 after it.

        >>> import pandas as pd
        >>> design = pd.DataFrame({"const": 1.0, "step": [0, 0, 0, 0, 1, 1, 1, 1]})
        >>> fit = fit_quasi_poisson(pd.Series([1, 5, 0, 6, 2, 14, 3, 5]), design)
        >>> round(fit.ratio("step").value, 6)
        2.0
        """
        if name not in list(self.params.index):
            raise InputError(
                f"the fit has no coefficient '{name}'" + did_you_mean(name, self.params.index)
            )
        return wald_ratio(
            float(self.params[name]),
            float(self.bse[name]),
            self.n,
            f"{self.method}, Wald",
            level=level_of(level),
            warnings=self.warnings,
        )


def fit_negbin(y: pd.Series, design: pd.DataFrame, offset: np.ndarray | None = None) -> CountFit:
    """Return the maximum-likelihood NB2 regression of counts.

    Data without overdispersion give the Poisson limit and a warning.

    Parameters
    ----------
    y : pandas.Series of int, shape (n,)
        Counts. Rows of the three belong together by place; where they share labels these must
        agree.
    design : pandas.DataFrame of float, shape (n, k)
        One column for each coefficient, the constant included.
    offset : numpy.ndarray or pandas.Series of float, shape (n,), optional
        Added to the log mean: the logarithm of the exposure.

    Returns
    -------
    CountFit
        Coefficients on the scale of the log mean.

    Raises
    ------
    FitError
        When coefficients are not finite or not determined, the dispersion has no maximum, or the
        warm Newton step ends elsewhere than the profile.
    InputError
        When the outcome holds what is no count, or rows, labels or numbers do not fit together.

    References
    ----------
    Venables and Ripley (2002), Modern Applied Statistics with S (``glm.nb``).

    Examples
    --------
    With a column for each group the fitted means are those of the groups, 3 and 6.

    >>> import numpy as np, pandas as pd
    >>> design = pd.DataFrame({"const": 1.0, "step": [0, 0, 0, 0, 1, 1, 1, 1]})
    >>> fit = fit_negbin(pd.Series([1, 5, 0, 6, 2, 14, 3, 5]), design)
    >>> np.exp(fit.params).round(3).tolist(), fit.alpha > 0
    ([3.0, 2.0], True)
    """
    import statsmodels.api as sm
    from scipy.optimize import minimize_scalar

    values, matrix, offset = _ready(y, design, offset)
    lowest = float(np.log(SMALLEST / max(1.0, values.mean())))

    def at(log_alpha: float) -> "GLMResults":
        family = sm.families.NegativeBinomial(alpha=float(np.exp(log_alpha)))
        return _glm(values, matrix, family, offset, maxiter=200, tol=1e-10)

    def loss(log_alpha: float) -> float:
        return -log_likelihood(values, at(log_alpha).fittedvalues, np.exp(log_alpha))

    found = minimize_scalar(
        loss, bounds=(lowest, HIGHEST), method="bounded", options={"xatol": 1e-8}
    )
    fit, alpha, best = at(found.x), float(np.exp(found.x)), -float(found.fun)
    _check_determined(fit, matrix, best)
    if found.x > HIGHEST - 0.01:
        raise FitError("the dispersion grows without end: too few observations are above 0")
    warnings = few_said(values, matrix, list(design.columns))
    if found.x < lowest + 4:
        warnings = ("no variance above the mean: this is the Poisson limit", *warnings)
    else:
        _check_against_newton(values, matrix, offset, np.append(fit.params, alpha), best)
    return _result(fit, design, alpha, best, "NB2, profile over alpha", warnings)


def fit_quasi_poisson(
    y: pd.Series, design: pd.DataFrame, offset: np.ndarray | None = None
) -> CountFit:
    """Return the quasi-Poisson regression of counts: Poisson means, variance phi times the mean.

    Parameters
    ----------
    y : pandas.Series of int, shape (n,)
        Counts.
    design : pandas.DataFrame of float, shape (n, k)
        One column for each coefficient, the constant included.
    offset : numpy.ndarray or pandas.Series of float, shape (n,), optional
        Added to the log mean: the logarithm of the exposure.

    Returns
    -------
    CountFit
        Coefficients on the scale of the log mean; ``dispersion`` is phi, Pearson's, and widens
        their errors.

    Raises
    ------
    FitError
        When coefficients are not finite or not determined.
    InputError
        When the outcome holds what is no count, or rows, labels or numbers do not fit together.

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models.

    Examples
    --------
    The mean is 4, the squared deviations sum to 8: phi is 8 / 4 over 3 - 1 degrees of freedom.

    >>> import pandas as pd
    >>> fit = fit_quasi_poisson(pd.Series([2, 4, 6]), pd.DataFrame({"const": [1.0, 1.0, 1.0]}))
    >>> round(fit.dispersion, 6)
    1.0
    """
    import statsmodels.api as sm

    values, matrix, offset = _ready(y, design, offset)
    fit = _glm(values, matrix, sm.families.Poisson(), offset, scale="X2")
    _check_determined(fit, matrix, 0.0)
    said = few_said(values, matrix, list(design.columns))
    return _result(fit, design, 0.0, None, "quasi-Poisson, Pearson dispersion", said)


def same_rows(y: object, other: object, name: str) -> None:
    """Refuse what shares labels with the outcome but not all of them in the same order.

    Parameters
    ----------
    y, other : object
        Outcome and what goes with it; without an index they belong together by place.
    name : str
        What the message calls the other.

    Raises
    ------
    InputError
        When both have an index of one length, with labels in common and in another order.

    Examples
    --------
    >>> turned = pd.Series([1, 2], index=[1, 0])
    >>> same_rows(pd.Series([1, 2]), turned, "design")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    helpers.base.errors.InputError: the rows of the outcome and of the design have different ...
    """
    mine, theirs = getattr(y, "index", None), getattr(other, "index", None)
    if not (isinstance(mine, pd.Index) and isinstance(theirs, pd.Index)):
        return
    if len(mine) == len(theirs) and not mine.equals(theirs) and not set(mine).isdisjoint(theirs):
        raise InputError(
            f"the rows of the outcome and of the {name} have different labels; align them first"
        )


def named(design: pd.DataFrame) -> pd.DataFrame:
    """Return a design whose columns have names of their own.

    Parameters
    ----------
    design : pandas.DataFrame, shape (n, k)
        At least one column.

    Returns
    -------
    pandas.DataFrame, shape (n, k)
        The same.

    Raises
    ------
    InputError
        When it is no table, has no column, or two of one name.

    Examples
    --------
    >>> named(pd.DataFrame({"const": [1.0, 1.0]})).shape
    (2, 1)
    >>> named([[1.0], [1.0]])
    Traceback (most recent call last):
    helpers.base.errors.InputError: the design is a list: expected a pandas.DataFrame with columns
    """
    if not isinstance(design, pd.DataFrame) or not len(design.columns):
        kind = type(design).__name__
        raise InputError(f"the design is a {kind}: expected a pandas.DataFrame with columns")
    if not design.columns.is_unique:
        twice = design.columns[design.columns.duplicated()][0]
        raise InputError(f"the design has two columns '{twice}': give each a name of its own")
    return design


def few_said(values: np.ndarray, matrix: np.ndarray, names: list[str]) -> tuple[str, ...]:
    """Return a warning for each group whose counts are too few for a Wald interval.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n,)
        Counts.
    matrix : numpy.ndarray of float, shape (n, k)
        The design; a column of zeros and ones makes two groups, a constant one.
    names : list of str, k of them
        Of its columns.

    Returns
    -------
    tuple of str
        One sentence a column whose smaller group holds fewer than ten in all, or none.

    Examples
    --------
    >>> design = np.column_stack([np.ones(4), [0, 0, 1, 1]])
    >>> few_said(np.array([9.0, 12, 1, 0]), design, ["const", "step"])
    ("'step' parts 22 counts into 21 and 1: so few make a Wald interval a rough guide",)
    """
    said = []
    for name, column in zip(names, matrix.T):
        inside, total = float(values[column == 1].sum()), float(values.sum())
        if not np.isin(column, (0, 1)).all():
            continue
        if column.all() and total < FEW:
            said.append(f"{total:.0f} counts in all: so few make a Wald interval a rough guide")
        elif not column.all() and min(inside, total - inside) < FEW:
            said.append(
                f"'{name}' parts {total:.0f} counts into {total - inside:.0f} and {inside:.0f}: "
                "so few make a Wald interval a rough guide"
            )
    return tuple(said)


def log_likelihood(y: np.ndarray, mean: np.ndarray, alpha: float) -> float:
    """Return the NB2 log-likelihood of counts.

    Parameters
    ----------
    y : numpy.ndarray of float, shape (n,)
        Counts.
    mean : numpy.ndarray of float, shape (n,)
        Their means, above 0.
    alpha : float
        Dispersion above 0: the variance is mean + alpha mean^2.

    Returns
    -------
    float
        Sum of natural logarithms of the chances.

    Examples
    --------
    With ``alpha`` 1 and a mean of 1 each further count is half as likely: 1/2, 1/4, ...

    >>> import numpy as np
    >>> chances = np.exp([log_likelihood(np.array([y]), np.array([1.0]), 1.0) for y in (0, 1, 2)])
    >>> chances.round(6).tolist()
    [0.5, 0.25, 0.125]
    """
    from scipy.special import gammaln

    size = 1 / alpha
    if size > 1e4:  # Stirling's series: the two large log-gammas would cancel each other's digits
        rise = (y + size - 0.5) * np.log1p(y / size) - y + (1 / (y + size) - 1 / size) / 12
    else:
        rise = gammaln(y + size) - gammaln(size) - y * np.log(size)
    return float(
        (rise - gammaln(y + 1) + y * np.log(mean) - (y + size) * np.log1p(mean / size)).sum()
    )


def _ready(
    y: pd.Series, design: pd.DataFrame, offset: np.ndarray | pd.Series | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return outcome, design and offset as arrays, or say what is wrong with them."""
    values, design = counts(y, "the outcome", 2), named(design)
    same_rows(y, offset, "offset")
    same_rows(y, design, "design")
    try:
        matrix = np.asarray(design, dtype="float64")
        offset = None if offset is None else np.asarray(offset, dtype="float64")
    except (TypeError, ValueError):
        raise InputError("the design or the offset holds something that is not a number") from None
    if offset is not None and (offset.shape != values.shape or not np.isfinite(offset).all()):
        raise InputError(
            f"the offset needs {len(values)} finite numbers, one for each observation (no log of 0)"
        )
    if len(values) != len(matrix):
        raise InputError(f"the outcome has {len(values)} rows and the design {len(matrix)}")
    if not np.isfinite(matrix).all():
        raise InputError("the design holds a missing or infinite value")
    if values.sum() == 0:
        raise FitError("the outcome holds only zeros: no log-linear model can be fitted")
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        raise FitError(
            f"the {matrix.shape[1]} columns of the design are not independent on {len(values)} "
            "observations"
        )
    if len(values) <= matrix.shape[1]:
        raise FitError(f"{len(values)} observations cannot carry {matrix.shape[1]} coefficients")
    return values, matrix, offset


def _glm(
    values: np.ndarray,
    matrix: np.ndarray,
    family: "Family",
    offset: np.ndarray | None,
    **options: Any,
) -> "GLMResults":
    """Return the fitted GLM without its warnings: its errors say whether the data determine it."""
    import warnings

    import statsmodels.api as sm

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return sm.GLM(values, matrix, family=family, offset=offset).fit(**options)
        except (ValueError, np.linalg.LinAlgError):
            raise FitError(
                "the regression ran off to infinity: a few counts are too large beside the others"
            ) from None


def _check_determined(fit: "GLMResults", matrix: np.ndarray, llf: float) -> None:
    """Refuse a fit that is not finite, or one of whose means the data leave open.

    The means are judged as they do not depend on the units of the design.
    """
    if not (np.isfinite(fit.params).all() and np.isfinite(fit.bse).all() and np.isfinite(llf)):
        raise FitError("the fit gave coefficients that are not finite")
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.einsum("ij,jk,ik->i", matrix, fit.cov_params() / fit.scale, matrix))
    if not (errors < UNDETERMINED).all():
        raise FitError("a coefficient runs off to infinity: some group holds only zeros")
    # A pseudo-inverse drops directions without weight, and their errors with them.
    means, alpha = fit.fittedvalues, getattr(fit.family, "alpha", 0.0)
    weighted = matrix * np.sqrt(means / (1 + alpha * means))[:, None]
    norms = np.linalg.norm(weighted, axis=0)
    sizes = np.linalg.svd(weighted / np.where(norms > 0, norms, 1.0), compute_uv=False)
    if not sizes[-1] > BLURRED * sizes[0]:
        raise FitError(
            "the coefficients cannot be told apart: a few counts are too large beside the others"
        )


def _check_against_newton(
    values: np.ndarray,
    matrix: np.ndarray,
    offset: np.ndarray | None,
    start: np.ndarray,
    best: float,
) -> None:
    """Refuse when a Newton search from the profile's answer leaves it or cannot confirm it."""
    import warnings

    from statsmodels.discrete.discrete_model import NegativeBinomial

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warm = NegativeBinomial(values, matrix, offset=offset).fit(
            start_params=start, method="newton", disp=0, maxiter=50
        )
    if not np.isfinite(warm.params).all():
        raise FitError("the Newton step from the profile's answer is not finite")
    size = 1 / start[-1]  # the check's own log-gammas lose digits where counts or sizes are huge
    blur = 1e-3 + np.finfo(float).eps * ((values + size) * np.log(values + size)).sum()
    if warm.llf < best - blur or warm.llf > best + 0.1 + blur:
        raise FitError(
            f"the Newton step ends at log-likelihood {warm.llf:.4f}, the profile at {best:.4f}: "
            "they disagree"
        )


def _result(
    fit: "GLMResults",
    design: pd.DataFrame,
    alpha: float,
    llf: float | None,
    method: str,
    warnings: tuple[str, ...],
) -> CountFit:
    names = list(design.columns)
    cov = pd.DataFrame(fit.cov_params(), index=names, columns=names)
    return CountFit(
        pd.Series(fit.params, index=names),
        cov,
        alpha,
        float(fit.pearson_chi2 / fit.df_resid),
        float(fit.deviance),
        llf,
        np.asarray(fit.fittedvalues),
        int(fit.nobs),
        method,
        warnings,
    )
