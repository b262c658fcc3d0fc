"""One measure in two years, by every source that prints both: rate ratios side by side."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.base.errors import InputError
from helpers.measures.series import from_published
from helpers.stats.counts.inflation import Inflation
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.estimate import Estimate
from helpers.stats.shares.decomposition import Growth, decompose

KINDS = {"attacks": "incidents", "incidents": "incidents", "killed": "deaths"}
COUNTED = ["militant_attacks", "combined"]
KEY = ["source", "scope", "series"]
SCOPE_WORDS = {"combined": "all violence", "militant_attacks": "militant attacks"}
FORMATS = {"ratio": "{:.3f}", "low": "{:.2f}", "high": "{:.2f}", "change_pct": "{:+.1f}"}


def months(monthly: pd.DataFrame, source: str, metrics: Sequence[str], region: str) -> pd.DataFrame:
    """Return several figures of one source on attacks by militants, side by side by month.

    Parameters
    ----------
    monthly : pandas.DataFrame
        The tidy table of published months.
    source : str
        Who counts.
    metrics : sequence of str
        What is counted, such as ``attacks`` and ``killed``.
    region : str
        The country or a part of it.

    Returns
    -------
    pandas.DataFrame of float, shape (n_months, n_metrics), PeriodIndex "M"
        Counts a month; missing where the source prints one figure and not another.

    Raises
    ------
    InputError
        When the source prints no such figure.

    Examples
    --------
    >>> row = {"source": "A", "scope": "militant_attacks", "series": "s", "region": "R",
    ...        "period_start": pd.Timestamp("2024-05-01"), "flag": "", "derived": False}
    >>> table = pd.DataFrame([{**row, "metric": "attacks", "value": 4.0},
    ...                       {**row, "metric": "killed", "value": 9.0}])
    >>> months(table, "A", ["attacks", "killed"], "R").to_dict("list")
    {'attacks': [4.0], 'killed': [9.0]}
    """
    return pd.DataFrame(
        {what: from_published(monthly, source, what, region=region).values for what in metrics}
    )


def pairs(yearly: pd.DataFrame, region: str, before: int, after: int) -> pd.DataFrame:
    """Return what every source prints for two years alike.

    Only attacks by militants and totals of all violence count, and only with the same scope and
    series in both years: a source is compared with itself.

    Parameters
    ----------
    yearly : pandas.DataFrame
        The tidy table of published years.
    region : str
        The country or a part of it.
    before, after : int
        The two years.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``scope``, ``series``, ``measure`` (``incidents`` or ``deaths``), and the counts
        ``before`` and ``after`` (int).

    Raises
    ------
    InputError
        When no source prints one of the years.

    Examples
    --------
    >>> row = {"source": "A", "scope": "combined", "series": "s", "region": "R", "metric": "killed"}
    >>> table = pd.DataFrame([{**row, "period_start": pd.Timestamp(year, 1, 1), "value": value}
    ...                       for year, value in ((2023, 40), (2024, 60))])
    >>> pairs(table, "R", 2023, 2024)[["source", "measure", "before", "after"]].values.tolist()
    [['A', 'deaths', 40, 60]]
    """
    rows = yearly[
        (yearly["region"] == region) & yearly["scope"].isin(COUNTED) & yearly["metric"].isin(KINDS)
    ]
    rows = rows.assign(measure=rows["metric"].map(KINDS), year=rows["period_start"].dt.year)
    wide = rows[rows["year"].isin([before, after])].pivot_table(
        index=[*KEY, "measure"], columns="year", values="value", aggfunc="first"
    )
    for year in (before, after):
        if year not in wide:
            raise InputError(f"no source prints {year}: there is nothing to compare")
    wide = (
        wide.dropna()
        .rename(columns={before: "before", after: "after"})
        .reset_index()
        .rename_axis(columns=None)
    )
    return wide.astype({"before": "int64", "after": "int64"})


def pair_of(
    totals: pd.Series,
    source: str,
    series: str,
    before: int,
    after: int,
    measure: str = "deaths",
) -> pd.DataFrame:
    """Return the row of :func:`pairs` of a source whose yearly counts of all violence are at hand.

    Parameters
    ----------
    totals : pandas.Series of int, shape (n_years,), index of years
        Counts a year.
    source, series : str
        Who counts, and what the series is called.
    before, after : int
        The two years.
    measure : str, default "deaths"
        What is counted: ``deaths`` or ``incidents``.

    Returns
    -------
    pandas.DataFrame
        One row, with the columns of :func:`pairs`.

    Examples
    --------
    >>> pair_of(pd.Series({2023: 40, 2024: 60}), "U", "war", 2023, 2024).values.tolist()
    [['U', 'combined', 'war', 'deaths', 40, 60]]
    """
    row = (source, "combined", series, measure, totals[before], totals[after])
    return pd.DataFrame([row], columns=[*KEY, "measure", "before", "after"])


def with_ratios(table: pd.DataFrame, inflation: Mapping[Any, float | Inflation]) -> pd.DataFrame:
    """Return pairs of counts with the ratio of the later to the earlier one.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`pairs`.
    inflation : mapping to float or Inflation
        The variance inflation of each measure (1 for independent events); of each source and
        measure, which goes before it; or of each source, measure and scope, which goes first.

    Returns
    -------
    pandas.DataFrame
        ``table`` with ``ratio``, ``low``, ``high`` (95 % interval) and ``p``.

    Examples
    --------
    >>> row = pair_of(pd.Series({2023: 40, 2024: 60}), "U", "war", 2023, 2024)
    >>> float(with_ratios(row, {"deaths": 4})["ratio"].iloc[0])
    1.5
    """
    found = []
    for row in table.itertuples():
        keys = [(row.source, row.measure, row.scope), (row.source, row.measure), row.measure]
        phi = inflation[next((key for key in keys if key in inflation), row.measure)]
        found.append(rate_ratio(row.after, row.before, inflation=phi))
    return table.assign(
        ratio=[one.value for one in found],
        low=[one.low for one in found],
        high=[one.high for one in found],
        p=[one.p for one in found],
    )


def with_both(table: pd.DataFrame) -> pd.DataFrame:
    """Return the series that have incidents and deaths in both years, one row each.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`pairs`.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``scope``, ``series``, and ``deaths_before``, ``incidents_before``,
        ``deaths_after``, ``incidents_after`` (int).

    Examples
    --------
    >>> rows = [("A", "combined", "s", "deaths", 40, 60), ("A", "combined", "s", "incidents", 9, 8)]
    >>> table = pd.DataFrame(rows, columns=[*KEY, "measure", "before", "after"])
    >>> with_both(table)[["deaths_after", "incidents_after"]].values.tolist()
    [[60, 8]]
    """
    wide = table.pivot(index=KEY, columns="measure", values=["before", "after"]).dropna()
    wide.columns = [f"{measure}_{year}" for year, measure in wide.columns]
    return wide.astype("int64").reset_index()


def name_of(table: pd.DataFrame) -> pd.Series:
    """Return the name by which a reader tells a row from another: "source, what it counts".

    Parameters
    ----------
    table : pandas.DataFrame
        With ``source`` and ``scope`` (``combined`` or ``militant_attacks``).

    Returns
    -------
    pandas.Series of str
        One name a row.

    Examples
    --------
    >>> name_of(pd.DataFrame({"source": ["A"], "scope": ["combined"]})).tolist()
    ['A, all violence']
    """
    return table["source"] + ", " + table["scope"].map(SCOPE_WORDS)


def ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by measure, source and scope, with their names.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`with_ratios`.

    Returns
    -------
    pandas.DataFrame
        Sorted, with the column ``name`` of :func:`name_of`.

    Examples
    --------
    >>> table = pd.DataFrame({"measure": "deaths", "source": ["B", "A"], "scope": "combined"})
    >>> ordered(table)["name"].tolist()
    ['A, all violence', 'B, all violence']
    """
    rows = table.sort_values(["measure", "source", "scope"], ignore_index=True)
    return rows.assign(name=name_of(rows))


