"""The page *What reads what*: the stages of a run as a picture with links, and as a table.

The picture has a row for each stage, under the number of its chapter, and a line for each stage
that writes tables for others, from its own row down to the last that reads one. So it is as wide
on a phone as on a desk, and its words are text of the page, in the page's own colours.
"""

import json
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from helpers.base import markup
from helpers.book import opening
from helpers.book.shelf import named, to_chapters, to_tables
from helpers.run.run import Run
from helpers.run.table import RESULTS, StageEntry

PAGE = "graph"
WIDTH, LANE, ROW, LINE, HEAD = 400, 20, 36, 17, 30  # units of the drawing, about pixels
LETTERS = 37  # of a title that find room on one line
TEXT = """# What reads what

The analysis is a chain of {stages} notebooks, called stages. Each reads raw tables, tables that \
an earlier stage wrote, or what earlier stages recorded, and no stage reads what a later one \
makes. A second run runs those stages alone whose inputs changed."""
LEGEND = """Each row is a stage, and its name leads to the chapter. A line begins with a ring at \
a stage that writes tables, and a dot on it marks each stage that reads one of them. A square \
marks a stage that reads raw tables. {recorded}The data page tells of each table [what it is made \
of and who uses it](data.md)."""
LABEL = "The stages, and which of them read what an earlier one wrote"
RECORDED = (
    "The broken line is what stages record; a dot on it marks a stage that reads the results of "
    "all before it. "
)


class Lane(NamedTuple):
    """A line of the picture.

    Attributes
    ----------
    begin : int or None
        The row of the stage that writes; None for what all stages record.
    readers : tuple of int
        The rows of the stages that read, in order.
    """

    begin: int | None
    readers: tuple[int, ...]


def lanes(stages: Sequence[StageEntry]) -> list[Lane]:
    """Return the lines of the picture.

    Parameters
    ----------
    stages : sequence of StageEntry
        In the order of the rows.

    Returns
    -------
    list of Lane
        One for each stage whose tables another reads, and last the results, where one reads them.

    Examples
    --------
    >>> one = StageEntry(name="01-a", reads=[], writes=["months"])
    >>> two, three = (StageEntry(name=n, reads=["months"], writes=[]) for n in ("02-b", "03-c"))
    >>> lanes([one, two, three])
    [Lane(begin=0, readers=(1, 2))]
    """
    found = []
    for at, entry in enumerate(stages):
        readers = [
            row for row, one in enumerate(stages) if row > at and set(one.reads) & set(entry.writes)
        ]
        if readers:
            found.append(Lane(at, tuple(readers)))
    if readers := [row for row, one in enumerate(stages) if RESULTS in one.reads]:
        found.append(Lane(None, tuple(readers)))
    return found


