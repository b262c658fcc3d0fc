"""Values in a few classes, as a map colours them: where each begins, and what its key says."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal

import numpy as np

from helpers.base.errors import InputError

Scale = Literal["log", "linear"]
MOST = 6  # classes that an eye can tell apart
ALIKE = 1e-6  # of their size; values no further apart are one


def class_edges(values: Iterable[float], scale: Scale = "log") -> list[float]:
    """Return where classes of values begin, and where the last one ends.

    Parameters
    ----------
    values : iterable of float
        What is shown; of a logarithmic scale only what is above 0 counts.
    scale : {"log", "linear"}
        Classes of equal ratios, at powers of ten or finer, or of equal width at round numbers.

    Returns
    -------
    list of float
        At most seven, each class from one to below the next; empty where there is nothing to show.

    Raises
    ------
    InputError
        When a value is not finite, or below 0 on a logarithmic scale.

    Examples
    --------
    >>> class_edges([0, 2, 30, 4000]), class_edges([3, 8, 17], "linear")
    ([1.0, 10.0, 100.0, 1000.0, 10000.0], [0.0, 4.0, 8.0, 12.0, 16.0, 20.0])
    >>> class_edges([2, 9]), class_edges([0, 0]), class_edges([])
    ([1.0, 3.0, 10.0], [], [])
    """
    shown = [float(one) for one in values]
    if not np.isfinite(shown).all():
        raise InputError("a value to be put in a class is not finite; leave it out")
    if scale == "log":
        if min(shown, default=0) < 0:
            raise InputError(
                f"the value {min(shown):g} has no class on a logarithmic scale; use a linear one"
            )
        shown = [one for one in shown if one > 0]
    if not shown:
        return []
    least, most = min(shown), max(shown)
    for ticks in _nested(least, most) if scale == "log" else _even(least, most):
        candidates = [float(f"{tick:.9g}") for tick in ticks]  # 0.3, not 0.30000000000000004
        first = int(np.searchsorted(candidates, least, side="right")) - 1
        last = int(np.searchsorted(candidates, most, side="right"))
        edges = candidates[first : last + 1]
        if len(edges) <= MOST + 1:
            break
    return edges


def _nested(least: float, most: float) -> Iterator[np.ndarray]:
    """Yield powers of ten round some values, finer ones first."""
    first, last = int(np.floor(np.log10(least))), int(np.ceil(np.log10(most))) + 1
    powers = range(first, last + 1)
    yield np.array([part * 10.0**power for power in powers for part in (1, 3)])
    for step in range(1, 99):
        yield np.array([10.0**power for power in range(first, last + step + 1, step)])


def _even(least: float, most: float) -> Iterator[np.ndarray]:
    """Yield round numbers of equal distance round some values."""
    from matplotlib.ticker import MaxNLocator

    size = max(abs(least), abs(most))
    if most - least <= ALIKE * size:
        least, most = least - (size or 1) / 10, most + (size or 1) / 10
    for classes in range(MOST - 1, 0, -1):
        ticks = MaxNLocator(classes, steps=[1, 2, 2.5, 4, 5, 10]).tick_values(least, most)
        yield np.append(ticks, ticks[-1] + (ticks[1] - ticks[0]))


def class_names(edges: Sequence[float], whole: bool) -> list[str]:
    """Return what the key calls each class.

    Parameters
    ----------
    edges : sequence of float
        As of :func:`class_edges`.
    whole : bool
        Whether all values are whole numbers: then a class ends at the number before the next.

    Returns
    -------
    list of str
        One less than edges.

    Examples
    --------
    >>> class_names([1, 10, 1000], whole=True), class_names([0.3, 1, 3], whole=False)
    (['1 to 9', '10 to 999'], ['0.3 to 1', '1 to 3'])
    """
    whole = whole and all(edge == round(edge) for edge in edges)
    ends = [(low, high - 1 if whole else high) for low, high in pairwise(edges)]
    return [
        _number(low) if low == high else f"{_number(low)} to {_number(high)}" for low, high in ends
    ]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.9g}"
