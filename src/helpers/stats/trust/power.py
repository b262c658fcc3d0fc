"""How often a test rejects: its size without an effect, its power with one, what it could find.

A test is any function of a data set and a Generator that returns an Estimate with a p-value; a data
set comes from any function of an effect and a Generator. For count series the data sets come from
the mean and the noise estimated from the series under test, so that size and power belong to the
case at hand (:class:`World`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, counts, generator_of, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.design import Seasons, its_design
from helpers.stats.months.noise import Noise, Walk, fit_noise
from helpers.stats.parallel import over

Test: TypeAlias = Callable[[Any, np.random.Generator], Estimate]
Draw: TypeAlias = Callable[[float, np.random.Generator], Any]


@dataclass(frozen=True)
class World:
    """Count series as they might have been.

    Attributes
    ----------
    means : pandas.Series of float, shape (n,), PeriodIndex
        Expected counts a period without an effect.
    noise : Noise or Walk
        Noise about them.
    at : pandas.Period
        First period of the event.
    """

    means: pd.Series
    noise: Noise | Walk
    at: pd.Period

    def draw(self, ratio: float, generator: np.random.Generator) -> pd.Series:
        """Return one series of counts with an effect from the event on.

        Parameters
        ----------
        ratio : float
            Factor of the means from the event on, at least 0; 1 for no effect.
        generator : numpy.random.Generator
            Source of the counts.

        Returns
        -------
        pandas.Series of float, shape (n,), PeriodIndex
            Counts a period.

        Examples
        --------
        An event after which nothing happens any more.

        >>> world = flat_world(2, 2, mean=1000, noise=Noise(0.0, 0.1))
        >>> world.draw(0.0, np.random.default_rng(1)).gt(500).tolist()
        [True, True, False, False]
        """
        means = np.where(self.means.index >= self.at, ratio, 1.0) * self.means.to_numpy()
        return pd.Series(self.noise.draw(means, 1, generator)[0], index=self.means.index)


def world_of(
    series: pd.Series,
    at: When | Iterable[When],
    generator: np.random.Generator,
    *,
    harmonics: Seasons = 2,
    order: int | None = None,
) -> World:
    """Return the world of a count series: the trend, the seasons and the noise of all its periods.

    A step at the event's date is set aside, so that it does not pass for noise.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least 3.
    at : date or iterable of dates
        First period of the event; further dates are steps that the world keeps.
    generator : numpy.random.Generator
        Source of the series by which the bias of the noise is found.
    harmonics : int or "dummies", default 2
        Seasons, as of :func:`helpers.stats.months.interrupted.interrupted`.
    order : int, optional
        Order of the trend, likewise.

    Returns
    -------
    World

    Raises
    ------
    InputError
        The date lies outside the series, the regression cannot be fitted, the index is not regular,
        or a value is no count.

    Examples
    --------
    The mean falls from 100 to 50; the world has the 100 throughout.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, months)
    >>> world = world_of(y, "2023-01", np.random.default_rng(1), harmonics=0, order=0)
    >>> world.means.round(6).unique().tolist(), str(world.at)
    ([100.0], '2023-01')
    """
    from helpers.stats.counts.negbin import fit_quasi_poisson

    clean = pd.Series(counts(series, "the series", 3), index=regular(series, "the series"))
    design = its_design(clean.index, at, harmonics=harmonics, order=order)
    fit = fit_quasi_poisson(clean, design)
    without = np.exp(design.iloc[:, 1:].to_numpy() @ fit.params.iloc[1:].to_numpy())
    event = pd.Period(str(design.columns[0]).split()[1], clean.index.freq)
    return World(pd.Series(without, index=clean.index), fit_noise(clean, design, generator), event)


def flat_world(
    before: int, after: int, *, mean: float = 80.0, noise: Noise | Walk, first: str = "2014-01"
) -> World:
    """Return a world of months without trend or season.

    Parameters
    ----------
    before, after : int
        Months before the event, and from it on, at least 1.
    mean : float, default 80.0
        Expected count a month.
    noise : Noise or Walk
        Noise about it.
    first : str, default "2014-01"
        First month.

    Returns
    -------
    World

    Examples
    --------
    >>> world = flat_world(12, 6, noise=Noise(0.5, 0.2))
    >>> len(world.means), str(world.at)
    (18, '2015-01')
    """
    index = pd.period_range(first, periods=before + after, freq="M")
    return World(pd.Series(mean, index=index), noise, index[before])


@dataclass(frozen=True)
class Rejections:
    """How often a test rejected.

    Attributes
    ----------
    rejects : int
        Data sets in which it did.
    series : int
        All data sets.
    covered : int or None
        Data sets whose interval held the planted effect; None where the test gives no interval.
    failed : int
        Data sets that the test refused.
    """

    rejects: int
    series: int
    covered: int | None
    failed: int = 0

    def rate(self, level: float = 0.95) -> Estimate:
        """Return the share of rejections with its Wilson interval.

        Parameters
        ----------
        level : float, default 0.95
            Coverage of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            A share, 0 to 1, without p-value.

        References
        ----------
        * Wilson (1927), Probable inference, the law of succession, and statistical inference.

        Examples
        --------
        No rejection in ten data sets still allows 1.96 ** 2 / (10 + 1.96 ** 2) = 28 %.

        >>> found = Rejections(rejects=0, series=10, covered=None).rate()
        >>> found.value, round(found.high, 2)
        (0.0, 0.28)
        """
        from statsmodels.stats.proportion import proportion_confint

        low, high = proportion_confint(self.rejects, self.series, 1 - level, method="wilson")
        return Estimate(
            self.rejects / self.series,
            float(low),
            float(high),
            None,
            self.series,
            "simulation",
            level,
        )


def rejections(
    test: Test,
    draw: Draw,
    effect: float,
    generator: np.random.Generator,
    *,
    series: int = 400,
    alpha: float = 0.05,
    workers: int = 1,
) -> Rejections:
    """Return how often a test rejects in data sets drawn with an effect.

    A data set that the test refuses counts as one in which it did not reject, and in ``failed``.

    Parameters
    ----------
    test : callable
        Takes a data set and a generator; returns an Estimate with a p-value. One with a method
        ``many``, such as :class:`helpers.stats.months.interrupted.StepInMany`, is given a list of
        all data sets and the effect instead; for those that it refuses the p-value is NaN.
    draw : callable
        Takes the effect and a generator; returns a data set.
    effect : float
        Effect in each data set, in the unit of the test's estimate.
    generator : numpy.random.Generator
        Source of the data sets' own generators.
    series : int, default 400
        Number of data sets, at least 1.
    alpha : float, default 0.05
        Level at which the test rejects.
    workers : int, default 1
        Processes; they change no number.

    Returns
    -------
    Rejections

    Raises
    ------
    InputError
        ``series`` or ``workers`` is below 1, ``generator`` is a seed, or the test gives no p-value.

    Examples
    --------
    A z test of one normal number of variance 1. With an effect of 3 it finds it in 85 of 100:
    3 less 1.96 is 1.04, below which lie 85 % of a normal distribution.

    >>> from scipy.stats import norm
    >>> def z_test(x, generator):
    ...     return Estimate(x, x - 1.96, x + 1.96, p=2 * norm.sf(abs(x)))
    >>> def draw(effect, generator):
    ...     return generator.normal(effect)
    >>> found = rejections(z_test, draw, 3.0, np.random.default_rng(1), series=400)
    >>> found.rate().low < 0.85 < found.rate().high, found.failed
    (True, 0)
    """
    if series < 1:
        raise InputError(f"series is {series}: expected at least 1")

    def one(_: int, own: np.random.Generator) -> tuple[bool, bool | None, bool]:
        try:
            found = test(draw(effect, own), own)
        except InputError:
            return False, False, True
        return _verdict(found, effect, alpha)

    many = getattr(test, "many", None)
    if many:
        children = generator_of(generator).spawn(series)
        found = many([draw(effect, own) for own in children], effect)
        seen = [_verdict(answer, effect, alpha) for answer in found]
    else:
        seen = over(one, range(series), generator_of(generator), workers=workers)
    held = None if any(one[1] is None for one in seen) else sum(bool(one[1]) for one in seen)
    return Rejections(sum(one[0] for one in seen), series, held, sum(one[2] for one in seen))


def _verdict(found: Estimate, effect: float, alpha: float) -> tuple[bool, bool | None, bool]:
    """Return whether a test rejected, whether its interval held the effect, and if it refused."""
    if found.p is None:
        raise InputError(f"the test '{found.method}' gives no p-value: it can reject nothing")
    if np.isnan(found.p):
        return False, False, True
    if found.low is None or found.high is None:
        return bool(found.p <= alpha), None, False
    return bool(found.p <= alpha), bool(found.low <= effect <= found.high), False


def power_curve(
    test: Test,
    draw: Draw,
    effects: Iterable[float],
    generator: np.random.Generator,
    *,
    series: int = 200,
    alpha: float = 0.05,
    workers: int = 1,
) -> pd.DataFrame:
    """Return how often a test rejects, by effect.

    All effects meet the same random numbers, so that the curve is smooth where the test is.

    Parameters
    ----------
    test, draw : callable
        As in :func:`rejections`.
    effects : iterable of float
        Effects, in the unit of the test's estimate.
    generator : numpy.random.Generator
        Source of the data sets' own generators.
    series : int, default 200
        Number of data sets for each effect, at least 1.
    alpha : float, default 0.05
        Level at which the test rejects.
    workers : int, default 1
        Processes; they change no number.

    Returns
    -------
    pandas.DataFrame, one row an effect
        Columns ``effect``, ``rejects`` and ``series`` (counts), ``power``, ``low`` and ``high``
        (share of rejections with its Wilson interval), ``covered`` (share of intervals that held
        the effect; NaN without intervals).

    Raises
    ------
    InputError
        As in :func:`rejections`.

    Examples
    --------
    A test that rejects what lies above 1, on data that are the effect itself.

    >>> def test(x, generator):
    ...     return Estimate(x, p=0.01 if x > 1 else 0.9)
    >>> def draw(effect, generator):
    ...     return effect
    >>> curve = power_curve(test, draw, [0.5, 1.5], np.random.default_rng(1), series=10)
    >>> curve[["effect", "rejects", "power"]].to_numpy().tolist()
    [[0.5, 0.0, 0.0], [1.5, 10.0, 1.0]]
    """
    # numpy types it by its narrowest interface; every generator of default_rng holds this one.
    seeds = cast(np.random.SeedSequence, generator_of(generator).bit_generator.seed_seq)
    state, rows = seeds.spawn(1)[0], []
    for effect in effects:
        same = np.random.default_rng(
            np.random.SeedSequence(state.entropy, spawn_key=state.spawn_key)
        )
        found = rejections(test, draw, effect, same, series=series, alpha=alpha, workers=workers)
        rate = found.rate()
        held = np.nan if found.covered is None else found.covered / series
        rows.append((effect, found.rejects, series, rate.value, rate.low, rate.high, held))
    return pd.DataFrame(
        rows, columns=["effect", "rejects", "series", "power", "low", "high", "covered"]
    )


@dataclass(frozen=True)
class Detectable:
    """The effects nearest to none that a test finds often enough.

    Attributes
    ----------
    below, above : float or None
        Effect below and above none, in the unit of the curve; None where none in the curve is found
        so often.
    power : float
        How often, as a share.
    """

    below: float | None
    above: float | None
    power: float


def detectable(curve: pd.DataFrame, *, none: float = 1.0, power: float = 0.8) -> Detectable:
    """Return the minimum detectable effects of a power curve.

    Between the curve's points the power is taken as linear in the logarithm of the effect.

    Parameters
    ----------
    curve : pandas.DataFrame
        With columns ``effect`` (ratios above 0) and ``power``, see :func:`power_curve`.
    none : float, default 1.0
        Ratio of no effect, above 0.
    power : float, default 0.8
        Share of data sets in which the effect is to be found.

    Returns
    -------
    Detectable

    Examples
    --------
    Half way in power between 2 and 4 lies, by logarithms, the square root of 8.

    >>> curve = pd.DataFrame({"effect": [0.5, 1, 2, 4], "power": [0.3, 0.05, 0.7, 0.9]})
    >>> found = detectable(curve)
    >>> found.below, round(found.above ** 2, 6)
    (None, 8.0)
    """

    def nearest(part: pd.DataFrame) -> float | None:
        """Where the power, made to rise away from ``none``, first reaches what is asked."""
        sizes, reached = (
            np.abs(np.log(part["effect"] / none)).to_numpy(),
            np.maximum.accumulate(part["power"].to_numpy()),
        )
        place = int(np.argmax(reached >= power))
        if not len(part) or reached[place] < power:
            return None
        size = (
            np.interp(power, reached[place - 1 : place + 1], sizes[place - 1 : place + 1])
            if place
            else sizes[0]
        )
        return float(size)

    rows = curve.sort_values("effect")
    below = nearest(rows[rows["effect"] <= none].iloc[::-1])
    above = nearest(rows[rows["effect"] >= none])
    return Detectable(
        None if below is None else none * float(np.exp(-below)),
        None if above is None else none * float(np.exp(above)),
        power,
    )
