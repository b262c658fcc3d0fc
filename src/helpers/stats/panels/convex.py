"""Weights that are at least 0 and sum to 1, by least squares, solved exactly.

Synthetic-control weights from outcomes alone solve a convex quadratic program over the simplex, so there is one best fit;
general optimisers stop short of it in ways that depend on where they start. As the weights sum to 1 the residuals are
linear in them without a constant, and the fit is the point of a convex hull nearest to 0: one nonnegative least-squares
problem with a row of ones (Lawson and Hanson 1974, chapter 23), which their active-set method ends in finitely many steps.
"""

import numpy as np


def convex_weights(
    target: np.ndarray, donors: np.ndarray, *, ridge: float = 0.0, intercept: bool = False
) -> np.ndarray:
    """Return the weights (J) that bring ``donors`` (T by J) closest to ``target`` (T).

    Least squares plus ``ridge`` times the sum of squared weights; with an ``intercept`` only movements count, not levels.
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
