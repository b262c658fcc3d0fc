"""Many reasonable analyses of one question: is the middle of them more than chance?

The grid is declared before it is run (Steegen et al. 2016; Simonsohn, Simmons and Nelson 2020). One
analysis among hundreds is no finding; the median of all of them, compared with its distribution
where nothing happened, is.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.parallel import over

Choice: TypeAlias = dict[str, Any]
Analyse: TypeAlias = Callable[[Choice, np.random.Generator], Estimate]


@dataclass(frozen=True)
class Multiverse:
    """The specification curve.

    Attributes
    ----------
    table : pandas.DataFrame, one row a specification
        Columns ``value``, ``low``, ``high`` (NaN without interval), ``p``, and one for each choice;
        sorted by ``value``.
    failed : pandas.DataFrame, one row a specification that the data could not carry
        A column for each choice, and ``reason``.
    """

    table: pd.DataFrame
    failed: pd.DataFrame

    def summary(self, none: float = 1.0, alpha: float = 0.05) -> dict[str, float]:
        """Return the curve in four numbers.

        Parameters
        ----------
        none : float, default 1.0
            Value of no effect: 1 for ratios, 0 for differences.
        alpha : float, default 0.05
            Level of the single tests.

        Returns
        -------
        dict of str to float
            ``specifications`` (number), ``median`` (unit of the estimates), ``same_side`` (share of
            estimates on the median's side of ``none``), ``significant`` (share of p-values at most
            ``alpha``).

        Examples
        --------
        >>> curve = pd.DataFrame({"value": [0.5, 0.8, 1.1], "p": [0.01, 0.2, 0.6]})
        >>> found = Multiverse(curve, pd.DataFrame()).summary()
        >>> {name: round(value, 2) for name, value in found.items()}
        {'specifications': 3, 'median': 0.8, 'same_side': 0.67, 'significant': 0.33}
        """
        values = self.table["value"]
        side = np.sign(values.median() - none)
        return {
            "specifications": len(values),
            "median": float(values.median()),
            "same_side": float((np.sign(values - none) == side).mean()),
            "significant": float((self.table["p"] <= alpha).mean()),
        }


def specifications(
    grid: Mapping[str, Sequence[Any]], allowed: Callable[[Choice], bool] | None = None
) -> list[Choice]:
    """Return every combination of choices that a rule allows.

    Parameters
    ----------
    grid : mapping of str to sequence
        Choices by name.
    allowed : callable, optional
        Takes a combination (a dict of one choice by name) and returns whether it makes sense; all
        do when left out.

    Returns
    -------
    list of dict
        In the order of the grid, the last name changing fastest.

    Raises
    ------
    InputError
        The grid is empty, or the rule allows no combination.

    Examples
    --------
    >>> grid = {"scale": ["counts", "logs"], "order": [0, 1]}
    >>> len(specifications(grid))
    4
    >>> specifications(grid, lambda one: one["scale"] == "logs")
    [{'scale': 'logs', 'order': 0}, {'scale': 'logs', 'order': 1}]
    """
    if not grid or any(len(choices) == 0 for choices in grid.values()):
        raise InputError(
            "the grid is empty: expected at least one name, each with at least one choice"
        )
    every = (dict(zip(grid, choices)) for choices in itertools.product(*grid.values()))
    kept = [one for one in every if allowed is None or allowed(one)]
    if not kept:
        raise InputError("the rule allows no combination of the grid")
    return kept


def multiverse(
    grid: Mapping[str, Sequence[Any]],
    analyse: Analyse,
    generator: np.random.Generator,
    *,
    allowed: Callable[[Choice], bool] | None = None,
    workers: int = 1,
) -> Multiverse:
    """Run an analysis on every allowed combination of choices.

    A specification that raises :class:`~helpers.base.errors.InputError` is listed in ``failed`` and
    counts nowhere.

    Parameters
    ----------
    grid : mapping of str to sequence
        Choices by name.
    analyse : callable
        Takes a combination and a generator of its own; returns an Estimate with a p-value.
    generator : numpy.random.Generator
        Source of the specifications' own generators.
    allowed : callable, optional
        Rule for combinations, see :func:`specifications`.
    workers : int, default 1
        Processes; they change no number.

    Returns
    -------
    Multiverse

    Raises
    ------
    InputError
        The grid is empty, the rule allows nothing, or no specification could be estimated.

    References
    ----------
    * Steegen et al. (2016), Increasing transparency through a multiverse analysis.
    * Simonsohn, Simmons and Nelson (2020), Specification curve analysis.

    Examples
    --------
    >>> def analyse(choice, generator):
    ...     return Estimate(choice["base"] * choice["factor"], p=0.5)
    >>> grid = {"base": [1, 10], "factor": [0.5, 2]}
    >>> multiverse(grid, analyse, np.random.default_rng(1)).table[["value", "base", "factor"]]
       value  base  factor
    0    0.5     1     0.5
    1    2.0     1     2.0
    2    5.0    10     0.5
    3   20.0    10     2.0
    """
    choices = specifications(grid, allowed)
    found = over(partial(_tried, analyse=analyse), choices, generator, workers=workers)
    rows = [
        {"value": got.value, "low": got.low, "high": got.high, "p": got.p, **choice}
        for choice, got in zip(choices, found)
        if not isinstance(got, str)
    ]
    failed = [
        {**choice, "reason": got} for choice, got in zip(choices, found) if isinstance(got, str)
    ]
    if not rows:
        raise InputError(
            f"none of the {len(choices)} specifications could be estimated; "
            f"the first said: {found[0]}"
        )
    return Multiverse(_curve(rows), pd.DataFrame(failed))


def _tried(choice: Choice, own: np.random.Generator, *, analyse: Analyse) -> Estimate | str:
    """Return the estimate of one specification, or the reason why there is none."""
    try:
        return analyse(choice, own)
    except InputError as error:
        return str(error)


def _curve(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the specifications in the order of their estimates; what is None becomes NaN."""
    table = pd.DataFrame(rows).astype(dict.fromkeys(("value", "low", "high", "p"), "float64"))
    return table.sort_values("value", kind="stable", ignore_index=True)


