"""The tests of a step under trial, in worlds that they do not assume.

Series without an effect and with planted ones, from kinds of noise and of past that the series of
this field may have: autoregressions, autoregressions and random walks under noise, few counts,
strong seasons, overdispersion, and a doubling or a turn before the event. A test that finds an
effect in more than about one in twenty of the series without one is not used.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.months.interrupted import Method as Inference
from helpers.stats.months.interrupted import StepInMany, interrupted
from helpers.stats.months.noise import Noise, Walk
from helpers.stats.parallel import over
from helpers.stats.trust.placebo import placebo_in_time
from helpers.stats.trust.power import Test, World, flat_world, rejections

SEED = 20241231  # of the trial: it is the same whatever a run is seeded with
PLANTED = (0.6, 2.0)
LEAST_BEFORE = 18  # periods before a placebo date: the short scenario leaves no room for two years


@dataclass(frozen=True)
class Scenario:
    """A kind of series on which tests are tried.

    Attributes
    ----------
    name : str
        The scenario in words.
    noise : Noise or Walk
        Noise of its series.
    before, after : int
        Months before the event, and from it on.
    mean : float, default 80.0
        Expected count in the first month.
    season : float, default 0.0
        Amplitude of the yearly wave, on the log scale; a wave of half a year has two fifths of it.
    shift : float, default 1.0
        Factor of the mean from the middle of the months before the event on.
    turn : float, default 0.0
        Growth a month from there on, on the log scale.
    old : bool, default False
        Whether it is one on which the tests that are not primary are tried as well.

    Examples
    --------
    >>> one = Scenario("doubled", Noise(0.0, 0.1), before=24, after=6, mean=10, shift=2)
    >>> one.world().means.iloc[[0, 11, 12, 29]].tolist()
    [10.0, 10.0, 20.0, 20.0]
    """

    name: str
    noise: Noise | Walk
    before: int = 102
    after: int = 18
    mean: float = 80.0
    season: float = 0.0
    shift: float = 1.0
    turn: float = 0.0
    old: bool = False

    @property
    def span(self) -> str:
        """The months before and after the event, such as '102+18'."""
        return f"{self.before}+{self.after}"

    def world(self) -> World:
        """Return the world that its series come from.

        Returns
        -------
        World

        Examples
        --------
        >>> world = Scenario("calm", Noise(0.0, 0.1), before=12, after=3, mean=10).world()
        >>> world.means.unique().tolist(), str(world.at)
        ([10.0], '2015-01')
        """
        flat = flat_world(self.before, self.after, mean=self.mean, noise=self.noise)
        months = np.arange(self.before + self.after)
        since = np.maximum(months - self.before // 2, 0)
        wave = np.sin(2 * np.pi * months / 12) + 0.4 * np.cos(4 * np.pi * months / 12)
        logs = self.season * wave + self.turn * since
        shifts = np.where(months >= self.before // 2, self.shift, 1.0)
        return World(flat.means * np.exp(logs) * shifts, self.noise, flat.at)


def _ar(rho: float, shock: float, own: float = 0.0, dispersion: float = 1.0) -> Noise:
    """Return an autoregression by the standard deviation of its shocks."""
    return Noise(rho, shock / np.sqrt(1 - rho**2), own, dispersion)


SCENARIOS = (
    Scenario("AR .5", _ar(0.5, 0.2), 114, 6, old=True),
    Scenario("AR .5", _ar(0.5, 0.2), 34, 6, old=True),
    Scenario("independent", _ar(0.0, 0.2), 114, 6, old=True),
    Scenario("AR .8", _ar(0.8, 0.15), 114, 6, old=True),
    Scenario("AR .8", _ar(0.8, 0.15), 24, 3),
    Scenario("AR .9", _ar(0.9, 0.15), 180, 12),
    Scenario("AR .95", _ar(0.95, 0.12)),
    Scenario("AR .95", _ar(0.95, 0.12), 60, 24),
    Scenario("AR .95 and noise", _ar(0.95, 0.12, 0.3), old=True),
    Scenario("AR .95 and noise", _ar(0.95, 0.12, 0.3), 60, 24),
    Scenario("AR .95 and noise", _ar(0.95, 0.12, 0.3), 34, 6),
    Scenario("AR .95, mean 10", _ar(0.95, 0.15), mean=10, old=True),
    Scenario("AR .9, mean 5", _ar(0.9, 0.2), mean=5),
    Scenario("AR .9, mean 2", _ar(0.9, 0.2), 114, 6, mean=2),
    Scenario("AR .9, mean 2", _ar(0.9, 0.2), mean=2),
    Scenario("AR .9, mean 10, dispersion 3", _ar(0.9, 0.15, dispersion=3), mean=10),
    Scenario("random walk, slow", Walk(0.03)),
    Scenario("random walk, slow, noise", Walk(0.05, 0.2), 60, 24),
    Scenario("random walk", Walk(0.1)),
    Scenario("random walk and noise", Walk(0.1, 0.3)),
    Scenario("random walk and noise", Walk(0.1, 0.3), 24, 6),
    Scenario("random walk, mean 10", Walk(0.1), 180, 24, mean=10),
    Scenario("random walk, mean 2", Walk(0.1), 60, 12, mean=2),
    Scenario("strong seasons", _ar(0.5, 0.2), season=1.0),
    Scenario("strong seasons", _ar(0.5, 0.2), 34, 6, season=1.0),
    Scenario("dispersion 10", _ar(0.5, 0.1, dispersion=10)),
    Scenario("dispersion 10", _ar(0.5, 0.1, dispersion=10), 114, 6, mean=20),
    Scenario("doubled before", _ar(0.5, 0.2), shift=2.0),
    Scenario("doubled before", _ar(0.5, 0.2), 24, 12, shift=2.0),
    Scenario("turned before", _ar(0.5, 0.2), turn=0.02),
    Scenario("turned before", _ar(0.5, 0.2), 60, 24, turn=0.02),
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
    test : callable
        Takes the date of the event; returns a test of series of counts, which gives an Estimate of
        the rate ratio with its p-value.
    everywhere : bool
        Whether it is tried in every scenario, and not in the old ones alone.

    Examples
    --------
    >>> from helpers.stats.estimate import Estimate
    >>> always = Method("always", False, lambda at: lambda series, own: Estimate(1.0, p=0.0))
    >>> always.test(pd.Period("2024-01", "M"))(None, None).p
    0.0
    """

    name: str
    primary: bool
    test: Callable[[pd.Period], Test]
    everywhere: bool = True


