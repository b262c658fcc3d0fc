"""Where built files differ: by notebook, cell, key, row or line, as the kind of file has it."""

import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

ORDER = ("/stages/", "/executed/", "/tables/", "/figures/")  # what says most about a cause, first


class Difference(NamedTuple):
    """One place in which two builds differ.

    Attributes
    ----------
    file : str
        The built file, relative to the project.
    where : str
        Notebook and cell where they are known, and what differs in both.
    """

    file: str
    where: str

    def __str__(self) -> str:
        """Return the place and the file in which it was seen."""
        return f"{self.where} ({self.file})"


def differences(left: Mapping[str, Path], right: Mapping[str, Path]) -> list[Difference]:
    """Return where two builds differ.

    Parameters
    ----------
    left, right : mapping of str to Path
        The files of each build by name.

    Returns
    -------
    list of Difference
        Recorded results first, each with its notebook and cell; then the outputs of cells, tables,
        figures, and other files with the first place in each.
    """
    found = []
    for name in sorted(left.keys() | right.keys(), key=_rank):
        if name not in left or name not in right:
            found.append(Difference(name, "only one of the two builds has the file"))
        elif left[name].read_bytes() != right[name].read_bytes():
            found += [Difference(name, one) for one in _places(left[name], right[name])]
    return found


def _rank(name: str) -> tuple[int, str]:
    return next((place for place, part in enumerate(ORDER) if part in name), len(ORDER)), name


def _places(one: Path, two: Path) -> Iterator[str]:
    """Yield the places in which two files differ: all results and cells, else the first place."""
    if one.parent.name == "stages" and one.suffix == ".json":
        yield from _results(one, two)
    elif one.suffix == ".ipynb":
        yield from _cells(one, two)
    elif said := first_difference(one, two):
        yield f"{_drawn_by(one)}{said}"


def _results(one: Path, two: Path) -> Iterator[str]:
    left, right = (json.loads(path.read_text(encoding="utf-8")) for path in (one, two))
    counts = {key: one["number"] for key, one in (right["cells"] | left["cells"]).items()}
    keys = left["results"].keys() | right["results"].keys()
    for key in sorted(keys, key=lambda key: (counts.get(key, 0), key)):
        before, after = left["results"].get(key), right["results"].get(key)
        if before != after:
            cell = counts.get(key, "–")
            part, old, new = next(_walk(before, after, ""))
            words = f"{key}{f' ({part})' if part not in ('', 'value') else ''}"
            yield f"{one.stem}, cell [{cell}], result {words}: {old!r} and {new!r}"
    for part, old, new in _walk(
        {name: value for name, value in left.items() if name != "results"},
        {name: value for name, value in right.items() if name != "results"},
        "",
    ):
        yield f"{one.stem}, {part}: {old!r} and {new!r}"


def _cells(one: Path, two: Path) -> Iterator[str]:
    left, right = (json.loads(path.read_text(encoding="utf-8")) for path in (one, two))
    for before, after in zip_longest(left["cells"], right["cells"]):
        if before != after:
            cell = before or after
            count = cell.get("execution_count") or "–"
            part, old, new = next(_walk(before, after, ""))
            yield f"{one.stem}, cell [{count}] ({cell.get('id', '')}), {part}: {old!r} and {new!r}"
    del left["cells"], right["cells"]
    for part, old, new in _walk(left, right, ""):
        yield f"{one.stem}, {part}: {old!r} and {new!r}"


def _drawn_by(file: Path) -> str:
    """Return the notebook of a figure or table, as its words beside it name it."""
    about = file.with_name(file.name.partition(".")[0] + ".json")
    if file.parent.name not in ("figures", "tables") or not about.exists():
        return ""
    return f"{json.loads(about.read_text(encoding='utf-8')).get('notebook', '')}, {file.name}: "


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
    if one.suffix == ".json":
        left, right = (json.loads(path.read_text(encoding="utf-8")) for path in (one, two))
        part, old, new = next(_walk(left, right, ""), ("", "", ""))
        return f"key {part}: {old!r} and {new!r}" if part else "the bytes differ, not the content"
    if one.suffix == ".parquet":
        return _parquet(one, two)
    return _text(one, two)


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
    return "the bytes differ, not the content"


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
