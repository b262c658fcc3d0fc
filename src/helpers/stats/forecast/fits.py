"""Fits of state space and smoothing models that do not stop at the first hill.

Several starts, the best likelihood kept.
"""

import warnings
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import numbers, shown, whole

if TYPE_CHECKING:
    from statsmodels.tsa.exponential_smoothing.ets import ETSResults
    from statsmodels.tsa.statespace.sarimax import SARIMAXResults
    from statsmodels.tsa.statespace.structural import UnobservedComponentsResults


class Fitted(Protocol):
    """What a fit must show to be chosen by, as the results of statsmodels do."""

    @property
    def llf(self) -> float:
        """Log-likelihood."""
        ...

    @property
    def params(self) -> Sequence[float]:
        """Estimated parameters (k)."""
        ...


F = TypeVar("F", bound=Fitted)


def best(fits: Sequence[Callable[[], F]], what: str) -> F:
    """Return the fit with the highest finite log-likelihood.

    Parameters
    ----------
    fits : sequence of callable
        Each returns a fit, or fails with a ValueError or LinAlgError.
    what : str
        What the message calls the model.

    Returns
    -------
    Fitted
        The fit of one of ``fits``.

    Raises
    ------
    InputError
        When none has a finite likelihood and finite parameters, or one is no function.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> def fit(llf):
    ...     return lambda: SimpleNamespace(llf=llf, params=[0.5])
    >>> best([fit(-12.0), fit(-10.0), fit(float("inf"))], "the model").llf
    -10.0
    """
    if not isinstance(fits, Sequence) or not all(callable(one) for one in fits):
        raise InputError(f"the fits of {what} are not a list of functions")
    found = []
    for fit in fits:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                found.append(fit())
            except (ValueError, np.linalg.LinAlgError):
                continue
    finite = [
        one
        for one in found
        if np.isfinite(one.llf) and np.isfinite(np.asarray(one.params, dtype="float64")).all()
    ]
    if not finite:
        raise InputError(f"{what} could not be fitted: the series is too short or does not vary")
    return max(finite, key=lambda one: one.llf)


def fit_sarima(
    series: pd.Series,
    order: tuple[int, int, int] = (0, 1, 1),
    seasonal: tuple[int, int, int, int] = (0, 1, 1, 12),
    *,
    simple_differencing: bool = False,
) -> "SARIMAXResults":
    """Return the seasonal ARIMA of a series.

    Parameters
    ----------
    series : pandas.Series or numpy.ndarray of float, shape (n,)
        Values by period, in order of time; the index is not read.
    order : tuple of int
        Autoregressive order, differences, moving-average order.
    seasonal : tuple of int
        The same between seasons, and the periods of a season; all 0 for none.
    simple_differencing : bool
        Difference the series before the fit, as R's ``arima`` does, which costs its first values.

    Returns
    -------
    statsmodels SARIMAXResults
        The maximum-likelihood fit, in the unit of ``series``.

    Raises
    ------
    InputError
        When the fit fails, the series is shorter than four or not finite, or an order is none.

    References
    ----------
    Box and Jenkins (1970), Time Series Analysis: Forecasting and Control.

    Examples
    --------
    Of a random walk the variance is the mean square of its steps, here all of size 2.

    >>> import pandas as pd
    >>> fit = fit_sarima(pd.Series([0.0, 2.0] * 8), (0, 1, 0), (0, 0, 0, 0))
    >>> round(float(fit.params["sigma2"]), 3)
    4.0
    """
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    values = _plain(series)
    _orders(order, 3, "the order")
    _orders(seasonal, 4, "the seasonal order")
    model = SARIMAX(
        values,
        order=order,
        seasonal_order=seasonal,
        simple_differencing=simple_differencing,
    )
    return best([partial(model.fit, disp=0)], "the seasonal ARIMA")


