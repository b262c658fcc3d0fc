"""Who supported the armed groups of the world, by dyad and year, as UCDP codes it."""

import re
from pathlib import Path

import pandas as pd

from helpers.base.errors import InputError
from helpers.ingest.as_published import publish
from helpers.ingest.cells import Cells, cells_of
from helpers.ingest.facts import Facts, read_facts
from helpers.ingest.looked import one_each, years
from helpers.ingest.publisher import count, only_one, text
from helpers.ingest.ucdp_layout import open_sheet

SOURCES = "UCDP External Support Dataset (xlsx)"
GOVERNMENT = "Government of "  # so UCDP begins the name of each state as a side
NEEDED = [
    "active",
    "year",
    "actor_id",
    "actor_name",
    "actor_nonstate",
    "oppo_name",
    "dyad_id",
    "ext_name",
    "ext_sup",
    "ext_sup_s",
    "ext_sup_ns",
]
CODES = ["ext_sup", "ext_sup_s", "ext_sup_ns"]
KEY = ["dyad_id", "year"]
COLUMNS = {
    "dyad_id": count("", "UCDP's number of the dyad, as in the table of groups by month"),
    "country": text("the country whose government it fought, as this source spells it"),
    "year": count("year", "calendar year"),
    "group_id": count("", "UCDP's number of the group; some names belong to two groups"),
    "group": text("the armed group as UCDP names it"),
    "opponent": text("the government that it fought"),
    "supported": count("0 or 1", "1 where any external support is coded"),
    "by_state": count("0 or 1", "1 where support from a state is coded"),
    "by_group": count("0 or 1", "1 where support from another armed group is coded"),
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
    helpers.base.errors.InputError: the publisher's file nowhere.xlsx does not exist; ...
    """
    maybe = ["actor_name", "oppo_name", "ext_name", *CODES]
    sheet = open_sheet(path)
    cells = cells_of(sheet, [name for name in NEEDED if name not in maybe], (), maybe)
    for name in ("dyad_id", "actor_id"):
        cells.whole(name)
    years(cells, "year")
    for name in ("active", "actor_nonstate"):
        cells.known(name, ["0", "1"])
    for name in CODES:
        cells.numbers(name)
    one_each(cells, "actor_id", "actor_name")
    sides = cells.text.assign(side=cells.text["dyad_id"] + " of actor " + cells.text["actor_id"])
    spelt = cells.spelt | {"side": "dyad_id"}
    one_each(Cells(cells.file, sides, spelt), "side", "oppo_name")
    return cells.text[NEEDED]


def release_in(name: str) -> str:
    """Return the release that the name of the workbook tells; its cells tell none.

    Parameters
    ----------
    name : str
        Name of the file.

    Returns
    -------
    str
        The release.

    Raises
    ------
    InputError
        When the name tells none.

    Examples
    --------
    >>> release_in("ucdp-esd-ay-181.xlsx"), release_in("external_support_18_1.xlsx")
    ('18.1', '18.1')
    """
    found = re.search(r"(?<!\d)(\d{2})[._-]?(\d)(?!\d)", name)
    if not found:
        raise InputError(
            f"{name} tells no release of UCDP; name the file as the publisher does, "
            "like ucdp-esd-ay-181.xlsx"
        )
    return f"{found[1]}.{found[2]}"


def of_groups(table: pd.DataFrame) -> pd.DataFrame:
    """Return the support of armed groups in the years in which they fought a government.

    Parameters
    ----------
    table : pandas.DataFrame of str
        As :func:`read_support` returns it.

    Returns
    -------
    pandas.DataFrame
        One row a dyad and year, columns as in :data:`COLUMNS`. Several rows of one are made one:
        supported where any of them says so, by all whom they name.

    Raises
    ------
    InputError
        When no row is of a group that fought a government.

    Examples
    --------
    >>> row = ["1", "2008", "5", "A", "1", "Government of Chad", "9", " B , C", "2", "0", "1"]
    >>> of_groups(pd.DataFrame([row], columns=NEEDED)).to_numpy().tolist()
    [[9, 'Chad', 2008, 5, 'A', 'Government of Chad', 1, 0, 1, 'B; C']]
    """
    fought = table["oppo_name"].str.startswith(GOVERNMENT)
    rows = table[fought & (table["actor_nonstate"] == "1") & (table["active"] == "1")]
    if rows.empty:
        raise InputError(
            f"the file of external support has no active group whose opponent begins with "
            f"'{GOVERNMENT.strip()}': is it another version of the data set?"
        )
    found = pd.DataFrame(
        {
            "dyad_id": rows["dyad_id"].astype(int),
            "country": rows["oppo_name"].str.removeprefix(GOVERNMENT),
            "year": rows["year"].astype(int),
            "group_id": rows["actor_id"].astype(int),
            "group": rows["actor_name"].str.strip(),
            "opponent": rows["oppo_name"],
            "supported": _coded(rows["ext_sup"]),
            "by_state": _coded(rows["ext_sup_s"]),
            "by_group": _coded(rows["ext_sup_ns"]),
            "supporters": rows["ext_name"],
        }
    )
    said = ["supported", "by_state", "by_group"]
    once = dict.fromkeys(COLUMNS, "first") | dict.fromkeys(said, "max") | {"supporters": _named}
    return found.groupby(KEY, as_index=False).agg(
        {name: how for name, how in once.items() if name not in KEY}
    )[list(COLUMNS)]


def _coded(codes: pd.Series) -> pd.Series:
    """Return 1 where a code says that there was support, else 0; an empty cell says none."""
    return codes.replace("", "0").astype(float).gt(0).astype(int)


def _named(cells: pd.Series) -> str:
    """Return all names of some cells, each once, as they come."""
    names = (name.strip() for cell in cells for name in cell.split(","))
    return "; ".join(dict.fromkeys(name for name in names if name))


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of external support from the publisher's workbook.

    Parameters
    ----------
    sources : list of pathlib.Path
        The workbook.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.facts.Facts`.

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
    helpers.base.errors.InputError: the publisher's file nowhere.xlsx does not exist; ...
    """
    told, given = read_facts(facts, Facts), read_support(only_one(sources))
    table, target = of_groups(given), out / told.table
    idle = ((given["actor_nonstate"] == "1") & (given["active"] != "1")).sum()
    figures = {
        "n_idle": int(idle),
        "n_groups": table["group_id"].nunique(),
        "version": release_in(sources[0].name),
        "last": given["year"].astype(int).max(),
    }
    publish(table, target, told.sidecar(KEY, COLUMNS, **figures))
    return [target]
