"""Models that turn the past of a count series into an ensemble of futures.

Each takes ``past`` (counts by period, PeriodIndex), ``horizon``, ``draws`` and a Generator, and
returns draws by horizon whole numbers of at least 0. Most work on ``ln(y + 0.5)`` and carry their
errors forward as paths, so that sums over periods have the right spread. Reference: Hyndman and
Athanasopoulos (2021).
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, generator_of, regular, shown, whole
from helpers.stats.forecast.fits import fit_ets, fit_sarima, fit_structural
from helpers.stats.forecast.state_space import fit_state_space
from helpers.stats.forecast.theta import fit_theta
from helpers.stats.months.trend import SEASONS, deterministic

if TYPE_CHECKING:
    from statsmodels.tsa.base.tsa_model import TimeSeriesModelResults

Model = Callable[[pd.Series, int, int, np.random.Generator], np.ndarray]
TOP = 25.0  # logarithm of the largest count that a simulated path may reach


def ready(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> pd.Series:
    """Return the past as checked counts, ready for a model.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        What the model will draw from; nothing is drawn here.

    Returns
    -------
    pandas.Series of float64, shape (n,), PeriodIndex
        The counts.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count or one above 7e10,
        ``horizon`` or ``draws`` is below 1, or a seed stands in for the generator.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> past = pd.Series([7] * 24, pd.period_range("2020-01", periods=24, freq="M"))
    >>> ready(past, 12, 100, np.random.default_rng(1))
    Traceback (most recent call last):
    helpers.base.errors.InputError: the past has 24 observations: expected at least 36 in one column
    """
    index = regular(past, "the past")
    values = counts(past, "the past", max(12, 3 * _season(index)))
    if values.sum() == 0:
        raise InputError("the past holds only zeros: there is nothing to forecast from")
    if values.max() > np.exp(TOP):
        raise InputError(f"the past holds a count of {values.max():.3g}: expected less than 7e10")
    whole(horizon, "horizon")
    whole(draws, "draws")
    generator_of(generator)
    return pd.Series(values, index=index)


def naive(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return the last value carried on.

    Its errors wander off as the past did from any of its values.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count.

    References
    ----------
    Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice.

    Examples
    --------
    A series that never moved is carried on without errors.

    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> np.unique(naive(pd.Series([7] * 12, years), 3, 100, np.random.default_rng(1)))
    array([7.])
    """
    logs = _logs(ready(past, horizon, draws, generator))
    return _counts(logs[-1] + _wanderings(logs, horizon, draws, generator))


