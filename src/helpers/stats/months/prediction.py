"""What a fitted trend leads one to expect: later periods and their sum, simulated.

A prediction that takes months as independent is too sure of a year's sum. The simulated future carries on the
autocorrelation of the errors, from the last one observed, with the uncertainty of all that was estimated.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, zeros_said
from helpers.stats.estimate import Estimate
from helpers.stats.months.trend import Trend, deterministic

LEVELS = (0.5, 0.8, 0.95)
LARGEST = 60.0  # logarithm of the largest simulated count


@dataclass(frozen=True)
class Prediction:
    """Simulated later periods: ``table`` by period, ``sums`` of each draw, and how they were made."""

    table: pd.DataFrame
    sums: np.ndarray
    method: str
    warnings: tuple[str, ...] = ()

    def total(self, level: float = 0.95) -> Estimate:
        """Return the median of the sum over all predicted periods and its central interval."""
        low, high = np.quantile(self.sums, [0.5 - level / 2, 0.5 + level / 2])
        return Estimate(
            float(np.median(self.sums)),
            float(low),
            float(high),
            None,
            len(self.table),
            self.method,
            level,
            self.warnings,
        )

    def p_value(self, observed: float, side: str = "upper") -> float:
        """Return the share of draws at least as extreme as ``observed``, (1 + hits) / (1 + draws)."""
        if not np.isfinite(observed):
            raise InputError(
                f"the observed sum is {observed}: expected a number; fill or drop the missing periods"
            )
        upper = (1 + (self.sums >= observed).sum()) / (1 + len(self.sums))
        lower = (1 + (self.sums <= observed).sum()) / (1 + len(self.sums))
        choices = {"upper": upper, "lower": lower, "two-sided": min(1.0, 2 * min(upper, lower))}
        if side not in choices:
            raise InputError(f"side is '{side}': expected one of {', '.join(choices)}")
        return float(choices[side])


def predict(
    trend: Trend, steps: int, generator: np.random.Generator, *, draws: int = 4000
) -> Prediction:
    """Simulate the next ``steps`` periods ``draws`` times from ``generator`` (see :meth:`helpers.stats.months.gls.GlsFit.simulate`).

    The table has the columns median, low_50, high_50, low_80, high_80, low_95, high_95 by period, in counts.
    """
    if steps < 1 or draws < 1:
        raise InputError(f"steps is {steps} and draws is {draws}: expected at least 1 of each")
    later = deterministic(trend.series.index, trend.harmonics, trend.order).out_of_sample(steps)
    logs = trend.fit.simulate(later, draws, generator_of(generator))
    values = np.maximum(np.exp(np.minimum(logs, LARGEST)) - 0.5, 0)
    index = pd.period_range(trend.series.index[-1] + 1, periods=steps, freq=trend.series.index.freq)
    table = pd.DataFrame({"median": np.median(values, axis=0)}, index=index)
    for level in LEVELS:
        ends = np.quantile(values, [0.5 - level / 2, 0.5 + level / 2], axis=0)
        table[f"low_{level * 100:.0f}"], table[f"high_{level * 100:.0f}"] = ends
    return Prediction(
        table,
        values.sum(axis=1),
        f"log-linear trend with AR(1) errors, {draws} draws",
        zeros_said(trend.series.to_numpy()),
    )
