"""Regression with first-order autoregressive errors: REML-GLS, averaged over the autocorrelation.

``y_t = x_t'b + u_t`` and ``u_t = rho u_{t-1} + e_t`` with normal ``e_t`` of standard deviation
``sigma``. The prior of ``rho`` is the reference prior ``(1 - rho^2)^(-1/2)`` (Berger and Yang
1994), which is uniform in arcsin(rho).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.months.averaged import AveragedFit, fit_averaged

POINTS, LIMIT = 80, 0.99
RHOS = np.sin((2 * (np.arange(POINTS) + 0.5) / POINTS - 1) * np.arcsin(LIMIT))


@dataclass(frozen=True)
class GlsFit(AveragedFit):
    """A fitted regression with first-order autoregressive errors.

    Attributes
    ----------
    params, cov, parameter, sigma, llf, n, profile, method
        As in :class:`~helpers.stats.months.averaged.AveragedFit`; ``parameter`` is ``rho``.
    rho : float
        Autocorrelation of the errors.
    """

    @property
    def rho(self) -> float:
        """The lag-one autocorrelation of the errors, by restricted maximum likelihood."""
        return self.parameter


def fit_gls(y: pd.Series, design: pd.DataFrame) -> GlsFit:
    """Return a regression with AR(1) errors, averaged over their autocorrelation.

    Parameters
    ----------
    y : pandas.Series of float, shape (n,)
        Outcome in order of time; finite.
    design : pandas.DataFrame of float, shape (n, k)
        Independent columns, the constant among them.

    Returns
    -------
    GlsFit

    Raises
    ------
    InputError
        The columns are not independent, n is not above k + 1, a value is not finite, or the design
        reproduces the outcome.

    References
    ----------
    * Patterson and Thompson (1971), Recovery of inter-block information when block sizes are
      unequal.
    * Zellner and Tiao (1964), Bayesian analysis of the regression model with autocorrelated errors.
    * Berger and Yang (1994), Noninformative priors and Bayesian testing for the AR(1) model.

    Examples
    --------
    The first and the last value, the second and the last but one, and so on sum to 20: the mean is
    10 under any autocorrelation. Neighbours differ more than they would by chance.

    >>> y = pd.Series([8.0, 11, 9, 10, 11, 9, 12])
    >>> fit = fit_gls(y, pd.DataFrame({"const": [1.0] * 7}))
    >>> fit.params.round(6).to_dict(), fit.rho < 0
    ({'const': 10.0}, True)
    """
    fit = fit_averaged(y, design, RHOS, _whiten, "REML, AR(1) errors averaged over rho")
    return GlsFit(**vars(fit))


def _whiten(columns: np.ndarray, rhos: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns less ``rho`` times their past, and half the log determinants."""
    wide = rhos[:, None, None]
    first = np.sqrt(1 - wide**2) * columns[None, :1]
    later = columns[None, 1:] - wide * columns[None, :-1]
    return np.concatenate([first, later], axis=1), -0.5 * np.log1p(-(rhos**2))
