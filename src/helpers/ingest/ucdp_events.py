"""UCDP events of one country, summed by month, place, type of violence and dyad."""

from pathlib import Path

import pandas as pd

from helpers.ingest.publisher import ACCESSED, CC_BY, count, read_csv, text
from helpers.raw.put import put
from helpers.raw.sidecar import Sidecar

SOURCES = "UCDP GED events of Pakistan (csv, with or without the row of tags under the header)"
TYPES = {1: "state-based", 2: "non-state", 3: "one-sided"}
NEEDED = [
    "id",
    "year",
    "type_of_violence",
    "dyad_name",
    "side_a",
    "side_b",
    "adm_1",
    "adm_2",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
]
KEY = ["year", "month", "province", "district", "type_of_violence", "dyad", "side_a", "side_b"]


def read_events(path: Path) -> pd.DataFrame:
    """Return GED events with whole numbers; the row of tags that some exports carry is dropped."""
    events = read_csv(path, NEEDED, dtype=str, keep_default_na=False)
    events = events[events["id"].str.fullmatch(r"\d+")]
    numbers = [
        "year",
        "type_of_violence",
        "deaths_a",
        "deaths_b",
        "deaths_civilians",
        "deaths_unknown",
        "best",
        "high",
        "low",
    ]
    return events.astype({name: int for name in numbers})


def month_of(events: pd.DataFrame) -> pd.Series:
    """Return the month of each event (1 to 12), missing where it spans two."""
    start, end = events["date_start"].str[:7], events["date_end"].str[:7]
    return start.str[5:].astype(int).where(start.eq(end)).astype("Int64")


def summed(events: pd.DataFrame) -> pd.DataFrame:
    """Return figures by month, place, type and dyad; the month is empty where an event spans two."""
    rows = pd.DataFrame(
        {
            "year": events["year"],
            "month": month_of(events),
            "province": events["adm_1"],
            "district": events["adm_2"],
            "type_of_violence": events["type_of_violence"].map(TYPES),
            "dyad": events["dyad_name"],
            "side_a": events["side_a"],
            "side_b": events["side_b"],
            "events": 1,
            "deaths_low": events["low"],
            "deaths_best": events["best"],
            "deaths_high": events["high"],
            "deaths_a": events["deaths_a"],
            "deaths_b": events["deaths_b"],
            "civilians": events["deaths_civilians"],
            "deaths_unknown": events["deaths_unknown"],
            "deaths_squared": events["best"] ** 2,
        }
    )
    return rows.groupby(KEY, dropna=False, as_index=False, sort=True).sum()


def sidecar() -> Sidecar:
    """Return the description of ``pakistan_events.csv``."""
    return Sidecar(
        producer="Uppsala Conflict Data Program (UCDP), Uppsala University",
        title="Events of organized violence in Pakistan by month, place, type and dyad",
        description="UCDP's georeferenced events inside Pakistan, summed to one row for each month, first- and "
        "second-level unit, type of violence and dyad. Place names stand as UCDP spells them; places.csv "
        "harmonises them.",
        citation_full="Sundberg, Ralph and Erik Melander (2013), Introducing the UCDP Georeferenced Event Dataset, "
        "Journal of Peace Research 50(4); UCDP GED version 22.1, Uppsala Conflict Data Program, "
        "Uppsala University.",
        version="22.1",
        url="https://ucdp.uu.se/downloads/",
        date_accessed=ACCESSED,
        licence=CC_BY,
        redistribution="allowed with credit to UCDP",
        built_by="python -m helpers.cli ingest ucdp-events GED.csv",
        notes=[
            "Ends in December 2021: no later event file with places is open.",
            "Events that start and end in different months have no month; the largest are two tallies of 2009 and 2010.",
            "Version 22.1 counts slightly less than the country-year table 25.1 in 2005, 2007 to 2010, 2012, 2014, "
            "2015, 2017 and 2021; the reconciliation table of the first notebook prints each difference.",
            "Kashmir's Line of Control and fighting of India and Pakistan inside Pakistan are included.",
        ],
        key=KEY,
        columns={
            "year": count("year", "calendar year"),
            "month": count(
                "month",
                "1 to 12; empty where the event starts and ends in different months",
                nullable=True,
            ),
            "province": text(
                "first-level unit as UCDP spells it; empty where unknown", nullable=True
            ),
            "district": text(
                "second-level unit as UCDP spells it; empty where unknown", nullable=True
            ),
            "type_of_violence": text("UCDP type of violence", allowed=list(TYPES.values())),
            "dyad": text("the two sides as UCDP names them"),
            "side_a": text("first side; in state-based violence the government"),
            "side_b": text("second side"),
            "events": count("events", "number of events"),
            "deaths_low": count("deaths", "low estimate"),
            "deaths_best": count("deaths", "best estimate"),
            "deaths_high": count("deaths", "high estimate"),
            "deaths_a": count("deaths", "dead of side a"),
            "deaths_b": count("deaths", "dead of side b"),
            "civilians": count("deaths", "dead civilians"),
            "deaths_unknown": count("deaths", "dead of unknown standing"),
            "deaths_squared": count(
                "deaths squared", "sum over events of the squared best estimate"
            ),
        },
    )


def build(sources: list[Path], out: Path) -> list[Path]:
    """Build ``pakistan_events.csv`` from GED events."""
    table = out / "pakistan_events.csv"
    put(summed(read_events(sources[0])), table, sidecar())
    return [table]
