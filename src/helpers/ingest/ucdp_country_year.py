"""UCDP organized violence by country and year, in long form by type of violence."""

from pathlib import Path

import pandas as pd

from helpers.ingest.facts import Facts, read_facts
from helpers.ingest.publisher import count, read_csv, text
from helpers.raw.put import put

SOURCES = "UCDP Country-Year Dataset on Organized Violence within Country Borders (csv)"
TYPES = {"sb": "state-based", "ns": "non-state", "os": "one-sided"}
KEYS = {
    "country_cy": "country",
    "country_id_cy": "country_id",
    "region_cy": "region",
    "year_cy": "year",
}
KEY = ["country", "year", "type_of_violence"]
COLUMNS = {
    "country": text("country as UCDP spells it"),
    "country_id": count("", "Gleditsch and Ward country number"),
    "region": text("UCDP region"),
    "year": count("year", "calendar year"),
    "type_of_violence": text("UCDP type of violence", allowed=list(TYPES.values())),
    "deaths_low": count("deaths", "low estimate"),
    "deaths_best": count("deaths", "best estimate"),
    "deaths_high": count("deaths", "high estimate"),
    "civilians": count(
        "deaths", "civilians in the best estimate; one-sided violence less the unknown"
    ),
    "dyads": count("dyads", "active dyads (one-sided: actor against civilians)"),
}


def columns_needed() -> list[str]:
    """Return the publisher's columns that the table is built from.

    Returns
    -------
    list of str
        Keys, deaths and dyads by type, civilians, and the version.

    Examples
    --------
    >>> columns_needed()[4:7]
    ['sb_total_deaths_low_cy', 'sb_total_deaths_best_cy', 'sb_total_deaths_high_cy']
    """
    parts = ("total_deaths_low", "total_deaths_best", "total_deaths_high", "dyad_count")
    civilians = ["sb_deaths_civilians_cy", "ns_deaths_civilians_cy", "os_killings_unknown_cy"]
    return [
        *KEYS,
        *(f"{kind}_{part}_cy" for kind in TYPES for part in parts),
        *civilians,
        "version",
    ]


def long_form(wide: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each country, year and type of violence.

    Parameters
    ----------
    wide : pandas.DataFrame
        One row a country and year, with the columns of :func:`columns_needed`; deaths a year.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`; deaths a year.

    Examples
    --------
    >>> wide = pd.DataFrame([dict.fromkeys(columns_needed(), 0) | {
    ...     "country_cy": "Chad", "os_total_deaths_best_cy": 10, "os_killings_unknown_cy": 3}])
    >>> long_form(wide)[["type_of_violence", "deaths_best", "civilians"]].to_numpy().tolist()[2]
    ['one-sided', 10, 7]
    """
    parts = []
    for kind, name in TYPES.items():
        # In one-sided violence the dead are civilians, but for those whose standing is unknown.
        civilians = (
            wide["os_total_deaths_best_cy"] - wide["os_killings_unknown_cy"]
            if kind == "os"
            else wide[f"{kind}_deaths_civilians_cy"]
        )
        parts.append(
            wide[list(KEYS)]
            .rename(columns=KEYS)
            .assign(
                type_of_violence=name,
                deaths_low=wide[f"{kind}_total_deaths_low_cy"],
                deaths_best=wide[f"{kind}_total_deaths_best_cy"],
                deaths_high=wide[f"{kind}_total_deaths_high_cy"],
                civilians=civilians,
                dyads=wide[f"{kind}_dyad_count_cy"],
            )
        )
    order = pd.CategoricalDtype(TYPES.values(), ordered=True)
    frame = pd.concat(parts).astype({"type_of_violence": order})
    return frame.sort_values(["country", "year", "type_of_violence"]).reset_index(drop=True)


def out_of_order(frame: pd.DataFrame) -> list[str]:
    """Return the rows whose low, best and high estimates are not in that order.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`long_form` returns it.

    Returns
    -------
    list of str
        Country, year and type of each, in words.

    Examples
    --------
    >>> out_of_order(pd.DataFrame({
    ...     "country": ["Chad"], "year": [2001], "type_of_violence": ["non-state"],
    ...     "deaths_low": [5], "deaths_best": [4], "deaths_high": [9]}))
    ['Chad 2001 (non-state)']
    """
    odd = frame[
        (frame["deaths_low"] > frame["deaths_best"]) | (frame["deaths_best"] > frame["deaths_high"])
    ]
    return [f"{row.country} {row.year} ({row.type_of_violence})" for row in odd.itertuples()]


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of deaths by country, year and type of violence.

    Parameters
    ----------
    sources : list of pathlib.Path
        The publisher's file.
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
    >>> sources = [Path("nowhere.csv")]
    >>> build(sources, Path(), facts_path("ucdp-country-year"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, Facts)
    wide = read_csv(sources[0], columns_needed())
    frame = long_form(wide)
    odd = out_of_order(frame)
    sidecar = told.sidecar(
        KEY, COLUMNS, version=wide["version"].iloc[0], n_odd=len(odd), odd=", ".join(odd)
    )
    table = out / told.table
    put(frame, table, sidecar)
    return [table]
