"""How far series reach: first and last period, gaps, derived periods, and the longest part without a gap."""

from collections.abc import Collection, Mapping

import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.series import Counted


def longest_run(values: pd.Series) -> pd.Series:
    """Return the longest part of a series without a gap, the latest of equally long ones."""
    if values.empty:
        return values
    run = (values.index.to_series().astype("int64").diff() != 1).cumsum()
    lengths = run.value_counts()
    return values[(run == lengths[lengths == lengths.max()].index.max()).to_numpy()]


def gaps(values: pd.Series) -> list[str]:
    """Return the missing stretches between the first and the last period, as ``2023-06`` or ``2021-01 to 2021-12``."""
    missing = pd.period_range(values.index[0], values.index[-1], freq=values.index.freq).difference(
        values.index
    )
    run = (missing.to_series().astype("int64").diff() != 1).cumsum().to_numpy()
    return [
        f"{part[0]}" if len(part) == 1 else f"{part[0]} to {part[-1]}"
        for part in missing.groupby(run).values()
    ]


def coverage(series: Mapping[str, Counted]) -> pd.DataFrame:
    """Return one row a series: what it counts, first and last period, how many, gaps, derived, and its longest run."""
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
        The tidy table of months: ``source``, ``scope``, ``region``, ``metric``, and ``period_start`` (timestamp).
    region : str
        The region whose figures count.
    sources, metrics : collection of str
        Who counts, and what; other rows are left out.
    at_least : int, default 12
        Months that a series needs over all years to have a row.

    Returns
    -------
    pandas.DataFrame of int, shape (n_series, n_years)
        Months with a figure; the index says source, scope and metric in words, the columns are consecutive years.

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
