"""UCDP events of any edition as one frame: the same names, whole numbers, days and version.

GED 17.1 and later and the candidate events differ in names, order and number of columns, in how
they write dates, and in a row of tags that some copies carry under the header. Layout is read
liberally, values strictly: what is no count, no day or no known type is told with its row.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.looked import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_FAR,
    adds_up,
    in_order,
    once,
    one_country,
    one_each,
)
from helpers.ingest.stream import Wanted
from helpers.ingest.ucdp_cells import EventCells
from helpers.ingest.ucdp_columns import CANDIDATE
from helpers.ingest.ucdp_header import ALWAYS, NAMES, VERSION_COLUMN, located, without_header
from helpers.ingest.ucdp_layout import Sheet, find, open_sheet
from helpers.ingest.ucdp_versions import came_out, last_day, named, order, release_of, series

DEATHS = [name for name in NAMES if name.startswith("deaths_")] + ["civilians"]
WHOLE = ["id", "dyad_id", "country_id", *DEATHS]
# Whose sum the best estimate is, in every edition.
PARTS = ["deaths_a", "deaths_b", "civilians", "deaths_unknown"]
DEGREES = {"latitude": 90.0, "longitude": 180.0}
PRECISION = 1, 7  # of a place: exact, ..., on the high seas


def read_events(
    path: Path, columns: Sequence[str] = (), version: str | None = None
) -> pd.DataFrame:
    """Return the events of a file.

    Parameters
    ----------
    path : pathlib.Path
        Events of GED or Candidate, of a country or of the world: CSV, Excel, or a zip with one.
    columns : sequence of str
        Keys of :data:`~helpers.ingest.ucdp_header.NAMES`, beside those always needed.
    version : str, optional
        Version of a file that tells none.

    Returns
    -------
    pandas.DataFrame
        One row an event, indexed by its row in the file: the columns, counts as whole numbers,
        days as such, type of violence in words; ``year`` and ``month`` of the first day;
        ``release`` as the publisher numbers it, ``version`` as the tables call it.

    Raises
    ------
    InputError
        When the file lacks a column or tells two versions, or a cell is not what it should be; the
        sentence names file, row and column.

    Examples
    --------
    >>> read_events(Path("nowhere.csv"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    return events_of(open_sheet(path), columns, version)


def events_of(
    sheet: Sheet,
    columns: Sequence[str] = (),
    version: str | None = None,
    country: str | None = None,
    maybe: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the events of an opened file, as :func:`read_events` does.

    Parameters
    ----------
    sheet : Sheet
        The file.
    columns : sequence of str
        Keys of :data:`~helpers.ingest.ucdp_header.NAMES`, beside those always needed.
    version : str, optional
        Version of a file that tells none.
    country : str, optional
        The country whose events are wanted, which alone are taken out of a large file.
    maybe : sequence of str
        Columns of text that a file need not have; they are empty then.

    Returns
    -------
    pandas.DataFrame
        As of :func:`read_events`; of a file that is not large those of all countries.

    Raises
    ------
    InputError
        As of :func:`read_events`.
    """
    needed = list(dict.fromkeys([*ALWAYS, *columns]))
    places = located(sheet, needed, ["year", *maybe])
    bare = without_header(sheet)
    spelt = {name: NAMES[name][0] if bare else sheet.header[places[name]] for name in needed}
    spelt |= {name: name for name in ["year", *maybe]}
    large = country is not None and sheet.where is not None
    text = _text_of(sheet, places, str(country)) if large else _text(sheet, places)
    cells = EventCells(sheet.name, text, spelt)
    if cells.text.empty:
        raise InputError(f"{sheet.name} holds no event")
    cells.refuse(cells.text["country"].eq(""), "country", "the name of a country")
    events = cells.text.assign(**{name: "" for name in maybe if name not in places})
    for name in needed:
        if name in WHOLE:
            events[name] = cells.whole(name)
        elif name in DEGREES:
            events[name] = cells.degrees(name, DEGREES[name])
        elif name == "where_prec":
            events[name] = cells.within(name, *PRECISION)
    once(cells, ["id"], "event")
    if {"country_id", "country"} <= set(places):
        one_each(cells, "country_id", "country")
        one_each(cells, "country", "country_id")
    if {"deaths_low", "deaths_high"} <= set(events):
        in_order(cells, events, ["deaths_low", "deaths_high"])
        in_order(cells, events, ["deaths_low", "deaths_best"])
    if set(PARTS) <= set(needed):
        adds_up(cells, events, PARTS, "deaths_best", MOST_FAR)
    events["type_of_violence"] = cells.types("type_of_violence")
    start, end = cells.spans("date_start", "date_end")
    if "year" in places:
        year = cells.whole("year")
        cells.refuse(~year.between(start.dt.year, end.dt.year), "year", "the year of the event")
    events = events.assign(date_start=start, date_end=end, year=start.dt.year, month=start.dt.month)
    events = _released(events, sheet, version)
    _in_time(events, cells)
    return events


def _in_time(events: pd.DataFrame, cells: EventCells) -> None:
    """Refuse days that a release cannot hold, as those of another calendar of Excel."""
    releases = events["release"].unique()
    years = events["release"].map({one: came_out(one) for one in releases}).fillna(LAST_YEAR)
    bad = ~events["year"].between(FIRST_YEAR, years)
    if bad.any():
        until = int(years[bad.idxmax()])
        cells.refuse(bad, "date_start", f"a day of the years {FIRST_YEAR} to {until}")
    ends = {one: last_day(one.lower().removeprefix("v")) for one in releases}
    last = pd.to_datetime(events["release"].map(ends)).fillna(pd.Timestamp(LAST_YEAR, 12, 31))
    late = events["date_start"] > last
    if late.any():
        row = late.idxmax()
        cells.refuse(
            late,
            "date_start",
            f"a day to {last[row]:%Y-%m-%d}, with which version {events.at[row, 'release']} ends",
        )


def _text(sheet: Sheet, places: Mapping[str, int]) -> pd.DataFrame:
    """Return the cells of the columns, without the row of tags that some copies carry."""
    cells = sheet.rows(list(places.values())).set_axis(list(places), axis="columns")
    if without_header(sheet):
        first = pd.DataFrame([[sheet.header[at] for at in places.values()]], [1], list(places))
        cells = pd.concat([first, cells])
    tagged = len(cells) > 0 and cells.iloc[0].str.startswith("#").any()
    return cells.iloc[1:] if tagged else cells


def _text_of(sheet: Sheet, places: Mapping[str, int], country: str) -> pd.DataFrame:
    """Return the cells of one country; of the rows of others only the country is looked at."""
    found = find(sheet, list(places.values()), Wanted(places["country"], [country]))
    tagged = {name for name, row in found.values.items() if row == 2 and re.match("#[a-z]", name)}
    others = {row: name for name, row in found.values.items() if name not in tagged}
    names = pd.DataFrame({"country": pd.Series(others, dtype=str)})
    if len(found.text):
        names = pd.concat([names, pd.DataFrame({"country": [country]}, index=found.text.index[:1])])
    one_country(names, "country", country, sheet.name)
    return found.text.set_axis(list(places), axis="columns")


def _released(events: pd.DataFrame, sheet: Sheet, version: str | None) -> pd.DataFrame:
    """Add the release and what the tables call it; a file is of one of them."""
    where = f"{sheet.name}, column '{VERSION_COLUMN}'"
    if "version" not in events or events["version"].eq("").all():
        release = release_of(sheet.names, version)
        return events.assign(release=release, version=series(release, sheet.name))
    empty = events["version"].eq("")
    if empty.any():
        raise InputError(f"{where}: row {empty.idxmax()} is empty, others are not")
    told = {series(release, where) for release in events["version"].unique()}
    told |= {series(name, sheet.name) for name in map(named, sheet.names) if name}
    if len(told) > 1:
        raise InputError(
            f"{sheet.name} mixes the versions {' and '.join(sorted(told))}; "
            "give each in a file of its own, named as it is"
        )
    return events.assign(release=events["version"], version=told.pop())


def read_all(
    sheets: Sequence[Sheet],
    columns: Sequence[str] = (),
    version: str | None = None,
    country: str | None = None,
) -> pd.DataFrame:
    """Return the events of several files, each event once a version.

    Later candidate releases list events of earlier ones again, revised: the latest stands.

    Parameters
    ----------
    sheets : sequence of Sheet
        Files of events.
    columns : sequence of str
        Keys of :data:`~helpers.ingest.ucdp_header.NAMES`, beside those always needed.
    version : str, optional
        Version of the files that tell none.
    country : str, optional
        As of :func:`events_of`.

    Returns
    -------
    pandas.DataFrame
        As of :func:`events_of`, indexed anew.

    Raises
    ------
    InputError
        As of :func:`read_events`; and when an event stands in two files of one release, or of
        candidate events without a number.
    """
    parts = [
        events_of(sheet, columns, version, country).assign(file=sheet.name) for sheet in sheets
    ]
    return each_once(parts, version)


def each_once(parts: Sequence[pd.DataFrame], version: str | None = None) -> pd.DataFrame:
    """Return the events of files that were read, each event once a version.

    Parameters
    ----------
    parts : sequence of pandas.DataFrame
        As of :func:`events_of`, each with the ``file`` that it was read from.
    version : str, optional
        Version of the files that tell none.

    Returns
    -------
    pandas.DataFrame
        As of :func:`read_all`.

    Raises
    ------
    InputError
        As of :func:`read_all`.
    """
    events = pd.concat(parts, ignore_index=True)
    if version and series(version, "--version") not in events["version"].unique():
        raise InputError(f"--version {version} is of no file: each tells its own version")
    ranks = {name: at for at, name in enumerate(sorted(events["release"].unique(), key=order))}
    events = events.sort_values("release", key=lambda column: column.map(ranks), kind="stable")
    one_event = ["id", "version"] if CANDIDATE in ranks else ["id", "version", "release"]
    clash = events[events.duplicated(one_event, keep=False)]
    if len(clash):
        one = clash[clash["id"] == clash["id"].iloc[0]]
        raise InputError(
            f"event {one['id'].iloc[0]} stands in {' and '.join(one['file'].unique())}, both of "
            f"version {one['release'].iloc[0]}; give one of them"
        )
    latest = events.drop_duplicates(["id", "version"], keep="last")
    return latest.drop(columns="file").reset_index(drop=True)
