"""A forked kernel is what a started one is, shares nothing with the next, and leaves nothing."""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from importlib import metadata
from pathlib import Path

import nbformat
import papermill
import psutil
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbformat.v4 import new_code_cell, new_notebook
from run.test_execute import FINISH, NAME, OPEN, Lab, children

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.engine.graph import Workers
from helpers.run import forked, kernel, warm
from helpers.run.execute import run_stage

ENTRY = metadata.EntryPoint(
    warm.NAME, "helpers.run.warm:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME
)


@pytest.fixture(autouse=True)
def named(monkeypatch):
    """The provisioner is found whether the environment was made before it was named or after."""
    monkeypatch.setitem(KernelProvisionerFactory.instance().provisioners, warm.NAME, ENTRY)
    monkeypatch.setattr(kernel.metadata, "entry_points", lambda **_: [ENTRY])
    monkeypatch.delenv(kernel.COLD, raising=False)
    monkeypatch.setattr(warm, "_said", set())
    yield
    forked.end_mothers()


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path)
    monkeypatch.setattr(paths, "PROCESSED", tmp_path / "processed")
    return Lab(tmp_path)


def told(lab, code):
    """Return the value that a cell leaves in ``seen``."""
    return json.loads(lab.seen(f"import json\n{code}\nseen = json.dumps(seen)"))


def test_the_provisioner_is_named_for_whoever_installs_the_project():
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"][ENTRY.group] == {ENTRY.name: ENTRY.value}


WHOLE = """
import os, signal, sys, threading, time
import matplotlib, numpy, pandas
with open(os.devnull): pass
place = os.path.dirname(os.getcwd())
def open_files():
    return [os.readlink(f"/proc/self/fd/{one}") for one in os.listdir("/proc/self/fd")
            if os.path.lexists(f"/proc/self/fd/{one}")]
held, same = open_files(), 0
while same < 5:  # the channels of a client come and go at the start: half a second without change
    time.sleep(0.1)
    before, held = held, open_files()
    same = same + 1 if held == before else 0
seen = {
    "variables": sorted(one for one in os.environ.items()
                        if one[0] not in ("JPY_PARENT_PID", "COMPENDIUM_OUT")),
    "path": sys.path,
    "words": [sys.argv, sys.orig_argv, sys.executable, sys.prefix, list(sys.flags)],
    "folder": [os.getcwd(), os.path.expanduser("~"), matplotlib.get_configdir(),
               matplotlib.get_cachedir(), matplotlib.matplotlib_fname()],
    "settings": sorted((name, str(value)) for name, value in matplotlib.rcParams.items()),
    "signals": [str(signal.getsignal(one)).split(" at ")[0] for one in signal.valid_signals()],
    "threads": [sorted(one.name.split("-")[0] for one in threading.enumerate()),
                len(os.listdir("/proc/self/task"))],
    "held": sorted(one.split("[")[0] for one in held if one[:4] not in ("pipe", "/dev")),
    "session": [os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid(),
                os.getppid() == int(os.environ["JPY_PARENT_PID"])],
    "main": sorted(__import__("__main__").__dict__),
    "hash": hash("a"),
    "mask": [str(signal.pthread_sigmask(signal.SIG_BLOCK, [])), os.umask(0o22)],
    "processor": [numpy.__config__.CONFIG["SIMD Extensions"]["found"],
                  pandas.get_option("display.width")],
}
seen = json.loads(json.dumps(seen).replace(place, "PLACE"))
"""


@pytest.mark.parametrize("hung_up", [signal.SIG_DFL, signal.SIG_IGN], ids=["heard", "ignored"])
def test_it_is_like_a_started_one(lab, monkeypatch, hung_up):
    """Also where whoever started the run lets it outlive a terminal."""
    before = signal.signal(signal.SIGHUP, hung_up)
    try:
        compare(lab, monkeypatch)
    finally:
        signal.signal(signal.SIGHUP, before)


def compare(lab, monkeypatch):
    warmed = told(lab, f"{WHOLE}\nseen['preloaded'] = 'seaborn' in sys.modules")
    monkeypatch.setenv(kernel.COLD, "1")
    started = told(lab, f"{WHOLE}\nseen['preloaded'] = 'seaborn' in sys.modules")
    assert (warmed.pop("preloaded"), started.pop("preloaded")) == (True, False)
    for name, one in started.items():
        assert warmed[name] == one, name


def test_it_gives_the_bytes_of_a_started_one(lab, monkeypatch):
    draw = """import matplotlib.pyplot as plt, numpy as np, pandas as pd, seaborn
table = pd.DataFrame({"deaths": np.random.default_rng(1).poisson(9, 30)})
figure, axes = plt.subplots()
axes.plot(table["deaths"], label="Deaths"); axes.legend()
stage.figure(figure, "documents-drawn", caption="Deaths.", alt="A line.", data=table)"""
    cells = (OPEN, draw, "stage.table(table, 'documents-shown', caption='Deaths.')\ntable", FINISH)

    def made():
        run_stage(lab.run, lab.entry)
        found = [one for one in lab.run.processed.rglob("*") if one.is_file()]
        return {one.name: one.read_bytes() for one in found if one.parent.name != "timings"}

    lab.write(*cells)
    first = made()
    assert len(first) > 5 and any(name.endswith(".svg") for name in first)
    assert made() == first
    monkeypatch.setenv(kernel.COLD, "1")
    assert made() == first


