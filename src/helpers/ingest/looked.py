"""What the content of a publisher's file must be, whatever its name says.

Each reader composes these checks: whose country the rows are of, which years a release can hold,
that no key stands twice, that estimates are in order and that parts add up. A check refuses with
the file, the row and the column.
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.cells import Cells
from helpers.ingest.ucdp_layout import one_line, read_bytes
from helpers.ingest.ucdp_versions import last_year

# No source of ours counts before the end of the Second World War or beyond this century.
FIRST_YEAR, LAST_YEAR = 1946, 2099
# A name begins with four letters, with two words (DR Congo, St. Lucia) or initials (U.S. Virgin
# Islands), or is a code in capitals; the first words stand for nothing.
NAME = (
    r"(?!(?i:true|false|none|null|nan?)$)"
    r"(?:[^\W\d_]{4}|(?:[^\W\d_]{2,}[ .-]{1,2}|(?:[A-Z]\.){2} )[^\W\d_]|[A-Z]{2,3}$)"
)
# So many names are listed in a sentence.
NAMED = 5
# Estimates of deaths are published out of order in 1 to 2 of 100 rows, by one death nearly always:
# by more in 1 of 100 sums of a month; and never is the lower one far above thrice the upper one
# where the upper one is the best, as it would be if one were multiplied.
MOST_ODD, MOST_FAR = 0.1, 0.01


def named(found: Sequence[str]) -> str:
    """Return some names as a sentence lists them.

    Parameters
    ----------
    found : sequence of str
        Names.

    Returns
    -------
    str
        The first few, and how many there are beside.

    Examples
    --------
    >>> named(["Chad", "Mali"]), named(["a", "b", "c", "d", "e", "f", "g"])
    ('Chad, Mali', 'a, b, c, d, e and 2 more')
    """
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    return ", ".join(found[:NAMED]) + more


def one_country(frame: pd.DataFrame, column: str, country: str, name: str) -> pd.DataFrame:
    """Return the rows of one country, of a file of that country or of the world.

    Parameters
    ----------
    frame : pandas.DataFrame
        A publisher's table.
    column, country : str
        The column that names the country, and the name that it must hold.
    name : str
        Name of the file, for the sentence.

    Returns
    -------
    pandas.DataFrame
        The rows of ``frame``, their index kept.

    Raises
    ------
    InputError
        When no row is of the country; it names the countries that are there.

    Examples
    --------
    >>> events = pd.DataFrame({"country": ["Chad", "Mali", "Chad"], "best": [1, 5, 2]})
    >>> one_country(events, "country", "Chad", "ged.csv")["best"].tolist()
    [1, 2]
    >>> one_country(events, "country", "Tchad", "ged.csv")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: ged.csv has no row with 'Tchad' in column 'country'; did ...
    """
    rows = frame[frame[column] == country]
    names = frame[column].drop_duplicates()
    strange = ~names.str.match(NAME).astype(bool)
    if strange.any():
        row = strange.idxmax()
        raise InputError(
            f"{name}, row {row}, column '{column}': found {frame.at[row, column]!r}, expected the "
            "name of a country"
        )
    if rows.empty:
        there = sorted(set(frame[column].dropna()) - {""})
        raise InputError(
            f"{name} has no row with '{country}' in column '{column}'"
            + did_you_mean(country, there)
            + f"; it is of {named(there) or 'no country'}: name one of them, with COUNTRY or in "
            "the facts"
        )
    return rows


def once(cells: Cells, columns: Sequence[str], what: str = "row") -> None:
    """Refuse a key that stands twice, whose figures would be counted twice.

    Parameters
    ----------
    cells : Cells
        Of a file.
    columns : sequence of str
        Our names of the columns of the key.
    what : str, default "row"
        What has the key.

    Raises
    ------
    InputError
        For the first row whose key stood before.

    Examples
    --------
    >>> once(Cells("a.csv", pd.DataFrame({"id": ["7", "7"]}, [2, 3]), {"id": "id"}), ["id"])
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, row 3, column 'id': found '7', expected each row once, \
and row 2 has the same id
    """
    key = cells.text[list(columns)]
    again = key.duplicated()
    if again.any():
        first = key.index[(key == key.loc[again.idxmax()]).all(axis=1)][0]
        words = ", ".join(cells.spelt[name] for name in columns)
        cells.refuse(again, columns[0], f"each {what} once, and row {first} has the same {words}")


def one_each(cells: Cells, of: str, what: str) -> None:
    """Refuse a thing that has two names, or a name that stands for two things.

    Parameters
    ----------
    cells : Cells
        Of the file.
    of, what : str
        Our names of two columns; each value of the first goes with one of the second.

    Raises
    ------
    InputError
        For the first row that has another than most rows; empty cells are passed over.

    Examples
    --------
    >>> text = pd.DataFrame({"id": ["483", "483", "483"], "name": ["Chad", "x", "Chad"]}, [2, 3, 4])
    >>> one_each(Cells("a.csv", text, {"id": "id", "name": "name"}), "id", "name")
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, row 3, column 'name': found 'x', expected 'Chad', which \
other rows have with the id 483
    """
    pair = cells.text[[of, what]]
    pair = pair[pair.ne("").all(axis=1)]
    counts = pair.value_counts(sort=True)
    usual = counts.reset_index().drop_duplicates(of).set_index(of)[what]
    bad = pair[what] != pair[of].map(usual)
    if bad.any():
        row = bad.idxmax()
        value = pair.at[row, of]
        cells.refuse(
            bad,
            what,
            f"{usual[value]!r}, which other rows have with the {cells.spelt[of]} {value}",
        )


def in_order(cells: Cells, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse estimates out of order in more rows than a publisher's slips: columns are swapped.

    One slip is let pass however few the rows are, unless the lower is more than twice the upper.

    Parameters
    ----------
    cells : Cells
        Of the file.
    frame : pandas.DataFrame
        Its numbers.
    columns : sequence of str
        Columns from the lowest estimate to the highest.

    Raises
    ------
    InputError
        For the first row.

    Examples
    --------
    >>> text = pd.DataFrame({"low": ["3", "4"], "high": ["2", "2"]})
    >>> in_order(Cells("a.csv", text, {"low": "low"}), text.astype(int), ["low", "high"])
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, row 0, column 'low': found '3', expected no more than \
the high estimate (2); it is above in 2 of 2 rows: are two columns swapped?
    """
    for lower, upper in pairwise(columns):
        odd = frame[lower] > frame[upper]
        far = frame[lower] > frame[upper] + 1
        best = "best" in upper
        beyond = frame[lower] > 3 * frame[upper] + 10 if best else far & False
        twice = far & (frame[lower] > 2 * frame[upper]) & (far.mean() > MOST_FAR)
        if _many(odd, MOST_ODD) or _many(far, MOST_FAR) or beyond.any() or twice.any():
            odd = next(one for one in (beyond, far, odd) if one.any())
            word = upper.removeprefix("deaths_").removeprefix("conflict_fatalities_")
            cells.refuse(
                odd,
                lower,
                f"no more than the {word} estimate ({frame[upper][odd.idxmax()]}); it is above "
                f"in {odd.sum()} of {len(odd)} rows: are two columns swapped?",
            )


