"""The rows of the table of places: of provinces, of districts, of the parts of a split."""

import re
from typing import Any

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.places_facts import Census, Districts, Ended, PlaceFacts, Split

Row = dict[str, Any]  # column of the table: value; what is empty may be left out
SOURCE = "UCDP"  # whose events give the spellings and coordinates of districts
LOCATED = 3  # where_prec of an event that is located to the district or better


def province_rows(facts: PlaceFacts) -> list[Row]:
    """Return the rows of first-level units, one for each spelling and span of validity.

    A merger ends one unit and sends its spellings to another.

    Parameters
    ----------
    facts : PlaceFacts
        The units of today and those that ended.

    Returns
    -------
    list of dict
        Rows of the table.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path, read_facts
    >>> facts = read_facts(facts_path("places"), PlaceFacts)
    >>> facts = facts.model_copy(update={"provinces": {"North": {"UCDP": ["N."]}}, "ended": {}})
    >>> province_rows(facts)[0]["spelling"]
    'N.'
    """
    rows: list[Row] = [
        {
            "level": "province",
            "name": name,
            "province": name,
            "spelling": spelling,
            "source": source,
        }
        for name, by_source in facts.provinces.items()
        for source, spellings in by_source.items()
        for spelling in spellings
    ]
    for name, ended in facts.ended.items():
        rows += _rows_of_ended(name, ended)
    return rows


def _rows_of_ended(name: str, ended: Ended) -> list[Row]:
    rows: list[Row] = []
    for source, spellings in ended.spellings.items():
        for spelling in spellings:
            base = {"level": "province", "spelling": spelling, "source": source, "url": ended.url}
            until = {"valid_to": ended.date, "successor": ended.into, "note": ended.note}
            after = {"valid_from": ended.date, "note": ended.note_after}
            rows += [
                {**base, "name": name, "province": name, **until},
                {**base, "name": ended.into, "province": ended.into, **after},
            ]
    return rows


def district_name(spelling: str, districts: Districts) -> str:
    """Return our name of a district.

    Parameters
    ----------
    spelling : str
        The publisher's.
    districts : Districts
        Slips, and the words that are not part of a name.

    Returns
    -------
    str
        The name.

    Examples
    --------
    >>> districts = Districts(suffixes=["district"], names={"Suoth district": "South"})
    >>> district_name("West district", districts), district_name("Suoth district", districts)
    ('West', 'South')
    """
    if spelling in districts.names or not districts.suffixes:
        return districts.names.get(spelling, spelling)
    return re.sub(rf"\s+({'|'.join(map(re.escape, districts.suffixes))})$", "", spelling)


def district_rows(events: pd.DataFrame, facts: PlaceFacts) -> list[Row]:
    """Return the rows of districts, each with the median place of its events.

    Parameters
    ----------
    events : pandas.DataFrame
        Events of the country: names of units (``adm_1``, ``adm_2``, missing where unknown),
        coordinates in degrees, and ``where_prec``; only events that are located to the district
        or better give a place.
    facts : PlaceFacts
        Names of provinces and districts.

    Returns
    -------
    list of dict
        Rows of the table.

    Raises
    ------
    InputError
        When a first-level unit of the events is not in the facts.

    Examples
    --------
    >>> from helpers.ingest.facts import facts_path, read_facts
    >>> facts = read_facts(facts_path("places"), PlaceFacts)
    >>> facts = facts.model_copy(update={"provinces": {"North": {"UCDP": ["N."]}}})
    >>> events = pd.DataFrame({"adm_1": "N.", "adm_2": "West district", "where_prec": ["1", "3"],
    ...                        "latitude": [10.0, 11.0], "longitude": [20.0, 20.0]})
    >>> [row] = district_rows(events, facts)
    >>> row["name"], row["province"], row["latitude"]
    ('West', 'North', 10.5)
    """
    placed = events[events["adm_2"].notna() & (events["where_prec"].astype(int) <= LOCATED)]
    centre = placed.groupby("adm_2")[["latitude", "longitude"]].median().round(3)
    pairs = events[["adm_1", "adm_2"]].dropna().drop_duplicates().sort_values(["adm_1", "adm_2"])
    today = _provinces_by_spelling(facts)
    ended = {
        spelling: unit
        for unit in facts.ended.values()
        for spelling in unit.spellings.get(SOURCE, [])
    }
    rows = []
    unknown = [one for one in pairs["adm_1"].unique() if one not in today]
    if unknown:
        raise InputError(
            f"the events name the first-level unit '{unknown[0]}', which is not in the facts"
            + did_you_mean(unknown[0], today)
            + (f"; nor are {', '.join(unknown[1:])}" if unknown[1:] else "")
        )
    # A district that lay in a unit that ended, and then in the one that holds it, is one row.
    units = pairs["adm_1"].map(today).groupby(pairs["adm_2"]).nunique()
    for spelling in units.index[units > 1]:
        found = pairs.loc[pairs["adm_2"] == spelling, "adm_1"]
        raise InputError(
            f"the events place the district '{spelling}' in {' and in '.join(found)}; say in the "
            "facts which is right"
        )
    former = pairs.assign(former=pairs["adm_1"].isin(ended)).sort_values("former", kind="stable")
    pairs = former.drop_duplicates("adm_2", keep="last")[["adm_1", "adm_2"]]
    for province, spelling in pairs.itertuples(index=False):
        row = _district_row(spelling, today[province], ended.get(province), facts.districts)
        rows.append(row | (centre.loc[spelling].to_dict() if spelling in centre.index else {}))
    return rows


