"""The design of a series with events: trend, seasons, controls, and what each event may do.

An event may bring a step, a change of slope, a ramp (a step that is built up over a stated span) or
a gradual step (half of what is left arrives within each half-life). All are columns; which of them
an event has is decided before the data are seen.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, dates_of, place_of, positive
from helpers.stats.months.trend import SEASONS, deterministic

Seasons: TypeAlias = int | Literal["dummies"]

YEARS_FOR_TREND = 3  # before the first date; with fewer, trend and seasons can mimic a shift


def its_design(
    index: pd.PeriodIndex,
    steps: When | Iterable[When] = (),
    *,
    slopes: When | Iterable[When] = (),
    ramps: Iterable[tuple[When, When]] = (),
    gradual: Iterable[tuple[When, float]] = (),
    harmonics: Seasons = 2,
    order: int | None = None,
    controls: pd.DataFrame | pd.Series | None = None,
) -> pd.DataFrame:
    """Return the design of an interrupted series.

    Parameters
    ----------
    index : pandas.PeriodIndex, shape (n,)
        Months, quarters or years without gaps.
    steps, slopes : date or iterable of dates
        First period of each new level, and of each new growth.
    ramps : iterable of pairs of dates
        First period of a change of level, and the period in which it is whole.
    gradual : iterable of pairs of date and float
        First period of a change of level, and the number of periods in which half of it arrives.
        At least one date of any kind.
    harmonics : int or "dummies", default 2
        Pairs of Fourier terms, 0 to 6, or a column for each month (quarter) but the first; none for
        yearly counts.
    order : int, optional
        Order of the trend, 0 (none) to 3; by default that of :func:`trend_order`.
    controls : pandas.DataFrame or pandas.Series of float, optional
        Further columns, with a row for each period of ``index``.

    Returns
    -------
    pandas.DataFrame of float, shape (n, k), PeriodIndex
        Steps (0, then 1), slopes (0, then 1, 2, ... from the second period on), ramps and gradual
        steps (0, then rising to 1), constant, trend, seasons, controls.

    Raises
    ------
    InputError
        No date is given, one lies outside the index or is given twice, a ramp ends before it
        begins, a half-life is not above 0, or the controls lack a period or bear the name of
        another column.

    Examples
    --------
    >>> months = pd.period_range("2024-01", periods=4, freq="M")
    >>> its_design(months, "2024-03", slopes="2024-02", harmonics=0)
             step 2024-03  slope 2024-02  const  trend
    2024-01           0.0            0.0    1.0    1.0
    2024-02           0.0            0.0    1.0    2.0
    2024-03           1.0            1.0    1.0    3.0
    2024-04           1.0            2.0    1.0    4.0
    >>> ramp = its_design(months, ramps=[("2024-02", "2024-03")], harmonics=0, order=0)
    >>> ramp["ramp 2024-02"].tolist()
    [0.0, 0.5, 1.0, 1.0]
    """
    columns = _changes(index, steps, slopes, ramps, gradual)
    if not columns:
        raise InputError(
            "no step and no slope was given: expected the first period of at least one"
        )
    first = min(int(np.argmax(column != 0)) for column in columns.values())
    base = base_design(index, harmonics, trend_order(index, first, harmonics, order))
    parts = [pd.DataFrame(columns, index=index), base]
    return pd.concat(parts if controls is None else [*parts, _controls(controls, parts)], axis=1)


def base_design(index: pd.PeriodIndex, harmonics: Seasons, order: int) -> pd.DataFrame:
    """Return constant, trend and seasons.

    Parameters
    ----------
    index : pandas.PeriodIndex, shape (n,)
        Months, quarters or years without gaps.
    harmonics : int or "dummies"
        Pairs of Fourier terms, or a column for each month (quarter) but the first.
    order : int
        Order of the trend, 0 to 3.

    Returns
    -------
    pandas.DataFrame of float, shape (n, k), PeriodIndex

    Raises
    ------
    InputError
        ``harmonics`` or ``order`` is out of range.

    Examples
    --------
    >>> quarters = pd.period_range("2024Q1", periods=4, freq="Q")
    >>> base_design(quarters, "dummies", 0).columns.tolist()
    ['const', 'season 2', 'season 3', 'season 4']
    """
    if harmonics != "dummies":
        return deterministic(index, harmonics, order).in_sample()
    base, season = deterministic(index, 0, order).in_sample(), SEASONS.get(index.freqstr[0], 0)
    if not season:
        return base
    of = (index.month if season == 12 else index.quarter).to_numpy()
    dummies = {f"season {one}": (of == one).astype(float) for one in range(2, season + 1)}
    return base.assign(**dummies)


def trend_order(
    index: pd.PeriodIndex, before: int, harmonics: Seasons, order: int | None = None
) -> int:
    """Return the order of the trend that a series has room for, where none is stated.

    Two years with a shift between them are fitted as well by a trend and a season that repeats its
    fall, which then foretell another shift.

    Parameters
    ----------
    index : pandas.PeriodIndex
        Months, quarters or years.
    before : int
        Number of periods before the first date at which something changes.
    harmonics : int or "dummies"
        Seasons that are fitted.
    order : int, optional
        The order that is stated.

    Returns
    -------
    int
        ``order`` where stated; else 0 where seasons are fitted and fewer than three years lie
        before, otherwise 1.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> trend_order(months, 35, harmonics=2), trend_order(months, 36, harmonics=2)
    (0, 1)
    """
    if order is not None:
        return order
    season = SEASONS.get(index.freqstr[0], 0)
    return 0 if harmonics and season and before < YEARS_FOR_TREND * season else 1


def _changes(
    index: pd.PeriodIndex,
    steps: When | Iterable[When],
    slopes: When | Iterable[When],
    ramps: Iterable[tuple[When, When]],
    gradual: Iterable[tuple[When, float]],
) -> dict[str, np.ndarray]:
    """Return a column (n,) for what each event may do, by its name."""
    time, columns = np.arange(len(index)), {}
    for at in _dates(steps, index, "step"):
        columns[f"step {index[at]}"] = (time >= at).astype(float)
    for at in _dates(slopes, index, "slope"):
        columns[f"slope {index[at]}"] = np.maximum(time - at, 0).astype(float)
    for (_, end), at in _pairs(ramps, index, "ramp"):
        span = place_of(end, index, "the ramp's end") - at + 1
        if not 1 <= span <= len(index) - at:
            raise InputError(
                f"the ramp from {index[at]} is whole in {end}: expected a period from "
                f"{index[at]} to {index[-1]}"
            )
        columns[f"ramp {index[at]}"] = np.clip((time - at + 1) / span, 0, 1)
    for (_, half), at in _pairs(gradual, index, "gradual step"):
        share = positive(half, "the half-life, in periods,")
        columns[f"gradual {index[at]}"] = 1 - 0.5 ** (np.maximum(time - at + 1, 0) / share)
    return columns


def _dates(given: When | Iterable[When], index: pd.PeriodIndex, kind: str) -> list[int]:
    """Return the places of dates in the index.

    Each needs at least one period before it and one from it on; a slope needs two from it on.
    """
    places: list[int] = []
    for date in dates_of(given, f"the {kind}"):
        at = place_of(date, index, f"the {kind}")
        last = len(index) - (2 if kind == "slope" else 1)
        if not 1 <= at <= last:
            raise InputError(
                f"the {kind} {date} lies outside the series: "
                f"expected a date from {index[1]} to {index[last]}"
            )
        if at in places:
            raise InputError(f"the {kind} {date} is given twice: expected each date once")
        places.append(at)
    return places


def _pairs(given: Iterable[tuple], index: pd.PeriodIndex, kind: str) -> list[tuple[tuple, int]]:
    """Return pairs of a date and something else, with the place of each date."""
    pairs = list(given)
    if not all(isinstance(one, (tuple, list)) and len(one) == 2 for one in pairs):
        raise InputError(f"a {kind} is {pairs!r}: expected a list of pairs that begin with a date")
    return list(zip(map(tuple, pairs), _dates([one[0] for one in pairs], index, kind)))


def _controls(controls: pd.DataFrame | pd.Series, others: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the controls by the series' periods.

    A period without a value is refused, and a name that another column has: it would count as that.
    """
    if not isinstance(controls, (pd.DataFrame, pd.Series)):
        raise InputError(f"the controls are {type(controls).__name__}: expected a table with dates")
    named = isinstance(controls, pd.DataFrame)
    table = controls if named else controls.to_frame(controls.name or "control")
    taken = ["const", "trend", *(name for one in others for name in one)]
    index = next(iter(others)).index
    for place, name in enumerate(table.columns):
        if name in taken or name in table.columns[:place]:
            raise InputError(
                f"a control is named '{name}', as another column is: give it a name of its own"
            )
    if isinstance(table.index, pd.DatetimeIndex):
        table = table.set_axis(table.index.tz_localize(None).to_period(index.freq))
    lacking = index.difference(table.index) if isinstance(table.index, pd.PeriodIndex) else index
    if len(lacking):
        raise InputError(
            f"the controls have no row for {lacking[0]}: expected one for each period of the series"
        )
    found = table.loc[index]
    if len(found) > len(index):
        twice = found.index[found.index.duplicated()][0]
        raise InputError(f"the controls have two rows for {twice}: expected one for each period")
    try:
        return found.astype("float64")
    except (TypeError, ValueError):
        raise InputError("the controls hold something that is not a number") from None
