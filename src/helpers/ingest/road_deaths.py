"""Road accidents and their dead by region and financial year, July to June."""

import re
from pathlib import Path

import pandas as pd

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.ingest.as_published import publish
from helpers.ingest.cells import read_table
from helpers.ingest.facts import CountryFacts, read_facts
from helpers.ingest.publisher import count, only_one, text
from helpers.raw.contract import load
from helpers.raw.sidecar import Column

SOURCES = "road accidents by region and financial year (csv)"
COUNTS = ["accidents", "fatal_accidents", "killed", "injured"]
KEY = ["region", "period_start"]
COLUMNS = {
    "region": text("the country, or a region as places.csv names it"),
    "period_start": Column(type="month", meaning="first month: July"),
    "period_end": Column(type="month", meaning="last month: June of the next year"),
    "accidents": count("accidents", "accidents that the police recorded"),
    "fatal_accidents": count("accidents", "those in which somebody died"),
    "killed": count("deaths", "persons killed"),
    "injured": count("persons", "persons injured"),
}


def financial_year(said: str) -> tuple[str, str]:
    """Return the first and the last month of a financial year.

    Parameters
    ----------
    said : str
        Such as ``2008-09``.

    Returns
    -------
    tuple of str
        Months, ``YYYY-MM``.

    Raises
    ------
    InputError
        When the text is no year and the next.

    Examples
    --------
    >>> financial_year("1999-00")
    ('1999-07', '2000-06')
    """
    found = re.fullmatch(r"(\d{4})-(\d{2})", said)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise InputError(f"the financial year is '{said}', expected a form like 2008-09")
    first = int(found[1])
    return f"{first}-07", f"{first + 1}-06"


def _year_of(said: str, where: str) -> tuple[str, str]:
    try:
        return financial_year(said)
    except InputError as error:
        raise InputError(f"{where}, column 'year': {error}") from None


def tidy(accidents: pd.DataFrame, country: str, file: str) -> pd.DataFrame:
    """Return the counts by region and financial year.

    Parameters
    ----------
    accidents : pandas.DataFrame
        ``region``, ``year``, ``non_fatal_accidents`` and :data:`COUNTS`, by row of the file.
    country, file : str
        The row that stands for the whole, and the name of the file.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`COLUMNS`.

    Raises
    ------
    InputError
        When fatal and other accidents are not all accidents, or regions hold more than the whole.

    Examples
    --------
    >>> row = {"region": "Chad", "year": "2008-09", "accidents": 9, "fatal_accidents": 4}
    >>> row |= {"non_fatal_accidents": 5, "killed": 6, "injured": 20}
    >>> tidy(pd.DataFrame([row]), "Chad", "a.csv")["period_end"].tolist()
    ['2009-06']
    """
    months = pd.DataFrame(
        [_year_of(one, f"{file}, row {row}") for row, one in accidents["year"].items()],
        columns=["period_start", "period_end"],
        index=accidents.index,
    )
    odd = accidents["fatal_accidents"] + accidents["non_fatal_accidents"] != accidents["accidents"]
    if odd.any():
        line = int(odd.to_numpy().argmax()) + 2
        raise InputError(f"{file}, line {line}: fatal and other accidents are not all accidents")
    twice = accidents.duplicated(["region", "year"])
    if twice.any():
        raise InputError(f"{file}, row {twice.idxmax()}: the region stands twice in its year")
    whole = accidents["region"] == country
    sums = accidents[~whole].groupby("year")[COUNTS].sum()
    stated = accidents[whole].set_index("year")[COUNTS].reindex(sums.index)
    for year in stated.index[stated.isna().any(axis=1)]:
        raise InputError(f"{file}: {year} has no row of {country}, which tells whether regions fit")
    over = sums > stated
    if over.any(axis=None):
        year = over.any(axis=1).idxmax()
        raise InputError(f"{file}: the regions of {year} hold more than {country}")
    return pd.concat([accidents, months], axis=1)[list(COLUMNS)]


def _span(rows: pd.DataFrame) -> dict[str, object]:
    """Return what the words of the sidecar name: the months and years in which the rows lie."""
    first, last = rows["period_start"].min(), rows["period_end"].max()
    return {
        "first": f"{pd.Period(first, 'M'):%B %Y}",
        "last": f"{pd.Period(last, 'M'):%B %Y}",
        "first_year": first[:4],
        "last_year": last[:4],
    }


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of road accidents.

    Parameters
    ----------
    sources : list of pathlib.Path
        The publisher's table.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.facts.CountryFacts`.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When the file is not what it should be.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> build([Path("nowhere.csv")], Path(), facts_path("road-deaths"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, CountryFacts)
    path = only_one(sources)
    cells, accidents = read_table(path, ["region", "year"], ["non_fatal_accidents", *COUNTS])
    known = load(paths.RAW / "places.csv").query("level == 'province'")["name"].unique()
    cells.known("region", [told.country, *known])
    rows = tidy(accidents, told.country, path.name)
    table = out / told.table
    publish(rows.sort_values(KEY, kind="stable"), table, told.sidecar(KEY, COLUMNS, **_span(rows)))
    return [table]
