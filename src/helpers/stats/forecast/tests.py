"""Was one forecast better than another, beyond luck?

Diebold-Mariano, and the set of models that cannot be told from the best.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of, numbers
from helpers.stats.estimate import Estimate


def diebold_mariano(
    one: ArrayLike, other: ArrayLike, horizon: int = 1, level: float = 0.95
) -> Estimate:
    """Return the mean difference of two models' losses, with its interval and p-value.

    Errors of forecasts ``horizon`` steps ahead resemble each other up to ``horizon`` - 1 origins
    apart; the variance allows for that, the correction and Student's t for few origins.

    Parameters
    ----------
    one, other : array-like of float, shape (n,)
        Losses of both models by origin, in order of time; at least three.
    horizon : int
        Steps ahead of the forecasts, from 1 to n - 1.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        Difference in the unit of the losses, below 0 when the first is better; ``n`` origins.

    Raises
    ------
    InputError
        When lengths differ, a loss is missing or infinite, ``horizon`` is out of range, or the
        losses differ by a constant.

    References
    ----------
    Diebold and Mariano (1995), Comparing predictive accuracy.
    Harvey, Leybourne and Newbold (1997), Testing the equality of prediction mean squared errors.

    Examples
    --------
    One step ahead it is the paired t test: differences of -1, -1, -2 and -1 have a mean of -1.25
    with a standard error of 0.25, so t is -5 with 3 degrees of freedom.

    >>> found = diebold_mariano([1, 2, 1, 2], [2, 3, 3, 3])
    >>> found.value, round(found.p, 4)
    (-1.25, 0.0154)
    """
    from scipy.stats import t

    first = numbers(pd.Series(one), "the first losses", 3)
    second = numbers(pd.Series(other), "the second losses", 3)
    if len(first) != len(second):
        raise InputError(
            f"there are {len(first)} losses of the first model and {len(second)} of the second"
        )
    n = len(first)
    if not 1 <= horizon < n:
        raise InputError(f"horizon is {horizon} with {n} origins: expected 1 to {n - 1}")
    difference = first - second
    rest = difference - difference.mean()
    variance, warnings = _variance_of_mean(rest, horizon)
    if variance == 0:
        raise InputError("the two models' losses differ by a constant: there is no test")
    error = np.sqrt(variance) / np.sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)
    value, reach = float(difference.mean()), float(t.ppf(0.5 + level_of(level) / 2, n - 1) * error)
    p = float(2 * t.sf(abs(value) / error, n - 1))
    method = f"Diebold-Mariano, horizon {horizon}, small-sample correction"
    return Estimate(value, value - reach, value + reach, p, n, method, level, warnings)


def _variance_of_mean(rest: np.ndarray, horizon: int) -> tuple[float, tuple[str, ...]]:
    """Return the variance of a mean from its deviations (n), related up to horizon - 1 apart.

    The rectangular sum of autocovariances can be below 0: then that of lag 0 alone, and a warning.
    """
    n = len(rest)
    lags = ((1 if lag == 0 else 2) * (rest[lag:] @ rest[: n - lag]) / n for lag in range(horizon))
    variance = float(sum(lags) / n)
    if variance > 0:
        return variance, ()
    said = "the long-run variance came out below 0; neighbouring origins are taken as independent"
    return float(rest @ rest / n / n), (said,)


def confidence_set(
    losses: pd.DataFrame,
    generator: np.random.Generator,
    *,
    size: float = 0.1,
    block: int = 12,
    draws: int = 999,
) -> pd.DataFrame:
    """Return the set of models that holds the best one with chance 1 - ``size``.

    By the package ``arch``, with a block bootstrap of origins.

    Parameters
    ----------
    losses : pandas.DataFrame of float, shape (n, k)
        Losses by origin (rows, in order of time) and model (columns), two models or more.
    generator : numpy.random.Generator
        Gives the seed of the bootstrap.
    size : float
        Chance of leaving the best model out, between 0 and 1.
    block : int
        Origins that are drawn together; n is at least twice as many.
    draws : int
        Number of bootstrap samples.

    Returns
    -------
    pandas.DataFrame, shape (k, 4)
        ``model``, ``loss`` (mean, in the unit of the losses), ``p`` and ``kept`` (bool).

    Raises
    ------
    InputError
        When models or origins are too few, a loss is missing or infinite, or all models have the
        same losses.

    References
    ----------
    Hansen, Lunde and Nason (2011), The model confidence set.

    Examples
    --------
    The third model loses about 3 at every origin, the others about 1.

    >>> import numpy as np, pandas as pd
    >>> noise = np.random.default_rng(1).normal(0, 0.1, (48, 3))
    >>> losses = pd.DataFrame(noise + [1, 1, 3], columns=["naive", "ETS", "drift"])
    >>> found = confidence_set(losses, np.random.default_rng(2), draws=199)
    >>> found.loc[~found["kept"], "model"].tolist()
    ['drift']
    """
    from arch.bootstrap import MCS

    values = _losses_of(losses, 2 * block)
    seed = int(generator_of(generator).integers(2**31))
    found = MCS(
        pd.DataFrame(values, columns=list(losses.columns)),
        size=size,
        reps=draws,
        block_size=block,
        method="R",
        seed=seed,
    )
    found.compute()
    p = found.pvalues["Pvalue"].reindex(losses.columns)
    return pd.DataFrame(
        {
            "model": list(losses.columns),
            "loss": values.mean(axis=0),
            "p": p.to_numpy(),
            "kept": [name in found.included for name in losses.columns],
        }
    )


def _losses_of(losses: pd.DataFrame, least: int) -> np.ndarray:
    """Return losses (origins by models) as floats: ``least`` origins, two models, not all alike."""
    values = np.asarray(losses, dtype="float64")
    small = values.ndim != 2 or values.shape[1] < 2 or len(values) < least
    if small or not np.isfinite(values).all():
        raise InputError(
            f"the losses have the shape {values.shape}: expected at least {least} origins by two "
            "models, all finite"
        )
    if np.ptp(values - values[:, :1]) == 0:
        raise InputError("all models have the same losses: there is no best one")
    return values
