"""Run the graph with pytask and say what ran."""

import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import chdir, suppress
from functools import partial
from pathlib import Path
from typing import Any

from pytask import ExitCode, Session, TaskOutcome, build, console
from pytask_parallel import ParallelBackend, execute, registry

from helpers.base import paths
from helpers.base.aloud import tell
from helpers.base.errors import InputError
from helpers.base.files import remove
from helpers.base.sentences import sentence
from helpers.base.stopping import SECONDS, end_with_parent, stopped
from helpers.engine import cluster
from helpers.run import kernel
from helpers.run.execute import load_papermill
from helpers.run.forked import end_mothers

STANDARD = registry.registry[ParallelBackend.PROCESSES].builder
SWEEP = "COMPENDIUM_SWEEP"  # set where the graph is that of a sweep
ONLY = "COMPENDIUM_ONLY"  # set where not all stages are to run
# What pytask remembers from run to run: a plain build makes it anew.
MEMORY = (".pytask", "pytask.lock", "pytask.lock.journal", "pytask.lock.tmp")
WITHOUT_KERNEL = ("/results", "/book")  # tasks that run no notebook
STEP = 0.005  # seconds between two looks at what has ended
# By itself the engine looks less and less often, up to once a second, while cores idle.
execute._Sleeper = partial(execute._Sleeper, timings=[STEP])  # type: ignore[assignment,misc]
_begun = False


def _in_worker(parent: int, scratch: str, call: Any, options: dict[str, Any]) -> Any:
    """Call a function in a process that ends with its parent."""
    global _begun
    if not _begun:
        _begun = True
        end_with_parent(parent, partial(_leave, scratch))
        tempfile.tempdir = scratch
    return call(**options)


def _leave(scratch: str) -> None:
    """Give the kernels back, and remove what the parent cannot any more."""
    end_mothers()
    for _ in range(3):  # a kernel that is just ending may still write there
        shutil.rmtree(scratch, ignore_errors=True)
        if not os.path.isdir(scratch):
            return
        time.sleep(SECONDS)


