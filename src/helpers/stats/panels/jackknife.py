"""Errors of a regression whose observations hang together within clusters."""

import numpy as np

from helpers.base.errors import InputError

LEAST = 3  # clusters
SOUND = 1e10  # condition of a matrix up to which it is taken for whole
FAR = 3.0  # a move, in logarithms, that no single cluster should make


def jackknife_error(scores: np.ndarray, curvature: np.ndarray, clusters: np.ndarray) -> float:
    """Return the error of the first coefficient when each cluster is left out in turn.

    One Newton step leads from the answer of all clusters to that of all but one. Unlike a sandwich
    this CR3 error does not shrink where few clusters carry most of the weight. A coefficient that
    one cluster alone determines, such as the effect of a year in which none else is seen, stays
    where it is when that cluster is left out.

    Parameters
    ----------
    scores : numpy.ndarray of float, shape (n, k)
        Derivatives of each row's log-likelihood at the answer.
    curvature : numpy.ndarray of float, shape (n, k)
        Rows whose inner products are the negative second derivative.
    clusters : numpy.ndarray of int, shape (n,)
        Cluster of each row, sorted so that its rows stand together.

    Returns
    -------
    float
        Standard error, in the unit of the coefficient; NaN where one cluster alone determines it.

    Raises
    ------
    InputError
        There are fewer than three clusters.

    References
    ----------
    MacKinnon, Nielsen and Webb (2023), Cluster-robust inference: a guide to empirical practice.

    Examples
    --------
    The mean of 1, 2 and 6, each a cluster: the jackknife is the usual error of a mean.

    >>> values = np.array([1.0, 2.0, 6.0])
    >>> error = jackknife_error((values - 3)[:, None], np.ones((3, 1)), np.arange(3))
    >>> round(float(error**2 / (values.var(ddof=1) / 3)), 6)
    1.0
    """
    starts = np.flatnonzero(np.r_[True, clusters[1:] != clusters[:-1]])
    if len(starts) < LEAST:
        raise InputError(f"{len(starts)} clusters: expected at least {LEAST}")
    parts = np.add.reduceat(curvature[:, :, None] * curvature[:, None, :], starts)
    rest = parts.sum(axis=0) - parts
    sums = np.add.reduceat(scores, starts)
    diagonals = np.diagonal(rest, axis1=1, axis2=2)
    alone = (diagonals <= diagonals.max(axis=0) / SOUND).any(axis=1)
    moves = np.zeros(len(starts))
    try:
        moves[~alone] = np.linalg.solve(rest[~alone], sums[~alone][..., None])[:, 0, 0]
    except np.linalg.LinAlgError:
        alone[:] = True
    alone |= np.abs(moves) > FAR  # all but singular
    moves[alone] = [_move(rest[one], sums[one]) for one in np.flatnonzero(alone)]
    factor = (len(starts) - 1) / len(starts)
    return float(np.sqrt(factor * np.square(moves).sum()))


def _move(rest: np.ndarray, scores: np.ndarray) -> float:
    """Return by how much the first coefficient moves; NaN where the rest does not determine it."""
    inverse = np.linalg.pinv(rest, rcond=1 / SOUND, hermitian=True)
    known = (inverse @ rest)[0, 0] > 1 - 1e-6
    return float(inverse[0] @ scores) if known else float("nan")
