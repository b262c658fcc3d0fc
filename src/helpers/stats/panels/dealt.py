"""Deal the course of a treatment to other units by lot: what chance alone would give.

A treatment that comes and goes in runs is not the same dealt row by row. Here a unit is given the
whole course of another: runs stay runs. Where levels are compared, it is that of a unit seen about
as long, stretched over its own periods, so that as many units change as did. Where how long a unit
lasts is itself in question, units of the same length are no fair lot; then the course is that of a
unit which began at about the same time, cut short or carried on.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import columns_of, generator_of, whole
from helpers.stats.estimate import Estimate

CLASS = 10  # units of about the same length, or start, that share their courses


def deal(
    table: pd.DataFrame,
    term: str,
    unit: str,
    period: str,
    generator: np.random.Generator,
    *,
    lives: bool = False,
) -> pd.Series:
    """Return a term in which each unit has the course of another, drawn by lot.

    Parameters
    ----------
    table : pandas.DataFrame, one row a unit and period
        The panel.
    term, unit, period : str
        Its columns: what is dealt, to whom, in which order.
    generator : numpy.random.Generator
        Draws who gets whose.
    lives : bool, default False
        Whether the length of a unit's life is in question: deal among units that began together.

    Returns
    -------
    pandas.Series, shape (n,)
        Under the labels of the table.

    Raises
    ------
    InputError
        A column is missing, or the table has fewer than two units.

    Examples
    --------
    Two units: each keeps its course or gets that of the other.

    >>> rows = pd.DataFrame({"unit": list("aaab"), "year": [1, 2, 3, 1], "on": [0, 0, 1, 1]})
    >>> found = deal(rows, "on", "unit", "year", np.random.default_rng(2))
    >>> found.tolist() in ([0, 0, 1, 1], [1, 1, 1, 0])
    True
    """
    rows = columns_of(table, dict.fromkeys([term, unit, period]), "the panel")
    rows = rows.sort_values([unit, period], kind="stable")
    values = rows[term].to_numpy()
    labels = pd.factorize(rows[unit])[0]
    starts = np.flatnonzero(np.r_[True, labels[1:] != labels[:-1]])
    if len(starts) < 2:
        raise InputError(f"{len(starts)} unit: expected at least two to deal among")
    lengths = np.diff(np.r_[starts, len(labels)])
    began = rows[period].to_numpy()[starts]
    giver = _givers(began if lives else lengths, generator_of(generator))
    place, given = np.arange(len(labels)) - starts[labels], lengths[giver][labels]
    stretched = np.floor((place + 0.5) * given / lengths[labels]).astype(int)
    taken = np.minimum(place, given - 1) if lives else stretched
    return pd.Series(values[starts[giver][labels] + taken], rows.index).reindex(table.index)


def _givers(alike: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return whose course each unit gets: one alike in a number, ties in a drawn order."""
    order = np.lexsort([generator.random(len(alike)), alike])
    classes = np.array_split(order, max(1, len(order) // CLASS))
    giver = np.empty(len(alike), dtype=int)
    for members in classes:
        giver[members] = generator.permutation(members)
    return giver


def dealt(
    ask: Callable[[pd.DataFrame], Estimate],
    table: pd.DataFrame,
    term: str,
    unit: str,
    period: str,
    generator: np.random.Generator,
    *,
    lives: bool = False,
    draws: int = 199,
) -> pd.DataFrame:
    """Return what a test finds where the courses of a term are dealt by lot.

    Parameters
    ----------
    ask : callable
        Takes the table with another term and returns a ratio.
    table, term, unit, period, lives
        As of :func:`deal`.
    generator : numpy.random.Generator
        Draws who gets whose.
    draws : int, default 199
        How often; a draw that the test refuses is left out.

    Returns
    -------
    pandas.DataFrame, one row a draw
        ``log`` of the ratio and ``p``.

    Raises
    ------
    InputError
        The test refuses every draw, or as of :func:`deal`.

    Examples
    --------
    >>> rows = pd.DataFrame({"unit": list("aabb"), "year": [1, 2, 1, 2], "on": [0, 1, 0, 0]})
    >>> ask = lambda one: Estimate(2.0, p=0.5)
    >>> dealt(ask, rows, "on", "unit", "year", np.random.default_rng(1), draws=3).shape
    (3, 2)
    """
    found = []
    for _ in range(whole(draws, "draws")):
        course = deal(table, term, unit, period, generator, lives=lives)
        try:
            one = ask(table.assign(**{term: course}))
        except InputError:
            continue
        found.append((np.log(one.value), one.p))
    if not found:
        raise InputError("the test refuses every draw: expected courses that can be compared")
    return pd.DataFrame(found, columns=["log", "p"]).astype("float64")


def rank_of(drawn: pd.DataFrame, ratio: float) -> float:
    """Return the share of draws that stray as far from one as a ratio, itself among them.

    Parameters
    ----------
    drawn : pandas.DataFrame
        As of :func:`dealt`.
    ratio : float
        What was found with the real courses, above 0.

    Returns
    -------
    float
        A two-sided p-value.

    Examples
    --------
    >>> rank_of(pd.DataFrame({"log": [0.0, 0.1, -2.0]}), 2.0)
    0.5
    """
    beyond = drawn["log"].abs() >= abs(np.log(ratio))
    return float((1 + beyond.sum()) / (1 + len(drawn)))
