"""Run the graph with pytask and say what ran."""

import io
import os
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from pytask import ExitCode, TaskOutcome, build, console
from pytask_parallel import ParallelBackend, registry

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.run.execute import load_papermill

STANDARD = registry.registry[ParallelBackend.PROCESSES].builder


def _load() -> None:
    load_papermill()  # a module cannot be sent back from a worker


def _workers(n_workers: int) -> Executor:
    """Return the plug-in's processes; while the first task runs, the others load papermill."""
    pool: Any = STANDARD(n_workers=n_workers)
    submit = pool.submit

    def first(*arguments: Any, **options: Any) -> Future:
        pool.submit = submit
        future = submit(*arguments, **options)
        for _ in range(n_workers - 1):
            submit(_load)
        return future

    pool.submit = first
    return pool


def run_graph(params: Path, jobs: int) -> list[str]:
    """Run what has changed.

    Parameters
    ----------
    params : Path
        The parameter file of the run.
    jobs : int
        Stages at once, at least 1; each has a process of its own where there is more than one.

    Returns
    -------
    list of str
        Names of the tasks that ran (stages, ``results``, ``book``); empty when nothing had changed.

    Raises
    ------
    InputError
        With the sentence of the first failure, or with all that pytask said where it has none.
    """
    os.environ["COMPENDIUM_PARAMS"] = str(params)
    # Remembered hashes go by time stamp; hashing all anew costs milliseconds and misses nothing.
    (paths.ROOT / ".pytask" / "file_hashes.json").unlink(missing_ok=True)
    registry.register_parallel_backend(ParallelBackend.PROCESSES, _workers)
    console.file = said = io.StringIO()  # pytask's own account is shown only when it is needed
    session = build(
        paths=paths.ROOT / "src" / "helpers" / "engine",
        config=paths.ROOT / "pyproject.toml",
        capture="no",
        n_workers=jobs,
        parallel_backend="processes" if jobs > 1 else "none",
    )
    if session.exit_code == ExitCode.OK:
        done = [one for one in session.execution_reports if one.outcome == TaskOutcome.SUCCESS]
        return [one.task.name.rsplit("/", 1)[-1] for one in done]
    reports: list[Any] = [*session.collection_reports, *session.execution_reports]
    errors = [report.exc_info[1] for report in reports if report.exc_info]
    known = next((str(error) for error in errors if isinstance(error, InputError)), "")
    raise InputError(known or f"the graph could not be run:\n{said.getvalue()}")
