"""Was one forecast better than another, beyond luck?

Diebold-Mariano, and the set of models that cannot be told from the best. Losses of neighbouring
origins resemble each other, by how much is estimated, and a variance that allows for it is itself
uncertain. Both tests therefore take an equal-weighted cosine variance (EWC) with few cosines and
compare with Student's t of as many degrees of freedom (Lazarus, Lewis, Stock and Watson 2018):
against the normal, or with a block bootstrap, a true null is rejected far too often.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of, numbers, whole
from helpers.stats.estimate import Estimate

FEW = 10  # independent origins, below which a test has little to go by
FEWEST = 6  # origins of a confidence set
COSINE_EVERY = 3  # one cosine for so many of the independent origins


def diebold_mariano(
    one: ArrayLike, other: ArrayLike, horizon: int = 1, level: float = 0.95
) -> Estimate:
    """Return the mean difference of two models' losses, with its interval and p-value.

    Errors of forecasts ``horizon`` steps ahead resemble each other up to ``horizon`` - 1 origins
    apart, and differences of losses may remember longer. The variance is the equal-weighted mean of
    the squared weights of the first B cosines in the differences, and t has B degrees of freedom.
    B is 0.4 n^(2/3), or a third of the origins that count as independent where that is less.

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
        Difference in the unit of the losses, below 0 when the first is better; ``n`` origins. A
        warning says when they are worth fewer than ten independent ones.

    Raises
    ------
    InputError
        When lengths differ, a loss is missing or infinite, ``horizon`` or ``level`` is out of
        range, or the losses differ by a constant.

    References
    ----------
    Diebold and Mariano (1995), Comparing predictive accuracy.
    Lazarus, Lewis, Stock and Watson (2018), HAR inference: recommendations for practice.

    Examples
    --------
    With four origins there is room for one cosine, and t has one degree of freedom.

    >>> found = diebold_mariano([1, 2, 1, 2], [2, 3, 3, 3])
    >>> found.value, round(found.p, 2), len(found.warnings)
    (-1.25, 0.07, 1)
    """
    from scipy.stats import t

    difference = _differences(one, other)
    n = len(difference)
    if whole(horizon, "horizon") >= n:
        raise InputError(f"horizon is {horizon} with {n} origins: expected 1 to {n - 1}")
    share = 0.5 + level_of(level) / 2
    if np.ptp(difference) <= 1e-12 * np.abs(difference).max():
        raise InputError("the two models' losses differ by a constant: there is no test")
    worth = _independent(difference[:, None], horizon)
    weights = _cosines(n, worth) @ difference
    degrees, value = len(weights), float(difference.mean())
    error = float(np.sqrt(np.mean(weights**2) / n))
    reach, p = float(t.ppf(share, degrees) * error), float(2 * t.sf(abs(value) / error, degrees))
    method = f"Diebold-Mariano, horizon {horizon}, EWC with {degrees} cosines"
    return Estimate(value, value - reach, value + reach, p, n, method, level, _said(n, worth))


def _differences(one: ArrayLike, other: ArrayLike) -> np.ndarray:
    """Return the first losses less the second (n), as many of each."""
    first, second = numbers(one, "the first losses", 3), numbers(other, "the second losses", 3)
    if len(first) != len(second):
        raise InputError(
            f"there are {len(first)} losses of the first model and {len(second)} of the second"
        )
    return first - second


def _independent(differences: np.ndarray, horizon: int) -> float:
    """Return how many independent origins the rows (n by k) are worth, at the least column.

    Memory is the first autocorrelation, or the second over the first where the first is beyond
    noise: in a slow process under noise the first is small though the memory is long. Both are
    freed of their bias in short series (Kendall 1954).
    """
    n = len(differences)
    rest = differences - differences.mean(axis=0)
    total = np.maximum((rest**2).sum(axis=0), 1e-300)
    first, second = (
        np.clip(raw + (1 + 3 * raw) / n, 0, 0.99)
        for raw in ((rest[lag:] * rest[:-lag]).sum(axis=0) / total for lag in (1, 2))
    )
    beyond = first > 1.645 / np.sqrt(n)
    ratio = np.clip(second / np.where(beyond, first, 1), 0, 0.99)
    memory = np.maximum(first, np.where(beyond, ratio, 0))
    return float(min(n / horizon, (n * (1 - memory) / (1 + memory)).min()))


def _cosines(n: int, worth: float) -> np.ndarray:
    """Return the slowest cosines over n origins (b by n), orthonormal, and to a constant too.

    As many as Lazarus et al. recommend, or fewer where the origins are worth less: slower than the
    memory, each sees the variance of a mean.
    """
    most = int(max(1, min(0.4 * n ** (2 / 3), worth // COSINE_EVERY)))
    waves = np.arange(1, most + 1)[:, None] * (np.arange(n) + 0.5) / n
    return np.sqrt(2 / n) * np.cos(np.pi * waves)


def _said(n: int, worth: float) -> tuple[str, ...]:
    said = (
        f"the {n} origins are worth about {worth:.0f} independent ones: the test has little to "
        "go by"
    )
    return (said,) if worth < FEW else ()


def confidence_set(
    losses: pd.DataFrame,
    generator: np.random.Generator,
    *,
    size: float = 0.1,
    block: int = 1,
    draws: int = 999,
) -> pd.DataFrame:
    """Return the set of models that holds the best one with chance 1 - ``size``.

    Models are dropped one by one, the one furthest behind another first, for as long as the largest
    t between any two of those left is larger than chance makes it. Each t has the EWC variance of
    :func:`diebold_mariano`. Chance is drawn: means and cosine weights of models that are equally
    good are independent normal vectors, with the covariance of the losses between models.

    Parameters
    ----------
    losses : pandas.DataFrame of float, shape (n, k)
        Losses by origin (rows, in order of time) and model (columns), two models or more.
    generator : numpy.random.Generator
        Draws what chance makes of the largest t.
    size : float
        Chance of leaving the best model out, between 0 and 1.
    block : int
        Origins in a row that share what they foretell, as many as the forecasts look steps ahead:
        they count as one. n is at least twice as many, and 6.
    draws : int
        Number of draws of chance.

    Returns
    -------
    pandas.DataFrame, shape (k, 4)
        ``model``, ``loss`` (mean, in the unit of the losses), ``p`` and ``kept`` (bool). A warning
        is in its ``attrs["warnings"]`` when the origins are worth fewer than ten independent ones.

    Raises
    ------
    InputError
        When models or origins are too few, a loss is missing or infinite, all models have the same
        losses, or ``size``, ``block`` or ``draws`` is out of range.

    References
    ----------
    Hansen, Lunde and Nason (2011), The model confidence set.
    Lazarus, Lewis, Stock and Watson (2018), HAR inference: recommendations for practice.

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
    level_of(size)
    values = _losses_of(losses, max(FEWEST, 2 * whole(block, "block")))
    n, relative = len(values), values - values.mean(axis=1, keepdims=True)
    worth = _independent(relative, block)
    waves = _cosines(n, worth)
    means, weights = relative.mean(axis=0), waves @ relative
    chance = generator_of(generator).multivariate_normal(
        np.zeros(values.shape[1]),
        np.cov(relative.T),
        size=(whole(draws, "draws"), 1 + len(waves)),
        method="eigh",
        check_valid="ignore",
    )
    null = np.abs(_pairwise(chance[:, 0] / np.sqrt(n), chance[:, 1:], n))
    p = _eliminated(_pairwise(means, weights, n), null)
    names = list(pd.DataFrame(losses).columns)
    table = pd.DataFrame({"model": names, "loss": values.mean(axis=0), "p": p, "kept": p > size})
    table.attrs["warnings"] = _said(n, worth)
    return table


