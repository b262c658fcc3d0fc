"""Poisson regression of a time series, judged by a bootstrap that carries its autocorrelation.

The coefficients are the Poisson quasi-likelihood's. Their standard errors are too small where
neighbouring months resemble each other, so the studentised statistic is referred to its
distribution over series simulated from the fitted means and the fitted noise (Davison and Hinkley
1997, 5.2 and 8.2; Zeger 1988 for the noise). How strong the noise is and how long it lasts is
uncertain in a short series; each simulated series takes another value of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import contrast_of, counts, design_of, level_of, whole
from helpers.stats.counts.negbin import fit_quasi_poisson
from helpers.stats.estimate import Estimate
from helpers.stats.months.noise import Noise, noise_about, poisson_fits


@dataclass(frozen=True)
class ArBootstrap:
    """A fitted Poisson regression and its parametric bootstrap.

    Attributes
    ----------
    params : pandas.Series of float, shape (k,), index of column names
        Coefficients, on the scale of the log mean.
    cov : pandas.DataFrame of float, shape (k, k)
        Their quasi-Poisson covariance, which takes neighbouring periods as independent.
    noise : Noise
        Fitted latent noise.
    drawn : numpy.ndarray of float, shape (draws, k)
        Coefficients of the simulated series less ``params``.
    covs : numpy.ndarray of float, shape (draws, k, k)
        Quasi-Poisson covariances of the simulated series' coefficients.
    n : int
        Number of periods.
    """

    params: pd.Series
    cov: pd.DataFrame
    noise: Noise
    drawn: np.ndarray
    covs: np.ndarray
    n: int

    def effect(self, of: str | Mapping[str, float], level: float = 0.95) -> Estimate:
        """Return a coefficient, or a weighted sum of several, with interval and p-value.

        The interval is symmetric on the log scale and agrees with the two-sided test: it leaves 0
        out where p is at most 1 - ``level``.

        Parameters
        ----------
        of : str or mapping of str to float
            Name of a column, or weights by name.
        level : float, default 0.95
            Coverage of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            On the log scale (``exp`` of it is a rate ratio); p = (1 + hits) / (1 + draws).

        Raises
        ------
        InputError
            A name is no column of the design, or ``level`` is no share.

        Examples
        --------
        With 19 draws the smallest p-value is 1 / 20, and a step this large reaches it.

        >>> y = pd.Series([9, 11] * 12 + [18, 22] * 6)
        >>> design = pd.DataFrame({"const": 1.0, "step": [0.0] * 24 + [1.0] * 12})
        >>> fit = ar_bootstrap(y, design, np.random.default_rng(1), draws=19)
        >>> fit.effect("step").p
        0.05
        >>> round(float(np.exp(fit.effect({"const": 1, "step": 1}).value)), 6)
        20.0
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
        # The smallest ratio that the p-value below calls significant: interval and test agree.
        place = min(int(np.ceil((draws + 1) * level_of(level))), draws) - 1
        reach = float(np.sort(ratios)[place]) * error
        p = (1 + int((ratios >= abs(value) / error).sum())) / (1 + draws)
        name = (
            f"Poisson quasi-likelihood, AR bootstrap with {draws} draws, "
            f"latent autocorrelation {self.noise.rho:.2f}, sd {self.noise.sd:.2f}"
        )
        return Estimate(value, value - reach, value + reach, p, self.n, name, level)


def ar_bootstrap(
    y: pd.Series, design: pd.DataFrame, generator: np.random.Generator, draws: int = 999
) -> ArBootstrap:
    """Return the Poisson regression of a count series with a bootstrap of its coefficients.

    Parameters
    ----------
    y : pandas.Series of int, shape (n,)
        Counts in order of time, such as deaths a month.
    design : pandas.DataFrame of float, shape (n, k)
        Independent columns, the constant among them; k at most n - 2.
    generator : numpy.random.Generator
        Source of the simulated series.
    draws : int, default 999
        Number of simulated series, at least 19.

    Returns
    -------
    ArBootstrap

    Raises
    ------
    InputError
        ``draws`` is below 19, the outcome is no series of counts, the design's columns depend on
        each other or are too many, or the design reproduces the outcome exactly.

    References
    ----------
    * Davison and Hinkley (1997), Bootstrap Methods and their Application, 5.2 and 8.2.
    * Zeger (1988), A regression model for time series of counts.

    Examples
    --------
    The mean goes from 10 to 20. With a constant and a step, the fitted ratio is that of the means.

    >>> y = pd.Series([9, 11] * 12 + [18, 22] * 6)
    >>> design = pd.DataFrame({"const": 1.0, "step": [0.0] * 24 + [1.0] * 12})
    >>> fit = ar_bootstrap(y, design, np.random.default_rng(1), draws=19)
    >>> np.exp(fit.params).round(6).to_dict()
    {'const': 10.0, 'step': 2.0}
    >>> fit.drawn.shape
    (19, 2)
    """
    whole(draws, "draws", 19)  # with fewer no 5 % test is possible
    values = counts(y, "the outcome", 3)
    matrix = design_of(design, len(values), spare=2)
    fit = fit_quasi_poisson(y, design)
    if fit.dispersion < 1e-12:
        raise InputError(
            "the design reproduces the outcome exactly: "
            "no error is left to judge its coefficients by"
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
