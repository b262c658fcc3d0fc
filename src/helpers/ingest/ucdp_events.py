"""UCDP events of one country, summed by month, place, type of violence and dyad."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.ingest.as_published import publish
from helpers.ingest.facts import Facts, read_facts
from helpers.ingest.looked import one_country
from helpers.ingest.publisher import count, text
from helpers.ingest.ucdp_columns import TYPES, VERSION
from helpers.ingest.ucdp_facts import EventsFacts
from helpers.ingest.ucdp_ged import read_all
from helpers.ingest.ucdp_layout import open_sheet
from helpers.ingest.ucdp_merged import merged
from helpers.ingest.ucdp_sums import inherited
from helpers.raw.sidecar import Column

SOURCES = "events of GED, of one version, and Candidate events after it (csv, zip, xlsx)"
NEEDED = [
    "deaths_low",
    "deaths_high",
    "deaths_a",
    "deaths_b",
    "civilians",
    "deaths_unknown",
    "dyad",
    "side_a",
    "side_b",
    "province",
    "district",
]
KEY = ["year", "month", "province", "district", "type_of_violence", "dyad", "side_a", "side_b"]
COLUMNS = {
    "year": count("year", "calendar year"),
    "month": count(
        "month",
        "1 to 12; empty where the event starts and ends in different months",
        nullable=True,
    ),
    "province": text("first-level unit as UCDP spells it; empty where unknown", nullable=True),
    "district": text("second-level unit as UCDP spells it; empty where unknown", nullable=True),
    "type_of_violence": text("UCDP type of violence", allowed=list(TYPES.values())),
    "dyad": text("the two sides as UCDP names them"),
    "side_a": text("first side; in state-based violence the government"),
    "side_b": text("second side"),
    "events": count("events", "number of events"),
    "deaths_low": count("deaths", "low estimate"),
    "deaths_best": count("deaths", "best estimate"),
    "deaths_high": count("deaths", "high estimate"),
    "deaths_a": count("deaths", "dead of side a"),
    "deaths_b": count("deaths", "dead of side b"),
    "civilians": count("deaths", "dead civilians"),
    "deaths_unknown": count("deaths", "dead of unknown standing"),
    "deaths_squared": count("deaths squared", "sum over events of the squared best estimate"),
}


def read_country(sources: Sequence[Path], country: str, version: str | None) -> pd.DataFrame:
    """Return the events of one country: of one version, or of it and the candidate events after.

    Parameters
    ----------
    sources : sequence of pathlib.Path
        Events of the country, of several or of the world.
    country : str
        The country as UCDP spells it.
    version : str, optional
        Version of files that tell none.

    Returns
    -------
    pandas.DataFrame
        As :func:`helpers.ingest.ucdp_ged.read_all` returns them.

    Raises
    ------
    InputError
        When a file is not what it should be, has no event of the country, or the files are of two
        annual releases.

    Examples
    --------
    >>> read_country([Path("nowhere.csv")], "Chad", None)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    sheets = [open_sheet(source) for source in sources]
    events = read_all(sheets, NEEDED, version, country)
    return merged(one_country(events, "country", country, sources[0].name)).events


def month_of(events: pd.DataFrame) -> pd.Series:
    """Return the month of each event, missing where it spans two.

    Parameters
    ----------
    events : pandas.DataFrame
        ``date_start`` and ``date_end``, days.

    Returns
    -------
    pandas.Series of Int64, shape (n_events,)
        1 to 12.

    Examples
    --------
    >>> month_of(pd.DataFrame({
    ...     "date_start": pd.to_datetime(["2009-01-01", "2009-01-31"]),
    ...     "date_end": pd.to_datetime(["2009-01-09", "2009-02-01"]),
    ... })).tolist()
    [1, <NA>]
    """
    start, end = (events[name].dt.to_period("M") for name in ("date_start", "date_end"))
    return start.dt.month.where(start.eq(end)).astype("Int64")


def summed(events: pd.DataFrame) -> pd.DataFrame:
    """Return events and deaths by month, place, type of violence and dyad.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`read_country` returns them, the month of each as of :func:`month_of`.

    Returns
    -------
    pandas.DataFrame
        One row for each key of :data:`KEY`, columns as in :data:`COLUMNS`, with the version where
        there are two; the month is missing where an event spans two. ``deaths_squared`` keeps the
        spread that sums lose.

    Examples
    --------
    >>> event = dict.fromkeys(NEEDED, 1) | {"year": 2009, "month": 1}
    >>> event |= {"type_of_violence": "one-sided", "deaths_best": 1}
    >>> table = summed(pd.DataFrame([event, event | {"deaths_best": 3}]))
    >>> table[["month", "events", "deaths_best", "deaths_squared"]].iloc[0].tolist()
    [1, 2, 4, 10]
    """
    key, columns = with_version(events, KEY, COLUMNS)
    rows = events.assign(events=1, deaths_squared=events["deaths_best"] ** 2)[list(columns)]
    return rows.groupby(key, dropna=False, as_index=False, sort=True).sum()[list(columns)]


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of events of one country.

    Parameters
    ----------
    sources : list of pathlib.Path
        Files of events.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.ucdp_facts.EventsFacts`.
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
    >>> build(sources, Path(), facts_path("ucdp-events"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, EventsFacts)
    return write(read_country(sources, told.country, version), told, out / told.table)


def write(events: pd.DataFrame, told: Facts, table: Path, **more: object) -> list[Path]:
    """Write the table of events.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`read_country` returns them.
    told : Facts
        The words of the sidecar.
    table : pathlib.Path
        Where to write it.
    **more : object
        What the words may name beside :func:`figures`.

    Returns
    -------
    list of pathlib.Path
        The table.
    """
    events = events.assign(month=month_of(events))
    key, columns = with_version(events, KEY, COLUMNS)
    frame = summed(events)
    sidecar = told.sidecar(key, columns, **figures(events), **more)
    publish(frame, table, inherited(sidecar, frame, events))
    return [table]


def with_version(
    events: pd.DataFrame, key: list[str], columns: dict[str, Column]
) -> tuple[list[str], dict[str, Column]]:
    """Return key and columns of a table, with the version where the events are of two.

    Parameters
    ----------
    events : pandas.DataFrame
        ``version``.
    key : list of str
        The key of a table of one version.
    columns : dict of str to Column
        Its columns.

    Returns
    -------
    key : list of str
        With ``version`` where it is needed.
    columns : dict of str to Column
        Likewise.

    Examples
    --------
    >>> with_version(pd.DataFrame({"version": ["26.1", "candidate"]}), ["year"], {})[0]
    ['year', 'version']
    """
    if "version" not in events or events["version"].nunique() == 1:
        return key, columns
    return [*key, "version"], columns | {"version": VERSION}


def figures(events: pd.DataFrame) -> dict[str, object]:
    """Return what the words of a sidecar may name of the events.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`read_country` returns them.

    Returns
    -------
    dict
        ``version``, the releases, and ``last``, the month of the last event.

    Examples
    --------
    >>> figures(pd.DataFrame({"release": ["22.1"], "date_start": pd.Timestamp("2021-12-30")}))
    {'version': '22.1', 'last': '2021-12'}
    """
    releases = ", ".join(sorted(events["release"].unique()))
    return {"version": releases, "last": f"{events['date_start'].max():%Y-%m}"}
