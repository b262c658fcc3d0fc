"""Where two built files differ first: by cell, key, row or line, as the kind of file has it."""

import json
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any


def first_difference(one: Path, two: Path) -> str | None:
    """Return in words where two files of the same kind differ first.

    Parameters
    ----------
    one, two : Path
        Files with the same ending.

    Returns
    -------
    str or None
        ``None`` when their bytes are the same.
    """
    if one.read_bytes() == two.read_bytes():
        return None
    if one.suffix == ".ipynb":
        return _notebook(json.loads(one.read_text()), json.loads(two.read_text()))
    if one.suffix == ".json":
        return _first(
            _walk(json.loads(one.read_text()), json.loads(two.read_text()), ""),
            "key {}: {!r} and {!r}",
        )
    if one.suffix == ".parquet":
        return _parquet(one, two)
    return _text(one, two)


def _first(found: Iterator[tuple], sentence: str) -> str:
    return next(
        (sentence.format(*item) for item in found), "the bytes differ, the content does not"
    )


def _walk(one: Any, two: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, one, two) for each leaf in which two JSON values differ."""
    if isinstance(one, dict) and isinstance(two, dict):
        for key in sorted({*one, *two}):
            yield from _walk(one.get(key), two.get(key), f"{path}/{key}" if path else key)
    elif isinstance(one, list) and isinstance(two, list):
        for number, (left, right) in enumerate(zip_longest(one, two)):
            yield from _walk(left, right, f"{path}/{number}")
    elif one != two:
        yield path, _short(one), _short(two)


def _short(value: Any) -> Any:
    return value[:60] + "…" if isinstance(value, str) and len(value) > 60 else value


def _notebook(one: dict, two: dict) -> str:
    for number, (left, right) in enumerate(zip_longest(one["cells"], two["cells"]), start=1):
        if left != right:
            name = (left or right).get("id", "")
            return _first(
                _walk(left, right, ""), f"cell {number} ({name}), {{}}: {{!r}} and {{!r}}"
            )
    return _first(_walk(one, two, ""), "key {}: {!r} and {!r}")


def _parquet(one: Path, two: Path) -> str:
    import pandas as pd

    left, right = pd.read_parquet(one), pd.read_parquet(two)
    if list(left.columns) != list(right.columns) or len(left) != len(right):
        shapes = [f"{one.shape} with {list(one.columns)}" for one in (left, right)]
        return f"shape {' and '.join(shapes)}"
    for name in left:
        unequal = ~((left[name] == right[name]) | (left[name].isna() & right[name].isna()))
        if unequal.any():
            row = unequal.idxmax()
            return f"column '{name}', row {row}: {left.at[row, name]!r} and {right.at[row, name]!r}"
    return "the bytes differ, the content does not"


def _text(one: Path, two: Path) -> str:
    lines = zip_longest(
        *(path.read_text(errors="replace").splitlines() for path in (one, two)), fillvalue=""
    )
    for number, (left, right) in enumerate(lines, start=1):
        if left != right:
            at = next(
                (i for i, (a, b) in enumerate(zip(left, right)) if a != b),
                min(len(left), len(right)),
            )
            here = f"line {number}, character {at + 1}"
            return f"{here}: {left[at : at + 60]!r} and {right[at : at + 60]!r}"
    return "the bytes differ only in line ends"
