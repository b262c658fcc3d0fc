"""Nothing is ever half written, and nobody sees what a program left in a folder."""

import random
import re

import pytest

from helpers.base import paths
from helpers.base.files import everything, listed, whole, write_json

LEFT = [
    ".DS_Store", "._{}", ".#{}", "{}~", "#{}#", ".{}.swp", ".{}.swo", "~${}", ".~lock.{}#",
    ".nfs0000000001", ".directory", ".{}.kate-swp", ".fuse_hidden01", "{}.~1~", ".goutputstream-X",
    ".ipynb_checkpoints/{}", ".idea/{}", "#{}", "%{}%",
]  # fmt: skip
LISTING = re.compile(
    r"\.(?:r?glob|iterdir)\(|\bos\.(?:listdir|scandir|walk)\(|^import glob", re.MULTILINE
)
# These run before the package is there; patch how folders are listed; list; walk through syntax.
# run/mother.py knows the standard library alone, and lists no files but its own threads.
MAY_LIST = {"cli/bootstrap.py", "base/varied.py", "base/files.py", "run/mother.py"}


def test_a_failure_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(RuntimeError), whole(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_json_refuses_nan(tmp_path):
    with pytest.raises(ValueError):
        write_json(tmp_path / "a.json", {"a": float("nan")})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("seed", range(10))
def test_what_programs_leave_is_not_listed(tmp_path, seed):
    draw = random.Random(seed)
    folder = tmp_path / "".join(
        draw.choices(["[1]", "{a}", "%20", "*", "?", "نام", " ", "-x"], k=3)
    )
    ours = [f"{one}.csv" for one in draw.sample(["a", "B c", "é", "x~y", "x[1]", "1_", "نام"], 3)]
    for name in [*ours, *(one.format(draw.choice(ours)) for one in LEFT)]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    assert [path.name for path in listed(folder, "*.csv", deep=True)] == sorted(ours)
    assert [path.name for path in listed(folder)] == sorted(ours)
    assert len([path for path in everything(folder, deep=True) if path.is_file()]) == len(LEFT) + 3


def test_a_link_to_a_folder_is_seen_and_not_followed(tmp_path):
    (tmp_path / "circle").symlink_to(tmp_path)
    assert everything(tmp_path, deep=True) == [tmp_path / "circle"]
    assert listed(tmp_path / "nowhere") == []


def test_folders_are_listed_in_one_place_only():
    package = paths.ROOT / "src" / "helpers"
    modules = {path.relative_to(package).as_posix(): path for path in package.rglob("*.py")}
    found = {name for name, path in modules.items() if LISTING.search(path.read_text())}
    assert found - MAY_LIST == set()
