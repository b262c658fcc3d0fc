"""What sources share that sort events by type: who counts, when, and in which country."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.cells import Cells
from helpers.ingest.header import Names, places_of
from helpers.ingest.looked import LAST_YEAR
from helpers.ingest.own_facts import OwnFacts, TypedFacts
from helpers.ingest.own_rows import OwnRows, require_country, spellings
from helpers.ingest.stream import Wanted
from helpers.ingest.ucdp_cells import EventCells
from helpers.ingest.ucdp_dates import EXPECTED
from helpers.ingest.ucdp_layout import Sheet, alike, find


class Shape(NamedTuple):
    """How the cells of one column look in every row, whoever's it is: a moved row shows itself.

    Attributes
    ----------
    column : str
        Our name of the column.
    pattern : str
        A regular expression that each cell is.
    expected : str
        The same in words.
    """

    column: str
    pattern: str
    expected: str


DAY = Shape("date", r"[0-9]{1,4}[-/. ].*|[0-9]{5}", EXPECTED)


def of_country(
    sheet: Sheet,
    names: Names,
    columns: tuple[list[str], list[str]],
    shape: Shape,
    facts: OwnFacts,
    country: str,
) -> tuple[EventCells, int, dict[str, int]]:
    """Return the cells of one country.

    Parameters
    ----------
    sheet : Sheet
        The file.
    names : mapping of str to tuple of str
        As of :func:`~helpers.ingest.header.places_of`.
    columns : tuple of two lists of str
        Those that are needed, ``country`` among them, and those that need not be there.
    shape : Shape
        What every row must show.
    facts : OwnFacts
        How the source spells countries.
    country : str
        As UCDP spells it.

    Returns
    -------
    cells : EventCells
        Of the rows of the country; columns that the file lacks are empty.
    rows : int
        Rows of the file.
    away : dict of str to int
        How many of them are of other countries, in words.

    Raises
    ------
    InputError
        When a column is missing, there is no row, or none of the country.
    """
    needed, maybe = columns
    places = places_of(sheet, names, needed, maybe)
    at = places["country"]
    wanted = Wanted(at, spellings(facts, country), (places[shape.column], shape.pattern))
    found = find(sheet, list(places.values()), wanted)
    if not found.rows:
        raise InputError(f"{sheet.name} holds no row below its header")
    if found.odd is not None:
        spelt = sheet.header[places[shape.column]]
        raise InputError(
            f"{sheet.name}, row {found.odd}, column '{spelt}': expected {shape.expected}"
        )
    require_country(found.values, len(found.text), country, sheet, at)
    absent = {name: "" for name in maybe if name not in places}
    text = found.text.set_axis(list(places), axis="columns").assign(**absent)
    spelt_of = {name: sheet.header[at] for name, at in places.items()}
    cells = EventCells(sheet.name, text, spelt_of | {name: name for name in absent})
    return cells, found.rows, elsewhere(found.rows - len(text), len(found.values))


def elsewhere(n_rows: int, n_countries: int) -> dict[str, int]:
    """Return in words how many rows are of other countries.

    Parameters
    ----------
    n_rows, n_countries : int
        How many rows, and of how many countries.

    Returns
    -------
    dict of str to int
        Empty where there are none.

    Examples
    --------
    >>> elsewhere(7, 3), elsewhere(2, 1), elsewhere(0, 0)
    ({'3 other countries': 7}, {'another country': 2}, {})
    """
    words = "another country" if n_countries == 1 else f"{n_countries} other countries"
    return {words: n_rows} if n_rows else {}


def dated(cells: EventCells, column: str, facts: OwnFacts) -> pd.Series:
    """Return days that the source can hold.

    Parameters
    ----------
    cells : EventCells
        Of a file, with ``year`` where it has such a column.
    column : str
        Our name of the column of days.
    facts : OwnFacts
        With which year the source begins.

    Returns
    -------
    pandas.Series of datetime64, shape (n_rows,)
        Days.

    Raises
    ------
    InputError
        For the first day that is none, lies outside, or is not of the year beside it.
    """
    day = cells.days(column)[0]
    cells.refuse(
        ~day.dt.year.between(facts.first_year, LAST_YEAR) | (day > tomorrow()),
        column,
        f"a day from {facts.first_year} to today",
    )
    if "year" in cells.text and cells.text["year"].ne("").any():
        cells.refuse(cells.whole("year") != day.dt.year, "year", "the year of the day")
    return day


def tomorrow() -> pd.Timestamp:
    """Return the day after today, as today ends later elsewhere.

    Returns
    -------
    pandas.Timestamp
        Its first moment.

    Examples
    --------
    >>> tomorrow() > pd.Timestamp(2026, 1, 1)
    True
    """
    return pd.Timestamp.now("UTC").tz_localize(None).normalize() + pd.Timedelta(days=1)


def counted(cells: Cells, rows: OwnRows, facts: TypedFacts) -> OwnRows:
    """Return the rows of the types that count.

    Parameters
    ----------
    cells : Cells
        With the column ``type``.
    rows : OwnRows
        All rows of the country, indexed as the cells.
    facts : TypedFacts
        Which types count.

    Returns
    -------
    OwnRows
        Without the others, which are counted under their name; editions differ in capitals, and
        the types are spelt as the facts spell them.

    Raises
    ------
    InputError
        When a type is not known, or no row counts.
    """
    known = [*facts.counted, *facts.dropped]
    types = cells.text["type"].map(alike).map({alike(name): name for name in known})
    cells.refuse(types.isna(), "type", f"one of {', '.join(known)}")
    counts = types.isin(facts.counted)
    if not counts.any():
        raise InputError(
            f"{rows.file} holds no event that counts in {rows.country}: all {len(types)} rows are "
            f"of {', '.join(sorted(types.unique()))}"
        )
    others: Mapping[str, int] = types[~counts].value_counts().sort_index().to_dict()
    told = {f"type {name}, which does not count": number for name, number in others.items()}
    events = rows.events.assign(type=types)[counts]
    return replace(rows, events=events, dropped=rows.dropped | told)
