"""The noise of a count series: Poisson counts around a mean that wanders by a latent autoregression.

``y_t ~ Poisson(m_t exp(u_t))`` with a normal ``u_t`` of lag-one autocorrelation ``rho`` and standard deviation ``sd``,
``E exp(u_t) = 1`` (Zeger 1988). Moments of the residuals of a regression are biased towards too little noise and
too little memory, the more so the shorter the series; the bias is simulated and taken off, twice.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.checks import generator_of
from helpers.stats.negbin import CountFit, fit_quasi_poisson

LOWEST_RHO, HIGHEST_RHO = -0.9, 0.97
LEAST, MOST = 1e-6, 3.0    # variance of the latent part: none in all but name, and how far the correction may raise it
LARGEST_MEAN = 1e17        # what numpy's Poisson generator still takes


@dataclass(frozen=True)
class Noise:
    """``rho`` and ``sd`` of the latent log deviation; ``sd`` is that of the process, sd of shocks / sqrt(1 - rho^2)."""

    rho: float
    sd: float

    def draw(self, mean: np.ndarray, draws: int, generator: np.random.Generator) -> np.ndarray:
        """Return ``draws`` by n counts around ``mean`` (n)."""
        shocks = generator_of(generator).standard_normal((draws, len(mean)))
        paths, scale = np.empty_like(shocks), np.sqrt(1 - self.rho ** 2)
        state = paths[:, 0] = shocks[:, 0]
        for step in range(1, len(mean)):
            state = paths[:, step] = self.rho * state + scale * shocks[:, step]
        means = mean * np.exp(self.sd * paths - self.sd ** 2 / 2)
        return generator.poisson(np.minimum(means, LARGEST_MEAN)).astype("float64")


def fit_noise(series: pd.Series, design: pd.DataFrame, generator: np.random.Generator, draws: int = 399) -> Noise:
    """Return the noise of ``series`` (n counts in order of time) about its quasi-Poisson regression on ``design``."""
    fit = fit_quasi_poisson(series, design)
    return noise_about(fit, np.asarray(series, dtype="float64"), np.asarray(design, dtype="float64"), generator, draws)


def noise_about(fit: CountFit, values: np.ndarray, matrix: np.ndarray, generator: np.random.Generator,
                draws: int) -> Noise:
    """Return the noise about a fitted regression, its bias simulated and taken off."""
    k = matrix.shape[1]
    variance, rho = (float(one[0]) for one in _moments(values[None], fit.fitted[None], k))
    if variance <= 2 * LEAST:      # no more than Poisson: there is nothing to remember
        return Noise(0.0, float(np.sqrt(LEAST)))
    seen = corrected = Noise(rho, float(np.sqrt(variance)))
    for _ in range(2):
        simulated = corrected.draw(fit.fitted, draws, generator)
        _, means, _ = poisson_fits(matrix, simulated)
        variances, rhos = (float(np.median(one)) for one in _moments(simulated, means, k))
        raised = corrected.sd ** 2 * seen.sd ** 2 / max(variances, LEAST)
        kept = min(max(raised, LEAST), max(MOST * seen.sd ** 2, LEAST))
        corrected = Noise(float(np.clip(corrected.rho + seen.rho - rhos, LOWEST_RHO, HIGHEST_RHO)), float(np.sqrt(kept)))
    return corrected


def _moments(y: np.ndarray, mean: np.ndarray, parameters: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the latent variance and autocorrelation of each row (Zeger 1988, eq. 3.4 and 3.5, on n - k)."""
    n, errors = y.shape[1], y - mean
    excess = np.square(errors).sum(axis=1) * n / (n - parameters) - mean.sum(axis=1)
    spread = np.maximum(excess / np.square(mean).sum(axis=1), LEAST)
    shared = (errors[:, 1:] * errors[:, :-1]).sum(axis=1) / (mean[:, 1:] * mean[:, :-1]).sum(axis=1)
    variance = np.log1p(spread)
    rho = np.log1p(np.clip(shared, -0.9 * np.minimum(spread, 1), spread)) / variance
    return variance, np.clip(rho, LOWEST_RHO, HIGHEST_RHO)


def poisson_fits(matrix: np.ndarray, outcomes: np.ndarray, steps: int = 25) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return coefficients (draws by k), means (draws by n) and unit-dispersion covariances of Poisson regressions.

    All draws (``outcomes``, draws by n) share one design (n by k): iteratively reweighted least squares
    (McCullagh and Nelder 1989, 2.5) in matrix products over the draws.
    """
    (n, k), draws = matrix.shape, len(outcomes)
    squares = (matrix[:, :, None] * matrix[:, None, :]).reshape(n, k * k)
    ridge = 1e-9 * np.eye(k) * np.abs(np.diag(matrix.T @ matrix)).max()    # a draw of zeros would have no inverse
    params = np.linalg.lstsq(matrix, np.log(outcomes + 0.5).T, rcond=None)[0].T
    for _ in range(steps):
        means = np.exp(np.clip(params @ matrix.T, -30, 40))
        information = (means @ squares).reshape(draws, k, k) + ridge
        change = np.linalg.solve(information, ((outcomes - means) @ matrix)[:, :, None])[:, :, 0]
        params = params + np.clip(change, -5, 5)
        if np.abs(change).max() < 1e-8:
            break
    means = np.exp(np.clip(params @ matrix.T, -30, 40))
    return params, means, np.linalg.inv((means @ squares).reshape(draws, k, k) + ridge)
