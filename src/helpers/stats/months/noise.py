"""The noise of a count series: counts about a mean that something latent moves.

``y_t ~ Poisson(m_t exp(u_t))`` with a normal ``u_t`` of lag-one autocorrelation ``rho`` and
standard deviation ``sd``, ``E exp(u_t) = 1`` (Zeger 1988); the latent part may also be a random
walk, months may have noise of their own, and the counts may vary more than Poisson's.

Moments of the residuals of a regression are biased towards too little noise and too little memory,
the more so the shorter the series; the bias is simulated and taken off, twice.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.checks import generator_of, whole
from helpers.stats.counts.negbin import CountFit, fit_quasi_poisson

LOWEST_RHO, HIGHEST_RHO = -0.9, 0.97
LEAST = 1e-6  # variance of the latent part that is none in all but name
MOST = 3.0  # how many times the estimated variance the corrected one may be
LARGEST_MEAN = 1e17  # what numpy's Poisson generator still takes


@dataclass(frozen=True)
class Noise:
    """The latent autoregression about the log mean of a count series.

    All but ``dispersion`` may be arrays with one value for each series to draw, which is how their
    own uncertainty is carried.

    Attributes
    ----------
    rho : float or numpy.ndarray of float, shape (draws,)
        Lag-one autocorrelation.
    sd : float or numpy.ndarray of float, shape (draws,)
        Standard deviation of the log deviation: that of its shocks over ``sqrt(1 - rho ** 2)``.
    own : float or numpy.ndarray of float, shape (draws,), default 0.0
        Standard deviation of a log deviation that each period has for itself.
    dispersion : float, default 1.0
        Variance over mean of the counts given the latent part: 1 for Poisson, above for negative
        binomial counts.
    """

    rho: float | np.ndarray
    sd: float | np.ndarray
    own: float | np.ndarray = 0.0
    dispersion: float = 1.0

    def draw(self, mean: np.ndarray, draws: int, generator: np.random.Generator) -> np.ndarray:
        """Return simulated count series.

        Parameters
        ----------
        mean : numpy.ndarray of float, shape (n,)
            Expected counts in order of time.
        draws : int
            Number of series; the length of ``rho`` and ``sd`` where these are arrays.
        generator : numpy.random.Generator
            Source of the draws.

        Returns
        -------
        numpy.ndarray of float, shape (draws, n)
            Counts.

        Raises
        ------
        InputError
            ``generator`` is a seed or something else.

        Examples
        --------
        A log deviation of sd 0.5 adds ``100 ** 2 * (exp(0.5 ** 2) - 1)`` to Poisson's variance of
        100: a standard deviation of 54 in place of 10.

        >>> noise = Noise(rho=0.0, sd=0.5)
        >>> y = noise.draw(np.full(1, 100.0), 100_000, np.random.default_rng(1))
        >>> round(y.mean()), round(y.std())
        (100, 54)
        """
        shocks = generator_of(generator).standard_normal((draws, len(mean)))
        paths, scale = np.empty_like(shocks), np.sqrt(1 - self.rho**2)
        state = paths[:, 0] = shocks[:, 0]
        for step in range(1, len(mean)):
            state = paths[:, step] = self.rho * state + scale * shocks[:, step]
        sd = np.reshape(self.sd, (-1, 1))
        latent = sd * paths - sd**2 / 2
        return _counts(mean, latent, self.own, self.dispersion, generator)


@dataclass(frozen=True)
class Walk:
    """A log mean that wanders as a random walk, with noise that each period has for itself.

    Attributes
    ----------
    shock : float
        Standard deviation of the walk's steps, on the log scale.
    own : float, default 0.0
        Standard deviation of a log deviation that each period has for itself.
    dispersion : float, default 1.0
        Variance over mean of the counts given the latent part.
    """

    shock: float
    own: float = 0.0
    dispersion: float = 1.0

    def draw(self, mean: np.ndarray, draws: int, generator: np.random.Generator) -> np.ndarray:
        """Return simulated count series, whose walks have a mean of 0 over the series.

        Parameters
        ----------
        mean : numpy.ndarray of float, shape (n,)
            Expected counts in order of time, the walk apart.
        draws : int
            Number of series.
        generator : numpy.random.Generator
            Source of the draws.

        Returns
        -------
        numpy.ndarray of float, shape (draws, n)
            Counts.

        Raises
        ------
        InputError
            ``generator`` is a seed or something else.

        Examples
        --------
        Twelve months apart the logarithms differ by the shock times the root of twelve.

        >>> y = Walk(0.1).draw(np.full(13, 1e6), 4000, np.random.default_rng(1))
        >>> round(float(np.log(y[:, 12] / y[:, 0]).std() / 12**0.5), 2)
        0.1
        """
        shocks = generator_of(generator).standard_normal((draws, len(mean)))
        paths = np.cumsum(self.shock * shocks, axis=1)
        latent = paths - paths.mean(axis=1, keepdims=True)
        return _counts(mean, latent, self.own, self.dispersion, generator)


def _counts(
    mean: np.ndarray,
    latent: np.ndarray,
    own: float | np.ndarray,
    dispersion: float,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return counts about means moved by a latent part (draws, n) and noise of their own."""
    if np.any(own):
        sd = np.reshape(own, (-1, 1))
        latent = latent + sd * generator.standard_normal(latent.shape) - sd**2 / 2
    means = np.minimum(mean * np.exp(latent), LARGEST_MEAN)
    if dispersion > 1:
        means = generator.gamma(np.maximum(means, 1e-12) / (dispersion - 1), dispersion - 1)
    return generator.poisson(means).astype("float64")


