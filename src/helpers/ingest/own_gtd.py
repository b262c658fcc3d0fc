"""A researcher's copy of the Global Terrorism Database: one row an incident."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.cells import NUMBER
from helpers.ingest.facts import read_facts
from helpers.ingest.looked import LAST_YEAR, once
from helpers.ingest.own_facts import CriteriaFacts
from helpers.ingest.own_rows import OwnRows, whole_where_whole
from helpers.ingest.own_tables import write
from helpers.ingest.own_typed import Shape, of_country
from helpers.ingest.publisher import only_one
from helpers.ingest.ucdp_cells import EventCells
from helpers.ingest.ucdp_layout import Sheet, open_sheet

SOURCES = "incidents (xlsx, csv, zip)"
KIND = "a copy of the Global Terrorism Database"
NAMES = {
    "id": ("eventid",),
    "country": ("country_txt",),
    "admin1": ("provstate",),
    "admin2": ("city",),
    "type": ("attacktype1_txt",),
    "side_a": ("gname",),
    "side_b": ("targtype1_txt",),
    "deaths": ("nkill",),
    "doubt": ("doubtterr",),
}
CRITERIA = ["crit1", "crit2", "crit3"]
PLAIN = ["admin1", "admin2", "type", "side_a", "side_b"]
NEEDED = ["id", "iyear", "imonth", "iday", "country", *PLAIN, "deaths", "doubt", *CRITERIA]
UNKNOWN = ("", "-9", "-99")  # of deaths, and of doubt
MOST_MOVED = 0.1  # of incidents
# What a program appends that takes a column with an empty cell for one of decimals.
NOUGHT = ".0"


def read(sheet: Sheet, facts: CriteriaFacts, country: str) -> OwnRows:
    """Return the incidents of one country that count.

    Parameters
    ----------
    sheet : Sheet
        The database, or a part of it.
    facts : CriteriaFacts
        Which incidents count, and how the source spells countries.
    country : str
        As UCDP spells it.

    Returns
    -------
    OwnRows
        One row an incident; deaths are missing where none are stated.

    Raises
    ------
    InputError
        When a column is missing, or a cell is not what it should be, with file, row and column.
    """
    shape = Shape("id", r"\d{12}", "a number of 12 digits")
    cells, n_rows, told = of_country(sheet, NAMES, (NEEDED, []), shape, facts, country)
    once(cells, ["id"], "incident")
    date = _dates(cells, facts)
    deaths = _deaths(cells)
    events = cells.text[PLAIN].assign(
        date=date, events=1, deaths=deaths, deaths_unstated=deaths.isna().astype("int64")
    )
    few = sum(cells.within(name, 0, 1) for name in CRITERIA) < facts.criteria
    told[f"fewer than {facts.criteria} of the criteria of inclusion"] = int(few.sum())
    doubt = cells.text["doubt"].str.removesuffix(NOUGHT)
    cells.refuse(~doubt.isin(["0", "1", *UNKNOWN]), "doubt", "0, 1, -9 or nothing")
    doubtful = doubt.isin(facts.doubted) & ~few
    told["doubted to be terrorism"] = int(doubtful.sum())
    events = events[~(few | doubtful)]
    if events.empty:
        raise InputError(f"{sheet.name} holds no incident that counts in {country}")
    dropped = {why: number for why, number in told.items() if number}
    version = f"copy with incidents of {date.min()[:4]} to {date.max()[:4]}"
    ids = cells.text["id"]
    return OwnRows(sheet.name, KIND, facts, country, version, events, n_rows, dropped, ids)


def _deaths(cells: EventCells) -> pd.Series:
    text = cells.text["deaths"].str.removesuffix(NOUGHT)
    stated = ~text.isin(UNKNOWN)
    cells.refuse(stated & ~text.str.fullmatch(NUMBER), "deaths", "a number of at least 0")
    return whole_where_whole(pd.to_numeric(text.where(stated)))


def _dates(cells: EventCells, facts: CriteriaFacts) -> pd.Series:
    """Return days, months where the day is unknown (0), years where the month is."""
    last = min(LAST_YEAR, pd.Timestamp.now("UTC").year)
    year = cells.within("iyear", facts.first_year, last)
    # An incident keeps its number where a later edition moves it over the turn of a year.
    moved = (cells.text["id"].str[:4].astype(int) - year).abs()
    few = moved.gt(0).mean() <= MOST_MOVED
    cells.refuse(moved > int(few), "id", "a number that begins with the year")
    month, day = cells.within("imonth", 0, 12), cells.within("iday", 0, 31)
    parts = year.astype(str), month.astype(str).str.zfill(2), day.astype(str).str.zfill(2)
    whole = parts[0] + "-" + parts[1] + "-" + parts[2]
    real = pd.to_datetime(whole, format="%Y-%m-%d", errors="coerce").notna()
    cells.refuse(~real & month.gt(0) & day.gt(0), "iday", "a day of the month beside it, or 0")
    return whole.where(day.gt(0), whole.str[:7]).where(month.gt(0), whole.str[:4])


def build(sources: list[Path], out: Path, facts: Path, country: str = "") -> list[Path]:
    """Build the tables of a researcher's own events from incidents.

    Parameters
    ----------
    sources : list of pathlib.Path
        The database.
    out : pathlib.Path
        Folder of the tables and their sidecars.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.own_facts.CriteriaFacts`.
    country : str, optional
        As UCDP spells it; by default that of the facts.

    Returns
    -------
    list of pathlib.Path
        The tables.

    Raises
    ------
    InputError
        When the file is not what it should be.
    """
    told = read_facts(facts, CriteriaFacts)
    path = only_one(sources)
    return write(read(open_sheet(path), told, country or told.country), [path], out)
