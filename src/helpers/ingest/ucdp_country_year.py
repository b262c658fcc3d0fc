"""UCDP organized violence by country, year, type of violence and version, in long form."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.as_published import publish
from helpers.ingest.cells import read_table
from helpers.ingest.facts import read_facts
from helpers.ingest.looked import LAST_YEAR, in_order, named, once, one_each, years
from helpers.ingest.publisher import count, text
from helpers.ingest.ucdp_columns import CANDIDATE, SHORT, VERSION, of_type
from helpers.ingest.ucdp_facts import UcdpFacts
from helpers.ingest.ucdp_ged import read_all
from helpers.ingest.ucdp_header import is_of_events
from helpers.ingest.ucdp_layout import open_sheet
from helpers.ingest.ucdp_sums import NEEDED, inherited, out_of_order
from helpers.ingest.ucdp_sums import years as years_of_events
from helpers.ingest.ucdp_versions import last_year, series
from helpers.raw.contract import load

SOURCES = (
    "UCDP Country-Year Dataset on Organized Violence within Country Borders (csv); then "
    "country_month.csv, which gives the events, and the deaths of other versions; or events of GED "
    "(csv, zip, xlsx)"
)
EVENT = [*NEEDED, "country_id", "region", "dyad_id", "civilians", "deaths_unknown"]
KEYS = {
    "country_cy": "country",
    "country_id_cy": "country_id",
    "region_cy": "region",
    "year_cy": "year",
}
KEY = ["country", "year", "type_of_violence", "version"]
COLUMNS = {
    "country": text("country as UCDP spells it"),
    "country_id": count("", "Gleditsch and Ward country number"),
    "region": text("UCDP region"),
    "year": count("year", "calendar year"),
    "type_of_violence": text("UCDP type of violence", allowed=list(SHORT.values())),
    "version": VERSION,
    "events": count("events", "number of events", nullable=True),
    "deaths_low": count("deaths", "low estimate", nullable=True),
    "deaths_best": count("deaths", "best estimate"),
    "deaths_high": count("deaths", "high estimate", nullable=True),
    "civilians": count(
        "deaths",
        "civilians in the best estimate; one-sided violence less the unknown",
        nullable=True,
    ),
    "dyads": count("dyads", "active dyads (one-sided: actor against civilians)", nullable=True),
}


def columns_needed() -> list[str]:
    """Return the publisher's columns that the table is built from.

    Returns
    -------
    list of str
        Keys, deaths and dyads by type, civilians, and the version.

    Examples
    --------
    >>> columns_needed()[4:7]
    ['sb_total_deaths_low_cy', 'sb_total_deaths_best_cy', 'sb_total_deaths_high_cy']
    """
    parts = ("total_deaths_low", "total_deaths_best", "total_deaths_high", "dyad_count")
    civilians = ["sb_deaths_civilians_cy", "ns_deaths_civilians_cy", "os_killings_unknown_cy"]
    return [
        *KEYS,
        *(f"{kind}_{part}_cy" for kind in SHORT for part in parts),
        *civilians,
        "version",
    ]


def long_form(wide: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each country, year and type of violence.

    Parameters
    ----------
    wide : pandas.DataFrame
        One row a country and year, with the columns of :func:`columns_needed`; deaths a year.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS` but the events, which the file does not hold; deaths a year.

    Examples
    --------
    >>> wide = pd.DataFrame([dict.fromkeys(columns_needed(), 0) | {
    ...     "country_cy": "Chad", "os_total_deaths_best_cy": 10, "os_killings_unknown_cy": 3}])
    >>> long_form(wide)[["type_of_violence", "deaths_best", "civilians"]].to_numpy().tolist()[2]
    ['one-sided', 10, 7]
    """
    parts = []
    for kind, name in SHORT.items():
        # In one-sided violence the dead are civilians, but for those whose standing is unknown.
        civilians = (
            wide["os_total_deaths_best_cy"] - wide["os_killings_unknown_cy"]
            if kind == "os"
            else wide[f"{kind}_deaths_civilians_cy"]
        )
        parts.append(
            wide[list(KEYS)]
            .rename(columns=KEYS)
            .assign(
                type_of_violence=name,
                version=wide["version"].astype(str),
                deaths_low=wide[f"{kind}_total_deaths_low_cy"],
                deaths_best=wide[f"{kind}_total_deaths_best_cy"],
                deaths_high=wide[f"{kind}_total_deaths_high_cy"],
                civilians=civilians,
                dyads=wide[f"{kind}_dyad_count_cy"],
            )
        )
    return pd.concat(parts, ignore_index=True)


