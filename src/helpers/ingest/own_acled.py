"""A researcher's export of ACLED events: one row an event, any edition."""

from pathlib import Path

import pandas as pd

from helpers.ingest.facts import read_facts
from helpers.ingest.looked import once
from helpers.ingest.own_facts import TypedFacts
from helpers.ingest.own_rows import OwnRows
from helpers.ingest.own_tables import write
from helpers.ingest.own_typed import Shape, counted, dated, of_country
from helpers.ingest.publisher import only_one
from helpers.ingest.ucdp_layout import Sheet, open_sheet

SOURCES = "export of events (csv, xlsx, zip)"
KIND = "an ACLED export of events"
NAMES = {
    "id": ("event_id_cnty", "data_id"),
    "date": ("event_date",),
    "type": ("event_type",),
    "side_a": ("actor1", "actor_1"),
    "side_b": ("actor2", "actor_2"),
    "admin1": ("admin1", "admin_1"),
    "admin2": ("admin2", "admin_2"),
    "deaths": ("fatalities",),
}
NEEDED = ["id", "date", "type", "country", "admin1", "admin2", "side_a", "side_b", "deaths"]
MAYBE = ["year", "timestamp"]


def read(sheet: Sheet, facts: TypedFacts, country: str) -> OwnRows:
    """Return the events of one country that count.

    Parameters
    ----------
    sheet : Sheet
        The export.
    facts : TypedFacts
        Which types count, and how the source spells countries.
    country : str
        As UCDP spells it.

    Returns
    -------
    OwnRows
        One row an event.

    Raises
    ------
    InputError
        When a column is missing, or a cell is not what it should be, with file, row and column.
    """
    shape = Shape("id", r"[A-Za-z]{2,4}\d+|\d+[A-Za-z]{0,4}", "the number of an event")
    cells, n_rows, away = of_country(sheet, NAMES, (NEEDED, MAYBE), shape, facts, country)
    once(cells, ["id"], "event")
    day = dated(cells, "date", facts)
    events = cells.text[["admin1", "admin2", "type", "side_a", "side_b"]].assign(
        date=day.dt.strftime("%Y-%m-%d"), events=1, deaths=cells.whole("deaths"), deaths_unstated=0
    )
    version = f"export with events to {day.max():%Y-%m-%d}{_changed(cells.text['timestamp'])}"
    rows = OwnRows(sheet.name, KIND, facts, country, version, events, n_rows, away)
    return counted(cells, rows, facts)


def _changed(stamps: pd.Series) -> str:
    """Return when the publisher last changed an event, which it writes in seconds since 1970."""
    seconds = pd.to_numeric(stamps.where(stamps.str.fullmatch(r"\d{9,10}")), errors="coerce").max()
    return "" if pd.isna(seconds) else f", last changed {pd.Timestamp(seconds, unit='s'):%Y-%m-%d}"


def build(sources: list[Path], out: Path, facts: Path, country: str = "") -> list[Path]:
    """Build the tables of a researcher's own events from an export.

    Parameters
    ----------
    sources : list of pathlib.Path
        The export.
    out : pathlib.Path
        Folder of the tables and their sidecars.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.own_facts.TypedFacts`.
    country : str, optional
        As UCDP spells it; by default that of the facts.

    Returns
    -------
    list of pathlib.Path
        The tables.

    Raises
    ------
    InputError
        When the file is not what it should be.
    """
    told = read_facts(facts, TypedFacts)
    path = only_one(sources)
    return write(read(open_sheet(path), told, country or told.country), path, out)
