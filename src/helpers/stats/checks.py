"""What a count series must be before a model sees it: said once, for every function."""

import math
from collections.abc import Iterable, Mapping
from numbers import Real

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean

MANY_ZEROS = 0.2


def _finite(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def count(value: float, name: str) -> float:
    """Return a count as a float; :class:`InputError` when it is negative, fractional or not finite."""
    if not _finite(value) or value < 0 or value != int(value):
        raise InputError(f"{name} is {value}: expected a whole number of at least 0")
    return float(value)


def positive(value: float, name: str) -> float:
    """Return a finite number above zero."""
    if not _finite(value) or value <= 0:
        raise InputError(f"{name} is {value}: expected a number above 0")
    return float(value)


def level_of(level: float) -> float:
    """Return a confidence level between 0 and 1."""
    if not _finite(level) or not 0 < level < 1:
        raise InputError(f"level is {level}: expected a share between 0 and 1, such as 0.95")
    return level


def counts(series: pd.Series, name: str, least: int = 1) -> np.ndarray:
    """Return a series of counts as floats; NaN, negative or fractional values and short series are refused."""
    try:
        values = np.asarray(series, dtype="float64")
    except (TypeError, ValueError):
        raise InputError(
            f"{name} holds something that is not a number: expected whole numbers of at least 0"
        ) from None
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
    """Return a series of finite numbers as floats; what is missing, infinite or no number is refused."""
    try:
        values = np.asarray(series, dtype="float64")
    except (TypeError, ValueError):
        raise InputError(f"{name} holds something that is not a number") from None
    if values.ndim != 1 or len(values) < least:
        raise InputError(
            f"{name} has {values.size} observations: expected at least {least} in one column"
        )
    if not np.isfinite(values).all():
        place = int(np.argmin(np.isfinite(values)))
        raise InputError(f"{name}, observation {place + 1}: {values[place]} is not a finite number")
    return values


def design_of(design: pd.DataFrame, rows: int, spare: int = 1) -> np.ndarray:
    """Return a design of ``rows`` observations as floats; its columns must be finite and independent.

    ``spare`` is the number of observations beyond its columns that the model needs.
    """
    try:
        matrix = np.asarray(design, dtype="float64")
    except (TypeError, ValueError):
        raise InputError("the design holds something that is not a number") from None
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
            f"the {matrix.shape[1]} columns of the design are not independent on {rows} observations; "
            "drop a step, a control or a season that another column repeats"
        )
    return matrix


def contrast_of(of: str | Mapping[str, float], names: Iterable[str]) -> np.ndarray:
    """Return the weights (k) of a coefficient's name, or of a sum of several (name: weight), over all ``names``."""
    weights, names = {of: 1.0} if isinstance(of, str) else dict(of), list(names)
    for name in weights:
        if name not in names:
            raise InputError(f"the fit has no coefficient '{name}'" + did_you_mean(name, names))
    return np.array([weights.get(name, 0.0) for name in names])


def generator_of(generator: np.random.Generator) -> np.random.Generator:
    """Return the generator; a seed in its place is refused, so that two calls never share their draws unseen."""
    if not isinstance(generator, np.random.Generator):
        raise InputError(f"the generator is {generator!r}: expected numpy.random.default_rng(seed)")
    return generator


def regular(series: pd.Series, name: str) -> pd.PeriodIndex:
    """Return the index of a sorted series without gaps as months, quarters or years.

    Dates count for the month, quarter or year they fall in. :class:`InputError` says where the index breaks.
    """
    index = getattr(series, "index", None)
    if isinstance(index, (pd.DatetimeIndex, pd.PeriodIndex)) and index.hasnans:
        raise InputError(f"{name}: a date is missing in the index; complete it or drop the row")
    if isinstance(index, pd.DatetimeIndex):
        index = index.tz_localize(None).to_period(_letter(index))
    if not isinstance(index, pd.PeriodIndex):
        raise InputError(
            f"{name}: expected an index of dates or periods, found {type(index).__name__}"
        )
    if index.freqstr[0] not in "MQYA":
        raise InputError(
            f"{name}: periods of frequency {index.freqstr}: expected months, quarters or years"
        )
    steps = np.diff(index.asi8)
    if (steps < 1).any():
        raise InputError(
            f"{name}: the period after {index[int(np.argmax(steps < 1))]} is not later; sort, keep one of each"
        )
    if (steps > 1).any():
        raise InputError(
            f"{name}: no observation follows {index[int(np.argmax(steps > 1))]}; fill the gap or say why it is 0"
        )
    return index


def zeros_said(values: np.ndarray) -> tuple[str, ...]:
    """Return a warning when more than a fifth of the counts are 0, where ``ln(y + 0.5)`` is a poor scale."""
    share = float((values == 0).mean())
    said = f"{100 * share:.0f} % of the observations are 0: ln(y + 0.5) is a poor scale for them; longer periods help"
    return (said,) if share > MANY_ZEROS else ()


def place_of(date: str | pd.Period | pd.Timestamp, index: pd.PeriodIndex, name: str) -> int:
    """Return how many periods after the first of ``index`` a date lies (below 0 when before)."""
    try:
        return pd.Period(date, freq=index.freq).ordinal - index[0].ordinal
    except (ValueError, TypeError):
        raise InputError(
            f"{name} '{date}' is not a date; expected one such as {index[0]}"
        ) from None


def _letter(index: pd.DatetimeIndex) -> str:
    """Return the period (M, Q, Y, or D and W, which are refused) that dates stand for, gaps or not."""
    with pd.option_context("future.infer_freq_returns_offset", False):
        found = pd.infer_freq(index) if len(index) > 2 else None
    if found and found[0] in "DWh":
        return found[0]
    if len(index) > 1 and index.month.nunique() == 1 and index.year.nunique() > 1:
        return "Y"
    return "Q" if len(index) > 2 and (index.month % 3).nunique() == 1 else "M"
