"""Population and area of provinces and districts from the tables of three censuses.

The later list of districts gives two censuses on the borders of the later one; the earlier list
gives the census before on the borders of the earlier one, and the later census once more, by which
the two lists are checked against each other; a list of subdistricts gives areas.
"""

from pathlib import Path

import pandas as pd

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.as_published import publish
from helpers.ingest.cells import read_table
from helpers.ingest.census_facts import COLUMNS, KEY, CensusFacts, Listed
from helpers.ingest.facts import read_facts
from helpers.ingest.looked import once
from helpers.raw.contract import load

SOURCES = "districts of the later census, districts of the earlier one, subdistricts (csv)"


def named(listed: pd.DataFrame, places: pd.DataFrame, source: str, file: str) -> pd.DataFrame:
    """Return a list of districts under our names.

    Parameters
    ----------
    listed : pandas.DataFrame
        ``province``, ``division`` and ``district`` as the census writes them, and figures.
    places : pandas.DataFrame
        Rows of the table of places: ``level``, ``name``, ``province``, ``spelling``, ``source``,
        ``valid_from``.
    source, file : str
        Who spells, and the name of the file, for the sentence.

    Returns
    -------
    pandas.DataFrame
        ``listed`` with ``name`` and ``unit`` (the first-level unit as listed, in our words); case
        of letters aside.

    Raises
    ------
    InputError
        When a spelling is not in the table of places.

    Examples
    --------
    >>> places = pd.DataFrame({"level": ["province", "district"], "name": ["North", "Old Fort"],
    ...                        "province": "North", "spelling": ["N.", "Fort"], "source": "B",
    ...                        "valid_from": None})
    >>> listed = pd.DataFrame({"province": ["N."], "division": ["x"], "district": ["FORT"]})
    >>> named(listed, places, "B", "a.csv")[["unit", "name", "province"]].to_numpy().tolist()
    [['North', 'Old Fort', 'North']]
    """
    # A unit that ended is listed under its own name, not under that of its successor.
    rows = places[(places["source"] == source) & places["valid_from"].isna()]
    found = {"province": listed["province"], "district": listed["district"]}
    for level, spelled in found.items():
        known = rows[rows["level"] == level].drop_duplicates("spelling")
        names = dict(zip(known["spelling"].str.casefold(), known["name"]))
        for one in spelled.unique():
            if one.casefold() not in names:
                raise InputError(
                    f"{file}: the {level} '{one}' is in places.csv under no spelling of {source}"
                    + did_you_mean(one, known["spelling"])
                )
        found[level] = spelled.str.casefold().map(names)
    today = rows[rows["level"] == "district"].drop_duplicates("name").set_index("name")["province"]
    named = listed.assign(unit=found["province"], name=found["district"])
    return named.assign(province=named["name"].map(today))


def agree(
    later: pd.Series, earlier: pd.Series, regrouped: dict[str, list[str]], tolerance: float
) -> None:
    """Refuse two lists of one census that do not tell of the same people.

    Parameters
    ----------
    later, earlier : pandas.Series of float, indexed by name
        The population of one census in a later and in an earlier list of districts.
    regrouped : dict of str to list of str
        Names of either list whose people can be compared in sum alone, by what the group is called.
    tolerance : float
        The largest share by which a district or a group may differ.

    Raises
    ------
    InputError
        For the name that differs most: its borders changed, or the figure stands beside a wrong
        name.

    Examples
    --------
    >>> agree(pd.Series({"A": 60, "B": 40}), pd.Series({"A": 100}), {"A and B": ["A", "B"]}, 0.02)
    >>> agree(pd.Series({"A": 60, "B": 40}), pd.Series({"A": 40, "B": 60}), {}, 0.02)
    Traceback (most recent call last):
    helpers.base.errors.InputError: the lists of districts give 'A' 60 and 40 people at one \
census, more than 2 % apart; name the districts that share its people in 'regrouped', or correct \
the names
    """
    group = {name: label for label, names in regrouped.items() for name in names}
    sums = [
        one.groupby([group.get(name, name) for name in one.index]).sum() for one in (later, earlier)
    ]
    both = pd.concat(sums, axis=1, keys=["later", "earlier"]).fillna(0)
    apart = (both["later"] - both["earlier"]).abs() / both.max(axis=1)
    if (apart > tolerance).any():
        name = apart.idxmax()
        raise InputError(
            f"the lists of districts give '{name}' {both.at[name, 'later']:.0f} and "
            f"{both.at[name, 'earlier']:.0f} people at one census, more than {100 * tolerance:g} % "
            "apart; name the districts that share its people in 'regrouped', or correct the names"
        )


def areas(parts: pd.DataFrame, population: pd.Series, tolerance: float) -> pd.Series:
    """Return the area of each district whose subdistricts are all listed.

    Parameters
    ----------
    parts : pandas.DataFrame
        ``name`` of the district, ``population`` and ``area_km2`` (square kilometres) of each
        subdistrict, missing where not stated.
    population : pandas.Series of float, indexed by name
        The district's own population at the same census.
    tolerance : float
        The largest share by which the sum of the parts may differ from the whole.

    Returns
    -------
    pandas.Series of float, indexed by name
        Square kilometres; a district with a part that is not listed is left out.

    Examples
    --------
    >>> parts = pd.DataFrame({"name": ["A", "A", "B"], "population": [60, 40, 10],
    ...                       "area_km2": [2.0, 3.0, 7.0]})
    >>> areas(parts, pd.Series({"A": 100, "B": 30}), 0.02).to_dict()
    {'A': 5.0}
    """
    sums = parts.groupby("name")[["population", "area_km2"]].sum()
    apart = (sums["population"] - population.reindex(sums.index)).abs() / sums["population"]
    return sums.loc[apart <= tolerance, "area_km2"]


