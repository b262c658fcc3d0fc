"""Mergers, splits and alliances of militant groups: from rows of texts to one row an event.

Several texts tell of one event, and one text of several, so each event names the rows that
support it. A row that supports no event and is not listed as telling of none is an error, so none
is lost silently.
"""

import re
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.as_published import publish
from helpers.ingest.cells import COUNT, cells_of
from helpers.ingest.facts import read_facts
from helpers.ingest.mergers_facts import KEY, Event, MergersFacts, columns
from helpers.ingest.ucdp_layout import open_sheet

SOURCES = (
    "the collections of mergers (csv; rows of texts with the columns date, event, groups, url)"
)
NEEDED = ["date", "event", "groups", "url"]


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of mergers, one row an event with the number of texts that tell of it.

    Parameters
    ----------
    sources : list of pathlib.Path
        The collections.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.mergers_facts.MergersFacts`.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When a file is not what it should be, or a row belongs to no known event.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> sources = [Path("nowhere.csv")]
    >>> build(sources, Path(), facts_path("mergers"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, MergersFacts)
    rows = pd.concat([read(path, told.counted.column) for path in sources], ignore_index=True)
    table = out / told.table
    publish(collapse(rows, told), table, told.sidecar(KEY, columns(told.counted)))
    return [table]


def read(path: Path, counted: str) -> pd.DataFrame:
    """Return the rows of one collection.

    Parameters
    ----------
    path : pathlib.Path
        The collection.
    counted : str
        Its column of the cumulative count.

    Returns
    -------
    pandas.DataFrame of str
        The columns of :data:`NEEDED`, ``counted``, and ``place``: file and line.

    Raises
    ------
    InputError
        When the file is missing or lacks a column.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.csv")
    ...     _ = path.write_text("date,event,groups,joined,url\\n2020,A joins B,A; B,,http://x\\n")
    ...     read(path, "joined").iloc[0].tolist()
    ['2020', 'A joins B', 'A; B', 'http://x', '', 'a.csv, line 2']
    """
    needed = [*NEEDED, counted]
    cells = cells_of(open_sheet(path), ["date", "event", "url"], (), ["groups", counted])
    form = r"((19|20)\d{2}(-(0[1-9]|1[0-2])(-\d{2})?)?)( .*)?"
    day = cells.text["date"]
    first = day.str.split().str[0]
    known = (
        day.str.fullmatch(form) & pd.to_datetime(first, format="ISO8601", errors="coerce").notna()
    )
    cells.refuse(~known, "date", "a year, month or day like 2020-07-31")
    counts = cells.text[counted]
    cells.refuse(~counts.str.fullmatch(f"({COUNT})?"), counted, "a whole number of at least 0")
    cells.refuse(~cells.text["url"].str.match("https?://"), "url", "an address")
    return cells.text[needed].assign(place=[f"{path.name}, line {at}" for at in cells.text.index])


def collapse(rows: pd.DataFrame, facts: MergersFacts) -> pd.DataFrame:
    """Return one row for each event that a text tells of.

    Parameters
    ----------
    rows : pandas.DataFrame of str
        As :func:`read` returns them.
    facts : MergersFacts
        The events, the rows that tell of none, and the column of the cumulative count.

    Returns
    -------
    pandas.DataFrame
        Columns as in :func:`~helpers.ingest.mergers_facts.columns`, in order of date and event.

    Raises
    ------
    InputError
        For the first row that tells of no known event.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> facts = read_facts(facts_path("mergers"), MergersFacts).model_copy(update={"events": [
    ...     Event(date="2020-01", event="A joins B", groups="A; B", direction="merger",
    ...           status="verified", pattern="A joins")]})
    >>> cells = ["2020", "A joins B today", "A", "3", "x", "a.csv, line 2"]
    >>> rows = pd.DataFrame(
    ...     [cells, [*cells[:4], "y", ""]],
    ...     columns=["date", "event", "groups", facts.counted.column, "url", "place"],
    ... )
    >>> collapse(rows, facts)[["date", "n_sources", "url"]].to_numpy().tolist()
    [['2020-01', 2, 'x | y']]
    """
    said = rows["date"] + " | " + rows["event"] + " | " + rows["groups"]
    used = pd.Series(False, index=rows.index)
    for pattern in facts.no_event:
        used |= _found(pattern, said)
    events = []
    for event in facts.events:
        support = _found(event.pattern, said)
        used |= support
        if support.any():
            events.append(_row(event, rows[support], facts.counted.column))
    if not used.all():
        row = rows[~used].iloc[0]
        raise InputError(
            f"{row['place']}: '{row['event']}' of {row['date']} belongs to no known event; "
            "add it to events in the file of facts, or to no_event if it is none"
        )
    return pd.DataFrame(events, columns=list(columns(facts.counted))).sort_values(
        KEY, kind="stable"
    )


def _found(pattern: re.Pattern[str], said: pd.Series) -> pd.Series:
    """Return where the words of a row hold the pattern."""
    return said.map(lambda words: pattern.search(words) is not None).astype(bool)


def _row(event: Event, support: pd.DataFrame, counted: str) -> dict[str, Any]:
    """Return the row of an event with the rows that tell of it."""
    counts = pd.to_numeric(support[counted]).dropna().astype(int)
    urls = sorted(set(support["url"]))
    return {
        **event.model_dump(exclude={"pattern"}),
        counted: counts.max() if len(counts) else "",
        "n_sources": len(urls),
        "url": " | ".join(urls),
    }
