"""One pytask task per stage, one that merges results, one that builds the book."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

from pytask import Product, PythonNode, task

from helpers.base import paths
from helpers.book import build as book
from helpers.engine.nodes import FilesNode
from helpers.raw.sidecar import sidecar_path
from helpers.run.execute import merge_results, run_stage, shown_files
from helpers.run.fingerprint import code_cells, fingerprint
from helpers.run.run import Run, open_run
from helpers.run.table import StageEntry

RUN = open_run(Path(os.environ["COMPENDIUM_PARAMS"]))


def value(name: str, text: str) -> PythonNode:
    """Return a hashed value: an un-hashed one would change without being noticed.

    Parameters
    ----------
    name : str
        A name of its own among the values of the run.
    text : str
        The value.

    Returns
    -------
    pytask.PythonNode
        A dependency of a task.
    """
    return PythonNode(name=f"{RUN.name}/{name}", value=text, hash=True)


def recorded(entry: StageEntry) -> FilesNode:
    """Return what a stage showed and recorded, as one node.

    Parameters
    ----------
    entry : StageEntry
        The stage.

    Returns
    -------
    FilesNode
        Its manifest and the files that the manifest lists.
    """
    manifest = RUN.manifest(entry)
    return FilesNode(
        name=f"{RUN.name}/{entry.name}/recorded", files=lambda: [manifest, *shown_files(manifest)]
    )


def define_stage(run: Run, entry: StageEntry) -> None:
    """Give the graph the task of a stage.

    It runs when its notebook, a table that it reads, the code that it reaches or a parameter has
    changed, or when something that it wrote has.

    Parameters
    ----------
    run : Run
        The run.
    entry : StageEntry
        The stage.
    """
    raw = [path for table in entry.raw for path in (table, sidecar_path(table))]
    code = fingerprint(code_cells(entry.notebook), ["helpers.run.execute"], [paths.LOCK])
    needs = [
        entry.notebook,
        *raw,
        *(run.parquet(name) for name in entry.processed),
        *map(recorded, run.table.before(entry)),
    ]

    @task(
        name=f"{run.name}/{entry.name}",
        kwargs={
            "needs": needs,
            "code": value(f"{entry.name}/code", code),
            "params": value(f"{entry.name}/params", json.dumps(run.params_of(entry))),
            "makes": [run.executed(entry), *(run.parquet(name) for name in entry.writes)],
            "shown": recorded(entry),
        },
    )
    def task_stage(
        needs: Any,
        code: str,
        params: str,
        makes: Annotated[list[Path], Product],
        shown: Annotated[Any, Product],
    ) -> None:
        run_stage(run, entry)


for entry in RUN.table.stage:
    define_stage(RUN, entry)


@task(
    name=f"{RUN.name}/results",
    kwargs={
        "stages": [recorded(entry) for entry in RUN.table.stage],
        "makes": RUN.processed / "results.json",
    },
)
def task_results(stages: Any, makes: Annotated[Path, Product]) -> None:
    """Merge what the stages recorded, when one of them recorded something else.

    Parameters
    ----------
    stages : list of FilesNode
        What each stage recorded.
    makes : Path
        ``results.json``.
    """
    merge_results(RUN)


@task(
    name=f"{RUN.name}/book",
    kwargs={
        "state": value("book/state", book.state()),
        "results": RUN.processed / "results.json",
        "executed": [RUN.executed(entry) for entry in RUN.table.stage],
        "stages": [recorded(entry) for entry in RUN.table.stage],
        "sources": FilesNode(name="book/sources", files=book.source_files),
        "makes": RUN.book / "html" / "index.html",
    },
)
def task_book(
    state: str,
    results: Path,
    executed: Any,
    stages: Any,
    sources: Any,
    makes: Annotated[Path, Product],
) -> None:
    """Build the book, when something that stands in it or makes it has changed.

    Parameters
    ----------
    state : str
        Commit, lock and code, as of :func:`helpers.book.build.state`.
    results : Path
        ``results.json``.
    executed : list of Path
        The executed notebooks.
    stages : list of FilesNode
        What each stage recorded.
    sources : FilesNode
        Pages and raw tables.
    makes : Path
        The first page.
    """
    book.build(RUN)
