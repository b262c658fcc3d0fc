"""``make bench``: how long things take beside the plainest way to do them.

The graph stands beside the same cells as one script, the statistics beside plain loops, large files
beside ``pandas.read_csv``, the engine with its means beside the engine without, and a sweep beside
papermill's command line. The pages of the book are opened in a browser on a slow line.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from helpers.base import paths
from helpers.cli.fresh import copy_project, environment, report
from helpers.run.fingerprint import code_cells
from helpers.run.kernel import KERNEL_ENVIRONMENT
from helpers.run.run import Run, open_run
from helpers.run.stage import IN, OUT


def script(run: Run) -> str:
    """Return the code cells of all notebooks as one script.

    Parameters
    ----------
    run : Run
        Its parameters are set once after the defaults of each notebook.

    Returns
    -------
    str
        Python.

    Raises
    ------
    InputError
        When a notebook cannot be read.
    """
    parts = []
    for entry in run.table.stage:
        given = run.params_of(entry).items()
        first, *rest = code_cells(entry.notebook)
        parts += [first, *(f"{name} = {value!r}" for name, value in given), *rest]
    return "\n\n".join(parts) + "\n"


def floor(project: Path, run: Run) -> float:
    """Run all cells as one plain Python process: no run of the graph can be faster.

    Parameters
    ----------
    project : Path
        A fresh copy of the project, which gets a folder ``floor``.
    run : Run
        The run.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    subprocess.CalledProcessError
        When a cell fails.
    """
    out = project / "floor"
    file = project / "floor.py"
    file.write_text(script(run), encoding="utf-8")
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, str(file)],
        check=True,
        cwd=project,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**environment(project), **KERNEL_ENVIRONMENT, IN: str(out), OUT: str(out)},
    )
    return time.perf_counter() - started


def measure(project: Path, run: Run, params: str) -> dict[str, float]:
    """Return how long each kind of run takes.

    Parameters
    ----------
    project : Path
        A fresh copy of the project; its last notebook is changed at the end.
    run : Run
        The run.
    params : str
        Its parameter file, relative to the project.

    Returns
    -------
    dict of str to float
        What was run to its seconds: the floor, a cold run, the book alone, a run in which nothing
        had changed (the fastest of three), and one with one changed stage.

    Raises
    ------
    InputError
        When a build fails.
    """
    seconds = {"floor: the same cells as one plain script": floor(project, run)}
    seconds["cold run, without installation"] = report(project, "--params", params)
    # The book is timed by removing only its first page.
    (project / "book/_build/html/index.html").unlink()
    seconds["the book alone"] = report(project, "--params", params)
    seconds["no-op run"] = min(report(project, "--params", params) for _ in range(3))
    last = project / "notebooks" / f"{run.table.stage[-1].name}.ipynb"
    text = last.read_text(encoding="utf-8")
    last.write_text(
        text.replace('"stage.finish()"', '"stage.finish()  # changed"'), encoding="utf-8"
    )
    seconds[f"one changed stage ({last.stem}) and the book"] = report(project, "--params", params)
    return seconds


def bench(params: str, only: str | None) -> None:
    """Print the seconds and the ratios of one benchmark run; nothing is judged here.

    Parameters
    ----------
    params : str
        A file of ``params/``, relative to the project.
    only : {"graph", "statistics", "files", "engine", "sweep", "book"}, optional
        Measure one of the parts.

    Raises
    ------
    InputError
        When the parameters cannot be used or a build fails.
    """
    run = open_run(paths.ROOT / params)
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    if only in (None, "statistics"):
        _print_statistics()
    if only in (None, "files"):
        _print_files()
    if only in (None, "engine"):
        _print_engine()
    if only in (None, "sweep"):
        _print_sweep(params)
    if only in (None, "book"):
        _print_book(run)
    if only in (None, "graph"):
        _print_graph(run, params)


def _print_statistics() -> None:
    from helpers.cli.bench_statistics import measure as statistics

    for what, spent, loop, words in statistics():
        plain = f"a plain loop ({words}) {loop:7.1f} s, {loop / spent:.0f} x"
        print(f"{what:<52} {spent:7.2f} s; {plain}")


def _print_files() -> None:
    from helpers.cli.bench_files import measure as files

    found = files()
    plain, one, ten = found["pandas"], found["ours"], found["ten times"]
    for what, spent, beside, words in (
        ("one country of a full release", one, plain, "pandas.read_csv of all of it"),
        ("the same of ten times the events", ten, one, "a tenth of them"),
    ):
        print(
            f"{what:<40} {spent.seconds:6.2f} s, {spent.megabytes:6.0f} MB; {words} "
            f"{beside.seconds:.2f} s, {beside.megabytes:.0f} MB: "
            f"{spent.seconds / beside.seconds:.2f} x the time, "
            f"{spent.megabytes / beside.megabytes:.2f} x the memory"
        )


def _print_engine() -> None:
    from helpers.cli.bench_engine import measure as engine

    for what, spent, beside, other in engine():
        print(f"{what:<52} {spent:7.2f} s; {beside} {other:7.2f} s, {other / spent:.2f} x")


def _print_sweep(params: str) -> None:
    from helpers.cli.bench_sweep import measure as sweep

    found = sweep(params)
    ours, *_ = found.values()
    for what, spent in found.items():
        print(f"{what:<64} {spent:7.2f} s  {spent / ours:5.2f} x")


def _print_book(run: Run) -> None:
    from helpers.cli.bench_book import WIDTHS
    from helpers.cli.bench_book import measure as book

    narrow = " and ".join(map(str, WIDTHS))
    print(f"1.6 Mbit/s, 150 ms; tables wider than their room at {narrow} pixels")
    for name, one in book(run.book / "html").items():
        print(
            f"{name:<36} {one.kilobytes:6.0f} kB {one.requests:3d} requests, "
            f"paint {one.paint:4.1f} s, load {one.load:4.1f} s; {one.stops:3d} stops, "
            f"target {one.target:3.0f}, wide {one.overflows}"
        )


def _print_graph(run: Run, params: str) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        seconds = measure(copy_project(Path(folder)), run, params)
    base, *_ = seconds.values()
    for what, spent in seconds.items():
        print(f"{what:<48} {spent:7.2f} s  {spent / base:5.2f} x floor")
    cold, book = seconds["cold run, without installation"], seconds["the book alone"]
    print(f"{'cold run less the book, to the floor':<48} {(cold - book) / base:18.2f} x")
