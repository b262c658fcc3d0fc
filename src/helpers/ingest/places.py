"""The table of place names: spellings of each source, spans of validity, places on the map."""

from pathlib import Path

import pandas as pd

from helpers.ingest.as_published import publish
from helpers.ingest.facts import read_facts
from helpers.ingest.looked import one_country
from helpers.ingest.places_facts import PlaceFacts
from helpers.ingest.places_rows import (
    census_rows,
    district_rows,
    province_rows,
    published_rows,
    regular_rows,
    split_rows,
)
from helpers.ingest.publisher import address, text
from helpers.ingest.ucdp_ged import events_of
from helpers.ingest.ucdp_layout import open_sheet
from helpers.raw.sidecar import Column

SOURCES = (
    "events of GED or Candidate (csv, zip, xlsx), the newest last, for spellings and coordinates "
    "of districts"
)
NEEDED = ["province", "district", "latitude", "longitude", "where_prec"]
NAMES = {"province": "adm_1", "district": "adm_2"}
KEY = ["level", "spelling", "source", "valid_from"]
COLUMNS = {
    "level": text("province or district", allowed=["province", "district"]),
    "name": text("canonical name"),
    "province": text("province in which the unit lies today"),
    "spelling": text("as the source writes it"),
    "source": text("who writes it so"),
    "valid_from": Column(type="date", meaning="first day, empty: from the start", nullable=True),
    "valid_to": Column(
        type="date", meaning="first day on which it no longer holds, empty: it holds", nullable=True
    ),
    "successor": text("unit that holds it today", nullable=True),
    "latitude": Column(
        type="number", unit="degrees north", meaning="median of events", nullable=True
    ),
    "longitude": Column(
        type="number", unit="degrees east", meaning="median of events", nullable=True
    ),
    "note": text("what a reader must know", nullable=True),
    "url": address("address of the date or of the list", nullable=True),
    "undivided": text("unit under which a source may still count this one", nullable=True),
}


def table_rows(events: pd.DataFrame, facts: PlaceFacts) -> pd.DataFrame:
    """Return the whole table; every canonical name is also a spelling of itself.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`~helpers.ingest.places_rows.district_rows` takes them.
    facts : PlaceFacts
        Names of the country's units.

    Returns
    -------
    pandas.DataFrame
        One row for each spelling and span of validity, columns as in :data:`COLUMNS`.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> facts = read_facts(facts_path("places"), PlaceFacts).model_copy(
    ...     update={"provinces": {"North": {"UCDP": ["N."]}}, "ended": {}, "splits": [],
    ...             "census": None, "published": {}})
    >>> none = pd.DataFrame(columns=["adm_1", "adm_2", *NEEDED[2:]])
    >>> table_rows(none, facts)[["name", "spelling", "source"]].to_numpy().tolist()
    [['North', 'N.', 'UCDP'], ['North', 'North', 'canonical']]
    """
    rows = [*province_rows(facts), *district_rows(events, facts)]
    rows += [row for split in facts.splits for row in split_rows(split)]
    rows += census_rows(facts.census, facts.districts) if facts.census else []
    rows += published_rows(facts.published, rows)
    rows += regular_rows(facts.districts, rows)
    said = {(row["level"], row["spelling"]) for row in rows}
    own = {(row["level"], row["name"]): row for row in rows}
    rows += [
        {
            "level": level,
            "name": name,
            "province": row["province"],
            "spelling": name,
            "source": "canonical",
            "successor": row.get("successor", ""),
        }
        for (level, name), row in own.items()
        if (level, name) not in said
    ]
    whole = {part: name for name, parts in facts.undivided.items() for part in parts}
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["undivided"] = frame["name"].map(whole).where(frame["level"] == "district")
    words = [name for name, column in COLUMNS.items() if column.type != "number"]
    frame[words] = frame[words].astype("object").fillna("")
    return frame.sort_values(["level", "name", "spelling", "valid_from"], kind="stable")


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of place names.

    Parameters
    ----------
    sources : list of pathlib.Path
        Files of events of GED or Candidate, the newest last.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.places_facts.PlaceFacts`.
    version : str, optional
        Version of files that tell none.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When a file is not what it should be.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> sources = [Path("nowhere.csv")]
    >>> build(sources, Path(), facts_path("places"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, PlaceFacts)
    sheets = [open_sheet(source) for source in sources]
    # Of a place every version tells the same: the newest row of an event stands.
    events = pd.concat([events_of(sheet, NEEDED, version) for sheet in sheets])
    events = events.drop_duplicates("id", keep="last")
    events = one_country(events, "country", told.country, sources[0].name)
    events = events.rename(columns=NAMES).replace({name: {"": None} for name in NAMES.values()})
    table = out / told.table
    publish(table_rows(events, told), table, told.sidecar(KEY, COLUMNS))
    return [table]
