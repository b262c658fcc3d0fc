"""Which pages a run's book has: those of the published country, of any country, or of a sweep.

A run of general chapters has the pages of ``book/country`` in the place of the written ones, a
sweep those of ``book/sweep``; look and bibliography are the same. A chapter that a run
leaves out is taken out of the contents, and the page *What is left out* says why.
"""

import re
from pathlib import Path

import yaml

from helpers.base import markup, paths
from helpers.base.files import listed
from helpers.base.reading import read_yaml
from helpers.book.address import lit, repository
from helpers.run.run import Run
from helpers.run.table import OWN, RAW_ENDINGS, StageEntry

PAGES = ("*.md", "*.yml", "*.bib")
FOLDERS = {"general": paths.BOOK / "country", "sweep": paths.BOOK / "sweep"}
SHARED = ("_config.yml", "references.bib")  # of the pages, those of every book
CHAPTER = re.compile(r"\s*- file: (?P<page>\S+)\s*")
NOTEBOOKS = "notebooks/"
LEFT_OUT = "left-out"
COUNTRIES = "- file: countries"  # below it stand the countries of a sweep


def written_files() -> list[Path]:
    """Return what a person wrote for any book: pages, settings, references, static files."""
    return sorted(
        [
            *listed(paths.BOOK, *PAGES),
            *(path for folder in FOLDERS.values() for path in listed(folder, *PAGES)),
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
    own = {name: path for name, path in found.items() if path.parent not in FOLDERS.values()}
    if run.kind not in FOLDERS:
        return own
    kept = {name: path for name, path in own.items() if name in SHARED or path.parent != paths.BOOK}
    return kept | {path.name: path for path in listed(FOLDERS[run.kind], *PAGES)}


def config(run: Run) -> str:
    """Return the settings of the builder for a run.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    str
        ``_config.yml``; what the one of ``book/country`` or ``book/sweep`` says goes before, and
        ``{country}`` in it is the country. Links that the project's public address makes possible
        are lit (:func:`helpers.book.address.lit`).
    """
    text = (paths.BOOK / "_config.yml").read_text(encoding="utf-8")
    before = yaml.safe_load(text)
    settings = lit(before, repository())
    if run.kind in FOLDERS:
        said = read_yaml(FOLDERS[run.kind] / "_config.yml")
        country = bare(run.params.country)
        laid = {name: value.replace("{country}", country) for name, value in said.items()}
        settings = settings | laid  # another dict: `lit` may have given back the one before
    if settings == before:
        return text
    return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)


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
        With the page *What is left out* only where something is, and with the countries of a sweep
        below their chapter.
    """
    kept = {f"{NOTEBOOKS}{entry.name}" for entry in run.table.stage}
    left = {f"{NOTEBOOKS}{name}" for name in run.table.left_out}
    gone = left - kept if run.table.left_out else {LEFT_OUT}
    lines = []
    for line in toc.splitlines():
        if not (found := CHAPTER.fullmatch(line)) or found["page"] not in gone:
            lines.append(line)
        if line.strip() == COUNTRIES:
            indent = " " * (line.index("-") + 2)
            below = [f"{indent}  - file: {page_of(part, one)}" for part, one in profiles(run)]
            lines += [f"{indent}sections:", *below]
    return "\n".join(lines) + "\n"


def profiles(run: Run) -> list[tuple[Run, StageEntry]]:
    """Return the chapters of a sweep that stand once for each country.

    Parameters
    ----------
    run : Run
        The run; one of a single country has none.

    Returns
    -------
    list of (Run, StageEntry)
        The run of the country, and the chapter.
    """
    return [(part, entry) for part in run.parts for entry in part.table.stage]


def page_of(part: Run, entry: StageEntry) -> str:
    """Return the name of a country's page in the book of a sweep.

    Parameters
    ----------
    part : Run
        The run of the country.
    entry : StageEntry
        The chapter.

    Returns
    -------
    str
        Relative to the pages, without an ending.
    """
    more = f"-{entry.name}" if len(part.table.stage) > 1 else ""
    return f"countries/{part.name.replace('_', '-')}{more}"


def sources(run: Run) -> dict[str, str]:
    """Return of what file of the project each written page of a run is made.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    dict of str to str
        Page, without an ending, to a path in the project; pages that are computed are not in it.
    """
    pages = {
        name.removesuffix(".md"): paths.relative(path).as_posix()
        for name, path in written_pages(run).items()
        if path.suffix == ".md"
    }
    chapters = [(f"{NOTEBOOKS}{entry.name}", entry) for entry in run.table.stage]
    chapters += [(page_of(*one), one[1]) for one in profiles(run)]
    return pages | {page: f"{NOTEBOOKS}{entry.name}.ipynb" for page, entry in chapters}


def left_out_page(run: Run) -> str:
    """Return the page that says which chapters a run leaves out, and why.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    str
        Markdown; empty where nothing is left out, and in the book of the published country: it
        lacks nothing but files of one's own, and its contents have no such page.
    """
    if not run.table.left_out or run.kind == "own":
        return ""
    needed: dict[str, list[str]] = {}
    for name, what in run.table.left_out.items():
        needed.setdefault(_why(what), []).append(name[:2])
    rows = [f"| {why} | {', '.join(dict.fromkeys(ones))} |" for why, ones in needed.items()]
    return "\n".join(
        [
            "# What is left out",
            "",
            "The project has more chapters, and each runs where its tables are there. For "
            f"{markup.markdown(run.params.country)} some are not, so these chapters are no part of "
            "this book. Who has such a table can add it; `notebooks/stages.toml` says what each "
            "chapter reads.",
            "",
            "| what is needed | by chapters of the numbers |",
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
