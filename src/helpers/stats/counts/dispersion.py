"""How much more counts vary than independent events would.

Within a year, as a sum, and event by event.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import count, counts, numbers, positive
from helpers.stats.counts.history import of_history
from helpers.stats.counts.memory import FAR, Memory, averaged_memory
from helpers.stats.counts.sizes import listed


def dispersion(*series: pd.Series) -> float:
    """Return Pearson's dispersion of counts about the mean of their own series, pooled.

    Several series, such as the months of two years, keep a change between them out of it. It is the
    variance inflation of one month, and of a sum of months that do not resemble their neighbours;
    :func:`sum_inflation` is that of the sum when they may.

    Parameters
    ----------
    *series : pandas.Series of int, shape (m,) each
        Counts by period, at least two in each.

    Returns
    -------
    float
        Variance over mean, without unit; 1 for Poisson counts.

    Raises
    ------
    InputError
        When no series is given, or one is too short, holds only zeros or what is no count.

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, 4.5.

    Examples
    --------
    The mean is 4, the squared deviations sum to 8: 8 / 4 over 3 - 1 degrees of freedom.

    >>> import pandas as pd
    >>> dispersion(pd.Series([2, 4, 6]))
    1.0

    A change between two series is no variation within them.

    >>> dispersion(pd.Series([2, 4, 6]), pd.Series([20, 20, 20]))
    0.5
    """
    parts = _parts(series)
    pearson = sum(((part - part.mean()) ** 2 / part.mean()).sum() for part in parts)
    return float(pearson / sum(len(part) - 1 for part in parts))


def sum_inflation(*series: pd.Series, periods: int | None = None) -> float:
    """Return the variance over the mean of a *sum* of counts whose neighbours may be alike.

    Neighbours that resemble each other add up to more variance, 1 + 2 sum (1 - j/m) rho^j times as
    much over m periods of a first-order autoregression. How alike they are is averaged over what
    the series leave open (:mod:`helpers.stats.counts.memory`).

    Parameters
    ----------
    *series : pandas.Series of int, shape (m,) each
        Counts by period in order of time, at least two in each. A long series tells more of the
        memory than two years do.
    periods : int, optional
        Length of the sum, at most that of the shortest series; each series' own when left out.

    Returns
    -------
    float
        Variance over mean, without unit, at least 1: what ``inflation`` of
        :func:`helpers.stats.counts.rates.rate_ratio` means for two totals.

    Raises
    ------
    InputError
        When no series is given, or one is too short, holds only zeros or what is no count.

    References
    ----------
    Bartlett (1935), Some aspects of the time-correlation problem.

    Examples
    --------
    Months that go up and down at random, and the same months in order of size: a sum of the latter
    tells less.

    >>> import numpy as np, pandas as pd
    >>> months = np.random.default_rng(1).poisson(20, 48)
    >>> restless, slow = sum_inflation(pd.Series(months)), sum_inflation(pd.Series(sorted(months)))
    >>> restless < 3 < 20 < slow
    True
    """
    return memory_of_sum(series, periods=periods).variance


def memory_of_sum(
    series: Sequence[pd.Series],
    *,
    periods: int | None = None,
    history: pd.Series | None = None,
    exposures: Sequence[pd.Series] | None = None,
) -> Memory:
    """Return how far a sum of counts may lie from its mean, in roots of the mean.

    Parameters
    ----------
    series : sequence of pandas.Series of int, shape (m,) each
        Counts by period in order of time, as :func:`sum_inflation` takes them.
    periods : int, optional
        Length of the sum.
    history : pandas.Series of int, shape (h,), optional
        A longer stretch of the same series without gaps; the memory is then that of its logarithms.
    exposures : sequence of pandas.Series of float, shape (m,) each, optional
        What each count is divided by, as :func:`expected_months` takes it.

    Returns
    -------
    Memory
        Its variance is 1 for independent events.

    Raises
    ------
    InputError
        As :func:`sum_inflation`, when an exposure does not fit, and when the history does not hold
        the series.

    Examples
    --------
    >>> months = pd.Series([2, 4, 6, 4, 2, 4])
    >>> memory_of_sum([months]).variance == sum_inflation(months)
    True
    """
    parts = expected_months(series, exposures)
    shortest = min(len(one) for one in series)
    if periods is not None and not 1 <= count(periods, "the number of periods") <= shortest:
        raise InputError(f"periods is {periods}: expected 1 to {shortest}, as the series have")
    scaled, contrasts, times = [], [], []
    for number, (part, mean, place) in enumerate(parts):
        inside = np.where(place < (periods or len(series[number])), mean, 0)
        scaled.append((part - mean) / np.sqrt(mean))
        contrasts.append(np.sqrt(inside / inside.sum() / len(parts)))
        times.append(place + number * FAR)
    return averaged_memory(
        np.concatenate(scaled),
        np.repeat(np.arange(len(parts)), [len(part) for part, _, _ in parts]),
        np.concatenate(contrasts),
        np.concatenate(times),
        None if history is None else of_history(history, series),
    )


def expected_months(
    series: Sequence[pd.Series], exposures: Sequence[pd.Series] | None = None
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return counts beside what the level of their own span leads one to expect.

    Parameters
    ----------
    series : sequence of pandas.Series of int, shape (m,) each
        Counts by period, at least two in each.
    exposures : sequence of pandas.Series of float, shape (m,) each, optional
        What each is divided by, at least 0; periods of 0 are left out.

    Returns
    -------
    list of three numpy.ndarray, shape (m,), each
        Counts, means, and places in the span, of the periods of each span that are exposed.

    Raises
    ------
    InputError
        When no series is given, or one is too short, holds only zeros or what is no count, or an
        exposure is missing, below 0, or of another length.

    Examples
    --------
    Three deaths in six attacks: in the month of four attacks one expects two.

    >>> deaths, attacks = pd.Series([0, 3]), pd.Series([2, 4])
    >>> expected_months([deaths], [attacks])[0][1].tolist()
    [1.0, 2.0]
    """
    if exposures is None:
        return [
            (part, np.full(len(part), part.mean()), np.arange(len(part))) for part in _parts(series)
        ]
    if len(exposures) != len(series):
        raise InputError(f"{len(series)} series have {len(exposures)} exposures: expected one each")
    kept, weights, places = [], [], []
    for number, (one, by) in enumerate(zip(series, exposures), start=1):
        exposed = numbers(by, f"exposure {number}")
        if len(exposed) != len(one) or (exposed < 0).any():
            raise InputError(f"exposure {number}: expected {len(one)} numbers of at least 0")
        places.append(np.flatnonzero(exposed > 0))
        kept.append(pd.Series(np.asarray(one)[exposed > 0]))
        weights.append(exposed[exposed > 0])
    means = [part.sum() * by / by.sum() for part, by in zip(_parts(kept), weights)]
    return list(zip(_parts(kept), means, places))