def preferred(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each source and measure: attacks by militants before all violence.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`pairs`.

    Returns
    -------
    pandas.DataFrame
        The rows that are kept.

    Examples
    --------
    >>> scopes = ["combined", "militant_attacks"]
    >>> table = pd.DataFrame({"source": "A", "measure": "deaths", "scope": scopes})
    >>> preferred(table)["scope"].tolist()
    ['militant_attacks']
    """
    return table.sort_values("scope", ascending=False).drop_duplicates(["source", "measure"])


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of :func:`with_ratios` that a reader wants, for :data:`FORMATS`.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`with_ratios`.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``counts`` (the scope in words), ``measure``, ``before``, ``after``,
        ``change_pct`` (percent), ``ratio``, ``low``, ``high``.

    Examples
    --------
    >>> row = pair_of(pd.Series({2023: 40, 2024: 60}), "U", "war", 2023, 2024)
    >>> float(shown(with_ratios(row, {"deaths": 4}))["change_pct"].iloc[0])
    50.0
    """
    said = table.assign(
        counts=table["scope"].map(SCOPE_WORDS), change_pct=100 * (table["ratio"] - 1)
    )
    columns = ["source", "counts", "measure", "before", "after", "change_pct"]
    return said[[*columns, "ratio", "low", "high"]]


def levels(yearly: pd.DataFrame, region: str, sources: list[str], first_year: int) -> pd.DataFrame:
    """Return the deaths that sources print, by year.

    Flagged figures are left out. Where a source has two series for a year the smaller stands, so
    that a level is never overstated.

    Parameters
    ----------
    yearly : pandas.DataFrame
        The tidy table of published years.
    region : str
        The country or a part of it.
    sources : list of str
        Whose figures are wanted.
    first_year : int
        The first year.

    Returns
    -------
    pandas.DataFrame of float, shape (n_years, n_series), index of years
        Deaths a year; a column for each source and scope, named as by :func:`name_of`.

    Examples
    --------
    >>> row = {"source": "A", "scope": "combined", "region": "R", "metric": "killed", "flag": "",
    ...        "period_start": pd.Timestamp("2020-01-01")}
    >>> table = pd.DataFrame([{**row, "value": 7.0}, {**row, "value": 5.0}])
    >>> levels(table, "R", ["A"], 2010).to_dict("list")
    {'A, all violence': [5.0]}
    """
    rows = yearly[
        (yearly["region"] == region)
        & (yearly["metric"] == "killed")
        & yearly["scope"].isin(COUNTED)
        & yearly["source"].isin(sources)
        & yearly["flag"].eq("")
    ]
    rows = rows.assign(year=rows["period_start"].dt.year, name=name_of(rows))
    return rows[rows["year"] >= first_year].pivot_table(
        index="year", columns="name", values="value", aggfunc="min"
    )


def months_against_years(monthly: pd.DataFrame, yearly: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return stated years beside the sum of their twelve months, where both exist.

    Months that were derived from a stated total fit it by making, so ``derived`` counts them.

    Parameters
    ----------
    monthly, yearly : pandas.DataFrame
        The tidy tables of published months and years.
    region : str
        The country or a part of it.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``counts``, ``metric``, ``year``, ``stated``, ``sum_of_months``, ``difference``
        (stated less the sum), ``derived`` (months).

    Examples
    --------
    >>> row = {"source": "A", "scope": "combined", "series": "s", "region": "R",
    ...        "metric": "killed", "derived": False}
    >>> dates = pd.date_range("2020-01-01", periods=12, freq="MS")
    >>> monthly = pd.DataFrame([{**row, "period_start": date, "value": 2} for date in dates])
    >>> yearly = pd.DataFrame([{**row, "period_start": dates[0], "value": 25}])
    >>> found = months_against_years(monthly, yearly, "R")
    >>> found[["stated", "sum_of_months", "difference"]].values.tolist()
    [[25, 24, 1]]
    """
    keys = [*KEY, "metric"]
    parts = monthly[monthly["region"] == region].assign(
        year=lambda frame: frame["period_start"].dt.year
    )
    sums = parts.groupby([*keys, "year"], as_index=False).agg(
        months=("value", "size"), sum_of_months=("value", "sum"), derived=("derived", "sum")
    )
    stated = yearly[(yearly["region"] == region) & ~yearly["derived"]].assign(
        year=lambda frame: frame["period_start"].dt.year
    )
    both = sums[sums["months"] == 12].merge(stated[[*keys, "year", "value"]], on=[*keys, "year"])
    plain = both["scope"].str.replace("_", " ")
    both = both.assign(
        difference=both["value"] - both["sum_of_months"],
        counts=both["scope"].map(SCOPE_WORDS).fillna(plain),
    )
    return both.rename(columns={"value": "stated"})[
        ["source", "counts", "metric", "year", "stated", "sum_of_months", "difference", "derived"]
    ]


def tally(table: pd.DataFrame) -> dict[str, int]:
    """Return how many series there are, how many rose, and how many rose clearly, by measure.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`with_ratios`.

    Returns
    -------
    dict of str to int
        ``sources_MEASURE``, and the same with ``_up`` (ratio above 1) and ``_clear`` (interval
        above 1).

    Examples
    --------
    >>> tally(pd.DataFrame({"measure": "deaths", "ratio": [1.2, 1.5], "low": [0.9, 1.1]}))
    {'sources_deaths': 2, 'sources_deaths_up': 2, 'sources_deaths_clear': 1}
    """
    found: dict[str, int] = {}
    for measure, rows in table.groupby("measure"):
        found |= {
            f"sources_{measure}": len(rows),
            f"sources_{measure}_up": int((rows["ratio"] > 1).sum()),
            f"sources_{measure}_clear": int((rows["low"] > 1).sum()),
        }
    return found


def lethality(table: pd.DataFrame, inflation: float | Inflation) -> pd.DataFrame:
    """Return the growth of deaths split into incidents and deaths per incident, by series.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`pairs`.
    inflation : float or Inflation
        The variance inflation of deaths, given the incidents.

    Returns
    -------
    pandas.DataFrame
        :func:`with_both`, with ``log_incidents`` and ``log_lethality``, which add up to the log
        growth of deaths, and ``ratio``, ``low``, ``high`` of deaths per incident.

    Examples
    --------
    >>> rows = [("A", "combined", "s", "deaths", 40, 60), ("A", "combined", "s", "incidents", 4, 6)]
    >>> table = pd.DataFrame(rows, columns=[*KEY, "measure", "before", "after"])
    >>> float(lethality(table, 5)["ratio"].iloc[0])
    1.0
    """
    both = with_both(table)
    grown = [_growth(row, inflation) for row in both.itertuples()]
    ratios = [one.lethality_ratio for one in grown]
    return both.assign(
        log_incidents=[math.log(1 + one.incidents_change_pct / 100) for one in grown],
        log_lethality=[math.log(one.value) for one in ratios],
        ratio=[one.value for one in ratios],
        low=[one.low for one in ratios],
        high=[one.high for one in ratios],
    )


def lethality_ratios(table: pd.DataFrame, inflation: float | Inflation) -> dict[str, Estimate]:
    """Return the ratio of deaths per incident by source, attacks by militants before all violence.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`pairs`.
    inflation : float or Inflation
        The variance inflation of deaths, given the incidents.

    Returns
    -------
    dict of str to Estimate
        By source, sorted.

    Examples
    --------
    >>> rows = [("A", "combined", "s", "deaths", 40, 90), ("A", "combined", "s", "incidents", 4, 6)]
    >>> table = pd.DataFrame(rows, columns=[*KEY, "measure", "before", "after"])
    >>> {source: one.value for source, one in lethality_ratios(table, 5).items()}
    {'A': 1.5}
    """
    rows = with_both(table).drop_duplicates("source", keep="last")
    return {row.source: _growth(row, inflation).lethality_ratio for row in rows.itertuples()}


def _growth(row: Any, inflation: float | Inflation) -> Growth:
    return decompose(
        row.deaths_before,
        row.incidents_before,
        row.deaths_after,
        row.incidents_after,
        inflation=inflation,
    )


def tally_lethality(table: pd.DataFrame) -> dict[str, int]:
    """Return in how many series deaths per incident are known, fell, and clearly rose.

    Parameters
    ----------
    table : pandas.DataFrame
        As of :func:`lethality`.

    Returns
    -------
    dict of str to int
        ``sources_lethality``, ``sources_lethality_down`` and ``sources_lethality_clear_up``.

    Examples
    --------
    >>> tally_lethality(pd.DataFrame({"ratio": [0.8, 1.5], "low": [0.6, 1.1]}))
    {'sources_lethality': 2, 'sources_lethality_down': 1, 'sources_lethality_clear_up': 1}
    """
    return {
        "sources_lethality": len(table),
        "sources_lethality_down": int((table["ratio"] < 1).sum()),
        "sources_lethality_clear_up": int((table["low"] > 1).sum()),
    }


def ratio_table(ratios: Mapping[str, Estimate]) -> pd.DataFrame:
    """Return estimates by source as a table.

    Parameters
    ----------
    ratios : mapping of str to Estimate
        By source.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``ratio``, ``low``, ``high``, ``n``.

    Examples
    --------
    >>> ratio_table({"A": Estimate(1.5, 1.0, 2.0, n=30)}).values.tolist()
    [['A', 1.5, 1.0, 2.0, 30]]
    """
    return pd.DataFrame(
        [(name, one.value, one.low, one.high, one.n) for name, one in ratios.items()],
        columns=["source", "ratio", "low", "high", "n"],
    )


def parts_of_whole(
    yearly: pd.DataFrame, source: str, metric: str, scope: str, part: str, whole: str
) -> pd.DataFrame:
    """Return by year the figures of a region and of the country, where a source prints both.

    Flagged figures are left out.

    Parameters
    ----------
    yearly : pandas.DataFrame
        The tidy table of published years.
    source, metric, scope : str
        Who counts, what, and with which scope.
    part, whole : str
        The region and the country.

    Returns
    -------
    pandas.DataFrame of float, shape (n_years, 2), index of years
        ``part`` and ``whole``, counts a year.

    Raises
    ------
    InputError
        When the source prints one of the two not at all.

    Examples
    --------
    >>> row = {"source": "A", "scope": "combined", "metric": "killed", "flag": "",
    ...        "period_start": pd.Timestamp("2020-01-01")}
    >>> table = pd.DataFrame([{**row, "region": "P", "value": 30.0},
    ...                       {**row, "region": "W", "value": 100.0}])
    >>> parts_of_whole(table, "A", "killed", "combined", "P", "W").to_dict("index")
    {2020: {'part': 30.0, 'whole': 100.0}}
    """
    rows = yearly[
        (yearly["source"] == source)
        & (yearly["metric"] == metric)
        & (yearly["scope"] == scope)
        & yearly["flag"].eq("")
    ]
    wide = rows.assign(year=rows["period_start"].dt.year).pivot_table(
        index="year", columns="region", values="value", aggfunc="first"
    )
    missing = [region for region in (part, whole) if region not in wide]
    if missing:
        raise InputError(f"{source} prints no {metric} for {missing[0]}: there is no share")
    return wide[[part, whole]].dropna().set_axis(["part", "whole"], axis=1)
