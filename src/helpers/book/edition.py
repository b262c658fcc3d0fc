"""Which pages a run's book has: those of the published country, or those that know no country.

A run of general chapters has the pages of ``book/country`` in the place of the written ones; look,
references and their list are the same. A chapter that a run leaves out is taken out of the
contents, and the page *What is left out* says why.
"""

import re
from pathlib import Path

import yaml

from helpers.base import markup, paths
from helpers.base.files import listed
from helpers.base.reading import read_yaml
from helpers.run.run import Run
from helpers.run.table import OWN, RAW_ENDINGS

PAGES = ("*.md", "*.yml", "*.bib")
GENERAL = paths.BOOK / "country"
SHARED = ("_config.yml", "references.bib", "references.md")  # of the pages, those of every book
CHAPTER = re.compile(r"\s*- file: (?P<page>\S+)\s*")
NOTEBOOKS = "notebooks/"
LEFT_OUT = "left-out"


def written_files() -> list[Path]:
    """Return what a person wrote for any book: pages, settings, references, static files."""
    return sorted(
        [
            *listed(paths.BOOK, *PAGES),
            *listed(GENERAL, *PAGES),
            *listed(paths.BOOK / "_static"),
        ]
    )


def written_pages(run: Run) -> dict[str, Path]:
    """Return the written files of the book of a run.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    dict of str to Path
        Where the builder reads each, relative to its folder, to the file.
    """
    found = {path.relative_to(paths.BOOK).as_posix(): path for path in written_files()}
    own = {name: path for name, path in found.items() if path.parent != GENERAL}
    if not run.is_general:
        return own
    kept = {name: path for name, path in own.items() if name in SHARED or path.parent != paths.BOOK}
    return kept | {path.name: path for path in listed(GENERAL, *PAGES)}


def config(run: Run) -> str:
    """Return the settings of the builder for a run.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    str
        ``_config.yml``; in a book that knows no country, what ``book/country/_config.yml`` says
        goes before, and ``{country}`` in it is the country.
    """
    text = (paths.BOOK / "_config.yml").read_text(encoding="utf-8")
    if not run.is_general:
        return text
    said = read_yaml(GENERAL / "_config.yml")
    country = bare(run.params.country)
    laid = {name: value.replace("{country}", country) for name, value in said.items()}
    return yaml.safe_dump(yaml.safe_load(text) | laid, sort_keys=False, allow_unicode=True)


def bare(country: str) -> str:
    """Return a country without the former name that stands in brackets behind it.

    Parameters
    ----------
    country : str
        As the data spell it.

    Returns
    -------
    str

    Examples
    --------
    >>> bare("Ruritania (Old Ruritania)")
    'Ruritania'
    """
    return re.sub(r"\s*\([^)]*\)$", "", country)


def chapters(toc: str, run: Run) -> str:
    """Return a table of contents without the chapters that a run leaves out.

    Parameters
    ----------
    toc : str
        ``_toc.yml``.
    run : Run
        The run.

    Returns
    -------
    str
        With the page *What is left out* only where something is.
    """
    kept = {f"{NOTEBOOKS}{entry.name}" for entry in run.table.stage}
    left = {f"{NOTEBOOKS}{name}" for name in run.table.left_out}
    gone = left - kept if run.table.left_out else {LEFT_OUT}
    lines = [
        line
        for line in toc.splitlines()
        if not (found := CHAPTER.fullmatch(line)) or found["page"] not in gone
    ]
    return "\n".join(lines) + "\n"


def left_out_page(run: Run) -> str:
    """Return the page that says which chapters a run leaves out, and why.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    str
        Markdown; empty where nothing is left out.
    """
    if not run.table.left_out:
        return ""
    rows = [f"| `{name}` | {_why(what)} |" for name, what in run.table.left_out.items()]
    return "\n".join(
        [
            "# What is left out",
            "",
            f"A chapter runs where its tables are there. For {markup.markdown(run.params.country)} "
            "these are not, so the chapters below are no part of this book. Who has such a table "
            "can add it (`notebooks/stages.toml` says what each chapter reads).",
            "",
            "| chapter | what it would need |",
            "| --- | --- |",
            *rows,
            "",
        ]
    )


def _why(what: str) -> str:
    if what.startswith(OWN):
        return f"`{what}`, from a file of your own (`make data`)"
    if what.endswith(RAW_ENDINGS):
        return f"a table `{what}` of this country"
    return f"`{what}`, which a chapter writes that is left out too"
