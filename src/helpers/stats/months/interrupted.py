"""Interrupted time series of counts: steps and changes of slope, judged by tests that keep level.

``ln E[y_t] = a + b t + Fourier terms + controls + steps + changes of slope`` (Wagner et al. 2002;
Lopez Bernal et al. 2017). The primary method is ``memory``: errors averaged over how long they
remember and how much of them is noise (:mod:`helpers.stats.months.memory`). ``reml`` and
``bootstrap`` take the errors for a first-order autoregression, ``local level`` for a random walk
plus noise, ``hac``, ``hc`` and ``quasi`` mend the errors of a Poisson regression; they stand beside
it, and what each is worth is measured in :mod:`helpers.stats.trust.calibration`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, counts, generator_of, regular, whole, zeros_said
from helpers.stats.estimate import Estimate, exponentiated
from helpers.stats.months.ar_bootstrap import ArBootstrap, ar_bootstrap
from helpers.stats.months.averaged import AveragedFit, JointTest
from helpers.stats.months.design import Seasons, its_design, trend_order
from helpers.stats.months.gls import fit_gls
from helpers.stats.months.in_many import InMany
from helpers.stats.months.local_level import fit_local_level
from helpers.stats.months.memory import fit_memory_counts, fit_memory_ratio
from helpers.stats.months.sandwich import KINDS, SandwichFit, fit_sandwich

Method: TypeAlias = Literal["memory", "reml", "bootstrap", "local level", "hac", "hc", "quasi"]
Fit: TypeAlias = AveragedFit | ArBootstrap | SandwichFit


@dataclass(frozen=True)
class Interrupted:
    """A fitted interrupted series.

    Attributes
    ----------
    series : pandas.Series of float, shape (n,), PeriodIndex
        Counts a period.
    design : pandas.DataFrame of float, shape (n, k), PeriodIndex
        Steps, changes of slope and other terms, constant, trend, seasons and controls.
    fit : AveragedFit, ArBootstrap or SandwichFit
        Regression on the design, on the log scale.
    terms : tuple of str
        Names of the steps, changes of slope and other terms, such as 'step 2024-07'.
    warnings : tuple of str
        What a reader must know.
    offset : numpy.ndarray of float, shape (n,), or float
        Logarithm of the exposure of each period; of a controlled series that of the comparison.
    comparison : pandas.Series of float, shape (n,), PeriodIndex, or None
        Counts of a series that the event does not reach; None where the series stands alone.
    """

    series: pd.Series
    design: pd.DataFrame
    fit: Fit
    terms: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    offset: np.ndarray | float = 0.0
    comparison: pd.Series | None = None

    def effect(self, of: str | Mapping[str, float] | None = None, level: float = 0.95) -> Estimate:
        """Return the rate ratio of a term, or of a weighted sum of terms.

        A step's ratio is that of the level after to the level before; a slope's is the change of
        growth for each period. ``{"step 2024-07": 1, "slope 2024-07": 5}`` is the effect in the
        sixth month.

        Parameters
        ----------
        of : str or mapping of str to float, optional
            Name of a term, or weights by name; the first term when none is named.
        level : float, default 0.95
            Coverage of the interval, between 0 and 1.

        Returns
        -------
        Estimate
            A rate ratio with interval and two-sided p-value against 1. Where no event is counted
            in any period of a term, or in any other period, the end that nothing limits is open and
            the other is at least as far as a Poisson count of 0 allows.

        Raises
        ------
        InputError
            A name is no column of the design, no weight differs from 0, or ``level`` is no share.

        References
        ----------
        * Garwood (1936), Fiducial limits for the Poisson distribution.

        Examples
        --------
        >>> months = pd.period_range("2020-01", periods=48, freq="M")
        >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, index=months)
        >>> found = interrupted(y, "2023-01", harmonics=0, order=0).effect()
        >>> round(found.value, 1), found.low < 0.5 < found.high, found.p < 0.001
        (0.5, True, True)
        """
        weights = {of or self.terms[0]: 1.0} if of is None or isinstance(of, str) else dict(of)
        if not any(weights.values()):
            raise InputError("no coefficient has a weight: expected at least one that is not 0")
        found = exponentiated(self.fit.effect(weights, level))
        found = replace(found, warnings=found.warnings + self.warnings)
        for name in self.terms:
            if weights.get(name):
                found = self._opened(found, name, weights[name])
        return found

    def _opened(self, found: Estimate, name: str, weight: float) -> Estimate:
        """Return an estimate without a limit where a term's periods, or all others, are empty.

        The other end is at least that of a Poisson count of 0 (Garwood 1936).
        """
        inside, counted = self.design[name].to_numpy() != 0, self.series.to_numpy()
        within, without = not counted[inside].any(), not counted[~inside].any()
        if not (within or without):
            return found
        logs = (self.design @ self.fit.params + self.offset).to_numpy()
        moved = self.fit.params[name]
        if within:
            logs = (logs - moved * self.design[name].to_numpy())[inside]
        else:
            logs = logs[~inside] + moved
        expected = float(np.exp(np.minimum(logs, 700)).sum())  # were the ratio 1
        limit = float(np.log(2 / (1 - found.level)) / expected)
        with np.errstate(divide="ignore"):
            low, high = np.sort(np.array([0, limit] if within else [1 / limit, np.inf]) ** weight)
        where = "the periods of" if within else "all periods but those of"
        said = f"no event is counted in {where} '{name}': the ratio has no limit on that side"
        return replace(
            found,
            low=min(found.low or 0.0, float(low)),
            high=max(found.high or 0.0, float(high)),
            p=None if found.p is None else max(found.p, min(1.0, 2 * float(np.exp(-expected)))),
            warnings=(*found.warnings, said),
        )

    def effects(self, level: float = 0.95) -> pd.DataFrame:
        """Return all terms.

        Parameters
        ----------
        level : float, default 0.95
            Coverage of the intervals, between 0 and 1.

        Returns
        -------
        pandas.DataFrame, one row a term
            Columns ``term``, ``ratio``, ``low``, ``high`` (rate ratios) and ``p``.

        Examples
        --------
        >>> months = pd.period_range("2020-01", periods=48, freq="M")
        >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, index=months)
        >>> found = interrupted(y, ["2023-01", "2022-01"], harmonics=0, order=0)
        >>> found.effects()[["term", "ratio"]].round(1)
                   term  ratio
        0  step 2023-01    0.5
        1  step 2022-01    1.0
        """
        found = {term: self.effect(term, level) for term in self.terms}
        return pd.DataFrame(
            [(term, one.value, one.low, one.high, one.p) for term, one in found.items()],
            columns=["term", "ratio", "low", "high", "p"],
        )

    def joint(self, terms: str | Iterable[str] | None = None) -> JointTest:
        """Return the F test that none of several terms changes anything.

        Parameters
        ----------
        terms : str or iterable of str, optional
            Names of columns; all terms when left out.

        Returns
        -------
        JointTest

        Raises
        ------
        InputError
            A name is no column of the design, none is given, or the method has no joint test.

        Examples
        --------
        >>> months = pd.period_range("2020-01", periods=48, freq="M")
        >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, index=months)
        >>> fit = interrupted(y, "2023-01", slopes="2023-01", harmonics=0, order=0)
        >>> fit.joint().p < 0.001
        True
        """
        if isinstance(self.fit, ArBootstrap):
            raise InputError("the bootstrap tests one term at a time: take another method")
        return self.fit.joint(self.terms if terms is None else terms)


def interrupted(
    series: pd.Series,
    steps: When | Iterable[When] = (),
    *,
    slopes: When | Iterable[When] = (),
    ramps: Iterable[tuple[When, When]] = (),
    gradual: Iterable[tuple[When, float]] = (),
    harmonics: Seasons = 2,
    order: int | None = None,
    controls: pd.DataFrame | pd.Series | None = None,
    exposure: pd.Series | None = None,
    method: Method = "memory",
    generator: np.random.Generator | None = None,
    draws: int = 999,
    lags: int = 6,
) -> Interrupted:
    """Fit an interrupted time series of counts.

    The dates are chosen before the data are seen; a date read off the same data makes every p-value
    too small.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), monthly, quarterly or yearly index without gaps
        Counts a period, such as deaths a month.
    steps, slopes : date or iterable of dates
        First period of each new level, and of each new growth.
    ramps : iterable of pairs of dates
        First period of a change of level, and the period in which it is whole.
    gradual : iterable of pairs of date and float
        First period of a change of level, and the number of periods in which half of it arrives.
    harmonics : int or "dummies", default 2
        Pairs of Fourier terms, 0 to 6, or a column for each month but the first; none for yearly
        counts.
    order : int, optional
        Order of the trend, 0 (none) to 3; by default 1, or 0 where seasons are fitted and fewer
        than three years lie before the first date.
    controls : pandas.DataFrame or pandas.Series of float, optional
        Further columns, with a row for each period of the series.
    exposure : pandas.Series of float, shape (n,), optional
        What the counts are counts of, above 0 and on the series' periods, such as inhabitants:
        ratios are then ratios of rates.
    method : {"memory", "reml", "bootstrap", "local level", "hac", "hc", "quasi"}, default "memory"
        ``reml`` and ``local level`` take ``ln(y + 0.5)``, the others the counts.
    generator : numpy.random.Generator, optional
        Source of the simulated series; ``bootstrap`` needs it.
    draws : int, default 999
        Number of simulated series of ``bootstrap``.
    lags : int, default 6
        Periods over which ``hac`` takes errors as correlated.

    Returns
    -------
    Interrupted

    Raises
    ------
    InputError
        A date lies outside the series or is given twice, a term repeats another, the index is not
        regular, a value is no count, nothing varies, or ``bootstrap`` has no generator.

    References
    ----------
    * Wagner et al. (2002), Segmented regression analysis of interrupted time series studies in
      medication use research.
    * Lopez Bernal, Cummins and Gasparrini (2017), Interrupted time series regression for the
      evaluation of public health interventions: a tutorial.
    * Turner et al. (2021), Comparison of six statistical methods for interrupted time series
      studies.

    Examples
    --------
    Three years about 100 a month, then a year about 50.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, index=months)
    >>> fit = interrupted(y, "2023-01", harmonics=0, order=0)
    >>> fit.terms, round(fit.effect().value, 1)
    (('step 2023-01',), 0.5)
    """
    clean = pd.Series(counts(series, "the series", 3), index=regular(series, "the series"))
    if clean.sum() == 0:
        raise InputError("the series holds only zeros: no effect can be told from none")
    offset = _offset(exposure, clean.index)
    changes: dict[str, Any] = {"slopes": slopes, "ramps": ramps, "gradual": gradual}
    rest: dict[str, Any] = {"harmonics": harmonics, "order": order, "controls": controls}
    design = its_design(clean.index, steps, **changes, **rest)
    terms = tuple(design.columns[: list(design.columns).index("const")])
    fit = _fit(clean, design, offset, method, generator, draws, lags)
    said = _said(clean, design, terms, harmonics, method)
    return Interrupted(clean, design, fit, terms, said, offset)


def _fit(
    clean: pd.Series,
    design: pd.DataFrame,
    offset: np.ndarray,
    method: str,
    generator: np.random.Generator | None,
    draws: int,
    lags: int,
) -> Fit:
    """Return the regression of the counts on the design, by the method that is named."""
    whole(draws, "draws"), whole(lags, "lags", 0)
    if generator is not None:
        generator_of(generator)
    if method == "memory":
        return fit_memory_counts(clean, design, offset)
    if method in KINDS:
        return fit_sandwich(clean, design, kind=method, lags=lags, offset=offset)
    if method in ("reml", "local level"):
        logs = np.log(clean + 0.5) - offset
        return fit_gls(logs, design) if method == "reml" else fit_local_level(logs, design)
    if method != "bootstrap":
        raise InputError(f"method is '{method}': expected one of {', '.join(get_args(Method))}")
    if offset.any():
        raise InputError("the bootstrap takes no exposure: take another method")
    if generator is None:
        raise InputError("the bootstrap has no generator: expected numpy.random.default_rng(seed)")
    return ar_bootstrap(clean, design, generator_of(generator), draws)


def controlled(
    series: pd.Series, comparison: pd.Series, steps: When | Iterable[When] = (), **terms: Any
) -> Interrupted:
    """Fit a controlled interrupted series: the series over one that the event does not reach.

    What moves both, such as seasons, reporting or a war next door, falls out of their ratio.

    Parameters
    ----------
    series, comparison : pandas.Series of int, shape (n,), same regular index
        Counts a period.
    steps : date or iterable of dates
        First period of each new level.
    **terms
        ``slopes``, ``ramps``, ``gradual``, ``harmonics``, ``order`` and ``controls`` of
        :func:`interrupted`.

    Returns
    -------
    Interrupted
        Its effects are ratios of rate ratios.

    Raises
    ------
    InputError
        The two have other periods, the comparison holds only zeros on one side of a term, or as in
        :func:`interrupted`.

    References
    ----------
    * Lopez Bernal, Cummins and Gasparrini (2018), The use of controls in interrupted time series
      studies of public health interventions.

    Examples
    --------
    Both double in 2022; in 2023 the first alone is halved.

    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> other = pd.Series([90, 110] * 12 + [180, 220] * 12, index=months)
    >>> y = other.where(months < "2023-01", other // 2)
    >>> round(controlled(y, other, "2023-01", harmonics=0).effect().value, 1)
    0.5
    """
    clean, other = (
        pd.Series(counts(one, name, 3), index=regular(one, name))
        for one, name in ((series, "the series"), (comparison, "the comparison"))
    )
    if not clean.index.equals(other.index):
        raise InputError(
            f"the series runs from {clean.index[0]} to {clean.index[-1]} and the comparison from "
            f"{other.index[0]} to {other.index[-1]}: expected the same periods"
        )
    design = its_design(clean.index, steps, **terms)
    names = tuple(design.columns[: list(design.columns).index("const")])
    for name in names:
        if not (other[design[name] != 0].any() and other[design[name] == 0].any()):
            raise InputError(
                f"the comparison counts no event on one side of '{name}': nothing to compare with"
            )
    fit = fit_memory_ratio(clean, other, design)
    offset = np.log(other.to_numpy() + 0.5)
    return Interrupted(clean, design, fit, names, offset=offset, comparison=other)


@dataclass(frozen=True)
class StepInMany(InMany):
    """The primary test of a step, as :func:`interrupted` makes it, for many series at once.

    Attributes
    ----------
    steps : date or iterable of dates
        First period of each new level; the first is the one that is tested.
    harmonics : int or "dummies"
        Seasons.
    order : int, optional
        Order of the trend.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([90, 100, 110, 100] * 9 + [45, 50, 55, 50] * 3, index=months)
    >>> test = StepInMany("2023-01", harmonics=0)
    >>> alone, (together,) = test(y, np.random.default_rng(1)), test.many([y])
    >>> round(alone.p / together.p, 6), round(together.value, 1)
    (1.0, 0.5)
    """

    steps: When | Iterable[When]
    harmonics: Seasons = 2
    order: int | None = None

    def _design(self, index: pd.PeriodIndex) -> pd.DataFrame:
        """Return the design (n, k), the step that is tested first."""
        return its_design(index, self.steps, harmonics=self.harmonics, order=self.order)

    def _alone(self, series: pd.Series) -> Estimate:
        """Return the step in one series, as :func:`interrupted` does."""
        return interrupted(series, self.steps, harmonics=self.harmonics, order=self.order).effect()


def _offset(exposure: pd.Series | None, index: pd.PeriodIndex) -> np.ndarray:
    """Return the logarithms of the exposure, by the series' periods."""
    if exposure is None:
        return np.zeros(len(index))
    own = regular(exposure, "the exposure")
    table = pd.Series(exposure.to_numpy(), index=own).reindex(index)
    values = pd.to_numeric(table, errors="coerce").to_numpy(dtype="float64")
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        raise InputError(
            f"the exposure in {index[bad][0]} is {table[bad].iloc[0]}: expected a number above 0 "
            "for each period of the series"
        )
    return np.log(values)


def _said(
    series: pd.Series,
    design: pd.DataFrame,
    terms: tuple[str, ...],
    harmonics: Seasons,
    method: str,
) -> tuple[str, ...]:
    """Return what a reader must know of a series and its design."""
    said = zeros_said(series.to_numpy()) if method in ("reml", "local level") else ()
    first = min(int(np.argmax(design[name].to_numpy() != 0)) for name in terms)
    if "trend" in design and trend_order(design.index, first, harmonics) == 0:
        said += (
            f"{first} periods lie before the first date: a trend with seasons can mimic a shift "
            "there; leave the trend out, or begin earlier",
        )
    return said
