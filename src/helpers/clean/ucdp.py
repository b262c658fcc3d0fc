"""UCDP's tables of one country: years, months, events, and whether they agree."""

import pandas as pd

from helpers.base.errors import InputError
from helpers.clean.gazetteer import Gazetteer
from helpers.clean.versions import CANDIDATE, VERSION, after, span, whole

FIGURES = ["events", "deaths_low", "deaths_best", "deaths_high", "civilians", "dyads"]
TYPES = ["state_based", "non_state", "one_sided"]
EVENTS = ["events", *(f"events_{kind}" for kind in TYPES)]
DEATHS = ["deaths", "deaths_low", "deaths_high", *(f"deaths_{kind}" for kind in TYPES)]


def years(table: pd.DataFrame, country: str, first: str, last: str) -> pd.DataFrame:
    """Return the years of one country that lie wholly within a window of months.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country, year, type of violence and version
        ``country``, ``year``, ``type_of_violence``, ``version`` and the columns of
        :data:`FIGURES`, missing where the version does not state them.
    country : str
        The country, as the table spells it.
    first, last : str
        First and last month of the window, YYYY-MM.

    Returns
    -------
    pandas.DataFrame, one row a year, type of violence and version
        The same columns less the country; deaths are persons killed in the year.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2019, 2020], **dict.fromkeys(FIGURES, 7)})
    >>> table = table.assign(country="X", type_of_violence="one-sided", version="25.1")
    >>> years(table, "X", "2019-02", "2020-12")["year"].tolist()
    [2020]
    """
    start, end = pd.Period(first, "M"), pd.Period(last, "M")
    low, high = start.year + (start.month > 1), end.year - (end.month < 12)
    rows = table[(table["country"] == country) & table["year"].between(low, high)]
    kept = rows[["year", "type_of_violence", "version", *FIGURES]]
    return kept.astype({"year": "int64", **dict.fromkeys(FIGURES, "Int64")}).reset_index(drop=True)


def everywhere(table: pd.DataFrame, version: str) -> pd.DataFrame:
    """Return the months of every country in one version, and the provisional ones after its end.

    A provisional month never replaces one of the version, and its rows say ``candidate``.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country, month and version
        ``country``, ``year``, ``month``, ``version``, the columns of :data:`EVENTS`, and those of
        :data:`DEATHS` with ``deaths_best`` for ``deaths``.
    version : str
        The release.

    Returns
    -------
    pandas.DataFrame, one row a country, version and month
        ``country``, ``month`` (timestamp), ``version``, events and deaths; 0 where the table has no
        row.

    Raises
    ------
    InputError
        When the table does not hold the version, or a country has a month twice.

    Examples
    --------
    >>> row = {"country": "X", "year": 2024, "month": 5, "version": "26.1", "deaths_best": 9}
    >>> table = pd.DataFrame([row]).assign(**dict.fromkeys([*EVENTS, *DEATHS[1:]], 4))
    >>> everywhere(table, "26.1")[["deaths", "events"]].values.tolist()
    [[9, 4]]
    """
    named = table.rename(columns={"deaths_best": "deaths"})
    kept = named[["country", *VERSION, *EVENTS, *DEATHS]]
    parts = {version: kept, CANDIDATE: after(kept, version)}
    return pd.concat(
        [
            whole(rows, one, ["country"], span(rows, one))
            for one, rows in parts.items()
            if len(rows)
        ],
        ignore_index=True,
    )


def months(
    table: pd.DataFrame, country: str, first: str, last: str, candidate: bool = True
) -> pd.DataFrame:
    """Return the months of one country in a window.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country, version and month
        As of :func:`everywhere`.
    country : str
        The country, as the table spells it.
    first, last : str
        First and last month to keep, YYYY-MM.
    candidate : bool, default True
        Keep the provisional months.

    Returns
    -------
    pandas.DataFrame, one row a month, sorted
        ``table`` without the country.

    Raises
    ------
    InputError
        When a month stands in two versions.

    Examples
    --------
    >>> months_of = pd.to_datetime(["2025-12-01", "2026-01-01"])
    >>> table = pd.DataFrame({"month": months_of, "version": ["26.1", "candidate"]})
    >>> table = table.assign(country="X", deaths=[5, 8])
    >>> months(table, "X", "2025-01", "2026-05", candidate=False)["deaths"].tolist()
    [5]
    """
    rows = table[table["month"].between(pd.Timestamp(first), pd.Timestamp(last))]
    if not candidate:
        rows = rows[rows["version"] != CANDIDATE]
    ours = rows[rows["country"] == country].drop(columns="country")
    twice = ours["month"][ours["month"].duplicated()]
    if len(twice):
        raise InputError(
            f"{country} has {twice.iloc[0]:%Y-%m} in two versions; two releases never meet in one "
            "series: choose one, and the provisional months after its end, with everywhere"
        )
    return ours.sort_values("month", ignore_index=True)


