"""What a fitted trend leads one to expect: later periods and their sum, simulated.

A prediction that takes months as independent is too sure of a year's sum. So the simulated future
carries on the autocorrelation of the residuals, by a Gaussian copula over NB2 counts (Masarotto and
Varin 2012).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.checks import generator_of
from helpers.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.trend import HIGHEST_RHO, Trend, deterministic, widening

LEVELS = (0.5, 0.8, 0.95)


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
    design = deterministic(trend.series, trend.harmonics, trend.order).out_of_sample(steps).to_numpy()
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
