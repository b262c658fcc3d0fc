"""V-Dem and Polity by year, in long form with the vintage as a column."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.publisher import ACCESSED, read_csv, text
from helpers.raw.put import put
from helpers.raw.sidecar import Column, Licence, Sidecar

SOURCES = (
    "V-Dem and Polity columns of Pakistan by year (csv); the suffix of a column names its vintage"
)
UNMARKED = "unmarked"


def long_form(wide: pd.DataFrame) -> pd.DataFrame:
    """Return year, indicator, vintage and value; ``name__vintage`` is split, empty cells are left out."""
    long = wide.melt("year", var_name="column").dropna(subset="value")
    parts = long["column"].str.split("__", n=1, expand=True)
    long = long.assign(indicator=parts[0], vintage=parts[1].fillna(UNMARKED))
    return long.sort_values(["indicator", "vintage", "year"])[
        ["year", "indicator", "vintage", "value"]
    ]


def sidecar() -> Sidecar:
    """Return the description of ``politics_year.csv``."""
    return Sidecar(
        producer="V-Dem Institute, University of Gothenburg; Polity project, Center for Systemic Peace",
        title="Indicators of democracy and civil liberties in Pakistan by year",
        description="Expert-coded indices by year, one row for each indicator, vintage and year.",
        citation_full="Varieties of Democracy (V-Dem) Project, Country-Year data set; Polity5, Center for Systemic Peace. "
        "The files at hand name vintages only by suffix.",
        version="as in the column vintage",
        url="https://www.v-dem.net/data/",
        date_accessed=ACCESSED,
        licence=Licence(
            name="CC BY 4.0 (V-Dem)", url="https://creativecommons.org/licenses/by/4.0/"
        ),
        redistribution="allowed with credit to V-Dem and Polity",
        built_by="python -m helpers.cli ingest vdem FILE.csv",
        notes=[
            "Two vintages of one indicator are never joined: experts are asked anew and scales move.",
            f"Vintage '{UNMARKED}': the file's column has no suffix; it reaches 2024.",
            "Vintages v12 and polity5 end in 2021 and 2018.",
        ],
        key=["year", "indicator", "vintage"],
        columns={
            "year": Column(type="integer", unit="year", meaning="calendar year", minimum=1900),
            "indicator": text("name of the indicator in V-Dem's or Polity's codebook"),
            "vintage": text("release of the data set, as the source file's suffix names it"),
            "value": Column(
                type="number", unit="index", meaning="value on the indicator's own scale"
            ),
        },
    )


def build(sources: list[Path], out: Path) -> list[Path]:
    """Build ``politics_year.csv``."""
    wide = read_csv(sources[0], ["year"])
    if wide["year"].duplicated().any():
        raise InputError(
            f"{sources[0].name}: the year {wide.loc[wide['year'].duplicated(), 'year'].iloc[0]} stands twice"
        )
    table = out / "politics_year.csv"
    put(long_form(wide), table, sidecar())
    return [table]
