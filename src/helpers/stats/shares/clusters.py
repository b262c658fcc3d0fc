"""Resampling whole clusters: what happened in one month, or one place, is drawn together.

The cluster bootstrap (Davison and Hinkley 1997, 3.8; Cameron, Gelbach and Miller 2008): events of
one offensive are not independent, and intervals that resample single events are too narrow.
"""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import count, generator_of

LEAST, FEW, DRAWS = 3, 10, 99


def wide_of(table: pd.DataFrame, name: str = "the table") -> np.ndarray:
    """Return a table of weights, clusters by units, as floats.

    Parameters
    ----------
    table : pandas.DataFrame of float, shape (c, u)
        What each cluster (row: a month, a place) holds of each unit (column), such as deaths; at
        least three clusters.
    name : str
        What the message calls it.

    Returns
    -------
    numpy.ndarray of float64, shape (c, u)
        The weights.

    Raises
    ------
    InputError
        When it is no table with unique columns, a cell is negative, missing, infinite or no number,
        all are 0, or clusters are fewer than three.

    Examples
    --------
    >>> import pandas as pd
    >>> wide_of(pd.DataFrame({"north": [1, 0, 2], "south": [4, 5, 0]})).sum(axis=0)
    array([3., 9.])
    """
    if not isinstance(table, pd.DataFrame) or not table.columns.is_unique:
        raise InputError(f"{name}: expected a pandas.DataFrame with one column for each unit")
    try:
        if any(one.kind in "mM" for one in table.dtypes):  # numpy would take dates for numbers
            raise TypeError
        values = np.asarray(table, dtype="float64")
    except (TypeError, ValueError):
        raise InputError(f"{name} holds something that is not a number") from None
    if values.ndim != 2 or values.shape[0] < LEAST or values.shape[1] < 1:
        raise InputError(
            f"{name} has {len(values)} clusters: expected rows for at least {LEAST} clusters, "
            "and columns for units"
        )
    wrong = ~np.isfinite(values) | (values < 0)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InputError(
            f"{name}, cluster {table.index[row]}, unit {table.columns[column]}: "
            f"{values[row, column]} is not a number of at least 0"
        )
    if values.sum() == 0:
        raise InputError(f"{name} holds only zeros: there is nothing to divide")
    return values


def resampled(values: np.ndarray, generator: np.random.Generator, draws: int) -> np.ndarray:
    """Return totals by unit of clusters drawn with replacement.

    Draws in which nothing happened have no shares; they are drawn anew.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (c, u)
        Weights, clusters by units, as :func:`wide_of` returns them.
    generator : numpy.random.Generator
        Draws the clusters.
    draws : int
        Number of draws, at least 99.

    Returns
    -------
    numpy.ndarray of float64, shape (draws, u)
        Totals in the unit of ``values``.

    Raises
    ------
    InputError
        When ``draws`` is below 99, or a seed stands in for the generator.

    Examples
    --------
    Three clusters that are alike give the same totals in every draw.

    >>> import numpy as np
    >>> np.unique(resampled(np.full((3, 2), 5.0), np.random.default_rng(1), 99))
    array([15.])
    """
    draws, clusters = enough(draws), len(values)
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


def enough(draws: int) -> int:
    """Return a number of draws that is large enough for an interval.

    Parameters
    ----------
    draws : int
        At least 99.

    Returns
    -------
    int
        The number.

    Raises
    ------
    InputError
        When it is below 99 or no whole number.

    Examples
    --------
    >>> enough(99)
    99
    >>> enough(9)
    Traceback (most recent call last):
    helpers.base.errors.InputError: draws is 9: expected at least 99 for an interval
    """
    if count(draws, "the number of draws") < DRAWS:
        raise InputError(f"draws is {draws}: expected at least {DRAWS} for an interval")
    return int(draws)


def filled(values: np.ndarray) -> int:
    """Return how many clusters hold anything.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (c, u)
        Weights, clusters by units.

    Returns
    -------
    int
        A bootstrap knows no more than these.

    Examples
    --------
    >>> filled(np.array([[0, 0], [3, 1], [0, 2]]))
    2
    """
    return int((values.sum(axis=1) > 0).sum())


def few(clusters: int) -> tuple[str, ...]:
    """Return a warning when clusters are so few that a bootstrap of them is too sure of itself.

    Parameters
    ----------
    clusters : int
        Number of clusters.

    Returns
    -------
    tuple of str
        One sentence for fewer than 10 clusters, else none.

    Examples
    --------
    >>> few(6)
    ('6 clusters: the interval is likely too narrow',)
    >>> few(24)
    ()
    """
    return (f"{clusters} clusters: the interval is likely too narrow",) if clusters < FEW else ()
