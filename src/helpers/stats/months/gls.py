"""Regression with first-order autoregressive errors: REML-GLS, averaged over the autocorrelation.

``y_t = x_t'b + u_t`` and ``u_t = rho u_{t-1} + e_t`` with normal ``e_t`` of standard deviation ``sigma``. The prior of
``rho`` is the reference prior ``(1 - rho^2)^(-1/2)`` (Berger and Yang 1994), which is uniform in arcsin(rho).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.checks import generator_of
from helpers.stats.months.averaged import AveragedFit, fit_averaged

POINTS, LIMIT = 80, 0.99
RHOS = np.sin((2 * (np.arange(POINTS) + 0.5) / POINTS - 1) * np.arcsin(LIMIT))


@dataclass(frozen=True)
class GlsFit(AveragedFit):
    """A fitted regression with AR(1) errors; ``last`` holds the last outcome and the last row of the design."""

    last: tuple[float, np.ndarray]

    @property
    def rho(self) -> float:
        """The restricted maximum-likelihood autocorrelation."""
        return self.parameter

    def simulate(
        self, later: pd.DataFrame, draws: int, generator: np.random.Generator
    ) -> np.ndarray:
        """Return draws by h paths of the outcome over the h later rows of the design, all uncertainty included."""
        profile, rows = self.profile, np.asarray(later[list(self.params.index)], dtype="float64")
        df, steps = self.n - rows.shape[1], len(rows)
        pick = generator_of(generator).choice(len(profile.at), draws, p=profile.weights())
        sigma = np.sqrt(profile.rss[pick] / generator.chisquare(df, draws))
        shifts = np.einsum(
            "dij,dj->di", profile.roots[pick], generator.standard_normal((draws, rows.shape[1]))
        )
        params = profile.params[pick] + sigma[:, None] * shifts
        errors = sigma[:, None] * generator.standard_normal((draws, steps))
        state, rho = self.last[0] - params @ self.last[1], profile.at[pick]
        paths = params @ rows.T
        for step in range(steps):
            state = rho * state + errors[:, step]
            paths[:, step] += state
        return paths


def fit_gls(y: pd.Series, design: pd.DataFrame) -> GlsFit:
    """Return the regression of ``y`` (n finite numbers in order of time) on ``design`` (n by k, constant included).

    Errors as in :func:`helpers.stats.months.averaged.fit_averaged`.
    """
    fit = fit_averaged(y, design, RHOS, _whiten, "REML, AR(1) errors averaged over rho")
    return GlsFit(
        **vars(fit), last=(float(np.asarray(y)[-1]), np.asarray(design, dtype="float64")[-1])
    )


def _whiten(columns: np.ndarray, rhos: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    wide = rhos[:, None, None]
    first = np.sqrt(1 - wide**2) * columns[None, :1]
    return np.concatenate(
        [first, columns[None, 1:] - wide * columns[None, :-1]], axis=1
    ), -0.5 * np.log1p(-(rhos**2))
