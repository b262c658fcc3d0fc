"""Pages that are computed: the data page from the sidecars, the colophon from the run."""

import platform
import subprocess
import tomllib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from helpers.base import paths
from helpers.base.files import sha256
from helpers.raw.sidecar import Sidecar, read_sidecar, sidecar_path
from helpers.run.run import Run

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


def commit() -> str:
    """Return the commit of the project, marked when files differ from it, or say that there is none."""

    def git(*arguments: str) -> str:
        run = subprocess.run(["git", *arguments], cwd=paths.ROOT, capture_output=True, text=True)
        return run.stdout.strip() if run.returncode == 0 else ""

    head = git("rev-parse", "--short=12", "HEAD")
    if not head:
        return "unknown (no git history)"
    return f"{head}, with changes not committed" if git("status", "--porcelain") else head


def repository() -> str:
    """Return the project's public address, ``Repository`` among the ``urls`` of ``pyproject.toml``, or an empty text."""
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project.get("urls", {}).get("Repository", "").rstrip("/")


def built_at(file: str) -> str:
    """Return ``commit abc`` in Markdown, linked to ``file`` at that commit where the project has a public address."""
    short = commit().split(",")[0]
    address = repository()
    return (
        f"[commit {short}]({address}/blob/{short}/{file})"
        if address and " " not in short
        else f"commit {short}"
    )


def raw_files() -> list[Path]:
    """Return the raw tables that have a sidecar, by name."""
    return sorted(
        path
        for path in paths.RAW.iterdir()
        if not path.name.endswith(".source.yml") and sidecar_path(path).exists()
    )


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|") or "–"


def _table(header: list[str], rows: list[list[object]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(map(_cell, row)) + " |" for row in rows)])


def _facts(rows: Sequence[tuple[str, object]]) -> str:
    """Return a table whose rows have headings and whose columns have none."""
    lines = [f"* - {name}\n  - {' '.join(str(text).split()) or '–'}" for name, text in rows]
    return "\n".join(["```{list-table}", ":stub-columns: 1", ":widths: 20 80", "", *lines, "```"])


def data_page() -> str:
    """Return the data page: for each raw table who made it, under which terms, what is in it, what is wrong with it."""
    files = raw_files()
    sidecars = {path: read_sidecar(path) for path in files}
    overview = _table(
        ["table", "rows", "producer", "version", "licence"],
        [
            [
                f"[{path.name}](#data-{path.stem.replace('_', '-')})",
                f"{one.rows:,}",
                one.producer,
                one.version,
                one.licence.name,
            ]
            for path, one in sidecars.items()
        ],
    )
    intro = (
        "# Data\n\nEverything in this book is computed from the tables below. Each stands in `data/raw` beside a "
        "sidecar that says who made it, under which terms, and what is known to be wrong with it; a table that "
        "differs from its sidecar stops the build. No figure was changed here: corrections are a "
        "list of their own, applied in the first notebook.\n\n"
    )
    return (
        intro
        + overview
        + "\n\n"
        + "\n\n".join(_one_table(path, sidecars[path]) for path in files)
        + "\n"
    )


def _one_table(path: Path, one: Sidecar) -> str:
    licence = (
        f"[{one.licence.name}]({one.licence.url})" if "://" in one.licence.url else one.licence.name
    )
    # A bare command is code; a sentence marks its own code.
    built_by = (
        one.built_by if "`" in one.built_by or " -m " not in one.built_by else f"`{one.built_by}`"
    )
    facts = _facts(
        [
            ("Producer", one.producer),
            ("Version", one.version),
            ("Address", f"<{one.url}>" if "://" in one.url else one.url),
            ("Retrieved", one.date_accessed),
            ("Licence", licence),
            ("Redistribution", one.redistribution),
            ("Rows", f"{one.rows:,}"),
            ("SHA-256", f"`{one.sha256[:16]}…`"),
            ("Cite as", one.citation_full),
            ("Built by", built_by),
            (
                "Download",
                f"[{path.name}](raw/{path.name}) · [{sidecar_path(path).name}](raw/{sidecar_path(path).name})",
            ),
        ]
    )
    columns = _table(
        ["column", "type", "unit", "meaning"],
        [
            [f"`{name}`", column.type, column.unit, column.meaning]
            for name, column in one.columns.items()
        ],
    )
    notes = "".join(f"- {note}\n" for note in one.notes)
    return (
        f"(data-{path.stem.replace('_', '-')})=\n## {one.title}\n\n{one.description}\n\n{facts}\n\n"
        + (f"**What a reader must know**\n\n{notes}\n" if notes else "")
        + f"::::{{dropdown}} Columns of {path.name}\n{columns}\n::::"
    )


def colophon(run: Run) -> str:
    """Return the colophon: commit, lock, inputs, versions, parameters; times come from ``_static/run.js``."""
    facts = [
        ("Commit", f"`{commit()}`"),
        ("Lock file", f"`requirements.lock`, SHA-256 `{sha256(paths.LOCK)[:16]}…`"),
        ("Run", f"`{run.name}`"),
        ("Python", platform.python_version()),
        ("System", platform.system()),
    ]
    if repository():
        facts.insert(1, ("Repository", f"<{repository()}>"))
    params = [
        [f"`{name}`", ", ".join(value) if isinstance(value, list) else value]
        for name, value in run.params.model_dump().items()
    ]
    return (
        "\n\n".join(
            [
                "# Colophon\n\nWhat this book was built from. The same commit, lock file and data give the same pages, to the byte.",
                _facts(facts),
                "## Parameters\n\n" + _table(["name", "value"], params),
                "## Raw tables\n\n"
                + _table(
                    ["table", "SHA-256"],
                    [[path.name, f"`{sha256(path)[:16]}…`"] for path in raw_files()],
                ),
                "## Packages\n\n"
                + _table(["package", "version"], [[name, version(name)] for name in PACKAGES]),
                "## Time per stage\n\nHow long a stage took is the one thing here that differs between two builds.\n\n"
                '```{raw} html\n<div id="run-times"><noscript>The times stand in _static/run.js.</noscript></div>\n'
                '<script src="_static/run.js"></script>\n<script src="_static/times.js"></script>\n```',
            ]
        )
        + "\n"
    )
