"""Who supported the armed groups that fought a country's government, by year, as UCDP codes it."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.publisher import ACCESSED, CC_BY, count, text
from helpers.raw.put import put
from helpers.raw.sidecar import Sidecar

SOURCES = "UCDP External Support Dataset 18.1 (xlsx)"
NEEDED = [
    "active",
    "year",
    "actor_name",
    "actor_nonstate",
    "oppo_name",
    "location",
    "ext_name",
    "ext_sup",
    "ext_sup_s",
]
KEY = ["year", "group", "opponent"]


def read_support(path: Path) -> pd.DataFrame:
    """Return the rows of actor and year as text; :class:`InputError` when the file or a column is not what it should be."""
    try:
        table = pd.read_excel(path, dtype=str, keep_default_na=False)
    except (ValueError, KeyError, OSError) as error:
        raise InputError(
            f"{path.name} cannot be read as an Excel file: {' '.join(str(error).split())}"
        ) from None
    for name in NEEDED:
        if name not in table:
            raise InputError(
                f"{path.name}, line 1: column '{name}' is missing"
                + did_you_mean(name, table.columns)
                + "; is it another version of the data set?"
            )
    return table


def of_country(table: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return year, group, opponent, supported, by_state and supporters of the groups that fought the country's government."""
    rows = table[
        (table["actor_nonstate"] == "1")
        & (table["oppo_name"] == f"Government of {country}")
        & (table["active"] == "1")
    ]
    found = pd.DataFrame(
        {
            "year": rows["year"].astype(int),
            "group": rows["actor_name"],
            "opponent": rows["oppo_name"],
            "supported": rows["ext_sup"].replace("", "0").astype(float).gt(0).astype(int),
            "by_state": rows["ext_sup_s"].replace("", "0").astype(float).gt(0).astype(int),
            "supporters": rows["ext_name"].str.strip().str.replace(r"\s*,\s*", "; ", regex=True),
        }
    )
    return found.groupby(KEY, as_index=False).agg(
        {"supported": "max", "by_state": "max", "supporters": "first"}
    )


def sidecar() -> Sidecar:
    """Return the description of ``external_support.csv``."""
    return Sidecar(
        producer="Uppsala Conflict Data Program (UCDP), Uppsala University",
        title="External support to armed groups fighting the government of Pakistan, by year",
        description="Whether UCDP codes any support from outside, any from a state, and who is named, for each group and year in "
        "which it fought the government. The kinds of support are left out.",
        citation_full="UCDP External Support Dataset version 18.1, Uppsala Conflict Data Program, Uppsala University.",
        version="18.1",
        url="https://ucdp.uu.se/downloads/",
        date_accessed=ACCESSED,
        licence=CC_BY,
        redistribution="allowed with credit to UCDP",
        built_by="python -m helpers.cli ingest external-support SUPPORT.xlsx",
        notes=[
            "Ends in 2017: nothing on the years after the change of regime in Kabul.",
            "Support is coded where it is alleged and judged likely; that none is coded is not that there was none.",
        ],
        key=KEY,
        columns={
            "year": count("year", "calendar year"),
            "group": text("the armed group as UCDP names it"),
            "opponent": text("the government that it fought"),
            "supported": count("0 or 1", "1 where any external support is coded"),
            "by_state": count("0 or 1", "1 where support from a state is coded"),
            "supporters": text("who is named, separated by semicolons", nullable=True),
        },
    )


def build(sources: list[Path], out: Path) -> list[Path]:
    """Build ``external_support.csv`` from the publisher's file."""
    table = out / "external_support.csv"
    put(of_country(read_support(sources[0]), "Pakistan"), table, sidecar())
    return [table]
