"""Two years of one series: what chance alone makes of them, and which change would be seen.

Both years are drawn from one world, that is one level with the noise of their own months. The
statistic is the ratio of their sums, half a count added to each, so that a year without any has one
as well.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from helpers.stats.checks import generator_of, whole
from helpers.stats.trust.power import World

EFFECTS = (0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0)


def ratio_of_sums(counts: pd.Series, at: pd.Period) -> float:
    """Return the sum of counts from a month on over the sum before, half a count added to each.

    Parameters
    ----------
    counts : pandas.Series of float, PeriodIndex "M"
        Two years.
    at : pandas.Period
        The first month of the second.

    Returns
    -------
    float
        Above 0.

    Examples
    --------
    >>> months = pd.period_range("2023-12", periods=2, freq="M")
    >>> ratio_of_sums(pd.Series([1.0, 4.0], months), months[1])
    3.0
    """
    later = counts.index >= at
    return float((counts[later].sum() + 0.5) / (counts[~later].sum() + 0.5))


def drawn(
    world: World, generator: np.random.Generator, draws: int = 1000, effect: float = 1.0
) -> np.ndarray:
    """Return the ratios of pairs of years from one world.

    Parameters
    ----------
    world : World
        Of the two years, as of :func:`helpers.stats.trust.power.world_of`.
    generator : numpy.random.Generator
        Draws them.
    draws : int, default 1000
        How many pairs.
    effect : float, default 1
        The true ratio of the second year to the first.

    Returns
    -------
    numpy.ndarray of float, shape (draws,)
        Above 0.

    Raises
    ------
    InputError
        When ``draws`` is no whole number of at least 1, or a seed stands in for the generator.

    Examples
    --------
    >>> from helpers.stats.months.noise import Noise
    >>> months = pd.period_range("2023-01", periods=24, freq="M")
    >>> calm = World(pd.Series(1e6, months), Noise(0.0, 0.0), months[12])
    >>> drawn(calm, np.random.default_rng(1), 2, effect=2.0).round(2).tolist()
    [2.0, 2.0]
    """
    own = generator_of(generator)
    counts = np.array([world.draw(effect, own).to_numpy() for _ in range(whole(draws, "draws"))])
    later = (world.means.index >= world.at)[None, :]
    sums = [(counts * part).sum(axis=1) + 0.5 for part in (later, ~later)]
    return sums[0] / sums[1]


def as_far(simulated: np.ndarray, observed: float) -> float:
    """Return the share of simulated ratios that lie at least as far from 1 as the observed one.

    Parameters
    ----------
    simulated : numpy.ndarray of float
        Ratios without an effect.
    observed : float
        The ratio that was seen.

    Returns
    -------
    float
        Above 0: what was seen counts as one of them.

    Examples
    --------
    >>> as_far(np.array([0.5, 1.0, 1.1]), 2.0)
    0.5
    """
    logs = np.abs(np.log(simulated))
    return float((1 + (logs >= abs(np.log(observed)) - 1e-12).sum()) / (1 + len(logs)))


def power(
    world: World,
    generator: np.random.Generator,
    draws: int = 500,
    effects: Iterable[float] = EFFECTS,
) -> pd.DataFrame:
    """Return how often a true change would be found at the 5 % level, by its size.

    Parameters
    ----------
    world : World
        Of the two years.
    generator : numpy.random.Generator
        Draws the pairs.
    draws : int, default 500
        Pairs for each effect, and for the bound that they must pass.
    effects : iterable of float
        Ratios of the second year to the first.

    Returns
    -------
    pandas.DataFrame
        ``effect`` and ``power``, as :func:`helpers.stats.trust.power.detectable` takes them.

    Examples
    --------
    >>> from helpers.stats.months.noise import Noise
    >>> months = pd.period_range("2023-01", periods=24, freq="M")
    >>> calm = World(pd.Series(1e6, months), Noise(0.0, 0.0), months[12])
    >>> power(calm, np.random.default_rng(1), 50, [2.0])["power"].tolist()
    [1.0]
    """
    bound = np.quantile(np.abs(np.log(drawn(world, generator, draws))), 0.95)
    rows = [
        (effect, float((np.abs(np.log(drawn(world, generator, draws, effect))) > bound).mean()))
        for effect in effects
    ]
    return pd.DataFrame(rows, columns=["effect", "power"])
