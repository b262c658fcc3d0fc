"""One pre-specified step in a series of counts: what each method says, and what could be found.

The notebook calls the methods; here their answers become the row of a table and the numbers that
stand beside the ratio.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.stats.estimate import Estimate
from helpers.stats.months.diagnostics import Diagnostics
from helpers.stats.trust.equivalence import Equivalence
from helpers.stats.trust.power import Detectable, detectable
from helpers.stats.trust.worlds import Size

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
