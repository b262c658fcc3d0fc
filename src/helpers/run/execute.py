"""Run one stage: its notebook in a fresh kernel, its outputs moved into place whole."""

import fcntl
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from helpers.base import paths
from helpers.base.aloud import tell
from helpers.base.errors import InputError
from helpers.base.files import everything, write_json, write_text
from helpers.run import kernel, leaks, watched
from helpers.run.canonical import canonical, write_notebook
from helpers.run.cells import read_cells
from helpers.run.forked import forget_killed
from helpers.run.inputs import hashes, notebook_hash, reached, read_files, refuse_edited
from helpers.run.proof import FINISHED, HALF, prove, shown_names
from helpers.run.restricted import reached as restricted
from helpers.run.restricted import watchers
from helpers.run.results import merged
from helpers.run.run import Run
from helpers.run.stage import COUNTRY, IN, NAMED, OUT, SHARED
from helpers.run.table import StageEntry
from helpers.run.watched import WATCH

KEPT = paths.PROCESSED / "kept"  # tables that runs share, each checked by its own hash
SETTINGS = (paths.ROOT / "pyproject.toml", paths.STAGES)  # what the package itself reads
UNTOLD = "CellExecutionError"  # papermill's name of an error that the kernel did not tell
LEFT = re.compile(r"\.\d\d-[a-z0-9-]+\..+")  # the name of a working folder


def run_stage(run: Run, entry: StageEntry) -> None:
    """Execute the notebook of a stage and move what it wrote into place.

    Everything is written to a folder beside the outputs first, so that a stage that fails leaves
    the outputs of the last run untouched. How long it took stands in ``timings/``. Where its kernel
    was killed because the process that all come from was, it runs once more.

    Parameters
    ----------
    run : Run
        Those parameters that the notebook declares are injected after its ``parameters`` cell.
    entry : StageEntry
        The stage; what it reads must have been written.

    Raises
    ------
    InputError
        With the cell and the error when a cell fails or exceeds a limit; the notebook as far as it
        ran is then kept as ``executed/NAME.failed.ipynb``. When it did not run to its end, as of
        :func:`helpers.run.proof.prove`; when an input was edited while it ran; and when it shows
        what may not be passed on of a table that reaches it, as of :mod:`helpers.run.leaks`.
    """
    try:
        _run_stage(run, entry)
    except InputError:
        if not forget_killed():
            raise
        anew = "starts anew: what its kernel came from was killed"
        tell(f"  {run.called(entry)}  {anew}", sys.__stderr__)
        _run_stage(run, entry)


def _run_stage(run: Run, entry: StageEntry) -> None:
    started = time.perf_counter()
    run.processed.mkdir(parents=True, exist_ok=True)
    failed = run.executed(entry).with_suffix(".failed.ipynb")
    failed.unlink(missing_ok=True)
    with _working_folder(run, entry) as out:
        before = hashes(run, entry)
        read_cells(entry.notebook)  # what is no notebook is told in one sentence
        source = entry.notebook.read_bytes()
        refuse_edited(run.called(entry), before, before | notebook_hash(entry, source))
        watching = watchers(restricted(run.table).get(entry.name, []))
        shared = leaks.files_of(KEPT) if watching else {}
        try:
            notebook = _execute(run, entry, source, out, failed, watching)
        finally:
            leaks.refuse_kept(run.called(entry), watching, KEPT, shared)
        prove(entry, notebook, out)
        refuse_edited(run.called(entry), before, hashes(run, entry))
        notebook = canonical(notebook)
        injected = _injected(notebook["cells"]) if run.params_of(entry) else None
        leaks.refuse(run.called(entry), watching, notebook, out, lambda at: _number(at, injected))
        write_text(out / "executed" / f"{entry.name}.ipynb", write_notebook(notebook))
        write_json(out / "inputs" / f"{entry.name}.json", before)
        _install(run, entry, out)
    write_json(
        run.processed / "timings" / f"{entry.name}.json", round(time.perf_counter() - started, 2)
    )


