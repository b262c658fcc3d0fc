"""``make calibrate``: size and power of the tests of an interrupted series, simulated in full."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SERIES = 400  # in each row of the table that the book shows
SHOWN = ["scenario", "span", "method", "effect", "share", "low", "high", "covered", "series"]


def calibrate(series: int, workers: int) -> "pd.DataFrame":
    """Return how often each test rejects with and without an effect, and keep it for the book.

    Parameters
    ----------
    series : int
        Simulated series for each scenario and effect; a table of :data:`SERIES` is kept.
    workers : int
        Processes; the answers do not depend on it.

    Returns
    -------
    pandas.DataFrame
        One row a scenario, method and effect (1 is none): the share of series in which the test
        rejects with its interval, and the share whose interval covers the effect.
    """
    from helpers.run.kept import code_key, keep
    from helpers.stats.trust import calibration

    table = calibration.calibration(calibration.SEED, series=series, workers=workers)
    if series == SERIES:
        keep("calibration", code_key(calibration.__name__), table)
    return table[SHOWN]
