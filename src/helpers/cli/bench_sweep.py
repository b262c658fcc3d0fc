"""How long a sweep takes beside the plainest ways to run one notebook for many countries.

All three run the same notebook for the same countries, from tables that stand there already: the
graph's workers, the command line of papermill in a loop, and the cells as one Python process. Each
begins with nothing imported.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from helpers.base import paths
from helpers.cli.fresh import copy_project, environment
from helpers.engine.graph import Workers
from helpers.run.execute import run_stage
from helpers.run.fingerprint import code_cells
from helpers.run.kernel import KERNEL_ENVIRONMENT
from helpers.run.run import Run, open_sweep
from helpers.run.stage import COUNTRY, IN, OUT, SHARED
from helpers.run.table import StageEntry

COUNTRIES, SEED = 12, 16
# One process runs the notebook of each country in names of its own.
PLAIN = """import json, os, sys
import matplotlib
matplotlib.use("agg")
from helpers.run import stage
first, rest, countries = json.load(open(sys.argv[1]))
for given in countries:
    os.environ.update(given["environment"])
    stage._opened.clear()
    names = {}
    exec(first, names)
    names |= given["parameters"]
    exec(rest, names)
"""


def sweep_seconds(params: Path, workers: int) -> dict[str, float]:
    """Return how long each way takes for a few countries drawn by chance.

    Parameters
    ----------
    params : Path
        The parameter file of the sweep, in this project.
    workers : int
        Processes of the graph, at least 1.

    Returns
    -------
    dict of str to float
        What was run to its seconds.

    Raises
    ------
    InputError
        When a stage fails.
    subprocess.CalledProcessError
        When one of the other ways fails.
    """
    sweep = open_sweep(params)
    drawn = random.Random(SEED).sample(list(sweep.parts), min(COUNTRIES, len(sweep.parts)))
    shared = {name for part in drawn for one in part.table.stage for name in one.processed}
    for entry in sweep.table.stage:
        if shared & set(entry.writes):
            run_stage(sweep, entry)
    asked = [(part, entry) for part in drawn for entry in part.table.stage]
    what = f"{len(drawn)} countries of the sweep"
    return {
        f"{what}, {workers} workers of the graph": _by_workers(asked, params, workers),
        f"{what}, papermill's command line in a loop": _by_papermill(asked),
        f"{what}, the cells in one Python process": _in_one_process(asked),
    }


def _by_workers(asked: list[tuple[Run, StageEntry]], params: Path, workers: int) -> float:
    started = time.perf_counter()
    words = [str(params), str(workers), *dict.fromkeys(run.name for run, _ in asked)]
    subprocess.run(
        [sys.executable, "-m", "helpers.cli.bench_sweep", *words], check=True, capture_output=True
    )
    return time.perf_counter() - started


def run_by_workers(params: Path, workers: int, names: list[str]) -> None:
    """Run the stages of some countries as the graph does that has only these.

    Parameters
    ----------
    params : Path
        The parameter file of the sweep.
    workers : int
        Processes of the graph, at least 1.
    names : list of str
        The names of the countries' runs.

    Raises
    ------
    InputError
        When a stage fails.
    """
    parts = [one for one in open_sweep(params).parts if one.name in names]
    with Workers(workers) as pool:
        asked = [(run_stage, one, entry) for one in parts for entry in one.table.stage]
        for future in [pool.submit(*one) for one in asked]:
            future.result()


def _surroundings(run: Run, out: Path) -> dict[str, str]:
    """Return the variables by which a notebook finds its tables, as a run sets them."""
    places = {IN: str(run.processed), OUT: str(out), SHARED: str(run.shared or run.processed)}
    return {**places, COUNTRY: run.params.country}


def _by_papermill(asked: list[tuple[Run, StageEntry]]) -> float:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for at, (run, entry) in enumerate(asked):
            out = Path(folder) / str(at)
            out.mkdir()
            command = [sys.executable, "-m", "papermill", str(entry.notebook), str(out / "x.ipynb")]
            command += ["--kernel", "python3", "--no-progress-bar", "--cwd", str(paths.NOTEBOOKS)]
            # Values that look like numbers stay what they are.
            command += ["--parameters_yaml", json.dumps(run.params_of(entry))]
            source = str(paths.ROOT / "src")
            surroundings = {**os.environ, **KERNEL_ENVIRONMENT, **_surroundings(run, out)}
            subprocess.run(
                command, check=True, capture_output=True, env={**surroundings, "PYTHONPATH": source}
            )
    return time.perf_counter() - started


def _in_one_process(asked: list[tuple[Run, StageEntry]]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        countries = [
            {"parameters": run.params_of(entry), "environment": _surroundings(run, Path(folder))}
            for run, entry in asked
        ]
        first, *rest = code_cells(asked[0][1].notebook)
        file = Path(folder) / "asked.json"
        file.write_text(json.dumps([first, "\n\n".join(rest), countries]), encoding="utf-8")
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", PLAIN, str(file)],
            check=True,
            capture_output=True,
            cwd=paths.NOTEBOOKS,
            env={**os.environ, **KERNEL_ENVIRONMENT, "PYTHONPATH": str(paths.ROOT / "src")},
        )
        return time.perf_counter() - started


def measure(params: str) -> dict[str, float]:
    """Return :func:`sweep_seconds` of a fresh copy of the project.

    Parameters
    ----------
    params : str
        A file of ``params/``, relative to the project.

    Returns
    -------
    dict of str to float
        What was run to its seconds.

    Raises
    ------
    subprocess.CalledProcessError
        When it fails there.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        project = copy_project(Path(folder))
        found = subprocess.run(
            [sys.executable, "-m", "helpers.cli.bench_sweep", params],
            check=True,
            cwd=project,
            env=environment(project),
            stdout=subprocess.PIPE,
            text=True,
        )
    return dict(json.loads(found.stdout.splitlines()[-1]))


if __name__ == "__main__":
    if drawn := sys.argv[3:]:
        run_by_workers(Path(sys.argv[1]), int(sys.argv[2]), drawn)
    else:
        print(json.dumps(sweep_seconds(paths.ROOT / sys.argv[1], os.cpu_count() or 1)))
