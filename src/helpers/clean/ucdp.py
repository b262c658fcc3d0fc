"""UCDP's tables of one country: years, months, events, and whether they agree."""

import pandas as pd

from helpers.base.errors import InputError
from helpers.clean.gazetteer import Gazetteer

FIGURES = ["deaths_low", "deaths_best", "deaths_high", "civilians", "dyads"]


def years(table: pd.DataFrame, country: str, first: str, last: str) -> pd.DataFrame:
    """Return the years of one country that lie wholly within a window of months.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country, year and type of violence
        ``country``, ``year``, ``type_of_violence`` and the columns of :data:`FIGURES`.
    country : str
        The country, as the table spells it.
    first, last : str
        First and last month of the window, YYYY-MM.

    Returns
    -------
    pandas.DataFrame, one row a year and type of violence
        The same columns less the country; deaths are persons killed in the year.

    Examples
    --------
    >>> table = pd.DataFrame({"year": [2019, 2020], **dict.fromkeys(FIGURES, 7)})
    >>> table = table.assign(country="X", type_of_violence="one-sided")
    >>> years(table, "X", "2019-02", "2020-12")["year"].tolist()
    [2020]
    """
    start, end = pd.Period(first, "M"), pd.Period(last, "M")
    low, high = start.year + (start.month > 1), end.year - (end.month < 12)
    rows = table[(table["country"] == country) & table["year"].between(low, high)]
    whole = dict.fromkeys(["year", *FIGURES], "int64")
    return rows[["year", "type_of_violence", *FIGURES]].astype(whole).reset_index(drop=True)


def months(
    table: pd.DataFrame, country: str, first: str, last: str, candidate: bool = True
) -> pd.DataFrame:
    """Return the deaths of one country by month.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country and month
        ``country``, ``year``, ``month`` (missing: the deaths of a year that no month holds),
        ``deaths`` and ``vintage``.
    country : str
        The country, as the table spells it.
    first, last : str
        First and last month to keep, YYYY-MM.
    candidate : bool, default True
        Keep provisional months.

    Returns
    -------
    pandas.DataFrame, one row a month, sorted
        ``month`` (timestamp of its first day), ``deaths`` (persons killed in the month) and
        ``vintage``.

    Examples
    --------
    >>> table = pd.DataFrame({"year": 2024, "month": [11, 12, None], "deaths": [5, 8, 2]})
    >>> table = table.assign(country="X", vintage=["final", "candidate", "final"])
    >>> months(table, "X", "2024-01", "2024-12")["deaths"].tolist()
    [5, 8]
    >>> months(table, "X", "2024-01", "2024-12", candidate=False)["deaths"].tolist()
    [5]
    """
    rows = table[(table["country"] == country) & table["month"].notna()]
    if not candidate:
        rows = rows[rows["vintage"] != "candidate"]
    month = pd.to_datetime({"year": rows["year"], "month": rows["month"], "day": 1})
    found = pd.DataFrame(
        {"month": month, "deaths": rows["deaths"].astype("int64"), "vintage": rows["vintage"]}
    )
    return found[found["month"].between(pd.Timestamp(first), pd.Timestamp(last))].sort_values(
        "month", ignore_index=True
    )


def unknown(table: pd.DataFrame, country: str, years_kept: pd.Series) -> pd.DataFrame:
    """Return the deaths of each year that no month holds.

    Parameters
    ----------
    table : pandas.DataFrame, one row a country and month
        As of :func:`months`.
    country : str
        The country, as the table spells it.
    years_kept : pandas.Series of int
        The years to return; each may stand there several times.

    Returns
    -------
    pandas.DataFrame, one row a year, sorted
        ``year`` and ``deaths``, 0 where the months are complete.

    Examples
    --------
    >>> table = pd.DataFrame({"country": "X", "year": 2024, "month": [12, None], "deaths": [8, 2]})
    >>> unknown(table, "X", pd.Series([2023, 2024])).values.tolist()
    [[2023, 0], [2024, 2]]
    """
    rows = table[(table["country"] == country) & table["month"].isna()].set_index("year")["deaths"]
    index = pd.Index(sorted(set(years_kept)), name="year")
    return rows.reindex(index).fillna(0).astype("int64").reset_index()


def events(table: pd.DataFrame, places: Gazetteer) -> pd.DataFrame:
    """Give each event canonical names of its places.

    Parameters
    ----------
    table : pandas.DataFrame, one row a group of events
        ``year``, ``month`` (missing where it is not known), ``province``, ``district``, and counts.
    places : Gazetteer
        The spellings and their dates.

    Returns
    -------
    pandas.DataFrame, one row a group of events
        ``table`` less ``month``, with ``month_start`` (timestamp, missing where the month is),
        ``province_then``, ``province`` (today's) and ``district`` (today's).

    Raises
    ------
    InputError
        For a name that ``places`` does not know at its date.

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
    by_year: pd.DataFrame, by_month: pd.DataFrame, rest: pd.DataFrame, by_event: pd.DataFrame
) -> pd.DataFrame:
    """Hold the tables of one country against each other, year by year.

    Parameters
    ----------
    by_year, by_month, rest, by_event : pandas.DataFrame
        As of :func:`years`, :func:`months`, :func:`unknown` and :func:`events`.

    Returns
    -------
    pandas.DataFrame of int, one row a year
        ``year``, the deaths of the yearly table (``year_table``), of the ``months`` and without a
        month (``month_unknown``), ``events``, ``event_deaths``, and ``events_less_year``: deaths of
        the events beyond the yearly table.

    Raises
    ------
    InputError
        When months and unknown do not equal the year.

    Examples
    --------
    >>> year = pd.DataFrame({"year": [2020], "deaths_best": [10]})
    >>> month = pd.DataFrame({"month": [pd.Timestamp("2020-01-01")], "deaths": [6]})
    >>> rest, event = pd.DataFrame({"year": [2020], "deaths": [4]}), year.assign(events=2)
    >>> reconcile(year, month, rest, event.assign(deaths_best=9))["events_less_year"].tolist()
    [-1]
    """
    summed = pd.DataFrame(
        {
            "year_table": by_year.groupby("year")["deaths_best"].sum(),
            "months": by_month.groupby(by_month["month"].dt.year)["deaths"].sum(),
            "month_unknown": rest.set_index("year")["deaths"],
            "events": by_event.groupby("year")["events"].sum(),
            "event_deaths": by_event.groupby("year")["deaths_best"].sum(),
        }
    ).rename_axis("year")
    whole = (
        summed[summed["year_table"].notna()]
        .astype("Int64")
        .fillna({"months": 0, "month_unknown": 0})
    )
    gap = whole["year_table"] - whole["months"] - whole["month_unknown"]
    if (gap != 0).any():
        year = gap[gap != 0].index[0]
        raise InputError(
            f"UCDP {year}: the months and the deaths without a month differ from the year by "
            f"{gap[year]}"
        )
    whole["events_less_year"] = whole["event_deaths"] - whole["year_table"]
    return whole.reset_index()