def fit_noise(
    series: pd.Series, design: pd.DataFrame, generator: np.random.Generator, draws: int = 399
) -> Noise:
    """Return the noise of a count series about its quasi-Poisson regression.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,)
        Counts in order of time.
    design : pandas.DataFrame of float, shape (n, k)
        Columns of the regression, the constant among them; k below n.
    generator : numpy.random.Generator
        Source of the series by which the bias is found.
    draws : int, default 399
        Number of them.

    Returns
    -------
    Noise

    Raises
    ------
    InputError
        The regression cannot be fitted: no counts, only zeros, or columns that depend on each
        other.

    References
    ----------
    * Zeger (1988), A regression model for time series of counts.

    Examples
    --------
    Counts that vary less than Poisson counts have no noise beyond it.

    >>> y, const = pd.Series([9, 11] * 12), pd.DataFrame({"const": [1.0] * 24})
    >>> fit_noise(y, const, np.random.default_rng(1), draws=19)
    Noise(rho=0.0, sd=0.001, own=0.0, dispersion=1.0)
    """
    generator_of(generator), whole(draws, "draws")
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
    """Return the noise about a fitted regression, and values of it that carry its uncertainty.

    The bias of the estimate is simulated and taken off. The values differ from the estimate as the
    estimates of simulated series differ from their median.

    Parameters
    ----------
    fit : CountFit
        Quasi-Poisson regression.
    values : numpy.ndarray of float, shape (n,)
        Its counts in order of time.
    matrix : numpy.ndarray of float, shape (n, k)
        Its design.
    generator : numpy.random.Generator
        Source of the simulated series.
    draws : int
        Number of them, and of values.

    Returns
    -------
    estimate : Noise
        With one ``rho`` and one ``sd``.
    uncertain : Noise
        With arrays of ``draws`` of both.

    References
    ----------
    * Zeger (1988), A regression model for time series of counts.

    Examples
    --------
    >>> y, const = pd.Series([5, 5, 20, 20] * 6), pd.DataFrame({"const": [1.0] * 24})
    >>> fit, generator = fit_quasi_poisson(y, const), np.random.default_rng(1)
    >>> found, uncertain = noise_about(fit, y.to_numpy(), const.to_numpy(), generator, draws=19)
    >>> found.sd > 0.5, uncertain.rho.shape
    (True, (19,))
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
    """Return series drawn about the fit, and the means of their own regressions (draws, n)."""
    simulated = noise.draw(fit.fitted, draws, generator)
    return simulated, poisson_fits(matrix, simulated)[1]


def _clip_rho(rho: float | np.ndarray) -> float | np.ndarray:
    return np.clip(rho, LOWEST_RHO, HIGHEST_RHO)


def _clip_variance(variance: float | np.ndarray, seen: Noise) -> float | np.ndarray:
    return np.clip(variance, LEAST, max(MOST * seen.sd**2, LEAST))


def _moments(y: np.ndarray, mean: np.ndarray, parameters: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the latent variance and autocorrelation of each row.

    Zeger (1988), equations 3.4 and 3.5, on n - k.
    """
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
    """Return many Poisson regressions on one design.

    Iteratively reweighted least squares in matrix products over the draws.

    Parameters
    ----------
    matrix : numpy.ndarray of float, shape (n, k)
        Design of full rank.
    outcomes : numpy.ndarray of float, shape (draws, n)
        Counts.
    steps : int, default 25
        Largest number of iterations.

    Returns
    -------
    params : numpy.ndarray of float, shape (draws, k)
        Coefficients, on the scale of the log mean.
    means : numpy.ndarray of float, shape (draws, n)
        Fitted means.
    covs : numpy.ndarray of float, shape (draws, k, k)
        Covariances of the coefficients for a dispersion of 1.

    References
    ----------
    * McCullagh and Nelder (1989), Generalized Linear Models, 2.5.

    Examples
    --------
    With a constant alone the fitted mean is the mean, and the variance of its logarithm is one over
    the sum.

    >>> params, means, covs = poisson_fits(np.ones((3, 1)), np.array([[1.0, 2, 3], [10, 20, 30]]))
    >>> means[:, 0].round(6).tolist(), (1 / covs[:, 0, 0]).round(6).tolist()
    ([2.0, 20.0], [6.0, 60.0])
    """
    (n, k), draws = matrix.shape, len(outcomes)
    squares = (matrix[:, :, None] * matrix[:, None, :]).reshape(n, k * k)

    def information(means: np.ndarray) -> np.ndarray:
        # A little is added to the diagonal: a draw of zeros would have no inverse. The solution
        # stays where it is.
        found = (means @ squares).reshape(draws, k, k)
        return found + 1e-9 * np.trace(found, axis1=1, axis2=2)[:, None, None] * np.eye(k)

    params = np.linalg.lstsq(matrix, np.log(outcomes + 0.5).T, rcond=None)[0].T
    for _ in range(steps):
        means = np.exp(np.clip(params @ matrix.T, -30, 40))
        scores = (outcomes - means) @ matrix
        change = np.linalg.solve(information(means), scores[:, :, None])[:, :, 0]
        params = params + np.clip(change, -5, 5)
        if np.abs(change).max() < 1e-8:
            break
    means = np.exp(np.clip(params @ matrix.T, -30, 40))
    return params, means, np.linalg.inv(information(means))