def median_test(
    observed: Multiverse,
    placebo: Callable[[np.random.Generator], Multiverse],
    generator: np.random.Generator,
    *,
    none: float = 1.0,
    draws: int = 99,
    workers: int = 1,
) -> Estimate:
    """Return the median of a specification curve with its permutation p-value.

    Ratios are compared by their logarithms (``none`` above 0), differences as they are (``none``
    0).

    Parameters
    ----------
    observed : Multiverse
        The curve of the data.
    placebo : callable
        Takes a generator; returns the same multiverse on data in which nothing can have happened
        (dates or labels permuted).
    generator : numpy.random.Generator
        Source of the placebos' own generators.
    none : float, default 1.0
        Value of no effect.
    draws : int, default 99
        Number of placebo curves, at least 19.
    workers : int, default 1
        Processes; they change no number.

    Returns
    -------
    Estimate
        The median, in the unit of the estimates, with two-sided p = (1 + hits) / (1 + draws); no
        interval.

    Raises
    ------
    InputError
        ``draws`` is below 19, or a placebo curve is refused.

    References
    ----------
    * Simonsohn, Simmons and Nelson (2020), Specification curve analysis.

    Examples
    --------
    No placebo curve has a median as far from 1 as the observed one: p is 1 / 20.

    >>> observed = Multiverse(pd.DataFrame({"value": [0.4, 0.5, 0.6]}), pd.DataFrame())
    >>> nothing = Multiverse(pd.DataFrame({"value": [0.9, 1.0, 1.1]}), pd.DataFrame())
    >>> generator = np.random.default_rng(1)
    >>> found = median_test(observed, lambda own: nothing, generator, draws=19)
    >>> found.value, found.p
    (0.5, 0.05)
    """

    def distance(universe: Multiverse) -> float:
        median = universe.table["value"].median()
        return abs(float(np.log(median / none) if none > 0 else median - none))

    if draws < 19:
        raise InputError(f"draws is {draws}: expected at least 19, or no 5 % test is possible")
    null = over(lambda _, own: distance(placebo(own)), range(draws), generator, workers=workers)
    p = (1 + sum(one >= distance(observed) for one in null)) / (1 + draws)
    return Estimate(
        float(observed.table["value"].median()),
        None,
        None,
        float(p),
        len(observed.table),
        f"median of {len(observed.table)} specifications, {draws} placebo curves",
    )