def _parts(series: Sequence[pd.Series]) -> list[np.ndarray]:
    """Return series of counts as floats, each with a mean above 0."""
    parts = [counts(one, f"series {number}", 2) for number, one in enumerate(series, start=1)]
    if not parts:
        raise InputError("no series was given: expected at least one")
    if any(part.sum() == 0 for part in parts):
        raise InputError("a series holds only zeros: its dispersion is not defined")
    return parts


def compound_inflation(
    deaths: Iterable[float] | None = None,
    *,
    total: float | None = None,
    squares: float | None = None,
) -> float:
    """Return E[D^2] / E[D], the variance inflation of a sum of deaths over Poisson incidents.

    A compound Poisson sum of N incidents with D deaths each has mean N E[D] and variance N E[D^2].

    Parameters
    ----------
    deaths : iterable of int, optional
        Deaths of each incident.
    total, squares : float, optional
        In place of ``deaths``: their sum (deaths) and the sum of their squares (deaths squared).

    Returns
    -------
    float
        Variance over mean of the sum of deaths, in deaths an incident; at least 1.

    Raises
    ------
    InputError
        When both forms are given, or neither; when there are no deaths; when the sum of squares is
        below the total, which whole numbers cannot give.

    References
    ----------
    Feller (1968), An Introduction to Probability Theory and Its Applications, volume 1, XII.2.

    Examples
    --------
    One attack kills 8, two kill 1 each: (64 + 1 + 1) / (8 + 1 + 1).

    >>> compound_inflation([8, 1, 1])
    6.6
    >>> compound_inflation(total=10, squares=66)
    6.6
    """
    if deaths is not None and (total is not None or squares is not None):
        raise InputError("give the deaths of each incident or their totals, not both")
    if deaths is not None:
        values = counts(listed(deaths, "the deaths by incident"), "the deaths by incident")
        total, squares = float(values.sum()), float(np.square(values).sum())
    if total is None or squares is None:
        raise InputError(
            "give the deaths of each incident, or their total and the sum of their squares"
        )
    ratio = positive(squares, "the sum of squares") / positive(total, "the total of deaths")
    if ratio < 1:
        raise InputError(
            f"the sum of squares {squares:g} is below the total {total:g}: "
            "whole numbers cannot give that"
        )
    return ratio
