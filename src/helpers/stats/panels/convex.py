"""Weights that are at least 0 and sum to 1, by least squares, solved exactly.

Synthetic-control weights from outcomes alone solve a convex quadratic program over the simplex, so
there is one best fit; general optimisers stop short of it in ways that depend on where they start.
As the weights sum to 1 the residuals are linear in them without a constant, and the fit is the
point of a convex hull nearest to 0: one nonnegative least-squares problem with a row of ones
(Lawson and Hanson 1974, chapter 23), which their active-set method ends in finitely many steps.
"""

import numpy as np


def convex_weights(
    target: np.ndarray, donors: np.ndarray, *, ridge: float = 0.0, intercept: bool = False
) -> np.ndarray:
    """Return the weights that bring a weighted average of donors closest to a target.

    Closest by least squares plus ``ridge`` times the sum of squared weights.

    Parameters
    ----------
    target : numpy.ndarray of float, shape (t,)
        What is to be matched, by period.
    donors : numpy.ndarray of float, shape (t, j)
        What it is matched with, in the same unit.
    ridge : float
        Penalty of at least 0 that spreads the weights, in the square of that unit.
    intercept : bool
        Let the average lie apart by a constant: only movements count, not levels.

    Returns
    -------
    numpy.ndarray of float64, shape (j,)
        Weights of at least 0 that sum to 1.

    References
    ----------
    Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23.

    Examples
    --------
    >>> import numpy as np
    >>> donors = np.array([[0.0, 4.0], [4.0, 0.0]])
    >>> convex_weights(np.array([1.0, 3.0]), donors).round(6)
    array([0.75, 0.25])
    >>> convex_weights(np.array([101.0, 103.0]), donors, intercept=True).round(6)
    array([0.75, 0.25])
    """
    from scipy.optimize import nnls

    apart = donors - target[:, None]
    if intercept:
        apart = apart - apart.mean(axis=0)
    rows = np.vstack([apart, np.sqrt(ridge) * np.eye(donors.shape[1])]) if ridge > 0 else apart
    scale = np.sqrt(np.square(rows).sum(axis=0).min())
    system = np.vstack([rows / (scale or 1.0), np.ones(donors.shape[1])])
    found, _ = nnls(system, np.r_[np.zeros(len(rows)), 1.0], maxiter=50 * donors.shape[1])
    return found / found.sum()
