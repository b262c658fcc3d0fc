"""UCDP events and deaths by dyad, country of fighting, month and version."""

from pathlib import Path

import pandas as pd

from helpers.ingest.as_published import publish
from helpers.ingest.cells import cells_of
from helpers.ingest.facts import read_facts
from helpers.ingest.looked import once, one_each, provisional, years
from helpers.ingest.publisher import count, only_one, text
from helpers.ingest.ucdp_columns import CALENDAR, CANDIDATE, SHORT, VERSION
from helpers.ingest.ucdp_facts import UcdpFacts
from helpers.ingest.ucdp_ged import read_all
from helpers.ingest.ucdp_header import is_of_events
from helpers.ingest.ucdp_layout import Sheet, open_sheet
from helpers.ingest.ucdp_sums import NEEDED, last_names, summed
from helpers.ingest.ucdp_versions import version_of

SOURCES = (
    "table by dyad and month summed from events (csv); or events of GED and Candidate (csv, zip, "
    "xlsx)"
)
TABLE = ["dyad_id", "events", "deaths"]
KEY = ["dyad_id", "type_of_violence", "country", "year", "month", "version"]
COLUMNS = {
    "dyad_id": count("", "number of the dyad (one-sided: of the actor against civilians)"),
    "dyad": text("the two sides as UCDP names them; empty where not stated", nullable=True),
    "type_of_violence": text("UCDP type of violence", allowed=list(SHORT.values())),
    "country": text("country of the fighting; empty where not stated", nullable=True),
    **CALENDAR,
    "version": VERSION,
    "events": count("events", "number of events"),
    "deaths_best": count("deaths", "best estimate"),
}


def months_of(table: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the months of a table by dyad, which does not tell where a dyad fought.

    Parameters
    ----------
    table : pandas.DataFrame
        ``dyad_id``, ``dyad_name``, abbreviated ``type``, ``year``, ``month``, ``events``,
        ``deaths``, ``provisional`` (0 or 1).
    version : str
        Release of the rows that are not provisional.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`; the country is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"dyad_id": [7], "dyad_name": "A - B", "type": "ns", "year": 2026,
    ...                       "month": 1, "events": 2, "deaths": 9, "provisional": 1})
    >>> months_of(table, "26.1")[["type_of_violence", "country", "version"]].to_numpy().tolist()
    [['non-state', None, 'candidate']]
    """
    names = {"dyad_name": "dyad", "deaths": "deaths_best"}
    return table.rename(columns=names).assign(
        type_of_violence=table["type"].map(SHORT),
        country=None,
        version=table["provisional"].astype(bool).map({True: CANDIDATE, False: version}),
    )[list(COLUMNS)]


def of_events(events: pd.DataFrame) -> pd.DataFrame:
    """Return the months of events by dyad and country.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`helpers.ingest.ucdp_ged.read_all` returns it, with ``dyad_id`` and ``dyad``.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`; a dyad has one name, its latest.
    """
    months = summed(events, KEY)
    names = months["dyad_id"].map(last_names(events)).replace("", None)
    return months.assign(dyad=names)[list(COLUMNS)]


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of events and deaths by dyad and month.

    Parameters
    ----------
    sources : list of pathlib.Path
        Files of events; or the table by dyad and month.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.ucdp_facts.UcdpFacts`.
    version : str, optional
        Version of a file that tells none.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When a file is not what it should be.
    """
    told = read_facts(facts, UcdpFacts)
    sheets = [open_sheet(source) for source in sources]
    if is_of_events(sheets[0]):
        events = read_all(sheets, [*NEEDED, "dyad_id", "dyad"], version)
        frame = of_events(events)
        sidecar = told.of_events(KEY, COLUMNS, events)
    else:
        only_one(sources)
        release = version_of(sources[0].name, version)
        frame = months_of(_table(sheets[0], release), release)
        sidecar = told.sidecar(
            KEY,
            COLUMNS,
            version=" and ".join(sorted(frame["version"].unique())),
            dyads=f"{frame['dyad_id'].nunique():,}",
            unnamed=f"{frame['dyad'].isna().sum():,}",
        )
    publish(frame.sort_values(KEY, ignore_index=True), out / told.table, sidecar)
    return [out / told.table]


def _table(sheet: Sheet, release: str) -> pd.DataFrame:
    """Return the table by dyad and month; a dyad need not have a name."""
    cells = cells_of(sheet, ["type"], [*TABLE, "year", "month", "provisional"], ["dyad_name"])
    names = cells.text["dyad_name"]
    table = pd.DataFrame(
        {
            **{name: cells.whole(name) for name in TABLE},
            "dyad_name": names.where(names.ne(""), None),
            "type": cells.known("type", SHORT),
            "month": cells.within("month", 1, 12),
            "provisional": provisional(cells, release),
            "year": years(cells, "year"),
        }
    )
    once(cells, ["dyad_id", "type", "year", "month"])
    one_each(cells, "dyad_id", "dyad_name")
    one_each(cells, "dyad_id", "type")
    return table
