"""A gradient of growth and what weighs it: size and power in worlds where neighbours move together.

The plain test is read against worlds without a gradient first
(:func:`helpers.stats.panels.gradient.calibrated`), then tried in others.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.panels.gradient import KILOMETRES, Gradient, calibrated, worlds
from helpers.stats.trust.power import Detectable, detectable, power_curve
from helpers.stats.trust.worlds import Size, worst_size

PLANTED = (1.0, 1.5, 2.0, 3.0)
HARDEST = max(KILOMETRES, key=lambda name: KILOMETRES[name])  # where power is measured


@dataclass(frozen=True)
class GradientTest:
    """A gradient of growth, and what it is worth.

    Attributes
    ----------
    test : Gradient
        The calibrated test.
    step : Estimate
        Ratio of growth for each unit along the line.
    size : Size
        How often the test finds a gradient where there is none, by world.
    curve : pandas.DataFrame
        Columns ``effect`` and ``power``; it holds the effect ``smallest``.
    smallest : float
        The smallest ratio that would matter.
    alike, scatter : float
        How alike neighbours are in what is unexplained, and the overdispersion.
    null : numpy.ndarray of float
        Ratios found in the hardest world without a gradient.
    """

    test: Gradient
    step: Estimate
    size: Size
    curve: pd.DataFrame
    smallest: float
    alike: float
    scatter: float
    null: np.ndarray

    @property
    def detectable(self) -> Detectable:
        """The ratios nearest to one that are found four times in five."""
        return detectable(self.curve)

    def beside(self) -> dict[str, float]:
        """Return what weighs the ratio, by name; what is not within reach is left out.

        Returns
        -------
        dict of str to float
            ``p``, ``size``, ``power`` at the smallest effect and ``power_at_2``,
            ``detectable_rise``, ``alike`` and ``scatter``.
        """
        power = self.curve.set_index("effect")["power"]
        every = {
            "p": self.step.p,
            "size": self.size.share,
            "power": power[self.smallest],
            "power_at_2": power[2.0],
            "detectable_rise": self.detectable.above,
            "alike": self.alike,
            "scatter": self.scatter,
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
    test: Gradient,
    places: pd.DataFrame,
    generator: np.random.Generator,
    *,
    smallest: float,
    simulated: int = 150,
) -> GradientTest:
    """Return a gradient with its size and power.

    Parameters
    ----------
    test : Gradient
        The plain test.
    places : pandas.DataFrame
        ``before``, ``after``, ``latitude`` and ``longitude``.
    generator : numpy.random.Generator
        Draws signs and worlds.
    smallest : float
        The smallest ratio that would matter, above 1.
    simulated : int, default 150
        Draws of each world and of each planted gradient.

    Returns
    -------
    GradientTest

    Raises
    ------
    InputError
        ``smallest`` is not above 1, or as of :class:`helpers.stats.panels.gradient.Gradient`.
    """
    if not smallest > 1:
        raise InputError(f"the smallest ratio is {smallest:g}: expected one above 1")
    quiet = worlds(test, places, places)
    strict = calibrated(test, quiet, generator, simulated)
    plain, hardest = replace(strict, interval=False), quiet[HARDEST]
    effects = sorted({*PLANTED, smallest})
    return GradientTest(
        strict,
        strict(places, generator),
        worst_size(plain, quiet, generator, series=simulated),
        power_curve(plain, hardest.draw, effects, generator, series=simulated),
        smallest,
        strict.alike(places, places),
        strict.scatter(places),
        np.array([plain(hardest.draw(1.0, generator), generator).value for _ in range(simulated)]),
    )
