"""What changed between two states of the project: results, verdicts, rows of raw tables."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from helpers.raw.revisions import Revisions
from helpers.run.baseline import same

VERDICT = re.compile(r"(?:country\.)?claims\.(?P<claim>[^.]+)\.verdict")
MEASURED = ("value", "low", "high", "n", "unit")  # of a result, what is compared

Results = Mapping[str, Mapping[str, Any]]


class Moved(NamedTuple):
    """A result that is new, gone, or not what it was.

    Attributes
    ----------
    key : str
        Under which it is recorded.
    before, after : mapping or None
        As of :func:`helpers.run.baseline.snapshot`; None where it was, or is, not there.
    """

    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class Turned(NamedTuple):
    """A claim with another verdict.

    Attributes
    ----------
    claim : str
        Its id.
    statement : str
        What it says; its id where that is not known.
    before, after : str
        The verdicts; empty where it had, or has, none.
    """

    claim: str
    statement: str
    before: str
    after: str


class Table(NamedTuple):
    """A raw table with other rows.

    Attributes
    ----------
    name : str
        Its file, with the folder where it stands in one below ``data/raw``.
    title : str
        What its sidecar calls it.
    rows : Revisions
        What became of its rows.
    """

    name: str
    title: str
    rows: Revisions


class Changes(NamedTuple):
    """What changed from one state of the project to another.

    Attributes
    ----------
    old, new : str
        What the states are called.
    results : tuple of Moved
        Results but verdicts, by key.
    verdicts : tuple of Turned
        By claim.
    tables : tuple of Table
        By name.
    """

    old: str
    new: str
    results: tuple[Moved, ...]
    verdicts: tuple[Turned, ...]
    tables: tuple[Table, ...]

    def __bool__(self) -> bool:
        """Say whether anything changed."""
        return bool(self.results or self.verdicts or self.tables)


def moved(before: Results, after: Results) -> list[Moved]:
    """Return the results that differ in value, interval, number of cases or unit.

    Parameters
    ----------
    before, after : mapping of str to mapping
        Two snapshots, as of :func:`helpers.run.baseline.snapshot`.

    Returns
    -------
    list of Moved
        Sorted by key, verdicts among them.

    Examples
    --------
    >>> [one.key for one in moved({"a.b": {"value": 1.0}}, {"a.b": {"value": 2.0}, "a.c": {}})]
    ['a.b', 'a.c']
    """
    return [
        Moved(key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if _differ(before.get(key), after.get(key))
    ]


def _differ(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    if one is None or other is None:
        return True
    return not all(same(one.get(name), other.get(name)) for name in MEASURED)


def turned(found: list[Moved], statements: Mapping[str, str]) -> list[Turned]:
    """Return the claims whose verdict is among the results that moved.

    Parameters
    ----------
    found : list of Moved
        As of :func:`moved`.
    statements : mapping of str to str
        What each claim says, by its id.

    Returns
    -------
    list of Turned
        In the order of the results. A verdict that rests on more or fewer sources, and is the
        same, did not turn.

    Examples
    --------
    >>> one = Moved("claims.more.verdict", {"value": "Partly"}, {"value": "Supported"})
    >>> turned([one], {"more": "There is more."})[0].statement
    'There is more.'
    """
    return [
        Turned(found_in["claim"], statements.get(found_in["claim"], found_in["claim"]), old, new)
        for one in found
        if (found_in := VERDICT.fullmatch(one.key))
        and (old := _word(one.before)) != (new := _word(one.after))
    ]


def _word(one: Mapping[str, Any] | None) -> str:
    return str((one or {}).get("value") or "")


def changes(
    old: str,
    new: str,
    before: Results,
    after: Results,
    statements: Mapping[str, str],
    tables: tuple[Table, ...] = (),
) -> Changes:
    """Put together what changed.

    Parameters
    ----------
    old, new : str
        What the states are called.
    before, after : mapping of str to mapping
        Their results, as of :func:`helpers.run.baseline.snapshot`.
    statements : mapping of str to str
        What each claim says, by its id.
    tables : tuple of Table, optional
        Raw tables with other rows.

    Returns
    -------
    Changes
        Verdicts apart from the other results.
    """
    found = moved(before, after)
    verdicts = turned(found, statements)
    said = {one.claim for one in verdicts}
    others = [
        one
        for one in found
        if not ((match := VERDICT.fullmatch(one.key)) and match["claim"] in said)
    ]
    return Changes(old, new, tuple(others), tuple(verdicts), tables)
