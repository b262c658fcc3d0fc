"""What a series did after a date against what it was doing before: the counterfactual and the cumulative effect.

The model is fitted to the periods before the date alone and carried on (Brodersen et al. 2015 in idea; here with the
trend and the errors of :mod:`helpers.stats.months.trend`). It needs no assumption about the form of the effect.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, place_of, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.prediction import Prediction, predict
from helpers.stats.months.trend import fit_trend


@dataclass(frozen=True)
class Counterfactual:
    """Observed periods from a date on (``observed``) and the ``prediction`` made from the periods before it."""

    observed: pd.Series
    prediction: Prediction

    def table(self) -> pd.DataFrame:
        """Return by period the observed count, the median expected, and the ends of the 50, 80 and 95 % intervals."""
        return self.prediction.table.assign(observed=self.observed)

    def cumulative(self, level: float = 0.95) -> Estimate:
        """Return the observed sum less the expected one, in counts, with interval and two-sided p-value."""
        return self._against(
            lambda expected: self.observed.sum() - expected, level, "observed less expected"
        )

    def ratio(self, level: float = 0.95) -> Estimate:
        """Return the observed sum over the expected one, with interval and two-sided p-value."""
        return self._against(
            lambda expected: self.observed.sum() / np.maximum(expected, 0.5),
            level,
            "observed over expected",
        )

    def _against(self, compare, level: float, words: str) -> Estimate:
        drawn, total = compare(self.prediction.sums), float(self.observed.sum())
        low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
        return Estimate(
            float(np.median(drawn)),
            float(low),
            float(high),
            self.prediction.p_value(total, "two-sided"),
            len(self.observed),
            f"{words}, {self.prediction.method}",
            level,
            self.prediction.warnings,
        )


def counterfactual(
    series: pd.Series,
    at: str | pd.Period | pd.Timestamp,
    generator: np.random.Generator,
    *,
    harmonics: int = 2,
    order: int = 1,
    draws: int = 4000,
) -> Counterfactual:
    """Fit a trend to the counts before ``at`` and compare what it expects with the counts from ``at`` on."""
    index = regular(series, "the series")
    clean = pd.Series(counts(series, "the series", 4), index=index)
    place = place_of(at, index, "the date")
    if place < 1 or place >= len(index):
        raise InputError(
            f"the date {at} lies outside the series: expected one from {index[1]} to {index[-1]}"
        )
    trend = fit_trend(clean.iloc[:place], harmonics=harmonics, order=order)
    return Counterfactual(
        clean.iloc[place:], predict(trend, len(clean) - place, generator, draws=draws)
    )
