"""A panel of counts, of which some units are treated from a date on: checked for every method."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.stats.checks import counts, place_of, regular

When: TypeAlias = str | pd.Period | pd.Timestamp
Treated: TypeAlias = str | Iterable[str] | Mapping[str, When]


@dataclass(frozen=True)
class Panel:
    """A checked panel of counts.

    Attributes
    ----------
    counts : pandas.DataFrame of float, shape (t, u), PeriodIndex by names
        Counts by period and unit.
    first : pandas.Series of int, shape (u,)
        By unit, the place of its first treated period; t for a unit never treated.
    warnings : tuple of str
        Sentences to read before relying on it.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame(
    ...     {"a": [5, 6, 9], "b": [5, 5, 4]}, pd.period_range("2020", periods=3, freq="Y")
    ... )
    >>> panel = panel_of(table, "a", "2021")
    >>> panel.first.to_dict(), panel.kinds.tolist()
    ({'a': 1, 'b': 3}, [1, 0])
    >>> panel.since[1].tolist()
    [-1, 0, 1]
    """

    counts: pd.DataFrame
    first: pd.Series
    warnings: tuple[str, ...] = ()

    @property
    def kinds(self) -> np.ndarray:
        """By unit (u), 0 when never treated, else the number of its date, the earliest 1."""
        dates = np.unique(self.first[self.first < len(self.counts)])
        return np.where(self.first < len(self.counts), np.searchsorted(dates, self.first) + 1, 0)

    @property
    def since(self) -> np.ndarray:
        """Periods since treatment by history and period (histories, t).

        The first history is that of units never treated, far below 0.
        """
        dates = np.unique(self.first[self.first < len(self.counts)])
        return np.arange(len(self.counts)) - np.r_[10**6, dates][:, None]


def panel_of(
    panel: pd.DataFrame, treated: Treated, at: When | None = None, *, least: float = 1
) -> Panel:
    """Return a checked panel of counts.

    Units that are not treated and have fewer than ``least`` counts before the first of the dates
    are left out with a warning: they could not have been in the place of the treated, and what they
    did later plays no part in the choice.

    Parameters
    ----------
    panel : pandas.DataFrame of int, shape (t, u), regular periods by units
        Counts.
    treated : str, iterable of str, or mapping of str to date
        The names of units treated from ``at`` on, or each name with its own date.
    at : str, pandas.Period or pandas.Timestamp, optional
        The date of the units that ``treated`` only names.
    least : float
        Smallest sum of counts before the first date; below 1 it is 1.

    Returns
    -------
    Panel
        Counts and dates of the units that are kept.

    Raises
    ------
    InputError
        For unknown units, dates outside the panel, gaps, what is no count, a treated unit without
        any count, and when no unit is left that is never treated.

    Examples
    --------
    >>> import pandas as pd
    >>> years = pd.period_range("2020", periods=3, freq="Y")
    >>> table = pd.DataFrame({"a": [5, 6, 9], "b": [5, 5, 4], "c": [0, 0, 3]}, years)
    >>> panel = panel_of(table, "a", "2021")
    >>> list(panel.counts.columns), panel.warnings
    (['a', 'b'], ('1 units with fewer than 1 counts before the first date are left out',))
    """
    if not isinstance(panel, pd.DataFrame) or not panel.columns.is_unique:
        raise InputError("the panel is not a table with one column for each unit")
    index = regular(panel, "the panel")
    table = pd.DataFrame(
        {name: counts(panel[name], f"unit {name}", 2) for name in panel.columns}, index=index
    )
    dates = _dates(treated, at)
    first = pd.Series(len(index), index=table.columns)
    for name, date in dates.items():
        first[name] = _place(name, date, table)
    before = table.iloc[: first.min()].sum()
    for name in dates:
        if not table[name].any():
            raise InputError(
                f"the treated unit {name} has no count at all: its ratio is not defined"
            )
    silent = [name for name in table.columns if name not in dates and before[name] < max(least, 1)]
    if table.shape[1] - len(silent) - len(dates) < 1:
        raise InputError(
            "no unit with counts is left that is never treated: "
            "expected at least one to compare with"
        )
    said = (
        f"{len(silent)} units with fewer than {max(least, 1):g} counts before the first date "
        "are left out"
    )
    return Panel(table.drop(columns=silent), first.drop(silent), (said,) if silent else ())


def _place(name: str, date: When, table: pd.DataFrame) -> int:
    if name not in table.columns:
        raise InputError(f"the panel has no unit '{name}'" + did_you_mean(str(name), table.columns))
    place = place_of(date, table.index, f"the date of {name}")
    if not 1 <= place < len(table):
        raise InputError(
            f"the date {date} of {name} lies outside the panel: "
            f"expected one from {table.index[1]} to {table.index[-1]}"
        )
    return place


def _dates(treated: Treated, at: When | None) -> dict[str, When]:
    if isinstance(treated, Mapping):
        dates = dict(treated)
    else:
        names = [treated] if isinstance(treated, str) else list(treated)
        dates = dict.fromkeys(names, at)
    if not dates or any(date is None for date in dates.values()):
        raise InputError(
            "expected the names of treated units with one date, "
            "or a mapping of each name to its date"
        )
    return dates
