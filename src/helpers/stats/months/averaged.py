"""Regression whose errors' covariance has one unknown parameter, averaged over that parameter.

A short series says little about how its errors depend on each other, and a test that takes the estimated
dependence for the truth rejects too often. Here the regression is solved at g values of the parameter; each is weighted
by its restricted likelihood (Patterson and Thompson 1971) under a prior that is uniform over the g values. Given
the parameter a coefficient has a Student's t distribution with n - k degrees of freedom, over all it has a mixture
of them (Zellner and Tiao 1964).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import contrast_of, design_of, level_of, numbers
from helpers.stats.estimate import Estimate

# Whitens columns (n by k) at g values of the parameter: (g by n by k) and half the log determinants (g).
Whitener = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Profile:
    """The regression at each of g values of the parameter.

    ``at`` (g), ``llf`` (g) the restricted log-likelihood up to a constant of n and k, ``params`` (g by k), ``roots``
    (g by k by k, whose product with their transpose is the covariance of the parameters for errors of unit scale),
    ``rss`` (g) the squared errors of unit scale.
    """

    at: np.ndarray
    llf: np.ndarray
    params: np.ndarray
    roots: np.ndarray
    rss: np.ndarray

    def weights(self) -> np.ndarray:
        """Return the share of each value in the average (g)."""
        weights = np.exp(self.llf - self.llf.max())
        return weights / weights.sum()


@dataclass(frozen=True)
class AveragedFit:
    """A fitted regression: what holds at the most likely ``parameter``, and the ``profile`` to average over.

    ``params`` (k), ``cov`` (k by k), ``sigma`` the scale of the errors, ``llf`` the restricted log-likelihood.
    """

    params: pd.Series
    cov: pd.DataFrame
    parameter: float
    sigma: float
    llf: float
    n: int
    profile: Profile
    method: str

    def effect(self, of: str | Mapping[str, float], level: float = 0.95) -> Estimate:
        """Return a coefficient, or a sum of several (name: weight), with interval and two-sided p-value."""
        contrast = contrast_of(of, self.params.index)
        weights, df = self.profile.weights(), self.n - len(contrast)
        centres = self.profile.params @ contrast
        scales = np.linalg.norm(np.einsum("gij,i->gj", self.profile.roots, contrast), axis=1)
        scales *= np.sqrt(self.profile.rss / df)
        low, high, p = _mixture(weights, centres, scales, df, level_of(level))
        return Estimate(
            float(weights @ centres),
            low,
            high,
            p,
            self.n,
            f"{self.method} (estimate {self.parameter:.2f}), t with {df} degrees of freedom",
            level,
        )


def fit_averaged(
    y: pd.Series, design: pd.DataFrame, grid: np.ndarray, whiten: Whitener, method: str
) -> AveragedFit:
    """Return the regression of ``y`` (n finite numbers) on ``design`` (n by k) over the ``grid`` of the parameter.

    Raises :class:`InputError` when the columns are not independent, when n is not above k + 1, or when the design
    leaves no error.
    """
    from scipy.optimize import minimize_scalar

    values = numbers(y, "the outcome", 3)
    matrix = design_of(design, len(values), spare=2)
    together = np.column_stack([values, matrix])
    profile = _profile(together, grid, whiten)
    best = int(profile.llf.argmax())
    around = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(
        lambda at: -_profile(together, np.array([at]), whiten).llf[0],
        bounds=around,
        method="bounded",
        options={"xatol": 1e-9},
    )
    top, names = _profile(together, np.array([found.x]), whiten), list(design.columns)
    scale = top.rss[0] / (len(values) - len(names))
    cov = pd.DataFrame(top.roots[0] @ top.roots[0].T * scale, index=names, columns=names)
    return AveragedFit(
        pd.Series(top.params[0], index=names),
        cov,
        float(found.x),
        float(np.sqrt(scale)),
        float(top.llf[0]),
        len(values),
        profile,
        method,
    )


def _profile(together: np.ndarray, grid: np.ndarray, whiten: Whitener) -> Profile:
    """Return the regression of the first column (n by 1 + k) on the others at each value of ``grid``."""
    white, logdet = whiten(together, grid)
    y, matrix = white[:, :, 0], white[:, :, 1:]
    n, k = matrix.shape[1:]
    basis, triangle = np.linalg.qr(matrix)
    scores = np.einsum("gnk,gn->gk", basis, y)
    rss = np.square(y - np.einsum("gnk,gk->gn", basis, scores)).sum(axis=1)
    if (rss <= 1e-20 * np.square(y).sum(axis=1)).any():
        raise InputError(
            "the design reproduces the outcome exactly: no error is left to judge its coefficients by"
        )
    roots = np.linalg.inv(triangle)
    size = np.log(np.abs(np.diagonal(triangle, axis1=1, axis2=2))).sum(axis=1)
    return Profile(
        grid,
        -0.5 * (n - k) * np.log(rss) - logdet - size,
        np.einsum("gij,gj->gi", roots, scores),
        roots,
        rss,
    )


def _mixture(
    weights: np.ndarray, centres: np.ndarray, scales: np.ndarray, df: float, level: float
) -> tuple[float, float, float]:
    """Return the central interval of a mixture of t distributions, and twice its smaller tail beyond 0."""
    from scipy.optimize import brentq
    from scipy.stats import t

    reach = t.ppf(0.5 + level / 2, df) * scales
    low, high = (
        brentq(
            lambda x, chance=chance: float(weights @ t.cdf((x - centres) / scales, df)) - chance,
            (centres - reach).min(),
            (centres + reach).max(),
            xtol=1e-12,
        )
        for chance in (0.5 - level / 2, 0.5 + level / 2)
    )
    upper, lower = (float(weights @ t.sf(sign * centres / scales, df)) for sign in (1, -1))
    return low, high, min(1.0, 2 * min(upper, lower))
