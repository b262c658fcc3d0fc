"""Turn an executed notebook into a page on which figures and tables are numbered and linked."""

import json
import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

from helpers.base import markup
from helpers.book import shelf
from helpers.book.origins import origins
from helpers.book.places import bound_within, within_cell
from helpers.book.reference import called
from helpers.run.canonical import INJECTED
from helpers.run.captions import without_captions
from helpers.run.declared import TAG, assignments, tagged, with_values
from helpers.run.results import cell_label

SAYS = re.compile(r"\{says\}`[^`|]*\|([^`|{]*)`")
BOUND = re.compile(r"\{(?:num|says)\}`")  # what is left then depends on the results


def as_page(
    notebook: dict[str, Any],
    name: str,
    processed: Path,
    built_at: str,
    labels: Mapping[str, str] | None = None,
    place: str = "",
    *,
    downloads: bool = True,
    tables: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return an executed notebook as a page of the book.

    Figures and tables become MyST cells after the code that drew them, numbered, with a caption and
    links. Neighbouring code cells become one folded block with a label for each cell in it, to
    which numbers, figures and tables link; its metadata say at which line of it each cell begins
    (:mod:`helpers.book.lines`).

    Parameters
    ----------
    notebook : dict
        An executed notebook as JSON; it is not changed.
    name : str
        The name of its stage.
    processed : Path
        Where the words of its figures and tables stand, in ``figures`` and ``tables``.
    built_at : str
        A Markdown text that names the commit, as of :func:`helpers.book.pages.built_at`.
    labels : mapping of str to str, optional
        The label in the reference of each public name, by dotted name; under a cell stands what it
        calls.
    place : str, default ""
        The country of a page that stands in the book once for each of them: its results, cells,
        figures and tables have it in their names.
    downloads : bool, default True
        Whether figures and tables lead to their data.
    tables : mapping of str to str, optional
        The tables of the data page by the names by which the notebook reads them; under a cell
        stands what it reads.

    Returns
    -------
    dict
        A notebook as JSON, without ``stage.finish()`` and without captions.

    Examples
    --------
    >>> draw = {"cell_type": "code", "execution_count": 3, "metadata": {}, "source": "draw()"}
    >>> page = as_page({"cells": [draw | {"outputs": []}]}, "03-trend", Path("."), "commit abc")
    >>> [cell["source"] for cell in page["cells"]]
    ['(cell-03-trend-3)=\\n', 'draw()']
    >>> page["cells"][1]["metadata"]
    {'begins': {'cell-03-trend-3': 0}, 'tags': ['hide-input']}
    """
    cells: list[dict[str, Any]] = []
    labels, tables = labels or {}, tables or {}
    for cell in joined(_without_captions(with_parameters(notebook["cells"])), labels):
        if "".join(cell["source"]).strip() == "stage.finish()":
            continue  # it ends the stage and shows a reader nothing
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        marked = [output.get("metadata", {}).get("compendium") for output in cell["outputs"]]
        shown = [mark for mark in marked if mark]
        rest = [output for output, mark in zip(cell["outputs"], marked) if not mark]
        begins = {
            within_cell(cell_label(name, *part), place): line
            for line, part in cell["parts"].items()
        }
        labels_of = list(begins)
        cells += [_markdown(f"label-{label}", f"({label})=\n") for label in labels_of]
        cells.append(
            {key: value for key, value in cell.items() if key not in ("parts", "calls", "reads")}
            | {"outputs": rest, "metadata": {"begins": begins, **_folded(cell["metadata"])}}
        )
        if told := _told(cell, labels, tables):
            cells.append(_markdown(f"calls-{labels_of[-1]}", f":::{{div}} calls\n{told}\n:::\n"))
        cells += [
            _shown(kind, one, processed, built_at, labels_of[-1], place, downloads)
            for each in shown
            for kind, one in each.items()
        ]
    # What else the file says of itself would be settings of the builder.
    if place:
        cells = [
            {**cell, "source": bound_within("".join(cell["source"]), place)}
            if cell["cell_type"] == "markdown"
            else cell
            for cell in cells
        ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {**notebook, "cells": cells, "metadata": {"kernelspec": kernel}}


def with_parameters(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cells with the parameters that the run used in place of the defaults.

    Parameters
    ----------
    cells : list of dict
        Cells of an executed notebook; they are not changed.

    Returns
    -------
    list of dict
        Without the cell that the run put in, whose values stand in the ``parameters`` cell.

    Examples
    --------
    >>> default = {"metadata": {"tags": ["parameters"]}, "source": "seed = 1  # of all draws"}
    >>> used = {"metadata": {"tags": ["injected-parameters"]}, "source": "# Parameters\\nseed = 2"}
    >>> [cell["source"] for cell in with_parameters([default, used])]
    ['seed = 2  # of all draws']
    """
    shown, used = tagged(cells, TAG), tagged(cells, INJECTED)
    if not shown or not used:
        return cells
    values = assignments("".join(cells[used[0]]["source"]))
    source = with_values("".join(cells[shown[0]]["source"]), values)
    fresh = [*cells[: shown[0]], {**cells[shown[0]], "source": source}, *cells[shown[0] + 1 :]]
    return [cell for place, cell in enumerate(fresh) if place != used[0]]


def _without_captions(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the cells without captions, which stand with their figures, and what is then empty."""
    kept = []
    for cell in cells:
        if cell["cell_type"] == "markdown":
            text = without_captions("".join(cell["source"]))
            if not text.strip():
                continue
            cell = {**cell, "source": text}
        kept.append(cell)
    return kept


def joined(cells: list[dict[str, Any]], names: Container[str] = ()) -> list[dict[str, Any]]:
    """Return cells in which code that shows nothing is joined to the code after it.

    A reader then unfolds one block, not three.

    Parameters
    ----------
    cells : list of dict
        Cells of an executed notebook; they are not changed.
    names : container of str, default none
        Public names of the package to look for, by dotted name.

    Returns
    -------
    list of dict
        Each code cell has ``parts``, of what was joined into it id and execution number by the
        line at which it begins, from 0; ``calls``, those of ``names`` that it uses; and ``reads``,
        the tables that it reads.

    Examples
    --------
    >>> load = {"cell_type": "code", "execution_count": 1, "source": "load()", "outputs": []}
    >>> draw = {"cell_type": "code", "execution_count": 2, "source": "draw()", "outputs": ["seen"]}
    >>> [(cell["source"], cell["parts"]) for cell in joined([load, draw | {"id": "drawn"}])]
    [('load()\\n\\ndraw()', {0: ('', 1), 2: ('drawn', 2)})]
    """
    result: list[dict[str, Any]] = []
    codes = [cell for cell in cells if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in codes]
    calls, reads = iter(called(sources, names)), iter(origins(sources))
    for cell in cells:
        if cell["cell_type"] == "code":
            cell = {
                **cell,
                "parts": {0: (cell.get("id", ""), cell["execution_count"])},
                "calls": next(calls),
                "reads": [*next(reads).reads],
            }
        before = result[-1] if result else None
        if before and cell["cell_type"] == before["cell_type"] == "code" and not before["outputs"]:
            above = "".join(before["source"]) + "\n\n"
            both = {name: before[name] + cell[name] for name in ("calls", "reads")}
            parts = before["parts"] | {
                above.count("\n") + line: part for line, part in cell["parts"].items()
            }
            source = above + "".join(cell["source"])
            result[-1] = {**cell, "source": source, "parts": parts, **both}
        else:
            result.append(cell)
    return result


def _told(cell: dict[str, Any], labels: Mapping[str, str], tables: Mapping[str, str]) -> str:
    """Return the line below a cell: which tables it reads, and what of the package it calls."""
    reads = shelf.to_tables(tuple(tables.get(one, "") for one in dict.fromkeys(cell["reads"])))
    calls = ", ".join(
        f"[`{one.rpartition('.')[2]}`](#{labels[one]})" for one in dict.fromkeys(cell["calls"])
    )
    parts = [f"{verb} {links}" for verb, links in (("Reads", reads), ("Calls", calls)) if links]
    return " · ".join(parts)


def _folded(metadata: dict[str, Any]) -> dict[str, Any]:
    tags = metadata.get("tags", [])
    return {**metadata, "tags": [*tags, *({"hide-input"} - set(tags))]}


def _markdown(identity: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": identity, "metadata": {}, "source": text}


def _shown(
    kind: str,
    name: str,
    processed: Path,
    built_at: str,
    label: str,
    place: str,
    downloads: bool,
) -> dict[str, Any]:
    about = json.loads((processed / f"{kind}s" / f"{name}.json").read_text(encoding="utf-8"))
    name = f"{place}-{name}" if place else name
    data = f"[data (CSV)](../{kind}s/{name}.csv)" if downloads else "no data may be passed on"
    if kind == "figure":
        data += f" · [drawing (SVG)](../figures/{name}.svg)"
    links = f"{data} · [source cell](#{label}) · {built_at}"
    return _markdown(f"shown-{name}", (_figure if kind == "figure" else _table)(name, about, links))


def _figure(name: str, about: dict[str, str], links: str) -> str:
    return (
        f"```{{figure}} ../figures/{name}.svg\n:name: {name}\n:alt: {markup.option(about['alt'])}\n"
        f":width: 100%\n\n{markup.caption(about['caption'])}\n\n{links}\n```\n"
    )


def _table(name: str, about: dict[str, str], links: str) -> str:
    said = BOUND.split(SAYS.sub(r"\1", about["caption"]))[0]
    label = " ".join(said.split()).rstrip(":;,")
    return (
        f"```{{numbered-table}} ../tables/{name}.html\n:name: {name}\n"
        f":label: {markup.option(label)}\n\n"
        f"{markup.caption(about['caption'])}\n\n{links}\n```\n"
    )
