"""The lines in which a country meets each neighbour and the sea, from outlines that share corners.

Where two countries of one map meet, their outlines have the same corners. So a border is what the
two have in common, and the coast is what no neighbour shares.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.as_published import publish
from helpers.ingest.facts import Facts, read_facts
from helpers.ingest.looked import polygons, read_json
from helpers.ingest.natural_earth import rounded
from helpers.ingest.publisher import count, text
from helpers.ingest.ucdp_layout import one_line
from helpers.raw.sidecar import Column

SOURCES = "outlines of the country, then of each land neighbour (GeoJSON, a feature a file)"
CODE = "country_a3"
KEY = ["line", "part", "point"]
COLUMNS = {
    "line": text("the neighbour, or the coast"),
    "part": count("", "number of the unbroken stretch"),
    "point": count("", "number of the corner along it"),
    "longitude": Column(type="number", unit="degrees", meaning="east"),
    "latitude": Column(type="number", unit="degrees", meaning="north"),
}
Ring = list[list[float]]


class BorderFacts(Facts):
    """Facts of the command.

    Attributes
    ----------
    code : str
        Of the country, three letters.
    neighbours : dict of str to str
        Name of each line by the code of the neighbour.
    coast : str
        Name of the line that no neighbour shares.
    """

    code: str
    neighbours: dict[str, str]
    coast: str


def stretches(ring: Ring, wanted: Sequence[bool]) -> list[Ring]:
    """Return the unbroken stretches of a closed ring whose corners are wanted.

    Parameters
    ----------
    ring : list of [longitude, latitude]
        Corners in degrees, the last that of the first.
    wanted : sequence of bool
        For each corner.

    Returns
    -------
    list of list of [longitude, latitude]
        Stretches of at least two corners; the whole ring, closed, where all are wanted.

    Examples
    --------
    >>> ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    >>> stretches(ring, [True, False, False, True, True])
    [[[0, 1], [0, 0]]]
    """
    if all(wanted):
        return [ring]
    start = list(wanted).index(False)
    turned = [*ring[start:-1], *ring[:start]]
    kept = [*wanted[start:-1], *wanted[:start]]
    found: list[Ring] = []
    for before, corner, now in zip([False, *kept], turned, kept):
        if now and not before:
            found.append([])
        if now:
            found[-1].append(corner)
    return [one for one in found if len(one) > 1]


def lines(outline: list[Ring], others: Mapping[str, list[Ring]], coast: str) -> pd.DataFrame:
    """Return the lines in which an outline meets others, and the rest.

    Parameters
    ----------
    outline : list of rings
        Of the country, see :func:`stretches`.
    others : mapping of str to list of rings
        Of each neighbour, by the name of the line.
    coast : str
        Name of what none shares.

    Returns
    -------
    pandas.DataFrame
        Columns as in :data:`COLUMNS`, corners rounded as in
        :func:`helpers.ingest.natural_earth.rounded`.

    Raises
    ------
    InputError
        When a neighbour shares no stretch: it is none, or comes from another map.

    Examples
    --------
    >>> square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
    >>> east = [[1.0, 0.0], [2.0, 0.0], [1.0, 1.0], [1.0, 0.0]]
    >>> lines([square], {"East": [east]}, "Coast")["line"].tolist()
    ['East', 'East', 'Coast', 'Coast']
    """
    shared = {name: {tuple(at) for ring in rings for at in ring} for name, rings in others.items()}
    land = set().union(*shared.values())
    rows = []
    for name in [*others, coast]:
        parts = [
            part
            for ring in outline
            for part in stretches(
                ring,
                [tuple(at) in shared[name] if name in shared else tuple(at) not in land
                 for at in ring],
            )
        ]  # fmt: skip
        if not parts and name in others:
            raise InputError(f"the outline of {name} shares no stretch with that of the country")
        for number, part in enumerate(parts, start=1):
            rows += [(name, number, at, *corner) for at, corner in enumerate(rounded(part), 1)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def read_outline(path: Path) -> tuple[str, list[Ring]]:
    """Return whose outline a file holds, and its outer rings.

    Parameters
    ----------
    path : pathlib.Path
        A GeoJSON feature, a polygon or several.

    Returns
    -------
    tuple of (str, list of rings)
        The code of the country, and its rings.

    Raises
    ------
    InputError
        When it is no such file.

    Examples
    --------
    >>> read_outline(Path("nowhere.json"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.json does not exist; ...
    """
    feature: dict[str, Any] = read_json(path)
    try:
        code = feature["properties"][CODE]
        rings = [
            [[float(at) for at in corner] for corner in polygon[0]]
            for polygon in polygons(feature["geometry"])
        ]
        return str(code), rings
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"{path.name} holds no outline of a country: expected a GeoJSON feature with the "
            f"property '{CODE}' ({type(error).__name__}: {one_line(error)})"
        ) from None


def build(sources: list[Path], out: Path, facts: Path) -> list[Path]:
    """Build the table of borders and coast.

    Parameters
    ----------
    sources : list of pathlib.Path
        Outlines, that of the country among them.
    out : pathlib.Path
        Folder of the table and its sidecar.
    facts : pathlib.Path
        YAML of :class:`BorderFacts`.

    Returns
    -------
    list of pathlib.Path
        The table.

    Raises
    ------
    InputError
        When a file is not what it should be, or an outline is missing or of no neighbour.
    """
    told, outlines = read_facts(facts, BorderFacts), [read_outline(path) for path in sources]
    files = {code: path.name for (code, _), path in zip(outlines, sources)}
    found = dict(outlines)
    if len(found) < len(outlines):
        raise InputError(
            f"of one country two outlines are given: {', '.join(c for c, _ in outlines)}"
        )
    expected = [told.code, *told.neighbours]
    for code in found:
        if code not in expected:
            raise InputError(
                f"{files[code]}: '{code}' is no neighbour{did_you_mean(code, expected)}"
            )
    for code in expected:
        if code not in found:
            raise InputError(f"the outline of '{code}' is missing: expected {', '.join(expected)}")
    others = {name: found[code] for code, name in told.neighbours.items()}
    publish(
        lines(found[told.code], others, told.coast),
        out / told.table,
        told.sidecar(KEY, COLUMNS),
    )
    return [out / told.table]
