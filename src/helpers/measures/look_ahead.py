"""A forecast of any country's year: where models can be tried, and what stands in for them.

A country without enough deaths for a model gets the years that it has had.
"""

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.country import enough, yearly
from helpers.measures.forecast import BAND_FORMATS
from helpers.stats.checks import generator_of
from helpers.stats.forecast.rolling import ENSEMBLE, RAW

WINDOW, SHORTEST, MOST = 120, 60, 6  # months that models see, at most and at least; origins
COLUMNS = ["origin", "target", "month", "model", *BAND_FORMATS]


def origins(final: pd.Series) -> list[pd.Period]:
    """Return the Decembers from which models can be sent ahead and judged by a whole year.

    Parameters
    ----------
    final : pandas.Series of float, PeriodIndex "M"
        Counts by month of a final release.

    Returns
    -------
    list of pandas.Period
        In order and without a gap, the last one a whole year back, at most :data:`MOST`; before
        each lie at least :data:`SHORTEST` months, and the :data:`WINDOW` before it are
        :func:`~helpers.measures.country.enough`. There may be none.

    Examples
    --------
    >>> months = pd.period_range("2015-01", "2024-12", freq="M")
    >>> [str(one) for one in origins(pd.Series(3.0, months))]
    ['2019-12', '2020-12', '2021-12', '2022-12', '2023-12']
    >>> origins(pd.Series(0.0, months))
    []
    """
    found: list[pd.Period] = []
    for year in yearly(final).index[::-1]:
        end = pd.Period(f"{year - 1}-12", "M")
        past = final[:end].iloc[-WINDOW:]
        if len(past) < SHORTEST or len(found) == MOST or not enough(past):
            break
        found.insert(0, end)
    return found


def with_own_spread(scored: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of a backtest with one pool in them, whose spread is its own.

    The spread that a pool learns from its earlier forecasts needs many of them: a war that breaks
    out in one of six years teaches one of millions.

    Parameters
    ----------
    scored : pandas.DataFrame
        As of :func:`helpers.stats.forecast.rolling.backtest`.

    Returns
    -------
    pandas.DataFrame
        The pool with its spread as it comes stands there as the pool.

    Examples
    --------
    >>> table = pd.DataFrame({"model": ["naive", ENSEMBLE, RAW], "crps": [3.0, 2.0, 1.0]})
    >>> with_own_spread(table)[["model", "crps"]].values.tolist()
    [['naive', 3.0], ['pool', 1.0]]
    """
    kept = scored[scored["model"] != ENSEMBLE]
    return kept.replace({"model": {RAW: ENSEMBLE}}).reset_index(drop=True)


def flipped(
    differences: pd.Series, generator: np.random.Generator, draws: int = 1000
) -> np.ndarray:
    """Return means of differences whose signs are dealt at random.

    If two forecasts are equally good, either may be the better one in each year.

    Parameters
    ----------
    differences : pandas.Series of float, shape (n,)
        The score of one less that of the other, by origin; whose years do not overlap.
    generator : numpy.random.Generator
        Deals the signs.
    draws : int, default 1000
        How often.

    Returns
    -------
    numpy.ndarray of float, shape (draws,)
        In the unit of the scores.

    Raises
    ------
    InputError
        When there are no differences, or a seed stands in for the generator.

    Examples
    --------
    >>> sorted(set(flipped(pd.Series([2.0]), np.random.default_rng(1)).tolist()))
    [-2.0, 2.0]
    """
    if differences.empty:
        raise InputError("there are no differences of scores to deal signs to")
    signs = generator_of(generator).choice([-1.0, 1.0], (draws, len(differences)))
    return (signs * differences.to_numpy()).mean(axis=1)


def as_before(totals: pd.Series, most: int = 20) -> dict[str, float]:
    """Return what past years lead one to expect of the next, where no model can be fitted.

    Parameters
    ----------
    totals : pandas.Series of float, index of years
        Counts of whole years.
    most : int, default 20
        How many of the last years are taken.

    Returns
    -------
    dict of str to float
        ``value``, ``low`` and ``high``: the median of these years, and the ends between which
        eight in ten of them lie; ``n``: their number.

    Examples
    --------
    >>> as_before(pd.Series([0.0, 0.0, 10.0], [2020, 2021, 2022]))
    {'value': 0.0, 'low': 0.0, 'high': 8.0, 'n': 3}
    """
    last = totals.iloc[-most:]
    low, middle, high = (float(one) for one in np.quantile(last, [0.1, 0.5, 0.9]))
    return {"value": middle, "low": low, "high": high, "n": len(last)}


def ratios_of(own: pd.DataFrame, elsewhere: pd.DataFrame) -> tuple[pd.Series, bool]:
    """Return how far provisional counts were from the final ones, by the country's own months.

    Parameters
    ----------
    own : pandas.DataFrame, one row a month
        ``provisional`` and ``final``, as of :func:`helpers.measures.nowcast.by_month`.
    elsewhere : pandas.DataFrame, one row a country
        ``ratio``, as of :func:`helpers.measures.nowcast.by_country`.

    Returns
    -------
    ratios : pandas.Series of float
        Final over provisional.
    of_its_own : bool
        Whether they are of the country's months; where too few of these hold deaths, they are of
        the years of other countries.

    Examples
    --------
    >>> own = pd.DataFrame({"provisional": [5, 2, 0, 1], "final": [10, 1, 3, 1]})
    >>> ratios_of(own, pd.DataFrame({"ratio": [1.5]}))[0].tolist()
    [2.0, 0.5, 1.0]
    >>> ratios_of(own.iloc[:2], pd.DataFrame({"ratio": [1.5]}))
    (0    1.5
    Name: ratio, dtype: float64, False)
    """
    told = own[own["provisional"] > 0]
    if not enough(own["provisional"], own["final"]):
        return elsewhere["ratio"], False
    return (told["final"] / told["provisional"]).rename("ratio"), True


def nothing_foretold() -> pd.DataFrame:
    """Return a table of forecasts without a row, of the columns and types that one has.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`COLUMNS`.

    Examples
    --------
    >>> nothing_foretold().shape
    (0, 11)
    """
    kinds = dict.fromkeys(COLUMNS[:4], "str") | dict.fromkeys(COLUMNS[4:], "float64")
    return pd.DataFrame(columns=COLUMNS).astype(kinds)
