"""UCDP deaths by half-degree cell of the PRIO grid, month and version."""

from pathlib import Path

import pandas as pd

from helpers.ingest.as_published import publish
from helpers.ingest.cells import read_table
from helpers.ingest.facts import CountryFacts, read_facts
from helpers.ingest.looked import inside, months_until, once, one_country
from helpers.ingest.publisher import count, only_one
from helpers.ingest.ucdp_columns import CALENDAR, VERSION
from helpers.ingest.ucdp_facts import UcdpFacts
from helpers.ingest.ucdp_ged import read_all
from helpers.ingest.ucdp_header import is_of_events
from helpers.ingest.ucdp_layout import open_sheet
from helpers.ingest.ucdp_sums import NEEDED, summed
from helpers.ingest.ucdp_versions import version_of
from helpers.raw.sidecar import Column

SOURCES = (
    "table by cell of the PRIO grid and month summed from events (csv); or events of GED and "
    "Candidate (csv, zip, xlsx)"
)
KEY = ["cell", "year", "month", "version"]
COLUMNS = {
    "cell": count("", "number of the cell in the PRIO grid"),
    "latitude": Column(type="number", unit="degrees", meaning="of the centre, north"),
    "longitude": Column(type="number", unit="degrees", meaning="of the centre, east"),
    **CALENDAR,
    "version": VERSION,
    "deaths_best": count("deaths", "best estimate, all types of violence"),
}
# Cells of half a degree in rows of 720, from the south-west.
COLUMNS_OF_GRID, SIDE = 720, 0.5


class CellFacts(UcdpFacts, CountryFacts):
    """Facts of the command: words for tables and for events, and the country of both.

    Attributes
    ----------
    box : tuple of float
        South, west, north and east of the country in degrees, with the cells on its border.
    """

    box: tuple[float, float, float, float]


def centres(cells: pd.Series) -> pd.DataFrame:
    """Return where cells of the PRIO grid lie.

    Parameters
    ----------
    cells : pandas.Series of int, shape (n,)
        Numbers of cells, 1 at the south-west corner.

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        ``latitude`` and ``longitude`` of the centre in degrees.

    References
    ----------
    Tollefsen, Strand and Buhaug (2012), PRIO-GRID: a unified spatial data structure.

    Examples
    --------
    >>> centres(pd.Series([1, 165374])).to_numpy().tolist()
    [[-89.75, -179.75], [24.75, 66.75]]
    """
    row, column = (cells - 1) // COLUMNS_OF_GRID, (cells - 1) % COLUMNS_OF_GRID
    return pd.DataFrame(
        {"latitude": (row + 0.5) * SIDE - 90, "longitude": (column + 0.5) * SIDE - 180}
    )


def months_of(table: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the months of a table by cell.

    Parameters
    ----------
    table : pandas.DataFrame
        ``priogrid_gid``, ``month`` (``YYYY-MM``) and ``best``, deaths a month.
    version : str
        Its release.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`.

    Examples
    --------
    >>> table = pd.DataFrame({"priogrid_gid": [165374], "month": "2024-06", "best": 3})
    >>> months_of(table, "25.1").to_numpy().tolist()
    [[165374, 24.75, 66.75, 2024, 6, '25.1', 3]]
    """
    days = pd.to_datetime(table["month"], format="%Y-%m")
    return pd.DataFrame(
        {
            "cell": table["priogrid_gid"],
            **centres(table["priogrid_gid"]),
            "year": days.dt.year,
            "month": days.dt.month,
            "version": version,
            "deaths_best": table["best"],
        }
    )


def cell_of(latitude: pd.Series, longitude: pd.Series) -> pd.Series:
    """Return in which cells of the PRIO grid places lie.

    Parameters
    ----------
    latitude, longitude : pandas.Series of float, shape (n,)
        Degrees north and east.

    Returns
    -------
    pandas.Series of int, shape (n,)
        Numbers of cells.

    Examples
    --------
    >>> cell_of(pd.Series([34.821865]), pd.Series([74.355544])).tolist()
    [179789]
    """
    row, column = (latitude + 90) // SIDE, (longitude + 180) // SIDE
    return (row * COLUMNS_OF_GRID + column + 1).astype("int64")


def of_events(events: pd.DataFrame) -> pd.DataFrame:
    """Return the months of events by cell.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`helpers.ingest.ucdp_ged.read_all` returns it, with latitude and longitude.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`.
    """
    place = cell_of(events["latitude"], events["longitude"])
    months = summed(events.drop(columns=["latitude", "longitude"]).assign(cell=place), KEY)
    return months.assign(**centres(months["cell"]))[list(COLUMNS)]


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of deaths by cell and month.

    Parameters
    ----------
    sources : list of pathlib.Path
        Files of events; or the table by cell and month.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`CellFacts`.
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
    told = read_facts(facts, CellFacts)
    sheets = [open_sheet(source) for source in sources]
    if is_of_events(sheets[0]):
        world = read_all(sheets, [*NEEDED, "latitude", "longitude"], version)
        events = one_country(world, "country", told.country, sheets[0].name)
        frame = of_events(events)
        sidecar = told.of_events(KEY, COLUMNS, events)
    else:
        cells, table = read_table(only_one(sources), ["month"], ["priogrid_gid", "best"])
        release = version_of(sources[0].name, version)
        months_until(cells, "month", release)
        once(cells, ["priogrid_gid", "month"])
        inside(cells, centres(table["priogrid_gid"]), told.box, "priogrid_gid")
        frame = months_of(table, release)
        sidecar = told.sidecar(
            KEY,
            COLUMNS,
            version=", ".join(sorted(frame["version"].unique())),
            deaths=f"{frame['deaths_best'].sum():,}",
            cells=frame["cell"].nunique(),
        )
    publish(frame.sort_values(KEY, ignore_index=True), out / told.table, sidecar)
    return [out / told.table]
