"""UCDP events and deaths by country, month and version."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.base.models import Strict
from helpers.ingest.facts import read_facts
from helpers.ingest.publisher import count, read_csv, text
from helpers.ingest.ucdp_columns import CALENDAR, CANDIDATE, EVENTS, SHORT, VERSION, of_type
from helpers.ingest.ucdp_facts import UcdpFacts
from helpers.ingest.ucdp_ged import is_of_events, read_all
from helpers.ingest.ucdp_layout import open_sheet
from helpers.ingest.ucdp_sums import NEEDED, summed
from helpers.ingest.ucdp_versions import version_of
from helpers.raw.put import put

SOURCES = (
    "tables by country and month summed from events (csv): one of events and deaths by type, one "
    "of estimates, one of deaths within months (countries as columns); or events of GED and "
    "Candidate (csv, zip, xlsx)"
)
KEY = ["country", "year", "month", "version"]
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


class Within(Strict):
    """What the table of deaths within months does not tell of itself.

    Attributes
    ----------
    version : str
        Release of GED that it is summed from.
    until : int
        Last year of that release; later months are of the candidate events.
    """

    version: str
    until: int


class MonthFacts(UcdpFacts):
    """Facts of the command.

    Attributes
    ----------
    within : Within
        Of the table of deaths within months.
    codes : dict of str to str
        Country as UCDP spells it, by the code of the table of estimates.
    spellings : dict of str to str
        Country as UCDP spells it, by the spelling of the table of deaths within months.
    """

    within: Within
    codes: dict[str, str]
    spellings: dict[str, str]


def by_type(table: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the months of a table of events and deaths by type of violence.

    Parameters
    ----------
    table : pandas.DataFrame
        ``country``, ``year``, ``month``, ``provisional`` (0 or 1), and events and deaths a month by
        abbreviated type (``sb_events`` …).
    version : str
        Release of the rows that are not provisional.

    Returns
    -------
    pandas.DataFrame
        Key, events and deaths by type and in all.

    Examples
    --------
    >>> counts = {f"{kind}_{measure}": [2] for kind in SHORT for measure in ("events", "deaths")}
    >>> table = pd.DataFrame({"country": ["Chad"], "year": 2026, "month": 1, "provisional": 1,
    ...                       **counts})
    >>> by_type(table, "26.1")[["version", "events", "deaths_best"]].to_numpy().tolist()
    [['candidate', 6, 6]]
    """
    names = {
        f"{kind}_{measure}": column
        for measure in ("events", "deaths")
        for kind, column in zip(SHORT, of_type(measure))
    }
    frame = table.rename(columns=names)
    return frame[["country", "year", "month", *names.values()]].assign(
        version=table["provisional"].astype(bool).map({True: CANDIDATE, False: version}),
        events=frame[of_type("events")].sum(axis=1),
        deaths_best=frame[of_type("deaths")].sum(axis=1),
    )


def estimates(table: pd.DataFrame, version: str, codes: Mapping[str, str]) -> pd.DataFrame:
    """Return the months of a table of events by type and deaths by estimate.

    Parameters
    ----------
    table : pandas.DataFrame
        ``iso3``, ``year``, ``event_month`` and ``conflict_…``, a month.
    version : str
        Its release.
    codes : mapping of str to str
        As in :class:`MonthFacts`.

    Returns
    -------
    pandas.DataFrame
        Key, events by type and in all, deaths by estimate.

    Raises
    ------
    InputError
        When a code is not among ``codes``.

    Examples
    --------
    >>> names = [f"fatalities_{e}" for e in ("low", "best", "high")] + ["events_total"]
    >>> names += [f"{kind.replace('-', '_')}_events" for kind in SHORT.values()]
    >>> table = pd.DataFrame({"iso3": ["TCD"], "year": 2024, "event_month": 3,
    ...                       **{f"conflict_{name}": [4] for name in names}})
    >>> estimates(table, "25.1", {"TCD": "Chad"})[["country", "deaths_low"]].to_numpy().tolist()
    [['Chad', 4]]
    """
    unknown = sorted(set(table["iso3"]) - set(codes))
    if unknown:
        raise InputError(
            f"country code '{unknown[0]}' is not in the facts (codes)"
            + did_you_mean(unknown[0], codes)
        )
    names = {"event_month": "month", "conflict_events_total": "events"}
    names |= {f"conflict_fatalities_{one}": f"deaths_{one}" for one in ("low", "best", "high")}
    names |= {
        f"conflict_{name.replace('-', '_')}_events": column
        for name, column in zip(SHORT.values(), of_type("events"))
    }
    frame = table.rename(columns=names).assign(country=table["iso3"].map(codes), version=version)
    return frame[["country", "year", "version", *names.values()]]


