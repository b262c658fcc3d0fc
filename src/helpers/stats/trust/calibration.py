"""The tests of an interrupted series under trial: series without an effect and with a planted one.

Counts around 80 a month whose logarithm wanders by a first-order autoregression, as the series of
this field do. A test that finds an effect in more than about one in twenty of the series without
one is not used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import Method as Inference
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
    """A kind of series on which tests are tried.

    Attributes
    ----------
    before, after : int
        Months before the event, and from it on.
    rho : float
        Lag-one autocorrelation of the log deviation.
    shock : float
        Standard deviation of its monthly shocks, on the log scale.
    name : str
        The scenario in words.
    noise : Noise
        The noise of its series.

    Examples
    --------
    Shocks of 0.3 under an autocorrelation of 0.8 add up to 0.3 / sqrt(1 - 0.64) = 0.5.

    >>> one = Scenario(before=34, after=6, rho=0.8, shock=0.3)
    >>> one.name, round(float(one.noise.sd), 6)
    ('34+6 months, AR 0.8, sd 0.3', 0.5)
    """

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
    """A test under trial.

    Attributes
    ----------
    name : str
        Its name.
    primary : bool
        Whether findings rest on it.
    run : callable
        Takes a series of counts, the date of the event and a generator; returns an Estimate of the
        rate ratio with its p-value.

    Examples
    --------
    >>> count = pd.Series([1, 2], pd.period_range("2024-01", periods=2, freq="M"))
    >>> always = Method("always", False, lambda series, at, generator: Estimate(1.0, p=0.0))
    >>> always.run(count, count.index[1], np.random.default_rng(1)).p
    0.0
    """

    name: str
    primary: bool
    run: Callable[[pd.Series, pd.Period, np.random.Generator], Estimate]


def _fitted(
    method: Inference, series: pd.Series, at: pd.Period, generator: np.random.Generator
) -> Estimate:
    """Return the step that a method of :func:`interrupted` finds."""
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
    """Return how often tests reject on series without an effect and with planted ones.

    All methods meet the same series.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of the series.
    scenarios : tuple of Scenario, optional
        Kinds of series.
    methods : tuple of Method, optional
        Tests under trial.
    effects : tuple of float, default (1.0, 0.6)
        Rate ratios from the event on; 1 for none.
    series : int, default 400
        Number of series for each scenario and effect.
    workers : int, default 1
        Processes; they change no number.

    Returns
    -------
    pandas.DataFrame, one row a scenario, effect and method
        Columns ``scenario``, ``method``, ``primary``, ``effect``, ``rejects`` and ``series``
        (counts), ``share``, ``low`` and ``high`` (share of rejections at 5 % with its Wilson
        interval), ``covered`` (share of intervals that held the effect; NaN without intervals).

    Raises
    ------
    InputError
        ``series`` or ``workers`` is below 1, or ``generator`` is a seed.

    References
    ----------
    * Turner et al. (2021), Comparison of six statistical methods for interrupted time series
      studies.

    Examples
    --------
    A test that finds an effect in whatever it is shown has a size and a power of 1.

    >>> always = Method("always", False, lambda series, at, generator: Estimate(1.0, p=0.0))
    >>> kind, generator = (Scenario(34, 6, 0.5, 0.2),), np.random.default_rng(1)
    >>> trial = calibration(generator, scenarios=kind, methods=(always,), series=8)
    >>> trial[["method", "effect", "rejects", "share"]]
       method  effect  rejects  share
    0  always     1.0        8    1.0
    1  always     0.6        8    1.0
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


def _row(
    task: tuple[tuple[Scenario, float, Method], int], _: np.random.Generator, *, series: int
) -> dict[str, object]:
    """Return how one method does in one scenario with one effect, on series drawn from its seed."""
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
