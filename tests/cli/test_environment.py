"""An environment counts when it is to the file what was installed; else it is made anew, once."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import packaging
import pytest

from helpers.base import paths
from helpers.cli import bootstrap

BOOTSTRAP = Path("src/helpers/cli/bootstrap.py")
LOCK = """packaging==1 \\
    --hash=sha256:00
one-thing==1.5 ; python_full_version >= '3.8' \\
    --hash=sha256:00
two==2.0 \\
    --hash=sha256:00
elsewhere==3 ; sys_platform == 'nowhere' \\
    --hash=sha256:00
"""
# Stands for pip: it takes a while, and says how often it began and ended.
PIP = """import pathlib, sys, time
told = pathlib.Path({log!r})
with told.open("a") as file: file.write("began\\n")
time.sleep({seconds})
with told.open("a") as file: file.write("ended\\n")
"""


def describe(packages: Path, name: str, version: str, files: list[Path]) -> None:
    """Write what pip would write down of a package."""
    info = packages / f"{name}-{version}.dist-info"
    info.mkdir()
    rows = []
    for path in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest())
        told = f"sha256={digest.rstrip(b'=').decode()}"
        rows.append(f"{os.path.relpath(path, packages)},{told},{path.stat().st_size}")
    (info / "RECORD").write_text("\n".join([*rows, f"{info.name}/RECORD,,"]) + "\n")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with an environment of four small packages."""
    root = tmp_path_factory.mktemp("made") / "a project"
    (root / BOOTSTRAP.parent).mkdir(parents=True)
    shutil.copy(paths.ROOT / BOOTSTRAP, root / BOOTSTRAP)
    (root / "src/helpers/__init__.py").write_text("")
    (root / "pyproject.toml").write_text('[project]\nname = "The.project"\n')
    (root / "requirements.lock").write_text(LOCK)
    command = [sys.executable, "-I", "-m", "venv", "--without-pip", str(root / ".venv")]
    subprocess.run(command, check=True)
    [packages] = (root / ".venv/lib").glob("*/site-packages")
    shutil.copytree(Path(packaging.__file__).parent, packages / "packaging")
    shutil.rmtree(packages / "packaging/__pycache__", ignore_errors=True)
    describe(packages, "packaging", "1", sorted((packages / "packaging").rglob("*.py")))
    for name, version in (("one_thing", "1.5"), ("two", "2.0")):
        (packages / name).mkdir()
        files = [packages / name / "__init__.py", root / ".venv/bin" / name]
        for path in files:
            path.write_text("VALUE = 1\n")
        describe(packages, name, version, files)
    pth = packages / "__editable__.pth"
    pth.write_text(f"{root / 'src'}\n")
    describe(packages, "the_project", "0", [pth])
    (root / ".venv/installed.txt").write_text("done")
    return root


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """A copy of that project under its own name, so that the bootstrap finds it."""
    root = tmp_path / "project"
    shutil.copytree(made, root, symlinks=True)
    [packages] = (root / ".venv/lib").glob("*/site-packages")
    (packages / "__editable__.pth").write_text(f"{root / 'src'}\n")
    shutil.rmtree(packages / "the_project-0.dist-info")
    describe(packages, "the_project", "0", [packages / "__editable__.pth"])
    (root / ".venv/installed.txt").touch()
    for name, path in (("ROOT", ""), ("VENV", ".venv"), ("LOCK", "requirements.lock")):
        monkeypatch.setattr(bootstrap, name, str(root / path))
    monkeypatch.setattr(bootstrap, "STAMP", str(root / ".venv/installed.txt"))
    return root, packages


def edit_later(path: Path, text: str) -> None:
    """Edit a file as somebody does after the installation."""
    path.write_text(text)
    os.utime(path, (time.time() + 60, time.time() + 60))


