"""A log-linear trend with seasonality for counts.

``ln(y_t + 0.5) = a + b t + Fourier terms + u_t`` with first-order autoregressive errors, fitted by
:mod:`helpers.stats.months.gls`: neighbouring months resemble each other more than the trend explains, and how much is uncertain.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, regular
from helpers.stats.estimate import Estimate, exponentiated
from helpers.stats.months.gls import GlsFit, fit_gls

SEASONS = {"M": 12, "Q": 4, "Y": 0, "A": 0}


@dataclass(frozen=True)
class Trend:
    """A fitted trend: the regression of ``ln(y + 0.5)``, its series, and what it was built of."""

    fit: GlsFit
    series: pd.Series
    harmonics: int
    order: int

    @property
    def rho(self) -> float:
        """The lag-one autocorrelation of the errors, by restricted maximum likelihood."""
        return self.fit.rho

    @property
    def fitted(self) -> pd.Series:
        """The trend with its seasons on the scale of the counts: the median of the model, by period."""
        design = deterministic(self.series.index, self.harmonics, self.order).in_sample()
        return np.exp(design @ self.fit.params) - 0.5

    def growth(self, level: float = 0.95) -> Estimate:
        """Return the yearly rate ratio of the trend.

        Only a log-linear trend has one (``order`` 1); others are refused.
        """
        if self.order != 1:
            raise InputError(
                f"the trend is of order {self.order}: only a log-linear one (order 1) has one growth a year"
            )
        steps = SEASONS[self.series.index.freqstr[0]] or 1
        return exponentiated(self.fit.effect({"trend": steps}, level))


def deterministic(index: pd.PeriodIndex, harmonics: int, order: int):
    """Return statsmodels' process of constant, trend of ``order`` and Fourier terms over the periods of ``index``."""
    from statsmodels.tsa.deterministic import DeterministicProcess, Fourier

    if order not in range(4) or harmonics not in range(7):
        raise InputError(
            f"order is {order} and harmonics is {harmonics}: expected 0 to 3 and 0 to 6"
        )
    season = SEASONS.get(index.freqstr[0], 0)
    terms = (
        [Fourier(season, order=min(harmonics, (season - 1) // 2))] if season and harmonics else []
    )
    return DeterministicProcess(index, constant=True, order=order, additional_terms=terms)


def fit_trend(series: pd.Series, *, harmonics: int = 2, order: int = 1) -> Trend:
    """Fit the trend to a regular series of counts (PeriodIndex or DatetimeIndex, no gaps).

    ``harmonics`` pairs of Fourier terms (none for yearly data), ``order`` 0 for no trend, 1 for a
    log-linear one, up to 3 for a polynomial. Raises :class:`InputError` for gaps, NaN, or too few observations.
    """
    index = regular(series, "the series")
    clean = pd.Series(counts(series, "the series", 2), index=index)
    if clean.sum() == 0:
        raise InputError("the series holds only zeros: it has no growth and no season")
    return Trend(
        fit_gls(np.log(clean + 0.5), deterministic(index, harmonics, order).in_sample()),
        clean,
        harmonics,
        order,
    )
