"""What a run tells a person comes line by line, whoever else writes to the same terminal."""

import ast
import subprocess
import sys

import pytest

from helpers.base import paths
from helpers.base.aloud import tell

TWO = """
import os, sys
from helpers.base.aloud import tell
child = os.fork()
for _ in range(2000):
    tell("child child" if child == 0 else "parent parent")
if child:
    os.wait()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_lines_of_two_processes_stay_whole():
    run = subprocess.run([sys.executable, "-c", TWO], capture_output=True, text=True, timeout=60)
    lines = run.stderr.splitlines()
    assert len(lines) == 4000 and set(lines) == {"child child", "parent parent"}


def test_a_line_is_one_write():
    class Stream:
        written, flushed = [], 0

        def write(self, text):
            self.written.append(text)

        def flush(self):
            self.flushed += 1

    stream = Stream()
    tell("one line", stream)
    assert (stream.written, stream.flushed) == (["one line\n"], 1)


def prints_to_the_error(tree):
    """Calls of ``print`` that name a file, which write text and line end apart."""
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
        if called and any(one.arg == "file" for one in node.keywords):
            yield node.lineno


def test_nothing_else_prints_to_the_error():
    found = [
        f"{path.name}:{line}"
        for path in sorted((paths.ROOT / "src" / "helpers").rglob("*.py"))
        # The last line of a program of one process.
        if path.name != "errors.py"
        for line in prints_to_the_error(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []
