"""What the stages recorded, merged: one key, one result, and the cell that recorded it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.base.errors import InputError


def cell_label(notebook: str, count: int) -> str:
    """Return the label of the code cell of ``notebook`` that ran as number ``count``."""
    return f"cell-{notebook}-{count}"


def merged(manifests: Iterable[Path], cells: bool = False) -> dict[str, dict[str, Any]]:
    """Return the results of the stages' manifests by key; with ``cells`` each has the label of its cell, where it has one.

    Raises :class:`InputError` when a stage has not run yet or a key is recorded twice.
    """
    found: dict[str, dict[str, Any]] = {}
    for manifest in manifests:
        if not manifest.exists():
            raise InputError(f"the results of '{manifest.stem}' are not there yet; run it first")
        stage = json.loads(manifest.read_text(encoding="utf-8"))
        if repeated := sorted(set(stage["results"]) & set(found)):
            first = found[repeated[0]]["notebook"]
            raise InputError(
                f"result '{repeated[0]}' is recorded by {first} and by {manifest.stem}"
            )
        found |= stage["results"]
        for key, count in stage["cells"].items() if cells else ():
            found[key]["cell"] = cell_label(manifest.stem, count)
    return found
