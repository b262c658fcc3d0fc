"""Log-linear regression of many series of counts on one design, with errors that remember.

Counts are made linear about a smooth local mean ``m``, as ``ln m + (y - m) / m``, and the mean is
found anew from that: a quasi-likelihood given the level (McCullagh and Nelder 1989, 9; Breslow and
Clayton 1993). Then the regression is averaged over the forms of the errors
(:mod:`helpers.stats.months.forms`).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from helpers.stats.months.averaged import mixture_p
from helpers.stats.months.forms import POINTS, PRIOR, whiteners

SMOOTH = 0.4  # smallest theta of the local levels about which counts are made linear
ROUNDS = 3  # how often they are
LOWEST, LARGEST = -2.0, 8.0  # log of the lowest level, and relative error of the largest count


SMOOTHERS = np.flatnonzero((POINTS[:, 0] == 1) & (POINTS[:, 1] >= SMOOTH)).tolist()


@dataclass(frozen=True)
class CountRegression:
    """One design for many series of counts: what a simulation fits again and again.

    Attributes
    ----------
    matrix : numpy.ndarray of float, shape (n, k)
        Independent columns, the constant among them.
    """

    matrix: np.ndarray

    def tests(
        self,
        values: np.ndarray,
        contrast: np.ndarray,
        at: float = 0.0,
        *,
        comparison: np.ndarray | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return estimates of a contrast and their p-values, as :func:`fit_memory_counts` does.

        With a comparison they are those of :func:`helpers.stats.months.memory.fit_memory_ratio`.

        Parameters
        ----------
        values : numpy.ndarray of float, shape (n, s)
            Counts of s series.
        contrast : numpy.ndarray of float, shape (k,)
            Weights of the coefficients.
        at : float, default 0.0
            Value that is tested, on the log scale.
        comparison : numpy.ndarray of float, shape (n, s), optional
            Counts of the series to which each is set in ratio.

        Returns
        -------
        estimates : numpy.ndarray of float, shape (s,)
            On the log scale.
        p : numpy.ndarray of float, shape (s,)
            Two-sided.

        Examples
        --------
        >>> matrix = np.column_stack([np.arange(48) >= 36, np.ones(48)]).astype(float)
        >>> y = np.array([9, 11] * 18 + [18, 22] * 6, dtype=float)
        >>> found, p = CountRegression(matrix).tests(y[:, None], np.array([1.0, 0]))
        >>> np.exp(found).round(1).tolist(), bool(p[0] < 0.05)
        ([2.0], True)
        """
        (n, k), (z, excess) = self.matrix.shape, self.linear(values)
        if comparison is not None:
            other, more = self.linear(comparison)
            z, excess = z - other, excess + more
        llf, centres, scales = [], [], []
        for white, basis, inverse, logdet in map(self._part, range(len(POINTS))):
            found = white @ z
            scores = basis.T @ found
            rss = np.square(found).sum(axis=0) - np.square(scores).sum(axis=0)
            row = contrast @ inverse
            llf.append(-0.5 * (n - k) * np.log(rss) - logdet)
            centres.append(row @ scores)
            more = np.square(row @ basis.T @ white) @ excess
            scales.append(np.sqrt(row @ row * rss / (n - k) + np.maximum(more, 0)))
        centre = np.array(centres)
        weights = np.exp(np.array(llf) - np.max(llf, axis=0)) * PRIOR[:, None]
        weights /= weights.sum(axis=0)
        return (weights * centre).sum(axis=0), mixture_p(
            weights, centre, np.array(scales), n - k, at
        )

    def linear(
        self, values: np.ndarray, offset: np.ndarray | float = 0.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return counts made linear about their smooth local means.

        Parameters
        ----------
        values : numpy.ndarray of float, shape (n, s)
            Counts of s series.
        offset : numpy.ndarray of float, shape (n, 1), or float, default 0.0
            Logarithm of the exposure of each period.

        Returns
        -------
        linear : numpy.ndarray of float, shape (n, s)
            On the scale of the log mean, the offset included.
        excess : numpy.ndarray of float, shape (n, s)
            Sampling variance of each, one over its local mean, less the average of its series: few
            counts say less than many.

        Examples
        --------
        Where nothing but the constant moves the counts, the mean is that of the counts.

        >>> z, excess = CountRegression(np.ones((40, 1))).linear(np.array([[1.0], [3.0]] * 20))
        >>> float(np.exp(z.mean()).round(2)), bool(np.abs(excess).max() < 0.1)
        (2.0, True)
        """
        z = np.log(values + 0.5)
        for _ in range(ROUNDS):
            level = self.level(z, offset)
            mean = np.exp(level)
            z = level + np.minimum((values - mean) / mean, LARGEST)
        sampling = np.exp(-self.level(z, offset))
        return z, sampling - sampling.mean(axis=0)

    def level(self, z: np.ndarray, offset: np.ndarray | float = 0.0) -> np.ndarray:
        """Return the smooth local mean, on the log scale.

        Parameters
        ----------
        z : numpy.ndarray of float, shape (n, s)
            Counts made linear.
        offset : numpy.ndarray of float, shape (n, 1), or float, default 0.0
            Logarithm of the exposure of each period.

        Returns
        -------
        numpy.ndarray of float, shape (n, s)
            Regression and level, the offset included.

        Examples
        --------
        >>> CountRegression(np.ones((40, 1))).level(np.full((40, 1), 3.0)).round(6)[0].tolist()
        [3.0]
        """
        return np.maximum(self._smooth(z - offset) + offset, LOWEST)

    @cached_property
    def _parts(self) -> dict[int, tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
        return {}

    def _part(self, at: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
        """Return whitener, basis and inverse root of the design, and half the log determinants."""
        if at not in self._parts:
            white, logdets = whiteners(len(self.matrix))
            basis, triangle = np.linalg.qr(white[at] @ self.matrix)
            size = np.log(np.abs(np.diagonal(triangle))).sum()
            inverse = np.linalg.inv(triangle)
            self._parts[at] = white[at], basis, inverse, float(logdets[at] + size)
        return self._parts[at]

    def _smooth(self, z: np.ndarray) -> np.ndarray:
        """Return regression and level of z (n, s), averaged over the smoother local levels."""
        n, k = self.matrix.shape
        llf, levels = [], []
        for at in SMOOTHERS:
            white, basis, inverse, logdet = self._part(at)
            found = white @ z
            scores = basis.T @ found
            rest = found - basis @ scores
            llf.append(-0.5 * (n - k) * np.log(np.square(rest).sum(axis=0)) - logdet)
            # The walk's covariance times a vector is a sum from behind, summed from the front.
            behind = np.cumsum((white.T @ rest)[::-1], axis=0)[::-1]
            behind[0] = 0
            walked = (1 - POINTS[at, 1]) ** 2 * np.cumsum(behind, axis=0)
            levels.append(self.matrix @ (inverse @ scores) + walked)
        weights = np.exp(np.array(llf) - np.max(llf, axis=0))
        weights /= weights.sum(axis=0)
        return np.einsum("gs,gns->ns", weights, np.array(levels))
