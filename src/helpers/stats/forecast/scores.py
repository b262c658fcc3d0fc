"""How good a forecast with stated uncertainty was (Gneiting and Raftery 2007; Bracher et al. 2021).

Ensembles are draws by periods (m by h), outcomes by period (h). Lower is better for every score but
coverage. The ensemble CRPS and the interval scores are those of the package ``scoringrules``. Its
closed forms for counts are not used: they lose their digits from means of about 30 (Poisson) and
sizes of some hundreds (negative binomial) on.
"""

from collections.abc import Sequence
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from helpers.base.errors import InputError
from helpers.stats.checks import (
    count,
    counts,
    generator_of,
    level_of,
    numbers,
    positive,
    shown,
    whole,
)

SMOOTH = 30.0  # size from which a negative binomial is smooth on the scale of its deviation


def crps_ensemble(ensemble: np.ndarray, outcome: ArrayLike) -> np.ndarray:
    """Return the continuous ranked probability score of an ensemble by period.

    The mean distance of the draws from the outcome, less half that of the draws from each other,
    which is freed of the bias that few draws bring.

    Parameters
    ----------
    ensemble : numpy.ndarray of float, shape (m, h)
        Draws by periods.
    outcome : array-like of float, shape (h,)
        What happened.

    Returns
    -------
    numpy.ndarray of float64, shape (h,)
        In the unit of the outcome; for a single draw its absolute error.

    Raises
    ------
    InputError
        When shapes do not fit together or a value is missing or infinite.

    References
    ----------
    Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation.

    Examples
    --------
    Draws that agree are as wrong as each of them.

    >>> import numpy as np
    >>> crps_ensemble(np.array([[7.0], [7.0], [7.0]]), [9])
    array([2.])
    """
    import scoringrules

    draws, seen = _pair(ensemble, outcome)
    return np.atleast_1d(
        scoringrules.crps_ensemble(seen, draws.T, estimator="pwm" if len(draws) > 1 else "nrg")
    )


def crps_quantiles(values: ArrayLike, levels: ArrayLike, outcome: float) -> float:
    """Return the continuous ranked probability score of one forecast that is told by quantiles.

    Twice the mean loss of the quantiles: of levels that part the chances evenly, in the middle of
    each part, it comes near the integral that the score is.

    Parameters
    ----------
    values : array-like of float, shape (m,)
        The quantiles.
    levels : array-like of float, shape (m,)
        The chance of each, above 0 and below 1: that the outcome is no larger.
    outcome : float
        What happened.

    Returns
    -------
    float
        In the unit of the outcome; of a single median its absolute error.

    Raises
    ------
    InputError
        When shapes do not fit together, a value is missing or infinite, or a level is no chance.

    References
    ----------
    Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation.

    Examples
    --------
    >>> crps_quantiles([7.0], [0.5], 9)
    2.0
    """
    told, chances = numbers(values, "the quantiles"), numbers(levels, "the levels")
    seen = float(numbers([outcome], "the outcome")[0])
    if told.shape != chances.shape:
        raise InputError(f"{len(told)} quantiles have {len(chances)} levels; expected one for each")
    if not ((chances > 0) & (chances < 1)).all():
        raise InputError("the levels are not all between 0 and 1")
    return float(2 * np.mean(np.where(seen >= told, chances, chances - 1) * (seen - told)))


def crps_poisson(mean: float, outcome: float) -> float:
    """Return the CRPS of a Poisson forecast.

    Parameters
    ----------
    mean : float
        Mean of the forecast, above 0.
    outcome : float
        The count that happened.

    Returns
    -------
    float
        Score in counts.

    Raises
    ------
    InputError
        When the mean is not above 0 or the outcome no count.

    Examples
    --------
    A forecast of all but surely 0 is off by the whole outcome.

    >>> round(crps_poisson(1e-9, 3), 6)
    3.0
    """
    from scipy.special import i0e, i1e
    from scipy.stats import poisson

    seen, mean = count(outcome, "the outcome"), positive(mean, "the mean")
    distance = seen * (2 * poisson.cdf(seen, mean) - 1)
    distance -= mean * (2 * poisson.cdf(seen - 1, mean) - 1)
    return float(distance - mean * (i0e(2 * mean) + i1e(2 * mean)))


