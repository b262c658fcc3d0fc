"""How far series reach: first and last period, gaps, derived periods, the longest whole part."""

from collections.abc import Collection, Mapping

import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.series import Counted


def longest_run(values: pd.Series) -> pd.Series:
    """Return the longest part of a series without a gap, the latest of equally long ones.

    Parameters
    ----------
    values : pandas.Series, shape (n_periods,), PeriodIndex
        A sorted series with gaps, each period at most once.

    Returns
    -------
    pandas.Series, shape (n_run,)
        The part; empty where the series is.

    Examples
    --------
    >>> months = pd.PeriodIndex(["2024-01", "2024-02", "2024-04", "2024-05"], freq="M")
    >>> longest_run(pd.Series([1, 2, 4, 5], index=months)).tolist()
    [4, 5]
    """
    if values.empty:
        return values
    run = (values.index.to_series().astype("int64").diff() != 1).cumsum()
    lengths = run.value_counts()
    return values[(run == lengths[lengths == lengths.max()].index.max()).to_numpy()]


def gaps(values: pd.Series) -> list[str]:
    """Name the missing stretches between the first and the last period.

    Parameters
    ----------
    values : pandas.Series, shape (n_periods,), PeriodIndex
        A sorted series with at least one period.

    Returns
    -------
    list of str
        Such as ``2023-06`` or ``2021-01 to 2021-12``, in order.

    Examples
    --------
    >>> months = pd.PeriodIndex(["2024-01", "2024-03", "2024-06"], freq="M")
    >>> gaps(pd.Series(1, index=months))
    ['2024-02', '2024-04 to 2024-05']
    """
    missing = pd.period_range(values.index[0], values.index[-1], freq=values.index.freq).difference(
        values.index
    )
    run = (missing.to_series().astype("int64").diff() != 1).cumsum().to_numpy()
    return [
        f"{part[0]}" if len(part) == 1 else f"{part[0]} to {part[-1]}"
        for part in missing.groupby(run).values()
    ]


def reach(series: Mapping[str, Counted]) -> pd.DataFrame:
    """Say of several series how far they reach.

    Parameters
    ----------
    series : mapping of str to Counted
        The series by name.

    Returns
    -------
    pandas.DataFrame, one row a series
        ``series``, ``source``, ``counts``, ``by``; the ``first`` and ``last`` period, ``n`` of
        them, how many are ``derived``, the ``gaps``; and of the longest run ``run_first``,
        ``run_last`` and ``run_n``.

    Raises
    ------
    InputError
        When a series is empty.

    Examples
    --------
    >>> months = pd.PeriodIndex(["2024-01", "2024-02", "2024-04"], freq="M")
    >>> one = Counted(pd.Series([1.0, 2.0, 4.0], index=months), "P", "attacks", "militants")
    >>> reach({"attacks": one})[["n", "gaps", "run_last", "run_n"]].values.tolist()
    [[3, '2024-03', '2024-02', 2]]
    """
    rows = []
    for name, one in series.items():
        if one.values.empty:
            raise InputError(f"the series '{name}' is empty")
        whole, run = one.values.index, longest_run(one.values).index
        rows.append(
            {
                "series": name,
                "source": one.source,
                "counts": one.counts,
                "by": one.by,
                "first": str(whole[0]),
                "last": str(whole[-1]),
                "n": len(whole),
                "derived": len(one.derived),
                "gaps": ", ".join(gaps(one.values)),
                "run_first": str(run[0]),
                "run_last": str(run[-1]),
                "run_n": len(run),
            }
        )
    return pd.DataFrame(rows)


def months_printed(
    monthly: pd.DataFrame,
    region: str,
    sources: Collection[str],
    metrics: Collection[str],
    *,
    at_least: int = 12,
) -> pd.DataFrame:
    """Count the months of each year for which trackers have a figure.

    Parameters
    ----------
    monthly : pandas.DataFrame, one row a figure
        The tidy table of months: ``source``, ``scope``, ``region``, ``metric``, and
        ``period_start`` (timestamp).
    region : str
        The region whose figures count.
    sources, metrics : collection of str
        Who counts, and what; other rows are left out.
    at_least : int, default 12
        Months that a series needs over all years to have a row.

    Returns
    -------
    pandas.DataFrame of int, shape (n_series, n_years)
        Months with a figure; the index says source, scope and metric in words, the columns are
        consecutive years.

    Examples
    --------
    >>> months = pd.DataFrame({"period_start": pd.date_range("2020-11-01", periods=14, freq="MS")})
    >>> months = months.assign(source="P", scope="all_violence", region="X", metric="killed")
    >>> months_printed(months, "X", ["P"], ["killed"]).to_dict("index")
    {'P, all violence: killed': {2020: 2, 2021: 12}}
    """
    kept = monthly[
        (monthly["region"] == region)
        & monthly["source"].isin(list(sources))
        & monthly["metric"].isin(list(metrics))
    ]
    counted = (kept["scope"] + ": " + kept["metric"]).str.replace("_", " ")
    names = (kept["source"] + ", " + counted).rename("series")
    table = pd.crosstab(names, kept["period_start"].dt.year.rename("year"))
    years = range(table.columns.min(), table.columns.max() + 1)
    return table[table.sum(axis=1) >= at_least].reindex(columns=years, fill_value=0)
