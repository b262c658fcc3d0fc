"""Many reasonable analyses of one question: the specification curve, and whether its middle is more than chance.

The grid is declared before it is run (Steegen et al. 2016; Simonsohn, Simmons and Nelson 2020). One analysis among hundreds
is no finding; the median of all of them, compared with its distribution where nothing happened, is.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.estimate import Estimate
from helpers.stats.parallel import over

Choice = dict[str, Any]
Analyse = Callable[[Choice, np.random.Generator], Estimate]


@dataclass(frozen=True)
class Multiverse:
    """``table``: a row for each specification, sorted by its estimate: value, low, high, p, and a column for each choice;
    ``failed``: specifications that the data could not carry, with the reason."""

    table: pd.DataFrame
    failed: pd.DataFrame

    def summary(self, none: float = 1.0, alpha: float = 0.05) -> dict[str, float]:
        """Return the number of specifications, the median estimate, the share on its side of ``none``, and the share of
        p-values at most ``alpha``."""
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
    """Return every combination of the choices that is ``allowed`` (all when no rule is given)."""
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
    """Run ``analyse`` on every allowed combination of the grid's choices, over ``workers`` processes.

    A specification that raises :class:`InputError` is listed in ``failed`` and counts nowhere; when all fail, that is an error.
    """

    def one(choice: Choice, own: np.random.Generator) -> Estimate | str:
        try:
            return analyse(choice, own)
        except InputError as error:
            return str(error)

    choices = specifications(grid, allowed)
    found = over(one, choices, generator, workers=workers)
    rows = [
        {"value": got.value, "low": got.low, "high": got.high, "p": got.p, **choice}
        for choice, got in zip(choices, found)
        if not isinstance(got, str)
    ]
    failed = pd.DataFrame(
        [{**choice, "reason": got} for choice, got in zip(choices, found) if isinstance(got, str)]
    )
    if not rows:
        raise InputError(
            f"none of the {len(choices)} specifications could be estimated; the first said: {found[0]}"
        )
    table = pd.DataFrame(rows).astype({name: "float64" for name in ("value", "low", "high", "p")})
    return Multiverse(table.sort_values("value", kind="stable", ignore_index=True), failed)


def median_test(
    observed: Multiverse,
    placebo: Callable[[np.random.Generator], Multiverse],
    generator: np.random.Generator,
    *,
    none: float = 1.0,
    draws: int = 99,
    workers: int = 1,
) -> Estimate:
    """Return the median of the curve with its two-sided permutation p-value, (1 + hits) / (1 + draws).

    ``placebo`` gives the same multiverse on data in which nothing can have happened (dates or labels permuted). Ratios are compared
    by their logarithms (``none`` above 0), differences as they are (``none`` 0).
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