@contextmanager
def _working_folder(run: Run, entry: StageEntry) -> Iterator[Path]:
    """Give a folder beside the outputs that is locked for as long as this process lives."""
    with tempfile.TemporaryDirectory(dir=run.processed, prefix=f".{entry.name}.") as name:
        lock = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Path(name)
        finally:
            os.close(lock)


def drop_leftovers(run: Run) -> None:
    """Remove the working folders that a killed run left behind, and none that is in use.

    Parameters
    ----------
    run : Run
        The run.
    """
    for stale in everything(run.processed):
        if not LEFT.fullmatch(stale.name) or stale.is_symlink() or not stale.is_dir():
            continue
        try:
            lock = os.open(stale, os.O_RDONLY)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(stale, ignore_errors=True)
        except OSError:  # a stage is running in it
            pass
        finally:
            os.close(lock)


def load_papermill() -> ModuleType:
    """Return papermill, imported without a checker of web addresses.

    jsonschema would build that checker, which costs a second, and no notebook's schema needs it.

    Returns
    -------
    module
        ``papermill``.
    """
    # It is optional there, no notebook's schema needs it, and None keeps it from being imported.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import papermill

    return papermill


def _execute(
    run: Run,
    entry: StageEntry,
    source: bytes,
    out: Path,
    failed: Path,
    watching: leaks.Watchers,
) -> dict[str, Any]:
    papermill = load_papermill()
    import nbformat
    from papermill.exceptions import PapermillException, PapermillExecutionError

    from helpers.run.client import ENGINE, Stopped

    half, called = out / HALF, run.called(entry)
    original = nbformat.reads(source.decode("utf-8"), as_version=4)
    parameters = run.params_of(entry)
    injected = _injected(original["cells"]) if parameters else None
    last = ""
    try:
        with kernel.folder() as place:
            # Captions are read from it: the same bytes, whatever happens to the original.
            (place / "work" / entry.notebook.name).write_bytes(source)
            reads = [*read_files(run, entry), *reached(entry), *SETTINGS]
            allowed = watched.rules(entry.name, paths.ROOT, reads, [out, KEPT], place)
            watch = {WATCH: str(watched.write_rules(allowed, place))}
            try:
                node = papermill.execute_notebook(
                    # An object: in a path papermill would fill in what is in braces.
                    original,
                    str(half).replace("{", "{{").replace("}", "}}"),
                    parameters=parameters,
                    engine_name=ENGINE,
                    kernel_name="python3",
                    language="python",
                    progress_bar=False,
                    on_cell_execute=_progress(called, len(original["cells"]) + bool(parameters)),
                    place=place,
                    extra={**_told(run, entry, out), **watch},
                )
            finally:
                last = kernel.last_said(place)
            faults = watched.noted(place)
    except PapermillExecutionError as error:
        said = f"{error.ename}: {_first_line(error.evalue)}"
        if error.ename == UNTOLD:  # it had no memory to say what the error was, but on its stderr
            said = last or said
        said = leaks.said_of(watching, error.ename, said)
        _strip(half, watching)
        raise InputError(
            _failure(called, _number(error.cell_index, injected), said, half, failed)
        ) from None
    except Stopped as error:
        _strip(half, watching)
        raise InputError(
            _failure(called, _number(error.index, injected), str(error), half, failed)
        ) from None
    except (PapermillException, nbformat.ValidationError, RuntimeError, OSError) as error:
        raise InputError(
            f"{entry.name} could not be run: "
            f"{leaks.said_of(watching, 'it', _first_line(str(error)))} ({type(error).__name__})"
            + (f"; its kernel last said: {leaks.said_of(watching, 'it', last)}" if last else "")
        ) from None
    executed = json.loads(json.dumps(node))
    for fault in faults:  # which the notebook swallowed
        cells = enumerate(executed["cells"])
        index = next((at for at, one in cells if one.get("execution_count") == fault["cell"]), None)
        where = (
            called
            if fault["cell"] is None or index is None
            else f"{called}, cell {_number(index, injected)}"
        )
        raise InputError(f"{where}: {fault['said']}")
    return executed


