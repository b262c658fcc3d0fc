"""Months of countries that others summed from events: three tables, told apart by columns."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.base.models import Strict
from helpers.ingest.cells import Cells, cells_of
from helpers.ingest.looked import (
    FIRST_YEAR,
    LAST_YEAR,
    in_order,
    once,
    one_each,
    provisional,
    years,
)
from helpers.ingest.ucdp_columns import CANDIDATE, SHORT, of_type
from helpers.ingest.ucdp_facts import UcdpFacts
from helpers.ingest.ucdp_layout import Sheet, open_sheet
from helpers.ingest.ucdp_versions import last_year, version_of

KEY = ["country", "year", "month", "version"]


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
    rest = best.sub(known)
    short = known.sub(best, fill_value=0).reindex(known.index)
    if (short > 0).any():
        country, year, month, version = short.idxmax()
        raise InputError(
            f"{country}, {year}-{month:02d}, version {version}: the table of deaths within months "
            f"holds {int(short.max())} more than the table of estimates; are they of one release?"
        )
    known_rest = rest.reindex(best.index).to_numpy()
    return months.assign(deaths_spanning=known_rest)


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
        sheet = open_sheet(source)
        if "sb_events" in sheet.header:
            release = version_of(source.name, version)
            tables.append(by_type(_typed(sheet, release), release))
        elif "event_month" in sheet.header:
            release = version_of(source.name, version)
            tables.append(estimates(_estimated(sheet, release), release, facts.codes))
        elif sheet.header[0].startswith(("Unnamed", "date")) or not sheet.header[0]:
            within.append(within_months(_wide(sheet), facts))
        else:
            raise InputError(
                f"{source.name} is neither of events nor a table of months: expected a column "
                "type_of_violence, sb_events or event_month, or dates in the first"
            )
    return tables, pd.concat(within)


def _typed(sheet: Sheet, release: str) -> pd.DataFrame:
    counts = [*(f"{kind}_{measure}" for kind in SHORT for measure in ("events", "deaths"))]
    number = [name for name in ("gwno",) if name in sheet.header]
    cells = cells_of(sheet, ["country", *number], [*counts, "year", "month", "provisional"])
    for name in number:
        cells.whole(name)
        one_each(cells, name, "country")
        one_each(cells, "country", name)
    table = cells.text[["country"]].assign(
        **{name: cells.whole(name) for name in counts},
        year=years(cells, "year"),
        month=cells.within("month", 1, 12),
        provisional=provisional(cells, release),
    )
    once(cells, ["country", "year", "month"])
    return table


def _estimated(sheet: Sheet, release: str) -> pd.DataFrame:
    parts = [f"{name.replace('-', '_')}_events" for name in SHORT.values()]
    parts += ["events_total", *(f"fatalities_{one}" for one in ("low", "best", "high"))]
    counts = [f"conflict_{part}" for part in parts]
    cells = cells_of(sheet, ["iso3"], [*counts, "year", "event_month"])
    table = cells.text[["iso3"]].assign(
        **{name: cells.whole(name) for name in counts},
        year=years(cells, "year", last_year(release) or LAST_YEAR),
        event_month=cells.within("event_month", 1, 12),
    )
    once(cells, ["iso3", "year", "event_month"])
    in_order(cells, table, [f"conflict_fatalities_{one}" for one in ("low", "best", "high")])
    return table


def _wide(sheet: Sheet) -> pd.DataFrame:
    """Return dates and, for each country, deaths; a column without a name keeps its place."""
    names = [name or f"Unnamed: {at}" for at, name in enumerate(sheet.header)]
    text = sheet.rows(range(len(names))).set_axis(names, axis="columns")
    cells = Cells(sheet.name, text, {name: name for name in names})
    if text.empty:
        raise InputError(f"{sheet.name} holds no month")
    dates = pd.to_datetime(text[names[0]], format="%Y-%m-%d", errors="coerce")
    last = dates + pd.offsets.MonthEnd(0)
    good = dates.eq(last) & dates.dt.year.between(FIRST_YEAR, LAST_YEAR)
    cells.refuse(~good, names[0], "the last day of a month like 2024-02-29")
    once(cells, names[:1])
    for name in names[1:]:
        if names.count(name) > 1:
            raise InputError(f"{sheet.name}, line 1: column '{name}' stands there twice")
    deaths = {name: cells.whole(name) for name in names[1:]}
    return pd.DataFrame({names[0]: dates, **deaths})
