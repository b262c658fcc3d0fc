"""Any other table of a researcher's own, read as the small YAML file beside it says."""

from pathlib import Path

import pandas as pd
from pydantic import Field

from helpers.base.errors import InputError, did_you_mean
from helpers.base.models import Strict, validated
from helpers.base.reading import read_yaml
from helpers.ingest.cells import NUMBER, Cells
from helpers.ingest.header import cells_at
from helpers.ingest.looked import LAST_YEAR, once
from helpers.ingest.own_facts import OwnFacts
from helpers.ingest.own_rows import OwnRows, require_country, spellings, whole_where_whole
from helpers.ingest.own_tables import write
from helpers.ingest.own_typed import elsewhere, tomorrow
from helpers.ingest.publisher import only_one
from helpers.ingest.ucdp_cells import EventCells
from helpers.ingest.ucdp_layout import Sheet, open_sheet

SOURCES = "table of events or counts (csv, xlsx, zip), with NAME.yml beside it"
KIND = "a table with a declared mapping"
TEXTS = ["admin1", "admin2", "type", "side_a", "side_b"]
MONTH = r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])"


class PlainColumns(Strict):
    """Which column of the file holds what; what is left out is not there.

    Attributes
    ----------
    date : str
        A day, or a month like 2024-02.
    country, admin1, admin2, type, side_a, side_b : str
        Where, what and who.
    events : str
        How many events a row stands for; without it each row is one.
    deaths : str
        How many were killed; an empty cell is not stated.
    id : str
        What identifies an event.
    """

    date: str
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    type: str = ""
    side_a: str = ""
    side_b: str = ""
    events: str = ""
    deaths: str = ""
    id: str = ""


class PlainFacts(OwnFacts):
    """What the file beside the table declares.

    Attributes
    ----------
    version : str
        Edition of the table.
    columns : PlainColumns
        Which column is what.
    """

    version: str = Field(min_length=1)
    columns: PlainColumns


def mapping_path(path: Path) -> Path:
    """Return where the mapping of a table stands.

    Parameters
    ----------
    path : pathlib.Path
        The table.

    Returns
    -------
    pathlib.Path
        ``NAME.yml`` beside it.

    Examples
    --------
    >>> mapping_path(Path("mine.csv")).name
    'mine.yml'
    """
    return path.with_suffix(".yml")


def facts_of(sources: list[Path]) -> Path:
    """Return the mapping of the table that a command is given.

    Parameters
    ----------
    sources : list of pathlib.Path
        The table.

    Returns
    -------
    pathlib.Path
        As of :func:`mapping_path`.

    Raises
    ------
    InputError
        When there is none.
    """
    read_mapping(sources[0])
    return mapping_path(sources[0])


def read_mapping(path: Path) -> PlainFacts:
    """Return what is declared of a table.

    Parameters
    ----------
    path : pathlib.Path
        The table.

    Returns
    -------
    PlainFacts
        Of the file beside it.

    Raises
    ------
    InputError
        When there is none, or it lacks an entry.

    Examples
    --------
    >>> read_mapping(Path("nowhere.csv"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: nowhere.csv is of no publisher whose columns are known, and ...
    """
    declared = mapping_path(path)
    if not declared.exists():
        raise InputError(
            f"{path.name} is of no publisher whose columns are known, and {declared.name} is not "
            "beside it; write there source, version, scope, producer, citation_full, url, licence, "
            "redistribution and columns (date, events, deaths, ...)"
        )
    return validated(PlainFacts, read_yaml(declared), declared.name)


def _places(sheet: Sheet, columns: PlainColumns) -> dict[str, int]:
    header = [name.strip().removeprefix("\ufeff") for name in sheet.header]
    places = {}
    for name, spelt in columns.model_dump().items():
        if not spelt:
            continue
        if header.count(spelt) != 1:
            told = "stands there twice" if spelt in header else "is missing"
            raise InputError(
                f"{sheet.name}, line 1: column '{spelt}' {told}, which the mapping names as "
                f"'{name}'" + ("" if spelt in header else did_you_mean(spelt, header))
            )
        places[name] = header.index(spelt)
    return places


