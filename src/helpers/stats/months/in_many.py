"""The primary test of one term, for many series over the same periods at once.

A simulation gives such a test to :func:`helpers.stats.trust.power.rejections`, which hands over
whole batches: one design is whitened once, and all series go through it together.
"""

from abc import ABC, abstractmethod

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import contrast_of
from helpers.stats.estimate import Estimate
from helpers.stats.months.count_regression import CountRegression

HELD = 0.05  # an interval of 95 % holds what a test at 5 % does not reject


class InMany(ABC):
    """A test of the first column of a design, in one series or in many."""

    @abstractmethod
    def _design(self, index: pd.PeriodIndex) -> pd.DataFrame:
        """Return the design (n, k) over the periods of a series, the term under test first."""

    @abstractmethod
    def _alone(self, series: pd.Series) -> Estimate:
        """Return the rate ratio of the term in one series."""

    def __call__(self, series: pd.Series, generator: np.random.Generator) -> Estimate:
        """Return the rate ratio of the term in one series; the generator is not used."""
        return self._alone(series)

    def many(self, batch: list[pd.Series], effect: float = 1.0) -> list[Estimate]:
        """Return the rate ratio of the term in each of many series over the same periods.

        Parameters
        ----------
        batch : list of pandas.Series of int, shape (n,), same PeriodIndex
            Counts.
        effect : float, default 1.0
            Rate ratio that is planted in them.

        Returns
        -------
        list of Estimate
            Ratio and p-value against 1, as a single fit gives them; the interval is cut down to
            whether it holds ``effect``: (0, inf) where it does, else (nan, nan). A series that
            counts nothing in the periods of the term, or in all others, goes alone; one that is
            refused there has a p-value of NaN.

        Examples
        --------
        >>> from helpers.stats.months.interrupted import StepInMany
        >>> months = pd.period_range("2020-01", periods=48, freq="M")
        >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, index=months)
        >>> (found,) = StepInMany("2023-01", harmonics=0).many([y], effect=0.5)
        >>> round(found.value, 1), found.p < 0.05, found.high
        (0.5, True, inf)
        """
        design, values = self._design(batch[0].index), np.column_stack(batch).astype("float64")
        inside = design.iloc[:, 0].to_numpy() != 0
        both = values[inside].any(axis=0) & values[~inside].any(axis=0)
        found = iter(_tested(design, values[:, both], effect) if both.any() else ())
        return [next(found) if usual else self._tried(one) for one, usual in zip(batch, both)]

    def _tried(self, series: pd.Series) -> Estimate:
        """Return the ratio in one series, NaN where it is refused."""
        try:
            return self._alone(series)
        except InputError as error:
            return Estimate(np.nan, np.nan, np.nan, np.nan, len(series), str(error))


def _tested(design: pd.DataFrame, values: np.ndarray, effect: float) -> list[Estimate]:
    """Return the first term's ratio in each column of counts (n, s), and whether it holds one."""
    regression = CountRegression(design.to_numpy(dtype="float64"))
    contrast = contrast_of(str(design.columns[0]), design.columns)
    logs, p = regression.tests(values, contrast)
    at = float(np.log(effect)) if effect > 0 else -np.inf
    held = p if at == 0 else regression.tests(values, contrast, at)[1]
    words = "counts with errors averaged over their memory"
    ends = [(0.0, np.inf) if holds else (np.nan, np.nan) for holds in held > HELD]
    return [
        Estimate(float(np.exp(log)), low, high, float(one), len(values), words)
        for log, one, (low, high) in zip(logs, p, ends)
    ]
