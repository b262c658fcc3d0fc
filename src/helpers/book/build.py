"""Build the book in a temporary folder and move it into place whole; warnings are errors."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.base import paths, varied
from helpers.base.errors import InputError
from helpers.base.files import listed, remove, write_json, write_text
from helpers.base.reading import read_json
from helpers.base.source import commit
from helpers.book import allowed, edition, manifest, named, reference
from helpers.book.notebooks import as_page, within, within_cell
from helpers.prose import digits, extents, words
from helpers.run import leaks, restricted
from helpers.run.execute import shown_files
from helpers.run.fingerprint import fingerprint
from helpers.run.inputs import file_hashes, holds, refuse_edited
from helpers.run.results import merged
from helpers.run.run import Run
from helpers.run.shown import of_text

REFERENCE = "- file: reference"
# jsonschema would build a checker of web addresses with it, which takes longer than the pages; it
# is optional there.
BUILDER = """import sys
sys.modules["rfc3987_syntax"] = None
from jupyter_book.cli.main import main
main()"""
ENVIRONMENT = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "1767225600"}
WARNING = re.compile(
    r"^(?P<where>.*?): ?(?:WARNING|ERROR|CRITICAL): (?P<what>.*)$"
    r"|^(?:WARNING|ERROR): (?P<bare>.*)$"
)


def source_files() -> list[Path]:
    """Return the files that the book depends on beside what the stages wrote.

    Returns
    -------
    list of Path
        Pages, settings, references and static files of ``book/``, then the raw tables that have a
        sidecar, then their sidecars.

    Examples
    --------
    >>> "index.md" in [path.name for path in source_files()]
    True
    """
    from helpers.raw.folders import raw_files

    told = reference.sources() if has_reference() else []
    return [*edition.written_files(), *raw_files(paths.RAW), *told]


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


def state(run: Run) -> str:
    """Return a text that changes when commit, lock, parameters or the code behind the pages does.

    Parameters
    ----------
    run : Run
        The run whose book it is.

    Returns
    -------
    str
        The commit, a SHA-256 and the parameters; the graph builds the book anew when it differs.
    """
    modules = [
        f"helpers.book.{name}"
        for name in (
            "build",
            "binding",
            "edition",
            "equations",
            "manifest",
            "named",
            "offline",
            "policy",
            "repairs",
            "tables",
        )
    ]
    code = fingerprint([], modules, [paths.LOCK])
    silent = sorted(restricted.silent(run.table))
    return f"{commit()} {code} {run.params} {named.published()} {run.table.left_out} {silent}"


def is_whole(run: Run) -> bool:
    """Say whether the built book of a run is to the byte what was built last."""
    return manifest.whole(run.book / "html", run.book / "manifest.json")


def record_path(run: Run) -> Path:
    """Return where the hashes of the inputs of a book stand: ``inputs.json`` beside its pages."""
    return run.book / "inputs.json"


def hashes(run: Run) -> dict[str, str]:
    """Return the hash of every file that the book of a run is made from.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    dict of str to str
        Path in the project to SHA-256, of :func:`source_files` and of what the stages wrote;
        ``missing`` where a file is not there.
    """
    every = [(one, entry) for one in (run, *run.parts) for entry in one.table.stage]
    made = [file for one, entry in every for file in (one.executed(entry), one.manifest(entry))]
    return file_hashes([*source_files(), run.processed / "results.json", *made])


def current(run: Run) -> bool:
    """Say whether the book of a run was made from what is there now."""
    return holds(record_path(run), hashes(run))


def build(run: Run) -> None:
    """Build the pages of a run and move them into place whole.

    What the builder said stands in ``build.log``, whether it went well or not.

    Parameters
    ----------
    run : Run
        The run, all stages of which have run.

    Raises
    ------
    InputError
        When a digit, a word of quantity or the end of a table in prose is neither bound to a
        result nor allowed by name (nothing is built then), or for the first warning of the
        builder, with its page and line; when a page holds what may not be passed on of a
        restricted table; and when an input was edited meanwhile. The pages of the last build stay.
    """
    before = hashes(run)
    _refuse_rows(run)
    if unbound := [*digits.findings(), *extents.findings(), *words.findings()[0]]:
        raise InputError(
            f"the book was not built: {unbound[0]} ({len(unbound)} in all; make audit lists them)"
        )
    if refused := allowed.findings():
        raise InputError(f"the book was not built: {refused[0]} ({len(refused)} in all)")
    run.book.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="book-") as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        assemble(run, source)
        failed, log = _jupyter_book(source, out)
        write_text(run.book / "build.log", log.replace(folder, ""))
        sentence = _first_warning(log, source)
        if failed or sentence:
            raise InputError(
                f"the book was not built: {sentence or 'see ' + str(run.book / 'build.log')}"
            )
        html = out / "_build" / "html"
        _write_times(run, html)
        refuse_edited("the build of the book", before, hashes(run))
        _move_whole(html, run.book / "html")
        manifest.write(run.book / "html", run.book / "manifest.json")
        write_json(record_path(run), before)


def _refuse_rows(run: Run) -> None:
    """Refuse pages written by hand that hold what may not be passed on."""
    tables = dict.fromkeys(one for each in restricted.reached(run.table).values() for one in each)
    watching = restricted.watchers(list(tables))
    written = edition.written_pages(run).values() if watching else ()
    for path in (one for one in written if one.suffix in (".md", ".yml", ".bib")):
        shown = of_text(path.read_text(encoding="utf-8"), printed=False)
        if said := leaks.told(watching, shown):
            raise InputError(f"the book was not built: {path.name} {said}")


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
        Whether the reference comes along where the table of contents asks for it.

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
    write_json(target / "results.json", _results(run))
    named.write(run, target)
    toc = edition.chapters(written["_toc.yml"].read_text(encoding="utf-8"), run)
    told = reference.pages() if with_reference and has_reference(toc) else {}
    labels = reference.known() if told else {}
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
        )
        text = json.dumps(page, indent=1, ensure_ascii=False)
        write_text(target / f"{page_name}.ipynb", text)
    write_text(target / "data.md", data_page(run))
    write_text(target / "_toc.yml", contents(toc, told))
    if left := edition.left_out_page(run):
        write_text(target / f"{edition.LEFT_OUT}.md", left)
    for name, text in told.items():
        write_text(target / f"{name}.md", text)
    write_text(target / "colophon.md", colophon(run))


def _copy_shown(run: Run, target: Path, prefix: str) -> None:
    """Copy figures and tables of a run, under names that no other run's have."""
    kept_back = {
        path
        for name in restricted.silent(run.table)
        for path in shown_files(run.manifest(run.table[name]))
        if path.suffix == ".csv"
    }
    for folder in ("figures", "tables"):
        (target / folder).mkdir(exist_ok=True)
        for path in listed(run.processed / folder):
            if path.suffix != ".json" and path not in kept_back:
                shutil.copyfile(path, target / folder / f"{prefix}{path.name}")


