"""Figures that texts print of areas, one row a figure and text, as they stand there.

The collection has the columns source, series, region, district, period_start, period_end, metric,
value, url, retrieved and note; the facts say which of its sources a table takes. Two texts that
contradict each other are two rows.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.base import paths
from helpers.base.errors import InputError, did_you_mean
from helpers.base.models import Strict
from helpers.ingest.as_published import publish
from helpers.ingest.cells import read_table
from helpers.ingest.facts import CountryFacts, read_facts
from helpers.ingest.publisher import address, only_one, text
from helpers.raw.contract import load
from helpers.raw.sidecar import Column

SOURCES = "the collection of figures of areas (csv)"
NEEDED = [
    "source",
    "series",
    "region",
    "district",
    "period_start",
    "period_end",
    "metric",
    "value",
    "url",
    "retrieved",
    "note",
]
LEVELS = ["country", "province", "division", "district", "former district", "town"]
KEY = ["source", "series", "area", "period_start", "period_end", "metric", "url"]
COLUMNS = {
    "source": text("who counts or claims"),
    "via": text("who prints it, where not the source itself", nullable=True),
    "series": text("what is counted, in our words"),
    "area": text("the area, as places.csv names it where it does"),
    "level": text("what kind of area", allowed=LEVELS),
    "period_start": Column(type="date", meaning="first day"),
    "period_end": Column(type="date", meaning="last day"),
    "metric": text("what the value is a number of"),
    "value": Column(type="number", unit="see unit", meaning="the figure as printed", minimum=0),
    "unit": text("unit of the value"),
    "precision": text("how the text hedges it", allowed=["exact", "about", "at least"]),
    "url": address("text that prints it"),
    "retrieved": Column(type="date", meaning="day on which the text was read, at the latest"),
    "note": text("what a reader must know", nullable=True),
}


class Teller(Strict):
    """A source of the collection.

    Attributes
    ----------
    source, via : str
        Who counts or claims, and who prints it.
    """

    source: str
    via: str = ""


class Amendment(Strict):
    """What a text says of a figure that its row of the collection does not.

    Attributes
    ----------
    where : dict of str to str
        Values by column that pick the rows.
    set : dict of str to str
        New values by column.
    why : str
        What the text says.
    """

    where: dict[str, str]
    set: dict[str, str]
    why: str


class AreaFacts(CountryFacts):
    """Facts of the command.

    Attributes
    ----------
    sources : dict of str to Teller
        Sources of the collection that the table takes.
    others : list of str
        Sources of the collection that it leaves to another table.
    units : dict of str to str
        Unit by metric.
    levels : dict of str to str
        What kind of area those are that are neither country, province nor district.
    amended : list of Amendment
        Corrections, each with its reason.
    quoted : list of dict
        Figures that the collection lacks, as rows of the table; what is left out is as in the row
        before.
    """

    sources: dict[str, Teller]
    others: list[str] = []
    units: dict[str, str]
    levels: dict[str, str] = {}
    amended: list[Amendment] = []
    quoted: list[dict[str, str | float]] = []


def whole_days(start: str, end: str) -> tuple[str, str]:
    """Return the first and the last day of a period.

    Parameters
    ----------
    start, end : str
        Days or months, ``YYYY-MM-DD`` or ``YYYY-MM``.

    Returns
    -------
    tuple of str
        Days.

    Raises
    ------
    InputError
        When a text is neither, or the end lies before the start.

    Examples
    --------
    >>> whole_days("2024-01", "2024-02")
    ('2024-01-01', '2024-02-29')
    """
    for which, one in {"starts": start, "ends": end}.items():
        form = re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])(-\d{2})?", one)
        if not form or pd.isna(pd.to_datetime(one, errors="coerce")):
            raise InputError(f"the period {which} in '{one}', expected YYYY-MM or YYYY-MM-DD")
    first = pd.Period(start[:7], "M").start_time if len(start) == 7 else pd.Timestamp(start)
    last = pd.Period(end[:7], "M").end_time if len(end) == 7 else pd.Timestamp(end)
    if last < first:
        raise InputError(f"the period {start} to {end} ends before it starts")
    return f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"


def area_of(
    region: str, district: str, names: Mapping[tuple[str, str], str], facts: AreaFacts
) -> tuple[str, str]:
    """Return the area of a figure under our name, and its level.

    Parameters
    ----------
    region, district : str
        As the collection has them; either may be empty.
    names : mapping of (str, str) to str
        Our name by level and spelling.
    facts : AreaFacts
        The country, and areas of other levels.

    Returns
    -------
    area, level : str
        Name and level.

    Raises
    ------
    InputError
        When the area is not known.

    Examples
    --------
    >>> facts = AreaFacts.model_construct(country="Chad", levels={"Fort": "town"})
    >>> names = {("district", "Lac Region"): "Lac"}
    >>> area_of("", "Lac Region", names, facts), area_of("", "Fort", names, facts)
    (('Lac', 'district'), ('Fort', 'town'))
    """
    said, level = (district, "district") if district else (region, "province")
    if said == facts.country:
        return said, "country"
    if said in facts.levels:
        return said, facts.levels[said]
    if (level, said) not in names:
        raise InputError(
            f"the {level} '{said}' is neither in places.csv nor in the facts"
            + did_you_mean(said, [spelling for kind, spelling in names if kind == level])
        )
    return names[level, said], level


def tidy(
    collected: pd.DataFrame,
    names: Mapping[tuple[str, str], str],
    facts: AreaFacts,
    file: str = "the collection",
) -> pd.DataFrame:
    """Return the figures of the sources that the facts take, in our columns.

    Parameters
    ----------
    collected : pandas.DataFrame of str
        Columns of :data:`NEEDED`, indexed by row of the file.
    names : mapping of (str, str) to str
        Our name by level and spelling.
    facts : AreaFacts
        Sources, units, levels and corrections.
    file : str, default "the collection"
        Its name, for sentences.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`COLUMNS`; sorted by the key.

    Raises
    ------
    InputError
        When an area, a metric or a period is not known, or a source or a correction finds no row.

    Examples
    --------
    >>> facts = AreaFacts.model_construct(
    ...     country="Chad", sources={"Police (daily)": Teller(source="Police")}, levels={},
    ...     units={"incidents": "incidents"}, amended=[], quoted=[])
    >>> row = dict.fromkeys(NEEDED, "") | {"source": "Police (daily)", "region": "Chad",
    ...     "period_start": "2024-01", "period_end": "2024-01", "metric": "incidents",
    ...     "value": "7", "url": "https://a.org", "retrieved": "seen 2026-01-31"}
    >>> tidy(pd.DataFrame([row]), {}, facts)[["source", "level", "period_end"]].values.tolist()
    [['Police', 'country', '2024-01-31']]
    """
    for source in facts.sources:
        if source not in set(collected["source"]):
            raise InputError(
                f"the collection has no row of '{source}'"
                + did_you_mean(source, collected["source"].unique())
            )
    strange = ~collected["source"].isin([*facts.sources, *facts.others])
    if strange.any():
        found = collected.loc[strange.idxmax(), "source"]
        raise InputError(
            f"{file}, row {strange.idxmax()}: the source '{found}' is not in the facts, neither in "
            f"sources nor in others{did_you_mean(found, [*facts.sources, *facts.others])}"
        )
    mine = collected[collected["source"].isin(facts.sources)]
    rows = [
        _row(row, names, facts, f"{file}, row {at}")
        for at, row in zip(mine.index, mine.to_dict("records"))
    ]
    frame = _amended(pd.DataFrame(rows), facts.amended)
    quoted = pd.DataFrame(facts.quoted).ffill() if facts.quoted else None
    frame = pd.concat([frame, quoted], ignore_index=True)
    return frame.reindex(columns=list(COLUMNS)).sort_values(KEY, kind="stable")


def _row(
    row: dict, names: Mapping[tuple[str, str], str], facts: AreaFacts, where: str
) -> dict[str, object]:
    """Return a row of the table from one of the collection, or tell where it stands."""
    teller = facts.sources[row["source"]]
    try:
        if row["metric"] not in facts.units:
            raise InputError(
                f"the metric '{row['metric']}' is not in the facts"
                + did_you_mean(row["metric"], facts.units)
            )
        area, level = area_of(row["region"], row["district"], names, facts)
        start, end = whole_days(row["period_start"], row["period_end"])
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    return {
        "source": teller.source,
        "via": teller.via,
        "series": row["series"],
        "area": area,
        "level": level,
        "period_start": start,
        "period_end": end,
        "metric": row["metric"],
        "value": float(row["value"]),
        "unit": facts.units[row["metric"]],
        "precision": "exact",
        "url": row["url"],
        "retrieved": row["retrieved"].split()[-1],
        "note": row["note"],
    }


def _amended(frame: pd.DataFrame, amended: list[Amendment]) -> pd.DataFrame:
    """Return the rows with the corrections in place and their reason in the note."""
    for one in amended:
        hit = (frame[list(one.where)].astype(str) == pd.Series(one.where)).all(axis=1)
        if not hit.any():
            raise InputError(f"no row is {one.where}, as a correction of the facts expects")
        frame.loc[hit, list(one.set)] = list(one.set.values())
        notes = frame.loc[hit, "note"]
        frame.loc[hit, "note"] = (notes + "; " + one.why).where(notes != "", one.why)
    return frame


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build a table of figures of areas.

    Parameters
    ----------
    sources : list of pathlib.Path
        The collection.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`AreaFacts`.

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
    >>> build([Path("nowhere.csv")], Path(), facts_path("group-claims"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.csv does not exist; ...
    """
    told = read_facts(facts, AreaFacts)
    path, maybe = only_one(sources), ["region", "district", "note"]
    cells, collected = read_table(path, [name for name in NEEDED if name not in maybe], [], maybe)
    cells.numbers("value")
    places = load(paths.RAW / "places.csv").sort_values("valid_from", na_position="first")
    names = {(row.level, row.spelling): row.name for row in places.itertuples(index=False)}
    table = out / told.table
    publish(tidy(collected, names, told, path.name), table, told.sidecar(KEY, COLUMNS))
    return [table]
