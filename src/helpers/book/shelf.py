"""Where each table that a stage reads stands on the data page, and which tables stages make."""

import json
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from helpers.base import markup, paths
from helpers.base.files import listed
from helpers.book.origins import Origins, origins
from helpers.run import restricted
from helpers.run.run import Run
from helpers.run.table import RESULTS, StageEntry, raw_tables

LARGEST = 2_000_000  # bytes of a CSV that the page offers
FOLDER = "processed"


class Made(NamedTuple):
    """A table that a stage makes.

    Attributes
    ----------
    name : str
        As stages read it.
    made_by : str
        The name of the stage; empty for what code makes without a stage's data.
    parents : tuple of str
        The names of the tables that it is made of.
    """

    name: str
    made_by: str
    parents: tuple[str, ...]


def label(name: str) -> str:
    """Return the label of a table's section on the data page.

    Parameters
    ----------
    name : str
        The name of the table, without an ending.

    Returns
    -------
    str
        Letters, digits and hyphens.

    Examples
    --------
    >>> label("ucdp_year")
    'data-ucdp-year'
    """
    return "data-" + re.sub(r"[^A-Za-z0-9]+", "-", name)


def named(entry: StageEntry, name: str) -> str:
    """Return the name under which a table stands that a stage reads.

    Parameters
    ----------
    entry : StageEntry
        The stage.
    name : str
        As it asks for it: of a data set that follows the country the file is another.

    Returns
    -------
    str
        The name of the file without its ending, or of the processed table.

    Examples
    --------
    >>> named(StageEntry(name="02-a", reads=["places.csv", "months"], writes=[]), "places")
    'places'
    """
    return {Path(item).stem: entry.path(item).stem for item in (*entry.reads, *entry.may_read)}.get(
        name, name
    )


def read_by(run: Run, entry: StageEntry) -> dict[int, Origins]:
    """Return what each code cell of an executed notebook rests on, by the names of the data page.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        A stage of it, which has run.

    Returns
    -------
    dict of int to Origins
        By the execution number of the cell.
    """
    notebook = json.loads(run.executed(entry).read_text(encoding="utf-8"))
    cells = [one for one in notebook["cells"] if one["cell_type"] == "code"]
    found = origins(["".join(one["source"]) for one in cells])

    def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(named(entry, name) for name in names)

    return {
        cell["execution_count"]: Origins(
            renamed(one.reads),
            {line: renamed(names) for line, names in one.lines.items()},
            {name: renamed(names) for name, names in one.writes.items()},
        )
        for cell, one in zip(cells, found, strict=True)
    }


def made(run: Run) -> list[Made]:
    """Return the tables that the stages of a run make, and those that code makes for them.

    Parameters
    ----------
    run : Run
        The run, all stages of which have run.

    Returns
    -------
    list of Made
        In the order of the stages; last what the stages recorded, where one reads it.
    """
    found: list[Made] = []
    for entry in run.table.stage:
        cells = read_by(run, entry).values()
        parents = {name: names for one in cells for name, names in one.writes.items()}
        everything = tuple(named(entry, Path(item).stem) for item in entry.reads)
        known = {one.name for one in found} | set(everything)
        for name in dict.fromkeys(name for one in cells for name in one.reads):
            if name not in known and kept_file(name):
                found.append(Made(name, "", ()))
        found += [Made(name, entry.name, parents.get(name) or everything) for name in entry.writes]
    if any(RESULTS in entry.reads for entry in run.table.stage):
        raw = (path.stem for path in dict.fromkeys(raw_tables(run.table)))
        found.append(Made(RESULTS, "", tuple(raw)))
    return found


def kept_file(name: str) -> Path | None:
    """Return the file of a table that is kept from run to run, where there is one."""
    files = listed(paths.PROCESSED / "kept", f"{name}-*.csv")
    return next((one for one in files if re.fullmatch(rf"{name}(-[0-9a-f]+){{2}}", one.stem)), None)


def used_in(run: Run, name: str) -> list[str]:
    """Return the stages that read a table.

    Parameters
    ----------
    run : Run
        The run.
    name : str
        The name of the table.

    Returns
    -------
    list of str
        Names of stages, in order.
    """
    return [
        entry.name
        for entry in run.table.stage
        if name in [named(entry, Path(item).stem) for item in entry.reads]
    ]