def _fitted(method: Inference, at: pd.Period) -> Test:
    """Return the test that a method of :func:`interrupted` makes."""
    return lambda series, own: interrupted(
        series, at, method=method, generator=own, draws=199
    ).effect()


def _placebo(at: pd.Period) -> Test:
    return lambda series, own: placebo_in_time(series, at, before=LEAST_BEFORE).effect()


METHODS = (
    Method("averaged over memory", True, StepInMany),
    Method("local level", False, partial(_fitted, "local level")),
    Method("REML, AR(1)", False, partial(_fitted, "reml")),
    Method("AR bootstrap", False, partial(_fitted, "bootstrap"), everywhere=False),
    Method("placebo in time", False, _placebo, everywhere=False),
    Method("Newey-West", False, partial(_fitted, "hac"), everywhere=False),
    Method("quasi-Poisson", False, partial(_fitted, "quasi"), everywhere=False),
)


def calibration(
    seed: int,
    *,
    scenarios: tuple[Scenario, ...] = SCENARIOS,
    methods: tuple[Method, ...] = METHODS,
    effects: tuple[float, ...] = (1.0, *PLANTED),
    series: int = 400,
    workers: int = 1,
) -> pd.DataFrame:
    """Return how often tests reject on series without an effect and with planted ones.

    All methods meet the same series, and a row does not depend on which others are asked for.

    Parameters
    ----------
    seed : int
        From which, with the names of scenario and effect, the series are drawn.
    scenarios : tuple of Scenario, optional
        Kinds of series.
    methods : tuple of Method, optional
        Tests under trial.
    effects : tuple of float, default (1.0, 0.6, 2.0)
        Rate ratios from the event on; 1 for none.
    series : int, default 400
        Number of series for each scenario and effect.
    workers : int, default 1
        Processes; they change no number.

    Returns
    -------
    pandas.DataFrame, one row a scenario, effect and method
        Columns ``scenario``, ``span``, ``method``, ``primary``, ``effect``, ``rejects`` and
        ``series`` (counts), ``share``, ``low`` and ``high`` (share of rejections at 5 % with its
        Wilson interval), ``covered`` (share of intervals that held the effect; NaN without
        intervals).

    Raises
    ------
    InputError
        ``series`` or ``workers`` is below 1.

    References
    ----------
    * Turner et al. (2021), Comparison of six statistical methods for interrupted time series
      studies.

    Examples
    --------
    A test that finds an effect in whatever it is shown has a size and a power of 1.

    >>> from helpers.stats.estimate import Estimate
    >>> always = Method("always", False, lambda at: lambda series, own: Estimate(1.0, p=0.0))
    >>> kind = (Scenario("calm", Noise(0.0, 0.2), 34, 6),)
    >>> trial = calibration(1, scenarios=kind, methods=(always,), effects=(1.0, 0.6), series=8)
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
        if method.everywhere or scenario.old
    ]
    row = partial(_row, seed=seed, series=series)
    return pd.DataFrame(over(row, tasks, np.random.default_rng(seed), workers=workers))


def _row(
    task: tuple[Scenario, float, Method], _: np.random.Generator, *, seed: int, series: int
) -> dict[str, object]:
    """Return how one method does in one scenario with one effect."""
    scenario, effect, method = task
    world, named = scenario.world(), f"{scenario.name} {scenario.span} {effect:g}"
    own = np.random.default_rng([seed, zlib.crc32(named.encode())])
    found = rejections(method.test(world.at), world.draw, effect, own, series=series)
    rate = found.rate()
    return {
        "scenario": scenario.name,
        "span": scenario.span,
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
