"""Inside an area and in the rest: figures as published by region, and events by place."""

from collections.abc import Iterable, Mapping

import pandas as pd

from helpers.base.errors import InputError

INSIDE, REST = "inside", "rest"


def published_inside(
    yearly: pd.DataFrame,
    source: str,
    metric: str,
    scope: str,
    year: int,
    *,
    inside: Iterable[str],
    whole: str,
    holds: Mapping[str, str] | None = None,
) -> pd.Series:
    """Return a source's figure of one year inside some regions and in the rest of the country.

    Parameters
    ----------
    yearly : pandas.DataFrame
        Figures by year: source, metric, scope, region, period_start and value.
    source, metric, scope : str
        Which figure.
    year : int
        Of ``period_start``.
    inside : iterable of str
        Regions, under every name that a source may give them; those not printed are passed over.
    whole : str
        The region from which the rest is taken.
    holds : mapping of str to str, optional
        A region to a part of it: where the part is printed too, the region is left out, so that
        nothing counts twice.

    Returns
    -------
    pandas.Series of float
        ``inside`` and ``rest``, in the unit of the metric.

    Raises
    ------
    InputError
        When the source prints no figure for the whole, or none inside.

    Examples
    --------
    >>> figures = pd.DataFrame({"region": ["Land", "North", "North and hills", "Hills"]})
    >>> figures = figures.assign(source="S", metric="attacks", scope="all", value=[10, 3, 5, 2])
    >>> figures["period_start"] = pd.Timestamp("2020-01-01")
    >>> north = ["North", "North and hills", "Hills"]
    >>> wider = {"North and hills": "Hills"}
    >>> published_inside(
    ...     figures, "S", "attacks", "all", 2020, inside=north, whole="Land", holds=wider
    ... ).tolist()
    [5, 5]
    """
    rows = yearly[
        (yearly["source"] == source)
        & (yearly["metric"] == metric)
        & (yearly["scope"] == scope)
        & (yearly["period_start"].dt.year == year)
    ]
    figures = rows.groupby("region")["value"].first()
    double = [region for region, part in (holds or {}).items() if part in figures]
    part = figures[figures.index.isin(list(inside)) & ~figures.index.isin(double)]
    if whole not in figures or part.empty:
        raise InputError(f"{source} prints no {metric} of {year} for {whole} and for a part of it")
    return pd.Series({INSIDE: part.sum(), REST: figures[whole] - part.sum()})


def months_inside(
    events: pd.DataFrame,
    inside: Iterable[str],
    first: str,
    last: str,
    *,
    column: str = "district",
    what: str = "events",
) -> pd.DataFrame:
    """Return by month what happened inside some places, and in all places that are known.

    Parameters
    ----------
    events : pandas.DataFrame
        Columns month_start (timestamp, missing where unknown), ``what`` and ``column``.
    inside : iterable of str
        Values of ``column``.
    first, last : str
        Months; both count.
    column : str, default "district"
        What a place is named by.
    what : str, default "events"
        The column that is added up.

    Returns
    -------
    pandas.DataFrame of int, shape (n_months, 2), PeriodIndex "M"
        ``part`` and ``whole``, 0 where nothing happened.

    Raises
    ------
    InputError
        When no event is left.

    Examples
    --------
    >>> rows = {"district": ["A", "B", None, "A"], "events": [2, 3, 9, 4]}
    >>> table = pd.DataFrame(rows).assign(month_start=pd.Timestamp("2021-09-01"))
    >>> months_inside(table, ["A"], "2021-09", "2021-10").values.tolist()
    [[6, 9], [0, 0]]
    """
    kept = events[events[column].notna() & events["month_start"].notna()]
    months = pd.PeriodIndex(kept["month_start"], freq="M")
    index = pd.period_range(first, last, freq="M", name="month")
    if not months.isin(index).any():
        raise InputError(f"no event from {first} to {last} has a month and a {column}")
    part = kept[what].where(kept[column].isin(list(inside)), 0)
    sums = pd.DataFrame({"part": part, "whole": kept[what]}).groupby(months).sum()
    return sums.reindex(index, fill_value=0)
