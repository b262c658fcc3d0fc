"""Synthetic control: one treated unit against a weighted average of others.

The average is the one that followed it most closely before the event. Abadie, Diamond and
Hainmueller (2010), on the outcomes before the event alone: the weights are then the exact solution
of a convex program (:mod:`helpers.stats.panels.convex`), where packages that also search over the
predictors' importance return other weights from other starts. Inference is placebo in space: each
donor in turn is taken as treated, and the ratio of its error after the event to that before is
ranked; the treated unit is no donor to them, as it may carry the effect.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.checks import level_of, numbers, place_of, regular
from helpers.stats.estimate import Estimate, exponentiated
from helpers.stats.panels.convex import convex_weights
from helpers.stats.panels.long_run import long_run
from helpers.stats.panels.unit_panel import When

Scale = Literal["log", "index", "level"]
SLOW = 1.5


@dataclass(frozen=True)
class Donors:
    """A checked comparison of one treated unit with its donors.

    Attributes
    ----------
    values : pandas.DataFrame of float, shape (t, u), PeriodIndex by names
        Values as given, the treated unit first, then its donors.
    scaled : pandas.DataFrame of float, shape (t, u)
        The same on the scale that they are compared on.
    event : int
        Place of the first treated period.
    scale : {"log", "index", "level"}
        The scale, as in :func:`synthetic_control`.
    warnings : tuple of str
        Sentences to read before relying on it.
    """

    values: pd.DataFrame
    scaled: pd.DataFrame
    event: int
    scale: Scale
    warnings: tuple[str, ...] = ()

    def ratio_of(self, difference: Estimate) -> Estimate:
        """Return a difference on the scale as the ratio of the unit to what it would have been.

        Parameters
        ----------
        difference : Estimate
            Mean difference after the event, on the scale.

        Returns
        -------
        Estimate
            Without unit; on the log scale of 1 + y. An end that is None stays so.

        Examples
        --------
        A mean of 8 after the event, 4 more than it would have been, is twice as much.

        >>> import pandas as pd
        >>> years = pd.period_range("2018", periods=4, freq="Y")
        >>> table = pd.DataFrame({"a": [2, 3, 8, 8], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4]}, years)
        >>> donors_of(table, "a", "2020", "level").ratio_of(Estimate(4.0)).value
        2.0
        """
        if self.scale == "log":
            return exponentiated(difference)
        after = float(self.scaled.iloc[self.event :, 0].mean())

        def ratio(end: float) -> float:
            return after / (after - end) if after > end else np.inf

        return replace(
            difference,
            value=ratio(difference.value),
            low=None if difference.low is None else ratio(difference.low),
            high=None if difference.high is None else ratio(difference.high),
        )


@dataclass(frozen=True)
class SyntheticControl:
    """A treated unit, its synthetic control, and those of its donors.

    Attributes
    ----------
    donors : Donors
        What was compared.
    weights : pandas.Series of float, shape (u - 1,)
        By donor, at least 0, with a sum of 1.
    gaps : pandas.DataFrame of float, shape (t, u)
        Each unit less its own synthetic control, on the scale, the treated first.
    paths : pandas.DataFrame of float, shape (t, 2)
        ``actual`` and ``synthetic`` by period, in the unit of the panel.
    matrix : pandas.DataFrame of float, shape (u, u)
        The weights of every unit's synthetic control, a column each; 0 where a unit is no donor.

    Examples
    --------
    Before 2020 "a" is the mean of "b" and "c".

    >>> import pandas as pd
    >>> years = pd.period_range("2018", periods=4, freq="Y")
    >>> table = pd.DataFrame({"a": [2, 3, 8, 8], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4]}, years)
    >>> synthetic_control(table, "a", "2020", scale="level").effects.round(6)
          actual  synthetic  gap
    2020     8.0        4.0  4.0
    2021     8.0        4.0  4.0
    """

    donors: Donors
    weights: pd.Series
    gaps: pd.DataFrame
    paths: pd.DataFrame
    matrix: pd.DataFrame

    @property
    def effects(self) -> pd.DataFrame:
        """By period from the event on ``actual``, ``synthetic`` and ``gap`` (on the scale)."""
        return self.paths.assign(gap=self.gaps.iloc[:, 0]).iloc[self.donors.event :]

    def placebos(self, most: float | None = None) -> pd.DataFrame:
        """Return by unit the root mean squared gap before and after the event, and their ratio.

        Parameters
        ----------
        most : float, optional
            Leave out donors whose error before the event is more than so many times the treated
            unit's; Abadie, Diamond and Hainmueller (2010) show 20, 5 and 2 for its square.

        Returns
        -------
        pandas.DataFrame of float, shape (u, 3), by unit, the treated first
            ``before`` and ``after`` on the scale, ``ratio`` without unit.

        Examples
        --------
        The mean of "b" and "c" follows "a" exactly, until "a" is 4 above it.

        >>> import pandas as pd
        >>> years = pd.period_range("2018", periods=4, freq="Y")
        >>> table = pd.DataFrame({"a": [2, 3, 8, 8], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4]}, years)
        >>> control = synthetic_control(table, "a", "2020", scale="level")
        >>> found = control.placebos().loc["a"]
        >>> bool(found["before"] < 1e-6), round(float(found["after"]), 6)
        (True, 4.0)
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
        """Return the mean gap after the event with its rank p-value.

        The interval holds the constant effects that, taken off the gaps, the rank does not reject.
        It is empty, and said so, when no constant effect fits.

        Parameters
        ----------
        level : float
            Confidence level of the interval, between 0 and 1.
        most : float, optional
            Leave out donors whose error before the event is more than so many times the treated
            unit's.

        Returns
        -------
        Estimate
            On the scale; ``p`` among the treated unit and its donors, ``n`` periods.

        References
        ----------
        Firpo and Possebom (2018), Synthetic control method: inference, sensitivity analysis and
        confidence sets.

        Examples
        --------
        The mean of "b" and "c" is 4 after the event, "a" is 8.

        >>> import pandas as pd
        >>> years = pd.period_range("2018", periods=4, freq="Y")
        >>> table = pd.DataFrame({"a": [2, 3, 8, 8], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4]}, years)
        >>> control = synthetic_control(table, "a", "2020", scale="level")
        >>> round(control.difference().value, 6)
        4.0
        """
        table, gap = self.placebos(most), self.gaps.iloc[self.donors.event :, 0].to_numpy()
        ratios, least = table["ratio"].to_numpy(), 1 / len(table)
        p = float((ratios >= ratios[0] * (1 - 1e-9)).mean())
        low, high, said = _constant(
            gap, float(table["before"].iloc[0]), np.sort(ratios[1:])[::-1], level_of(level)
        )
        said += self._slow()
        dropped = self.gaps.shape[1] - len(table)
        method = (
            f"synthetic control on the {self.donors.scale} scale, "
            f"placebo in space among {len(table) - 1} donors"
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

    def _slow(self) -> tuple[str, ...]:
        """Return what to say where the unit's gap moves more slowly than its donors'.

        A slow gap stays away from 0 for many periods by chance, and ratios of errors do not see it.
        """
        before = self.gaps.iloc[: self.donors.event]
        size = np.square(before).mean().to_numpy()
        memory = [float(long_run(before[[name]].to_numpy())[0, 0]) for name in before]
        slowness = np.sqrt(np.divide(memory, size, out=np.zeros(len(size)), where=size > 0))
        said = (
            "before the event the unit's gap moves more slowly than its donors': its rank is too "
            "high by chance",
        )
        return said if slowness[0] > SLOW * np.median(slowness[1:]) else ()

    def ratio(self, level: float = 0.95, *, most: float | None = None) -> Estimate:
        """Return the effect as the ratio of the treated unit to its synthetic control.

        Parameters
        ----------
        level : float
            Confidence level of the interval, between 0 and 1.
        most : float, optional
            Leave out donors whose error before the event is more than so many times the treated
            unit's.

        Returns
        -------
        Estimate
            Without unit, after the event; on the log scale of 1 + y.

        Examples
        --------
        >>> import pandas as pd
        >>> years = pd.period_range("2018", periods=4, freq="Y")
        >>> table = pd.DataFrame({"a": [2, 3, 8, 8], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4]}, years)
        >>> round(synthetic_control(table, "a", "2020", scale="level").ratio().value, 6)
        2.0
        """
        return self.donors.ratio_of(self.difference(level, most=most))

    def during(self, first: When, last: When) -> "SyntheticControl":
        """Return the same with a part of the periods after the event alone.

        The weights stay, as they come from the periods before it.

        Parameters
        ----------
        first, last : str, pandas.Period or pandas.Timestamp
            The first and the last period of the part, none before the event.

        Returns
        -------
        SyntheticControl
            The periods before the event and those of the part.

        Raises
        ------
        InputError
            When the part begins before the event or ends before it begins.

        Examples
        --------
        >>> import pandas as pd
        >>> years = pd.period_range("2018", periods=4, freq="Y")
        >>> table = pd.DataFrame({"a": [2, 3, 8, 6], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4]}, years)
        >>> control = synthetic_control(table, "a", "2020", scale="level")
        >>> [round(control.during(year, year).ratio().value, 6) for year in ("2020", "2021")]
        [2.0, 1.5]
        """
        index = self.gaps.index
        start, end = (place_of(at, index, "the part") for at in (first, last))
        if not self.donors.event <= start <= end:
            raise InputError(
                f"the part from {first} to {last} is none of the periods after the event: expected "
                f"periods from {index[self.donors.event]} to {index[-1]}"
            )
        kept = np.r_[: self.donors.event, start : min(end, len(index) - 1) + 1]
        parts = replace(
            self.donors, values=self.donors.values.iloc[kept], scaled=self.donors.scaled.iloc[kept]
        )
        return replace(self, donors=parts, gaps=self.gaps.iloc[kept], paths=self.paths.iloc[kept])

    def backdated(self, at: When) -> "SyntheticControl":
        """Return the same with an earlier event, before the true one: a placebo in time.

        Parameters
        ----------
        at : str, pandas.Period or pandas.Timestamp
            The earlier date, with at least two periods before it.

        Returns
        -------
        SyntheticControl
            On the periods before the true event.

        Raises
        ------
        InputError
            As :func:`synthetic_control` does.

        Examples
        --------
        >>> import pandas as pd
        >>> years = pd.period_range("2017", periods=5, freq="Y")
        >>> table = pd.DataFrame(
        ...     {"a": [2, 3, 2, 8, 8], "b": [1, 4, 1, 2, 4], "c": [3, 2, 3, 6, 4]}, years
        ... )
        >>> placebo = synthetic_control(table, "a", "2020").backdated("2019")
        >>> len(placebo.paths), placebo.donors.event
        (3, 2)
        """
        early = self.donors.values.iloc[: self.donors.event]
        return synthetic_control(early, early.columns[0], at, scale=self.donors.scale)


def synthetic_control(
    panel: pd.DataFrame, treated: str, at: When, *, scale: Scale = "log"
) -> SyntheticControl:
    """Return the synthetic control of a treated unit from an event on.

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
    SyntheticControl
        Weights, gaps and paths; a warning where the fit before the event is poor.

    Raises
    ------
    InputError
        For an unknown unit or scale, gaps, missing values, an event that leaves fewer than two
        periods before it, a treated unit that does not vary before it, fewer than two donors that
        do, or values below 0 on another scale than ``level``.

    References
    ----------
    Abadie, Diamond and Hainmueller (2010), Synthetic control methods for comparative case studies.
    Abadie, Diamond and Hainmueller (2011), Synth: an R package for synthetic control methods.

    Examples
    --------
    Before 2020 the mean of "b" and "c" is "a".

    >>> import pandas as pd
    >>> years = pd.period_range("2018", periods=4, freq="Y")
    >>> table = pd.DataFrame({"a": [2, 3, 8, 8], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4]}, years)
    >>> found = synthetic_control(table, "a", "2020", scale="level")
    >>> found.weights.round(6).to_dict()
    {'b': 0.5, 'c': 0.5}
    """
    donors = donors_of(panel, treated, at, scale)
    before = donors.scaled.iloc[: donors.event]

    def weights(target: str, others: pd.Index) -> np.ndarray:
        return convex_weights(before[target].to_numpy(), before[others].to_numpy())

    return controlled(donors, weights)


def controlled(donors: Donors, weights: Callable[[str, pd.Index], np.ndarray]) -> SyntheticControl:
    """Return the synthetic controls of a treated unit and of each donor by given weights.

    Parameters
    ----------
    donors : Donors
        What is compared.
    weights : callable
        Weights (j) of others, an index of j names, for a target, a name.

    Returns
    -------
    SyntheticControl
        Weights, gaps and paths; a warning where the fit before the event is poor.

    Examples
    --------
    All others alike:

    >>> import pandas as pd
    >>> years = pd.period_range("2018", periods=4, freq="Y")
    >>> table = pd.DataFrame({"a": [2, 3, 8, 8], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4]}, years)
    >>> compared = donors_of(table, "a", "2020", "level")
    >>> alike = controlled(compared, lambda target, others: [1 / len(others)] * len(others))
    >>> alike.gaps["a"].tolist()
    [0.0, 0.0, 4.0, 4.0]
    """
    scaled, event = donors.scaled, donors.event
    treated, names = scaled.columns[0], scaled.columns[1:]
    matrix, gaps = pd.DataFrame(0.0, scaled.columns, scaled.columns), {}
    for unit in scaled.columns:
        others = names.drop(unit, errors="ignore")
        found = np.asarray(weights(unit, others))
        gaps[unit] = scaled[unit] - scaled[others] @ found
        matrix.loc[others, unit] = found
    synthetic = _unscaled((scaled[treated] - gaps[treated]).to_numpy(), donors)
    paths = pd.DataFrame({"actual": donors.values[treated], "synthetic": synthetic})
    error = np.sqrt(np.square(gaps[treated].iloc[:event]).mean())
    said = (
        "before the event the synthetic control is farther from the unit than its own mean: "
        "do not rely on it",
    )
    poor = error > scaled[treated].iloc[:event].std(ddof=0)
    return SyntheticControl(
        replace(donors, warnings=donors.warnings + (said if poor else ())),
        matrix.loc[names, treated].rename("weight"),
        pd.DataFrame(gaps),
        paths,
        matrix,
    )


def donors_of(panel: pd.DataFrame, treated: str, at: When, scale: Scale) -> Donors:
    """Return the checked comparison of one treated unit with its donors.

    Donors that do not vary before the event are left out, with a warning.

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
    Donors
        Values, the same on the scale, and the place of the event.

    Raises
    ------
    InputError
        For an unknown unit or scale, gaps, missing values, an event that leaves fewer than two
        periods before it, a treated unit that does not vary before it, fewer than two donors that
        do, or values below 0 on another scale than ``level``.

    Examples
    --------
    >>> import pandas as pd
    >>> years = pd.period_range("2018", periods=4, freq="Y")
    >>> table = pd.DataFrame({"a": [2, 3, 8, 8], "b": [1, 4, 2, 4], "c": [3, 2, 6, 4]}, years)
    >>> found = donors_of(table.assign(d=1), "a", "2020", "level")
    >>> list(found.values.columns), found.event
    (['a', 'b', 'c'], 2)
    >>> found.warnings
    ('1 donors without variation before the event are left out',)
    """
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
    kept, said = _varying(values, event)
    return Donors(kept, _scaled(kept, event, scale), event, scale, said)


def _varying(values: pd.DataFrame, event: int) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the units that vary before the event, the treated first, and what to say of them."""
    flat = [name for name in values.columns if values[name].iloc[:event].nunique() == 1]
    if values.columns[0] in flat:
        raise InputError(
            f"the treated unit {values.columns[0]} does not vary before the event: "
            "nothing can be matched to it"
        )
    kept = values.drop(columns=flat)
    donors = kept.shape[1] - 1
    if donors < 2:
        raise InputError(f"{donors} donors vary before the event: expected at least 2")
    said: tuple[str, ...] = ()
    if flat:
        said += (f"{len(flat)} donors without variation before the event are left out",)
    if donors > event:
        said += (
            f"{donors} donors for {event} periods before the event: a close fit may be chance",
        )
    return kept, said


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


def _unscaled(values: np.ndarray, donors: Donors) -> np.ndarray:
    """Return the treated unit's values (t) on the scale in the unit of the panel."""
    if donors.scale == "log":
        return np.expm1(values)
    if donors.scale == "index":
        return values * donors.values.iloc[: donors.event, 0].mean()
    return values


def _constant(
    gap: np.ndarray, before: float, others: np.ndarray, level: float
) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Return the ends of the constant effects that are not rejected, and what to say of them.

    Taken off, they leave a mean squared gap of at most (critical ratio x error before)^2.
    """
    beyond = int(np.floor((1 - level) * (len(others) + 1) + 1e-9)) - 1
    if beyond < 0:
        said = (
            f"no {100 * level:.3g} % interval: {len(others)} donors allow no p-value of "
            f"{1 - level:.3g}"
        )
        return None, None, (said,)
    room = (others[beyond] * before) ** 2 - gap.var()
    if not room >= 0:
        said = "no constant effect is compatible with the gaps: they vary too much after the event"
        return None, None, (said,)
    return float(gap.mean() - np.sqrt(room)), float(gap.mean() + np.sqrt(room)), ()
