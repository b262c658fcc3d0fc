"""The workers of a run have one mother of kernels between them, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import psutil
import pytest
from run.test_execute import children

from helpers.engine.graph import Workers
from helpers.run import forked, kernel

ORDER = {"env": {}, "cwd": "/", "module": "asyncio", "arguments": [], "command": []}
KILLED = """
import sys, time
from helpers.engine.graph import Workers
from helpers.run import kernel
sys.path.append({tests!r})
kernel.metadata.entry_points = lambda **_: ["it is named"]
from engine.test_workers import born
if __name__ == "__main__":
    with Workers(2) as pool:
        held = [pool.submit(born, 60) for _ in range(2)]
        print("begun", flush=True)
        time.sleep(60)
"""


@pytest.fixture(autouse=True)
def named(monkeypatch):
    """The provisioner is found whether the environment was made before it was named or after."""
    monkeypatch.setattr(kernel.metadata, "entry_points", lambda **_: ["it is named"])
    monkeypatch.delenv(kernel.COLD, raising=False)
    yield
    forked.end_mothers()


def born(seconds=0.5):
    """Ask for a kernel, keep it for a while, and return this process and that of its mother."""
    mother = forked.prepared(
        list(kernel.PROGRAM[:-2]),
        list(kernel.PRELOADED),
        list(kernel.APART),
        kernel.environment(Path()),
    )
    while not mother.ready():
        time.sleep(0.01)
    null = os.open(os.devnull, os.O_RDWR)
    one = mother.fork(ORDER, [null, null, null])
    while not (said := one.listen()):
        time.sleep(0.01)
    parent = psutil.Process(said["pid"]).ppid()
    time.sleep(seconds)
    one.close()
    return os.getpid(), parent


def both(pool):
    """Return what two workers at once say, those of the mothers apart."""
    told = [one.result(60) for one in [pool.submit(born) for _ in range(2)]]
    workers, mothers = zip(*told)
    assert len(set(workers)) == 2 and os.getpid() not in workers
    return workers, set(mothers)


def gone(processes):
    until = time.monotonic() + 20
    while any(map(psutil.pid_exists, processes)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(psutil.pid_exists, processes))


def test_two_workers_have_one_mother_that_ends_with_the_run():
    with Workers(2) as pool:
        workers, mothers = both(pool)
        (mother,) = mothers
        assert psutil.Process(mother).ppid() == os.getpid()
    assert gone([mother, *workers])


def test_another_pool_after_a_killed_worker_has_the_same_mother():
    with Workers(2) as pool:
        workers, mothers = both(pool)
        os.kill(workers[0], signal.SIGKILL)
        time.sleep(0.5)
        others, again = both(pool)
        assert again == mothers and not set(others) & set(workers)


def test_a_killed_worker_costs_its_own_kernel_alone_at_the_mother():
    with Workers(2) as pool:
        workers, (mother,) = both(pool)
        held = pool.submit(born, 60)
        until = time.monotonic() + 20
        while not (found := children(mother)) and time.monotonic() < until:
            time.sleep(0.01)
        for one in workers:
            os.kill(one, signal.SIGKILL)
        with pytest.raises(BrokenProcessPool):
            held.result(20)
        assert found and gone(found) and psutil.pid_exists(mother)


def test_workers_start_another_mother_for_one_that_was_killed():
    with Workers(2) as pool:
        workers, (mother,) = both(pool)
        os.kill(mother, signal.SIGKILL)
        time.sleep(0.2)
        again, others = both(pool)
        assert set(again) == set(workers) and mother not in others
        assert {psutil.Process(one).ppid() for one in others} <= {*workers, os.getpid()}
    assert gone(others)


@pytest.mark.parametrize("moment", [0.5, 6])
def test_nothing_is_left_when_the_run_is_killed(tmp_path, moment):
    """While the mother imports, and while kernels run."""
    script = tmp_path / "script.py"
    script.write_text(KILLED.format(tests=str(Path(__file__).parents[1])))
    folder = tmp_path / "t"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert process.stdout.readline() == b"begun\n"
    time.sleep(moment)
    found = children(process.pid)
    assert len(found) >= 3 and list(folder.iterdir())
    process.kill()
    process.wait()
    process.stdout.close()
    assert gone(found) and not list(folder.iterdir())


ONE_KILLED = """
import os, signal, sys, time
from concurrent.futures.process import BrokenProcessPool
from helpers.base.stopping import stoppable
from helpers.engine.graph import Workers
from helpers.run import kernel
import psutil
kernel.prepare = lambda: None
if __name__ == "__main__":
    with stoppable(), Workers(2) as pool:
        busy = pool.submit(os.getpid).result()  # which may take the next call too, or wait
        held = [pool.submit(time.sleep, 60) for _ in range({held})]
        time.sleep(0.5)
        below = [one.pid for one in psutil.Process().children()]
        os.kill(sorted(below)[{which}], signal.SIG{how})
        for one in held:
            try:
                one.result(20)
            except BrokenProcessPool:
                print("noticed", flush=True)
        assert pool.submit(abs, -1).result(20) == 1
"""


@pytest.mark.parametrize("how", ["KILL", "TERM"])
@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("held", [1, 2])
def test_a_worker_that_ends_is_noticed_whether_it_worked_or_waited(tmp_path, held, which, how):
    """One that waits holds the lock of the queue on which the other would wait for ever."""
    script = tmp_path / "script.py"
    script.write_text(ONE_KILLED.format(held=held, which=which, how=how))
    run = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.split() == ["noticed"] * held


NOTICED = """
import sys, time
from pathlib import Path
import pytask
import helpers.engine.graph
folder = Path(sys.argv[1])
pytask.build(paths=folder, n_workers=2, parallel_backend="threads", capture="no")
print("late", time.monotonic() - float((folder / "ended").read_text()))
"""


def test_the_engine_notices_at_once_that_a_task_has_ended(tmp_path):
    """By itself it would sleep for up to a second, however many tasks wait."""
    task = """import time
from pathlib import Path
def task_one():
    time.sleep(1.1)
    Path(__file__).with_name("ended").write_text(str(time.monotonic()))
"""
    (tmp_path / "task_one.py").write_text(task)
    run = subprocess.run(
        [sys.executable, "-c", NOTICED, str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(run.stdout.split()[-1]) < 0.4
