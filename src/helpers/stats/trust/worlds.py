"""The size of a test in the worst of the worlds that a series may come from.

A size that is simulated from the model under test cannot see that the model is wrong. Three kinds
of noise fit a series of this field about as well as each other: an autoregression, an
autoregression under noise of the months' own, and a random walk under such noise. The largest rate
of false alarms among them is the one that counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, counts, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.design import Seasons, its_design
from helpers.stats.months.memory import MemoryFit, fit_memory
from helpers.stats.months.noise import Noise, Walk, fit_noise
from helpers.stats.trust.power import Test, World, rejections, world_of

LARGEST_SIZE = 0.10  # a test that rejects more often without an effect decides nothing


class Drawing(Protocol):
    """Whatever draws a data set with an effect, of one series or of several."""

    def draw(self, ratio: float, generator: np.random.Generator) -> Any:
        """Return a data set.

        Parameters
        ----------
        ratio : float
            Effect, a ratio; 1 for none.
        generator : numpy.random.Generator
            Source of the data.

        Returns
        -------
        Any
            What the test under study takes.
        """


def plausible_worlds(
    series: pd.Series,
    at: When | Iterable[When],
    generator: np.random.Generator,
    *,
    harmonics: Seasons = 2,
    order: int | None = None,
) -> dict[str, World]:
    """Return the worlds that a series may come from, each fitted to it, without the event's step.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least 3.
    at : date or iterable of dates
        First period of the event; further dates are steps that the worlds keep.
    generator : numpy.random.Generator
        Source of the series by which the bias of the noise is found.
    harmonics : int or "dummies", default 2
        Seasons, as of :func:`helpers.stats.months.interrupted.interrupted`.
    order : int, optional
        Order of the trend, likewise.

    Returns
    -------
    dict of str to World
        ``AR(1)``, ``AR(1) plus noise`` (an ARMA(1,1) on the log scale) and ``random walk`` (with
        the series' own roughness, and noise).

    Raises
    ------
    InputError
        As in :func:`helpers.stats.trust.power.world_of`.

    Examples
    --------
    Months that alternate about 100 have noise and no memory: the walk stands still.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([80, 130] * 24, months)
    >>> worlds = plausible_worlds(y, "2023-01", np.random.default_rng(1), harmonics=0)
    >>> list(worlds), worlds["random walk"].noise.shock < 0.05
    (['AR(1)', 'AR(1) plus noise', 'random walk'], True)
    """
    first = world_of(series, at, generator, harmonics=harmonics, order=order)
    design = its_design(first.means.index, at, harmonics=harmonics, order=order)
    noises = _noises(series, design, first.noise)
    return {name: World(first.means, noise, first.at) for name, noise in noises.items()}


def plausible_noise(
    series: pd.Series, design: pd.DataFrame, generator: np.random.Generator
) -> dict[str, Noise | Walk]:
    """Return the kinds of noise that a series may have about a regression, each fitted to it.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least 3.
    design : pandas.DataFrame of float, shape (n, k)
        Columns of the regression, the constant among them.
    generator : numpy.random.Generator
        Source of the series by which the bias of the noise is found.

    Returns
    -------
    dict of str to Noise or Walk
        By the names of :func:`plausible_worlds`.

    Raises
    ------
    InputError
        The regression cannot be fitted, the index is not regular, or a value is no count.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y, const = pd.Series([80, 130] * 24, months), pd.DataFrame({"const": 1.0}, months)
    >>> list(plausible_noise(y, const, np.random.default_rng(1)))
    ['AR(1)', 'AR(1) plus noise', 'random walk']
    """
    return _noises(series, design, fit_noise(series, design, generator))


@dataclass(frozen=True)
class Size:
    """How often a test rejects without an effect, by world.

    Attributes
    ----------
    table : pandas.DataFrame, one row a world
        Columns ``world``, ``rejects``, ``series`` (counts), ``size``, ``low`` and ``high`` (share
        of rejections with its Wilson interval).
    worst : str
        World with the largest size.
    share : float
        That size.
    decides : bool
        Whether it is small enough for the test to decide a claim.

    Examples
    --------
    >>> rows = pd.DataFrame({"world": ["calm", "walk"], "size": [0.05, 0.3], "series": [200, 200]})
    >>> Size(rows).worst, Size(rows).share, Size(rows).decides
    ('walk', 0.3, False)
    """

    table: pd.DataFrame

    @property
    def worst(self) -> str:
        """The world in which the test rejects most often."""
        return str(self.table.loc[self.table["size"].idxmax(), "world"])

    @property
    def share(self) -> float:
        """The share of its series in which the test rejects."""
        return float(self.table["size"].max())

    @property
    def decides(self) -> bool:
        """Whether the test keeps its level well enough to decide a claim."""
        return self.share <= LARGEST_SIZE


def worst_size(
    test: Test,
    worlds: Mapping[str, Drawing],
    generator: np.random.Generator,
    *,
    series: int = 400,
    workers: int = 1,
) -> Size:
    """Return how often a test rejects at 5 % in worlds without an effect.

    Parameters
    ----------
    test : callable
        As in :func:`helpers.stats.trust.power.rejections`.
    worlds : mapping of str to World, or to another that draws
        By name, see :func:`plausible_worlds`.
    generator : numpy.random.Generator
        Source of the series' own generators.
    series : int, default 400
        Number of series for each world.
    workers : int, default 1
        Processes; they change no number.

    Returns
    -------
    Size

    Raises
    ------
    InputError
        There is no world, or as in :func:`helpers.stats.trust.power.rejections`.

    Examples
    --------
    A test that finds an effect in whatever it is shown.

    >>> from helpers.stats.trust.power import flat_world
    >>> always = lambda series, generator: Estimate(1.0, p=0.0)
    >>> worlds = {"calm": flat_world(12, 6, noise=Noise(0.0, 0.1))}
    >>> worst_size(always, worlds, np.random.default_rng(1), series=4).share
    1.0
    """
    if not worlds:
        raise InputError("no world was given: expected at least one")
    rows = []
    for name, world in worlds.items():
        found = rejections(test, world.draw, 1.0, generator, series=series, workers=workers)
        rate: Estimate = found.rate()
        rows.append((name, found.rejects, series, rate.value, rate.low, rate.high))
    return Size(pd.DataFrame(rows, columns=["world", "rejects", "series", "size", "low", "high"]))


def _noises(
    series: pd.Series, design: pd.DataFrame, first: Noise | Walk
) -> dict[str, Noise | Walk]:
    """Return the first kind of noise beside the two that the averaged fit finds likeliest."""
    clean = pd.Series(counts(series, "the series", 3), index=regular(series, "the series"))
    fit = fit_memory(np.log(clean + 0.5), design)
    means = np.exp(design.to_numpy() @ fit.params.to_numpy())
    sampling = float(np.mean(1 / (means + 0.5)))  # of a count's logarithm, beside the noise
    return {
        "AR(1)": first,
        "AR(1) plus noise": _stationary(fit, sampling),
        "random walk": _walk(fit, sampling),
    }


def _likeliest(fit: MemoryFit, kind: np.ndarray) -> tuple[float, float, float]:
    """Return autocorrelation, moving average and variance of the likeliest form of a kind."""
    at = int(np.flatnonzero(kind)[fit.profile.llf[kind].argmax()])
    rho, theta = fit.profile.at[at]
    return float(rho), float(theta), float(fit.profile.rss[at] / (fit.n - len(fit.params)))


def _stationary(fit: MemoryFit, sampling: float) -> Noise:
    """Return the likeliest ARMA(1,1) as an autoregression under noise, the counts' own apart."""
    rho, theta, variance = _likeliest(fit, fit.profile.at[:, 0] < 1)
    whole = variance * (1 + theta**2 - 2 * rho * theta) / (1 - rho**2)
    shared = variance * (1 - rho * theta) * (rho - theta) / (1 - rho**2)
    memory = shared / rho if rho > 0 else 0.0
    return Noise(rho, float(np.sqrt(memory)), float(np.sqrt(max(whole - memory - sampling, 0.0))))


def _walk(fit: MemoryFit, sampling: float) -> Walk:
    """Return the likeliest local level, the counts' own noise apart."""
    _, theta, variance = _likeliest(fit, fit.profile.at[:, 0] == 1)
    own = max(theta * variance - sampling, 0.0)
    return Walk(float((1 - theta) * np.sqrt(variance)), float(np.sqrt(own)))
