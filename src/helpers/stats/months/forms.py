"""The forms that the errors of a series may have: independent, remembering under noise, wandering.

Each is an ARMA(1,1), ``u_t = rho u_{t-1} + e_t - theta e_{t-1}`` with ``theta`` from 0 to ``rho``,
which is a first-order autoregression under noise; or for ``rho`` 1 a local level, a random walk
under noise. The prior leans to the local level, because a short series cannot tell it from a
stationary form and only the local level keeps the size of a test of both.
"""

from functools import lru_cache

import numpy as np

INDEPENDENT, STATIONARY, LEVEL = 0.15, 0.1, 0.75  # prior shares of the three forms
LIMIT = 0.99  # largest autocorrelation of a stationary form
BLOCK = 64  # whiteners are kept for lengths rounded up to multiples of it


def _points() -> tuple[np.ndarray, np.ndarray]:
    """Return autocorrelation and moving average of each covariance, and their prior shares."""
    rhos = np.sin((np.arange(8) + 0.5) / 8 * np.arcsin(LIMIT))
    stationary = [(rho, rho * share) for rho in rhos for share in (0.0, 0.25, 0.5, 0.75)]
    level = [(1.0, theta) for theta in (np.arange(12) + 0.5) / 12]
    kinds = ((INDEPENDENT, [(0.0, 0.0)]), (STATIONARY, stationary), (LEVEL, level))
    prior = [share / len(points) for share, points in kinds for _ in points]
    return np.array([point for _, points in kinds for point in points]), np.array(prior)


POINTS, PRIOR = _points()


def unforeseen(errors: np.ndarray, rho: float, theta: float) -> np.ndarray:
    """Return what each error holds beyond what the errors before it foretell.

    Parameters
    ----------
    errors : numpy.ndarray of float, shape (n,) or (n, s)
        In order of time.
    rho, theta : float
        Autocorrelation and moving average of their form; ``rho`` 1 for a local level.

    Returns
    -------
    numpy.ndarray of float, shape as ``errors``
        Independent and of one variance where the form is right.

    Examples
    --------
    >>> unforeseen(np.array([1.0, 2.0, 2.0]), rho=0.5, theta=0.0).round(6).tolist()
    [0.866025, 1.5, 1.0]
    """
    from scipy.linalg import solve_triangular

    root = np.linalg.cholesky(_covariance(len(errors), rho, theta))
    return solve_triangular(root, errors, lower=True)


def whiteners(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what makes ``n`` errors independent and of one variance, by form.

    Parameters
    ----------
    n : int
        Number of periods.

    Returns
    -------
    whiteners : numpy.ndarray of float, shape (g, n, n)
        Inverse Cholesky factors. The first rows of a longer whitener are the shorter one.
    logdets : numpy.ndarray of float, shape (g,)
        Half the logarithm of the determinant of each covariance.

    Examples
    --------
    Independent errors are left as they are.

    >>> white, logdets = whiteners(3)
    >>> white[0].tolist(), float(logdets[0])
    ([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], 0.0)
    """
    longest, logs = _longest(-(-n // BLOCK) * BLOCK)
    return longest[:, :n, :n], logs[:, :n].sum(axis=1)


@lru_cache(maxsize=8)
def _longest(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return inverse Cholesky factors (g, n, n), and the logarithms of the factors' diagonals."""
    from scipy.linalg import solve_triangular

    roots = np.linalg.cholesky(np.array([_covariance(n, *point) for point in POINTS]))
    inverses = np.array([solve_triangular(root, np.eye(n), lower=True) for root in roots])
    return inverses, np.log(np.diagonal(roots, axis1=1, axis2=2))


def _covariance(n: int, rho: float, theta: float) -> np.ndarray:
    """Return the covariance of ``n`` errors with innovations of unit variance.

    An ARMA(1,1), ``u_t = rho u_{t-1} + e_t - theta e_{t-1}``, or for ``rho`` 1 a local level that
    starts at 0: the first level is the constant's.
    """
    from scipy.linalg import toeplitz

    if rho == 1:
        walk = np.minimum.outer(np.arange(n), np.arange(n)).astype("float64")
        return (1 - theta) ** 2 * walk + theta * np.eye(n)
    variance = (1 + theta**2 - 2 * rho * theta) / (1 - rho**2)
    shared = (1 - rho * theta) * (rho - theta) / (1 - rho**2)
    return toeplitz(np.r_[variance, shared * rho ** np.arange(n - 1)])