def _pairwise(means: np.ndarray, weights: np.ndarray, n: int) -> np.ndarray:
    """Return t between models (..., k, k) from their means (..., k) and weights (..., b, k).

    0 between models of the same losses, infinite between those that differ by a constant.
    """
    apart = means[..., :, None] - means[..., None, :]
    variance = np.square(weights[..., :, None] - weights[..., None, :]).mean(axis=-3) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(apart / np.sqrt(variance), nan=0.0, posinf=np.inf, neginf=-np.inf)


def _eliminated(found: np.ndarray, null: np.ndarray) -> np.ndarray:
    """Return the p-value of each model (k): the largest among the tests up to its elimination.

    The model kept longest has 1.
    """
    left, p, reached = list(range(len(found))), np.ones(len(found)), 0.0
    while len(left) > 1:
        part = found[np.ix_(left, left)]
        largest = null[:, left][:, :, left].max(axis=(1, 2))
        reached = max(reached, (1 + (largest >= part.max()).sum()) / (1 + len(null)))
        worst = left.pop(int(part.max(axis=1).argmax()))
        p[worst] = reached
    return p


def _losses_of(losses: pd.DataFrame, least: int) -> np.ndarray:
    """Return losses (origins by models) as floats: ``least`` origins, two models, not all alike."""
    try:
        values = np.asarray(losses, dtype="float64")
    except (TypeError, ValueError):
        raise InputError("the losses hold something that is not a number") from None
    small = values.ndim != 2 or values.shape[1] < 2 or len(values) < least
    if small or not np.isfinite(values).all():
        raise InputError(
            f"the losses have the shape {values.shape}: expected at least {least} origins by two "
            "models, all finite"
        )
    if np.ptp(values - values[:, :1]) == 0:
        raise InputError("all models have the same losses: there is no best one")
    return values
