"""One pytask task per stage, one that merges results, one that builds the book."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

from pytask import Product, PythonNode, task

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.book import build as book
from helpers.engine.cluster import run_stage
from helpers.engine.inputs import InputsNode
from helpers.engine.nodes import FilesNode
from helpers.raw.sidecar import sidecar_path
from helpers.run.cells import read_python
from helpers.run.execute import merge_results, shown_files
from helpers.run.fingerprint import fingerprint
from helpers.run.inputs import SEEDS, current, record_path
from helpers.run.run import Run, open_run
from helpers.run.table import StageEntry

RUN = open_run(Path(os.environ["COMPENDIUM_PARAMS"]))
STAGES = " ".join(entry.name for entry in RUN.table.stage)


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
    sources = [entry.notebook, *(path for raw in entry.raw for path in (raw, sidecar_path(raw)))]
    made = [
        *(run.parquet(name) for name in entry.processed),
        *map(recorded, run.table.before(entry)),
    ]
    code, fault = "", ""  # a fault is that of one stage, and no reason not to run the others
    try:
        code = fingerprint(read_python(entry.notebook), SEEDS, [paths.LOCK])
    except InputError as error:
        fault = str(error)
    if missing := [path for path in sources if not path.exists()]:
        fault = f"{paths.relative(missing[0])} is missing, which {entry.name} needs; restore it"
    needs = [*(path for path in sources if path not in missing), *made]

    @task(
        name=f"{run.name}/{entry.name}",
        kwargs={
            "needs": needs,
            "code": value(f"{entry.name}/code", code or fault),
            "params": value(f"{entry.name}/params", json.dumps(run.params_of(entry))),
            "makes": [run.executed(entry), *(run.parquet(name) for name in entry.writes)],
            "shown": recorded(entry),
            "inputs": InputsNode(
                name=f"{run.name}/{entry.name}/inputs",
                files=lambda: [record_path(run, entry)],
                current=lambda: current(run, entry),
            ),
        },
    )
    def task_stage(
        needs: Any,
        code: str,
        params: str,
        makes: Annotated[list[Path], Product],
        shown: Annotated[Any, Product],
        inputs: Annotated[Any, Product],
    ) -> None:
        if fault:
            raise InputError(fault)
        run_stage(run, entry)


for entry in RUN.table.stage:
    define_stage(RUN, entry)


@task(
    name=f"{RUN.name}/results",
    kwargs={
        "names": value("results/names", STAGES),
        "stages": [recorded(entry) for entry in RUN.table.stage],
        "makes": RUN.processed / "results.json",
    },
)
def task_results(names: str, stages: Any, makes: Annotated[Path, Product]) -> None:
    """Merge what the stages recorded, when one of them recorded something else.

    Parameters
    ----------
    names : str
        The stages, since one that is taken out changes no file.
    stages : list of FilesNode
        What each stage recorded.
    makes : Path
        ``results.json``.
    """
    merge_results(RUN)


# The book is made when each of its files has the hash that its builder wrote down.
BOOK = FilesNode(
    name=f"{RUN.name}/book/built",
    files=lambda: [RUN.book / ("manifest.json" if book.is_whole(RUN) else "no-whole-book")],
)


@task(
    name=f"{RUN.name}/book",
    kwargs={
        "state": value("book/state", book.state(RUN)),
        "results": RUN.processed / "results.json",
        "executed": [RUN.executed(entry) for entry in RUN.table.stage],
        "stages": [recorded(entry) for entry in RUN.table.stage],
        "sources": FilesNode(name="book/sources", files=book.source_files),
        "makes": BOOK,
        "inputs": InputsNode(
            name=f"{RUN.name}/book/inputs",
            files=lambda: [book.record_path(RUN)],
            current=lambda: book.current(RUN),
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
    """Build the book, when something that stands in it or makes it has changed.

    Parameters
    ----------
    state : str
        Commit, lock, code and parameters, as of :func:`helpers.book.build.state`.
    results : Path
        ``results.json``.
    executed : list of Path
        The executed notebooks.
    stages : list of FilesNode
        What each stage recorded.
    sources : FilesNode
        Pages and raw tables.
    makes : FilesNode
        Every file of the book.
    inputs : InputsNode
        The hashes of what it was made from.
    """
    book.build(RUN)
