"""Pages that are computed: the data page from the sidecars, the colophon from the run."""

import platform
from collections.abc import Container, Sequence
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from helpers.base import markup, paths
from helpers.base.files import listed, sha256
from helpers.base.source import commit
from helpers.book import rows, shelf
from helpers.book.address import blob, repository
from helpers.book.shelf import facts, label
from helpers.raw.sidecar import Sidecar, publishable, read_sidecar, sidecar_path
from helpers.run.run import Run
from helpers.run.table import raw_tables

PACKAGES = (
    "jupyter-book",
    "jupyterlab",
    "matplotlib",
    "numpy",
    "pandas",
    "pandera",
    "papermill",
    "pydantic",
    "pytask",
    "scipy",
    "seaborn",
    "statsmodels",
)
DATA = """# Data

Everything in this book is computed from the tables below. Each stands in `data/raw` beside a \
sidecar that says who made it, under which terms, and what is known to be wrong with it; a table \
that differs from its sidecar stops the build. No figure was changed here: corrections are a list \
of their own, applied in the first notebook. For tools that read data packages, all of it stands \
in [datapackage.json](raw/datapackage.json)."""
MADE = """## Tables that the chapters make

What the chapters compute for one another. Each says of which tables it is made, so that a number \
leads back to what was published."""
COLOPHON = """# Colophon

What this book was built from. The same commit, lock file and data give the same pages, to the \
byte."""
ON_PAPER = """## On paper

:::{div} on-paper
`make pdf` prints the whole book as one file, with numbered pages, and with the sources of its \
numbers as notes at its end. Where it has been made for these pages, a link to it stands here.
:::"""
TIMES = """## Time per stage

How long a stage took is the one thing here that differs between two builds.

:::{div} run-times
The times stand in `_static/run.js`.
:::"""


def built_at(file: str) -> str:
    """Return a Markdown text that names the commit.

    Parameters
    ----------
    file : str
        A file, relative to the project, to which it leads.

    Returns
    -------
    str
        ``commit abc``, linked to the file at that commit where the project has a public address.
    """
    short = commit().split(",")[0]
    address = repository()
    return (
        f"[commit {short}]({blob(address, short, file)})"
        if address and " " not in short
        else f"commit {short}"
    )


def raw_files(run: Run | None = None) -> list[Path]:
    """Return the raw tables that have a sidecar.

    Parameters
    ----------
    run : Run, optional
        Where its chapters are no country's own, only the tables that they read.

    Returns
    -------
    list of Path
        Sorted by name.

    Examples
    --------
    >>> all(sidecar_path(path).exists() for path in raw_files())
    True
    """
    if run is not None and run.kind != "own":
        tables = [table for one in (run, *run.parts) for table in raw_tables(one.table)]
        return sorted(set(tables))
    own = [] if run is None else [one for one in raw_tables(run.table) if one.parent == paths.OWN]
    found = [one for one in listed(paths.RAW) if not one.name.endswith(".source.yml")]
    return sorted([*own, *(one for one in found if sidecar_path(one).exists())])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join(
        [*lines, *("| " + " | ".join(cell or "–" for cell in row) + " |" for row in rows)]
    )


def data_page(
    run: Run | None = None,
    made: Sequence[shelf.Made] = (),
    chapters: Container[str] = (),
    offered: Container[str] = (),
) -> str:
    """Return the data page: who made each raw table, under which terms, and what is wrong with it.

    Parameters
    ----------
    run : Run, optional
        The run whose tables they are; all raw ones where none is given.
    made : sequence of Made, optional
        The tables that its stages make.
    chapters : container of str, optional
        The pages of the book, by name.
    offered : container of str, optional
        The tables made by stages that the book offers as CSV, by name.

    Returns
    -------
    str
        Markdown: an overview, then one section a table with its columns folded, then one for each
        table that a stage makes.

    Raises
    ------
    InputError
        When a sidecar cannot be read.

    Examples
    --------
    >>> data_page().splitlines()[0]
    '# Data'
    """
    sidecars = {path: read_sidecar(path) for path in _by_use(raw_files(run), run)}
    overview = _table(
        ["table", "rows", "producer", "version", "licence"],
        [
            [
                f"[{markup.code(path.name, in_table=True)}](#{label(path.stem)})",
                f"{one.rows:,}",
                markup.markdown(one.producer),
                markup.markdown(one.version),
                markup.markdown(one.licence.name),
            ]
            for path, one in sidecars.items()
        ],
    )
    tables = [
        _one_table(
            path,
            one,
            [run.params.country] if run else sorted(one.notes_of),
            shelf.to_chapters(shelf.used_in(run, path.stem), chapters) if run else "",
            chapters,
        )
        for path, one in sidecars.items()
    ]
    if run and made:
        tables += [MADE, *shelf.sections(run, made, chapters, offered, sidecars)]
    return "\n\n".join([DATA, overview, *tables]) + "\n"


