"""Many independent computations, in this process or over several, with the same answers for any number of workers."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of


def over(
    function: Callable[[Any, np.random.Generator], Any],
    tasks: Iterable[Any],
    generator: np.random.Generator,
    *,
    workers: int = 1,
) -> list[Any]:
    """Return ``function(task, own generator)`` for each task, in order.

    Each task draws from a child of ``generator`` (``Generator.spawn``), so neither the number of ``workers`` nor the
    order in which they finish changes an answer. Functions written in a notebook cell can be sent to workers too.
    """
    if not isinstance(workers, int) or workers < 1:
        raise InputError(f"workers is {workers!r}: expected a whole number of at least 1")
    tasks = list(tasks)
    children = generator_of(generator).spawn(len(tasks))
    if workers == 1 or len(tasks) < 2:
        return [function(task, child) for task, child in zip(tasks, children)]
    from joblib import Parallel, delayed

    return Parallel(n_jobs=workers)(
        delayed(function)(task, child) for task, child in zip(tasks, children)
    )
