"""Stages on a real Dask scheduler and real workers on loopback; one worker is killed on the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import SIDE, Project, write_notebook
from engine.test_products import built_files

from helpers.cli.fresh import environment
from helpers.engine.cluster import EVERY

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.faults  # real schedulers and workers: two minutes
PACKAGES = str(Path(distributed.__file__).parents[1])
MARKED = """from pathlib import Path
import time
marks = Path({folder!r})
with (marks / "{name}-begun").open("a") as handle: handle.write("x")
time.sleep({seconds})"""
DONE = """with (marks / "{name}-done").open("a") as handle: handle.write("x")
stage.finish()"""


def variables(root):
    """The environment of a process that finds the project of a folder, and Dask."""
    return environment(root) | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{PACKAGES}"}


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder):
        self.folder, self.running = folder, []
        self.file = folder / "scheduler.json"
        self.start(
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            self.file,
        )
        until = time.monotonic() + 60
        while not self.file.exists() and time.monotonic() < until:
            time.sleep(0.1)
        self.address = json.loads(self.file.read_text())["address"]

    def start(self, what, *words, root=None, **env):
        log = (self.folder / f"{what}-{len(self.running)}.log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *map(str, words)],
            cwd=root or self.folder,
            env=(variables(root) if root else variables(self.folder)) | env,
            stdout=log,
            stderr=log,
        )
        log.close()
        self.running.append(process)
        return process

    def worker(self, root, **env):
        return self.start(
            "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
            "--no-dashboard", "--local-directory", self.folder, root=root, **env,
        )  # fmt: skip

    def close(self):
        for process in reversed(self.running):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.close()


def marked(root, marks, seconds):
    """Let each side of the tiny project count its beginnings and its ends."""
    for name, key in (("02-left", "left"), ("03-right", "right")):
        cells = [text.format(name=name, key=key) for text in SIDE[:-1]]
        begun = MARKED.format(folder=str(marks), name=name, seconds=seconds)
        cells = [cells[0], begun, *cells[1:], DONE.format(name=name)]
        write_notebook(root / f"notebooks/{name}.ipynb", key.title(), cells)


def report(root, address=None):
    words = ["--scheduler", address] if address else ["--jobs", "1"]
    return subprocess.Popen(
        [sys.executable, "-m", "helpers.cli", "report", *words],
        cwd=root,
        env=variables(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process):
    out, error = process.communicate(timeout=300)
    assert process.returncode == 0, error
    return out, error


def begun(running, marks):
    """Wait until both sides run, each on a worker of its own."""
    until = time.monotonic() + 120
    while len(list(marks.iterdir())) < 2 and time.monotonic() < until:
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.05)
    assert counts(marks) == {"02-left-begun": 1, "03-right-begun": 1}


def counts(marks):
    return {one.name: len(one.read_text()) for one in sorted(marks.iterdir())}


@pytest.fixture
def serial(built, tmp_path):
    """The bytes of a serial run, with notebooks that count."""
    marks = tmp_path / "marks"
    marks.mkdir()
    marked(built.root, marks, 4)
    shutil.copytree(built.root, tmp_path / "twin")
    finished(report(built.root))
    for one in marks.iterdir():
        one.unlink()
    return built.root, tmp_path / "twin", marks


def test_a_killed_worker_costs_its_own_stage_alone(serial, cluster):
    """The twin sees one folder with its workers; what had ended does not run again."""
    expected, root, marks = serial
    workers = [cluster.worker(root) for _ in range(2)]
    running = report(root, cluster.address)
    begun(running, marks)
    workers[0].kill()
    out, error = finished(running)
    found = counts(marks)
    assert found.pop("02-left-done") == found.pop("03-right-done") == 1
    assert sorted(found.values()) == [1, 2]  # that of the killed worker began once more
    assert built_files(root) == built_files(expected)
    assert "ran 02-left, 03-right" in out or "ran 03-right, 02-left" in out
    assert "done by a worker" in error
    assert not [one for one in (root / "data/processed").iterdir() if one.name.startswith(".0")]
    assert "nothing had changed" in finished(report(root))[0]


def test_a_run_whose_workers_are_all_gone_says_so_once_and_goes_on_with_the_next(serial, cluster):
    _, root, marks = serial
    workers = [cluster.worker(root) for _ in range(2)]
    running = report(root, cluster.address)
    begun(running, marks)
    for worker in workers:
        worker.kill()
    said, until = [], time.monotonic() + 60
    while not any("no worker any more" in line for line in said) and time.monotonic() < until:
        said.append(running.stderr.readline())
    time.sleep(2.5 * EVERY)  # both stages look again, and have nothing new to say
    assert running.poll() is None
    cluster.worker(root)
    _, rest = finished(running)
    every = "".join(said) + rest
    assert every.count("no worker any more") == 1 and cluster.address in every
    assert every.count("done by a worker") >= 2


def test_workers_with_a_copy_of_their_own_send_the_bytes_back(serial, cluster, tmp_path):
    expected, root, marks = serial
    for number in range(2):
        other = tmp_path / f"other-{number}" / "project"
        shutil.copytree(root, other)
        for name in ("data/processed", "book/_build", ".pytask", ".run"):
            shutil.rmtree(other / name)
        cluster.worker(other)
    (root / "data/processed/stages/02-left.json").write_text("{}")
    finished(report(root, cluster.address))
    assert counts(marks) == {
        f"{name}-{what}": 1 for name in ("02-left", "03-right") for what in ("begun", "done")
    }
    assert built_files(root) == built_files(expected)
    assert "nothing had changed" in finished(report(root))[0]


def refused(process):
    _out, error = process.communicate(timeout=300)
    assert process.returncode == 2, error
    said = [line for line in error.splitlines() if line.startswith("error: ")]
    assert len(said) == 1 and "Traceback" not in error, error
    return said[0]


def test_a_scheduler_that_dies_is_one_sentence_and_the_next_run_goes_on(serial, cluster):
    expected, root, marks = serial
    for _ in range(2):
        cluster.worker(root)
    running = report(root, cluster.address)
    begun(running, marks)
    cluster.running[0].kill()
    assert f"the Dask scheduler at {cluster.address} is gone" in refused(running)
    finished(report(root))
    assert built_files(root) == built_files(expected)


def test_ctrl_c_ends_a_run_on_a_cluster_and_the_next_goes_on(serial, cluster):
    expected, root, marks = serial
    for _ in range(2):
        cluster.worker(root)
    running = report(root, cluster.address)
    begun(running, marks)
    running.send_signal(signal.SIGINT)
    _out, error = running.communicate(timeout=20)
    assert running.returncode == 130
    assert error.splitlines()[-1].startswith("stopped by Ctrl-C") and "Traceback" not in error
    finished(report(root, cluster.address))
    assert built_files(root) == built_files(expected)


def test_a_worker_with_other_parameters_is_one_sentence(built, cluster, tmp_path):
    other = tmp_path / "other" / "project"
    shutil.copytree(built.root, other)
    shutil.rmtree(other / ".run")
    (params,) = (other / "params").glob("*.yml")
    params.write_text(params.read_text().replace("seed: 1", "seed: 2"))
    cluster.worker(other)
    (built.root / "data/processed/stages/02-left.json").write_text("{}")
    assert "has another set of parameters" in refused(report(built.root, cluster.address))


def test_a_scheduler_that_does_not_answer_is_one_sentence(built):
    (built.root / "book/index.md").write_text("# Tiny\n")
    said = refused(report(built.root, "tcp://127.0.0.1:9"))
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in said
    said = refused(report(built.root, "nowhere://x"))
    assert "is named as 'nowhere://x'; expected tcp://host:port" in said


@pytest.mark.parametrize(
    ("name", "words"),
    [("src/helpers/clean/totals.py", "has code"), ("requirements.lock", "has lock")],
)
def test_a_worker_of_another_commit_is_one_sentence(built, cluster, tmp_path, name, words):
    other = tmp_path / "other" / "project"
    shutil.copytree(built.root, other)
    (other / name).write_bytes((other / name).read_bytes() + b"\n")
    cluster.worker(other)
    (built.root / "book/index.md").write_text("# Tiny\n")
    assert words in refused(report(built.root, cluster.address))


def test_a_worker_of_another_python_is_told_apart():
    from helpers.engine.there import code, differing

    here = code()
    assert differing(here, here) == ""
    assert "Python 3.99.1, and the run has" in differing(here | {"Python": "3.99.1"}, here)


def test_a_stage_that_fails_there_is_told_as_one_that_fails_here(built, cluster):
    project = Project(built.root)
    notebook = built.root / "notebooks/02-left.ipynb"
    text = notebook.read_text().replace('"stage.finish()"', '"1/0"')
    notebook.write_text(text)
    here = project.report()
    cluster.worker(built.root)
    there = refused(report(built.root, cluster.address))
    assert there in here.stderr and "ZeroDivisionError" in there
