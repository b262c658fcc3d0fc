"""What a rank among placebo units can find: the synthetic control's test, taken apart.

The p-value of a synthetic control is a rank among its donors, each taken as treated in turn. Those
placebos do not involve the treated unit, so they stand once and for all: any series can be put in
its place, simulated ones to learn how often it stands out where nothing happened, and the donors
themselves, with an effect planted in them, to learn how large one must be to be found.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When, numbers, positive
from helpers.stats.estimate import Estimate
from helpers.stats.panels.convex import convex_weights
from helpers.stats.panels.synthetic import donors_of


@dataclass(frozen=True)
class RankInSpace:
    """The test of one unit against donors whose placebos are known, on the scale ln(1 + y).

    Attributes
    ----------
    logs : pandas.DataFrame of float, shape (t, j), PeriodIndex by donors
        Logarithms of the donors' counts plus one.
    event : int
        Place of the first treated period.
    placebos : pandas.DataFrame of float, shape (j, 2), by donor
        ``before`` the root mean squared gap before the event, ``ratio`` that after it over it.
    most : float or None
        Donors whose error before is more than so many times the unit's are left out of the rank.
    """

    logs: pd.DataFrame
    event: int
    placebos: pd.DataFrame
    most: float | None = None

    def __call__(self, series: pd.Series, generator: np.random.Generator | None = None) -> Estimate:
        """Return the unit over its synthetic control after the event, with its rank.

        Parameters
        ----------
        series : pandas.Series of float, shape (t,)
            Counts of the unit over the donors' periods.
        generator : numpy.random.Generator, optional
            Not used; so that this is a test for :func:`helpers.stats.trust.worlds.worst_size`.

        Returns
        -------
        Estimate
            Ratio on the scale of 1 + y, with ``p``.

        Raises
        ------
        InputError
            When the series has other periods or does not vary before the event.
        """
        if not series.index.equals(self.logs.index):
            raise InputError(
                f"the series runs from {series.index[0]} to {series.index[-1]}: expected the "
                f"periods of the donors, {self.logs.index[0]} to {self.logs.index[-1]}"
            )
        own = np.log1p(numbers(series, "the series", 3))
        if np.ptp(own[: self.event]) == 0:
            raise InputError("the series does not vary before the event: nothing can be matched")
        gap = _gap(own, self.logs.to_numpy(), self.event)
        before, ratio = _errors(gap, self.event)
        kept = self.placebos
        if self.most is not None:
            kept = kept[kept["before"] <= self.most * before]
        farther = int((kept["ratio"] >= ratio * (1 - 1e-9)).sum())
        p = (1 + farther) / (1 + len(kept))
        value = float(np.exp(gap[self.event :].mean()))
        return Estimate(value, p=p, n=len(gap), method=f"rank among {len(kept)} donors")


def rank_in_space(donors: pd.DataFrame, at: When, *, most: float | None = None) -> RankInSpace:
    """Return the test of a unit against donors, each of which is set against the others once.

    Parameters
    ----------
    donors : pandas.DataFrame of float, shape (t, j), regular periods by donors
        Counts; at least three donors that vary before the event.
    at : date
        The event: the first treated period, with at least two before it.
    most : float, optional
        Leave donors out of the rank whose error before the event is more than so many times the
        unit's.

    Returns
    -------
    RankInSpace

    Raises
    ------
    InputError
        As :func:`helpers.stats.panels.synthetic.synthetic_control` does.

    References
    ----------
    Abadie, Diamond and Hainmueller (2010), Synthetic control methods for comparative case studies.

    Examples
    --------
    The rank is that of the synthetic control itself.

    >>> from helpers.stats.panels.synthetic import synthetic_control
    >>> years = pd.period_range("2016", periods=6, freq="Y")
    >>> counts = np.random.default_rng(1).poisson(20, (6, 5))
    >>> panel = pd.DataFrame(counts, years, list("abcde"))
    >>> test = rank_in_space(panel[list("bcde")], "2020")
    >>> test(panel["a"]).p == synthetic_control(panel, "a", "2020").ratio().p
    True
    """
    checked = donors_of(donors, str(donors.columns[0]), at, "log")
    logs = checked.scaled[[name for name in donors if name in checked.scaled]]
    values = logs.to_numpy()
    found = [
        _errors(
            _gap(values[:, place], np.delete(values, place, axis=1), checked.event), checked.event
        )
        for place in range(values.shape[1])
    ]
    placebos = pd.DataFrame(found, index=logs.columns, columns=["before", "ratio"])
    return RankInSpace(logs, checked.event, placebos, most)


def planted(
    donors: pd.DataFrame, at: When, effects: Iterable[float], *, most: float | None = None
) -> pd.DataFrame:
    """Return what the rank says of each donor when an effect is planted in it.

    A donor's counts are multiplied from the event on, and it is set against the others, which are
    left as they are: real wars with real ends, of which one is known to have been changed.

    Parameters
    ----------
    donors : pandas.DataFrame of float, shape (t, j), regular periods by donors
        Counts; at least four donors that vary before the event.
    at : date
        The event.
    effects : iterable of float
        Factors above 0; 1 leaves the donor as it is.
    most : float, optional
        As of :func:`rank_in_space`.

    Returns
    -------
    pandas.DataFrame, one row a donor and effect
        ``unit``, ``effect``, ``ratio`` (to its synthetic control) and ``p``.

    Raises
    ------
    InputError
        As :func:`rank_in_space` does, and for a factor that is not above 0.

    Examples
    --------
    Ten thousandfold is never missed.

    >>> years = pd.period_range("2016", periods=6, freq="Y")
    >>> counts = np.random.default_rng(1).poisson(20, (6, 5))
    >>> found = planted(pd.DataFrame(counts, years, list("abcde")), "2020", [1.0, 1e4])
    >>> found.groupby("effect")["p"].max().round(2).to_dict()
    {1.0: 1.0, 10000.0: 0.2}
    """
    factors = [positive(effect, "an effect") for effect in effects]
    rows = []
    for unit in donors:
        test = rank_in_space(donors.drop(columns=unit), at, most=most)
        after = np.arange(len(donors)) >= test.event
        for effect in factors:
            one = test(donors[unit] * np.where(after, effect, 1.0))
            rows.append((unit, effect, one.value, one.p))
    return pd.DataFrame(rows, columns=["unit", "effect", "ratio", "p"])


def _gap(own: np.ndarray, donors: np.ndarray, event: int) -> np.ndarray:
    """Return a unit (t) less its synthetic control from donors (t by j)."""
    return own - donors @ convex_weights(own[:event], donors[:event])


def _errors(gap: np.ndarray, event: int) -> tuple[float, float]:
    """Return the root mean squared gap before the event, and that after it over it."""
    before = float(np.sqrt(np.square(gap[:event]).mean()))
    after = float(np.sqrt(np.square(gap[event:]).mean()))
    return before, after / max(before, 1e-9)
