"""One pre-specified step in a series of counts: what each method says, and what could be found.

The notebook calls the methods; here their answers become the row of a table and the numbers that
stand beside the ratio.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.stats.estimate import Estimate
from helpers.stats.trust.equivalence import Equivalence
from helpers.stats.trust.power import Detectable, detectable

FORMATS = {
    "ratio": "{:.2f}",
    "low": "{:.2f}",
    "high": "{:.2f}",
    "p": "{:.3f}",
    "p_reml": "{:.3f}",
    "p_bootstrap": "{:.3f}",
    "p_local": "{:.3f}",
    "p_placebo": "{:.2f}",
    "size": "{:.2f}",
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
    reml : Estimate
        The primary answer: ratio of levels with interval and p-value.
    bootstrap, local : Estimate
        The second primary test, and the conservative one.
    placebo : Estimate or None
        The rank among placebo dates; ``None`` where the series leaves no room for any.
    curve : pandas.DataFrame
        Columns ``effect`` and ``power``, as of :func:`helpers.stats.trust.power.power_curve`; it
        holds the effects 1 and ``smallest``.
    smallest : float
        The smallest ratio that would matter.
    equal : Equivalence
        The test that the change is too small to matter.

    Examples
    --------
    >>> from helpers.stats.estimate import Estimate
    >>> from helpers.stats.trust.equivalence import equivalence
    >>> curve = pd.DataFrame({"effect": [0.5, 0.75, 1.0, 2.0], "power": [0.9, 0.4, 0.05, 0.9]})
    >>> found = Estimate(0.8, 0.6, 1.1, 0.15, 84)
    >>> test = StepTest(
    ...     "deaths", "2024-07", found, found, found, None, curve, 0.75, equivalence(found)
    ... )
    >>> test.size, test.power, round(test.detectable.below, 2)
    (0.05, 0.4, 0.54)
    """

    name: str
    at: str
    reml: Estimate
    bootstrap: Estimate
    local: Estimate
    placebo: Estimate | None
    curve: pd.DataFrame
    smallest: float
    equal: Equivalence

    @property
    def size(self) -> float:
        """The share of series without an effect in which the primary test finds one."""
        return self._power(1.0)

    @property
    def power(self) -> float:
        """The share of series with the effect ``smallest`` in which the primary test finds it."""
        return self._power(self.smallest)

    @property
    def detectable(self) -> Detectable:
        """The ratios nearest to one, below and above, that are found four times in five."""
        return detectable(self.curve)

    def beside(self) -> dict[str, float]:
        """Return what weighs the ratio, by name; what the series cannot give is left out.

        Returns
        -------
        dict of str to float
            p-values of the other tests, size and power (shares of simulated series), detectable
            ratios, and the p-value of equivalence.

        Examples
        --------
        >>> from helpers.stats.trust.equivalence import equivalence
        >>> curve = pd.DataFrame({"effect": [0.5, 1.0], "power": [0.9, 0.05]})
        >>> found = Estimate(0.8, 0.6, 1.1, 0.15, 84)
        >>> equal = equivalence(found)
        >>> test = StepTest("x", "2024-07", found, found, found, None, curve, 0.5, equal)
        >>> sorted(test.beside())[:3], "placebo_p" in test.beside()
        (['bootstrap_p', 'detectable_fall', 'equivalence_p'], False)
        """
        every = {
            "bootstrap_p": self.bootstrap.p,
            "local_p": self.local.p,
            "placebo_p": self.placebo.p if self.placebo else None,
            "size": self.size,
            "power": self.power,
            "detectable_fall": self.detectable.below,
            "detectable_rise": self.detectable.above,
            "equivalence_p": self.equal.p,
        }
        return {name: float(value) for name, value in every.items() if value is not None}

    def _power(self, effect: float) -> float:
        return float(self.curve.set_index("effect")["power"][effect])


def table(tests: Iterable[StepTest]) -> pd.DataFrame:
    """Return the tests one below the other, missing numbers as NaN.

    Parameters
    ----------
    tests : iterable of StepTest
        At least one.

    Returns
    -------
    pandas.DataFrame
        A row a test: series, from, months (n), ratio, low, high, the p-values of four tests, size,
        power at the smallest effect, detectable ratios and the p-value of equivalence;
        :data:`FORMATS` says how each is shown.

    Examples
    --------
    >>> from helpers.stats.trust.equivalence import equivalence
    >>> curve = pd.DataFrame({"effect": [0.75, 1.0], "power": [0.3, 0.05]})
    >>> found = Estimate(0.8, 0.6, 1.1, 0.15, 84)
    >>> test = StepTest("x", "2024-07", found, found, found, None, curve, 0.75, equivalence(found))
    >>> table([test])[["series", "months", "ratio", "power_at_0.75"]].values.tolist()
    [['x', 84, 0.8, 0.3]]
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
        "months": test.reml.n,
        "ratio": test.reml.value,
        "low": test.reml.low,
        "high": test.reml.high,
        "p_reml": test.reml.p,
        "p_bootstrap": beside.get("bootstrap_p", missing),
        "p_local": beside.get("local_p", missing),
        "p_placebo": beside.get("placebo_p", missing),
        "size": test.size,
        f"power_at_{test.smallest:g}": test.power,
        "detectable_fall": beside.get("detectable_fall", missing),
        "detectable_rise": beside.get("detectable_rise", missing),
        "p_equal": test.equal.p,
    }
