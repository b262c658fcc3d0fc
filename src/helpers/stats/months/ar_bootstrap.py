"""Poisson regression of a time series, judged by a parametric bootstrap that carries its autocorrelation.

The coefficients are the Poisson quasi-likelihood's. Their standard errors are too small where neighbouring months
resemble each other, so the studentised statistic is referred to its distribution over series simulated
from the fitted means and the fitted noise (Davison and Hinkley 1997, 5.2 and 8.2; Zeger 1988 for the noise). How strong the
noise is and how long it lasts is uncertain in a short series; each simulated series takes another value of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import contrast_of, counts, design_of, level_of
from helpers.stats.counts.negbin import fit_quasi_poisson
from helpers.stats.estimate import Estimate
from helpers.stats.months.noise import Noise, noise_about, poisson_fits


@dataclass(frozen=True)
class ArBootstrap:
    """A fitted regression and its bootstrap.

    ``params`` (k) and ``cov`` (k by k, quasi-Poisson), ``noise`` the fitted noise, ``drawn`` (draws by k) the
    coefficients of the simulated series less ``params``, ``covs`` (draws by k by k) their quasi-Poisson covariances.
    """

    params: pd.Series
    cov: pd.DataFrame
    noise: Noise
    drawn: np.ndarray
    covs: np.ndarray
    n: int

    def effect(self, of: str | Mapping[str, float], level: float = 0.95) -> Estimate:
        """Return a coefficient, or a sum of several (name: weight), with interval and two-sided p-value.

        The interval is symmetric on the log scale; p = (1 + hits) / (1 + draws).
        """
        contrast = contrast_of(of, self.params.index)
        value, error = (
            float(contrast @ self.params),
            float(np.sqrt(contrast @ self.cov.to_numpy() @ contrast)),
        )
        ratios = np.abs(self.drawn @ contrast) / np.sqrt(
            np.einsum("i,dij,j->d", contrast, self.covs, contrast)
        )
        draws = len(ratios)
        # The smallest ratio that the p-value below still calls significant: interval and test agree.
        place = min(int(np.ceil((draws + 1) * level_of(level))), draws) - 1
        reach = float(np.sort(ratios)[place]) * error
        p = (1 + int((ratios >= abs(value) / error).sum())) / (1 + draws)
        name = (
            f"Poisson quasi-likelihood, AR bootstrap with {draws} draws, latent autocorrelation {self.noise.rho:.2f}, "
            f"sd {self.noise.sd:.2f}"
        )
        return Estimate(value, value - reach, value + reach, p, self.n, name, level)


def ar_bootstrap(
    y: pd.Series, design: pd.DataFrame, generator: np.random.Generator, draws: int = 999
) -> ArBootstrap:
    """Return the Poisson regression of counts ``y`` (n, in order of time) on ``design`` (n by k) with its bootstrap."""
    if draws < 19:
        raise InputError(f"draws is {draws}: expected at least 19, or no 5 % test is possible")
    values = counts(y, "the outcome", 3)
    matrix = design_of(design, len(values), spare=2)
    fit = fit_quasi_poisson(y, design)
    if fit.dispersion < 1e-12:
        raise InputError(
            "the design reproduces the outcome exactly: no error is left to judge its coefficients by"
        )
    noise, uncertain = noise_about(fit, values, matrix, generator, draws)
    simulated = uncertain.draw(fit.fitted, draws, generator)
    params, means, covs = poisson_fits(matrix, simulated)
    dispersion = np.square(simulated - means) / np.maximum(means, 1e-12)
    scale = np.maximum(dispersion.sum(axis=1) / (len(values) - matrix.shape[1]), 1e-6)
    return ArBootstrap(
        fit.params,
        fit.cov,
        noise,
        params - fit.params.to_numpy(),
        covs * scale[:, None, None],
        len(values),
    )