def _told(run: Run, entry: StageEntry, out: Path) -> dict[str, str]:
    """Return what the notebook's :class:`~helpers.run.stage.Stage` must know of the run."""
    places = {IN: str(run.processed), OUT: str(out)}
    if run.shared is not None:
        places[SHARED] = str(run.shared)
    return {**places, NAMED: entry.name, COUNTRY: run.params.country}


def _injected(cells: list[Any]) -> int:
    """Return the index that injected parameters will have: after the cell that declares them."""
    tagged = ("parameters" in cell["metadata"].get("tags", ()) for cell in cells)
    return next((index + 1 for index, one in enumerate(tagged) if one), 0)


def _number(index: int, injected: int | None) -> int:
    """Return the number of an executed cell as a person counts, who sees no injected one."""
    return index + 1 if injected is None or index < injected else max(index, 1)


def _strip(half: Path, watching: leaks.Watchers) -> None:
    """Take out of a notebook that failed what may not be passed on."""
    if watching and half.exists():
        notebook = json.loads(half.read_text(encoding="utf-8"))
        write_text(half, write_notebook(leaks.without(watching, notebook)))


def _failure(name: str, number: int, said: str, half: Path, failed: Path) -> str:
    failed.parent.mkdir(parents=True, exist_ok=True)
    half.replace(failed)
    return (
        f"{name}, cell {number}: {said}; "
        f"the notebook as far as it ran is {failed.name} in {failed.parent}"
    )


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no message")


def _progress(name: str, total: int) -> Callable[[Any, int], None]:
    """Return a callback that prints stage, cell, time passed and time left to the real stderr.

    The engine captures ``sys.stderr`` of its workers, and progress is for a person to see.
    """
    started = time.perf_counter()

    def show(cell: Any, cell_index: int) -> None:
        passed = time.perf_counter() - started
        left = (
            f", about {passed / cell_index * (total - cell_index):.0f} s left" if cell_index else ""
        )
        where = f"cell {cell_index + 1} of {total}"
        tell(f"  {name}  {where}, {passed:.0f} s{left}", sys.__stderr__)

    return show


def _install(run: Run, entry: StageEntry, out: Path) -> None:
    """Move the finished files of a stage into place; drop what only an earlier run had."""
    manifest = run.manifest(entry)
    before = shown_files(manifest)
    new = [path.relative_to(out) for path in everything(out, deep=True) if path.is_file()]
    for path in sorted(new, key=lambda path: path.parts[0] == "stages"):  # the list comes last
        if path.name not in (HALF, FINISHED):
            target = run.processed / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (out / path).replace(target)
    for path in set(before) - set(shown_files(manifest)):
        path.unlink(missing_ok=True)


def shown_files(manifest: Path) -> list[Path]:
    """Return the files of the figures and tables that a stage shows.

    Parameters
    ----------
    manifest : Path
        ``stages/NAME.json``, as :meth:`helpers.run.stage.Stage.finish` writes it.

    Returns
    -------
    list of Path
        As of :func:`helpers.run.proof.shown_names`, by name, whether they exist or not. Empty where
        there is no manifest.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     manifest = Path(folder) / "stages" / "01-clean.json"
    ...     write_json(manifest, {"figures": [], "tables": ["rise"]})
    ...     [path.name for path in shown_files(manifest)]
    ['rise.csv', 'rise.html', 'rise.json']
    """
    if not manifest.exists():
        return []
    listed, root = json.loads(manifest.read_text(encoding="utf-8")), manifest.parent.parent
    return [root / name for name in sorted(shown_names(listed))]


def merge_results(run: Run) -> None:
    """Merge what the stages recorded into ``results.json``.

    Parameters
    ----------
    run : Run
        The run, all stages of which have run.

    Raises
    ------
    InputError
        When a stage has not run yet, or two of them recorded one key.
    """
    write_json(
        run.processed / "results.json", merged(run.manifest(entry) for entry in run.table.stage)
    )
