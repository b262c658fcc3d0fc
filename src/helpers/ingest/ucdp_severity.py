"""How many UCDP events of one country killed how many: the size distribution that sums by month cannot keep."""

from pathlib import Path

import pandas as pd

from helpers.ingest import ucdp_events
from helpers.ingest.publisher import ACCESSED, CC_BY, count, text
from helpers.raw.put import put
from helpers.raw.sidecar import Sidecar

SOURCES = ucdp_events.SOURCES
KEY = ["year", "month", "type_of_violence", "deaths_best"]


def counted(events: pd.DataFrame) -> pd.DataFrame:
    """Return the number of events by year, month, type of violence and deaths (best estimate)."""
    rows = pd.DataFrame(
        {
            "year": events["year"],
            "month": ucdp_events.month_of(events),
            "type_of_violence": events["type_of_violence"].map(ucdp_events.TYPES),
            "deaths_best": events["best"],
            "events": 1,
        }
    )
    return rows.groupby(KEY, dropna=False, as_index=False, sort=True).sum()


def sidecar() -> Sidecar:
    """Return the description of ``pakistan_severity.csv``."""
    return ucdp_events.sidecar().model_copy(
        update={
            "title": "Events of organized violence in Pakistan by how many they killed",
            "description": "UCDP's georeferenced events inside Pakistan, counted by month, type of violence and number of deaths "
            "(best estimate): enough for the distribution of severity, without places and sides.",
            "built_by": "python -m helpers.cli ingest ucdp-severity GED.csv",
            "date_accessed": ACCESSED,
            "licence": CC_BY,
            "notes": [
                "Ends in December 2021: no later event file is open.",
                "Events that start and end in different months have no month; the largest are two tallies of 2009 and 2010, "
                "which are sums over many fights, not events.",
            ],
            "key": KEY,
            "columns": {
                "year": count("year", "calendar year"),
                "month": count(
                    "month",
                    "1 to 12; empty where the event starts and ends in different months",
                    nullable=True,
                ),
                "type_of_violence": text(
                    "UCDP type of violence", allowed=list(ucdp_events.TYPES.values())
                ),
                "deaths_best": count("deaths", "best estimate of the dead in each of these events"),
                "events": count("events", "number of events with that many dead"),
            },
        }
    )


def build(sources: list[Path], out: Path) -> list[Path]:
    """Build ``pakistan_severity.csv`` from GED events."""
    table = out / "pakistan_severity.csv"
    put(counted(ucdp_events.read_events(sources[0])), table, sidecar())
    return [table]
