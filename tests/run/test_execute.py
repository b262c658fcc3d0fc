"""One stage in a kernel: what counts as done, what reaches the kernel, and what stops it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.base import limits, paths
from helpers.base.errors import InputError
from helpers.run import client, kernel
from helpers.run.cells import read_python
from helpers.run.execute import drop_leftovers, run_stage
from helpers.run.run import default_params, open_run

NAME = "09-documents"
OPEN = f'from helpers.run.stage import Stage\nstage = Stage("{NAME}")'
RECORD = 'stage.record("documents.tried", {}, unit="n", source="made up")'
FINISH = "stage.finish()"


class Lab:
    """One stage of the table with a notebook of its own and folders of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.run = open_run(default_params())
        self.entry = self.run.table[NAME]

    def write(self, *cells):
        made = [one if isinstance(one, dict) else new_code_cell(one) for one in cells]
        whole = self.folder / "whole.ipynb"
        nbformat.write(new_notebook(cells=made), whole)
        whole.replace(self.folder / f"{NAME}.ipynb")

    def __call__(self, *cells):
        """Run a notebook of these cells and return what it recorded."""
        self.write(*cells)
        run_stage(self.run, self.entry)
        return self.recorded()

    def recorded(self):
        results = json.loads(self.run.manifest(self.entry).read_text())["results"]
        return {key.split(".")[1]: one["value"] for key, one in results.items()}

    def seen(self, code):
        """Return the value of an expression in the kernel."""
        return self(OPEN, code, RECORD.format("seen"), FINISH)["tried"]


@pytest.fixture
def lab(tmp_path, monkeypatch):
    folder = tmp_path / "x[1] {a}"  # neither a pattern nor a template
    folder.mkdir()
    monkeypatch.setattr(paths, "NOTEBOOKS", folder)
    monkeypatch.setattr(paths, "PROCESSED", folder / "processed")
    return Lab(folder)


def tagged(code, *tags):
    return new_code_cell(code, metadata={"tags": list(tags)})