LEFT = """
import os, random, signal, sys, threading, time, warnings
import matplotlib, numpy, pandas
with open(os.devnull): pass
seen = [hasattr(pandas, "left"), "LEFT" in os.environ, "left" in sys.path, "left" in sys.modules,
        signal.getitimer(signal.ITIMER_REAL)[0] > 0, matplotlib.rcParams["figure.dpi"] == 17,
        any(one.name == "left" for one in threading.enumerate()), os.path.exists("left"),
        any(one[0] == "ignore" and one[1] and one[1].pattern == "left" for one in warnings.filters),
        any(os.readlink(f"/proc/self/fd/{one}").endswith("zero")
            for one in os.listdir("/proc/self/fd") if os.path.lexists(f"/proc/self/fd/{one}"))]
pandas.left, os.environ["LEFT"] = True, "1"
sys.path.append("left"); sys.modules["left"] = sys
signal.signal(signal.SIGALRM, lambda *_: None); signal.setitimer(signal.ITIMER_REAL, 500)
matplotlib.rcParams["figure.dpi"] = 17
threading.Thread(target=time.sleep, args=[500], name="left", daemon=True).start()
open("left", "w").close(); warnings.filterwarnings("ignore", "left")
kept = os.open("/dev/zero", os.O_RDONLY)
"""


def test_nothing_of_one_reaches_the_next(lab):
    code = LEFT + "\nseen.append(os.getppid())\n"
    first, second = told(lab, code), told(lab, code)
    assert first[:-1] == second[:-1] == [False] * 10
    assert first[-1] == second[-1] != os.getpid()  # of one mother


def test_chance_is_drawn_for_each(lab):
    code = """import multiprocessing, random, uuid
import numpy
seen = [random.random(), numpy.random.random(), float(numpy.random.default_rng().random()),
        multiprocessing.current_process().authkey.hex(), uuid.uuid4().hex]"""
    first, second = told(lab, code), told(lab, code)
    assert not set(first) & set(second)


def test_the_mother_has_one_thread_and_no_code_of_ours(lab):
    code = """import os
with open(os.devnull): pass
mother = os.getppid()
with open(f"/proc/{mother}/maps") as handle: maps = handle.read()
seen = [len(os.listdir(f"/proc/{mother}/task")), "pandas" in maps, "jaxlib" in maps]"""
    assert told(lab, code) == [1, True, False]
    assert not [one for one in kernel.PRELOADED if one.split(".")[0] in ("helpers", "jax")]


def test_a_stage_whose_mother_is_killed_runs_again_with_another(lab, tmp_path, capfd):
    code = f"""import os, signal, sys, time
mark = {str(tmp_path / "mark")!r}
with open(os.devnull): pass
seen = [os.path.exists(mark), "seaborn" in sys.modules]
if not seen[0]:
    os.mkdir(mark)
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
"""
    assert told(lab, code) == [True, True]
    assert "starts anew: what its kernel came from was killed" in capfd.readouterr().err
    assert not lab.run.executed(lab.entry).with_suffix(".failed.ipynb").exists()
    assert not warm._said


def test_a_stage_that_kills_its_mother_each_time_is_told_as_a_killed_kernel(lab):
    kill = "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"
    with pytest.raises(InputError, match=f"{NAME}, cell 2: its kernel ended before the cell did"):
        lab(OPEN, kill, FINISH)
    assert lab.seen("seen = 'seaborn' in __import__('sys').modules")


def test_the_kernel_of_a_stage_comes_from_the_mother_of_the_run(lab):
    with Workers(2) as pool:
        mother = int(pool.submit(lab.seen, "import os\nseen = os.getppid()").result(60))
        assert psutil.Process(mother).ppid() == os.getpid()


def test_nothing_is_left_when_its_parent_is_killed(tmp_path):
    for moment in (0.2, 3):  # while it imports, and when it waits
        code = """
import sys, time
from helpers.run import forked, kernel, warm
mother = forked.prepared(list(kernel.PROGRAM[:-2]), list(kernel.PRELOADED), list(kernel.APART),
                       kernel.environment(kernel.Path()))
print(mother._process.pid, flush=True)
time.sleep(60)
"""
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        mother = int(process.stdout.readline())
        time.sleep(moment)
        assert mother in children(process.pid)
        process.kill()
        process.wait()
        process.stdout.close()
        assert process.stderr.read() == b""  # until the mother too has ended
        process.stderr.close()
        until = time.monotonic() + 20
        while Path(f"/proc/{mother}").exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert not Path(f"/proc/{mother}").exists() and not list(tmp_path.iterdir())


