"""UCDP events and deaths by country, month and version."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.as_published import publish
from helpers.ingest.facts import read_facts
from helpers.ingest.publisher import count, text
from helpers.ingest.ucdp_columns import CALENDAR, CANDIDATE, EVENTS, SHORT, VERSION, of_type
from helpers.ingest.ucdp_ged import read_all
from helpers.ingest.ucdp_header import is_of_events
from helpers.ingest.ucdp_layout import open_sheet
from helpers.ingest.ucdp_month_tables import KEY, MonthFacts, tables_of, with_spanning
from helpers.ingest.ucdp_sums import NEEDED, inherited, summed

SOURCES = (
    "tables by country and month summed from events (csv): one of events and deaths by type, one "
    "of estimates, one of deaths within months (countries as columns); or events of GED and "
    "Candidate (csv, zip, xlsx)"
)
DEATHS = ["deaths_low", "deaths_best", "deaths_high", *of_type("deaths")]
COLUMNS = {
    "country": text("country as country_year.csv spells it"),
    **CALENDAR,
    "version": VERSION,
    **EVENTS,
    "deaths_low": count("deaths", "low estimate", nullable=True),
    "deaths_best": count("deaths", "best estimate, all types of violence", nullable=True),
    "deaths_high": count("deaths", "high estimate", nullable=True),
    **{
        column: count("deaths", f"best estimate, {name} violence", nullable=True)
        for column, name in zip(of_type("deaths"), SHORT.values())
    },
    "deaths_spanning": count(
        "deaths", "of deaths_best those of events that end in a later month", nullable=True
    ),
}


def joined(tables: list[pd.DataFrame], within: pd.DataFrame) -> pd.DataFrame:
    """Return the tables of months as one, with what only the deaths within months tell.

    Parameters
    ----------
    tables : list of pandas.DataFrame
        Months of one or more versions each, columns among :data:`COLUMNS`.
    within : pandas.DataFrame
        Deaths of events within months, as of :func:`tables_of`; empty where there is no such
        table. Of its candidate months those stand in the result that no other table covers, for
        any country.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`, whole numbers; months of zeros are left out.

    Raises
    ------
    InputError
        When a month of a country stands in two tables under one version.
    """
    if len(within):
        tables = [
            table if "deaths_spanning" in table else with_spanning(table, within)
            for table in tables
        ]
    months = pd.concat([pd.DataFrame(columns=KEY), *tables], ignore_index=True)
    if len(within):
        calendar = ["year", "month", "version"]
        covered = pd.MultiIndex.from_frame(months[calendar])
        rest = within[(within["version"] == CANDIDATE) & (within["deaths"] > 0)]
        rest = rest[~pd.MultiIndex.from_frame(rest[calendar]).isin(covered)]
        months = pd.concat([months, rest.rename(columns={"deaths": "deaths_best"})])
    twice = months[months.duplicated(KEY)]
    if len(twice):
        row = twice.iloc[0]
        raise InputError(
            f"{row['country']}, {row['year']}-{row['month']:02d}, version {row['version']} stands "
            "in two of the tables; give one of them"
        )
    numbers = [name for name in COLUMNS if name not in ("country", "version")]
    whole = months.reindex(columns=list(COLUMNS)).astype(dict.fromkeys(numbers, "Int64"))
    return whole.sort_values(KEY, ignore_index=True)


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of events and deaths by country, month and version.

    Parameters
    ----------
    sources : list of pathlib.Path
        Tables by country and month, or events, in any order: they are told apart by their columns.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.ucdp_month_tables.MonthFacts`.
    version : str, optional
        Version of the files that tell none.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When a file is not what it should be, or the files do not agree.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> sources = [Path("nowhere.csv")]
    >>> build(sources, Path(), facts_path("ucdp-country-month"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, MonthFacts)
    sheets = [(open_sheet(source), source) for source in sources]
    of_events = [sheet for sheet, _ in sheets if is_of_events(sheet)]
    others = [source for sheet, source in sheets if sheet not in of_events]
    tables, within = tables_of(others, told, version)
    if of_events:
        events = read_all(of_events, NEEDED, version)
        tables.append(summed(events, KEY))
    frame = joined(tables, within)
    if of_events:
        sidecar = inherited(told.of_events(KEY, COLUMNS, events), frame, events)
    else:
        sidecar = told.sidecar(KEY, COLUMNS, countries=frame["country"].nunique())
    publish(frame, out / told.table, sidecar)
    return [out / told.table]