BAD = {
    "a cell leaves": ([OPEN, "import sys; sys.exit()", FINISH], "cell 2 ended with SystemExit"),
    "the last cell leaves": ([OPEN, f"{FINISH}\nraise SystemExit(0)"], "ended with SystemExit"),
    "the process leaves": ([OPEN, "import os; os._exit(0)", FINISH], "its kernel ended"),
    "it leaves past finish": ([OPEN, f"{FINISH}; import os; os._exit(0)"], "its kernel ended"),
    "it is killed": ([OPEN, "import os; os.kill(os.getpid(), 9)", FINISH], "its kernel ended"),
    "it asks to leave": ([OPEN, "quit()", FINISH], "cell [3] is its last"),
    "an error is excused": ([OPEN, tagged("1/0", "raises-exception"), FINISH], "division by zero"),
    "no finish": ([OPEN, RECORD.format(1)], "without stage.finish()"),
    "another program": ([OPEN, f"%%script true\n{FINISH}"], "it starts another program"),
    "no code": ([], "has no code"),
    "cells past finish": ([OPEN, FINISH, "x = 1"], "cell [2], but cell [3] is its last"),
    "recorded past finish": ([OPEN, f"{FINISH}\n{RECORD.format(1)}"], "goes on after"),
    "two stages": ([OPEN, f'other = Stage("{NAME}")', FINISH], "opens its stage twice"),
    "another stage": ([OPEN.replace(NAME, "09-claims"), FINISH], "opens the stage '09-claims'"),
    "counted anew": ([OPEN, "get_ipython().execution_count = 7", FINISH], "in its turn"),
    "written past finish": (
        [OPEN, f"{FINISH}\nopen(stage._out / 'x.parquet', 'w').close()"],
        "x.parquet was written past",
    ),
    "undeclared": ([OPEN, f"open(stage._out / 'x.csv', 'w').close()\n{FINISH}"], "not declare"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_stage_that_did_not_come_to_its_end_is_refused_and_leaves_the_outputs(lab, kind):
    lab.run.manifest(lab.entry).parent.mkdir(parents=True)
    lab.run.manifest(lab.entry).write_text("what the last run recorded")
    cells, words = BAD[kind]
    with pytest.raises(InputError) as told:
        lab(*cells)
    assert words in str(told.value) and NAME in str(told.value) and "\n" not in str(told.value)
    assert lab.run.manifest(lab.entry).read_text() == "what the last run recorded"
    assert not [one for one in lab.run.processed.iterdir() if one.name.startswith(".")]


def test_the_kernel_is_the_same_for_every_user(lab, tmp_path, monkeypatch):
    for name in ("helpers", "pandas", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "matplotlibrc").write_text("figure.dpi: 17")
    personal = {"PYTHONPATH": tmp_path, "MATPLOTLIBRC": tmp_path, "MPLCONFIGDIR": tmp_path}
    personal |= {"JUPYTER_PATH": tmp_path, "PYTHONSTARTUP": tmp_path / "pandas.py", "ANYTHING": 1}
    personal |= {"PYTHONHASHSEED": 7, "PYTHONOPTIMIZE": 2, "HOME": tmp_path, "IPYTHONDIR": tmp_path}
    for name, text in personal.items():
        monkeypatch.setenv(name, str(text))
    monkeypatch.chdir(tmp_path)
    code = """import os, sys, json
import matplotlib
import helpers, pandas
with open(os.devnull): pass
seen = json.dumps([sorted(os.environ), "" in sys.path, matplotlib.rcParams["figure.dpi"],
    hash("a"), helpers.__file__, sys.flags.optimize])"""
    names, here, dpi, _hash, file, optimize = json.loads(lab.seen(code))
    assert (
        not here and dpi == 100 and optimize == 0 and Path(file).parent.parent.parent == paths.ROOT
    )
    allowed = {*kernel.environment(Path()), "JPY_PARENT_PID", "COMPENDIUM_IN", "COMPENDIUM_OUT"}
    allowed |= {
        "COMPENDIUM_COUNTRY",
        "COMPENDIUM_STAGE",
        "COMPENDIUM_WATCH",
        "PYDEVD_USE_FRAME_EVAL",
        "TERM",
    }
    allowed |= {"CLICOLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "PAGER", "GIT_PAGER"}
    assert set(names) <= allowed


def test_a_long_temporary_folder_does_not_stop_the_sockets(lab, tmp_path, monkeypatch):
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert lab.seen("seen = 1") == 1


def test_a_kernel_opens_no_port(lab):
    code = """import os, re
from pathlib import Path
held = {os.readlink(f"/proc/self/fd/{one}") for one in os.listdir("/proc/self/fd")
        if os.path.lexists(f"/proc/self/fd/{one}")}
sockets = {one[8:-1] for one in held if one.startswith("socket:[")}
lines = [line for kind in ("tcp", "tcp6", "udp", "udp6")
         for line in Path(f"/proc/self/net/{kind}").read_text().splitlines()[1:]]
ports = [line for line in lines if line.split()[9] in sockets]
seen = f"{len(sockets) > 3} {len(ports)}\""""
    assert lab.seen(code) == "True 0"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("while True: pass", "ran longer than 2 seconds"),
        ("import time\ntime.sleep(60)", "ran longer than 2 seconds"),
        ("while True: print('x' * 1000)", "shows more than 100 kilobytes"),
        ("print('x' * 10**6)", "shows more than 100 kilobytes"),
        ("import sys\nprint('x' * 10**6, file=sys.stderr)", "shows more than 100 kilobytes"),
        ("'x' * 10**6", "shows more than 100 kilobytes"),
        ("from IPython.display import HTML\nHTML('x' * 10**6)", "shows more than 100 kilobytes"),
    ],
)
def test_a_cell_that_exceeds_a_limit_is_stopped(lab, monkeypatch, cell, words):
    small = limits.Limits(cell_seconds=2, output_kilobytes=100)
    monkeypatch.setattr(client, "limits", lambda: small)
    started = time.monotonic()
    with pytest.raises(InputError, match=f"{NAME}, cell 2: it {words}"):
        lab(OPEN, cell, FINISH)
    assert time.monotonic() - started < 30


def test_what_was_hashed_is_what_was_run(lab):
    """An edit at any moment of the run drops what was made; the next one is made of the edit."""
    lab(OPEN, RECORD.format(1), FINISH)
    for value, moment in ((2, 0.0), (3, 0.4), (4, 1.5)):
        lab.write(OPEN, "import time; time.sleep(1)", RECORD.format(1), FINISH)
        edit = (OPEN, RECORD.format(value), FINISH)
        timer = threading.Timer(moment, lab.write, edit)
        timer.start()
        try:
            run_stage(lab.run, lab.entry)
        except InputError as error:
            assert "was edited while 09-documents ran" in str(error) and lab.recorded() != value
        timer.join()
        run_stage(lab.run, lab.entry)
        assert lab.recorded() == {"tried": value}


def test_nothing_of_a_killed_run_stays(lab, tmp_path):
    """Neither kernel nor its workers nor their folders outlive the process that started them."""
    sleep = "import time\nfrom joblib import Parallel, delayed\n"
    sleep += "Parallel(2)(delayed(time.sleep)(120) for _ in range(2))"
    lab.write(OPEN, sleep, FINISH)
    code = f"""
from helpers.base import paths
from pathlib import Path
paths.NOTEBOOKS = Path({str(lab.folder)!r}); paths.PROCESSED = paths.NOTEBOOKS / "processed"
from helpers.run.execute import run_stage
from helpers.run.run import default_params, open_run
run = open_run(default_params())
run_stage(run, run.table["{NAME}"])
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    for line in process.stderr:
        if b"cell 2" in line:
            break
    time.sleep(2)
    kernels = children(process.pid)
    assert len(kernels) > 3  # kernel, guard, workers
    run = lab.run
    drop_leftovers(run)  # of another process: in use
    assert [one for one in run.processed.iterdir() if one.name.startswith(".")]
    process.send_signal(signal.SIGKILL)
    process.wait()
    for _ in range(50):
        if not any(Path(f"/proc/{one}").exists() for one in kernels):
            break
        time.sleep(0.1)
    assert not any(Path(f"/proc/{one}").exists() for one in kernels)
    drop_leftovers(run)
    assert not [one for one in run.processed.iterdir() if one.name.startswith(".")]


def children(pid):
    """Return the processes that descend from one."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("x = 1\ny = = 2", "cell 2, line 2: invalid syntax"),
        ("def f(:\n  pass", "cell 2, line 1"),
        ("x = '", "cell 2, line 1: unterminated string"),
        ("x = \0", "cell 2, line 1"),
        ("%%capture\nx = 1", ""),
        ("%matplotlib inline\nls = !ls\nx?", ""),
        ("  x = 1\n  y = 2", ""),
        ("await f()", ""),
    ],
)
def test_cells_are_read_as_ipython_reads_them(lab, cell, words):
    lab.write("x = 1", cell)
    notebook = lab.folder / f"{NAME}.ipynb"
    if words:
        with pytest.raises(InputError, match=f"{NAME}.ipynb, {words}"):
            read_python(notebook)
    else:
        assert len(read_python(notebook)) == 2


@pytest.mark.parametrize(
    "cell", ["%time x = 1", "x = 1\n%timeit x", "%%time\nx = 1", "y = %time 2"]
)
def test_a_magic_that_shows_times_is_refused_by_cell(tmp_path, cell):
    notebook = tmp_path / "03-one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[tagged("x = 0"), tagged(cell)]), notebook)
    with pytest.raises(InputError, match=r"03-one\.ipynb, cell 2: %time(it)? shows how long"):
        read_python(notebook)