SPOILT = {
    "the interpreter is gone": lambda root, packages: (root / ".venv/bin/python").unlink(),
    "the interpreter leads nowhere": lambda root, packages: (
        (root / ".venv/bin/python").unlink(),
        (root / ".venv/bin/python").symlink_to("/nowhere/python3"),
    ),
    "the interpreter is a text": lambda root, packages: (
        (root / ".venv/bin/python").unlink(),
        (root / ".venv/bin/python").write_text("python"),
    ),
    "the interpreter is the system's": lambda root, packages: (root / ".venv/pyvenv.cfg").unlink(),
    "all packages are gone": lambda root, packages: shutil.rmtree(packages),
    "a package with a condition is gone": lambda root, packages: (
        shutil.rmtree(packages / "one_thing"),
        shutil.rmtree(packages / "one_thing-1.5.dist-info"),
    ),
    "a package is there in another version": lambda root, packages: (
        packages / "two-2.0.dist-info"
    ).rename(packages / "two-2.1.dist-info"),
    "a package is there twice": lambda root, packages: shutil.copytree(
        packages / "two-2.0.dist-info", packages / "two-1.9.dist-info"
    ),
    "a package is not in the lock": lambda root, packages: describe(packages, "more", "1", []),
    "the files of a package are gone": lambda root, packages: shutil.rmtree(packages / "two"),
    "a script of a package is gone": lambda root, packages: (root / ".venv/bin/two").unlink(),
    "a file is emptied": lambda root, packages: (packages / "two/__init__.py").write_text(""),
    "a file is edited": lambda root, packages: edit_later(
        packages / "two/__init__.py", "VALUE = 2\n"
    ),
    "a description is gone": lambda root, packages: (
        packages / "two-2.0.dist-info/RECORD"
    ).unlink(),
    "a description is cut": lambda root, packages: (
        packages / "two-2.0.dist-info/RECORD"
    ).write_bytes(b"two/__init__.py,sha256=x,\xff\n"),
    "a module of nobody": lambda root, packages: (packages / "sitecustomize.py").write_text(""),
    "a path of nobody": lambda root, packages: (packages / "mine.pth").write_text("/tmp\n"),
    "the project is that of another folder": lambda root, packages: (
        (packages / "__editable__.pth").write_text(f"{packages}\n"),
        (packages / "helpers").mkdir(),
        (packages / "helpers/__init__.py").write_text(""),
    ),
    "the project is not installed": lambda root, packages: (packages / "__editable__.pth").unlink(),
    "the lock has one package more": lambda root, packages: (root / "requirements.lock").write_text(
        LOCK + "three==3 \\\n    --hash=sha256:00\n"
    ),
}


def test_a_sound_environment_is_none_of_the_spoilt_ones(place):
    _, packages = place
    assert bootstrap.spoilt() == ""
    (packages / "two/__pycache__").mkdir()
    (packages / "two/__pycache__/x.pyc").write_text("compiled")
    (packages / ".DS_Store").write_text("left by a system")
    os.utime(packages / "two/__init__.py")  # touched, and the same
    assert bootstrap.spoilt() == ""


@pytest.mark.parametrize("way", SPOILT)
def test_a_spoilt_environment_is_noticed(place, way):
    SPOILT[way](*place)
    assert bootstrap.spoilt() != ""


def begin(root: Path) -> subprocess.Popen:
    command = [sys.executable, "-I", str(root / BOOTSTRAP)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)


def with_pip(root: Path, seconds: float) -> Path:
    """Let the environment be made without a network: its pip waits and writes down that it ran."""
    log = root / "pip.log"
    text = (root / BOOTSTRAP).read_text()
    stub = root / "pip.py"
    stub.write_text(PIP.format(log=str(log), seconds=seconds))
    text = text.replace('"-m",\n        "pip",', f"{str(stub)!r},")
    text = text.replace('"-m", "venv", "--clear"', '"-m", "venv", "--without-pip", "--clear"')
    # What this pip installs is nothing, so whether it is whole is not the question here.
    text = text.replace("def spoilt():", 'def spoilt():\n    return ""\n\n\ndef really_spoilt():')
    (root / BOOTSTRAP).write_text(text)
    return log


def test_two_at_once_install_once_and_the_second_waits(place):
    root, _ = place
    log = with_pip(root, 0.6)
    running = [begin(root) for _ in range(3)]
    said = [one.communicate(timeout=60)[1] for one in running]
    assert [one.returncode for one in running] == [0, 0, 0], said
    assert log.read_text() == "began\nended\n" * 2  # the lock, and the project
    assert sum("waiting for another make" in text for text in said) == 2


def test_a_killed_installation_is_done_again_when_what_it_started_has_ended(place):
    root, _ = place
    log = with_pip(root, 1.0)
    first = begin(root)
    while not log.exists():
        time.sleep(0.02)
    os.kill(first.pid, 9)
    first.communicate()
    assert not (root / ".venv/installed.txt").exists()
    second = begin(root)
    said = second.communicate(timeout=60)[1]
    assert second.returncode == 0 and "waiting for another make" in said
    assert log.read_text() == "began\nended\n" * 3
    assert begin(root).wait(60) == 0 and log.read_text() == "began\nended\n" * 3
