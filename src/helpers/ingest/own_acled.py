"""A researcher's export of ACLED events: one row an event, any edition."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from helpers.ingest.facts import read_facts
from helpers.ingest.header import places_of
from helpers.ingest.looked import once
from helpers.ingest.own_facts import TypedFacts
from helpers.ingest.own_rows import OwnRows
from helpers.ingest.own_tables import write
from helpers.ingest.own_typed import DAY, Shape, counted, dated, of_country
from helpers.ingest.publisher import only_one
from helpers.ingest.ucdp_cells import EventCells
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
NEEDED = ["date", "type", "country", "admin1", "admin2", "side_a", "deaths"]
MAYBE = ["id", "side_b", "year", "timestamp"]
NUMBERED = Shape("id", r"[A-Za-z]{2,4}\d+|\d+[A-Za-z]{0,4}", "the number of an event")
# What an event has alike in each row where a row is an actor of it, as in a monadic export.
ALIKE = ["date", "type", "admin1", "admin2", "deaths"]


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
        One row an event, whose version says where an export has no numbers of events: whether one
        stands in it twice cannot be told then.

    Raises
    ------
    InputError
        When a column is missing, or a cell is not what it should be, with file, row and column.
    """
    numbered = bool(places_of(sheet, NAMES, [], ["id"]))
    shape = NUMBERED if numbered else DAY
    cells, n_rows, away = of_country(sheet, NAMES, (NEEDED, MAYBE), shape, facts, country)
    if numbered:
        actors = _further_actors(cells)
        cells = replace(cells, text=_each_once(cells.text, actors))
        away |= {"a further actor of an event": int(actors.sum())} if actors.any() else {}
        once(cells, ["id"], "event")
    if cells.text["side_b"].eq("").all():
        places_of(sheet, NAMES, ["side_b"])
    day = dated(cells, "date", facts)
    events = cells.text[["admin1", "admin2", "type", "side_a", "side_b"]].assign(
        date=day.dt.strftime("%Y-%m-%d"), events=1, deaths=cells.whole("deaths"), deaths_unstated=0
    )
    kind = "export" if numbered else "export without numbers of events,"
    version = f"{kind} with events to {day.max():%Y-%m-%d}{_changed(cells.text['timestamp'])}"
    ids = cells.text["id"] if numbered else None
    rows = OwnRows(sheet.name, KIND, facts, country, version, events, n_rows, away, ids)
    return counted(cells, rows, facts)


def _further_actors(cells: EventCells) -> pd.Series:
    """Return which rows are a further actor of the event of a row above.

    A monadic export has an event twice, once for each of two actors: the second alone, or both in
    the other order.
    """
    text = cells.text
    again = text["id"].duplicated()
    first = text[~again].set_index("id")
    a, b = (text["id"].map(first[name]) for name in ("side_a", "side_b"))
    other = text["side_b"].eq(a) & text["side_a"].eq(b) | text["side_b"].eq("") & b.eq("")
    further = again & other & text["side_a"].ne(a)
    for name in ALIKE:
        odd = further & text[name].ne(text["id"].map(first[name]))
        cells.refuse(odd, name, "the same in each row of an event")
    return further


def _each_once(text: pd.DataFrame, further: pd.Series) -> pd.DataFrame:
    """Return the first row of each event, with the second actor beside the first."""
    second = text[further].drop_duplicates("id").set_index("id")["side_a"].to_dict()
    sides = [b or second.get(event, "") for event, b in zip(text["id"], text["side_b"])]
    return text.assign(side_b=sides)[~further]


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
    return write(read(open_sheet(path), told, country or told.country), [path], out)
