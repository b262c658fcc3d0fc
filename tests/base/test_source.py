"""Which commit this is: the same answer from git and from a bundle's files, and never another's."""

import subprocess
from pathlib import Path

import pytest

from helpers.base.files import sha256
from helpers.base.source import CHANGED, COMMIT, MANIFEST, UNKNOWN, commit

GIT = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
DIFFERS = [
    ("book/index.md", True),
    ("book/new.md", True),
    ("data/raw/new.csv", True),
    ("requirements.lock", True),
    ("book/_build/html/index.html", False),
    ("src/helpers/__pycache__/x.pyc", False),
    ("data/processed/results.json", False),
    ("tests/baseline/results.json", False),
    ("notes.txt", False),
]


def lay_out(root: Path) -> None:
    (root / "book").mkdir(parents=True)
    (root / "book/index.md").write_text("as committed")
    (root / ".gitignore").write_text("_build/\n__pycache__/\ndata/processed/\n")


def by_git(root: Path) -> None:
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        subprocess.run([*GIT, *words], cwd=root, check=True)


def by_file(root: Path) -> None:
    (root / COMMIT).write_text("0123456789abcdef0123456789abcdef01234567\n")
    (root / MANIFEST).write_text(f"{sha256(root / 'book/index.md')}  book/index.md\n")


@pytest.mark.parametrize("named", [by_git, by_file])
@pytest.mark.parametrize(("file", "differs"), DIFFERS)
def test_a_commit_is_marked_when_what_pages_are_made_of_differs(tmp_path, named, file, differs):
    lay_out(tmp_path)
    named(tmp_path)
    assert len(commit(tmp_path)) == 12
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("another")
    assert commit(tmp_path).endswith(CHANGED) == differs


def test_a_bundle_of_changed_files_stays_marked_and_a_lost_file_marks_it(tmp_path):
    lay_out(tmp_path)
    by_file(tmp_path)
    (tmp_path / COMMIT).write_text("0123456789abcdef0123456789abcdef01234567" + CHANGED + "\n")
    assert commit(tmp_path) == "0123456789ab" + CHANGED
    by_file(tmp_path)
    (tmp_path / "book/index.md").unlink()
    assert commit(tmp_path) == "0123456789ab" + CHANGED


def test_a_repository_above_is_not_the_project_s_own(tmp_path):
    lay_out(tmp_path)
    by_git(tmp_path)
    lay_out(tmp_path / "below")
    assert commit(tmp_path / "below") == UNKNOWN
    by_file(tmp_path / "below")
    assert commit(tmp_path / "below") == "0123456789ab"


@pytest.mark.parametrize(
    "damage",
    [
        lambda root: (root / ".git/HEAD").write_bytes(b"\0\0"),
        lambda root: (root / ".git/HEAD").unlink(),
        lambda root: (root / ".git/config").write_text("[core\n"),
        lambda root: ((root / ".git").rename(root / "g"), (root / ".git").write_text("no link")),
        lambda root: ((root / ".git").rename(root / "g"), (root / ".git").mkdir()),
    ],
)
def test_a_damaged_repository_has_no_history(tmp_path, damage):
    lay_out(tmp_path)
    by_git(tmp_path)
    damage(tmp_path)
    assert commit(tmp_path) == UNKNOWN


def test_neither_variables_nor_a_missing_git_lead_elsewhere(tmp_path, monkeypatch):
    for name in ("own", "other"):
        lay_out(tmp_path / name)
        (tmp_path / name / "book/index.md").write_text(name)
        by_git(tmp_path / name)
    right = commit(tmp_path / "own")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(tmp_path / "other" / ".git"))
    assert commit(tmp_path / "own") == right
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit(tmp_path / "own") == UNKNOWN


def test_what_an_editor_left_is_no_change(tmp_path):
    lay_out(tmp_path)
    by_git(tmp_path)
    for name in (".#index.md", "index.md~", ".DS_Store", "#index.md#"):
        (tmp_path / "book" / name).write_text("left")
    assert not commit(tmp_path).endswith(CHANGED)
