"""Lay out all that the builder reads: pages, notebooks, figures, tables, raw tables, results."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.base import paths
from helpers.base.files import listed, write_json, write_text
from helpers.base.reading import read_json, read_yaml
from helpers.book import (
    changed,
    edition,
    feed,
    graph,
    links,
    named,
    opening,
    reference,
    reviews,
    rows,
    shelf,
)
from helpers.book.address import repository
from helpers.book.notebooks import as_page
from helpers.book.places import within, within_cell
from helpers.run import ledger, restricted, since
from helpers.run.execute import shown_files
from helpers.run.proof import MARKS
from helpers.run.results import merged
from helpers.run.run import Run

REFERENCE = "- file: reference"
PAGE = re.compile(r"^\s*- file: (\S+)\s*$", re.MULTILINE)


def source_files() -> list[Path]:
    """Return the files that the book depends on beside what the stages wrote.

    Returns
    -------
    list of Path
        Pages, settings, references and static files of ``book/``, then the raw tables that have a
        sidecar, then their sidecars, how to cite the project, its changes, and the ledger.

    Examples
    --------
    >>> "index.md" in [path.name for path in source_files()]
    True
    """
    from helpers.raw.folders import raw_files

    told = reference.sources() if has_reference() else []
    about = [path for path in (opening.CITATION, feed.CHANGES, since.FILE) if path.exists()]
    return [*edition.written_files(), *raw_files(paths.RAW), *told, *about, *ledger.files()]


def has_reference(toc: str | None = None) -> bool:
    """Say whether a table of contents, the published one by default, asks for the reference."""
    text = (paths.BOOK / "_toc.yml").read_text(encoding="utf-8") if toc is None else toc
    return REFERENCE in map(str.strip, text.splitlines())


def contents(toc: str, pages: Iterable[str]) -> str:
    """Return a table of contents with the pages of the reference below its chapter, or without it.

    Parameters
    ----------
    toc : str
        ``_toc.yml``.
    pages : iterable of str
        Names of the pages; where there are none, the chapter goes too.

    Returns
    -------
    str
        The table of contents for the builder.
    """
    lines = []
    for line in toc.splitlines():
        if line.strip() != REFERENCE:
            lines.append(line)
        elif below := [name for name in pages if name != "reference"]:
            indent = " " * (line.index("-") + 2)
            lines += [line, f"{indent}sections:", *(f"{indent}  - file: {one}" for one in below)]
    return "\n".join(lines) + "\n"


def with_rows(toc: str, pages: Iterable[str]) -> str:
    """Return a table of contents at the end of which stand the rows of the raw tables.

    Parameters
    ----------
    toc : str
        ``_toc.yml``.
    pages : iterable of str
        Names of the pages, the first that of the chapter; where there are none, nothing changes.

    Returns
    -------
    str
        The table of contents for the builder.

    Examples
    --------
    >>> print(with_rows("chapters:\\n- file: data\\n", ["rows", "rows/places"]), end="")
    chapters:
    - file: data
    - file: rows
      sections:
        - file: rows/places
    """
    chapter, *below = [*pages] or [""]
    last = [line for line in toc.splitlines() if PAGE.match(line)][-1]
    indent = " " * last.index("-")
    lines = [f"{indent}- file: {chapter}", f"{indent}  sections:"]
    lines += [f"{indent}    - file: {one}" for one in below]
    return toc + "\n".join([*lines, ""]) if chapter else toc


def assemble(run: Run, target: Path, *, with_reference: bool = True) -> None:
    """Lay out all that the builder reads.

    Parameters
    ----------
    run : Run
        The run, all stages of which have run.
    target : Path
        A folder that does not exist yet; it gets pages, notebooks, figures, tables, raw tables and
        ``results.json``.
    with_reference : bool, default True
        Whether the reference comes along where the table of contents asks for it, and the rows of
        the raw tables.

    Raises
    ------
    InputError
        When a stage has not run, or a sidecar cannot be read.
    """
    from helpers.book.pages import built_at, colophon, data_page, raw_files
    from helpers.raw.datapackage import datapackage
    from helpers.raw.sidecar import publishable, read_sidecar, write_sidecar

    target.mkdir(parents=True)
    written = edition.written_pages(run)
    for name, path in written.items():
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    write_text(target / "_config.yml", edition.config(run))
    if repository():
        write_json(target / links.FILE, edition.sources(run))
    for one, prefix in ((run, ""), *((part, f"{part.name}-") for part in run.parts)):
        _copy_shown(one, target, prefix)
    silent = restricted.silent(run.table)
    (target / "raw").mkdir()
    for path in raw_files(run):
        # What it says, not how somebody's editor ends its lines.
        write_sidecar(target / "raw" / path.name, read_sidecar(path))
        if publishable(read_sidecar(path)):
            shutil.copyfile(path, target / "raw" / path.name)
    write_json(target / "raw" / "datapackage.json", datapackage(raw_files(run)))
    results = _results(run)
    write_json(target / "results.json", results)
    if claims := reviews.of_run(run, results):
        write_json(target / reviews.FILE, claims)
    tables = {path: read_sidecar(path) for path in raw_files(run)}
    made = shelf.made(run)
    offered = _offer(run, made, target)
    named.write(run, target)
    toc = edition.chapters(written["_toc.yml"].read_text(encoding="utf-8"), run)
    told = reference.pages() if with_reference and has_reference(toc) else {}
    described = "data" in PAGE.findall(toc)  # else no table has a place to which a link could lead
    shown = rows.pages(tables) if with_reference and described else {}
    toc = with_rows(contents(toc, told), [name[:-3] for name in shown if name.endswith(".md")])
    known = {path.stem for path in tables} | {one.name for one in made} if described else set()
    labels = reference.known() if told else {}
    book, chapter = read_yaml(target / "_config.yml")["title"], opening.numbers(toc)
    pages = [(run, entry, f"notebooks/{entry.name}", "") for entry in run.table.stage]
    pages += [(*one, edition.page_of(*one), one[0].name) for one in edition.profiles(run)]
    for one, entry, page_name, place in pages:
        page = as_page(
            json.loads(one.executed(entry).read_text(encoding="utf-8")),
            entry.name,
            one.processed,
            built_at(f"notebooks/{entry.name}.ipynb"),
            labels,
            place,
            downloads=entry.name not in silent,
            tables={
                name: table
                for name in [Path(item).stem for item in (*entry.reads, *entry.may_read)]
                if (table := shelf.named(entry, name)) in known
            },
        )
        executed = f"executed/{place}{'-' if place else ''}{entry.name}.ipynb"
        if entry.name not in silent:
            (target / "executed").mkdir(exist_ok=True)
            shutil.copyfile(one.executed(entry), target / executed)
        page = opening.opened(
            page,
            chapter.get(page_name, ""),
            book,
            f"../{executed}" if entry.name not in silent else "",
            reviews.judged_by(claims, entry.name) if one is run else (),
        )
        text = json.dumps(page, indent=1, ensure_ascii=False)
        write_text(target / f"{page_name}.ipynb", text)
    write_text(target / "data.md", data_page(run, made, PAGE.findall(toc), offered))
    write_text(target / "_toc.yml", toc)
    if left := edition.left_out_page(run):
        write_text(target / f"{edition.LEFT_OUT}.md", left)
    for name, text in told.items():
        write_text(target / f"{name}.md", text)
    for name, text in shown.items():
        write_text(target / name, text)
    write_text(target / "colophon.md", colophon(run))
    if graph.PAGE in PAGE.findall(toc):
        for name, text in graph.pages(run, chapter, known).items():
            write_text(target / name, text)
    if changed.PAGE in PAGE.findall(toc):
        write_text(target / f"{changed.PAGE}.md", changed.page(run))
    if told_of := changed.items(run):
        write_json(target / changed.FILE, told_of)


def _copy_shown(run: Run, target: Path, prefix: str) -> None:
    """Copy figures and tables of a run, under names that no other run's have."""
    kept_back = {
        path
        for name in restricted.silent(run.table)
        for path in shown_files(run.manifest(run.table[name]))
        if path.suffix == ".csv" or path.name.endswith(MARKS)
    }
    for folder in ("figures", "tables"):
        (target / folder).mkdir(exist_ok=True)
        for path in listed(run.processed / folder):
            words = path.suffix == ".json" and not path.name.endswith(MARKS)
            if not words and path not in kept_back:
                shutil.copyfile(path, target / folder / f"{prefix}{path.name}")


def _offer(run: Run, made: list[shelf.Made], target: Path) -> set[str]:
    """Write the tables that stages made as CSV, as far as they are offered; return their names."""
    texts = {one.name: shelf.download(run, one) for one in made}
    (target / shelf.FOLDER).mkdir()
    for name, text in texts.items():
        if text is not None:
            write_text(target / shelf.FOLDER / f"{name}.csv", text)
    return {name for name, text in texts.items() if text is not None}


def _results(run: Run) -> dict[str, Any]:
    """Return what a run recorded, and the runs of its countries, each key below its country's.

    Each result tells the tables on which the line that recorded it rests.
    """
    found = read_json(run.processed / "results.json")
    for entry in run.table.stage:
        cells = shelf.read_by(run, entry)
        for key, place in read_json(run.manifest(entry))["cells"].items():
            found[key]["tables"] = list(cells[place["number"]].lines.get(place["line"], ()))
    for part in run.parts:
        recorded = merged(part.manifest(entry) for entry in part.table.stage)
        for key, one in recorded.items():
            found[within(key, part.name)] = one | (
                {"cell": within_cell(one["cell"], part.name)} if "cell" in one else {}
            )
    return found