def _by_use(files: list[Path], run: Run | None) -> list[Path]:
    """Return raw tables, those first that most chapters read."""
    if run is None:
        return files
    return sorted(files, key=lambda path: (-len(shelf.used_in(run, path.stem)), path.name))


def _terms(path: Path, one: Sidecar, used: str, chapters: Container[str]) -> str:
    """Return who made a raw table, under which terms, and how it came here."""
    # A bare command is code; a sentence marks its own code.
    command = "`" not in one.built_by and " -m " in one.built_by
    shown = [path.name] if publishable(one) else []
    links = [
        f"[{markup.code(name)}](<raw/{quote(name)}>)" for name in (*shown, sidecar_path(path).name)
    ]
    if not shown:
        links.insert(0, f"no rows: redistribution is {one.redistribution}")
    names = [name for name in rows.page_names(path, one) if name in chapters]
    parts = [f"[{number}]({name}.md)" for number, name in enumerate(names, start=1)]
    if len(names) == 1:
        parts = [f"[all {one.rows:,}]({names[0]}.md)"]
    return facts(
        [
            ("Producer", markup.markdown(one.producer)),
            ("Version", markup.markdown(one.version)),
            ("Address", markup.link(one.url, one.url)),
            ("Used in", used),
            ("A row is one", ", ".join(map(markup.code, one.key))),
            ("Its rows", " · ".join(parts) or "in the file"),
            ("Retrieved", markup.markdown(one.date_accessed)),
            ("Licence", markup.link(one.licence.name, one.licence.url)),
            ("Redistribution", markup.markdown(_passed_on(one))),
            ("Rows", f"{one.rows:,}"),
            ("SHA-256", markup.code(f"{one.sha256[:16]}…")),
            ("Cite as", markup.told(one.citation_full)),
            ("Built by", markup.code(one.built_by) if command else markup.spoken(one.built_by)),
            ("Download", " · ".join(links)),
        ]
    )


def _passed_on(one: Sidecar) -> str:
    """Return what may be passed on of a table."""
    return one.redistribution + (f", but {one.aggregates.told()}" if one.aggregates else "")


def _one_table(
    path: Path, one: Sidecar, of: Sequence[str], used: str, chapters: Container[str]
) -> str:
    columns = _table(
        ["column", "type", "unit", "meaning"],
        [
            [
                markup.code(name, in_table=True),
                column.type,
                markup.markdown(column.unit),
                markup.told(column.meaning),
            ]
            for name, column in one.columns.items()
        ],
    )
    told = [*one.notes, *(note for name in of for note in one.notes_of.get(name, []))]
    notes = "".join(f"- {markup.spoken(note)}\n" for note in told)
    return (
        f"({label(path.stem)})=\n## {markup.markdown(one.title)}\n\n"
        f":::{{div}} file-name\n{markup.code(path.name)}\n:::\n\n"
        f"{markup.spoken(one.description)}\n\n{_terms(path, one, used, chapters)}\n\n"
        + (f"**What a reader must know**\n\n{notes}\n" if notes else "")
        + f"::::{{dropdown}} Columns of {markup.markdown(path.name)}\n{columns}\n::::"
    )


def colophon(run: Run) -> str:
    """Return the colophon: commit, lock, inputs, versions and parameters.

    How long each stage took comes from ``_static/run.js``, so that the page is the same to the
    byte.

    Parameters
    ----------
    run : Run
        The run whose book it is.

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    importlib.metadata.PackageNotFoundError
        When one of :data:`PACKAGES` is not installed.
    """
    told = [
        ("Commit", f"`{commit()}`"),
        ("Lock file", f"`requirements.lock`, SHA-256 `{sha256(paths.LOCK)[:16]}…`"),
        ("Run", markup.code(run.name)),
        ("Python", platform.python_version()),
        ("System", platform.system()),
    ]
    if address := repository():
        told.insert(1, ("Repository", markup.link(address, address)))
    params = [
        [
            markup.code(name, in_table=True),
            markup.markdown(", ".join(value) if isinstance(value, list) else value),
        ]
        for name, value in run.params.model_dump().items()
    ]
    tables = [
        [markup.code(path.name, in_table=True), f"`{sha256(path)[:16]}…`"]
        for path in raw_files(run)
    ]
    packages = [[name, version(name)] for name in PACKAGES]
    parts = [
        COLOPHON,
        facts(told),
        "## Parameters",
        _table(["name", "value"], params),
        "## Raw tables",
        _table(["table", "SHA-256"], tables),
        "## Packages",
        _table(["package", "version"], packages),
        ON_PAPER,
        TIMES,
    ]
    return "\n\n".join(parts) + "\n"
