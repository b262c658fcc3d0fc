"""How unevenly violence is spread over places or groups, with intervals that draw whole clusters.

Shares, location quotients, the Gini coefficient, the Herfindahl-Hirschman index and Theil's T with
its split between and within groups of units (Theil 1967; Cowell 2011).
"""

import copy
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of
from helpers.stats.estimate import Estimate
from helpers.stats.shares.clusters import few, filled, resampled, wide_of

DRAWS = 1999


def shares(
    table: pd.DataFrame, generator: np.random.Generator, *, draws: int = DRAWS, level: float = 0.95
) -> pd.DataFrame:
    """Return the share of each unit in the whole.

    Parameters
    ----------
    table : pandas.DataFrame of float, shape (c, u)
        What each cluster (row: a month) holds of each unit (column: a place, a group), such as
        deaths; at least three clusters.
    generator : numpy.random.Generator
        Draws the bootstrap of clusters.
    draws : int
        Number of bootstrap draws, at least 99.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    pandas.DataFrame, shape (u, 4)
        ``unit``, ``share``, ``low`` and ``high`` (shares from 0 to 1), in the order of the columns.

    Raises
    ------
    InputError
        When the table holds what is no weight, or too few clusters; when draws are too few.

    Examples
    --------
    The north has 3 of 12 dead.

    >>> import numpy as np, pandas as pd
    >>> table = pd.DataFrame({"north": [1, 1, 1], "south": [3, 3, 3]})
    >>> shares(table, np.random.default_rng(1))["share"].tolist()
    [0.25, 0.75]
    """
    values = wide_of(table)
    totals = resampled(values, generator, draws)
    drawn = totals / totals.sum(axis=1, keepdims=True)
    low, high = np.quantile(drawn, [0.5 - level_of(level) / 2, 0.5 + level / 2], axis=0)
    return pd.DataFrame(
        {
            "unit": list(table.columns),
            "share": values.sum(axis=0) / values.sum(),
            "low": low,
            "high": high,
        }
    )


