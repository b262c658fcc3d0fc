"""Synthetic difference-in-differences: a treated unit's change against that of weighted donors.

Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021): donors are weighted to move like the
treated unit before the event (their level does not matter), periods before it to resemble those
after. The weights are the exact solutions of the paper's convex programs
(:mod:`helpers.stats.panels.convex`). Inference is by placebo in space, each donor in turn taken as
treated. A unit whose movements are noisier than the donors' has larger placebo effects by nature,
so effects are compared in units of their own noise; and each donor is set against the treated unit
with the same rest of the donors, as either has one comparison more than the other otherwise (Lei
and Sudijono 2024).
"""

from dataclasses import dataclass, replace
from math import sqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.stats.checks import level_of
from helpers.stats.estimate import Estimate
from helpers.stats.panels.convex import convex_weights
from helpers.stats.panels.long_run import long_run
from helpers.stats.panels.synthetic import Donors, Scale, donors_of
from helpers.stats.panels.unit_panel import When

FEW_PERIODS = 8


@dataclass(frozen=True)
class SyntheticDid:
    """A synthetic difference-in-differences and its placebos.

    Attributes
    ----------
    donors : Donors
        What was compared.
    weights : pandas.Series of float, shape (u - 1,)
        By donor, at least 0, with a sum of 1.
    times : pandas.Series of float, shape (event,)
        By period before the event, at least 0, with a sum of 1.
    effect : float
        Mean change of the treated unit beyond that of its donors, on the scale.
    noise : float
        Long-run standard deviation of the gap between the unit and its donors before the event, on
        the scale.
    placebos : pandas.Series of float, shape (u - 1,)
        The effect of each donor taken as treated, on the scale.
    scores : pandas.DataFrame of float, shape (u - 1, 2)
        By donor the effect over its noise, without unit: ``placebo`` of the donor, ``treated`` of
        the treated unit, both without each other among their donors.
    paths : pandas.DataFrame of float, shape (t, 2)
        ``actual`` and ``synthetic`` by period on the scale, the synthetic at the unit's level
        before.
    """

    donors: Donors
    weights: pd.Series
    times: pd.Series
    effect: float
    noise: float
    placebos: pd.Series
    scores: pd.DataFrame
    paths: pd.DataFrame

    def difference(self, level: float = 0.95) -> Estimate:
        """Return the mean effect with its rank among the donors' and an interval of Student's t.

        Both take effects in units of their noise: p counts the donors whose score is at least as
        far from 0 as the treated unit's beside the same donors, the interval takes the spread of
        the donors' scores for that of the treated unit's.

        Parameters
        ----------
        level : float
            Confidence level of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            On the scale; ``p`` is the rank by size, ``n`` periods.

        References
        ----------
        Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), Synthetic
        difference-in-differences, algorithm 4. Lei and Sudijono (2024), Inference for synthetic
        controls via refined placebo tests.

        Examples
        --------
        No placebo is as large among two donors: p is 1/3.

        >>> import pandas as pd
        >>> years = pd.period_range("2017", periods=5, freq="Y")
        >>> table = pd.DataFrame(
        ...     {"a": [2, 3, 2, 8, 8], "b": [1, 4, 1, 2, 4], "c": [3, 2, 3, 6, 4]}, years
        ... )
        >>> found = synthetic_did(table, "a", "2020", scale="level").difference()
        >>> round(found.value, 3), round(found.p, 3)
        (4.0, 0.333)
        """
        from scipy.stats import t

        sizes = self.scores.abs()
        farther = int((sizes["placebo"] >= sizes["treated"] * (1 - 1e-9)).sum())
        spread = sqrt(np.square(sizes["placebo"]).mean())
        reach = float(t.ppf(0.5 + level_of(level) / 2, len(sizes))) * spread * self.noise
        method = (
            f"synthetic difference-in-differences on the {self.donors.scale} scale, studentised "
            f"placebo in space among {len(sizes)} donors, smallest p {1 / (1 + len(sizes)):.3f}"
        )
        return Estimate(
            self.effect,
            self.effect - reach,
            self.effect + reach,
            (1 + farther) / (1 + len(sizes)),
            self.donors.values.shape[0],
            method,
            level,
            self.donors.warnings,
        )

    def ratio(self, level: float = 0.95) -> Estimate:
        """Return the effect as the ratio of the treated unit to what it would have been.

        Parameters
        ----------
        level : float
            Confidence level of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            Without unit, after the event; on the log scale of 1 + y.

        Examples
        --------
        >>> import pandas as pd
        >>> years = pd.period_range("2017", periods=5, freq="Y")
        >>> table = pd.DataFrame(
        ...     {"a": [2, 3, 2, 8, 8], "b": [1, 4, 1, 2, 4], "c": [3, 2, 3, 6, 4]}, years
        ... )
        >>> round(synthetic_did(table, "a", "2020", scale="level").ratio().value, 3)
        2.0
        """
        return self.donors.ratio_of(self.difference(level))


