"""Two units of a panel, one over the other: did their ratio step at a date?

The month by month difference-in-differences of two series of counts is a step in their ratio
(:func:`helpers.stats.months.interrupted.controlled`), or a passing change of it
(:mod:`helpers.stats.panels.pulse_pairs`). What both share, cancels; what each has of
its own does not, and the ratio of two wandering levels wanders too. Size and power are therefore
those in pairs of worlds, each fitted to its own series, with noise that they do not share.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, contrast_of, generator_of
from helpers.stats.estimate import Estimate
from helpers.stats.months.count_regression import CountRegression
from helpers.stats.months.design import Seasons, its_design
from helpers.stats.months.in_many import HELD
from helpers.stats.months.interrupted import controlled
from helpers.stats.shares.proportion import proportion
from helpers.stats.trust.power import World
from helpers.stats.trust.worlds import plausible_worlds

Pair = tuple[pd.Series, pd.Series]


class InRatio(ABC):
    """A test of the first column of a design, in the ratio of one pair of series or of many."""

    @abstractmethod
    def __call__(self, pair: Pair, generator: np.random.Generator) -> Estimate:
        """Return the ratio of rate ratios in one pair."""

    @abstractmethod
    def design(self, index: pd.PeriodIndex) -> pd.DataFrame:
        """Return the columns of the regression, the term under test first.

        Parameters
        ----------
        index : pandas.PeriodIndex, shape (n,)
            Periods of a pair.

        Returns
        -------
        pandas.DataFrame of float, shape (n, k), PeriodIndex
        """

    def many(self, batch: list[Pair], effect: float = 1.0) -> list[Estimate]:
        """Return the ratio of rate ratios in each of many pairs over the same periods.

        Parameters
        ----------
        batch : list of pairs of pandas.Series of int, shape (n,), same PeriodIndex
            Counts of the series, and of the one to which it is set in ratio.
        effect : float, default 1.0
            Ratio that is planted in them.

        Returns
        -------
        list of Estimate
            As of :meth:`helpers.stats.months.in_many.InMany.many`.

        Examples
        --------
        >>> months = pd.period_range("2020-01", periods=48, freq="M")
        >>> other = pd.Series([90, 110] * 24, months)
        >>> pair = pd.Series([95, 100, 105] * 12 + [190, 200, 210] * 4, months), other
        >>> (found,) = StepInRatio("2023-01", harmonics=0).many([pair], effect=2.0)
        >>> round(found.value, 1), found.p < 0.05, found.high
        (2.0, True, inf)
        """
        design = self.design(batch[0][0].index)
        inside = design.iloc[:, 0].to_numpy() != 0
        usual = [
            all(one[inside].any() and one[~inside].any() for one in pair)
            for pair in ((first.to_numpy(), other.to_numpy()) for first, other in batch)
        ]
        pairs = [pair for pair, one in zip(batch, usual) if one]
        found = iter(_tested(design, pairs, effect) if pairs else ())
        tested = [next(found) if one else None for one in usual]
        # A design that reproduces a ratio leaves no error: one machine rounds it to 0, another not.
        return [
            one
            if one is not None and one.p is not None and np.isfinite(one.p)
            else self._tried(pair)
            for pair, one in zip(batch, tested)
        ]

    def _tried(self, pair: Pair) -> Estimate:
        """Return the ratio in one pair, NaN where it is refused."""
        try:
            return self(pair, np.random.default_rng(0))
        except InputError as error:
            return Estimate(np.nan, np.nan, np.nan, np.nan, len(pair[0]), str(error))


@dataclass(frozen=True)
class StepInRatio(InRatio):
    """The test of a step in the ratio of two series, for one pair or for many at once.

    Attributes
    ----------
    steps : date or iterable of dates
        First period of each new level; the first is the one that is tested.
    harmonics : int or "dummies"
        Seasons.
    order : int, optional
        Order of the trend of the ratio; 0 takes the two for parallel.

    Examples
    --------
    The first doubles in 2023, the other does not.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> other = pd.Series([90, 110] * 24, months)
    >>> pair = pd.Series([95, 100, 105] * 12 + [190, 200, 210] * 4, months), other
    >>> test = StepInRatio("2023-01", harmonics=0)
    >>> alone, (together,) = test(pair, np.random.default_rng(1)), test.many([pair])
    >>> round(alone.value, 1), abs(alone.p - together.p) < 1e-6
    (2.0, True)
    """

    steps: When | Iterable[When]
    harmonics: Seasons = 2
    order: int | None = None

    def __call__(self, pair: Pair, generator: np.random.Generator) -> Estimate:
        """Return the ratio of rate ratios in one pair; the generator is not used."""
        return controlled(*pair, self.steps, **self._form).effect()

    def design(self, index: pd.PeriodIndex) -> pd.DataFrame:
        """Return the columns of the regression, the step that is tested first.

        Parameters
        ----------
        index : pandas.PeriodIndex, shape (n,)
            Periods of a pair.

        Returns
        -------
        pandas.DataFrame of float, shape (n, k), PeriodIndex

        Examples
        --------
        >>> months = pd.period_range("2024-01", periods=3, freq="M")
        >>> StepInRatio("2024-03", harmonics=0, order=0).design(months).iloc[:, 0].tolist()
        [0.0, 0.0, 1.0]
        """
        return its_design(index, self.steps, **self._form)

    @property
    def _form(self) -> dict[str, Any]:
        return {"harmonics": self.harmonics, "order": self.order}


@dataclass(frozen=True)
class PairWorld:
    """Two series of counts as they might have been, with noise that they do not share.

    Attributes
    ----------
    series, comparison : World
        Of each.
    """

    series: World
    comparison: World

    def draw(self, ratio: float, generator: np.random.Generator) -> Pair:
        """Return one pair, with an effect in the first from the event on.

        Parameters
        ----------
        ratio : float
            Factor of the first's means from the event on, at least 0; 1 for no effect.
        generator : numpy.random.Generator
            Source of the counts.

        Returns
        -------
        tuple of pandas.Series of float, shape (n,), PeriodIndex
            Counts of the series and of its comparison.

        Examples
        --------
        >>> from helpers.stats.months.noise import Noise
        >>> from helpers.stats.trust.power import flat_world
        >>> world = flat_world(2, 2, mean=1000, noise=Noise(0.0, 0.1))
        >>> one, other = PairWorld(world, world).draw(0.0, np.random.default_rng(1))
        >>> one.gt(500).tolist(), other.gt(500).tolist()
        ([True, True, False, False], [True, True, True, True])
        """
        return self.series.draw(ratio, generator), self.comparison.draw(1.0, generator)


def pair_worlds(
    series: pd.Series,
    comparison: pd.Series,
    at: When | Iterable[When],
    generator: np.random.Generator,
    *,
    harmonics: Seasons = 2,
    order: int | None = None,
) -> dict[str, PairWorld]:
    """Return the worlds that a pair may come from, each series fitted without the event's step.

    Parameters
    ----------
    series, comparison : pandas.Series of int, shape (n,), same regular index
        Counts.
    at : date or iterable of dates
        First period of the event; further dates are steps that the worlds keep.
    generator : numpy.random.Generator
        Source of the series by which the bias of the noise is found.
    harmonics, order : int
        As of :func:`helpers.stats.trust.worlds.plausible_worlds`.

    Returns
    -------
    dict of str to PairWorld
        By the names of :func:`helpers.stats.trust.worlds.plausible_worlds`.

    Raises
    ------
    InputError
        As of :func:`helpers.stats.trust.worlds.plausible_worlds`.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([80, 130] * 24, months)
    >>> list(pair_worlds(y, 2 * y, "2023-01", np.random.default_rng(1), harmonics=0))
    ['AR(1)', 'AR(1) plus noise', 'random walk']
    """
    first, other = (
        plausible_worlds(one, at, generator, harmonics=harmonics, order=order)
        for one in (series, comparison)
    )
    return {name: PairWorld(first[name], other[name]) for name in first}


def shuffled(
    panel: pd.DataFrame,
    test: InRatio,
    generator: np.random.Generator,
    *,
    draws: int = 200,
) -> Estimate:
    """Return the share of panels with labels drawn by lot in which a step is found.

    In each period the counts of the units change places among them. No unit is then another's equal
    for longer than a period, so the share should be about one in twenty. Units that did part at the
    date lie further from each other after it: such a panel scatters more there once shuffled, and
    the share is then higher.

    Parameters
    ----------
    panel : pandas.DataFrame of int, shape (t, u), PeriodIndex by names
        Counts by period and unit, at least two units; the first stands over the second.
    test : InRatio
        What is looked for.
    generator : numpy.random.Generator
        Draws the labels.
    draws : int, default 200
        How often.

    Returns
    -------
    Estimate
        Share of ``draws`` with a p-value of at most 0.05, with Wilson's interval.

    Raises
    ------
    InputError
        The panel has fewer than two units, or no draw can be tested.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=36, freq="M")
    >>> counts = np.random.default_rng(1).poisson(20, (36, 3))
    >>> panel = pd.DataFrame(counts, months, ["a", "b", "c"])
    >>> test = StepInRatio("2022-01", harmonics=0)
    >>> found = shuffled(panel, test, np.random.default_rng(2), draws=20)
    >>> found.n, found.low < 0.05
    (20, True)
    """
    if panel.shape[1] < 2:
        raise InputError(f"the panel has {panel.shape[1]} units: expected at least two to shuffle")
    table, own = panel.to_numpy(), generator_of(generator)
    drawn = (pd.DataFrame(own.permuted(table, axis=1), panel.index) for _ in range(draws))
    found = test.many([(one[0], one[1]) for one in drawn])
    p = np.array([one.p for one in found if one.p is not None and np.isfinite(one.p)])
    if not len(p):
        raise InputError("no shuffled panel can be tested: the units count too little")
    return proportion(int((p <= HELD).sum()), len(p))


def _tested(design: pd.DataFrame, pairs: list[Pair], effect: float) -> list[Estimate]:
    """Return the first term's ratio in each pair, and whether its interval holds the effect."""
    values, others = (np.column_stack(part).astype("float64") for part in zip(*pairs))
    regression = CountRegression(design.to_numpy(dtype="float64"))
    contrast = contrast_of(str(design.columns[0]), design.columns)
    logs, p = regression.tests(values, contrast, comparison=others)
    at = float(np.log(effect)) if effect > 0 else -np.inf
    held = p if at == 0 else regression.tests(values, contrast, at, comparison=others)[1]
    words = "ratio of counts with errors averaged over their memory"
    ends = [(0.0, np.inf) if holds else (np.nan, np.nan) for holds in held > HELD]
    return [
        Estimate(float(np.exp(log)), low, high, float(one), len(values), words)
        for log, one, (low, high) in zip(logs, p, ends)
    ]
