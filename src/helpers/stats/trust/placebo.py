"""Placebo in time: is what followed the event unusual among what followed other dates?

Nothing is claimed of those dates. The step is estimated at each in the same way, each time from no
more than the series had by the end of as many periods as follow the event, and the event's step is
ranked among them (Abadie, Diamond and Hainmueller 2010 in idea). The rank takes the series' past as
the measure of how much it wanders by itself.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, counts, place_of, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.design import Seasons, base_design, trend_order
from helpers.stats.months.forms import unforeseen
from helpers.stats.months.memory import fit_memory


@dataclass(frozen=True)
class Placebo:
    """The event's step among the steps at earlier dates.

    Attributes
    ----------
    steps : pandas.DataFrame of float, one row a date, PeriodIndex, the event last
        Columns ``ratio`` (rate ratio) and ``t`` (its studentised logarithm).
    after : int
        Periods from its date on by which each step is judged.
    warnings : tuple of str
        What a reader must know.
    smallest_p : float
        Smallest p-value that so many dates allow.
    """

    steps: pd.DataFrame
    after: int
    warnings: tuple[str, ...] = ()

    @property
    def smallest_p(self) -> float:
        """The smallest p-value that so many dates allow."""
        return 1 / len(self.steps)

    def effect(self) -> Estimate:
        """Return the event's rate ratio with its rank among the dates.

        Returns
        -------
        Estimate
            A rate ratio with two-sided p-value: the share of dates, the event among them, whose
            ``t`` is as large. A rank gives no interval; ``n`` counts the dates.

        Examples
        --------
        Of four dates the event has the largest ``t``.

        >>> steps = pd.DataFrame({"ratio": [1.1, 0.9, 1.0, 0.5], "t": [0.8, -0.9, 0.1, -4.0]})
        >>> found = Placebo(steps, after=6).effect()
        >>> found.value, found.p
        (0.5, 0.25)
        """
        sizes = self.steps["t"].abs().to_numpy()
        p = float((sizes >= sizes[-1]).mean())
        return Estimate(
            float(self.steps["ratio"].iloc[-1]),
            None,
            None,
            p,
            len(self.steps),
            f"placebo in time, {len(self.steps) - 1} earlier dates, "
            f"smallest p {self.smallest_p:.3f}",
            warnings=self.warnings,
        )


def placebo_in_time(
    series: pd.Series,
    at: When,
    *,
    before: int = 24,
    harmonics: Seasons = 2,
    order: int | None = None,
) -> Placebo:
    """Rank the step at a date among the steps at all earlier dates with as much room.

    The placebo windows end before the event. Steps are generalised least-squares estimates on
    ``ln(y + 0.5)``, under the likeliest memory of the months before the event.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least 4.
    at : str, pandas.Period or pandas.Timestamp
        First period of the claimed new level.
    before : int, default 24
        Periods that a placebo date needs before it.
    harmonics : int or "dummies", default 2
        Seasons, as of :func:`helpers.stats.months.interrupted.interrupted`.
    order : int, optional
        Order of the trend, likewise.

    Returns
    -------
    Placebo
        With a warning below twenty dates, which allow no p-value of 5 %.

    Raises
    ------
    InputError
        The date lies outside the series, no earlier date has room, the series does not vary about
        its trend, its index is not regular, or a value is no count.

    References
    ----------
    * Abadie, Diamond and Hainmueller (2010), Synthetic control methods for comparative case
      studies.

    Examples
    --------
    Three years about 100 a month, then half a year about 50. Dates with two years before them and
    half a year before the event: January to July 2022.

    >>> months = pd.period_range("2020-01", periods=42, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 45, 50, 55], index=months)
    >>> found = placebo_in_time(y, "2023-01", harmonics=0, order=0)
    >>> [str(date) for date in found.steps.index[[0, -2, -1]]], found.effect().p
    (['2022-01', '2022-07', '2023-01'], 0.125)
    """
    index = regular(series, "the series")
    values = counts(series, "the series", 4)
    room = trend_order(index, place_of(at, index, "the date"), harmonics, order)
    base = base_design(index, harmonics, room)
    dates, after = _dates(index, at, max(before, base.shape[1] + 1))
    logs = np.log(values + 0.5)
    if np.ptp(logs[: dates[-1]]) == 0:
        raise InputError(
            "the series does not vary before the date: no step can be told from another"
        )
    steps = _steps(logs, base, dates, after)
    if not np.isfinite(steps["t"]).all():
        raise InputError(
            "the series does not vary about its trend: no step can be told from another"
        )
    few = (
        (f"{len(dates) - 1} placebo dates: no p-value below {1 / len(dates):.2f} is possible",)
        if len(dates) < 20
        else ()
    )
    return Placebo(steps, after, few)


def _steps(logs: np.ndarray, base: pd.DataFrame, dates: list[int], after: int) -> pd.DataFrame:
    """Return ratio and t statistic of the step at each date, ``after`` periods long."""
    memory = fit_memory(pd.Series(logs[: dates[-1]]), base.iloc[: dates[-1]])
    given = (np.arange(len(logs))[:, None] >= np.array(dates)).astype(float)
    white = unforeseen(np.column_stack([logs, base, given]), memory.rho, memory.theta)
    ends, k = [date + after for date in dates], base.shape[1]
    found = [
        _step(white[:end, 0], white[:end, 1 : k + 1], white[:end, k + 1 + place])
        for place, end in enumerate(ends)
    ]
    return pd.DataFrame(found, index=base.index[dates], columns=["ratio", "t"])


def _dates(index: pd.PeriodIndex, at: When, least: int) -> tuple[list[int], int]:
    """Return the places of the placebo dates and the event's, and the periods from each on."""
    event = place_of(at, index, "the date")
    if not 1 <= event < len(index):
        raise InputError(
            f"the date {at} lies outside the series: expected one from {index[1]} to {index[-1]}"
        )
    after = len(index) - event
    dates = [*range(least, event - after + 1), event]
    if len(dates) < 2:
        raise InputError(
            f"no date before {at} has {least} periods before it and {after} after it; "
            "lengthen the series"
        )
    return dates, after


def _step(logs: np.ndarray, base: np.ndarray, step: np.ndarray) -> tuple[float, float]:
    """Return the ratio of a step and its t statistic, from whitened columns by least squares."""
    basis = np.linalg.qr(base)[0]
    own, rest = step - basis @ (basis.T @ step), logs - basis @ (basis.T @ logs)
    size = own @ own
    value = float(own @ rest / size)
    rss = float(rest @ rest - value**2 * size)
    error = np.sqrt(max(rss, 0.0) / (len(logs) - base.shape[1] - 1) / size)
    return float(np.exp(value)), value / error if error > 1e-12 else np.nan
