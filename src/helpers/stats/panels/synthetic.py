"""Synthetic control: one treated unit against the weighted average of others that followed it most closely before.

Abadie, Diamond and Hainmueller (2010), on the outcomes before the event alone: the weights are then the exact solution of
a convex program (:mod:`helpers.stats.panels.convex`), where packages that also search over the predictors' importance return
other weights from other starts. Inference is placebo in space: each donor in turn is taken as treated, and the ratio of
its error after the event to that before is ranked; the treated unit is no donor to them, as it may carry the effect.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.checks import level_of, numbers, place_of, regular
from helpers.stats.estimate import Estimate
from helpers.stats.panels.convex import convex_weights

When = str | pd.Period | pd.Timestamp
Scale = Literal["log", "index", "level"]


@dataclass(frozen=True)
class Donors:
    """A checked comparison: ``values`` (periods by units, the treated first) as given, the same on the ``scale`` that they
    are compared on (``scaled``), the place of the ``event``, and ``warnings``."""

    values: pd.DataFrame
    scaled: pd.DataFrame
    event: int
    scale: Scale
    warnings: tuple[str, ...] = ()

    def ratio_of(self, difference: Estimate) -> Estimate:
        """Return a difference on the scale as the ratio of the treated unit to what it would have been."""
        after = float(self.scaled.iloc[self.event :, 0].mean())

        def ratio(end: float | None) -> float | None:
            if end is None or self.scale == "log":
                return end if end is None else float(np.exp(min(end, 700)))
            return after / (after - end) if after > end else np.inf

        return replace(
            difference,
            value=ratio(difference.value),
            low=ratio(difference.low),
            high=ratio(difference.high),
        )


@dataclass(frozen=True)
class SyntheticControl:
    """``weights`` by donor; ``gaps`` (periods by units on the scale, the treated first): each unit less its synthetic
    control; ``paths``: actual and synthetic by period, in the units of the panel."""

    donors: Donors
    weights: pd.Series
    gaps: pd.DataFrame
    paths: pd.DataFrame

    @property
    def effects(self) -> pd.DataFrame:
        """By period from the event on: actual, synthetic, gap (on the scale)."""
        return self.paths.assign(gap=self.gaps.iloc[:, 0]).iloc[self.donors.event :]

    def placebos(self, most: float | None = None) -> pd.DataFrame:
        """By unit (the treated first) the root mean squared gap before and after the event and their ratio.

        ``most`` leaves out donors whose error before is more than so many times the treated unit's (Abadie, Diamond and
        Hainmueller 2010 show 20, 5 and 2 for its square).
        """
        size, event = np.square(self.gaps), self.donors.event
        before, after = np.sqrt(size.iloc[:event].mean()), np.sqrt(size.iloc[event:].mean())
        floor = 1e-9 * float(self.donors.scaled.abs().to_numpy().max())
        table = pd.DataFrame(
            {"before": before, "after": after, "ratio": after / np.maximum(before, floor)}
        )
        return (
            table
            if most is None
            else table[table["before"] <= most * max(float(before.iloc[0]), floor)]
        )

    def difference(self, level: float = 0.95, *, most: float | None = None) -> Estimate:
        """Return the mean gap after the event, on the scale, with its rank p-value and the interval of constant effects.

        The interval holds the effects that, taken off the gaps, the rank does not reject (Firpo and Possebom 2018); ``most``
        as in :meth:`placebos`. It is empty, and said so, when no constant effect fits.
        """
        table, gap = self.placebos(most), self.gaps.iloc[self.donors.event :, 0].to_numpy()
        ratios, least = table["ratio"].to_numpy(), 1 / len(table)
        p = float((ratios >= ratios[0] * (1 - 1e-9)).mean())
        low, high, said = _constant(
            gap, float(table["before"].iloc[0]), np.sort(ratios[1:])[::-1], level_of(level)
        )
        dropped = self.gaps.shape[1] - len(table)
        method = (
            f"synthetic control on the {self.donors.scale} scale, placebo in space among {len(table) - 1} donors"
            + (f" ({dropped} with a worse fit left out)" if dropped else "")
            + f", smallest p {least:.3f}"
        )
        return Estimate(
            float(gap.mean()),
            low,
            high,
            p,
            len(self.gaps),
            method,
            level,
            self.donors.warnings + said,
        )

    def ratio(self, level: float = 0.95, *, most: float | None = None) -> Estimate:
        """Return the effect as the ratio of the treated unit after the event to its synthetic control."""
        return self.donors.ratio_of(self.difference(level, most=most))

    def backdated(self, at: When) -> "SyntheticControl":
        """Return the same with an event at the earlier date ``at``, on the periods before the true one (placebo in time)."""
        early = self.donors.values.iloc[: self.donors.event]
        return synthetic_control(early, early.columns[0], at, scale=self.donors.scale)


def synthetic_control(
    panel: pd.DataFrame, treated: str, at: When, *, scale: Scale = "log"
) -> SyntheticControl:
    """Return the synthetic control of ``treated`` from the event ``at`` on; every other column of ``panel`` is a donor.

    ``panel``: regular periods (rows) by units (columns), without missing values. ``scale``: ``log`` compares ln(1 + y),
    ``index`` each unit over its own mean before the event, ``level`` the values as they are.
    """
    donors = donors_of(panel, treated, at, scale)
    scaled, event = donors.scaled.to_numpy(), donors.event
    weights = [convex_weights(scaled[:event, 0], scaled[:event, 1:])]
    gaps = [scaled[:, 0] - scaled[:, 1:] @ weights[0]]
    for place in range(1, scaled.shape[1]):
        others = np.delete(scaled, [0, place], axis=1)
        gaps.append(
            scaled[:, place] - others @ convex_weights(scaled[:event, place], others[:event])
        )
    synthetic = scaled[:, 0] - gaps[0]
    back = {
        "log": np.expm1,
        "level": lambda one: one,
        "index": lambda one: one * donors.values.iloc[:event, 0].mean(),
    }
    paths = pd.DataFrame({"actual": donors.values.iloc[:, 0], "synthetic": back[scale](synthetic)})
    table = pd.DataFrame(
        np.column_stack(gaps), index=donors.scaled.index, columns=donors.scaled.columns
    )
    poor = np.sqrt(np.square(gaps[0][:event]).mean()) > scaled[:event, 0].std()
    said = (
        "before the event the synthetic control is farther from the unit than its own mean: do not rely on it",
    )
    return SyntheticControl(
        replace(donors, warnings=donors.warnings + (said if poor else ())),
        pd.Series(weights[0], index=donors.scaled.columns[1:], name="weight"),
        table,
        paths,
    )


def donors_of(panel: pd.DataFrame, treated: str, at: When, scale: Scale) -> Donors:
    """Return the checked comparison of one treated unit with its donors; those that do not vary before are left out."""
    if not isinstance(panel, pd.DataFrame) or not panel.columns.is_unique:
        raise InputError("the panel is not a table with one column for each unit")
    index = regular(panel, "the panel")
    if treated not in panel.columns:
        raise InputError(
            f"the panel has no unit '{treated}'" + did_you_mean(str(treated), panel.columns)
        )
    names = [treated, *(name for name in panel.columns if name != treated)]
    values = pd.DataFrame(
        {name: numbers(panel[name], f"unit {name}", 3) for name in names}, index=index
    )
    event = place_of(at, index, "the event")
    if not 2 <= event < len(index):
        raise InputError(
            f"the event {at} leaves too little: expected a date from {index[2]} to {index[-1]}"
        )
    flat = [name for name in names if values[name].iloc[:event].nunique() == 1]
    if treated in flat:
        raise InputError(
            f"the treated unit {treated} does not vary before the event: nothing can be matched to it"
        )
    kept = values.drop(columns=flat)
    if kept.shape[1] < 3:
        raise InputError(f"{kept.shape[1] - 1} donors vary before the event: expected at least 2")
    said = (f"{len(flat)} donors without variation before the event are left out",) if flat else ()
    if kept.shape[1] - 1 > event:
        said += (
            f"{kept.shape[1] - 1} donors for {event} periods before the event: a close fit may be chance",
        )
    return Donors(kept, _scaled(kept, event, scale), event, scale, said)


def _scaled(values: pd.DataFrame, event: int, scale: Scale) -> pd.DataFrame:
    if scale == "level":
        return values
    low = values.min()
    if scale not in ("log", "index"):
        raise InputError(f"scale is '{scale}': expected log, index or level")
    if (low < 0).any():
        raise InputError(
            f"unit {low.idxmin()} holds values below 0: expected scale 'level' for them"
        )
    return np.log1p(values) if scale == "log" else values / values.iloc[:event].mean()


def _constant(gap: np.ndarray, before: float, others: np.ndarray, level: float) -> tuple:
    """Return the ends of the constant effects not rejected: mean squared gap less effect at most (critical x before)^2."""
    beyond = int(np.floor((1 - level) * (len(others) + 1) + 1e-9)) - 1
    if beyond < 0:
        return (
            None,
            None,
            (
                f"no {100 * level:.3g} % interval: {len(others)} donors allow no p-value of {1 - level:.3g}",
            ),
        )
    room = (others[beyond] * before) ** 2 - gap.var()
    if not room >= 0:
        return (
            None,
            None,
            ("no constant effect is compatible with the gaps: they vary too much after the event",),
        )
    return float(gap.mean() - np.sqrt(room)), float(gap.mean() + np.sqrt(room)), ()