def fit_ets(
    series: pd.Series,
    *,
    trend: str | None = None,
    damped: bool = False,
    seasonal: str | None = None,
    period: int = 12,
) -> "ETSResults":
    """Return the exponential smoothing state space model with additive errors.

    The best of six starts: two ways to begin the states, three values of the level's smoothing.

    Parameters
    ----------
    series : pandas.Series or numpy.ndarray of float, shape (n,)
        Values by period, in order of time; the index is not read.
    trend : {"add", "mul"}, optional
        Kind of trend.
    damped : bool
        Let the trend fade.
    seasonal : {"add", "mul"}, optional
        Kind of seasons.
    period : int
        Periods of a season; of no use without ``seasonal``.

    Returns
    -------
    statsmodels ETSResults
        The maximum-likelihood fit, in the unit of ``series``.

    Raises
    ------
    InputError
        When no start leads to a fit, the series is too short or not finite, or a kind, the period
        or the harmonics are out of range.

    References
    ----------
    Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing.

    Examples
    --------
    A series that swings about 10 is best smoothed not at all.

    >>> import pandas as pd
    >>> fit = fit_ets(pd.Series([9.0, 11.0] * 8))
    >>> round(float(fit.forecast(1).iloc[0]))
    10
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    values = _plain(series)
    _kinds(values, trend, seasonal, period)

    def fit(start: str, smoothing: float | None) -> "ETSResults":
        model = ETSModel(
            values,
            error="add",
            trend=trend,
            damped_trend=damped,
            seasonal=seasonal,
            seasonal_periods=period if seasonal else None,
            initialization_method=start,
        )
        if smoothing is None:
            return model.fit(disp=0)
        given = np.array(model.start_params, dtype="float64")
        given[0] = smoothing
        return model.fit(start_params=given, disp=0)

    starts = product(("estimated", "heuristic"), (None, 0.1, 0.6))
    return best([partial(fit, *start) for start in starts], "the exponential smoothing")


def fit_structural(
    series: pd.Series, period: int = 12, harmonics: int = 2
) -> "UnobservedComponentsResults":
    """Return the local level with fixed trigonometric seasons, the best of three starts.

    Parameters
    ----------
    series : pandas.Series or numpy.ndarray of float, shape (n,)
        Values by period, in order of time; the index is not read.
    period : int
        Periods of a season; none for 2 or fewer.
    harmonics : int
        Pairs of sine and cosine that make up the season.

    Returns
    -------
    statsmodels UnobservedComponentsResults
        The maximum-likelihood fit, in the unit of ``series``.

    Raises
    ------
    InputError
        When no start leads to a fit, the series is too short or not finite, or a kind, the period
        or the harmonics are out of range.

    References
    ----------
    Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter.

    Examples
    --------
    A level that does not move, and noise with a variance of 1 about it:

    >>> import pandas as pd
    >>> fit = fit_structural(pd.Series([9.0, 11.0] * 8), period=1)
    >>> round(float(fit.params["sigma2.irregular"])), round(float(fit.params["sigma2.level"]), 3)
    (1, 0.0)
    """
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    values = _plain(series)
    most = whole(period, "period") // 2
    if whole(harmonics, "harmonics", 0) > most and period > 2:
        raise InputError(f"harmonics is {harmonics}: a season of {period} has at most {most}")
    seasons = [{"period": period, "harmonics": harmonics}] if period > 2 and harmonics else None
    model = UnobservedComponents(
        values,
        "local level",
        freq_seasonal=seasons,
        stochastic_freq_seasonal=[False] if seasons else None,
    )
    spread = float(np.var(np.diff(values)) or 1.0)
    starts = [None, [0.8 * spread, 0.1 * spread], [0.1 * spread, 0.8 * spread]]
    return best(
        [partial(model.fit, start_params=start, disp=0) for start in starts],
        "the structural model",
    )


def _plain(series: pd.Series) -> pd.Series:
    """Return the series without its index: the models need none, and handling one costs time."""
    return pd.Series(numbers(series, "the series", 4))


def _kinds(values: pd.Series, trend: str | None, seasonal: str | None, period: int) -> None:
    """Refuse kinds of trend and season that there are not, or that the values cannot have."""
    for kind, what in ((trend, "the trend"), (seasonal, "the season")):
        if kind is not None and (not isinstance(kind, str) or kind not in ("add", "mul")):
            raise InputError(f"{what} is {shown(kind)}: expected 'add', 'mul' or None")
        if kind == "mul" and values.min() <= 0:
            raise InputError(f"{what} multiplies: expected values above 0 throughout")
    if seasonal and len(values) < 2 * whole(period, "period", 2):
        raise InputError(f"the series has {len(values)} values: expected two seasons of {period}")


def _orders(given: Sequence[int], length: int, name: str) -> None:
    """Refuse what is no tuple of so many whole numbers of at least 0."""
    if not isinstance(given, (tuple, list)) or len(given) != length:
        raise InputError(f"{name} is {shown(given)}: expected {length} whole numbers")
    for one in given:
        whole(one, name, 0)
