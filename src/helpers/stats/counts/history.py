"""Two spans of a series of counts, their memory their own or that of a longer history."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, regular
from helpers.stats.counts.memory import Memory, apart, averaged_memory, memory_weights


def two_spans(after: pd.Series, before: pd.Series, history: pd.Series | None = None) -> Memory:
    """Return how far the log ratio of the means of two spans may lie from the true one.

    Parameters
    ----------
    after, before : pandas.Series of int, shape (m,) each
        Counts by period in order of time, each with a mean above 0.
    history : pandas.Series of int, shape (h,), optional
        The same series over a longer stretch; without it the spans are taken to be far apart.

    Returns
    -------
    Memory
        The variance is that within the two spans, the memory theirs or that of the logarithms of
        the history, whose other periods have a mean of their own.

    Raises
    ------
    InputError
        When a value is no count, or the history has gaps or does not hold both spans.

    Examples
    --------
    Ten years of months that are independent tell more of their memory than two of them do.

    >>> months = pd.period_range("2010-01", periods=120, freq="M")
    >>> y = pd.Series(np.random.default_rng(1).poisson(20, 120), months)
    >>> alone = two_spans(y["2019"], y["2018"])
    >>> two_spans(y["2019"], y["2018"], y).reach(0.95) < alone.reach(0.95)
    True
    """
    parts = counts(before, "the earlier series", 2), counts(after, "the later series", 2)
    values, spans = np.concatenate(parts), np.repeat([0, 1], [len(part) for part in parts])
    means = np.array([part.mean() for part in parts])[spans]
    contrast = np.where(spans == 1, 1, -1) / (np.bincount(spans)[spans] * np.sqrt(means))
    times, weights = apart([len(part) for part in parts]), None
    if history is not None:
        times = np.concatenate(_within(history, {"earlier": before, "later": after}))
        weights = of_history(history, (before, after))
    return averaged_memory((values - means) / np.sqrt(means), spans, contrast, times, weights)


def of_history(history: pd.Series, spans: Sequence[pd.Series]) -> np.ndarray:
    """Return what a longer stretch of a series says of its memory.

    Parameters
    ----------
    history : pandas.Series of int, shape (h,)
        Counts by period without gaps.
    spans : sequence of pandas.Series of int
        Stretches of it, each with a mean of its own; the other periods share one.

    Returns
    -------
    numpy.ndarray of float, shape (g,)
        Share of each point of the grid of :mod:`helpers.stats.counts.memory`, from its logarithms.

    Raises
    ------
    InputError
        When a value is no count, or the history has gaps or does not hold the spans.

    Examples
    --------
    >>> months = pd.period_range("2015-01", periods=60, freq="M")
    >>> y = pd.Series(np.random.default_rng(1).poisson(20, 60), months)
    >>> round(float(of_history(y, [y["2019"], y["2018"]]).sum()), 6)
    1.0
    """
    names = (f"{number}." for number in range(1, len(spans) + 1))
    places = _within(history, dict(zip(names, spans)))
    whole = counts(history, "the history", 2)
    groups = np.full(len(whole), len(spans))
    for number, one in enumerate(places):
        groups[one] = number
    return memory_weights(np.log(whole + 0.5), groups)


def _within(history: pd.Series, spans: Mapping[str, pd.Series]) -> list[np.ndarray]:
    """Return the places in a history of the periods of each span."""
    values = counts(history, "the history", 2)
    if not isinstance(history, pd.Series):
        raise InputError("the history is no pandas.Series: its index says which periods it holds")
    if isinstance(history.index, pd.DatetimeIndex | pd.PeriodIndex):
        regular(history, "the history")
    elif not history.index.is_unique:
        raise InputError("the history has a label twice: expected one row a period")
    found: list[np.ndarray] = []
    for name, part in spans.items():
        places = history.index.get_indexer(getattr(part, "index", pd.Index([None])))
        inside = (places >= 0).all() and len(np.unique(places)) == len(part)
        if not inside or (values[places] != np.asarray(part, dtype="float64")).any():
            raise InputError(f"the history does not hold the {name} series under the same labels")
        if any(np.intersect1d(places, one).size for one in found):
            raise InputError("the series share periods: expected stretches of the history apart")
        found.append(places)
    return found
