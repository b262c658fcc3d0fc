"""Errors of a regression whose observations hang together within clusters."""

import numpy as np

from helpers.base.errors import InputError

LEAST = 3  # clusters


def jackknife_error(scores: np.ndarray, curvature: np.ndarray, clusters: np.ndarray) -> float:
    """Return the error of the first coefficient when each cluster is left out in turn.

    One Newton step leads from the answer of all clusters to that of all but one. Unlike a sandwich
    this CR3 error does not shrink where few clusters carry most of the weight.

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
        Standard error, in the unit of the coefficient; NaN where a cluster alone determines it.

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
    try:
        moves = np.linalg.solve(rest, np.add.reduceat(scores, starts)[..., None])[:, 0, 0]
    except np.linalg.LinAlgError:
        return float("nan")
    factor = (len(starts) - 1) / len(starts)
    return float(np.sqrt(factor * (moves**2).sum()))
