"""A log-linear trend with seasonality for counts, and what it predicts for later periods.

``ln E[y_t] = a + b t + Fourier terms``, fitted by NB2. Neighbouring months resemble each other more
than the trend explains, and a prediction that ignores it is too sure of a year's sum: so the
simulated future carries the autocorrelation of the residuals (a Gaussian copula, Guan, Ng and others'
device for count series; Masarotto and Varin 2012) and the coefficients' covariance is widened by
(1 + rho) / (1 - rho), the long-run variance of a first-order autoregression.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.checks import counts, generator_of, regular
from helpers.errors import InputError
from helpers.estimate import Estimate
from helpers.negbin import CountFit, fit_negbin

SEASONS = {"M": 12, "Q": 4, "Y": 0, "A": 0}
LEVELS = (0.5, 0.8, 0.95)
HIGHEST_RHO = 0.9


@dataclass(frozen=True)
class Trend:
    """A fitted trend: the model, its residuals as normal scores, and their first autocorrelation."""

    fit: CountFit
    series: pd.Series
    scores: np.ndarray
    rho: float
    harmonics: int
    order: int

    def growth(self, level: float = 0.95) -> Estimate:
        """Return the yearly rate ratio of the trend, its interval widened for the autocorrelation.

        Only a log-linear trend has one (``order`` 1); others are refused.
        """
        from scipy.stats import norm

        if self.order != 1:
            raise InputError(f"the trend is of order {self.order}: only a log-linear one (order 1) has one growth a year")
        steps = SEASONS[self.series.index.freqstr[0]] or 1
        slope = self.fit.params["trend"] * steps
        error = self.fit.bse["trend"] * steps * np.sqrt(widening(self.rho))
        reach = norm.ppf(0.5 + level / 2) * error
        return Estimate(*(float(np.exp(x)) for x in (slope, slope - reach, slope + reach)),
                        float(2 * norm.sf(abs(slope) / error)), self.fit.n, "NB2 trend, yearly rate ratio", level,
                        self.fit.warnings)


@dataclass(frozen=True)
class Prediction:
    """Simulated later periods: ``table`` by period, ``sums`` of each draw, and the draws' number."""

    table: pd.DataFrame
    sums: np.ndarray
    method: str

    def total(self, level: float = 0.95) -> Estimate:
        """Return the median of the sum over all predicted periods and its central interval."""
        low, high = np.quantile(self.sums, [0.5 - level / 2, 0.5 + level / 2])
        return Estimate(float(np.median(self.sums)), float(low), float(high), None, len(self.table), self.method, level)

    def p_value(self, observed: float, side: str = "upper") -> float:
        """Return the share of draws at least as extreme as ``observed``, (1 + hits) / (1 + draws)."""
        if not np.isfinite(observed):
            raise InputError(f"the observed sum is {observed}: expected a number; fill or drop the missing periods")
        upper = (1 + (self.sums >= observed).sum()) / (1 + len(self.sums))
        lower = (1 + (self.sums <= observed).sum()) / (1 + len(self.sums))
        choices = {"upper": upper, "lower": lower, "two-sided": min(1.0, 2 * min(upper, lower))}
        if side not in choices:
            raise InputError(f"side is '{side}': expected one of {', '.join(choices)}")
        return float(choices[side])


def widening(rho):
    """Return the factor by which first-order autocorrelation widens a variance."""
    return (1 + rho) / (1 - rho)


