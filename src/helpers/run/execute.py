"""Run one stage: its notebook in a fresh kernel, its outputs moved into place whole."""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from helpers.base import varied
from helpers.base.errors import InputError
from helpers.base.files import write_json, write_text
from helpers.run.canonical import canonical, write_notebook
from helpers.run.results import merged
from helpers.run.run import Run
from helpers.run.stage import IN, OUT
from helpers.run.table import StageEntry

if TYPE_CHECKING:
    from papermill.exceptions import PapermillExecutionError

# One BLAS thread and fixed hash seed: the same machine gives the same bytes.
KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1767225600",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "MPLBACKEND": "agg",
}


def run_stage(run: Run, entry: StageEntry) -> None:
    """Execute the notebook of a stage and move what it wrote into place.

    Everything is written to a folder beside the outputs first, so that a stage that fails leaves
    the outputs of the last run untouched. How long it took stands in ``timings/``.

    Parameters
    ----------
    run : Run
        Those parameters that the notebook declares are injected after its ``parameters`` cell.
    entry : StageEntry
        The stage; what it reads must have been written.

    Raises
    ------
    InputError
        With the cell and the error when a cell fails. The notebook as far as it ran is then kept as
        ``executed/NAME.failed.ipynb``.
    """
    started = time.perf_counter()
    run.processed.mkdir(parents=True, exist_ok=True)
    failed = run.executed(entry).with_suffix(".failed.ipynb")
    failed.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=run.processed, prefix=f".{entry.name}.") as folder:
        out = Path(folder)
        notebook = _execute(run, entry, out, failed)
        write_text(out / "executed" / f"{entry.name}.ipynb", write_notebook(canonical(notebook)))
        _install(run, entry, out)
    write_json(
        run.processed / "timings" / f"{entry.name}.json", round(time.perf_counter() - started, 2)
    )


def drop_leftovers(run: Run) -> None:
    """Remove the working folders that a killed run left behind.

    Parameters
    ----------
    run : Run
        The run, of which no stage may be running.
    """
    for entry in run.table.stage:
        for stale in run.processed.glob(f".{entry.name}.*"):
            shutil.rmtree(stale, ignore_errors=True)


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


def _execute(run: Run, entry: StageEntry, out: Path, failed: Path) -> dict[str, Any]:
    papermill = load_papermill()
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    half = out / "half-run.ipynb"
    # A socket folder of its own: kernels that share one lose each other's sockets.
    with tempfile.TemporaryDirectory(prefix="k") as sockets:
        config = Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/k"}})
        # A profile of its own too: a user's start-up scripts are no part of the analysis.
        os.environ.update(
            KERNEL_ENVIRONMENT | varied.environment(),
            IPYTHONDIR=f"{sockets}/i",
            **{IN: str(run.processed), OUT: str(out)},
        )
        try:
            node = papermill.execute_notebook(
                entry.notebook,
                half,
                parameters=run.params_of(entry),
                kernel_name="python3",
                progress_bar=False,
                config=config,
                on_cell_execute=_progress(entry),
                stderr_file=sys.__stderr__,
            )
        except PapermillExecutionError as error:
            failed.parent.mkdir(parents=True, exist_ok=True)
            half.replace(failed)
            raise InputError(_failure(entry, error, failed)) from None
    return json.loads(json.dumps(node))


def _failure(entry: StageEntry, error: "PapermillExecutionError", failed: Path) -> str:
    return (
        f"{entry.name}, cell {error.cell_index + 1}: {error.ename}: "
        f"{_first_line(error.evalue)}; "
        f"the notebook as far as it ran is {failed.name} in {failed.parent}"
    )


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no message")


def _progress(entry: StageEntry) -> Callable[[Any, int], None]:
    """Return a callback that prints stage, cell, time passed and time left to the real stderr.

    The engine captures ``sys.stderr`` of its workers, and progress is for a person to see.
    """
    cells = json.loads(entry.notebook.read_text(encoding="utf-8"))["cells"]
    total, started = len(cells) + 1, time.perf_counter()  # one more: the injected parameters

    def show(cell: Any, cell_index: int) -> None:
        passed = time.perf_counter() - started
        left = (
            f", about {passed / cell_index * (total - cell_index):.0f} s left" if cell_index else ""
        )
        print(
            f"  {entry.name}  cell {cell_index + 1} of {total}, {passed:.0f} s{left}",
            file=sys.__stderr__,
            flush=True,
        )

    return show


def _install(run: Run, entry: StageEntry, out: Path) -> None:
    """Move the finished files of a stage into place; drop what only an earlier run had."""
    manifest = run.manifest(entry)
    before = shown_files(manifest)
    new = [path.relative_to(out) for path in sorted(out.rglob("*")) if path.is_file()]
    for path in sorted(new, key=lambda path: path.parts[0] == "stages"):  # the list comes last
        if path.name != "half-run.ipynb":
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
        Three files each, whether they exist or not: the picture (SVG) or the table (HTML), its data
        (CSV) and its words (JSON). Empty where there is no manifest.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     manifest = Path(folder) / "stages" / "01-clean.json"
    ...     write_json(manifest, {"figures": ["rise"], "tables": []})
    ...     [path.name for path in shown_files(manifest)]
    ['rise.svg', 'rise.csv', 'rise.json']
    """
    if not manifest.exists():
        return []
    listed, root = json.loads(manifest.read_text(encoding="utf-8")), manifest.parent.parent
    endings = {"figures": ("svg", "csv", "json"), "tables": ("html", "csv", "json")}
    return [
        root / kind / f"{name}.{ending}"
        for kind, kinds in endings.items()
        for name in listed[kind]
        for ending in kinds
    ]


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
