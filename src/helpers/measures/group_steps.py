"""One date and several groups: leads, ratios of steps, planted steps and labels dealt at random.

A step that a cause should leave on one group and not on another is a claim about two series. Here
the two answers become one ratio with an interval, and two kinds of made data say what the
comparison is worth: panels with a step of known size in one group, and panels in which no label
means anything.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, counts, generator_of, regular, whole
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import Interrupted, StepInMany, interrupted
from helpers.stats.shares.proportion import proportion
from helpers.stats.trust.power import World

Compare: TypeAlias = Callable[[pd.Series, pd.Series], Estimate]

ALPHA = 0.05
YEAR = 12


def over(one: Estimate, other: Estimate) -> Estimate:
    """Return the ratio of two independent ratios.

    The interval joins the reach of the two on the log scale, each towards the side that it is
    taken for, so that neither needs to be symmetric.

    Parameters
    ----------
    one, other : Estimate
        Ratios above 0 with intervals of one level; an end at 0 or infinity is open.

    Returns
    -------
    Estimate
        ``one`` over ``other``. The p-value is for a ratio of 1, from the side of the interval that
        faces it. Where the two share noise of one sign the interval is too wide.

    Raises
    ------
    InputError
        A ratio is not above 0 and finite, has no interval, or the levels differ.

    References
    ----------
    * Zou and Donner (2008), Construction of confidence limits about effect measures: a general
      approach.

    Examples
    --------
    Two intervals that reach half a logarithm to each side join to one of the root of a half.

    >>> reach = np.exp(0.5)
    >>> found = over(Estimate(4.0, 4 / reach, 4 * reach), Estimate(2.0, 2 / reach, 2 * reach))
    >>> found.value, round(float(np.log(found.high / 2)), 6), round(0.5**0.5, 6)
    (2.0, 0.707107, 0.707107)
    """
    from scipy.stats import norm

    if one.level != other.level:
        raise InputError(f"one ratio is given at {one.level:g}, the other at {other.level:g}")
    (a, low_a, high_a), (b, low_b, high_b) = map(_logs, (one, other))
    middle = a - b
    below, above = np.hypot(a - low_a, high_b - b), np.hypot(high_a - a, b - low_b)
    facing = below if middle > 0 else above
    z = norm.ppf(0.5 + one.level / 2) * abs(middle) / facing if facing else np.inf
    low, high = float(np.exp(middle - below)), float(np.exp(middle + above))
    method = f"ratio of independent ratios; {one.method}"
    n, said = one.n + other.n, tuple(dict.fromkeys(one.warnings + other.warnings))
    p = float(2 * norm.sf(z)) if middle else 1.0
    return Estimate(float(np.exp(middle)), low, high, p, n, method, one.level, said)


def moved_together(one: pd.Series, other: pd.Series) -> Estimate:
    """Return the correlation of what two models did not foresee in each period.

    Parameters
    ----------
    one, other : pandas.Series of float, shape (n,), same index
        Innovations, at least 4.

    Returns
    -------
    Estimate
        Pearson's correlation with Fisher's interval and its p-value. Near 0 the two steps may be
        taken as independent.

    Raises
    ------
    InputError
        The periods differ, or they are fewer than four.

    Examples
    --------
    >>> one, other = pd.Series([1.0, -1, 1, -1]), pd.Series([1.0, 1, -1, -1])
    >>> found = moved_together(one, other)
    >>> abs(round(found.value, 6)), found.n
    (0.0, 4)
    """
    from scipy.stats import pearsonr

    if not one.index.equals(other.index) or len(one) < 4:
        raise InputError("the two have other periods, or fewer than four: expected the same")
    found = pearsonr(one, other)
    low, high = found.confidence_interval()
    words = "Pearson's correlation, Fisher's interval"
    return Estimate(
        float(found.statistic), float(low), float(high), float(found.pvalue), len(one), words
    )


def leads(series: pd.Series, event: str, years: int) -> dict[int, Estimate]:
    """Return the same step whole years too early, from the months before the event alone.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly PeriodIndex
        Counts; what lies after the event is not looked at.
    event : str
        First month of the new level.
    years : int
        How many years back, at least 1.

    Returns
    -------
    dict of int to Estimate
        Years before the event to the ratio of levels then.

    Raises
    ------
    InputError
        ``years`` is below 1, or as of :func:`helpers.stats.months.interrupted.interrupted`.

    Examples
    --------
    >>> months = pd.period_range("2018-01", periods=60, freq="M")
    >>> y = pd.Series([80, 130] * 24 + [240, 390] * 6, months)
    >>> found = leads(y, "2022-01", 1)
    >>> list(found), round(found[1].value)
    ([1], 1)
    """
    first = pd.Period(event, "M")
    before = series[: first - 1]
    return {
        back: interrupted(before, first - YEAR * back).effect()
        for back in range(1, whole(years, "the number of years", 1) + 1)
    }


def carried_on(fit: Interrupted) -> pd.DataFrame:
    """Return what was counted, what the model fits, and what it would have without its first term.

    Parameters
    ----------
    fit : Interrupted
        A fitted series.

    Returns
    -------
    pandas.DataFrame, PeriodIndex
        Columns observed, fitted and without, in counts a period. The two curves part by the ratio
        that :meth:`Interrupted.effect` returns, averaged over the memory; the rest is the most
        likely fit.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, index=months)
    >>> table = carried_on(interrupted(y, "2023-01", harmonics=0, order=0))
    >>> table.iloc[-1].round(-1).tolist()
    [50.0, 50.0, 100.0]
    """
    name = fit.terms[0]
    logs = fit.design @ fit.fit.params
    without = logs - fit.design[name] * np.log(fit.effect().value)
    return pd.DataFrame(
        {"observed": fit.series, "fitted": np.exp(logs), "without": np.exp(without)},
        index=fit.design.index,
    )


def found_in(
    worlds: Mapping[str, World],
    at: When,
    planted: Mapping[str, float],
    generator: np.random.Generator,
    *,
    series: int = 200,
) -> dict[str, Estimate]:
    """Return in which share of made panels the primary test finds a step, by group.

    Parameters
    ----------
    worlds : mapping of str to World
        A group to the world of its series, without a step.
    at : date
        First period of the step that is looked for.
    planted : mapping of str to float
        A group to the ratio that is planted in it from the world's event on; others get none.
    generator : numpy.random.Generator
        Source of the panels.
    series : int, default 200
        Number of panels.

    Returns
    -------
    dict of str to Estimate
        Share of panels with a p-value of at most 0.05 in the group, with Wilson's interval.

    Raises
    ------
    InputError
        A group is unknown, there is no world or no panel, or ``generator`` is a seed.

    Examples
    --------
    >>> from helpers.stats.months.noise import Noise
    >>> from helpers.stats.trust.power import flat_world
    >>> calm = flat_world(36, 24, noise=Noise(0.0, 0.1))
    >>> worlds = {"one": calm, "other": calm}
    >>> found = found_in(worlds, "2017-01", {"one": 3.0}, np.random.default_rng(1), series=20)
    >>> found["one"].value > 0.9, found["other"].value < 0.3
    (True, True)
    """
    unknown = set(planted) - set(worlds)
    if unknown or not worlds:
        raise InputError(f"no world for {sorted(unknown)}: expected one for each group")
    own, test, panels = generator_of(generator), StepInMany(at), whole(series, "series", 1)
    shares = {}
    for name, world in worlds.items():
        drawn = [world.draw(planted.get(name, 1.0), own) for _ in range(panels)]
        found = test.many(drawn)
        shares[name] = proportion(sum(_rejected(answer) for answer in found), panels)
    return shares


def differing(
    pair: tuple[World, World],
    compare: Compare,
    planted: float,
    generator: np.random.Generator,
    *,
    series: int = 200,
) -> Estimate:
    """Return in which share of made pairs of series a comparison finds them to differ.

    Parameters
    ----------
    pair : tuple of World
        The worlds of the two series, without a step; their noise is independent.
    compare : callable
        Takes two series and returns an Estimate with a p-value.
    planted : float
        Ratio that is planted in the first series; 1 for the size of the comparison.
    generator : numpy.random.Generator
        Source of the series.
    series : int, default 200
        Number of pairs.

    Returns
    -------
    Estimate
        Share with a p-value of at most 0.05, with Wilson's interval.

    Raises
    ------
    InputError
        There is no pair, or ``generator`` is a seed.

    Examples
    --------
    >>> from helpers.stats.months.noise import Noise
    >>> from helpers.stats.trust.power import flat_world
    >>> calm = flat_world(36, 24, noise=Noise(0.0, 0.1))
    >>> compare = lambda one, other: Estimate(1.0, p=0.0 if one.sum() > 2 * other.sum() else 1.0)
    >>> differing((calm, calm), compare, 9.0, np.random.default_rng(1), series=5).value
    1.0
    """
    own, pairs = generator_of(generator), whole(series, "series", 1)
    one, other = pair
    found = [compare(one.draw(planted, own), other.draw(1.0, own)) for _ in range(pairs)]
    return proportion(sum(_rejected(answer) for answer in found), pairs)


def deal(one: pd.Series, other: pd.Series, generator: np.random.Generator) -> list[pd.Series]:
    """Return two series whose events are those of both, dealt at random in each period.

    Each event falls to the first with the share that the first has of all. Total, trend, season and
    step of the two together stay as they were, and no label means anything: what sets the two
    apart afterwards is chance.

    Parameters
    ----------
    one, other : pandas.Series of int, shape (n,), same regular index
        Counts a period.
    generator : numpy.random.Generator
        Deals.

    Returns
    -------
    list of pandas.Series, length 2
        Counts a period.

    Raises
    ------
    InputError
        The periods differ, a value is no count, nothing is counted, or ``generator`` is a seed.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=3, freq="M")
    >>> one, other = pd.Series([5, 0, 3], months), pd.Series([1, 2, 3], months)
    >>> sum(deal(one, other, np.random.default_rng(1))).tolist()
    [6.0, 2.0, 6.0]
    """
    index = regular(one, "the first series")
    if not index.equals(regular(other, "the second series")):
        raise InputError("the two series have other periods: expected the same")
    mine = counts(one, "the first series", 1)
    total = mine + counts(other, "the second series", 1)
    if not total.sum():
        raise InputError("neither series counts an event: there is nothing to deal")
    dealt = generator_of(generator).binomial(total.astype(int), mine.sum() / total.sum())
    return [pd.Series(values.astype(float), index) for values in (dealt, total - dealt)]


def shuffled(
    one: pd.Series,
    other: pd.Series,
    compare: Compare,
    generator: np.random.Generator,
    *,
    draws: int = 200,
) -> Estimate:
    """Return how often a comparison finds two series to differ whose labels were dealt at random.

    Parameters
    ----------
    one, other : pandas.Series of int, shape (n,), same regular index
        Counts a period.
    compare : callable
        As of :func:`differing`.
    generator : numpy.random.Generator
        Deals, see :func:`deal`.
    draws : int, default 200
        How many times.

    Returns
    -------
    Estimate
        Share with a p-value of at most 0.05, with Wilson's interval.

    Raises
    ------
    InputError
        There is no draw, or as of :func:`deal`.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=3, freq="M")
    >>> one, other = pd.Series([50, 0, 0], months), pd.Series([0, 30, 20], months)
    >>> compare = lambda a, b: Estimate(1.0, p=0.0 if a.iloc[0] == 50 else 1.0)
    >>> compare(one, other).p, shuffled(one, other, compare, np.random.default_rng(1)).value
    (0.0, 0.0)
    """
    times = whole(draws, "draws", 1)
    found = [compare(*deal(one, other, generator)) for _ in range(times)]
    return proportion(sum(_rejected(answer) for answer in found), times)


def _rejected(found: Estimate) -> bool:
    """Return whether a test rejected; one that was refused did not."""
    if found.p is None:
        raise InputError(f"the test '{found.method}' gives no p-value: it can reject nothing")
    return bool(found.p <= ALPHA)


def _logs(ratio: Estimate) -> tuple[float, float, float]:
    """Return the logarithms of a ratio and of the ends of its interval."""
    if ratio.low is None or ratio.high is None or not 0 < ratio.value < np.inf:
        raise InputError(
            f"the ratio {ratio.value:g} has the interval {ratio.low} to {ratio.high}: expected a "
            "finite one above 0 with two ends"
        )
    with np.errstate(divide="ignore"):
        value, low, high = np.log([ratio.value, ratio.low, ratio.high])
    return float(value), float(low), float(high)