def _provinces_by_spelling(facts: PlaceFacts) -> dict[str, str]:
    """Return the first-level unit of today by the spelling of the events."""
    return {
        spelling: name
        for name, by_source in facts.provinces.items()
        for spelling in by_source.get(SOURCE, [])
    } | {
        spelling: ended.into
        for ended in facts.ended.values()
        for spelling in ended.spellings.get(SOURCE, [])
    }


def _district_row(spelling: str, province: str, ended: Ended | None, districts: Districts) -> Row:
    """Return the row of a district, which may have lain in a unit that ended."""
    name = district_name(spelling, districts)
    row = {
        "level": "district",
        "name": name,
        "province": province,
        "spelling": spelling,
        "source": SOURCE,
        "note": ended.note_districts if ended else "",
        "url": ended.url if ended else "",
    }
    return row | _succession(name, districts)


def census_rows(census: Census, districts: Districts) -> list[Row]:
    """Return the rows of the districts of a census, one for each spelling.

    Parameters
    ----------
    census : Census
        The districts by first-level unit, and how the census writes them.
    districts : Districts
        Which district holds another today.

    Returns
    -------
    list of dict
        Rows of the table.

    Examples
    --------
    >>> census = Census(source="Bureau", url="https://a.org", districts={"North": ["A", "FR A"]},
    ...                 spellings={"FR A": ["Fr A"]})
    >>> rows = census_rows(census, Districts(successors={"FR A": "A"}))
    >>> [(row["spelling"], row.get("successor")) for row in rows]
    [('A', None), ('Fr A', 'A')]
    """
    rows: list[Row] = [
        {
            "level": "district",
            "name": name,
            "province": province,
            "spelling": spelling,
            "source": census.source,
            "note": census.notes.get(name, ""),
            "url": census.url,
        }
        for province, names in census.districts.items()
        for name in names
        for spelling in census.spellings.get(name, [name])
    ]
    return [row | _succession(row["name"], districts) for row in rows]


def _succession(name: str, districts: Districts) -> Row:
    """Return what is said of a district that another holds today, nothing of any other."""
    if name not in districts.successors:
        return {}
    return {"successor": districts.successors[name], "note": districts.successor_note}


def regular_rows(districts: Districts, known: list[Row]) -> list[Row]:
    """Return the rows of the publisher's regular spellings of districts that it may yet name.

    A district without an event in the files at hand, or one that was renamed since, is met first in
    a later release.

    Parameters
    ----------
    districts : Districts
        The rule, and where it was seen at work.
    known : list of dict
        Rows that tell which districts there are; one that has a successor gets no row.

    Returns
    -------
    list of dict
        Rows of the table: one a district whose regular spelling is not among ``known``.

    Examples
    --------
    >>> known = [{"level": "district", "name": "Fort", "province": "West", "spelling": "Fort"}]
    >>> [row] = regular_rows(Districts(regular="{name} district"), known)
    >>> row["spelling"], row["name"], row["source"]
    ('Fort district', 'Fort', 'UCDP')
    """
    if not districts.regular:
        return []
    of = [row for row in known if row["level"] == "district"]
    taken = {row["spelling"] for row in of}
    ended = {row["name"] for row in of if row.get("successor")}
    found = {}
    for row in of:
        spelling = districts.regular.replace("{name}", row["name"])
        if spelling not in taken and row["name"] not in ended:
            found[spelling] = {
                "level": "district",
                "name": row["name"],
                "province": row["province"],
                "spelling": spelling,
                "source": SOURCE,
                "valid_from": row.get("valid_from", ""),
                "note": districts.seen.get(spelling, districts.regular_note),
            }
    return list(found.values())


def published_rows(spellings: dict[str, list[str]], known: list[Row]) -> list[Row]:
    """Return the rows of further spellings in published figures.

    Parameters
    ----------
    spellings : dict of str to list of str
        Spellings by our name of a district.
    known : list of dict
        Rows that tell in which first-level unit a district lies.

    Returns
    -------
    list of dict
        Rows of the table.

    Raises
    ------
    InputError
        When no row has the name.

    Examples
    --------
    >>> known = [{"level": "district", "name": "Killa A", "province": "West"}]
    >>> [row] = published_rows({"Killa A": ["Qila A"]}, known)
    >>> row["spelling"], row["province"]
    ('Qila A', 'West')
    """
    provinces = {row["name"]: row["province"] for row in known if row["level"] == "district"}
    for name in spellings:
        if name not in provinces:
            raise InputError(
                f"the facts spell the district '{name}', which is not in the table"
                + did_you_mean(name, provinces)
            )
    return [
        {
            "level": "district",
            "name": name,
            "province": provinces[name],
            "spelling": spelling,
            "source": "published",
        }
        for name, several in spellings.items()
        for spelling in several
    ]


def split_rows(split: Split) -> list[Row]:
    """Return the rows of the parts of a district that was split.

    Parameters
    ----------
    split : Split
        The parts, and since when.

    Returns
    -------
    list of dict
        Rows of the table.

    Examples
    --------
    >>> split = Split(parts={"Upper A": ["Upper A", "A Upper"]}, province="North",
    ...               date="2022-10-13", note="", url="")
    >>> [row["spelling"] for row in split_rows(split)]
    ['Upper A', 'A Upper']
    """
    return [
        {
            "level": "district",
            "name": part,
            "province": split.province,
            "spelling": spelling,
            "source": "published",
            "valid_from": split.date,
            "note": split.note,
            "url": split.url,
        }
        for part, spellings in split.parts.items()
        for spelling in spellings
    ]
