"""First-level units of one country from Natural Earth, lightly reduced."""

import json
from pathlib import Path
from typing import Any

from helpers.base.errors import InputError
from helpers.base.files import whole
from helpers.ingest.publisher import ACCESSED, text
from helpers.raw.sidecar import Licence, Sidecar, stamped, write_sidecar

SOURCES = "Natural Earth 10m admin-1 features of Pakistan (GeoJSON)"
DECIMALS = 2  # about one kilometre, finer than any map of the book shows
# Name and validity of each unit by its Natural Earth name.
UNITS = {
    "Northern Areas": ("Gilgit-Baltistan", "", ""),
    "K.P.": ("Khyber Pakhtunkhwa", "", ""),
    "F.A.T.A.": ("FATA", "", "2018-05-31"),
    "Baluchistan": ("Balochistan", "", ""),
    "Punjab": ("Punjab", "", ""),
    "Sind": ("Sindh", "", ""),
    "Azad Kashmir": ("Azad Jammu and Kashmir", "", ""),
    "F.C.T.": ("Islamabad", "", ""),
}


def rounded(ring: list[list[float]]) -> list[list[float]]:
    """Return a ring with rounded corners and without repeats; shared borders round alike, so they still meet."""
    points: list[list[float]] = []
    for longitude, latitude in ring:
        point = [round(longitude, DECIMALS), round(latitude, DECIMALS)]
        if not points or point != points[-1]:
            points.append(point)
    return points


def reduced(feature: dict[str, Any]) -> dict[str, Any]:
    """Return one feature in our schema; rings that round to less than a triangle are dropped."""
    name = feature["properties"].get("name")
    if name not in UNITS:
        raise InputError(f"unit '{name}' is not known; expected one of {', '.join(UNITS)}")
    ours, valid_from, valid_to = UNITS[name]
    geometry = feature["geometry"]
    polygons = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    kept = [[ring for ring in map(rounded, polygon) if len(ring) >= 4] for polygon in polygons]
    return {
        "type": "Feature",
        "properties": {
            "name": ours,
            "iso_3166_2": feature["properties"].get("iso_3166_2", ""),
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [polygon for polygon in kept if polygon],
        },
    }


def sidecar() -> Sidecar:
    """Return the description of ``pakistan_admin1.geojson``."""
    return Sidecar(
        producer="Natural Earth",
        title="First-level units of Pakistan",
        description="Outlines of eight units for maps, coordinates in degrees rounded to two decimals.",
        citation_full="Made with Natural Earth. Free vector and raster map data, naturalearthdata.com.",
        version="10m admin-1 states and provinces",
        url="https://www.naturalearthdata.com/",
        date_accessed=ACCESSED,
        licence=Licence(
            name="public domain", url="https://www.naturalearthdata.com/about/terms-of-use/"
        ),
        redistribution="allowed",
        built_by="python -m helpers.cli ingest natural-earth FILE.geojson",
        notes=[
            "FATA is kept apart; it is part of Khyber Pakhtunkhwa from 2018-05-31.",
            "Borders are the map producer's; they are no statement on Kashmir.",
        ],
        columns={
            "name": text("unit as places.csv names it"),
            "iso_3166_2": text("ISO 3166-2 code"),
            "valid_from": text(
                "first day of the unit, empty where long established", nullable=True
            ),
            "valid_to": text("day on which the unit ended, empty where it exists", nullable=True),
        },
    )


def build(sources: list[Path], out: Path) -> list[Path]:
    """Build ``pakistan_admin1.geojson``."""
    try:
        features = json.loads(sources[0].read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{sources[0].name} is not a readable GeoJSON file ({type(error).__name__})"
        ) from None
    collection = {
        "type": "FeatureCollection",
        "features": sorted(
            map(reduced, features), key=lambda feature: feature["properties"]["name"]
        ),
    }
    table = out / "pakistan_admin1.geojson"
    with whole(table) as temporary:
        temporary.write_text(
            json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n",
            encoding="utf-8",
        )
    write_sidecar(table, stamped(table, sidecar()))
    return [table]
