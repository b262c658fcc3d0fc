"""V-Dem and Polity by year, in long form with the vintage as a column."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from pydantic import Field

from helpers.base.errors import InputError
from helpers.ingest.as_published import publish
from helpers.ingest.cells import Cells, cells_of
from helpers.ingest.facts import CountryFacts, read_facts
from helpers.ingest.looked import LAST_YEAR, once, one_country, years
from helpers.ingest.publisher import only_one, text
from helpers.ingest.ucdp_layout import open_sheet
from helpers.raw.sidecar import Column

SOURCES = (
    "V-Dem and Polity columns of one country by year (csv); "
    "the suffix of a column names its vintage"
)
NAMES_OF_COUNTRY = ("country_name", "country")  # columns of a file of several countries
UNMARKED = "unmarked"  # the vintage of a column without a suffix
KEY = ["year", "indicator", "vintage"]
COLUMNS = {
    "year": Column(type="integer", unit="year", meaning="calendar year", minimum=1900),
    "indicator": text("name of the indicator in V-Dem's or Polity's codebook"),
    "vintage": text("release of the data set, as the source file's suffix names it"),
    "value": Column(type="number", unit="index", meaning="value on the indicator's own scale"),
}


class IndicatorFacts(CountryFacts):
    """Facts of the command.

    Attributes
    ----------
    indicators : list of str
        The columns that are taken, ``indicator`` or ``indicator__vintage`` each; a file holds all
        of them, and what else it holds is passed over.
    """

    indicators: list[str] = Field(min_length=1)


def long_form(wide: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each year, indicator and vintage that has a value.

    Parameters
    ----------
    wide : pandas.DataFrame
        A column ``year``, and one column ``indicator`` or ``indicator__vintage`` each.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`; empty cells are left out.

    Examples
    --------
    >>> wide = pd.DataFrame({"year": [2020], "v2x": [0.3], "v2x__v12": [0.4]})
    >>> long_form(wide)[["vintage", "value"]].to_numpy().tolist()
    [['unmarked', 0.3], ['v12', 0.4]]
    """
    long = wide.melt("year", var_name="column").dropna(subset="value")
    parts = long["column"].str.split("__", n=1, expand=True)
    # with no suffix in the whole file there is no second part
    vintage = parts[1].fillna(UNMARKED) if 1 in parts else UNMARKED
    long = long.assign(indicator=parts[0], vintage=vintage)
    return long.sort_values(["indicator", "vintage", "year"])[list(COLUMNS)]


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of indicators by year.

    Parameters
    ----------
    sources : list of pathlib.Path
        The wide file of one country.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`IndicatorFacts`.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When a file is not what it should be, or a year stands twice.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from helpers.ingest.facts import facts_path
    >>> with TemporaryDirectory() as folder:
    ...     wide = Path(folder, "wide.csv")
    ...     _ = wide.write_text("year,v2x\\n2020,0.3\\n2021,0.4\\n")
    ...     build([wide], Path(folder), facts_path("vdem"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: wide.csv, line 1: column 'v2x_polyarchy' is missing; ...
    """
    told = read_facts(facts, IndicatorFacts)
    long = long_form(read_wide(only_one(sources), told.country, told.indicators))
    table = out / told.table
    publish(long, table, told.sidecar(KEY, COLUMNS))
    return [table]


def read_wide(path: Path, country: str, indicators: Sequence[str]) -> pd.DataFrame:
    """Return the indicators of one country by year.

    Parameters
    ----------
    path : pathlib.Path
        Years of one country; of several, where a column names the country.
    country : str
        The country as the file spells it.
    indicators : sequence of str
        The columns that are taken.

    Returns
    -------
    pandas.DataFrame of float
        A column ``year``, and those of the indicators.

    Raises
    ------
    InputError
        When a column is missing, a cell is no number, a year stands twice, or no row is of the
        country.
    """
    sheet = open_sheet(path)
    place = [name for name in NAMES_OF_COUNTRY if name in sheet.header]
    cells = cells_of(sheet, ["year", *place], (), indicators)
    if place:
        text = one_country(cells.text, place[0], country, path.name)
        cells = Cells(path.name, text, cells.spelt)
    whole = years(cells, "year", LAST_YEAR)
    once(cells, ["year"], "year")
    gap = whole.sort_values().diff() > 1
    if gap.any():
        raise InputError(
            f"{path.name} holds no row of {country} for {whole[gap.idxmax()] - 1}, between other "
            "years; is the name of the country spelt otherwise there?"
        )
    values = {name: cells.reals(name) for name in indicators}
    wide = pd.DataFrame({"year": whole, **values})
    if wide.drop(columns="year").isna().all(axis=None):
        raise InputError(f"{path.name} holds no value of an indicator")
    return wide