def download(run: Run, one: Made) -> str | None:
    """Return a table as CSV, where it may be passed on and is not too large.

    Parameters
    ----------
    run : Run
        The run.
    one : Made
        A table of :func:`made`.

    Returns
    -------
    str or None
        The text of the file.
    """
    if one.name == RESULTS or one.made_by in restricted.reached(run.table):
        return None
    if not one.made_by:
        return kept_file(one.name).read_text(encoding="utf-8")  # type: ignore[union-attr]
    import pandas as pd

    frame = pd.read_parquet(run.processed / f"{one.name}.parquet")
    for name in frame.select_dtypes(["object", "string"]):
        frame[name] = frame[name].map(markup.csv_cell)
    text = frame.to_csv(index=False, lineterminator="\n")
    return text if len(text.encode()) <= LARGEST else None


def sections(
    run: Run,
    every: Sequence[Made],
    chapters: Container[str],
    offered: Container[str],
    raw: Iterable[Path],
) -> Iterator[str]:
    """Yield the part of the data page on the tables that stages make, in Markdown.

    Parameters
    ----------
    run : Run
        The run, all stages of which have run.
    every : sequence of Made
        As of :func:`made`.
    chapters : container of str
        The pages of the book, by name.
    offered : container of str
        The names of the tables that it offers as CSV.
    raw : iterable of Path
        The raw tables on the page.

    Yields
    ------
    str
        A section.
    """
    known = {one.name for one in every} | {one.stem for one in raw}
    for one in every:
        parents = [name for name in one.parents if name in known]
        chapter = to_chapters([one.made_by], chapters) if one.made_by else ""
        rows = [
            ("Made by", chapter or _without_stage(one)),
            ("Made of", to_tables(parents) or "code alone: it holds no published figure"),
            ("Used in", to_chapters(used_in(run, one.name), chapters)),
            ("Download", _download(one, one.name in offered)),
        ]
        yield f"({label(one.name)})=\n### {markup.code(one.name)}\n\n{facts(rows)}"


def _without_stage(one: Made) -> str:
    if one.name == RESULTS:
        return "every chapter before the one that reads it: what they recorded"
    return "a simulation, renewed with `make calibrate`"


def _download(one: Made, offered: bool) -> str:
    if offered:
        return f"[{markup.code(f'{one.name}.csv')}](<{FOLDER}/{one.name}.csv>)"
    if one.name == RESULTS:
        return "`make report` writes it to `data/processed/results.json`"
    return f"`make report` writes it to `data/processed/{one.name}.parquet`"


def to_tables(names: Iterable[str]) -> str:
    """Return links to tables of the data page.

    Parameters
    ----------
    names : iterable of str
        Names of tables that stand on it; an empty one is left out.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> to_tables(["places", ""])
    '[`places`](#data-places)'
    """
    return ", ".join(f"[`{name}`](#{label(name)})" for name in names if name)


def to_chapters(names: list[str], chapters: Container[str]) -> str:
    """Return links to chapters.

    Parameters
    ----------
    names : list of str
        Names of stages.
    chapters : container of str
        The pages of the book, by name; the other stages are named alone.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> to_chapters(["02-a", "03-b"], ["notebooks/02-a"])
    '[02-a](notebooks/02-a.ipynb), 03-b'
    """
    return ", ".join(
        f"[{name}](notebooks/{name}.ipynb)" if f"notebooks/{name}" in chapters else name
        for name in names
    )


def facts(rows: list[tuple[str, str]]) -> str:
    """Return a table, of Markdown, whose rows have headings and whose columns have none.

    Parameters
    ----------
    rows : list of (str, str)
        Heading and text, both Markdown; an empty text shows as a dash.

    Returns
    -------
    str
        A directive.
    """
    lines = [f"* - {name}\n  - {text or '–'}" for name, text in rows]
    return "\n".join(["```{list-table}", ":stub-columns: 1", ":widths: 20 80", "", *lines, "```"])
