"""The environment: one sentence when it cannot be made, and nothing done twice."""

import shutil
import subprocess
import sys

import pytest

from helpers.base import paths
from helpers.cli import bootstrap


def stopped(capsys, call, *arguments):
    with pytest.raises(SystemExit) as stop:
        call(*arguments)
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and said.count("\n") == 1
    return said


@pytest.mark.parametrize(("version", "word"), [((3, 10, 2), "old"), ((3, 14, 0), "new")])
def test_a_wrong_python_is_refused(capsys, monkeypatch, version, word):
    monkeypatch.setattr(bootstrap.sys, "version_info", version)
    assert f"too {word}" in stopped(capsys, bootstrap.main)


def test_a_missing_venv_module_is_named(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "STAMP", str(tmp_path / "none"))
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    assert "no venv module" in stopped(capsys, bootstrap.main)


def test_an_index_that_cannot_be_reached_is_one_sentence(tmp_path):
    """A real environment, a real pip, and an index at a closed local port."""
    root = tmp_path / "project"
    (root / "src/helpers/cli").mkdir(parents=True)
    shutil.copy(paths.ROOT / "src/helpers/cli/bootstrap.py", root / "src/helpers/cli")
    (root / "requirements.lock").write_text("six==1.17.0 --hash=sha256:" + "0" * 64 + "\n")
    run = subprocess.run(
        [sys.executable, "-I", str(root / "src/helpers/cli/bootstrap.py")],
        capture_output=True,
        text=True,
        env={
            "PATH": "/usr/bin:/bin",
            "PIP_INDEX_URL": "http://127.0.0.1:9/nothing",
            "HOME": str(tmp_path),
            "PIP_RETRIES": "0",
            "PIP_CONFIG_FILE": "/dev/null",
        },
    )
    assert run.returncode == 2
    assert run.stderr.splitlines()[-1].startswith("error: the package index could not be reached")
    assert not (root / ".venv/installed.txt").exists()


def test_nothing_is_installed_when_the_lock_is_the_same(monkeypatch, tmp_path):
    stamp = tmp_path / "installed.txt"
    stamp.write_text(bootstrap.wanted())
    monkeypatch.setattr(bootstrap, "STAMP", str(stamp))
    monkeypatch.setattr(bootstrap, "spoilt", lambda: "")
    monkeypatch.setattr(bootstrap, "pip", lambda *arguments: pytest.fail("pip was called"))
    bootstrap.main()


def test_the_lock_has_hashes_and_no_address():
    text = paths.LOCK.read_text()
    assert "://" not in text
    assert text.count("==") <= text.count("--hash=sha256:")


def test_an_environment_that_is_a_link_is_refused_and_what_it_leads_to_kept(
    capsys, monkeypatch, tmp_path
):
    kept = tmp_path / "another/bin/python"
    kept.parent.mkdir(parents=True)
    kept.write_text("x")
    (tmp_path / ".venv").symlink_to(tmp_path / "another")
    monkeypatch.setattr(bootstrap, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(bootstrap, "STAMP", str(tmp_path / ".venv/installed.txt"))
    assert ".venv is a link" in stopped(capsys, bootstrap.main)
    assert kept.read_text() == "x"