def unknown(by_year: pd.DataFrame, by_month: pd.DataFrame) -> pd.DataFrame:
    """Return the deaths of each year that no month holds.

    Parameters
    ----------
    by_year : pandas.DataFrame
        Of one version, as of :func:`years`.
    by_month : pandas.DataFrame
        As of :func:`months`, corrected: tallies of a whole year taken out of their month.

    Returns
    -------
    pandas.DataFrame, one row a year, sorted
        ``year`` and ``deaths``, 0 where the months are complete.

    Raises
    ------
    InputError
        When the months hold more than their year, or the years are not of one version.

    Examples
    --------
    >>> year = pd.DataFrame({"year": [2023, 2024], "deaths_best": [3, 10], "version": "v"})
    >>> month = pd.to_datetime(["2023-01-01", "2024-12-01"])
    >>> month = pd.DataFrame({"month": month, "deaths": [3, 8], "version": "v"})
    >>> unknown(year, month).values.tolist()
    [[2023, 0], [2024, 2]]
    """
    if by_year["version"].nunique() != 1:
        raise InputError(
            f"the years are of {by_year['version'].nunique()} versions, expected one; "
            "choose it with of_version"
        )
    version = by_year["version"].iloc[0]
    ours = by_month[by_month["version"] == version]
    stated = by_year.groupby("year")["deaths_best"].sum().astype("int64")
    summed = ours.groupby(ours["month"].dt.year)["deaths"].sum().astype("int64")
    rest = stated - summed.reindex(stated.index, fill_value=0)
    if (rest < 0).any():
        raise InputError(
            f"UCDP {version}: the months of {rest.idxmin()} hold {-rest.min()} deaths more than "
            "the year"
        )
    return rest.rename("deaths").rename_axis("year").reset_index()


def events(table: pd.DataFrame, places: Gazetteer, name: str = "the events") -> pd.DataFrame:
    """Give each event canonical names of its places.

    Parameters
    ----------
    table : pandas.DataFrame, one row a group of events
        ``year``, ``month`` (missing where it is not known), ``province``, ``district``, and counts.
    places : Gazetteer
        The spellings and their dates.
    name : str, default "the events"
        What the table is called, for what is wrong with it.

    Returns
    -------
    pandas.DataFrame, one row a group of events
        ``table`` less ``month``, with ``month_start`` (timestamp, missing where the month is),
        ``province_then``, ``province`` (today's) and ``district`` (today's).

    Raises
    ------
    InputError
        For names that ``places`` does not know, all at once, and for those not in use then.

    Examples
    --------
    >>> names = {"level": ["province", "district"], "spelling": ["FOO Agency", "Foo Town"]}
    >>> names = pd.DataFrame(names).assign(name=["FOO", "Foo"], successor=None)
    >>> known = Gazetteer(names.assign(valid_from=None, valid_to=None))
    >>> event = {"year": [2020], "month": [3], "province": "FOO Agency", "district": "Foo Town"}
    >>> table = pd.DataFrame(event).astype({"month": "Int64"})
    >>> events(table, known)[["province", "district"]].values.tolist()
    [['FOO', 'Foo']]
    """
    month = pd.to_datetime({"year": table["year"], "month": table["month"].fillna(1), "day": 1})
    places.require({level: table[level] for level in ("province", "district")}, name)
    then = places.canonical(table["province"], "province", month)
    district = places.today(places.canonical(table["district"], "district", month), "district")
    figures = dict.fromkeys(table.select_dtypes("Int64").columns.drop("month"), "int64")
    named = table.astype(figures).assign(
        month_start=month.where(table["month"].notna()),
        province_then=then,
        province=places.today(then, "province"),
        district=district,
    )
    return named.drop(columns="month")


def reconcile(
    by_year: pd.DataFrame, by_month: pd.DataFrame, by_event: pd.DataFrame, event_version: str
) -> pd.DataFrame:
    """Put the yearly sums of every table and version of one country beside each other.

    Parameters
    ----------
    by_year : pandas.DataFrame
        All versions, as of :func:`years`.
    by_month : pandas.DataFrame, one row a month and version
        All versions as published: ``year``, ``version``, ``events`` and ``deaths_best``.
    by_event : pandas.DataFrame
        As of :func:`events`.
    event_version : str
        The release of the events.

    Returns
    -------
    pandas.DataFrame, one row a year, table and version, sorted
        ``year``, ``table`` (``years``, ``months`` or ``events``), ``version``, ``events`` and
        ``deaths`` (Int64, missing where the table does not state them).

    Examples
    --------
    >>> year = {"year": [2020], "version": "v", "events": None, "deaths_best": 10}
    >>> month = {"year": 2020, "version": ["v", "w"], "events": [2, 2], "deaths_best": [9, 11]}
    >>> event = pd.DataFrame({"year": [2020], "events": [2], "deaths_best": [8]})
    >>> reconcile(pd.DataFrame(year), pd.DataFrame(month), event, "u")["deaths"].tolist()
    [8, 9, 11, 10]
    """
    tables = {
        "years": by_year,
        "months": by_month,
        "events": by_event.assign(version=event_version),
    }
    parts = [
        table.astype({"events": "Int64", "deaths_best": "Int64"})
        .groupby(["year", "version"], as_index=False)[["events", "deaths_best"]]
        .sum(min_count=1)
        .assign(table=name)
        for name, table in tables.items()
    ]
    found = pd.concat(parts).rename(columns={"deaths_best": "deaths"})
    order = ["year", "table", "version", "events", "deaths"]
    return found[order].astype({"year": "int64"}).sort_values(order[:3], ignore_index=True)