def location_quotients(
    table: pd.DataFrame,
    reference: pd.Series,
    generator: np.random.Generator,
    *,
    draws: int = DRAWS,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return each unit's share over its share of a reference.

    Parameters
    ----------
    table : pandas.DataFrame of float, shape (c, u)
        What each cluster (row: a month) holds of each unit (column: a place, a group), such as
        deaths; at least three clusters.
    reference : pandas.Series of float, indexed by unit
        Population or area of each unit, above 0; units that the table lacks are left out.
    generator : numpy.random.Generator
        Draws the bootstrap of clusters.
    draws : int
        Number of bootstrap draws, at least 99.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    pandas.DataFrame, shape (u, 4)
        ``unit``, ``quotient``, ``low`` and ``high``, without unit; 1 where a unit has its due.

    Raises
    ------
    InputError
        When a unit has no reference above 0, and as :func:`shares` does.

    Examples
    --------
    A quarter of the dead fell in a half of the population.

    >>> import numpy as np, pandas as pd
    >>> table = pd.DataFrame({"north": [1, 1, 1], "south": [3, 3, 3]})
    >>> people = pd.Series({"north": 5e6, "south": 5e6})
    >>> location_quotients(table, people, np.random.default_rng(1))["quotient"].tolist()
    [0.5, 1.5]
    """
    wide_of(table)
    base = _above_zero(reference, list(table.columns))
    found, scale = shares(table, generator, draws=draws, level=level), base.sum() / base
    columns = {
        "share": found["share"] * scale,
        "low": found["low"] * scale,
        "high": found["high"] * scale,
    }
    return found.assign(**columns).rename(columns={"share": "quotient"})


def gini(
    table: pd.DataFrame, generator: np.random.Generator, *, draws: int = DRAWS, level: float = 0.95
) -> Estimate:
    """Return the Gini coefficient over units.

    Parameters
    ----------
    table : pandas.DataFrame of float, shape (c, u)
        What each cluster (row: a month) holds of each unit (column: a place, a group), such as
        deaths; at least three clusters, two units.
    generator : numpy.random.Generator
        Draws the bootstrap of clusters.
    draws : int
        Number of bootstrap draws, at least 99.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        Without unit: 0 when all have the same, (u - 1) / u when one of u has all; ``n`` clusters.

    Raises
    ------
    InputError
        When there is one unit, and as :func:`shares` does.

    References
    ----------
    Cowell (2011), Measuring Inequality.

    Examples
    --------
    The mean difference of two totals, |9 - 3| / 2, over twice their mean, 2 * 6.

    >>> import numpy as np, pandas as pd
    >>> table = pd.DataFrame({"north": [1, 1, 1], "south": [3, 3, 3]})
    >>> gini(table, np.random.default_rng(1)).value
    0.25
    """
    return _measure(_gini, "Gini coefficient", table, generator, draws, level)


def herfindahl(
    table: pd.DataFrame, generator: np.random.Generator, *, draws: int = DRAWS, level: float = 0.95
) -> Estimate:
    """Return the Herfindahl-Hirschman index: the sum of squared shares over units.

    Parameters
    ----------
    table : pandas.DataFrame of float, shape (c, u)
        What each cluster (row: a month) holds of each unit (column: a place, a group), such as
        deaths; at least three clusters, two units.
    generator : numpy.random.Generator
        Draws the bootstrap of clusters.
    draws : int
        Number of bootstrap draws, at least 99.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        Without unit: 1 / u when all of u have the same, 1 when one has all; ``n`` clusters.

    Raises
    ------
    InputError
        When there is one unit, and as :func:`shares` does.

    Examples
    --------
    1/16 + 9/16:

    >>> import numpy as np, pandas as pd
    >>> table = pd.DataFrame({"north": [1, 1, 1], "south": [3, 3, 3]})
    >>> herfindahl(table, np.random.default_rng(1)).value
    0.625
    """
    return _measure(_herfindahl, "Herfindahl-Hirschman index", table, generator, draws, level)


def theil(
    table: pd.DataFrame,
    groups: Mapping[str, str],
    generator: np.random.Generator,
    *,
    reference: pd.Series | None = None,
    draws: int = DRAWS,
    level: float = 0.95,
) -> dict[str, Estimate]:
    """Return Theil's T over units, and its parts between and within groups of units.

    With shares s of what happened and p of the reference, T is the sum of s log(s / p).

    Parameters
    ----------
    table : pandas.DataFrame of float, shape (c, u)
        What each cluster (row: a month) holds of each unit (column: a place, a group), such as
        deaths; at least three clusters, two units.
    groups : mapping of str to str
        The group of each unit.
    generator : numpy.random.Generator
        Draws the bootstrap of clusters.
    reference : pandas.Series of float, indexed by unit, optional
        Population or area of each unit, above 0; all units alike when left out.
    draws : int
        Number of bootstrap draws, at least 99.
    level : float
        Confidence level of the interval, between 0 and 1.

    Returns
    -------
    dict of str to Estimate
        ``total``, ``between`` and ``within`` in nats: 0 when all units have their part of the
        reference, ln u when one of u like units has all. The last two add up to the first, on the
        same draws.

    Raises
    ------
    InputError
        When a unit has no group or no reference above 0, there is one unit, and as :func:`shares`
        does.

    References
    ----------
    Theil (1967), Economics and Information Theory. Cowell (2011), Measuring Inequality.

    Examples
    --------
    All the dead are in one of two groups, evenly spread over its units: ln 2 and 0.

    >>> import numpy as np, pandas as pd
    >>> table = pd.DataFrame({"a": [2, 2, 2], "b": [2, 2, 2], "c": [0, 0, 0], "d": [0, 0, 0]})
    >>> groups = {"a": "north", "b": "north", "c": "south", "d": "south"}
    >>> found = theil(table, groups, np.random.default_rng(1))
    >>> {name: round(part.value, 3) for name, part in found.items()}
    {'total': 0.693, 'between': 0.693, 'within': 0.0}
    """
    wide_of(table)
    missing = [unit for unit in table.columns if unit not in groups or pd.isna(groups[unit])]
    if missing:
        raise InputError(f"the unit '{missing[0]}' has no group")
    names = [groups[unit] for unit in table.columns]
    member = np.array(
        [[name == group for name in names] for group in dict.fromkeys(names)], dtype=float
    )
    base = np.ones(len(names)) if reference is None else _above_zero(reference, list(table.columns))
    fair = base / base.sum()
    parts: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "total": lambda totals: _theil(totals, fair),
        "between": lambda totals: _theil(totals @ member.T, member @ fair),
        "within": lambda totals: _theil(totals, fair) - _theil(totals @ member.T, member @ fair),
    }
    own = generator_of(generator).spawn(1)[0]  # a copy of it for each part: the same draws
    return {
        name: _measure(measure, f"Theil's T, {name}", table, copy.deepcopy(own), draws, level)
        for name, measure in parts.items()
    }


def _base(reference: pd.Series, units: list[str]) -> np.ndarray:
    """Return the reference of each unit as a float."""
    if not isinstance(reference, pd.Series) or not reference.index.is_unique:
        raise InputError("the reference is no pandas.Series with one value for each unit")
    if missing := [unit for unit in units if unit not in reference.index]:
        raise InputError(f"the reference has no value for '{missing[0]}'")
    try:
        return reference.loc[units].to_numpy("float64")
    except (TypeError, ValueError):
        raise InputError("the reference holds something that is not a number") from None


def _above_zero(reference: pd.Series, units: list[str]) -> np.ndarray:
    """Return the reference of each unit, refused where it is not above 0."""
    base = _base(reference, units)
    usable = np.isfinite(base) & (base > 0)
    if not usable.all():
        raise InputError(f"the reference of '{units[int(np.argmin(usable))]}' is not above 0")
    return base


def _measure(
    measure: Callable[[np.ndarray], np.ndarray],
    name: str,
    table: pd.DataFrame,
    generator: np.random.Generator,
    draws: int,
    level: float,
) -> Estimate:
    values = wide_of(table)
    if values.shape[1] < 2:
        raise InputError("there is one unit: expected at least two to be uneven")
    drawn = measure(resampled(values, generator, draws))
    low, high = np.quantile(drawn, [0.5 - level_of(level) / 2, 0.5 + level / 2])
    return Estimate(
        float(measure(values.sum(axis=0)[None])[0]),
        float(low),
        float(high),
        None,
        len(values),
        f"{name} of {values.shape[1]} units, bootstrap of {len(values)} clusters",
        level,
        few(filled(values)),
    )


def _gini(totals: np.ndarray) -> np.ndarray:
    ordered, n = np.sort(totals, axis=1), totals.shape[1]
    return ordered @ (2 * np.arange(1, n + 1) - n - 1) / (n * totals.sum(axis=1))


def _herfindahl(totals: np.ndarray) -> np.ndarray:
    return np.square(totals / totals.sum(axis=1, keepdims=True)).sum(axis=1)


def _theil(totals: np.ndarray, fair: np.ndarray) -> np.ndarray:
    part = totals / totals.sum(axis=1, keepdims=True)
    return np.where(part > 0, part * np.log(np.where(part > 0, part, 1) / fair), 0).sum(axis=1)