def within_months(wide: pd.DataFrame, facts: MonthFacts) -> pd.DataFrame:
    """Return the deaths of events that start and end in one month.

    A column without a name (``Unnamed: …``) is an empty rest of the publisher's export: it is
    dropped when it holds zeros only, else refused.

    Parameters
    ----------
    wide : pandas.DataFrame
        Dates in the first column, then one column of deaths a month for each country.
    facts : MonthFacts
        Its spellings, and the release that it is of.

    Returns
    -------
    pandas.DataFrame
        Key and ``deaths``, months of zeros included.

    Raises
    ------
    InputError
        When a column without a name holds deaths.
    """
    dates = pd.to_datetime(wide.iloc[:, 0])
    body = wide.iloc[:, 1:].rename(columns=facts.spellings)
    for name in [name for name in body if name.startswith("Unnamed")]:
        if body[name].any():
            raise InputError(
                f"column '{name}' has no country but holds {int(body[name].sum())} deaths"
            )
        body = body.drop(columns=name)
    calendar = pd.DataFrame({"year": dates.dt.year, "month": dates.dt.month})
    calendar["version"] = (
        calendar["year"].le(facts.within.until).map({True: facts.within.version, False: CANDIDATE})
    )
    return pd.concat([calendar, body], axis=1).melt(
        list(calendar), var_name="country", value_name="deaths"
    )


def with_spanning(months: pd.DataFrame, within: pd.DataFrame) -> pd.DataFrame:
    """Add how many of the dead of a month are of events that end in a later one.

    Parameters
    ----------
    months : pandas.DataFrame
        Key and ``deaths_best``, of any versions.
    within : pandas.DataFrame
        As :func:`within_months` returns it.

    Returns
    -------
    pandas.DataFrame
        ``months`` with ``deaths_spanning``, missing where ``within`` holds no such month.

    Raises
    ------
    InputError
        When a month holds more deaths in ``within`` than in ``months``, or has none there.

    Examples
    --------
    >>> key = {"country": ["Chad"], "year": 2020, "month": 1, "version": "25.1"}
    >>> months, within = pd.DataFrame({**key, "deaths_best": 9}), pd.DataFrame({**key, "deaths": 7})
    >>> with_spanning(months, within)["deaths_spanning"].tolist()
    [2]
    """
    # Candidate events are revised from month to month: two tables of them need not agree.
    versions = (set(months["version"]) & set(within["version"])) - {CANDIDATE}
    known = within[within["version"].isin(versions)].set_index(KEY)["deaths"]
    best = months.set_index(KEY)["deaths_best"]
    rest = best.sub(known).dropna()
    short = known.sub(best, fill_value=0).reindex(known.index)
    if (short > 0).any():
        country, year, month, version = short.idxmax()
        raise InputError(
            f"{country}, {year}-{month:02d}, version {version}: the table of deaths within months "
            f"holds {int(short.max())} more than the table of estimates; are they of one release?"
        )
    return months.merge(rest.rename("deaths_spanning").reset_index(), "left", KEY)


def joined(tables: list[pd.DataFrame], within: pd.DataFrame) -> pd.DataFrame:
    """Return the tables of months as one, with what only the deaths within months tell.

    Parameters
    ----------
    tables : list of pandas.DataFrame
        Months of one or more versions each, columns among :data:`COLUMNS`.
    within : pandas.DataFrame
        As :func:`within_months` returns it; empty where there is none. Of its candidate months
        those stand in the result that no other table covers, for any country.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`, whole numbers; months of zeros are left out.

    Raises
    ------
    InputError
        When a month of a country stands in two tables under one version.
    """
    months = pd.concat([pd.DataFrame(columns=KEY), *tables], ignore_index=True)
    if len(within):
        months = with_spanning(months, within) if len(months) else months
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


def tables_of(
    sources: list[Path], facts: MonthFacts, version: str | None = None
) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    """Return the months of tables summed by others, told apart by their columns.

    Parameters
    ----------
    sources : list of pathlib.Path
        Tables by country and month (csv).
    facts : MonthFacts
        What they do not tell of themselves.
    version : str, optional
        Version of the tables that tell none in their name.

    Returns
    -------
    tables : list of pandas.DataFrame
        Months by type or by estimate.
    within : pandas.DataFrame
        As of :func:`within_months`; empty where there is no such table.

    Raises
    ------
    InputError
        When a file is none of the three tables.
    """
    tables, within = [], [pd.DataFrame(columns=[*KEY, "deaths"])]
    for source in sources:
        table = read_csv(source)
        if "sb_events" in table:
            tables.append(by_type(table, version_of(source.name, version)))
        elif "event_month" in table:
            tables.append(estimates(table, version_of(source.name, version), facts.codes))
        elif str(table.columns[0]).startswith(("Unnamed", "date")):
            within.append(within_months(table, facts))
        else:
            raise InputError(
                f"{source.name} is neither of events nor a table of months: expected a column "
                "type_of_violence, sb_events or event_month, or dates in the first"
            )
    return tables, pd.concat(within)


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of events and deaths by country, month and version.

    Parameters
    ----------
    sources : list of pathlib.Path
        Tables by country and month, or events, in any order: they are told apart by their columns.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.ucdp_country_month.MonthFacts`.
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
        sidecar = told.of_events(KEY, COLUMNS, events)
    frame = joined(tables, within)
    if not of_events:
        sidecar = told.sidecar(KEY, COLUMNS, countries=frame["country"].nunique())
    put(frame, out / told.table, sidecar)
    return [out / told.table]