def synthetic_did(
    panel: pd.DataFrame, treated: str, at: When, *, scale: Scale = "log"
) -> SyntheticDid:
    """Return the synthetic difference-in-differences of a treated unit from an event on.

    Parameters
    ----------
    panel : pandas.DataFrame of float, shape (t, u), regular periods by units
        Values without gaps; every column but the treated one is a donor.
    treated : str
        The treated unit, a column of ``panel``.
    at : str, pandas.Period or pandas.Timestamp
        The event: the first treated period, with at least two before it.
    scale : {"log", "index", "level"}
        ``log`` compares ln(1 + y), ``index`` each unit over its own mean before the event,
        ``level`` the values as they are.

    Returns
    -------
    SyntheticDid
        Weights of donors and periods, the effect and its placebos.

    Raises
    ------
    InputError
        For an unknown unit or scale, gaps, missing values, an event that leaves fewer than two
        periods before it, a treated unit that does not vary before it, fewer than two donors that
        do, or values below 0 on another scale than ``level``.

    References
    ----------
    Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021), Synthetic difference-in-differences.

    Examples
    --------
    Before 2020 "a" is the mean of "b" and "c"; from then on "a" is 4 above that.

    >>> import pandas as pd
    >>> years = pd.period_range("2017", periods=5, freq="Y")
    >>> table = pd.DataFrame(
    ...     {"a": [2, 3, 2, 8, 8], "b": [1, 4, 1, 2, 4], "c": [3, 2, 3, 6, 4]}, years
    ... )
    >>> found = synthetic_did(table, "a", "2020", scale="level")
    >>> round(found.effect, 3), round(float(found.weights.sum()), 6)
    (4.0, 1.0)
    """
    donors = donors_of(panel, treated, at, scale)
    scaled, event = donors.scaled.to_numpy(), donors.event
    index, names = donors.scaled.index, donors.scaled.columns
    own = _fit(scaled[:, 0], scaled[:, 1:], event)
    pairs = [
        [
            _fit(scaled[:, place], np.delete(scaled, [0, donor], axis=1), event)
            for place in (donor, 0)
        ]
        for donor in range(1, scaled.shape[1])
    ]
    scores = [[fit.effect / fit.noise for fit in pair] for pair in pairs]
    synthetic = scaled[:, 1:] @ own.weights
    synthetic = synthetic + own.times @ (scaled[:event, 0] - synthetic[:event])
    return SyntheticDid(
        replace(donors, warnings=donors.warnings + _doubts(donors, own.noise)),
        pd.Series(own.weights, index=names[1:], name="weight"),
        pd.Series(own.times, index=index[:event], name="weight"),
        own.effect,
        own.noise,
        pd.Series([placebo.effect for placebo, _ in pairs], index=names[1:], name="effect"),
        pd.DataFrame(scores, index=names[1:], columns=["placebo", "treated"]),
        pd.DataFrame({"actual": scaled[:, 0], "synthetic": synthetic}, index=index),
    )


class _Fit(NamedTuple):
    """An effect, its noise, the donors' weights and the periods' weights."""

    effect: float
    noise: float
    weights: np.ndarray
    times: np.ndarray


def _doubts(donors: Donors, noise: float) -> tuple[str, ...]:
    """Return what to say where a unit's noise cannot be known."""
    said: tuple[str, ...] = ()
    if donors.event < FEW_PERIODS:
        said += (
            f"{donors.event} periods before the event show little of each unit's noise: "
            "the rank is rough",
        )
    if noise <= 2 * _floor(donors.scaled.to_numpy()):
        said += ("the unit follows its donors without error: its noise is not known",)
    return said


def _floor(values: np.ndarray) -> float:
    """Return the least noise that is told from rounding."""
    return 1e-9 * float(np.abs(values).max())


def _fit(target: np.ndarray, donors: np.ndarray, event: int) -> _Fit:
    """Fit ``target`` (t) by ``donors`` (t by j)."""
    noise = float(np.diff(donors[:event], axis=0).std(ddof=1)) if donors[:event].size > 2 else 0.0
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
    # Only before the event: an effect that grows or fades is not noise.
    spread = sqrt(max(float(long_run((gap[:event] - gap[:event].mean())[:, None])[0, 0]), 0.0))
    return _Fit(
        float(gap[event:].mean() - times @ gap[:event]),
        max(spread, _floor(np.column_stack([target, donors]))),
        weights,
        times,
    )
