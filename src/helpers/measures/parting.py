"""Whether two places parted at a date: their ratio, what it did before, and what could be found.

The estimate is the step in the ratio of the two series
(:class:`helpers.stats.panels.pairs.StepInRatio`). Beside it stand the same step whole years too
early, and the interval that is left when the two may go on parting as they did before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import place_of, regular, whole
from helpers.stats.estimate import Estimate, exponentiated
from helpers.stats.months.design import Seasons
from helpers.stats.months.interrupted import controlled
from helpers.stats.panels.pairs import PairWorld, StepInRatio, pair_worlds
from helpers.stats.panels.parallel_trends import trend_bounds
from helpers.stats.panels.ratio_path import RatioPath, ratio_path
from helpers.stats.trust.power import Detectable, detectable, power_curve
from helpers.stats.trust.worlds import Size, worst_size

PLANTED = (0.03, 0.06, 0.12, 0.25, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0, 8.0, 16.0, 32.0)
NOISY = "AR(1) plus noise"  # the world in which power is measured
YEAR = 12
AS_BEFORE = 1.0  # the largest move before the event, once more in each span after it
FORMATS = {
    **dict.fromkeys(("ratio", "low", "high", "no_trend", "bounded_low"), "{:.2f}"),
    **dict.fromkeys(("detectable_fall", "detectable_rise", "power_at_2"), "{:.2f}"),
    "p": "{:.3f}",
    "worst_size": "{:.3f}",
    "bounded_high": "{:.1f}",
}


@dataclass(frozen=True)
class Parting:
    """The ratio of two places about a date.

    Attributes
    ----------
    name : str
        The ratio, in words.
    step : Estimate
        By what factor the ratio then differs from its own trend.
    level : Estimate
        The same where the two are taken for parallel: no trend of the ratio.
    leads : dict of int to Estimate
        The step that many whole years too early, from the months before the event alone.
    path : RatioPath
        The ratio by whole years from the event.
    bounded : Estimate
        The mean of the path after the event, where each year the two may part further by as much as
        in any year before.
    worlds : dict of str to PairWorld
        Pairs without a parting.
    size : Size
        How often the test of ``step`` finds one in them.
    curve : pandas.DataFrame
        Columns ``effect`` and ``power``.
    """

    name: str
    step: Estimate
    level: Estimate
    leads: dict[int, Estimate]
    path: RatioPath
    bounded: Estimate
    worlds: dict[str, PairWorld]
    size: Size
    curve: pd.DataFrame

    @property
    def detectable(self) -> Detectable:
        """The ratios nearest to one, below and above, that are found four times in five."""
        return detectable(self.curve)

    def power(self, effect: float) -> float:
        """Return the share of worlds with a planted ratio in which the test finds it.

        Parameters
        ----------
        effect : float
            One of :data:`PLANTED`, or the smallest that matters.

        Returns
        -------
        float
            A share, 0 to 1.
        """
        return float(self.curve.set_index("effect")["power"][effect])

    def estimates(self) -> dict[str, Estimate]:
        """Return the estimates that stand beside the step, by name.

        Returns
        -------
        dict of str to Estimate
            ``no_trend``, ``bounded``, and ``lead_1`` for the step a year too early, and so on.
        """
        leads = {f"lead_{years}": one for years, one in self.leads.items()}
        return {"no_trend": self.level, "bounded": self.bounded, **leads}

    def beside(self) -> dict[str, float | str]:
        """Return the numbers and words that weigh the step, by name; what is not known left out.

        Returns
        -------
        dict of str to float or str
            ``p``, ``size`` and ``worst_world``, power at a doubling and detectable ratios.
        """
        every = {
            "p": self.step.p,
            "size": self.size.share,
            "worst_world": self.size.worst,
            "power_at_2": self.power(2.0),
            "detectable_fall": self.detectable.below,
            "detectable_rise": self.detectable.above,
        }
        return {name: value for name, value in every.items() if value is not None}


def parting(
    series: pd.Series,
    comparison: pd.Series,
    at: str,
    generator: np.random.Generator,
    *,
    name: str,
    leads: int = 2,
    harmonics: Seasons = 2,
    simulated: int = 200,
) -> Parting:
    """Return whether the ratio of two monthly series stepped at a date, and what weighs the answer.

    Parameters
    ----------
    series, comparison : pandas.Series of int, shape (n,), PeriodIndex of months without gaps
        Counts.
    at : str
        First month of the new level.
    generator : numpy.random.Generator
        Source of the simulated series.
    name : str
        The ratio, in words.
    leads : int, default 2
        Whole years before the event at which the step is looked for too early.
    harmonics : int or "dummies", default 2
        Seasons of the ratio.
    simulated : int, default 200
        Pairs of each plausible world and of each planted step.

    Returns
    -------
    Parting

    Raises
    ------
    InputError
        Fewer than three whole years, or than a year more than the leads, lie before the date; the
        two have other months; or one counts nothing on one side of a date.

    Examples
    --------
    Both rise at once, so their ratio does not move.

    >>> months = pd.period_range("2019-01", periods=60, freq="M")
    >>> other = pd.Series([8, 13, 10] * 16 + [24, 39, 30] * 4, months)
    >>> y, about = other + [1, 0, 2, 0] * 15, {"leads": 1, "harmonics": 0, "simulated": 8}
    >>> found = parting(y, other, "2023-01", np.random.default_rng(1), name="y", **about)
    >>> sorted(found.estimates())
    ['bounded', 'lead_1', 'no_trend']
    """
    index = regular(series, "the series")
    before, needed = place_of(at, index, "the date"), YEAR * max(3, whole(leads, "leads", 0) + 1)
    if before < needed:
        raise InputError(
            f"{before} months lie before {at}: expected at least {needed}, three years and one "
            "more than the leads"
        )
    form: dict[str, Any] = {"harmonics": harmonics}
    early = slice(None, before)
    ahead = {
        years: controlled(
            series.iloc[early], comparison.iloc[early], index[before - YEAR * years], **form
        ).effect()
        for years in range(1, leads + 1)
    }
    path = ratio_path(series, comparison, at, **form)
    given = {"bound": "relative", "weights": path.weights}
    bounds = trend_bounds(path.effects, path.covariance, AS_BEFORE, **given)
    worlds = pair_worlds(series, comparison, at, generator, **form)
    test = StepInRatio(at, **form)
    return Parting(
        name,
        controlled(series, comparison, at, **form).effect(),
        controlled(series, comparison, at, order=0, **form).effect(),
        ahead,
        path,
        exponentiated(bounds.effect),
        worlds,
        worst_size(test, worlds, generator, series=simulated),
        power_curve(test, worlds[NOISY].draw, PLANTED, generator, series=simulated),
    )


def years_about(at: str) -> list[slice]:
    """Return the two whole years before an event and the first one after it.

    Parameters
    ----------
    at : str
        First month after the event.

    Returns
    -------
    list of slice
        Labels of months, in order.

    Examples
    --------
    >>> years_about("2021-08")[1]
    slice('2020-08', '2021-07', None)
    """
    firsts = [pd.Period(at, "M") + YEAR * years for years in (-2, -1, 0)]
    return [slice(str(first), str(first + YEAR - 1)) for first in firsts]


def table(found: Iterable[Parting]) -> pd.DataFrame:
    """Return partings one below the other, missing numbers as NaN.

    Parameters
    ----------
    found : iterable of Parting
        At least one.

    Returns
    -------
    pandas.DataFrame
        A row a ratio; :data:`FORMATS` says how each column is shown.
    """
    rows = []
    for one in found:
        beside: dict[str, Any] = {"detectable_fall": np.nan, "detectable_rise": np.nan}
        beside |= one.beside()
        row = {"ratio_of": one.name, "ratio": one.step.value}
        row |= {"low": one.step.low, "high": one.step.high, "p": one.step.p}
        row |= {"no_trend": one.level.value}
        row |= {"bounded_low": one.bounded.low, "bounded_high": one.bounded.high}
        row |= {"worst_size": one.size.share, "worst_world": one.size.worst}
        row |= {key: beside[key] for key in ("power_at_2", "detectable_fall", "detectable_rise")}
        rows.append(row)
    return pd.DataFrame(rows)