def crps_negbinom(size: float, chance: float, outcome: float) -> float:
    """Return the CRPS of a negative binomial forecast.

    Parameters
    ----------
    size : float
        Size n of the distribution, above 0.
    chance : float
        Chance p of success, between 0 and 1: the mean is n (1 - p) / p.
    outcome : float
        The count that happened.

    Returns
    -------
    float
        Score in counts.

    Raises
    ------
    InputError
        When size or chance lie outside their bounds or the outcome is no count.

    References
    ----------
    Wei and Held (2014), Calibration tests for count data.

    Examples
    --------
    With a large size it comes near a Poisson forecast, here with a mean of 5.

    >>> round(crps_negbinom(1e6, 1e6 / (1e6 + 5), 4), 4), round(crps_poisson(5, 4), 4)
    (0.6282, 0.6282)
    """
    from scipy.stats import nbinom

    seen, size = count(outcome, "the outcome"), positive(size, "the size")
    if positive(chance, "the chance") >= 1:
        raise InputError(f"the chance is {chance}: expected a number between 0 and 1")
    mean = size * (1 - chance) / chance
    distance = seen * (2 * nbinom.cdf(seen, size, chance) - 1)
    distance -= mean * (2 * nbinom.cdf(seen - 1, size + 1, chance) - 1)
    return float(distance - _half_apart(size, chance))


def _half_apart(size: float, chance: float) -> float:
    """Return half the mean distance of two draws of a negative binomial: the sum of F (1 - F).

    Closed for small sizes. For large ones, where the hypergeometric function fails, the sum itself,
    by the trapezoidal rule where the distribution spans more counts than are worth adding up.
    """
    from scipy.special import hyp2f1
    from scipy.stats import nbinom

    mean = size * (1 - chance) / chance
    if size < SMOOTH:
        share = min(4 * (1 - chance) / (2 - chance) ** 2, 1)
        return float(mean / (2 - chance) * hyp2f1(1 - size, 0.5, 2, share))
    law = nbinom(size, chance)
    step = max(1, int(law.std() / 200))
    below = law.cdf(np.arange(max(law.ppf(1e-15) - step, 0), law.isf(1e-15) + step, step))
    return float(step * (below * (1 - below)).sum())


def log_score(ensemble: np.ndarray, outcome: ArrayLike) -> np.ndarray:
    """Return minus the log chance of the outcome by period.

    The chance is that of a negative binomial with the ensemble's mean and variance, or of a Poisson
    where the variance is no larger. An ensemble has no chance for values that it does not hold;
    matched moments have one for every count.

    Parameters
    ----------
    ensemble : numpy.ndarray of float, shape (m, h)
        Draws by periods.
    outcome : array-like of float, shape (h,)
        What happened, whole numbers of at least 0.

    Returns
    -------
    numpy.ndarray of float64, shape (h,)
        In nats.

    Raises
    ------
    InputError
        When shapes do not fit together, a value is missing or infinite or an outcome no count.

    References
    ----------
    Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation.

    Examples
    --------
    Draws that are all 1 stand for a Poisson of mean 1, in which 0 has the chance 1 / e.

    >>> import numpy as np
    >>> log_score(np.ones((50, 1)), [0])
    array([1.])
    """
    from scipy.stats import nbinom, poisson

    draws, seen = _pair(ensemble, outcome)
    seen = counts(seen, "the outcome")
    mean, variance = (
        np.maximum(draws.mean(axis=0), 1e-6),
        draws.var(axis=0, ddof=1) if len(draws) > 1 else np.zeros(len(seen)),
    )
    size = mean**2 / np.maximum(variance - mean, 1e-9 * mean)
    wide = variance > mean * (1 + 1e-6)
    return -np.where(
        wide, nbinom.logpmf(seen, size, size / (size + mean)), poisson.logpmf(seen, mean)
    )


