"""Stages on a Dask cluster: ``make report DASK_SCHEDULER=tcp://host:port``.

The graph stays here, with its look at what has changed, its results and its book; a stage that has
to run is run by a worker (:mod:`helpers.engine.there`). A thread of this process waits for each.
"""

import logging
import os
import pickle
import re
import sys
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from helpers.base import paths
from helpers.base.aloud import tell
from helpers.base.errors import InputError
from helpers.base.files import write_text
from helpers.engine import there
from helpers.run import execute
from helpers.run.execute import shown_files
from helpers.run.inputs import made_before
from helpers.run.run import Run
from helpers.run.table import StageEntry

ADDRESS = re.compile(r"(?:tcp|tls)://[^\s/]+:\d+")
ANSWER = 15  # seconds within which a scheduler answers
FIRST = 120  # seconds within which the first worker has come
EVERY = 5  # seconds from one look whether there are workers to the next
AT_ONCE = 64  # stages that may wait for a worker, so that a cluster can grow with them
_clusters: list["Cluster"] = []  # the one that this process asks, where it asks one


class Cluster:
    """A Dask scheduler and its workers.

    Parameters
    ----------
    address : str
        That of the scheduler, such as ``tcp://host:8786``.

    Raises
    ------
    InputError
        When it is no address, nothing answers there, or no worker comes.
    """

    def __init__(self, address: str) -> None:
        if not ADDRESS.fullmatch(address):
            raise InputError(
                f"the Dask scheduler is named as {address!r}; expected tcp://host:port or "
                "tls://host:port"
            )
        try:
            import distributed
        except ImportError:
            raise InputError(
                "a Dask scheduler is named and distributed is not installed; run make env"
            ) from None
        for name in ("distributed", "tornado.application"):  # what they log is raised as well
            for handler in logging.getLogger(name).handlers:
                handler.setLevel(logging.CRITICAL + 1)
        self._address = address
        self._gone = False
        self._alone, self._looking = False, threading.Lock()
        try:
            self._client = distributed.Client(address, timeout=ANSWER, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            why = str(error).split("\n")[0] or type(error).__name__
            raise InputError(
                f"no Dask scheduler answers at {address} ({why}); start it, or leave "
                "DASK_SCHEDULER out"
            ) from None
        self._code = there.code()
        self._token = uuid.uuid4().hex
        try:
            self._refuse_other_workers()
        except BaseException:
            self._client.close(timeout=ANSWER)
            raise
        write_text(there.RUNNING, self._token)

    def _refuse_other_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=FIRST)
        except TimeoutError:
            raise InputError(
                f"the Dask scheduler at {self._address} has had no worker for {FIRST} s; start one "
                "with dask worker in a copy of this project"
            ) from None
        try:
            for where, found in self._client.run(there.loaded).items():
                if other := there.differing(found, self._code):
                    raise InputError(f"the worker at {where} has {other}; {there.SAME}")
        except (ImportError, AttributeError, TypeError) as error:
            why = str(error).split("\n")[0]
            raise InputError(f"a worker cannot import this project ({why}); {there.SAME}") from None

    def run(self, run: Run, entry: StageEntry, params: Path) -> None:
        """Run a stage on one of the workers, and wait for it.

        Parameters
        ----------
        run : Run
            The run.
        entry : StageEntry
            The stage.
        params : Path
            The parameter file of the run.

        Raises
        ------
        InputError
            As of :func:`helpers.run.execute.run_stage`; and when a worker is of another kind, or
            workers die of it.
        """
        name = paths.relative(params).as_posix()
        inputs = there.inputs_of(run, entry)
        call = there.Call(name, entry.name, run.place, self._token, self._code, inputs)
        started = time.perf_counter()
        said = self._ask(entry, call)
        if said.needs:
            before = map(run.manifest, run.table.before(entry))
            shown = [path for one in before for path in shown_files(one)]
            call.files = there.read([*made_before(run, entry), *shown])
            said = self._ask(entry, call)
        there.install(said.files)
        if said.error:
            raise InputError(said.error)
        spent = time.perf_counter() - started
        tell(f"  {run.called(entry)}  done by a worker, {spent:.0f} s", sys.__stderr__)

    def _ask(self, entry: StageEntry, call: there.Call) -> there.Told:
        from distributed import KilledWorker
        from distributed.client import ClosedClientError
        from distributed.comm.core import CommClosedError

        try:
            if self._gone:
                raise CancelledError
            key = f"{entry.name}-{uuid.uuid4().hex}"
            future = self._client.submit(_carried(), pickle.dumps(call), key=key, pure=False)
            while True:
                try:
                    said: there.Told = pickle.loads(future.result(timeout=EVERY))
                    return said
                except TimeoutError:
                    if future.status == "error":  # the worker's own
                        raise
                    self._look_for_workers()
        except KilledWorker:
            raise InputError(
                f"{entry.name}: each worker that ran it died; give them more memory, or mend the "
                "notebook"
            ) from None
        except (CancelledError, ClosedClientError, CommClosedError):
            self._gone = True  # to the stages that wait, and to those that are still to come
            raise InputError(
                f"the Dask scheduler at {self._address} is gone, and with it the stages that had "
                "not ended; start it anew, then run the same command again to go on"
            ) from None

    def _look_for_workers(self) -> None:
        """Say once that no worker is left; whoever waits goes on waiting for the next one."""
        with self._looking:
            alone = not self._client.nthreads()
            if alone and not self._alone:
                tell(
                    f"  the Dask scheduler at {self._address} has no worker any more; start one "
                    "with dask worker in a copy of this project, and the stages go on",
                    sys.__stderr__,
                )
            self._alone = alone

    def close(self) -> None:
        """Let the cluster go; what waits for it is told that it is gone."""
        self._client.close(timeout=ANSWER)
        there.RUNNING.unlink(missing_ok=True)


