"""Exports that may not be passed on, recognised by their columns whatever a file says."""

from collections.abc import Sequence
from functools import lru_cache

from pydantic import TypeAdapter

from helpers.base import paths
from helpers.base.models import Strict, validated
from helpers.base.reading import read_yaml

FACTS = paths.RAW / "ingest" / "restricted.yml"


class Export(Strict):
    """One kind of export.

    Attributes
    ----------
    name : str
        What a sentence calls it.
    columns : list of str
        Columns that it has, and that no table has that may be passed on.
    """

    name: str
    columns: list[str]


@lru_cache
def exports() -> tuple[Export, ...]:
    """Return the kinds of exports that are known.

    Returns
    -------
    tuple of Export
        Those of ``data/raw/ingest/restricted.yml``; none where there is no such file.

    Raises
    ------
    InputError
        When the file is no such list.
    """
    if not FACTS.exists():
        return ()
    return tuple(validated(TypeAdapter(list[Export]), read_yaml(FACTS), FACTS.name))


def export_of(header: Sequence[str]) -> str:
    """Return what kind of export a table is that may not be passed on.

    Parameters
    ----------
    header : sequence of str
        The names of its columns, in any case.

    Returns
    -------
    str
        Its name in a sentence; empty where it is none of those known.

    Examples
    --------
    >>> export_of(["place", "deaths"])
    ''
    """
    have = {name.strip().strip('"').lower() for name in header}
    return next((one.name for one in exports() if set(one.columns) <= have), "")