def read(sheet: Sheet, facts: PlainFacts, country: str) -> OwnRows:
    """Return the rows of one country.

    Parameters
    ----------
    sheet : Sheet
        The table.
    facts : PlainFacts
        Which column is what.
    country : str
        As UCDP spells it.

    Returns
    -------
    OwnRows
        One row a row of the file.

    Raises
    ------
    InputError
        When a column is missing, or a cell is not what it should be, with file, row and column.
    """
    places = _places(sheet, facts.columns)
    cells = cells_at(sheet, places)
    n_rows, n_others = len(cells.text), 0
    if "country" in places:
        here = cells.text["country"].isin(spellings(facts, country))
        others = cells.text.loc[~here, "country"].drop_duplicates()
        rows_of = {str(name): int(str(row)) for row, name in others.items()}
        n_others = len(rows_of)
        require_country(rows_of, int(here.sum()), country, sheet, places["country"])
        cells = Cells(cells.file, cells.text[here], cells.spelt)
    elif country != facts.country:
        raise InputError(
            f"{sheet.name} is of '{facts.country}' by its mapping, not of '{country}': name a "
            "column of countries, or that country"
        )
    text = cells.text.assign(**{name: "" for name in TEXTS if name not in places})
    cells = EventCells(cells.file, text, cells.spelt)
    if "id" in places:
        once(cells, ["id"], "event")
    elif "events" in places:
        once(cells, ["date", *(name for name in TEXTS if name in places)], "date, place and kind")
    deaths = _deaths(cells) if "deaths" in places else pd.Series(pd.NA, cells.text.index, "Int64")
    number = cells.whole("events") if "events" in places else pd.Series(1, cells.text.index)
    events = cells.text[TEXTS].assign(
        date=_dates(cells, facts),
        events=number,
        deaths=deaths,
        deaths_unstated=number.where(deaths.isna(), 0),
    )
    away = elsewhere(n_rows - len(events), n_others)
    ids = cells.text["id"] if "id" in places else None
    return OwnRows(sheet.name, KIND, facts, country, facts.version, events, n_rows, away, ids)


def _deaths(cells: Cells) -> pd.Series:
    text = cells.text["deaths"]
    cells.refuse(~text.str.fullmatch(f"({NUMBER})?"), "deaths", "a number of at least 0, or none")
    return whole_where_whole(pd.to_numeric(text.where(text.ne(""))))


def _dates(cells: EventCells, facts: OwnFacts) -> pd.Series:
    text = cells.text["date"]
    months = text.str.fullmatch(MONTH)
    cells.refuse(
        ~months if months.any() else months,
        "date",
        "a month like 2024-02, as in the other rows",
    )
    day = pd.to_datetime(text, format="%Y-%m") if months.any() else cells.days("date")[0]
    cells.refuse(
        ~day.dt.year.between(facts.first_year, LAST_YEAR) | (day > tomorrow()),
        "date",
        f"a date from {facts.first_year} to today",
    )
    return day.dt.strftime("%Y-%m" if months.any() else "%Y-%m-%d")


def build(sources: list[Path], out: Path, facts: Path, country: str = "") -> list[Path]:
    """Build the tables of a researcher's own events from a table with a mapping.

    Parameters
    ----------
    sources : list of pathlib.Path
        The table.
    out : pathlib.Path
        Folder of the tables and their sidecars.
    facts : pathlib.Path
        The mapping, YAML of :class:`PlainFacts`.
    country : str, optional
        As UCDP spells it; by default that of the mapping.

    Returns
    -------
    list of pathlib.Path
        The tables.

    Raises
    ------
    InputError
        When the file is not what it should be.
    """
    path = only_one(sources)
    told = validated(PlainFacts, read_yaml(facts), facts.name)
    return write(read(open_sheet(path), told, country or told.country), [path], out)