def _results(run: Run) -> dict[str, Any]:
    """Return what a run recorded, and the runs of its countries, each key below its country's."""
    found = read_json(run.processed / "results.json")
    for part in run.parts:
        recorded = merged(part.manifest(entry) for entry in part.table.stage)
        for key, one in recorded.items():
            found[within(key, part.name)] = one | (
                {"cell": within_cell(one["cell"], part.name)} if "cell" in one else {}
            )
    return found


def one_page(run: Run, folder: Path) -> Path:
    """Build all pages of a run as one, for print.

    Parameters
    ----------
    run : Run
        The run, all stages of which have run.
    folder : Path
        A folder of its own, which gets the sources and what is built.

    Returns
    -------
    Path
        The HTML file inside ``folder``.

    Raises
    ------
    InputError
        For the first warning of the builder, with its page and line.
    """
    source, out = folder / "source", folder / "out"
    # On paper the reference would be half the book.
    assemble(run, source, with_reference=False)
    failed, log = _jupyter_book(source, out, "singlehtml")
    sentence = _first_warning(log, source)
    if failed or sentence:
        raise InputError(f"the book was not built as one page: {sentence or log.strip()[-300:]}")
    return out / "_build" / "singlehtml" / "index.html"


def _jupyter_book(source: Path, out: Path, builder: str = "html") -> tuple[bool, str]:
    """Run the builder; return whether it failed, and all it said.

    ``-n`` makes a broken reference a warning too.
    """
    command = [
        sys.executable,
        "-c",
        BUILDER,
        "build",
        str(source),
        "--path-output",
        str(out),
        "--builder",
        builder,
        "-n",
        "--keep-going",
        "--all",
        "-q",
    ]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, **ENVIRONMENT, **varied.environment()},
    )
    return run.returncode != 0, run.stdout + run.stderr


def _first_warning(log: str, source: Path) -> str:
    """Return the first warning or error of the log with its page and line, or an empty text."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    for line in plain.splitlines():
        if found := WARNING.match(line.strip()):
            where = (found["where"] or "").replace(f"{source}/", "").replace(str(source), "")
            place = re.sub(r":(\d+)$", r", line \1", where)
            return ": ".join(part for part in (place, found["what"] or found["bare"]) if part)
    raised = re.findall(r"^[\w.]*(?:Error|Exception|Exit)\b.*", plain, flags=re.MULTILINE)
    return raised[-1] if raised and "Traceback (most recent call last)" in plain else ""


def _write_times(run: Run, html: Path) -> None:
    times = {
        path.stem: json.loads(path.read_text())
        for path in listed(run.processed / "timings", "*.json")
    }
    write_text(html / "_static" / "run.js", f"window.RUN = {json.dumps(times)};\n")


def _move_whole(built: Path, target: Path) -> None:
    """Replace ``target`` by ``built`` so that a reader sees the old pages or the new ones."""
    fresh, old = target.with_name(".html-new"), target.with_name(".html-old")
    for stale in (fresh, old):
        remove(stale)
    shutil.copytree(built, fresh)
    if target.exists() or target.is_symlink():
        target.replace(old)
    fresh.replace(target)
    remove(old)
