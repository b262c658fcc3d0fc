"""UCDP events and deaths by first-level unit, month and version, with what is in no unit."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.as_published import publish
from helpers.ingest.cells import read_table
from helpers.ingest.facts import read_facts
from helpers.ingest.looked import adds_up, months_until, once
from helpers.ingest.publisher import count, text
from helpers.ingest.ucdp_columns import CALENDAR, EVENTS, SHORT, VERSION, of_type
from helpers.ingest.ucdp_facts import UcdpFacts
from helpers.ingest.ucdp_ged import read_all
from helpers.ingest.ucdp_header import is_of_events
from helpers.ingest.ucdp_layout import open_sheet
from helpers.ingest.ucdp_sums import NEEDED, summed
from helpers.ingest.ucdp_versions import version_of
from helpers.raw.contract import load

SOURCES = (
    "table by country, first-level unit and month summed from events (csv), then "
    "country_month.csv; or events of GED and Candidate (csv, zip, xlsx)"
)
COUNTS = [*EVENTS, "deaths_best"]
KEY = ["country", "province", "year", "month", "version"]
COLUMNS = {
    "country": text("country as country_year.csv spells it"),
    "province": text(
        "first-level unit as UCDP spells it; empty: events placed in no unit", nullable=True
    ),
    **CALENDAR,
    "version": VERSION,
    **EVENTS,
    "deaths_best": count("deaths", "best estimate, all types of violence"),
}


def months_of(table: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the months of a table by country and first-level unit.

    Parameters
    ----------
    table : pandas.DataFrame
        ``country``, ``adm_1``, ``month`` (``YYYY-MM``), events (``n_events``, ``n_sb`` …) and
        ``deaths`` a month.
    version : str
        Its release.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["Chad"], "adm_1": "Lac", "month": "2020-03",
    ...                       "n_events": 2, "n_sb": 1, "n_ns": 0, "n_os": 1, "deaths": 5})
    >>> months_of(table, "25.1").iloc[:, :6].to_numpy().tolist()
    [['Chad', 'Lac', 2020, 3, '25.1', 2]]
    """
    names = dict(zip([f"n_{kind}" for kind in SHORT], of_type("events")))
    names |= {"adm_1": "province", "n_events": "events", "deaths": "deaths_best"}
    days = pd.to_datetime(table["month"], format="%Y-%m")
    frame = table.rename(columns=names)
    return frame.assign(year=days.dt.year, month=days.dt.month, version=version)[list(COLUMNS)]


def with_rest(provinces: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """Add a row for each month whose units hold less than its country.

    Parameters
    ----------
    provinces : pandas.DataFrame
        Columns as in :data:`COLUMNS`, of one version.
    months : pandas.DataFrame
        ``country_month.csv``.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`; the province of an added row is missing. The rows of a month
        sum to its country in every count.

    Raises
    ------
    InputError
        When the country is not in ``months``, or its units hold more than it does.

    Examples
    --------
    >>> row = {"country": ["Chad"], "year": 2020, "month": 1, "version": "25.1"}
    >>> provinces = pd.DataFrame({**row, "province": "Lac", **dict.fromkeys(COUNTS, 3)})
    >>> months = pd.DataFrame({**row, **dict.fromkeys(COUNTS, 4)})
    >>> with_rest(provinces, months)[["province", "events"]].to_numpy().tolist()
    [['Lac', 3], [nan, 1]]
    """
    key = ["country", "year", "month", "version"]
    for country in sorted(set(provinces["country"]) - set(months["country"])):
        raise InputError(
            f"country '{country}' is not in country_month.csv"
            + did_you_mean(country, months["country"].unique())
        )
    same = (
        months["version"].isin(provinces["version"])
        & months["country"].isin(provinces["country"])
        & months["year"].between(provinces["year"].min(), provinces["year"].max())
    )
    of_country = months[same].set_index(key)[COUNTS].astype("int64")
    rest = of_country.sub(provinces.groupby(key)[COUNTS].sum(), fill_value=0).astype("int64")
    if (rest < 0).any(axis=None):
        country, year, month, version = rest.min(axis=1).idxmin()
        raise InputError(
            f"{country}, {year}-{month:02d}: the first-level units hold more than the country in "
            f"version {version}; are they of one release?"
        )
    rest = rest[(rest > 0).any(axis=1)].reset_index()
    return pd.concat([provinces, rest], ignore_index=True)[list(COLUMNS)]


def of_events(events: pd.DataFrame) -> pd.DataFrame:
    """Return the months of events by first-level unit.

    Parameters
    ----------
    events : pandas.DataFrame
        As :func:`helpers.ingest.ucdp_ged.read_all` returns it, with ``province``.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`; the unit is missing where events are placed in none.
    """
    return summed(events.replace({"province": {"": None}}), KEY)[list(COLUMNS)]


def build(sources: list[Path], out: Path, facts: Path, version: str | None = None) -> list[Path]:
    """Build the table of events and deaths by first-level unit and month.

    Parameters
    ----------
    sources : list of pathlib.Path
        Files of events; or the table by first-level unit, then ``country_month.csv``.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.ucdp_facts.UcdpFacts`.
    version : str, optional
        Version of a file that tells none.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When a file is not what it should be, or the files do not agree.
    """
    told = read_facts(facts, UcdpFacts)
    sheets = [open_sheet(source) for source in sources]
    if is_of_events(sheets[0]):
        events = read_all(sheets, [*NEEDED, "province"], version)
        frame = of_events(events)
        sidecar = told.of_events(KEY, COLUMNS, events)
    else:
        frame = _with_table(sources, version)
        sidecar = told.sidecar(KEY, COLUMNS, **_figures(frame))
    publish(frame.sort_values(KEY, ignore_index=True), out / told.table, sidecar)
    return [out / told.table]


def _with_table(sources: list[Path], version: str | None) -> pd.DataFrame:
    counts = ["n_events", "deaths", *(f"n_{kind}" for kind in SHORT)]
    cells, table = read_table(sources[0], ["country", "adm_1", "month"], counts)
    release = version_of(sources[0].name, version)
    months_until(cells, "month", release)
    once(cells, ["country", "adm_1", "month"])
    adds_up(cells, table, [f"n_{kind}" for kind in SHORT], "n_events")
    if len(sources) != 2:
        raise InputError(
            f"beside {sources[0].name} country_month.csv is needed: it tells what is in no unit"
        )
    try:
        return with_rest(months_of(table, release), load(sources[1]))
    except InputError as error:
        raise InputError(f"{sources[0].name}: {error}") from None


def _figures(frame: pd.DataFrame) -> dict[str, object]:
    nowhere = frame[frame["province"].isna()]
    return {
        "version": ", ".join(sorted(frame["version"].unique())),
        "countries": frame["country"].nunique(),
        "first": frame["year"].min(),
        "last": frame["year"].max(),
        "n_nowhere": f"{nowhere['events'].sum():,}",
        "deaths_nowhere": f"{nowhere['deaths_best'].sum():,}",
    }
