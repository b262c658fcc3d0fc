"""What alliances might change: harm done in an event, joins by quarter, one kind of violence."""

import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.counts.inflation import Inflation
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.estimate import Estimate


def harm_per_event(
    harm: pd.Series,
    events: pd.Series,
    later: slice,
    earlier: slice,
    *,
    inflation: float | Inflation = 1,
) -> Estimate:
    """Return the harm per event of a later span as a multiple of that of an earlier one.

    Parameters
    ----------
    harm, events : pandas.Series of float, PeriodIndex
        People harmed, and events, a period; only periods that both have count.
    later, earlier : slice of str
        First and last period of each span, both included.
    inflation : float or Inflation, default 1
        Ratio of variance to mean of the harm, given the events.

    Returns
    -------
    Estimate
        Ratio of harm per event, as of :func:`helpers.stats.counts.rates.rate_ratio`.

    Raises
    ------
    InputError
        When a span holds no event.

    Examples
    --------
    >>> years = pd.period_range("2020", "2021", freq="Y")
    >>> harm, events = pd.Series([20.0, 15.0], index=years), pd.Series([10.0, 5.0], index=years)
    >>> harm_per_event(harm, events, slice("2021", "2021"), slice("2020", "2020")).value
    1.5
    """
    both = pd.concat({"harm": harm, "events": events}, axis=1, join="inner")
    after, before = both.loc[later].sum(), both.loc[earlier].sum()
    for span, sums in ((later, after), (earlier, before)):
        if sums["events"] == 0:
            raise InputError(f"from {span.start} to {span.stop} there is no event to divide by")
    return rate_ratio(
        after["harm"], before["harm"], after["events"], before["events"], inflation=inflation
    )


def by_quarter(dates: pd.Series, first: str, last: str) -> pd.Series:
    """Return how many dates fall into each quarter.

    Parameters
    ----------
    dates : pandas.Series of str
        Days or months, such as ``2020-08-17`` or ``2020-08``.
    first, last : str
        Quarters, such as ``2018Q1``.

    Returns
    -------
    pandas.Series of float, PeriodIndex "Q"
        Dates a quarter, 0 where there is none.

    Examples
    --------
    >>> by_quarter(pd.Series(["2020-08-17", "2020-09", "2021-01-02"]), "2020Q3", "2021Q1").tolist()
    [2.0, 0.0, 1.0]
    """
    index = pd.period_range(first, last, freq="Q")
    quarters = pd.Series(pd.PeriodIndex(dates.str[:7], freq="Q"))
    return quarters.value_counts().reindex(index, fill_value=0).astype("float64")


def events_of_kind(events: pd.DataFrame, kind: str, index: pd.PeriodIndex) -> pd.Series:
    """Return events of one type of violence by month, whoever took part.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns type_of_violence, month_start (timestamp, missing where unknown) and events.
    kind : str
        A type of violence, such as ``non-state``.
    index : pandas.PeriodIndex "M"
        The months wanted.

    Returns
    -------
    pandas.Series of float, PeriodIndex "M"
        Events a month, 0 where there is none.

    Raises
    ------
    InputError
        When no event is of that kind.

    Examples
    --------
    >>> table = pd.DataFrame({"type_of_violence": ["non-state"], "events": [3]})
    >>> table["month_start"] = pd.Timestamp("2020-02-01")
    >>> months = pd.period_range("2020-01", "2020-03", freq="M")
    >>> events_of_kind(table, "non-state", months).tolist()
    [0.0, 3.0, 0.0]
    """
    rows = events[(events["type_of_violence"] == kind) & events["month_start"].notna()]
    if rows.empty:
        raise InputError(f"no event with a month is of the kind '{kind}'")
    sums = rows.groupby(pd.PeriodIndex(rows["month_start"], freq="M"))["events"].sum()
    return sums.reindex(index, fill_value=0).astype("float64")
