"""Where the columns of a publisher's table stand, whatever an edition of it calls them."""

from collections.abc import Mapping, Sequence

from helpers.base.errors import InputError, did_you_mean
from helpers.ingest.cells import Cells
from helpers.ingest.ucdp_layout import Sheet, alike

Names = Mapping[str, tuple[str, ...]]


def places_of(
    sheet: Sheet, names: Names, needed: Sequence[str], maybe: Sequence[str] = ()
) -> dict[str, int]:
    """Return where columns stand.

    Parameters
    ----------
    sheet : Sheet
        A publisher's table.
    names : mapping of str to tuple of str
        Our name of a column to those that editions give it, the one to prefer first, as
        :func:`~helpers.ingest.ucdp_layout.alike` makes them; one that is left out has its own.
    needed : sequence of str
        Columns that must be there, by our names.
    maybe : sequence of str
        Columns that need not.

    Returns
    -------
    dict of str to int
        Position by our name.

    Raises
    ------
    InputError
        When a column is missing or stands there twice.

    Examples
    --------
    >>> sheet = Sheet("a.csv", ("a.csv",), ["Best", "ID"], lambda positions: None)
    >>> places_of(sheet, {"deaths": ("best", "best_est")}, ["deaths"], ["id", "year"])
    {'deaths': 0, 'id': 1}
    """
    header = [alike(name) for name in sheet.header]
    places = {}
    for name in [*needed, *maybe]:
        aliases = names.get(name, (name,))
        there = [alias for alias in aliases if alias in header]
        if not there and name in maybe:
            continue
        if not there:
            raise InputError(
                f"{sheet.name}, line 1: column '{aliases[0]}' is missing"
                + did_you_mean(aliases[0], header)
                + "; is it another version of the data set?"
            )
        if header.count(there[0]) > 1:
            raise InputError(f"{sheet.name}, line 1: column '{there[0]}' stands there twice")
        places[name] = header.index(there[0])
    return places


def cells_at(sheet: Sheet, places: Mapping[str, int]) -> Cells:
    """Return the cells of columns under our names.

    Parameters
    ----------
    sheet : Sheet
        A publisher's table.
    places : mapping of str to int
        As of :func:`places_of`.

    Returns
    -------
    Cells
        At least one row.

    Raises
    ------
    InputError
        When there is no row.
    """
    positions = list(places.values())  # one column may be two of ours
    text = sheet.rows(list(dict.fromkeys(positions)))[positions]
    text = text.set_axis(list(places), axis="columns")
    if text.empty:
        raise InputError(f"{sheet.name} holds no row below its header")
    return Cells(sheet.name, text, {name: sheet.header[at] for name, at in places.items()})
