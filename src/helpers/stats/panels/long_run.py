"""Noise that remembers: how much a mean of many periods varies when each resembles the last."""

from math import sqrt

import numpy as np


def long_run(deviations: np.ndarray) -> np.ndarray:
    """Return the long-run variances and covariances of series.

    They are what the variance of one period must be replaced by when sums over many serially
    dependent periods are judged: Newey and West's weighted autocovariances with as many lags as
    Lazarus and others recommend for tests, 1.3 times the root of the number of periods.

    Parameters
    ----------
    deviations : numpy.ndarray of float, shape (..., t, k)
        k series in order of time, each with a mean of about 0.

    Returns
    -------
    numpy.ndarray of float64, shape (..., k, k)
        Per period, in the square of the unit of the series; positive semidefinite.

    References
    ----------
    Newey and West (1987), A simple, positive semi-definite, heteroskedasticity and autocorrelation
    consistent covariance matrix. Lazarus, Lewis, Stock and Watson (2018), HAR inference:
    recommendations for practice.

    Examples
    --------
    Sums vary more where a series keeps its sign than where it takes turns.

    >>> import numpy as np
    >>> kept, turning = np.array([1.0, 1, 1, -1, -1, -1]), np.array([1.0, -1, 1, -1, 1, -1])
    >>> [long_run(series[:, None]).round(3).tolist() for series in (kept, turning)]
    [[[1.5]], [[0.167]]]
    """
    periods = deviations.shape[-2]
    lags = min(int(1.3 * sqrt(periods)), periods - 1)
    total = np.swapaxes(deviations, -1, -2) @ deviations
    for lag in range(1, lags + 1):
        later, sooner = deviations[..., lag:, :], deviations[..., :-lag, :]
        product = np.swapaxes(later, -1, -2) @ sooner
        total = total + (1 - lag / (lags + 1)) * (product + np.swapaxes(product, -1, -2))
    return total / periods
