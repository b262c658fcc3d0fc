"""Fits of state space and smoothing models that do not stop at the first hill: several starts, the best likelihood kept."""

import warnings
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from helpers.base.errors import InputError


def best(fits: Sequence[Callable[[], object]], what: str):
    """Return the fit with the highest finite log-likelihood; :class:`InputError` when none has one."""
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
):
    """Return the seasonal ARIMA of ``series`` (Box and Jenkins 1970); ``simple_differencing`` as R's ``arima`` does it."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    model = SARIMAX(
        _plain(series),
        order=order,
        seasonal_order=seasonal,
        simple_differencing=simple_differencing,
    )
    return best([lambda: model.fit(disp=0)], "the seasonal ARIMA")


def fit_ets(
    series: pd.Series,
    *,
    trend: str | None = None,
    damped: bool = False,
    seasonal: str | None = None,
    period: int = 12,
):
    """Return the exponential smoothing state space model with additive errors (Hyndman et al. 2008), from several starts."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    def fit(start: str, smoothing: float | None):
        model = ETSModel(
            _plain(series),
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

    return best(
        [
            lambda start=start, smoothing=smoothing: fit(start, smoothing)
            for start in ("estimated", "heuristic")
            for smoothing in (None, 0.1, 0.6)
        ],
        "the exponential smoothing",
    )


def fit_structural(series: pd.Series, period: int = 12, harmonics: int = 2):
    """Return the local level with trigonometric seasons (Harvey 1989), from several starts."""
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    seasons = [{"period": period, "harmonics": harmonics}] if period > 2 and harmonics else None
    model = UnobservedComponents(
        _plain(series),
        "local level",
        freq_seasonal=seasons,
        stochastic_freq_seasonal=[False] if seasons else None,
    )
    spread = float(np.var(np.diff(series)) or 1.0)
    starts = [None, [0.8 * spread, 0.1 * spread], [0.1 * spread, 0.8 * spread]]
    return best(
        [lambda start=start: model.fit(start_params=start, disp=0) for start in starts],
        "the structural model",
    )


def _plain(series: pd.Series) -> pd.Series:
    """Return the series without its index: the models need none, and handling one costs time."""
    return pd.Series(np.asarray(series, dtype="float64"))