def interval_score(ensemble: np.ndarray, outcome: ArrayLike, level: float = 0.8) -> np.ndarray:
    """Return the score of a central interval by period: its width plus penalties for misses.

    A miss costs 2 / (1 - level) times its distance from the interval.

    Parameters
    ----------
    ensemble : numpy.ndarray of float, shape (m, h)
        Draws by periods.
    outcome : array-like of float, shape (h,)
        What happened.
    level : float
        Chance that the central interval states, between 0 and 1.

    Returns
    -------
    numpy.ndarray of float64, shape (h,)
        In the unit of the outcome.

    Raises
    ------
    InputError
        When shapes do not fit together or a value is missing or infinite.

    References
    ----------
    Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation.

    Examples
    --------
    The interval of 80 % runs from 10 to 90; 95 is missed by 5, which costs ten times as much.

    >>> import numpy as np
    >>> ensemble = np.arange(101.0)[:, None]
    >>> interval_score(ensemble, [95]).round(6)
    array([130.])
    """
    import scoringrules

    draws, seen = _pair(ensemble, outcome)
    low, high = np.quantile(draws, [0.5 - level_of(level) / 2, 0.5 + level / 2], axis=0)
    return np.atleast_1d(scoringrules.interval_score(seen, low, high, 1 - level))


def weighted_interval_score(
    ensemble: np.ndarray, outcome: ArrayLike, levels: Sequence[float] = (0.5, 0.8, 0.9, 0.95)
) -> np.ndarray:
    """Return the weighted interval score by period: of the median and of central intervals.

    Parameters
    ----------
    ensemble : numpy.ndarray of float, shape (m, h)
        Draws by periods.
    outcome : array-like of float, shape (h,)
        What happened.
    levels : sequence of float
        Chances that the central intervals state, between 0 and 1.

    Returns
    -------
    numpy.ndarray of float64, shape (h,)
        In the unit of the outcome; with many levels it comes near the CRPS.

    Raises
    ------
    InputError
        When shapes do not fit together or a value is missing or infinite.

    References
    ----------
    Bracher, Ray, Gneiting and Reich (2021), Evaluating epidemic forecasts in an interval format.

    Examples
    --------
    The median is off by 45, the interval of 80 % scores 130: (45 / 2 + 130 * 0.2 / 2) / 1.5.

    >>> import numpy as np
    >>> ensemble = np.arange(101.0)[:, None]
    >>> weighted_interval_score(ensemble, [95], levels=[0.8]).round(2)
    array([23.67])
    """
    draws, seen = _pair(ensemble, outcome)
    total = 0.5 * np.abs(seen - np.median(draws, axis=0))
    for level in numbers(levels, "the levels", 0):
        total = total + (1 - level_of(level)) / 2 * interval_score(draws, seen, level)
    return total / (len(levels) + 0.5)


def covered(ensemble: np.ndarray, outcome: ArrayLike, level: float = 0.8) -> np.ndarray:
    """Return by period whether a central interval holds the outcome.

    Parameters
    ----------
    ensemble : numpy.ndarray of float, shape (m, h)
        Draws by periods.
    outcome : array-like of float, shape (h,)
        What happened.
    level : float
        Chance that the central interval states, between 0 and 1.

    Returns
    -------
    numpy.ndarray of bool, shape (h,)
        True where it does, its ends included.

    Raises
    ------
    InputError
        When shapes do not fit together or a value is missing or infinite.

    Examples
    --------
    The interval of 80 % runs from 10 to 90, that of 95 % from 2.5 to 97.5.

    >>> import numpy as np
    >>> ensemble = np.arange(101.0)[:, None]
    >>> covered(ensemble, [95], level=0.8), covered(ensemble, [95], level=0.95)
    (array([False]), array([ True]))
    """
    draws, seen = _pair(ensemble, outcome)
    low, high = np.quantile(draws, [0.5 - level_of(level) / 2, 0.5 + level / 2], axis=0)
    return (low <= seen) & (seen <= high)


def pit(ensemble: np.ndarray, outcome: ArrayLike, generator: np.random.Generator) -> np.ndarray:
    """Return the probability integral transform by period, uniform for a calibrated forecast.

    Ties of counts are broken at random.

    Parameters
    ----------
    ensemble : numpy.ndarray of float, shape (m, h)
        Draws by periods.
    outcome : array-like of float, shape (h,)
        What happened.
    generator : numpy.random.Generator
        Breaks the ties.

    Returns
    -------
    numpy.ndarray of float64, shape (h,)
        Share of the draws below the outcome, between 0 and 1.

    Raises
    ------
    InputError
        When shapes do not fit together or a value is missing or infinite.

    References
    ----------
    Czado, Gneiting and Held (2009), Predictive model assessment for count data.

    Examples
    --------
    The outcome exceeds 9 of 9 draws: it lies in the uppermost tenth.

    >>> import numpy as np
    >>> bool(pit(np.arange(9.0)[:, None], [20], np.random.default_rng(1))[0] > 0.9)
    True
    """
    draws, seen = _pair(ensemble, outcome)
    below, equal = (draws < seen).sum(axis=0), (draws == seen).sum(axis=0)
    return (below + generator_of(generator).random(len(seen)) * (equal + 1)) / (len(draws) + 1)


