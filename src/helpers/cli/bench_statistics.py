"""The part of ``make bench`` that times the statistics, each beside a loop over statsmodels."""

import os
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

SEED = 20241231
SAMPLE = 20  # fits of a plain loop that are timed; the loop is as long as its number of fits says
GRID: dict[str, list] = {
    "start": list(range(0, 63, 3)),
    "trend": [0, 1],
    "season": [0, 1, 2],
    "error": ["memory", "local level"],
    "steps": [1, 2],
}  # 504


class Timing(NamedTuple):
    """What was measured, and the plain loop beside it.

    Attributes
    ----------
    what : str
        What was measured.
    spent : float
        The seconds that it took.
    loop : float
        The seconds that the plain loop takes.
    words : str
        What the plain loop does.
    """

    what: str
    spent: float
    loop: float
    words: str


def seconds(work: Callable[[], Any]) -> float:
    """Return how long a piece of work takes.

    Parameters
    ----------
    work : callable
        Takes nothing; what it returns is dropped.

    Returns
    -------
    float
        Seconds of one call.

    Examples
    --------
    >>> seconds(lambda: time.sleep(0.01)) >= 0.01
    True
    """
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure() -> list[Timing]:
    """Time the statistics, each beside a plain loop over statsmodels on the same machine.

    Of each loop a few fits are timed (:data:`SAMPLE`); the loop is as long as its number of fits
    says.

    Returns
    -------
    list of Timing
        The bootstrap of one test, a table of sizes, and a multiverse.
    """
    from helpers.stats.months.design import its_design
    from helpers.stats.months.interrupted import interrupted
    from helpers.stats.trust.calibration import SCENARIOS

    generator = np.random.default_rng(SEED)
    world = SCENARIOS[0].world()
    series = world.draw(1.0, generator)
    design = its_design(series.index, world.at)
    # Imports are not timed.
    interrupted(series, world.at, method="bootstrap", generator=generator, draws=19)
    poisson, sarimax = _poisson(series, design), _sarimax(series, design)
    return [
        _bootstrap(series, world.at, generator, poisson),
        _size_table(_unobserved(series, design)),
        _multiverse(series, world.at, generator, sarimax),
    ]


def _bootstrap(
    series: pd.Series, at: pd.Period, generator: np.random.Generator, poisson: float
) -> Timing:
    from helpers.stats.months.interrupted import interrupted

    def work() -> None:
        interrupted(series, at, method="bootstrap", generator=generator, draws=999)

    what = "one AR bootstrap, 999 draws, 120 months"
    return Timing(what, seconds(work), 999 * poisson, "999 Poisson GLMs")


def _size_table(unobserved: float) -> Timing:
    from helpers.stats.trust.calibration import METHODS, SCENARIOS, calibration

    primary = tuple(method for method in METHODS if method.primary)

    def work() -> None:
        calibration(
            SEED,
            scenarios=SCENARIOS[:2],
            methods=primary,
            effects=(1.0,),
            workers=os.cpu_count() or 1,
        )

    return Timing(
        "size table of the primary test, 400 series, 2 scenarios",
        seconds(work),
        2 * 400 * unobserved,
        "800 UnobservedComponents(local level)",
    )


def _multiverse(
    series: pd.Series, at: pd.Period, generator: np.random.Generator, sarimax: float
) -> Timing:
    from helpers.stats.trust.multiverse import multiverse

    def work() -> None:
        multiverse(
            GRID,
            lambda choice, own: _specification(series, at, choice),
            generator,
            workers=os.cpu_count() or 1,
        )

    what = "multiverse of 504 specifications"
    return Timing(what, seconds(work), 504 * sarimax, "504 SARIMAX(1,0,0)")


def _specification(series: pd.Series, at: pd.Period, choice: dict[str, Any]) -> Any:
    """Return the step at ``at`` by one combination of the grid."""
    from helpers.stats.months.interrupted import interrupted

    steps = [at, at - 24][: choice["steps"]]
    return interrupted(
        series.iloc[choice["start"] :],
        steps,
        harmonics=choice["season"],
        order=choice["trend"],
        method=choice["error"],
    ).effect()


def _poisson(series: pd.Series, design: pd.DataFrame) -> float:
    """Return the seconds of one Poisson regression in a plain loop over statsmodels."""
    import statsmodels.api as sm

    def loop() -> None:
        for _ in range(SAMPLE):
            sm.GLM(series.to_numpy(), design.to_numpy(), family=sm.families.Poisson()).fit(
                scale="X2"
            )

    loop()
    return seconds(loop) / SAMPLE


def _unobserved(series: pd.Series, design: pd.DataFrame) -> float:
    """Return the seconds of one regression about a local level in a plain loop over statsmodels."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    logs, others = np.log(series.to_numpy() + 0.5), design.drop(columns="const").to_numpy()

    def loop() -> None:
        for _ in range(SAMPLE):
            UnobservedComponents(logs, "local level", exog=others).fit(disp=0)

    loop()
    return seconds(loop) / SAMPLE


def _sarimax(series: pd.Series, design: pd.DataFrame) -> float:
    """Return the seconds of one regression with AR(1) errors in a plain loop over statsmodels."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    def loop() -> None:
        for _ in range(SAMPLE):
            SARIMAX(np.log(series.to_numpy() + 0.5), exog=design.to_numpy(), order=(1, 0, 0)).fit(
                disp=0
            )

    return seconds(loop) / SAMPLE
