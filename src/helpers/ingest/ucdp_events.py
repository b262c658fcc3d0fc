"""UCDP events of one country, summed by month, place, type of violence and dyad."""

from pathlib import Path

import pandas as pd

from helpers.ingest.facts import CountryFacts, read_facts
from helpers.ingest.publisher import count, only, read_csv, text
from helpers.raw.put import put

SOURCES = "UCDP GED events (csv, with or without the row of tags under the header)"
TYPES = {1: "state-based", 2: "non-state", 3: "one-sided"}
NUMBERS = [
    "year",
    "type_of_violence",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
]
NEEDED = [
    "id",
    *NUMBERS,
    "dyad_name",
    "side_a",
    "side_b",
    "adm_1",
    "adm_2",
    "date_start",
    "date_end",
    "country",
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


def read_events(path: Path, country: str) -> pd.DataFrame:
    """Return the GED events of one country.

    Parameters
    ----------
    path : pathlib.Path
        GED events of the country, of several or of the world. The row of tags that some exports
        carry under the header is dropped, as it holds no country.
    country : str
        The country as UCDP spells it.

    Returns
    -------
    pandas.DataFrame
        One row an event; the columns of :data:`NUMBERS` are whole numbers, all others text.

    Raises
    ------
    InputError
        When the file is missing, lacks a column, or has no event of the country.

    Examples
    --------
    >>> read_events(Path("nowhere.csv"), "Chad")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    events = read_csv(path, NEEDED, dtype=str, keep_default_na=False)
    return only(events, "country", country, path.name).astype(dict.fromkeys(NUMBERS, int))


def month_of(events: pd.DataFrame) -> pd.Series:
    """Return the month of each event, missing where it spans two.

    Parameters
    ----------
    events : pandas.DataFrame
        ``date_start`` and ``date_end`` as text, ``YYYY-MM-DD``.

    Returns
    -------
    pandas.Series of Int64, shape (n_events,)
        1 to 12.

    Examples
    --------
    >>> month_of(pd.DataFrame({
    ...     "date_start": ["2009-01-01", "2009-01-31"], "date_end": ["2009-01-09", "2009-02-01"]
    ... })).tolist()
    [1, <NA>]
    """
    start, end = events["date_start"].str[:7], events["date_end"].str[:7]
    return start.str[5:].astype(int).where(start.eq(end)).astype("Int64")


def summed(events: pd.DataFrame) -> pd.DataFrame:
    """Return events and deaths by month, place, type of violence and dyad.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`read_events` returns them.

    Returns
    -------
    pandas.DataFrame
        One row for each key of :data:`KEY`, columns as in :data:`COLUMNS`; the month is missing
        where an event spans two. ``deaths_squared`` keeps the spread that sums lose.

    Examples
    --------
    >>> event = dict.fromkeys(NEEDED, "A") | dict.fromkeys(NUMBERS, 1)
    >>> event |= {"date_start": "2009-01-01", "date_end": "2009-01-09"}
    >>> table = summed(pd.DataFrame([event, event | {"best": 3}]))
    >>> table[["month", "events", "deaths_best", "deaths_squared"]].iloc[0].tolist()
    [1, 2, 4, 10]
    """
    rows = pd.DataFrame(
        {
            "year": events["year"],
            "month": month_of(events),
            "province": events["adm_1"],
            "district": events["adm_2"],
            "type_of_violence": events["type_of_violence"].map(TYPES),
            "dyad": events["dyad_name"],
            "side_a": events["side_a"],
            "side_b": events["side_b"],
            "events": 1,
            "deaths_low": events["low"],
            "deaths_best": events["best"],
            "deaths_high": events["high"],
            "deaths_a": events["deaths_a"],
            "deaths_b": events["deaths_b"],
            "civilians": events["deaths_civilians"],
            "deaths_unknown": events["deaths_unknown"],
            "deaths_squared": events["best"] ** 2,
        }
    )
    return rows.groupby(KEY, dropna=False, as_index=False, sort=True).sum()


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of events of one country.

    Parameters
    ----------
    sources : list of pathlib.Path
        The file of GED events.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.facts.CountryFacts`.

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
    told = read_facts(facts, CountryFacts)
    table = out / told.table
    put(summed(read_events(sources[0], told.country)), table, told.sidecar(KEY, COLUMNS))
    return [table]
