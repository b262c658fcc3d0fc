"""UCDP events and deaths by half-degree cell, month and precision of the place."""

from pathlib import Path

import pandas as pd

from helpers.ingest.as_published import publish
from helpers.ingest.facts import CountryFacts, read_facts
from helpers.ingest.looked import one_country
from helpers.ingest.publisher import count
from helpers.ingest.ucdp_cell_month import COLUMNS as OF_CELLS
from helpers.ingest.ucdp_cell_month import cell_of, centres
from helpers.ingest.ucdp_facts import UcdpFacts
from helpers.ingest.ucdp_ged import read_all
from helpers.ingest.ucdp_layout import open_sheet
from helpers.ingest.ucdp_sums import NEEDED

SOURCES = "events of GED and Candidate with their places (csv, zip, xlsx)"
KEY = ["cell", "year", "month", "where_prec", "version"]
PLACED = count(
    "",
    "how well the place is known: 1 exact, 2 within 25 km, 3 district, 4 province, 5 along a line "
    "or within a wide area, 6 country, 7 at sea",
)
COLUMNS = {
    **{name: OF_CELLS[name] for name in ("cell", "latitude", "longitude", "year", "month")},
    "where_prec": PLACED,
    "version": OF_CELLS["version"],
    "events": count("events", "all types of violence"),
    "deaths_best": OF_CELLS["deaths_best"],
}


class CellFacts(UcdpFacts, CountryFacts):
    """Facts of the command: words for events, and their country."""


def of_events(events: pd.DataFrame) -> pd.DataFrame:
    """Return events and deaths by cell, month and precision.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`helpers.ingest.ucdp_ged.read_all` returns it, with latitude, longitude and
        ``where_prec``.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`.

    Examples
    --------
    >>> events = pd.DataFrame({"latitude": [34.6, 34.7], "longitude": 74.3, "where_prec": [1, 4],
    ...                        "year": 2020, "month": 5, "version": "22.1", "deaths_best": [3, 2]})
    >>> of_events(events)[["cell", "where_prec", "events", "deaths_best"]].to_numpy().tolist()
    [[179789, 1, 1, 3], [179789, 4, 1, 2]]
    """
    cell = cell_of(events["latitude"], events["longitude"])
    sums = events.assign(cell=cell, events=1).groupby(KEY, as_index=False)
    months = sums[["events", "deaths_best"]].sum()
    return months.assign(**centres(months["cell"]))[list(COLUMNS)]


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of events by cell, month and precision.

    Parameters
    ----------
    sources : list of pathlib.Path
        Files of events.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`CellFacts`.
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
    """
    told = read_facts(facts, CellFacts)
    sheets = [open_sheet(source) for source in sources]
    world = read_all(sheets, [*NEEDED, "latitude", "longitude", "where_prec"], version)
    events = one_country(world, "country", told.country, sheets[0].name)
    frame = of_events(events).sort_values(KEY, ignore_index=True)
    publish(frame, out / told.table, told.of_events(KEY, COLUMNS, events))
    return [out / told.table]
