"""A step in the ratio of two series of counts, beside other steps, and what weighs it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.parting import NOISY, PLANTED
from helpers.stats.checks import When, dates_of, positive
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import controlled
from helpers.stats.panels.pairs import StepInRatio, pair_worlds
from helpers.stats.trust.power import Detectable, detectable, power_curve
from helpers.stats.trust.worlds import Size, worst_size


@dataclass(frozen=True)
class RatioTest:
    """A step in a ratio, and what it is worth.

    Attributes
    ----------
    step : Estimate
        By what factor the ratio then differs from its own trend.
    size : Size
        How often the test finds a step where there is none, by plausible world.
    curve : pandas.DataFrame
        Columns ``effect`` and ``power``; it holds the effect ``smallest``.
    smallest : float
        The smallest ratio that would matter.
    """

    step: Estimate
    size: Size
    curve: pd.DataFrame
    smallest: float

    @property
    def detectable(self) -> Detectable:
        """The ratios nearest to one, below and above, that are found four times in five."""
        return detectable(self.curve)

    def beside(self) -> dict[str, float]:
        """Return what weighs the ratio, by name; what is not within reach is left out.

        Returns
        -------
        dict of str to float
            ``p``, ``size``, ``power``, ``detectable_fall`` and ``detectable_rise``.
        """
        every = {
            "p": self.step.p,
            "size": self.size.share,
            "power": self.curve.set_index("effect")["power"][self.smallest],
            "detectable_fall": self.detectable.below,
            "detectable_rise": self.detectable.above,
        }
        return {name: float(value) for name, value in every.items() if value is not None}

    def words(self) -> dict[str, str]:
        """Return the world in which the test rejects most often.

        Returns
        -------
        dict of str to str
            ``worst_world``.
        """
        return {"worst_world": self.size.worst}


def weighed(
    series: pd.Series,
    comparison: pd.Series,
    dates: When | Iterable[When],
    generator: np.random.Generator,
    *,
    smallest: float,
    simulated: int = 200,
) -> RatioTest:
    """Return a step in the ratio of two series with its size and power.

    Parameters
    ----------
    series, comparison : pandas.Series of int, shape (n,), same regular index
        Counts a period.
    dates : date or iterable of dates
        First period of the new level that is tested; further dates are steps of their own.
    generator : numpy.random.Generator
        Source of the simulated pairs.
    smallest : float
        The smallest ratio that would matter, not 1.
    simulated : int, default 200
        Pairs of each plausible world and of each planted step.

    Returns
    -------
    RatioTest

    Raises
    ------
    InputError
        ``smallest`` is no ratio other than 1, or as of
        :func:`helpers.stats.months.interrupted.controlled`.

    Examples
    --------
    The first doubles, the other does not.

    >>> months = pd.period_range("2019-01", periods=60, freq="M")
    >>> other = pd.Series([80, 130] * 30, months)
    >>> y, own = other.where(months < "2023-01", 2 * other), np.random.default_rng(1)
    >>> found = weighed(y, other, "2023-01", own, smallest=1.25, simulated=8)
    >>> round(found.step.value, 1), sorted(found.words())
    (2.0, ['worst_world'])
    """
    if positive(smallest, "the smallest ratio") == 1:
        raise InputError("the smallest ratio is 1: expected one that is a change")
    steps = dates_of(dates, "the step")
    test, worlds = StepInRatio(steps), pair_worlds(series, comparison, steps, generator)
    effects = sorted({*PLANTED, smallest})
    return RatioTest(
        controlled(series, comparison, steps).effect(),
        worst_size(test, worlds, generator, series=simulated),
        power_curve(test, worlds[NOISY].draw, effects, generator, series=simulated),
        smallest,
    )
