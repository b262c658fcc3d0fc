"""The Theta method as published: counts without their seasons, half their trend, smoothing.

Whether a series has seasons is asked of its autocorrelation a season apart, as in the M3 and M4
competitions. The fit is that of statsmodels' ``ThetaModel``; what it keeps to itself, the seasons
and the errors one step ahead, is needed for paths and computed here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from helpers.stats.checks import numbers, whole

CRITICAL = 1.645**2  # of chi-square with one degree of freedom, at 10 %


@dataclass(frozen=True)
class ThetaFit:
    """A fitted Theta model.

    Attributes
    ----------
    alpha : float
        Smoothing of the level, between 0 and 1.
    slope : float
        Trend a period of the series without its seasons, of which half is carried on.
    level : float
        Smoothed level after the last period.
    seasons : numpy.ndarray of float64, shape (period,)
        Factors, or amounts to add, from the season of the period after the last on.
    multiplicative : bool
        Whether ``seasons`` are factors.
    adjusted, smoothed : numpy.ndarray of float64, shape (n - 1,)
        The series without its seasons from the second period on, and its level one period before.
    """

    alpha: float
    slope: float
    level: float
    seasons: np.ndarray
    multiplicative: bool
    adjusted: np.ndarray
    smoothed: np.ndarray

    def forecast(self, horizon: int) -> np.ndarray:
        """Return the points of the next periods.

        Parameters
        ----------
        horizon : int
            Number of periods, at least 1.

        Returns
        -------
        numpy.ndarray of float64, shape (horizon,)
            In the unit of the series.

        Raises
        ------
        InputError
            When ``horizon`` is no whole number of at least 1.

        Examples
        --------
        A line that rises by 2 a period goes on at half its slope.

        >>> fit_theta([1.0, 3, 5, 7, 9, 11, 13, 15], 1).forecast(3).round(2)
        array([16., 17., 18.])
        """
        steps = np.arange(whole(horizon, "horizon"))
        past = (1 - (1 - self.alpha) ** (len(self.adjusted) + 1)) / self.alpha
        line = self.level + self.slope / 2 * (steps + past)
        seasons = np.resize(self.seasons, len(steps))
        return line * seasons if self.multiplicative else line + seasons


def fit_theta(series: ArrayLike, period: int) -> ThetaFit:
    """Return the Theta model of a series.

    Parameters
    ----------
    series : array-like of float, shape (n,)
        Values by period, in order of time, at least three and two seasons; the index is not read.
    period : int
        Periods of a season; 1 for none.

    Returns
    -------
    ThetaFit
        Seasons are factors where all values are above 0 and so are the factors, else amounts to
        add; neutral where the autocorrelation a season apart does not differ from 0 at 10 %.

    Raises
    ------
    InputError
        When the series is too short, or a value is missing or infinite.

    References
    ----------
    Assimakopoulos and Nikolopoulos (2000), The theta model.
    Hyndman and Billah (2003), Unmasking the Theta method.

    Examples
    --------
    >>> quarters = [20.0, 10, 40, 30] * 6
    >>> fit_theta(quarters, 4).forecast(5).round(2)
    array([20., 10., 40., 30., 20.])
    """
    from statsmodels.tsa.forecasting.theta import ThetaModel

    values = numbers(series, "the series", max(3, 2 * whole(period, "period")))
    seasons, multiplicative = _seasons(values, period)
    every = np.resize(seasons, len(values))
    adjusted = values / every if multiplicative else values - every
    if np.ptp(adjusted) <= 1e-9 * np.abs(adjusted).max():
        alpha, slope = 0.5, 0.0
    else:
        fit = ThetaModel(adjusted, period=1, deseasonalize=False).fit()
        alpha, slope = float(fit.params["alpha"]), float(fit.params["b0"])
    smoothed = _smoothed(adjusted, alpha)
    seasons = np.roll(seasons, -(len(values) % len(seasons)))
    return ThetaFit(
        alpha, slope, float(smoothed[-1]), seasons, multiplicative, adjusted[1:], smoothed[:-1]
    )


def _seasons(values: np.ndarray, period: int) -> tuple[np.ndarray, bool]:
    """Return the seasons from the first period on (period), and whether they are factors."""
    from statsmodels.tsa.seasonal import seasonal_decompose

    if not _seasonal(values, period):
        return np.zeros(1), False
    if values.min() > 0:
        factors = seasonal_decompose(values, model="multiplicative", period=period).seasonal
        if factors.min() > 0:
            return factors[:period], True
    return seasonal_decompose(values, model="additive", period=period).seasonal[:period], False


def _seasonal(values: np.ndarray, period: int) -> bool:
    """Say whether values a season apart resemble each other beyond what nearer ones explain."""
    from statsmodels.tsa.stattools import acf

    if period < 2 or np.ptp(values) == 0:
        return False
    found = acf(values, nlags=period)
    return bool(len(values) * found[-1] ** 2 / np.square(found[:-1]).sum() > CRITICAL)


def _smoothed(values: np.ndarray, alpha: float) -> np.ndarray:
    """Return the level after each period (n), from the first value on."""
    from scipy.signal import lfilter

    start = np.array([(1 - alpha) * values[0]])
    return lfilter([alpha], [1, alpha - 1], values, zi=start)[0]
