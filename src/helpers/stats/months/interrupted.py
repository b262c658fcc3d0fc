"""Interrupted time series of counts: pre-specified steps and changes of slope, and inference that keeps its level.

``ln E[y_t] = a + b t + Fourier terms + controls + steps + changes of slope`` (Wagner et al. 2002; Lopez Bernal et al.
2017). ``reml`` (on ``ln(y + 0.5)``) and ``bootstrap`` (on the counts) are the primary methods, ``local level`` the
conservative second. The obvious method, Newey-West errors, stands in :mod:`helpers.stats.months.rejected`, where
it is measured and not used: with six months after the event it finds an effect in a third of all series without one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import counts, generator_of, place_of, regular, zeros_said
from helpers.stats.estimate import Estimate, exponentiated
from helpers.stats.months.ar_bootstrap import ArBootstrap, ar_bootstrap
from helpers.stats.months.gls import GlsFit, fit_gls
from helpers.stats.months.local_level import LocalLevel, fit_local_level
from helpers.stats.months.trend import deterministic

Method = Literal["reml", "bootstrap", "local level"]
When = str | pd.Period | pd.Timestamp


@dataclass(frozen=True)
class Interrupted:
    """A fitted interrupted series: ``series`` (n), ``design`` (n by k), and the ``fit`` that answers for its columns."""

    series: pd.Series
    design: pd.DataFrame
    fit: GlsFit | ArBootstrap | LocalLevel
    warnings: tuple[str, ...] = ()

    @property
    def terms(self) -> list[str]:
        """The names of the steps and changes of slope, such as 'step 2024-07'."""
        return [name for name in self.design if name.startswith(("step ", "slope "))]

    def effect(self, of: str | Mapping[str, float] | None = None, level: float = 0.95) -> Estimate:
        """Return the rate ratio of a term (the first when none is named), or of a sum of terms.

        A step's ratio is that of the level after to the level before; a slope's is the change of growth for each period.
        ``{"step 2024-07": 1, "slope 2024-07": 5}`` is the effect in the sixth month.
        """
        found = exponentiated(self.fit.effect(of or self.terms[0], level))
        return replace(found, warnings=found.warnings + self.warnings)

    def effects(self, level: float = 0.95) -> pd.DataFrame:
        """Return a table of all steps and changes of slope: term, ratio, low, high, p."""
        found = {term: self.effect(term, level) for term in self.terms}
        return pd.DataFrame(
            [(term, one.value, one.low, one.high, one.p) for term, one in found.items()],
            columns=["term", "ratio", "low", "high", "p"],
        )


def interrupted(
    series: pd.Series,
    steps: When | Iterable[When],
    *,
    slopes: When | Iterable[When] = (),
    harmonics: int = 2,
    order: int = 1,
    controls: pd.DataFrame | pd.Series | None = None,
    method: Method = "reml",
    generator: np.random.Generator | None = None,
    draws: int = 999,
) -> Interrupted:
    """Fit an interrupted time series of counts.

    ``series``: counts by month, quarter or year without gaps. ``steps`` and ``slopes``: the first period of each new
    level or growth; they are chosen before the data are seen. ``harmonics`` pairs of Fourier terms, a trend of
    ``order`` 0 to 3, ``controls`` by the same periods. ``bootstrap`` needs a ``generator``.
    Raises :class:`InputError` for dates outside the series, a term that repeats another, or a series without variation.
    """
    clean = pd.Series(counts(series, "the series", 3), index=regular(series, "the series"))
    if clean.sum() == 0:
        raise InputError("the series holds only zeros: no effect can be told from none")
    design = its_design(
        clean.index, steps, slopes=slopes, harmonics=harmonics, order=order, controls=controls
    )
    if method == "bootstrap":
        return Interrupted(
            clean, design, ar_bootstrap(clean, design, generator_of(generator), draws)
        )
    fits = {"reml": fit_gls, "local level": fit_local_level}
    if method not in fits:
        raise InputError(f"method is '{method}': expected reml, bootstrap or local level")
    return Interrupted(
        clean, design, fits[method](np.log(clean + 0.5), design), zeros_said(clean.to_numpy())
    )


def its_design(
    index: pd.PeriodIndex,
    steps: When | Iterable[When],
    *,
    slopes: When | Iterable[When] = (),
    harmonics: int = 2,
    order: int = 1,
    controls: pd.DataFrame | pd.Series | None = None,
) -> pd.DataFrame:
    """Return the design (n by k) of an interrupted series over ``index``: steps first, then slopes, season, controls."""
    base = deterministic(index, harmonics, order).in_sample()
    time, columns = np.arange(len(index)), {}
    for at in _dates(steps, index, "step"):
        columns[f"step {index[at]}"] = (time >= at).astype(float)
    for at in _dates(slopes, index, "slope"):
        columns[f"slope {index[at]}"] = np.maximum(time - at, 0).astype(float)
    if not columns:
        raise InputError(
            "no step and no slope was given: expected the first period of at least one"
        )
    parts = [pd.DataFrame(columns, index=index), base]
    return pd.concat(parts if controls is None else [*parts, _controls(controls, index)], axis=1)


def _dates(given: When | Iterable[When], index: pd.PeriodIndex, kind: str) -> list[int]:
    """Return the places of dates in the index; each needs at least one period before it and one from it on."""
    given = [given] if isinstance(given, (str, pd.Period, pd.Timestamp)) else list(given)
    places = []
    for date in given:
        at = place_of(date, index, f"the {kind}")
        last = len(index) - (2 if kind == "slope" else 1)
        if not 1 <= at <= last:
            raise InputError(
                f"the {kind} {date} lies outside the series: expected a date from {index[1]} to {index[last]}"
            )
        if at in places:
            raise InputError(f"the {kind} {date} is given twice: expected each date once")
        places.append(at)
    return places


def _controls(controls: pd.DataFrame | pd.Series, index: pd.PeriodIndex) -> pd.DataFrame:
    """Return the controls by the series' periods; a period without a value is refused."""
    table = (
        controls.to_frame(controls.name or "control")
        if isinstance(controls, pd.Series)
        else controls
    )
    if isinstance(table.index, pd.DatetimeIndex):
        table = table.set_axis(table.index.tz_localize(None).to_period(index.freq))
    lacking = index.difference(table.index) if isinstance(table.index, pd.PeriodIndex) else index
    if len(lacking):
        raise InputError(
            f"the controls have no row for {lacking[0]}: expected one for each period of the series"
        )
    return table.loc[index].astype("float64")
