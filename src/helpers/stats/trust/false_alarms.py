"""How often the primary test of a step cries wolf on the very series that it is used on.

Two ways to make a series in which no step is claimed: its months in random order, and its own
past up to earlier dates.
"""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, generator_of, place_of, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import StepInMany, interrupted
from helpers.stats.shares.proportion import proportion

ALPHA = 0.05


def permuted(
    series: pd.Series,
    at: When,
    generator: np.random.Generator,
    *,
    draws: int = 200,
    harmonics: int = 2,
    order: int | None = None,
) -> Estimate:
    """Return the share of random orders of the periods in which a step at ``at`` is found.

    A random order has no trend, no season and no memory: the share should be about one in twenty.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), PeriodIndex
        Counts by month, quarter or year, without gaps.
    at : str, pandas.Period or pandas.Timestamp
        The first period of the step that is looked for.
    generator : numpy.random.Generator
        Gives the random orders.
    draws : int, default 200
        How many.
    harmonics, order : int
        Pairs of Fourier terms and order of the trend, as of
        :func:`helpers.stats.months.interrupted.interrupted`.

    Returns
    -------
    Estimate
        Share of ``draws`` with a p-value of at most 0.05, with Wilson's interval.

    Raises
    ------
    InputError
        When the date lies outside the series, or the series is no regular series of counts.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=24, freq="M")
    >>> deaths = pd.Series(np.random.default_rng(1).poisson(50, 24), index=months)
    >>> found = permuted(deaths, "2021-07", np.random.default_rng(2), draws=5, harmonics=0)
    >>> found.n, 0 <= found.value <= 1
    (5, True)
    """
    index = regular(series, "the series")
    orders = [generator_of(generator).permutation(series.to_numpy()) for _ in range(draws)]
    test = StepInMany(at, harmonics=harmonics, order=order)
    found = test.many([pd.Series(one, index=index) for one in orders])
    return proportion(sum(one.p is not None and one.p <= ALPHA for one in found), len(found))


def at_placebo_dates(
    series: pd.Series, at: When, *, before: int = 36, harmonics: int = 2, order: int | None = None
) -> Estimate:
    """Return the share of earlier dates at which a step is found.

    As many periods follow each date as follow ``at``. The dates are the series' own past, which may
    hold real steps: a high share warns that finding *some* step is easy.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), PeriodIndex
        Counts by month, quarter or year, without gaps.
    at : str, pandas.Period or pandas.Timestamp
        The first period after the event; no placebo window reaches it.
    before : int, default 36
        The least number of periods before a date.
    harmonics, order : int
        As of :func:`permuted`.

    Returns
    -------
    Estimate
        Share of dates with a p-value of at most 0.05, with Wilson's interval, which takes the dates
        as independent though neighbours share most periods.

    Raises
    ------
    InputError
        When no earlier date has room.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=24, freq="M")
    >>> deaths = pd.Series(np.random.default_rng(1).poisson(50, 24), index=months)
    >>> at_placebo_dates(deaths, "2021-11", before=18, harmonics=0).n  # from July to September
    3
    """
    index = regular(series, "the series")
    event = place_of(at, index, "the date")
    after = len(series) - event
    dates = range(before, event - after + 1)
    if not dates:
        raise InputError(
            f"no date before {at} has {before} periods before it and {after} after it; "
            "lengthen the series"
        )
    found = [_rejects(series.iloc[: date + after], index[date], harmonics, order) for date in dates]
    return proportion(sum(found), len(found))


def _rejects(series: pd.Series, at: When, harmonics: int, order: int | None) -> bool:
    found = interrupted(series, at, harmonics=harmonics, order=order).effect()
    assert found.p is not None  # the primary method gives every effect a p-value
    return found.p <= ALPHA
