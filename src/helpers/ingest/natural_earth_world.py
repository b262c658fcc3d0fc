"""Countries of the world from Natural Earth, named as UCDP names them."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from helpers.base import names, paths
from helpers.base.errors import InputError
from helpers.ingest.antimeridian import cut
from helpers.ingest.facts import Facts, read_facts
from helpers.ingest.looked import named, polygons, read_json
from helpers.ingest.natural_earth import put_features, rounded
from helpers.ingest.publisher import only_one, text
from helpers.ingest.topology import decoded
from helpers.ingest.ucdp_layout import one_line
from helpers.raw.contract import verify
from helpers.raw.sidecar import read_cells

SOURCES = (
    "Natural Earth 110m admin-0 countries: its GeoJSON, or the TopoJSON of the package world-atlas"
)
LAYER = "countries"  # of the TopoJSON
NONE = "-99"  # where Natural Earth has no code
KNOWN = "country_year.csv"  # holds every country, at war or not
ALSO = "country_names.csv"
SHOWN = "country_month.csv"  # holds those with an event
COLUMNS = {
    "name": text(f"country as in {KNOWN}, empty where UCDP has none", nullable=True),
    "outline": text("what Natural Earth calls the outline"),
    "iso": text("ISO 3166-1 code, three digits", nullable=True),
}


class WorldFacts(Facts):
    """Facts of the command.

    Attributes
    ----------
    names : dict of str to str
        The country by Natural Earth's name of it, where neither that name nor what people write
        for the country is the name in the data.
    within : dict of str to str
        Outlines that Natural Earth has apart, each with the country in which UCDP counts it.
    apart : list of str
        Outlines that are no country of UCDP's.
    small : list of str
        Countries with an event that are too small for an outline.
    """

    names: dict[str, str] = Field(default_factory=dict)
    within: dict[str, str] = Field(default_factory=dict)
    apart: list[str] = Field(default_factory=list)
    small: list[str] = Field(default_factory=list)


def name_of(outline: str, told: WorldFacts, known: Collection[str], also: Mapping[str, str]) -> str:
    """Return the country of an outline.

    Parameters
    ----------
    outline : str
        What Natural Earth calls it.
    told : WorldFacts
        Facts.
    known : collection of str
        Names in the data.
    also : mapping of str to str
        What people write to the name in the data.

    Returns
    -------
    str
        A name of ``known``; empty for an outline that the facts leave apart.

    Raises
    ------
    InputError
        When nothing tells the country, or what tells it names one that is not there.

    Examples
    --------
    >>> told = WorldFacts.model_construct(names={"Tom.": "Tomainia"}, apart=["Atlantis"])
    >>> name_of("Tom.", told, ["Tomainia"], {}), name_of("Atlantis", told, ["Tomainia"], {})
    ('Tomainia', '')
    """
    if outline in told.apart:
        return ""
    for spelt in (told.names, told.within, {one: one for one in known}, also):
        if outline in spelt:
            if (name := spelt[outline]) not in known:
                raise InputError(
                    f"the outline '{outline}' is told to be of '{name}', which is not in {KNOWN}"
                    + names.did_you_mean(name, known)
                )
            return name
    raise InputError(
        f"the outline '{outline}' is no country of {KNOWN}"
        + names.did_you_mean(outline, known)
        + "; name it in the facts under 'names', 'within' or 'apart'"
    )


def read_countries(path: Path) -> list[dict[str, Any]]:
    """Return the outlines of a file of either layout.

    Parameters
    ----------
    path : pathlib.Path
        GeoJSON, or TopoJSON with a layer ``countries``.

    Returns
    -------
    list of dict
        GeoJSON features with ``outline`` and ``iso`` as properties, the geometry as published.

    Raises
    ------
    InputError
        When it is neither.

    Examples
    --------
    >>> read_countries(Path("nowhere.json"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.json does not exist; ...
    """
    held = read_json(path)
    try:
        if isinstance(held, dict) and held.get("type") == "Topology":
            return [_told(one, "name", one["id"] or NONE) for one in decoded(held, LAYER)]
        features = held["features"]
        return [_told(one, "NAME", one["properties"]["ISO_N3"]) for one in features]
    except KeyError as error:
        raise InputError(
            f"{path.name} is no file of countries of Natural Earth: it holds no {error}"
        ) from None
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(
            f"{path.name} is no file of countries of Natural Earth: {one_line(error)}"
        ) from None


def _told(feature: Mapping[str, Any], spelt: str, iso: Any) -> dict[str, Any]:
    """Return a feature with its name and code under our names."""
    outline = feature["properties"][spelt]
    if not isinstance(outline, str) or not outline:
        raise ValueError(f"an outline has the {spelt} {outline!r}")
    digits = isinstance(iso, str) and len(iso) == 3 and iso.isascii() and iso.isdigit()
    if not digits and iso != NONE:
        raise ValueError(f"the outline '{outline}' has the code {iso!r}, expected three digits")
    return {"outline": outline, "iso": iso if digits else "", "geometry": feature["geometry"]}


def reduced(country: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return one outline in our schema, cut at the antimeridian.

    Parameters
    ----------
    country : mapping
        As of :func:`read_countries`.
    name : str
        The country, or empty.

    Returns
    -------
    dict
        A GeoJSON feature of several polygons, properties as in :data:`COLUMNS`; rings that round
        to less than a triangle are dropped.

    Raises
    ------
    InputError
        When it is no polygon, or nothing is left of it.

    Examples
    --------
    >>> corners = [[0, 0], [1.001, 0], [1, 1], [0, 0]]
    >>> geometry = {"type": "Polygon", "coordinates": [corners]}
    >>> made = reduced({"outline": "A", "iso": "", "geometry": geometry}, "")
    >>> made["geometry"]["coordinates"]
    [[[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]]
    """
    try:
        found = [_decimal(polygon) for polygon in polygons(country["geometry"])]
    except ValueError as error:
        raise InputError(
            f"the outline '{country['outline']}' is no polygon of corners in degrees "
            f"({one_line(error)})"
        ) from None
    parts = [part for polygon in found for part in cut(polygon)]
    kept = [[ring for ring in map(rounded, part) if len(ring) >= 4] for part in parts]
    coordinates = [part for part in kept if part]
    if not coordinates:
        raise InputError(f"the outline '{country['outline']}' has no extent")
    return {
        "type": "Feature",
        "properties": {"name": name, "outline": country["outline"], "iso": country["iso"]},
        "geometry": {"type": "MultiPolygon", "coordinates": coordinates},
    }


def _decimal(polygon: list[list[list[float]]]) -> list[list[list[float]]]:
    """Return the same corners, 1 as 1.0, so that two layouts are written alike."""
    return [[[float(x), float(y)] for x, y in ring] for ring in polygon]


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the outlines of the countries of the world.

    Parameters
    ----------
    sources : list of pathlib.Path
        The publisher's file.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.natural_earth_world.WorldFacts`.

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
    >>> sources = [Path("nowhere.json")]
    >>> build(sources, Path(), facts_path("natural-earth-world"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.json does not exist; ...
    """
    told = read_facts(facts, WorldFacts)
    path = only_one(sources)
    countries = read_countries(path)
    known = _countries(KNOWN)
    also = names.also_known(paths.RAW / ALSO)
    try:
        features = [reduced(one, name_of(one["outline"], told, known, also)) for one in countries]
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from None
    lost = _without_outline(features, told, path.name)
    table = out / told.table
    figures = {"n_without": len(lost), "without": ", ".join(lost) or "none"}
    put_features(features, table, told.sidecar([], COLUMNS, **figures))
    return [table]


def _countries(table: str) -> set[str]:
    """Return the countries of a table of ours; its hash stands for the checks of its stamp."""
    verify(paths.RAW / table)
    header, rows = read_cells(paths.RAW / table)
    at = header.index("country")
    return {row[at] for row in rows}


def _without_outline(features: list[dict[str, Any]], told: WorldFacts, name: str) -> list[str]:
    """Return the countries too small for an outline; refuse one that is drawn twice or lost."""
    all_of = [feature["properties"] for feature in features]
    outlines = [one["outline"] for one in all_of]
    drawn = [one["name"] for one in all_of if one["name"] and one["outline"] not in told.within]
    for found in (outlines, drawn):
        if twice := sorted({one for one in found if found.count(one) > 1}):
            raise InputError(f"{name} holds more than one outline of {named(twice)}")
    without = sorted(_countries(SHOWN) - set(drawn))
    if lost := [one for one in without if one not in told.small]:
        raise InputError(
            f"{name} holds no outline of {named(lost)}, which {SHOWN} has; take the whole file, or "
            "name in the facts under 'small' what has none"
        )
    return without
