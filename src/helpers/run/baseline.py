"""The results of the default run as they were last agreed on, and what has moved since.

``tests/baseline/results.json`` holds every recorded number to eight significant digits, intervals
included; two numbers are the same within one part in a million. A number that moves without
anybody meaning it is a fault; one that is meant to move goes into the commit that moves it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import write_json

BASELINE = paths.ROOT / "tests" / "baseline" / "results.json"
KEPT = ("value", "low", "high", "unit", "n", "source")
DIGITS = 8
TOLERANCE = 1e-6


def rounded(value: Any) -> Any:
    """Return a number to eight significant digits, and anything else as it is.

    Parameters
    ----------
    value : Any
        What a result holds.

    Returns
    -------
    Any
        A float rounded to :data:`DIGITS` significant digits; other values unchanged.

    Examples
    --------
    >>> rounded(39.656311962987445), rounded(7), rounded("word")
    (39.656312, 7, 'word')
    """
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def snapshot(results: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what the baseline keeps of the merged results.

    Parameters
    ----------
    results : mapping of str to mapping
        ``results.json`` as read: key to entry.

    Returns
    -------
    dict of str to dict
        For each key its value, interval, unit, n and source; floats to eight significant digits.

    Examples
    --------
    >>> snapshot({"a.b": {"value": 1.2345678912, "low": None, "unit": "ratio"}})["a.b"]["value"]
    1.2345679
    """
    return {
        key: {name: rounded(entry.get(name)) for name in KEPT} for key, entry in results.items()
    }


def moved(before: Mapping[str, Mapping], after: Mapping[str, Mapping]) -> list[str]:
    """Return one line for each result that is new, gone, or not what it was.

    Parameters
    ----------
    before, after : mapping of str to mapping
        Two snapshots, as of :func:`snapshot`.

    Returns
    -------
    list of str
        Lines sorted by key; empty when nothing moved.

    Examples
    --------
    >>> moved({"a.b": {"value": 1.0}}, {"a.b": {"value": 2.0}})
    ['a.b: value was 1.0, is 2.0']
    """
    lines = []
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            lines.append(f"{key}: gone")
        elif key not in before:
            lines.append(f"{key}: new, {after[key].get('value')}")
        else:
            names = sorted(before[key].keys() | after[key].keys())
            lines += [
                f"{key}: {name} was {before[key].get(name)}, is {after[key].get(name)}"
                for name in names
                if not same(before[key].get(name), after[key].get(name))
            ]
    return lines


def renew(results: Path) -> list[str]:
    """Write the baseline anew from the results of a run.

    Parameters
    ----------
    results : Path
        The ``results.json`` of the default run.

    Returns
    -------
    list of str
        What moved, as of :func:`moved`; every key is new where there was no baseline.

    Raises
    ------
    InputError
        When the run has no results yet.
    """
    if not results.exists():
        raise InputError(f"{results.name} is not there yet; run make report first")
    before = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    after = snapshot(json.loads(results.read_text(encoding="utf-8")))
    write_json(BASELINE, after)
    return moved(before, after)


def same(one: Any, other: Any) -> bool:
    """Say whether two values of a result are one; floats may differ by what machines differ in.

    Parameters
    ----------
    one, other : Any
        Two values of :func:`snapshot`.

    Returns
    -------
    bool
        Whether they are the same, numbers to within :data:`TOLERANCE` of the larger.

    Examples
    --------
    >>> same(1.0000001, 1.0), same(1.00001, 1.0), same("2021-08", "2021-09")
    (True, False, False)
    """
    if isinstance(one, float) and isinstance(other, (int, float)) and not isinstance(other, bool):
        return abs(one - other) <= TOLERANCE * max(abs(one), abs(other))
    return one == other