def with_totals(districts: pd.DataFrame) -> pd.DataFrame:
    """Return districts and, before them, the first-level units as their sums.

    Parameters
    ----------
    districts : pandas.DataFrame
        ``unit`` (first-level unit), ``name``, ``province``, ``division``, ``year``,
        ``population``, ``area_km2`` and ``url``.

    Returns
    -------
    pandas.DataFrame
        Columns of the table; the area of a first-level unit is missing where that of one of its
        districts is.

    Examples
    --------
    >>> rows = {"unit": "P", "name": ["A", "B"], "province": "P", "division": "D", "year": 2023}
    >>> rows = pd.DataFrame(rows).assign(population=[3, 4], area_km2=[1.0, None], url="u")
    >>> with_totals(rows)[["level", "name", "population", "area_km2"]].to_numpy().tolist()
    [['province', 'P', 7, nan], ['district', 'A', 3, 1.0], ['district', 'B', 4, nan]]
    """
    whole = districts.groupby(["unit", "year", "url"], as_index=False).agg(
        province=("province", "first"),
        population=("population", "sum"),
        area_km2=("area_km2", lambda areas: areas.sum(skipna=False)),
    )
    whole = whole.rename(columns={"unit": "name"}).assign(level="province", division=None)
    rows = pd.concat([whole, districts.assign(level="district")], ignore_index=True)
    return rows[list(COLUMNS)]


def _read(path: Path, listed: Listed, places: pd.DataFrame, source: str) -> pd.DataFrame:
    """Return a list of districts with our names of columns and places."""
    columns = {
        listed.province: "province",
        listed.division: "division",
        listed.district: "district",
    }
    figures = list(listed.figures.values())
    # A subdistrict may lack figures, and its district then has no area; a district may not.
    if "area_km2" in listed.figures:
        cells, frame = read_table(path, list(columns), maybe=figures)
        frame = frame.assign(**{name: cells.numbers(name) for name in figures})
    else:
        cells, frame = read_table(path, list(columns), figures)
    if "area_km2" not in listed.figures:
        once(cells, [listed.province, listed.district], "district")
    columns |= {column: name for name, column in listed.figures.items()}
    return named(frame.rename(columns=columns), places, source, path.name)


def table_rows(sources: list[Path], facts: CensusFacts, places: pd.DataFrame) -> pd.DataFrame:
    """Return the whole table.

    Parameters
    ----------
    sources : list of pathlib.Path
        The three files, in the order of :data:`SOURCES`.
    facts : CensusFacts
        Which columns they have, and how their lists differ.
    places : pandas.DataFrame
        The table of places.

    Returns
    -------
    pandas.DataFrame
        Columns of the table, sorted by year, level and name.

    Raises
    ------
    InputError
        When a file is missing or is not what it should be, or the lists disagree.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path
    >>> table_rows([Path("a.csv")], read_facts(facts_path("census"), CensusFacts), pd.DataFrame())
    Traceback (most recent call last):
    helpers.base.errors.InputError: census needs 3 files, got 1: districts of the later census, \
districts of the earlier one, subdistricts (csv)
    """
    lists = [facts.later, facts.earlier, facts.parts]
    if len(sources) != len(lists):
        raise InputError(f"census needs {len(lists)} files, got {len(sources)}: {SOURCES}")
    later, earlier, parts = (
        _read(path, listed, places, facts.source) for path, listed in zip(sources, lists)
    )
    before, middle, last = facts.years
    now, then = (one.set_index("name")[f"population_{middle}"] for one in (later, earlier))
    agree(now, then, facts.regrouped, facts.tolerance)
    parts = parts.rename(columns={f"population_{last}": "population"})
    area = areas(parts, later.set_index("name")[f"population_{last}"], facts.tolerance)
    years = [
        _year(later, last, facts.later.url).assign(area_km2=later["name"].map(area)),
        _year(later, middle, facts.later.url).assign(area_km2=later["name"].map(area)),
        _year(earlier, before, facts.earlier.url).assign(area_km2=float("nan")),
    ]
    rows = with_totals(pd.concat(years, ignore_index=True))
    rows = rows[~_mislabelled(rows, facts, before)]
    return rows.sort_values(["year", "level", "province", "name"], kind="stable")


def _year(listed: pd.DataFrame, year: int, url: str) -> pd.DataFrame:
    """Return the population of one census out of a list."""
    counted = listed[f"population_{year}"].astype("int64")
    # What ended lies today in another unit, but is summed as the list has it.
    return listed.assign(year=year, population=counted, url=url)


def _mislabelled(rows: pd.DataFrame, facts: CensusFacts, year: int) -> pd.Series:
    """Return which districts have a figure that stands beside a wrong name in the earlier list."""
    return (
        (rows["year"] == year)
        & (rows["level"] == "district")
        & rows["name"].isin(facts.mislabelled)
    )


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of population.

    Parameters
    ----------
    sources : list of pathlib.Path
        The three files, in the order of :data:`SOURCES`.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.census_facts.CensusFacts`.

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
    >>> build([Path("nowhere.csv")] * 3, Path(), facts_path("census"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, CensusFacts)
    rows = table_rows(sources, told, load(paths.RAW / "places.csv"))
    table = out / told.table
    publish(rows, table, told.sidecar(KEY, COLUMNS))
    return [table]
