"""Many independent computations, with the same answers for any number of workers."""

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
    """Return the answer of a function to each task, in the order of the tasks.

    Each task draws from a child of ``generator`` (``Generator.spawn``), so neither the number of
    ``workers`` nor the order in which they finish changes an answer. Functions written in a
    notebook cell can be sent to workers too.

    Parameters
    ----------
    function : callable
        Called as ``function(task, own_generator)``.
    tasks : iterable
        What the function is called with, one call each.
    generator : numpy.random.Generator
        Parent of the generators of the tasks.
    workers : int
        Number of processes, at least 1; 1 stays in this process.

    Returns
    -------
    list
        One answer for each task.

    Raises
    ------
    InputError
        When ``workers`` is no whole number of at least 1, or a seed stands in for the generator.

    Examples
    --------
    >>> import numpy as np
    >>> over(lambda task, own: task**2, [1, 2, 3], np.random.default_rng(1))
    [1, 4, 9]

    The draws of a task do not depend on how many tasks come after it.

    >>> def die(task, own):
    ...     return int(own.integers(1, 7))
    >>> few = over(die, range(2), np.random.default_rng(1))
    >>> many = over(die, range(5), np.random.default_rng(1))
    >>> few == many[:2]
    True
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
