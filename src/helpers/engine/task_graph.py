"""One pytask task per stage, one that merges results, one that builds the book.

The engine takes tasks from the module alone in which they are defined, so those of a run and those
of a sweep over all countries stand here together.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pytask import Product, PythonNode, task

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.book import build as book
from helpers.book.assemble import source_files
from helpers.engine.chosen import needed, without
from helpers.engine.cluster import run_stage
from helpers.engine.inputs import InputsNode
from helpers.engine.nodes import FilesNode
from helpers.run.cells import read_python
from helpers.run.execute import merge_results, shown_files
from helpers.run.fingerprint import fingerprint
from helpers.run.inputs import SEEDS, current, kept_files, record_path
from helpers.run.restricted import reached, state
from helpers.run.run import Run, open_run, open_sweep
from helpers.run.table import PROFILES, StageEntry

SWEEP = "COMPENDIUM_SWEEP"  # set where the graph is that of a sweep
ONLY = "COMPENDIUM_ONLY"  # names of stages, parted by commas, where not all are to run
RUN = (open_sweep if SWEEP in os.environ else open_run)(Path(os.environ["COMPENDIUM_PARAMS"]))


def label(run: Run) -> str:
    """Return what the names of a run's tasks begin with."""
    return run.place or run.name


def value(run: Run, name: str, text: str) -> PythonNode:
    """Return a hashed value: an un-hashed one would change without being noticed.

    Parameters
    ----------
    run : Run
        The run.
    name : str
        A name of its own among the values of the run.
    text : str
        The value.

    Returns
    -------
    pytask.PythonNode
        A dependency of a task.
    """
    return PythonNode(name=f"{label(run)}/{name}", value=text, hash=True)


def recorded(run: Run, entry: StageEntry) -> FilesNode:
    """Return what a stage showed and recorded, as one node.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.

    Returns
    -------
    FilesNode
        Its manifest and the files that the manifest lists.
    """
    manifest = run.manifest(entry)
    return FilesNode(
        name=f"{label(run)}/{entry.name}/recorded",
        files=lambda: [manifest, *shown_files(manifest)],
    )


def profiles(run: Run, entry: StageEntry) -> list[FilesNode]:
    """Return what a sweep recorded of each country, for a stage that reads it.

    Parameters
    ----------
    run : Run
        The run of the sweep.
    entry : StageEntry
        The stage.

    Returns
    -------
    list of FilesNode
        As of :func:`recorded`, for each stage of each country; empty where it reads none.
    """
    if PROFILES not in entry.reads:
        return []
    return [recorded(part, one) for part in run.parts for one in part.table.stage]


@cache
def code_of(notebook: Path) -> tuple[str, str]:
    """Return the hash of the code that a notebook reaches, once for all countries of a sweep.

    Parameters
    ----------
    notebook : Path
        The notebook.

    Returns
    -------
    tuple of (str, str)
        The hash, and what is wrong with the code: the fault of one stage, and no reason not to run
        the others. One of the two is empty.
    """
    try:
        return fingerprint(read_python(notebook), SEEDS, [paths.LOCK]), ""
    except InputError as error:
        return "", str(error)


def define_stage(run: Run, entry: StageEntry) -> None:
    """Give the graph the task of a stage.

    It runs when its notebook, a table that it reads, the code that it reaches or a parameter has
    changed, when the terms of a restricted table that reaches it have, or when something that it
    wrote has.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.
    """
    sources = [entry.notebook, *kept_files(entry)]
    made = [
        *(run.parquet(name) for name in entry.processed),
        *(recorded(run, one) for one in run.table.before(entry)),
        *profiles(run, entry),
    ]
    code, fault = code_of(entry.notebook)
    if missing := [path for path in sources if not path.exists()]:
        fault = f"{paths.relative(missing[0])} is missing, which {entry.name} needs; restore it"
    needs = [*(path for path in sources if path not in missing), *made]
    restricted = reached(run.table).get(entry.name, [])

    @task(
        name=f"{label(run)}/{entry.name}",
        kwargs={
            "needs": needs,
            "code": value(run, f"{entry.name}/code", code or fault),
            "params": value(run, f"{entry.name}/params", json.dumps(run.params_of(entry))),
            "terms": value(run, f"{entry.name}/terms", state(restricted)),
            "makes": [run.executed(entry), *(run.parquet(name) for name in entry.writes)],
            "shown": recorded(run, entry),
            "inputs": InputsNode(
                name=f"{label(run)}/{entry.name}/inputs",
                files=lambda: [record_path(run, entry)],
                current=lambda: current(run, entry),
            ),
        },
    )
    def task_stage(
        needs: Any,
        code: str,
        params: str,
        terms: str,
        makes: Annotated[list[Path], Product],
        shown: Annotated[Any, Product],
        inputs: Annotated[Any, Product],
    ) -> None:
        if fault:
            raise InputError(fault)
        run_stage(run, entry)


def define_results(run: Run) -> None:
    """Give the graph the task that merges what the stages of a run recorded.

    Parameters
    ----------
    run : Run
        The run.
    """

    @task(
        name=f"{label(run)}/results",
        kwargs={
            # The stages too, since one that is taken out changes no file.
            "names": value(run, "results/names", " ".join(one.name for one in run.table.stage)),
            "stages": [recorded(run, entry) for entry in run.table.stage],
            "makes": run.processed / "results.json",
        },
    )
    def task_results(names: str, stages: Any, makes: Annotated[Path, Product]) -> None:
        merge_results(run)


def define_book(run: Run) -> None:
    """Give the graph the task that builds the book of a run.

    It runs when something that stands in the book or makes it has changed, or when a file of it
    has: each has the hash that its builder wrote down.

    Parameters
    ----------
    run : Run
        The run.
    """
    every = [(one, entry) for one in (*run.parts, run) for entry in one.table.stage]

    @task(
        name=f"{label(run)}/book",
        kwargs={
            # Commit, lock, code and parameters.
            "state": value(run, "book/state", book.state(run)),
            "results": run.processed / "results.json",
            "executed": [one.executed(entry) for one, entry in every],
            "stages": [recorded(one, entry) for one, entry in every],
            "sources": FilesNode(name="book/sources", files=source_files),
            "makes": FilesNode(
                name=f"{label(run)}/book/built",
                files=lambda: [
                    run.book / ("manifest.json" if book.is_whole(run) else "no-whole-book")
                ],
            ),
            "inputs": InputsNode(
                name=f"{label(run)}/book/inputs",
                files=lambda: [book.record_path(run)],
                current=lambda: book.current(run),
            ),
        },
    )
    def task_book(
        state: str,
        results: Path,
        executed: Any,
        stages: Any,
        sources: Any,
        makes: Annotated[Any, Product],
        inputs: Annotated[Any, Product],
    ) -> None:
        book.build(run)


CHOSEN = set(needed(RUN.table, os.environ[ONLY].split(","))) if ONLY in os.environ else None
for one in (RUN, *RUN.parts):
    for entry in one.table.stage:
        if CHOSEN is None or entry.name in CHOSEN:
            define_stage(one, entry)
if CHOSEN is None or not without(RUN, CHOSEN):  # what is left as it is may be old, but is there
    define_results(RUN)
    define_book(RUN)
