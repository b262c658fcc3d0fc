"""What the stages recorded, merged: one key, one result, and the cell that recorded it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.base.errors import InputError
from helpers.base.files import everything, listed

if TYPE_CHECKING:
    import pandas as pd


def cell_label(notebook: str, name: str, count: int) -> str:
    """Return the label of a code cell, by which pages link to it.

    Parameters
    ----------
    notebook : str
        The name of a stage.
    name : str
        The id of the cell, which stays when another cell comes before it.
    count : int
        The execution number of the cell, from 1: the word where it has no id.

    Returns
    -------
    str
        A target of MyST, one of its kind in the book.

    Examples
    --------
    >>> cell_label("03-trend", "step-fit", 7), cell_label("03-trend", "", 7)
    ('cell-03-trend-step-fit', 'cell-03-trend-7')
    """
    return f"cell-{notebook}-{name.lower() or count}"


def profiles(folder: Path) -> "pd.DataFrame":
    """Return what a sweep recorded of each country.

    Parameters
    ----------
    folder : Path
        Where the sweep writes; each country has a folder there.

    Returns
    -------
    pandas.DataFrame
        A row for each country and key, sorted by both: ``place``, the folder; ``key``; ``value``,
        a number, NaN where the result is a word; ``word``, the word; ``low``, ``high``, the ends of
        the interval; ``unit``, ``n``, ``source``.

    Raises
    ------
    InputError
        When no country has been run yet.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name:
    ...     manifest = Path(name) / "freedonia" / "stages" / "21-profile.json"
    ...     manifest.parent.mkdir(parents=True)
    ...     result = dict.fromkeys(["low", "high", "n"]) | {"unit": "deaths", "source": "made up"}
    ...     stage = {"results": {"country.deaths": {"value": 12, **result}}, "cells": {}}
    ...     _ = manifest.write_text(json.dumps(stage))
    ...     profiles(Path(name))[["place", "key", "value"]].values.tolist()
    [['freedonia', 'country.deaths', 12.0]]
    """
    import pandas as pd

    rows = []
    for place in everything(folder):
        if place.name.startswith(".") or not (place / "stages").is_dir():
            continue
        for key, one in merged(listed(place / "stages", "*.json")).items():
            numeric = isinstance(one["value"], (int, float))
            rows.append(
                {
                    "place": place.name,
                    "key": key,
                    "value": float(one["value"]) if numeric else None,
                    "word": "" if numeric else str(one["value"]),
                    **{name: one[name] for name in ("low", "high", "unit", "n", "source")},
                }
            )
    if not rows:
        raise InputError("no country has been run yet; run the sweep first (make sweep)")
    table = pd.DataFrame(rows)
    numbers = dict.fromkeys(["value", "low", "high", "n"], "float64")
    return table.astype(numbers).sort_values(["place", "key"], ignore_index=True)


def merged(manifests: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Return the results of several stages by key.

    Parameters
    ----------
    manifests : iterable of Path
        ``stages/NAME.json`` of each stage, in order.

    Returns
    -------
    dict of str to dict
        Key to value, low, high, unit, n, source and notebook, as
        :meth:`helpers.run.stage.Stage.record` wrote them, and, where a cell recorded it, ``cell``,
        its label, and ``line``, the line in it, from 1.

    Raises
    ------
    InputError
        When a stage has not run yet, or two stages record one key, or write one figure or table,
        of which the later would stand in the place of the other.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     manifest = Path(folder) / "01-clean.json"
    ...     cells = {"clean.deaths": {"name": "sums", "number": 4, "line": 2}}
    ...     stage = {"results": {"clean.deaths": {"value": 12}}, "cells": cells}
    ...     _ = manifest.write_text(json.dumps(stage))
    ...     merged([manifest])
    {'clean.deaths': {'value': 12, 'cell': 'cell-01-clean-sums', 'line': 2}}
    """
    found: dict[str, dict[str, Any]] = {}
    written: dict[str, str] = {}
    for manifest in manifests:
        if not manifest.exists():
            raise InputError(f"the results of '{manifest.stem}' are not there yet; run it first")
        stage = json.loads(manifest.read_text(encoding="utf-8"))
        if repeated := sorted(set(stage["results"]) & set(found)):
            first = found[repeated[0]]["notebook"]
            raise InputError(
                f"result '{repeated[0]}' is recorded by {first} and by {manifest.stem}"
            )
        for name in (*stage.get("figures", ()), *stage.get("tables", ())):
            if written.setdefault(name, manifest.stem) != manifest.stem:
                raise InputError(
                    f"'{name}' is written by {written[name]} and by {manifest.stem}; a figure or "
                    "table has a name of its own in the whole book"
                )
        found |= stage["results"]
        for key, one in stage["cells"].items():
            label = cell_label(manifest.stem, one["name"], one["number"])
            found[key] |= {"cell": label, "line": one["line"]}
    return found
