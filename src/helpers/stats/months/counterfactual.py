"""What a series did after a date against what it was doing before: its counterfactual.

The model is fitted to the periods before the date alone and carried on (Brodersen et al. 2015 in
idea; here with the trend and the errors of :mod:`helpers.stats.months.trend`). It needs no
assumption about the form of the effect.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, level_of, place_of, regular
from helpers.stats.estimate import Estimate
from helpers.stats.months.design import trend_order
from helpers.stats.months.prediction import Prediction, predict
from helpers.stats.months.trend import fit_trend


@dataclass(frozen=True)
class Counterfactual:
    """What was observed from a date on, beside the prediction made from the periods before it.

    Attributes
    ----------
    observed : pandas.Series of float, shape (n_after,), PeriodIndex
        Counts from the date on.
    prediction : Prediction
        Simulated counts of the same periods.

    Examples
    --------
    Three years about 100 a month, then half a year about 50: 300 of 600 are missing.

    >>> months = pd.period_range("2020-01", periods=42, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 45, 50, 55], index=months)
    >>> found = counterfactual(y, "2023-01", np.random.default_rng(1), harmonics=0, order=0)
    >>> ratio = found.ratio()
    >>> ratio.low < 0.5 < ratio.high < 1, ratio.p < 0.05
    (True, True)
    """

    observed: pd.Series
    prediction: Prediction

    def table(self) -> pd.DataFrame:
        """Return observed and expected counts side by side.

        Returns
        -------
        pandas.DataFrame of float, shape (n_after, 8), PeriodIndex
            Columns ``median``, ``low_50``, ``high_50``, ``low_80``, ``high_80``, ``low_95``,
            ``high_95`` (expected) and ``observed``, in counts a period.

        Examples
        --------
        >>> months = pd.period_range("2024-01", periods=2, freq="M")
        >>> expected = Prediction(pd.DataFrame({"median": [10, 11]}, months), np.array([21]), "")
        >>> Counterfactual(pd.Series([7, 9], months), expected).table()
                 median  observed
        2024-01      10         7
        2024-02      11         9
        """
        return self.prediction.table.assign(observed=self.observed)

    def cumulative(self, level: float = 0.95) -> Estimate:
        """Return the observed sum less the expected one, with interval and two-sided p-value.

        Parameters
        ----------
        level : float, default 0.95
            Coverage of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            In counts over all periods from the date on: the median over the draws.

        Examples
        --------
        Expected are 20, 30 or 40, observed are 16.

        >>> months = pd.period_range("2024-01", periods=2, freq="M")
        >>> expected = Prediction(pd.DataFrame(index=months), np.array([20, 30, 40]), "three draws")
        >>> less = Counterfactual(pd.Series([7, 9], months), expected).cumulative()
        >>> less.value, less.n, less.p
        (-14.0, 2, 0.5)
        """
        return self._against(
            lambda expected: self.observed.sum() - expected, level, "observed less expected"
        )

    def ratio(self, level: float = 0.95) -> Estimate:
        """Return the observed sum over the expected one, with interval and two-sided p-value.

        Expected sums below half a count are taken as half a count.

        Parameters
        ----------
        level : float, default 0.95
            Coverage of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            A ratio: the median over the draws.

        Examples
        --------
        Expected are 20, 32 or 40, observed are 16.

        >>> months = pd.period_range("2024-01", periods=2, freq="M")
        >>> expected = Prediction(pd.DataFrame(index=months), np.array([20, 32, 40]), "three draws")
        >>> Counterfactual(pd.Series([7, 9], months), expected).ratio().value
        0.5
        """
        return self._against(
            lambda expected: self.observed.sum() / np.maximum(expected, 0.5),
            level,
            "observed over expected",
        )

    def _against(
        self, compare: Callable[[np.ndarray], np.ndarray], level: float, words: str
    ) -> Estimate:
        """Return what a comparison with each expected sum gives: median, interval, p-value."""
        drawn, total = compare(self.prediction.sums), float(self.observed.sum())
        low, high = np.quantile(drawn, [0.5 - level_of(level) / 2, 0.5 + level / 2])
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
    order: int | None = None,
    draws: int = 4000,
) -> Counterfactual:
    """Compare the counts from a date on with what the trend of the counts before it expects.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts, at least 4.
    at : str, pandas.Period or pandas.Timestamp
        First period that is compared.
    generator : numpy.random.Generator
        Source of the simulated periods.
    harmonics : int, default 2
        Pairs of Fourier terms, 0 to 6; none for yearly counts.
    order : int, optional
        Order of the trend, 0 (none) to 3; by default 1, or 0 where seasons are fitted and fewer
        than three years lie before the date.
    draws : int, default 4000
        Number of simulated futures.

    Returns
    -------
    Counterfactual

    Raises
    ------
    InputError
        The date lies outside the series, its index is not regular, a value is no count, or the
        periods before the date are too few, or all 0, for the trend.

    References
    ----------
    * Brodersen et al. (2015), Inferring causal impact using Bayesian structural time-series models.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=42, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 45, 50, 55], index=months)
    >>> found = counterfactual(y, "2023-01", np.random.default_rng(1), harmonics=0, order=0)
    >>> int(found.observed.sum()), round(found.prediction.total().value, -2)
    (300, 600.0)
    """
    index = regular(series, "the series")
    clean = pd.Series(counts(series, "the series", 4), index=index)
    place = place_of(at, index, "the date")
    if place < 1 or place >= len(index):
        raise InputError(
            f"the date {at} lies outside the series: expected one from {index[1]} to {index[-1]}"
        )
    room = trend_order(index, place, harmonics, order)
    trend = fit_trend(clean.iloc[:place], harmonics=harmonics, order=room)
    return Counterfactual(
        clean.iloc[place:], predict(trend, len(clean) - place, generator, draws=draws)
    )