def _carried() -> Callable[[bytes], bytes]:
    """Return a function that is sent as it stands: the scheduler need not have the project."""

    def call(data: bytes) -> bytes:
        import pickle

        from helpers.engine.there import run_there

        return pickle.dumps(run_there(pickle.loads(data)))

    return call


class Waiting(ThreadPoolExecutor):
    """The threads that wait for workers, as pytask-parallel asks for them.

    Parameters
    ----------
    n_workers : int
        How many stages may be asked for at once.
    """

    def __init__(self, n_workers: int) -> None:
        super().__init__(n_workers, thread_name_prefix="stage")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the cluster go, then the threads.

        Parameters
        ----------
        wait, cancel_futures : bool
            As of :class:`concurrent.futures.Executor`.
        """
        disconnect()
        super().shutdown(wait=wait, cancel_futures=cancel_futures)


def connect(address: str) -> None:
    """Let the stages of this process run on a cluster, until :func:`disconnect`.

    Parameters
    ----------
    address : str
        That of the scheduler.

    Raises
    ------
    InputError
        As of :class:`Cluster`.
    """
    _clusters.append(Cluster(address))


def disconnect() -> None:
    """Let the stages of this process run here again."""
    while _clusters:
        _clusters.pop().close()


def run_stage(run: Run, entry: StageEntry) -> None:
    """Run a stage on the cluster that this process asks, or here.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.

    Raises
    ------
    InputError
        As of :func:`helpers.run.execute.run_stage` and :meth:`Cluster.run`.
    """
    if _clusters:
        _clusters[-1].run(run, entry, Path(os.environ["COMPENDIUM_PARAMS"]))
    else:
        execute.run_stage(run, entry)


def options(jobs: int, scheduler: str | None) -> dict[str, Any]:
    """Return how many stages pytask may ask for at once, and by which backend.

    Parameters
    ----------
    jobs : int
        Processes of this machine.
    scheduler : str or None
        The address of a Dask scheduler.

    Returns
    -------
    dict
        Of :func:`pytask.build`.

    Examples
    --------
    >>> options(2, None)
    {'n_workers': 2, 'parallel_backend': 'processes'}
    """
    if scheduler is None:
        return {"n_workers": jobs, "parallel_backend": "processes"}
    return {"n_workers": AT_ONCE, "parallel_backend": "custom"}
