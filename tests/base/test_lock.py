"""One at a time on a folder: who waits is told for whom, and a dead holder is no obstacle."""

import os
import subprocess
import sys
import time

HOLD = """
import pathlib, sys, time
from helpers.base.lock import alone
with alone(pathlib.Path(sys.argv[1]), sys.argv[2]):
    print("holds", flush=True)
    time.sleep(float(sys.argv[3]))
    print("ends", time.time(), flush=True)
"""


def start(lock, verb: str, seconds: float = 0) -> subprocess.Popen:
    words = [sys.executable, "-c", HOLD, str(lock), verb, str(seconds)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_second_waits_and_says_for_whom(tmp_path):
    lock = tmp_path / "[1] {a} %20" / "tree.lock"
    first = start(lock, "calibrate", 1)
    assert first.stdout.readline() == "holds\n"
    said = start(lock, "report").communicate(timeout=60)
    assert f"waiting for calibrate (process {first.pid} on" in said[1]
    assert said[0].startswith("holds\nends")
    ended = float(first.communicate(timeout=60)[0].split()[1])
    assert float(said[0].split()[2]) >= ended


def test_a_dead_holder_is_no_obstacle(tmp_path):
    lock = tmp_path / "tree.lock"
    first = start(lock, "verify", 60)
    assert first.stdout.readline() == "holds\n"
    first.kill()
    first.communicate()
    assert start(lock, "report").communicate(timeout=60)[1] == ""
    assert lock.read_text() == ""


def test_a_lock_that_is_removed_while_one_waits_still_keeps_the_others_out(tmp_path):
    lock = tmp_path / "tree.lock"
    first = start(lock, "verify", 1)
    first.stdout.readline()
    second = start(lock, "report", 1.5)
    while "waiting" not in second.stderr.readline():
        time.sleep(0.01)
    os.unlink(lock)
    assert second.stdout.readline() == "holds\n"
    third = start(lock, "clean")
    assert "waiting for report" in third.communicate(timeout=60)[1]
    assert second.wait(60) == 0 and first.wait(60) == 0
