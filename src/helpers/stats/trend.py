"""A log-linear trend with seasonality for counts.

``ln E[y_t] = a + b t + Fourier terms``, fitted by NB2. Neighbouring months resemble each other more
than the trend explains, so the coefficients' covariance is widened by (1 + rho) / (1 - rho), the long-run
variance of a first-order autoregression of the residuals.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.checks import counts, regular
from helpers.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.negbin import CountFit, fit_negbin

SEASONS = {"M": 12, "Q": 4, "Y": 0, "A": 0}
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


def widening(rho):
    """Return the factor by which first-order autocorrelation widens a variance."""
    return (1 + rho) / (1 - rho)


def deterministic(series: pd.Series, harmonics: int, order: int):
    """Return statsmodels' process of constant, trend of ``order`` and Fourier terms over the series' periods."""
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
    fit = fit_negbin(clean, deterministic(clean, harmonics, order).in_sample())
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
