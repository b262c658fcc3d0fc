"""What a fitted trend leads one to expect: later periods and their sum, simulated.

A prediction that takes months as independent is too sure of a year's sum. The simulated future
carries on the autocorrelation of the errors, from the last one observed, with the uncertainty of
all that was estimated.
"""

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import generator_of, level_of, whole, zeros_said
from helpers.stats.estimate import Estimate
from helpers.stats.months.trend import Trend, deterministic

LEVELS = (0.5, 0.8, 0.95)
LARGEST = 60.0  # logarithm of the largest simulated count


@dataclass(frozen=True)
class Prediction:
    """Simulated later periods.

    Attributes
    ----------
    table : pandas.DataFrame of float, shape (h, 7), PeriodIndex
        Columns ``median``, ``low_50``, ``high_50``, ``low_80``, ``high_80``, ``low_95`` and
        ``high_95``, in counts a period.
    sums : numpy.ndarray of float, shape (draws,)
        Counts of all periods together, by draw.
    method : str
        How they were made.
    warnings : tuple of str
        What a reader must know.
    """

    table: pd.DataFrame
    sums: np.ndarray
    method: str
    warnings: tuple[str, ...] = ()

    def total(self, level: float = 0.95) -> Estimate:
        """Return the sum over all predicted periods.

        Parameters
        ----------
        level : float, default 0.95
            Coverage of the central interval, between 0 and 1.

        Returns
        -------
        Estimate
            In counts: the median over the draws; a prediction has no p-value.

        Raises
        ------
        InputError
            ``level`` is no share.

        Examples
        --------
        >>> months = pd.period_range("2025-01", periods=12, freq="M")
        >>> found = Prediction(pd.DataFrame(index=months), np.arange(101.0), "0 to 100").total(0.8)
        >>> round(found.low, 6), found.value, found.high
        (10.0, 50.0, 90.0)
        """
        level = level_of(level)
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
        """Return how unusual an observed sum is among the draws.

        Parameters
        ----------
        observed : float
            Observed count over all predicted periods.
        side : {"upper", "lower", "two-sided"}, default "upper"
            Which draws are at least as extreme: those as large, as small, or twice the rarer.

        Returns
        -------
        float
            (1 + hits) / (1 + draws), at most 1.

        Raises
        ------
        InputError
            The sum is not finite, or there is no such side.

        Examples
        --------
        Of 99 draws 4 are as large as 96.

        >>> found = Prediction(pd.DataFrame(), np.arange(1.0, 100), "1 to 99")
        >>> found.p_value(96), found.p_value(96, "two-sided")
        (0.05, 0.1)
        """
        if not isinstance(observed, Real) or not np.isfinite(observed):
            raise InputError(
                f"the observed sum is {observed}: expected a number; "
                "fill or drop the missing periods"
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
    """Return the periods that a trend leads one to expect next.

    All uncertainty is carried, see :meth:`helpers.stats.months.memory.MemoryFit.simulate`.

    Parameters
    ----------
    trend : Trend
        Fitted trend.
    steps : int
        Number of periods after its last, at least 1.
    generator : numpy.random.Generator
        Source of the draws.
    draws : int, default 4000
        Number of simulated futures, at least 1.

    Returns
    -------
    Prediction

    Raises
    ------
    InputError
        ``steps`` or ``draws`` is no whole number of at least 1, or ``generator`` is a seed.

    Examples
    --------
    >>> from helpers.stats.months.trend import fit_trend
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> trend = fit_trend(pd.Series([90, 100, 110, 100] * 12, months), harmonics=0, order=0)
    >>> found = predict(trend, 3, np.random.default_rng(1))
    >>> found.table["median"].round(-1)
    2024-01    100.0
    2024-02    100.0
    2024-03    100.0
    Freq: M, Name: median, dtype: float64
    """
    steps, draws = whole(steps, "steps", 1), whole(draws, "draws", 1)
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
        f"log-linear trend, errors averaged over their memory, {draws} draws",
        zeros_said(trend.series.to_numpy()),
    )
