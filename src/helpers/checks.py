"""What a count series must be before a model sees it: said once, for every function."""

import math

import numpy as np
import pandas as pd

from helpers.errors import InputError


def count(value: float, name: str) -> float:
    """Return a count as a float; :class:`InputError` when it is negative, fractional or not finite."""
    if isinstance(value, bool) or value is None or not math.isfinite(value) or value < 0 or value != int(value):
        raise InputError(f"{name} is {value}: expected a whole number of at least 0")
    return float(value)


def positive(value: float, name: str) -> float:
    """Return a finite number above zero."""
    if value is None or not math.isfinite(value) or value <= 0:
        raise InputError(f"{name} is {value}: expected a number above 0")
    return float(value)


def level_of(level: float) -> float:
    """Return a confidence level between 0 and 1."""
    if not 0 < level < 1:
        raise InputError(f"level is {level}: expected a share between 0 and 1, such as 0.95")
    return level


def counts(series: pd.Series, name: str, least: int = 1) -> np.ndarray:
    """Return a series of counts as floats; NaN, negative or fractional values and short series are refused."""
    values = np.asarray(series, dtype="float64")
    if values.ndim != 1 or len(values) < least:
        raise InputError(f"{name} has {values.size} observations: expected at least {least} in one column")
    wrong = ~np.isfinite(values) | (values < 0) | (values != np.floor(values))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise InputError(f"{name}, observation {place + 1}: {values[place]} is not a whole number of at least 0")
    return values


def regular(series: pd.Series, name: str) -> pd.PeriodIndex:
    """Return the index of a sorted series without gaps as periods; :class:`InputError` says where it breaks."""
    index = series.index
    if isinstance(index, pd.DatetimeIndex):
        with pd.option_context("future.infer_freq_returns_offset", False):
            frequency = pd.infer_freq(index) if len(index) > 2 else None
        if frequency is None and not (index.is_monotonic_increasing and index.is_unique):
            raise InputError(f"{name}: the dates are not sorted, or one stands twice; sort them and keep one")
        index = index.to_period(frequency[0] if frequency else "M")
    if not isinstance(index, pd.PeriodIndex):
        raise InputError(f"{name}: expected an index of dates or periods, found {type(index).__name__}")
    steps = np.diff(index.asi8)
    if (steps < 1).any():
        raise InputError(f"{name}: the period after {index[int(np.argmax(steps < 1))]} is not later; sort, keep one of each")
    if (steps > 1).any():
        raise InputError(f"{name}: no observation follows {index[int(np.argmax(steps > 1))]}; fill the gap or say why it is 0")
    return index
