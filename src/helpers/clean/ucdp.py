"""UCDP's tables of one country: years, months, events, and whether they agree."""

import pandas as pd

from helpers.base.errors import InputError
from helpers.clean.places import Places

FIGURES = ["deaths_low", "deaths_best", "deaths_high", "civilians", "dyads"]


def years(table: pd.DataFrame, country: str, first: str, last: str) -> pd.DataFrame:
    """Return the rows of ``country_year`` of one country whose whole year lies in the months ``first`` to ``last``."""
    start, end = pd.Period(first, "M"), pd.Period(last, "M")
    low, high = start.year + (start.month > 1), end.year - (end.month < 12)
    rows = table[(table["country"] == country) & table["year"].between(low, high)]
    whole = {name: "int64" for name in ["year", *FIGURES]}
    return rows[["year", "type_of_violence", *FIGURES]].astype(whole).reset_index(drop=True)


def months(
    table: pd.DataFrame, country: str, first: str, last: str, candidate: bool = True
) -> pd.DataFrame:
    """Return month (timestamp of its first day), deaths and vintage, sorted; candidate months only when asked for."""
    rows = table[(table["country"] == country) & table["month"].notna()]
    if not candidate:
        rows = rows[rows["vintage"] != "candidate"]
    month = pd.to_datetime({"year": rows["year"], "month": rows["month"], "day": 1})
    found = pd.DataFrame(
        {"month": month, "deaths": rows["deaths"].astype("int64"), "vintage": rows["vintage"]}
    )
    return found[found["month"].between(pd.Timestamp(first), pd.Timestamp(last))].sort_values(
        "month", ignore_index=True
    )


def unknown(table: pd.DataFrame, country: str, years_kept: pd.Series) -> pd.DataFrame:
    """Return year and the deaths that no month holds, 0 where the months are complete."""
    rows = table[(table["country"] == country) & table["month"].isna()].set_index("year")["deaths"]
    index = pd.Index(sorted(set(years_kept)), name="year")
    return rows.reindex(index).fillna(0).astype("int64").reset_index()


def events(table: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return the event table with canonical names: province at the time, province today, district.

    Adds ``month_start`` (missing where the month is), ``province_then``, ``province`` and ``district``.
    """
    month = pd.to_datetime({"year": table["year"], "month": table["month"].fillna(1), "day": 1})
    then = places.canonical(table["province"], "province", month)
    district = places.today(places.canonical(table["district"], "district", month), "district")
    figures = {name: "int64" for name in table.select_dtypes("Int64").columns.drop("month")}
    named = table.astype(figures).assign(
        month_start=month.where(table["month"].notna()),
        province_then=then,
        province=places.today(then, "province"),
        district=district,
    )
    return named.drop(columns="month")


def reconcile(
    by_year: pd.DataFrame, by_month: pd.DataFrame, rest: pd.DataFrame, by_event: pd.DataFrame
) -> pd.DataFrame:
    """Return one row a year: UCDP's year, months, month unknown, events, and the differences.

    Raises :class:`InputError` when months and unknown do not equal the year.
    """
    summed = pd.DataFrame(
        {
            "year_table": by_year.groupby("year")["deaths_best"].sum(),
            "months": by_month.groupby(by_month["month"].dt.year)["deaths"].sum(),
            "month_unknown": rest.set_index("year")["deaths"],
            "events": by_event.groupby("year")["events"].sum(),
            "event_deaths": by_event.groupby("year")["deaths_best"].sum(),
        }
    ).rename_axis("year")
    whole = (
        summed[summed["year_table"].notna()]
        .astype("Int64")
        .fillna({"months": 0, "month_unknown": 0})
    )
    gap = whole["year_table"] - whole["months"] - whole["month_unknown"]
    if (gap != 0).any():
        year = gap[gap != 0].index[0]
        raise InputError(
            f"UCDP {year}: the months and the deaths without a month differ from the year by {gap[year]}"
        )
    whole["events_less_year"] = whole["event_deaths"] - whole["year_table"]
    return whole.reset_index()
