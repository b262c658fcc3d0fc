"""First-level units of one country from Natural Earth, lightly reduced."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.base.errors import InputError
from helpers.base.files import whole
from helpers.base.models import Strict
from helpers.ingest.facts import Facts, read_facts
from helpers.ingest.looked import polygons, read_json
from helpers.ingest.publisher import only_one, text
from helpers.ingest.ucdp_layout import one_line
from helpers.raw.sidecar import Sidecar, stamped, write_sidecar

SOURCES = "Natural Earth 10m admin-1 features of one country (GeoJSON)"
DECIMALS = 2  # about one kilometre, finer than any map of the book shows
COLUMNS = {
    "name": text("unit as places.csv names it"),
    "iso_3166_2": text("ISO 3166-2 code"),
    "valid_from": text("first day of the unit, empty where long established", nullable=True),
    "valid_to": text("day on which the unit ended, empty where it exists", nullable=True),
}


class Unit(Strict):
    """A first-level unit.

    Attributes
    ----------
    name : str
        Our name for it.
    valid_from, valid_to : str
        First day, and day on which it ended, ``YYYY-MM-DD``; empty where there is none.
    """

    name: str
    valid_from: str = ""
    valid_to: str = ""


class UnitFacts(Facts):
    """Facts of the command.

    Attributes
    ----------
    code : str
        Of the country, three letters.
    units : dict of str to Unit
        Each first-level unit by the name that Natural Earth gives it.
    """

    code: str

    units: dict[str, Unit]


def rounded(ring: list[list[float]]) -> list[list[float]]:
    """Return a ring with rounded corners and without repeats.

    Borders that two units share round alike, so they still meet.

    Parameters
    ----------
    ring : list of [longitude, latitude]
        Corners in degrees.

    Returns
    -------
    list of [longitude, latitude]
        Corners in degrees, to :data:`DECIMALS` decimals.

    Examples
    --------
    >>> rounded([[70.123, 30.987], [70.124, 30.991], [71.5, 31.5]])
    [[70.12, 30.99], [71.5, 31.5]]
    """
    points: list[list[float]] = []
    for longitude, latitude in ring:
        point = [round(longitude, DECIMALS), round(latitude, DECIMALS)]
        if not points or point != points[-1]:
            points.append(point)
    return points


def reduced(feature: Mapping[str, Any], units: Mapping[str, Unit]) -> dict[str, Any]:
    """Return one feature in our schema; rings that round to less than a triangle are dropped.

    Parameters
    ----------
    feature : mapping
        A GeoJSON feature of the publisher, a polygon or several.
    units : mapping of str to Unit
        The units by the publisher's name.

    Returns
    -------
    dict
        A GeoJSON feature of several polygons, properties as in :data:`COLUMNS`.

    Raises
    ------
    InputError
        When the publisher's name is not among ``units``.

    Examples
    --------
    >>> corners = [[0, 0], [1.001, 0], [1, 1], [0, 0]]
    >>> feature = {
    ...     "properties": {"name": "N."}, "geometry": {"type": "Polygon", "coordinates": [corners]}
    ... }
    >>> made = reduced(feature, {"N.": Unit(name="North")})
    >>> made["properties"]["name"], made["geometry"]["coordinates"]
    ('North', [[[[0, 0], [1.0, 0], [1, 1], [0, 0]]]])
    """
    name = feature["properties"].get("name")
    if name not in units:
        raise InputError(f"unit '{name}' is not known; expected one of {', '.join(units)}")
    unit, geometry = units[name], feature["geometry"]
    kept = [
        [ring for ring in map(rounded, polygon) if len(ring) >= 4] for polygon in polygons(geometry)
    ]
    return {
        "type": "Feature",
        "properties": {
            "name": unit.name,
            "iso_3166_2": feature["properties"].get("iso_3166_2", ""),
            "valid_from": unit.valid_from,
            "valid_to": unit.valid_to,
        },
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [polygon for polygon in kept if polygon],
        },
    }


def read_features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    list of dict
        Its features.

    Raises
    ------
    InputError
        When it is no GeoJSON.

    Examples
    --------
    >>> read_features(Path("nowhere.geojson"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.geojson does not exist; ...
    """
    held = read_json(path)
    features = held.get("features") if isinstance(held, dict) else None
    if not isinstance(features, list) or not features:
        raise InputError(f"{path.name} is not a readable GeoJSON file: it holds no features")
    return features


def _known(feature: Any, told: UnitFacts, name: str) -> dict[str, Any]:
    """Return one feature in our schema; whatever in it is not as it should be is one sentence."""
    try:
        of = feature["properties"].get("adm0_a3", told.code)
        if of != told.code:
            raise InputError(
                f"{name} holds a unit of '{of}', expected those of '{told.code}' alone; name the "
                "facts of that country with --facts"
            )
        made = reduced(feature, told.units)
        label = [feature["properties"].get(name) for name in ("longitude", "latitude")]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{name} holds a unit that is no polygon of corners in degrees ({one_line(error)})"
        ) from None
    corners = [at for part in made["geometry"]["coordinates"] for ring in part for at in ring]
    unit = made["properties"]["name"]
    if not corners:
        raise InputError(f"{name}: the unit '{unit}' has no outline")
    if None not in label:
        for at, word in enumerate(("longitude", "latitude")):
            ends = [corner[at] for corner in corners]
            if not isinstance(label[at], int | float) or not min(ends) <= label[at] <= max(ends):
                raise InputError(
                    f"{name}: the {word} of the unit '{unit}' is {label[at]}, which lies beyond "
                    "its outline; are longitude and latitude swapped?"
                )
    return made


def put_features(features: list[dict[str, Any]], table: Path, sidecar: Sidecar) -> None:
    """Write features, sorted by their properties, and the sidecar beside them.

    Parameters
    ----------
    features : list of dict
        GeoJSON features.
    table : pathlib.Path
        Where to write them.
    sidecar : Sidecar
        What is said of them; hash and number are stamped.

    Examples
    --------
    >>> import tempfile
    >>> sidecar = Sidecar.model_construct(columns={})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     table = Path(folder) / "t.geojson"
    ...     put_features([{"properties": {"name": name}} for name in "ba"], table, sidecar)
    ...     [feature["properties"]["name"] for feature in read_features(table)]
    ['a', 'b']
    """
    collection = {
        "type": "FeatureCollection",
        "features": sorted(features, key=lambda feature: tuple(feature["properties"].values())),
    }
    with whole(table) as temporary:
        temporary.write_text(
            json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n",
            encoding="utf-8",
        )
    write_sidecar(table, stamped(table, sidecar))


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the outlines of first-level units, sorted by name.

    Parameters
    ----------
    sources : list of pathlib.Path
        The publisher's GeoJSON.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`~helpers.ingest.natural_earth.UnitFacts`.

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
    >>> sources = [Path("nowhere.geojson")]
    >>> build(sources, Path(), facts_path("natural-earth"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.geojson does not exist; ...
    """
    told = read_facts(facts, UnitFacts)
    path = only_one(sources)
    features = [_known(feature, told, path.name) for feature in read_features(path)]
    names = [feature["properties"]["name"] for feature in features]
    for unit in told.units.values():
        if names.count(unit.name) != 1:
            raise InputError(
                f"{path.name}: expected the unit '{unit.name}' once, found it "
                f"{names.count(unit.name)} times"
            )
    table = out / told.table
    put_features(features, table, told.sidecar([], COLUMNS))
    return [table]
