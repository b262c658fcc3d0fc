"""One pytask task per stage, one that merges results, one that builds the book."""

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
    """A hashed value: an un-hashed one would change without being noticed."""
    return PythonNode(name=f"{RUN.name}/{name}", value=text, hash=True)


def recorded(entry: StageEntry) -> FilesNode:
    """What a stage showed and recorded, as one node."""
    manifest = RUN.manifest(entry)
    return FilesNode(
        name=f"{RUN.name}/{entry.name}/recorded", files=lambda: [manifest, *shown_files(manifest)]
    )


def define_stage(run: Run, entry: StageEntry) -> None:
    raw = [path for table in entry.raw for path in (table, sidecar_path(table))]
    code = fingerprint(code_cells(entry.notebook), ["helpers.run.execute"], [paths.LOCK])
    needs = [
        entry.notebook,
        *raw,
        *(run.parquet(name) for name in entry.processed),
        *map(recorded, run.table.before(entry)),
    ]
    makes = [run.executed(entry), *(run.parquet(name) for name in entry.writes)]

    @task(
        name=f"{run.name}/{entry.name}",
        kwargs={
            "needs": needs,
            "code": value(f"{entry.name}/code", code),
            "params": value(f"{entry.name}/params", run.params.model_dump_json()),
        },
    )
    def task_stage(
        needs: Any,
        code: str,
        params: str,
        makes: Annotated[list[Path], Product] = makes,
        shown: Annotated[Any, Product] = recorded(entry),
    ) -> None:
        run_stage(run, entry)


for entry in RUN.table.stage:
    define_stage(RUN, entry)


@task(name=f"{RUN.name}/results")
def task_results(
    stages: Any = [recorded(entry) for entry in RUN.table.stage],
    makes: Annotated[Path, Product] = RUN.processed / "results.json",
) -> None:
    merge_results(RUN)


@task(name=f"{RUN.name}/book", kwargs={"state": value("book/state", book.state())})
def task_book(
    state: str,
    results: Path = RUN.processed / "results.json",
    executed: Any = [RUN.executed(entry) for entry in RUN.table.stage],
    stages: Any = [recorded(entry) for entry in RUN.table.stage],
    sources: Any = FilesNode(name="book/sources", files=book.source_files),
    makes: Annotated[Path, Product] = RUN.book / "html" / "index.html",
) -> None:
    book.build(RUN)
