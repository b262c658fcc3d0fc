"""UCDP deaths by country and month, with the part of each year that no month holds."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.facts import Facts, read_facts
from helpers.ingest.publisher import count, read_csv, text
from helpers.ingest.ucdp_country_year import TYPES, columns_needed
from helpers.raw.put import put

SOURCES = (
    "deaths by month (rows) and country (columns) summed from UCDP GED and Candidate (csv); "
    "the country-year file"
)
KEY = ["country", "year", "month"]
COLUMNS = {
    "country": text("country as country_year.csv spells it"),
    "year": count("year", "calendar year"),
    "month": count(
        "month", "1 to 12; empty: the deaths of the year that no month holds", nullable=True
    ),
    "deaths": count("deaths", "best estimate, all types of violence"),
    "vintage": text("final (GED) or candidate (provisional)", allowed=["final", "candidate"]),
}


class MonthFacts(Facts):
    """Facts of the command.

    Attributes
    ----------
    spellings : dict of str to str
        Country as the country-year file spells it, by the spelling of the month file.
    """

    spellings: dict[str, str]


def months_long(
    wide: pd.DataFrame,
    countries: Collection[str],
    last_final: int,
    spellings: Mapping[str, str],
) -> pd.DataFrame:
    """Return the deaths of each country and month.

    A column without a name (``Unnamed: …``) is an empty rest of the publisher's export: it is
    dropped when it holds zeros only, else refused.

    Parameters
    ----------
    wide : pandas.DataFrame
        Dates in the first column, then one column of deaths a month for each country.
    countries : collection of str
        The countries of the country-year file.
    last_final : int
        Last year of the final release; later months are of the candidate release.
    spellings : mapping of str to str
        As in :class:`MonthFacts`.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`, year and month first; deaths a month.

    Raises
    ------
    InputError
        When a country is not among ``countries``, or a column without a name holds deaths.

    Examples
    --------
    >>> wide = pd.DataFrame({"date": ["2024-12-31", "2025-01-31"], "Tchad": [3, 4]})
    >>> months_long(wide, ["Chad"], 2024, {"Tchad": "Chad"})[["deaths", "vintage"]].to_numpy()
    array([[3, 'final'],
           [4, 'candidate']], dtype=object)
    """
    dates = pd.to_datetime(wide.iloc[:, 0])
    body = wide.iloc[:, 1:].rename(columns=dict(spellings))
    for name in [name for name in body if name.startswith("Unnamed")]:
        if body[name].any():
            raise InputError(
                f"column '{name}' has no country but holds {int(body[name].sum())} deaths"
            )
        body = body.drop(columns=name)
    for name in body:
        if name not in countries:
            raise InputError(
                f"country '{name}' is not in the country-year file" + did_you_mean(name, countries)
            )
    calendar = pd.DataFrame({"year": dates.dt.year, "month": dates.dt.month})
    long = pd.concat([calendar, body], axis=1).melt(
        ["year", "month"], var_name="country", value_name="deaths"
    )
    long["vintage"] = long["year"].le(last_final).map({True: "final", False: "candidate"})
    return long


def with_unknown(months: pd.DataFrame, yearly: pd.Series) -> pd.DataFrame:
    """Append one row for each country and year whose months fall short of the year.

    Months that exceed the year are refused: UCDP removes events from no year that a month keeps.

    Parameters
    ----------
    months : pandas.DataFrame
        As :func:`months_long` returns it; deaths a month.
    yearly : pandas.Series of int
        Deaths a year, indexed by (country, year).

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`; the month of an appended row is missing.

    Raises
    ------
    InputError
        When the months of a country hold more deaths than its year.

    Examples
    --------
    >>> months = pd.DataFrame({"year": [2020], "month": [1], "country": ["Chad"], "deaths": [7],
    ...                        "vintage": ["final"]})
    >>> with_unknown(months, pd.Series({("Chad", 2020): 10}))[["month", "deaths"]].to_numpy()
    array([[1, 7],
           [<NA>, 3]], dtype=object)
    """
    summed = months.groupby(["country", "year"])["deaths"].sum()
    years = summed.index.get_level_values("year") <= yearly.index.get_level_values(1).max()
    rest = yearly.reindex(summed[years].index).fillna(0) - summed[years]
    if (rest < 0).any():
        country, year = rest.idxmin()
        raise InputError(
            f"the months of {country} in {year} hold {int(-rest.min())} deaths more than the year"
        )
    unknown = (
        rest[rest > 0]
        .astype(int)
        .rename("deaths")
        .reset_index()
        .assign(month=pd.NA, vintage="final")
    )
    frame = pd.concat([months, unknown]).astype({"month": "Int64", "deaths": "int64"})
    return frame.sort_values(["country", "year", "month"])[list(COLUMNS)]


def total_of_year(years: pd.DataFrame) -> pd.Series:
    """Return the deaths of each country and year, all types of violence.

    Parameters
    ----------
    years : pandas.DataFrame
        The country-year file.

    Returns
    -------
    pandas.Series
        Best estimate, deaths a year, indexed by (country, year).

    Examples
    --------
    >>> total_of_year(pd.DataFrame({
    ...     "country_cy": ["Chad"], "year_cy": [2001], "sb_total_deaths_best_cy": [5],
    ...     "ns_total_deaths_best_cy": [2], "os_total_deaths_best_cy": [1]})).to_dict()
    {('Chad', 2001): 8}
    """
    best = [f"{kind}_total_deaths_best_cy" for kind in TYPES]
    index = pd.MultiIndex.from_frame(years[["country_cy", "year_cy"]], names=["country", "year"])
    return years[best].sum(axis=1).set_axis(index)


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of deaths by country and month.

    Parameters
    ----------
    sources : list of pathlib.Path
        The month file, then the country-year file.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.ucdp_country_month.MonthFacts`.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When a file is not what it should be, or the two do not agree.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> sources = [Path("nowhere.csv"), Path("nowhere.csv")]
    >>> build(sources, Path(), facts_path("ucdp-country-month"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, MonthFacts)
    years = read_csv(sources[1], columns_needed())
    countries, last_final = set(years["country_cy"]), int(years["year_cy"].max())
    months = months_long(read_csv(sources[0]), countries, last_final, told.spellings)
    frame = with_unknown(months, total_of_year(years))
    unknown = frame[frame["month"].isna()]
    sidecar = told.sidecar(
        KEY,
        COLUMNS,
        countries=frame["country"].nunique(),
        n_unknown=len(unknown),
        unknown_deaths=f"{unknown['deaths'].sum():,}",
    )
    table = out / told.table
    put(frame, table, sidecar)
    return [table]