def mase(forecast: ArrayLike, outcome: ArrayLike, training: ArrayLike, season: int = 12) -> float:
    """Return the mean absolute scaled error of points.

    The scale is the mean absolute error of the seasonal naive forecast within the training series.

    Parameters
    ----------
    forecast, outcome : array-like of float, shape (h,)
        Point forecasts and what happened.
    training : array-like of float, shape (n,)
        The past, in order of time, with more than ``season`` periods.
    season : int
        Periods of a season.

    Returns
    -------
    float
        Without unit; below 1 is better than the seasonal naive was in the past.

    Raises
    ------
    InputError
        When lengths differ, a value is missing or infinite, or the training series repeats itself
        exactly.

    References
    ----------
    Hyndman and Koehler (2006), Another look at measures of forecast accuracy.

    Examples
    --------
    Points off by 2, where the naive forecast was off by 1:

    >>> mase([5, 6], [7, 8], training=[1, 2, 3, 4], season=1)
    2.0
    """
    past = numbers(training, "the training series", whole(season, "season") + 1)
    scale = float(np.abs(past[season:] - past[:-season]).mean())
    if scale == 0:
        raise InputError(
            "the training series repeats itself exactly: its seasonal naive errors are 0 "
            "and give no scale"
        )
    return _absolute(forecast, outcome) / scale


def rmse(forecast: ArrayLike, outcome: ArrayLike) -> float:
    """Return the root mean squared error of points.

    Parameters
    ----------
    forecast, outcome : array-like of float, shape (h,)
        Point forecasts and what happened.

    Returns
    -------
    float
        In the unit of the outcome.

    Raises
    ------
    InputError
        When lengths differ or a value is missing or infinite.

    Examples
    --------
    >>> rmse([0, 0], [1, 7])  # the root of (1 + 49) / 2
    5.0
    """
    return float(np.sqrt(np.square(_errors(forecast, outcome)).mean()))


def brier(chance: float, happened: bool) -> float:
    """Return the Brier score of a chance given to something that did or did not happen.

    Parameters
    ----------
    chance : float
        From 0 to 1.
    happened : bool
        Whether it did.

    Returns
    -------
    float
        Squared error, from 0 to 1; a half always gives 0.25.

    Raises
    ------
    InputError
        When the chance lies outside 0 and 1.

    Examples
    --------
    >>> brier(0.5, True), brier(0.0, True), brier(1.0, True)
    (0.25, 1.0, 0.0)
    """
    if not isinstance(chance, Real) or not 0 <= chance <= 1:
        raise InputError(f"the chance is {shown(chance)}: expected a number from 0 to 1")
    if not np.isscalar(happened) or happened not in (0, 1):
        raise InputError(f"what happened is {shown(happened)}: expected True or False")
    return float((chance - float(happened)) ** 2)


def _absolute(forecast: ArrayLike, outcome: ArrayLike) -> float:
    return float(np.abs(_errors(forecast, outcome)).mean())


def _errors(forecast: ArrayLike, outcome: ArrayLike) -> np.ndarray:
    points, seen = numbers(forecast, "the forecast"), numbers(outcome, "the outcome")
    if len(points) != len(seen):
        raise InputError(f"the forecast has {len(points)} periods and the outcome {len(seen)}")
    return points - seen


def _pair(ensemble: np.ndarray, outcome: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    seen = numbers(outcome, "the outcome")
    try:
        draws = np.asarray(ensemble, dtype="float64")
    except (TypeError, ValueError):
        raise InputError("the ensemble holds something that is not a number") from None
    if draws.ndim != 2 or draws.shape[1] != len(seen) or len(draws) == 0:
        raise InputError(
            f"the ensemble has the shape {draws.shape}: expected draws by the {len(seen)} periods "
            "of the outcome"
        )
    if not np.isfinite(draws).all():
        raise InputError("the ensemble holds a missing or infinite value")
    return draws, seen
