"""A log-linear trend with seasonality for counts.

``ln(y_t + 0.5) = a + b t + Fourier terms + u_t`` with errors averaged over their memory, by
:mod:`helpers.stats.months.memory`: neighbouring months resemble each other more than the trend
explains, and how much, and for how long, is uncertain.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, is_whole, regular
from helpers.stats.estimate import Estimate, exponentiated
from helpers.stats.months.memory import MemoryFit, fit_memory

if TYPE_CHECKING:  # statsmodels takes a second to import
    from statsmodels.tsa.deterministic import DeterministicProcess

SEASONS = {"M": 12, "Q": 4, "Y": 0, "A": 0}


@dataclass(frozen=True)
class Trend:
    """A fitted trend.

    Attributes
    ----------
    fit : MemoryFit
        Regression of ``ln(y + 0.5)``.
    series : pandas.Series of float, shape (n,), PeriodIndex
        Counts a period.
    harmonics : int
        Waves a year of the Fourier terms.
    order : int
        Order of the trend.
    rho : float
        Autocorrelation of the errors in their likeliest form, 1 for a level that wanders.
    fitted : pandas.Series of float, shape (n,), PeriodIndex
        Trend with its seasons, in counts a period.
    """

    fit: MemoryFit
    series: pd.Series
    harmonics: int
    order: int

    @property
    def rho(self) -> float:
        """The autocorrelation of the errors in their likeliest form, 1 for a wandering level."""
        return self.fit.rho

    @property
    def fitted(self) -> pd.Series:
        """The trend with its seasons in counts a period: the median of the model."""
        design = deterministic(self.series.index, self.harmonics, self.order).in_sample()
        return np.exp(design @ self.fit.params) - 0.5

    def growth(self, level: float = 0.95) -> Estimate:
        """Return the growth of the trend as a yearly rate ratio.

        Parameters
        ----------
        level : float, default 0.95
            Coverage of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            Rate ratio of a year to the one before, with interval and two-sided p-value against 1.

        Raises
        ------
        InputError
            The trend is not log-linear (``order`` 1), so that no one number is its growth.

        Examples
        --------
        Counts that double from year to year.

        >>> years = pd.period_range("2010", periods=8, freq="Y")
        >>> y = pd.Series([101, 199, 402, 799, 1601, 3199, 6402, 12799], years)
        >>> round(fit_trend(y).growth().value, 2)
        2.0
        """
        if self.order != 1:
            raise InputError(
                f"the trend is of order {self.order}: "
                "only a log-linear one (order 1) has one growth a year"
            )
        steps = SEASONS[self.series.index.freqstr[0]] or 1
        return exponentiated(self.fit.effect({"trend": steps}, level))


@dataclass(frozen=True)
class Deterministic:
    """Constant, trend and Fourier terms over some periods and those that follow.

    Attributes
    ----------
    process : statsmodels.tsa.deterministic.DeterministicProcess
        All terms, with the one that is 0 in every period.
    zero : tuple of str
        Names of columns that are 0 in every period: the sine that has two periods a wave.
    """

    process: "DeterministicProcess"
    zero: tuple[str, ...] = ()

    def in_sample(self) -> pd.DataFrame:
        """Return the design of the periods.

        Returns
        -------
        pandas.DataFrame of float, shape (n, k), PeriodIndex
            Independent columns where there are enough periods.

        Examples
        --------
        Three columns tell four quarters apart, beside the constant.

        >>> quarters = pd.period_range("2024Q1", periods=4, freq="Q")
        >>> deterministic(quarters, harmonics=2, order=0).in_sample().round(6).abs()
                const  sin(1,4)  cos(1,4)  cos(2,4)
        2024Q1    1.0       0.0       1.0       1.0
        2024Q2    1.0       1.0       0.0       1.0
        2024Q3    1.0       0.0       1.0       1.0
        2024Q4    1.0       1.0       0.0       1.0
        """
        return self.process.in_sample().drop(columns=list(self.zero))

    def out_of_sample(self, steps: int) -> pd.DataFrame:
        """Return the design of the periods that follow.

        Parameters
        ----------
        steps : int
            Number of periods, at least 1.

        Returns
        -------
        pandas.DataFrame of float, shape (steps, k), PeriodIndex
            With the columns of :meth:`in_sample`.

        Examples
        --------
        >>> years = pd.period_range("2020", periods=3, freq="Y")
        >>> deterministic(years, harmonics=0, order=1).out_of_sample(2)
              const  trend
        2023    1.0    4.0
        2024    1.0    5.0
        """
        return self.process.out_of_sample(steps).drop(columns=list(self.zero))


def deterministic(index: pd.PeriodIndex, harmonics: int, order: int) -> Deterministic:
    """Return the process of constant, trend and Fourier terms over some periods.

    Parameters
    ----------
    index : pandas.PeriodIndex, shape (n,)
        Months, quarters or years without gaps.
    harmonics : int
        Waves a year, 0 to 6, as far as the frequency has them: 6 for months, 2 for quarters, none
        for years. Each is a sine and a cosine, save the last, whose sine is 0 in every period: 11
        columns tell twelve months apart, and 3 four quarters.
    order : int
        Order of the trend, 0 (none) to 3.

    Returns
    -------
    Deterministic
        Its ``in_sample()`` and ``out_of_sample(steps)`` are designs (n, k).

    Raises
    ------
    InputError
        ``harmonics`` or ``order`` is out of range.

    Examples
    --------
    >>> years = pd.period_range("2020", periods=3, freq="Y")
    >>> deterministic(years, harmonics=0, order=2).in_sample()
          const  trend  trend_squared
    2020    1.0    1.0            1.0
    2021    1.0    2.0            4.0
    2022    1.0    3.0            9.0
    """
    from statsmodels.tsa.deterministic import DeterministicProcess, Fourier

    bounded = ((order, 3), (harmonics, 6))
    if not all(is_whole(one) and 0 <= one <= most for one, most in bounded):
        raise InputError(
            f"order is {order!r} and harmonics is {harmonics!r}: expected 0 to 3 and 0 to 6"
        )
    season = SEASONS.get(index.freqstr[0], 0)
    waves = min(harmonics, season // 2)
    terms = [Fourier(season, order=waves)] if waves else []
    process = DeterministicProcess(index, constant=True, order=order, additional_terms=terms)
    return Deterministic(
        process, (f"sin({waves},{season})",) if waves and 2 * waves == season else ()
    )


def fit_trend(series: pd.Series, *, harmonics: int = 2, order: int = 1) -> Trend:
    """Fit the trend and the seasons of a series of counts.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts a period; PeriodIndex or DatetimeIndex.
    harmonics : int, default 2
        Waves a year, 0 to 6; none for yearly counts.
    order : int, default 1
        Order of the trend: 0 for none, 1 for a log-linear one, up to 3 for a polynomial.

    Returns
    -------
    Trend

    Raises
    ------
    InputError
        The index has gaps or is not regular, a value is no count, all are 0, they are too few for
        the terms, or the terms reproduce them.

    Examples
    --------
    >>> years = pd.period_range("2010", periods=8, freq="Y")
    >>> trend = fit_trend(pd.Series([101, 199, 402, 799, 1601, 3199, 6402, 12799], years))
    >>> trend.fitted.round(-2).tolist()
    [100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0, 6400.0, 12800.0]
    """
    index = regular(series, "the series")
    clean = pd.Series(counts(series, "the series", 2), index=index)
    if clean.sum() == 0:
        raise InputError("the series holds only zeros: it has no growth and no season")
    return Trend(
        fit_memory(np.log(clean + 0.5), deterministic(index, harmonics, order).in_sample()),
        clean,
        harmonics,
        order,
    )
