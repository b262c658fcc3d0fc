"""One pre-specified step in a series of counts: what each method says, and what could be found.

A notebook may call the methods one by one, or all at once (:func:`weighed`); here their answers
become the row of a table and the numbers that stand beside the ratio.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, dates_of, positive
from helpers.stats.estimate import Estimate
from helpers.stats.months.design import Seasons
from helpers.stats.months.diagnostics import Diagnostics, diagnose
from helpers.stats.months.interrupted import StepInMany, interrupted
from helpers.stats.trust.equivalence import Equivalence, equivalence
from helpers.stats.trust.placebo import placebo_in_time
from helpers.stats.trust.power import Detectable, Test, detectable, power_curve
from helpers.stats.trust.worlds import Size, plausible_worlds, worst_size

FORMATS = {
    "ratio": "{:.2f}",
    "low": "{:.2f}",
    "high": "{:.2f}",
    "p": "{:.3f}",
    "p_local": "{:.3f}",
    "p_reml": "{:.3f}",
    "p_placebo": "{:.2f}",
    "worst_size": "{:.3f}",
    "power_at_0.75": "{:.2f}",
    "power_at_1.25": "{:.2f}",
    "detectable_fall": "{:.2f}",
    "detectable_rise": "{:.2f}",
    "p_equal": "{:.2f}",
}

PLANTED = (0.2, 0.35, 0.5, 0.65, 0.8, 1.0, 1.25, 1.6, 2.1, 3.0, 4.5, 7.0)  # ratios of a power curve
NOISY = "AR(1) plus noise"  # the plausible world in which power is measured


@dataclass(frozen=True)
class StepTest:
    """What several methods say of one step in one series.

    Attributes
    ----------
    name : str
        The series, in words.
    at : str
        The first period of the new level.
    step : Estimate
        The primary answer: ratio of levels with interval and p-value.
    local, reml : Estimate
        What a local level says, and what pure first-order autoregressive errors say.
    placebo : Estimate or None
        The rank among placebo dates; ``None`` where the series leaves no room for any.
    size : Size
        How often the primary test finds a step where there is none, by plausible world.
    curve : pandas.DataFrame
        Columns ``effect`` and ``power``, as of :func:`helpers.stats.trust.power.power_curve`; it
        holds the effect ``smallest``.
    smallest : float
        The smallest ratio that would matter.
    equal : Equivalence
        The test that the change is too small to matter.
    residuals : Diagnostics
        What speaks against the noise model of the primary answer.
    power : float
        The share of series with the effect ``smallest`` in which the primary test finds it.
    detectable : Detectable
        The ratios nearest to one, below and above, that are found four times in five.
    """

    name: str
    at: str
    step: Estimate
    local: Estimate
    reml: Estimate
    placebo: Estimate | None
    size: Size
    curve: pd.DataFrame
    smallest: float
    equal: Equivalence
    residuals: Diagnostics

    @property
    def power(self) -> float:
        """The share of series with the effect ``smallest`` in which the primary test finds it."""
        return float(self.curve.set_index("effect")["power"][self.smallest])

    @property
    def detectable(self) -> Detectable:
        """The ratios nearest to one, below and above, that are found four times in five."""
        return detectable(self.curve)

    def beside(self) -> dict[str, float]:
        """Return what weighs the ratio, by name; what the series cannot give is left out.

        Returns
        -------
        dict of str to float
            p-values of the other tests, worst size and power (shares of simulated series),
            detectable ratios, the p-value of equivalence, and those of memory left in the residuals
            and of a shift before the event.
        """
        every = {
            "p": self.step.p,
            "local_p": self.local.p,
            "reml_p": self.reml.p,
            "placebo_p": self.placebo.p if self.placebo else None,
            "size": self.size.share,
            "power": self.power,
            "detectable_fall": self.detectable.below,
            "detectable_rise": self.detectable.above,
            "equivalence_p": self.equal.p,
            "memory_p": self.residuals.ljung_box.p,
            "shift_p": self.residuals.before.p,
        }
        return {name: float(value) for name, value in every.items() if value is not None}

    def words(self) -> dict[str, str]:
        """Return what a sentence says of the test: its worst world, and its residuals.

        Returns
        -------
        dict of str to str
            ``worst_world`` and ``residuals``.
        """
        return {"worst_world": self.size.worst, "residuals": self.residuals.words()}


def weighed(
    series: pd.Series,
    dates: When | Iterable[When],
    generator: np.random.Generator,
    *,
    name: str,
    smallest: float,
    margin: float = 1.25,
    harmonics: Seasons = 2,
    order: int | None = None,
    simulated: int = 200,
) -> StepTest:
    """Return what every method says of one step, with size, power and what speaks against it.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), PeriodIndex without gaps
        Counts a period.
    dates : date or iterable of dates
        First period of the new level that is tested; further dates are steps of their own.
    generator : numpy.random.Generator
        Source of the simulated series.
    name : str
        The series, in words.
    smallest : float
        The smallest ratio that would matter, not 1; its power is measured.
    margin : float, default 1.25
        Changes within it, up or down, are too small to matter to the test of equivalence.
    harmonics : int or "dummies", default 2
        Seasons, as of :func:`helpers.stats.months.interrupted.interrupted`.
    order : int, optional
        Order of the trend, likewise.
    simulated : int, default 200
        Series of each plausible world and of each planted step.

    Returns
    -------
    StepTest
        Its ``placebo`` is ``None`` where no earlier date has room enough.

    Raises
    ------
    InputError
        ``smallest`` is no ratio other than 1, nothing is counted on one side of a date, or as of
        :func:`helpers.stats.months.interrupted.interrupted`.

    Examples
    --------
    Four years that alternate about 100, then a year about 300.

    >>> months = pd.period_range("2019-01", periods=60, freq="M")
    >>> y = pd.Series([80, 130] * 24 + [240, 390] * 6, months)
    >>> about = {"name": "deaths", "smallest": 1.25, "simulated": 8}
    >>> test = weighed(y, "2023-01", np.random.default_rng(1), **about)
    >>> test.at, round(test.step.value), test.step.low > 1.25
    ('2023-01', 3, True)
    """
    if positive(smallest, "the smallest ratio") == 1:
        raise InputError("the smallest ratio is 1: expected one that is a change")
    steps = dates_of(dates, "the step")
    form: dict[str, Any] = {"harmonics": harmonics, "order": order}
    test, fit = StepInMany(steps, harmonics, order), interrupted(series, steps, **form)
    local, reml = (
        interrupted(series, steps, method=method, **form).effect()
        for method in ("local level", "reml")
    )
    worlds = plausible_worlds(series, steps, generator, **form)
    effects = sorted({*PLANTED, smallest})
    return StepTest(
        name,
        fit.terms[0].removeprefix("step "),
        fit.effect(),
        local,
        reml,
        _placebo(series, steps[0], form),
        worst_size(test, worlds, generator, series=simulated),
        power_curve(test, worlds[NOISY].draw, effects, generator, series=simulated),
        smallest,
        equivalence(fit.effect(), margin),
        diagnose(fit, generator),
    )


def table(tests: Iterable[StepTest]) -> pd.DataFrame:
    """Return the tests one below the other, missing numbers as NaN.

    Parameters
    ----------
    tests : iterable of StepTest
        At least one.

    Returns
    -------
    pandas.DataFrame
        A row a test: series, from, months (n), ratio, low, high, the p-values of four tests, worst
        size and the world that it is of, power at the smallest effect, detectable ratios, the
        p-value of equivalence and what the residuals say; :data:`FORMATS` says how each is shown.
    """
    return pd.DataFrame([_row(test) for test in tests])


WINDOW_FORMATS = {
    "ratio": "{:.2f}",
    "low": "{:.2f}",
    "high": "{:.2f}",
    "p": "{:.3f}",
    "worst_size": "{:.1%}",
    "ar1_ratio": "{:.2f}",
    "ar1_low": "{:.2f}",
    "ar1_high": "{:.2f}",
    "ar1_p": "{:.4f}",
    "ar1_worst_size": "{:.1%}",
}


def window(
    series: pd.Series, at: str, generator: np.random.Generator, simulated: int = 400
) -> dict[str, object]:
    """Return the step in one window of a series, by the averaged test and by AR(1) alone.

    Parameters
    ----------
    series : pandas.Series of int, shape (n,), PeriodIndex
        Counts by month.
    at : str
        First month of the new level.
    generator : numpy.random.Generator
        Source of the simulated series.
    simulated : int, default 400
        Series of each plausible world; the slower test sees a quarter of them.

    Returns
    -------
    dict of str to object
        ``start``, ``months``; ratio, interval, p-value, worst size and its world by the averaged
        test; the same after ``ar1_`` by restricted maximum likelihood with AR(1) errors.

    Examples
    --------
    >>> months = pd.period_range("2020-01", periods=48, freq="M")
    >>> y = pd.Series([80, 130] * 24, months)
    >>> row = window(y, "2023-01", np.random.default_rng(1), simulated=8)
    >>> row["start"], row["months"], round(row["ratio"])
    ('2020-01', 48, 1)
    """
    worlds = plausible_worlds(series, at, generator)
    row: dict[str, object] = {"start": str(series.index[0]), "months": len(series)}
    tests: dict[str, tuple[Test, int]] = {
        "": (StepInMany(at), simulated),
        "ar1_": (lambda y, own: interrupted(y, at, method="reml").effect(), simulated // 4),
    }
    for prefix, (test, draws) in tests.items():
        one = test(series, generator)
        size = worst_size(test, worlds, generator, series=draws)
        row |= {f"{prefix}ratio": one.value, f"{prefix}low": one.low, f"{prefix}high": one.high}
        row |= {f"{prefix}p": one.p, f"{prefix}worst_size": size.share}
        row[f"{prefix}worst_world"] = size.worst
    return row


def effects(found: Mapping[str, Estimate]) -> pd.DataFrame:
    """Return estimates of ratios one below the other.

    Parameters
    ----------
    found : mapping of str to Estimate
        By the name of what was measured.

    Returns
    -------
    pandas.DataFrame
        Columns measure, ratio, low, high and p.

    Examples
    --------
    >>> effects({"events": Estimate(0.5, 0.4, 0.7, 0.01)}).values.tolist()
    [['events', 0.5, 0.4, 0.7, 0.01]]
    """
    rows = [(name, one.value, one.low, one.high, one.p) for name, one in found.items()]
    return pd.DataFrame(rows, columns=["measure", "ratio", "low", "high", "p"])


def _placebo(series: pd.Series, at: When, form: Mapping[str, Any]) -> Estimate | None:
    """Return the rank of a step among earlier dates, ``None`` where they have no room."""
    try:
        return placebo_in_time(series, at, **form).effect()
    except InputError:  # what else is wrong with the series, the fit before has refused
        return None


def _row(test: StepTest) -> dict[str, object]:
    beside, missing = test.beside(), float("nan")
    return {
        "series": test.name,
        "from": test.at,
        "months": test.step.n,
        "ratio": test.step.value,
        "low": test.step.low,
        "high": test.step.high,
        "p": test.step.p,
        "p_local": beside.get("local_p", missing),
        "p_reml": beside.get("reml_p", missing),
        "p_placebo": beside.get("placebo_p", missing),
        "worst_size": test.size.share,
        "worst_world": test.size.worst,
        f"power_at_{test.smallest:g}": test.power,
        "detectable_fall": beside.get("detectable_fall", missing),
        "detectable_rise": beside.get("detectable_rise", missing),
        "p_equal": test.equal.p,
        "residuals": test.residuals.words(),
    }
