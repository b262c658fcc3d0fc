"""The tests of an interrupted series under trial: simulated series without an effect and with a planted one.

Counts around 80 a month whose logarithm wanders by a first-order autoregression, as the series of this field do. A
test that finds an effect in more than about one in twenty of the series without one is not used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import interrupted
from helpers.stats.months.noise import Noise
from helpers.stats.months.rejected import newey_west_step, quasi_poisson_step
from helpers.stats.parallel import over
from helpers.stats.trust.placebo import placebo_in_time
from helpers.stats.trust.power import flat_world, rejections

PLANTED = 0.6
LEAST_BEFORE = 18  # periods before a placebo date: the short scenario leaves no room for two years


@dataclass(frozen=True)
class Scenario:
    """Months before and after the event, the autocorrelation and the standard deviation of the shocks."""

    before: int
    after: int
    rho: float
    shock: float

    @property
    def name(self) -> str:
        """The scenario in words."""
        return f"{self.before}+{self.after} months, AR {self.rho:g}, sd {self.shock:g}"

    @property
    def noise(self) -> Noise:
        """The noise that its series have."""
        return Noise(self.rho, self.shock / np.sqrt(1 - self.rho**2))


SCENARIOS = (
    Scenario(114, 6, 0.5, 0.2),
    Scenario(34, 6, 0.5, 0.2),
    Scenario(114, 6, 0.0, 0.2),
    Scenario(114, 6, 0.8, 0.15),
)


@dataclass(frozen=True)
class Method:
    """A test by name, whether findings rest on it, and the function (series, date, generator) that runs it."""

    name: str
    primary: bool
    run: Callable[[pd.Series, pd.Period, np.random.Generator], Estimate]


def _fitted(
    method: str, series: pd.Series, at: pd.Period, generator: np.random.Generator
) -> Estimate:
    return interrupted(series, at, method=method, generator=generator, draws=399).effect()


METHODS = (
    Method("REML-GLS AR(1)", True, partial(_fitted, "reml")),
    Method("AR bootstrap", True, partial(_fitted, "bootstrap")),
    Method("local level", False, partial(_fitted, "local level")),
    Method(
        "placebo in time",
        False,
        lambda series, at, _: placebo_in_time(series, at, before=LEAST_BEFORE).effect(),
    ),
    Method("hac (Newey-West)", False, lambda series, at, _: newey_west_step(series, at)),
    Method("quasi-Poisson", False, lambda series, at, _: quasi_poisson_step(series, at)),
)


def calibration(
    generator: np.random.Generator,
    *,
    scenarios: tuple[Scenario, ...] = SCENARIOS,
    methods: tuple[Method, ...] = METHODS,
    effects: tuple[float, ...] = (1.0, PLANTED),
    series: int = 400,
    workers: int = 1,
) -> pd.DataFrame:
    """Return a row for each scenario, effect (a rate ratio, 1 for none) and method.

    Columns: scenario, method, primary, effect, rejects and series (counts), share, low and high (share of
    rejections with its Wilson interval), covered (share of intervals that held the effect; NaN without intervals). All
    methods meet the same series.
    """
    tasks = [
        (scenario, effect, method)
        for scenario in scenarios
        for effect in effects
        for method in methods
    ]
    seeds = np.repeat(
        generator.integers(2**63, size=len(scenarios) * len(effects)), len(methods)
    ).tolist()
    return pd.DataFrame(
        over(partial(_row, series=series), list(zip(tasks, seeds)), generator, workers=workers)
    )


def _row(task: tuple, _: np.random.Generator, *, series: int) -> dict[str, object]:
    (scenario, effect, method), seed = task
    world = flat_world(scenario.before, scenario.after, noise=scenario.noise)

    def test(counts: pd.Series, generator: np.random.Generator) -> Estimate:
        return method.run(counts, world.at, generator)

    found = rejections(test, world.draw, effect, np.random.default_rng(seed), series=series)
    rate = found.rate()
    return {
        "scenario": scenario.name,
        "method": method.name,
        "primary": method.primary,
        "effect": effect,
        "rejects": found.rejects,
        "series": series,
        "share": rate.value,
        "low": rate.low,
        "high": rate.high,
        "covered": np.nan if found.covered is None else found.covered / series,
    }
