"""Other Pythons and newer packages: what is not there is said, what moved is named."""

import pytest

from helpers.base.errors import InputError
from helpers.cli import across


def test_a_python_that_is_not_there_is_said_and_newer_packages_only_warn(monkeypatch):
    monkeypatch.setattr(across.shutil, "which", lambda name: None)

    def fails(*_, **__):
        raise InputError("no solution")

    monkeypatch.setattr(across, "_built", fails)
    *pythons, newest = across.across()
    assert [one.said for one in pythons] == ["not there, so not tried"] * 3
    assert not newest.locked and "warning: no solution" in str(newest)


def test_a_failing_build_under_the_lock_stops(monkeypatch):
    monkeypatch.setattr(across.shutil, "which", lambda name: f"/usr/bin/{name}")

    def fails(*_, **__):
        raise InputError("no build")

    monkeypatch.setattr(across, "_built", fails)
    with pytest.raises(InputError, match="no build"):
        next(across.across())


def test_a_moved_result_is_named():
    found = across.Build("python3.12", True, ["trend.rise: value was 1.5, is 1.6"])
    assert "1 results moved" in str(found) and "trend.rise" in str(found)
