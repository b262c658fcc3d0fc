"""Models that turn the past of a count series into an ensemble of futures.

Each takes ``past`` (counts by period, PeriodIndex), ``horizon``, ``draws`` and a Generator, and returns draws by horizon whole numbers of
at least 0. Most work on ``ln(y + 0.5)`` and carry their errors forward as paths, so that sums over periods have the right
spread. References: Hyndman and Athanasopoulos (2021); Assimakopoulos and Nikolopoulos (2000) for Theta; Ferland, Latour and Oraichi
(2006) for INGARCH.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, generator_of, regular
from helpers.stats.forecast.fits import fit_ets, fit_sarima, fit_structural
from helpers.stats.months.trend import SEASONS, deterministic

Model = Callable[[pd.Series, int, int, np.random.Generator], np.ndarray]
TOP = 25.0  # logarithm of the largest count that a simulated path may reach


def ready(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> pd.Series:
    """Return the past as checked counts; at least three years of months (or twelve periods) are needed."""
    index = regular(past, "the past")
    values = counts(past, "the past", max(12, 3 * _season(index)))
    if values.sum() == 0:
        raise InputError("the past holds only zeros: there is nothing to forecast from")
    if horizon < 1 or draws < 1:
        raise InputError(f"horizon is {horizon} and draws is {draws}: expected at least 1 of each")
    generator_of(generator)
    return pd.Series(values, index=index)


def naive(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return the last value carried on, with errors that wander off as the past did from any of its values."""
    logs = _logs(ready(past, horizon, draws, generator))
    return _counts(logs[-1] + _wanderings(logs, horizon, draws, generator))


def drift(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return the naive forecast with the average change of the past added at each step, itself uncertain."""
    logs = _logs(ready(past, horizon, draws, generator))
    steps, wander = np.diff(logs), _wanderings(logs, horizon, draws, generator)
    spread = wander[:, -1].std() / np.sqrt(horizon * len(steps))
    slope = steps.mean() + spread * generator.standard_normal((draws, 1))
    return _counts(logs[-1] + slope * np.arange(1, horizon + 1) + wander)


def seasonal_naive(
    past: pd.Series, horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return the same season of the last year, with the errors that this made in stretches of the past."""
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
    """Return the mean of the last year, with the errors that this has made a year ahead in the past (one error a draw and its own)."""
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
    """Return paths of a seasonal ARIMA (0,1,1)(0,1,1), or (0,1,1) for yearly data."""
    clean = ready(past, horizon, draws, generator)
    season = _season(clean.index)
    fit = fit_sarima(_logs(clean), seasonal=(0, 1, 1, season) if season else (0, 0, 0, 0))
    return _simulated(fit, horizon, draws, generator)


def ets(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return paths of the exponential smoothing model with the lowest AIC: level, damped trend, or level with seasons."""
    clean = ready(past, horizon, draws, generator)
    logs, season = _logs(clean), _season(clean.index)
    shapes = [
        {},
        {"trend": "add", "damped": True},
        *([{"seasonal": "add", "period": season}] if season else []),
    ]
    fit = min((fit_ets(logs, **shape) for shape in shapes), key=lambda one: one.aic)
    return _simulated(fit, horizon, draws, generator)


def theta(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return paths of the Theta model: simple smoothing with half the trend."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    logs = _logs(ready(past, horizon, draws, generator))
    fit = ThetaModel(pd.Series(logs), period=1, deseasonalize=False).fit()
    errors = np.sqrt(fit.sigma2) * generator.standard_normal((draws, horizon))
    carried = float(fit.params["alpha"]) * (errors.cumsum(axis=1) - errors)
    return _counts(np.asarray(fit.forecast(horizon)) + carried + errors)


def structural(
    past: pd.Series, horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return paths of a local level with trigonometric seasons."""
    clean = ready(past, horizon, draws, generator)
    return _simulated(fit_structural(_logs(clean), _season(clean.index)), horizon, draws, generator)


def negbin(past: pd.Series, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Return paths of an NB2 regression on trend, seasons and the logarithm of the period before, fed with its own draws."""
    from helpers.stats.counts.negbin import fit_negbin

    clean = ready(past, horizon, draws, generator)
    process = deterministic(clean.index, 2, 1)
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
        means = np.exp(np.clip(params[:, :-1] @ later[step] + params[:, -1] * state, -10, 12))
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
    """Return paths of a negative binomial INGARCH(1,1): the mean feeds on the last count and on itself."""
    from scipy.optimize import minimize
    from scipy.signal import lfilter

    values = ready(past, horizon, draws, generator).to_numpy()
    mean = values.mean()

    def means(point: np.ndarray) -> np.ndarray:
        share, last, kept = 1 / (1 + np.exp(-point))
        return lfilter(
            [1], [1, -kept * (1 - last)], np.r_[mean, share * mean + last * values[:-1]], zi=None
        )[0 : len(values)]

    def loss(point: np.ndarray) -> float:
        found = np.maximum(means(point), 1e-6)
        return float((found - values * np.log(found)).sum())

    found = min(
        (
            minimize(loss, start, method="Nelder-Mead", options={"maxiter": 400})
            for start in ([-2.0, -0.8, -0.5], [-3.0, 0.0, 0.5])
        ),
        key=lambda one: one.fun,
    )
    share, last, kept = 1 / (1 + np.exp(-found.x))
    fitted = np.maximum(means(found.x), 1e-6)
    excess = float(((values - fitted) ** 2 - fitted).sum() / np.square(fitted).sum())
    size, level = 1 / max(excess, 1e-3), np.full(draws, fitted[-1])
    paths, state = np.empty((draws, horizon)), np.full(draws, values[-1])
    for step in range(horizon):
        level = np.minimum(share * mean + last * state + kept * (1 - last) * level, np.exp(TOP))
        state = paths[:, step] = generator.poisson(level * generator.gamma(size, 1 / size, draws))
    return paths


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
}


def pool(members: dict[str, np.ndarray], generator: np.random.Generator) -> np.ndarray:
    """Return the equal-weight linear pool: as many draws from each member's ensemble as from any other."""
    if not members:
        raise InputError("there is no ensemble to pool")
    least = min(len(one) for one in members.values())
    return np.vstack([generator.permutation(one)[:least] for one in members.values()])


def _season(index: pd.PeriodIndex) -> int:
    return SEASONS[index.freqstr[0]]


def _logs(clean: pd.Series) -> np.ndarray:
    return np.log(clean.to_numpy() + 0.5)


def _wanderings(
    logs: np.ndarray, horizon: int, draws: int, generator: np.random.Generator
) -> np.ndarray:
    """Return how far the series got from a random value of its past in each of the next periods, less the mean over all of them.

    Whole stretches keep what months far apart have in common; adding up single changes would let the paths run off.
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


def _simulated(fit, horizon: int, draws: int, generator: np.random.Generator) -> np.ndarray:
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
