"""Placebo in time: is what followed the event unusual among what followed dates on which nothing is claimed?

The step is estimated at every earlier date in the same way, each time from no more than the series had by the end of as
many periods as follow the event, and the event's step is ranked among them (Abadie, Diamond and Hainmueller 2010 in idea).
The rank takes the series' past as the measure of how much it wanders by itself.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, place_of, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.interrupted import When
from helpers.stats.months.trend import deterministic


@dataclass(frozen=True)
class Placebo:
    """``steps``: by date (PeriodIndex, the event last) the rate ratio and its studentised logarithm ``t``; ``after`` the
    periods that each step is judged by."""

    steps: pd.DataFrame
    after: int
    warnings: tuple[str, ...] = ()

    @property
    def smallest_p(self) -> float:
        """The smallest p-value that so many dates allow."""
        return 1 / len(self.steps)

    def effect(self) -> Estimate:
        """Return the event's rate ratio with the two-sided rank p-value; a rank gives no interval."""
        sizes = self.steps["t"].abs().to_numpy()
        p = float((sizes >= sizes[-1]).mean())
        return Estimate(
            float(self.steps["ratio"].iloc[-1]),
            None,
            None,
            p,
            len(self.steps),
            f"placebo in time, {len(self.steps) - 1} earlier dates, smallest p {self.smallest_p:.3f}",
            warnings=self.warnings,
        )


def placebo_in_time(
    series: pd.Series, at: When, *, before: int = 24, harmonics: int = 2, order: int = 1
) -> Placebo:
    """Rank the step at ``at`` among the steps at all dates with ``before`` periods before and the same number after.

    ``series``: counts by month, quarter or year without gaps. The placebo windows end before the event. Steps are
    least-squares estimates on ``ln(y + 0.5)`` with a trend of ``order`` and ``harmonics`` pairs of Fourier terms. Raises
    :class:`InputError` when no earlier date has room.
    """
    index = regular(series, "the series")
    values = counts(series, "the series", 4)
    event = place_of(at, index, "the date")
    after = len(index) - event
    base = deterministic(index, harmonics, order).in_sample().to_numpy()
    if not 1 <= event < len(index):
        raise InputError(
            f"the date {at} lies outside the series: expected one from {index[1]} to {index[-1]}"
        )
    least = max(before, base.shape[1] + 1)
    dates = [*range(least, event - after + 1), event]
    if len(dates) < 2:
        raise InputError(
            f"no date before {at} has {least} periods before it and {after} after it; lengthen the series"
        )
    logs = np.log(values + 0.5)
    steps = pd.DataFrame(
        [_step(logs[: date + after], base[: date + after], date) for date in dates],
        index=index[dates],
        columns=["ratio", "t"],
    )
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


def _step(logs: np.ndarray, base: np.ndarray, date: int) -> tuple[float, float]:
    """Return the ratio of a step at ``date`` and its t statistic by least squares."""
    step = (np.arange(len(logs)) >= date).astype(float)
    basis = np.linalg.qr(base)[0]
    own, rest = step - basis @ (basis.T @ step), logs - basis @ (basis.T @ logs)
    size = own @ own
    value = float(own @ rest / size)
    rss = float(rest @ rest - value**2 * size)
    error = np.sqrt(max(rss, 0.0) / (len(logs) - base.shape[1] - 1) / size)
    return float(np.exp(value)), value / error if error > 1e-12 else np.nan
