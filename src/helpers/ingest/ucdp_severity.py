"""How many UCDP events of one country killed how many: the sizes that sums by month cannot keep."""

from pathlib import Path

import pandas as pd

from helpers.ingest import ucdp_events
from helpers.ingest.as_published import publish
from helpers.ingest.facts import Facts, read_facts
from helpers.ingest.publisher import count
from helpers.ingest.ucdp_facts import EventsFacts

SOURCES = ucdp_events.SOURCES
KEY = ["year", "month", "type_of_violence", "deaths_best"]
COLUMNS = {
    **{name: ucdp_events.COLUMNS[name] for name in ("year", "month", "type_of_violence")},
    "deaths_best": count("deaths", "best estimate of the dead in each of these events"),
    "events": count("events", "number of events with that many dead"),
}


def counted(events: pd.DataFrame) -> pd.DataFrame:
    """Return the number of events by year, month, type of violence and deaths.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`helpers.ingest.ucdp_events.read_country` returns them.

    Returns
    -------
    pandas.DataFrame
        One row for each key of :data:`KEY`, and version where there are two; deaths are the best
        estimate of one event.

    Examples
    --------
    >>> day = pd.Timestamp("2009-01-01")
    >>> event = {"year": 2009, "type_of_violence": "state-based", "date_start": day,
    ...          "date_end": day, "deaths_best": 4}
    >>> counted(pd.DataFrame([event, event]))[["deaths_best", "events"]].iloc[0].tolist()
    [4, 2]
    """
    key, columns = ucdp_events.with_version(events, KEY, COLUMNS)
    rows = events.assign(month=ucdp_events.month_of(events), events=1)[list(columns)]
    return rows.groupby(key, dropna=False, as_index=False, sort=True).sum()[list(columns)]


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of events of one country by how many they killed.

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
    >>> build(sources, Path(), facts_path("ucdp-severity"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, EventsFacts)
    events = ucdp_events.read_country(sources, told.country, version)
    return write(events, told, out / told.table)


def write(events: pd.DataFrame, told: Facts, table: Path, **more: object) -> list[Path]:
    """Write the table of sizes.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`helpers.ingest.ucdp_events.read_country` returns them.
    told : Facts
        The words of the sidecar.
    table : pathlib.Path
        Where to write it.
    **more : object
        What the words may name beside :func:`helpers.ingest.ucdp_events.figures`.

    Returns
    -------
    list of pathlib.Path
        The table.
    """
    key, columns = ucdp_events.with_version(events, KEY, COLUMNS)
    sidecar = told.sidecar(key, columns, **ucdp_events.figures(events), **more)
    publish(counted(events), table, sidecar)
    return [table]
