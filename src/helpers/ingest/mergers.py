"""Mergers, splits and alliances of militant groups: from rows of texts to one row an event.

Several texts tell of one event, and one text of several, so each event names the rows that support it.
A row that supports no event and is not listed in :data:`NO_EVENT` is an error, so none is lost silently.
"""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.mergers_sidecar import EVENTS, NO_EVENT, SIDECAR
from helpers.ingest.publisher import read_csv
from helpers.raw.put import put

SOURCES = "mergers_more.csv militant_mergers_and_splits.csv (rows of texts; columns date, event, groups, url)"
NEEDED = ["date", "event", "groups", "cumulative_since_2020_07", "url"]


def build(sources: list[Path], out: Path) -> list[Path]:
    """Write ``mergers.csv``, one row an event with the number of texts that tell of it."""
    rows = pd.concat([read(path) for path in sources], ignore_index=True)
    table = out / "mergers.csv"
    put(collapse(rows), table, SIDECAR)
    return [table]


def read(path: Path) -> pd.DataFrame:
    """Return the rows of one collection as text, with their line as ``place``."""
    frame = read_csv(path, NEEDED, dtype=str, keep_default_na=False)
    return frame[NEEDED].assign(
        place=[f"{path.name}, line {line}" for line in range(2, len(frame) + 2)]
    )


def collapse(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per event of EVENTS that ``rows`` support, in order of date."""
    text = rows["date"] + " | " + rows["event"] + " | " + rows["groups"]
    used = text.str.contains(NO_EVENT)
    events = []
    for date, event, groups, direction, place, status, pattern in EVENTS:
        support = text.str.contains(pattern)
        used |= support
        if support.any():
            found = rows[support]
            counted = pd.to_numeric(found["cumulative_since_2020_07"]).dropna().astype(int)
            urls = sorted(set(found["url"]))
            events.append(
                [
                    date,
                    event,
                    groups,
                    direction,
                    place,
                    counted.max() if len(counted) else "",
                    len(urls),
                    " | ".join(urls),
                    status,
                ]
            )
    if not used.all():
        row = rows[~used].iloc[0]
        raise InputError(
            f"{row['place']}: '{row['event']}' of {row['date']} belongs to no known event; "
            "add it to mergers_sidecar.EVENTS, or to NO_EVENT if it is none"
        )
    return pd.DataFrame(events, columns=list(SIDECAR.columns)).sort_values(
        ["date", "event"], kind="stable"
    )
