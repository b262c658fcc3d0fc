"""The part of ``make bench`` that measures the statistics, each against a plain loop over statsmodels in the same run."""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

SEED = 20241231
SAMPLE = 20  # fits of a plain loop that are timed; the loop is as long as its number of fits says
GRID: dict[str, list] = {
    "start": list(range(0, 63, 3)),
    "trend": [0, 1],
    "season": [0, 1, 2],
    "error": ["reml", "local level"],
    "steps": [1, 2],
}  # 504


def seconds(work: Callable[[], Any]) -> float:
    """Return how long ``work`` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure() -> list[tuple[str, float, float, str]]:
    """Return what was measured, its seconds, the seconds of the plain loop, and what that loop does."""
    from helpers.stats.months.interrupted import interrupted, its_design
    from helpers.stats.trust.calibration import METHODS, SCENARIOS, Scenario, calibration
    from helpers.stats.trust.multiverse import multiverse
    from helpers.stats.trust.power import flat_world

    cores, generator = os.cpu_count() or 1, np.random.default_rng(SEED)
    scenario = Scenario(114, 6, 0.5, 0.2)
    world = flat_world(scenario.before, scenario.after, noise=scenario.noise)
    series = world.draw(1.0, generator)
    design = its_design(series.index, world.at)
    interrupted(
        series, world.at, method="bootstrap", generator=generator, draws=19
    )  # imports are not timed
    poisson, sarimax = _poisson(series, design), _sarimax(series, design)
    primary = tuple(method for method in METHODS if method.primary)
    return [
        (
            "one AR bootstrap, 999 draws, 120 months",
            seconds(
                lambda: interrupted(
                    series, world.at, method="bootstrap", generator=generator, draws=999
                )
            ),
            999 * poisson,
            "999 Poisson GLMs",
        ),
        (
            "size table, 400 series, 2 scenarios, 2 primary tests",
            seconds(
                lambda: calibration(
                    generator,
                    scenarios=SCENARIOS[:2],
                    methods=primary,
                    effects=(1.0,),
                    workers=cores,
                )
            ),
            2 * 400 * (sarimax + 399 * poisson),
            "800 SARIMAX(1,0,0) and 800 x 399 Poisson GLMs",
        ),
        (
            "multiverse of 504 specifications",
            seconds(
                lambda: multiverse(
                    GRID,
                    lambda choice, own: _specification(series, world.at, choice),
                    generator,
                    workers=cores,
                )
            ),
            504 * sarimax,
            "504 SARIMAX(1,0,0)",
        ),
    ]


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


def _sarimax(series: pd.Series, design: pd.DataFrame) -> float:
    """Return the seconds of one regression with AR(1) errors in a plain loop over statsmodels."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    def loop() -> None:
        for _ in range(SAMPLE):
            SARIMAX(np.log(series.to_numpy() + 0.5), exog=design.to_numpy(), order=(1, 0, 0)).fit(
                disp=0
            )

    return seconds(loop) / SAMPLE
