"""Any exception is one line that says what to do, and what Python said goes to a log."""

import errno
import json
import os
import random
import signal
import subprocess
import zipfile
from concurrent.futures.process import BrokenProcessPool

import pytest

from helpers.base import paths
from helpers.base.errors import InputError
from helpers.cli.edge import at_edge

NUMBERS = [
    "ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EISDIR", "ENOTDIR", "EMFILE", "ENFILE",
    "ENAMETOOLONG", "ELOOP", "EIO", "ENOMEM", "EAGAIN", "ENOENT", "EBUSY", "ENODEV", "ETXTBSY",
    "ESTALE", "EEXIST",
]  # fmt: skip


def deep():
    return deep()


RAISED = {
    "text in another code": lambda: b"\xff\xfe".decode("utf-8"),
    "text that is none": lambda: "\ud800".encode(),
    "memory": lambda: (_ for _ in ()).throw(MemoryError()),
    "depth": deep,
    "a killed worker": lambda: (_ for _ in ()).throw(BrokenProcessPool("abruptly\nterminated")),
    "a command": lambda: subprocess.run(["false"], check=True),
    "a command that is not there": lambda: subprocess.run(["no-such-program-here"], check=True),
    "time": lambda: subprocess.run(["sleep", "9"], timeout=0.01, check=True),
    "a key": lambda: {}["deaths\n\x1b[31m of months"],
    "an index": lambda: [][3],
    "a name": lambda: undefined_name,  # noqa: F821
    "an attribute": lambda: None.deaths,
    "a division": lambda: 1 // 0,
    "a type": lambda: len(3),
    "a value": lambda: int("ten"),
    "an import": lambda: __import__("helpers.nowhere"),
    "a claim": lambda: (_ for _ in ()).throw(AssertionError()),
    "JSON": lambda: json.loads("{"),
    "an archive": lambda: zipfile.ZipFile(os.devnull),
    "an end": lambda: (_ for _ in ()).throw(EOFError()),
    "an iterator": lambda: next(iter([])),
    "a group": lambda: (_ for _ in ()).throw(ExceptionGroup("2", [KeyError("a"), OSError(5, "b")])),
    "an OSError without number": lambda: (_ for _ in ()).throw(OSError("cannot")),
    "a text of megabytes": lambda: (_ for _ in ()).throw(ValueError("x\n" * 2_000_000)),
    "an interrupt of nobody": lambda: (_ for _ in ()).throw(SystemError("bad call")),
}  # fmt: skip


def told(capsys, tmp_path, monkeypatch, work) -> list[str]:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert at_edge("audit", work) == 2
    said = capsys.readouterr()
    assert said.out == ""
    *errors, log = said.err.splitlines()
    assert log == "  what Python said stands in .run/audit.log"
    assert "Traceback (most recent call last)" in (tmp_path / ".run/audit.log").read_text()
    for line in errors:
        assert line.startswith("error: ") and len(line) < 2200 and line.isprintable()
        assert "Traceback" not in line
    return errors


@pytest.mark.parametrize("kind", RAISED)
def test_any_exception_is_one_line_that_says_what_to_do(capsys, tmp_path, monkeypatch, kind):
    errors = told(capsys, tmp_path, monkeypatch, RAISED[kind])
    assert len(errors) == (2 if kind == "a group" else 1)
    assert all("; " in line or "again" in line for line in errors)


@pytest.mark.parametrize("name", NUMBERS)
def test_what_the_system_refuses_names_the_file_and_what_to_do(capsys, tmp_path, monkeypatch, name):
    draw = random.Random(name)
    file = tmp_path / "data" / "".join(draw.choices(["a b", "[1]", "{x}", "é", "%20", ".csv"], k=4))

    def work():
        raise OSError(getattr(errno, name), os.strerror(getattr(errno, name)), str(file))

    [line] = told(capsys, tmp_path, monkeypatch, work)
    assert line.startswith(f"error: data/{file.name}: ")
    assert line.endswith(", then run the same command again") and "; " in line


def test_a_sentence_of_ours_needs_no_log(capsys, tmp_path, monkeypatch):
    def work():
        raise InputError("the month is 13: expected 1 to 12")

    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert at_edge("audit", work) == 2
    assert capsys.readouterr().err == "error: the month is 13: expected 1 to 12\n"
    assert not (tmp_path / ".run").exists()


class Interrupting:
    """Whoever drops it is sent Ctrl-C where Python drops exceptions too."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_that_a_clean_up_swallows_is_told_at_the_end(capsys):
    assert at_edge("report", lambda: Interrupting() and 0) == 130
    assert capsys.readouterr().err.strip().splitlines()[-1].startswith("stopped by Ctrl-C")
    assert at_edge("report", lambda: 0) == 0