def _process(series: pd.Series, harmonics: int, order: int):
    from statsmodels.tsa.deterministic import DeterministicProcess, Fourier

    season = SEASONS.get(series.index.freqstr[0], 0)
    terms = [Fourier(season, order=min(harmonics, (season - 1) // 2))] if season and harmonics else []
    return DeterministicProcess(series.index, constant=True, order=order, additional_terms=terms)


def fit_trend(series: pd.Series, *, harmonics: int = 2, order: int = 1) -> Trend:
    """Fit the trend to a regular series of counts (PeriodIndex or DatetimeIndex, no gaps).

    ``harmonics`` pairs of Fourier terms (none for yearly data), ``order`` 0 for no trend, 1 for a
    log-linear one, up to 3 for a polynomial. Raises :class:`InputError` for gaps, NaN, or too few observations.
    """
    if order not in range(4) or harmonics not in range(7):
        raise InputError(f"order is {order} and harmonics is {harmonics}: expected 0 to 3 and 0 to 6")
    index = regular(series, "the series")
    clean = pd.Series(counts(series, "the series", 2), index=index)
    fit = fit_negbin(clean, _process(clean, harmonics, order).in_sample())
    scores = normal_scores(clean.to_numpy(), fit.fitted, fit.alpha)
    return Trend(fit, clean, scores, autocorrelation(scores, len(fit.params)), harmonics, order)


def normal_scores(y: np.ndarray, mean: np.ndarray, alpha: float) -> np.ndarray:
    """Return mid-distribution normal scores of NB2 counts (Dunn and Smyth 1996, without their random draw)."""
    from scipy.stats import nbinom, norm

    size = 1 / alpha
    chance = size / (size + mean)
    middle = (nbinom.cdf(y - 1, size, chance) + nbinom.cdf(y, size, chance)) / 2
    return norm.ppf(np.clip(middle, 1e-6, 1 - 1e-6))


def autocorrelation(scores: np.ndarray, parameters: int) -> float:
    """Return the lag-one autocorrelation of residuals, freed of most of its bias in a short series.

    Regression on k columns pulls it down by about (k + 3 rho) / n (Kendall 1954 for a constant); the
    result is held between 0 and 0.9.
    """
    n = len(scores)
    centred = scores - scores.mean()
    spread = float((centred ** 2).sum())
    if spread < 1e-12 * n:      # nothing varies: rounding alone would set the sign
        return 0.0
    raw = float((centred[1:] * centred[:-1]).sum() / spread)
    return float(np.clip((raw * n + parameters) / max(n - 3, 1), 0.0, HIGHEST_RHO))


def predict(trend: Trend, steps: int, generator: np.random.Generator, *, draws: int = 4000,
            carry: bool = True) -> Prediction:
    """Simulate the next ``steps`` periods ``draws`` times from ``generator``.

    Each draw takes coefficients from a multivariate t, an autocorrelation from its sampling distribution
    (normal with variance (1 - rho^2) / n, Bartlett 1946), and counts from NB2 whose dispersion is freed of
    its bias by n / (n - k); the autocorrelation is carried on from the last residual. ``carry=False``
    takes periods as independent.
    The table has the columns median, low_50, high_50, low_80, high_80, low_95, high_95 by period.
    """
    from scipy.stats import nbinom, norm

    if steps < 1 or draws < 1:
        raise InputError(f"steps is {steps} and draws is {draws}: expected at least 1 of each")
    generator_of(generator)
    n, k = trend.fit.n, len(trend.fit.params)
    rho = _draw_rho(trend, draws, generator) if carry else np.zeros(draws)
    design = _process(trend.series, trend.harmonics, trend.order).out_of_sample(steps).to_numpy()
    root = np.linalg.cholesky(trend.fit.cov.to_numpy())
    spread = np.sqrt(widening(rho) * (n - k) / generator.chisquare(n - k, draws))
    coefficients = trend.fit.params.to_numpy() + spread[:, None] * (generator.standard_normal((draws, k)) @ root.T)
    mean = np.exp(np.clip(coefficients @ design.T, -20, 25))
    latent = _autoregression(trend.scores[-1], rho, generator.standard_normal((draws, steps)))
    size = (n - k) / n / trend.fit.alpha
    values = nbinom.ppf(norm.cdf(latent), size, size / (size + mean))
    table = pd.DataFrame({"median": np.median(values, axis=0)}, index=_later(trend.series, steps))
    for level in LEVELS:
        ends = np.quantile(values, [0.5 - level / 2, 0.5 + level / 2], axis=0)
        table[f"low_{level * 100:.0f}"], table[f"high_{level * 100:.0f}"] = ends
    method = f"NB2 trend, {draws} draws, " + (f"autocorrelation {trend.rho:.2f} carried" if carry else "independent months")
    return Prediction(table, values.sum(axis=1), method)


def _later(series: pd.Series, steps: int) -> pd.PeriodIndex:
    return pd.period_range(series.index[-1] + 1, periods=steps, freq=series.index.freq)


def _draw_rho(trend: Trend, draws: int, generator: np.random.Generator) -> np.ndarray:
    error = np.sqrt((1 - trend.rho ** 2) / trend.fit.n)
    return np.clip(generator.normal(trend.rho, error, draws), 0.0, HIGHEST_RHO)


def _autoregression(last: float, rho: np.ndarray, shocks: np.ndarray) -> np.ndarray:
    """Turn standard normal shocks (draws by steps) into AR(1) paths that go on from ``last``."""
    paths, scale = np.empty_like(shocks), np.sqrt(1 - rho ** 2)
    state = np.full(len(shocks), last)
    for step in range(shocks.shape[1]):
        state = rho * state + scale * shocks[:, step]
        paths[:, step] = state
    return paths


def seasonal_factors(series: pd.Series, *, level: float = 0.95) -> pd.DataFrame:
    """Return how far each season of the year lies above its year's mean, as rate ratios with intervals.

    A quasi-Poisson regression of the counts on season and year (both as categories); the factors'
    geometric mean is 1. Columns: season, ratio, low, high. Monthly or quarterly counts over more than a
    year, every season above 0 at least once (its logarithm is not defined otherwise).
    """
    from scipy.stats import t

    from helpers.negbin import fit_quasi_poisson

    index = regular(series, "the series")
    if index.freqstr[0] not in "MQ":
        raise InputError(f"the series has periods of frequency {index.freqstr}: seasons need months or quarters")
    values = pd.Series(counts(series, "the series", 2), index=index)
    values = values[values.groupby(index.year).transform("sum") > 0]
    season = values.index.month if index.freqstr[0] == "M" else values.index.quarter
    empty = values.groupby(season).sum().eq(0)
    if empty.any():
        raise InputError(f"season {empty.idxmax()} holds only zeros: its factor has no logarithm; use longer periods")
    years, parts = pd.get_dummies(values.index.year, dtype=float), pd.get_dummies(season, dtype=float)
    # Effect coding: each factor is a deviation from the mean of all.
    effects = parts.iloc[:, :-1].sub(parts.iloc[:, -1], axis=0)
    design = pd.concat([years.add_prefix("y"), effects.add_prefix("s")], axis=1)
    fit = fit_quasi_poisson(values, design)
    contrast = np.zeros((parts.shape[1], design.shape[1]))
    contrast[:-1, years.shape[1]:] = np.eye(effects.shape[1])
    contrast[-1, years.shape[1]:] = -1
    log = contrast @ fit.params.to_numpy()
    reach = t.ppf(0.5 + level / 2, fit.n - design.shape[1]) * np.sqrt(np.einsum("ij,jk,ik->i", contrast, fit.cov, contrast))
    return pd.DataFrame({"season": parts.columns, "ratio": np.exp(log), "low": np.exp(log - reach), "high": np.exp(log + reach)})
