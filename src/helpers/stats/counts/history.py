"""Two spans of a series of counts, their memory their own or that of a longer history."""

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
        whole, times = _within(after, before, history)
        groups = np.full(len(whole), 2)
        groups[times] = spans
        weights = memory_weights(np.log(whole + 0.5), groups)
    return averaged_memory((values - means) / np.sqrt(means), spans, contrast, times, weights)


def _within(
    after: pd.Series, before: pd.Series, history: pd.Series
) -> tuple[np.ndarray, np.ndarray]:
    """Return the counts of a history, and the places of the earlier and the later periods in it."""
    values = counts(history, "the history", 2)
    if not isinstance(history, pd.Series):
        raise InputError("the history is no pandas.Series: its index says which periods it holds")
    if isinstance(history.index, pd.DatetimeIndex | pd.PeriodIndex):
        regular(history, "the history")
    elif not history.index.is_unique:
        raise InputError("the history has a label twice: expected one row a period")
    found = []
    for part, name in ((before, "earlier"), (after, "later")):
        places = history.index.get_indexer(getattr(part, "index", pd.Index([None])))
        inside = (places >= 0).all() and len(np.unique(places)) == len(part)
        if not inside or (values[places] != np.asarray(part, dtype="float64")).any():
            raise InputError(f"the history does not hold the {name} series under the same labels")
        found.append(places)
    if np.intersect1d(*found).size:
        raise InputError("the two series share periods: expected two stretches of the history")
    return values, np.concatenate(found)
