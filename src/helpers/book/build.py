"""Build the book in a temporary folder and move it into place whole; warnings are errors."""

import json
import shutil
import tempfile
from pathlib import Path

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed, remove, whole, write_json, write_text
from helpers.base.reading import read_yaml
from helpers.base.source import commit
from helpers.book import allowed, builder, edition, manifest, named
from helpers.book.address import repository
from helpers.book.assemble import assemble, source_files
from helpers.prose import digits, extents, words
from helpers.run import leaks, restricted
from helpers.run.fingerprint import fingerprint
from helpers.run.inputs import file_hashes, holds, refuse_edited
from helpers.run.run import Run
from helpers.run.shown import of_text

PDF = "book.pdf"  # beside the pages, and among them once they offer it
TIMES = "_static/run.js"  # how long stages took: the one thing that differs between two builds


def state(run: Run) -> str:
    """Return a text that changes with commit, lock, parameters, address, and code of the pages.

    Parameters
    ----------
    run : Run
        The run whose book it is.

    Returns
    -------
    str
        The commit, the public address, a SHA-256 and the parameters; the graph builds the book anew
        when it differs.
    """
    extensions = read_yaml(paths.BOOK / "_config.yml")["sphinx"]["extra_extensions"]
    modules = ["helpers.book.build", *(one for one in extensions if one.startswith("helpers."))]
    code = fingerprint([], modules, [paths.LOCK])
    silent = sorted(restricted.silent(run.table))
    where = f"{commit()} {repository()}"
    return f"{where} {code} {run.params} {named.published()} {run.table.left_out} {silent}"


def is_whole(run: Run) -> bool:
    """Say whether the built book of a run is to the byte what was built last."""
    return manifest.whole(run.book / "html", run.book / "manifest.json", _added(run))


def _added(run: Run) -> Path:
    """Return where the hashes of what was put among the pages since stand."""
    return run.book / "added.json"


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
        failed, log = builder.built(source, out)
        write_text(run.book / "build.log", log.replace(folder, ""))
        sentence = builder.first_warning(log, source)
        if failed or sentence:
            raise InputError(
                f"the book was not built: {sentence or 'see ' + str(run.book / 'build.log')}"
            )
        html = out / "_build" / "html"
        _write_times(run, html)
        refuse_edited("the build of the book", before, hashes(run))
        _move_whole(html, run.book / "html")
        remove(_added(run))
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
    failed, log = builder.built(source, out, "singlehtml")
    sentence = builder.first_warning(log, source)
    if failed or sentence:
        raise InputError(f"the book was not built as one page: {sentence or log.strip()[-300:]}")
    return out / "_build" / "singlehtml" / "index.html"


def offer(run: Run, pdf: Path) -> bool:
    """Put a PDF among the pages that it was printed from, whose colophon then leads to it.

    The next build of the pages takes it away again, since it is not of them.

    Parameters
    ----------
    run : Run
        The run whose book it is.
    pdf : Path
        The PDF of what is there now.

    Returns
    -------
    bool
        False where the pages are others, damaged or missing, which then stay as they are.
    """
    if not (is_whole(run) and current(run)):
        return False
    html = run.book / "html"
    with whole(html / PDF) as temporary:
        shutil.copyfile(pdf, temporary)
    _write_times(run, html, f"window.PDF = {json.dumps(PDF)};\n")
    manifest.add(html, _added(run), (PDF, TIMES))
    return True


def _write_times(run: Run, html: Path, more: str = "") -> None:
    times = {
        path.stem: json.loads(path.read_text())
        for path in listed(run.processed / "timings", "*.json")
    }
    write_text(html / TIMES, f"window.RUN = {json.dumps(times)};\n{more}")


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
