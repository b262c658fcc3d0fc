"""Where the columns of a file of events stand, whatever an edition calls them."""

from collections.abc import Sequence

from helpers.ingest.header import places_of
from helpers.ingest.ucdp_layout import Sheet, alike

# Our name of a column: the names that editions give it, the one to prefer first.
NAMES = {
    "id": ("id", "event_id"),
    "type_of_violence": ("type_of_violence",),
    "dyad_id": ("dyad_new_id", "dyad_id"),
    "dyad": ("dyad_name", "dyad"),
    "side_a": ("side_a", "side_a_name"),
    "side_b": ("side_b", "side_b_name"),
    "where_prec": ("where_prec",),
    "province": ("adm_1", "adm1", "adm_1_name"),
    "district": ("adm_2", "adm2", "adm_2_name"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "long"),
    "country": ("country", "country_name"),
    "country_id": ("country_id", "gwno"),
    "region": ("region",),
    "date_start": ("date_start", "start_date"),
    "date_end": ("date_end", "end_date"),
    "deaths_a": ("deaths_a",),
    "deaths_b": ("deaths_b",),
    "civilians": ("deaths_civilians",),
    "deaths_unknown": ("deaths_unknown",),
    "deaths_low": ("low", "low_est"),
    "deaths_best": ("best", "best_est"),
    "deaths_high": ("high", "high_est"),
}
VERSION_COLUMN = "ucdp_version"
# Some candidate files have no header: their columns stand in the order of GED.
WIDTH = 49
PLACES = {
    "id": 0,
    "type_of_violence": 5,
    "dyad_id": 10,
    "dyad": 11,
    "side_a": 14,
    "side_b": 17,
    "where_prec": 24,
    "province": 27,
    "district": 28,
    "latitude": 29,
    "longitude": 30,
    "country": 33,
    "country_id": 34,
    "region": 35,
    "date_start": 38,
    "date_end": 39,
    "deaths_a": 40,
    "deaths_b": 41,
    "civilians": 42,
    "deaths_unknown": 43,
    "deaths_best": 44,
    "deaths_high": 45,
    "deaths_low": 46,
}
ALWAYS = ("id", "type_of_violence", "country", "date_start", "date_end", "deaths_best")


def is_of_events(sheet: Sheet) -> bool:
    """Tell whether a file holds events, or would but for a column.

    Parameters
    ----------
    sheet : Sheet
        A publisher's file.

    Returns
    -------
    bool
        True for the order of GED without a header, and where half of what every event has is
        there.

    Examples
    --------
    >>> header = ["ID", "Type of violence", "Country", "Date start"]
    >>> is_of_events(Sheet("a.csv", ("a.csv",), header, lambda positions: None))
    True
    """
    found = set(map(alike, sheet.header))
    known = sum(not found.isdisjoint(NAMES[name]) for name in ALWAYS)
    return without_header(sheet) or 2 * known >= len(ALWAYS)


def without_header(sheet: Sheet) -> bool:
    """Tell whether the first row of a file is an event already.

    Parameters
    ----------
    sheet : Sheet
        A publisher's file.

    Returns
    -------
    bool
        True for a first row as wide as GED that starts with a number.

    Examples
    --------
    >>> without_header(Sheet("a.csv", ("a.csv",), ["7"] * WIDTH, lambda positions: None))
    True
    """
    return len(sheet.header) == WIDTH and sheet.header[0].strip().isdigit()


def located(sheet: Sheet, needed: Sequence[str], maybe: Sequence[str] = ()) -> dict[str, int]:
    """Return where columns stand.

    Parameters
    ----------
    sheet : Sheet
        A file of events.
    needed : sequence of str
        Keys of :data:`NAMES`.
    maybe : sequence of str
        Columns that a file need not have.

    Returns
    -------
    dict of str to int
        Position by our name; that of ``version`` where the file has such a column.

    Raises
    ------
    InputError
        When a column is missing or stands there twice.

    Examples
    --------
    >>> located(Sheet("a.csv", ("a.csv",), ["Best", "ID"], lambda positions: None), ["id"])
    {'id': 1}
    """
    if without_header(sheet):
        return {name: PLACES[name] for name in needed}
    header = [alike(name) for name in sheet.header]
    places = places_of(sheet, NAMES, needed, [name for name in maybe if name in header])
    if VERSION_COLUMN in header:
        places["version"] = header.index(VERSION_COLUMN)
    return places
