"""One unit of a panel against its synthetic control: every number that a chapter prints of it.

The statistics are those of :mod:`helpers.stats.panels`; here they are asked together for one unit,
and become the row of a table and the numbers that stand beside the ratio.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.checks import When
from helpers.stats.estimate import Estimate
from helpers.stats.panels.synthetic import SyntheticControl, synthetic_control
from helpers.stats.panels.synthetic_did import SyntheticDid, synthetic_did

MOST = 2.0  # donors whose error before is more than so many times the unit's are no placebos
FORMATS = {
    "ratio": "{:.1f}",
    "low": "{:.1f}",
    "high": "{:.1f}",
    "p": "{:.3f}",
    "fit": "{:.2f}",
    "spread": "{:.2f}",
    "did": "{:.1f}",
    "did_p": "{:.2f}",
}


@dataclass(frozen=True)
class Standing:
    """A unit beside its synthetic control.

    Attributes
    ----------
    name : str
        The unit and what is counted, in words.
    control : SyntheticControl
        The comparison.
    did : SyntheticDid
        The same by synthetic difference-in-differences.
    early : dict of int to SyntheticControl
        By whole years before the event, the same with the event moved so far back.
    most : float
        Donors whose error before the event is more than so many times the unit's are left out of
        the rank.
    """

    name: str
    control: SyntheticControl
    did: SyntheticDid
    early: dict[int, SyntheticControl]
    most: float = MOST

    @property
    def ratio(self) -> Estimate:
        """The unit over its synthetic control after the event, with the rank among donors."""
        return self.control.ratio(most=self.most)

    def estimates(self) -> dict[str, Estimate]:
        """Return the ratios that stand beside the first, by name.

        Returns
        -------
        dict of str to Estimate
            ``did``, and ``lead_1``, ``lead_2``, ... for the event so many years too early.
        """
        early = {f"lead_{years}": one.ratio(most=self.most) for years, one in self.early.items()}
        return {"did": self.did.ratio()} | early

    def beside(self) -> dict[str, float]:
        """Return what weighs the ratio, by name.

        Returns
        -------
        dict of str to float
            ``p`` the rank among donors that fit about as well, ``p_all`` among all of them,
            ``did_p``; ``fit`` the root mean squared gap before the event in logarithms, ``spread``
            the unit's own standard deviation there, ``error_ratio`` the gap after over that before;
            ``donors`` their number and ``close`` that of those that fit about as well.
        """
        placebos, close = self.control.placebos(), self.control.placebos(self.most)
        own, logs = placebos.iloc[0], self.control.donors.scaled.iloc[:, 0]
        p, p_all = self.ratio.p, self.control.ratio().p
        did_p = self.did.ratio().p
        numbers = {
            "p": p,
            "p_all": p_all,
            "did_p": did_p,
            "fit": own["before"],
            "spread": logs.iloc[: self.control.donors.event].std(ddof=0),
            "error_ratio": own["ratio"],
            "donors": len(placebos) - 1,
            "close": len(close) - 1,
        }
        return {name: float(value) for name, value in numbers.items()}


def standing(
    panel: pd.DataFrame, unit: str, at: When, *, name: str, leads: int = 0, most: float = MOST
) -> Standing:
    """Return a unit beside its synthetic control, and beside that of earlier dates.

    Parameters
    ----------
    panel : pandas.DataFrame of int, shape (t, u), PeriodIndex by units
        Counts; every column but the unit's is a donor.
    unit : str
        The unit.
    at : date
        The event: the first treated period.
    name : str
        The unit and what is counted, in words.
    leads : int
        Whole years before the event at which nothing should be found.
    most : float
        As of :class:`Standing`.

    Returns
    -------
    Standing

    Raises
    ------
    InputError
        As :func:`helpers.stats.panels.synthetic.synthetic_control` does.

    Examples
    --------
    >>> years = pd.period_range("2012", periods=8, freq="Y")
    >>> panel = pd.DataFrame(np.random.default_rng(1).poisson(30, (8, 6)), years, list("abcdef"))
    >>> panel.loc["2018":, "a"] *= 4
    >>> found = standing(panel, "a", "2018", name="events in a", leads=1)
    >>> found.ratio.value > 3, list(found.estimates()), found.beside()["donors"]
    (True, ['did', 'lead_1'], 5.0)
    """
    control = synthetic_control(panel, unit, at)
    event = panel.index[control.donors.event]
    year = {"M": 12, "Q": 4, "Y": 1}[panel.index.freqstr[0]]
    early = {lead: control.backdated(event - lead * year) for lead in range(1, leads + 1)}
    return Standing(name, control, synthetic_did(panel, unit, at), early, most)


def left_out(control: SyntheticControl, groups: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Return the comparison without one group of donors at a time.

    Parameters
    ----------
    control : SyntheticControl
        The comparison with all of them, on the scale ln(1 + y).
    groups : mapping of str to iterable of str
        Donors by the group's name; one donor each, or those of one country.

    Returns
    -------
    pandas.DataFrame, one row a group
        ``without``, ``ratio``, ``p`` (among donors that fit about as well) and ``fit``.

    Raises
    ------
    InputError
        When a group holds no donor, or leaves fewer than two.

    Examples
    --------
    >>> years = pd.period_range("2012", periods=8, freq="Y")
    >>> panel = pd.DataFrame(np.random.default_rng(1).poisson(30, (8, 6)), years, list("abcdef"))
    >>> found = left_out(synthetic_control(panel, "a", "2018"), {"b": "b", "c and d": "cd"})
    >>> found["without"].tolist()
    ['b', 'c and d']
    """
    values, event = control.donors.values, control.donors.values.index[control.donors.event]
    rows = []
    for name, members in groups.items():
        dropped = [unit for unit in members if unit in values.columns[1:]]
        if not dropped:
            raise InputError(f"the group '{name}' holds none of the donors")
        rest = synthetic_control(values.drop(columns=dropped), values.columns[0], event)
        ratio, own = rest.ratio(most=MOST), rest.placebos().iloc[0]
        rows.append((name, ratio.value, ratio.p, float(own["before"])))
    return pd.DataFrame(rows, columns=["without", "ratio", "p", "fit"])


