"""UCDP deaths by country and month, with the part of each year that no month holds."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.publisher import ACCESSED, CC_BY, count, read_csv, text
from helpers.ingest.ucdp_country_year import columns_needed
from helpers.raw.put import put
from helpers.raw.sidecar import Sidecar

SOURCES = "deaths by month (rows) and country (columns) summed from UCDP GED and Candidate (csv); the country-year file"
# The month file spells countries as a map does; the country-year file as UCDP does.
SPELLINGS = {
    "Bosnia and Herz.": "Bosnia-Herzegovina",
    "Cambodia": "Cambodia (Kampuchea)",
    "Central African Rep.": "Central African Republic",
    "Côte d'Ivoire": "Ivory Coast",
    "Dem. Rep. Congo": "DR Congo (Zaire)",
    "Dominican Rep.": "Dominican Republic",
    "Macedonia": "North Macedonia",
    "Madagascar": "Madagascar (Malagasy)",
    "Myanmar": "Myanmar (Burma)",
    "Russia": "Russia (Soviet Union)",
    "S. Sudan": "South Sudan",
    "Serbia": "Serbia (Yugoslavia)",
    "Yemen": "Yemen (North Yemen)",
    "Zimbabwe": "Zimbabwe (Rhodesia)",
    "eSwatini": "Kingdom of eSwatini (Swaziland)",
}


def months_long(wide: pd.DataFrame, countries: set[str], last_final: int) -> pd.DataFrame:
    """Return country, year, month, deaths and vintage; an unknown country name is refused.

    A column without a name (``Unnamed: …``) is an empty rest of the publisher's export: it is
    dropped when it holds zeros only, else refused.
    """
    dates = pd.to_datetime(wide.iloc[:, 0])
    body = wide.iloc[:, 1:].rename(columns=SPELLINGS)
    for name in [name for name in body if name.startswith("Unnamed")]:
        if body[name].any():
            raise InputError(
                f"column '{name}' has no country but holds {int(body[name].sum())} deaths"
            )
        body = body.drop(columns=name)
    for name in body:
        if name not in countries:
            raise InputError(
                f"country '{name}' is not in the country-year file" + did_you_mean(name, countries)
            )
    calendar = pd.DataFrame({"year": dates.dt.year, "month": dates.dt.month})
    long = pd.concat([calendar, body], axis=1).melt(
        ["year", "month"], var_name="country", value_name="deaths"
    )
    long["vintage"] = long["year"].le(last_final).map({True: "final", False: "candidate"})
    return long


def with_unknown(months: pd.DataFrame, yearly: pd.Series) -> pd.DataFrame:
    """Append one row for each country and year in which months fall short of ``yearly``.

    ``yearly`` is indexed by (country, year). Months that exceed the year are refused: UCDP
    removes events from no year that a month keeps.
    """
    summed = months.groupby(["country", "year"])["deaths"].sum()
    years = summed.index.get_level_values("year") <= yearly.index.get_level_values(1).max()
    rest = yearly.reindex(summed[years].index).fillna(0) - summed[years]
    if (rest < 0).any():
        country, year = rest.idxmin()
        raise InputError(
            f"the months of {country} in {year} hold {int(-rest.min())} deaths more than the year"
        )
    unknown = (
        rest[rest > 0]
        .astype(int)
        .rename("deaths")
        .reset_index()
        .assign(month=pd.NA, vintage="final")
    )
    frame = pd.concat([months, unknown]).astype({"month": "Int64", "deaths": "int64"})
    return frame.sort_values(["country", "year", "month"])[
        ["country", "year", "month", "deaths", "vintage"]
    ]


def sidecar(frame: pd.DataFrame) -> Sidecar:
    """Return the description of ``country_month.csv``, with its size and its residual in figures."""
    unknown = frame[frame["month"].isna()]
    return Sidecar(
        producer="Uppsala Conflict Data Program (UCDP), Uppsala University",
        title="Deaths in organized violence by country and month",
        description="Best estimate of deaths of all types of violence by country and month. Rows without a month hold "
        "what the country-year table counts in that year and no month does, so that months and unknown "
        "together equal it exactly.",
        citation_full="Sundberg, Ralph and Erik Melander (2013), Introducing the UCDP Georeferenced Event Dataset, "
        "Journal of Peace Research 50(4); UCDP GED version 25.1 to 2024, UCDP Candidate Events 25.0.x "
        "and 26.0.x from 2025, Uppsala Conflict Data Program, Uppsala University.",
        version="GED 25.1; Candidate 25.0.x, 26.0.x",
        url="https://ucdp.uu.se/downloads/",
        date_accessed=ACCESSED,
        licence=CC_BY,
        redistribution="allowed with credit to UCDP",
        built_by="python -m helpers.cli ingest ucdp-country-month MONTHS.csv COUNTRY_YEAR.csv",
        notes=[
            f"{frame['country'].nunique()} countries: the publisher's export has one column more, without a name "
            "and with zeros only, which is left out. Countries without a column have no death in country_year.csv.",
            f"{len(unknown)} country-years have a row of month unknown, {unknown['deaths'].sum():,} deaths in all: "
            "the months leave out events that start and end in different months.",
            "No exception: for every country and year to 2024 the months and the row of month unknown equal the "
            "country-year table; in no case do the months exceed the year.",
            "Pakistan 2009 (1,428) is one tally for the whole year (GED event 57152, low estimate 0) and 2010 (794) "
            "is mostly event 52824: neither has a month or a province.",
            "2025 and 2026 are candidate data: provisional, and with fighting between states in them (India and "
            "Pakistan in May 2025, Afghanistan and Pakistan in October 2025).",
        ],
        key=["country", "year", "month"],
        columns={
            "country": text("country as country_year.csv spells it"),
            "year": count("year", "calendar year"),
            "month": count(
                "month", "1 to 12; empty: the deaths of the year that no month holds", nullable=True
            ),
            "deaths": count("deaths", "best estimate, all types of violence"),
            "vintage": text(
                "final (GED) or candidate (provisional)", allowed=["final", "candidate"]
            ),
        },
    )


def build(sources: list[Path], out: Path) -> list[Path]:
    """Build ``country_month.csv`` from the month file and the country-year file."""
    years = read_csv(sources[1], columns_needed())
    best = years[
        ["sb_total_deaths_best_cy", "ns_total_deaths_best_cy", "os_total_deaths_best_cy"]
    ].sum(axis=1)
    yearly = best.set_axis(
        pd.MultiIndex.from_frame(years[["country_cy", "year_cy"]], names=["country", "year"])
    )
    months = months_long(
        read_csv(sources[0]), set(years["country_cy"]), int(years["year_cy"].max())
    )
    frame = with_unknown(months, yearly)
    table = out / "country_month.csv"
    put(frame, table, sidecar(frame))
    return [table]
