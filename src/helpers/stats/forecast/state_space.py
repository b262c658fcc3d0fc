"""A negative binomial state space model of counts, by numerical integration.

``y_t ~ NB2(exp(x_t + s_t), alpha)`` and ``x_t = m + rho (x_{t-1} - m) + sigma z_t``: the log level
has a memory and steps of its own, the months noise of theirs, and no trend is carried on. The state
has one dimension, so the filter is a sum over a grid of it, without a linear or a normal
approximation. Memory, steps and noise are averaged over, each combination weighed by its
likelihood: a forecast is as unsure of them as the past leaves it. The level to which the state
returns follows from the mean of the past. References: Kitagawa (1987), Non-Gaussian state-space
modeling of nonstationary time series; Durbin and Koopman (2012).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from helpers.base.errors import InputError
from helpers.stats.checks import counts, generator_of, numbers, whole

RHO = np.array([0.5, 0.7, 0.85, 0.95, 1.0])  # memory; 1 is a local level
SIGMA = np.array([0.06, 0.12, 0.2, 0.35, 0.6])  # deviation of a step of the log level
ALPHA = np.array([1e-3, 0.03, 0.1, 0.3, 1.0])  # NB2 dispersion
POINTS = 101  # of the grid of log levels
HIGHEST = 25.0  # log level that a path may reach
TINY = 1e-100  # what no chance falls below: the product of two is still a number


@dataclass(frozen=True)
class StateSpace:
    """What the past says of the parameters and of the last log level.

    Attributes
    ----------
    chance : numpy.ndarray of float64, shape (5, 5, 5, 101)
        Joint chance by memory, steps, dispersion and log level; adds up to 1.
    levels : numpy.ndarray of float64, shape (101,)
        The grid of log levels, of counts a period without their season.
    centre : numpy.ndarray of float64, shape (5, 5)
        Log level to which the state returns, by memory and steps.
    """

    chance: np.ndarray
    levels: np.ndarray
    centre: np.ndarray

    def paths(self, seasons: ArrayLike, draws: int, generator: np.random.Generator) -> np.ndarray:
        """Return paths of counts that go on from the end of the past.

        Parameters
        ----------
        seasons : array-like of float, shape (h,)
            Logarithm of the season by period to come, 0 for none.
        draws : int
            Number of paths, at least 1.
        generator : numpy.random.Generator
            Draws parameters, steps and counts.

        Returns
        -------
        numpy.ndarray of float64, shape (draws, h)
            Whole numbers of at least 0.

        Raises
        ------
        InputError
            When a season is not finite, ``draws`` is below 1 or a seed stands in for the generator.

        Examples
        --------
        >>> import numpy as np
        >>> past = np.random.default_rng(1).poisson(20, 60)
        >>> paths = fit_state_space(past).paths(np.zeros(3), 500, np.random.default_rng(2))
        >>> paths.shape, bool(17 < np.median(paths) < 23)
        ((500, 3), True)
        """
        ahead = numbers(seasons, "the seasons")
        places = generator_of(generator).choice(
            self.chance.size, whole(draws, "draws"), p=self.chance.ravel()
        )
        memory, step, noise, level = np.unravel_index(places, self.chance.shape)
        size, state, centre = 1 / ALPHA[noise], self.levels[level], self.centre[memory, step]
        paths = np.empty((len(state), len(ahead)))
        for place, season in enumerate(ahead):
            shocks = SIGMA[step] * generator.standard_normal(len(state))
            state = centre + RHO[memory] * (state - centre) + shocks
            means = np.exp(np.minimum(state + season, HIGHEST))
            paths[:, place] = generator.poisson(means * generator.gamma(size, 1 / size))
        return paths


def fit_state_space(series: ArrayLike, seasons: ArrayLike | None = None) -> StateSpace:
    """Return what a past of counts says of a latent level that remembers.

    Parameters
    ----------
    series : array-like of int, shape (n,)
        Counts by period, in order of time, at least three and not all 0; the index is not read.
    seasons : array-like of float, shape (n,), optional
        Logarithm of the season by period; none without it.

    Returns
    -------
    StateSpace
        The weights after the last period.

    Raises
    ------
    InputError
        When a value is no count, all are 0, there are fewer than three, or the seasons are not as
        many, not finite or beyond 25.

    References
    ----------
    Kitagawa (1987), Non-Gaussian state-space modeling of nonstationary time series.

    Examples
    --------
    Counts that doubled half-way: the last level is the new one, and the memory is long.

    >>> import numpy as np
    >>> past = np.r_[np.full(30, 100), np.full(30, 200)]
    >>> found = fit_state_space(past)
    >>> level = float(np.exp(found.chance.sum(axis=(0, 1, 2)) @ found.levels))
    >>> bool(190 < level < 210), bool(found.chance[-2:].sum() > 0.9)
    (True, True)
    """
    values = counts(series, "the series", 3)
    if values.sum() == 0:
        raise InputError("the series holds only zeros: it has no level")
    season = np.zeros(len(values)) if seasons is None else numbers(seasons, "the seasons")
    if len(season) != len(values):
        raise InputError(f"the series has {len(values)} periods and the seasons {len(season)}")
    if np.abs(season).max() > HIGHEST:
        raise InputError("the seasons hold a value beyond 25: expected logarithms")
    smooth = np.convolve(np.log(values + 0.5) - season, np.ones(3) / 3, "valid")
    levels = np.linspace(smooth.min() - 1, smooth.max() + 1, POINTS)
    centre = np.log(np.mean(values * np.exp(-season))) - _half_variance()
    kernel = _kernel(levels, centre)
    log = np.zeros((len(kernel), len(ALPHA), 1))
    chance = np.full((len(kernel), len(ALPHA), POINTS), 1 / POINTS)
    for step, seen in enumerate(_likelihoods(values, season, levels)):
        chance = (chance @ kernel if step else chance) * seen
        total = chance.sum(axis=-1, keepdims=True)
        log, chance = log + np.log(total), chance / total
    weights = np.exp(log - log.max()) * chance
    shape = (len(RHO), len(SIGMA), len(ALPHA), POINTS)
    return StateSpace((weights / weights.sum()).reshape(shape), levels, centre)


def _half_variance() -> np.ndarray:
    """Return half the lasting variance of the state by memory and steps: mean less median, in logs.

    A local level has none, and returns nowhere.
    """
    lasting = np.where(RHO < 1, 1 - RHO**2, np.inf)[:, None]
    return SIGMA**2 / lasting / 2


def _kernel(levels: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return the chance of each next level (last axis) from each level, by memory and steps.

    What steps over an end of the grid is lost: there the counts have next to no likelihood.
    """
    middle, points = centre[..., None, None], len(levels)
    means = middle + RHO[:, None, None, None] * (levels[:, None] - middle)
    beyond = levels[0] + (levels[1] - levels[0]) * np.arange(-points, 2 * points)
    kernel = np.exp(-0.5 * np.square((beyond - means) / SIGMA[:, None, None]))
    kernel = kernel[..., points : 2 * points] / kernel.sum(axis=-1, keepdims=True)
    return kernel.reshape(-1, points, points) + TINY


def _likelihoods(values: np.ndarray, season: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return the likelihood of each count by dispersion and level (n, a, g), the largest 1."""
    from scipy.stats import nbinom

    size = 1 / ALPHA[:, None]
    means = np.exp(levels + season[:, None])[:, None, :]
    log = nbinom.logpmf(values[:, None, None], size, size / (size + means))
    return np.exp(log - log.max(axis=(1, 2), keepdims=True)) + TINY