def _many(bad: pd.Series, most: float) -> bool:
    """Tell whether rows are more than slips: of a few rows one is a large share."""
    return bool(bad.mean() > most and (bad.sum() > 1 or not most))


def adds_up(
    cells: Cells, frame: pd.DataFrame, parts: Sequence[str], whole: str, most: float = 0.0
) -> None:
    """Refuse a row whose parts are not its whole.

    Parameters
    ----------
    cells : Cells
        Of the file.
    frame : pandas.DataFrame
        Its numbers.
    parts : sequence of str
        Columns that sum to another.
    whole : str
        The other.
    most : float, default 0
        The share of rows in which a publisher's slip is let pass; where there is one, a single slip
        is, however few the rows are.

    Raises
    ------
    InputError
        For the first row.

    Examples
    --------
    >>> cells = Cells("a.csv", pd.DataFrame({"n": ["3"]}), {"n": "n", "a": "a", "b": "b"})
    >>> adds_up(cells, pd.DataFrame({"a": [1], "b": [1], "n": [3]}), ["a", "b"], "n")
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, row 0, column 'n': found '3', expected the sum of a \
and b, 2
    """
    sums = frame[list(parts)].sum(axis=1)
    bad = sums != frame[whole]
    if _many(bad, most):
        words = [cells.spelt[name] for name in parts]
        cells.refuse(
            bad,
            whole,
            f"the sum of {', '.join(words[:-1])} and {words[-1]}, {sums[bad.idxmax()]}",
        )


def years(cells: Cells, column: str, last: int = LAST_YEAR) -> pd.Series:
    """Return years.

    Parameters
    ----------
    cells : Cells
        Of a file.
    column : str
        Our name of the column.
    last : int
        Last year that may stand there.

    Returns
    -------
    pandas.Series of int, shape (n_rows,)
        Years.

    Examples
    --------
    >>> years(Cells("a.csv", pd.DataFrame({"year": ["2024.0"]}), {}), "year").tolist()
    [2024]
    """
    return cells.within(column, FIRST_YEAR, last)


def months_until(cells: Cells, column: str, release: str) -> pd.Series:
    """Return months that a release can hold.

    Parameters
    ----------
    cells : Cells
        Of a file.
    column : str
        Our name of the column.
    release : str
        As the publisher numbers it.

    Returns
    -------
    pandas.Series of str, shape (n_rows,)
        ``YYYY-MM``.

    Examples
    --------
    >>> cells = Cells("a.csv", pd.DataFrame({"month": ["2025-01"]}, [2]), {"month": "month"})
    >>> months_until(cells, "month", "25.1")
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, row 2, column 'month': found '2025-01', expected a \
month of the years 1946 to 2024, which version 25.1 can hold
    """
    found = cells.months(column)
    last = last_year(release) or LAST_YEAR
    bad = ~found.str[:4].astype(int).between(FIRST_YEAR, last)
    cells.refuse(
        bad,
        column,
        f"a month of the years {FIRST_YEAR} to {last}, which version {release} can hold",
    )
    return found


