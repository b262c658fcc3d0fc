"""Who supported the armed groups that fought a country's government, by year, as UCDP codes it."""

from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.facts import CountryFacts, read_facts
from helpers.ingest.publisher import count, need_columns, only, text
from helpers.raw.put import put

SOURCES = "UCDP External Support Dataset (xlsx)"
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
COLUMNS = {
    "year": count("year", "calendar year"),
    "group": text("the armed group as UCDP names it"),
    "opponent": text("the government that it fought"),
    "supported": count("0 or 1", "1 where any external support is coded"),
    "by_state": count("0 or 1", "1 where support from a state is coded"),
    "supporters": text("who is named, separated by semicolons", nullable=True),
}


def read_support(path: Path) -> pd.DataFrame:
    """Return the publisher's rows of actor and year.

    Parameters
    ----------
    path : pathlib.Path
        The workbook.

    Returns
    -------
    pandas.DataFrame of str
        The columns of the publisher, among them :data:`NEEDED`.

    Raises
    ------
    InputError
        When the file is no workbook or a column is missing.

    Examples
    --------
    >>> read_support(Path("nowhere.xlsx"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: nowhere.xlsx cannot be read as an Excel file: ...
    """
    try:
        table = pd.read_excel(path, dtype=str, keep_default_na=False)
    except (ValueError, KeyError, OSError) as error:
        raise InputError(
            f"{path.name} cannot be read as an Excel file: {' '.join(str(error).split())}"
        ) from None
    need_columns(table, NEEDED, path.name)
    return table


def of_country(table: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return the support of the groups that fought a country's government.

    Parameters
    ----------
    table : pandas.DataFrame of str
        As :func:`read_support` returns it.
    country : str
        The country as UCDP spells it.

    Returns
    -------
    pandas.DataFrame
        One row a year, group and opponent, columns as in :data:`COLUMNS`; ``supported`` and
        ``by_state`` are 0 or 1.

    Raises
    ------
    InputError
        When nobody fought that government in the file.

    Examples
    --------
    >>> row = ["1", "2008", "A", "1", "Government of Chad", "Chad", " B , C", "2", "0"]
    >>> of_country(pd.DataFrame([row], columns=NEEDED), "Chad").to_numpy().tolist()
    [[2008, 'A', 'Government of Chad', 1, 0, 'B; C']]
    """
    rows = only(table, "oppo_name", f"Government of {country}", "the file of external support")
    rows = rows[(rows["actor_nonstate"] == "1") & (rows["active"] == "1")]
    found = pd.DataFrame(
        {
            "year": rows["year"].astype(int),
            "group": rows["actor_name"],
            "opponent": rows["oppo_name"],
            "supported": _coded(rows["ext_sup"]),
            "by_state": _coded(rows["ext_sup_s"]),
            "supporters": rows["ext_name"].str.strip().str.replace(r"\s*,\s*", "; ", regex=True),
        }
    )
    return found.groupby(KEY, as_index=False).agg(
        {"supported": "max", "by_state": "max", "supporters": "first"}
    )


def _coded(codes: pd.Series) -> pd.Series:
    """Return 1 where a code says that there was support, else 0; an empty cell says none."""
    return codes.replace("", "0").astype(float).gt(0).astype(int)


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of external support from the publisher's workbook.

    Parameters
    ----------
    sources : list of pathlib.Path
        The workbook.
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
        When a file is not what it should be.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> sources = [Path("nowhere.xlsx")]
    >>> build(sources, Path(), facts_path("external-support"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: nowhere.xlsx cannot be read as an Excel file: ...
    """
    told = read_facts(facts, CountryFacts)
    table = out / told.table
    put(of_country(read_support(sources[0]), told.country), table, told.sidecar(KEY, COLUMNS))
    return [table]
