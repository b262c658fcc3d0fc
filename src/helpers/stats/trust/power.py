"""How often a test rejects: its size where there is no effect, its power where there is one, and what it could have found.

A test is any function of a data set and a Generator that returns an Estimate with a p-value; a data set comes from any
function of an effect and a Generator. For count series the data sets come from the mean and the noise estimated from the
series under test, so that size and power belong to the case at hand (:class:`World`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, generator_of, place_of, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.noise import Noise, fit_noise
from helpers.stats.parallel import over

Test = Callable[[Any, np.random.Generator], Estimate]
Draw = Callable[[float, np.random.Generator], Any]


@dataclass(frozen=True)
class World:
    """Count series as they might have been: ``means`` by period (PeriodIndex), ``noise`` about them, the event's date.

    ``draw(ratio, generator)`` gives one of them, its means multiplied by ``ratio`` from the event on.
    """

    means: pd.Series
    noise: Noise
    at: pd.Period

    def draw(self, ratio: float, generator: np.random.Generator) -> pd.Series:
        """Return one series of counts with an effect of ``ratio`` from the event on."""
        means = np.where(self.means.index >= self.at, ratio, 1.0) * self.means.to_numpy()
        return pd.Series(self.noise.draw(means, 1, generator)[0], index=self.means.index)


def world_of(
    series: pd.Series,
    at: str | pd.Period | pd.Timestamp,
    generator: np.random.Generator,
    *,
    harmonics: int = 2,
    order: int = 1,
) -> World:
    """Return the world of a count series: the trend, the seasons and the noise of all its periods, a step at ``at`` set
    aside so that it does not pass for noise."""
    from helpers.stats.counts.negbin import fit_quasi_poisson
    from helpers.stats.months.interrupted import its_design

    clean = pd.Series(counts(series, "the series", 3), index=regular(series, "the series"))
    design = its_design(clean.index, at, harmonics=harmonics, order=order)
    fit = fit_quasi_poisson(clean, design)
    without = np.exp(design.iloc[:, 1:].to_numpy() @ fit.params.iloc[1:].to_numpy())
    event = clean.index[place_of(at, clean.index, "the date")]
    return World(pd.Series(without, index=clean.index), fit_noise(clean, design, generator), event)


def flat_world(
    before: int, after: int, *, mean: float = 80.0, noise: Noise, first: str = "2014-01"
) -> World:
    """Return a world of months without trend or season: ``before`` + ``after`` of them around ``mean``."""
    index = pd.period_range(first, periods=before + after, freq="M")
    return World(pd.Series(mean, index=index), noise, index[before])


@dataclass(frozen=True)
class Rejections:
    """How often a test rejected in ``series`` data sets, and how often its interval held the planted effect
    (``None`` where the test gives no interval)."""

    rejects: int
    series: int
    covered: int | None
    failed: int = 0

    def rate(self, level: float = 0.95) -> Estimate:
        """Return the share of rejections with its Wilson interval."""
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
    """Return how often ``test`` rejects at ``alpha`` in ``series`` data sets drawn with ``effect``.

    A data set that the test refuses counts as one in which it did not reject, and in ``failed``.
    """
    if series < 1:
        raise InputError(f"series is {series}: expected at least 1")

    def one(_, own: np.random.Generator) -> tuple[bool, bool | None, bool]:
        try:
            found = test(draw(effect, own), own)
        except InputError:
            return False, False, True
        held = None if found.low is None else bool(found.low <= effect <= found.high)
        return bool(found.p <= alpha), held, False

    seen = over(one, range(series), generator_of(generator), workers=workers)
    held = None if any(one[1] is None for one in seen) else sum(one[1] for one in seen)
    return Rejections(sum(one[0] for one in seen), series, held, sum(one[2] for one in seen))


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
    """Return effect, rejects, series, power, low, high and covered (share of intervals that held the effect) by effect.

    All effects meet the same random numbers, so that the curve is smooth where the test is.
    """
    state, rows = generator_of(generator).bit_generator.seed_seq.spawn(1)[0], []
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
    """The effects nearest to none, below and above it, that a test finds with ``power``; ``None`` where none in the
    curve reaches it."""

    below: float | None
    above: float | None
    power: float


def detectable(curve: pd.DataFrame, *, none: float = 1.0, power: float = 0.8) -> Detectable:
    """Return the minimum detectable effects of a power curve (:func:`power_curve`), between its points by their logarithms."""

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
