"""The files that a command is given, and the description of the columns that it writes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from helpers.base.errors import InputError
from helpers.raw.sidecar import Column


def only_one(sources: Sequence[Path]) -> Path:
    """Return the one file of a command that reads one.

    Parameters
    ----------
    sources : sequence of pathlib.Path
        What the caller named.

    Returns
    -------
    pathlib.Path
        The first.

    Raises
    ------
    InputError
        When there are more: the rest would be passed over in silence.

    Examples
    --------
    >>> only_one([Path("a.csv")]).name
    'a.csv'
    """
    if len(sources) > 1:
        raise InputError(f"expected one file, found {len(sources)}: {sources[1].name} has no use")
    return sources[0]


def text(meaning: str, **more: Any) -> Column:
    """Return the description of a column of text.

    Parameters
    ----------
    meaning : str
        What it holds.
    **more
        Other fields of :class:`~helpers.raw.sidecar.Column`.

    Returns
    -------
    Column
        Of type ``string``.

    Examples
    --------
    >>> text("name of the unit", nullable=True).nullable
    True
    """
    return Column(type="string", meaning=meaning, **more)


def count(unit: str, meaning: str, **more: Any) -> Column:
    """Return the description of a column of counts, which are never negative.

    Parameters
    ----------
    unit, meaning : str
        What is counted.
    **more
        Other fields of :class:`~helpers.raw.sidecar.Column`.

    Returns
    -------
    Column
        Of type ``integer``, at least 0.

    Examples
    --------
    >>> count("deaths", "best estimate").minimum
    0.0
    """
    return Column(type="integer", unit=unit, meaning=meaning, minimum=0, **more)


def address(meaning: str, **more: Any) -> Column:
    """Return the description of a column of addresses.

    Parameters
    ----------
    meaning : str
        What stands at them.
    **more
        Other fields of :class:`~helpers.raw.sidecar.Column`.

    Returns
    -------
    Column
        Of type ``url``.

    Examples
    --------
    >>> address("page that prints it").type
    'url'
    """
    return Column(type="url", meaning=meaning, **more)
