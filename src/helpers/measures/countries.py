"""Countries, or their provinces, side by side: quarters, and who may serve as a donor."""

from collections.abc import Iterable

import pandas as pd

from helpers.base.errors import InputError, did_you_mean


def quarters(
    table: pd.DataFrame, first: str, last: str, *, unit: str = "country", what: str = "deaths"
) -> pd.DataFrame:
    """Return deaths, or events, by quarter and country, or another unit.

    Parameters
    ----------
    table : pandas.DataFrame, one row a unit and month
        The column ``unit`` names, ``month`` (timestamp of its first day), ``version`` (one release)
        and the column that ``what`` names.
    first, last : str
        Quarters, such as ``2010Q1``, or days and months within them.
    unit, what : str
        The columns of the unit and of its counts.

    Returns
    -------
    pandas.DataFrame of int, shape (n_quarters, n_units), PeriodIndex "Q"
        Counts a quarter, 0 where the table has none.

    Raises
    ------
    InputError
        When the table holds several releases.

    Examples
    --------
    >>> months = pd.to_datetime(["2020-01-01", "2020-03-01", "2020-02-01"])
    >>> rows = pd.DataFrame({"country": ["A", "A", "B"], "month": months, "deaths": [3, 4, 5]})
    >>> quarters(rows.assign(version="v"), "2020Q1", "2020Q1").loc["2020Q1"].tolist()
    [7, 5]
    """
    if table["version"].nunique() > 1:
        raise InputError(
            f"the table holds {table['version'].nunique()} versions, expected one; two releases "
            "never meet in one series"
        )
    wide = table.assign(quarter=pd.PeriodIndex(table["month"], freq="Q")).pivot_table(
        index="quarter", columns=unit, values=what, aggfunc="sum", fill_value=0
    )
    return wide.loc[first:last].astype("int64")


def donors(
    panel: pd.DataFrame,
    treated: str,
    before: str,
    *,
    without: Iterable[str] = (),
    least: float = 0.75,
    mean: float = 0.0,
    silent: int | None = None,
) -> list[str]:
    """Return the units that may stand in for the treated one: violent before, untouched since.

    Only what was known before the event plays a part in the choice.

    Parameters
    ----------
    panel : pandas.DataFrame of int, shape (n_periods, n_units), PeriodIndex
        Counts a period, as of :func:`quarters`.
    treated : str
        The unit under study, which is no donor to itself.
    before : str
        The first period after the event.
    without : iterable of str
        Units that the event may have touched themselves.
    least : float, default 0.75
        The least share of the periods before the event in which a donor has counts.
    mean : float, default 0
        The least mean of its counts in those periods.
    silent : int, optional
        The most periods in a row without any.

    Returns
    -------
    list of str
        At least two, in the order of the panel.

    Raises
    ------
    InputError
        When the panel lacks a named unit, or fewer than two are left.

    Examples
    --------
    >>> index = pd.period_range("2020Q1", periods=4, freq="Q")
    >>> panel = pd.DataFrame({"A": 5, "B": 3, "C": [0, 0, 1, 1], "D": 2, "E": 1}, index=index)
    >>> donors(panel, "A", "2020Q3", without=["E"])
    ['B', 'D']
    >>> donors(panel, "A", "2020Q3", mean=1, least=0.0)
    ['B', 'D', 'E']
    """
    without = list(without)
    for unit in [treated, *without]:
        if unit not in panel:
            raise InputError(f"the panel has no unit '{unit}'" + did_you_mean(unit, panel.columns))
    earlier = panel[panel.index < pd.Period(before, panel.index.freq)]
    kept = ((earlier > 0).mean() >= least) & (earlier.mean() >= mean)
    if silent is not None:
        kept &= earlier.apply(longest_silence) <= silent
    found = [unit for unit in panel if kept[unit] and unit not in (treated, *without)]
    if len(found) < 2:
        raise InputError(
            f"{len(found)} units were as active as asked in the periods before {before}: "
            "expected at least two donors"
        )
    return found


def longest_silence(counts: pd.Series) -> int:
    """Return the most periods in a row without any count.

    Parameters
    ----------
    counts : pandas.Series of int, shape (n_periods,)
        Counts a period.

    Returns
    -------
    int
        Periods; 0 where there is none without a count.

    Examples
    --------
    >>> longest_silence(pd.Series([0, 2, 0, 0, 1]))
    2
    """
    zero = counts == 0
    return int(zero.groupby((~zero).cumsum()).sum().max())
