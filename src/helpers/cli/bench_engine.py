"""What ``make bench`` says of the engine: warm kernels, workers of a cluster, nothing to do.

Each ratio is of two measurements of one run of the benchmark, on the small project of the tests,
whose notebooks do little: what is seen is the engine.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.base.files import listed
from helpers.cli.fresh import environment, report
from helpers.run.kernel import COLD

LOOPBACK = "127.0.0.1"
SIDES = 8  # stages that can run at once
SHORT = "months.groupby('year')['deaths'].mean().plot(); plt.close()"
LONG = """import time
import numpy as np
begun, value = time.process_time(), np.ones(10_000)
while time.process_time() - begun < 3: value = np.sqrt(value + 1)"""
# In the project of its folder: the seconds that its stages take on the cluster, all asked for.
ASK = """
import os, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from helpers.engine import cluster
from helpers.run.run import default_params, open_run
os.environ["COMPENDIUM_PARAMS"] = str(default_params())
run = open_run(default_params())
sides = [entry for entry in run.table.stage if "side" in entry.name]
with ThreadPoolExecutor(len(sides)) as threads:
    for part in (run.table.stage[:1], sides, sides):  # what they read; to warm; to measure
        cluster.connect(sys.argv[1])  # a worker runs a stage once for each connection
        begun = time.perf_counter()
        list(threads.map(lambda entry: cluster.run_stage(run, entry), part))
        spent = time.perf_counter() - begun
        cluster.disconnect()
print(spent)
"""


def measure() -> Iterator[tuple[str, float, str, float]]:
    """Measure the engine.

    Yields
    ------
    tuple of (str, float, str, float)
        What was measured and its seconds, what it is compared with and its seconds.

    Raises
    ------
    InputError
        When a build fails.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        started, warm = (_project(folder / one, SIDES, SHORT) for one in ("started", "warm"))
        before = report(started, "--jobs", "2", extra={COLD: "1"})
        after = report(warm, "--jobs", "2")
        yield "cold report, warm kernels", after, "kernels started one by one", before
        yield "its stages alone", _stages(warm), "kernels started one by one", _stages(started)
        idle = min(report(warm) for _ in range(3))
        yield "a report with nothing to do", idle, "the cold report", after
    if importlib.util.find_spec("distributed") is None:
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        project = _project(Path(name) / "cluster", SIDES, LONG)
        one, two = (_on_workers(project, count) for count in (1, 2))
        yield f"{SIDES} stages of 3 s on two workers", two, "on one worker", one


def _project(folder: Path, sides: int, work: str) -> Path:
    """Lay out the small project of the tests, with so many stages more that do some work."""
    source = importlib.util.spec_from_file_location("tiny", paths.ROOT / "tests" / "conftest.py")
    if source is None or source.loader is None:
        raise InputError("tests/conftest.py is missing, which lays out the project; restore it")
    tiny: Any = importlib.util.module_from_spec(source)
    source.loader.exec_module(tiny)
    folder.mkdir(parents=True)
    root: Path = tiny.make_project(folder).root
    names = [f"04-side-{number}" for number in range(sides)]
    with (root / "notebooks" / "stages.toml").open("a", encoding="utf-8") as table:
        for one in names:
            table.write(f'\n[[stage]]\nname = "{one}"\nreads = ["months"]\nwrites = []\n')
    for one in names:
        cells = [f'stage = Stage("{one}")\nmonths = stage.read("months")', work, "stage.finish()"]
        tiny.write_notebook(root / "notebooks" / f"{one}.ipynb", "Side", cells)
    return root


def _stages(project: Path) -> float:
    """Return the seconds of all stages of the last run together."""
    files = listed(project / "data" / "processed" / "timings", "*.json")
    return float(sum(json.loads(one.read_text(encoding="utf-8")) for one in files))


def _on_workers(project: Path, count: int) -> float:
    """Return the seconds that the stages of a project take on so many workers."""
    with _cluster(project, count) as (address, variables):
        run = subprocess.run(
            [sys.executable, "-c", ASK, address],
            cwd=project,
            env=variables,
            capture_output=True,
            text=True,
        )
    if run.returncode:
        raise InputError(f"the stages in {project} failed on {count} workers: {run.stderr[-300:]}")
    return float(run.stdout.split()[-1])


@contextmanager
def _cluster(project: Path, count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the address of a scheduler with so many workers, and what its processes see."""
    # Packages that are not installed here but found by the present path are found there too.
    path = os.pathsep.join([str(project / "src"), *filter(None, sys.path)])
    variables = environment(project) | {"PYTHONPATH": path}
    told = project / "scheduler.json"
    words = ["--host", LOOPBACK, "--port", "0", "--no-dashboard", "--scheduler-file", str(told)]
    running = [_start("scheduler", words, project, variables)]
    try:
        until = time.monotonic() + 60
        while not told.exists() and time.monotonic() < until:
            time.sleep(0.1)
        address = json.loads(told.read_text(encoding="utf-8"))["address"]
        few = ["--host", LOOPBACK, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        running += [_start("worker", [address, *few], project, variables) for _ in range(count)]
        time.sleep(5)  # until both have come
        yield address, variables
    finally:
        for one in reversed(running):
            one.kill()
            one.wait()
        told.unlink(missing_ok=True)


def _start(
    what: str, words: list[str], project: Path, variables: dict[str, str]
) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{what}", *words],
        cwd=project,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
