"""Resampling whole clusters: what happened in one month, or in one place, is drawn together or not at all.

The cluster bootstrap (Davison and Hinkley 1997, 3.8; Cameron, Gelbach and Miller 2008): events of one offensive are not
independent, and intervals that resample single events are too narrow.
"""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of

LEAST, FEW = 3, 10


def wide_of(table: pd.DataFrame, name: str = "the table") -> np.ndarray:
    """Return a table of weights (clusters by units) as floats; negative, missing or infinite cells are refused."""
    try:
        values = np.asarray(table, dtype="float64")
    except (TypeError, ValueError):
        raise InputError(f"{name} holds something that is not a number") from None
    if values.ndim != 2 or values.shape[0] < LEAST or values.shape[1] < 1:
        raise InputError(
            f"{name} has {len(values)} clusters: expected rows for at least {LEAST} clusters, and columns for units"
        )
    wrong = ~np.isfinite(values) | (values < 0)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InputError(
            f"{name}, cluster {table.index[row]}, unit {table.columns[column]}: {values[row, column]} is not a "
            "number of at least 0"
        )
    if values.sum() == 0:
        raise InputError(f"{name} holds only zeros: there is nothing to divide")
    return values


def resampled(values: np.ndarray, generator: np.random.Generator, draws: int) -> np.ndarray:
    """Return totals by unit (draws by units) of clusters drawn with replacement; draws in which nothing happened are drawn anew."""
    if draws < 99:
        raise InputError(f"draws is {draws}: expected at least 99 for an interval")
    clusters = len(values)
    totals = (
        generator_of(generator).multinomial(clusters, np.full(clusters, 1 / clusters), size=draws)
        @ values
    )
    while (empty := totals.sum(axis=1) == 0).any():
        totals[empty] = (
            generator.multinomial(clusters, np.full(clusters, 1 / clusters), size=int(empty.sum()))
            @ values
        )
    return totals


def few(clusters: int) -> tuple[str, ...]:
    """Return a warning when clusters are so few that a bootstrap of them is too sure of itself."""
    return (f"{clusters} clusters: the interval is likely too narrow",) if clusters < FEW else ()
