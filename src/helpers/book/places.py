"""The names of results and cells in a book that holds a page once for each country."""

import re

from helpers.book.quoting import ROLES
from helpers.prose.said import QUOTED

KEY = re.compile(r"(?<![\w.*'\"])[a-z][a-z0-9_]*(?:\.[a-z0-9_*]+)+")


def within(key: str, place: str) -> str:
    """Return the key of a result in a book that holds it once for each country.

    Parameters
    ----------
    key : str
        As a notebook recorded it.
    place : str
        The country, in letters, digits and ``_``; empty where there is one.

    Returns
    -------
    str

    Examples
    --------
    >>> within("country.deaths", "freedonia"), within("country.deaths", "")
    ('freedonia.country.deaths', 'country.deaths')
    """
    return f"{place}.{key}" if place else key


def within_cell(label: str, place: str) -> str:
    """Return the label of a cell in a book that holds its page once for each country.

    Parameters
    ----------
    label : str
        As of :func:`helpers.run.results.cell_label`.
    place : str
        The country; empty where there is one.

    Returns
    -------
    str

    Examples
    --------
    >>> within_cell("cell-21-profile-7", "grand_fenwick")
    'cell-grand-fenwick-21-profile-7'
    """
    return label.replace("cell-", f"cell-{place.replace('_', '-')}-", 1) if place else label


def bound_within(text: str, place: str) -> str:
    """Return a text whose roles name the results of one country.

    Parameters
    ----------
    text : str
        MyST.
    place : str
        The country.

    Returns
    -------
    str

    Examples
    --------
    >>> bound_within("{num}`a.deaths:,d` in {says}`a.ratio > 1|a.b of {a.deaths}|no`", "freedonia")
    '{num}`freedonia.a.deaths:,d` in {says}`freedonia.a.ratio > 1|a.b of {freedonia.a.deaths}|no`'
    """

    def bound(text: str) -> str:
        return KEY.sub(lambda key: within(key[0], place), text)

    def role(one: re.Match[str]) -> str:
        on, bar, words = one[2].partition("|")
        if one[1] == "num":
            on, bar, words = one[2].partition(":")
        else:
            words = QUOTED.sub(lambda quote: "{" + bound(quote[1]) + "}", words)
        return f"{{{one[1]}}}`{bound(on)}{bar}{words}`"

    return ROLES.sub(role, text)
