"""UCDP organized violence by country and year, in long form by type of violence."""

from pathlib import Path

import pandas as pd

from helpers.ingest.publisher import ACCESSED, CC_BY, count, read_csv, text
from helpers.raw.put import put
from helpers.raw.sidecar import Sidecar

SOURCES = "UCDP Country-Year Dataset on Organized Violence within Country Borders (csv)"
TYPES = {"sb": "state-based", "ns": "non-state", "os": "one-sided"}
KEYS = {
    "country_cy": "country",
    "country_id_cy": "country_id",
    "region_cy": "region",
    "year_cy": "year",
}


def columns_needed() -> list[str]:
    """Return the publisher's columns that the table is built from."""
    parts = ("total_deaths_low", "total_deaths_best", "total_deaths_high", "dyad_count")
    civilians = ["sb_deaths_civilians_cy", "ns_deaths_civilians_cy", "os_killings_unknown_cy"]
    return [
        *KEYS,
        *(f"{kind}_{part}_cy" for kind in TYPES for part in parts),
        *civilians,
        "version",
    ]


def long_form(wide: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each country, year and type of violence (see the sidecar's columns)."""
    parts = []
    for kind, name in TYPES.items():
        # In one-sided violence the dead are civilians, but for those whose standing is unknown.
        civilians = (
            wide["os_total_deaths_best_cy"] - wide["os_killings_unknown_cy"]
            if kind == "os"
            else wide[f"{kind}_deaths_civilians_cy"]
        )
        parts.append(
            wide[list(KEYS)]
            .rename(columns=KEYS)
            .assign(
                type_of_violence=name,
                deaths_low=wide[f"{kind}_total_deaths_low_cy"],
                deaths_best=wide[f"{kind}_total_deaths_best_cy"],
                deaths_high=wide[f"{kind}_total_deaths_high_cy"],
                civilians=civilians,
                dyads=wide[f"{kind}_dyad_count_cy"],
            )
        )
    order = pd.CategoricalDtype(TYPES.values(), ordered=True)
    frame = pd.concat(parts).astype({"type_of_violence": order})
    return frame.sort_values(["country", "year", "type_of_violence"]).reset_index(drop=True)


def out_of_order(frame: pd.DataFrame) -> list[str]:
    """Return the rows, in words, whose low, best and high estimates are not in that order."""
    odd = frame[
        (frame["deaths_low"] > frame["deaths_best"]) | (frame["deaths_best"] > frame["deaths_high"])
    ]
    return [f"{row.country} {row.year} ({row.type_of_violence})" for row in odd.itertuples()]


def sidecar(frame: pd.DataFrame, version: str) -> Sidecar:
    """Return the description of ``country_year.csv``, with the rows that are odd as published."""
    odd = out_of_order(frame)
    return Sidecar(
        producer="Uppsala Conflict Data Program (UCDP), Uppsala University",
        title="Organized violence by country, year and type of violence",
        description="Deaths in state-based, non-state and one-sided violence inside each country's borders, one row "
        "for each country, year and type; a zero means that UCDP recorded none.",
        citation_full="Davies, Shawn, Therese Pettersson, Margareta Sollenberg and Magnus Öberg (2025), Journal of "
        "Peace Research 62(4); UCDP Country-Year Dataset on Organized Violence within Country Borders, "
        f"version {version}, Uppsala Conflict Data Program, Uppsala University.",
        version=version,
        url="https://ucdp.uu.se/downloads/",
        date_accessed=ACCESSED,
        licence=CC_BY,
        redistribution="allowed with credit to UCDP",
        built_by="python -m helpers.cli ingest ucdp-country-year FILE.csv",
        notes=[
            "The sum of civilians over the three types equals UCDP's own total of civilians for every row.",
            f"As published, {len(odd)} rows do not have low, best and high in order: {', '.join(odd)}.",
        ],
        key=["country", "year", "type_of_violence"],
        columns={
            "country": text("country as UCDP spells it"),
            "country_id": count("", "Gleditsch and Ward country number"),
            "region": text("UCDP region"),
            "year": count("year", "calendar year"),
            "type_of_violence": text("UCDP type of violence", allowed=list(TYPES.values())),
            "deaths_low": count("deaths", "low estimate"),
            "deaths_best": count("deaths", "best estimate"),
            "deaths_high": count("deaths", "high estimate"),
            "civilians": count(
                "deaths", "civilians in the best estimate; one-sided violence less the unknown"
            ),
            "dyads": count("dyads", "active dyads (one-sided: actor against civilians)"),
        },
    )


def build(sources: list[Path], out: Path) -> list[Path]:
    """Build ``country_year.csv`` from UCDP's file."""
    wide = read_csv(sources[0], columns_needed())
    table = out / "country_year.csv"
    frame = long_form(wide)
    put(frame, table, sidecar(frame, str(wide["version"].iloc[0])))
    return [table]