def test_a_kernel_that_nobody_asks_for_any_more_ends(lab):
    """As when a worker was killed that had asked for it."""
    mother = forked.prepared(
        list(kernel.PROGRAM[:-2]), ["ipykernel.kernelapp"], [], {"PYTHONHASHSEED": "0"}
    )
    while not mother.ready():
        time.sleep(0.01)
    order = {"env": {}, "cwd": "/", "module": "this", "arguments": [], "command": []}
    one = mother.fork(order | {"module": "asyncio"}, [0, 1, 2])
    while not (said := one.listen()):
        time.sleep(0.01)
    assert Path(f"/proc/{said['pid']}").exists()
    one.close()
    until = time.monotonic() + 10
    while Path(f"/proc/{said['pid']}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{said['pid']}").exists()


REFUSED = {
    "a module that is not there": ("no_such_module", "no_such_module could not be imported"),
    "a module that starts a thread": ("starts_thread", "leave threads behind"),
    "a module that ends the process": ("ends_process", "the process with the imports ended"),
    "a system without processes to spare": ("forks_nothing", "no process could be forked"),
}
MODULES = {
    "starts_thread": "import threading, time\n"
    "threading.Thread(target=time.sleep, args=[9], daemon=True, name='t').start()",
    "ends_process": "import os; os._exit(3)",
    "forks_nothing": "import os\ndef fork(): raise OSError(11, 'Resource temporarily unavailable')"
    "\nos.fork = fork",
    "warms": "value = 7",
}


@pytest.fixture
def anyone(tmp_path, monkeypatch):
    """Run one cell by papermill in a kernel of a specification that knows nothing of us."""
    code = tmp_path / "code"
    code.mkdir()
    for name, text in MODULES.items():
        (code / f"{name}.py").write_text(text)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    def run(module, cell, **env):
        spec = tmp_path / "kernels" / "anyone"
        spec.mkdir(parents=True, exist_ok=True)
        config = {"preload": [module], "apart": ["HOME"]}
        given = {"PYTHONHASHSEED": "0", "PYTHONPATH": str(code)} | env
        (spec / "kernel.json").write_text(
            json.dumps(
                {
                    "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                    "display_name": "anyone",
                    "language": "python",
                    "env": given,
                    "metadata": {
                        "kernel_provisioner": {"provisioner_name": warm.NAME, "config": config}
                    },
                }
            )
        )
        notebook = tmp_path / "anyone.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(cell)]), notebook)
        made = papermill.execute_notebook(
            notebook, None, kernel_name="anyone", progress_bar=False, cwd=str(tmp_path)
        )
        return made.cells[0].outputs[0].text.strip()

    return run


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_forked_is_started_and_a_line_says_why(anyone, capfd, kind):
    module, words = REFUSED[kind]
    assert anyone(module, "print(6 * 7)") == anyone(module, "print(6 * 7)") == "42"
    lines = [one for one in capfd.readouterr().err.splitlines() if "ordinary" in one]
    assert len(lines) == 1 and words in lines[0]


def test_other_systems_start_their_kernels(anyone, capfd, monkeypatch):
    monkeypatch.setattr(forked.sys, "platform", "darwin")
    assert anyone("warms", "print(6 * 7)") == "42"
    assert "cannot safely be forked on darwin" in capfd.readouterr().err


def test_anyone_can_use_it(anyone, capfd):
    cell = "import os, sys\nprint('warms' in sys.modules, os.getppid(), os.getcwd(), sys.path[0])"
    first, second = anyone("warms", cell), anyone("warms", cell)
    assert first == second and first.startswith("True ")
    assert "ordinary" not in capfd.readouterr().err
    assert anyone("warms", cell, ANYTHING="else") != first  # another mother: other variables


def test_chance_that_would_be_drawn_once_for_all_is_refused(anyone, capfd):
    assert anyone("warms", "print(6 * 7)", PYTHONHASHSEED="random") == "42"
    assert "PYTHONHASHSEED is not set" in capfd.readouterr().err


def test_an_environment_that_does_not_name_it_starts_its_kernels(lab, capfd, monkeypatch):
    monkeypatch.setattr(kernel.metadata, "entry_points", lambda **_: [])
    assert not lab.seen("seen = 'seaborn' in __import__('sys').modules")
    assert f"does not name {warm.NAME}" in capfd.readouterr().err


def test_the_varied_build_starts_its_kernels(lab, monkeypatch):
    monkeypatch.setenv("COMPENDIUM_VARIED", "terminal")
    assert not lab.seen("seen = 'seaborn' in __import__('sys').modules")


@pytest.mark.parametrize(
    ("cell", "status"),
    [("import os; os._exit(3)", 3), ("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL)],
)
def test_how_it_ended_is_told(lab, monkeypatch, cell, status):
    seen = []
    real = forked.Forked.close
    monkeypatch.setattr(forked.Forked, "close", lambda one: (seen.append(one), real(one)))
    with pytest.raises(InputError, match="its kernel ended"):
        lab(OPEN, cell, FINISH)
    assert [one.returncode for one in seen] == [status]
