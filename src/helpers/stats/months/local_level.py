"""A regression whose level wanders: the conservative second opinion on a step.

``y_t = m_t + x_t'b + e_t`` with ``m_t = m_{t-1} + w_t`` (Harvey 1989; Durbin and Koopman 2012, 2.1
and 6.2). A level that is free to move explains part of any step by itself, so less is found, there
or not.

The likelihood has one parameter when scale and coefficients are profiled out: ``theta``, the moving
average of the differences, 0 for a random walk and 1 for a fixed level. The optimisers of state
space libraries search over the variances instead and stop short of the maximum. A uniform ``theta``
is the prior of the average.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
import pandas as pd

from helpers.stats.checks import numbers
from helpers.stats.months.averaged import AveragedFit, fit_averaged

POINTS, LIMIT = 50, 0.995
THETAS = LIMIT * (np.arange(POINTS) + 0.5) / POINTS

Real = TypeVar("Real", float, np.ndarray)


@dataclass(frozen=True)
class LocalLevel(AveragedFit):
    """A fitted local level.

    Attributes
    ----------
    params, cov, parameter, sigma, llf, n, profile, method
        As in :class:`~helpers.stats.months.averaged.AveragedFit`; ``parameter`` is ``theta``.
    irregular : float
        Variance of the errors about the level, in squared units of the outcome.
    level : float
        Variance of the level's steps, in the same units.
    """

    @property
    def irregular(self) -> float:
        """The variance of ``e_t``, in squared units of the outcome."""
        return self.sigma**2 / (1 + _signal(self.parameter))

    @property
    def level(self) -> float:
        """The variance of ``w_t``, the steps of the level."""
        return self.irregular * _signal(self.parameter)


def fit_local_level(y: pd.Series, design: pd.DataFrame | None = None) -> LocalLevel:
    """Return a regression about a level that wanders, averaged over how much it does.

    The constant of the design, or one in its place, stands for the level before the first
    observation, whose start is thus diffuse.

    Parameters
    ----------
    y : pandas.Series of float, shape (n,)
        Outcome in order of time; finite.
    design : pandas.DataFrame of float, shape (n, k), optional
        Independent columns, the constant among them; a constant alone when left out.

    Returns
    -------
    LocalLevel

    Raises
    ------
    InputError
        The columns are not independent, n is not above k + 1, a value is not finite, or the design
        reproduces the outcome.

    References
    ----------
    * Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter.
    * Durbin and Koopman (2012), Time Series Analysis by State Space Methods, 2.1 and 6.2.

    Examples
    --------
    The yearly flow of the Nile, the textbook's example: variances of 15099 about the level and 1469
    of its steps.

    >>> from statsmodels.datasets import nile
    >>> fit = fit_local_level(nile.load_pandas().data["volume"])
    >>> round(fit.irregular), round(fit.level)
    (15099, 1469)
    """
    table = (
        pd.DataFrame({"const": np.ones(len(numbers(y, "the outcome", 3)))})
        if design is None
        else design
    )
    return LocalLevel(
        **vars(fit_averaged(y, table, THETAS, _whiten, "local level averaged over theta"))
    )


def _signal(theta: Real) -> Real:
    """Return the variance of the level's steps over the irregular's (Harvey 1989, 2.4.2)."""
    return (1 - theta) ** 2 / theta


def _whiten(columns: np.ndarray, thetas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns in the walk's own directions, and half the log determinants."""
    values, basis = _walk(len(columns))
    signal = _signal(thetas)[:, None]
    scales = np.sqrt((1 + signal * values) / (1 + signal))
    return (basis.T @ columns)[None] / scales[:, :, None], np.log(scales).sum(axis=1)


@lru_cache(maxsize=64)
def _walk(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return eigenvalues and -vectors of the covariance of a random walk over ``n`` periods.

    It starts at 0: the first level is the constant's.
    """
    return np.linalg.eigh(np.minimum.outer(np.arange(n), np.arange(n)).astype("float64"))
