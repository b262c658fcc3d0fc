"""Was one forecast better than another, beyond luck? Diebold-Mariano, and the set of models that cannot be told from the best."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of, numbers
from helpers.stats.estimate import Estimate


def diebold_mariano(
    one: Sequence[float], other: Sequence[float], horizon: int = 1, level: float = 0.95
) -> Estimate:
    """Return the mean difference of two models' losses (below 0 when the first is better), with interval and p-value.

    Losses by origin, in order of time, of forecasts ``horizon`` steps ahead, whose errors resemble each other up to horizon - 1.
    Diebold and Mariano (1995) with the correction and Student's t of Harvey, Leybourne and Newbold (1997).
    """
    from scipy.stats import t

    first, second = (
        numbers(pd.Series(losses), name, 3)
        for losses, name in ((one, "the first losses"), (other, "the second losses"))
    )
    if len(first) != len(second):
        raise InputError(
            f"there are {len(first)} losses of the first model and {len(second)} of the second"
        )
    n = len(first)
    if not 1 <= horizon < n:
        raise InputError(f"horizon is {horizon} with {n} origins: expected 1 to {n - 1}")
    difference = first - second
    rest = difference - difference.mean()
    variance = float(
        sum((1 if lag == 0 else 2) * (rest[lag:] @ rest[: n - lag]) / n for lag in range(horizon))
        / n
    )
    warnings: tuple[str, ...] = ()
    if variance <= 0:  # the rectangular sum of autocovariances can be below 0: fall back to lag 0
        variance, warnings = (
            float(rest @ rest / n / n),
            (
                "the long-run variance came out below 0; neighbouring origins are taken as independent",
            ),
        )
    if variance == 0:
        raise InputError("the two models' losses differ by a constant: there is no test")
    error = np.sqrt(variance) / np.sqrt((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n)
    reach, value = t.ppf(0.5 + level_of(level) / 2, n - 1) * error, float(difference.mean())
    return Estimate(
        value,
        float(value - reach),
        float(value + reach),
        float(2 * t.sf(abs(value) / error, n - 1)),
        n,
        f"Diebold-Mariano, horizon {horizon}, small-sample correction",
        level,
        warnings,
    )


def confidence_set(
    losses: pd.DataFrame,
    generator: np.random.Generator,
    *,
    size: float = 0.1,
    block: int = 12,
    draws: int = 999,
) -> pd.DataFrame:
    """Return model, loss (mean), p and kept by model: the set that holds the best one with chance 1 - ``size``.

    ``losses``: origins in order of time by models. Hansen, Lunde and Nason (2011), package ``arch``, block bootstrap of ``block`` origins.
    """
    from arch.bootstrap import MCS

    values = np.asarray(losses, dtype="float64")
    if (
        values.ndim != 2
        or values.shape[1] < 2
        or len(values) < 2 * block
        or not np.isfinite(values).all()
    ):
        raise InputError(
            f"the losses have the shape {values.shape}: expected at least {2 * block} origins by two models, all finite"
        )
    if np.ptp(values - values[:, :1]) == 0:
        raise InputError("all models have the same losses: there is no best one")
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
