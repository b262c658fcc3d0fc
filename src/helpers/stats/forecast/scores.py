"""How good a forecast with stated uncertainty was (Gneiting and Raftery 2007; Bracher et al. 2021).

Ensembles are draws by periods (m by h), outcomes by period (h). Lower is better for every score but coverage. The closed
forms, the ensemble CRPS and the interval scores are those of the package ``scoringrules``.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, generator_of, level_of, numbers


def crps_ensemble(ensemble: np.ndarray, outcome: Sequence[float]) -> np.ndarray:
    """Return the continuous ranked probability score by period (h), in units of the outcome."""
    import scoringrules

    draws, seen = _pair(ensemble, outcome)
    return np.atleast_1d(
        scoringrules.crps_ensemble(seen, draws.T, estimator="pwm" if len(draws) > 1 else "nrg")
    )


def crps_poisson(mean: float, outcome: float) -> float:
    """Return the CRPS of a Poisson forecast with ``mean`` above 0."""
    import scoringrules

    return float(scoringrules.crps_poisson(_count(outcome), _above(mean, "the mean")))


def crps_negbinom(size: float, chance: float, outcome: float) -> float:
    """Return the CRPS of a negative binomial forecast with ``size`` above 0 and success ``chance`` (mean size (1 - p) / p)."""
    import scoringrules

    if not 0 < chance < 1:
        raise InputError(f"the chance is {chance}: expected a number between 0 and 1")
    return float(scoringrules.crps_negbinom(_count(outcome), _above(size, "the size"), chance))


def log_score(ensemble: np.ndarray, outcome: Sequence[float]) -> np.ndarray:
    """Return minus the log chance of the outcome by period (h), from a negative binomial (or Poisson) with the ensemble's moments.

    An ensemble has no chance for values that it does not hold; matched moments have one for every count.
    """
    from scipy.stats import nbinom, poisson

    draws, seen = _pair(ensemble, outcome)
    seen = counts(pd.Series(seen), "the outcome")
    mean, variance = (
        np.maximum(draws.mean(axis=0), 1e-6),
        draws.var(axis=0, ddof=1) if len(draws) > 1 else np.zeros(len(seen)),
    )
    size = mean**2 / np.maximum(variance - mean, 1e-9 * mean)
    wide = variance > mean * (1 + 1e-6)
    return -np.where(
        wide, nbinom.logpmf(seen, size, size / (size + mean)), poisson.logpmf(seen, mean)
    )


def interval_score(
    ensemble: np.ndarray, outcome: Sequence[float], level: float = 0.8
) -> np.ndarray:
    """Return the score of the central interval of ``level`` by period (h): its width plus penalties for misses."""
    import scoringrules

    draws, seen = _pair(ensemble, outcome)
    low, high = np.quantile(draws, [0.5 - level_of(level) / 2, 0.5 + level / 2], axis=0)
    return np.atleast_1d(scoringrules.interval_score(seen, low, high, 1 - level))


def weighted_interval_score(
    ensemble: np.ndarray, outcome: Sequence[float], levels: Sequence[float] = (0.5, 0.8, 0.9, 0.95)
) -> np.ndarray:
    """Return the weighted interval score by period (h): median and central intervals of ``levels`` (Bracher et al. 2021)."""
    draws, seen = _pair(ensemble, outcome)
    total = 0.5 * np.abs(seen - np.median(draws, axis=0))
    for level in levels:
        total = total + (1 - level_of(level)) / 2 * interval_score(draws, seen, level)
    return total / (len(levels) + 0.5)


def covered(ensemble: np.ndarray, outcome: Sequence[float], level: float = 0.8) -> np.ndarray:
    """Return by period (h) whether the central interval of ``level`` holds the outcome."""
    draws, seen = _pair(ensemble, outcome)
    low, high = np.quantile(draws, [0.5 - level_of(level) / 2, 0.5 + level / 2], axis=0)
    return (low <= seen) & (seen <= high)


def pit(
    ensemble: np.ndarray, outcome: Sequence[float], generator: np.random.Generator
) -> np.ndarray:
    """Return the probability integral transform by period (h), uniform for a calibrated forecast.

    Ties of counts are broken at random (Czado, Gneiting and Held 2009).
    """
    draws, seen = _pair(ensemble, outcome)
    below, equal = (draws < seen).sum(axis=0), (draws == seen).sum(axis=0)
    return (below + generator_of(generator).random(len(seen)) * (equal + 1)) / (len(draws) + 1)


def mase(
    forecast: Sequence[float], outcome: Sequence[float], training: Sequence[float], season: int = 12
) -> float:
    """Return the mean absolute error of points over that of the seasonal naive within ``training`` (Hyndman and Koehler 2006)."""
    past = numbers(pd.Series(training), "the training series", season + 1)
    scale = float(np.abs(past[season:] - past[:-season]).mean())
    if scale == 0:
        raise InputError(
            "the training series repeats itself exactly: its seasonal naive errors are 0 and give no scale"
        )
    return _absolute(forecast, outcome) / scale


def rmse(forecast: Sequence[float], outcome: Sequence[float]) -> float:
    """Return the root mean squared error of points."""
    return float(np.sqrt(np.square(_errors(forecast, outcome)).mean()))


def brier(chance: float, happened: bool) -> float:
    """Return the Brier score of a ``chance`` given to something that did or did not happen."""
    if not 0 <= chance <= 1:
        raise InputError(f"the chance is {chance}: expected a number from 0 to 1")
    return (chance - float(happened)) ** 2


def _absolute(forecast: Sequence[float], outcome: Sequence[float]) -> float:
    return float(np.abs(_errors(forecast, outcome)).mean())


def _errors(forecast: Sequence[float], outcome: Sequence[float]) -> np.ndarray:
    points, seen = (
        numbers(pd.Series(forecast), "the forecast"),
        numbers(pd.Series(outcome), "the outcome"),
    )
    if len(points) != len(seen):
        raise InputError(f"the forecast has {len(points)} periods and the outcome {len(seen)}")
    return points - seen


def _pair(ensemble: np.ndarray, outcome: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    draws, seen = np.asarray(ensemble, dtype="float64"), numbers(pd.Series(outcome), "the outcome")
    if draws.ndim != 2 or draws.shape[1] != len(seen) or len(draws) == 0:
        raise InputError(
            f"the ensemble has the shape {draws.shape}: expected draws by the {len(seen)} periods of the outcome"
        )
    if not np.isfinite(draws).all():
        raise InputError("the ensemble holds a missing or infinite value")
    return draws, seen


def _count(value: float) -> float:
    return float(counts(pd.Series([value]), "the outcome")[0])


def _above(value: float, name: str) -> float:
    if not 0 < value < np.inf:
        raise InputError(f"{name} is {value}: expected a number above 0")
    return float(value)
