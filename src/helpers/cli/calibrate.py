"""``make calibrate``: size and power of the tests of an interrupted series, simulated in full."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SEED = 20241231
SHOWN = ["scenario", "method", "effect", "share", "low", "high", "covered", "series"]


def calibrate(series: int, workers: int) -> "pd.DataFrame":
    """Return how often each test rejects with and without an effect.

    Parameters
    ----------
    series : int
        Simulated series for each scenario and effect.
    workers : int
        Processes; the answers do not depend on it.

    Returns
    -------
    pandas.DataFrame
        One row a scenario, method and effect (1 is none): the share of series in which the test
        rejects with its interval, and the share whose interval covers the effect.
    """
    import numpy as np

    from helpers.stats.trust.calibration import calibration

    table = calibration(np.random.default_rng(SEED), series=series, workers=workers)
    return table[SHOWN]