def title(notebook: Path) -> str:
    """Return the title of a notebook as plain text.

    Parameters
    ----------
    notebook : Path
        A source or executed notebook.

    Returns
    -------
    str
        Its first heading without numbers that are bound; the name of its file where it has none.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    texts = ("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")
    found = next((match for text in texts if (match := opening.TITLE.search(text))), None)
    words = opening.ROLE.sub("…", found["title"]) if found else notebook.stem
    return markup.line(re.sub(r"[*_`]", "", words)) or notebook.stem


def drawing(
    stages: Sequence[StageEntry], titles: Mapping[str, str], chapters: Mapping[str, str]
) -> str:
    """Return the picture.

    Parameters
    ----------
    stages : sequence of StageEntry
        In the order of the graph.
    titles : mapping of str to str
        Name of a stage to its title.
    chapters : mapping of str to str
        Name of a stage that is a page to its number in the book.

    Returns
    -------
    str
        SVG, in colours of the page that it stands in.
    """
    every = lanes(stages)
    left = 12 + LANE * len(every) + 16
    parts, rows, y = [], [], 0.0
    for number, group in groupby(enumerate(stages), lambda one: one[1].name[:2]):
        parts.append(_text(left, y + HEAD - 9, [f"Chapter {int(number)}"], 13, "0.72"))
        y += HEAD
        for _, entry in group:
            # Long titles of a narrow drawing go on in a second line.
            words = f"{chapters.get(entry.name, int(number))}  {titles[entry.name]}"
            lines = textwrap.wrap(words, LETTERS) or [words]
            height = max(ROW, LINE * len(lines) + 14)
            rows.append(y + height / 2)
            parts.append(_row(entry, lines, left, y, height, entry.name in chapters))
            y += height
    drawn = [_lane(lane, 12 + LANE * at, rows, left) for at, lane in enumerate(every)]
    squares = [
        f'<rect x="{left - 13}" y="{rows[at] - 4:g}" width="8" height="8" fill="currentColor">'
        "<title>reads raw tables</title></rect>"
        for at, entry in enumerate(stages)
        if entry.raw
    ]
    return (
        f'<svg class="stages" viewBox="0 0 {WIDTH} {y + 8:g}" width="{WIDTH * 1.2:g}" '
        'style="max-width:100%;height:auto" role="group" '
        f'aria-label="{LABEL}">{"".join([*drawn, *squares, *parts])}</svg>'
    )


def _row(
    entry: StageEntry, lines: Sequence[str], left: int, y: float, height: float, linked: bool
) -> str:
    first = y + height / 2 - LINE * (len(lines) - 1) / 2 + 5
    words = _text(left, first, lines, 15, "1")
    if not linked:
        return words
    # The whole row is as large as a finger wants.
    area = f'<rect x="{left - 2}" y="{y:g}" width="{WIDTH - left}" height="{height:g}" '
    area += 'fill="transparent"/>'
    return f'<a href="notebooks/{markup.html(entry.name)}.html">{area}{words}</a>'


def _text(x: float, y: float, lines: Sequence[str], size: int, opacity: str) -> str:
    spans = "".join(
        f'<tspan x="{x:g}" y="{y + LINE * at:g}">{markup.html(line)}</tspan>'
        for at, line in enumerate(lines)
    )
    return f'<text font-size="{size}" fill="currentColor" fill-opacity="{opacity}">{spans}</text>'


def _lane(lane: Lane, x: float, rows: Sequence[float], left: int) -> str:
    top = rows[0] if lane.begin is None else rows[lane.begin]
    dashed = ' stroke-dasharray="3 3"' if lane.begin is None else ""
    line = f'<path d="M{x:g} {top:g}V{rows[lane.readers[-1]]:g}"{dashed} stroke-width="2"/>'
    ticks = "".join(f'<path d="M{x:g} {rows[at]:g}H{left - 18}"/>' for at in lane.readers)
    dots = "".join(
        f'<circle cx="{x:g}" cy="{rows[at]:g}" r="4.5" fill="currentColor"/>' for at in lane.readers
    )
    if lane.begin is not None:
        ticks += f'<path d="M{x + 6:g} {top:g}H{left - 18}"/>'
        dots += f'<circle cx="{x:g}" cy="{top:g}" r="6" fill="none" stroke-width="3"/>'
    return (
        f'<g stroke="currentColor" stroke-opacity="0.75" fill="none">{line}'
        f'<g stroke-opacity="0.3">{ticks}</g>{dots}</g>'
    )


def pages(run: Run, chapters: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """Return the page, and the picture that stands beside it.

    Parameters
    ----------
    run : Run
        The run, all stages of which have run.
    chapters : mapping of str to str
        Page of a chapter to its number, as of :func:`helpers.book.opening.numbers`.
    known : collection of str
        The tables that stand on the data page, by name.

    Returns
    -------
    dict of str to str
        File to its text: Markdown, with a table of what each stage reads and writes, and SVG.
    """
    stages = run.table.stage
    titles = {entry.name: title(run.executed(entry)) for entry in stages}
    numbers = {page.rpartition("/")[2]: number for page, number in chapters.items()}
    recorded = RECORDED if any(RESULTS in entry.reads for entry in stages) else ""
    rows = "\n".join(
        f"| {to_chapters([entry.name], chapters)} | {reads or '–'} | {writes or '–'} |"
        for entry, reads, writes in _listed(stages, known)
    )
    parts = [
        TEXT.format(stages=len(stages)),
        f"```{{table-file}} {PAGE}.svg\n:label: {LABEL}\n```",
        LEGEND.format(recorded=recorded),
        "## The same as a table",
        f"| stage | reads | writes |\n| --- | --- | --- |\n{rows}\n",
    ]
    picture = drawing(stages, titles, numbers)
    return {f"{PAGE}.md": "\n\n".join(parts), f"{PAGE}.svg": picture}


def _listed(
    stages: Sequence[StageEntry], known: Collection[str]
) -> Iterator[tuple[StageEntry, str, str]]:
    for entry in stages:
        reads = [named(entry, Path(name).stem) for name in entry.reads]
        there = to_tables(name for name in reads if name in known)
        others = [f"`{name}`" for name in reads if name not in known]
        yield entry, ", ".join([one for one in (there, *others) if one]), to_tables(entry.writes)
