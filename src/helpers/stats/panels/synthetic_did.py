"""Synthetic difference-in-differences: the change of one treated unit against the change of weighted donors.

Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021): donors are weighted to move like the treated unit before the event
(their level does not matter), periods before it to resemble those after. The weights are the exact solutions of the paper's
convex programs (:mod:`helpers.stats.panels.convex`). Inference is by placebo in space, each donor in turn taken as treated.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from helpers.stats.checks import level_of
from helpers.stats.estimate import Estimate
from helpers.stats.panels.convex import convex_weights
from helpers.stats.panels.synthetic import Donors, Scale, When, donors_of


@dataclass(frozen=True)
class SyntheticDid:
    """``weights`` by donor, ``times`` by period before the event, ``effect`` on the scale and those of the donors
    (``placebos``); ``paths``: actual and synthetic by period on the scale, the synthetic at the unit's level before."""

    donors: Donors
    weights: pd.Series
    times: pd.Series
    effect: float
    placebos: pd.Series
    paths: pd.DataFrame

    def difference(self, level: float = 0.95) -> Estimate:
        """Return the mean effect on the scale, its rank by size among the donors' as p, a normal interval of their spread.

        The spread of the placebos stands for the treated unit's error only if that unit is as noisy as a donor
        (Arkhangelsky et al. 2021, algorithm 4).
        """
        from scipy.stats import norm

        sizes = self.placebos.abs().to_numpy()
        p = (1 + int((sizes >= abs(self.effect) * (1 - 1e-9)).sum())) / (1 + len(sizes))
        reach = float(norm.ppf(0.5 + level_of(level) / 2) * self.placebos.std(ddof=0))
        method = (
            f"synthetic difference-in-differences on the {self.donors.scale} scale, placebo in space among "
            f"{len(sizes)} donors, smallest p {1 / (1 + len(sizes)):.3f}"
        )
        return Estimate(
            self.effect,
            self.effect - reach,
            self.effect + reach,
            p,
            self.donors.values.shape[0],
            method,
            level,
            self.donors.warnings,
        )

    def ratio(self, level: float = 0.95) -> Estimate:
        """Return the effect as the ratio of the treated unit after the event to what it would have been."""
        return self.donors.ratio_of(self.difference(level))


def synthetic_did(
    panel: pd.DataFrame, treated: str, at: When, *, scale: Scale = "log"
) -> SyntheticDid:
    """Return the synthetic difference-in-differences of ``treated`` from ``at`` on.

    The arguments are those of :func:`helpers.stats.panels.synthetic.synthetic_control`.
    """
    donors = donors_of(panel, treated, at, scale)
    scaled, event = donors.scaled.to_numpy(), donors.event
    effect, weights, times = _effect(scaled[:, 0], scaled[:, 1:], event)
    placebos = [
        _effect(scaled[:, place], np.delete(scaled, [0, place], axis=1), event)[0]
        for place in range(1, scaled.shape[1])
    ]
    index, names = donors.scaled.index, donors.scaled.columns
    synthetic = scaled[:, 1:] @ weights
    synthetic = synthetic + times @ (scaled[:event, 0] - synthetic[:event])
    return SyntheticDid(
        donors,
        pd.Series(weights, index=names[1:], name="weight"),
        pd.Series(times, index=index[:event], name="weight"),
        effect,
        pd.Series(placebos, index=names[1:], name="effect"),
        pd.DataFrame({"actual": scaled[:, 0], "synthetic": synthetic}, index=index),
    )


def _effect(
    target: np.ndarray, donors: np.ndarray, event: int
) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the effect on ``target`` (T) against ``donors`` (T by J), the donors' weights and the periods' weights."""
    noise = float(np.diff(donors[:event], axis=0).std(ddof=1))
    ridge = sqrt(len(target) - event) * noise**2
    weights = convex_weights(target[:event], donors[:event], ridge=event * ridge, intercept=True)
    # The periods' weights get the paper's trace of a penalty, which only makes them unique.
    times = convex_weights(
        donors[event:].mean(axis=0),
        donors[:event].T,
        ridge=donors.shape[1] * (1e-6 * noise) ** 2,
        intercept=True,
    )
    gap = target - donors @ weights
    return float(gap[event:].mean() - times @ gap[:event]), weights, times
