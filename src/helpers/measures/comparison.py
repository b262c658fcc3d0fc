"""One measure in two years, by every source that prints both: rate ratios side by side."""

import math

import pandas as pd

from helpers.base.errors import InputError
from helpers.stats.counts.rates import rate_ratio
from helpers.stats.shares.decomposition import decompose

KINDS = {"attacks": "incidents", "incidents": "incidents", "killed": "deaths"}
COUNTED = ["militant_attacks", "combined"]
KEY = ["source", "scope", "series"]
SCOPE_WORDS = {"combined": "all violence", "militant_attacks": "militant attacks"}


def pairs(yearly: pd.DataFrame, region: str, before: int, after: int) -> pd.DataFrame:
    """Return source, scope, series, measure, before and after where a source prints both years alike.

    ``yearly`` is the processed table of years; only attacks by militants and totals of all violence count,
    and only with the same scope and series in both years.
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


def with_ratios(table: pd.DataFrame, inflation: dict[str, float]) -> pd.DataFrame:
    """Append ratio, low, high and p; ``inflation`` gives the variance inflation of each measure."""
    found = [
        rate_ratio(row.after, row.before, inflation=inflation[row.measure])
        for row in table.itertuples()
    ]
    return table.assign(
        ratio=[one.value for one in found],
        low=[one.low for one in found],
        high=[one.high for one in found],
        p=[one.p for one in found],
    )


def with_both(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each source, scope and series that has incidents and deaths in both years."""
    wide = table.pivot(index=KEY, columns="measure", values=["before", "after"]).dropna()
    wide.columns = [f"{measure}_{year}" for year, measure in wide.columns]
    return wide.astype("int64").reset_index()


def name_of(table: pd.DataFrame) -> pd.Series:
    """Return "source, what it counts" for each row."""
    return table["source"] + ", " + table["scope"].map(SCOPE_WORDS)


def levels(yearly: pd.DataFrame, region: str, sources: list[str], first_year: int) -> pd.DataFrame:
    """Return deaths by year (rows) and source with scope (columns), flagged figures left out.

    Where a source has two series for a year the smaller stands, so that a level is never overstated.
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


def coverage(yearly: pd.DataFrame, region: str, sources: list[str]) -> pd.DataFrame:
    """Return for each source and scope the first and last year, the years with a figure, and how many were revised."""
    rows = yearly[
        (yearly["region"] == region)
        & yearly["source"].isin(sources)
        & yearly["scope"].isin(COUNTED)
    ]
    rows = rows.assign(
        year=rows["period_start"].dt.year,
        counts=rows["scope"].map(SCOPE_WORDS),
        revised=rows["n_values"] > 1,
    )
    return rows.groupby(["source", "counts"], as_index=False).agg(
        first_year=("year", "min"),
        last_year=("year", "max"),
        years=("year", "nunique"),
        figures=("value", "size"),
        revised=("revised", "sum"),
    )


def months_against_years(monthly: pd.DataFrame, yearly: pd.DataFrame, region: str) -> pd.DataFrame:
    """Return stated years beside the sum of their twelve months, where both exist, and the difference.

    Months that were derived from a stated total fit it by making, so ``derived`` counts them.
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
    """Return for each measure how many series there are, how many rose, and how many clearly (interval above one)."""
    found = {}
    for measure, rows in table.groupby("measure"):
        found |= {
            f"sources_{measure}": len(rows),
            f"sources_{measure}_up": int((rows["ratio"] > 1).sum()),
            f"sources_{measure}_clear": int((rows["low"] > 1).sum()),
        }
    return found


def lethality(table: pd.DataFrame, inflation: float) -> pd.DataFrame:
    """Return :func:`with_both` with the log decomposition of each row's growth and the lethality ratio's interval."""
    both = with_both(table)
    grown = [
        decompose(
            row.deaths_before,
            row.incidents_before,
            row.deaths_after,
            row.incidents_after,
            inflation=inflation,
        )
        for row in both.itertuples()
    ]
    ratios = [one.lethality_ratio for one in grown]
    return both.assign(
        log_incidents=[math.log(1 + one.incidents_change_pct / 100) for one in grown],
        log_lethality=[math.log(one.value) for one in ratios],
        ratio=[one.value for one in ratios],
        low=[one.low for one in ratios],
        high=[one.high for one in ratios],
    )


def parts_of_whole(
    yearly: pd.DataFrame, source: str, metric: str, scope: str, part: str, whole: str
) -> pd.DataFrame:
    """Return by year the figure of a region (``part``) and of the country (``whole``) where a source prints both, flagged ones left out."""
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