def kept_back(control: SyntheticControl, panel: pd.DataFrame) -> pd.Series:
    """Return how far each unit lies from its synthetic control in periods that gave no weights.

    Parameters
    ----------
    control : SyntheticControl
        The comparison, on the scale ln(1 + y).
    panel : pandas.DataFrame of int, shape (t, u), PeriodIndex by units
        Counts of its units in the other periods.

    Returns
    -------
    pandas.Series of float, shape (u,), by unit, the treated first
        Root mean squared gap in logarithms.

    Raises
    ------
    InputError
        When the panel lacks a unit.

    Examples
    --------
    "a" is "b" in both the periods that gave weights and those that did not.

    >>> years = pd.period_range("2012", periods=8, freq="Y")
    >>> panel = pd.DataFrame(np.random.default_rng(1).poisson(30, (8, 6)), years, list("abcdef"))
    >>> panel["a"] = panel["b"]
    >>> control = synthetic_control(panel["2014":], "a", "2018")
    >>> float(kept_back(control, panel[:"2013"])["a"].round(6))
    0.0
    """
    names = control.gaps.columns
    missing = names.difference(panel.columns)
    if len(missing):
        raise InputError(f"the periods that were kept back lack the unit '{missing[0]}'")
    logs = np.log1p(panel[list(names)])
    gaps = logs - logs.to_numpy() @ control.matrix.to_numpy()
    return np.sqrt(np.square(gaps).mean())


def table(found: Iterable[Standing]) -> pd.DataFrame:
    """Return units one below the other.

    Parameters
    ----------
    found : iterable of Standing
        At least one.

    Returns
    -------
    pandas.DataFrame, one row a unit
        ``series`` and the columns of :data:`FORMATS`.

    Examples
    --------
    >>> years = pd.period_range("2012", periods=8, freq="Y")
    >>> panel = pd.DataFrame(np.random.default_rng(1).poisson(30, (8, 6)), years, list("abcdef"))
    >>> table([standing(panel, "a", "2018", name="events in a")])["series"].tolist()
    ['events in a']
    """
    rows = []
    for one in found:
        ratio, beside = one.ratio, one.beside()
        ends = {"ratio": ratio.value, "low": ratio.low, "high": ratio.high}
        weighed = {name: beside[name] for name in ("p", "fit", "spread", "did_p")}
        rows.append({"series": one.name} | ends | weighed | {"did": one.did.ratio().value})
    return pd.DataFrame(rows)[["series", *FORMATS]]
