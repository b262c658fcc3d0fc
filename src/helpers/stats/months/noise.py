"""The noise of a count series: Poisson counts around a mean that wanders by a latent autoregression.

``y_t ~ Poisson(m_t exp(u_t))`` with a normal ``u_t`` of lag-one autocorrelation ``rho`` and standard deviation ``sd``,
``E exp(u_t) = 1`` (Zeger 1988). Moments of the residuals of a regression are biased towards too little noise and
too little memory, the more so the shorter the series; the bias is simulated and taken off, twice.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.checks import generator_of
from helpers.stats.counts.negbin import CountFit, fit_quasi_poisson

LOWEST_RHO, HIGHEST_RHO = -0.9, 0.97
LEAST, MOST = (
    1e-6,
    3.0,
)  # variance of the latent part: none in all but name, and how far the correction may raise it
LARGEST_MEAN = 1e17  # what numpy's Poisson generator still takes


@dataclass(frozen=True)
class Noise:
    """``rho`` and ``sd`` of the latent log deviation; ``sd`` is that of the process, sd of shocks / sqrt(1 - rho^2).

    Both may be arrays with one value for each series to draw, which is how their own uncertainty is carried.
    """

    rho: float | np.ndarray
    sd: float | np.ndarray

    def draw(self, mean: np.ndarray, draws: int, generator: np.random.Generator) -> np.ndarray:
        """Return ``draws`` by n counts around ``mean`` (n)."""
        shocks = generator_of(generator).standard_normal((draws, len(mean)))
        paths, scale = np.empty_like(shocks), np.sqrt(1 - self.rho**2)
        state = paths[:, 0] = shocks[:, 0]
        for step in range(1, len(mean)):
            state = paths[:, step] = self.rho * state + scale * shocks[:, step]
        sd = np.reshape(self.sd, (-1, 1))
        means = mean * np.exp(sd * paths - sd**2 / 2)
        return generator.poisson(np.minimum(means, LARGEST_MEAN)).astype("float64")


def fit_noise(
    series: pd.Series, design: pd.DataFrame, generator: np.random.Generator, draws: int = 399
) -> Noise:
    """Return the noise of ``series`` (n counts in order of time) about its quasi-Poisson regression on ``design``."""
    fit = fit_quasi_poisson(series, design)
    return noise_about(
        fit,
        np.asarray(series, dtype="float64"),
        np.asarray(design, dtype="float64"),
        generator,
        draws,
    )[0]


def noise_about(
    fit: CountFit,
    values: np.ndarray,
    matrix: np.ndarray,
    generator: np.random.Generator,
    draws: int,
) -> tuple[Noise, Noise]:
    """Return the noise about a fitted regression, its bias simulated and taken off, and ``draws`` values of it.

    The values differ from the estimate as the estimates of simulated series differ from their median.
    """
    k = matrix.shape[1]
    variance, rho = (float(one[0]) for one in _moments(values[None], fit.fitted[None], k))
    if variance <= 2 * LEAST:  # no more than Poisson: there is nothing to remember
        least = Noise(0.0, float(np.sqrt(LEAST)))
        return least, Noise(np.zeros(draws), np.full(draws, least.sd))
    seen = corrected = Noise(rho, float(np.sqrt(variance)))
    for _ in range(2):
        variances, rhos = _moments(*_refitted(corrected, fit, matrix, draws, generator), k)
        raised = corrected.sd**2 * seen.sd**2 / max(float(np.median(variances)), LEAST)
        corrected = Noise(
            _clip_rho(corrected.rho + seen.rho - float(np.median(rhos))),
            float(np.sqrt(_clip_variance(raised, seen))),
        )
    spread = variances / max(float(np.median(variances)), LEAST)
    return corrected, Noise(
        _clip_rho(corrected.rho + rhos - np.median(rhos)),
        np.sqrt(_clip_variance(corrected.sd**2 * spread, seen)),
    )


def _refitted(
    noise: Noise, fit: CountFit, matrix: np.ndarray, draws: int, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return series drawn with ``noise`` about the fit, and the means of their own regressions (both draws by n)."""
    simulated = noise.draw(fit.fitted, draws, generator)
    return simulated, poisson_fits(matrix, simulated)[1]


def _clip_rho(rho):
    return np.clip(rho, LOWEST_RHO, HIGHEST_RHO)


def _clip_variance(variance, seen: Noise):
    return np.clip(variance, LEAST, max(MOST * seen.sd**2, LEAST))


def _moments(y: np.ndarray, mean: np.ndarray, parameters: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the latent variance and autocorrelation of each row (Zeger 1988, eq. 3.4 and 3.5, on n - k)."""
    n, errors = y.shape[1], y - mean
    excess = np.square(errors).sum(axis=1) * n / (n - parameters) - mean.sum(axis=1)
    spread = np.maximum(excess / np.square(mean).sum(axis=1), LEAST)
    shared = (errors[:, 1:] * errors[:, :-1]).sum(axis=1) / (mean[:, 1:] * mean[:, :-1]).sum(axis=1)
    variance = np.log1p(spread)
    rho = np.log1p(np.clip(shared, -0.9 * np.minimum(spread, 1), spread)) / variance
    return variance, np.clip(rho, LOWEST_RHO, HIGHEST_RHO)


def poisson_fits(
    matrix: np.ndarray, outcomes: np.ndarray, steps: int = 25
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients (draws by k), means (draws by n) and unit-dispersion covariances of Poisson regressions.

    All draws (``outcomes``, draws by n) share one design (n by k): iteratively reweighted least squares
    (McCullagh and Nelder 1989, 2.5) in matrix products over the draws.
    """
    (n, k), draws = matrix.shape, len(outcomes)
    squares = (matrix[:, :, None] * matrix[:, None, :]).reshape(n, k * k)

    def information(means: np.ndarray) -> np.ndarray:
        """A little is added to the diagonal: a draw of zeros would have no inverse. The solution stays where it is."""
        found = (means @ squares).reshape(draws, k, k)
        return found + 1e-9 * np.trace(found, axis1=1, axis2=2)[:, None, None] * np.eye(k)

    params = np.linalg.lstsq(matrix, np.log(outcomes + 0.5).T, rcond=None)[0].T
    for _ in range(steps):
        means = np.exp(np.clip(params @ matrix.T, -30, 40))
        change = np.linalg.solve(information(means), ((outcomes - means) @ matrix)[:, :, None])[
            :, :, 0
        ]
        params = params + np.clip(change, -5, 5)
        if np.abs(change).max() < 1e-8:
            break
    means = np.exp(np.clip(params @ matrix.T, -30, 40))
    return params, means, np.linalg.inv(information(means))