def years_of(months: pd.DataFrame) -> pd.DataFrame:
    """Return events and deaths by country, year, type of violence and version.

    Parameters
    ----------
    months : pandas.DataFrame
        ``country_month.csv``. Candidate months are left out: they make no whole year.

    Returns
    -------
    pandas.DataFrame
        Key, ``events`` and ``deaths_best``; a sum of months that state neither is missing.

    Examples
    --------
    >>> counts = dict.fromkeys(of_type("events") + of_type("deaths"), [2, 3])
    >>> months = pd.DataFrame({"country": "Chad", "year": 2020, "version": "26.1", **counts})
    >>> years_of(months)[["type_of_violence", "events", "deaths_best"]].to_numpy().tolist()[0]
    ['state-based', 5, 5]
    """
    final = months[months["version"] != CANDIDATE]
    parts = []
    for name in SHORT.values():
        [events], [deaths] = of_type("events", [name]), of_type("deaths", [name])
        names = {events: "events", deaths: "deaths_best"}
        part = final.groupby(["country", "year", "version"])[list(names)].sum(min_count=1)
        parts.append(part.rename(columns=names).reset_index().assign(type_of_violence=name))
    return pd.concat(parts, ignore_index=True)


def grid(yearly: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return every country, year and type of violence, the last year of the file carried on.

    Parameters
    ----------
    yearly : pandas.DataFrame
        As :func:`long_form` returns it.
    last : int
        Year to end with.

    Returns
    -------
    pandas.DataFrame
        Key but the version, and what is told of a country.

    Examples
    --------
    >>> years = pd.DataFrame({"country": ["Chad", "USSR"], "country_id": 1, "region": "A",
    ...                       "year": [2024, 1991], "type_of_violence": "non-state"})
    >>> grid(years, 2025)[["country", "year"]].to_numpy().tolist()
    [['Chad', 2024], ['USSR', 1991], ['Chad', 2025]]
    """
    ours = yearly[[*KEYS.values(), "type_of_violence"]]
    end = yearly["year"].max()
    later = [ours[ours["year"] == end].assign(year=year) for year in range(end + 1, last + 1)]
    return pd.concat([ours, *later], ignore_index=True)


def with_months(yearly: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Add the events of the file's own version, and the years of the other versions.

    Parameters
    ----------
    yearly : pandas.DataFrame
        As :func:`long_form` returns it, of one version.
    months : pandas.DataFrame
        ``country_month.csv``.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`. A country and year without a month has no event, in every
        version that the months hold.
    """
    sums = years_of(months)
    parts = []
    for version, part in sums.groupby("version"):
        key = ["country", "year", "type_of_violence"]
        counts = part.drop(columns="version")
        if version in set(yearly["version"]):
            frame = yearly.merge(counts.drop(columns="deaths_best"), "left", key)
        else:
            frame = grid(yearly, part["year"].max()).merge(counts, "left", key)
            frame["deaths_best"] = frame["deaths_best"].fillna(0)
        parts.append(frame.assign(version=version, events=frame["events"].fillna(0)))
    return pd.concat(parts, ignore_index=True)


def arranged(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns and rows in their order, whole numbers as such.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns among :data:`COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        All columns of :data:`COLUMNS`, sorted by its key.
    """
    texts = ("country", "region", "type_of_violence", "version")
    numbers = dict.fromkeys([name for name in COLUMNS if name not in texts], "Int64")
    order = pd.CategoricalDtype(list(SHORT.values()), ordered=True)
    whole = frame.reindex(columns=list(COLUMNS)).astype({**numbers, "type_of_violence": order})
    return whole.sort_values(KEY, ignore_index=True)


def named_rows(frame: pd.DataFrame) -> list[str]:
    """Return the rows in words, as a note of the sidecar names them.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`long_form` returns it.

    Returns
    -------
    list of str
        Country, year and type of each.

    Examples
    --------
    >>> named_rows(pd.DataFrame(
    ...     {"country": ["Chad"], "year": [2001], "type_of_violence": ["non-state"]}))
    ['Chad 2001 (non-state)']
    """
    return [f"{row.country} {row.year} ({row.type_of_violence})" for row in frame.itertuples()]


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of deaths by country, year and type of violence.

    Parameters
    ----------
    sources : list of pathlib.Path
        The country-year file and, if at hand, ``country_month.csv``; or events of GED.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.ucdp_facts.UcdpFacts`.
    version : str, optional
        Version of the files of events that tell none.

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
    >>> build(sources, Path(), facts_path("ucdp-country-year"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, UcdpFacts)
    sheets = [open_sheet(source) for source in sources]
    of_events = [sheet for sheet in sheets if is_of_events(sheet)]
    others = [source for sheet, source in zip(sheets, sources) if sheet not in of_events]
    tables = [of_tables(others)] if others else []
    if of_events:
        events = read_all(of_events, EVENT, version)
        whole = events[events["version"] != CANDIDATE]
        if whole.empty:
            raise InputError("candidate events make no whole year; give a release of GED")
        tables.append(years_of_events(whole))
    frame = arranged(pd.concat(tables, ignore_index=True))
    odd = named_rows(frame[out_of_order(frame)])
    sidecar = (
        inherited(told.of_events(KEY, COLUMNS, whole), frame, whole)
        if of_events
        else told.sidecar(KEY, COLUMNS, version=_own(frame), n_odd=len(odd), odd=", ".join(odd))
    )
    publish(frame, out / told.table, sidecar)
    return [out / told.table]


def _own(frame: pd.DataFrame) -> str:
    """Return the version of the country-year file: the one that states civilians."""
    return str(frame.loc[frame["civilians"].notna(), "version"].iloc[0])


def of_tables(sources: list[Path]) -> pd.DataFrame:
    """Return the years of the country-year file, and those of the months where they are given.

    Parameters
    ----------
    sources : list of pathlib.Path
        The country-year file; then, if at hand, ``country_month.csv``.

    Returns
    -------
    pandas.DataFrame
        Columns among :data:`COLUMNS`.

    Raises
    ------
    InputError
        When a file is not what it should be.
    """
    texts = ["country_cy", "region_cy", "version"]
    counts = [name for name in columns_needed() if name not in texts]
    cells, wide = read_table(sources[0], texts, counts)
    once(cells, ["country_cy", "year_cy"])
    for of, what in (("country_id", "country"), ("country", "country_id"), ("country", "region")):
        one_each(cells, f"{of}_cy", f"{what}_cy")
    for release in wide["version"].unique():
        if series(release, f"{sources[0].name}, column 'version'") == CANDIDATE:
            raise InputError(f"{sources[0].name} is of version {release}, which is no whole year")
    if wide["version"].nunique() > 1:
        raise InputError(
            f"{sources[0].name} mixes the versions {named(sorted(wide['version'].unique()))}; "
            "give the years of one"
        )
    years(cells, "year_cy", last_year(wide["version"].iloc[0]) or LAST_YEAR)
    for kind in SHORT:
        in_order(cells, wide, [f"{kind}_total_deaths_{one}_cy" for one in ("low", "best", "high")])
    unknown = wide["os_killings_unknown_cy"] > wide["os_total_deaths_best_cy"]
    cells.refuse(unknown, "os_killings_unknown_cy", "no more than all that were killed")
    if len(sources) > 2:
        raise InputError(f"expected two tables, found {len(sources)}: {sources[2].name} has no use")
    frame = long_form(wide)
    return with_months(frame, load(sources[1])) if len(sources) > 1 else frame
