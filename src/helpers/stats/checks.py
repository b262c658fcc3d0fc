"""What a count series must be before a model sees it: said once, for every function."""

import datetime
import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from numbers import Integral, Real
from typing import TypeAlias

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean

MANY_ZEROS = 0.2
# A date within a period. datetime.datetime and pandas.Timestamp are dates; a number is a year.
When: TypeAlias = str | int | datetime.date | np.datetime64 | pd.Period
# 3/8/2021 is in March to some and in August to others.
EITHER_ORDER = re.compile(r"\s*(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-]\d+")


def _finite(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def shown(value: object) -> str:
    """Return a value as a message names it: itself, or its type where that would take lines.

    Parameters
    ----------
    value : object
        What a caller gave.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> shown(95), shown([1, 2])
    ('95', 'of type list')
    """
    if value is None or isinstance(value, (Real, str)):
        return str(value)
    return f"of type {type(value).__name__}"


def count(value: float, name: str) -> float:
    """Return a single count as a float.

    Parameters
    ----------
    value : float
        A whole number of at least 0.
    name : str
        What the message calls it.

    Returns
    -------
    float
        The count.

    Raises
    ------
    InputError
        When it is negative, fractional, not finite or no number.

    Examples
    --------
    >>> count(3, "the deaths")
    3.0
    >>> count(2.5, "the deaths")
    Traceback (most recent call last):
    helpers.base.errors.InputError: the deaths is 2.5: expected a whole number of at least 0
    """
    if not _finite(value) or value < 0 or value != int(value):
        raise InputError(f"{name} is {shown(value)}: expected a whole number of at least 0")
    return float(value)


def positive(value: float, name: str) -> float:
    """Return a finite number above 0 as a float.

    Parameters
    ----------
    value : float
        A number above 0.
    name : str
        What the message calls it.

    Returns
    -------
    float
        The number.

    Raises
    ------
    InputError
        When it is 0 or below, not finite or no number.

    Examples
    --------
    >>> positive(12, "the exposure")
    12.0
    >>> positive(0, "the exposure")
    Traceback (most recent call last):
    helpers.base.errors.InputError: the exposure is 0: expected a number above 0
    """
    if not _finite(value) or value <= 0:
        raise InputError(f"{name} is {shown(value)}: expected a number above 0")
    return float(value)


def whole(value: int, name: str, least: int = 1, most: int | None = None) -> int:
    """Return a whole number within its bounds, such as a horizon or a number of draws.

    Parameters
    ----------
    value : int
        The number, Python's or numpy's.
    name : str
        What the message calls it.
    least, most : int
        Bounds, both included; no upper one where ``most`` is None.

    Returns
    -------
    int
        The number.

    Raises
    ------
    InputError
        When it lies beyond a bound or is no whole number.

    Examples
    --------
    >>> whole(12, "horizon")
    12
    >>> whole(0, "horizon")
    Traceback (most recent call last):
    helpers.base.errors.InputError: horizon is 0: expected a whole number of at least 1
    """
    if not is_whole(value) or value < least or (most is not None and value > most):
        bounds = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise InputError(f"{name} is {shown(value)}: expected a whole number {bounds}")
    return int(value)


def level_of(level: float) -> float:
    """Return a confidence level.

    Parameters
    ----------
    level : float
        A share between 0 and 1, such as 0.95.

    Returns
    -------
    float
        The level.

    Raises
    ------
    InputError
        When it does not lie between 0 and 1, as 95 for 95 %.

    Examples
    --------
    >>> level_of(0.9)
    0.9
    >>> level_of(95)
    Traceback (most recent call last):
    helpers.base.errors.InputError: level is 95: expected a share between 0 and 1, such as 0.95
    """
    if not _finite(level) or not 0 < level < 1:
        raise InputError(f"level is {shown(level)}: expected a share between 0 and 1, such as 0.95")
    return float(level)


def is_whole(value: object) -> bool:
    """Say whether a value is a whole number, Python's or numpy's.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    bool
        False for a truth value, and for a float even where it has no fraction.

    Examples
    --------
    >>> is_whole(3), is_whole(3.0), is_whole(True)
    (True, False, False)
    """
    return isinstance(value, Integral) and not isinstance(value, bool)


def _floats(given: object) -> np.ndarray | None:
    """Return an array of floats, what is missing as nan, or None where one is no number.

    A string of digits and a truth value are no numbers, though numpy would take both for one.
    """
    try:
        array = np.asarray(given)
    except ValueError:  # lists of several lengths
        return None
    if array.dtype.kind in "iuf":
        return array.astype("float64")
    if array.dtype.kind != "O":
        return np.empty(array.shape) if array.size == 0 else None
    flat = [math.nan if one is None or one is pd.NA else one for one in array.ravel()]
    if not all(isinstance(one, (Real, Decimal)) and not isinstance(one, bool) for one in flat):
        return None
    try:
        return np.array([float(one) for one in flat]).reshape(array.shape)
    except OverflowError:
        return np.full(array.shape, math.inf)


def counts(series: pd.Series, name: str, least: int = 1) -> np.ndarray:
    """Return a series of counts as floats.

    Parameters
    ----------
    series : pandas.Series or array-like of int, shape (n,)
        Whole numbers of at least 0, none missing.
    name : str
        What the message calls it.
    least : int
        Smallest number of observations.

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        The counts, in the same order.

    Raises
    ------
    InputError
        When a value is missing, negative, fractional, infinite or no number, or there are fewer
        than ``least``.

    Examples
    --------
    >>> import pandas as pd
    >>> counts(pd.Series([4, 0, 7]), "deaths")
    array([4., 0., 7.])
    >>> counts(pd.Series([4, -1]), "deaths")
    Traceback (most recent call last):
    helpers.base.errors.InputError: deaths, observation 2: -1.0 is not a whole number of at least 0
    """
    values = _floats(series)
    if values is None:
        raise InputError(
            f"{name} holds something that is not a number: expected whole numbers of at least 0"
        )
    if values.ndim != 1 or len(values) < least:
        raise InputError(
            f"{name} has {values.size} observations: expected at least {least} in one column"
        )
    wrong = ~np.isfinite(values) | (values < 0) | (values != np.floor(values))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise InputError(
            f"{name}, observation {place + 1}: {values[place]} is not a whole number of at least 0"
        )
    return values


def numbers(series: pd.Series, name: str, least: int = 1) -> np.ndarray:
    """Return a series of finite numbers as floats.

    Parameters
    ----------
    series : pandas.Series or array-like of float, shape (n,)
        Finite numbers, none missing.
    name : str
        What the message calls it.
    least : int
        Smallest number of observations.

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        The numbers, in the same order.

    Raises
    ------
    InputError
        When a value is missing, infinite or no number, or there are fewer than ``least``.

    Examples
    --------
    >>> import pandas as pd
    >>> numbers(pd.Series([0.5, -2]), "the gap")
    array([ 0.5, -2. ])
    >>> numbers(pd.Series([0.5, None]), "the gap")
    Traceback (most recent call last):
    helpers.base.errors.InputError: the gap, observation 2: nan is not a finite number
    """
    values = _floats(series)
    if values is None:
        raise InputError(f"{name} holds something that is not a number")
    if values.ndim != 1 or len(values) < least:
        raise InputError(
            f"{name} has {values.size} observations: expected at least {least} in one column"
        )
    if not np.isfinite(values).all():
        place = int(np.argmin(np.isfinite(values)))
        raise InputError(f"{name}, observation {place + 1}: {values[place]} is not a finite number")
    return values


def design_of(design: pd.DataFrame, rows: int, spare: int = 1) -> np.ndarray:
    """Return the design of a regression as floats, its columns finite and independent.

    Parameters
    ----------
    design : pandas.DataFrame, shape (n, k)
        One row for each observation, one column for each coefficient, the constant included.
    rows : int
        Number of observations n of the outcome.
    spare : int
        Number of observations beyond its columns that the model needs.

    Returns
    -------
    numpy.ndarray of float64, shape (n, k)
        The design.

    Raises
    ------
    InputError
        When its rows are not ``rows``, a cell is missing, infinite or no number, the observations
        are fewer than k + ``spare``, or one column follows from others.

    Examples
    --------
    >>> import pandas as pd
    >>> design_of(pd.DataFrame({"const": 1.0, "step": [0, 0, 1]}), rows=3).shape
    (3, 2)

    A column that repeats another leaves its coefficient open.

    >>> twice = pd.DataFrame({"const": 1.0, "step": [0, 0, 1], "again": [0, 0, 2]})
    >>> design_of(twice, rows=3, spare=0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    helpers.base.errors.InputError: the 3 columns of the design are not independent on 3 ...
    """
    matrix = _columns(design)
    if matrix.ndim != 2 or len(matrix) != rows:
        raise InputError(f"the outcome has {rows} rows and the design {len(matrix)}")
    if not np.isfinite(matrix).all():
        raise InputError("the design holds a missing or infinite value")
    if rows < matrix.shape[1] + spare:
        raise InputError(
            f"{rows} observations cannot carry {matrix.shape[1]} coefficients; shorten the design"
        )
    scale = np.abs(matrix).max(axis=0)
    if np.linalg.matrix_rank(matrix / np.where(scale > 0, scale, 1)) < matrix.shape[1]:
        raise InputError(
            f"the {matrix.shape[1]} columns of the design are not independent on {rows} "
            "observations; drop a step, a control or a season that another column repeats"
        )
    return matrix


def _columns(design: pd.DataFrame) -> np.ndarray:
    """Return a table as floats, a column of truth values as 0 and 1."""
    if np.ndim(design) != 2:
        return np.empty(np.shape(design))
    table = pd.DataFrame(design)
    columns = [
        one.to_numpy("float64") if one.dtype == bool else _floats(one) for _, one in table.items()
    ]
    if any(one is None for one in columns):
        raise InputError("the design holds something that is not a number")
    return np.array(columns).T.reshape(table.shape)


def contrast_of(of: str | Mapping[str, float], names: Iterable[str]) -> np.ndarray:
    """Return the weights of a coefficient, or of a sum of several, over all coefficients.

    Parameters
    ----------
    of : str or mapping of str to float
        The name of one coefficient, or the weight of each by name.
    names : iterable of str, k of them
        All coefficients of the fit, in order.

    Returns
    -------
    numpy.ndarray of float64, shape (k,)
        The weights, 0 for coefficients that ``of`` does not name.

    Raises
    ------
    InputError
        When the fit has no such coefficient; the nearest name is suggested.

    Examples
    --------
    >>> contrast_of("step", ["const", "step", "slope"])
    array([0., 1., 0.])

    A step and a year of the slope after it:

    >>> contrast_of({"step": 1, "slope": 12}, ["const", "step", "slope"])
    array([ 0.,  1., 12.])
    """
    weights, names = {of: 1.0} if isinstance(of, str) else dict(of), list(names)
    for name in weights:
        if name not in names:
            raise InputError(f"the fit has no coefficient '{name}'" + did_you_mean(name, names))
    return np.array([float(weights.get(name, 0)) for name in names])


def generator_of(generator: np.random.Generator) -> np.random.Generator:
    """Return the generator, which a seed cannot stand in for.

    Two calls with one seed would share their draws unseen; a generator moves on.

    Parameters
    ----------
    generator : numpy.random.Generator
        As ``numpy.random.default_rng(seed)`` gives it.

    Returns
    -------
    numpy.random.Generator
        The same object.

    Raises
    ------
    InputError
        When it is no generator.

    Examples
    --------
    >>> import numpy as np
    >>> generator_of(np.random.default_rng(7))  # doctest: +ELLIPSIS
    Generator(PCG64) at ...
    >>> generator_of(7)
    Traceback (most recent call last):
    helpers.base.errors.InputError: the generator is 7: expected numpy.random.default_rng(seed)
    """
    if not isinstance(generator, np.random.Generator):
        raise InputError(
            f"the generator is {shown(generator)}: expected numpy.random.default_rng(seed)"
        )
    return generator


def regular(series: pd.Series, name: str) -> pd.PeriodIndex:
    """Return the index of a sorted series without gaps as months, quarters or years.

    Dates count for the month, quarter or year that they fall in, in their own zone where they have
    one.

    Parameters
    ----------
    series : pandas.Series or pandas.DataFrame, n rows
        Its index is a PeriodIndex or a DatetimeIndex.
    name : str
        What the message calls it.

    Returns
    -------
    pandas.PeriodIndex, shape (n,)
        Months ("M"), quarters ("Q") or years ("Y"), each one after the last.

    Raises
    ------
    InputError
        When the index is of another kind or frequency, its dates have a zone in which they are not
        at midnight, or a period is missing, repeated or out of order; the message says where.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.to_datetime(["2024-01-31", "2024-02-01", "2024-03-15"])
    >>> list(regular(pd.Series([5, 3, 8], months), "deaths").astype(str))
    ['2024-01', '2024-02', '2024-03']

    A month without a row is not a month without deaths.

    >>> regular(pd.Series([5, 8], months[[0, 2]]), "deaths")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    helpers.base.errors.InputError: deaths: no observation follows 2024-01; fill the gap ...
    """
    index = getattr(series, "index", None)
    if isinstance(index, (pd.DatetimeIndex, pd.PeriodIndex)) and index.hasnans:
        raise InputError(f"{name}: a date is missing in the index; complete it or drop the row")
    if isinstance(index, pd.DatetimeIndex):
        index = _local(index, name)
        index = index.to_period(_letter(index))
    if not isinstance(index, pd.PeriodIndex):
        raise InputError(
            f"{name}: expected an index of dates or periods, found {type(index).__name__}"
        )
    if not len(index):
        raise InputError(f"{name} has no observation")
    if index.freqstr[0] not in "MQYA":
        raise InputError(
            f"{name}: periods of frequency {index.freqstr}: expected months, quarters or years"
        )
    steps = np.diff(index.asi8)
    if (steps < 1).any():
        raise InputError(
            f"{name}: the period after {index[int(np.argmax(steps < 1))]} is not later; "
            "sort, keep one of each"
        )
    if (steps > 1).any():
        raise InputError(
            f"{name}: no observation follows {index[int(np.argmax(steps > 1))]}; "
            "fill the gap or say why it is 0"
        )
    return index


def columns_of(table: pd.DataFrame, wanted: Iterable[str], name: str) -> pd.DataFrame:
    """Return a table that has the columns that will be read.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.
    wanted : iterable of str
        Columns that it must have.
    name : str
        What the message calls it.

    Returns
    -------
    pandas.DataFrame
        The same table.

    Raises
    ------
    InputError
        When it is no table or a column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> columns_of(pd.DataFrame({"model": ["naive"]}), ["model", "crps"], "the scores")
    Traceback (most recent call last):
    helpers.base.errors.InputError: the scores have no column crps
    """
    if not isinstance(table, pd.DataFrame):
        raise InputError(f"{name} are {shown(table)}: expected a DataFrame")
    missing = [one for one in wanted if one not in table.columns]
    if missing:
        raise InputError(f"{name} have no column {', '.join(missing)}")
    return table


def zeros_said(values: np.ndarray) -> tuple[str, ...]:
    """Return a warning when more than a fifth of the counts are 0.

    There ``ln(y + 0.5)`` is a poor scale.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n,)
        Counts by period.

    Returns
    -------
    tuple of str
        One sentence, or none.

    Examples
    --------
    >>> import numpy as np
    >>> zeros_said(np.array([3, 0, 0, 5]))[0]  # doctest: +ELLIPSIS
    '50 % of the observations are 0: ...'
    >>> zeros_said(np.array([3, 1, 2, 4, 0]))
    ()
    """
    share = float((values == 0).mean())
    said = (
        f"{100 * share:.0f} % of the observations are 0: ln(y + 0.5) is a poor scale for them; "
        "longer periods help"
    )
    return (said,) if share > MANY_ZEROS else ()


def dates_of(given: When | Iterable[When], name: str) -> list[When]:
    """Return one date, or several, as a list.

    Parameters
    ----------
    given : date or iterable of dates
        Each as :func:`place_of` takes it.
    name : str
        What the message calls them.

    Returns
    -------
    list of dates
        As they were given.

    Raises
    ------
    InputError
        When it is neither a date nor several.

    Examples
    --------
    >>> dates_of("2021-08", "the step")
    ['2021-08']
    >>> dates_of(("2021-08", datetime.date(2022, 11, 28)), "the step")
    ['2021-08', datetime.date(2022, 11, 28)]
    """
    if isinstance(given, (str, int, np.integer, datetime.date, np.datetime64, pd.Period)):
        return [given]
    if not isinstance(given, Iterable):
        raise InputError(f"{name} is {given!r}: expected a date such as '2021-08', or several")
    return list(given)


def place_of(date: When, index: pd.PeriodIndex, name: str) -> int:
    """Return how many periods after the first of an index a date lies.

    Parameters
    ----------
    date : str, datetime.date, numpy.datetime64, pandas.Timestamp, pandas.Period or int
        Any date within the period, in its own zone where it has one. A longer period stands for its
        start; a number is a year, which only a yearly index takes.
    index : pandas.PeriodIndex, shape (n,)
        Periods of one frequency, at least one.
    name : str
        What the message calls the date.

    Returns
    -------
    int
        Periods after the first, below 0 for a date before it; the end of the index is no limit.

    Raises
    ------
    InputError
        When ``date`` is no date, is a year among months, or can be read in two ways.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.period_range("2021-01", periods=24, freq="M")
    >>> place_of("2021-08-15", months, "the step")
    7
    >>> place_of(pd.Period("2021Q3"), months, "the step")
    6
    >>> place_of("2020-12", months, "the step")
    -1
    """
    found = _period_of(date, index.freq)
    if found is None:
        said = f"'{date}'" if isinstance(date, (str, Real)) else shown(date)
        raise InputError(f"{name} {said} is not a date; expected one such as {index[0]}")
    return found.ordinal - index[0].ordinal


def _period_of(date: When, freq: pd.offsets.BaseOffset) -> pd.Period | None:
    """Return the period that a date falls in, or None where it is not plain which."""
    if isinstance(date, pd.Period):
        return date.asfreq(freq, how="start")
    if isinstance(date, (int, np.integer)) and not isinstance(date, bool):
        date = str(date) if freq.freqstr[0] in "YA" else ""
    if not isinstance(date, (str, datetime.date, np.datetime64)) or EITHER_ORDER.match(str(date)):
        return None
    try:
        found = pd.Period(date, freq=freq)
    except (ValueError, TypeError):
        return None
    return None if found is pd.NaT else found


def _local(index: pd.DatetimeIndex, name: str) -> pd.DatetimeIndex:
    """Return dates without their zone.

    Midnights of one zone that were turned into another fall on the last day of the month before,
    and nothing says that they did but the hour.
    """
    local = index.tz_localize(None)
    if index.tz is not None and (local != local.normalize()).any():
        raise InputError(
            f"{name}: the dates are not at midnight of their zone {index.tz}; "
            "turn them into the zone of the counts with tz_convert"
        )
    return local


def _letter(index: pd.DatetimeIndex) -> str:
    """Return the period that dates stand for, gaps or not: M, Q or Y, or D, W or h to refuse."""
    with pd.option_context("future.infer_freq_returns_offset", False):
        found = pd.infer_freq(index) if len(index) > 2 else None
    if found and found[0] in "DWh":
        return found[0]
    if len(index) > 1 and index.month.nunique() == 1 and index.year.nunique() > 1:
        return "Y"
    return "Q" if len(index) > 2 and (index.month % 3).nunique() == 1 else "M"
