"""``make report``: check tables and parameters, run what has changed, and build the book."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers.base import paths
from helpers.base.files import everything, remove
from helpers.cli.diff import write_since
from helpers.engine.chosen import needed, without
from helpers.raw.contract import verify, verify_all
from helpers.run import frozen
from helpers.run.execute import drop_leftovers, shown_files
from helpers.run.inputs import current, record_path
from helpers.run.run import Run, open_run, open_sweep, published_country
from helpers.run.table import raw_tables, read_stages, require_notebooks

OURS = (
    "executed",
    "stages",
    "inputs",
    "figures",
    "tables",
    "timings",
)  # folders that hold nothing else


def report(params: Path, jobs: int, scheduler: str | None = None, only: str = "") -> str:
    """Run the graph for one parameter file.

    Parameters
    ----------
    params : Path
        The parameters of the run.
    jobs : int
        Stages at once.
    scheduler : str, optional
        The address of a Dask scheduler, whose workers run the stages then.
    only : str, optional
        Names of stages, parted by commas, which run with what they need; the book is rebuilt of
        them and of what is there.

    Returns
    -------
    str
        One sentence: what ran, where the book is, and how long it took.

    Raises
    ------
    InputError
        When a table, the parameters, a notebook or a page cannot be used.
    """
    started = time.perf_counter()
    names = [name.strip() for name in only.split(",") if name.strip()]
    if names:  # a misspelt one is refused before anything is looked at
        needed(open_run(params.resolve()).table, names)
    run = _checked(params, open_run)
    write_since()
    ran = _run(run, params, jobs, scheduler, names)
    what = f"ran {', '.join(ran)}" if ran else "nothing had changed"
    return _told(run, what, started) if not names else _told_some(run, names, what, started)


def sweep(params: Path, jobs: int, scheduler: str | None = None) -> str:
    """Run the graph over all countries of the tables.

    Parameters
    ----------
    params : Path
        The parameters, all of which count but the country.
    jobs : int
        Stages at once.
    scheduler : str, optional
        The address of a Dask scheduler, whose workers run the stages then.

    Returns
    -------
    str
        One sentence: how much ran, where the book is, and how long it took.

    Raises
    ------
    InputError
        When a table, the parameters, a notebook or a page cannot be used.
    """
    started = time.perf_counter()
    run = _checked(params, open_sweep)
    places = {part.processed for part in run.parts}
    for folder in everything(run.processed):
        if folder not in places and (folder / "stages").is_dir():  # a country that went
            remove(folder)
    ran = _run(run, params, jobs, scheduler)
    stages = len(ran) - sum(name in ("results", "book") for name in ran)
    what = f"ran {stages} stages for {len(run.parts)} countries" if ran else "nothing had changed"
    return _told(run, what, started)


def _checked(params: Path, opened: Callable[[Path], Run]) -> Run:
    """Check tables, parameters and notebooks, and make the folders of the run ready for it."""
    require_notebooks(read_stages())
    for table in raw_tables(read_stages().of(published_country())):
        verify(table)
    for folder in (paths.RAW, paths.OWN):
        verify_all(folder)
    frozen.require()
    run = opened(params.resolve())
    for table in raw_tables(run.table):
        verify(table)
    for one in (run, *run.parts):
        drop_leftovers(one)
        clear_places(one)
    return run


def _run(
    run: Run, params: Path, jobs: int, scheduler: str | None, only: Sequence[str] = ()
) -> list[str]:
    """Run the graph, and write down what stands there once nothing is left to do."""
    # The engine is imported when the input is good.
    from helpers.engine.graph import nothing_to_do, run_graph
    from helpers.engine.looked import remember, seen

    sweep = run.kind == "sweep"
    ran = run_graph(params.resolve(), jobs, scheduler, sweep=sweep, only=only)
    for one in (run, *run.parts):
        drop_leftovers(one)  # of workers that were killed
    if only:  # whether nothing is left to do, nobody has looked
        return ran
    made = [run.processed, run.book]
    files = seen(params.resolve(), made)
    if nothing_to_do(jobs) and seen(params.resolve(), made) == files:
        remember(params.resolve(), made, files, sweep=sweep)
    return ran


def _told(run: Run, what: str, started: float) -> str:
    index = paths.relative(run.book / "html" / "index.html")
    return f"{what}; the book is {index} ({time.perf_counter() - started:.1f} s)"


def _told_some(run: Run, names: Sequence[str], what: str, started: float) -> str:
    """Say what ran of some stages, and what the others wait for."""
    chosen = needed(run.table, names)
    if waits := without(run, chosen):
        seconds = time.perf_counter() - started
        return f"{what}; the book waits for {', '.join(waits)}: make report ({seconds:.1f} s)"
    others = [entry for entry in run.table.stage if entry.name not in chosen]
    old = [entry.name for entry in others if not current(run, entry)]
    left = f"; left as they were, though they would run again: {', '.join(old)}" if old else ""
    return _told(run, what + left, started)


def clear_places(run: Run) -> None:
    """Remove from the folders of a run what no stage of it makes.

    That is what a stage left that is no longer in the table, what was put there by hand, and
    whatever stands in the place of a file and is none. Other files beside the tables stay.

    Parameters
    ----------
    run : Run
        The run, of which no stage may be running.
    """
    made = {run.processed / "results.json"}
    for entry in run.table.stage:
        manifest = run.manifest(entry)
        try:
            made |= set(shown_files(manifest))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            remove(manifest)  # damaged: its stage runs again
        failed = run.executed(entry).with_suffix(".failed.ipynb")
        timing = run.processed / "timings" / f"{entry.name}.json"
        if timing.is_file() and not _is_number(timing):
            remove(timing)
        made |= {manifest, run.executed(entry), failed, timing, record_path(run, entry)}
        made |= {run.parquet(name) for name in entry.writes}
    folders = [run.processed / name for name in OURS]
    for folder in folders:
        if folder.is_symlink() or not folder.is_dir():
            remove(folder)
    inside = [path for folder in folders if folder.is_dir() for path in everything(folder)]
    tables = [one for one in everything(run.processed) if one.suffix == ".parquet"]
    for path in [*inside, *tables, *made]:
        if path not in made or path.is_symlink() or (path.exists() and not path.is_file()):
            remove(path)


def _is_number(file: Path) -> bool:
    try:
        return isinstance(json.loads(file.read_text(encoding="utf-8")), (int, float))
    except (OSError, ValueError, RecursionError):
        return False