class Workers(Executor):
    """Processes that run stages, with what these need imported once for all of them.

    They are forks of this process where the system has it so: the kernels of all come from one
    mother (:mod:`helpers.run.mother`), and papermill is there. A process that is killed takes the
    others of its pool along (so the standard library has it); stages that are still to come get a
    new pool.

    Parameters
    ----------
    n_workers : int
        How many.
    """

    def __init__(self, n_workers: int) -> None:
        self._n_workers = n_workers
        self._scratch = tempfile.mkdtemp(prefix="c")  # short: sockets stand below it
        self._pool: Executor | None = None

    def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future:
        """Run a function in one of the processes.

        Parameters
        ----------
        function : callable
            What to call.
        *arguments, **options
            What to call it with.

        Returns
        -------
        concurrent.futures.Future
            Of what it returns.
        """
        if end := stopped():  # told before, where nobody heard it
            raise end
        words: dict[str, Any] = {
            "parent": os.getpid(),
            "scratch": self._scratch,
            "call": partial(function, *arguments),
            "options": options,
        }
        if self._pool is not None:
            with suppress(BrokenProcessPool):
                return self._pool.submit(_in_worker, **words)
        if not getattr(options.get("task"), "name", "").endswith(WITHOUT_KERNEL):
            kernel.prepare()
            load_papermill()  # while the mother imports
        self._pool = STANDARD(n_workers=self._n_workers)
        return self._pool.submit(_in_worker, **words)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes and remove what they left.

        Parameters
        ----------
        wait : bool, default True
            Whether to return only when they have ended.
        cancel_futures : bool, default False
            Whether to drop what has not begun.
        """
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)
        end_mothers()
        shutil.rmtree(self._scratch, ignore_errors=True)


def run_graph(
    params: Path,
    jobs: int,
    scheduler: str | None = None,
    *,
    sweep: bool = False,
    only: Sequence[str] = (),
) -> list[str]:
    """Run what has changed.

    Parameters
    ----------
    params : Path
        The parameter file of the run.
    jobs : int
        Stages at once, at least 1, each in a process of its own.
    scheduler : str, optional
        The address of a Dask scheduler, whose workers run the stages then.
    sweep : bool, default False
        Whether to run the sweep over all countries in the place of the country's own stages.
    only : sequence of str, optional
        Stages that run, with what they need; the book is built of them and of what the others left.

    Returns
    -------
    list of str
        Names of the tasks that ran (stages, ``results``, ``book``); empty when nothing had changed.

    Raises
    ------
    InputError
        Where one stage failed: its sentence.
    ExceptionGroup
        Where several failed: an :class:`~helpers.base.errors.InputError` for each. What does not
        depend on them has run.
    """
    os.environ["COMPENDIUM_PARAMS"] = str(params)
    os.environ.pop(SWEEP, None)
    if sweep:
        os.environ[SWEEP] = "1"
    os.environ.pop(ONLY, None)
    if only:
        os.environ[ONLY] = ",".join(only)
    if scheduler is not None:
        cluster.connect(scheduler)
    try:
        session, said = _build(jobs, scheduler)
        if session.exit_code == ExitCode.CONFIGURATION_FAILED:
            tell("  what the graph remembers of earlier runs was damaged; every stage runs again")
            for name in MEMORY:
                remove(paths.ROOT / name)
            session, said = _build(jobs, scheduler)
    finally:
        cluster.disconnect()
    if session.exit_code == ExitCode.OK:
        if not session.tasks:  # pytask takes the path of the project for a pattern
            raise InputError(
                "the graph found no stage, so nothing was built; move the project to a folder "
                "whose path holds none of * ? [ ], then run the same command again"
            )
        done = [one for one in session.execution_reports if one.outcome == TaskOutcome.SUCCESS]
        return [_name(one) for one in done]
    # Each once: what ends the scheduler of a cluster ends all that waits for it.
    failures = list({str(one): one for one in map(_failure, _failed(session))}.values())
    if not failures:
        raise InputError("the graph could not be run") from RuntimeError(said)
    if len(failures) == 1:
        raise failures[0]
    raise ExceptionGroup("stages failed", failures)


def nothing_to_do(jobs: int) -> bool:
    """Say whether a graph that has just run would run nothing again.

    Something was edited while it ran, where it would.

    Parameters
    ----------
    jobs : int
        As of :func:`run_graph`.

    Returns
    -------
    bool
        Nothing is run either way.
    """
    session, _ = _build(jobs, None, dry_run=True)
    kept = (TaskOutcome.SKIP_UNCHANGED, TaskOutcome.PERSISTENCE)
    looked = [one.outcome in kept for one in session.execution_reports]
    return session.exit_code == ExitCode.OK and bool(looked) and all(looked)


def _build(jobs: int, scheduler: str | None, dry_run: bool = False) -> tuple[Session, str]:
    """Return what pytask did, and its own account, which is shown only when it is needed."""
    # Remembered hashes go by time stamp; hashing all anew costs milliseconds and misses nothing.
    with suppress(OSError):
        (paths.ROOT / ".pytask" / "file_hashes.json").unlink(missing_ok=True)
    for name in [one for one in sys.modules if one.endswith("engine.task_graph")]:
        del sys.modules[name]  # a module that is there already would define no task
    registry.register_parallel_backend(ParallelBackend.PROCESSES, Workers)
    registry.register_parallel_backend(
        ParallelBackend.CUSTOM, cluster.Waiting, worker_type="threads"
    )
    console.file = said = io.StringIO()
    with chdir(paths.ROOT):  # pytask takes a path for a pattern, so it gets one of ours alone
        session = build(
            paths=Path("src", "helpers", "engine", "task_graph.py"),
            config=paths.ROOT / "pyproject.toml",
            # Relative: in an address, the signs %20 in a folder's name would stand for a space.
            database_url="sqlite:///.pytask/pytask.sqlite3",
            capture="no",
            dry_run=dry_run,
            **cluster.options(jobs, scheduler),
        )
    return session, said.getvalue()


def _failed(session: Session) -> list[Any]:
    """Return the reports of what failed, without what was skipped because of it."""
    reports: list[Any] = [*session.collection_reports, *session.execution_reports]
    return [one for one in reports if one.exc_info and one.outcome.name == "FAIL"]


def _name(report: Any) -> str:
    task = getattr(report, "task", None) or getattr(report, "node", None)
    return getattr(task, "name", "the graph").rsplit("/", 1)[-1].rsplit("::", 1)[-1]


def _failure(report: Any) -> InputError:
    """Return the sentence of a task that failed; what Python said is its cause."""
    error, trace = report.exc_info[1], report.exc_info[2]
    if isinstance(error, InputError):
        return error
    if isinstance(trace, str):  # from another process, where it was made a text
        error.add_note(trace)
    failure = InputError(f"{_name(report)}: {sentence(error)}")
    failure.__cause__ = error
    return failure
