"""A passing change: is a series higher or lower in stated windows than the rest of it says?

``ln E[y] = trend + seasons + steps + controls + b * (in a window)`` with errors averaged over their
memory (:mod:`helpers.stats.months.memory`): one factor for all windows together. The rank among
windows of the same lengths at random places needs no model of the errors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, counts, dates_of, generator_of, place_of, regular, whole
from helpers.stats.estimate import Estimate
from helpers.stats.months.design import Seasons, base_design, its_design
from helpers.stats.months.in_many import InMany
from helpers.stats.months.interrupted import Interrupted
from helpers.stats.months.memory import fit_memory_counts

Window: TypeAlias = tuple[When, When]
Controls: TypeAlias = pd.DataFrame | pd.Series | None


def pulse(
    series: pd.Series,
    windows: Window | Sequence[Window],
    *,
    steps: When | Iterable[When] = (),
    harmonics: Seasons = 2,
    order: int = 1,
    controls: Controls = None,
    level: float = 0.95,
) -> Estimate:
    """Return the rate ratio of the windows to what the rest leads one to expect.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least 4.
    windows : pair of dates or sequence of pairs
        First and last period of each window, both included. All share one factor.
    steps : date or iterable of dates, optional
        First period of each lasting change of level.
    harmonics : int or "dummies", default 2
        Seasons, as of :func:`helpers.stats.months.interrupted.interrupted`.
    order : int, default 1
        Order of the trend, 0 (none) to 3.
    controls : pandas.DataFrame or pandas.Series of float, optional
        Further columns, with a row for each period.
    level : float, default 0.95
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        A rate ratio with interval and two-sided p-value against 1. Where the windows, or all other
        periods, hold no event, one end of the interval is open.

    Raises
    ------
    InputError
        No window is given, one reaches past the series or ends before it begins, they hold more
        than half of it, the index is not regular, a value is no count, or the controls lack a
        period or bear the name of another column.

    Examples
    --------
    About 100 a month, and about 200 in the summer of 2022.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 12, months)
    >>> y["2022-05":"2022-08"] *= 2
    >>> found = pulse(y, ("2022-05", "2022-08"), harmonics=0, order=0)
    >>> round(found.value, 1), found.low < 2 < found.high
    (2.0, True)
    """
    clean = pd.Series(counts(series, "the series", 4), index=regular(series, "the series"))
    terms: dict[str, Any] = {"steps": steps, "harmonics": harmonics, "order": order}
    design = pulse_design(clean.index, windows, **terms, controls=controls)
    fit = fit_memory_counts(clean, design)
    return Interrupted(clean, design, fit, ("window",)).effect(level=level)


@dataclass(frozen=True)
class PulseInMany(InMany):
    """The test of :func:`pulse` for many series at once.

    Attributes
    ----------
    windows : pair of dates or sequence of pairs
        First and last period of each window.
    steps : date or sequence of dates
        First period of each lasting change of level.
    harmonics : int or "dummies"
        Seasons.
    order : int
        Order of the trend.
    controls : pandas.DataFrame or pandas.Series of float, optional
        Further columns, with a row for each period.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 12, months)
    >>> y["2022-05":"2022-08"] *= 2
    >>> round(PulseInMany(("2022-05", "2022-08"), order=0).many([y])[0].value, 1)
    2.0
    """

    windows: Window | Sequence[Window]
    steps: When | Sequence[When] = ()
    harmonics: Seasons = 2
    order: int = 1
    controls: Controls = field(default=None, compare=False)  # tables have no one truth value

    def _design(self, index: pd.PeriodIndex) -> pd.DataFrame:
        """Return the design (n, k), the windows first."""
        return pulse_design(index, self.windows, **self._form)

    def _alone(self, series: pd.Series) -> Estimate:
        """Return the factor of the windows in one series, as :func:`pulse` does."""
        return pulse(series, self.windows, **self._form)

    @property
    def _form(self) -> dict[str, Any]:
        names = ("steps", "harmonics", "order", "controls")
        return {name: getattr(self, name) for name in names}


def pulse_rank(
    series: pd.Series,
    windows: Window | Sequence[Window],
    generator: np.random.Generator,
    *,
    steps: When | Iterable[When] = (),
    harmonics: Seasons = 2,
    order: int = 1,
    controls: Controls = None,
    comparison: pd.Series | None = None,
    apart: bool = False,
    draws: int = 999,
) -> Estimate:
    """Return the rate ratio of the windows with its rank among random places.

    The windows keep their lengths, order and distances, and move together round the series (its end
    joins its beginning), which keeps the series' own memory. With n periods there are no more than
    n places, so p is at least about 1 / n. A few long windows have too few such places that differ;
    they may be dealt out one by one instead.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least 4.
    windows : pair of dates or sequence of pairs
        First and last period of each window, both included.
    generator : numpy.random.Generator
        Source of the places.
    steps : date or iterable of dates, optional
        First period of each lasting change of level.
    harmonics : int or "dummies", default 2
        Seasons, as of :func:`helpers.stats.months.interrupted.interrupted`.
    order : int, default 1
        Order of the trend, 0 (none) to 3.
    controls : pandas.DataFrame or pandas.Series of float, optional
        Further columns, with a row for each period.
    comparison : pandas.Series of int, shape (n,), same index, optional
        Counts that the series is set over.
    apart : bool, default False
        Whether each window goes to a place of its own, without overlap and in any order.
    draws : int, default 999
        Number of random places.

    Returns
    -------
    Estimate
        The least-squares rate ratio with p = (1 + hits) / (1 + draws), two-sided; a rank gives no
        interval.

    Raises
    ------
    InputError
        As in :func:`pulse`, or ``generator`` is a seed.

    Examples
    --------
    About 100 a month, and about 200 in the summer of 2022.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 12, months)
    >>> y["2022-05":"2022-08"] *= 2
    >>> window, generator = ("2022-05", "2022-08"), np.random.default_rng(1)
    >>> found = pulse_rank(y, window, generator, harmonics=0, order=0, draws=99)
    >>> round(found.value, 1), found.p < 0.05, found.low
    (2.0, True, None)
    """
    clean = pd.Series(counts(series, "the series", 4), index=regular(series, "the series"))
    base = np.linalg.qr(_base(clean.index, steps, harmonics, order, controls).to_numpy())[0]
    inside = _inside(clean.index, _places(clean.index, windows))
    logs = _logs(clean, comparison)
    rest = logs - base @ (base.T @ logs)
    own, number = generator_of(generator), whole(draws, "draws")
    rows = np.vstack([inside, (_dealt if apart else _moved)(inside, own, number)])
    rows = rows - (rows @ base) @ base.T
    sizes = np.maximum(np.square(rows).sum(axis=1), 1e-12)
    scores = np.abs(rows @ rest) / np.sqrt(sizes)
    hits = int((scores[1:] >= scores[0] - 1e-12).sum())
    return Estimate(
        float(np.exp(rows[0] @ rest / sizes[0])),
        None,
        None,
        (1 + hits) / (1 + draws),
        len(clean),
        f"rank among {draws} places of the same windows",
    )


def pulse_design(
    index: pd.PeriodIndex,
    windows: Window | Sequence[Window],
    *,
    steps: When | Iterable[When] = (),
    harmonics: Seasons = 2,
    order: int = 1,
    controls: Controls = None,
) -> pd.DataFrame:
    """Return the regression's columns, the windows first.

    Parameters
    ----------
    index : pandas.PeriodIndex, shape (n,)
        Months, quarters or years without gaps.
    windows, steps, harmonics, order, controls
        As of :func:`pulse`.

    Returns
    -------
    pandas.DataFrame of float, shape (n, k), PeriodIndex
        ``window`` is 1 in a window and 0 outside; then steps, constant, trend, seasons, controls.

    Raises
    ------
    InputError
        As of :func:`pulse`.

    Examples
    --------
    >>> months = pd.period_range("2024-01", periods=4, freq="M")
    >>> pulse_design(months, ("2024-02", "2024-02"), harmonics=0, order=0)["window"].tolist()
    [0.0, 1.0, 0.0, 0.0]
    """
    design = _base(index, steps, harmonics, order, controls)
    if "window" in design:
        raise InputError("a control is named 'window', as the windows are: give it another name")
    design.insert(0, "window", _inside(index, _places(index, windows)))
    return design


def _logs(series: pd.Series, comparison: pd.Series | None) -> np.ndarray:
    """Return the logarithms (n,) of counts, or of their ratio to other counts."""
    logs = np.log(series.to_numpy() + 0.5)
    if comparison is None:
        return logs
    if not series.index.equals(regular(comparison, "the comparison")):
        raise InputError("the series and the comparison do not run over the same periods")
    return logs - np.log(counts(comparison, "the comparison", 4) + 0.5)


def _moved(inside: np.ndarray, generator: np.random.Generator, draws: int) -> np.ndarray:
    """Return windows (draws, n) that moved together round the series."""
    moves = generator.integers(1, len(inside), draws)
    return np.vstack([np.roll(inside, move) for move in moves])


def _dealt(inside: np.ndarray, generator: np.random.Generator, draws: int) -> np.ndarray:
    """Return windows (draws, n) that keep their lengths and lie anywhere, in any order."""
    edges = np.flatnonzero(np.diff(inside, prepend=0, append=0))
    lengths, rows = edges[1::2] - edges[::2], np.zeros((draws, len(inside)))
    slots = int((inside == 0).sum()) + len(lengths)  # each window closed up to one period
    for row in rows:
        starts = np.sort(generator.choice(slots, len(lengths), replace=False))
        order = generator.permutation(lengths)
        for start, length in zip(starts + np.cumsum(order) - order - np.arange(len(order)), order):
            row[start : start + length] = 1
    return rows


def _base(
    index: pd.PeriodIndex,
    steps: When | Iterable[When],
    harmonics: Seasons,
    order: int,
    controls: Controls,
) -> pd.DataFrame:
    """Return the design (n, k) without the windows."""
    base = base_design(index, harmonics, order)
    dates = dates_of(steps, "the step")
    if not dates and controls is None:
        return base
    design = its_design(
        index, dates or [index[1]], harmonics=harmonics, order=order, controls=controls
    )
    return design if dates else design.iloc[:, 1:]  # without a date the design asks for one


def _places(index: pd.PeriodIndex, windows: Window | Sequence[Window]) -> list[tuple[int, int]]:
    """Return the places of each window's first and last period."""
    given = (
        [windows]
        if isinstance(windows, tuple) and len(windows) == 2 and not isinstance(windows[0], tuple)
        else list(windows)
    )
    if not given:
        raise InputError(
            "no window was given: expected the first and the last period of at least one"
        )
    if not all(isinstance(one, (tuple, list)) and len(one) == 2 for one in given):
        raise InputError(f"a window is {given!r}: expected pairs of a first and a last period")
    places = [
        (place_of(first, index, "the window's start"), place_of(last, index, "the window's end"))
        for first, last in given
    ]
    for (first, last), names in zip(places, given):
        if not 0 <= first <= last < len(index):
            raise InputError(
                f"the window {names[0]} to {names[1]} is not within {index[0]} to {index[-1]}, "
                "first before last"
            )
    return places


def _inside(index: pd.PeriodIndex, places: list[tuple[int, int]]) -> np.ndarray:
    """Return 1 for each period in a window and 0 for the others."""
    time = np.arange(len(index))
    inside = np.any([(time >= first) & (time <= last) for first, last in places], axis=0)
    if inside.sum() > len(index) / 2:
        raise InputError(
            f"the windows hold {inside.sum()} of {len(index)} periods: "
            "too few are left to compare with"
        )
    return inside.astype(float)
