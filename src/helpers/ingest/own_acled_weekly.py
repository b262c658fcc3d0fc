"""A researcher's copy of ACLED's weekly aggregate: a row a week, first-level unit and kind."""

from pathlib import Path

from helpers.ingest.facts import read_facts
from helpers.ingest.looked import once
from helpers.ingest.own_facts import TypedFacts
from helpers.ingest.own_rows import OwnRows
from helpers.ingest.own_tables import write
from helpers.ingest.own_typed import DAY, counted, dated, of_country
from helpers.ingest.publisher import only_one
from helpers.ingest.ucdp_layout import Sheet, open_sheet

SOURCES = "weekly aggregate (csv, xlsx, zip)"
KIND = "an ACLED weekly aggregate"
NAMES = {
    "date": ("week", "week_start", "event_week"),
    "type": ("event_type",),
    "admin1": ("admin1", "admin_1"),
    "deaths": ("fatalities",),
    "kind": ("sub_event_type",),
    "disorder": ("disorder_type",),
}
NEEDED = ["date", "type", "country", "admin1", "events", "deaths"]
MAYBE = ["kind", "disorder", "side_a", "side_b", "admin2"]


def read(sheet: Sheet, facts: TypedFacts, country: str) -> OwnRows:
    """Return the weeks of one country that count.

    Parameters
    ----------
    sheet : Sheet
        The aggregate.
    facts : TypedFacts
        Which types count, and how the source spells countries.
    country : str
        As UCDP spells it.

    Returns
    -------
    OwnRows
        One row a week, first-level unit and kind of event, dated by the first day of the week.

    Raises
    ------
    InputError
        When a column is missing, or a cell is not what it should be, with file, row and column.
    """
    cells, n_rows, away = of_country(sheet, NAMES, (NEEDED, MAYBE), DAY, facts, country)
    key = ["date", "admin1", "type", "kind", "disorder"]
    once(cells, key, "week, unit and kind")
    day = dated(cells, "date", facts)
    events = cells.text[["admin1", "admin2", "type", "side_a", "side_b"]].assign(
        date=day.dt.strftime("%Y-%m-%d"),
        events=cells.whole("events"),
        deaths=cells.whole("deaths"),
        deaths_unstated=0,
    )
    version = f"weekly aggregate to the week of {day.max():%Y-%m-%d}"
    ids = cells.text[key].agg(" ".join, axis=1)
    rows = OwnRows(sheet.name, KIND, facts, country, version, events, n_rows, away, ids)
    return counted(cells, rows, facts)


def build(sources: list[Path], out: Path, facts: Path, country: str = "") -> list[Path]:
    """Build the tables of a researcher's own events from a weekly aggregate.

    Parameters
    ----------
    sources : list of pathlib.Path
        The aggregate.
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
    return write(read(open_sheet(path), told, country or told.country), [path], out)