def drift(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return the naive forecast plus the average change of the past at each step.

    The average change, of ``ln(y + 0.5)``, is itself uncertain.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count.

    References
    ----------
    Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice.

    Examples
    --------
    Each year y + 0.5 trebled, from 1.5 on: 1, 4, 13, 40, ... go on as 3 y + 1.

    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> past = pd.Series([round(1.5 * 3**year - 0.5) for year in range(12)], years)
    >>> paths = drift(past, 1, 100, np.random.default_rng(1))
    >>> bool((paths == 3 * past.iloc[-1] + 1).all())
    True
    """
    logs = _logs(ready(past, horizon, draws, generator))
    steps, wander = np.diff(logs), _wanderings(logs, horizon, draws, generator)
    spread = wander[:, -1].std() / np.sqrt(horizon * len(steps))
    slope = steps.mean() + spread * generator.standard_normal((draws, 1))
    return _counts(logs[-1] + slope * np.arange(1, horizon + 1) + wander)


def seasonal_naive(
    past: pd.Series, horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return the same season of the last year.

    Its errors are those that this made in stretches of the past, wider for each further year.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors as stretches.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count.

    References
    ----------
    Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> months = pd.period_range("2020-01", periods=36, freq="M")
    >>> past = pd.Series(list(range(1, 13)) * 3, months)
    >>> seasonal_naive(past, 3, 2, np.random.default_rng(1))
    array([[1., 2., 3.],
           [1., 2., 3.]])
    """
    clean = ready(past, horizon, draws, generator)
    logs, season = _logs(clean), max(_season(clean.index), 1)
    errors = _centred(logs[season:] - logs[:-season])
    starts = generator.integers(0, len(errors), draws)[:, None]
    stretch = errors[(starts + np.arange(horizon)) % len(errors)]
    return _counts(
        np.resize(logs[-season:], horizon) + np.sqrt(1 + np.arange(horizon) // season) * stretch
    )


def yearly_mean(
    past: pd.Series, horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return the mean of the last year, or of four years of yearly data, on the log scale.

    Its errors are those that this has made a year ahead in the past, one for the whole path, and
    those of single periods about it.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> np.unique(yearly_mean(pd.Series([7] * 12, years), 3, 100, np.random.default_rng(1)))
    array([7.])
    """
    clean = ready(past, horizon, draws, generator)
    logs, season = _logs(clean), max(_season(clean.index), 4)
    means = np.convolve(logs, np.ones(season) / season, "valid")
    level = generator.choice(_centred(means[season:] - means[:-season]), (draws, 1))
    return _counts(
        means[-1]
        + level / 2
        + generator.choice(_centred(logs[season - 1 :] - means), (draws, horizon))
    )


def sarima(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return paths of a seasonal ARIMA (0,1,1)(0,1,1), or (0,1,1) for yearly data.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count, or the fit fails.

    References
    ----------
    Box and Jenkins (1970), Time Series Analysis: Forecasting and Control.

    Examples
    --------
    Counts of about 20 a year go on about 20.

    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> past = pd.Series(np.random.default_rng(1).poisson(20, 12), years)
    >>> paths = sarima(past, 3, 50, np.random.default_rng(2))
    >>> paths.shape, bool(15 < np.median(paths) < 25)
    ((50, 3), True)
    """
    clean = ready(past, horizon, draws, generator)
    season = _season(clean.index)
    fit = fit_sarima(_logs(clean), seasonal=(0, 1, 1, season) if season else (0, 0, 0, 0))
    return _simulated(fit, horizon, draws, generator)


def ets(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return paths of the exponential smoothing model with the lowest AIC.

    The choice is of a level, a damped trend, or a level with seasons.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count, or no fit succeeds.

    References
    ----------
    Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing.

    Examples
    --------
    A series that never moved is a level without errors.

    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> np.unique(ets(pd.Series([20] * 12, years), 3, 50, np.random.default_rng(2)))
    array([20.])
    """
    clean = ready(past, horizon, draws, generator)
    logs, season = _logs(clean), _season(clean.index)
    fits = [fit_ets(logs), fit_ets(logs, trend="add", damped=True)]
    if season:
        fits.append(fit_ets(logs, seasonal="add", period=season))
    return _simulated(min(fits, key=lambda one: one.aic), horizon, draws, generator)


def theta(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return paths of the Theta model: smoothing with half the trend, seasons where there are any.

    The points are those of the published method, on the counts themselves. Its errors are carried
    on as those of a smoothed level, on the scale of square roots, where counts vary about as much
    at any level and none falls below 0.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count.

    References
    ----------
    Assimakopoulos and Nikolopoulos (2000), The theta model.

    Examples
    --------
    Counts that swing about 20 go on about 20.

    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> past = pd.Series([19, 21] * 6, years)
    >>> paths = theta(past, 3, 50, np.random.default_rng(2))
    >>> paths.shape, float(np.median(paths))
    ((50, 3), 20.0)
    """
    clean = ready(past, horizon, draws, generator)
    fit = fit_theta(clean, max(_season(clean.index), 1))
    spread = float((np.sqrt(np.maximum(fit.adjusted, 0)) - np.sqrt(fit.smoothed.clip(0))).std())
    errors = spread * generator.standard_normal((draws, horizon))
    carried = fit.alpha * (errors.cumsum(axis=1) - errors)
    return np.round(
        np.square(np.maximum(np.sqrt(fit.forecast(horizon).clip(0)) + carried + errors, 0))
    )


def structural(
    past: pd.Series, horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return paths of a local level with trigonometric seasons.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count, or no fit succeeds.

    References
    ----------
    Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter.

    Examples
    --------
    Counts that swing about 20 go on about 20.

    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> past = pd.Series([19, 21] * 6, years)
    >>> paths = structural(past, 3, 50, np.random.default_rng(2))
    >>> paths.shape, float(np.median(paths))
    ((50, 3), 20.0)
    """
    clean = ready(past, horizon, draws, generator)
    fit = fit_structural(_logs(clean), max(_season(clean.index), 1))
    return _simulated(fit, horizon, draws, generator)


def negbin(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return paths of an NB2 regression on seasons and the logarithm of the last count.

    A path feeds on its own draws; coefficients are drawn from their normal approximation. There is
    no trend: one that is carried on from a decade misses wherever the level turned within it.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors and the coefficients.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count, does not vary, or
        the fit fails.

    References
    ----------
    Fokianos and Tjostheim (2011), Log-linear Poisson autoregression.

    Examples
    --------
    Counts that swing about 20 go on about 20.

    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> past = pd.Series([19, 21] * 6, years)
    >>> paths = negbin(past, 3, 50, np.random.default_rng(2))
    >>> paths.shape, bool(18 < np.median(paths) < 22)
    ((50, 3), True)
    """
    from helpers.stats.counts.negbin import fit_negbin

    clean = ready(past, horizon, draws, generator)
    if np.ptp(clean[:-1]) == 0:
        raise InputError("the past does not vary: an autoregression has nothing to learn from it")
    process = deterministic(clean.index, _pairs(clean.index), 0)
    design = process.in_sample().assign(before=np.log(clean.shift(1) + 1))
    fit = fit_negbin(clean[1:], design[1:])
    root = np.linalg.cholesky(fit.cov.to_numpy() + 1e-12 * np.eye(len(fit.params)))
    params = fit.params.to_numpy() + generator.standard_normal((draws, len(fit.params))) @ root.T
    later, size, state = (
        process.out_of_sample(horizon).to_numpy(),
        fit.theta,
        np.log(clean.iloc[-1] + 1) * np.ones(draws),
    )
    paths = np.empty((draws, horizon))
    for step in range(horizon):
        means = np.exp(np.clip(params[:, :-1] @ later[step] + params[:, -1] * state, -10, TOP))
        paths[:, step] = (
            generator.poisson(means * generator.gamma(size, 1 / size, draws))
            if np.isfinite(size)
            else generator.poisson(means)
        )
        state = np.log(paths[:, step] + 1)
    return paths


def ingarch(
    past: pd.Series, horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return paths of a negative binomial INGARCH(1,1).

    The mean feeds on the last count and on itself.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws the errors.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count.

    References
    ----------
    Ferland, Latour and Oraichi (2006), Integer-valued GARCH process.

    Examples
    --------
    Counts of about 20 a year go on about 20.

    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> past = pd.Series([19, 21] * 6, years)
    >>> paths = ingarch(past, 3, 500, np.random.default_rng(2))
    >>> paths.shape, bool(18 < np.median(paths) < 22)
    ((500, 3), True)
    """
    values = ready(past, horizon, draws, generator).to_numpy()
    mean, (share, last, kept) = values.mean(), _fit_ingarch(values)
    fitted = _ingarch_means(values, share, last, kept)
    excess = float(((values - fitted) ** 2 - fitted).sum() / np.square(fitted).sum())
    size, level = 1 / max(excess, 1e-3), np.full(draws, fitted[-1])
    paths, state = np.empty((draws, horizon)), np.full(draws, values[-1])
    for step in range(horizon):
        level = np.minimum(share * mean + last * state + kept * (1 - last) * level, np.exp(TOP))
        state = paths[:, step] = generator.poisson(level * generator.gamma(size, 1 / size, draws))
    return paths


def _ingarch_means(values: np.ndarray, share: float, last: float, kept: float) -> np.ndarray:
    """Return the means by period (n).

    Each is ``share`` of the long-run mean, ``last`` of the last count and ``kept`` (1 - ``last``)
    of the last mean.
    """
    from scipy.signal import lfilter

    fed = np.r_[values.mean(), share * values.mean() + last * values[:-1]]
    return np.maximum(lfilter([1], [1, -kept * (1 - last)], fed), 1e-6)


def _fit_ingarch(values: np.ndarray) -> np.ndarray:
    """Return share, last and kept (3, each between 0 and 1) by Poisson quasi-likelihood."""
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(point: np.ndarray) -> float:
        means = _ingarch_means(values, *expit(point))
        return float((means - values * np.log(means)).sum())

    found = min(
        (
            minimize(loss, start, method="Nelder-Mead", options={"maxiter": 400})
            for start in ([-2.0, -0.8, -0.5], [-3.0, 0.0, 0.5])
        ),
        key=lambda one: one.fun,
    )
    return expit(found.x)


def state_space(
    past: pd.Series, horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return paths of a latent log level that remembers, observed as NB counts.

    Seasons are two pairs of Fourier terms about a centred mean of a year. No trend is carried on.

    Parameters
    ----------
    past : pandas.Series of int, shape (n,), regular periods
        Counts by period up to the origin; at least three years of months, or twelve periods.
    horizon : int
        Number of periods to forecast, at least 1.
    draws : int
        Number of paths, at least 1.
    generator : numpy.random.Generator
        Draws parameters, steps and counts.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, horizon)
        Whole numbers of at least 0: a path of counts in each row.

    Raises
    ------
    InputError
        When the past is too short, irregular, all 0 or holds what is no count.

    References
    ----------
    Kitagawa (1987), Non-Gaussian state-space modeling of nonstationary time series.

    Examples
    --------
    Counts of about 20 a year go on about 20.

    >>> import numpy as np, pandas as pd
    >>> years = pd.period_range("2000", periods=12, freq="Y")
    >>> past = pd.Series([19, 21] * 6, years)
    >>> paths = state_space(past, 3, 500, np.random.default_rng(2))
    >>> paths.shape, bool(18 < np.median(paths) < 22)
    ((500, 3), True)
    """
    clean = ready(past, horizon, draws, generator)
    before, after = _seasonal_logs(clean, horizon)
    return fit_state_space(clean, before).paths(after, draws, generator)


def _seasonal_logs(clean: pd.Series, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the logarithm of the season by period of the past (n) and of the future (horizon)."""
    season = _season(clean.index)
    if not season:
        return np.zeros(len(clean)), np.zeros(horizon)
    process = deterministic(clean.index, _pairs(clean.index), 0)
    design, later = process.in_sample().to_numpy(), process.out_of_sample(horizon).to_numpy()
    logs, half = _logs(clean), season // 2
    year = np.convolve(logs, np.r_[0.5, np.ones(season - 1), 0.5] / season, "valid")
    waves = np.linalg.lstsq(design[half:-half], logs[half:-half] - year, rcond=None)[0][1:]
    return design[:, 1:] @ waves, later[:, 1:] @ waves


MODELS: dict[str, Model] = {
    "seasonal naive": seasonal_naive,
    "naive": naive,
    "drift": drift,
    "yearly mean": yearly_mean,
    "SARIMA": sarima,
    "ETS": ets,
    "Theta": theta,
    "structural": structural,
    "NB regression": negbin,
    "INGARCH": ingarch,
    "NB state space": state_space,
}


def pool(members: Mapping[str, np.ndarray], generator: np.random.Generator) -> np.ndarray:
    """Return an ensemble whose quantiles are the medians of the members' quantiles.

    A mixture of the members is wider than each of them where they disagree, and so holds more than
    it says; the median of quantiles is about as wide as a member. Its paths keep the ranks that the
    draws have within their member, period by period, so that bad periods come in rows as they do
    there. It holds as many draws from each member as from any other, those of the smallest.

    Parameters
    ----------
    members : mapping of str to numpy.ndarray, shape (draws, horizon) each
        Ensembles of the same periods by model.
    generator : numpy.random.Generator
        Chooses the draws, and breaks ties of ranks.

    Returns
    -------
    numpy.ndarray of float64, shape (m, horizon)
        Whole numbers; as many draws by the ranks of each member, one member after another.

    Raises
    ------
    InputError
        When there is no member, or their shapes do not fit together.

    References
    ----------
    Lichtendahl, Grushka-Cockayne and Winkler (2013), Is it better to average probabilities or
    quantiles?
    Schefzik, Thorarinsdottir and Gneiting (2013), Uncertainty quantification in complex simulation
    models using ensemble copula coupling.

    Examples
    --------
    >>> import numpy as np
    >>> members = {"low": np.zeros((5, 1)), "mid": np.full((2, 1), 4), "high": np.full((2, 1), 9)}
    >>> pool(members, np.random.default_rng(1)).T
    array([[4., 4., 4., 4., 4., 4.]])
    """
    if not isinstance(members, Mapping):
        raise InputError(f"the members are {shown(members)}: expected ensembles by name")
    if not members:
        raise InputError("there is no ensemble to pool")
    given = [np.asarray(one) for one in members.values()]
    if any(one.ndim != 2 or one.size == 0 or one.shape[1] != given[0].shape[1] for one in given):
        raise InputError(
            f"the ensembles have the shapes {[one.shape for one in given]}: expected draws by the "
            "same periods"
        )
    generator_of(generator)
    least = min(len(one) for one in given)
    taken = [generator.permutation(one)[:least] for one in given]
    quantiles = np.round(np.median([np.sort(one, axis=0) for one in taken], axis=0))
    ranks = [one.argsort(axis=0, kind="stable").argsort(axis=0) for one in taken]
    return np.vstack([np.take_along_axis(quantiles, rank, axis=0) for rank in ranks])


def _season(index: pd.PeriodIndex) -> int:
    return SEASONS[index.freqstr[0]]


def _pairs(index: pd.PeriodIndex) -> int:
    """Return how many pairs of Fourier terms make up the season: two, or what the index has."""
    return min(2, max(_season(index) - 1, 0) // 2)


def _logs(clean: pd.Series) -> np.ndarray:
    return np.log(clean.to_numpy() + 0.5)


def _wanderings(
    logs: np.ndarray, horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return how far the series got from random values of its past in each of the next periods.

    The mean over all of them is taken off. Whole stretches keep what months far apart have in
    common; adding up single changes would let the paths run off.
    """
    reach = min(horizon, len(logs) // 2)
    starts = np.arange(len(logs) - reach)
    paths = logs[starts[:, None] + np.arange(1, reach + 1)] - logs[starts[:, None]]
    paths = np.pad(paths - paths.mean(axis=0), ((0, 0), (0, horizon - reach)), mode="edge")
    return paths[generator.integers(0, len(paths), draws)]


def _centred(errors: np.ndarray) -> np.ndarray:
    return errors - errors.mean()


def _counts(logs: np.ndarray) -> np.ndarray:
    return np.round(np.maximum(np.exp(np.minimum(logs, TOP)) - 0.5, 0))


def _simulated(
    fit: "TimeSeriesModelResults", horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return paths that go on from the end of the fitted series, as counts."""
    with np.errstate(all="ignore"):
        paths = (
            np.asarray(fit.simulate(horizon, anchor="end", repetitions=draws, rng=generator))
            .reshape(horizon, draws)
            .T
        )
    if not np.isfinite(paths).all():
        raise InputError("the fitted model gives paths that are not finite")
    return _counts(paths)