def provisional(cells: Cells, release: str) -> pd.Series:
    """Return which rows are of candidate events: those after the last year of the release.

    Parameters
    ----------
    cells : Cells
        Of a file with the columns ``year`` and ``provisional``.
    release : str
        Version of the rows that are not provisional.

    Returns
    -------
    pandas.Series of int, shape (n_rows,)
        0 or 1.

    Examples
    --------
    >>> text = pd.DataFrame({"year": ["2026"], "provisional": ["0"]}, [2])
    >>> provisional(Cells("a.csv", text, {"year": "year"}), "26.1")
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, row 2, column 'year': found '2026', expected no year \
after 2025 in a row that is not provisional, as version 26.1 ends there
    """
    flags = cells.within("provisional", 0, 1)
    last = last_year(release) or LAST_YEAR
    late = flags.eq(0) & (years(cells, "year") > last)
    cells.refuse(
        late,
        "year",
        f"no year after {last} in a row that is not provisional, as version {release} ends there",
    )
    return flags


def inside(cells: Cells, places: pd.DataFrame, box: Sequence[float], column: str) -> None:
    """Refuse places outside a country: the file is of the world, or of another one.

    Parameters
    ----------
    cells : Cells
        Of the file.
    places : pandas.DataFrame, shape (n_rows, 2)
        ``latitude`` and ``longitude`` in degrees.
    box : sequence of float
        South, west, north and east of the country in degrees.
    column : str
        Our name of the column that tells the place.

    Raises
    ------
    InputError
        For the first row outside.

    Examples
    --------
    >>> cells = Cells("a.csv", pd.DataFrame({"cell": ["1"]}), {"cell": "cell"})
    >>> places = pd.DataFrame({"latitude": [-89.75], "longitude": [-179.75]})
    >>> inside(cells, places, [7, 13, 24, 24], "cell")
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: a.csv, row 0, column 'cell': found '1', expected a place in \
the country of the facts, and 1 of 1 lie outside it; take out what lies elsewhere, or name other \
facts with --facts
    """
    south, west, north, east = box
    within = places["latitude"].between(south, north) & places["longitude"].between(west, east)
    cells.refuse(
        ~within,
        column,
        f"a place in the country of the facts, and {(~within).sum()} of {len(within)} lie outside "
        "it; take out what lies elsewhere, or name other facts with --facts",
    )


def polygons(geometry: Any) -> list[list[list[list[float]]]]:
    """Return the polygons of a GeoJSON geometry, each with its rings.

    Parameters
    ----------
    geometry : object
        As JSON has it.

    Returns
    -------
    list of polygons
        Rings of corners, longitude and latitude in degrees; each ring closes.

    Raises
    ------
    ValueError
        When it is no polygon of such rings.

    Examples
    --------
    >>> square = [[0, 0], [1, 0], [1, 1], [0, 0]]
    >>> polygons({"type": "Polygon", "coordinates": [square]}) == [[square]]
    True
    >>> polygons({"type": "Polygon", "coordinates": [[[0, True]]]})
    Traceback (most recent call last):
        ...
    ValueError: a corner is no pair of degrees
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValueError("it is no polygon")
    held = geometry.get("coordinates")
    found: list[Any] = _listed(held) if geometry["type"] == "MultiPolygon" else [held]
    rings = [ring for polygon in found for ring in _listed(polygon)]
    for ring in rings:
        for corner in _listed(ring):
            if not isinstance(corner, list) or len(corner) != 2 or not _degrees(corner):
                raise ValueError("a corner is no pair of degrees")
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise ValueError("an outline does not close")
    return found


def _listed(held: Any) -> list[Any]:
    if not isinstance(held, list) or not held:
        raise ValueError("a list of corners is missing")
    return held


def _degrees(corner: list[Any]) -> bool:
    # A truth value is a number to Python.
    numbers = all(isinstance(at, int | float) and not isinstance(at, bool) for at in corner)
    return numbers and abs(corner[0]) <= 180 and abs(corner[1]) <= 90


def read_json(path: Path) -> Any:
    """Return what a publisher's JSON file holds.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    object
        As JSON has it.

    Raises
    ------
    InputError
        When the file cannot be read, is no JSON in UTF-8, names a thing twice, or holds a number
        that is none.

    Examples
    --------
    >>> read_json(Path("nowhere.geojson"))
    Traceback (most recent call last):
        ...
    helpers.base.errors.InputError: the publisher's file nowhere.geojson does not exist; download \
it and name its path
    """
    data = read_bytes(path)
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_named_once, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path.name} is not a readable GeoJSON file: {one_line(error)}") from None


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"'{twice}' is named twice")
    return found


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number")
